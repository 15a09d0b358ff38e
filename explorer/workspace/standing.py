"""Keeps where the rows of a dataset stand in the files that they came from: `places.parquet`, a line a stretch of rows.

It knows no file formats: readers said how records are numbered.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from explorer.types import Places

FILE = "places.parquet"


def write_places(folder: Path, places: Places | None) -> None:
    """Write the places of a dataset's rows, if they are known."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if places is None:
        return
    columns = {"start": pa.array(places.starts), "number": pa.array(places.numbers)}
    for name, words in zip(("noun", "within", "source"), zip(*places.ways, strict=True), strict=True):
        ways = pa.array([word.encode("utf-8", "replace").decode() for word in words], pa.large_string())
        columns[name] = pa.DictionaryArray.from_arrays(pa.array(places.parts, pa.int32()), ways)
    table = pa.table(columns).replace_schema_metadata({"of": places.of})
    pq.write_table(table, folder / FILE, compression="zstd")


def read_places(folder: Path) -> Places | None:
    """Return the places that `write_places` wrote; None for a dataset of an earlier version.  Raises ValueError."""
    import pandas as pd
    import pyarrow.parquet as pq

    if not (folder / FILE).exists():
        return None
    table = pq.read_table(folder / FILE)
    starts, numbers = (np.asarray(table[name].to_numpy(), np.int64) for name in ("start", "number"))
    words = [pd.factorize(table[name].to_pandas().astype(object)) for name in ("noun", "within", "source")]
    if len(starts) == 0 or starts[0] != 0 or (np.diff(starts) <= 0).any() or (numbers < 1).any():
        raise ValueError(f"{FILE} does not say where rows stand")
    codes = np.stack([np.asarray(code, np.int64) for code, _ in words], axis=1)
    different, parts = np.unique(codes, axis=0, return_inverse=True)
    ways = tuple(tuple(str(known[at]) for (_, known), at in zip(words, one, strict=True)) for one in different.tolist())
    of = (table.schema.metadata or {}).get(b"of", b"").decode()
    return Places(of, starts, numbers, np.asarray(parts, np.int64).reshape(-1), ways)  # type: ignore[arg-type]


def nouns_in(folder: Path) -> frozenset[str]:
    """Return by which nouns rows of a dataset stand in their files, none where that is not known."""
    import pyarrow.parquet as pq

    if not (folder / FILE).exists():
        return frozenset()
    return frozenset(map(str, pq.read_table(folder / FILE, columns=["noun"])["noun"].unique().to_pylist()))
