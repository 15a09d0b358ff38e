import numpy as np
import pandas as pd
import pytest

from explorer.description.columnnames import lacking_of, said_by_columns, says_more, with_values
from explorer.description.pictured import too_small
from explorer.description.summaries import describe
from explorer.description.telling import Seen
from explorer.description.vocabulary import (
    Vocabulary,
    are_true,
    load_vocabulary,
    shares_of,
    true_of_most,
    words_for_most,
)
from explorer.kinds import ImageRef
from explorer.types import Clustering, ClusterSummary, Embeddings, Item, Progress
from tests.description.spelling import SpellingEncoder


def _at(degrees: list[float]) -> np.ndarray:
    angle = np.radians(np.array(degrees))
    return np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)


def _described(
    items: list[Item], degrees: list[float], labels: list[int], *, vocabulary: Vocabulary | None = None
) -> tuple[ClusterSummary, ...]:
    n = len(items)
    embeddings = Embeddings("e", _at(degrees), np.ones(n, np.bool_), "fake", np.zeros(n, np.bool_))
    clustering = Clustering(np.array(labels, np.int32), np.ones(n, np.float32), "hdbscan")
    return describe(items, pd.DataFrame(index=range(n)), embeddings, clustering, vocabulary=vocabulary)


def _pictures(n: int) -> list[Item]:
    return [ImageRef(f"{i}.png", str(i)) for i in range(n)]


def test_size_share_and_cohesion_are_those_of_the_members() -> None:
    (summary,) = _described(["a dog", "two dogs", "dog food", "the moon"], [-60, 0, 60, 180], [0, 0, 0, -1])
    assert (summary.label, summary.size, summary.share) == (0, 3, 0.75)
    assert summary.cohesion == pytest.approx((0.5 + 1 + 0.5) / 3, abs=1e-6)


def test_no_clusters_give_no_summaries() -> None:
    assert _described(["a", "b"], [0, 90], [-1, -1]) == ()


def test_exemplars_are_central_and_odd_rows_are_at_the_rim() -> None:
    degrees = [-50.0, -40, -30, -20, -10, 0, 10, 20, 30, 40, 60]
    (summary,) = _described([f"text {i}" for i in range(11)], degrees, [0] * 11)
    assert len(summary.exemplars) == 5
    assert len(summary.odd) == 3
    assert not set(summary.exemplars) & set(summary.odd)
    assert summary.exemplars == (5, 7, 3, 9, 1)
    assert summary.odd == (10, 0, 2)


def test_near_copies_are_not_shown_beside_each_other_when_there_are_others() -> None:
    degrees = [0.0, 0.1, 0.2, 0.3, 0.4, 15, -15, 30, -30, 45, -45]
    (summary,) = _described([f"text {i}" for i in range(11)], degrees, [0] * 11)
    assert sum(row < 5 for row in summary.exemplars) == 1


def test_near_copies_fill_up_the_exemplars_when_there_is_nothing_else_and_nothing_is_odd() -> None:
    (summary,) = _described([f"same {at}" for at in range(12)], [10.0] * 12, [0] * 12)
    assert len(set(summary.exemplars)) == 5
    assert summary.odd == ()
    assert summary.cohesion == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(12))
def test_what_rows_say_stands_once_among_the_typical_and_unusual_rows_of_a_cluster(seed: int) -> None:
    rng = np.random.default_rng(seed)
    said = rng.integers(0, rng.integers(2, 9), 40)
    texts = [rng.choice([f"text {at}", f"Text  {at} ", f"TEXT {at}"]) for at in said]
    # What is said twice may lie a little apart, as of texts with other capitals or in other batches.
    (summary,) = _described(texts, (said * 9 + rng.normal(0, 2, 40)).tolist(), [0] * 40)
    shown = [int(said[row]) for row in (*summary.exemplars, *summary.odd)]
    assert len(shown) == len(set(shown))
    assert len(summary.exemplars) == min(5, len(set(said.tolist())))


