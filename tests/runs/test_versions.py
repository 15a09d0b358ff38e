"""New versions of a dataset: what stays is the same to the last bit, what is new is placed, nothing is lost."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import explorer as ex
from explorer.errors import BadSetting, NotFound, NothingUsable
from explorer.ingest import Change, rows_where
from explorer.runs import make_version, open_run, pipeline, plan_onto
from explorer.workspace import Workspace
from tests.runs.wordbag import WordBag

TOPICS = (
    "card payment refused shop",
    "parcel lost courier depot",
    "soup lentil pepper bowl",
    "train late platform six",
)


def rows(count: int, *, first: int = 0, topics: tuple[str, ...] = TOPICS) -> list[str]:
    """Return lines of a table: id, text, stars."""
    made = []
    for number in range(first, first + count):
        topic = topics[number % len(topics)].split()
        made.append(f"00{number},{topic[number % 4]} {' '.join(topic)} case{number},{number % 5}")
    return made


def table(path: Path, lines: list[str], head: str = "id,text,stars") -> Path:
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def encoder() -> Iterator[WordBag]:
    made = WordBag()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pipeline, "cached_encoder", lambda _name, _device: made)
        yield made


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, encoder: WordBag) -> tuple[Path, str]:
    """Return a folder with a workspace in it and the key of a finished run of 120 texts there."""
    home = tmp_path_factory.mktemp("versions")
    dataset = ex.load(table(home / "cases.csv", rows(120)), text="text")
    made = ex.run(dataset, workspace=home / "workspace", encoder="minilm", method="communities")
    return home, made.key


@pytest.fixture
def first(kept, tmp_path: Path, encoder: WordBag):
    """Return a workspace of one's own and the finished run in it."""
    shutil.copytree(kept[0], tmp_path, dirs_exist_ok=True)
    encoder.encoded.clear()
    workspace = Workspace(tmp_path / "workspace")
    return workspace, open_run(kept[1], workspace=workspace)


def more(tmp_path: Path, count: int = 20) -> Path:
    return table(tmp_path / "more.csv", rows(count, first=120))


@pytest.mark.parametrize("settings", [{"seed": 7, "dims": 3}, {"seed": None, "method": "density"}])
def test_rows_that_are_added_to_a_map_leave_every_other_where_it_was(first, tmp_path, settings) -> None:
    workspace, before = first
    before = ex.run(before.dataset, workspace=workspace, encoder="minilm", **settings)
    version = ex.add_rows(before.dataset, more(tmp_path), workspace=workspace)
    after = ex.run_onto(version, before, workspace=workspace)
    assert after.projection.xy[:120].tobytes() == before.projection.xy.tobytes()
    assert np.isfinite(after.projection.xy[120:]).all()
    assert np.array_equal(after.clustering.labels[:120], before.clustering.labels)
    assert [summary.name for summary in after.summaries] == [summary.name for summary in before.summaries]
    assert [[group.name for group in level] for level in after.levels] == [
        [group.name for group in level] for level in before.levels
    ]
    assert after.onto["placed"] == 20
    assert after.onto["run"] == before.key


def test_new_rows_stand_among_their_own_and_are_in_their_clusters(first, tmp_path) -> None:
    workspace, before = first
    after = ex.run_onto(ex.add_rows(before.dataset, more(tmp_path), workspace=workspace), before, workspace=workspace)
    topic = np.arange(140) % 4
    nearest = np.linalg.norm(after.projection.xy[120:, None] - after.projection.xy[None, :120], axis=2).argmin(axis=1)
    assert (topic[nearest] == topic[120:]).all()
    for row in range(120, 140):
        label = after.clustering.labels[row]
        assert label < 0 or (topic[:120][after.clustering.labels[:120] == label] == topic[row]).all()
    assert (after.clustering.labels[120:] >= 0).mean() > 0.7
    assert after.onto["strange"] == 0


def test_rows_of_a_theme_that_the_map_has_not_are_told_to_be_strange_to_it(first, tmp_path) -> None:
    workspace, before = first
    new = table(tmp_path / "new.csv", rows(30, first=200, topics=("violin orchestra sonata encore",)))
    after = ex.run_onto(ex.add_rows(before.dataset, new, workspace=workspace), before, workspace=workspace)
    assert after.onto["strange"] == 30
    assert (after.clustering.labels[120:] == -1).all()


def test_only_rows_that_are_new_or_edited_are_embedded(first, tmp_path, encoder) -> None:
    workspace, before = first
    edited = {3: "soup lentil pepper bowl with bread"}
    version = ex.add_rows(before.dataset, more(tmp_path), edited=edited, workspace=workspace)
    run = ex.run_onto(version, before, workspace=workspace)
    texts = [text for text in encoder.encoded if text in set(version.items)]
    assert sorted(texts) == sorted([edited[3], *version.items[120:]])
    assert run.embeddings.reused == 119
    kept = [row for row in range(120) if row != 3]
    assert run.embeddings.vectors[kept].tobytes() == before.embeddings.vectors[kept].tobytes()
    encoder.encoded.clear()
    ex.run(version, workspace=workspace, encoder="minilm", method="communities")
    assert not [text for text in encoder.encoded if text in set(version.items)]


