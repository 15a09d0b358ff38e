"""A preview of a new version shows first what is new or edited in it."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from explorer import ingest
from explorer.ingest import Change
from explorer.kinds import which
from explorer.runs import make_version
from explorer.server.firstrows import are_written, cells_of, first_rows
from explorer.ui import revising
from explorer.ui.preview import look
from explorer.workspace import Workspace


def test_rows_that_are_new_or_edited_come_first_and_are_told(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    lines = "\n".join(f"the wish of number {row}" for row in range(40))
    first = workspace.datasets.keep(ingest.load_text(lines, name="wishes"))
    more = tmp_path / "more.txt"
    more.write_text("a wish that is new\n")
    made = make_version(workspace, first, Change((3,), {20: "a wish that is another one"}), [more])
    dataset, rows, changed = first_rows(workspace, made, 10)
    cells, _ = cells_of(dataset)
    texts = [row["text"] for row in cells]
    assert (texts[:3], changed) == (
        ["a wish that is another one", "a wish that is new", "the wish of number 0"],
        2,
    )
    assert rows.tolist() == [19, 39, *range(8)]
    assert which(dataset.items, lambda kind: kind.has_picture).sum() == 0
    preview = {"columns": [], "text_column": None, "text_columns": [], "candidates": [], "rejected": []}
    record = {**workspace.datasets.record(made), "rejected": 0}
    shown = str(look(record, {**preview, "rows": cells, "changed": changed, "count": 40, "images": []}))
    assert "The 2 rows that are new or edited in this version, then the first 8 others, of 40" in shown

    before, rows, changed = first_rows(workspace, first, 10)
    assert (len(before), rows.tolist(), changed) == (10, list(range(10)), 0)
    removed = make_version(workspace, made, Change((0,)))
    assert first_rows(workspace, removed, 5)[2] == 0
    told = workspace.datasets.record(removed)["version"]
    assert "was made of “wishes, version 2” and holds what that changed" in revising._made_of(told)


def test_an_edited_row_is_not_called_new() -> None:
    onto = {"name": "a map", "placed": 3, "strange": 0}
    assert "'2 new, 1 edited'" in str(revising.facts(onto, {"edited": 1}))
    assert "'3 new'" in str(revising.facts(onto))


def test_cells_are_written_as_in_the_file(tmp_path: Path) -> None:
    texts = [f"The dogs next door bark at night {row}" for row in range(4)]
    lines = ["text,score,nights,size", *(f"{text},{row + 5}.0,{row or ''},1.5" for row, text in enumerate(texts))]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    table = pd.DataFrame({"text": texts, "score": [7.0, 7.5, 8.0, 9.0], "nights": [None, 1, 2, 3]})
    table.to_parquet(tmp_path / "b.parquet")
    for name, scores, nights in (
        ("a.csv", ["5.0", "6.0", "7.0", "8.0"], ["", "1", "2", "3"]),
        ("b.parquet", ["7.0", "7.5", "8.0", "9.0"], ["", "1", "2", "3"]),
    ):
        workspace = Workspace(tmp_path / f"{name}-w")
        key = workspace.datasets.keep(ingest.load(tmp_path / name))
        cells, _ = cells_of(first_rows(workspace, key, 4)[0], written=are_written(workspace, key))
        assert [row["score"] for row in cells] == scores
        assert [row["nights"] for row in cells] == nights
    numbers = pd.DataFrame({"id": [2**53 + 1, 2**53 + 3], "score": [7.0, 8.5]})
    dataset = replace(ingest.load_text("one text\nanother text", name="t"), table=numbers)
    assert [row["id"] for row in cells_of(dataset)[0]] == ["9007199254740993", "9007199254740995"]
    assert dataset.cells(1) == {"id": 2**53 + 3, "score": 8.5}
