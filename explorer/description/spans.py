"""Writes a name of two phrases as most texts of a group do, in which both stand in one clause: "tent kept us dry".

It chooses no phrases: `titles` does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from explorer.description.words import is_unspaced

_HALF = 0.5
"""A clause names a group when so many of its texts have it."""
_MOST_WORDS, _LONGEST = 8, 44
_SHORT = 3
"""Letters of words that a name may have twice."""
_ENDS = re.compile(r"[.!?;:()\n\r]")


def span_of(phrases: Sequence[str], texts: Sequence[str]) -> str:
    """Return what stands from one of two *phrases* to the other in half of the texts at least, as most write it.

    "" where it differs, is long, goes on behind the end of a clause, or says no more than the phrases do.
    O(characters of the texts).
    """
    if len(phrases) != 2 or any(not one.strip() or is_unspaced(one[:1]) for one in phrases):
        return ""
    one, other = (re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)", re.IGNORECASE) for phrase in phrases)
    said: dict[str, Counter[str]] = {}
    for text in texts:
        if found := _between(one, other, text):
            said.setdefault(found.casefold(), Counter())[found] += 1
    written = max(said.values(), key=lambda of: (of.total(), min(of)), default=Counter[str]())
    if written.total() < max(2, _HALF * len(texts)):
        return ""
    return min(written, key=lambda text: (-written[text], text))


def _between(one: re.Pattern[str], other: re.Pattern[str], text: str) -> str:
    """Return the shortest piece of a text that has both phrases; "" where there is none that may be a name."""
    pairs = [
        (min(a.start(), b.start()), max(a.end(), b.end())) for a in one.finditer(text) for b in other.finditer(text)
    ]
    start, end = min(pairs, key=lambda pair: (pair[1] - pair[0], pair), default=(0, 0))
    piece = " ".join(text[start:end].split())
    words = piece.split()
    long = [word.strip(",").casefold() for word in words if len(word) > _SHORT]
    fits = len(piece) <= _LONGEST and len(words) <= _MOST_WORDS and len(set(long)) == len(long)
    return piece if fits and not _ENDS.search(text[start:end]) else ""