def test_pictures_say_nothing_and_are_shown_by_how_they_look() -> None:
    (summary,) = _described(_pictures(12), [10.0] * 12, [0] * 12)
    assert len(set(summary.exemplars)) == 5


def test_a_small_cluster_shows_what_it_has() -> None:
    (summary,) = _described(["a", "b"], [0, 20], [0, 0])
    assert set(summary.exemplars) == {0, 1}
    assert summary.odd == ()


def test_the_nearest_clusters_come_with_the_cosine_of_the_centres() -> None:
    items: list[Item] = [f"t{i}" for i in range(10)]
    summaries = _described(items, [0, 0, 60, 60, 90, 90, 180, 180, 270, 270], [0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
    nearest = summaries[0].nearest
    assert [label for label, _ in nearest] == [1, 2, 4] or [label for label, _ in nearest] == [1, 4, 2]
    assert nearest[0][1] == pytest.approx(0.5, abs=1e-6)


def test_the_names_of_clusters_are_all_different() -> None:
    items: list[Item] = ["card late", "late card", "card late", "late card", "moon rock", "rock moon"]
    names = [s.name for s in _described(items, [0, 0, 90, 90, 180, 180], [0, 0, 1, 1, 2, 2])]
    assert len({name.casefold() for name in names}) == 3


def test_pictures_without_a_vocabulary_are_named_by_number() -> None:
    summaries = _described(_pictures(4), [0, 0, 90, 90], [0, 0, 1, 1])
    assert [s.name for s in summaries] == ["cluster 1", "cluster 2"]
    assert summaries[0].keywords == ()


def test_pictures_get_the_words_that_set_them_apart_and_not_what_all_share() -> None:
    vocabulary = Vocabulary(("photo", "left", "right"), _at([90, 135, 45]))
    summaries = _described(_pictures(4), [60, 62, 118, 120], [0, 0, 1, 1], vocabulary=vocabulary)
    assert [s.keywords[0][0] for s in summaries] == ["right", "left"]
    assert all(s.keywords[0][1] == 1.0 for s in summaries)


def test_the_only_cluster_of_pictures_gets_the_words_nearest_to_it() -> None:
    vocabulary = Vocabulary(("here", "there"), _at([0, 180]))
    (summary,) = _described(_pictures(3), [0, 1, -1], [0, 0, 0], vocabulary=vocabulary)
    assert summary.keywords[0][0] == "here"


def test_texts_and_pictures_in_one_cluster_both_give_words_by_their_share() -> None:
    vocabulary = Vocabulary(("tree", "car"), _at([0, 90]))
    items: list[Item] = [
        *_pictures(3),
        "oak forest",
        "loud engine",
        "engine noise",
        "loud engine",
        ImageRef("c.png", "c"),
    ]
    summaries = _described(items, [0, 1, 2, 3, 90, 91, 92, 90], [0, 0, 0, 0, 1, 1, 1, 1], vocabulary=vocabulary)
    first, second = ([word for word, _ in s.keywords] for s in summaries)
    assert first[0] == "tree"
    assert "oak forest" in first
    assert second[0] == "loud engine"
    assert "car" in second


def test_rows_without_a_vector_do_not_pull_the_words_of_pictures() -> None:
    vectors = np.vstack([_at([0, 2, 88, 90]), np.zeros((20, 2), np.float32)])
    ok = np.arange(24) < 4
    embeddings = Embeddings("e", vectors, ok, "fake", np.zeros(24, np.bool_))
    labels = np.array([0, 0, 1, 1] + [-1] * 20, np.int32)
    clustering = Clustering(labels, np.ones(24, np.float32), "hdbscan")
    vocabulary = Vocabulary(("right", "up"), _at([0, 90]))
    table = pd.DataFrame(index=range(24))
    summaries = describe(_pictures(24), table, embeddings, clustering, vocabulary=vocabulary)
    assert [s.keywords[0][0] for s in summaries] == ["right", "up"]


def test_progress_counts_the_clusters() -> None:
    seen: list[Progress] = []
    n = 4
    embeddings = Embeddings("e", _at([0, 0, 90, 90]), np.ones(n, np.bool_), "fake", np.zeros(n, np.bool_))
    clustering = Clustering(np.array([0, 0, 1, 1], np.int32), np.ones(n, np.float32), "hdbscan")
    describe(["a", "b", "c", "d"], pd.DataFrame(index=range(n)), embeddings, clustering, progress=seen.append)
    assert [(p.stage, p.done, p.total) for p in seen] == [("describe", i, 2) for i in range(3)]


def test_the_vocabulary_is_a_list_of_different_words_without_comments() -> None:
    words = load_vocabulary()
    assert 600 <= len(words) <= 1_200
    assert len({word.casefold() for word in words}) == len(words)
    assert not any(word.startswith("#") or word != word.strip() for word in words)
    assert {"dog", "car", "beach", "red", "bar chart"} <= set(words)


def test_a_vocabulary_needs_a_vector_for_each_word() -> None:
    with pytest.raises(ValueError, match="2 words but 1 vectors"):
        Vocabulary(("a", "b"), _at([0]))


def _kinds() -> Vocabulary:
    general = {"lion": ("lion",), "tiger": ("tiger",), "car": ("car",), "big cat": ("lion", "tiger")}
    return Vocabulary(("lion", "tiger", "car", "big cat", "animal"), _at([0, 40, 150, 20, 60]), general)


@pytest.mark.parametrize(
    ("degrees", "word"),
    [
        ([0, 1, 2, 1], "lion"),
        ([0, 1, 40, 41], "big cat"),
        ([0, 40, 39, 150], "big cat"),
        ([150, 151, 149, 0], "car"),
        ([0, 40, 150, 150], None),
    ],
)
def test_pictures_are_named_by_the_most_specific_word_that_is_true_of_most_of_them(
    degrees: list[float], word: str | None
) -> None:
    vocabulary = _kinds()
    at = true_of_most(_at(degrees), vocabulary)
    assert (None if at is None else vocabulary.words[at]) == word
    (summary,) = _described(_pictures(4), degrees, [0] * 4, vocabulary=vocabulary)
    assert word is None or summary.name.split(", ")[0] == word


@pytest.mark.parametrize(
    ("degrees", "others", "words"),
    [
        ([0, 1, 40, 41], [150, 151, 152], ["big cat"]),
        ([0, 1, 150, 151], [40, 41, 42], ["car", "lion"]),
        ([40, 40, 40, 150], [150, 151, 0], ["tiger"]),
        ([0, 40, 150, 1], [0, 41, 150, 2], []),
        ([0, 40], [200, 250, 270], ["big cat"]),
    ],
)
def test_a_region_of_pictures_has_one_word_or_two_that_are_true_of_most_of_them_and_of_few_others(
    degrees: list[float], others: list[float], words: list[str]
) -> None:
    vocabulary = _kinds()
    found = words_for_most(_at(degrees), _at(others), vocabulary)
    assert [sorted(vocabulary.words[at] for at in best) for best, _ in found[:1]] == ([words] if words else [])
    assert all(share >= 0.6 for _, share in found)


def test_a_word_that_is_true_of_more_pictures_elsewhere_says_nothing() -> None:
    vocabulary = _kinds()
    most = _at([0, 40, 150, 1, 41])
    assert vocabulary.words[true_of_most(most, vocabulary, shares_of(_at([0, 150, 151]), vocabulary)) or 0] == "big cat"
    assert true_of_most(most, vocabulary, shares_of(_at([0, 40, 1, 2, 41, 150, 39, 42, 0, 1]), vocabulary)) is None


def test_what_is_seen_in_pictures_more_often_than_elsewhere_tells_of_them() -> None:
    vocabulary = _kinds()
    inside, outside = [0, 1, 41, 2], [150, 151, 149, 40, 42, 41]
    seen = Seen.of(_at([*inside, *outside]), 10, vocabulary)
    found, pairs = seen.telling(_at(inside), 4)
    assert next(vocabulary.words[at] for at, _ in found) == "lion"
    assert "car" not in {vocabulary.words[at] for at, _ in found}
    assert found[0][1] == 1
    assert pairs.shape == (len(found), len(found))
    assert (pairs.diagonal() > 0).all()
    assert (np.abs(pairs - pairs.T) < 1e-5).all()
    assert seen.telling(_at(inside), 10)[0] == []  # of all pictures nothing tells


def test_words_that_are_near_but_not_seen_name_no_pictures() -> None:
    """Of the encoder's classes none is a "vending machine" here, though that is nearest to where the cars differ."""
    general = {"lion": ("lion",), "tiger": ("tiger",), "car": ("car",), "vending machine": ("vending machine",)}
    vocabulary = Vocabulary(("lion", "tiger", "car", "vending machine"), _at([0, 40, 150, 200]), general)
    found = _described(
        _pictures(12), [150, 149, 151, 152, 0, 1, 2, 3, 40, 41, 42, 39], [0] * 4 + [1] * 8, vocabulary=vocabulary
    )
    assert found[0].name == "car"
    assert "vending" not in found[1].name


def test_two_clusters_of_one_kind_of_picture_have_different_names() -> None:
    found = _described(_pictures(8), [0, 40, 1, 41, 2, 42, 3, 43], [0] * 4 + [1] * 4, vocabulary=_kinds())
    assert len({s.name for s in found}) == 2
    assert all(s.name.startswith("big cat") for s in found)


def test_general_words_whose_classes_have_no_vector_are_left_out() -> None:
    vocabulary = Vocabulary(("lion",), _at([0]), {"lion": ("lion",), "big cat": ("lion", "tiger")})
    assert vocabulary.held[0] == ("lion",)
    assert true_of_most(_at([0]), Vocabulary(("lion",), _at([0]))) is None


def test_what_a_column_says_of_pictures_names_their_cluster_and_of_texts_nothing() -> None:
    n = 24
    embeddings = Embeddings("e", _at([0, 1] * 6 + [90, 91] * 6), np.ones(n, np.bool_), "fake", np.zeros(n, np.bool_))
    clustering = Clustering(np.array([0] * 12 + [1] * 12, np.int32), np.ones(n, np.float32), "hdbscan")
    vocabulary = Vocabulary(("right", "up"), _at([0, 90]))
    kinds = ["leaf"] * 11 + ["n/a"] + ["Wing"] * 9 + ["leaf"] * 3
    table = pd.DataFrame({"split": ["test", "train"] * 12, "number": [7] * 12 + [8] * 12, "kind": kinds})

    def names(items: list[Item], said: pd.DataFrame) -> list[str]:
        made = describe(items, said, embeddings, clustering, vocabulary=vocabulary)
        return [summary.name for summary in made]

    assert names(_pictures(n), table) == ["leaf", "Wing"]  # of three in four rows it is true
    half = table.assign(kind=["leaf"] * 11 + ["n/a"] + ["Wing"] * 6 + ["twig", "root", "bark"] * 2)
    assert names(_pictures(n), half) == ["leaf", "up"]
    assert names(_pictures(n), table.assign(kind=["leaf"] * 12 + ["Wing"] * 10 + ["leaf"] * 2)) == ["leaf", "Wing"]
    assert names(_pictures(n), table[["split", "number"]]) == ["right", "up"]
    assert "leaf" not in names([f"a text about a dog {at}" for at in range(n)], table)
    several = with_values(["sky", "sea", "wood"], {0: "plane", 1: "Plane"})
    assert several == ["plane: sky", "Plane: sea", "wood"]
    assert with_values(["a", "b"], {0: "B"}) == ["B: a", "b"]
    numbered = ["animal", "animal (2)", "rest", "animal (3)", "animal (4)"]
    assert with_values(numbered, {1: "horse"}) == ["animal", "horse", "rest", "animal (2)", "animal (3)"]
    assert with_values(numbered, {0: "horse"}) == ["horse", "animal", "rest", "animal (2)", "animal (3)"]
    assert with_values(numbered, {2: "horse"}) == ["animal", "animal (2)", "horse", "animal (3)", "animal (4)"]
    assert with_values(["Windows (7)", "Windows (10)", "a"], {2: "b"}) == ["Windows (7)", "Windows (10)", "b"]
    values = {0: "signs", 1: "signs", 2: "signs", 3: "flowers"}
    unsure = with_values(["umbrella", "clock", "stop", "bowling"], values, [0, 1, 3])
    assert unsure == ["signs 1", "signs 2", "signs: stop", "flowers"]


def test_what_a_column_says_of_nearly_all_texts_names_a_group_that_says_it_of_few() -> None:
    labels = np.repeat(np.arange(3), 12).astype(np.int32)
    kinds = ["Council tax"] * 11 + ["Noise"] + ["Noise"] * 12 + ["Missed bin"] * 6 + ["Noise"] * 6
    table = pd.DataFrame(
        {"kind": kinds, "ward": ["3"] * 12 + ["4", "5"] * 12, "clerk": ["Ana"] * 12 + ["Bo", "Cy"] * 12}
    )
    drawn = np.zeros(36, np.bool_)
    assert said_by_columns(table, labels, 3, drawn) == {}
    assert said_by_columns(table[["kind"]], labels, 3, drawn, texts=[0, 2]) == {0: "Council tax"}
    assert said_by_columns(table[["kind"]], labels, 3, drawn, texts=[1, 2]) == {1: "Noise"}
    few = pd.DataFrame({"clerk": ["Ana"] * 12 + ["Bo", "Cy"] * 12})
    six = np.repeat(np.arange(6), [12, 5, 5, 5, 5, 4]).astype(np.int32)
    assert said_by_columns(few, six, 6, drawn, texts=range(6)) == {}  # of one group in six: no topic
    assert lacking_of(["council", "Charged council tax twice", "bin, lid"], [1, 1, 0.4]) == [0, 2]
    assert says_more("Council tax", "council", 1.0)
    assert says_more("Missed bin", "lid, street", 0.4)
    assert not says_more("Council tax", "bill", 1.0)
    assert not says_more("Noise", "noise", 1.0)
    assert not says_more("missed_bin", "lid, street", 0.1)


def test_a_group_of_texts_is_called_by_its_label_where_few_say_its_name() -> None:
    words = [f"{a} {b}" for a in ("rain", "snow", "wind", "hail", "fog", "ice") for b in ("came", "went")]
    other = [f"lamp broken {at}" for at in range(12)]
    texts = [*words, *other]
    table = pd.DataFrame({"kind": ["Weather"] * 12 + ["Street lamp"] * 12})
    embeddings = Embeddings("e", SpellingEncoder().encode(texts), np.ones(24, np.bool_), "e", np.zeros(24, np.bool_))
    clustering = Clustering(np.repeat([0, 1], 12).astype(np.int32), np.ones(24, np.float32), "hdbscan")
    assert [one.name for one in describe(texts, table, embeddings, clustering)][:1] == ["Weather"]
    bare = [one.name for one in describe(texts, table[[]], embeddings, clustering)]
    assert bare[0] != "Weather"
    assert "lamp" in bare[1]


def test_two_values_or_a_word_of_captions_name_pictures_that_share_them() -> None:
    labels = np.repeat(np.arange(3), 12).astype(np.int32)
    drawn = np.ones(36, np.bool_)
    seen = pd.DataFrame({"seen": ["cat"] * 7 + ["frog"] * 5 + ["ship"] * 9 + ["truck"] * 3 + ["bird"] * 12})
    assert said_by_columns(seen, labels, 3, drawn) == {0: "cat, frog", 1: "ship", 2: "bird"}
    written = ["a {} close up", "an old {} in the evening", "the {} of my neighbour", "two people near a {}"]
    said = [written[at % 4].format(what) for at, what in enumerate(seen["seen"])]
    captions = pd.DataFrame({"caption": said, "who": ["Ana", "Bert", "Cleo"] * 12})
    assert said_by_columns(captions, labels, 3, drawn) == {0: "cat, frog", 1: "ship", 2: "bird"}
    by_chance = pd.DataFrame({"who": [*["Ana"] * 4, "Bert", *["Ana", "Bert", "Cleo"] * 10]})
    assert said_by_columns(by_chance, np.repeat([0, 1], [5, 30]).astype(np.int32), 2, drawn[:35]) == {}


def test_of_small_pictures_only_the_most_general_kind_is_said() -> None:
    """In pictures of 32 pixels an encoder takes one thing for another."""
    few = {f"breed {at}": (f"breed {at}",) for at in range(10)}
    general = {**few, "dog": tuple(few), "car": ("car",)}
    vocabulary = Vocabulary((*few, "dog", "car"), _at([*range(10), 5, 150]), general)
    degrees = [0, 0, 0, 1] * 2 + [150, 151] * 4
    embeddings = Embeddings("e", _at(degrees), np.ones(16, np.bool_), "fake", np.zeros(16, np.bool_))
    clustering = Clustering(np.repeat([0, 1], 8).astype(np.int32), np.ones(16, np.float32), "hdbscan")
    names = {}
    for side in (32, 640):
        table = pd.DataFrame({"width": [side] * 16, "height": [480] * 16})
        made = describe(_pictures(16), table, embeddings, clustering, vocabulary=vocabulary)
        names[side] = [summary.name for summary in made]
    assert names[32][0] == "dog"
    assert names[32][1].startswith("pictures like ")
    assert names[640][1].startswith("car")
    assert names[640][0].startswith(("dog", "breed"))
    assert true_of_most(_at([0, 0, 1]), vocabulary, small=True) == vocabulary.words.index("dog")
    assert too_small(pd.DataFrame({"width": [10, 90, None], "height": [90, 90, 90]})).tolist() == [True, False, False]
    assert too_small(pd.DataFrame({"width": [10]})) is None


def test_a_word_is_not_true_of_pictures_of_which_the_encoder_is_not_sure() -> None:
    classes = np.eye(8, dtype=np.float32)
    vocabulary = Vocabulary(tuple("abcdefgh"), classes, {word: (word,) for word in "abcdefgh"})
    sure, torn = np.stack([classes[0]] * 9), np.stack([np.full(8, 8**-0.5, np.float32)] * 9)
    assert are_true(sure, ["a"], vocabulary)
    assert are_true(sure, ["h", "a"], vocabulary)
    assert not are_true(sure, ["b"], vocabulary)
    assert not are_true(torn, ["a"], vocabulary)
    far = np.array([[0.3, *[0.01] * 6, 0.95]], np.float32)  # nearest to the first class, and far from all
    assert not are_true(far, ["a"], Vocabulary(tuple("abcdefg"), classes[:7], {word: (word,) for word in "abcdefg"}))
    assert not are_true(sure, ["something else"], vocabulary)
    assert are_true(torn, ["a"], Vocabulary(("a",), classes[:1]))  # nothing is known against it


@pytest.mark.parametrize("seed", range(8))
def test_columns_that_have_nothing_to_do_with_groups_of_pictures_name_none(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(12), 9).astype(np.int32)
    places = ["New York", "Oslo", "Leeds", "Rome", "Lima"]
    table = pd.DataFrame(
        {
            "place": rng.choice(places, len(labels), p=[0.5, 0.2, 0.1, 0.1, 0.1]),
            "who": rng.choice(["Ann", "Bob", "Cid"], len(labels)),
            **{f"column {at}": rng.choice(places, len(labels)) for at in range(4)},
        }
    )
    drawn = np.ones(len(labels), np.bool_)
    assert said_by_columns(table, labels, 12, drawn) == {}
    folders = [f"folder {'abcdefghijkl'[label]}" for label in labels]
    known = table.assign(folder=[name if rng.random() < 0.8 else folders[rng.integers(108)] for name in folders])
    named = said_by_columns(known, labels, 12, drawn)
    assert len(named) >= 6
    assert all(f"folder {'abcdefghijkl'[label]}" in name for label, name in named.items())
