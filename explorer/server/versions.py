"""New versions of datasets: rows added, removed or edited, and where new rows stand on a map.

It reads no file and places no row: a reading process makes the version, the workers its map.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from explorer.errors import BadSetting, NotReady
from explorer.ingest import rows_where
from explorer.questions import rows_in
from explorer.runs import plan_onto
from explorer.server.datasets import AS_FOUND, Choices, Datasets, Texts
from explorer.server.readers import Readers
from explorer.server.reading import Reading
from explorer.server.runs import Runs
from explorer.workspace import Workspace


@dataclass(frozen=True)
class Selected:
    """The rows inside a shape on the map of a run; see `rows_in`."""

    run: str
    shape: Mapping[str, Any]


@dataclass(frozen=True)
class Versions:
    """The versions of a workspace's datasets; answers are plain values."""

    workspace: Workspace
    datasets: Datasets
    runs: Runs
    readers: Readers

    def add(self, key: str, upload: str, *, text: Texts = None, choices: Choices = AS_FOUND) -> dict[str, Any]:
        """Return the new version of a dataset that has the rows of an upload after its own; as `add_upload` else."""
        self.workspace.datasets.record(key)
        return self.datasets.add_upload(upload, text=text, choices=choices, to=key)

    def add_text(self, key: str, text: str, *, choices: Choices = AS_FOUND) -> dict[str, Any]:
        """Return the new version of a dataset that has the rows of a pasted text after its own."""
        self.workspace.datasets.record(key)
        return self.datasets.add_text(text, "", choices=choices, to=key)

    def change(
        self,
        key: str,
        *,
        removed: Sequence[int] = (),
        where: tuple[str, str] | None = None,
        selected: Sequence[Selected] = (),
        edited: Mapping[int, str] | None = None,
        hide_rejected: bool = False,
    ) -> dict[str, Any]:
        """Return the new version of a dataset in which rows are gone, or have another text.

        *where* a column has a value rows go too, and those inside of shapes on maps of the dataset, *selected*.
        Raises NotFound, NotReady, UnknownColumn, BadSetting, NothingUsable.
        """
        self.workspace.datasets.record(key)
        gone = [*removed, *(row for one in selected for row in self._inside(key, one))]
        if where is not None:
            gone += rows_where(self.workspace.datasets.open(key), *where)
        changes = tuple((edited or {}).items())
        reading = Reading((), changes=key, removed=tuple(gone), edited=changes, hide_rejected=hide_rejected)
        return self.datasets.one(self.readers.read(reading))

    def sample(self, key: str, rows: int, *, by: str | None = None) -> dict[str, Any]:
        """Return the new version of a dataset that has so many of its rows, taken by chance, always the same ones.

        *by* a column each of its values keeps its share.  Raises NotFound, UnknownColumn, BadSetting.
        """
        self.workspace.datasets.record(key)
        return self.datasets.one(self.readers.read(Reading((), changes=key, sample=rows, by=by)))

    def place(self, key: str, run: str | None = None) -> str:
        """Start the run of a new version whose new rows stand on a finished run's map, and return its key at once.

        Without *run* it is the newest finished one of the dataset that the version was made of.  Raises NotFound,
        NotReady, BadSetting.
        """
        plan = plan_onto(self.workspace, key, run or self._newest(key))
        return self.runs.jobs.start(plan, device=self.workspace.runs.record(plan.run)["device"])

    def maps(self, key: str) -> list[dict[str, Any]]:
        """Return the finished runs on whose maps the new rows of a version can stand, newest first."""
        version = self.workspace.datasets.record(key).get("version")
        parent = None if version is None else version["parent"]
        told = [one for one in self.workspace.runs.records() if one["dataset"] == parent and one["state"] == "done"]
        return [{name: one[name] for name in ("run", "name", "created")} for one in told]

    def _inside(self, key: str, selected: Selected) -> list[int]:
        run = self.runs.opened.run(selected.run)
        if run.dataset.key != key:
            raise BadSetting(f"the map {selected.run} is of other data; select rows on a map of this dataset.")
        return [int(row) for row in rows_in(run, selected.shape)]

    def _newest(self, key: str) -> str:
        found = self.maps(key)
        if not found:
            raise NotReady("there is no finished map that the new rows could be placed on; lay the data out anew.")
        return str(found[0]["run"])
