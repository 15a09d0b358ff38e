"""Plans a run of a new version whose rows stand on a map that is there, and keeps what of that map it needs.

It computes nothing (`placed` does).  What it keeps is a result of the new run, `base`: whatever becomes of the map that
it was taken from, and of its dataset, the run goes on.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.config import AUTO, default_workspace, is_given
from explorer.encoders import same_but_engine
from explorer.errors import BadSetting, NotReady
from explorer.runs.colored import colors_now
from explorer.runs.facts import check_reads, facts_of, fingerprint_of, fingerprint_of_maker, words_for
from explorer.runs.pipeline import compute, open_record
from explorer.runs.plan import STAGE_VERSION, STAGES, Plan, done, plan_of, told_of
from explorer.runs.stored import clustering_from, levels_from, projection_from
from explorer.runs.titled import moved, titles_of
from explorer.types import NOISE, Clustering, Dataset, IntArray, NamedGroup, Report, Run, digest, silent, sorted_unique
from explorer.workspace import Workspace, read_came


def plan_onto(workspace: Workspace, dataset: str, run: str) -> Plan:
    """Return the plan of a run of a new version on a finished run's map, its record and what it stands on kept.

    Rows that were there before have the places, clusters and names that they have in that run; the others get theirs.
    Raises NotFound, NotReady, and BadSetting where the map is of no dataset that this one was made of, or by an encoder
    that has changed since.
    """
    record = workspace.runs.record(run)
    before, came = Plan.from_json(record["plan"]), read_came(workspace.datasets.folder(dataset))
    told, facts = workspace.datasets.record(dataset), facts_of(workspace.datasets.record(dataset))
    version = told.get("version")
    if version is None or came is None or version["parent"] != before.dataset:
        raise BadSetting(
            f"“{told['name']}” was not made of the data of the map “{record['name']}”; choose a map of the data that "
            "it was made of, or lay it out anew."
        )
    if not (came >= 0).any():
        raise BadSetting(f"no row of the map “{record['name']}” is as it was; lay the data out anew.")
    if not all(done(workspace, before, stage) for stage in STAGES):
        raise NotReady(f"the map “{record['name']}” is {record['state']}; wait for it or resume it.")
    plan = _plan(facts, before, came)
    known = workspace.runs.has(plan.run)
    with workspace.turn():
        base = _Base.of(workspace, record, before, came)
        onto = {"run": run, "name": record["name"], "dataset": before.dataset, "dataset_name": version["name"]}
        workspace.results.save("base", plan.keys["base"], base.arrays, {**base.record, "onto": onto, "seconds": 0.0})
        open_record(workspace, plan, device=record["device"])
        if not known and (kept := titles_of(workspace, run)):
            number = {str(label): str(at) for at, label in enumerate(base.kept.tolist())}
            workspace.runs.keep_titles(plan.run, moved(kept, number))
    return plan


def run_onto(
    dataset: Dataset | str,
    run: Run | str,
    *,
    workspace: Workspace | Path | str | None = None,
    device: str = AUTO,
    progress: Report = silent,
    send: bool = False,
) -> Run:
    """Place the new rows of a version (see `add_rows`) on a finished run's map, in this process, and return the run.

    Rows that were there before keep their places to the last bit, their clusters and the clusters' names; `Run.onto`
    tells how many new ones there are, and how many have hardly a neighbour among the others.  The settings are those of
    the run that it stands on.  *send* is as in `run`.  Raises as `plan_onto` does, and what a run raises.
    """
    if not isinstance(workspace, Workspace):
        workspace = Workspace(workspace or default_workspace())
    key = dataset.key if isinstance(dataset, Dataset) else dataset
    plan = plan_onto(workspace, key, run.key if isinstance(run, Run) else run)
    return compute(
        workspace, plan, workspace.datasets.record(key)["rows"], device=device, progress=progress, agreed=send
    )


def _plan(facts: Any, before: Plan, came: IntArray) -> Plan:
    encoder = before.config.embed.encoder
    check_reads(encoder, facts.kinds)
    if is_given(encoder) and not facts.given:
        raise BadSetting("that map is of vectors that came with the data, and these rows have none; lay them out anew.")
    made, made_by = fingerprint_of(encoder, facts), fingerprint_of_maker(encoder)
    now, then = (made_by, before.made_by) if is_given(encoder) else (made, before.fingerprint)
    if not same_but_engine(now, then):
        raise BadSetting(f"the encoder {encoder} is another one than when that map was made; lay the data out anew.")
    words = words_for(encoder, facts.kinds)
    told = (*(words or ()), *((made_by,) if made_by else ()))
    laid_out = plan_of(facts, before.config, made, words, made_by=made_by)
    anew = laid_out.keys
    version = STAGE_VERSION
    parts = [before.keys[part] for part in ("project", "cluster", "describe")]
    base = digest("base", version["base"], *parts, came)
    cluster = digest("joined", version["joined"], anew["neighbors"], base)
    keys = {
        "base": base,
        "embed": anew["embed"],
        "neighbors": anew["neighbors"],
        "project": digest("placed", version["placed"], anew["neighbors"], base),
        "cluster": cluster,
        "describe": digest(
            "carried", version["describe"], facts.key, anew["embed"], cluster, told, *told_of(facts.readings)
        ),
        **{part: anew[part] for part in ("words", "checked") if part in anew},
    }
    run = digest("run", facts.key, before.config, *keys.values())
    return Plan(run, facts.key, before.config, made, keys, facts.readings, made_by=made_by, whole=laid_out.whole)


@dataclasses.dataclass(frozen=True)
class _Base:
    """What a run stands on: of its n rows those that were there before, with all that they have.

    *kept* are the labels of the clusters that have a row left, in the order of their new ones.
    """

    arrays: Mapping[str, NDArray[Any]]
    record: Mapping[str, Any]
    kept: NDArray[np.int64]

    @classmethod
    def of(cls, workspace: Workspace, run: Mapping[str, Any], before: Plan, came: IntArray) -> _Base:
        stored = {part: workspace.results.load(part, before.keys[part]) for part in ("project", "cluster", "describe")}
        xy, clustering = projection_from(stored["project"]).xy, clustering_from(stored["cluster"])
        held = came >= 0
        labels, kept = _without_empty(_carried(clustering.labels, came, NOISE))
        number = {int(label): at for at, label in enumerate(kept)}
        arrays: dict[str, NDArray[Any]] = {
            "held": held,
            "xy": _carried(xy, came, np.nan),
            "labels": labels,
            "strength": _carried(clustering.strength, came, 0),
        }
        if clustering.belongs is not None and clustering.nearest is not None:
            of = np.full(clustering.count + 1, NOISE, np.int32)
            of[kept] = np.arange(len(kept), dtype=np.int32)
            arrays["belongs"] = _carried(clustering.belongs, came, 0)
            arrays["nearest"] = of[_carried(clustering.nearest, came, NOISE)]
        now = _rows_now(came, len(clustering.labels))
        groups = _groups(clustering, levels_from(stored["describe"].record), came, number, now)
        if groups is not None:
            arrays["levels"] = groups[0]
        colors = colors_now(workspace, run, np.asarray(clustering.labels))
        told = [stored["describe"].record["summaries"][int(label)] for label in kept]
        record = {
            "names": [one["name"] for one in told],
            "colors": [colors[int(label)] for label in kept],
            "near_name": [_there(one.get("near_name", ()), now) for one in told],
            "levels": [[dataclasses.asdict(group) for group in level] for level in (groups or ((), ()))[1]],
            "method": stored["cluster"].record["method"],
            "projection": stored["project"].record["method"],
        }
        return cls(arrays, record, kept)


def _carried(values: NDArray[Any], came: IntArray, rest: float) -> NDArray[Any]:
    """Return the values (m, …) of the parent's rows as those of the version's, *rest* for rows that are new."""
    made = np.full((len(came), *values.shape[1:]), rest, values.dtype)
    made[came >= 0] = values[came[came >= 0]]
    return made


def _rows_now(came: IntArray, n: int) -> NDArray[np.int64]:
    """Return for each of the parent's *n* rows which one of the version it is, -1 for one that is gone."""
    made = np.full(n, -1, np.int64)
    made[came[came >= 0]] = np.flatnonzero(came >= 0)
    return made


