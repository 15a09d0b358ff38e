"""Guesses in which of the older encodings a text is written, by its language: which letters it may have.

It knows no files, and nothing of Unicode's own encodings: `encodings` does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from explorer.ingest.languages import likely_languages

SAMPLE = 2**16
"""Bytes of lines that are looked at."""
_FITS, _SURE, _APART = 0.9, 0.97, 0.03
"""Shares of the letters beyond ASCII that belong to the language: to be taken, to be sure, to be ahead of the next."""
_SECOND = 0.95
"""What the share counts by the second likeliest language."""
_CHAOS, _ORDER = 0.3, 0.1
"""How odd a text of another script may look to be taken, and to be sure: capitals amid words, signs amid letters."""
_SPELT, _SIGNS = 0.45, frozenset(("cp932", "euc_jp", "gb18030", "big5", "cp949"))
"""How much like a language a sure guess is, of letters; of signs for words few are enough to say nothing."""
_NO_ODDER, _LIKE = 0.02, 0.1
"""What another encoding reads as well by: how much odder it may look, and how much less like a language."""
_USUAL = 8
"""How many of the code pages for Latin letters are usual enough for a guess of another to be in doubt."""
_FEWEST = 4
"""Letters that another encoding than the commonest is told by; a stray byte is one."""
_ASCII = bytes(range(128))
_ACCENTS = 0.6
"""Of all letters, at most: accents are the exception in Western Europe."""
LATIN = (
    "cp1252", "cp1250", "iso8859_2", "cp1254", "cp1257", "mac_roman", "cp850", "cp852",
    "iso8859_15", "iso8859_13", "mac_latin2", "mac_turkish", "cp857", "iso8859_16", "iso8859_4", "cp775", "cp861",
    "mac_iceland",
)  # fmt: skip
"""Latin letters, the commonest first: that one is taken where several read alike."""
OTHERS = (
    "cp1251", "koi8_r", "koi8_u", "cp866", "mac_cyrillic", "cp1253", "cp1255", "cp1256", "cp874",
    "cp932", "euc_jp", "gb18030", "big5", "cp949",
    "iso8859_5", "iso8859_6", "iso8859_7", "mac_greek", "cp720", "cp737", "cp855", "cp862", "cp1125", "cp869", "johab",
)  # fmt: skip
LABELS = {
    "cp1252": "Windows-1252", "cp1250": "Windows-1250", "iso8859_2": "ISO 8859-2", "cp1254": "Windows-1254",
    "cp1257": "Windows-1257", "mac_roman": "Mac Roman", "cp850": "DOS code page 850", "cp852": "DOS code page 852",
    "cp1251": "Windows-1251", "koi8_r": "KOI8-R", "koi8_u": "KOI8-U", "cp866": "DOS code page 866",
    "mac_cyrillic": "Mac Cyrillic", "cp1253": "Windows-1253", "cp1255": "Windows-1255", "cp1256": "Windows-1256",
    "cp874": "Windows-874", "cp932": "Shift JIS", "euc_jp": "EUC-JP", "gb18030": "GB 18030", "big5": "Big5",
    "cp949": "EUC-KR", "iso8859_15": "ISO 8859-15", "iso8859_13": "ISO 8859-13", "mac_latin2": "Mac Central European",
    "mac_turkish": "Mac Turkish", "cp857": "DOS code page 857", "iso8859_5": "ISO 8859-5", "iso8859_6": "ISO 8859-6",
    "iso8859_7": "ISO 8859-7", "cp737": "DOS code page 737", "cp855": "DOS code page 855", "cp862": "DOS code page 862",
    "cp720": "DOS code page 720", "mac_greek": "Mac Greek", "cp1125": "DOS code page 1125 (Ukrainian)",
    "cp869": "DOS code page 869", "johab": "Johab", "iso8859_16": "ISO 8859-16", "iso8859_4": "ISO 8859-4",
    "cp775": "DOS code page 775", "cp861": "DOS code page 861",
    "mac_iceland": "Mac Icelandic",
}  # fmt: skip
SEVEN_BITS = {
    "iso2022_jp": "ISO-2022-JP",
    "iso2022_jp_ext": "ISO-2022-JP-EXT",
    "iso2022_kr": "ISO-2022-KR",
    "hz": "HZ",
    "utf_7": "UTF-7",
}
"""Encodings that write other letters by ASCII's own bytes, between signs that say so."""
LABELS |= SEVEN_BITS
_MARKS = frozenset("‘’“”‚„‹›«»–—…•€£¥¢§©®™°±²³µ·¿¡´¼½¾×ºª\u00a0İ")
_LETTERS = {
    "af": "êëéôûïèá", "ca": "àçéèíïóòúü", "cs": "áčďéěíňóřšťúůýž", "da": "æøåéöä", "de": "äöüß",
    "en": "éèêëïñçüöäáóíàâôîûæøåß", "es": "áéíñóúü", "et": "äõöüšž", "eu": "ñç", "fi": "äöåšž",
    "fr": "àâæçéèêëîïôœùûüÿ", "ga": "áéíóú", "gl": "áéíñóúü", "hr": "čćđšž", "bs": "čćđšž", "hu": "áéíóöőúüű",
    "is": "áéíóúýþæöð", "it": "àèéìíîòóùú", "lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūž", "nl": "ëïéèöüóáç",
    "nn": "æøåéòôöä", "no": "æøåéòôöä", "pl": "ąćęłńóśźż", "pt": "áâãàçéêíóôõúü", "ro": "ăâîşţșț",
    "sk": "áäčďéíĺľňóôŕšťúýž", "sl": "čšžćđ", "sq": "çë", "sv": "åäöé", "tr": "çğıöşüâîû",
}  # fmt: skip
"""Letters beyond ASCII that texts of a language have, small."""


