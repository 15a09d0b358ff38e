"""Tells which letters the signs of symbol fonts are, which Word keeps by their places in the font.

Source: the fonts' own encodings, as Unicode, Inc. maps them (Symbol), and what the signs of Wingdings show.
"""

from __future__ import annotations

_SYMBOL = (
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
    "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑",
)
"""Its signs from 20 and from A0 on, in hexadecimal."""
_FIRST = (0x20, 0xA0)
_WINGDINGS = {
    0x21: "✏", 0x22: "✂", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x4A: "☺", 0x4B: "😐", 0x4C: "☹", 0x4E: "☠", 0x6C: "●",
    0x6E: "■", 0x6F: "□", 0x71: "❑", 0x76: "❖", 0x78: "☒", 0x9F: "•", 0xA7: "▪", 0xA8: "☐", 0xB7: "•", 0xD8: "➢",
    0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE7: "←", 0xE8: "→", 0xE9: "↑", 0xEA: "↓", 0xEF: "⇦", 0xF0: "⇨",
    0xF1: "⇧", 0xF2: "⇩", 0xF3: "⇔", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA2: "■", 0xA3: "☐"}
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}
_OWN = range(0xF000, 0xF100)
UNKNOWN = "\ufffd"
"""Stands for a sign of which nobody knows what it is."""


def letter_of(font: str, code: str) -> str:
    """Return the sign with this code, in hexadecimal, of a font; `UNKNOWN` where nobody knows it."""
    try:
        number = int(code, 16)
    except ValueError:
        return UNKNOWN
    if number not in _OWN and number > 0xFF:
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else UNKNOWN
    place, named = number & 0xFF, font.strip().casefold()
    if named == "symbol":
        part = place >= _FIRST[1]
        at = place - _FIRST[part]
        return _SYMBOL[part][at] if 0 <= at < len(_SYMBOL[part]) else UNKNOWN
    known = _FONTS.get(named)
    if known is None:
        return chr(place) if 0x20 <= place < 0x7F and not named.startswith(("webdings", "wingdings")) else UNKNOWN
    return known.get(place, UNKNOWN)
