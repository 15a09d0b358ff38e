"""Groups of single words are named by their central words: none is said twice."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explorer.description import KeywordIndex, describe, name_groups
from explorer.description.onewords import are_words, central_words
from explorer.types import Clustering, Embeddings

ANIMALS = ["Dog", "cat", "horse", "cow", "sheep", "goat", "1,234"]
TOOLS = ["saw", "hammer", "New_York", "axe", "chisel", "file", "drill"]


def of_two() -> tuple[Embeddings, Clustering]:
    rng = np.random.default_rng(0)
    base = np.eye(8, dtype=np.float32)[[0] * 7 + [1] * 7]
    far = np.array([0, 1, 2, 3, 4, 5, 0, 0, 1, 2, 3, 4, 5, 6], np.float32)[:, None]
    vectors = base + 0.12 * far * rng.normal(size=(14, 8)).astype(np.float32)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    ok = np.ones(14, np.bool_)
    labels = np.array([0] * 7 + [1] * 7, np.int32)
    return Embeddings("e", vectors, ok, "given", ~ok), Clustering(labels, np.ones(14, np.float32), "density")


def test_a_group_of_words_is_called_by_words_of_its_middle_as_they_are_written() -> None:
    embeddings, clustering = of_two()
    told = describe([*ANIMALS, *TOOLS], pd.DataFrame(index=range(14)), embeddings, clustering)
    for summary, words in zip(told, (ANIMALS, TOOLS), strict=True):
        named = summary.name.split(", ")
        assert set(named) <= set(words)
        assert "1,234" not in named
        keywords = [word for word, _ in summary.keywords]
        assert set(keywords) <= set(words)
        assert keywords[0] == words[0]
        assert summary.keywords[0][1] == 1


def test_candidates_come_from_each_piece_and_numbers_only_where_nothing_else_is() -> None:
    embeddings, _ = of_two()
    pieces = [np.arange(7), np.arange(7, 14)]
    found = [phrase.words[0] for phrase in central_words([*ANIMALS, *TOOLS], pieces, embeddings.vectors, 4)]
    assert len(set(found) & set(ANIMALS)) == len(set(found) & set(TOOLS)) == 2
    numbers = [str(number) for number in range(14)]
    assert central_words(numbers, pieces[:1], embeddings.vectors, 4)[0].words == ("0",)


def test_a_group_of_vectors_without_words_is_said_to_be_like_one_and_not_called_by_its_number() -> None:
    embeddings, clustering = of_two()
    for first, said in ((1, "like row "), (0, "like row "), (7_000, "like ")):
        numbers = [str(first + row) for row in range(14)]
        told = describe(numbers, pd.DataFrame(index=range(14)), embeddings, clustering)
        for at, summary in enumerate(told):
            assert summary.name.startswith(said)
            assert summary.name.removeprefix(said) in numbers[7 * at : 7 * at + 7]


def test_words_are_told_from_sentences_and_from_answers_that_come_again() -> None:
    many = [f"w{at}" for at in range(50)]
    assert are_words(many)
    assert are_words(["猫", "犬", "自転車", "飛行機", *many])
    assert not are_words(["yes", "no"] * 30)
    assert not are_words([f"{word} is here" for word in many])
    assert not are_words(many[:5])
    assert not are_words([f"これは長い文です{at}" for at in range(50)])


def test_a_broad_group_of_words_that_no_text_holds_alone_has_a_name() -> None:
    embeddings, clustering = of_two()
    items = [f"g0n{at}" for at in range(7)] + TOOLS
    table = pd.DataFrame(index=range(14))
    levels = np.stack([np.zeros(14, np.int32), clustering.labels])
    clustering = Clustering(clustering.labels, clustering.strength, "density", levels=levels)
    index = KeywordIndex(items)
    told = describe(items, table, embeddings, clustering, index=index)
    broad, _ = name_groups(items, embeddings, clustering, told, index=index)
    assert broad[0].name
