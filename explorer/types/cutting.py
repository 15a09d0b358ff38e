"""Cuts texts that others chose the length of – names, reasons – to what records and answers hold."""

from __future__ import annotations

import hashlib
from typing import Any

NAME, REASON = 500, 1_000
"""Characters of the name of a file, and of a reason why something was rejected, at most."""
_DIGEST = 8


def whole(text: str) -> str:
    """Return the text with U+FFFD for half characters, and for bytes of a file that were not decoded."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def cut(text: str, most: int) -> str:
    """Return the text, or its beginning with an ellipsis: at most so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def cut_at_word(text: str, most: int) -> str:
    """Return the text, or its beginning up to the end of a word with an ellipsis: at most so many characters."""
    if len(text) <= most:
        return text
    whole, blank, _ = text[:most].rpartition(" ")
    return f"{whole.rstrip()} …" if blank and len(whole) > most / 2 else cut(text, most)


def told_apart(value: str | Any, most: int = NAME) -> str:
    """Return what a value, given as text or UTF-8, is told apart by: itself, or its beginning and a digest of it all.

    It has at most so many characters.
    """
    if isinstance(value, str):
        if len(value) <= most:
            return value
        value = value.encode("utf-8", "surrogatepass")
    begun = bytes(memoryview(value)[: 4 * most + 4]).decode("utf-8", "replace")
    return f"{cut(begun, most - _DIGEST)}{hashlib.sha256(value).hexdigest()[:_DIGEST]}" if len(begun) > most else begun


def cut_middle(text: str, most: int = NAME) -> str:
    """Return the name, or its ends with a digest of the whole between them, so that different names stay so."""
    if len(text) <= most:
        return text
    middle = f"…{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:_DIGEST]}…"
    left = (most - len(middle)) // 3
    return f"{text[:left]}{middle}{text[left + len(middle) - most :]}"
