"""Which encodings can be chosen for a text: those that decode its lines, each told with a line as it would be read.

It guesses none: `guessing` does, and `encodings` knows the files.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from explorer.errors import BadChoice
from explorer.ingest.choosing import impossible
from explorer.ingest.guessing import LABELS, LATIN, OTHERS, SEVEN_BITS
from explorer.ingest.reader import Source
from explorer.types import Choice

ENCODING = "encoding"
_UNICODE = re.compile(r"utf-(8|8-sig|16|16-le|16-be|32|32-le|32-be)")
_KNOWN = re.compile(r"(iso8859-\d+|cp\d+|mac-\w+|koi8-\w|shift_jis\w*|euc_\w+|gbk|gb\w+|big5\w*|johab|hz|ascii)")
_SHOWN, _BEFORE = 48, 12
"""Characters of a line that are shown, and of these before the first that is beyond ASCII."""


def codec_of(name: str) -> str | None:
    """Return Python's name of an encoding that a text may be in, however it is written; None of any other."""
    try:
        known = codecs.lookup(name.strip()).name
    except (LookupError, ValueError, UnicodeError):
        return None
    if known in ("utf-8-sig", "utf_8_sig"):
        return "utf-8"
    ours = known.replace("-", "_")
    if ours in LABELS:
        return ours
    return known if _UNICODE.fullmatch(known) or _KNOWN.fullmatch(known) else None


def label_of(codec: str) -> str:
    """Return the name of an encoding as people know it."""
    return LABELS.get(codec, codec.upper().removesuffix("-SIG"))


def wide(codec: str) -> bool:
    """Whether a character has at least two bytes, so that lines of bytes are no lines of text."""
    return codec.startswith(("utf-16", "utf-32"))


def read_with(line: bytes, codec: str) -> str | None:
    """Return a line, which may end amid a character, as it is read with an encoding; None where it cannot be."""
    try:
        return codecs.getincrementaldecoder(codec)().decode(line)
    except UnicodeError:
        return None


def asked_codec(source: Source, lines: Sequence[bytes]) -> str:
    """Return the encoding that was asked for, "" for none.  Raises BadChoice where it cannot be.

    *lines* are some beyond ASCII, each of which has to be read with it; with UTF-8 those that cannot are faults.
    """
    name = source.choices.get(ENCODING, "")
    if not name:
        return ""
    codec = codec_of(name)
    if codec is None or (
        codec != "utf-8" and not wide(codec) and any(read_with(line, codec) is None for line in lines)
    ):
        known = ["utf-8", *LATIN, *OTHERS]
        possible = [one for one in known if all(read_with(line, one) is not None for line in lines)]
        raise BadChoice(impossible(source.name, ENCODING, name, possible))
    return codec


def check_wide(source: Source, codec: str, start: bytes) -> None:
    """Raise BadChoice where a file that begins so cannot be in a wide encoding of Unicode that somebody chose."""
    text = read_with(start, codec)
    if text is None or (text and sum(not char.isprintable() and not char.isspace() for char in text) > len(text) // 8):
        possible = [one for one in ("utf-8", *LATIN, *OTHERS) if read_with(start, one) is not None]
        raise BadChoice(impossible(source.name, ENCODING, source.choices[ENCODING], possible))


def encoding_choice(codec: str, lines: Sequence[bytes], *, sure: bool, why: str, asked: bool) -> Choice:
    """Return the choice of an encoding, with *codec* in force, for a text with these lines beyond ASCII."""
    codec = "utf-8" if codec == "utf-8-sig" else codec
    known: list[str] = ["utf-16-le", "utf-16-be"] if wide(codec) else ["utf-8"]
    if not wide(codec) and codec not in SEVEN_BITS:
        known += [*LATIN, *OTHERS]
    readings = {one: [read_with(line, one) for line in lines] for one in dict.fromkeys((codec, *known))}
    possible = [one for one in readings if one == codec or (lines and None not in readings[one])]
    options = tuple((one, _label(one, readings[one])) for one in possible)
    return Choice(ENCODING, "Encoding", codec, options, sure=sure, why=why, asked=asked)


def _label(codec: str, texts: Sequence[str | None]) -> str:
    """Return the name of an encoding, and the beginning of the first line that is read with it."""
    first = next((text for text in texts if text), "")
    at = next((place for place, char in enumerate(first) if not char.isascii()), None)
    if at is None:
        return label_of(codec)
    start = max(0, at - _BEFORE)
    shown = "".join(char if char.isprintable() else " " for char in first[start : start + _SHOWN]).strip()
    return f"{label_of(codec)} – {'…' if start else ''}{shown}"
