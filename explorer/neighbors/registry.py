"""The registry of neighbour indexes: ours, and those that packages add, by name or by the scheme of an address.

It does not choose between them: `graph` does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from explorer.errors import BadSetting
from explorer.neighbors.approximate import IvfIndex
from explorer.neighbors.exact import ExactIndex
from explorer.types import Additions, FloatArray, NeighborIndex, Unfit, additions, needs

GROUP = "explorer.stores"


@dataclass(frozen=True)
class IndexFamily:
    """Indexes at addresses ``scheme`` or ``scheme://REST``.

    *make* is given float32 (n, d) vectors, and ``metric`` "cosine" or "euclidean".  *recall* is the share of the true
    neighbours that one owes to queries unlike the vectors that it was tuned on.
    """

    scheme: str
    summary: str
    make: Callable[..., NeighborIndex]
    recall: float = 1.0


OWN = (
    IndexFamily("exact", "Compares with every row.", ExactIndex),
    IndexFamily("ivf", "Looks into the nearest cells of a k-means (faiss).", IvfIndex, recall=0.8),
)


@lru_cache(maxsize=1)
def added() -> Additions[IndexFamily]:
    """Return the families that installed packages add; loaded when first asked for."""
    taken = [family.scheme for family in OWN]
    return additions(GROUP, check=check_index_family, names=lambda family: (family.scheme,), taken=taken)


def list_indexes() -> tuple[IndexFamily, ...]:
    """Return the families of indexes, ours first."""
    return (*OWN, *added().families)


def make_index(address: str, vectors: FloatArray, *, metric: str = "cosine") -> NeighborIndex:
    """Return an index over float32 (n, d) vectors, unit length for "cosine".  Raises BadSetting for no such scheme."""
    scheme = address.partition("://")[0]
    for family in list_indexes():
        if family.scheme == scheme:
            return family.make(vectors, metric=metric)
    known = ", ".join(family.scheme for family in list_indexes())
    raise BadSetting(f"there is no neighbour index {address!r}; choose {known}.")


def check_index_family(family: IndexFamily) -> None:
    """Raise Unfit unless the family has what `IndexFamily` has."""
    needs(family, scheme=str, summary=str, make=object, recall=float)
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*", family.scheme):
        raise Unfit(f"its scheme is {family.scheme!r}; it must be small letters, digits, '+', '.' and '-'")
