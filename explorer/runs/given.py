"""The stage `embed` of data that came with vectors of their own: at unit length, and as they are where lengths differ.

It chooses no column: what came with the items, `ingest` has said.
"""

from __future__ import annotations

import time

import numpy as np

from explorer.embedding import DONE, VectorFile, item_hashes
from explorer.errors import NotFound
from explorer.runs.plan import Plan
from explorer.runs.rows import since
from explorer.types import Dataset, Progress, Report
from explorer.workspace import Workspace, alone

ROWS_AT_ONCE = 50_000
SAME_LENGTH = 1e-4
"""How much lengths may differ, by their mean, and still be one length that was rounded."""
LONGEST = 1e15
"""Squares of longer vectors would be no numbers any more."""


def take_given(ws: Workspace, plan: Plan, dataset: Dataset, progress: Report) -> None:
    """Keep the vectors that came with a dataset as the result of `embed`.  Raises NotFound where none did."""
    key, given = plan.keys["embed"], dataset.given
    if given is None:
        raise NotFound(f"the vectors of {dataset.name} are gone; read its file again.")
    wait = Progress("embed", 0, len(dataset), note="another program takes them already; waiting for it")
    with alone(ws.results.lock("embed", key), waiting=lambda: progress(wait)):
        if ws.results.has("embed", key):
            return
        began, dim = time.monotonic(), int(given.array.shape[1])
        ws.check_room(given.array.nbytes)
        folder = ws.results.unfinished("embed", key)
        kept = VectorFile(folder, dim=dim, hashes=item_hashes(dataset.items), fingerprint=plan.fingerprint)
        lengths = np.empty(len(dataset))
        for start in range(0, len(dataset), ROWS_AT_ONCE):
            progress(Progress("embed", start, len(dataset)))
            some = np.asarray(given.array[start : start + ROWS_AT_ONCE], np.float64)
            lengths[start : start + len(some)] = np.linalg.norm(some, axis=1)
            kept.vectors[start : start + len(some)] = some / lengths[start : start + len(some), None]
        if np.ptp(lengths) > SAME_LENGTH * lengths.mean() and lengths.max() < LONGEST:
            ws.check_room(given.array.nbytes)
            np.save(folder / "raw.npy", np.asarray(given.array, np.float32))
        kept.state[:] = DONE
        kept.save()
        kept.close()
        np.save(folder / "unread.npy", np.zeros(len(dataset), np.bool_))
        ws.results.finish("embed", key, {"seconds": since(began), "failed": [], "dim": dim})
        progress(Progress("embed", len(dataset), len(dataset)))
