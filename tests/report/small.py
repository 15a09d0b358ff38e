"""A small run built by hand: two groups of three rows, one of noise, one that has no vector."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from explorer.config import RunConfig
from explorer.types import (
    Clustering,
    ClusterSummary,
    Dataset,
    Embeddings,
    Enrichment,
    Item,
    KnnGraph,
    Projection,
    Rejected,
    Run,
)

TEXTS = ("red apple", "green apple", "ripe apple", "blue car", "fast car", "old car", "the moon", "lost")
LABELS = (0, 0, 0, 1, 1, 1, -1, -1)


def small_run(
    *, items: Sequence[Item] = TEXTS, table: dict[str, Any] | None = None, dims: int = 2, **given: Any
) -> Run:
    """Return a run over eight items; keyword arguments replace its fields."""
    n = len(items)
    angle = np.array([0.0, 0.1, 0.2, 1.5, 1.6, 1.7, 3.0, 0.0])[:n]
    vectors = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    ok = np.arange(n) != 7
    vectors[~ok] = 0
    distances = 1 - vectors @ vectors.T
    rows = np.argsort(distances, axis=1, kind="stable")[:, :3]
    rows[:, 0] = np.arange(n)
    xy = np.arange(n * dims, dtype=np.float32).reshape(n, dims)
    xy[~ok] = np.nan
    frame = pd.DataFrame(table or {"colour": ["r", "g", "r", "b", "b", "b", "w", None][:n]}, index=pd.RangeIndex(n))
    dataset = Dataset("data-key", "things.csv", list(items), frame, (Rejected("things.csv", 4, "the text is empty"),))
    fields: dict[str, Any] = {
        "key": "0123456789abcdef",
        "dataset": dataset,
        "config": RunConfig().resolved(n, encoder="minilm"),
        "embeddings": Embeddings("e", vectors, ok, "minilm", np.zeros(n, np.bool_)),
        "knn": KnnGraph(rows.astype(np.int32), np.take_along_axis(distances, rows, axis=1).clip(0).astype(np.float32)),
        "projection": Projection(xy, "umap", 0.9125, 15, 8),
        "clustering": Clustering(np.array(LABELS[:n], np.int32), np.linspace(1, 0, n, dtype=np.float32), "hdbscan"),
        "summaries": (summary(0, "apple", (0, 1), (2,), 1), summary(1, "car", (3, 4), (5,), 0)),
        "timings": {"embed": 1.25},
        "created": "2026-03-14T09:26:53+00:00",
        "name": "Things",
        "versions": {"umap-learn": "0.5.12"},
    }
    return Run(**(fields | given))


def summary(label: int, name: str, exemplars: tuple[int, ...], odd: tuple[int, ...], other: int) -> ClusterSummary:
    facts = (Enrichment("colour", "r", 0.667, 0.25, 2.67, 0.001),)
    keywords = ((name, 1.0), ("fruit & more", 0.5))
    return ClusterSummary(label, name, 3, 0.375, 0.99, keywords, exemplars, odd, ((other, 0.25),), facts)
