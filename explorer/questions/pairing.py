"""Which rows of two runs are the same item, and which of these say the same as one before them.

It compares nothing else of the runs: `comparing` does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from explorer.errors import BadSetting
from explorer.kinds import kind_of
from explorer.questions.exact import AT_ONCE
from explorer.types import IntArray, Item, KeptItems, Run, items_of, spans

LEAST = 3
"""Rows that two runs have to share: of two rows each is the other's neighbour whatever reads them."""


def pairs_of(a: Run, b: Run) -> tuple[IntArray, IntArray]:
    """Return the rows of *a* and of *b*, int32 (m,) each, that are the same items and have a vector in both.

    Of one dataset row i is row i.  Of versions of it items are the same that hold the same, the n-th of several with
    the n-th.  Raises BadSetting for runs that share fewer than `LEAST` rows.
    """
    if a.dataset.key == b.dataset.key:
        rows_a = rows_b = np.arange(len(a.dataset), dtype=np.int32)
    else:
        rows_a, rows_b = _same(_held(a.dataset.items), _held(b.dataset.items))
    usable = a.embeddings.ok[rows_a] & b.embeddings.ok[rows_b]
    if np.count_nonzero(usable) < LEAST:
        raise BadSetting(
            f"the maps {a.name or a.key} and {b.name or b.key} share {np.count_nonzero(usable)} rows that both could "
            f"read; it takes {LEAST} to compare them. Choose two maps of the same data."
        )
    return rows_a[usable], rows_b[usable]


def first_copies(items: Sequence[Item], rows: IntArray) -> IntArray:
    """Return int32 (m,): for each of these rows of *items* the place among them of the first that says the same.

    As hits are told apart (`exact.mark_same`): by their texts, pictures by their files.
    """
    first = dict[bytes | str, int]()
    told = np.empty(len(rows), np.int32)
    for start, end in spans(rows.astype(np.int64), items, most=AT_ONCE):
        for place, item in enumerate(items_of(items, rows[start:end]), start):
            told[place] = first.setdefault(_said(item), place)
        if isinstance(items, KeptItems):
            items.let_go()
    return told


def _said(item: Item) -> bytes | str:
    kind = kind_of(item)
    text = None if kind.has_picture else kind.text(item)
    return kind.digest(item) or repr(item) if text is None else text


def _held(items: Sequence[Item]) -> list[bytes]:
    held = list[bytes]()
    for start, end in spans(np.arange(len(items)), items, most=AT_ONCE):
        held += [kind_of(item).digest(item) for item in items[start:end]]
        if isinstance(items, KeptItems):
            items.let_go()
    return held


def _same(a: Sequence[bytes], b: Sequence[bytes]) -> tuple[IntArray, IntArray]:
    """Return the places in *a*, ascending, and in *b* of what is in both; what is not known, b"", is in neither."""
    waiting: defaultdict[bytes, list[int]] = defaultdict(list)
    for row in range(len(b) - 1, -1, -1):
        waiting[b[row]].append(row)
    waiting.pop(b"", None)
    found = [(row, waiting[held].pop()) for row, held in enumerate(a) if waiting.get(held)]
    pairs: NDArray[np.int32] = np.array(found, np.int32).reshape(-1, 2)
    return pairs[:, 0].copy(), pairs[:, 1].copy()
