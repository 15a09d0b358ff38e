"""The results of stages: named arrays with a record beside them, kept under the stage's key.

It does not know what a stage means.

    DIR/stages/STAGE-KEY/   record.json  *.npy
    DIR/stages/embed-KEY.part/   an embedding that is not finished: vectors, and which rows have one
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import NotFound
from explorer.workspace.files import children, is_whole, read_json, safe_key
from explorer.workspace.room import check_room
from explorer.workspace.writer import Writer, publish

RECORD = "record.json"


@dataclass(frozen=True)
class Stored:
    """A stage result as it lies in the folder: memory-mapped arrays and the record beside them."""

    arrays: Mapping[str, NDArray[Any]]
    record: Mapping[str, Any]


class StageResults:
    """The stage results of the workspace at *workspace*."""

    def __init__(self, workspace: Path, writer: Writer) -> None:
        self._workspace, self._home, self._writer = workspace, workspace / "stages", writer

    def has(self, stage: str, key: str) -> bool:
        """Whether a stage's result is here."""
        return (self._folder(stage, key) / RECORD).exists()

    def save(self, stage: str, key: str, arrays: Mapping[str, NDArray[Any]], record: Mapping[str, Any]) -> None:
        """Keep a stage's result; one that is here already is left as it is.  Raises CannotWrite."""
        home = self._folder(stage, key)
        if self.has(stage, key):
            return
        check_room(self._home, sum(array.nbytes for array in arrays.values()))
        with self._writer.new_folder(home) as folder:
            for name, array in arrays.items():
                np.save(folder / f"{name}.npy", array, allow_pickle=False)
            self._writer.write_json(folder / RECORD, record)

    def load(self, stage: str, key: str) -> Stored:
        """Return a stage's result, its arrays memory-mapped and read-only; raises NotFound."""
        try:
            return result_in(self._folder(stage, key))
        except FileNotFoundError:  # it is deleted just now, or was never there
            raise self._missing(stage, key) from None

    def adopt(self, stage: str, key: str, folder: Path) -> None:
        """Take a folder that holds a whole result for the stage's; one that is here already is left as it is."""
        publish(folder, self._folder(stage, key))

    def folder(self, stage: str, key: str) -> Path:
        """Return where a stage's result is, or would be."""
        return self._folder(stage, key)

    def unfinished(self, stage: str, key: str) -> Path:
        """Return the folder in which a stage keeps what it has so far."""
        return self._home / f"{stage}-{safe_key(key)}.part"

    def lock(self, stage: str, key: str) -> Path:
        """Return the lock file of the unfinished folder of a stage."""
        return self._home / f"{stage}-{safe_key(key)}.lock"

    def finish(self, stage: str, key: str, record: Mapping[str, Any]) -> None:
        """Turn the unfinished folder of a stage into its result."""
        folder = self.unfinished(stage, key)
        self._writer.write_json(folder / RECORD, record)
        publish(folder, self._folder(stage, key))

    def folders(self, stage: str) -> list[Path]:
        """Return the folders of all results of a stage, finished and unfinished."""
        found = (path for path in children(self._home) if path.name.startswith(f"{stage}-"))
        return sorted(path for path in found if path.is_dir() and is_whole(path))

    def _missing(self, stage: str, key: str) -> NotFound:
        return NotFound(f"the result {stage}-{key} is not in {self._workspace}; start the run again.")

    def _folder(self, stage: str, key: str) -> Path:
        return self._home / f"{stage}-{safe_key(key)}"


def result_in(folder: Path) -> Stored:
    """Return the result that lies in a folder, its arrays memory-mapped and read-only.

    Raises FileNotFoundError, WorkspaceUnusable, ValueError for an array that is none.
    """
    record = read_json(folder / RECORD)
    if record is None:
        raise FileNotFoundError(folder / RECORD)
    return Stored({p.stem: np.load(p, mmap_mode="r", allow_pickle=False) for p in folder.glob("*.npy")}, record)
