"""Tells which nodes of a graph are called nearly alike: by blanks, by small and capital letters, by forms of Unicode.

It merges none and renames none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from explorer.types import NOTE, Rejected, cut

_SHOWN, _LONGEST = 3, 40
_UNSEEN = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")


def trimmed(names: Iterable[str | None], source: str) -> list[Rejected]:
    """Return what is said of names that were read without the blanks around them, where some stand without such, too.

    “Anna ” and “Anna” are one node: nobody means two by it, and spreadsheets do not show it.
    """
    unlike = {name for name in names if name}
    bare = sorted(name for name in unlike if (short := name.strip()) != name and short in unlike)
    if not bare:
        return []
    shown = ", ".join(f"“{_told(name)}”" for name in bare[:_SHOWN])
    are = "are the same nodes" if len(bare) > 1 else "is the same node"
    reason = f"{shown}{_more(bare)} {are} as without the blanks around the name"
    return [Rejected(source, None, reason, what=NOTE)]


def alike(ids: Sequence[str], source: str) -> list[Rejected]:
    """Return what is said of nodes whose names differ only in blanks, in small and capital letters or in Unicode."""
    seen: dict[str, str] = {}
    twins: list[tuple[str, str]] = []
    for one in ids:
        other = seen.setdefault(_key(one), one)
        if other != one:
            twins.append((other, one))
    if not twins:
        return []
    shown = "; ".join(f"“{_told(one)}” and “{_told(other)}”" for one, other in twins[:_SHOWN])
    reason = (
        f"{shown}{_more(twins)} differ only in blanks, in small and capital letters or in how their signs are coded; "
        "each is a node of its own. Write them alike in the file if they are the same"
    )
    return [Rejected(source, None, reason, what=NOTE)]


def _key(name: str) -> str:
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFKC", name)).casefold().split())


def _told(name: str) -> str:
    return cut(name, _LONGEST).replace("\t", "⇥").replace("\n", "⏎")


def _more(some: Sequence[object]) -> str:
    return f" and {len(some) - _SHOWN:,} more" if len(some) > _SHOWN else ""
