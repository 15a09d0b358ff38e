"""The spectrum of a sound over time in bands as wide as hearing has them (mel), and a picture of it.

It decodes nothing: `waves` does.  Bands: O'Shaughnessy 1987, "Speech Communication", 2595·log10(1 + f/700).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from explorer.kinds.waves import Samples

if TYPE_CHECKING:
    from PIL.Image import Image

RATE = 32_000
"""Samples a second of what is looked at: up to 16 kHz, which is nearly all that is heard."""
WINDOW, HOP = 1024, 320
"""Samples of a window, 32 ms, and from one to the next, 10 ms."""
BANDS, LOWEST, HIGHEST = 64, 40.0, 16_000.0
FLOOR = 1e-10
"""Power of a band below which nothing is told apart: -100 dB."""
_AT_ONCE = 2_000
SIZE = (512, 384)
"""Pixels of the picture, four to three: what a card shows whole and a square on the map loses little of."""
_RANGE = 70.0
"""Decibels below the loudest that the picture shows; what is less is its ground."""
_INKS = (
    (0.00, (22, 20, 44)), (0.18, (45, 38, 94)), (0.36, (94, 48, 128)), (0.54, (168, 62, 118)),
    (0.70, (226, 96, 82)), (0.85, (248, 160, 84)), (1.00, (254, 236, 178)),
)  # fmt: skip
"""From silence to the loudest, ever lighter: it reads on a light and on a dark page, and without colours."""


def log_mel(samples: Samples) -> NDArray[np.float32]:
    """Return the power of each band in decibels, float32 (frames, 64), a frame every 10 ms of samples at `RATE`.

    The first and the last frame lie within the sound; one shorter than a frame is one with silence behind it.
    """
    padded = np.pad(samples, (0, max(0, WINDOW - len(samples))))
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    made = np.empty((len(windows), BANDS), np.float32)
    for at in range(0, len(windows), _AT_ONCE):
        spectrum = np.fft.rfft(windows[at : at + _AT_ONCE] * _hann(), axis=1)
        power = np.square(np.abs(spectrum)).astype(np.float32)
        made[at : at + _AT_ONCE] = power @ _filters()
    return np.asarray(10 * np.log10(np.maximum(made, FLOOR)), np.float32)


@lru_cache(maxsize=1)
def _hann() -> NDArray[np.float32]:
    """Return the window, float32 (1024,), of which the squares of a sine's spectrum are its power."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    return np.asarray(window * 2 / window.sum(), np.float32)


@lru_cache(maxsize=1)
def _filters() -> NDArray[np.float32]:
    """Return how much of each frequency each band has, float32 (513, 64): triangles that overlap by half."""

    def mel(hertz: Any) -> NDArray[np.float64]:
        return np.asarray(2595 * np.log10(1 + hertz / 700), np.float64)

    edges = np.linspace(float(mel(LOWEST)), float(mel(HIGHEST)), BANDS + 2)
    at = mel(np.fft.rfftfreq(WINDOW, 1 / RATE))[:, None]
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    rising, falling = (at - low) / (middle - low), (high - at) / (high - middle)
    return np.asarray(np.maximum(0, np.minimum(rising, falling)), np.float32)


def drawn(bands: NDArray[np.float32], *, size: tuple[int, int] = SIZE) -> Image:
    """Return a picture of the bands (frames, 64): time from left to right, pitch upwards, loud is light.

    It is as wide for a click as for a symphony, and as light for a whisper as for a shout.
    """
    from PIL import Image

    width, height = size
    columns = _columns(bands, width)
    top = float(columns.max())
    levels = np.clip((columns - top) / _RANGE + 1, 0, 1)
    grey = Image.fromarray((levels.T[::-1] * 255).round().astype(np.uint8))
    smooth = np.asarray(grey.resize((width, height), Image.Resampling.BICUBIC))
    return Image.fromarray(_colours()[smooth])


def _columns(bands: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """Return at most *width* columns: of more frames the loudest of each stretch, so that a click stays to be seen."""
    if len(bands) <= width:
        return bands
    starts = np.linspace(0, len(bands), width, endpoint=False).astype(np.int64)
    return np.asarray(np.maximum.reduceat(bands, starts, axis=0))


@lru_cache(maxsize=1)
def _colours() -> NDArray[np.uint8]:
    """Return the colours of 256 levels, uint8 (256, 3)."""
    places = [place for place, _ in _INKS]
    levels = np.linspace(0, 1, 256)
    inks = np.array([ink for _, ink in _INKS], np.float64)
    return np.stack([np.interp(levels, places, inks[:, at]) for at in range(3)], axis=1).round().astype(np.uint8)
