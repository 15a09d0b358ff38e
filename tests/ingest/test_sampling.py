"""A part of a dataset, by chance or by the values of a column."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from explorer.errors import BadSetting, UnknownColumn
from explorer.ingest import load_text, sampled
from explorer.ingest.sampling import _shares

ROWS = 1000
LABELS = ["common"] * 900 + ["rare"] * 90 + ["single"] + [None] * 9


def dataset():
    whole = load_text("\n".join(f"text number {at}" for at in range(ROWS)), name="a.txt")
    return replace(whole, table=pd.DataFrame({"label": LABELS, "n": range(ROWS)}), columns=("label", "n"))


def test_a_part_has_its_rows_in_order_its_own_key_and_is_the_same_again():
    part = sampled(dataset(), 100)
    assert (len(part), part.name) == (100, "a.txt (100 of 1,000 rows)")
    assert list(part.items) == [f"text number {n}" for n in part.table["n"]]
    assert part.table["n"].is_monotonic_increasing
    assert part.table.index.equals(pd.RangeIndex(100))
    assert part.key == sampled(dataset(), 100).key != dataset().key
    assert part.key != sampled(dataset(), 100, seed=1).key
    whole = dataset()
    assert sampled(whole, ROWS) is sampled(whole, 10 * ROWS) is whole


def test_by_a_column_each_value_has_its_share_and_none_is_left_out():
    part = sampled(dataset(), 100, by="label")
    counts = Counter(part.table["label"].fillna("none"))
    assert counts == {"common": 89, "rare": 9, "single": 1, "none": 1}
    for_each = sampled(dataset(), 4, by="label")
    assert sorted(for_each.table["label"].fillna("none")) == ["common", "none", "rare", "single"]


@pytest.mark.parametrize("seed", range(30))
def test_shares_add_up_and_take_no_more_than_there_are(seed):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 10 ** rng.integers(1, 5), rng.integers(1, 60))
    n = int(rng.integers(1, sizes.sum() + 1))
    taken = _shares(sizes, n)
    assert taken.sum() == n
    assert (taken <= sizes).all()
    assert (taken > 0).all() or len(sizes) > n


def test_what_cannot_be_is_refused_with_the_columns_there_are():
    with pytest.raises(BadSetting, match="take 1 or more"):
        sampled(dataset(), 0)
    with pytest.raises(UnknownColumn, match="its columns are label, n"):
        sampled(dataset(), 10, by="none")
