"""Stands before an encoder that another package adds: what it gives is checked, what it raises is told as its fault.

It changes no vector.  Our own encoders are held to the same by their tests, and need no guard.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from explorer.encoders.parts import query_vectors
from explorer.errors import ExplorerError, FaultyPackage
from explorer.types import BoolArray, Encoder, FloatArray, Item, said

A = TypeVar("A")
_LENGTH = 0.01
"""How far from 1 a vector's length may be."""


class Guarded:
    """The encoder *name*; raises FaultyPackage for whatever `Encoder` does not allow."""

    def __init__(self, name: str, encoder: Encoder) -> None:
        self._called, self._encoder = name, encoder
        self.name, self.dim = encoder.name, encoder.dim
        self.modalities, self.fingerprint = encoder.modalities, encoder.fingerprint
        if not isinstance(self.dim, int) or self.dim < 1:
            raise self._faulty(f"its dim is {self.dim!r}, not a number from 1 up")

    def batch_size(self, item: Item) -> int:
        """Return how many items like this one are encoded at once."""
        size = self._asked(lambda: self._encoder.batch_size(item))
        if not isinstance(size, int) or size < 1:
            raise self._faulty(f"its batch_size is {size!r}, not a number from 1 up")
        return size

    def encode(self, items: Sequence[Item]) -> FloatArray:
        """Return float32 (m, dim) unit vectors; a row of nan for an item that cannot be opened."""
        return self._checked(items, lambda: self._encoder.encode(items))

    def _checked(self, items: Sequence[Item], encode: Callable[[], FloatArray]) -> FloatArray:
        vectors = self._asked(lambda: np.asarray(encode(), dtype=np.float32))
        if vectors.shape != (len(items), self.dim):
            raise self._faulty(f"it made an array of {vectors.shape} of {len(items)} items; its dim is {self.dim}")
        lengths = np.linalg.norm(vectors[np.isfinite(vectors).all(axis=1)], axis=1)
        wrong = lengths[np.abs(lengths - 1) > _LENGTH]
        if len(wrong):
            raise self._faulty(f"it made a vector of length {wrong[0]:.3g}, not 1")
        return vectors

    def encode_query(self, items: Sequence[Item]) -> FloatArray:
        """Return the same of items that one searches with."""
        return self._checked(items, lambda: query_vectors(self._encoder, items))

    def truncates(self, items: Sequence[Item]) -> BoolArray:
        """Return bool (m,): which items are longer than it reads."""
        cut: Any = self._asked(lambda: np.asarray(self._encoder.truncates(items)))
        if cut.shape != (len(items),) or cut.dtype != np.bool_:
            raise self._faulty(f"its truncates gave {cut.dtype} {cut.shape} for {len(items)} items, not a bool each")
        return np.asarray(cut, np.bool_)

    def _asked(self, question: Callable[[], A]) -> A:
        try:
            return question()
        except ExplorerError:
            raise
        except (Exception, SystemExit) as exc:
            raise self._faulty(said(exc)) from exc

    def _faulty(self, why: str) -> FaultyPackage:
        return faulty(self._called, why)


def faulty(name: str, why: str) -> FaultyPackage:
    """Return the error that says in what an added encoder fails."""
    return FaultyPackage(f"the encoder {name!r} failed: {why}. Mend or remove the package that adds it.")
