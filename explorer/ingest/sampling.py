"""Takes a part of a dataset by chance: any rows, or as many of each value of a column as it has of all.

It reads no files and decides no size.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.columns import as_written, filled
from explorer.errors import BadSetting, UnknownColumn
from explorer.ingest.faults import faults_of, where_in
from explorer.ingest.naming import dataset_keys
from explorer.types import Dataset, items_of

LARGE = 100_000
"""Rows from which a part of them is offered."""


def sampled(dataset: Dataset, n: int, *, by: str | None = None, seed: int = 0) -> Dataset:
    """Return a dataset of n of the rows, in their order; all of them where there are no more.

    *by* a column each of its values has the share of the part that it has of the whole, and at least one row as long
    as there are no more values than rows.  The same *seed* takes the same rows.  Raises BadSetting, UnknownColumn.
    """
    rows = sampled_rows(dataset, n, by=by, seed=seed)
    return dataset if len(rows) == len(dataset) else _part(dataset, rows)


def sampled_rows(dataset: Dataset, n: int, *, by: str | None = None, seed: int = 0) -> NDArray[np.int64]:
    """Return the rows, ascending, that `sampled` takes.  Raises BadSetting, UnknownColumn."""
    if n < 1:
        raise BadSetting(f"a sample of {n} rows holds nothing; take 1 or more.")
    if by is not None and by not in dataset.table.columns:
        names = ", ".join(map(str, dataset.table.columns)) or "none"
        raise UnknownColumn(f"column {by!r} not found in {dataset.name}; its columns are {names}.")
    if n >= len(dataset):
        return np.arange(len(dataset))
    rng = np.random.default_rng(seed)
    rows = rng.choice(len(dataset), n, replace=False) if by is None else _stratified(dataset.table[by], n, rng)
    return np.sort(rows)


def _part(dataset: Dataset, rows: NDArray[np.int64]) -> Dataset:
    items = items_of(dataset.items, rows)
    table = dataset.table.iloc[rows].reset_index(drop=True)
    faults = tuple(dataset.rejected)
    given = None if dataset.given is None else dataset.given.taken(rows)
    key, items_key = dataset_keys(items, table, faults, dataset.columns, dataset.text_column, dataset.name, given)
    places = None if dataset.places is None else dataset.places.taken(rows, items_key)
    own = () if dataset.version is None else {dataset.version.column} & {*table.columns}  # it is not the file's
    found = faults_of(items, table.drop(columns=[*own]), faults, where_in(places), dataset.signs)
    name = sample_name(dataset.name, len(items), len(dataset))
    kept = replace(dataset, key=key, items_key=items_key, name=name, items=items, table=table, given=None)
    return replace(kept, faults=found, places=places, given=given)


def sample_name(name: str, taken: int, rows: int) -> str:
    """Return what a part of a dataset is called."""
    return f"{name} ({taken:,} of {rows:,} rows)"


def _stratified(values: Any, n: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return n rows, of each value of a column, and of none, its share."""
    import pandas as pd

    codes, _ = pd.factorize(as_written(filled(values)), use_na_sentinel=False)
    sizes = np.bincount(codes)
    wanted = _shares(sizes, n)
    mixed = rng.permutation(len(codes))
    order = mixed[np.argsort(codes[mixed], kind="stable")]
    starts = np.cumsum(sizes) - sizes
    return np.concatenate([order[start : start + take] for start, take in zip(starts, wanted, strict=True)])


def _shares(sizes: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Return how many of each group make n in all: their shares, the largest remainders rounded up, none left out.

    Source: Hamilton's method, with a seat for each first where there are enough.
    """
    least = np.ones_like(sizes) if len(sizes) <= n else np.zeros_like(sizes)
    exact = n * sizes / sizes.sum()
    taken = np.maximum(least, np.floor(exact).astype(np.int64))
    while taken.sum() > n:  # a seat for each small one is taken from those that have most beyond their share
        taken[np.argmax(np.where(taken > least, taken - exact, -np.inf))] -= 1
    short = np.argsort(taken - exact, kind="stable")[: n - int(taken.sum())]
    taken[short] += 1
    return np.asarray(np.minimum(taken, sizes), np.int64)
