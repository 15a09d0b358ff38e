"""New versions of a dataset: what stays is the same to the last bit, what is new is placed, nothing is lost."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image

import explorer as ex
from explorer.errors import BadSetting, NotFound, NothingUsable
from explorer.ingest import Change, rows_where
from explorer.ingest.faults import NEW_COLUMN, NO_COLUMN
from explorer.questions.answers import clusters
from explorer.runs import make_version, open_run, pipeline, plan_onto
from explorer.workspace import Workspace
from tests.runs.wordbag import WordBag

OLD, NEW = 80, 12
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


class Placed(NamedTuple):
    """A folder with a workspace in it; there the run of 80 texts, the version with 12 more, and its run on that map."""

    home: Path
    before: str
    version: str
    after: str
    encoded: list[str]


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory, encoder: WordBag) -> Placed:
    home = tmp_path_factory.mktemp("versions")
    workspace, dataset = Workspace(home / "workspace"), ex.load(table(home / "cases.csv", rows(OLD)), text="text")
    before = ex.run(dataset, workspace=workspace, encoder="minilm", method="communities")
    encoder.encoded.clear()
    version = ex.add_rows(dataset, more(home), edited={3: "soup lentil pepper bowl with bread"}, workspace=workspace)
    after = ex.run_onto(version, before, workspace=workspace)
    return Placed(home, before.key, version.key, after.key, [*encoder.encoded])


@pytest.fixture
def first(placed: Placed, tmp_path: Path, encoder: WordBag) -> tuple[Workspace, ex.Run]:
    """Return a workspace of one's own, which may be changed, and the first run in it."""
    shutil.copytree(placed.home, tmp_path, dirs_exist_ok=True)
    encoder.encoded.clear()
    workspace = Workspace(tmp_path / "workspace")
    return workspace, open_run(placed.before, workspace=workspace)


@pytest.fixture
def both(placed: Placed) -> tuple[ex.Run, ex.Run]:
    """Return the first run and that of the version, to be looked at only."""
    workspace = Workspace(placed.home / "workspace")
    return open_run(placed.before, workspace=workspace), open_run(placed.after, workspace=workspace)


def more(tmp_path: Path, count: int = NEW) -> Path:
    return table(tmp_path / "more.csv", rows(count, first=OLD))


def stays(before: ex.Run, after: ex.Run, rows: list[int]) -> None:
    """Assert that these rows of the first OLD are where they were, in their clusters, under their names."""
    assert after.projection.xy[rows].tobytes() == before.projection.xy[rows].tobytes()
    assert np.array_equal(after.clustering.labels[rows], before.clustering.labels[rows])
    assert np.isfinite(after.projection.xy).all()
    assert [summary.name for summary in after.summaries] == [summary.name for summary in before.summaries]
    names = [[[group.name for group in level] for level in run.levels] for run in (before, after)]
    assert names[0] == names[1]


def test_rows_that_are_added_to_a_map_leave_every_other_where_it_was(both) -> None:
    before, after = both
    stays(before, after, [row for row in range(OLD) if row != 3])
    assert after.projection.xy[3].tolist() != before.projection.xy[3].tolist()
    assert (after.onto["placed"], after.onto["run"]) == (NEW + 1, before.key)


def test_so_they_do_in_space_by_density_and_where_no_seed_is_set(first, tmp_path) -> None:
    workspace, before = first
    settings = {"seed": None, "dims": 3, "method": "density"}
    before = ex.run(before.dataset, workspace=workspace, encoder="minilm", **settings)
    version = ex.add_rows(before.dataset, more(tmp_path), workspace=workspace)
    stays(before, ex.run_onto(version, before, workspace=workspace), list(range(OLD)))


def test_new_rows_stand_among_their_own_and_are_in_their_clusters(both) -> None:
    after = both[1]
    topic, xy = np.arange(OLD + NEW) % 4, after.projection.xy
    nearest = np.linalg.norm(xy[OLD:, None] - xy[None, 4:OLD], axis=2).argmin(axis=1) + 4
    assert (topic[nearest] == topic[OLD:]).all()
    labels = after.clustering.labels
    for row in range(OLD, OLD + NEW):
        own = np.flatnonzero(labels[4:OLD] == labels[row]) + 4
        assert labels[row] < 0 or (topic[own] == topic[row]).all()
    assert (labels[OLD:] >= 0).mean() > 0.5
    assert after.onto["strange"] == 0


