"""The map and the clusters of items in whatever order they come."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer import load, run
from explorer.types import NOISE
from explorer.workspace.folder import Workspace

PARTS = {
    "card": ("my card was lost", "the bank has to block my card", "a new card has not come yet"),
    "rain": ("it rains in the hills", "a storm came over the hills", "the sky is grey and wet"),
    "soup": ("a soup of lentils and carrots", "boil the carrots for the soup", "salt the broth of the soup"),
    "train": ("the train to the coast is late", "we missed the train at noon", "a ticket for the night train"),
}
ENDS = ("today", "again", "as ever", "once more", "since Monday", "they say", "I am told", "in spring", "after all")


def texts() -> list[str]:
    """Return texts of many lengths, of four themes, a few of them several times, and some that fit nowhere."""
    made = [
        f"{word} {at}: {part}{', ' + end if at % 2 else ' ' + end * (at % 3)}"
        for word, parts in PARTS.items()
        for at, (part, end) in enumerate((part, end) for part in parts for end in ENDS)
    ]
    return [*made, *made[:5] * 3, *(f"{n} × {n + 1} = {n * n + n}" for n in range(12))]


def found(folder: Path, items: list[str], **settings: Any) -> tuple[dict[str, list[Any]], list[list[str]]]:
    """Return what a run in a workspace of its own finds of each item, those of equal ones sorted, and all names."""
    folder.mkdir()
    (folder / "items.txt").write_text("\n".join(items), encoding="utf-8")
    done = run(load(folder / "items.txt"), workspace=Workspace(folder / "w"), **settings)
    of: dict[str, list[Any]] = {}
    for row, item in enumerate(items):
        place, label = done.projection.xy[row].tobytes(), int(done.clustering.labels[row])
        scores = [float(done.scores.outlier[row]), float(done.scores.density[row])]
        levels = [] if done.clustering.levels is None else done.clustering.levels[:, row].tolist()
        of.setdefault(item, []).append((place, label, float(done.clustering.strength[row]), scores, levels))
    assert len(set(done.clustering.labels.tolist()) - {NOISE}) > 1
    names = [[summary.name for summary in done.summaries], *([group.name for group in level] for level in done.levels)]
    return {item: sorted(values) for item, values in of.items()}, names


@pytest.mark.parametrize(
    "settings",
    [{}, {"space": "map", "metric": "euclidean", "dims": 3}, {"method": "communities"}],
    ids=["default", "map", "communities"],
)
def test_the_same_rows_in_another_order_are_the_same_map_clusters_and_names(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    items = texts()
    first = found(tmp_path / "first", items, **settings)
    for seed in (1, 2):
        order = np.random.default_rng(seed).permutation(len(items))
        other = found(tmp_path / f"order {seed}", [items[at] for at in order], **settings)
        assert other == first
