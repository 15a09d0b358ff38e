"""Makes names different that have the same words, in whatever order: with another keyword, an example or a number.

It finds no names; `naming` does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count as counted

from explorer.description.keywords import Keywords, name_of
from explorer.description.titles import telling_words


def all_different(
    names: Sequence[str], keywords: Callable[[int], Keywords], *, first: Sequence[int], example: Callable[[int], str]
) -> list[str]:
    """Return the names, later ones that have the same words with another keyword, as an example or with a number.

    Those of *first* come first; a group without a name has its number, from 1.
    """
    made = dict.fromkeys(range(len(names)), "")
    taken: set[str] = set()
    words: set[frozenset[str]] = set()

    def is_taken(name: str) -> bool:
        return telling_words(name) in words

    for at in [*first, *(at for at in made if at not in set(first))]:
        name = names[at] or f"cluster {at + 1}"
        if is_taken(name) and (words_of := keywords(at)):
            name = name_of(words_of, taken=is_taken, numbered=False) or name
        if is_taken(name):
            name = example(at) or name
        if name.casefold() in taken:
            name = next(f"{name} ({i})" for i in counted(2) if f"{name} ({i})".casefold() not in taken)
        made[at] = name
        taken.add(name.casefold())
        words.add(telling_words(name))
    return list(made.values())