def _there(rows: Sequence[int], now: NDArray[np.int64]) -> tuple[int, ...]:
    """Return what rows of the parent are in the version, without those that are gone."""
    return tuple(row for row in now[list(rows)].tolist() if row >= 0)


def _without_empty(labels: IntArray) -> tuple[IntArray, NDArray[np.int64]]:
    """Return the labels without gaps, in the same order, and which labels there were."""
    kept = sorted_unique(labels[labels >= 0]).astype(np.int64)
    return np.where(labels >= 0, np.searchsorted(kept, labels), NOISE).astype(np.int32), kept


def _groups(
    clustering: Clustering,
    named: tuple[tuple[NamedGroup, ...], ...],
    came: IntArray,
    number: Mapping[int, int],
    now: NDArray[np.int64],
) -> tuple[IntArray, list[list[NamedGroup]]] | None:
    """Return the levels of the version's rows, and the groups that have a row left; None where there are none."""
    if clustering.levels is None or not len(clustering.levels):
        return None
    made, groups = [], []
    for level, names in zip(np.asarray(clustering.levels), named, strict=True):
        labels, kept = _without_empty(_carried(level, came, NOISE))
        made.append(labels)
        groups.append(
            [
                dataclasses.replace(
                    names[at],
                    clusters=tuple(number[c] for c in names[at].clusters if c in number),
                    near_name=_there(names[at].near_name, now),
                )
                for at in kept.tolist()
            ]
        )
    return np.asarray(made, np.int32), groups
