"""The verbs that the page and the REST API share, on one workspace and its jobs; answers are plain values.

It does not compute: it plans and starts runs and asks finished ones.  Datasets have verbs of their own (`datasets`).
"""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import numpy as np

from explorer.config import AUTO, RunConfig, Settings
from explorer.errors import NotReady, TooManyRows
from explorer.kinds import kind_of
from explorer.neighbors import prepare_codes
from explorer.questions import answers, columns, queries, rows_in, surroundings_of, viewed
from explorer.runs import (
    ACTIVE,
    STAGES,
    Jobs,
    Plan,
    done,
    facts_of,
    make_plan,
    open_run,
    terms_from,
    terms_key,
    timings,
)
from explorer.server.datasets import Datasets
from explorer.server.once import Once
from explorer.types import FloatArray, Hits, Progress, Run
from explorer.workspace import STAGES as WATCHED
from explorer.workspace import Sheet, Thumbnails, Uploads, Workspace, folder_of, frames_after, rows_of, sheet

RUNS_IN_MEMORY = 4
ANSWERS_IN_MEMORY = 64
MAX_ADDRESS = 6_000
"""The longest address that every server between passes on."""
PREPARE_SECONDS = 4
"""After which the compiled search of a run of very many rows is made ready, or the first click would wait for it; at
once it would take the processor from the page that opens."""
LISTED_ROWS = 50
UPLOAD_KEPT_SECONDS = 7 * 24 * 3600
NO_SEED = ("none", "")


