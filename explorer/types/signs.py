"""What signs in a text may do to what stands around it: order a terminal about, turn a line round, hide.

It judges no words.
"""

from __future__ import annotations

import re
import unicodedata

_PLAIN = re.compile(r"[\t -~\u00a1-\u00ac\u00ae-\u024f]*")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of signs that show nothing, or that a terminal obeys."""
_ORDERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e]")
"""What HTML does not allow, what other readers take for the end of a line, and what overrides a script's direction."""
_TURNS = re.compile("[\u202a\u202b\u202c\u2066-\u2069]")
_ENDS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}


def visible(text: str) -> str:
    r"""Return the text on one line, with every sign that shows nothing or orders about written out: \x1b, U+202E."""
    if _PLAIN.fullmatch(text):
        return text
    return "".join(_written(sign) if unicodedata.category(sign) in _UNSEEN else sign for sign in text)


def contained(text: str) -> str:
    """Return the text for a page: overrides and controls as �, and every turn of direction ended where it ends.

    What ends no turn of its own is left out: it would end one around the text.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _ORDERS.sub("\ufffd", text)
    if not _TURNS.search(text):
        return text
    begun: list[str] = []

    def kept(found: re.Match[str]) -> str:
        sign = found[0]
        if sign in _ENDS:
            begun.append(_ENDS[sign])
        elif begun and begun[-1] == sign:
            begun.pop()
        else:
            return ""
        return sign

    return _TURNS.sub(kept, text) + "".join(reversed(begun))


def _written(sign: str) -> str:
    code = ord(sign)
    if sign == "\t":
        return sign
    return f"\\x{code:02x}" if code < 0x100 else f"U+{code:04X}"


def capitalized(words: str) -> str:
    """Return words as they begin a sentence: with a capital, all else as it is."""
    return words[:1].upper() + words[1:]
