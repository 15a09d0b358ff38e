"""Tells pictures that look alike – the same one saved again, scaled, or packed more – from a sign of each.

It opens no picture and drops none: who decodes them makes the signs, `faults` counts what is alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from explorer.kinds import ImageRef
from explorer.types import Item

if TYPE_CHECKING:
    from PIL.Image import Image

_STEPS, _GREYS, _COLOURS = 8, 16, 4
"""The sign: which of 8 × 9 greys are lighter than the one before (dHash), 16 × 16 greys, 4 × 4 colours."""
SIGN_BYTES = _STEPS + _GREYS**2 + 3 * _COLOURS**2
_GRAIN = 2
"""Levels of grey that packing adds or takes where a picture is even."""
_BANDS = 4
_DIFFERENT = 3
"""Steps of 64 that may differ: of four bands of 16 one is then the same, by which such pictures are found."""
_MEAN, _MOST = 4, 32
"""How far greys and colours, 0 to 255, may be apart in the mean, and at most."""
_FEW, _NEXT = 64, 32
"""Pictures of one band that are all compared; of more each is with the next ones, sorted by their steps."""


def sign_of(image: Image) -> bytes:
    """Return the sign of a picture in RGB, `SIGN_BYTES` bytes; a few tenths of a millisecond."""
    from PIL.Image import Resampling

    small = image.resize((2 * _GREYS, 2 * _GREYS), Resampling.BOX, reducing_gap=2.0)
    grey = small.convert("L")
    steps = np.asarray(grey.resize((_STEPS + 1, _STEPS), Resampling.BOX), np.int16)
    lighter = np.packbits(np.diff(steps, axis=1) > _GRAIN)
    greys = grey.resize((_GREYS, _GREYS), Resampling.BOX).tobytes()
    return lighter.tobytes() + greys + small.resize((_COLOURS, _COLOURS), Resampling.BOX).tobytes()


def resembling(items: Sequence[Item], signs: Mapping[str, bytes]) -> list[tuple[int, int]]:
    """Return the rows of pictures that look like an earlier one with other bytes, each with the first such row.

    *signs* are known by the digests of files; O(n log n).
    """
    first: dict[str, int] = {}
    for row, item in enumerate(items):
        if isinstance(item, ImageRef) and item.sha256 in signs:
            first.setdefault(item.sha256, row)
    if len(first) < 2:
        return []
    rows = np.fromiter(first.values(), np.int64, len(first))
    told = np.frombuffer(b"".join(signs[digest] for digest in first), np.uint8).reshape(len(first), SIGN_BYTES)
    like = np.arange(len(rows))
    for earlier, later in _candidates(told[:, :_STEPS]):
        near = _are_near(told[earlier], told[later])
        np.minimum.at(like, later[near], earlier[near])
    return [(int(rows[at]), int(rows[like[at]])) for at in np.flatnonzero(like != np.arange(len(rows)))]


def _candidates(steps: NDArray[np.uint8]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield pairs of pictures, the earlier and the later one, that have a band of steps in common."""
    whole = np.ascontiguousarray(steps).view(">u8").ravel()
    for band in range(_BANDS):
        values = np.ascontiguousarray(steps[:, 2 * band : 2 * band + 2]).view(">u2").ravel()
        order = np.lexsort((np.arange(len(whole)), whole, values))
        starts = np.flatnonzero(np.r_[True, np.diff(values[order].astype(np.int64)) != 0])
        size = np.diff(np.r_[starts, len(order)])
        end = np.repeat(starts + size, size)  # of the group of each place
        reach = np.repeat(np.where(size <= _FEW, size, _NEXT), size)
        for ahead in range(1, int(reach.max(initial=0)) + 1):
            at = np.flatnonzero((np.arange(len(order)) + ahead < end) & (ahead <= reach))
            if not len(at):
                break
            pair = np.sort(np.stack([order[at], order[at + ahead]]), axis=0)
            yield pair[0], pair[1]


def _are_near(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Say of pairs of signs, (m, bytes) each, whether their pictures look alike."""
    steps = np.unpackbits(one[:, :_STEPS] ^ other[:, :_STEPS], axis=1).sum(axis=1) <= _DIFFERENT
    apart = np.abs(one[:, _STEPS:].astype(np.int16) - other[:, _STEPS:])
    found: NDArray[np.bool_] = steps & (apart.mean(axis=1) <= _MEAN) & (apart.max(axis=1) <= _MOST)
    return found
