"""What an item is, and rows – items, and the table beside them – that are read when they are asked for."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from explorer.types.kindnames import TEXT

TOGETHER = 8 * 2**20
"""Bytes of rows that are held together at most; a row of more is held by itself."""
ROWS_TOGETHER = 20_000


class Reference(Protocol):
    """An item that is no text: a small frozen value that says of which kind it is, and is opened late."""

    kind: ClassVar[str]


Item: TypeAlias = str | Reference
Look: TypeAlias = Callable[[Any], Any]
"""From an Arrow table of rows as they lie on the disk to one with the same columns: what is seen of them."""


class KeptItems(Sequence[Item]):
    """Items that are read when they are asked for, of which it is known before of which *kinds* they are."""

    kinds: frozenset[str]

    @abstractmethod
    def some(self, rows: Sequence[int] | NDArray[Any]) -> list[Item]:
        """Return the items of these rows, read together."""

    @abstractmethod
    def are(self, kind: str) -> NDArray[np.bool_]:
        """Return which items, bool (n,), are of a kind."""

    @abstractmethod
    def sizes(self, start: int, end: int) -> NDArray[np.int64]:
        """Return about how many bytes each of some items takes, int64 (end - start,), without reading their texts."""

    let_go: Callable[[], None]
    """Lets go of the memory into which they were read; they are read again when they are asked for."""

    @abstractmethod
    def through(self, look: Look) -> KeptItems:
        """Return the same items, their texts seen through a look that is applied before anything is read."""


class KeptTable(Protocol):
    """A table whose rows are read when they are asked for; see `KeptItems`."""

    def sizes(self, start: int, end: int) -> NDArray[np.int64]:
        """Return about how many bytes each of some rows takes, int64 (end - start,)."""

    def through(self, look: Look) -> Any:
        """Return the same table, seen through a look."""

    def let_go(self) -> None:
        """Let go of the memory into which rows were read."""


def kind_name(of: type[Item]) -> str:
    """Return the name of the kind of which items of this class are; of what is no item, the class's own."""
    return str(getattr(of, "kind", TEXT if issubclass(of, str) else of.__name__))


def spans(rows: NDArray[np.int64], *kept: Any, most: int = ROWS_TOGETHER) -> Iterator[tuple[int, int]]:
    """Yield where *rows*, ascending, may be parted: from place to before place, never more than TOGETHER bytes at once.

    What is counted is every row between the first and the last of a span, of all that is *kept* on the disk – what lies
    in memory costs nothing more – and *most* rows.  A row of more than TOGETHER bytes is a span by itself.
    """
    parts: list[KeptItems | KeptTable] = [part for part in kept if hasattr(part, "sizes")]
    at = 0
    while at < len(rows):
        first, until = int(rows[at]), int(np.searchsorted(rows, rows[at] + most))
        if not parts:
            yield at, until
            at = until
            continue
        ends = np.cumsum(sum(part.sizes(first, int(rows[until - 1]) + 1) for part in parts))
        past, before = ends[rows[at:until] - first], 0
        start = 0
        while start < until - at:
            end = max(start + 1, int(np.searchsorted(past, before + TOGETHER, "right")))
            yield at + start, at + end
            if end < until - at:
                before = int(ends[int(rows[at + end]) - first - 1])
            start = end
        at = until
