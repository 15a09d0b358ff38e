"""More or fewer clusters of a run: what has the same rows in both has one name, whichever way one comes to it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import explorer as ex
from explorer.questions.answers import clusters
from explorer.runs import Plan, colors_of_cut, facts_of, make_plan, pipeline, plan_recut
from explorer.types import Run
from explorer.workspace import Workspace
from tests.runs.wordbag import WordBag

TOPICS = (
    "card payment refused shop",
    "card payment abroad fee",
    "parcel lost courier depot",
    "parcel damaged courier box",
    "soup lentil pepper bowl",
    "soup onion bread cheese",
    "train late platform six",
    "bus late shelter seven",
)
SIZES = (6, 16, 30)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder with a workspace in it, and in that a run of the middle size."""
    home, rng = tmp_path_factory.mktemp("recut"), np.random.default_rng(0)
    texts = [
        f"{' '.join(rng.permutation(topic.split()))} {rng.choice(['today', 'again', 'here'])} case{at}"
        for number, topic in enumerate(TOPICS)
        for at in range(14 + 6 * number)
    ]
    (home / "cases.txt").write_text("\n".join(texts), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        encoder = WordBag()
        patched.setattr(pipeline, "cached_encoder", lambda _name, _device: encoder)
        ex.run(ex.load(home / "cases.txt"), workspace=home / "workspace", min_cluster_size=SIZES[1])
        yield home


@pytest.fixture
def workspace(kept: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(kept, tmp_path, dirs_exist_ok=True)
    return Workspace(tmp_path / "workspace")


def only(workspace: Workspace) -> Run:
    (record,) = workspace.runs.records()
    return ex.open_run(record["run"], workspace=workspace)


def recut(workspace: Workspace, run: Run, at: int) -> Run:
    return pipeline.compute(workspace, plan_recut(workspace, run.key, at), len(run.dataset))


def names_by_rows(run: Run) -> dict[bytes, str]:
    return {np.packbits(run.clustering.labels == one.label).tobytes(): one.name for one in run.summaries}


def assert_one_name(*runs: Run) -> None:
    named = [names_by_rows(run) for run in runs]
    for at, one in enumerate(named):
        assert len({name.casefold() for name in one.values()}) == len(one)
        for other in named[:at]:
            assert {(rows, one[rows]) for rows in one if rows in other} <= other.items()


def test_a_cluster_has_one_name_in_all_cuts_whichever_way_one_comes_to_it(workspace: Workspace) -> None:
    first = only(workspace)
    finer = recut(workspace, first, SIZES[0])
    coarse = recut(workspace, finer, SIZES[2])
    between = recut(workspace, coarse, 9)
    assert names_by_rows(first).keys() & names_by_rows(finer).keys()
    assert len({run.clustering.count for run in (first, finer, coarse)}) > 1
    assert_one_name(first, finer, coarse, between)
    assert recut(workspace, coarse, SIZES[0]).key == finer.key
    assert recut(workspace, finer, SIZES[1]).summaries == first.summaries


def test_clusters_keep_their_colours_in_all_cuts_of_a_map(workspace: Workspace) -> None:
    first = only(workspace)
    shown = [recut(workspace, first, at) for at in (SIZES[0], SIZES[2], 9)]
    for one in shown:
        workspace.runs.update(one.key, cut_of=first.key)
    colors = dict(zip(names_by_rows(first), clusters(first)["colors"]["light"], strict=True))
    for one in shown:
        cut = ex.open_run(one.key, workspace=workspace)
        own = dict(zip(names_by_rows(cut), clusters(cut)["colors"]["light"], strict=True))
        assert {rows: own[rows] for rows in own.keys() & colors.keys()}.items() <= colors.items()
        assert len(set(own.values())) == len(own)
        assert colors_of_cut(workspace, first.key, cut.clustering.labels) == cut.colors  # as the slider shows it
    alone = ex.open_run(first.key, workspace=workspace)
    assert alone.colors is None


def test_names_are_kept_though_they_would_be_others_by_themselves(workspace: Workspace) -> None:
    first = only(workspace)
    plan = Plan.from_json(workspace.runs.record(first.key)["plan"])
    stored = workspace.results.load("describe", plan.keys["describe"])
    record = {**stored.record, "summaries": [{**s, "name": f"called {s['label']}"} for s in stored.record["summaries"]]}
    shutil.rmtree(workspace.results.folder("describe", plan.keys["describe"]))
    workspace.results.save("describe", plan.keys["describe"], {}, record)
    finer = recut(workspace, first, SIZES[0])
    same = names_by_rows(ex.open_run(first.key, workspace=workspace))
    both = {name for rows, name in names_by_rows(finer).items() if rows in same}
    assert both
    assert both <= {f"called {at}" for at in range(first.clustering.count)}
    asked = facts_of(first.dataset)
    plain = make_plan(asked, finer.config)
    assert plain.run == finer.key
    assert plain.keys["describe"] != Plan.from_json(workspace.runs.record(finer.key)["plan"]).keys["describe"]
    again = ex.run(first.dataset, finer.config, workspace=workspace)
    assert again.summaries == finer.summaries
    assert not workspace.results.has("describe", plain.keys["describe"])


def test_what_a_language_model_called_a_cluster_stays_with_its_rows(workspace: Workspace) -> None:
    first = only(workspace)
    entry = {"sentence": "All of one kind.", "model": "small", "asked": ""}
    clusters = {str(at): {**entry, "name": f"kind {at}"} for at in range(first.clustering.count)}
    workspace.runs.keep_titles(first.key, {"used": True, "clusters": clusters, "groups": {}, "last": {}})
    before = names_by_rows(ex.open_run(first.key, workspace=workspace))
    finer = recut(workspace, first, SIZES[0])
    after = names_by_rows(finer)
    same = before.keys() & after.keys()
    assert same
    assert {after[rows] for rows in same} == {before[rows] for rows in same}
    assert {title.model for title in finer.titles.values()} == {"small"}


def test_a_cut_that_is_saved_and_read_again_is_the_same_run(workspace: Workspace, tmp_path: Path) -> None:
    first = only(workspace)
    finer = recut(workspace, first, SIZES[0])
    saved = tmp_path / "cases.explorer.zip"
    ex.export_dataset(first.dataset, saved, workspace=workspace)
    other = Workspace(tmp_path / "other")
    for place in (workspace, other):
        ex.import_dataset(saved, workspace=place)
        assert {record["run"] for record in place.runs.records()} == {first.key, finer.key}
    assert names_by_rows(ex.open_run(finer.key, workspace=other)) == names_by_rows(finer)
