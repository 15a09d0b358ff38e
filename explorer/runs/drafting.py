"""The draft of a run's vectors: what it needs of the encoder's own, where it lies, and what is told of it.

It fits no table (`embedding` does).  The sample is embedded into the very folder in which the encoder's vectors of all
rows come to lie: whoever asks for these finds the sample's there.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.embedding import (
    DONE,
    FAILED,
    TODO,
    KnownVectors,
    Pieces,
    Table,
    VectorFile,
    distinct,
    embed,
    fit_table,
    item_hashes,
    recall_of,
)
from explorer.encoders import word_pieces
from explorer.kinds import each
from explorer.runs.plan import Plan
from explorer.runs.rows import Rows, since
from explorer.types import Dataset, Encoder, FloatArray, Item, Progress, Report
from explorer.workspace import OF, Workspace, alone

SAMPLE = 4_096
"""Different texts that the encoder reads for a draft, in the order of their hashes: a fair sample.

Recall of the ten nearest on Banking77 (10,000 rows) from 1,000 / 2,048 / 3,000 / 4,096 of them: .594, .641, .663, .683.
"""
HELD_OUT = 4
"""One in so many of them tells how good the drafts are: a table that has not seen it drafts it."""
_AT_ONCE = 65_536


class DraftWords:
    """Encodes words as a table drafts texts: what stands for rows and for names is then made in one way."""

    def __init__(self, table: Table) -> None:
        self._table, self.dim = table, len(table.mean)

    def encode(self, items: Sequence[Item]) -> FloatArray:
        """Return float32 (m, dim) unit vectors of texts."""
        return self._table.draft([str(item) for item in items])


def embed_draft(
    ws: Workspace,
    plan: Plan,
    dataset: Dataset,
    model: Encoder,
    progress: Report,
    *,
    also: Callable[[DraftWords], object],
) -> None:
    """Keep draft vectors of all rows as the plan's, and have *also* keep those of words, unless they are there.

    They depend on the items and the encoder alone, not on the order of the rows, the clock or kills.
    """
    key = plan.keys["embed"]
    wait = Progress("embed", 0, len(dataset), note="the same draft is being made already; waiting for it")
    with alone(ws.results.lock("embed", key), waiting=lambda: progress(wait)):
        if not ws.results.has("embed", key):
            _embed_draft(ws, plan, dataset, model, progress, also)


def draft_places(ws: Workspace, plan: Plan, at: Rows) -> FloatArray | None:
    """Return where the rows *at* stood on the draft that a run begins with; None where it begins with none."""
    if plan.draft is None or not ws.results.has("project", plan.draft.keys["project"]):
        return None
    places = np.asarray(ws.results.load("project", plan.draft.keys["project"]).arrays["xy"])[at]
    return np.where(np.isfinite(places), places, np.nanmean(places, axis=0))


def told_draft(embedded: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return of a run of drafts how many rows the encoder "read", and the "recall" of neighbours; None for no such run.

    It is the share of the ten nearest of rows that the table had not seen, "among" these; None where they are too few.
    """
    return dict(embedded["draft"]) if "draft" in embedded else None


def _embed_draft(
    ws: Workspace,
    plan: Plan,
    dataset: Dataset,
    model: Encoder,
    progress: Report,
    also: Callable[[DraftWords], object],
) -> None:
    began, hashes = time.monotonic(), item_hashes(dataset.items)
    rows, true = _sample(ws, plan, dataset, model, hashes, progress)
    texts = [text or "" for text in each(dataset.items, lambda kind: kind.words)]
    told = [texts[row] for row in rows.tolist()]
    progress(Progress("embed", len(rows), len(dataset), note="fitting a draft of all texts to those that were read"))
    words = word_pieces(plan.config.embed.encoder)
    assert words is not None, "the plan was checked"
    pieces, recall, known, held = Pieces(words), None, words.known(), len(rows) // HELD_OUT
    if held:
        unseen = fit_table(pieces, told[:-held], true[:-held], known).draft(told[-held:])
        recall = recall_of(true[-held:], unseen)
    progress(Progress("embed", len(rows), len(dataset), note="fitting a draft of all texts to those that were read"))
    table = fit_table(pieces, told, true, known)
    also(DraftWords(table))  # before the rows are whole: a stop in between would leave it to somebody without the table
    folder = ws.results.unfinished("embed", plan.keys["embed"])
    if not folder.exists():
        ws.check_room(len(dataset) * model.dim * 4)
    file_of_all = VectorFile(folder, dim=model.dim, hashes=hashes, fingerprint=plan.vectors_by)
    (folder / OF).write_text(json.dumps({"dataset": plan.dataset}), encoding="utf-8")
    for start in range(0, len(texts), _AT_ONCE):
        progress(Progress("embed", start, len(texts), note="making a draft of all texts"))
        file_of_all.vectors[start : start + _AT_ONCE] = table.draft(texts[start : start + _AT_ONCE])
    file_of_all.state[:] = DONE
    file_of_all.save()
    file_of_all.close()
    told_of_it = {"read": len(rows), "rows": len(dataset), "recall": recall, "among": held}
    record = {"seconds": since(began), "failed": [], "dim": model.dim, "draft": told_of_it}
    ws.results.finish("embed", plan.keys["embed"], record)
    progress(Progress("embed", len(dataset), len(dataset)))


def _sample(
    ws: Workspace, plan: Plan, dataset: Dataset, model: Encoder, hashes: NDArray[np.uint8], progress: Report
) -> tuple[NDArray[np.int64], FloatArray]:
    """Return the rows that a draft goes by, (m,) in the order of their hashes, and their true vectors (m, d)."""
    rows = distinct(hashes)[:SAMPLE]
    wait = Progress("embed", 0, len(dataset), note="somebody else's map reads the same rows now; waiting for it")
    with alone(ws.results.lock("embed", plan.whole), waiting=lambda: progress(wait)):
        if ws.results.has("embed", plan.whole):
            there = ws.results.load("embed", plan.whole).arrays
            vectors, state = np.asarray(there["vectors"][rows]), np.asarray(there["state"])[rows]
        else:
            vectors, state = _read_sample(ws, plan, dataset, model, hashes, rows, progress)
    read = (state != FAILED) & (state != TODO)
    return rows[read], np.asarray(vectors[read], np.float32)


def _read_sample(
    ws: Workspace,
    plan: Plan,
    dataset: Dataset,
    model: Encoder,
    hashes: NDArray[np.uint8],
    rows: NDArray[np.int64],
    progress: Report,
) -> tuple[FloatArray, NDArray[np.uint8]]:
    began, folder = time.monotonic(), ws.results.unfinished("embed", plan.whole)
    others = [one for one in ws.vectors.folders() if one != folder]
    known = KnownVectors(others, fingerprint=plan.fingerprint, used=ws.vectors.used)
    if not folder.exists():
        ws.check_room(len(dataset) * model.dim * 4)
    checkpoint = VectorFile(folder, dim=model.dim, hashes=hashes, fingerprint=plan.fingerprint)
    (folder / OF).write_text(json.dumps({"dataset": plan.dataset}), encoding="utf-8")
    spent = folder / "seconds.json"
    before = json.loads(spent.read_text(encoding="utf-8")) if spent.exists() else 0

    def report(p: Progress) -> None:
        progress(p)
        spent.write_text(json.dumps(before + since(began)), encoding="utf-8")

    embed(dataset.items, model, checkpoint, hashes=hashes, known=known, most=SAMPLE, progress=report)
    vectors, state = np.array(checkpoint.vectors[rows]), np.array(checkpoint.state[rows])
    checkpoint.close()
    return vectors, state