def test_a_row_that_is_removed_goes_and_an_edited_one_moves(first) -> None:
    workspace, before = first
    edited = {10: "parcel lost courier depot again"}
    version = ex.add_rows(before.dataset, removed=[0, 5, 119], edited=edited, workspace=workspace)
    after = ex.run_onto(version, before, workspace=workspace)
    kept = [row for row in range(120) if row not in (0, 5, 119)]
    assert list(version.items) == [edited.get(row, before.dataset.items[row]) for row in kept]
    held = [at for at, row in enumerate(kept) if row != 10]
    assert after.projection.xy[held].tobytes() == before.projection.xy[[kept[at] for at in held]].tobytes()
    assert after.projection.xy[kept.index(10)].tolist() != before.projection.xy[10].tolist()
    assert version.version.removed == 3
    assert version.version.edited == 1
    assert version.table["version"].dropna().to_dict() == {kept.index(10): "2 (edited)"}


def test_a_cluster_whose_rows_are_all_removed_is_gone_and_the_others_keep_their_names(first) -> None:
    workspace, before = first
    gone = np.flatnonzero(before.clustering.labels == 0).tolist()
    version = ex.add_rows(before.dataset, removed=gone, workspace=workspace)
    after = ex.run_onto(version, before, workspace=workspace)
    assert [summary.name for summary in after.summaries] == [summary.name for summary in before.summaries[1:]]
    assert after.clustering.labels.max() == len(after.summaries) - 1
    for level, labels in zip(after.levels, after.clustering.levels, strict=True):
        assert [group.size for group in level] == np.bincount(labels[labels >= 0]).tolist()


def test_columns_that_one_of_both_lacks_are_missing_there_and_values_stay_what_they_were(first, tmp_path) -> None:
    workspace, before = first
    new = table(tmp_path / "new.csv", ["1.10,train late,7,0012", "n/a,soup bowl,,x"], head="price,text,stars,id")
    version = ex.add_rows(before.dataset, new, workspace=workspace)
    assert version.table["id"].tolist()[-2:] == ["0012", "x"]
    assert version.table["id"].tolist()[:2] == ["000", "001"]
    assert version.table["price"].isna().tolist() == [True] * 120 + [False] * 2
    assert version.table["price"].tolist()[-2:] == ["1.10", "n/a"]
    assert version.table["stars"].tolist()[:3] == [0, 1, 2]
    assert version.table["stars"].isna().tolist()[-2:] == [False, True]
    assert version.table["version"].tolist()[-2:] == ["2 (added)"] * 2
    assert version.table["version"].isna().sum() == 120
    assert version.columns == ("id", "text", "stars", "price", "version")


def test_a_third_version_tells_of_each_row_which_version_it_is_new_in(first, tmp_path) -> None:
    workspace, before = first
    second = ex.add_rows(before.dataset, more(tmp_path, 4), workspace=workspace)
    own = table(tmp_path / "own.csv", ["a,soup pepper bowl,mine"], head="id,text,version")
    third = ex.add_rows(second, own, removed=[120], workspace=workspace)
    assert third.table["version"].tolist()[-4:] == ["2 (added)"] * 3 + ["3 (added)"]
    assert third.table["version_2"].tolist()[-1] == "mine"
    assert third.name == "cases.csv, version 3"
    onto = ex.run_onto(third, ex.run_onto(second, before, workspace=workspace), workspace=workspace)
    assert onto.projection.xy[:120].tobytes() == before.projection.xy.tobytes()


def test_a_version_is_whole_without_the_one_that_it_was_made_of(first, tmp_path) -> None:
    workspace, before = first
    version = ex.add_rows(before.dataset, more(tmp_path), workspace=workspace)
    after = ex.run_onto(version, before, workspace=workspace)
    shown = after.projection.xy.tobytes(), [summary.name for summary in after.summaries]
    del after
    workspace.delete_dataset(before.dataset.key)
    again = open_run(workspace.runs.records()[0]["run"], workspace=workspace)
    assert (again.projection.xy.tobytes(), [summary.name for summary in again.summaries]) == shown
    assert again.onto["dataset_name"] == "cases.csv"
    assert not workspace.leftovers()


def test_the_first_version_is_whole_without_the_second(first, tmp_path) -> None:
    workspace, before = first
    version = ex.add_rows(before.dataset, more(tmp_path), workspace=workspace)
    ex.run_onto(version, before, workspace=workspace)
    workspace.delete_dataset(version.key)
    assert open_run(before.key, workspace=workspace).projection.xy.tobytes() == before.projection.xy.tobytes()
    assert not workspace.leftovers()


