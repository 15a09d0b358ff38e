import multiprocessing
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from explorer.cli.commands import find_run
from explorer.errors import NotFound, WorkspaceBusy, WorkspaceUnusable
from explorer.kinds import ImageRef
from explorer.runs.pipeline import open_record
from explorer.types import Dataset, Rejected
from explorer.workspace.folder import Workspace


def dataset(key="k1", items=("a", "b"), **columns):
    table = pd.DataFrame(columns, index=pd.RangeIndex(len(items)))
    faults = (Rejected("a.csv", 2, "the text is empty"),)
    return Dataset(key, "mine", list(items), table, faults, "ik", ("text", *columns), "text")


def test_a_dataset_comes_back_as_it_was_kept(tmp_path):
    kept = dataset(stars=[1.5, None], when=pd.to_datetime(["2024-01-01", None]))
    Workspace(tmp_path).datasets.add(kept)
    back = Workspace(tmp_path).datasets.open("k1")
    assert list(back.items) == ["a", "b"]
    assert back.rejected == kept.rejected
    assert (back.name, back.text_column, back.columns, back.items_key) == ("mine", "text", kept.columns, "ik")
    pd.testing.assert_frame_equal(back.table, kept.table, check_dtype=False)


def test_a_table_without_columns_keeps_its_length(tmp_path):
    Workspace(tmp_path).datasets.add(dataset())
    assert len(Workspace(tmp_path).datasets.open("k1").table) == 2


def test_uploaded_pictures_move_in_and_the_workspace_can_move(tmp_path):
    source = tmp_path / "upload"
    source.mkdir()
    (source / "a.png").write_bytes(b"picture")
    home = tmp_path / "first"
    Workspace(home).datasets.add(dataset(items=[ImageRef(str(source / "a.png"), "ab", "", "a.png")]), source=source)
    assert not source.exists()
    moved = home.rename(tmp_path / "second")
    item = Workspace(moved).datasets.open("k1").items[0]
    assert item.path.startswith(str(moved))
    assert Path(item.path).read_bytes() == b"picture"


def test_the_same_dataset_twice_is_one(tmp_path):
    workspace = Workspace(tmp_path)
    workspace.datasets.add(dataset())
    workspace.datasets.add(dataset())
    assert [record["dataset"] for record in workspace.datasets.records()] == ["k1"]


def test_the_same_content_is_called_what_it_was_called_last_and_found_under_each_name(tmp_path):
    workspace = Workspace(tmp_path)
    workspace.datasets.add(dataset())
    plan = SimpleNamespace(run="r1", dataset="k1")
    workspace.runs.write({"run": "r1", "dataset": "k1", "name": "mine", "created": "2026-01-01T00:00:00+00:00"})
    fault = Rejected("final.csv", 2, "the text is empty")
    final = replace(dataset(), name="final.csv", rejected=(fault,))
    assert workspace.datasets.add(final).name == "final.csv"
    assert list(workspace.datasets.rejected("k1")) == [fault]
    assert open_record(workspace, plan)["name"] == "final.csv"
    assert [find_run(workspace, name) for name in ("mine", "final.csv", "r1")] == ["r1"] * 3
    workspace.datasets.rename("k1", "Complaints")
    workspace.datasets.add(replace(final, name="copy.csv"))
    assert workspace.datasets.record("k1")["name"] == "Complaints"
    assert [find_run(workspace, name) for name in ("mine", "final.csv", "copy.csv")] == ["r1"] * 3


def test_a_stage_result_is_kept_once_and_read_memory_mapped(tmp_path):
    workspace = Workspace(tmp_path)
    workspace.results.save("cluster", "c1", {"labels": np.arange(3, dtype=np.int32)}, {"seconds": 1})
    workspace.results.save("cluster", "c1", {"labels": np.zeros(3, np.int32)}, {"seconds": 2})
    stored = workspace.results.load("cluster", "c1")
    assert isinstance(stored.arrays["labels"], np.memmap)
    assert stored.arrays["labels"].tolist() == [0, 1, 2]
    assert stored.record == {"seconds": 1}


def test_what_is_half_written_is_not_there(tmp_path):
    workspace = Workspace(tmp_path)

    class Broken(dict):
        def items(self):
            yield "labels", np.arange(3)
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        workspace.results.save("cluster", "c1", Broken(), {})
    assert not workspace.results.has("cluster", "c1")
    assert list((tmp_path / "stages").iterdir()) == []


def test_deleting_a_dataset_takes_its_runs_and_results_but_not_what_others_need(tmp_path):
    workspace = Workspace(tmp_path)
    for key, results in (("k1", ["embed-e1", "cluster-c1"]), ("k2", ["embed-e1", "cluster-c2"])):
        workspace.datasets.add(dataset(key))
        record = {"run": f"r{key}", "dataset": key, "results": results, "state": "done", "created": key, "name": key}
        workspace.runs.write(record)
    for stage, key in (("embed", "e1"), ("cluster", "c1"), ("cluster", "c2")):
        workspace.results.save(stage, key, {}, {})
    workspace.delete_dataset("k1")
    assert [record["run"] for record in workspace.runs.records()] == ["rk2"]
    assert sorted(path.name for path in (tmp_path / "stages").iterdir()) == ["cluster-c2", "embed-e1"]
    with pytest.raises(NotFound):
        workspace.datasets.open("k1")


def test_renaming_a_dataset_keeps_its_key(tmp_path):
    workspace = Workspace(tmp_path)
    workspace.datasets.add(dataset())
    workspace.datasets.rename("k1", "other")
    assert workspace.datasets.open("k1").name == "other"


@pytest.mark.parametrize("key", ["../runs", "", "a/b", "nosuch"])
def test_an_unknown_or_strange_key_is_not_found(tmp_path, key):
    with pytest.raises(NotFound):
        Workspace(tmp_path).datasets.open(key)


def test_a_folder_that_is_a_file_cannot_hold_a_workspace(tmp_path):
    path = tmp_path / "file"
    path.write_text("x")
    with pytest.raises(WorkspaceUnusable, match="--workspace"):
        Workspace(path)


HOLD = """
import sys
from explorer.workspace import Workspace
with Workspace(sys.argv[1]).exclusive():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_one_server_writes_a_workspace_and_a_killed_one_lets_go(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(WorkspaceBusy, match="another server"), Workspace(tmp_path).exclusive():
        pass
    holder.kill()
    holder.communicate()
    with Workspace(tmp_path).exclusive():
        assert multiprocessing.current_process().is_alive()
