"""Says when texts are in languages that an encoder was not made for.

It recognizes no language: `ingest.languages_of` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

MATTERS = 0.1
"""From which share of texts in other languages something is said."""
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


def foreign(name: str, read: Iterable[str], shares: Mapping[str, float], *, here: bool = False) -> str:
    """Return what the reader of a map should know before it is made, a sentence or two; "" if there is nothing.

    *read* are the languages (ISO 639-1) that the encoder *name* reads well, none: not known; *shares* those of texts.
    *here*: whether MULTILINGUAL is on this machine.
    """
    known = frozenset(read)
    others = {code: share for code, share in shares.items() if code not in known}
    if not known or sum(others.values()) < MATTERS:
        return ""
    listed = languages_said(others)
    made = " and ".join(sorted(_NAMES.get(code, code) for code in known))
    return (
        f"Texts seem to be in {listed}. The encoder {name} was made for {made} and sorts other languages by their look "
        f"rather than their meaning. Choose the encoder {MULTILINGUAL} instead, which reads some fifty languages "
        f"({'it is here' if here else '470 MB to download'})."
    )


def named_languages(codes: Iterable[str]) -> list[str]:
    """Return the names of languages (ISO 639-1); of one without a name its code."""
    return [_NAMES.get(code, code) for code in codes]


def languages_said(shares: Mapping[str, float]) -> str:
    """Return languages (ISO 639-1) with their *shares* in words, three at most, those without a name together."""
    named: dict[str, float] = {}
    for code, share in shares.items():
        name = _NAMES.get(code, _OTHER)
        named[name] = named.get(name, 0.0) + share
    said = [f"{name} ({share:.0%})" for name, share in named.items()]
    return ", ".join(said[:3]) + (" and others" if len(said) > 3 else "")


def illegible(name: str, share: float, *, here: bool) -> str:
    """Return what is to be said when a *share* of the texts is in letters that an encoder does not know; "" for few.

    *here*: whether MULTILINGUAL, which knows them, is on this machine.
    """
    if share < MATTERS:
        return ""
    many = "Nearly all texts are" if share > 0.95 else f"About {share:.0%} of the texts are"
    cure = "is on this machine" if here else "is not on this machine (470 MB to download); no encoder here does"
    return (
        f"{many} in letters that {name} does not know: different ones lie at one place of the map. "
        f"Choose an encoder that reads them: {MULTILINGUAL} {cure}."
    )
