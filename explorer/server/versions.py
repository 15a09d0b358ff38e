"""New versions of datasets: rows added, removed or edited, and where new rows stand on a map.

It reads no file and places no row: a reading process makes the version, the workers its map.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from explorer.errors import BadSetting, NotFound, NotReady
from explorer.ingest import AS_TABLE, PARAGRAPHS, Change, names_columns
from explorer.questions import rows_in, shape_of
from explorer.runs import placed_rows, plan_onto
from explorer.server.consent import agrees
from explorer.server.datasets import AS_FOUND, Choices, Datasets, Texts
from explorer.server.readers import Readers
from explorer.server.reading import Reading
from explorer.server.rereading import files_apart, read_apart
from explorer.server.runs import Runs
from explorer.workspace import Workspace


@dataclass(frozen=True)
class Selected:
    """The rows inside a shape on the map of a run; see `rows_in`."""

    run: str
    shape: Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """What is to be different in a version but for rows that are added.

    Rows go that are *removed* by number, *where* a column has a value, and inside of shapes on maps, *selected*; those
    *edited* have another text; one inside of a shape stays, and has it.  *hide_rejected*: what could not be read is
    not told any more.
    """

    removed: Sequence[int] = ()
    where: tuple[str, str] | None = None
    selected: Sequence[Selected] = ()
    edited: Mapping[int, str] = field(default_factory=dict)
    hide_rejected: bool = False


NOTHING = Difference()
ITEMS = "items"
"""The choice of what an item of a text is."""


@dataclass(frozen=True)
class Versions:
    """The versions of a workspace's datasets; answers are plain values."""

    workspace: Workspace
    datasets: Datasets
    runs: Runs
    readers: Readers

    def add(
        self, key: str, upload: str, *, text: Texts = None, choices: Choices = AS_FOUND, also: Difference = NOTHING
    ) -> dict[str, Any]:
        """Return the new version of a dataset that has the rows of an upload after its own; as `add_upload` else.

        *also* is what is different in it besides.  Raises what `change` raises, too.
        """
        return self.datasets.add_upload(upload, text=text, choices=choices, to=key, change=self._change(key, also))

    def add_text(
        self, key: str, text: str, *, choices: Choices = AS_FOUND, also: Difference = NOTHING
    ) -> dict[str, Any]:
        """Return the new version of a dataset that has the rows of a pasted text after its own; as `add` else.

        Where paragraphs are the dataset's items, they are the text's.
        """
        if not choices and self._has_paragraphs(key):
            choices = {ITEMS: PARAGRAPHS}
        if not choices and names_columns(text, self.workspace.datasets.record(key)["columns"]):
            choices = AS_TABLE
        return self.datasets.add_text(text, "", choices=choices, to=key, change=self._change(key, also))

    def change(self, key: str, difference: Difference) -> dict[str, Any]:
        """Return the new version of a dataset in which rows are gone, or have another text.

        Raises NotFound, NotReady, UnknownColumn, BadSetting, NothingUsable.
        """
        reading = Reading((), changes=key).with_change(self._change(key, difference))
        return self.datasets.one(self.readers.read(reading))

    def _has_paragraphs(self, key: str) -> bool:
        """Whether the first version of a dataset that is there still was read by paragraphs."""
        record, seen = self.workspace.datasets.record(key), {key}  # of files of others each may be made of the other
        while (version := record.get("version")) and self.workspace.datasets.has(version["parent"]):
            if version["parent"] in seen:
                break
            seen.add(version["parent"])
            record = self.workspace.datasets.record(version["parent"])
        told = {choice["name"]: choice["value"] for choice in record.get("choices", ())}
        return told.get(ITEMS) == PARAGRAPHS

    def _change(self, key: str, difference: Difference) -> Change:
        """Return a difference with the rows inside of shapes by their numbers; where a value is, the reader finds."""
        self.workspace.datasets.record(key)
        inside = (row for one in difference.selected for row in self._inside(key, one))
        gone = dict.fromkeys([*difference.removed, *(row for row in inside if row not in difference.edited)])
        return Change(tuple(gone), dict(difference.edited), difference.hide_rejected, difference.where)

    def sample(self, key: str, rows: int, *, by: str | None = None) -> dict[str, Any]:
        """Return the new version of a dataset that has so many of its rows, taken by chance, always the same ones.

        *by* a column each of its values keeps its share.  Raises NotFound, UnknownColumn, BadSetting.
        """
        self.workspace.datasets.record(key)
        return self.datasets.one(self.readers.read(Reading((), changes=key, sample=rows, by=by)))

    def place(self, key: str, run: str | None = None, *, send: bool = False) -> str:
        """Start the run of a new version whose new rows stand on a finished run's map, and return its key at once.

        Without *run* it is the newest finished one of the dataset that the version was made of; *send* is as for runs.
        Raises NotFound, NotReady, BadSetting, NotAgreed.
        """
        plan = plan_onto(self.workspace, key, run or self._newest(key))
        device, agreed = self.workspace.runs.record(plan.run)["device"], agrees(self.workspace, plan, send)
        return self.runs.jobs.start(plan, device=device, agreed=agreed)

    def maps(self, key: str) -> list[dict[str, Any]]:
        """Return the finished runs on whose maps the new rows of a version can stand, newest first."""
        version = self.workspace.datasets.record(key).get("version")
        parent = None if version is None else version["parent"]
        told = [one for one in self.workspace.runs.records() if one["dataset"] == parent and one["state"] == "done"]
        return [{name: one[name] for name in ("run", "name", "created")} for one in told]

    def placed(self, run: str) -> dict[str, Any]:
        """Return the rows of a run that were placed on the map of another one, as a selection; see `rows_in`.

        Raises NotFound.
        """
        rows = placed_rows(self.workspace, run)
        n = int(self.workspace.datasets.record(str(self.workspace.runs.record(run)["dataset"]))["rows"])
        return {"count": len(rows), **shape_of(rows, n)}

    def files_apart(self, key: str) -> list[str]:
        """Return the names of the files that a dataset was put together from, where they can be kept apart."""
        return [file.name for file in files_apart(self.workspace, key)]

    def keep_apart(self, key: str) -> list[dict[str, Any]]:
        """Make a dataset of each file that a dataset was put together from; that one goes, unless it has runs.

        Raises what ingest raises, NotFound, NotReady, BadSetting.
        """
        apart = read_apart(self.workspace, self.readers, key)
        if key not in apart:
            self.runs.opened.forget(key)
        return [self.datasets.one(made) for made in apart]

    def _inside(self, key: str, selected: Selected) -> list[int]:
        try:
            run = self.runs.opened.run(selected.run)
        except NotFound as exc:
            raise NotFound(
                "the map on which rows were selected is gone. Forget these changes, and select anew."
            ) from exc
        if run.dataset.key != key:
            raise BadSetting(f"the map {selected.run} is of other data; select rows on a map of this dataset.")
        return [int(row) for row in rows_in(run, selected.shape)]

    def _newest(self, key: str) -> str:
        found = self.maps(key)
        if not found:
            raise NotReady("there is no finished map that the new rows could be placed on; lay the data out anew.")
        return str(found[0]["run"])
