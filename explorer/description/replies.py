"""Reads the name and the sentence out of what a language model answered, and refuses what is none.

What it returns is plain text of bounded length: no markup, no control characters, one line.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from explorer.errors import BadReply

MOST_NAME, MOST_SENTENCE = 60, 280
_READ = 20_000
"""Characters of an answer that are looked at: its end, for some models think aloud first."""
_BRACES = 40
"""Places in it at which an object may begin."""
_JOINERS = "\u200c\u200d"
"""What looks like nothing and still belongs to words, in Persian, Hindi and emoji."""
_TAG = re.compile(r"<[^<>]*>")
_WRAPPING = " \t\"'`*_#“”„«»‘’"
_REFUSALS = ("i cannot", "i can't", "i can’t", "i'm sorry", "i’m sorry", "i am sorry", "sorry,", "as an ai")


def read_reply(content: str) -> tuple[str, str]:
    """Return the name and the sentence of an answer; the sentence may be "".  Raises BadReply."""
    found = _object_in(content)
    name = plain_line(found.get("name")).strip(_WRAPPING).rstrip(" .")
    sentence = plain_line(found.get("summary"))
    if not any(letter.isalnum() for letter in name):
        raise BadReply("it gave no name")
    if name.casefold().startswith(_REFUSALS):
        raise BadReply("it refused")
    if len(name) > MOST_NAME:
        raise BadReply(f"its name has {len(name):,} characters, more than {MOST_NAME}")
    return name, _shortened(sentence)


def plain_line(value: Any) -> str:
    """Return a text in one line, without tags and without characters that steer; "" for what is no text."""
    if not isinstance(value, str):
        return ""
    kept = (c if unicodedata.category(c)[0] != "C" or c in _JOINERS else " " for c in value[:_READ])
    return " ".join(_TAG.sub(" ", "".join(kept)).split())


def _object_in(content: str) -> dict[str, Any]:
    """Return the last json object with a name that stands in the text, within a code fence or amid words."""
    text = content[-_READ:]
    starts = [at for at, letter in enumerate(text) if letter == "{"][-_BRACES:]
    reader = json.JSONDecoder()
    for at in reversed(starts):
        try:
            found, _ = reader.raw_decode(text, at)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and "name" in found:
            return found
    raise BadReply("it answered without the JSON object that the prompt asks for")


def _shortened(sentence: str) -> str:
    if len(sentence) <= MOST_SENTENCE:
        return sentence
    return sentence[: MOST_SENTENCE - 1].rsplit(" ", 1)[0].rstrip(" ,;") + "…"
