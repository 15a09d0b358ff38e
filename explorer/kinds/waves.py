"""Decodes sounds: what a file is – length, rate, channels, tags – and its samples, as one channel at one rate.

It knows no items and draws nothing.  A file may say anything of itself: what it takes to read it is judged before.
"""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import UnreadableFile
from explorer.kinds.promises import cut_off, says_frames

KNOWN = "WAV, FLAC, Ogg, Opus, MP3 or AIFF"
LISTENED = 600
"""Seconds of a sound that are decoded at most: its first ten minutes."""
RATES = (1_000, 768_000)
MOST_VALUES = 1_000_000_000
"""Values of all channels that are decoded at most: ten minutes of eight channels at 192 kHz."""
SILENT = 1e-4
"""What no sample of a silent sound reaches, of 1: -80 dB, three steps of 16 bits."""
_FORMATS = ("WAV", "WAVEX", "RF64", "FLAC", "OGG", "MP3", "AIFF")
_BLOCK = 2**18
_LOUDEST = 1e3
_CANCELLED = 0.01
"""Share of a channel's power below which the mean of all is what is left where they cancel each other out."""
_AS_LOUD = 0.9
"""Of the loudest channel's power: the first one of so much stands for it."""
_ENDS_EARLY, _SLACK = 0.95, 0.02
"""Share of its length from which a file ends that only guesses it; and seconds that one may lack which says it."""
_SMALL_BLOCK = 4096
INSTALL = "pip install 'embedding-explorer[sound]'"

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Wave:
    """A decoded sound: *samples* float32 (n,) of one channel at *rate*, at most `LISTENED` seconds, and what it is.

    *seconds* is the length of all of it; *ended*: how many seconds are there of a file that is cut off or damaged, and
    *promised*: how many it says there are, where it says so.
    """

    samples: Samples
    rate: int
    seconds: float
    file_rate: int
    channels: int
    title: str = ""
    artist: str = ""
    ended: float | None = None
    promised: float | None = None


def is_sound(head: bytes) -> bool:
    """Whether a file that begins so may be a sound, by the marks of the formats that are read."""
    if head[:4] in (b"RIFF", b"RF64"):
        return head[8:12] == b"WAVE"
    if head[:4] == b"FORM":
        return head[8:12] in (b"AIFF", b"AIFC")
    return head.startswith((b"fLaC", b"OggS", b"ID3")) or _is_mpeg(head)


def _is_mpeg(head: bytes) -> bool:
    """Whether a file begins with a frame of MPEG audio: eleven bits, a version and a layer that there are."""
    return len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x18 != 8 and head[1] & 6 == 2


def media_type(content: bytes) -> str:
    """Return the type of a sound's file, as browsers call it."""
    if content.startswith(b"fLaC"):
        return "audio/flac"
    if content.startswith(b"OggS"):
        return "audio/ogg"
    if content[:4] == b"FORM":
        return "audio/aiff"
    return "audio/mpeg" if content.startswith(b"ID3") or _is_mpeg(content) else "audio/wav"


def decoded(content: bytes, rate: int, *, listened: float = LISTENED) -> Wave:
    """Return a sound's first seconds as one channel at *rate* samples a second; the mean of its channels.

    Where these cancel each other out it is a loud one of them.  Raises UnreadableFile with the bare reason.
    """
    if not content:
        raise UnreadableFile("the file is empty")
    with _opened(content) as file:
        frames = _frames_listened(file, listened)
        try:
            samples, read, mean, channels = _mixed(file, frames, rate, None)
        except UnreadableFile:
            return _to_its_fault(content, rate, listened)
        loudest = int(np.argmax(channels >= _AS_LOUD * channels.max()))
        if channels[loudest] and mean < _CANCELLED * channels[loudest]:
            file.seek(0)
            samples, read, *_ = _mixed(file, frames, rate, loudest)
        told = int(file.frames) if 0 < file.frames < 2**62 else read
        wave = _wave(content, file, samples, rate, (read, frames, told))
    _check_heard(wave)
    return wave


def _to_its_fault(content: bytes, rate: int, listened: float) -> Wave:
    """Decode a file up to where it is damaged.  Raises UnreadableFile where nothing can be heard before."""
    with _opened(content) as file:
        frames = _frames_listened(file, listened)
        samples, read, *_ = _mixed(file, frames, rate, None, block=_SMALL_BLOCK)
        told = int(file.frames) if 0 < file.frames < 2**62 else read
        wave = replace(_wave(content, file, samples, rate, (read, frames, told)), ended=read / file.samplerate)
    _check_heard(wave)
    return wave


def _wave(content: bytes, file: Any, samples: Samples, rate: int, counts: tuple[int, int, int]) -> Wave:
    """Return the sound with what its file is; *counts*: frames that were read, wanted, and that it says it has."""
    read, frames, told = counts
    missing = min(told, frames) - read
    early = missing > (_SLACK * file.samplerate if says_frames(content) else (1 - _ENDS_EARLY) * min(told, frames))
    cut = cut_off(content)
    seconds = (read if early or read < frames else max(told, read)) / file.samplerate
    ended = seconds if early else None
    promised = told / file.samplerate if early else None
    if cut is not None and not early:
        ended, promised = cut.there or seconds, cut.says
    tags = (_tag(file, "title"), _tag(file, "artist"))
    return Wave(samples, rate, seconds, int(file.samplerate), int(file.channels), *tags, ended, promised)


