"""`melstats`: sounds by what they are made of – their spectrum and how it changes –, offline, without weights.

It is simple: what is near sounds alike in colour and rhythm, whatever it means; a dog and a door may.  Each number is
measured from a fixed mean in a fixed unit, those of made sounds of many kinds (``melstats.csv``, made by
tests/bench/melstats.py), so that a vector depends on its sound alone.  Loudness and length change little.
Sources: Davis and Mermelstein 1980 (cepstra of mel bands); Jiang et al. 2002 (spectral contrast).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explorer.encoders import hardware, weights
from explorer.encoders.family import EncoderSpec, OneEncoder, refuse_others
from explorer.encoders.sentence import unit
from explorer.errors import UnreadableFile
from explorer.kinds import BANDS, LISTENED, RATE, heard, log_mel
from explorer.types import SOUND, BoolArray, FloatArray, Item

VERSION = 1
"""To be raised when what this module measures changes."""
NAME = "melstats"
_AUDIBLE, _DEPTH = 35.0, 40.0
"""Decibels below the loudest frame at which a frame is silence; and below the loudest band at which a band is.

Of 50/70, 40/50, 35/40 and 30/30 the pair that keeps noise and quiet copies near without losing kinds apart."""
_CEPSTRA, _CHANGES = 24, 12
_GROUPS = 8
"""Groups of bands, of which contrast, spread and change are told."""
_RHYTHMS, _FRAMES_A_SECOND = (0.5, 1, 2, 3, 4, 6, 8, 12, 16, 24), 100
"""Edges, in hertz, of the speeds at which loudness goes up and down."""
_RHYTHM_FRAMES = 512
_TOGETHER = 64
_SECONDS_AT_ONCE = 300
_FIXED = Path(__file__).with_name("melstats.csv")

Bands = NDArray[np.float32]


def measured(bands: Bands) -> NDArray[np.float32]:
    """Return what a sound is measured by, float32 (m,), of its mel bands in decibels, (frames, 64)."""
    loud = np.logaddexp.reduce(bands * (np.log(10) / 10), axis=1) * (10 / np.log(10))
    top = float(loud.max())
    held = np.maximum(bands, float(bands.max()) - _DEPTH)
    sounding = held[loud >= top - _AUDIBLE]
    shape = sounding - sounding.mean(axis=1, keepdims=True)
    cepstra = shape @ _cosines()
    change = np.abs(np.diff(sounding, axis=0)) if len(sounding) > 1 else np.zeros_like(sounding)
    heights = np.linspace(-1, 1, BANDS, dtype=np.float32)
    power = 10 ** ((sounding - sounding.max(axis=1, keepdims=True)) / 10)
    height = power @ heights / power.sum(axis=1)
    parts = (
        cepstra.mean(axis=0),
        cepstra[:, :_CHANGES].std(axis=0),
        _grouped(sounding.std(axis=0)),
        _grouped(change.mean(axis=0)),
        *_contrast(sounding),
        [height.mean(), height.std(), np.diff(height).mean() if len(height) > 1 else 0.0],
        [len(sounding) / len(bands), top - float(loud.mean()), float(loud[loud >= top - _AUDIBLE].std())],
        _rhythm(loud, top),
    )
    return np.concatenate([np.asarray(part, np.float32) for part in parts])


def sizes() -> tuple[int, ...]:
    """Return how many numbers each part of `measured` has: parts count alike, however many these are."""
    return (_CEPSTRA, _CHANGES, _GROUPS, _GROUPS, 2 * _GROUPS, 3, 3, len(_RHYTHMS))


def _grouped(values: Bands) -> Bands:
    return np.asarray(values.reshape(_GROUPS, -1).mean(axis=1), np.float32)


def _contrast(sounding: Bands) -> tuple[Bands, Bands]:
    """Return by how much peaks stand out of what is between them, in each group of bands, and how that varies."""
    groups = np.sort(sounding.reshape(len(sounding), _GROUPS, -1), axis=2)
    apart = groups[:, :, -2:].mean(axis=2) - groups[:, :, :2].mean(axis=2)
    return apart.mean(axis=0), apart.std(axis=0)


def _rhythm(loud: Bands, top: float) -> Bands:
    """Return how strongly loudness goes up and down at each speed, and how steadily, of its first five seconds."""
    course = np.maximum(loud[:_RHYTHM_FRAMES] - top, -_AUDIBLE) / _AUDIBLE + 1
    course = np.pad(course - course.mean(), (0, _RHYTHM_FRAMES - len(course)))
    power = np.square(np.abs(np.fft.rfft(course))) / max(1, np.count_nonzero(course))
    hertz = np.fft.rfftfreq(_RHYTHM_FRAMES, 1 / _FRAMES_A_SECOND)
    at = np.digitize(hertz, _RHYTHMS)
    speeds = [power[at == group].sum() for group in range(1, len(_RHYTHMS))]
    steady = np.fft.irfft(np.square(np.abs(np.fft.rfft(course, 2 * _RHYTHM_FRAMES))))[5:100]
    return np.asarray(
        [*np.log10(np.array(speeds) + 1e-4), steady.max() / max(1e-9, np.square(course).sum())], np.float32
    )


@lru_cache(maxsize=1)
def _cosines() -> Bands:
    """Return the cosines that make cepstra of bands, float32 (64, 24): the first of them is the slope."""
    at = (np.arange(BANDS) + 0.5) / BANDS
    waves = np.cos(np.pi * at[:, None] * np.arange(1, _CEPSTRA + 1))
    return np.asarray(waves * np.sqrt(2 / BANDS), np.float32)


@lru_cache(maxsize=1)
def _fixed() -> tuple[Bands, Bands]:
    """Return the means and the units of what is measured, float32 (m,) each."""
    lines = [line.split(",") for line in _FIXED.read_text(encoding="ascii").splitlines()[1:]]
    means, spreads = np.array(lines, np.float32).T
    return means, spreads / np.concatenate([np.full(size, 1 / np.sqrt(size)) for size in sizes()]).astype(np.float32)


class MelStats:
    """Measures sounds, several at a time."""

    name = NAME
    modalities = frozenset({SOUND})
    dim = sum(sizes())

    def __init__(self) -> None:
        self.fingerprint = fingerprint()

    def batch_size(self, item: Item) -> int:
        """Return how many sounds of this length are encoded at once."""
        seconds = float(getattr(item, "seconds", 0.0))
        return max(1, min(_TOGETHER, int(_SECONDS_AT_ONCE / max(1.0, min(seconds, LISTENED)))))

    def encode(self, items: Sequence[Item]) -> FloatArray:
        """Return float32 (m, 80) unit vectors; a row of nan for a sound that cannot be decoded.

        Raises WrongModality for what is no sound.
        """
        refuse_others(items, self.name, self.modalities)
        if not items:
            return np.zeros((0, self.dim), np.float32)
        with ThreadPoolExecutor(hardware.cores()) as pool:
            rows = list(pool.map(_measured, items))
        means, units = _fixed()
        return unit((np.stack(rows) - means) / units)

    def truncates(self, items: Sequence[Item]) -> BoolArray:
        """Return bool (m,): which sounds are longer than ten minutes."""
        return np.array([getattr(item, "seconds", 0.0) > LISTENED for item in items], np.bool_)


def _measured(item: Item) -> Bands:
    try:
        return measured(log_mel(heard(item, RATE).samples))
    except UnreadableFile:
        return np.full(MelStats.dim, np.nan, np.float32)


def fingerprint() -> str:
    """Return what identifies the vectors: what is measured, in which units, and who decodes."""
    units = hashlib.sha256(_FIXED.read_bytes()).hexdigest()[:16]
    return f"{NAME}:{VERSION}:{weights.releases('soundfile', 'soxr')}:{units}"


MELSTATS = OneEncoder(
    EncoderSpec(
        NAME,
        "Sounds by timbre and rhythm, not by meaning: statistics of mel bands. Simple, and reads no words.",
        MelStats.modalities,
        MelStats.dim,
        0,
        "MIT",
        offline=True,
        good_for="sounds that sound alike",
        longest=f"{LISTENED // 60} minutes, as one",
    ),
    identify=fingerprint,
    open=lambda _device: MelStats(),
)
