"""A dataset goes into one file and comes out elsewhere as it was: rows, vectors, map, clusters, names."""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import explorer as ex
from explorer import encoders
from explorer.errors import BadSetting, CannotWrite, NotFound, UnreadableFile
from explorer.portable import export_dataset, import_dataset, is_portable, packed
from explorer.runs import Plan
from explorer.types import Run
from explorer.workspace import Workspace
from tests.portable.made import changed, pictures, texts, with_run

KEPT = Path(__file__).parents[1] / "data" / "workspace-before-rooms.zip"


@pytest.fixture(autouse=True)
def nothing_is_encoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("an encoder was asked for")

    monkeypatch.setattr(encoders, "load_encoder", refuse)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Path, str]:
    """A workspace, the file of its dataset, and the key of its run."""
    home = tmp_path_factory.mktemp("saved")
    dataset = texts(home)
    run = with_run(home / "w", dataset)
    workspace = Workspace(home / "w")
    workspace.datasets.set_reading(dataset.key, "stars", "category")
    workspace.datasets.describe(dataset.key, "from the attic\nby hand")
    workspace.runs.keep_titles(run, {"used": True, "clusters": {"0": {"name": "N", "sentence": "s", "model": "m"}}})
    return workspace, export_dataset(dataset.key, home / "reviews.zip", workspace=workspace), run


def arrays(workspace: Workspace, run: str) -> dict[str, bytes]:
    """Return every array that a run consists of, to the bit."""
    plan = Plan.from_json(workspace.runs.record(run)["plan"])
    stored = {part: workspace.results.load(part, key) for part, key in plan.keys.items()}
    return {f"{part} {name}": array.tobytes() for part, one in stored.items() for name, array in one.arrays.items()}


def same(before: Run, after: Run) -> None:
    assert [item for item in before.dataset.items if isinstance(item, str)] == [
        item for item in after.dataset.items if isinstance(item, str)
    ]
    pd.testing.assert_frame_equal(before.dataset.table, after.dataset.table)
    assert list(before.dataset.rejected) == list(after.dataset.rejected)
    assert before.summaries == after.summaries
    assert before.levels == after.levels
    assert before.titles == after.titles
    assert before.dataset.readings == after.dataset.readings
    assert before.name == after.name
    assert before.dataset.note == after.dataset.note
    for row in (0, len(before.dataset) - 1):
        np.testing.assert_array_equal(ex.neighbors_of(before, row).rows, ex.neighbors_of(after, row).rows)
    np.testing.assert_array_equal(before.embeddings.vectors, after.embeddings.vectors)


def test_a_dataset_comes_back_with_its_run_under_the_same_keys(saved, tmp_path):
    workspace, file, run = saved
    there = Workspace(tmp_path / "w")
    assert is_portable(file)
    got = import_dataset(file, workspace=there)
    assert (got.dataset, got.runs, got.left_out) == (workspace.runs.record(run)["dataset"], (run,), ())
    assert arrays(there, run) == arrays(workspace, run)
    same(ex.open_run(run, workspace=workspace), ex.open_run(run, workspace=there))
    assert there.leftovers() == []


def test_the_same_file_again_changes_nothing(saved, tmp_path):
    workspace, file, _ = saved
    there = Workspace(tmp_path / "w")
    first = import_dataset(file, workspace=there)
    assert import_dataset(file, workspace=there) == import_dataset(file, workspace=workspace) == first
    assert len(there.datasets.records()) == len(there.runs.records()) == 1


def test_what_is_there_already_stays_as_it_is(saved, tmp_path):
    _, file, run = saved
    there = Workspace(tmp_path / "w")
    key = import_dataset(file, workspace=there).dataset
    there.datasets.rename(key, "mine")
    there.delete_run(run)
    assert import_dataset(file, workspace=there).runs == (run,)
    assert there.datasets.record(key)["name"] == "mine"


@pytest.mark.parametrize("name", ["reviews", "shapes"])
def test_runs_of_an_earlier_version_come_back_under_keys_of_their_own(tmp_path, name):
    with zipfile.ZipFile(KEPT) as archive:
        archive.extractall(tmp_path)
    workspace, there = Workspace(tmp_path / "workspace"), Workspace(tmp_path / "there")
    record = next(one for one in workspace.runs.records() if one["name"].startswith(name))
    file = export_dataset(record["dataset"], tmp_path / "it.zip", workspace=workspace)
    got = import_dataset(file, workspace=there)
    assert got.left_out == ()
    assert got.runs[0] != record["run"]
    assert arrays(there, got.runs[0]) == arrays(workspace, record["run"])
    same(ex.open_run(record["run"], workspace=workspace), ex.open_run(got.runs[0], workspace=there))
    assert import_dataset(file, workspace=there) == got