_WESTERN = _MARKS.union(*(_LETTERS[code] for code in ("fr", "de", "es", "pt", "it", "da", "no", "sv", "fi", "ca"))) - {
    "ÿ"
}
_WEST = ("cp1252", "mac_roman", "cp850", "iso8859_15")
_RARE = frozenset({"iso8859_16", "iso8859_4", "cp775", "cp861", "mac_iceland"})
"""Code pages for Latin letters that are tried where no other fits."""
_RUSSIAN, _UKRAINIAN = "cp866", "cp1125"
_HALF = re.compile(r"Ã(?!\w)")
"""The first half of a letter in UTF-8 whose second half is lost; in no language does the letter stand like this."""


_CAPITALS = "".join(sign for sign in map(chr, range(0xC0, 0x180)) if sign.isupper())
_AMID = re.compile(rf"(?<=[a-z])[{_CAPITALS}]|(?<=[a-z„”‚])[„”‚](?=[a-z„”‚])")
"""A capital behind a small letter, or a quotation mark amid some, as in “hyvŠŠ” and “hyv„„”: nobody writes so."""


@dataclass(frozen=True)
class Guess:
    """A codec of Python, and whether no other reads nearly as well."""

    codec: str
    sure: bool


@dataclass(frozen=True)
class _Reading:
    codec: str
    text: str
    fits: float


def guessed(lines: Sequence[bytes], *, latin: Sequence[str] = LATIN, others: Sequence[str] = OTHERS) -> Guess | None:
    """Return how lines that are not UTF-8 are written, by those that have letters beyond ASCII; None: unknown.

    *latin* are the code pages that Latin letters may be in, the commonest first, *others* those of other scripts.

    Source: charset-normalizer for the scripts; for Latin letters, whose code pages it cannot tell apart, the share of
    them that the language of the text has.
    """
    sample = b"\n".join(line for line in lines if not line.isascii())[:SAMPLE]
    sample = sample[: sample.rfind(b"\n")] if len(sample) == SAMPLE and b"\n" in sample else sample
    script = _by_script(sample, [*(one for one in latin if one not in _RARE), *others])
    if script is not None and script.codec not in LATIN and not _is_latin(sample.decode(script.codec, "replace")):
        return script  # of code pages for Latin letters it knows none
    return _by_letters(sample, latin)


