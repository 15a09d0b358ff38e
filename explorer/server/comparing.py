"""Two runs of the same rows compared: whole, row by row, and as the columns that two maps are drawn from.

What differs is measured in the room `questions`; here it is kept while somebody looks at it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from explorer.questions import Comparison, compare, differences
from explorer.report import Thumbnail
from explorer.server.once import Once
from explorer.server.opened import RUNS_IN_MEMORY, Opened


class _Known:
    """A comparison, and what is told of it, once that is asked for."""

    def __init__(self, found: Comparison) -> None:
        self.found = found

    @cached_property
    def told(self) -> dict[str, Any]:
        return differences.compared(self.found)


@dataclass(frozen=True)
class Comparing:
    """The comparisons of a workspace's runs; each is measured once for all who look at it."""

    opened: Opened
    _found: Once = field(default_factory=lambda: Once(RUNS_IN_MEMORY))

    def __post_init__(self) -> None:
        self.opened.also(self._found)

    def whole(self, key: str, other: str) -> dict[str, Any]:
        """Return how two runs differ, see `differences.compared`.  Raises NotFound, NotReady, BadSetting."""
        return self._of(key, other).told

    def row(self, key: str, other: str, row: int) -> dict[str, Any]:
        """Return a row of the first run with its neighbours by each."""
        return differences.row_compared(self._of(key, other).found, row)

    def maps(self, key: str, other: str) -> bytes:
        """Return what the two maps are drawn from beside the points of the first, as binary columns."""
        return differences.side_by_side(self._of(key, other).found)

    def page(self, key: str, other: str, *, thumbnail: Thumbnail) -> tuple[str, str]:
        """Return the comparison as an HTML page, and what its file is called."""
        known = self._of(key, other)
        names = " and ".join(known.told[side]["called"] for side in ("a", "b"))
        return differences.page(known.found, known.told, thumbnail=thumbnail), names

    def _of(self, key: str, other: str) -> _Known:
        a, b = self.opened.run(key), self.opened.run(other)
        # What is kept holds both runs: no other object has their ids meanwhile, and one that is read anew has another.
        return self._found.get((key, other, id(a), id(b)), lambda: _Known(compare(a, b)))
