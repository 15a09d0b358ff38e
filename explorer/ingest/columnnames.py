"""Makes names of columns that a table can have: none empty, no two alike.

Which line or row has them `shape` finds out.
"""

from __future__ import annotations

from collections.abc import Iterable

from explorer.ingest.encodings import printable


def names_for(width: int) -> tuple[str, ...]:
    """Return the names of columns that have none."""
    return ("text",) if width == 1 else tuple(f"column {i + 1}" for i in range(width))


def unique_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the column names, blanks folded, an empty one named by its position, a repeated one numbered."""
    unique: dict[str, None] = {}
    following: dict[str, int] = {}
    for position, given in enumerate(names, start=1):
        base = " ".join(printable(given).replace("\ufeff", "").split()) or f"column {position}"
        name, number = base, following.get(base, 2)
        while name in unique:
            name, number = f"{base}_{number}", number + 1
        following[base] = number  # the numbers before it are taken for good: no name is tried twice
        unique[name] = None
    return tuple(unique)
