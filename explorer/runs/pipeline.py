"""Walk a dataset through the stages embed, neighbors, project, cluster, describe; take what is there already.

It does not schedule anything: `run` walks in this process, `jobs` has the same stages computed in workers.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explorer.config import AUTO, RunConfig, default_workspace, loading
from explorer.description import KeywordIndex, Namer, told_beside
from explorer.errors import CannotWrite, NotReady
from explorer.runs.clusters import measure_sureness
from explorer.runs.colored import colors_given
from explorer.runs.drafting import told_draft
from explorer.runs.estimating import note_mapping
from explorer.runs.facts import facts_of
from explorer.runs.placed import told_onto
from explorer.runs.plan import STAGES, Plan, done, make_plan, timings
from explorer.runs.restated import restated
from explorer.runs.sending import agree, check_agreed, is_agreed
from explorer.runs.stages import run_stage
from explorer.runs.stored import (
    clustering_from,
    embeddings_from,
    graph_from,
    levels_from,
    phrases_from,
    projection_from,
    scores_from,
    summary_from,
    sureness_from,
    vocabulary_from,
)
from explorer.runs.titled import titled, titles_of
from explorer.types import Dataset, Encoder, FloatArray, Outcome, Progress, Report, Run, silent
from explorer.workspace import Stored, Workspace, alone, names_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)
ENCODERS_IN_MEMORY = 2


def run(
    dataset: Dataset,
    config: RunConfig | None = None,
    *,
    workspace: Workspace | Path | str | None = None,
    device: str = AUTO,
    progress: Report = silent,
    send: bool = False,
    **settings: Any,
) -> Run:
    """Embed, map, cluster and describe a dataset in this process, and return the run.

    Settings are those of `RunConfig.from_flat`: ``encoder, n_neighbors, min_dist, metric, seed, dims, engine,
    method, min_cluster_size, min_samples, space, detail``.  Results are kept in the workspace (the default one if
    None) and never computed twice.  With an encoder that sends what it reads elsewhere, *send* agrees to that; what
    would be sent, and where, says `sending_of`, and so does the error without it.
    Raises NotAgreed, ExplorerError.
    """
    from explorer import encoders

    if not isinstance(workspace, Workspace):
        workspace = Workspace(workspace or default_workspace())
    encoders.use_workspace(workspace.path)
    if config is None:
        config = RunConfig.from_flat(settings)
    if config.unused():
        log.warning("%s", config.unused())
    encoders.check_folder(config.embed.encoder, outside=workspace.path)
    facts = facts_of(dataset)
    plan = make_plan(facts, config)
    workspace.datasets.keep(dataset, languages=facts.languages)
    agreed = send or encoders.runs_code(plan.config.embed.encoder)  # code that the caller named is the caller's
    return compute(workspace, plan, len(dataset), device=device, progress=progress, agreed=agreed)


def compute(
    workspace: Workspace,
    plan: Plan,
    rows: int,
    *,
    device: str = AUTO,
    progress: Report = silent,
    agreed: bool = False,
) -> Run:
    """Compute a run of so many rows in this process, once no other one does, and return it.

    *agreed*: its encoder may have the items.  Raises NotAgreed where it has to be.
    """
    if not agreed:
        check_agreed(workspace, plan, how="pass send=True, or --yes on the command line")
    if plan.draft is not None and not done(workspace, plan, "project"):
        compute(workspace, plan.draft, rows, device=device, progress=progress, agreed=agreed)
    wait = Progress("embed", 0, rows, note="the same map is being made already; waiting for it")
    with alone(workspace.runs.lock(plan.run), waiting=lambda: progress(wait)):
        plan = Plan.from_json(open_record(workspace, plan)["plan"])  # of one that is here: it may keep names of others
        if agreed:
            agree(workspace, plan)
        _walk_here(workspace, plan, device, progress)
    return open_run(plan.run, workspace=workspace)


def _walk_here(workspace: Workspace, plan: Plan, device: str, progress: Report) -> None:
    """Walk the plan in this process, the run's record telling how it goes."""
    workspace.runs.update(plan.run, state="running", error="")

    def source(name: str) -> Encoder:
        return cached_encoder(name, device)

    state, error = "interrupted", ""
    try:
        walk(workspace, plan, lambda stage: run_stage(workspace, plan, stage, encoder=source, progress=progress))
        state = "done"
    except Exception as exc:
        state, error = "failed", str(exc)
        raise
    finally:
        workspace.runs.update(plan.run, state=state, error=error)


