"""Cuts a text to the beginning that an encoder can use, before a tokenizer sees the rest: that takes memory and time.

It counts no tokens itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable

CHARACTERS = 40
"""Of a token, at most as a rule: a beginning of so many for each that is read is looked at first."""
LONGEST = 100_000
"""Characters of a text that are read at most, should they come to fewer tokens still: letters without end, blanks."""
MARGIN = 128
"""Tokens that the last word of a beginning may come to, whose cut may have changed it."""
_BLANK = re.compile(r"\s")
_WORD = 200
"""Characters before a cut in which a blank is looked for."""


def beginning(text: str, tokens: int, count: Callable[[str], int]) -> str:
    """Return as much of *text* as gives the first *tokens* tokens that all of it gives, and some more of them.

    *count* says how many tokens a text has.  Short texts are returned as they are, and uncounted.
    """
    most = tokens * CHARACTERS
    while most < min(len(text), LONGEST):
        begun = _cut(text, most)
        if count(begun) > tokens + MARGIN:
            return begun
        most *= 3
    return _cut(text, LONGEST)


def _cut(text: str, most: int) -> str:
    """Return at most *most* characters, up to a blank if there is one near the end: words stay whole."""
    if len(text) <= most:
        return text
    blanks = [found.start() for found in _BLANK.finditer(text, most - _WORD, most)]
    return text[: blanks[-1] if blanks else most]
