"""Typical texts of a cluster: those that say its name, none that says the opposite; names that repeat nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from explorer.description.excerpts import often_said
from explorer.description.keywords import KeywordIndex
from explorer.description.opposites import Opposites
from explorer.description.summaries import describe
from explorer.description.typical import Typical
from explorer.types import Clustering, Embeddings
from tests.description.spelling import SpellingEncoder

DENIED = {
    "A cheap kettle": ("A cheap kettle, a real bargain", "The kettle is very expensive"),
    "freundliche Kellner": ("Sehr freundliche Kellner hier", "Die Kellner sind unfreundlich"),
    "hôtel bon marché": ("un hôtel bon marché et calme", "cet hôtel est cher et bruyant"),
    "camarero amable": ("un camarero muy amable", "el camarero fue antipático"),
}


@pytest.mark.parametrize("name", DENIED)
def test_what_denies_a_name_is_not_typical_of_it(name: str) -> None:
    so, not_so = DENIED[name]
    texts = [so, not_so] * 6
    typical = Typical(Opposites(texts, np.arange(12)), KeywordIndex(texts))
    assert typical.of(name, np.arange(12)).tolist() == [True, False] * 6
    assert typical.of(name, np.arange(1, 12, 2)).all(), "where nothing else is there, something is shown"


def test_what_does_not_say_a_name_that_most_say_is_not_typical_of_it() -> None:
    texts = ["The backpack broke"] * 4 + ["No answer to my backpack question"] * 3
    typical = Typical(Opposites(texts, np.arange(7)), KeywordIndex(texts))
    assert typical.of("backpack broke", np.arange(7)).tolist() == [True] * 4 + [False] * 3
    assert typical.of("backpack", np.arange(7)).all()
    assert typical.of("umbrella", np.arange(7)).all(), "nobody says it"
    assert Typical(Opposites(texts, np.arange(7)), None).of("backpack broke", np.arange(7)).all()


def test_examples_of_a_cheap_cluster_are_cheap() -> None:
    texts = ["A cheap kettle, a real bargain"] * 9 + ["The kettle is very expensive"] * 3
    texts += ["lovely colour of the lamp"] * 12
    embeddings = Embeddings("e", SpellingEncoder().encode(texts), np.ones(24, np.bool_), "e", np.zeros(24, np.bool_))
    clustering = Clustering(np.repeat([0, 1], 12).astype(np.int32), np.ones(24, np.float32), "hdbscan")
    first = describe(texts, pd.DataFrame(index=range(24)), embeddings, clustering)[0]
    assert "cheap" in first.name
    assert {texts[row] for row in first.exemplars} == {"A cheap kettle, a real bargain"}
    assert {texts[row] for row in first.odd} <= {"The kettle is very expensive"}


def test_texts_of_which_one_goes_on_from_the_other_are_a_name_once() -> None:
    rows = np.arange(6)
    assert often_said(["😂"] * 4 + ["😂 and tell the others"] * 2, rows) == "😂"
    assert often_said(["Ok"] * 2 + ["ok. And you?"] * 4, rows) == "Ok"
    assert often_said(["No", "no", "No"] + ["Nothing"] * 3, rows) == "No, Nothing"
    assert often_said(["so", "so", "so what"] + ["so what"] * 3, rows) == "so"
