"""Files that are made piece by piece are those of all items at once."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from explorer.report import render, tables
from explorer.report.archive import selected_items
from explorer.report.tables import as_csv, as_parquet, items_table
from explorer.types import Run
from tests.report.small import small_run

ROWS = 45_000


@pytest.fixture(scope="module")
def long_run() -> Run:
    """A run of several pieces, whose pieces differ: dates with and without times, texts that come late, no value."""
    small = small_run()
    again = np.arange(ROWS) % len(small.dataset)
    late = np.arange(ROWS) >= 40_000
    days = pd.Series(pd.Timestamp("2024-01-31") + pd.to_timedelta(np.arange(ROWS) % 9, unit="D"))
    table = pd.DataFrame(
        {
            "day": days.where(~late, days + pd.Timedelta("90min")),
            "count": pd.array(np.where(late, 1, 7), "Int64"),
            "late": pd.Series(["said, late" if one else None for one in late], dtype="str"),
            "mixed": pd.Series(["x" if one else 3 for one in late], dtype=object),
            "x": np.arange(ROWS) / 7,
        }
    )
    table.loc[3, ["day", "count", "mixed"]] = None
    items = [f"=row {row}" for row in range(ROWS)]
    dataset = replace(small.dataset, items=items, table=table, columns=("text", *table.columns))
    arrays = {"labels": small.clustering.labels[again], "strength": small.clustering.strength[again]}
    known = small.embeddings
    embeddings = replace(known, vectors=known.vectors[again], ok=known.ok[again], truncated=known.truncated[again])
    graph = replace(small.knn, rows=small.knn.rows[again], distances=small.knn.distances[again])
    return replace(
        small,
        dataset=dataset,
        embeddings=embeddings,
        knn=graph,
        projection=replace(small.projection, xy=small.projection.xy[again], preservation=np.zeros(ROWS, np.float32)),
        clustering=replace(small.clustering, **arrays, belongs=None, nearest=None, levels=None),
        levels=(),
    )


def test_csv_of_pieces_is_that_of_all_items_to_the_byte(long_run: Run) -> None:
    assert render(long_run, "csv") == as_csv(items_table(long_run))
    rows = np.flatnonzero(np.arange(ROWS) % 3 == 0)
    assert b"".join(selected_items(long_run, rows)) == as_csv(items_table(long_run).iloc[rows])
    assert b"".join(selected_items(long_run, rows[:0])) == as_csv(items_table(long_run).iloc[:0])


def test_parquet_of_pieces_has_the_types_and_values_of_all_items(long_run: Run) -> None:
    found = pq.read_table(io.BytesIO(render(long_run, "parquet")))
    wanted = pq.read_table(io.BytesIO(as_parquet(items_table(long_run))))
    assert found.schema.remove_metadata() == wanted.schema.remove_metadata()
    assert found.equals(wanted)


def test_json_of_pieces_is_written_as_one_document(long_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    told = render(small_run(), "json")
    assert told.decode() == json.dumps(json.loads(told), ensure_ascii=False, indent=1)
    monkeypatch.setattr("explorer.report.record._AT_ONCE", 2)
    assert render(small_run(), "json") == told


def test_vectors_of_pieces_are_the_file_that_numpy_writes(long_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.report.piecewise._BYTES", 100_000)
    whole = io.BytesIO()
    np.save(whole, np.ascontiguousarray(long_run.embeddings.vectors), allow_pickle=False)
    assert render(long_run, "npy") == whole.getvalue()


def test_no_piece_holds_more_than_a_part(long_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    true = tables.items_between
    monkeypatch.setattr(tables, "items_between", lambda run, a, b, **how: seen.append(b - a) or true(run, a, b, **how))
    for kind in ("csv", "parquet"):
        render(long_run, kind)
    assert 0 < max(seen) <= 20_000