def cached_encoder(name: str, device: str) -> Encoder:
    """Return a loaded encoder; the last two stay loaded in this process."""
    from explorer import encoders

    with loading():
        return _loaded(encoders.canonical(name), encoders.pick_device(device))


@lru_cache(maxsize=ENCODERS_IN_MEMORY)
def _loaded(name: str, device: str) -> Encoder:
    from explorer import encoders

    encoder: Encoder = encoders.load_encoder(name, device=device)
    return encoder


def open_record(workspace: Workspace, plan: Plan, *, device: str = AUTO) -> dict[str, Any]:
    """Return the run's record, made now if it is new.

    Once it is there, no sweep takes what it names.  Raises NotFound for a dataset that is deleted, and CannotWrite.
    """
    if workspace.runs.want(plan.run):
        _call(workspace, plan)
        return workspace.runs.record(plan.run)
    with workspace.turn():
        if not workspace.runs.want(plan.run):
            name = workspace.datasets.record(plan.dataset)["name"]
            workspace.runs.write(_record(plan, name=name, device=device))
        return workspace.runs.record(plan.run)


def _call(workspace: Workspace, plan: Plan) -> None:
    """Have a run that bears a name of its dataset bear the one that was given last."""
    dataset = workspace.datasets.record(plan.dataset)
    name = workspace.runs.record(plan.run)["name"]
    if name != dataset["name"] and name in names_of(dataset):
        with suppress(CannotWrite):
            workspace.runs.update(plan.run, name=dataset["name"])


def _record(plan: Plan, *, name: str, device: str) -> dict[str, Any]:
    return {
        "run": plan.run,
        "name": name,
        "dataset": plan.dataset,
        "settings": plan.config.flat(),
        "device": device,
        "plan": plan.to_json(),
        "results": plan.results(),
        "state": "queued",
        "error": "",
        "reused": 0,
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "wanted": time.time_ns(),
        "versions": versions(),
    }


def walk(workspace: Workspace, plan: Plan, do: Callable[[str], Mapping[str, Any]]) -> None:
    """Have *do* compute every stage that is not there yet, in order, and note what it says in the run's record."""
    rows = workspace.datasets.record(plan.dataset)["rows"]
    workspace.runs.update(plan.run, reused=rows if done(workspace, plan, "embed") else 0)
    computed = []
    for stage in STAGES:
        if not done(workspace, plan, stage):
            notes = do(stage)
            computed.append(stage)
            if notes:
                workspace.runs.update(plan.run, **notes)
    if set(STAGES[1:]) <= set(computed):
        note_mapping(workspace, plan)


def open_run(
    key: str, *, workspace: Workspace | Path | str | None = None, titles: bool = True, on_disk: bool = False
) -> Run:
    """Return a finished run; arrays are memory-mapped, and *on_disk* the rows of a large dataset.

    It has the names that a language model gave its clusters, if they are there and in use and *titles* are wished.
    Raises NotFound, NotReady.
    """
    if not isinstance(workspace, Workspace):
        workspace = Workspace(workspace or default_workspace())
    record, plan, stored = _finished(key, workspace)
    summaries = tuple(summary_from(value) for value in stored["describe"].record["summaries"])
    embedded = plan.keys["embed"]
    measured = workspace.results.has("sureness", plan.sureness)
    codes = workspace.results.load("codes", embedded) if workspace.results.has("codes", embedded) else None
    dataset, clustering = workspace.datasets.open(plan.dataset, on_disk=on_disk), clustering_from(stored["cluster"])
    opened = Run(
        key=key,
        dataset=dataset,
        config=plan.config,
        embeddings=embeddings_from(plan, stored["embed"], reused=record["reused"], codes=codes),
        knn=graph_from(stored["neighbors"]),
        projection=projection_from(stored["project"]),
        clustering=clustering,
        summaries=restated(summaries, dataset, clustering, plan),
        timings=timings(workspace, plan),
        created=record["created"],
        name=record["name"],
        versions=record["versions"],
        sureness=sureness_from(workspace.results.load("sureness", plan.sureness)) if measured else None,
        scores=scores_from(stored["project"]),
        levels=levels_from(stored["describe"].record),
        onto=told_onto(stored.get("base"), stored["cluster"].record),
        colors=colors_given(workspace, record, clustering.labels),
        agreed=is_agreed(workspace, plan),
        draft=told_draft(stored["embed"].record),
    )
    return titled(opened, titles_of(workspace, key)) if titles else opened


