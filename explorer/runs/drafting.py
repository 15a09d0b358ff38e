"""The draft of a run's vectors: what it needs of the encoder's own, where it lies, and what is told of it.

It fits no table (`embedding` does).  The sample is embedded into the very folder in which the encoder's vectors of all
rows come to lie: whoever asks for these finds the sample's there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.embedding import (
    DONE,
    FAILED,
    TODO,
    Pieces,
    Table,
    distinct,
    embed,
    fit_table,
    item_hashes,
    recall_of,
)
from explorer.encoders import word_pieces
from explorer.kinds import each
from explorer.runs.begun import Spent, begin, known_elsewhere
from explorer.runs.plan import Plan
from explorer.runs.rows import Rows, since
from explorer.types import Dataset, Encoder, FloatArray, Item, Progress, Report
from explorer.workspace import Workspace, alone

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
        if ws.results.has("embed", key):
            return
        began, hashes = time.monotonic(), item_hashes(dataset.items)
        rows, true = _sample(ws, plan, dataset, model, hashes, progress)
        texts = [text or "" for text in each(dataset.items, lambda kind: kind.words)]
        note = "fitting a draft of all texts to those that were read"
        fitting = Progress("embed", len(rows), len(dataset), note=note)
        table, told = _fitted(plan, [texts[row] for row in rows.tolist()], true, lambda: progress(fitting))
        also(DraftWords(table))  # before the rows are whole: after a stop in between nobody would have the table
        file_of_all = begin(ws, plan.dataset, key, dim=model.dim, hashes=hashes, fingerprint=plan.vectors_by)
        for start in range(0, len(texts), _AT_ONCE):
            progress(Progress("embed", start, len(texts), note="making a draft of all texts"))
            file_of_all.vectors[start : start + _AT_ONCE] = table.draft(texts[start : start + _AT_ONCE])
        file_of_all.state[:] = DONE
        file_of_all.save()
        file_of_all.close()
        drafted = {"read": len(rows), "rows": len(dataset), **told}
        record = {"seconds": since(began), "failed": [], "dim": model.dim, "draft": drafted}
        ws.results.finish("embed", key, record)
        progress(Progress("embed", len(dataset), len(dataset)))


def _fitted(
    plan: Plan, texts: Sequence[str], true: FloatArray, wanted: Callable[[], None]
) -> tuple[Table, dict[str, Any]]:
    """Return the table that is fitted to *texts* by their *true* vectors, and the "recall" of one that saw fewer.

    *wanted* is called before each fit, and may stop it.
    """
    words = word_pieces(plan.config.embed.encoder)
    assert words is not None, "the plan was checked"
    pieces, known, recall, held = Pieces(words), words.known(), None, len(texts) // HELD_OUT
    if held:
        wanted()
        unseen = fit_table(pieces, texts[:-held], true[:-held], known).draft(texts[-held:])
        recall = recall_of(true[-held:], unseen)
    wanted()
    return fit_table(pieces, texts, true, known), {"recall": recall, "among": held}


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
    began, known = time.monotonic(), known_elsewhere(ws, plan, plan.whole)
    checkpoint = begin(ws, plan.dataset, plan.whole, dim=model.dim, hashes=hashes, fingerprint=plan.fingerprint)
    spent = Spent(ws.results.unfinished("embed", plan.whole), began)

    def report(p: Progress) -> None:
        progress(p)
        spent.keep()

    embed(dataset.items, model, checkpoint, hashes=hashes, known=known, most=SAMPLE, progress=report)
    vectors, state = np.array(checkpoint.vectors[rows]), np.array(checkpoint.state[rows])
    checkpoint.close()
    return vectors, state