def test_a_run_goes_on_where_its_map_is_deleted_before_it_is_computed(first, tmp_path) -> None:
    workspace, before = first
    version = ex.add_rows(before.dataset, more(tmp_path), workspace=workspace)
    xy = np.array(before.projection.xy)
    plan = plan_onto(workspace, version.key, before.key)
    workspace.delete_dataset(before.dataset.key)
    after = pipeline.compute(workspace, plan, 140)
    assert after.projection.xy[:120].tobytes() == xy.tobytes()


def test_a_run_that_was_stopped_amid_it_goes_on_to_the_same_map(first, kept, tmp_path) -> None:
    workspace, before = first
    version = ex.add_rows(before.dataset, more(tmp_path), workspace=workspace)

    class Stopped(Exception):
        pass

    def stop(progress) -> None:
        if progress.stage == "project" and progress.done == 5:
            raise Stopped

    with pytest.raises(Stopped):
        ex.run_onto(version, before, workspace=workspace, progress=stop)
    after = ex.run_onto(version, before, workspace=workspace)
    other = Workspace(shutil.copytree(kept[0], tmp_path / "other") / "workspace")
    same = ex.add_rows(before.dataset, more(tmp_path), workspace=other)
    whole = ex.run_onto(same, before.key, workspace=other)
    assert after.key == whole.key
    assert after.projection.xy.tobytes() == whole.projection.xy.tobytes()


def test_rows_are_found_by_the_value_of_a_column(first) -> None:
    dataset = first[1].dataset
    assert rows_where(dataset, "id", "007") == [7]
    assert rows_where(dataset, "stars", "4") == list(range(4, 120, 5))
    with pytest.raises(ex.ExplorerError, match="its columns are id, stars"):
        rows_where(dataset, "star", "4")


def test_what_cannot_be_changed_says_why_and_changes_nothing(first, tmp_path) -> None:
    workspace, before = first
    for error, said, change in (
        (NotFound, "no row 120", {"removed": [120]}),
        (BadSetting, "both removed and edited", {"removed": [1], "edited": {1: "x"}}),
        (BadSetting, "empty", {"edited": {1: " \u200b "}}),
        (BadSetting, "nothing would be different", {"edited": {1: before.dataset.items[1]}}),
        (NothingUsable, "no row would be left", {"removed": range(120)}),
    ):
        with pytest.raises(error, match=said):
            ex.add_rows(before.dataset, workspace=workspace, **change)
    assert [record["dataset"] for record in workspace.datasets.records()] == [before.dataset.key]
    version = ex.add_rows(before.dataset, removed=[1], workspace=workspace)
    with pytest.raises(BadSetting, match="was not made of the data of the map"):
        ex.run_onto(before.dataset, before, workspace=workspace)
    with pytest.raises(BadSetting, match="Lay the data out anew"):
        ex.how_sure(ex.run_onto(version, before, workspace=workspace).key, workspace=workspace)


def test_pictures_of_a_version_are_there_without_the_one_it_was_made_of(tmp_path) -> None:
    workspace, source = Workspace(tmp_path / "workspace"), tmp_path / "sent"
    for number in range(8):
        (source / "shapes").mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (16, 12), (20 * number, 90, 10)).save(source / "shapes" / f"{number}.png")
    first = workspace.datasets.add(ex.load(source / "shapes"), source=source)
    Image.new("RGB", (16, 12), (1, 2, 3)).save(tmp_path / "new.png")
    key = make_version(workspace, first.key, Change((2,)), [tmp_path / "new.png"], keeps=True)
    workspace.delete_dataset(first.key)
    (tmp_path / "new.png").unlink()
    version = workspace.datasets.open(key)
    assert len(version) == 8
    assert all(
        Path(item.path).is_file() and str(workspace.path / "datasets" / key) in item.path for item in version.items
    )


def test_a_version_with_its_map_is_taken_elsewhere_as_one_file(first, tmp_path) -> None:
    workspace, before = first
    version = ex.add_rows(before.dataset, more(tmp_path), workspace=workspace)
    after = ex.run_onto(version, before, workspace=workspace)
    saved = ex.export_dataset(version, tmp_path / "saved.zip", workspace=workspace)
    there = Workspace(tmp_path / "there")
    taken = ex.import_dataset(saved, workspace=there)
    assert not taken.left_out
    run = open_run(taken.runs[0], workspace=there)
    assert run.projection.xy.tobytes() == after.projection.xy.tobytes()
    assert dict(run.onto) == dict(after.onto)
    assert run.dataset.version == version.version


def test_the_report_tells_how_many_rows_were_added_and_where_they_were_placed(first, tmp_path) -> None:
    workspace, before = first
    after = ex.run_onto(ex.add_rows(before.dataset, more(tmp_path), workspace=workspace), before, workspace=workspace)
    page = ex.write_report(after, tmp_path / "report.html")[0].read_text(encoding="utf-8")
    assert "20 rows added to “cases.csv”" in page
    assert "20 new rows were placed on the map “cases.csv”" in page
    told = json.loads(ex.write_report(after, tmp_path / "report.json")[0].read_text(encoding="utf-8"))
    assert told["data"]["version"]["added"] == 20
    assert told["onto"]["run"] == before.key
