"""The verbs that the page and the REST API share, on one workspace and its jobs; answers are plain values.

It does not compute: it plans and starts runs, asks finished ones, and reads uploads into datasets.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from explorer import answers, queries
from explorer.config import AUTO, RunConfig, Settings
from explorer.errors import ExplorerError, NotReady
from explorer.jobs import ACTIVE, Jobs
from explorer.pipeline import open_run
from explorer.plan import STAGES, Plan, done, facts_of, make_plan, terms_key, timings
from explorer.reading import Reading, read
from explorer.selection import rows_in
from explorer.stored import terms_from
from explorer.thumbnails import Thumbnails
from explorer.types import FloatArray, Hits, ImageRef, Progress, Run
from explorer.uploads import Uploads
from explorer.views import viewed
from explorer.workspace import Workspace

RUNS_IN_MEMORY = 4
PREVIEW_ROWS = 10
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
    thumbnails: Thumbnails
    _runs: OrderedDict[str, Run] = field(default_factory=OrderedDict)
    _words: OrderedDict[str, Any] = field(default_factory=OrderedDict)
    _readings: dict[str, threading.Event] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    # -- datasets ---------------------------------------------------------------------------------

    def datasets(self) -> list[dict[str, Any]]:
        """Return what there is to say of every dataset, newest first."""
        return [self._dataset(record) for record in self.workspace.dataset_records()]

    def dataset(self, key: str) -> dict[str, Any]:
        """Return what there is to say of one dataset; raises NotFound."""
        return self._dataset(self.workspace.dataset_record(key))

    def dataset_preview(self, key: str, limit: int = PREVIEW_ROWS) -> dict[str, Any]:
        """Return the first rows, the columns that could be the text, and what was rejected."""
        dataset = self.workspace.dataset_head(key, limit)
        rows: list[dict[str, Any]] = []
        for row, item in enumerate(dataset.items):
            shown = {dataset.text_column or "text": item} if isinstance(item, str) else {"path": item.name}
            cells = {str(name): answers.plain(value) for name, value in dataset.table.iloc[row].items()}
            rows.append({name: "" if cell is None else str(cell) for name, cell in {**shown, **cells}.items()})
        pictures = [row for row in range(len(rows)) if isinstance(dataset.items[row], ImageRef)]
        return {
            **self.dataset(key),
            "columns": list(rows[0]) if rows else [],
            "rows": rows,
            "count": self.workspace.dataset_record(key)["rows"],
            "candidates": self._candidates(key),
            "rejected": self.rejected(key),
            "images": [f"/api/v1/datasets/{key}/thumbnails/{row}.webp" for row in pictures],
        }

    def rejected(self, key: str) -> list[dict[str, Any]]:
        """Return what could not be read of a dataset's source."""
        return list(self.workspace.dataset_record(key)["rejected"])

    def choose_text_column(self, key: str, column: str) -> dict[str, Any]:
        """Read a dataset's source again with another text column, and return the dataset that results.

        It takes the place of the one that was read with the wrong column, unless that one has runs.
        """
        files = self.workspace.source_files(key)
        record = self.workspace.dataset_record(key)
        if record["text_column"] == column:
            return self.dataset(key)
        if not files:
            raise NotReady(f"the file that “{record['name']}” was read from is gone; drop it again.")
        chosen = read(self.workspace, self._again(key, files, column, name=record["name"]))
        if chosen != key and not any(run["dataset"] == key for run in self.workspace.run_records()):
            self.workspace.delete_dataset(key)
        return self.dataset(chosen)

    def add_text(self, text: str, name: str) -> dict[str, Any]:
        """Make a dataset of pasted text, a line an item."""
        from explorer import ingest

        return self.dataset(self.workspace.keep_dataset(ingest.load_text(text, name=name or "Pasted text")))

    def add_path(self, path: Path, *, text: str | None = None) -> dict[str, Any]:
        """Make a dataset of a file or folder that stays where it is."""
        place = str(path.resolve())
        return self.dataset(read(self.workspace, Reading((place,), text, origin=(place,))))

    def add_upload(self, upload: str, *, text: str | None = None) -> dict[str, Any]:
        """Make a dataset of what was uploaded; on an error the upload is removed and nothing else changes.

        Raises what ingest raises, and Cancelled after `cancel_upload`.
        """
        files = self.uploads.files(upload)
        home = self.uploads.home(upload)
        tops = sorted({str(home / file.name.split("/")[0]) for file in files})
        with self._guard:
            if upload in self._readings:
                raise NotReady(f"the upload {upload} is being read already; wait for its dataset.")
            stop = self._readings[upload] = threading.Event()
        try:
            key = read(self.workspace, Reading(tuple(tops), text, source=str(home)), stop=stop)
        finally:
            with self._guard:
                del self._readings[upload]
            self.uploads.remove(upload)
        return self.dataset(key)

    def cancel_upload(self, upload: str) -> None:
        """Stop an upload, or the reading of it; what came is removed and nothing is added."""
        with self._guard:
            stop = self._readings.get(upload)
        if stop is not None:
            stop.set()  # the reader removes the files when it has stopped
        else:
            self.uploads.remove(upload)

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

    # -- runs -------------------------------------------------------------------------------------

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

    def membership(self, key: str) -> bytes:
        """Return how far each row belongs to its nearest cluster, as binary columns."""
        return answers.membership(self._run(key))

    def _run(self, key: str) -> Run:
        with self._guard:
            if key in self._runs:
                self._runs.move_to_end(key)
                return self._runs[key]
        run = open_run(key, workspace=self.workspace)
        with self._guard:
            self._runs[key] = run
            while len(self._runs) > RUNS_IN_MEMORY:
                self._runs.popitem(last=False)
        return run

    # -- questions to a finished run ----------------------------------------------------------------

    def item(self, key: str, row: int, *, take_in: float | None = None) -> dict[str, Any]:
        """Return all that is known of a row."""
        return answers.item(self.run(key, take_in=take_in), row)

    def neighbors(
        self, key: str, row: int, *, k: int = 10, metric: str = "cosine", take_in: float | None = None
    ) -> dict[str, Any]:
        """Return a row's true nearest neighbours."""
        run = self.run(key, take_in=take_in)
        return answers.neighbors(run, row, queries.neighbors_of(run, row, k=k, metric=metric), metric=metric)

    def search(self, key: str, query: str, *, k: int = 20, take_in: float | None = None) -> dict[str, Any]:
        """Return what is near in meaning to a text."""
        run = self.run(key, take_in=take_in)
        return answers.hits(run, query, queries.search(run, query, k=k, encode=self._encode))

    def search_image(self, key: str, content: bytes, *, k: int = 20) -> dict[str, Any]:
        """Return what is near in meaning to a picture, given as the bytes of its file."""
        run = self.run(key)
        path = self.workspace.path / "uploads" / f"query-{time.time_ns()}"
        path.write_bytes(content)
        try:
            found: Hits = queries.search(run, path, k=k, encode=self._encode)
        finally:
            path.unlink(missing_ok=True)
        return answers.hits(run, "the picture", found)

    def clusters(self, key: str, *, take_in: float | None = None) -> dict[str, Any]:
        """Return every cluster with what describes it, the noise and the levels of names."""
        return answers.clusters(self.run(key, take_in=take_in))

    def column(self, key: str, name: str) -> dict[str, Any]:
        """Return a metadata column as colour codes."""
        return answers.column(self.run(key), name)

    def select(self, key: str, shape: Mapping[str, Any], *, take_in: float | None = None) -> dict[str, Any]:
        """Return how many rows a lasso or box holds, their clusters and their keywords."""
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
            "csv": link,
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
        if not isinstance(item, ImageRef):
            raise NotFound(f"row {row} is no picture.")
        return self.thumbnails.large(item) if large else self.thumbnails.get(item)

    # -- inside -------------------------------------------------------------------------------------

    def _dataset(self, record: Mapping[str, Any]) -> dict[str, Any]:
        names = ("dataset", "name", "rows", "modalities", "columns", "text_column", "created")
        return {**{name: record[name] for name in names}, "rejected": len(record["rejected"])}

    def _candidates(self, key: str) -> list[str]:
        """Return the columns that could be the text, the one in use first."""
        from explorer import ingest

        chosen = self.workspace.dataset_record(key)["text_column"]
        if chosen is None:
            return []
        try:
            found = ingest.preview(self.workspace.source_files(key)).candidates
        except ExplorerError:
            found = ()
        return [chosen, *(name for name in found if name != chosen)]

    def _again(self, key: str, files: Sequence[Path], column: str, *, name: str) -> Reading:
        """Return how to read the files once more; uploaded ones get links of their own, so that each can be deleted."""
        if not self.workspace.keeps_source(key):
            paths = tuple(str(file) for file in files)
            return Reading(paths, column, name, origin=paths)
        links = self.workspace.path / "uploads" / f"again-{time.time_ns()}"
        shutil.copytree(files[0].parent, links, copy_function=_link)
        return Reading(tuple(str(links / file.name) for file in files), column, name, source=str(links))

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
        from explorer.keywords import KeywordIndex

        if not len(rows):
            return []
        with self._guard:
            index = self._words.get(run.dataset.key)
        if index is None:
            key = terms_key(run.dataset.key)
            kept = self.workspace.has("terms", key)
            index = KeywordIndex(run.dataset.items, terms_from(self.workspace.load("terms", key)) if kept else None)
            with self._guard:
                self._words[run.dataset.key] = index
                while len(self._words) > RUNS_IN_MEMORY:
                    self._words.popitem(last=False)
        return [(word, float(score)) for word, score in index.of_rows(rows)]

    def _encode(self, encoder: str, item: str | ImageRef) -> FloatArray:
        if isinstance(item, str):
            return self.jobs.encode(encoder, text=item)
        return self.jobs.encode(encoder, image=item.path)

    def _forget(self, key: str) -> None:
        with self._guard:
            self._runs.pop(key, None)


def open_services(workspace: Workspace, settings: Settings) -> Services:
    """Return the services of a workspace, its workers not started yet."""
    uploads = Uploads(workspace.path / "uploads", limit_bytes=settings.max_upload_bytes)
    uploads.sweep(UPLOAD_KEPT_SECONDS)
    jobs = Jobs(workspace, device=settings.device)
    return Services(workspace, jobs, settings, uploads, Thumbnails(workspace.path / "thumbs"))


def _link(source: str, target: str) -> None:
    """Link a file, or copy it where the disk knows no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def parse_settings(settings: Mapping[str, Any]) -> RunConfig:
    """Return the config of flat settings in which None means the default (but none for the seed)."""
    given = {name: value for name, value in settings.items() if value is not None or name == "seed"}
    if given.get("seed") in NO_SEED:
        given["seed"] = None
    return RunConfig.from_flat(given)
