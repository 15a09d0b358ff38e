"""What may be asked of a run: which rows there are, how many neighbours, by which metric.

It answers nothing; what it raises says what can be asked instead.
"""

from __future__ import annotations

from explorer.config import METRICS
from explorer.errors import BadSetting, NotFound
from explorer.types import Codes, Embeddings, FloatArray, Run

MAX_NEIGHBORS = 100


def check_row(run: Run, row: int) -> int:
    """Return the row; raises NotFound when the run has no such row."""
    if not 0 <= row < len(run.dataset):
        raise NotFound(f"there is no row {row}; the rows of this run are 0 to {len(run.dataset) - 1}.")
    return row


def compared(known: Embeddings, metric: str) -> tuple[FloatArray, Codes | None]:
    """Return the vectors that a *metric* compares, float32 (n, d), and codes, which there are of unit ones alone."""
    vectors = known.compared(metric)
    return vectors, known.codes if vectors is known.vectors else None


def checked(run: Run, row: int, *, k: int, metric: str) -> None:
    """See that a row's neighbours can be asked for; raises NotFound, BadSetting."""
    check_row(run, row)
    check_limits(k, MAX_NEIGHBORS, metric)
    if not run.embeddings.ok[row]:
        raise NotFound(f"row {row} has no vector, its item could not be encoded; choose another row.")


def check_limits(k: int, most: int, metric: str) -> int:
    """Return *k*, which is 1 to *most*, the metric a known one; raises BadSetting."""
    if not 1 <= k <= most:
        raise BadSetting(f"k is {k}; it must be from 1 to {most:,}.")
    if metric not in METRICS:
        raise BadSetting(f"metric is {metric!r}; it must be one of {', '.join(METRICS)}.")
    return k
