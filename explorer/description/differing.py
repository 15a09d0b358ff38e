"""Makes names that are the same different: with another keyword, an example or a number.

It finds no names; `naming` does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count as counted

from explorer.description.keywords import Keywords, name_of


def all_different(
    names: Sequence[str], keywords: Sequence[Keywords], *, first: Sequence[int], example: Callable[[int], str]
) -> list[str]:
    """Return the names, later ones that are the same with another keyword, as an example or with a number.

    Those of *first* come first.
    """
    made = dict.fromkeys(range(len(names)), "")
    taken: set[str] = set()
    for at in [*first, *(at for at in made if at not in set(first))]:
        name = names[at] or f"cluster {at}"
        if name.casefold() in taken and keywords[at]:
            name = name_of(keywords[at], taken=lambda name: name.casefold() in taken, numbered=False) or name
        if name.casefold() in taken:
            name = example(at) or name
        if name.casefold() in taken:
            name = next(f"{name} ({i})" for i in counted(2) if f"{name} ({i})".casefold() not in taken)
        made[at] = name
        taken.add(name.casefold())
    return list(made.values())