def test_rows_of_a_theme_that_the_map_has_not_are_told_to_be_strange_to_it(first, tmp_path) -> None:
    workspace, before = first
    new = table(tmp_path / "new.csv", rows(30, first=200, topics=("violin orchestra sonata encore",)))
    after = ex.run_onto(ex.add_rows(before.dataset, new, workspace=workspace), before, workspace=workspace)
    assert after.onto["strange"] == 30
    assert (after.clustering.labels[OLD:] == -1).all()


def test_only_rows_that_are_new_or_edited_are_embedded(placed, both) -> None:
    before, after = both
    own = set(after.dataset.items)
    texts = [text for text in placed.encoded if text in own]
    assert sorted(texts) == sorted([after.dataset.items[3], *after.dataset.items[OLD:]])
    assert after.embeddings.reused == OLD - 1
    kept = [row for row in range(OLD) if row != 3]
    assert after.embeddings.vectors[kept].tobytes() == before.embeddings.vectors[kept].tobytes()


def test_a_row_that_is_removed_goes_and_an_edited_one_moves(first) -> None:
    workspace, before = first
    edited = {10: "parcel lost courier depot again"}
    version = ex.add_rows(before.dataset, removed=[0, 5, OLD - 1], edited=edited, workspace=workspace)
    after = ex.run_onto(version, before, workspace=workspace)
    kept = [row for row in range(OLD) if row not in (0, 5, OLD - 1)]
    assert list(version.items) == [edited.get(row, before.dataset.items[row]) for row in kept]
    held = [at for at, row in enumerate(kept) if row != 10]
    assert after.projection.xy[held].tobytes() == before.projection.xy[[kept[at] for at in held]].tobytes()
    assert after.projection.xy[kept.index(10)].tolist() != before.projection.xy[10].tolist()
    assert version.version.removed == 3
    assert version.version.edited == 1
    assert version.table["version"].dropna().to_dict() == {kept.index(10): "3 (edited)"}


def test_a_cluster_whose_rows_are_all_removed_is_gone_and_the_others_keep_their_names(first) -> None:
    workspace, before = first
    gone = np.flatnonzero(before.clustering.labels == 0).tolist()
    version = ex.add_rows(before.dataset, removed=gone, workspace=workspace)
    after = ex.run_onto(version, before, workspace=workspace)
    assert [summary.name for summary in after.summaries] == [summary.name for summary in before.summaries[1:]]
    assert after.clustering.labels.max() == len(after.summaries) - 1
    assert clusters(after)["colors"] == {theme: of[1:] for theme, of in clusters(before)["colors"].items()}
    again = ex.run_onto(ex.add_rows(version, removed=[0], workspace=workspace), after, workspace=workspace)
    assert clusters(again)["colors"] == clusters(after)["colors"]  # of a version of a version too
    for now, then in zip(after.summaries, before.summaries[1:], strict=True):
        items = [before.dataset.items[row] for row in then.near_name]
        assert [version.items[row] for row in now.near_name] == items
        assert items
    for level in after.levels:
        assert all(level_row < len(version) for group in level for level_row in group.near_name)
    for level, labels in zip(after.levels, after.clustering.levels, strict=True):
        assert [group.size for group in level] == np.bincount(labels[labels >= 0]).tolist()


def test_columns_that_one_of_both_lacks_are_missing_there_and_values_stay_what_they_were(first, tmp_path) -> None:
    workspace, before = first
    new = table(tmp_path / "new.csv", ["1.10,train late,7,0012", "n/a,soup bowl,,x"], head="price,text,stars,id")
    version = ex.add_rows(before.dataset, new, workspace=workspace)
    assert version.table["id"].tolist()[-2:] == ["0012", "x"]
    assert version.table["id"].tolist()[:2] == ["000", "001"]
    assert version.table["price"].isna().tolist() == [True] * OLD + [False] * 2
    assert version.table["price"].tolist()[-2:] == ["1.10", "n/a"]
    assert version.table["stars"].tolist()[:3] == [0, 1, 2]
    assert version.table["stars"].isna().tolist()[-2:] == [False, True]
    assert version.table["version"].tolist()[-2:] == ["3 (added)"] * 2  # version 2 is there, and is another
    assert version.table["version"].isna().sum() == OLD
    assert version.columns == ("id", "text", "stars", "price", "version")
    new_ones = [(one.column, one.count) for one in version.faults if one.kind == NEW_COLUMN]
    assert new_ones == [("price", 2)]
    assert not [one for one in version.faults if one.kind == NO_COLUMN]


