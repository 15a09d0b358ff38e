"""What clusters are rich in, told anew of a finished run once somebody reads its columns in another way.

Names and everything else stay as the run has them: a map that is made from then on has these too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from explorer.runs.plan import Plan
from explorer.types import Clustering, ClusterSummary, Dataset

MOST_CELLS = 5_000_000
"""Cells of a table, at most, that are looked through while somebody waits: about four seconds."""


def restated(
    summaries: Sequence[ClusterSummary], dataset: Dataset, clustering: Clustering, plan: Plan
) -> tuple[ClusterSummary, ...]:
    """Return the summaries with statements by how columns are read now; as they are where that is as it was.

    Of a very large table the statements are those of when the map was made.
    """
    from explorer.description import enrich

    same = dict(dataset.readings) == dict(plan.readings)
    if same or len(dataset) * len(dataset.table.columns) > MOST_CELLS:
        return tuple(summaries)
    found = enrich(dataset.table, clustering.labels, count=len(summaries), readings=dataset.readings)
    return tuple(replace(one, enrichment=facts) for one, facts in zip(summaries, found, strict=True))
