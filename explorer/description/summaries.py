"""Says what each cluster is: its name and keywords, its central and its odd rows, its neighbours and metadata.

It computes no vectors and no clusters; words for pictures come from a vocabulary that the caller has encoded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from explorer.description.carrying import Named, kept_names
from explorer.description.columnnames import with_values
from explorer.description.enrich import NO_READINGS, enrich
from explorer.description.groupwords import index_of, keywords_by_group, rows_by_group
from explorer.description.joinednames import Joins
from explorer.description.keywords import KeywordIndex, Keywords
from explorer.description.levels import values_of
from explorer.description.naming import Namer, told_beside, unsure_of
from explorer.description.nearness import Nearness
from explorer.description.onewords import are_words, central_keywords
from explorer.description.opposites import Opposites
from explorer.description.titles import Meaning
from explorer.description.typical import Typical
from explorer.description.vocabulary import Vocabulary
from explorer.kinds import kind_of
from explorer.types import (
    BoolArray,
    Clustering,
    ClusterSummary,
    Embeddings,
    FloatArray,
    IntArray,
    Item,
    Progress,
    Report,
    silent,
)

if TYPE_CHECKING:
    import pandas as pd

EXEMPLARS = 5
ODD = 3
NEAREST = 3
_SAME = 0.98
"""Two rows of a cluster with at least this cosine are not both shown."""
_FARTHER = 0.01
"""A row that resembles one shown still counts as odd when its cosine to the centre is so much below the median."""
_LOOKED_AT = 200
"""Rows from either end of a cluster among which those worth reading are chosen."""


def describe(
    items: Sequence[Item],
    table: pd.DataFrame,
    embeddings: Embeddings,
    clustering: Clustering,
    *,
    vocabulary: Vocabulary | None = None,
    index: KeywordIndex | None = None,
    phrases: Vocabulary | None = None,
    order: NDArray[np.int64] | None = None,
    meaning: Meaning | None = None,
    named: Mapping[str, Sequence[Any]] | None = None,
    known: Sequence[Named] = (),
    readings: Mapping[str, str] = NO_READINGS,
    progress: Report = silent,
) -> tuple[ClusterSummary, ...]:
    """Return one summary for each label 0…c-1; noise has none.

    Keyword scores run from 1 (the best of the cluster) down to 0.  Texts give c-TF-IDF keywords; pictures give the
    words of *vocabulary* that lie in the direction in which their mean differs from that of all pictures.  *index* has
    the words of *items*, if somebody has counted them, *phrases* their vectors and *order* all rows in an order that
    does not depend on how they came, *meaning* encodes names; see `Namer`.  Clusters that are *named* already keep
    their "names" and "near_name"; one with the same rows as a *known* group, as another cut may have, keeps its name
    (`kept_names`), and the others are named beside it.  *readings* are how somebody set that columns are read.
    Cost: O(n·d) and one pass over the texts.
    """
    if (count := clustering.count) == 0:
        return ()
    progress(Progress("describe", 0, count))
    groups, index = rows_by_group(clustering.labels, count, order=order), index or index_of(items)
    nearness = Nearness.of(embeddings)
    centres = np.stack([nearness.centre(rows) for rows in groups])
    keywords = _keywords(items, embeddings, clustering.labels, groups, vocabulary, index)
    facts = enrich(table, clustering.labels, count=count, readings=readings)
    typical = Typical(Opposites(items, np.arange(len(items)) if order is None else order), index)
    if named is None:
        beside = (*told_beside(items, table), typical.opposites)
        namer = Namer(items, embeddings, vocabulary, index, phrases, order, meaning, *beside)
        named = _names(namer, table, clustering, keywords, known, readings)
    summaries = []
    for label, rows in enumerate(groups):
        closeness = nearness.to(centres[label], rows)
        stands = partial(typical.of, named["names"][label])
        exemplars, odd = _worth_reading(items, rows, clustering.strength, closeness, embeddings.vectors, stands)
        summary = ClusterSummary(
            label=label,
            name=named["names"][label],
            size=len(rows),
            share=len(rows) / len(items),
            cohesion=float(np.clip(closeness.mean(), -1, 1)),
            keywords=tuple(keywords[label]),
            exemplars=exemplars,
            odd=odd,
            nearest=_nearest(label, nearness.between(centres[label], centres)),
            enrichment=facts[label],
            near_name=tuple(named["near_name"][label]) if "near_name" in named else (),
        )
        summaries.append(summary)
        progress(Progress("describe", label + 1, count))
    return tuple(summaries)


def _keywords(
    items: Sequence[Item],
    embeddings: Embeddings,
    labels: IntArray,
    groups: Sequence[NDArray[np.int64]],
    vocabulary: Vocabulary | None,
    index: KeywordIndex | None,
) -> Sequence[Keywords]:
    """Return the keywords of each group; of single words, the most central ones."""
    central = central_keywords(items, groups, embeddings.vectors) if are_words(items) else None
    return central or keywords_by_group(items, embeddings, labels, vocabulary=vocabulary, index=index)


def _names(
    namer: Namer,
    table: pd.DataFrame,
    clustering: Clustering,
    keywords: Sequence[Keywords],
    known: Sequence[Named],
    readings: Mapping[str, str],
) -> dict[str, Sequence[Any]]:
    """Return the "names" of clusters and "near_name" of each; what has the rows of a *known* group keeps its name."""
    kept = kept_names(clustering.labels, known)
    found = namer.names(clustering.labels, keywords, joins=Joins.among(clustering.labels, known), given=kept)
    said = values_of(table, clustering.labels, found, namer, readings)
    said = {label: word for label, word in said.items() if label not in kept}
    names = with_values([one.name for one in found], said, unsure_of(found))
    return {"names": names, "near_name": [one.near for one in found]}


def _nearest(label: int, similarity: FloatArray) -> tuple[tuple[int, float], ...]:
    """Return up to three other labels with the similarity (c,) of their centres, the nearest first."""
    order = np.argsort(-similarity, kind="stable")[: NEAREST + 1]
    return tuple((int(i), float(np.clip(similarity[i], -1, 1))) for i in order if i != label)[:NEAREST]


def _worth_reading(
    items: Sequence[Item],
    rows: NDArray[np.int64],
    strength: FloatArray,
    closeness: FloatArray,
    vectors: FloatArray,
    stands: Callable[[NDArray[np.int64]], BoolArray],
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return five central rows and three odd ones, apart from each other as far as the cluster allows.

    What rows say stands once in either, and never in both: of rows that say the same the first one is shown.  Which
    of some rows may *stand* for the cluster beside its name, `Typical` tells.
    """
    inward = rows[np.lexsort((rows, -strength[rows], -closeness))]
    near = inward[:_LOOKED_AT]
    central = _unlike(items, near[stands(near)])
    exemplars = _apart(central, EXEMPLARS, vectors, avoid=())
    exemplars += [row for row in central if row not in exemplars][: EXEMPLARS - len(exemplars)]
    shown = {said for row in exemplars if (said := _said(items[row]))}
    outward = [row for row in inward[::-1][: min(_LOOKED_AT, len(rows) // 2)].tolist() if row not in exemplars]
    rim = [row for row in _unlike(items, outward) if _said(items[row]) not in shown]
    odd = _apart(rim, ODD, vectors, avoid=exemplars)
    far = set(rows[closeness < np.median(closeness) - _FARTHER].tolist())
    odd += [row for row in rim if row in far and row not in odd][: ODD - len(odd)]
    return tuple(exemplars), tuple(odd)


def _unlike(items: Sequence[Item], rows: Sequence[int] | NDArray[np.int64]) -> list[int]:
    """Return the rows, in their order, without those that say what one before them says."""
    first = dict[str, int]()
    for row in map(int, rows):
        first.setdefault(_said(items[row]) or f"\0{row}", row)
    return list(first.values())


def _said(item: Item) -> str:
    """Return what an item says, however it is spaced and whatever its case; "" where it has no words."""
    return " ".join((kind_of(item).text(item) or "").casefold().split())


def _apart(rows: Sequence[int], most: int, vectors: FloatArray, *, avoid: Sequence[int]) -> list[int]:
    """Return the first rows that are no near-copies of each other or of those to *avoid*."""
    chosen: list[int] = []
    for row in rows:
        others = [*chosen, *avoid]
        if not others or float((vectors[others] @ vectors[row]).max()) < _SAME:
            chosen.append(row)
        if len(chosen) == most:
            break
    return chosen
