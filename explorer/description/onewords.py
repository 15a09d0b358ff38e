"""What names groups of items that are words by themselves, as those of a file of word vectors: their central words.

No word is said twice there, so that what is said often, by which `keywords` goes, tells nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from explorer.description.groupwords import spread
from explorer.description.keywords import TOP, Keywords
from explorer.description.titles import Phrase
from explorer.description.words import is_unspaced
from explorer.kinds import each
from explorer.types import FloatArray, Item

_LOOKED_AT, _FEWEST, _MOSTLY = 2_000, 10, 0.95
"""Items that are looked at, how many there are at least, and which share of them are words, each another one."""
_CENTRAL = 16
"""Words of a group that its name is chosen from."""
_LONGEST, _LONGEST_UNSPACED = 40, 6
"""Characters of a word, and of one in a script that writes sentences without spaces, too."""

Rows = NDArray[np.int64]


def are_words(items: Sequence[Item]) -> bool:
    """Whether items are single words, hardly one of them twice."""
    rows = spread(np.arange(len(items)), _LOOKED_AT)
    texts = [text for text in each([items[int(row)] for row in rows], lambda kind: kind.words) if text]
    words = {text.casefold() for text in texts if _is_word(text)}
    return len(texts) >= _FEWEST and len(words) >= _MOSTLY * len(rows)


def _is_word(text: str) -> bool:
    """Whether a text is one word: it has no space, and is no address."""
    if "://" in text or "@" in text or text.startswith("www."):
        return False
    longest = _LONGEST_UNSPACED if is_unspaced(text[:1]) else _LONGEST
    return len(text) <= longest and len(text.split()) == 1


def central_words(
    items: Sequence[Item], pieces: Sequence[Rows], vectors: FloatArray, most: int = _CENTRAL
) -> list[Phrase]:
    """Return the words, or names, nearest to the centres of a group's pieces, the nearest first, to name it by.

    *vectors* are all rows', float32 (n, d) of unit length.  Words without a letter are candidates where no others are.
    """
    many = -(-most // max(1, len(pieces)))
    near: list[tuple[float, int]] = []
    for rows in pieces:
        own = np.asarray(vectors[rows], np.float32)
        centre = own.mean(axis=0)
        close = own @ (centre / max(float(np.linalg.norm(centre)), 1e-12))
        best = np.argsort(-close, kind="stable")[: 2 * many]
        told = [int(at) for at in best if any(map(str.isalpha, str(items[int(rows[at])])))] or best.tolist()
        near += [(float(close[at]), int(rows[at])) for at in told[:many]]
    near.sort(key=lambda one: (-one[0], one[1]))
    strongest = max((close for close, _ in near), default=1.0)
    return [
        Phrase(
            tuple(str(items[row]).split()),
            max(close, 1e-3) / max(strongest, 1e-3),
            np.asarray(vectors[row], np.float32),
        )
        for close, row in near
    ]


def central_keywords(items: Sequence[Item], groups: Sequence[Rows], vectors: FloatArray) -> list[Keywords]:
    """Return for each group its most central words, with how near they are, the nearest 1."""
    return [
        [(" ".join(phrase.words), phrase.strength) for phrase in central_words(items, [rows], vectors, TOP)]
        if len(rows)
        else []
        for rows in groups
    ]