def test_a_third_version_tells_of_each_row_which_version_it_is_new_in(first, tmp_path) -> None:
    workspace, before = first
    second = ex.add_rows(before.dataset, more(tmp_path, 4), workspace=workspace)
    own = table(tmp_path / "own.csv", ["a,soup pepper bowl,mine"], head="id,text,version")
    third = ex.add_rows(second, own, removed=[OLD], workspace=workspace)
    assert third.table["version"].tolist()[-4:] == ["3 (added)"] * 3 + ["4 (added)"]
    assert third.table["version_2"].tolist()[-1] == "mine"
    assert third.name == "cases.csv, version 4"
    onto = ex.run_onto(third, ex.run_onto(second, before, workspace=workspace), workspace=workspace)
    assert onto.projection.xy[:OLD].tobytes() == before.projection.xy.tobytes()


def test_versions_of_one_parent_have_names_of_their_own_and_the_same_change_is_the_same_version(tmp_path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    parent = workspace.datasets.add(ex.load(table(tmp_path / "cases.csv", rows(9)), text="text"))
    other = workspace.datasets.add(ex.load_text("one\ntwo", name="cases.csv, version 5"))
    changes = [{"removed": [1]}, {"edited": {2: "another"}}, {"edited": {2: "a third"}}, {"removed": [4]}]
    made = [ex.add_rows(parent, workspace=workspace, **change) for change in changes]
    assert [one.name for one in made] == [f"cases.csv, version {number}" for number in (2, 3, 4, 6)]
    assert made[2].table["version"].tolist()[2] == "4 (edited)"
    assert [ex.add_rows(parent, workspace=workspace, **change).key for change in changes] == [one.key for one in made]
    assert len(workspace.datasets.records()) == 6
    assert ex.add_rows(made[0], workspace=workspace, removed=[0]).name == "cases.csv, version 7"
    workspace.datasets.rename(made[1].key, "mine")
    workspace.delete_dataset(made[2].key)
    assert ex.add_rows(parent, workspace=workspace, removed=[5]).name == "cases.csv, version 4"
    assert other.name == "cases.csv, version 5"
    assert not (workspace.path / "writers" / "versions.lock").exists()


def test_either_of_two_versions_is_whole_without_the_other(first, placed, both) -> None:
    workspace, _ = first
    other = Workspace(shutil.copytree(workspace.path, workspace.path.with_name("other")))
    workspace.delete_dataset(both[0].dataset.key)
    other.delete_dataset(placed.version)
    for where, run in ((workspace, both[1]), (other, both[0])):
        again = open_run(run.key, workspace=where)
        assert again.projection.xy.tobytes() == run.projection.xy.tobytes()
        assert again.summaries == run.summaries
        assert again.onto == run.onto
        assert not where.leftovers()


def test_a_run_goes_on_where_its_map_is_deleted_before_it_is_computed(first, tmp_path) -> None:
    workspace, before = first
    version = ex.add_rows(before.dataset, more(tmp_path, 5), workspace=workspace)
    xy = np.array(before.projection.xy)
    plan = plan_onto(workspace, version.key, before.key)
    workspace.delete_dataset(before.dataset.key)
    after = pipeline.compute(workspace, plan, OLD + 5)
    assert after.projection.xy[:OLD].tobytes() == xy.tobytes()


def test_a_run_that_was_stopped_amid_it_goes_on_to_the_same_map(first, placed, tmp_path) -> None:
    workspace, before = first
    version = ex.add_rows(before.dataset, more(tmp_path, 5), workspace=workspace)

    class Stopped(Exception):
        pass

    def stop(progress) -> None:
        if progress.stage == "project" and progress.done == 5:
            raise Stopped

    with pytest.raises(Stopped):
        ex.run_onto(version, before, workspace=workspace, progress=stop)
    after = ex.run_onto(version, before, workspace=workspace)
    other = Workspace(shutil.copytree(placed.home, tmp_path / "other") / "workspace")
    same = ex.add_rows(before.dataset, more(tmp_path, 5), workspace=other)
    whole = ex.run_onto(same, before.key, workspace=other)
    assert after.key == whole.key
    assert after.projection.xy.tobytes() == whole.projection.xy.tobytes()


def test_rows_are_found_by_the_value_of_a_column(first) -> None:
    dataset = first[1].dataset
    assert rows_where(dataset, "id", "007") == [7]
    assert rows_where(dataset, "stars", "4") == list(range(4, OLD, 5))
    with pytest.raises(ex.ExplorerError, match="its columns are id, stars"):
        rows_where(dataset, "star", "4")


def test_what_cannot_be_changed_says_why_and_changes_nothing(first, tmp_path) -> None:
    workspace, before = first
    for error, said, change in (
        (NotFound, f"no row {OLD}", {"removed": [OLD]}),
        (BadSetting, "both removed and edited", {"removed": [1], "edited": {1: "x"}}),
        (BadSetting, "empty", {"edited": {1: " \u200b "}}),
        (BadSetting, "nothing would be different", {"edited": {1: before.dataset.items[1]}}),
        (BadSetting, "nothing would be different", {"edited": {1: f" {before.dataset.items[1]}\n"}}),
        (NothingUsable, "no row would be left", {"removed": range(OLD)}),
    ):
        with pytest.raises(error, match=said):
            ex.add_rows(before.dataset, workspace=workspace, **change)
    assert len(workspace.datasets.records()) == 2
    version = ex.add_rows(before.dataset, removed=[1], workspace=workspace)
    with pytest.raises(BadSetting, match="was not made of the data of the map"):
        ex.run_onto(before.dataset, before, workspace=workspace)
    with pytest.raises(BadSetting, match="Lay the data out anew"):
        ex.how_sure(ex.run_onto(version, before, workspace=workspace).key, workspace=workspace)


def test_an_edit_to_the_same_text_beside_another_is_none(first, tmp_path) -> None:
    workspace, before = first
    edited = {1: f"{before.dataset.items[1]} ", 2: "another text"}
    version = ex.add_rows(before.dataset, edited=edited, workspace=workspace)
    assert version.version is not None
    assert version.version.edited == 1
    assert [version.items[row] == before.dataset.items[row] for row in (1, 2)] == [True, False]


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


def test_pictures_that_are_added_bring_their_vectors_in_the_order_of_those_before(tmp_path) -> None:
    def pictures(name: str, numbers: range) -> Path:
        (tmp_path / name).mkdir()
        for number in numbers:
            Image.new("RGB", (16, 12), (20 * number, 90, 10)).save(tmp_path / name / f"{number}.png")
        np.save(tmp_path / name / "emb.npy", np.array([[1, number] for number in sorted(numbers, key=str)], np.float32))
        return tmp_path / name

    workspace = Workspace(tmp_path / "workspace")
    first = ex.load(pictures("old", range(4)), choices={"vectors": "names"})
    workspace.datasets.add(first, source=tmp_path / "old")
    key = make_version(workspace, first.key, Change(), [pictures("new", range(8, 11))])
    version = workspace.datasets.open(key)
    assert [item.name for item in version.items][4:] == ["10.png", "8.png", "9.png"]
    assert version.given.array[:, 1].tolist() == [0, 1, 2, 3, 10, 8, 9]


def test_a_version_with_its_map_is_taken_elsewhere_as_one_file(placed, both, tmp_path) -> None:
    saved = ex.export_dataset(placed.version, tmp_path / "saved.zip", workspace=placed.home / "workspace")
    there = Workspace(tmp_path / "there")
    taken = ex.import_dataset(saved, workspace=there)
    assert not taken.left_out
    run = open_run(taken.runs[0], workspace=there)
    assert run.projection.xy.tobytes() == both[1].projection.xy.tobytes()
    assert run.onto == both[1].onto
    assert run.dataset.version == both[1].dataset.version


def test_the_report_tells_how_many_rows_were_added_and_where_they_were_placed(both, tmp_path) -> None:
    page = ex.write_report(both[1], tmp_path / "report.html")[0].read_text(encoding="utf-8")
    assert f"{NEW} rows added to “cases.csv”, 1 text edited" in page
    assert f"{NEW + 1} new rows were placed on the map “cases.csv”" in page
    told = json.loads(ex.write_report(both[1], tmp_path / "report.json")[0].read_text(encoding="utf-8"))
    assert told["data"]["version"]["added"] == NEW
    assert told["onto"]["run"] == both[0].key


def test_a_version_keeps_the_types_that_were_set_and_counts_none_of_its_own_column_as_a_fault(
    tmp_path: Path, encoder: WordBag
) -> None:
    workspace = Workspace(tmp_path / "workspace")
    lines = rows(OLD)
    lines[5] = lines[5].rpartition(",")[0] + ","
    lines[3] = ""
    key = workspace.datasets.keep(ex.load(table(tmp_path / "cases.csv", lines), text="text"))
    workspace.datasets.set_reading(key, "stars", "category")
    first = workspace.datasets.open(key)
    second = make_version(workspace, key, Change(edited={3: "another text"}))
    third = make_version(workspace, second, Change(removed=(6,)), [more(tmp_path)])
    for made in (second, third):
        version = workspace.datasets.open(made)
        assert version.readings == {"stars": "category"}
        assert "version" not in [fault.column for fault in version.faults]
    for each in (first, workspace.datasets.open(second), workspace.datasets.open(third)):
        (empty,) = [fault for fault in each.faults if (fault.kind, fault.column) == ("no value", "stars")]
        assert [(one.source, one.where) for one in empty.examples] == [("cases.csv", "line 7")]
