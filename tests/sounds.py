"""Makes sounds: tones, chords, noise, clicks, chirps, something like speech; and files of them in any form."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
RATE = 16_000
FORMS = {".wav": "WAV", ".wave": "WAV", ".flac": "FLAC", ".ogg": "OGG", ".oga": "OGG", ".mp3": "MP3"}
FORMS |= {".aiff": "AIFF", ".aif": "AIFF", ".aifc": "AIFF", ".opus": "OGG"}


def encoded(samples: Any, suffix: str = ".wav", rate: int = RATE, **tags: str) -> bytes:
    """Return samples, (n,) or (n, channels), as a file in the form of a name's ending."""
    import soundfile

    out = io.BytesIO()
    subtype = "OPUS" if suffix == ".opus" else None
    samples = np.asarray(samples, np.float32)
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    with soundfile.SoundFile(out, "w", rate, channels, subtype, format=FORMS[suffix]) as file:
        for name, value in tags.items():
            setattr(file, name, value)
        file.write(samples)
    return out.getvalue()


def _time(seconds: float, rate: int) -> NDArray[np.float64]:
    return np.arange(int(seconds * rate)) / rate


def _faded(samples: NDArray[np.float64], rate: int) -> Samples:
    """Return the samples beginning and ending softly, with a peak of a half."""
    ends = min(len(samples) // 8, rate // 50)
    samples[:ends] *= np.linspace(0, 1, ends)
    samples[len(samples) - ends :] *= np.linspace(1, 0, ends)
    return np.asarray(0.5 * samples / max(1e-9, np.abs(samples).max()), np.float32)


def tone(chance: np.random.Generator, rate: int = RATE, seconds: float = 1.5) -> Samples:
    """Return one steady pitch with a few overtones."""
    pitch, t = chance.uniform(150, 900), _time(seconds, rate)
    return _faded(sum(chance.uniform(0.05, 0.5) * np.sin(2 * np.pi * pitch * k * t) for k in (1, 2, 3)), rate)


def chord(chance: np.random.Generator, rate: int = RATE, seconds: float = 1.5) -> Samples:
    """Return three notes, each with overtones, that are struck and fade."""
    root, t = chance.uniform(130, 400), _time(seconds, rate)
    third = chance.choice([1.2, 1.25])
    notes = (np.sin(2 * np.pi * root * step * k * t) / k**1.5 for step in (1, third, 1.5) for k in range(1, 7))
    return _faded(sum(notes) * np.exp(-t * chance.uniform(1, 3)), rate)


def noise(chance: np.random.Generator, rate: int = RATE, seconds: float = 1.5) -> Samples:
    """Return noise that is louder in lower pitches, as wind or water."""
    spectrum = np.fft.rfft(chance.normal(size=int(seconds * rate)))
    tilt = np.maximum(1, np.arange(len(spectrum))) ** -chance.uniform(0.1, 0.6)
    return _faded(np.fft.irfft(spectrum * tilt, int(seconds * rate)), rate)


def clicks(chance: np.random.Generator, rate: int = RATE, seconds: float = 1.5) -> Samples:
    """Return short clicks, at even distances."""
    made = np.zeros(int(seconds * rate))
    one = chance.normal(size=rate // 200) * np.exp(-np.arange(rate // 200) / (rate / chance.uniform(600, 2000)))
    step = int(rate / chance.uniform(3, 12))
    for at in range(int(chance.integers(0, step)), len(made) - len(one), step):
        made[at : at + len(one)] += one
    return _faded(made + chance.normal(size=len(made)) * 1e-4, rate)


def chirp(chance: np.random.Generator, rate: int = RATE, seconds: float = 1.5) -> Samples:
    """Return calls whose pitch goes up or down, as birds have them."""
    made, length = np.zeros(int(seconds * rate)), chance.uniform(0.1, 0.25)
    t = _time(length, rate)
    low, high = chance.uniform(1500, 2500), chance.uniform(3500, 5500)
    start, end = (low, high) if chance.random() < 0.5 else (high, low)
    call = np.sin(2 * np.pi * (start * t + (end - start) * t**2 / (2 * length))) * np.hanning(len(t))
    step = int((length + chance.uniform(0.05, 0.2)) * rate)
    for at in range(int(chance.integers(0, step)), len(made) - len(call), step):
        made[at : at + len(call)] += call
    return _faded(made + chance.normal(size=len(made)) * 1e-3, rate)


def speech(chance: np.random.Generator, rate: int = RATE, seconds: float = 1.5) -> Samples:
    """Return syllables of a voice: a buzz whose pitch wanders, through the formants of vowels, and hisses between."""
    t = _time(seconds, rate)
    pitch = chance.uniform(90, 240) * (1 + 0.1 * np.sin(2 * np.pi * chance.uniform(0.5, 2) * t + chance.uniform(0, 6)))
    buzz = sum(np.sin(k * 2 * np.pi * np.cumsum(pitch) / rate) / k for k in range(1, 25))
    made, at = np.zeros(len(t)), 0
    while at < len(t):
        length = int(chance.uniform(0.08, 0.25) * rate)
        part = slice(at, min(len(t), at + length))
        count = part.stop - part.start
        if chance.random() < 0.25:
            piece = np.diff(chance.normal(size=count + 1)) * 0.3
        else:
            spectrum, hertz = np.fft.rfft(buzz[part]), np.fft.rfftfreq(count, 1 / rate)
            formants = chance.uniform([300, 900, 2300], [800, 2100, 3000])
            spectrum *= sum(np.exp(-(((hertz - f) / 150) ** 2)) for f in formants) + 0.02
            piece = np.fft.irfft(spectrum, count)
        made[part] = piece * np.hanning(count)
        at += int(length * chance.uniform(0.8, 1.3))
    return _faded(made + chance.normal(size=len(made)) * 1e-4, rate)


KINDS: dict[str, Callable[..., Samples]] = {
    "tone": tone, "chord": chord, "noise": noise, "clicks": clicks, "chirp": chirp, "speech": speech,
}  # fmt: skip


def made(kind: str, number: int, *, rate: int = RATE, seconds: float = 1.5) -> Samples:
    """Return a sound of a kind; another *number* is another one."""
    return KINDS[kind](np.random.default_rng([sorted(KINDS).index(kind), number]), rate, seconds)
