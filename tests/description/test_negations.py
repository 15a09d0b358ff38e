"""What stands under a negation names nothing without it."""

import numpy as np
import pytest

from explorer.description.excerpts import nothing_said
from explorer.description.terms import count_terms
from tests.description.test_summaries import _described


def names(texts: list[str]) -> set[str]:
    """Return the terms that may be names."""
    counts = count_terms(texts * 3)
    return {" ".join(term) for term, whole in zip(counts.terms, counts.whole, strict=True) if whole}


@pytest.mark.parametrize(
    ("texts", "never", "kept"),
    [
        (
            ["These headphones really connects to nothing.", "My headphones connects to nothing – three stars.",
             "It connects to nothing!", "honestly connects to nothing"],
            {"connects", "headphones connects"},
            {"connects to nothing", "headphones"},
        ),
        (
            ["This tent survived a storm without a drop inside!", "survived a storm without a drop inside",
             "The tent survived a storm without a drop inside."],
            {"drop", "drop inside"},
            {"storm"},
        ),
        (
            ["No warm water in the kitchen", "no warm water upstairs", "There is no warm water again"],
            {"warm", "water", "warm water"},
            {"no warm water"},
        ),
        (
            ["Hier funktioniert nichts", "Es funktioniert nichts", "im Lift funktioniert nichts"],
            {"funktioniert"},
            {"funktioniert nichts"},
        ),
        (
            ["Ici rien ne marche, sans ascenseur", "sans ascenseur depuis lundi", "On reste sans ascenseur"],
            {"ascenseur"},
            set(),
        ),
    ],
)  # fmt: skip
def test_what_mostly_stands_under_a_negation_names_nothing_without_it(texts, never, kept) -> None:
    found = names(texts)
    assert not never & found
    assert kept <= found


def test_what_is_said_with_and_without_a_negation_may_be_a_name() -> None:
    texts = [
        "The lift works again",
        "The lift is loud",
        "The lift stinks",
        "There is no lift",
        "A new lift would be good",
    ]
    assert "lift" in names(texts)
    others = ["It was not the nurses", "not the nurses again", "never the nurses"]
    assert "nurses" in names(["the nurses were kind", "thank the nurses", "kind nurses", "nurses help", *others])


def test_texts_that_say_nothing_are_called_so_whatever_they_add() -> None:
    added = [
        "",
        " Danke!",
        " Wirklich.",
        " Das sage ich seit Jahren.",
        " Bitte bald ändern.",
        "",
        " Sonst alles gut.",
        ".",
    ]
    texts = [f"Nichts{more}" for more in added] * 2
    others = [f"Mehr {what}{more}" for what in ("Hörbücher", "Comics") for more in added]
    labels = [0] * len(texts) + [1] * len(others)
    nothing, books = _described([*texts, *others], [0.0] * len(texts) + [90.0] * len(others), labels)
    assert nothing.name == "Nichts"
    assert "Hörbücher" in books.name
    assert nothing_said(["Nothing works", "Nothing helps"] * 8, np.arange(16)) == "", "these say something"
    assert nothing_said(["Nothing", "Nothing!"] * 3 + ["The lift"] * 4, np.arange(10)) == ""


def test_an_article_is_no_end_of_what_is_negated() -> None:
    assert "hitch" not in names(["It went without a hitch", "all without a hitch today", "Sold without a hitch"])