def outcome_of(key: str, *, workspace: Workspace) -> Outcome:
    """Return what a finished run amounts to, without opening its dataset.  Raises NotFound, NotReady."""
    record, plan, stored = _finished(key, workspace, without=("describe",))
    dataset = workspace.datasets.record(plan.dataset)
    return Outcome(
        key=key,
        name=record["name"],
        dataset=plan.dataset,
        rows=dataset["rows"],
        unreadable=dataset["rejected_count"],
        embeddings=embeddings_from(plan, stored["embed"], reused=record["reused"]),
        knn=graph_from(stored["neighbors"]),
        projection=projection_from(stored["project"]),
        clustering=clustering_from(stored["cluster"]),
        timings=timings(workspace, plan),
        onto=told_onto(stored.get("base"), stored["cluster"].record),
        draft=told_draft(stored["embed"].record),
    )


def _finished(
    key: str, workspace: Workspace, *, without: Collection[str] = ()
) -> tuple[dict[str, Any], Plan, dict[str, Stored]]:
    """Return the record of a finished run, its plan and what its stages left."""
    record = workspace.runs.record(key)
    plan = Plan.from_json(record["plan"])
    if not all(done(workspace, plan, stage) for stage in STAGES):
        raise NotReady(f"run {key} is {record['state']}, its results are not there yet; wait for it or resume it.")
    wanted = (stage for stage in plan.keys if stage not in without)
    kept = [stage for stage in wanted if stage != "base" or workspace.results.has(stage, plan.keys[stage])]
    return record, plan, {stage: workspace.results.load(stage, plan.keys[stage]) for stage in kept}


def namer_of(run: Run, index: KeywordIndex | None, *, workspace: Workspace) -> Namer:
    """Return what names rows of a finished run as its clusters are named; *index* has the words of its texts."""
    plan, results = Plan.from_json(workspace.runs.record(run.key)["plan"]), workspace.results
    words = plan.keys.get("words", "")
    vocabulary = vocabulary_from(plan, results.load("words", words)) if words and results.has("words", words) else None
    phrases = phrases_from(results.load("phrases", plan.phrases)) if results.has("phrases", plan.phrases) else None
    small, requests = told_beside(run.dataset.items, run.dataset.table)
    return Namer(run.dataset.items, run.embeddings, vocabulary, index, phrases, small=small, requests=requests)


def places_of(key: str, *, workspace: Workspace) -> tuple[FloatArray, NDArray[np.int32], int, tuple[int, ...] | None]:
    """Return a finished run's places (n, 2 or 3), labels (n,), number of clusters and colours that were given to them.

    Its dataset is not opened.  Raises NotFound, also for what is not finished.
    """
    kept = workspace.runs.record(key)
    plan = Plan.from_json(kept["plan"])
    stored = {stage: workspace.results.load(stage, plan.keys[stage]) for stage in ("project", "cluster", "describe")}
    clusters = len(stored["describe"].record["summaries"])
    labels = clustering_from(stored["cluster"]).labels
    return projection_from(stored["project"]).xy, labels, clusters, colors_given(workspace, kept, labels)


def how_sure(key: str, *, workspace: Workspace | Path | str | None = None) -> Run:
    """Measure in this process how sure the clusters of a finished run are, once, and return the run with it.

    Raises NotFound, NotReady.
    """
    if not isinstance(workspace, Workspace):
        workspace = Workspace(workspace or default_workspace())
    if open_run(key, workspace=workspace).sureness is None:
        plan = Plan.from_json(workspace.runs.record(key)["plan"])
        workspace.runs.update(key, results=plan.results())
        measure_sureness(workspace, plan)
    return open_run(key, workspace=workspace)


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that decide a result."""
    import platform
    from importlib.metadata import version

    names = ("embedding-explorer", "umap-learn", "hdbscan", "scikit-network", "torch",
             "sentence-transformers", "open_clip_torch", "timm", "scikit-learn", "numpy")  # fmt: skip
    return {"python": platform.python_version(), **{name: version(name) for name in names}}
