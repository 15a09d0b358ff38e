"""Makes names different that have the same words, in whatever order: with another keyword, an example or a number.

It finds no names; `naming` does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import count as counted

from explorer.description.keywords import Keywords, name_of
from explorer.description.titles import share_words, telling_words


def all_different(
    names: Sequence[str],
    keywords: Callable[[int], Keywords],
    *,
    first: Sequence[int],
    example: Callable[[int], str],
    apart: Callable[[int, Sequence[int]], Sequence[str]] = lambda at, others: (),
) -> list[str]:
    """Return the names, later ones that have the same words with a word that sets them *apart* from those groups, by
    another keyword, as an example or with a number.

    Those of *first* come first and stay where they differ at all; a group without a name has its number, from 1.
    """
    made = dict.fromkeys(range(len(names)), "")
    taken: set[str] = set()
    called: defaultdict[frozenset[str], list[int]] = defaultdict(list)

    def is_taken(name: str) -> bool:
        return bool(called.get(telling_words(name)))

    def other(at: int, name: str) -> str:
        said = [f"{name}, {word}" for word in apart(at, called[telling_words(name)]) if not share_words(word, name)]
        known = keywords(at)
        said += [name_of(known, taken=is_taken, numbered=False)] if known else []
        return next((one for one in said if one and not is_taken(one)), example(at) or name)

    stays = set(first)
    for at in [*first, *(at for at in made if at not in stays)]:
        name = names[at] or f"cluster {at + 1}"
        if is_taken(name) and (at not in stays or name.casefold() in taken):
            name = other(at, name)
        if name.casefold() in taken:
            name = next(f"{name} ({i})" for i in counted(2) if f"{name} ({i})".casefold() not in taken)
        made[at] = name
        taken.add(name.casefold())
        called[telling_words(name)].append(at)
    return list(made.values())
