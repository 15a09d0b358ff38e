"""What an item is, and a sequence of items that are read when they are asked for."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

TEXT = "text"
IMAGE = "image"


class Reference(Protocol):
    """An item that is no text: a small frozen value that says of which kind it is, and is opened late."""

    kind: ClassVar[str]


Item: TypeAlias = str | Reference


class KeptItems(Sequence[Item]):
    """Items that are read when they are asked for, of which it is known before of which *kinds* they are."""

    kinds: frozenset[str]

    @abstractmethod
    def are(self, kind: str) -> NDArray[np.bool_]:
        """Return which items, bool (n,), are of a kind."""


def kind_name(of: type[Item]) -> str:
    """Return the name of the kind of which items of this class are; of what is no item, the class's own."""
    return str(getattr(of, "kind", TEXT if issubclass(of, str) else of.__name__))
