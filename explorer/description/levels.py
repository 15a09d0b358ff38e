"""Names the groups of every level of the map, broad and fine, as clusters are named.

It makes no groups; a group that is as good as one cluster has its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from explorer.description.carrying import Named, kept_names
from explorer.description.columnnames import (
    lacking_of,
    said_by_columns,
    says_more,
    with_values,
)
from explorer.description.enrich import NO_READINGS
from explorer.description.filenames import file_names, said_by_file_names
from explorer.description.groupwords import Later, keywords_by_group
from explorer.description.joinednames import Joins
from explorer.description.keywords import KeywordIndex
from explorer.description.naming import Judged, Namer, Rows, told_beside, unsure_of
from explorer.description.titles import Meaning
from explorer.description.vocabulary import Vocabulary
from explorer.types import NOISE, Clustering, ClusterSummary, Embeddings, IntArray, Item, NamedGroup

_WHOLE = 0.9
"""A group with at least this share of one cluster's rows is as good as the cluster, and has its name."""


def name_groups(
    items: Sequence[Item],
    embeddings: Embeddings,
    clustering: Clustering,
    summaries: Sequence[ClusterSummary],
    *,
    table: Any = None,
    readings: Mapping[str, str] = NO_READINGS,
    vocabulary: Vocabulary | None = None,
    index: KeywordIndex | None = None,
    phrases: Vocabulary | None = None,
    order: Rows | None = None,
    meaning: Meaning | None = None,
    known: Sequence[Named] = (),
) -> tuple[tuple[NamedGroup, ...], ...]:
    """Return the named groups of each of `clustering.levels`, in the order of their labels; see `Namer`.

    A group that is as good as one cluster has its name.  The others are named by what all their clusters share and
    the other groups of the level do not, or by two of them where they share nothing; groups of pictures by what a
    column of the *table* says of them: *readings* are how columns are read where somebody set that.  What has the same
    rows as a *known* group keeps its name; see `kept_names`.
    """
    beside = told_beside(items, table)
    namer = Namer(items, embeddings, vocabulary, index, phrases, order, meaning, *beside)
    levels: list[tuple[NamedGroup, ...]] = []
    names = [summary.name for summary in summaries]
    for level in [] if clustering.levels is None else list(np.asarray(clustering.levels)):
        if np.array_equal(level, clustering.labels):
            levels.append(tuple(NamedGroup(s.name, s.size, (s.label,), near_name=s.near_name) for s in summaries))
            continue
        clusters, whole = _clusters_of(level, clustering.labels)
        given: dict[int, str] = {}
        for group, of in enumerate(clusters):
            if whole[group] and summaries[of[0]].name not in given.values():
                given[group] = summaries[of[0]].name
        taken = {name.casefold() for name in given.values()}
        kept = kept_names(level, known)
        given |= {at: name for at, name in kept.items() if at not in given and name.casefold() not in taken}
        of_level = partial(keywords_by_group, items, embeddings, level, vocabulary=vocabulary, index=index)
        keywords = Later(len(clusters), of_level)
        joins = Joins(clustering.labels, names, {at: of for at, of in enumerate(clusters) if len(of) > 1})
        named = namer.names(level, keywords, joins=joins, given=given)
        if table is not None:
            named = _told(named, values_of(table, level, named, namer, readings), given)
        sizes = np.bincount(level[level >= 0], minlength=len(clusters)).tolist()
        levels.append(
            tuple(
                NamedGroup(one.name, size, of, one.true_of, one.near)
                for one, size, of in zip(named, sizes, clusters, strict=True)
            )
        )
    return tuple(levels)


def values_of(
    table: Any, labels: IntArray, named: Sequence[Judged], namer: Namer, readings: Mapping[str, str]
) -> dict[int, str]:
    """Return the values of columns that name groups better than their names: pictures, and texts that lack one."""
    names, told = [one.name for one in named], [one.told for one in named]
    texts = lacking_of(names, told)
    found = said_by_columns(table, labels, len(named), namer.is_picture, readings, texts=texts)
    drawn = np.bincount(labels[(labels >= 0) & namer.is_picture], minlength=len(named))
    sizes = np.bincount(labels[labels >= 0], minlength=len(named))
    unsaid = np.array([at not in found and (namer.vocabulary is None or not one.sure) for at, one in enumerate(named)])
    if (unsaid := np.flatnonzero(unsaid & (drawn > 0) & (2 * drawn >= sizes))).size:
        found |= said_by_file_names(file_names(namer.items, namer.is_picture), labels, unsaid.tolist(), len(named))
    return {
        at: value for at, value in found.items() if 2 * drawn[at] >= sizes[at] or says_more(value, names[at], told[at])
    }


def _told(named: Sequence[Judged], values: Mapping[int, str], given: Mapping[int, str]) -> list[Judged]:
    """Return the names of a level's groups with the values of columns for those that have no cluster's name."""
    told = {at: word for at, word in values.items() if at not in given}
    new = with_values([one.name for one in named], told, unsure_of(named))
    return [
        replace(one, name=name, true_of=one.true_of if name == one.name else None)
        for name, one in zip(new, named, strict=True)
    ]


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
