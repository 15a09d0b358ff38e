"""Calls groups by whole items instead of by phrases: by what most of them say, word for word, and by whom they name.

It chooses among no phrases: `titles` does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from explorer.description.groupwords import spread
from explorer.description.onewords import are_words
from explorer.description.requestnames import Requests
from explorer.kinds import each
from explorer.types import Item

_LONGEST = 48
"""Characters of a text that is a name itself."""
_MOST = 2 / 3
"""A text names its group when so many of the rows say just that: a phrase of it would say less, or something else."""
_LOOKED_AT = 400
_SAMPLE, _FEWEST = 2_000, 10
_NAMES, _DIFFERENT, _LONGEST_NAME = 0.9, 0.8, 5
"""Items are names when so many are written as such, so many differ, and none has more words."""
_CLAUSE, _MARKS = 3, ".,;:!?…–—-"
_SMALL = "al ap bin bint da dal de del den der di do dos du e el ibn la las le los of te ten ter van vom von y zu zur"
_PARTICLES = frozenset(_SMALL.split())
"""What stands small within names of people and places."""

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class WholeTexts:
    """The *items* that have words, or the *requests* that they are.

    *unread*: their vectors say nothing of their words, as those of the nodes of a graph.
    """

    items: Sequence[Item]
    requests: Requests | None = None
    unread: bool = False

    def names(self, groups: Mapping[int, Rows], several: Collection[int] = ()) -> dict[int, tuple[str, float]]:
        """Return the names of groups that are no phrases, and of what share of their rows each is true.

        What groups of *several* parts share is no one text.
        """
        if self.requests is not None:
            return self.requests.names(groups)
        said = {at: said_by_most(self.items, rows) for at, rows in groups.items() if self.items and at not in several}
        return {at: found for at, found in said.items() if found[0]}

    @cached_property
    def are_words(self) -> bool:
        """Whether each item is a word by itself."""
        return are_words(self.items)

    @cached_property
    def are_names(self) -> bool:
        """Whether each item is a name by itself, of which a piece ("Bruno") says little."""
        return are_names(self.items, unread=self.unread)


def said_by_most(items: Sequence[Item], rows: Rows) -> tuple[str, float]:
    """Return the short text that most of *rows* are, capitals, blanks and a last full stop aside, and how many are.

    As it is written most often; "" where they differ or it is long.  O(rows looked at).
    """
    looked_at = spread(rows, _LOOKED_AT)
    written: dict[str, Counter[str]] = {}
    for text in each([items[row] for row in looked_at.tolist()], lambda kind: kind.words):
        if text and len(text) <= _LONGEST:
            said = " ".join(text.split())
            written.setdefault(said.casefold().rstrip(" .!"), Counter())[said] += 1
    if not written:
        return "", 0.0
    found = max(written.values(), key=lambda of: (of.total(), min(of)))
    if found.total() < 2 or found.total() < _MOST * len(looked_at):
        return "", 0.0
    text = min(found, key=lambda one: (-found[one], one))
    bare = text.rstrip(" .")
    return (bare if " " in bare else text), found.total() / len(looked_at)


def begun_by_most(items: Sequence[Item], rows: Rows) -> str:
    """Return the clause that most of *rows* begin with, as it is written most often: "Nobody tells us why"; or "".

    It has three words at least and ends where most of these texts have an end, a comma or a dash.  O(rows looked at).
    """
    looked_at = spread(rows, _LOOKED_AT)
    texts = [text.split() for text in each([items[row] for row in looked_at.tolist()], lambda kind: kind.words) if text]
    least = max(2, _MOST * len(looked_at))
    found, same = "", texts
    for length in range(1, _LONGEST):
        same = [of for of in same if len(of) >= length]
        said = Counter(_bare(of[length - 1]) for of in same)
        word, often = max(said.items(), key=lambda one: (one[1], one[0]), default=("", 0))
        if often < least:
            break
        same = [of for of in same if _bare(of[length - 1]) == word]
        ended = sum(len(of) == length or _ends(of[length - 1]) or not _bare(of[length]) for of in same)
        written = Counter(" ".join(of[:length]).rstrip(_MARKS) for of in same)
        text = min(written, key=lambda one: (-written[one], one))
        if len(text) > _LONGEST:
            break
        if length >= _CLAUSE and 2 * ended > len(same):
            found = text
    return found


def _bare(word: str) -> str:
    return word.strip(_MARKS).casefold()


def _ends(word: str) -> bool:
    return word[-1:] in _MARKS


def are_names(items: Sequence[Item], *, unread: bool = False) -> bool:
    """Tell whether items are names, as of people, hardly one twice: "Deniz Kaya", "Ana de la Cruz".

    Where the items' vectors say nothing of their words, as those of the nodes of a graph, *unread*, anything short is.
    """
    rows = spread(np.arange(len(items)), _SAMPLE)
    texts = list(each([items[row] for row in rows.tolist()], lambda kind: kind.words))
    named = [text for text in texts if text and _is_short(text) and (unread or _is_name(text))]
    different = len({text.casefold() for text in named})
    return len(named) >= max(_FEWEST, _NAMES * len(texts)) and different >= _DIFFERENT * len(named)


def _is_short(text: str) -> bool:
    return len(text) <= _LONGEST and len(text.split()) <= _LONGEST_NAME and any(map(str.isalpha, text))


def _is_name(text: str) -> bool:
    """Whether each word has a capital, but for particles, and nothing ends a sentence."""
    words = [word.strip(",.()'’\"") for word in text.split()]
    large = [word for word in words if word and word.casefold() not in _PARTICLES]
    return bool(large) and text[-1:] not in "!?" and all(word[0].isupper() for word in large)