@dataclass(frozen=True)
class Services:
    """Everything a server offers; build it with `open_services`."""

    workspace: Workspace
    jobs: Jobs
    settings: Settings
    uploads: Uploads
    datasets: Datasets
    thumbnails: Thumbnails
    _runs: OrderedDict[str, Run] = field(default_factory=OrderedDict)
    _words: Once = field(default_factory=lambda: Once(RUNS_IN_MEMORY))
    _clusters: Once = field(default_factory=lambda: Once(RUNS_IN_MEMORY))
    _around: Once = field(default_factory=lambda: Once(ANSWERS_IN_MEMORY))
    _guard: threading.Lock = field(default_factory=threading.Lock)

    # -- datasets and runs ------------------------------------------------------------------------

    def rename_dataset(self, key: str, name: str) -> None:
        """Give a dataset another name."""
        self.workspace.rename_dataset(key, name.strip() or "Unnamed")
        with self._guard:
            self._runs.clear()

    def delete_dataset(self, key: str) -> None:
        """Remove a dataset and its runs."""
        for record in self.workspace.run_records():
            if record["dataset"] == key:
                self.delete_run(record["run"])
        self.workspace.delete_dataset(key)

    def runs(self) -> list[dict[str, Any]]:
        """Return what there is to say of every run, newest first."""
        names = {record["dataset"]: record for record in self.workspace.dataset_records()}
        return [
            {
                **{name: record[name] for name in ("run", "name", "dataset", "state", "created", "error")},
                "dataset_name": names[record["dataset"]]["name"] if record["dataset"] in names else "",
                "rows": names[record["dataset"]]["rows"] if record["dataset"] in names else 0,
                "encoder": record["settings"]["encoder"],
                "clusters": self._cluster_count(record),
            }
            for record in map(self.jobs.settled, self.workspace.run_records())
        ]

    def start(self, dataset: str, settings: Mapping[str, Any]) -> str:
        """Start a run and return its key at once; the same request again is the same run, and resumes it.

        *settings* are those of `RunConfig.from_flat` and ``device``; None means the default, but for ``seed``, where
        None means none.  Raises NotFound, BadSetting, UnknownEncoder, WrongModality.
        """
        from explorer import encoders

        wanted = dict(settings)
        device = wanted.pop("device", None) or self.settings.device
        if device != AUTO:
            encoders.pick_device(device)
        plan = make_plan(facts_of(self.workspace.dataset_record(dataset)), parse_settings(wanted))
        return self.jobs.start(plan, device=device)

    def status(self, key: str) -> dict[str, Any]:
        """Return where a run is, and what it amounts to when it is done."""
        record = self.jobs.settled(self.workspace.run_record(key))
        plan = Plan.from_json(record["plan"])
        live, waiting_for = self.jobs.live(key) if record["state"] in ACTIVE else ({}, "")
        spent = timings(self.workspace, plan)
        stages = [
            {"stage": stage, "state": self._stage_state(plan, stage, live), "seconds": spent.get(stage)}
            for stage in STAGES
        ]
        finished = sum(stage["state"] == "done" for stage in stages)
        resting = Progress(STAGES[min(finished, len(STAGES) - 1)], finished, len(STAGES))
        answer = {
            **{name: record[name] for name in ("run", "dataset", "name", "state", "error", "created", "settings")},
            "reused": record["reused"],
            "progress": live or {**vars(resting)},
            "waiting_for": waiting_for,
            "stages": stages,
        }
        return {**answer, **answers.figures(self.run(key))} if record["state"] == "done" else answer

    def cancel(self, key: str) -> None:
        """Stop a run; what is finished stays."""
        self.jobs.cancel(key)

    def resume(self, key: str) -> str:
        """Go on with a run that was interrupted, cancelled or failed."""
        return self.jobs.resume(key)

    def rename_run(self, key: str, name: str) -> None:
        """Give a run another name."""
        self.workspace.update_run(key, name=name.strip() or "Unnamed")
        self._forget(key)

    def delete_run(self, key: str) -> None:
        """Stop and remove a run, and what no other run needs of it."""
        self.jobs.delete(key)
        self._forget(key)

    def run(self, key: str, *, take_in: float | None = None) -> Run:
        """Return a finished run, as seen with noise taken in; the last few stay open.  Raises NotFound, NotReady."""
        return viewed(self._run(key), take_in)

    def sweep(self, key: str) -> dict[str, Any]:
        """Return what other smallest clusters would give; computed when it is first asked for, in the map worker."""
        stability = self.jobs.sweep_sizes(key)
        chosen = self.workspace.run_record(key)["settings"]
        fixed = {name: chosen[name] for name in ("min_cluster_size", "min_samples")}
        return {"run": key, **fixed, **self.workspace.load("stability", stability).record}

    def points(self, key: str, *, dims: int | None = None) -> bytes:
        """Return the map as binary columns; with *dims* 3 the 3-D map, which `make_space` makes."""
        return answers.points(self._run(key), self.jobs.spaces.places(key) if dims == 3 else None)

    def _space_places(self, key: str) -> FloatArray | None:
        try:
            return self.jobs.spaces.places(key)
        except (NotReady, TooManyRows):
            return None

    def make_space(self, key: str) -> dict[str, Any]:
        """Have the 3-D map of a finished run made, once, and return how far it is."""
        self._run(key)
        return self.jobs.spaces.start(key)

    def space(self, key: str) -> dict[str, Any]:
        """Return how far the 3-D map of a run is, and how faithful it is when it is there."""
        return self.jobs.spaces.state(key)

    def cancel_space(self, key: str) -> None:
        """Stop making the 3-D map of a run."""
        self.jobs.spaces.cancel(key)

    def membership(self, key: str) -> bytes:
        """Return how far each row belongs to its nearest cluster, as binary columns."""
        return answers.membership(self._run(key))

    def _run(self, key: str) -> Run:
        with self._guard:
            if key in self._runs:
                self._runs.move_to_end(key)
                return self._runs[key]
        run = open_run(key, workspace=self.workspace)
        if run.embeddings.codes is not None:
            soon = threading.Timer(PREPARE_SECONDS, prepare_codes)
            soon.daemon = True
            soon.start()
        with self._guard:
            self._runs[key] = run
            while len(self._runs) > RUNS_IN_MEMORY:
                self._runs.popitem(last=False)
        return run

    def frames(self, key: str, after: int) -> bytes:
        """Return the pictures of a run's map in the making that have a greater number; raises NotFound."""
        plan = Plan.from_json(self.workspace.run_record(key)["plan"])
        return frames_after([folder_of(self.workspace.frames, stage, plan.keys[stage]) for stage in WATCHED], after)

    # -- questions to a finished run ----------------------------------------------------------------

    def item(self, key: str, row: int, *, take_in: float | None = None) -> dict[str, Any]:
        """Return all that is known of a row."""
        return answers.item(self.run(key, take_in=take_in), row)

    def neighbors(
        self,
        key: str,
        row: int,
        *,
        k: int = 10,
        metric: str = "cosine",
        take_in: float | None = None,
        dims: int | None = None,
    ) -> dict[str, Any]:
        """Return a row's true nearest neighbours, which of them are far on the map, and who is near on it alone.

        With *dims* 3 on the 3-D map, once that is there.
        """
        run = self.run(key, take_in=take_in)
        places = self._space_places(key) if dims == 3 else None
        # The map and the inspector ask for the same at a click; noise taken in changes neither.
        around = self._around.get(
            (key, row, k, metric, places is None),
            lambda: surroundings_of(run, row, k=k, metric=metric, places=places),
        )
        return answers.neighbors(run, row, around, metric=metric)

    def search(self, key: str, query: str, *, k: int = 20, take_in: float | None = None) -> dict[str, Any]:
        """Return what is near in meaning to a text."""
        run = self.run(key, take_in=take_in)
        return answers.hits(run, query, queries.search(run, query, k=k, encode=self.jobs.encode))

    def search_image(self, key: str, content: bytes, *, k: int = 20) -> dict[str, Any]:
        """Return what is near in meaning to a picture, given as the bytes of its file."""
        run = self.run(key)
        path = self.workspace.path / "uploads" / f"query-{time.time_ns()}"
        path.write_bytes(content)
        try:
            found: Hits = queries.search(run, path, k=k, encode=self.jobs.encode)
        finally:
            path.unlink(missing_ok=True)
        return answers.hits(run, "the picture", found)

    def clusters(self, key: str, *, take_in: float | None = None) -> dict[str, Any]:
        """Return every cluster with what describes it, the noise and the levels of names."""
        run = self.run(key, take_in=take_in)  # several parts of the page ask for it when it opens
        return self._clusters.get((key, take_in, run.name), lambda: answers.clusters(run))

    def column(self, key: str, name: str) -> dict[str, Any]:
        """Return a metadata column as colour codes."""
        return columns.column(self.run(key), name)

    def scores(self, key: str) -> list[dict[str, Any]]:
        """Return what was computed of each row, and what it means."""
        return columns.computed(self.run(key))

    def score(self, key: str, name: str) -> dict[str, Any]:
        """Return a computed column as colour codes; raises NotFound, NotReady."""
        return columns.score(self.run(key), name)

    def select(self, key: str, shape: Mapping[str, Any], *, take_in: float | None = None) -> dict[str, Any]:
        """Return how many rows a selection holds, their clusters and their keywords; *csv* leads to them, if it can."""
        run = self.run(key, take_in=take_in)
        rows = rows_in(run, shape)
        labels, counts = np.unique(run.clustering.labels[rows], return_counts=True)
        order = np.argsort(-counts, kind="stable")
        link = f"/api/v1/runs/{key}/selection.csv?shape={quote(json.dumps(shape, separators=(',', ':')))}"
        taken = {}
        if run.clustering.taken is not None:
            link += f"&take_in={take_in:g}"
            taken = {"taken_in": int(np.count_nonzero(run.clustering.taken[rows]))}
        return {
            "count": len(rows),
            "clusters": [
                {"cluster": label, "name": answers.cluster_name(run, label), "count": count}
                for label, count in zip(labels[order].tolist(), counts[order].tolist(), strict=True)
            ],
            "keywords": [{"word": word, "score": score} for word, score in self._keywords(run, rows)],
            "rows": [answers.brief(run, row) for row in rows[:LISTED_ROWS].tolist()],
            "csv": link if len(link) <= MAX_ADDRESS else None,
            **taken,
        }

    def encoders(self) -> list[dict[str, Any]]:
        """Return the encoders to choose from."""
        from explorer import encoders

        return [{**vars(spec), "modalities": sorted(spec.modalities)} for spec in encoders.list_encoders()]

    def picture(self, dataset: str, row: int, *, large: bool) -> bytes:
        """Return a row's picture as WebP; raises NotFound for a row that is no picture."""
        from explorer.errors import NotFound

        items = self.workspace.dataset(dataset).items
        item = items[row] if 0 <= row < len(items) else None
        if item is None or not kind_of(item).has_picture:
            raise NotFound(f"row {row} is no picture.")
        return self.thumbnails.large(item) if large else self.thumbnails.get(item)

    def sprites(self, key: str, rows: str, side: int) -> Sheet:
        """Return the pictures of some rows of a run, as "3,17,4", in one; raises NotFound, BadSetting."""
        items = self.workspace.dataset(self.workspace.run_record(key)["dataset"]).items
        return sheet(items, rows_of(rows, len(items)), side, self.thumbnails)

    # -- inside -------------------------------------------------------------------------------------

    def _stage_state(self, plan: Plan, stage: str, live: Mapping[str, Any]) -> str:
        if done(self.workspace, plan, stage):
            return "done"
        return "running" if live.get("stage") == stage else "waiting"

    def _cluster_count(self, record: Mapping[str, Any]) -> int | None:
        plan = Plan.from_json(record["plan"])
        if record["state"] != "done" or not self.workspace.has("describe", plan.keys["describe"]):
            return None
        return len(self.workspace.load("describe", plan.keys["describe"]).record["summaries"])

    def _keywords(self, run: Run, rows: Any) -> list[tuple[str, float]]:
        from explorer.description import KeywordIndex

        if not len(rows):
            return []

        def counted() -> KeywordIndex:
            key = terms_key(run.dataset.key)
            kept = self.workspace.has("terms", key)
            return KeywordIndex(run.dataset.items, terms_from(self.workspace.load("terms", key)) if kept else None)

        index = self._words.get(run.dataset.key, counted)
        return [(word, float(score)) for word, score in index.of_rows(rows)]

    def _forget(self, key: str) -> None:
        with self._guard:
            self._runs.pop(key, None)


def open_services(workspace: Workspace, settings: Settings) -> Services:
    """Return the services of a workspace, its workers not started yet."""
    uploads = Uploads(workspace.path / "uploads", limit_bytes=settings.max_upload_bytes)
    uploads.sweep(UPLOAD_KEPT_SECONDS)
    jobs = Jobs(workspace, device=settings.device)
    thumbnails = Thumbnails(workspace.path / "thumbs")
    return Services(workspace, jobs, settings, uploads, Datasets(workspace, uploads), thumbnails)


def parse_settings(settings: Mapping[str, Any]) -> RunConfig:
    """Return the config of flat settings in which None means the default (but none for the seed)."""
    given = {name: value for name, value in settings.items() if value is not None or name == "seed"}
    if given.get("seed") in NO_SEED:
        given["seed"] = None
    return RunConfig.from_flat(given)
