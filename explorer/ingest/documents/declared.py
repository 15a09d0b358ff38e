"""Decodes what says itself in which encoding it is, as mails and web pages do, in the sense that programs give it.

A name means the largest encoding that is called so in practice: pages "in Latin-1" have Windows' quotation marks, mails
"in GB 2312" letters that came later.  Source: WHATWG, Encoding, section 4.2.
"""

from __future__ import annotations

import codecs
import re

from explorer.ingest.guessing import guessed

_NAMES = {
    "cp1252": "iso-8859-1 iso8859-1 iso_8859-1 iso-8859-1:1987 latin1 latin-1 l1 ascii us-ascii ansi_x3.4-1968 cp819",
    "cp1254": "iso-8859-9 iso8859-9 iso_8859-9 latin5 l5",
    "cp874": "iso-8859-11 iso8859-11 tis-620 dos-874",
    "gb18030": "gb2312 gb_2312-80 gb_2312 csgb2312 chinese gbk x-gbk cp936 ms936 euc-cn euccn",
    "cp949": "euc-kr euckr ks_c_5601-1987 ks_c_5601-1989 ks_c_5601 ksc_5601 ksc5601 korean x-windows-949 uhc",
    "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji windows-31j cswindows31j",
    "big5hkscs": "big5 big5-hkscs big-5 csbig5 x-x-big5 cn-big5",
    "iso8859_8": "iso-8859-8-i iso-8859-8-e",
}
_MEANT = {name: codec for codec, names in _NAMES.items() for name in names.split()}
_LARGER = {"big5hkscs": ("cp950",), "gb18030": (), "cp932": ("shift_jis_2004",), "cp949": ()}
"""What else is called so, where the usual one does not fit."""
LOST = "\ufffd"
"""What stands for what cannot be read."""
_FEW = 0.02
"""Characters beyond ASCII that may not fit what a text says it is, as a share, at least one: it is damaged there."""
_JIS = "iso2022_jp"
_ESCAPES = re.compile(rb"(\x1b\$[@B]|\x1b\([BJI]|\x1b\$\(D)")
_ROWS, _CELLS = 94, 0x21
_SEVEN_BITS = ("utf-7", "hz", "iso2022_jp", "iso2022_kr", "iso2022_jp_ext", "iso2022_jp_2")


def text_as(content: bytes, charset: str | None) -> str:
    """Return the text of bytes that say they are in *charset*, as programs read it, U+FFFD for what is damaged.

    What says nothing, or is plainly something else – UTF-8, or hardly a letter fits – is UTF-8, or guessed.
    """
    codec = codec_meant(charset)
    if codec == _JIS:
        return _japanese(content)
    for one in filter(None, ("utf-8" if _has_ascii(codec) else codec, codec, *_LARGER.get(codec or "", ()))):
        fits = _decoded(content, one)
        if fits is not None:
            return fits
    damaged = "" if codec is None else _replaced(content, codec)
    beyond = sum(not char.isascii() for char in damaged)
    if damaged and damaged.count(LOST) <= max(1, _FEW * beyond) and beyond > 1:
        return damaged
    return guessed_text(content)


def codec_meant(charset: str | None) -> str | None:
    """Return Python's name of the encoding that programs take a declared one for; None of an unknown one."""
    name = (charset or "").strip().strip("\"'").lower()
    try:
        found = _MEANT.get(name) or codecs.lookup(name).name
        return found if codecs.lookup(found)._is_text_encoding else None
    except (LookupError, ValueError, UnicodeError):
        return None


def _has_ascii(codec: str | None) -> bool:
    """Whether ASCII is ASCII in an encoding, and each byte beyond it another letter: then UTF-8 is none by chance."""
    return codec is None or (codec not in _SEVEN_BITS and "{~+A".encode(codec, "replace") == b"{~+A")


def guessed_text(content: bytes) -> str:
    """Return the text of bytes of which nobody says how they are written: UTF-8, else what their letters tell."""
    text = _decoded(content, "utf-8")
    if text is not None:
        return text
    guess = guessed(content.splitlines()[:2000])
    return _replaced(content, guess.codec if guess is not None else "cp1252")


def _decoded(content: bytes, codec: str) -> str | None:
    """Return the text; None where some of it cannot be read so.  What Windows has no sign for stays a control."""
    try:
        return content.decode(codec)
    except UnicodeError:
        return _replaced(content, codec) if codec in ("cp1252", "cp1254") else None


def _replaced(content: bytes, codec: str) -> str:
    """Return the text with U+FFFD for what cannot be read; what Windows' Western code page lacks is a control sign."""
    if codec not in ("cp1252", "cp1254"):
        return content.decode(codec, "replace")
    return "".join(
        chr(byte) if char == LOST else char
        for byte, char in zip(content, content.decode(codec, "replace"), strict=True)
    )


def _japanese(content: bytes) -> str:
    """Return a text in ISO-2022-JP, with the signs that Windows' mail programs add to its letters; O(n)."""
    text = _decoded(content, _JIS)
    if text is not None:
        return text
    if not content.isascii():
        return guessed_text(content)
    pieces, mode = list[str](), b"\x1b(B"
    for part in _ESCAPES.split(content):
        if _ESCAPES.fullmatch(part):
            mode = part
        elif mode in (b"\x1b$@", b"\x1b$B"):
            pieces += [_shifted(part[at : at + 2]) for at in range(0, len(part), 2)]
        elif mode == b"\x1b(I":
            pieces.append(bytes(byte | 0x80 for byte in part).decode("cp932", "replace"))
        else:
            pieces.append(part.decode("ascii", "replace"))
    return "".join(pieces)


def _shifted(pair: bytes) -> str:
    """Return a Japanese letter of two bytes as Windows' Shift JIS has it."""
    row, cell = pair[0] - _CELLS, (pair[1] if len(pair) > 1 else 0) - _CELLS
    if not (0 <= row < _ROWS and 0 <= cell < _ROWS):
        return LOST
    place = cell + (row % 2) * _ROWS
    return bytes((row // 2 + (0x81 if row < 62 else 0xC1), place + (0x40 if place < 63 else 0x41))).decode(
        "cp932", "replace"
    )
