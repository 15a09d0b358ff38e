"""Recognises encodings by their bytes alone: Unicode's wide ones without a mark, those of seven bits, mainframes'.

It reads no file: `encodings` does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from explorer.ingest.codepages import read_with

_WIDE_NULS, _WIDE_TIMES = 0.03, 4
"""Share of NUL bytes at every second place that texts of other scripts have in UTF-16 at least; and how many times as
many as at the other places."""
_STRAY_NULS, _ODD = 0.05, 0.02
"""Where nearly every character is Western: shares of NULs at the other places, and of odd characters, that may be."""
_JAPANESE, KOREAN = re.compile(rb"\x1b(?:\$[@B]|\$\(D|\(I)"), re.compile(rb"\x1b\$\)C")
_CHINESE = re.compile(rb"~\{[!-w][!-~](?:[!-w][!-~])*+~\}")
SIGNS = (re.compile(rb"\x1b\$|~\{"), re.compile(rb"\+[A-Za-z0-9+/]{3}"))
"""What stands before other letters in encodings of seven bits; and in UTF-7, where it may be a telephone number."""
_SHIFTED = re.compile(rb"\+[A-Za-z0-9+/]{3,}+")
_SHIFTS, _SCRIPTS = (
    3,
    (
        frozenset({"LATIN"}),
        frozenset({"CYRILLIC"}),
        frozenset({"GREEK"}),
        frozenset({"HEBREW"}),
        frozenset({"ARABIC"}),
        frozenset({"THAI"}),
        frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}),
        frozenset({"CJK", "HANGUL"}),
    ),
)
"""Pieces of other letters that UTF-7 is told by, at least, and the scripts of which these are."""
_EMPTY, _FEWEST, _LEAST, _MOST = 0.95, 16, 0.7, 0.1
"""Shares: of bytes that are NUL at a place of four; of letters, blanks and figures of EBCDIC; of those of ASCII."""
_MAINFRAME = bytes(
    [0x40, 0x4B, 0x6B, *range(0x81, 0x8A), *range(0x91, 0x9A), *range(0xA2, 0xAA), *range(0xC1, 0xCA),
     *range(0xD1, 0xDA), *range(0xE2, 0xEA), *range(0xF0, 0xFA)]
)  # fmt: skip


def unmarked_codec(start: bytes) -> str | None:
    """Return utf-32-le or -be where nearly three bytes of four are NUL, utf-16-le or -be where every second often is.

    It is in the line breaks and Western letters of UTF-16.

    The others hardly are; where some are, as in a Chinese “一”, the text has to be made of known characters alone.
    """
    four = _unmarked_utf32(start)
    if four is not None:
        return four
    half = len(start) // 2
    if half < 4:
        return None
    even, odd = start[0 : 2 * half : 2].count(0) / half, start[1 : 2 * half : 2].count(0) / half
    few, many = sorted((even, odd))
    codec = "utf-16-le" if odd > even else "utf-16-be"
    western = few < _STRAY_NULS and many > 0.4
    if not western and many <= max(_WIDE_NULS, _WIDE_TIMES * few):
        return None
    text = start[: 2 * half].decode(codec, "ignore") if western and few else read_with(start[: 2 * half], codec)
    most = _ODD * half if western else 0
    return codec if text is not None and sum(map(_is_no_text, text)) <= most else None


def _is_no_text(char: str) -> bool:
    """Whether a character is none that a text has: unassigned, private or a control."""
    return unicodedata.category(char)[0] == "C" and char not in "\t\n\r\f\v\x1b\u200b\u200c\u200d\u200e\u200f\ufeff"


def _unmarked_utf32(start: bytes) -> str | None:
    whole = len(start) // 4
    if whole < 4:
        return None
    empty = [start[at : 4 * whole : 4].count(0) / whole for at in range(4)]
    codec = "utf-32-le" if empty[3] == 1 and empty[2] >= _EMPTY else "utf-32-be"
    if not (empty[3] == 1 and empty[2] >= _EMPTY) and not (empty[0] == 1 and empty[1] >= _EMPTY):
        return None
    text = read_with(start[: 4 * whole], codec)
    return codec if text is not None and sum(map(_is_no_text, text)) <= _ODD * whole else None


def is_ebcdic(start: bytes) -> bool:
    """Say whether a file that begins so is written as mainframes write: letters, blanks and figures stand elsewhere."""
    if len(start) < _FEWEST or 0x40 not in start:
        return False
    theirs = sum(start.count(code) for code in _MAINFRAME) / len(start)
    ours = sum(start.count(code) for code in b"abcdefghijklmnopqrstuvwxyz 0123456789\n") / len(start)
    return theirs >= _LEAST and ours <= _MOST


def seven_bits(lines: Sequence[bytes]) -> str | None:
    """Return the encoding of seven bits that lines with signs for other letters are in, as mail from Japan has them."""
    if _are_utf7(lines):
        return "utf_7"
    if any(map(KOREAN.search, lines)):
        known: tuple[str, ...] = ("iso2022_kr",)
    elif all(map(_CHINESE.search, lines)) and lines:
        known = ("hz",)
    else:
        known = ("iso2022_jp", "iso2022_jp_ext") if any(map(_JAPANESE.search, lines)) else ()
    return next((codec for codec in known if all(read_with(line, codec) is not None for line in lines)), None)


def _are_utf7(lines: Sequence[bytes]) -> bool:
    """Say whether all lines are UTF-7, as old mail has it, and what is written in it are letters of one script."""
    pieces = [piece for line in lines for piece in _SHIFTED.findall(line)]
    if len(pieces) < _SHIFTS or any(read_with(line, "utf_7") is None for line in lines):
        return False
    said = "".join(read_with(piece + b"-", "utf_7") or "" for piece in pieces)
    letters = [char for char in said if char.isalpha()]
    scripts = {unicodedata.name(char, "").split()[0] if unicodedata.name(char, "") else "" for char in letters}
    return 2 * len(letters) >= len(said) > 0 and not said.isascii() and any(scripts <= known for known in _SCRIPTS)
