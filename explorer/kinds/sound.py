"""Sounds: known by their files, seen as their spectrum over time, and played.

It decides neither which files are sounds nor what becomes of one that cannot be decoded: the callers do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from explorer.kinds.files import FileKind, FileRef, media_of, read_bytes
from explorer.kinds.kind import LENGTH, Columns, Media, Move
from explorer.kinds.mel import RATE, drawn, log_mel
from explorer.kinds.waves import KNOWN, LISTENED, Wave, decoded, is_sound, media_type
from explorer.types import SOUND, Item

if TYPE_CHECKING:
    from PIL.Image import Image

_HEAD = 64


@dataclass(frozen=True)
class SoundRef(FileRef):
    """Where one sound is: a file, or the entry *member* of the archive at *path*; its length in seconds."""

    seconds: float = 0.0
    kind: ClassVar[str] = SOUND


class SoundKind(FileKind):
    """Sounds, known by the SHA-256 of their files."""

    name = SOUND
    nouns = ("sound", "sounds")
    columns = ("sound", "member", "sha256", "name", "seconds")
    has_picture = True
    has_sound = True
    decodes_files = True
    sent_as = "audio"
    compared_by = "how they sound"
    near_in = "in sound"
    described_by = "sounds"
    cure = f"use a {KNOWN} file."
    refers = SoundRef

    def stored(self, items: Sequence[Any], move: Move) -> Columns:
        """Return where the sounds are, and their lengths."""
        return {**super().stored(items, move), "seconds": [repr(item.seconds) for item in items]}

    def restored(self, columns: Columns, move: Move) -> list[Item]:
        """Return references to the sounds."""
        found: list[Any] = super().restored(columns, move)
        lengths = columns["seconds"]
        return [replace(one, seconds=float(length or 0)) for one, length in zip(found, lengths, strict=True)]

    def label(self, item: Any) -> str:
        """Return its path and how long it is: “birds/robin.ogg, 3.2 s”."""
        return f"{self.path(item)}, {length_in_words(item.seconds)}" if item.seconds else self.path(item)

    def card(self, item: Any) -> dict[str, str]:
        """Return its path, and how long it is."""
        length = {LENGTH: length_in_words(item.seconds)} if item.seconds else {}
        return {**super().card(item), **length}

    def picture(self, item: Any, *, size: int | None = None) -> Image:
        """Return its spectrum over time; raises UnreadableFile when it is gone or damaged."""
        return drawn(log_mel(heard(item, RATE).samples))

    def sent(self, path: Path) -> Item | None:
        """Return a reference to the file where it begins as a sound does."""
        try:
            with path.open("rb") as file:
                return SoundRef(str(path), "") if is_sound(file.read(_HEAD)) else None
        except OSError:  # whoever opens it says so
            return None

    def media(self, item: Any) -> Media:
        """Return its file; raises UnreadableFile when it is gone."""
        return media_of(item, media_type)


def heard(ref: Any, rate: int, *, listened: float = LISTENED) -> Wave:
    """Return a sound's first ten minutes, or as much as *listened* says, as one channel at *rate*.

    Raises UnreadableFile.
    """
    return decoded(read_bytes(ref), rate, listened=listened)


def length_in_words(seconds: float) -> str:
    """Return a length as people read it: “85 ms”, “3.2 s”, “4:05 min”, “1:02:30 h”."""
    if seconds < 1:
        return f"{max(1, round(seconds * 1000))} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02} min" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02}:{rest:02} h"
