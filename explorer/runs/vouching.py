"""Sees whether an encoder made the vectors that came with the data: some items are encoded and compared with them.

It takes no vectors (`given` does) and asks nobody whether items may be sent (`sending` does).
"""

from __future__ import annotations

import time

import numpy as np

from explorer.config import maker_of
from explorer.errors import BadSetting, NotFound
from explorer.runs.facts import check_maker
from explorer.runs.plan import Plan
from explorer.runs.rows import since
from explorer.types import Dataset, Encoder, FloatArray, IntArray, Progress, Report, items_of, sorted_unique
from explorer.workspace import Workspace

CHECKED = 10
"""Items that are encoded to see whether the vectors are those that an encoder makes."""
ALIKE = 0.99
"""The cosine from which a vector is taken for the same: half precision and int8 of one model are nearer than that."""
MOST_ODD = 0.2
"""The share of items that may be farther: their texts may have been cut or cleaned since."""
_RELATED = 0.8
"""From this cosine on it looks like the right encoder of other items: a text with more or less before it."""


def rows_checked(dataset: Dataset) -> IntArray:
    """Return the rows, at most CHECKED, ascending, whose items are encoded: spread over the data, the last one too."""
    n = len(dataset)
    return sorted_unique(np.linspace(0, n - 1, min(CHECKED, n)).astype(np.int32))


def vouch(ws: Workspace, plan: Plan, dataset: Dataset, model: Encoder, progress: Report) -> None:
    """Keep how near the vectors of some items are to those that came with them, as the result `checked`.

    Raises BadSetting where they are not the same, with how far off they are; NotFound where no vectors came.
    """
    if ws.results.has("checked", plan.keys["checked"]):
        return
    if dataset.given is None:
        raise NotFound(f"the vectors of {dataset.name} are gone; read its file again.")
    maker, began = maker_of(plan.config.embed.encoder), time.monotonic()
    check_maker(plan.config.embed.encoder, int(dataset.given.array.shape[1]), model.dim)
    rows = rows_checked(dataset)
    progress(Progress("embed", 0, len(rows), note=f"seeing whether {maker} made these vectors"))
    made = model.encode(items_of(dataset.items, rows.tolist()))
    cosines = cosines_between(made, np.asarray(dataset.given.array[rows]))
    _judge(cosines, maker, dataset)
    record = {"rows": rows.tolist(), "cosines": [round(float(one), 6) for one in cosines], "seconds": since(began)}
    ws.results.save("checked", plan.keys["checked"], {}, record)


def cosines_between(one: FloatArray, other: FloatArray) -> FloatArray:
    """Return float32 (m,): the cosine of each row of one (m, d) and the same row of another; nan where one has none."""
    a, b = np.asarray(one, np.float64), np.asarray(other, np.float64)
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((a * b).sum(axis=1) / lengths, np.float32)


def _judge(cosines: FloatArray, maker: str, dataset: Dataset) -> None:
    """Raise BadSetting where too many vectors are not those that the encoder makes."""
    known = cosines[np.isfinite(cosines)]
    if not len(known):
        raise BadSetting(
            f"none of {len(cosines)} items could be encoded by {maker}; nobody knows whether it made them."
        )
    same = int((known >= ALIKE).sum())
    if same >= (1 - MOST_ODD) * len(known):
        return
    column = dataset.given.column if dataset.given is not None else ""
    items = f"the column “{dataset.text_column}”" if dataset.text_column else "the items"
    middle = float(np.median(known))
    related = (
        f" That is near: perhaps the same model in another version, or made of more or less than {items}."
        if middle >= _RELATED
        else ""
    )
    raise BadSetting(
        f"the encoder {maker} did not make the vectors of “{column}” from {items}: of {len(known)} that were encoded "
        f"anew {same} came out the same (cosine {ALIKE} or more); the cosine is {middle:.2f} in the middle and "
        f"{float(known.max()):.2f} at best.{related} Name another encoder, or none: the map itself needs none."
    )
