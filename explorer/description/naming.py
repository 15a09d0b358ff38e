"""Names the groups of every level of the map, broad and fine, with the same keywords as the clusters.

It makes no groups and places no names; within a level all names differ.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from explorer.description.keywords import KeywordIndex, Keywords, name_of
from explorer.description.summaries import Vocabulary, keywords_by_group, rows_by_group
from explorer.types import NOISE, Clustering, ClusterSummary, Embeddings, IntArray, Item, NamedGroup

_WHOLE = 0.9
"""A group with at least this share of one cluster's rows is as good as the cluster, and has its name."""


def name_groups(
    items: Sequence[Item],
    embeddings: Embeddings,
    clustering: Clustering,
    summaries: Sequence[ClusterSummary],
    *,
    vocabulary: Vocabulary | None = None,
    index: KeywordIndex | None = None,
) -> tuple[tuple[NamedGroup, ...], ...]:
    """Return the named groups of each of `clustering.levels`, in the order of their labels.

    A group that is as good as one cluster has its name.  A part of a cluster is named by what sets it apart from the
    cluster's other rows (where *index* has counted their words), all others by what sets them apart from everything.
    """
    levels: list[tuple[NamedGroup, ...]] = []
    for level in [] if clustering.levels is None else list(np.asarray(clustering.levels)):
        if np.array_equal(level, clustering.labels):
            levels.append(tuple(NamedGroup(s.name, s.size, (s.label,)) for s in summaries))
            continue
        clusters, whole = _clusters_of(level, clustering.labels)
        keywords = keywords_by_group(items, embeddings, level, vocabulary=vocabulary, index=index)
        parts = [group for group, of in enumerate(clusters) if len(of) == 1 and not whole[group]]
        if index is not None:
            keywords = _of_parts(
                index, level, clustering.labels, keywords, {group: clusters[group][0] for group in parts}
            )
        given = {group: summaries[clusters[group][0]].name for group in range(len(clusters)) if whole[group]}
        sizes = np.bincount(level[level >= 0], minlength=len(clusters))
        names = _names(keywords, given)
        levels.append(tuple(NamedGroup(*group) for group in zip(names, sizes.tolist(), clusters, strict=True)))
    return tuple(levels)


def _clusters_of(level: IntArray, labels: IntArray) -> tuple[list[tuple[int, ...]], list[bool]]:
    """Return the clusters of which each group has most rows, and whether it is as good as one cluster.

    A group with no cluster's most rows is part of the one of which it has more than of any other; of none: no cluster.
    """
    width = int(labels.max(initial=NOISE)) + 1
    both = (level >= 0) & (labels >= 0)
    pairs, rows = np.unique(level[both].astype(np.int64) * width + labels[both], return_counts=True)
    sizes = np.bincount(labels[labels >= 0], minlength=width)
    shared: list[list[tuple[int, int]]] = [[] for _ in range(int(level.max(initial=NOISE)) + 1)]
    for pair, count in zip(pairs.tolist(), rows.tolist(), strict=True):
        shared[pair // width].append((count, pair % width))
    clusters, whole = [], []
    for found in shared:
        most = [(count, cluster) for count, cluster in found if 2 * count > sizes[cluster]] or sorted(found)[-1:]
        clusters.append(tuple(cluster for _, cluster in most))
        whole.append(len(most) == 1 and most[0][0] >= _WHOLE * sizes[most[0][1]])
    return clusters, whole


def _of_parts(
    index: KeywordIndex, level: IntArray, labels: IntArray, keywords: list[Keywords], parts: dict[int, int]
) -> list[Keywords]:
    """Return *keywords*, those of the *parts* (group → cluster) replaced by what sets them apart in their cluster."""
    groups = rows_by_group(level, len(keywords))
    members = rows_by_group(labels, int(labels.max(initial=NOISE)) + 1)
    apart = {
        part: index.of_rows(groups[part].tolist(), background_rows=members[cluster].tolist())
        for part, cluster in parts.items()
    }
    return [apart.get(group) or found for group, found in enumerate(keywords)]


def _names(keywords: list[Keywords], given: dict[int, str]) -> list[str]:
    """Return a name for each group, all different; *given* names stand, then the groups choose in turn."""
    names: dict[int, str] = {}
    taken: set[str] = set()
    for group in sorted(range(len(keywords)), key=lambda group: (group not in given, group)):
        name = given.get(group, "")
        if not name or name.casefold() in taken:
            name = name_of(keywords[group], taken=lambda name: name.casefold() in taken) or f"group {group}"
        names[group] = name
        taken.add(name.casefold())
    return [names[group] for group in range(len(keywords))]
