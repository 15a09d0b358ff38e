"""Says when texts are in languages that an encoder was not made for.

It recognizes no language: `ingest.languages_of` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

NO_LANGUAGES: Mapping[str, float] = MappingProxyType({})
MATTERS = 0.1
"""From which share of texts in other languages something is said."""
TAKES_OVER = 0.25
"""From which share more that it reads another encoder is taken by itself: of titles and codes as many are mistaken."""
MULTILINGUAL = "st:paraphrase-multilingual-MiniLM-L12-v2"
_OTHER = "another language"
_NAMES = {
    "af": "Afrikaans", "am": "Amharic", "az": "Azerbaijani", "be": "Belarusian", "br": "Breton", "bs": "Bosnian",
    "cy": "Welsh", "eo": "Esperanto", "eu": "Basque", "fo": "Faroese", "fy": "Frisian", "ga": "Irish", "gu": "Gujarati",
    "ht": "Haitian Creole", "hy": "Armenian", "is": "Icelandic", "kk": "Kazakh", "kn": "Kannada", "ku": "Kurdish",
    "la": "Latin", "lb": "Luxembourgish", "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "mt": "Maltese",
    "my": "Burmese", "ne": "Nepali", "nn": "Norwegian", "oc": "Occitan", "pa": "Punjabi", "si": "Sinhala",
    "so": "Somali", "sw": "Swahili", "te": "Telugu", "tl": "Tagalog", "uz": "Uzbek", "yo": "Yoruba", "zu": "Zulu",
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "gl": "Galician", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian",
    "it": "Italian", "ja": "Japanese", "ka": "Georgian", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian",
    "mk": "Macedonian", "ms": "Malay", "nb": "Norwegian", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovene", "sq": "Albanian",
    "sr": "Serbian", "sv": "Swedish", "ta": "Tamil", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def share_read(read: Iterable[str], shares: Mapping[str, float]) -> float:
    """Return which share of texts is in languages that are *read*."""
    return sum(shares.get(code, 0.0) for code in frozenset(read))


def fittest(read: Mapping[str, Iterable[str]], shares: Mapping[str, float], *, least: float = TAKES_OVER) -> str:
    """Return the encoder for texts in languages with these *shares*: the first, unless one reads *least* of them more.

    *read* are the languages that each encoder reads well, by its name.
    """
    first, *others = read
    known = {name: share_read(read[name], shares) for name in read}
    best = max(others, key=known.__getitem__, default=first)
    return best if known[best] >= known[first] + least else first


def foreign(
    name: str, read: Iterable[str], shares: Mapping[str, float], *, here: bool = False, cure: str = MULTILINGUAL
) -> str:
    """Return what the reader of a map should know before it is made, a sentence or two; "" if there is nothing.

    *read* are the languages (ISO 639-1) that the encoder *name* reads well, none: not known; *shares* those of texts.
    *cure* is the encoder to choose instead, *here*: whether it is on this machine.
    """
    known = frozenset(read)
    others = {code: share for code, share in shares.items() if code not in known}
    if not known or sum(others.values()) < MATTERS:
        return ""
    listed = languages_said(others)
    names = sorted(_NAMES.get(code, code) for code in known)
    made = " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
    reads = "reads some fifty languages" if cure == MULTILINGUAL else "reads more of them"
    return (
        f"Texts seem to be in {listed}. The encoder {name} was made for {made} and sorts other languages by their look "
        f"rather than their meaning. Choose the encoder {cure} instead, which {reads} "
        f"({'it is here' if here or cure != MULTILINGUAL else '470 MB to download'})."
    )


def named_languages(codes: Iterable[str]) -> list[str]:
    """Return the names of languages (ISO 639-1); of one without a name its code."""
    return [_NAMES.get(code, code) for code in codes]


def taken_for(name: str, shares: Mapping[str, float]) -> str:
    """Return why an encoder was taken by itself that is not the first."""
    return f"Texts seem to be in {languages_said(shares)}: the encoder {name} is taken, which reads them."


def languages_said(shares: Mapping[str, float]) -> str:
    """Return languages (ISO 639-1) with their *shares* in words, three at most, those without a name together."""
    named: dict[str, float] = {}
    for code, share in shares.items():
        name = _NAMES.get(code, _OTHER)
        named[name] = named.get(name, 0.0) + share
    said = [f"{name} ({share:.0%})" for name, share in named.items()]
    return ", ".join(said[:3]) + (" and others" if len(said) > 3 else "")


def illegible(name: str, share: float, *, here: bool, cure: str = MULTILINGUAL) -> str:
    """Return what is to be said when a *share* of the texts is in letters that an encoder does not know; "" for few.

    *cure* is an encoder that knows them, *here*: whether it is on this machine.
    """
    if share < MATTERS:
        return ""
    many = "Nearly all texts are" if share > 0.95 else f"About {share:.0%} of the texts are"
    has = here or cure != MULTILINGUAL
    place = "is on this machine" if has else "is not on this machine (470 MB to download); no encoder here does"
    return (
        f"{many} in letters that {name} does not know: different ones lie at one place of the map. "
        f"Choose an encoder that reads them: {cure} {place}."
    )
