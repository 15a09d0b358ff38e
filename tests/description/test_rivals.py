"""The nearest name of another group, after names have changed, against looking at all of them."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.description.rivals import Rivals


@pytest.mark.parametrize("seed", range(8))
def test_rivals_are_those_of_all_names_however_often_one_changes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups, rows = int(rng.integers(2, 30)), int(rng.integers(1, 200))
    near = np.full((groups, rows), -2.0, np.float32)
    named = rng.choice(groups, int(rng.integers(1, groups + 1)), replace=False).tolist()
    for at in named:
        near[at] = np.round(rng.normal(size=rows), 1)  # many are equally near
    rivals = Rivals(groups, {at: near[at].copy() for at in named}, rows)
    for _ in range(60):
        at = int(rng.integers(groups))
        assert np.array_equal(rivals.besides(at), np.delete(near, at, axis=0).max(axis=0))
        near[at] = np.round(rng.normal(size=rows), 1)
        rivals.put(at, near[at].copy())
        assert np.array_equal(rivals.near, near)
