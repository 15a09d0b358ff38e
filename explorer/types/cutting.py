"""Cuts texts that others chose the length of – names, reasons – to what records and answers hold."""

from __future__ import annotations

import hashlib

NAME, REASON = 500, 1_000
"""Characters of the name of a file, and of a reason why something was rejected, at most."""
_DIGEST = 8


def cut(text: str, most: int) -> str:
    """Return the text, or its beginning with an ellipsis: at most so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def cut_at_word(text: str, most: int) -> str:
    """Return the text, or its beginning up to the end of a word with an ellipsis: at most so many characters."""
    if len(text) <= most:
        return text
    whole, blank, _ = text[:most].rpartition(" ")
    return f"{whole.rstrip()} …" if blank and len(whole) > most / 2 else cut(text, most)


def cut_middle(text: str, most: int = NAME) -> str:
    """Return the name, or its ends with a digest of the whole between them, so that different names stay so."""
    if len(text) <= most:
        return text
    middle = f"…{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:_DIGEST]}…"
    left = (most - len(middle)) // 3
    return f"{text[:left]}{middle}{text[left + len(middle) - most :]}"
