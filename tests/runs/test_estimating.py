"""What a run is estimated to take, and how finished runs make that better."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explorer import estimate, load, run
from explorer.errors import WrongModality
from explorer.runs.estimating import OTHERS, REFERENCE, RUNS
from explorer.workspace.folder import Workspace
from tests.browser.samples import picture
from tests.runs.test_order import texts


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "w")


def listed(folder: Path, items: list[str], name: str = "items.txt") -> Path:
    (folder / name).write_text("\n".join(items), encoding="utf-8")
    return folder / name


def test_more_rows_longer_texts_and_larger_encoders_take_longer(tmp_path: Path, workspace: Workspace) -> None:
    short = load(listed(tmp_path, [f"text number {n}" for n in range(400)]))
    long = load(listed(tmp_path, [f"text number {n} " + "and so on " * 40 for n in range(400)], "long.txt"))
    taken = estimate(short, workspace=workspace)
    assert (taken.by, taken.rows) == (REFERENCE, 400)
    assert estimate(short, rows=100, workspace=workspace).seconds < taken.seconds
    assert estimate(short, rows=100, workspace=workspace).encoding == pytest.approx(taken.encoding / 4)
    assert estimate(long, workspace=workspace).encoding > 10 * taken.encoding
    assert estimate(short, "clip", workspace=workspace).encoding > 10 * taken.encoding
    assert estimate(short, "conse", workspace=workspace).memory > taken.memory
    assert estimate(short, "conse", workspace=workspace).disk > 2 * taken.disk


def test_a_dataset_and_its_record_are_estimated_alike(tmp_path: Path, workspace: Workspace) -> None:
    (tmp_path / "a.png").write_bytes(picture("cat", 1))
    listed(tmp_path, ["one of a few texts", "é" * 3_000, "another one of them"])
    dataset = load([tmp_path / "items.txt", tmp_path / "a.png"])
    key = workspace.datasets.keep(dataset)
    record = workspace.datasets.record(key)
    assert record["load"] == {
        "texts": 3,
        "read": len("one of a few texts") + 1024 + len("another one of them"),
        "pictures": 1,
    }
    kept, given = estimate(record, workspace=workspace), estimate(dataset, workspace=workspace)
    assert (kept.encoder, kept.encoding, kept.disk) == (given.encoder, given.encoding, given.disk)
    with pytest.raises(WrongModality):
        estimate(record, "minilm", workspace=workspace)
    del record["load"]  # of an earlier version
    assert estimate(record, workspace=workspace).encoding > 0


def test_what_runs_took_here_decides_from_then_on(tmp_path: Path, workspace: Workspace) -> None:
    dataset = load(listed(tmp_path, texts() * 3))
    done = run(dataset, workspace=workspace)
    speeds = workspace.speeds.all()
    assert speeds.keys() <= {"minilm", "map"}  # where it took no time, nothing was learned
    workspace.speeds.note("minilm", 50.0)
    slow = estimate(dataset, workspace=workspace)
    assert slow.by == RUNS
    assert estimate(dataset, "conse", workspace=workspace).by == OTHERS
    workspace.speeds.note("minilm", 0.5)
    workspace.speeds.note("minilm", 0.5)
    assert estimate(dataset, workspace=workspace).encoding < slow.encoding / 3
    before = dict(workspace.speeds.all())
    run(dataset, workspace=workspace, min_cluster_size=7)  # its vectors and its map are there
    assert dict(workspace.speeds.all()) == before
    assert done.key


def test_a_time_that_cannot_be_one_and_a_damaged_file_say_nothing(workspace: Workspace) -> None:
    for wrong in (0.0, -1.0, float("nan"), float("inf")):
        workspace.speeds.note("minilm", wrong)
    assert not workspace.speeds.all()
    (workspace.path / "speeds.json").write_text("{")
    assert not workspace.speeds.all()
    workspace.speeds.note("minilm", 2.0)
    assert workspace.speeds.all() == {"minilm": 2.0}
    (workspace.path / "speeds.json").write_text(json.dumps({"minilm": "fast", "map": -3, "conse": 1.5}))
    assert workspace.speeds.all() == {"conse": 1.5}


@pytest.mark.parametrize(
    ("seconds", "words"), [(1.0, "5 s"), (38.0, "40 s"), (100.0, "2 min"), (5_000.0, "83 min"), (9_000.0, "2 h")]
)
def test_a_time_is_said_as_roughly_as_it_is_known(
    seconds: float, words: str, workspace: Workspace, tmp_path: Path
) -> None:
    from dataclasses import replace

    made = estimate(load(listed(tmp_path, ["a text", "and another"])), workspace=workspace)
    assert f"about {words} and" in replace(made, seconds=seconds).words()
