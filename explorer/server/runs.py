"""What can be done with runs: start, follow, stop, rename and delete them.

It computes nothing: it plans runs and hands them to the jobs.  What a finished run answers stands in `questions`.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio

from explorer.config import AUTO, GIVEN, RunConfig
from explorer.errors import BadSetting, NotFound
from explorer.questions import answers
from explorer.runs import (
    ACTIVE,
    STAGES,
    Jobs,
    Plan,
    done,
    estimate,
    facts_of,
    make_plan,
    outcome_of,
    plan_recut,
    timings,
)
from explorer.server.allowing import Allowing
from explorer.server.consent import agrees
from explorer.server.crowd import ANSWERS
from explorer.server.cuts import keep_cut, superseded, with_cuts
from explorer.server.opened import Opened
from explorer.server.unsaid import without_places
from explorer.types import Progress, in_order, lost
from explorer.workspace import Workspace, is_sample, nothing

NO_SEED = ("none", "")
MOST_NAME = 200
_LOOK_SECONDS = 0.1
"""Between two looks at a run that is waited for."""


@dataclass(frozen=True)
class Runs:
    """The runs of a workspace; answers are plain values."""

    workspace: Workspace
    jobs: Jobs
    opened: Opened
    allowing: Allowing
    """Which encoders may be named."""
    device: str
    """Where a run is computed that names no other."""
    model_folders: tuple[Path, ...] = ()
    """Where models may be taken from that a page names by their folder."""

    def all(self) -> list[dict[str, Any]]:
        """Return what there is to say of every run, newest first."""
        names = {record["dataset"]: record for record in self.workspace.datasets.records()}
        told, records = [], self.workspace.runs.records()
        hidden = superseded(records)
        for record in records:
            with suppress(NotFound):  # deleted meanwhile
                told.append({**self._told(self.jobs.settled(record), names), "superseded": record["run"] in hidden})
        return told

    def start(self, dataset: str, settings: Mapping[str, Any]) -> str:
        """Start a run and return its key at once; the same request again is the same run, and resumes it.

        *settings* are those of `RunConfig.from_flat`, ``device``, and ``send``; None means the default, but for
        ``seed``, where None means none; of ``send`` tells `consent.agrees`.  Raises NotFound, BadSetting,
        UnknownEncoder, WrongModality, NotAgreed.
        """
        from explorer import encoders

        wanted = dict(settings)
        send = wanted.pop("send", None)
        device = wanted.pop("device", None) or self.device
        if device != AUTO:
            encoders.pick_device(device)
        config = parse_settings(wanted)
        self.allowing.check(config.embed.encoder)
        inside = None if self.allowing.names(config.embed.encoder) else self.model_folders
        encoders.check_folder(config.embed.encoder, outside=self.workspace.path, inside=inside)
        plan = make_plan(facts_of(self.workspace.datasets.record(dataset)), config)
        run = self.jobs.start(plan, device=device, agreed=agrees(self.workspace, plan, send))
        if self.workspace.runs.record(run).get("cut_of"):
            self.workspace.runs.update(run, cut_of=None)  # now somebody has asked for it by itself
        return run

    def note_on(self, settings: Mapping[str, Any]) -> str:
        """Return a sentence on what of the settings of a run has no effect, "" for nothing."""
        return parse_settings({name: settings[name] for name in settings.keys() - {"device", "send"}}).unused()

    def estimates(self, dataset: str, *, rows: int | None = None) -> list[dict[str, Any]]:
        """Return what a run of a dataset, or of *rows* of it, takes with each encoder that reads it.

        Those that are here come first, the default one before all.  Raises NotFound.
        """
        record = self.workspace.datasets.record(dataset)
        kinds, own, languages = record["modalities"], bool(record.get("given")), record.get("languages") or {}
        named = [(GIVEN, True)] if own else []
        named += [(spec.name, spec.offline) for spec in self.allowing.readers_of(kinds, languages)]
        return [{**self.estimate(dataset, name, rows=rows), "offline": offline} for name, offline in named]

    def estimate(self, dataset: str, encoder: str, *, rows: int | None = None) -> dict[str, Any]:
        """Return what a run of a dataset, or of *rows* of it, takes with an encoder; the default one is loaded.

        Raises NotFound, UnknownEncoder, WrongModality.
        """
        from explorer.encoders import default_encoder

        self.allowing.check(encoder)
        record = self.workspace.datasets.record(dataset)
        loaded = encoder in (AUTO, default_encoder(record["modalities"], record.get("languages") or {}))
        made = estimate(record, encoder, rows=rows, workspace=self.workspace, loaded=loaded)
        return {**vars(made), "words": made.words()}

    def recut(self, key: str, at: int) -> str:
        """Start the run that has more or fewer clusters than a finished one, and return its key at once.

        It is a run like any other, with the map's name; clusters that have the same rows keep theirs.  Of a map and the
        cuts that were made of it in this way, the one that was chosen last stands for all: the others are `superseded`,
        unless they are asked for by themselves.  Raises NotFound, BadSetting.
        """
        record = self.workspace.runs.record(key)
        plan = plan_recut(self.workspace, key, at)
        known = self.workspace.runs.has(plan.run)
        run = self.jobs.start(plan, device=record["device"])
        keep_cut(self.workspace, record, run, is_new=not known)
        return run

    async def ended(self, key: str, *, seconds: float) -> dict[str, Any]:
        """Wait until a run is at its end, or for so many seconds, holding no thread; return its record."""
        until = time.monotonic() + seconds
        while True:
            record = await ANSWERS.run(lambda: self.jobs.settled(self.workspace.runs.record(key)))
            if record["state"] not in ACTIVE or time.monotonic() > until:
                return record
            await anyio.sleep(_LOOK_SECONDS)

    def map_key(self, key: str) -> str:
        """Return the key of a run's map, which runs with other clusters share."""
        return Plan.from_json(self.workspace.runs.record(key)["plan"]).keys["project"]

    def status(self, key: str) -> dict[str, Any]:
        """Return where a run is, and what it amounts to when it is done."""
        record = self.jobs.settled(self.workspace.runs.record(key))
        plan = Plan.from_json(record["plan"])
        live, waiting_for = self.jobs.live(key) if record["state"] in ACTIVE else ({}, "")
        outcome = outcome_of(key, workspace=self.workspace) if record["state"] == "done" else None
        spent = timings(self.workspace, plan) if outcome is None else outcome.timings
        stages = [
            {"stage": stage, "state": self._stage_state(plan, stage, live), "seconds": spent.get(stage)}
            for stage in STAGES
        ]
        finished = sum(stage["state"] == "done" for stage in stages)
        resting = Progress(STAGES[min(finished, len(STAGES) - 1)], finished, len(STAGES))
        answer = {
            **{name: record[name] for name in ("run", "dataset", "name", "state", "error", "created", "settings")},
            "error": without_places(record["error"], self.workspace.path),
            "reused": record["reused"],
            "progress": live or {**vars(resting)},
            "waiting_for": waiting_for,
            **({"draft_run": _draft_of(self.jobs, plan.draft)} if plan.draft is not None else {}),
            "stages": stages,
        }
        if outcome is None:
            return answer
        figures = answers.figures(outcome)
        notes = self.workspace.datasets.record(record["dataset"]).get("notes", 0)
        return {**answer, **figures, "notes": notes, **self._left_out(record["dataset"], figures["rejected"])}

    def _left_out(self, dataset: str, rejected: int) -> dict[str, Any]:
        """Return by noun what could not be read or encoded; nothing where an earlier version did not count it so."""
        told = self.workspace.datasets.record(dataset)
        unread = rejected - told["rejected_count"]
        counts = in_order(Counter(told.get("left_out", {})) + Counter(row=unread))
        return {"left_out": counts, "lost": lost(counts, rejected)}

    def cancel(self, key: str) -> None:
        """Stop a run; what is finished stays."""
        self.jobs.cancel(key)

    def resume(self, key: str) -> str:
        """Go on with a run that was interrupted, cancelled or failed."""
        return self.jobs.resume(key)

    def rename(self, key: str, name: str) -> None:
        """Give a run, and the cuts of the same map, another name.  Raises BadSetting for one that is too long."""
        record = self.workspace.runs.record(key)
        for one in with_cuts(self.workspace.runs.records(), record):
            self.workspace.runs.update(one["run"], name=named(name))
            self.opened.forget(one["run"])
        self.workspace.runs.want(key)

    def delete(self, key: str, *, check: Callable[[], None] = nothing) -> None:
        """Stop and remove a run, and what no other run needs of it, unless *check* raises something.

        With the one that stands for a map go all cuts of the map; one that is superseded goes alone.
        """
        records, record = self.workspace.runs.records(), self.workspace.runs.record(key)
        self._remove(key, check=check)
        for cut in [] if key in superseded(records) else with_cuts(records, record):
            with suppress(NotFound):  # itself, or somebody else was first
                self._remove(cut["run"])

    def _remove(self, key: str, *, check: Callable[[], None] = nothing) -> None:
        self.jobs.delete(key, check=check)
        self.opened.forget(key)

    def delete_dataset(self, key: str, *, check: Callable[[], None] = nothing) -> None:
        """Stop and remove all runs of a dataset, and the dataset, unless *check* raises something."""
        for gone in (*self.jobs.delete_dataset(key, check=check), key):
            self.opened.forget(gone)

    def _told(self, record: Mapping[str, Any], datasets: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        dataset = datasets.get(record["dataset"], {"name": "", "rows": 0, "modalities": []})
        return {
            **{name: record[name] for name in ("run", "name", "dataset", "state", "created")},
            "error": without_places(record["error"], self.workspace.path),
            "dataset_name": dataset["name"],
            "rows": dataset["rows"],
            "modalities": dataset["modalities"],
            "sample": is_sample(dataset),
            "encoder": record["settings"]["encoder"],
            "settings": record["settings"],
            "clusters": self._cluster_count(record),
            "cut_of": record.get("cut_of"),
        }

    def _stage_state(self, plan: Plan, stage: str, live: Mapping[str, Any]) -> str:
        if done(self.workspace, plan, stage):
            return "done"
        return "running" if live.get("stage") == stage else "waiting"

    def _cluster_count(self, record: Mapping[str, Any]) -> int | None:
        plan = Plan.from_json(record["plan"])
        if record["state"] != "done":
            return None
        with suppress(NotFound):
            return len(self.workspace.results.load("describe", plan.keys["describe"]).record["summaries"])
        return None


def _draft_of(jobs: Jobs, draft: Plan) -> dict[str, str]:
    """Return the run of the draft that a run begins with, and its state; "waiting" where it is not begun."""
    runs = jobs.workspace.runs
    state = jobs.settled(runs.record(draft.run))["state"] if runs.has(draft.run) else "waiting"
    return {"run": draft.run, "state": str(state)}


def parse_settings(settings: Mapping[str, Any]) -> RunConfig:
    """Return the config of flat settings in which None means the default (but none for the seed)."""
    given = {name: value for name, value in settings.items() if value is not None or name == "seed"}
    if given.get("seed") in NO_SEED:
        given["seed"] = None
    return RunConfig.from_flat(given)


def named(name: str) -> str:
    """Return the name that somebody gives to a dataset or a run.  Raises BadSetting for one that is too long."""
    if len(name) > MOST_NAME:
        raise BadSetting(f"the name has {len(name):,} characters; it may have {MOST_NAME}. Shorten it.")
    return name.strip() or "Unnamed"
