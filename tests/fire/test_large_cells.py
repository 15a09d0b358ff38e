"""Cells as long as a reader lets them be, of a file that packs them well: what is shown and taken away of them."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from explorer.portable import packed
from explorer.questions import answers, columns
from explorer.questions.exact import holding
from explorer.report import pieces, render, rows_as_csv
from explorer.report.archive import bundle, selected_items
from explorer.runs import open_run
from explorer.types import Run
from explorer.workspace import Workspace, datafiles
from tests import synthetic

ROWS, MIB = 60, 2**20
PIECE, ANSWER, HELD = 8 * MIB, 4 * MIB, 50 * MIB
"""Bytes of a piece, of an answer, and of all that is held for it: a fraction of what one row has here."""
NASTY = ('=1+1 "quoted", and', "''\u3164@SUM(1)", "-5", "\r\nline", " , ", "ümlaut \U0001f9ea ", "\t", "'", "word ")


def with_cells(run: Run, long: int, folder: Path, large: tuple[int, ...] = (3, 4, 20, 40)) -> tuple[Run, Run]:
    """Return a run with such cells in some rows, held in memory and left on the disk; dates differ by neighbours."""
    rows = np.arange(ROWS)
    columns = {
        f"c{at}": pd.Series([(NASTY[(at + row) % 9] * long)[: long * 6] if row in large else "x" for row in rows])
        for at in range(9)
    }
    days = pd.Series(pd.Timestamp("2024-01-31") + pd.to_timedelta(rows, unit="D"))
    days[50], days[7] = days[50] + pd.Timedelta("90min"), None
    table = pd.DataFrame(
        {"day": days, **columns, "n": rows, "alike": ["y" * min(long, 10_000) + str(row % 2) for row in rows]}
    )
    items = [f"{NASTY[row % 9]} {'long ' * (long if row in large[::2] else 2)}{row}" for row in range(ROWS)]
    dataset = replace(run.dataset, key="e" * 16, items=items, table=table, columns=("text", *table.columns))
    workspace = Workspace(folder)
    workspace.datasets.keep(dataset)
    held, kept = (workspace.datasets.open("e" * 16, on_disk=on_disk) for on_disk in (False, True))
    return replace(run, dataset=held), replace(run, dataset=kept)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("cells")
    return open_run(synthetic.write_run(folder, ROWS, dim=8, clusters=3), workspace=folder)


@pytest.fixture
def both(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Run, Run]:
    """Rows of which some are larger than may be held, and most stretches are: what may be held is little."""
    monkeypatch.setattr(datafiles, "LOOK_BYTES", 100)
    monkeypatch.setattr("explorer.types.kept.TOGETHER", 20_000)
    monkeypatch.setattr("explorer.report.long.TOGETHER", 20_000)
    monkeypatch.setattr("explorer.report.long.STRETCH", 1_000)
    return with_cells(run, 1_500, tmp_path / "w")


def test_large_rows_are_written_whole_and_as_small_ones_are(both: tuple[Run, Run]) -> None:
    held, kept = both
    assert render(kept, "csv") == render(held, "csv")
    assert json.loads(render(kept, "json")) == json.loads(render(held, "json"))
    assert render(kept, "json") == render(held, "json")
    assert pq.read_table(io.BytesIO(render(kept, "parquet"))).equals(pq.read_table(io.BytesIO(render(held, "parquet"))))
    assert b"".join(rows_as_csv(kept.dataset, 25)) == b"".join(rows_as_csv(held.dataset, 25))
    for some in (np.array([2, 3, 7, 20, 21, 50]), np.arange(0, ROWS, 2)):
        assert b"".join(selected_items(kept, some)) == b"".join(selected_items(held, some))
    assert render(kept, "html") == render(held, "html")


def test_large_rows_are_told_the_same_from_the_disk_and_from_memory(both: tuple[Run, Run]) -> None:
    held, kept = both
    for row in (3, 4, 20):
        assert answers.item(kept, row) == answers.item(held, row)
        assert answers.briefs(kept, [row])[0] == answers.briefs(held, [row])[0]
    assert answers.cells(kept, [3, 1], ["c1", "day"]) == answers.cells(held, [3, 1], ["c1", "day"])
    for name in ("alike", "c0", "c5", "day"):
        assert columns.column(kept, name) == columns.column(held, name)
    assert len(columns.column(kept, "alike")["values"]) == 2, "values that differ at their ends alone are two"
    phrases = ["long long"]
    assert holding(kept.dataset.items, phrases).tolist() == holding(held.dataset.items, phrases).tolist()


def test_what_is_shown_of_large_cells_is_cut_with_a_sign(run: Run, tmp_path: Path) -> None:
    _, kept = with_cells(run, 400_000, tmp_path / "w")
    told = answers.item(kept, 3)
    assert all(told["metadata"][f"c{at}"].endswith("…") for at in range(9) if NASTY[(at + 3) % 9] != "\t")
    assert told["text"].endswith("…")
    assert len(json.dumps(told)) < ANSWER
    assert len(json.dumps(columns.column(kept, "alike"))) < 10_000


@pytest.fixture(scope="module")
def large(run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Run]:
    """A run with a row of 108 MB."""
    folder = tmp_path_factory.mktemp("large") / "w"
    return Workspace(folder), with_cells(run, 2 * MIB, folder, (3,))[1]


ASKED: dict[str, Callable[[Workspace, Run], Iterator[bytes]]] = {
    "csv": lambda _, run: pieces(run, "csv"),
    "json": lambda _, run: pieces(run, "json"),
    "parquet": lambda _, run: pieces(run, "parquet"),
    "zip": lambda _, run: bundle(run),
    "selection": lambda _, run: selected_items(run, np.arange(ROWS)),
    "portable": lambda workspace, run: packed(workspace, run.dataset.key),
    "item": lambda _, run: iter([json.dumps(answers.item(run, 3)).encode()]),
    "cells": lambda _, run: iter([json.dumps(answers.cells(run, [3, 4], list(run.dataset.table.columns))).encode()]),
    "column": lambda _, run: iter([json.dumps(columns.column(run, "c3")).encode()]),
    "values": lambda _, run: iter([json.dumps(columns.found(run, "c3", "word")).encode()]),
    "clusters": lambda _, run: iter([json.dumps(answers.clusters(run)).encode()]),
}


@pytest.mark.parametrize("name", ASKED)
def test_no_answer_holds_a_large_row(large: tuple[Workspace, Run], name: str) -> None:
    list(ASKED[name](*large))  # what is imported and kept the first time does not count
    tracemalloc.start()
    try:
        sizes = [len(piece) for piece in ASKED[name](*large)]
        held = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert max(sizes) <= PIECE, f"a piece of {max(sizes):,} bytes"
    assert held < HELD, f"{held:,} bytes at once"


def test_a_saved_dataset_has_its_large_cells_whole(large: tuple[Workspace, Run]) -> None:
    workspace, run = large
    saved = zipfile.ZipFile(io.BytesIO(b"".join(packed(workspace, run.dataset.key))))
    table = pq.read_table(saved.open("dataset/table.parquet"), columns=["c5"])
    assert len(table["c5"][3].as_py()) == len(run.dataset.table.iloc[3]["c5"])
    assert saved.getinfo("items.csv").file_size > 80 * MIB
