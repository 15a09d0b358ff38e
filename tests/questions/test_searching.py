"""Searches: exact phrases, and hits that are no nearer than chance."""

import dataclasses

import numpy as np
import pytest

from explorer.errors import BadSetting
from explorer.kinds import ImageRef
from explorer.questions import answers, chance_of, measured_with, phrases_of, search
from explorer.types import Clustering, Dataset, Embeddings, Run
from explorer.ui.panels.search import cards
from explorer.ui.stores import Place
from tests.report.small import small_run


def run_of(items, vectors) -> Run:
    import pandas as pd

    run = small_run()
    n = len(items)
    dataset = Dataset("k", "n.csv", list(items), pd.DataFrame(index=pd.RangeIndex(n)), ())
    ok = np.isfinite(vectors).all(axis=1)
    known = np.where(ok[:, None], vectors, 0).astype(np.float32)
    embedded = Embeddings("e", known, ok, "minilm", np.zeros(n, np.bool_))
    clustering = Clustering(np.zeros(n, np.int32), np.ones(n, np.float32), "hdbscan")
    return dataclasses.replace(run, dataset=dataset, embeddings=embedded, clustering=clustering)


def units(n: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(n, 8))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


PICTURE = ImageRef("/x/lost card.png", "1")
ITEMS = ["My Card is lost", "the card", "a lost dog", "lost CARD again", PICTURE, "nothing", "\ud800 lost card"]


def rows(query: str, k: int = 10) -> list[int]:
    vectors = units(len(ITEMS))
    run = run_of(ITEMS, vectors)
    asked = []
    found = search(run, query, k=k, encode=lambda _name, item: asked.append(item) or vectors[0].astype(np.float32))
    assert not phrases_of(query) or '"' not in asked[0]
    return [row for row, _ in found.pairs()]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"lost card"', {3, 4, 6}),
        ("something “card” “lost”", {0, 3, 4, 6}),
        ("«LOST» pets", {0, 2, 3, 4, 6}),
        ('"no such words"', set()),
        ("no quotes", set(range(7))),
        ('an inch is 1"', set(range(7))),
        ('""', None),
    ],
)
def test_what_is_quoted_has_to_be_there_word_for_word(query, expected) -> None:
    if expected is None:
        assert phrases_of(query) == ()
        return
    assert set(rows(query)) == expected


def test_hits_of_exact_words_are_ranked_by_meaning_and_few_are_asked_for() -> None:
    assert rows('"lost"', k=1) == [0]
    with pytest.raises(BadSetting, match="empty"):
        rows("  ")


def test_hits_below_chance_are_weak_and_a_picture_is_not_measured_by_texts() -> None:
    vectors = units(200)
    run = run_of([f"text {row}" for row in range(200)], vectors)
    chance = chance_of(run, "a query")
    pairs = (vectors @ vectors.T)[np.triu_indices(200, 1)]
    assert chance == pytest.approx(np.quantile(pairs, 0.9), abs=1e-6)
    assert chance_of(run, ImageRef("a.png", "0")) is None
    assert chance_of(run_of(["few"] * 20, units(20)), "a query") is None
    found = search(run, "x", k=200, encode=lambda *_: vectors[3].astype(np.float32))
    told = answers.hits(run, "x", found, chance=chance)
    assert [hit["weak"] for hit in told["hits"]] == [hit["score"] < chance for hit in told["hits"]]
    assert {hit["weak"] for hit in told["hits"]} == {True, False}
    assert not any(hit["weak"] for hit in answers.hits(run, "x", found)["hits"])


def test_words_for_pictures_are_measured_by_words_of_many_things() -> None:
    vectors = units(200)
    pictures = run_of([ImageRef(f"{row}.png", f"{row:064x}") for row in range(200)], vectors)
    assert measured_with(pictures, ImageRef("a.png", "0")) == measured_with(run_of(["a"] * 20, units(20)), "x") == ()
    words = units(len(measured_with(pictures, "a query")))
    assert len(words) >= 10
    assert chance_of(pictures, "a query") is None
    expected = np.quantile(words @ vectors.T, 0.95)
    assert chance_of(pictures, "a query", words) == pytest.approx(expected, abs=1e-6)


def test_the_page_says_where_weak_hits_begin_and_when_nothing_is_close() -> None:
    hit = {"row": 1, "text": "a", "cluster": 0, "cluster_name": "c", "score": 0.9, "weak": False}
    weak = {**hit, "row": 2, "score": 0.1, "weak": True}
    both = str(cards({"query": "dogs", "hits": [hit, weak]}, Place()))
    assert both.index("0.9") < both.index("No nearer to “dogs”") < both.index("0.1")
    assert "Nothing here is close to “dogs”" in str(cards({"query": "dogs", "hits": [weak]}, Place()))
    assert "close" not in str(cards({"query": "dogs", "hits": [hit]}, Place()))
    assert "No row has all" in str(cards({"query": '"dogs"', "hits": []}, Place()))
