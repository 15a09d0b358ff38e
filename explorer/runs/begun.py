"""Opens the folder in which vectors are computed, the first time or after a stop, and remembers what it took so far.

It computes no vectors: `stages` and `drafting` do.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explorer.embedding import KnownVectors, VectorFile
from explorer.runs.plan import Plan
from explorer.runs.rows import since
from explorer.workspace import OF, Workspace

BYTES_A_NUMBER = 4


def begin(
    ws: Workspace, dataset: str, key: str, *, dim: int, hashes: NDArray[np.uint8], fingerprint: str
) -> VectorFile:
    """Return the checkpoint of vectors that come to lie under a key, made now if it is new.

    Raises CannotWrite where the disk has no room for them.
    """
    folder = ws.results.unfinished("embed", key)
    if not folder.exists():
        ws.check_room(len(hashes) * dim * BYTES_A_NUMBER)
    checkpoint = VectorFile(folder, dim=dim, hashes=hashes, fingerprint=fingerprint)
    (folder / OF).write_text(json.dumps({"dataset": dataset}), encoding="utf-8")
    return checkpoint


def known_elsewhere(ws: Workspace, plan: Plan, key: str) -> KnownVectors:
    """Return the vectors that the plan's encoder made before, wherever they lie but in the folder of this key."""
    own = ws.results.unfinished("embed", key)
    others = [folder for folder in ws.vectors.folders() if folder != own]
    return KnownVectors(others, fingerprint=plan.fingerprint, used=ws.vectors.used)


class Spent:
    """The seconds that a folder took since this start *began*, and in those *earlier*: kept in it, for the next one."""

    def __init__(self, folder: Path, began: float) -> None:
        self._file, self._began = folder / "seconds.json", began
        told = self._file.read_text(encoding="utf-8") if self._file.exists() else ""
        self.earlier: float = json.loads(told or "0")  # a kill may have left it empty

    @property
    def total(self) -> float:
        """The seconds of all starts."""
        return self.earlier + since(self._began)

    def keep(self) -> None:
        """Remember the seconds so far."""
        self._file.write_text(json.dumps(self.total), encoding="utf-8")
