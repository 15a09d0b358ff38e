"""Groups that join clusters are named by what most of them say, or else by two of their clusters."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pandas as pd

from explorer.description.differing import all_different
from explorer.description.groupwords import index_of
from explorer.description.joinednames import Joins
from explorer.description.judging import Held
from explorer.description.levels import name_groups
from explorer.description.summaries import describe
from explorer.description.terms import count_terms
from explorer.description.titles import Group, Phrase, titles, written
from explorer.description.vocabulary import Vocabulary
from explorer.types import Clustering, ClusterSummary, Embeddings, IntArray, NamedGroup
from tests.description.spelling import SpellingEncoder

PARTS = {
    "bus": ["the bus came late", "driver of our bus shouted", "no room on the bus", "bus full again", "missed my bus"],
    "pool": ["the pool was cold", "pool closed for repairs", "lockers at the pool", "showers of the pool", "pool fee"],
    "tax": ["council tax went up", "the council tax is too high", "paid my council tax twice", "council tax"],
    "refund": ["council tax refund is missing", "no refund of my council tax", "council tax refund came late"],
}
TEXTS = [(texts * 5)[at] for texts in PARTS.values() for at in range(15)]
LABELS = np.repeat(np.arange(4), 15).astype(np.int32)
LEVEL = np.where(LABELS < 2, 0, 1).astype(np.int32)


def _named(level: IntArray) -> tuple[tuple[ClusterSummary, ...], tuple[NamedGroup, ...], dict[str, object]]:
    encoder, n = SpellingEncoder(), len(TEXTS)
    embeddings = Embeddings("e", encoder.encode(TEXTS), np.ones(n, np.bool_), "e", np.zeros(n, np.bool_))
    made = Clustering(LABELS, np.ones(n, np.float32), "hdbscan", levels=level[None])
    index = index_of(TEXTS)
    assert index is not None
    words = tuple(" ".join(term) for term in index.frequent(1_000))
    known = {"index": index, "phrases": Vocabulary(words, encoder.encode(words))}
    found = describe(TEXTS, pd.DataFrame(index=range(n)), embeddings, made, **known)  # type: ignore[arg-type]
    (named,) = name_groups(TEXTS, embeddings, made, found, **known)  # type: ignore[arg-type]
    return found, named, {**known, "embeddings": embeddings, "made": made}


def test_two_unrelated_clusters_are_called_by_both_and_related_ones_by_what_they_share() -> None:
    found, (unrelated, related), _ = _named(LEVEL)
    own = [summary.name.split(", ")[0] for summary in found]
    assert unrelated.name in (f"{own[0]} and {own[1]}", f"{own[1]} and {own[0]}")
    assert unrelated.true_of == 1
    assert "council tax" in related.name
    assert " and " not in related.name


def test_a_cut_into_fewer_groups_calls_them_by_the_clusters_that_it_joins() -> None:
    found, _, known = _named(LEVEL)
    embeddings, made = known.pop("embeddings"), known.pop("made")
    assert isinstance(embeddings, Embeddings)
    assert isinstance(made, Clustering)
    fewer = dataclasses.replace(made, labels=LEVEL, levels=None)
    names = [(LABELS, [summary.name for summary in found])]
    table = pd.DataFrame(index=range(len(TEXTS)))
    again = describe(TEXTS, table, embeddings, fewer, known=names, **known)  # type: ignore[arg-type]
    assert " and " in again[0].name
    assert "council tax" in again[1].name
    cut = Joins.among(np.where(np.arange(60) < 8, 0, LEVEL + 1).astype(np.int32), names)
    assert cut is None  # half a cluster is in another group: nothing is joined whole


def test_a_detail_of_few_rows_is_left_out_of_a_broad_name() -> None:
    assert Held(say=0.9, usual=0.1, near=0.2).names
    assert Held(say=0.3, usual=0.0, near=0.8).names
    assert not Held(say=0.1, usual=0.0, near=0.8).names  # near, but hardly anybody says it
    assert not Held(say=0.9, usual=0.6, near=0.5).names  # all say it, wherever one looks
    assert not Held(say=0.26, usual=0.0, near=0.26).adds
    assert Held(say=0.5, usual=0.0, near=0.3).adds


def test_the_clusters_that_stand_for_a_group_share_no_word_where_others_do_not() -> None:
    labels = np.repeat(np.arange(4), [9, 8, 4, 2]).astype(np.int32)
    joins = Joins(labels, ["no ads, simple", "no ads, cheap", "sync is slow", ""], {0: [0, 1, 2, 3]})
    best, *others = joins.pairs(0, {0: 9, 1: 8, 2: 4, 3: 2})
    assert best.text == "no ads and sync is slow + 1 more"
    assert best.share == round(13 / 23, 3)
    assert others[-1].names == ("no ads, simple", "no ads, cheap")
    assert Joins(labels, ["one", "", "", ""], {0: [0, 1]}).pairs(0, {0: 9, 1: 8}) == []


def test_names_with_the_same_words_in_another_order_are_not_different() -> None:
    axes = np.eye(3, dtype=np.float32)
    joined, channel = Phrase(("joined", "the", "channel"), 1.0, axes[0]), Phrase(("channel",), 1.0, axes[0])
    swapped = [channel, Phrase(("joined",), 1.0, axes[0]), Phrase(("left",), 0.1, axes[1])]
    groups = [Group([joined], axes[:1], axes[:1]), Group(swapped, axes[1:2], axes[1:2])]
    first, second = map(written, titles(groups))
    assert first == "joined the channel"
    assert set(re.findall(r"\w+", second)) - {"the"} != {"joined", "channel"}
    names = all_different(
        ["joined the channel", "channel, joined", ""], lambda at: [("left", 1.0)], first=[], example=lambda at: ""
    )
    assert names == ["joined the channel", "left", "cluster 3"]


def test_a_phrase_says_nothing_twice() -> None:
    terms = {" ".join(term) for term in count_terms(["white text on white button", "the lamp in the hall"] * 4).terms}
    assert "text on white button" in terms
    assert "lamp in the hall" in terms
    assert not any(term.split().count("white") > 1 for term in terms)