def test_pictures_that_lie_elsewhere_come_with_the_dataset(tmp_path):
    given = pictures(tmp_path)
    workspace, there = Workspace(tmp_path / "w"), Workspace(tmp_path / "there")
    workspace.datasets.keep(given, origin=(str(tmp_path / "shapes"),))
    got = import_dataset(export_dataset(given.key, tmp_path / "it.zip", workspace=workspace), workspace=there)
    assert got.dataset == given.key
    (tmp_path / "shapes").rename(tmp_path / "elsewhere")
    taken = there.datasets.open(given.key)
    assert [item.name for item in taken.items] == [item.name for item in given.items]
    assert all(Path(item.path).is_relative_to(there.path) and Path(item.path).exists() for item in taken.items)
    assert [path.name for path in there.datasets.source_files(given.key)] == ["shapes"]
    assert [fault.source for fault in taken.rejected] == ["broken.png"]


def test_the_rows_are_there_for_people_too(saved):
    _, file, _ = saved
    with zipfile.ZipFile(file) as archive:
        rows = pd.read_csv(io.BytesIO(archive.read("items.csv")), dtype=str)
        assert archive.testzip() is None
    assert rows["id"].tolist()[:2] == ["000", "001"]
    assert len(rows) == 60
    assert list(rows.columns) == ["text", "id", "stars"]


def test_a_file_that_was_cut_short_or_altered_is_refused_and_leaves_nothing(saved, tmp_path):
    _, file, _ = saved
    there, whole, bad = Workspace(tmp_path / "w"), file.read_bytes(), tmp_path / "bad.zip"
    other = bytearray(whole)
    other[whole.index(b"PAR1") + 40] ^= 1
    for content in (whole[: len(whole) // 2], whole[:-100], b"", other):
        bad.write_bytes(content)
        with pytest.raises(UnreadableFile, match=r"bad\.zip cannot be taken in .*Save it anew"):
            import_dataset(bad, workspace=there)
    assert there.datasets.records() == []
    assert there.leftovers() == []


def test_a_newer_file_says_what_to_do(saved, tmp_path, monkeypatch):
    monkeypatch.setattr("explorer.portable.manifest.SCHEMA", 0)
    with pytest.raises(UnreadableFile, match="update this one"):
        import_dataset(saved[1], workspace=tmp_path)


def test_a_run_whose_parts_do_not_fit_is_left_out_and_the_rows_are_there(saved, tmp_path):
    def without(entries):
        del entries[next(name for name in entries if name.endswith("xy.npy"))]

    there = Workspace(tmp_path / "w")
    got = import_dataset(changed(saved[1], tmp_path / "c.zip", without), workspace=there)
    assert got.runs == ()
    assert got.left_out[0].startswith("the map “reviews.csv” was left out: its project cannot be read. Make it anew")
    assert there.datasets.record(got.dataset)["imported"]["left_out"] == list(got.left_out)
    assert (there.runs.records(), there.leftovers()) == ([], [])


def test_a_disk_without_room_is_told_before_anything_is_written(saved, tmp_path, monkeypatch):
    workspace, file, run = saved
    there = Workspace(tmp_path / "w")
    usage = type("usage", (), {"free": 2**20, "total": 2**40})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    with pytest.raises(CannotWrite, match="free some space"):
        import_dataset(file, workspace=there)
    with pytest.raises(CannotWrite, match="there is no room"):
        export_dataset(workspace.runs.record(run)["dataset"], tmp_path / "x.zip", workspace=workspace)
    assert not list(tmp_path.glob("*x.zip*"))


def test_saving_what_is_not_there_or_where_nothing_can_be_written_is_one_sentence(saved, tmp_path):
    workspace, _, run = saved
    key = workspace.runs.record(run)["dataset"]
    with pytest.raises(NotFound):
        packed(workspace, "nosuch")
    for place in (tmp_path, tmp_path / "nosuch" / "x.zip"):
        with pytest.raises(BadSetting, match=r"folder|cannot write"):
            export_dataset(key, place, workspace=workspace)


def test_no_piece_is_large_and_the_pieces_are_the_file(saved):
    workspace, _, run = saved
    made = list(packed(workspace, workspace.runs.record(run)["dataset"]))
    assert max(map(len, made)) < 2**21
    with zipfile.ZipFile(io.BytesIO(b"".join(made))) as archive:
        assert archive.testzip() is None
