"""How two lists of neighbours, or two groupings of the same rows, agree: measures over arrays.

They know no run and no words.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.types import BoolArray, IntArray

_BLOCK = 20_000
Labels = NDArray[Any]


def shared(near: IntArray, other: IntArray) -> BoolArray:
    """Return bool (m, k): which of each row's neighbours (m, k) are among its *other* neighbours too.  O(m·k²)."""
    found = np.empty(near.shape, np.bool_)
    for start in range(0, len(near), _BLOCK):
        part = slice(start, start + _BLOCK)
        found[part] = (near[part, :, None] == other[part, None, :]).any(axis=2)
    return found


def counted(a: Labels, b: Labels) -> NDArray[np.int64]:
    """Return int64 (r, s): how many rows are in each group of *a* and each of *b*, both codes from 0 on, (m,) each."""
    r, s = (int(codes.max(initial=-1)) + 1 for codes in (a, b))
    return np.bincount(a.astype(np.int64) * s + b, minlength=r * s).reshape(r, s)


def codes_of(labels: Labels) -> IntArray:
    """Return codes from 0 on of any labels (m,), in their order."""
    return np.unique(labels, return_inverse=True)[1].reshape(-1).astype(np.int32)


def mutual_information(a: Labels, b: Labels) -> float:
    """Return the mutual information of two groupings (m,), over the mean of their entropies: 0…1.

    1 where both are one group, as scikit-learn has it.
    """
    table = counted(codes_of(a), codes_of(b)).astype(np.float64)
    share = table / max(table.sum(), 1.0)
    in_a, in_b = share.sum(axis=1), share.sum(axis=0)
    if len(in_a) <= 1 and len(in_b) <= 1:
        return 1.0
    rows, columns = np.nonzero(share)
    found = share[rows, columns]
    mutual = float((found * np.log(found / (in_a[rows] * in_b[columns]))).sum())
    entropy = [-float((one[one > 0] * np.log(one[one > 0])).sum()) for one in (in_a, in_b)]
    mean = sum(entropy) / 2
    return min(1.0, max(0.0, mutual / mean)) if mean > 0 else 0.0


def voted(near: IntArray, codes: IntArray) -> IntArray:
    """Return int32 (m,): the code that most of a row's neighbours (m, k) have, of as many votes the lowest.

    As a vote of k-nearest-neighbour classifiers; *codes* are those of the m rows.  O(m·k²).
    """
    winner = np.empty(len(near), np.int32)
    for start in range(0, len(near), _BLOCK):
        votes = codes[near[start : start + _BLOCK]]
        count = (votes[:, :, None] == votes[:, None, :]).sum(axis=2)
        most = count == count.max(axis=1, keepdims=True)
        winner[start : start + _BLOCK] = np.where(most, votes, np.iinfo(np.int32).max).min(axis=1)
    return winner
