"""A finished run as somebody looks at it: with noise taken into the clusters to which it belongs.

It computes and keeps nothing: the stored result stays as it is, and what is shown says which rows were taken in.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from explorer.clustering import take_in
from explorer.types import Run


def viewed(run: Run, least: float | None) -> Run:
    """Return the run with the noise taken in that belongs by at least *least* (0…1); None takes nothing in.

    Labels, sizes and shares count the rows taken in; keywords, exemplars and cohesion stay those of the members.
    Raises BadSetting for a *least* outside its range.
    """
    if least is None:
        return run
    clustering = take_in(run.clustering, least)
    sizes = np.bincount(clustering.labels[clustering.labels >= 0], minlength=len(run.summaries)).tolist()
    n = max(1, len(run.dataset))
    summaries = tuple(
        dataclasses.replace(summary, size=size, share=size / n)
        for summary, size in zip(run.summaries, sizes, strict=True)
    )
    return dataclasses.replace(run, clustering=clustering, summaries=summaries)


def taken_by_cluster(run: Run) -> list[int]:
    """Return how many rows each cluster has taken in, in the order of the labels."""
    taken = run.clustering.taken
    if taken is None:
        return [0] * len(run.summaries)
    counts: list[int] = np.bincount(run.clustering.labels[taken], minlength=len(run.summaries)).tolist()
    return counts
