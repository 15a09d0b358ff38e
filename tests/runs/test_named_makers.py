"""Vectors that came with the data whose encoder is named: it is checked, and then words can be searched with."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from explorer import encoders
from explorer.config import ENCODERS_FILE, RunConfig, is_given, maker_of
from explorer.errors import BadSetting, UnknownEncoder
from explorer.ingest import load
from explorer.portable import export_dataset, import_dataset
from explorer.questions import search
from explorer.report import render
from explorer.runs import add_rows, facts_of, make_plan, open_run, pipeline, run, run_onto, sending_of
from explorer.types import Dataset
from explorer.workspace import Workspace
from tests.runs.wordbag import DIM, WordBag

GROUPS = ("birds that sing at dawn", "engines and their oil", "bread from rye flour")
CHOSEN = {"vectors": "embedding"}


@pytest.fixture(autouse=True)
def _bag(monkeypatch: pytest.MonkeyPatch) -> None:
    """The encoder is one that costs nothing."""
    bag = WordBag()
    monkeypatch.setattr(pipeline, "_loaded", lambda name, device: bag)
    listed = encoders.list_encoders
    monkeypatch.setattr(encoders, "list_encoders", lambda: tuple(s for s in listed() if s.name != "minilm"))


def texts(start: int, count: int) -> list[str]:
    return [f"{GROUPS[row % 3]} number {row}" for row in range(start, start + count)]


def csv(path: Path, said: list[str], vectors: np.ndarray) -> Path:
    lines = [f'{text},"{json.dumps(vector.tolist())}"' for text, vector in zip(said, vectors, strict=True)]
    path.write_text("\n".join(["text,embedding", *lines]))
    return path


def made_by_it(path: Path, start: int = 0, count: int = 90, *, longer: float = 1.0, noise: float = 0.0) -> Dataset:
    said = texts(start, count)
    vectors = WordBag().encode(said) * longer
    vectors += noise * np.random.default_rng(3).normal(size=vectors.shape)
    return load(csv(path, said, vectors), choices=CHOSEN)


def test_names_of_who_made_vectors_stand_for_that_encoder() -> None:
    assert (is_given("given"), is_given("given:minilm"), is_given("givens")) == (True, True, False)
    assert (maker_of("given"), maker_of("given:st:a/b"), maker_of("minilm")) == ("", "st:a/b", "")
    assert encoders.canonical("given:clip") == f"given:{encoders.canonical('clip')}"
    assert encoders.modalities_of("given:minilm") == {"text"}
    assert encoders.sends_to("given:openai:text-embedding-3-small") == encoders.sends_to(
        "openai:text-embedding-3-small"
    )
    assert encoders.runs_code("given:own:json:dumps")
    for wrong in ("given:given", "given:given:minilm", "given:nosuch"):
        with pytest.raises(UnknownEncoder):
            encoders.canonical(wrong)


def test_words_sums_and_names_are_by_it_and_the_map_stays(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    dataset = made_by_it(tmp_path / "a.csv", longer=3.0)
    plain = run(dataset, workspace=workspace, min_cluster_size=8)
    named = run(dataset, workspace=workspace, min_cluster_size=8, encoder="given:minilm")
    assert named.key != plain.key
    assert named.embeddings.key == plain.embeddings.key
    assert np.array_equal(named.projection.xy, plain.projection.xy)
    found = search(named, "birds at dawn", k=5).rows[0]
    assert {dataset.items[row].split()[0] for row in found} == {"birds"}
    found = search(named, "= birds at dawn - engines and oil", k=3).rows[0]
    assert {dataset.items[row].split()[0] for row in found} == {"birds"}
    assert "minilm made them" in render(named, "html").decode()
    assert sending_of(dataset, "given:minilm", workspace=workspace) is None


def test_it_is_kept_with_the_run_and_goes_along(tmp_path: Path) -> None:
    workspace, there = Workspace(tmp_path / "w"), Workspace(tmp_path / "there")
    dataset = made_by_it(tmp_path / "a.csv")
    named = run(dataset, workspace=workspace, encoder="given:minilm")
    checked = workspace.results.load("checked", make_plan(facts_of(dataset), named.config).keys["checked"]).record
    assert len(checked["rows"]) == 10
    assert min(checked["cosines"]) > 0.999
    taken = import_dataset(export_dataset(dataset.key, tmp_path / "d.zip", workspace=workspace), workspace=there)
    assert (taken.runs, taken.left_out) == ((named.key,), ())
    again = open_run(named.key, workspace=there)
    assert again.embeddings.encoder == "given:minilm"
    assert np.array_equal(search(again, "rye bread").rows, search(named, "rye bread").rows)


def test_rows_that_are_added_are_checked_too(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    dataset = made_by_it(tmp_path / "a.csv")
    named = run(dataset, workspace=workspace, encoder="given:minilm")
    said = texts(90, 6)
    version = add_rows(dataset.key, csv(tmp_path / "b.csv", said, WordBag().encode(said)), workspace=workspace)
    onto = run_onto(version, named, workspace=workspace)
    assert np.array_equal(onto.projection.xy[:90], named.projection.xy)
    assert search(onto, said[-1], k=1).rows[0, 0] == 95


def test_another_encoder_is_refused_with_how_far_off_it_is(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    chance = np.random.default_rng(1)
    strange = load(csv(tmp_path / "a.csv", texts(0, 30), chance.normal(size=(30, DIM))), choices=CHOSEN)
    with pytest.raises(BadSetting, match=r"did not make the vectors of “embedding”.*of 10 .* 0 came out the same"):
        run(strange, workspace=workspace, encoder="given:minilm")
    near = made_by_it(tmp_path / "b.csv", count=30, noise=0.1)
    with pytest.raises(BadSetting, match=r"That is near: perhaps the same model in another version"):
        run(near, workspace=workspace, encoder="given:minilm")
    assert made_by_it(tmp_path / "c.csv", count=30, noise=0.005).given is not None
    assert run(made_by_it(tmp_path / "c.csv", count=30, noise=0.005), workspace=workspace, encoder="given:minilm")


def test_numbers_that_do_not_fit_are_said_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    strange = load(csv(tmp_path / "a.csv", texts(0, 30), np.ones((30, 7))), choices=CHOSEN)
    asked = RunConfig.from_flat({"encoder": "given:muse"})
    with pytest.raises(BadSetting, match="its vectors have 512 numbers, those have 7"):
        make_plan(facts_of(strange), asked)
    with pytest.raises(BadSetting, match=f"its vectors have {DIM} numbers, those have 7"):
        run(strange, workspace=Workspace(tmp_path / "w"), encoder="given:minilm")
    (tmp_path / "plain.csv").write_text("text\n" + "\n".join(texts(0, 9)))
    with pytest.raises(BadSetting, match="no vectors came with these data"):
        make_plan(facts_of(load(tmp_path / "plain.csv")), asked)


def test_a_name_of_the_file_of_encoders_may_have_made_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "encoders.toml").write_text('[house]\nencoder = "minilm"\n[theirs]\nencoder = "given:minilm"\n')
    monkeypatch.setenv(ENCODERS_FILE, str(tmp_path / "encoders.toml"))
    facts = facts_of(made_by_it(tmp_path / "a.csv", count=30))
    for name in ("given:house", "theirs"):
        assert make_plan(facts, RunConfig.from_flat({"encoder": name})).config.embed.encoder == "given:minilm"


def test_what_it_would_be_sent_is_some_items_and_nothing_without_consent(tmp_path: Path) -> None:
    dataset = made_by_it(tmp_path / "a.csv")
    told = sending_of(dataset, "given:openai:text-embedding-3-small", workspace=Workspace(tmp_path / "w"))
    assert told is not None
    assert (told.items, told.known, told.rows) == (10, 0, 90)
    assert sending_of(dataset, "given", workspace=Workspace(tmp_path / "w")) is None
