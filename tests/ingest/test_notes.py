"""What is only said of a file loses nothing: it is a note of its own kind, wherever losses are counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explorer.config import Settings
from explorer.ingest import load
from explorer.ingest.faults import NOTED
from explorer.server import open_services
from explorer.types import NOTE, count_notes, left_out, said_left_out
from explorer.ui.panels.export import told_button
from explorer.ui.preview import count_line
from explorer.workspace import Workspace

RECORDS = '[{"wish": "more buses on Sundays"}, {"wish": "it was late again"}, {"wish": "a lamp is broken"}]'
TOLD = {
    "a.txt": RECORDS.replace("[", '{"wishes": [').replace("]", "]}"),
    "export.dat": "id,wish,place\n1,more buses on Sundays,Leeds\n2,it was late again,York\n3,a lamp is broken,Leeds\n",
    "twice.json": RECORDS.replace("}", ', "n": 1, "n": 2}', 1),
    "quoted.csv": "".join(
        f'"{line}"\n' for line in ("id,wish,place", *(f'{n},""more, buses {n}"",Leeds' for n in range(8)))
    ),
    "graph.csv": "source,target\nAnn,Bob\nBob ,Cid\nCid,Ann\nDora,Ann\nBob,Eve\nEve,Eve\n",
    "drawn.txt": "+----+------------+\n| id | wish       |\n+----+------------+\n"
    + "".join(f"| {n}  | more buses |\n" for n in range(6))
    + "+----+------------+\n",
}


@pytest.mark.parametrize("name", TOLD)
def test_what_is_only_said_of_a_file_is_a_note_and_no_loss(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TOLD[name])
    dataset = load(tmp_path / name)
    assert dataset.rejected
    assert {one.what for one in dataset.rejected} == {NOTE}
    assert left_out(dataset.rejected) == {}
    assert {fault.kind for fault in dataset.faults if fault.examples[0].value == dataset.rejected[0].reason} <= {
        *NOTED,
        "repeated key",
    }


def test_notes_are_shown_beside_what_was_left_out_and_counted_apart(tmp_path: Path) -> None:
    (tmp_path / "a.dat").write_text(TOLD["export.dat"].replace("2,it", "4,,York\n2,it"))
    workspace = Workspace(tmp_path / "workspace")
    key = workspace.datasets.keep(load(tmp_path / "a.dat"))
    kept = workspace.datasets.open(key)
    assert (count_notes(kept.rejected), left_out(kept.rejected)) == (1, {"row": 1})
    record = workspace.datasets.record(key)
    assert (record["rejected_count"], record["notes"], record["left_out"]) == (1, 1, {"row": 1})
    assert "by what is in it" in json.dumps(record["rejected"])
    services = open_services(workspace, Settings(workspace.path))
    told = services.datasets.one(key)
    services.readers.close()
    services.jobs.close()
    assert (told["rejected"], told["notes"]) == (1, 1)
    assert count_line(told) == "3 rows; 1 row left out; 1 note on a file"
    assert "1 note on a file" in str(told_button(key, {"rejected": 0, "left_out": {}, "notes": 1}))
    assert told_button(key, {"rejected": 0, "left_out": {}, "notes": 0}) is None


def test_notes_are_said_in_words() -> None:
    assert said_left_out({}, 0, 2) == "2 notes on files"
    assert said_left_out({"row": 3, "sheet": 1}, 4, 1) == "3 rows left out, and 1 sheet beside them; 1 note on a file"
