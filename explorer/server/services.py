"""All that the page and the REST API share: a workspace, its jobs, and verbs on them by noun; answers are plain values.

It does nothing itself: `early`, `datasets`, `versions`, `runs`, `maps`, `questions`, `columns`, `pictures` and `titles`
do, each in its file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from explorer.config import Settings
from explorer.encoders import use_workspace
from explorer.runs import Jobs, speed_of
from explorer.server.allowing import Allowing
from explorer.server.columns import Columns
from explorer.server.comparing import Comparing
from explorer.server.consent import Consent
from explorer.server.datasets import Datasets
from explorer.server.early import Early
from explorer.server.maps import Maps
from explorer.server.opened import Opened
from explorer.server.pictures import Pictures
from explorer.server.questions import Questions
from explorer.server.readers import Readers
from explorer.server.runs import Runs
from explorer.server.titles import Titles
from explorer.server.undoing import Undoing
from explorer.server.uploads import KEPT_SECONDS, Uploads
from explorer.server.versions import Versions
from explorer.types import Run
from explorer.workspace import Thumbnails, Workspace


@dataclass(frozen=True)
class Services:
    """Everything a server offers; build it with `open_services`."""

    workspace: Workspace
    jobs: Jobs
    settings: Settings
    uploads: Uploads
    early: Early
    datasets: Datasets
    versions: Versions
    runs: Runs
    maps: Maps
    questions: Questions
    columns: Columns
    comparing: Comparing
    pictures: Pictures
    titles: Titles
    consent: Consent
    readers: Readers
    undoing: Undoing
    _opened: Opened

    def run(self, key: str, *, take_in: float | None = None) -> Run:
        """Return a finished run, as seen with noise taken in; the last few stay open.  Raises NotFound, NotReady."""
        return self._opened.run(key, take_in=take_in)

    def encoders(self) -> list[dict[str, Any]]:
        """Return the encoders to choose from."""
        speeds = self.workspace.speeds.all()
        return [
            {**told, "items_a_second": speed_of(speeds, told["name"], told["modalities"])}
            for told in self.runs.allowing.listed()
        ]


def open_services(workspace: Workspace, settings: Settings) -> Services:
    """Return the services of a workspace, its workers not started yet."""
    uploads = Uploads(workspace.path / "uploads", limit_bytes=settings.max_upload_bytes, writer=workspace.writer)
    workspace.sweep()
    uploads.sweep(KEPT_SECONDS)
    use_workspace(workspace.path)
    allowing = Allowing(settings)
    jobs = Jobs(workspace, device=settings.device, check=allowing.check)
    opened = Opened(workspace)
    runs = Runs(workspace, jobs, opened, allowing, settings.device, settings.model_folders)
    readers = Readers(workspace.path)
    maps = Maps(workspace, jobs, opened)
    datasets = Datasets(workspace, uploads, runs, readers)
    return Services(
        workspace,
        jobs,
        settings,
        uploads,
        datasets.early,
        datasets,
        Versions(workspace, datasets, runs, readers),
        runs,
        maps,
        Questions(workspace, jobs, opened, maps),
        Columns(opened),
        Comparing(opened),
        Pictures(workspace, Thumbnails(workspace.path / "thumbs", workspace.writer, small=readers.picture)),
        Titles(workspace, jobs, opened, settings),
        Consent(workspace, allowing),
        readers,
        Undoing(datasets, runs),
        opened,
    )
