"""Which encoder made the vectors that came with the data, named on the page or over REST: another run, the same map."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer import encoders, ingest
from explorer.config import RunConfig, Settings
from explorer.errors import BadSetting, UnknownEncoder
from explorer.runs import pipeline
from explorer.runs.facts import facts_of
from explorer.runs.pipeline import open_record
from explorer.runs.plan import Plan, make_plan
from explorer.server import name_maker, open_services
from explorer.ui.panels import map as page
from explorer.workspace import Workspace
from tests.runs.test_named_makers import CHOSEN, csv, texts
from tests.runs.wordbag import WordBag


def test_a_run_goes_on_with_the_encoder_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bag = WordBag()
    bag.dim = 384
    workspace = Workspace(tmp_path / "w")
    services = open_services(workspace, Settings(workspace.path))

    def start(plan: Plan, **_: object) -> str:
        open_record(workspace, plan)
        return plan.run

    monkeypatch.setattr(services.jobs, "start", start)
    monkeypatch.setattr(pipeline, "_loaded", lambda name, device: bag)
    try:
        import numpy as np

        vectors = np.random.default_rng(1).normal(size=(30, 384))
        dataset = services.workspace.datasets.add(
            ingest.load(csv(tmp_path / "a.csv", texts(0, 30), vectors), choices=CHOSEN)
        )
        plain = services.runs.start(dataset.key, {"n_neighbors": 9})
        named = name_maker(services.runs, plain, "minilm")
        assert name_maker(services.runs, plain, "given:minilm") == named
        settings = workspace.runs.record(named)["settings"]
        assert (settings["encoder"], settings["n_neighbors"]) == ("given:minilm", 9)
        assert services.runs.map_key(named) == services.runs.map_key(plain)
        with pytest.raises(BadSetting, match="512 numbers"):
            name_maker(services.runs, plain, "muse")
        assert [page._reads_words(one) for one in ("given", "given:minilm")] == [False, True]
        plan = Plan.from_json(workspace.runs.record(named)["plan"])
        facts = facts_of(workspace.datasets.record(dataset.key))
        chosen = {name: value for name, value in settings.items() if value is not None}
        assert plan.recut(7) == make_plan(facts, RunConfig.from_flat({**chosen, "min_cluster_size": 7}))
    finally:
        services.jobs.close()


@pytest.mark.parametrize("name", ["all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2", "All-minilm-l6-V2"])
def test_an_encoder_goes_by_the_name_that_it_has_elsewhere(name: str) -> None:
    assert encoders.canonical(name) == "minilm"
    assert encoders.canonical(f"given:{name}") == "given:minilm"
    assert encoders.fingerprint(name) == encoders.fingerprint("minilm")


def test_a_name_of_no_encoder_is_told_on_the_page_with_few_others() -> None:
    with pytest.raises(UnknownEncoder, match="own:MODULE:FUNCTION") as told:
        encoders.canonical("given:qqqq")
    assert told.value.on_page == (
        "there is no encoder 'qqqq'; choose minilm, muse, conse, melstats, clip or another one of the list under "
        "Settings, “Encoder”."
    )
    for name in ("qq" * 3000, "q\0q", "~nobodyatall/q"):  # that no name can be
        with pytest.raises(UnknownEncoder) as other:
            encoders.canonical(name)
        assert len(other.value.on_page or str(other.value)) < 240, other.value
    with pytest.raises(UnknownEncoder) as near:
        encoders.canonical("minilmm")
    assert near.value.on_page == "there is no encoder 'minilmm'; did you mean minilm?"
