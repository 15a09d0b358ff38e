"""The format of sounds: each gets its digest and its length, and its spectrum is drawn as what it looks like.

It keeps no samples: `kinds.heard` decodes a sound again when somebody needs it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from explorer.ingest.media import ARTIST, TITLE, MediaReader, Opened, ref_of
from explorer.ingest.reader import SOUND, Source
from explorer.kinds import LISTENED, MAX_BYTES, RATE, SoundRef, Wave, decoded, drawn, length_in_words, log_mel

if TYPE_CHECKING:
    from PIL.Image import Image

LARGE_BYTES = 20_000_000
"""Files of more are decoded one at a time: ten minutes take some 200 MB."""
SECONDS, SAMPLE_RATE, CHANNELS = "length (s)", "sample rate (Hz)", "channels"
_DIGITS = 3


def _opened(source: Source, content: bytes) -> tuple[Opened, Callable[[], Image]]:
    """Decode a sound; its columns are its length in seconds, its sample rate, its channels, its title and artist."""
    wave = decoded(content, RATE)
    seconds = round(wave.seconds, _DIGITS)
    columns = {SECONDS: seconds, SAMPLE_RATE: wave.file_rate, CHANNELS: wave.channels}
    note = _cut_off(wave)
    opened = Opened(
        ref_of(SoundRef, source, content, seconds=seconds),
        {**columns, TITLE: wave.title, ARTIST: wave.artist},
        note=note,
    )
    return opened, lambda: drawn(log_mel(wave.samples))


def _cut_off(wave: Wave) -> str:
    """Return what is said of a sound whose end is missing; nothing of a whole one."""
    if wave.ended is None:
        return ""
    there, promised = length_in_words(wave.ended), "" if wave.promised is None else length_in_words(wave.promised)
    if promised and promised == there:
        there, promised = f"{wave.ended:.2f} s", f"{wave.promised:.2f} s"
    says = f"though it says that it lasts {promised}" if promised else "without the mark of its end"
    return f"it ends after {there}, {says}: its end is missing, or damaged. Get the file anew"


SOUNDS = MediaReader(
    name="sounds",
    suffixes=(".wav", ".wave", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aiff", ".aif", ".aifc"),
    summary="A sound an item, one by one, in folders or in a zip; its folder and tables that name it become columns.",
    kind=SOUND,
    opens=_opened,
    is_large=lambda content: len(content) > LARGE_BYTES,
    huge="Split it",
    limits=f"{MAX_BYTES // 2**20} MiB each, of which the first {LISTENED // 60} minutes are listened to",
    cures=dict.fromkeys(
        (".m4a", ".aac", ".wma", ".amr", ".ac3", ".mka", ".mid", ".midi", ".au", ".caf"), "save it as WAV, FLAC or MP3"
    ),
)
