"""Runs of draft vectors: what they leave, and what nobody takes for the encoder's."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from explorer import ingest
from explorer.config import RunConfig
from explorer.embedding import DONE, KnownVectors, item_hashes
from explorer.errors import BadSetting, Cancelled
from explorer.report.wording import embedded as embedded_words
from explorer.runs import drafting, facts_of, make_plan, open_run, pipeline, run
from explorer.runs.begun import Spent
from explorer.runs.pipeline import open_record
from explorer.runs.plan import Plan
from explorer.runs.stages import run_stage
from explorer.types import Dataset, Progress, Run, said_draft, silent
from explorer.workspace import Stored, Workspace
from tests.runs.wordbag import WordBag

NOUNS = ("card", "train", "soup", "storm", "garden", "letter", "violin", "harbour")
ENDS = ("was late again", "came in spring", "is out of order", "cost more than last year", "made everybody wait")
ROWS = [f"the {noun} number {at} {end}" for noun in NOUNS for end in ENDS for at in range(5)]
SAMPLE = 96


@pytest.fixture(autouse=True)
def bag(monkeypatch: pytest.MonkeyPatch) -> WordBag:
    """An encoder that counts what it is asked, and a small sample, in two parts of the checkpoint."""
    made = WordBag()
    monkeypatch.setattr(pipeline, "cached_encoder", lambda name, device: made)
    monkeypatch.setattr(drafting, "SAMPLE", SAMPLE)
    monkeypatch.setattr("explorer.embedding.encoding.CHECKPOINT_ROWS", 48)
    return made


def dataset(rows: list[str] = ROWS) -> Dataset:
    return ingest.load_text("\n".join(rows), name="rows")


def plan_with(draft: str, rows: list[str] = ROWS) -> Plan:
    return make_plan(facts_of(dataset(rows)), RunConfig.from_flat({"encoder": "minilm", "draft": draft}))


def made(folder: Path, draft: str, rows: list[str] = ROWS, **how: object) -> Run:
    """Return a whole run."""
    return run(dataset(rows), workspace=Workspace(folder), encoder="minilm", draft=draft, **how)


def embedded(
    folder: Path, bag: WordBag, draft: str, rows: list[str] = ROWS, progress: Callable[[Progress], None] = silent
) -> Stored:
    """Return the vectors of a run, as its first stage keeps them."""
    workspace, plan = Workspace(folder), plan_with(draft, rows)
    workspace.datasets.keep(dataset(rows))
    open_record(workspace, plan)
    run_stage(workspace, plan, "embed", encoder=lambda name: bag, progress=progress)
    return workspace.results.load("embed", plan.keys["embed"])


def test_nothing_of_a_draft_is_taken_for_a_vector_of_the_encoder_and_the_sample_is_read_once(
    tmp_path: Path, bag: WordBag
) -> None:
    drafted, workspace = embedded(tmp_path / "w", bag, "only"), Workspace(tmp_path / "w")
    assert len(bag.encoded) == SAMPLE
    assert set(bag.encoded) <= set(ROWS)  # phrases for names are drafted, too
    only, no = plan_with("only"), plan_with("no")
    assert workspace.results.has("phrases", only.phrases)
    assert only.phrases != no.phrases
    assert (drafted.arrays["state"] == DONE).all()
    told = drafted.record["draft"]
    assert (told["read"], told["rows"], told["among"]) == (SAMPLE, len(ROWS), SAMPLE // 4)
    folder = workspace.results.folder("embed", plan_with("only").keys["embed"])
    assert not KnownVectors([folder], fingerprint=plan_with("no").fingerprint)(item_hashes(ROWS))[0].any()
    true = embedded(tmp_path / "w", bag, "no")
    assert all(bag.encoded.count(text) == 1 for text in ROWS)
    fresh = embedded(tmp_path / "fresh", bag, "no")
    np.testing.assert_array_equal(true.arrays["vectors"], fresh.arrays["vectors"])
    assert np.abs(true.arrays["vectors"] - drafted.arrays["vectors"]).max() > 0.01


def test_a_draft_is_the_same_in_another_order_of_the_rows_and_after_the_encoder_has_read_all(
    tmp_path: Path, bag: WordBag
) -> None:
    rows = [*ROWS, *ROWS[:9], "!"]
    first, order = embedded(tmp_path / "a", bag, "only", rows), np.random.default_rng(3).permutation(len(rows))
    again = embedded(tmp_path / "b", bag, "only", [rows[row] for row in order])
    np.testing.assert_array_equal(again.arrays["vectors"], first.arrays["vectors"][order])
    embedded(tmp_path / "c", bag, "no", rows)
    after = embedded(tmp_path / "c", bag, "only", rows)
    np.testing.assert_array_equal(after.arrays["vectors"], first.arrays["vectors"])


@pytest.mark.parametrize("note", ["", "fitting a draft", "making a draft"])
def test_a_draft_that_is_stopped_anywhere_ends_in_the_same_bits(tmp_path: Path, note: str, bag: WordBag) -> None:
    whole, true = embedded(tmp_path / "whole", bag, "only"), embedded(tmp_path / "whole", bag, "no")
    stops = []

    def stop(progress: Progress) -> None:
        if progress.note.startswith(note) and (progress.done or note) and not stops:
            stops.append(progress)
            raise Cancelled("stopped")

    bag.encoded.clear()
    with pytest.raises(Cancelled):
        embedded(tmp_path / "again", bag, "only", progress=stop)
    again, later = embedded(tmp_path / "again", bag, "only"), embedded(tmp_path / "again", bag, "no")
    assert all(bag.encoded.count(text) == 1 for text in ROWS)
    np.testing.assert_array_equal(again.arrays["vectors"], whole.arrays["vectors"])
    np.testing.assert_array_equal(later.arrays["vectors"], true.arrays["vectors"])


def test_a_map_that_begins_with_a_draft_lies_as_that_one_does_also_after_a_stop_in_between(tmp_path: Path) -> None:
    true, workspace = made(tmp_path / "w", "first"), Workspace(tmp_path / "w")
    plan = Plan.from_json(workspace.runs.record(true.key)["plan"])
    assert plan.draft is not None
    assert true.draft is None
    drafted = open_run(plan.draft.run, workspace=workspace)
    assert drafted.draft == drafted.outcome.draft is not None
    assert drafted.clustering.count > 1
    assert drafted.config.told()["draft"] == "only"
    assert said_draft(drafted.draft) in embedded_words(drafted)
    a, b = drafted.projection.xy - drafted.projection.xy.mean(0), true.projection.xy
    turn, _, back = np.linalg.svd(b.T @ a)
    np.testing.assert_allclose(turn @ back, np.eye(2), atol=0.05)  # it is not to be turned any further

    def stop(progress: Progress) -> None:
        if progress.stage == "project" and progress.done > 20:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        made(tmp_path / "again", "first", progress=stop)
    again = made(tmp_path / "again", "first")
    np.testing.assert_array_equal(again.projection.xy, true.projection.xy)
    np.testing.assert_array_equal(again.clustering.labels, true.clustering.labels)


def test_keys_tell_drafts_apart_and_leave_those_of_before_as_they_were() -> None:
    no, only, first = (plan_with(draft) for draft in ("no", "only", "first"))
    plain = make_plan(facts_of(dataset()), RunConfig.from_flat({"encoder": "minilm"}))
    assert no == plain
    assert len({no.run, only.run, first.run}) == 3
    assert first.keys["embed"] == no.keys["embed"] == only.whole != only.keys["embed"]
    assert first.keys["project"] not in (no.keys["project"], only.keys["project"])
    assert first.draft == only
    for plan in (no, only, first):
        assert Plan.from_json(plan.to_json()) == plan
    assert f"embed-{only.whole}" in only.results()
    assert first.in_space().draft is None  # it has two dimensions
    assert first.space == no.space


def test_what_cannot_be_drafted_says_so_and_the_cure(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    from PIL import Image

    Image.new("RGB", (9, 9)).save(folder / "a.png")
    pictures = facts_of(ingest.load([folder]))
    with pytest.raises(BadSetting, match="only texts can be drafted"):
        make_plan(pictures, RunConfig.from_flat({"draft": "only"}))
    with pytest.raises(BadSetting, match="draft is 'yes'; it must be"):
        RunConfig.from_flat({"draft": "yes"})


@pytest.mark.parametrize(("left", "earlier"), [(None, 0.0), ("", 0.0), ("12.5", 12.5)])
def test_what_a_stop_left_of_the_seconds_is_gone_on_with(tmp_path, left, earlier):
    if left is not None:
        (tmp_path / "seconds.json").write_text(left)
    spent = Spent(tmp_path, time.monotonic())
    assert spent.earlier == earlier
    spent.keep()
    assert Spent(tmp_path, time.monotonic()).earlier >= earlier
