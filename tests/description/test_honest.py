"""Pictures have no name that is unlikely of them; groups with the same words are told apart before a number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from explorer.description.differing import all_different
from explorer.description.keywords import KeywordIndex
from explorer.description.summaries import describe
from explorer.description.vocabulary import Vocabulary, are_likely, likely_word
from explorer.description.wording import Wording
from explorer.kinds import ImageRef
from explorer.types import Clustering, Embeddings, FloatArray, Item

CLASSES = tuple(f"beast {at}" for at in range(20)) + tuple(f"thing {at}" for at in range(20)) + ("lemon", "orange")
GENERAL = {one: (one,) for one in CLASSES} | {"animal": CLASSES[:20], "citrus fruit": ("lemon", "orange")}


def _vocabulary() -> Vocabulary:
    """Return classes at right angles, and words for the kinds of them."""
    axes = np.eye(len(CLASSES), dtype=np.float32)
    kinds = [axes[:20].sum(axis=0) / 20**0.5, axes[-2:].sum(axis=0) / 2**0.5]
    return Vocabulary((*CLASSES, "animal", "citrus fruit"), np.concatenate([axes, np.stack(kinds)]), GENERAL)


def _seen(rng: np.random.Generator, sure: list[int], *, doubt: float) -> FloatArray:
    """Return a picture of one of these classes; with *doubt* the encoder sees so much of half of all classes in it."""
    vector = np.zeros(len(CLASSES), np.float32)
    vector[rng.choice(sure)] = 1 - doubt
    vector[rng.choice(len(CLASSES), len(CLASSES) // 2, replace=False)] += doubt * rng.uniform(0.97, 1.0)
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize("seed", range(12))
def test_pictures_of_no_known_class_are_called_by_one_of_them_and_others_by_what_they_are(seed: int) -> None:
    rng = np.random.default_rng(seed)
    kinds = (([3], 0.05), ([40, 41], 0.05), (list(range(len(CLASSES))), 1.0), ([25], 0.1))
    vectors = np.stack([_seen(rng, sure, doubt=doubt) for sure, doubt in kinds for _ in range(12)])
    items: list[Item] = [ImageRef(f"phone/IMG_{at}.jpg", str(at)) for at in range(len(vectors))]
    n, labels = len(items), np.repeat(np.arange(4), 12).astype(np.int32)
    embeddings = Embeddings("e", vectors, np.ones(n, np.bool_), "fake", np.zeros(n, np.bool_))
    clustering = Clustering(labels, np.ones(n, np.float32), "hdbscan")
    made = describe(items, pd.DataFrame(index=range(n)), embeddings, clustering, vocabulary=_vocabulary())
    names = [one.name for one in made]
    assert names[0] == "beast 3"
    assert set(names[1].split(", ")) <= {"lemon", "orange", "citrus fruit"}
    assert names[2] in {f"pictures like IMG_{at}.jpg" for at in range(24, 36)}
    assert names[3].split(", ")[0] == "thing 5"


def test_two_groups_of_pictures_with_one_true_word_are_told_apart_by_their_middles() -> None:
    rng = np.random.default_rng(0)
    vectors = np.stack([_seen(rng, list(range(20)), doubt=0.05) for _ in range(24)])
    items: list[Item] = [ImageRef(f"IMG_{at}.jpg", str(at)) for at in range(24)]
    embeddings = Embeddings("e", vectors, np.ones(24, np.bool_), "fake", np.zeros(24, np.bool_))
    clustering = Clustering(np.repeat([0, 1], 12).astype(np.int32), np.ones(24, np.float32), "hdbscan")
    table = pd.DataFrame({"width": [32] * 24, "height": [32] * 24})
    names = [one.name for one in describe(items, table, embeddings, clustering, vocabulary=_vocabulary())]
    assert names[0] == "animal"
    assert names[1] in {f"animal like IMG_{at}.jpg" for at in range(12, 24)}


def test_a_word_that_holds_many_classes_needs_more_than_an_unsure_guess() -> None:
    vocabulary, axes = _vocabulary(), np.eye(len(CLASSES), dtype=np.float32)
    unsure = np.stack([axes[4:28].sum(axis=0) + 0.02 * axes[at] for at in range(5)])
    unsure /= np.linalg.norm(unsure, axis=1, keepdims=True)
    assert not are_likely(unsure, ["animal"], vocabulary), "two in three are animals of what may be anything"
    assert likely_word(unsure, vocabulary) is None
    assert are_likely(axes[:5], ["animal"], vocabulary)
    assert not are_likely(axes[:5], ["thing 1"], vocabulary)
    assert not are_likely(axes[:5], ["no such word"], vocabulary)
    fruit = np.concatenate([axes[-2:]] * 3)
    assert vocabulary.words[likely_word(fruit, vocabulary) or 0] == "citrus fruit"


@pytest.mark.parametrize("seed", range(12))
def test_groups_with_the_same_words_are_told_apart_by_what_one_says_and_the_other_does_not(seed: int) -> None:
    rng = np.random.default_rng(seed)
    words = list(rng.permutation(["Spain", "Norway", "Peru", "Ghana"]))
    said = [word if rng.random() > 0.1 else rng.choice(words) for word in words for _ in range(12)]
    texts = [f"looked at red shoes from {word}" for word in said]
    rows = [np.arange(12 * at, 12 * at + 12) for at in range(4)]
    wording = Wording(texts, KeywordIndex(texts), np.arange(len(texts)))
    names = all_different(
        ["red shoes"] * 4,
        lambda at: [],
        first=[],
        example=lambda at: "",
        apart=lambda at, same: wording.apart(rows[at], np.concatenate([rows[one] for one in same])),
    )
    assert names == ["red shoes", *(f"red shoes, {word}" for word in words[1:])]


def test_whole_texts_stay_where_they_differ_at_all_and_numbers_come_last() -> None:
    same = ["looked at red shoes", "looked at red shoes again", "looked at red shoes"]
    names = all_different(same, lambda at: [], first=[0, 1, 2], example=lambda at: "")
    assert names == ["looked at red shoes", "looked at red shoes again", "looked at red shoes (2)"]
    texts = ["looked at red shoes"] * 20
    assert Wording(texts, KeywordIndex(texts), np.arange(20)).apart(np.arange(10), np.arange(10, 20)) == []
    assert Wording(texts, None, np.arange(20)).apart(np.arange(10), np.arange(10, 20)) == []
