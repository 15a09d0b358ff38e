"""A preview of a new version shows first what is new or edited in it."""

from pathlib import Path

from explorer import ingest
from explorer.ingest import Change
from explorer.kinds import which
from explorer.runs import make_version
from explorer.server.firstrows import cells_of, first_rows
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