def _check_heard(wave: Wave) -> None:
    if not len(wave.samples):
        raise UnreadableFile("the sound has no samples: its length is 0")
    if float(np.abs(wave.samples).max()) < SILENT:
        part = f"its first {LISTENED // 60} minutes are silent" if wave.seconds > LISTENED else "it is silent"
        raise UnreadableFile(f"{part}: no sample is louder than -80 dB")


def _frames_listened(file: Any, listened: float) -> int:
    """Return how many frames are read; raises UnreadableFile for what no one could hear, or too much of it."""
    rate, channels = int(file.samplerate), int(file.channels)
    if not RATES[0] <= rate <= RATES[1]:
        limits = f"from {RATES[0]:,} to {RATES[1]:,}"
        raise UnreadableFile(f"it says that it has {rate:,} samples a second; what can be read has {limits}")
    frames = int(listened * rate)
    if min(frames, file.frames if file.frames > 0 else frames) * channels > MOST_VALUES:
        many = f"{channels:,} channels of {rate:,} samples a second"
        raise UnreadableFile(f"the sound is huge: {many}. Mix it down to two channels, or split it")
    return frames


def _mixed(
    file: Any, frames: int, rate: int, channel: int | None, *, block: int = 0
) -> tuple[Samples, int, float, NDArray[np.float64]]:
    """Return the samples of one channel, or the mean of all; how many frames were read, and the power of each.

    With a *block*, so many frames at a time, what stands before a fault is returned.
    """
    import soundfile
    import soxr

    same = rate == file.samplerate
    stream = None if same else soxr.ResampleStream(file.samplerate, rate, 1, dtype="float32")
    parts, read, power, channels = list[Samples](), 0, 0.0, np.zeros(file.channels)
    at_once = block or max(1, _BLOCK // file.channels)
    try:
        while read < frames:
            some = file.read(min(at_once, frames - read), dtype="float32", always_2d=True)
            if not len(some):
                break
            np.nan_to_num(some, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
            np.clip(some, -_LOUDEST, _LOUDEST, out=some)
            read += len(some)
            one = some.mean(axis=1) if channel is None else np.ascontiguousarray(some[:, channel])
            power += float(np.square(one, dtype=np.float64).sum())
            channels += np.square(some, dtype=np.float64).sum(axis=0)
            parts.append(one if stream is None else stream.resample_chunk(one))
    except soundfile.SoundFileError as exc:
        if not block or not read:
            raise UnreadableFile(f"the sound is damaged: {_said(exc)}") from exc
    if stream is not None:
        parts.append(stream.resample_chunk(np.zeros(0, np.float32), last=True))
    samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    return np.asarray(samples, np.float32), read, power, channels


@contextmanager
def _opened(content: bytes) -> Iterator[Any]:
    """Open a sound's file.  Raises UnreadableFile with the bare reason."""
    try:
        import soundfile
        import soxr  # noqa: F401 - said here if it is not there
    except (ImportError, OSError) as exc:  # soundfile raises OSError where its library is not there
        raise UnreadableFile(
            f"sounds are read by the packages soundfile and soxr, which are not here; install them: {INSTALL}"
        ) from exc
    with _quiet(content):
        try:
            file = soundfile.SoundFile(io.BytesIO(content))
        except (soundfile.SoundFileError, RuntimeError, TypeError, ValueError) as exc:
            raise UnreadableFile(f"the content is not a {KNOWN} sound, or its start is damaged") from exc
        with file:
            if file.format not in _FORMATS:
                raise UnreadableFile(f"it is a sound of the form {file.format}, which is not read; save it as WAV")
            yield file


def _tag(file: Any, name: str) -> str:
    """Return what a file says of itself, on one line; nothing where it says nothing that can be read."""
    try:
        return " ".join(str(getattr(file, name) or "").split())[:500]
    except (UnicodeError, RuntimeError):
        return ""


def _said(exc: BaseException) -> str:
    return str(exc).strip().removeprefix("Error : ").rstrip(". ") or type(exc).__name__


_now = threading.Lock()
_held: list[int] = []
"""Where the standard error stream goes to, once for each sound that is decoded meanwhile."""


@contextmanager
def _quiet(content: bytes) -> Iterator[None]:
    """Keep the library for MP3 from writing a line of each fault to the standard error: a file may have millions."""
    if not (content.startswith(b"ID3") or _is_mpeg(content)):
        yield
        return
    with _now:
        if not _held:
            _held.append(os.dup(2))
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 2)
            os.close(nowhere)
        _held.append(-1)
    try:
        yield
    finally:
        with _now:
            _held.pop()
            if len(_held) == 1:
                before = _held.pop()
                os.dup2(before, 2)
                os.close(before)
