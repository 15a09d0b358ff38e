"""Clusters of another cut, called by the names that are there: true ones, all different, and said to be whose."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.description import carried
from explorer.types import NOISE

CLUSTERS = np.repeat(np.array([0, 1, 2, 3, NOISE], np.int32), [40, 30, 20, 20, 30])
NAMES = ["cards", "rain", "soup", "trains"]
BROAD = np.where(CLUSTERS < 0, NOISE, np.where(CLUSTERS < 2, 0, 1)).astype(np.int32)


def test_the_same_rows_keep_their_name_and_a_few_more_do_not_change_that() -> None:
    assert carried(CLUSTERS, (CLUSTERS, NAMES)) == [(name, True) for name in NAMES]
    more = CLUSTERS.copy()
    more[-30:-26] = 2
    assert carried(more, (CLUSTERS, NAMES))[2] == ("soup", True)
    more[-30:-16] = 2
    assert carried(more, (CLUSTERS, NAMES))[2] == ("soup and around", False)


def test_joined_clusters_have_the_name_of_that_group_or_say_what_they_join() -> None:
    joined = np.where(CLUSTERS == 3, 2, CLUSTERS).astype(np.int32)
    assert carried(joined, (CLUSTERS, NAMES)) == [("cards", True), ("rain", True), ("soup + 1 more", False)]
    known = carried(joined, (CLUSTERS, NAMES), [(BROAD, ["city", "evenings"])])
    assert known == [("cards", True), ("rain", True), ("evenings", True)]


def test_parts_say_of_what_and_are_told_apart_and_what_was_in_no_cluster_has_no_name() -> None:
    torn = CLUSTERS.copy()
    torn[:13], torn[13:26], torn[-30:] = 4, 5, 6
    found = carried(torn, (CLUSTERS, NAMES))
    assert found[4:] == [("part of cards (2)", False), ("part of cards (3)", False), ("a new group", False)]
    assert found[0] == ("part of cards", False)


@pytest.mark.parametrize("seed", range(6))
def test_of_any_two_labellings_names_are_all_different_and_own_ones_are_of_the_rows_that_have_them(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = np.where(rng.random(len(CLUSTERS)) < 0.8, CLUSTERS, rng.integers(-1, 9, len(CLUSTERS))).astype(np.int32)
    names = carried(labels, (CLUSTERS, NAMES), [(BROAD, ["city", "soup"])])
    assert len({name.casefold() for name, _ in names}) == len(names) == labels.max() + 1
    for at, (name, own) in enumerate(names):
        if own:
            groups = [(CLUSTERS, NAMES), (BROAD, ["city", "soup"])]
            alike = [
                np.mean((labels == at)[either] & (known == of)[either])
                for known, called in groups
                for of, one in enumerate(called)
                if one == name
                for either in [(labels == at) | (known == of)]
            ]
            assert max(alike) >= 0.8


def test_nothing_to_name() -> None:
    none = np.full(5, NOISE, np.int32)
    assert carried(none, (CLUSTERS[:5], NAMES)) == []
    assert carried(np.zeros(5, np.int32), (none, [])) == [("a new group", False)]
