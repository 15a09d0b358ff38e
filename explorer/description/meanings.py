"""Remembers what an encoder makes of names, so that each is encoded once for all the levels that try it.

It encodes nothing itself: what does comes from the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from explorer.types import FloatArray

AT_ONCE = 256
"""Names in a call: other questions to the encoder are answered in between."""


class Meanings:
    """What names mean as they are written, by *encode*, which returns float32 (m, d) unit vectors of up to AT_ONCE."""

    def __init__(self, encode: Callable[[list[str]], FloatArray]) -> None:
        self._encode = encode
        self._known: dict[str, FloatArray] = {}

    def __call__(self, names: Sequence[str]) -> FloatArray:
        """Return float32 (names, d); new ones are encoded in the order of the alphabet."""
        new = sorted(set(names) - self._known.keys())
        for at in range(0, len(new), AT_ONCE):
            part = new[at : at + AT_ONCE]
            self._known.update(zip(part, self._encode(part), strict=True))
        return np.stack([self._known[name] for name in names]) if names else np.zeros((0, 0), np.float32)
