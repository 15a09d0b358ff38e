"""The words of a search that say something, and the forms in which a text may have them.

It looks through nothing: `bynames` does, and what marks words on the page.
"""

from __future__ import annotations

import re
from functools import cache

from explorer.description import stop_words

_MORE, _LONG = 3, 4
"""Letters that a form of a word may have more, if the word has so many; of longer ones the last may differ."""
_MOST_WORDS = 40
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def sought_words(query: str) -> list[str]:
    """Return the words and numbers of a query that say something, in small letters; all of them where none does."""
    words = list(dict.fromkeys(re.findall(r"[^\W\d_]+|\d+", query.casefold())))[:_MOST_WORDS]
    return [word for word in words if word not in _little()] or words


def stem_of(word: str) -> tuple[str, int] | None:
    """Return how a word begins in all its forms, and how many letters may follow; None of a script without blanks."""
    if _UNSPACED.search(word):
        return None
    if word.isdigit() or len(word) < _LONG:
        return word, 0
    return word[: -2 if len(word) > _LONG + 3 else -1 if len(word) > _LONG else len(word)], _MORE


@cache
def _little() -> frozenset[str]:
    return frozenset().union(*(words for code, words in stop_words().items() if len(code) == 2))
