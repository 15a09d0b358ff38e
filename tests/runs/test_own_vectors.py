"""Vectors that came with the data: mapped without an encoder, in every later step of a dataset and its runs."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest

from explorer.config import RunConfig
from explorer.errors import BadSetting, NoEncoder, UnreadableFile
from explorer.ingest import load
from explorer.portable import export_dataset, import_dataset
from explorer.questions import neighbors_of, search
from explorer.report import render
from explorer.report.piecewise import npy_of_vectors
from explorer.runs import add_rows, estimate, facts_of, make_plan, open_run, run, run_onto
from explorer.types import Dataset, Run
from explorer.workspace import Workspace
from tests.portable.made import changed, npy

N, DIM = 90, 6
CHOSEN = {"vectors": "embedding"}
GROUPS = ("birds that sing at dawn", "engines and their oil", "bread from rye flour")


def csv(path: Path, rows: range) -> Path:
    chance = np.random.default_rng(rows.start)
    lines = ["text,embedding,kind"]
    for row in rows:
        vector = 3 * np.eye(DIM)[row % 3] + 0.3 * chance.normal(size=DIM)
        lines.append(f'{GROUPS[row % 3]} number {row},"{json.dumps(vector.tolist())}",{row % 3}')
    path.write_text("\n".join(lines))
    return path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Dataset, Run, Path]:
    folder = tmp_path_factory.mktemp("own")
    workspace = Workspace(folder / "workspace")
    dataset = load(csv(folder / "a.csv", range(N)), choices=CHOSEN)
    made = run(dataset, workspace=workspace, min_cluster_size=8)
    return workspace, dataset, made, folder


def test_a_map_is_made_of_them_and_named_by_the_texts(place: tuple[Workspace, Dataset, Run, Path]) -> None:
    _, dataset, made, _ = place
    assert dataset.given is not None
    lengths = np.linalg.norm(dataset.given.array, axis=1, keepdims=True)
    assert np.allclose(made.embeddings.vectors, dataset.given.array / lengths, atol=1e-6)
    assert made.embeddings.encoder == "given"
    kinds, labels = np.asarray(dataset.table["kind"]), made.clustering.labels
    assert all(len(set(kinds[labels == one.label].tolist())) == 1 for one in made.summaries)
    said = [word for one in made.summaries for word, _ in one.keywords]
    assert {"birds", "engines", "bread"} & set(" ".join(said).split())


def test_the_report_says_where_they_are_from(place: tuple[Workspace, Dataset, Run, Path]) -> None:
    assert "Each item came with a vector of 6 numbers, in the column “embedding”" in render(place[2], "html").decode()


def test_words_cannot_be_put_among_them_and_that_is_said(place: tuple[Workspace, Dataset, Run, Path]) -> None:
    with pytest.raises(NoEncoder, match="came with the data, and what made them is not known"):
        search(place[2], "birds")


def test_the_same_rows_can_be_encoded_and_rows_without_vectors_cannot_do_without(
    place: tuple[Workspace, Dataset, Run, Path],
) -> None:
    workspace, dataset, _, folder = place
    facts = facts_of(workspace.datasets.record(dataset.key))
    assert facts == facts_of(dataset)
    assert make_plan(facts, RunConfig()).config.embed.encoder == "given"
    assert make_plan(facts, RunConfig.from_flat({"encoder": "minilm"})).config.embed.encoder == "minilm"
    plain = facts_of(load(folder / "a.csv"))
    assert make_plan(plain, RunConfig()).config.embed.encoder == "minilm"
    with pytest.raises(BadSetting, match="no vectors came with these data"):
        make_plan(plain, RunConfig.from_flat({"encoder": "given"}))
    told = estimate(workspace.datasets.record(dataset.key), workspace=workspace)
    assert (told.encoder, told.encoding) == ("given", 0.0)


def test_a_saved_dataset_brings_them_along(place: tuple[Workspace, Dataset, Run, Path]) -> None:
    workspace, dataset, made, folder = place
    saved = export_dataset(dataset.key, folder / "saved.zip", workspace=workspace)
    other = Workspace(folder / "other")
    taken = import_dataset(saved, workspace=other)
    assert (taken.dataset, taken.runs, taken.left_out) == (dataset.key, (made.key,), ())
    kept = other.datasets.open(taken.dataset)
    assert kept.given is not None
    assert dataset.given is not None
    assert (np.asarray(kept.given.array) == dataset.given.array).all()
    assert np.array_equal(open_run(made.key, workspace=other).projection.xy, made.projection.xy)


def test_rows_that_are_added_bring_theirs_and_are_placed(place: tuple[Workspace, Dataset, Run, Path]) -> None:
    workspace, dataset, made, folder = place
    version = add_rows(dataset.key, csv(folder / "b.csv", range(N, N + 6)), removed=[0], workspace=workspace)
    assert len(version) == N + 5
    onto = run_onto(version, made, workspace=workspace)
    assert np.array_equal(onto.projection.xy[: N - 1], made.projection.xy[1:])
    kinds, labels = np.asarray(version.table["kind"]), onto.clustering.labels
    assert [set(kinds[labels == label].tolist()) for label in labels[-6:]] == [{kind} for kind in kinds[-6:].tolist()]


@pytest.mark.parametrize("bad", [np.ones((N, DIM)), np.ones((N - 1, DIM), np.float32), np.zeros((N, DIM), np.float32)])
def test_a_saved_dataset_with_other_vectors_is_refused(
    place: tuple[Workspace, Dataset, Run, Path], tmp_path: Path, bad: np.ndarray
) -> None:
    workspace, dataset, _, _ = place
    saved = export_dataset(dataset.key, tmp_path / "saved.zip", workspace=workspace)

    def change(entries: dict[str, bytes]) -> None:
        entries["dataset/vectors.npy"] = npy(bad)

    with pytest.raises(UnreadableFile, match=r"vectors|rows cannot be read"):
        import_dataset(changed(saved, tmp_path / "bad.zip", change), workspace=Workspace(tmp_path / "w"))


def test_vectors_that_were_changed_are_another_dataset(
    place: tuple[Workspace, Dataset, Run, Path], tmp_path: Path
) -> None:
    workspace, dataset, _, _ = place
    saved = export_dataset(dataset.key, tmp_path / "saved.zip", workspace=workspace)

    def change(entries: dict[str, bytes]) -> None:
        entries["dataset/vectors.npy"] = npy(np.ones((N, DIM), np.float32))

    taken = import_dataset(changed(saved, tmp_path / "other.zip", change), workspace=Workspace(tmp_path / "w"))
    assert taken.dataset != dataset.key


def rings(path: Path, rows: int = 120) -> Path:
    """Three groups of one direction and three lengths: the angle cannot tell them apart, the distance can."""
    chance = np.random.default_rng(5)
    lines = ["text,embedding,kind"]
    for row in range(rows):
        vector = (1, 6, 18)[row % 3] * (np.eye(DIM)[0] + 0.02 * chance.normal(size=DIM))
        lines.append(f'{GROUPS[row % 3]} number {row},"{json.dumps(vector.tolist())}",{row % 3}')
    path.write_text("\n".join(lines))
    return path


@pytest.mark.parametrize("metric", ["euclidean", "dot"])
def test_lengths_count_from_the_neighbours_to_the_map_where_they_are_asked_for(tmp_path: Path, metric: str) -> None:
    workspace = Workspace(tmp_path / "workspace")
    dataset = load(rings(tmp_path / "a.csv"), choices=CHOSEN)
    by_angle = run(dataset, workspace=workspace, min_cluster_size=15)
    made = run(dataset, workspace=workspace, min_cluster_size=15, metric=metric)
    raw = np.asarray(dataset.given.array, np.float64) if dataset.given is not None else np.zeros(0)
    kinds = np.asarray(dataset.table["kind"]).astype(int)
    for row in (0, 1, 2, 60):
        hits = neighbors_of(made, row, k=5)
        true = raw @ raw[row] if metric == "dot" else -np.linalg.norm(raw - raw[row], axis=1)
        true[row] = -np.inf
        assert hits.scores[0] == pytest.approx(np.sort(true)[::-1][:5], rel=1e-4)
        assert neighbors_of(made, row, k=5, metric="cosine").scores.max() <= 1.0001
    if metric == "euclidean":
        labels = made.clustering.labels
        assert len({*labels[labels >= 0].tolist()}) == 3
        assert all(len(set(kinds[labels == one].tolist())) == 1 for one in range(3))
        assert all(-1 <= one.cohesion <= 1 for one in made.summaries)
        assert [one.nearest[0][0] for one in made.summaries if set(kinds[labels == one.label]) == {0}] == [
            next(one.label for one in made.summaries if set(kinds[labels == one.label]) == {1})
        ]
    mixed = [len(set(kinds[by_angle.clustering.labels == one.label].tolist())) for one in by_angle.summaries]
    assert not mixed or max(mixed) > 1
    assert np.load(io.BytesIO(b"".join(npy_of_vectors(made)))) == pytest.approx(raw, rel=1e-6)
    exported = tmp_path / "d.zip"
    export_dataset(dataset.key, exported, workspace=workspace)
    there = Workspace(tmp_path / "there")
    import_dataset(exported, workspace=there)
    again = open_run(made.key, workspace=there)
    assert np.array_equal(neighbors_of(again, 3).rows, neighbors_of(made, 3).rows)
    assert render(made, "html")


def test_vectors_of_one_length_that_was_rounded_are_taken_as_such(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    unit = np.round(np.random.default_rng(1).normal(size=(40, DIM)), 6)
    unit = np.round(unit / np.linalg.norm(unit, axis=1, keepdims=True), 5)
    path.write_text("text,embedding\n" + "\n".join(f'words {i},"{json.dumps(v.tolist())}"' for i, v in enumerate(unit)))
    made = run(load(path, choices=CHOSEN), workspace=Workspace(tmp_path / "w"), metric="euclidean")
    assert made.embeddings.raw is None
    assert not made.embeddings.own_lengths