def _by_script(sample: bytes, codecs: Sequence[str]) -> Guess | None:
    from charset_normalizer import from_bytes

    matches = from_bytes(sample, cp_isolation=[one for one in codecs if one != _UKRAINIAN], threshold=_CHAOS)
    best = matches.best()
    if best is None or best.encoding not in LABELS or sum(map(_is_letter_beyond, str(best))) < _FEWEST:
        return None
    odd, like = best.chaos + _NO_ODDER, best.coherence - _LIKE
    others = (one for one in matches if one.chaos < odd and one.coherence > like)
    spelt = bool(best.chaos < _ORDER) and (best.coherence >= _SPELT or best.encoding in _SIGNS)
    codec = _UKRAINIAN if best.encoding == _RUSSIAN and _is_ukrainian(sample) else str(best.encoding)
    return Guess(codec, sure=spelt and all(str(one) == str(best) for one in others))


def _is_ukrainian(sample: bytes) -> bool:
    """Whether what the two code pages of DOS read otherwise are letters in the Ukrainian one, some of them its own."""
    pairs = zip(sample.decode(_RUSSIAN, "replace"), sample.decode(_UKRAINIAN, "replace"), strict=True)
    other = {(one, theirs) for one, theirs in pairs if one != theirs}
    return bool(other) and all(theirs.isalpha() for _, theirs in other) and any(theirs in "іїІЇ" for _, theirs in other)


def _is_letter_beyond(char: str) -> bool:
    return char.isalpha() and not char.isascii()


def _is_latin(text: str) -> bool:
    letters = [char for char in text if _is_letter_beyond(char)]
    return 2 * sum("LATIN" in unicodedata.name(char, "") for char in letters) >= len(letters)


def _by_letters(sample: bytes, latin: Sequence[str]) -> Guess | None:
    readings = [reading for codec in latin if (reading := _read(sample, codec)) is not None]
    few = len(sample.translate(None, _ASCII)) < _FEWEST
    readings = [reading for reading in readings if not few or reading.codec == latin[0]]
    usual_ones = [reading for reading in readings if reading.codec not in _RARE]
    best = max(usual_ones, key=lambda reading: reading.fits, default=_Reading(latin[0], "", 0.0))
    if best.fits < _FITS:
        best = max(readings, key=lambda reading: reading.fits, default=best)
    if best.fits < _FITS:
        western = (reading.codec for reading in readings if reading.codec in _WEST and _reads_western(reading.text))
        return next((Guess(codec, sure=False) for codec in western), None)
    usual = {*latin[:_USUAL], best.codec}
    others = [reading.fits for reading in readings if reading.text != best.text and reading.codec in usual]
    return Guess(best.codec, sure=not few and best.fits >= _SURE and best.fits - max(others, default=0.0) > _APART)


def _reads_western(text: str) -> bool:
    """Whether a text, perhaps in several languages, has nothing but the letters of Western Europe."""
    beyond = {char.lower() for char in text if not char.isascii()}
    accents = sum(map(_is_letter_beyond, text))
    return bool(beyond) and beyond <= _WESTERN and accents <= _ACCENTS * sum(map(str.isalpha, text))


def _read(sample: bytes, codec: str) -> _Reading | None:
    try:
        text = sample.decode(codec)
    except UnicodeDecodeError:
        return None
    beyond = [char.lower() for char in _AMID.sub("\ufffd", text) if not char.isascii()]
    if not beyond or _HALF.search(text):
        return None
    shares = [
        sum(char in _LETTERS[code] or char in _MARKS for char in beyond) / len(beyond)
        for code in likely_languages(text, tuple(_LETTERS))
    ]
    return _Reading(codec, text, max(shares[0], *(_SECOND * share for share in shares[1:])))
