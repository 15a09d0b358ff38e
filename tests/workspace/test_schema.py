"""A workspace says which version it is of: an earlier one is brought here, a later one is not touched."""

import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.errors import WorkspaceUnusable
from explorer.server import checkup
from explorer.workspace import SCHEMA, Workspace
from tests.portable.made import texts, with_run
from tests.workspace.test_folder import dataset

KEPT = Path(__file__).parents[1] / "data" / "workspace-before-rooms.zip"


def told(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text())


def of_before(folder: Path, faults: int) -> Path:
    """Write a dataset as versions did that kept all that could not be read in its record; return that."""
    Workspace(folder).datasets.add(dataset("k1"))
    (folder / "workspace.json").unlink()
    file = folder / "datasets" / "k1" / "dataset.json"
    record = told(file)
    del record["rejected_count"], record["rejected_kinds"]
    record["rejected"] = [{"source": "a.csv", "row": row, "reason": "the text is empty"} for row in range(faults)]
    file.write_text(json.dumps(record))
    return file


def test_a_new_workspace_says_its_version_and_an_empty_one_too(tmp_path):
    Workspace(tmp_path)
    assert told(tmp_path / "workspace.json") == {"schema": SCHEMA}


@pytest.mark.parametrize("faults", [3, 1_500])
def test_an_earlier_one_is_brought_here_and_loses_nothing(tmp_path, faults):
    file = of_before(tmp_path, faults)
    back = Workspace(tmp_path)
    assert told(tmp_path / "workspace.json") == {"schema": SCHEMA}
    assert told(file)["rejected_count"] == faults
    assert [fault.row for fault in back.datasets.open("k1").rejected] == list(range(faults))
    before = file.read_bytes()
    Workspace(tmp_path)
    assert file.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_a_kill_amid_the_way_loses_nothing_and_the_next_opening_goes_on(tmp_path, monkeypatch):
    file = of_before(tmp_path, 1_500)
    child = os.fork()
    if not child:
        try:
            monkeypatch.setattr("explorer.workspace.writer.Writer.write_json", lambda *_: os._exit(9))
            Workspace(tmp_path)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert "rejected_count" not in told(file)
    assert len(Workspace(tmp_path).datasets.open("k1").rejected) == 1_500


def test_a_later_one_is_refused_in_a_sentence_and_not_touched(tmp_path):
    Workspace(tmp_path)
    (tmp_path / "workspace.json").write_text('{"schema": 99}')
    with pytest.raises(WorkspaceUnusable, match=r"newer version .*\(its schema is 99.* Update this one"):
        Workspace(tmp_path)
    assert told(tmp_path / "workspace.json") == {"schema": 99}


def test_one_of_long_ago_is_brought_here(tmp_path):
    with zipfile.ZipFile(KEPT) as archive:
        archive.extractall(tmp_path)
    kept = Workspace(tmp_path / "workspace").datasets
    assert all("rejected_count" in told(kept.folder(one["dataset"]) / "dataset.json") for one in kept.records())


def test_the_doctor_finds_and_mends_what_a_crash_left(tmp_path):
    run = with_run(tmp_path, texts(tmp_path))
    workspace = Workspace(tmp_path)
    workspace.datasets.add(dataset("k1"))
    key = workspace.runs.record(run)["dataset"]
    for other, state in (("0" * 16, "running"), ("1" * 16, "done")):
        workspace.runs.write({**workspace.runs.record(run), "run": other, "state": state})
    workspace.runs.write({**workspace.runs.record(run), "run": "2" * 16, "dataset": "nosuch"})
    (tmp_path / "runs" / ("3" * 16 + ".json")).write_bytes(b'{"run": "33')
    (tmp_path / "datasets" / "k1" / "dataset.json").write_bytes(b"")
    (vectors,) = (tmp_path / "stages").glob("embed-*/vectors.npy")
    vectors.write_bytes(vectors.read_bytes()[:100])
    said = "\n".join(checkup(tmp_path))
    for what in ("dataset k1: its record is damaged", f"run {'0' * 16}: nobody works on it", "cannot be read",
                 f"run {'2' * 16}: its dataset is not here", f"run {'3' * 16}: its record is damaged"):  # fmt: skip
        assert f"{what}; mend it, while no server uses it, with: embedding-explorer doctor --repair" in said
    list(checkup(tmp_path, repair=True))
    again = "\n".join(checkup(tmp_path))
    assert "mend it" not in again
    assert "damaged" not in again
    back = Workspace(tmp_path)
    assert [one["dataset"] for one in back.datasets.records()] == [key]
    assert {one["run"]: one["state"] for one in back.runs.records()} == dict.fromkeys(
        (run, "0" * 16, "1" * 16), "interrupted"
    )
    assert sorted(path.name for path in (tmp_path / "damaged").iterdir()) == [
        "2" * 16 + ".json",
        "3" * 16 + ".json",
        "k1",
    ]
    assert (tmp_path / "damaged" / "k1" / "items.parquet").exists()
    assert not vectors.exists()
    assert np.load(next((tmp_path / "stages").glob("project-*/xy.npy"))).shape == (60, 2)
