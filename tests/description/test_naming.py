"""What groups are called: phrases that find them, shared words for broad ones, some name for whatever has words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from explorer.description.forms import stop_words_of
from explorer.description.groupwords import index_of
from explorer.description.levels import name_groups
from explorer.description.meanings import AT_ONCE, Meanings
from explorer.description.naming import Namer, centre_of
from explorer.description.summaries import describe
from explorer.description.titles import Group, Phrase, Title, _names, _repeats, titles, written
from explorer.description.vocabulary import Vocabulary
from explorer.description.words import same_stem, stem
from explorer.types import Clustering, ClusterSummary, Embeddings, FloatArray, NamedGroup
from tests.description.spelling import SpellingEncoder

TOPICS = {
    "lost": ["I lost my card yesterday", "help, lost my card", "I have lost my card in Spain", "we lost my cards"],
    "rate": ["the exchange rate was wrong", "your exchange rate is wrong", "wrong exchange rates", "bad exchange rate"],
    "pin": ["please change my PIN", "can I change my PIN at home", "how to change my PIN", "changing my PIN"],
    "fee": ["an extra fee for cash", "why an extra fee", "extra fees abroad", "charged an extra fee again"],
}
TEXTS = [text for texts in TOPICS.values() for text in texts * 3]
LABELS = np.repeat(np.arange(4), 12).astype(np.int32)


def _named(
    texts: list[str], labels: np.ndarray, *, encoded: bool = True, levels: np.ndarray | None = None, seed: int = 0
) -> tuple[tuple[ClusterSummary, ...], tuple[tuple[NamedGroup, ...], ...]]:
    order = np.random.default_rng(seed).permutation(len(texts)) if seed else np.arange(len(texts))
    back = np.argsort(order)  # the rows in the order of the texts given, wherever they stand now
    encoder, shuffled = SpellingEncoder(), [texts[i] for i in order]
    embeddings = Embeddings(
        "e", encoder.encode(shuffled), np.ones(len(texts), np.bool_), "e", np.zeros(len(texts), np.bool_)
    )
    at = None if levels is None else levels[:, order]
    made = Clustering(labels[order], np.ones(len(texts), np.float32), "hdbscan", levels=at)
    index = index_of(shuffled)
    phrases = None
    if encoded and index is not None:
        words = tuple(" ".join(term) for term in index.frequent(1_000))
        phrases = Vocabulary(words, encoder.encode(words))
    known = {"index": index, "phrases": phrases, "order": back}
    found = describe(shuffled, pd.DataFrame(index=range(len(texts))), embeddings, made, **known)  # type: ignore[arg-type]
    return found, name_groups(shuffled, embeddings, made, found, **known)  # type: ignore[arg-type]


def _words(name: str) -> list[str]:
    return name.lower().replace(",", " ").split()


@pytest.mark.parametrize("encoded", [True, False])
def test_a_name_is_a_phrase_that_occurs_and_says_what_the_cluster_is_about(encoded: bool) -> None:
    found, _ = _named(TEXTS, LABELS, encoded=encoded)
    names = [summary.name for summary in found]
    for name, key in zip(
        names, ({"lost", "card"}, {"exchange", "rate"}, {"pin", "change"}, {"extra", "fee", "fees"}), strict=True
    ):
        assert key & set(_words(name)), names
        assert len(name.split(", ")) <= 2
        for phrase in name.split(", "):
            assert any(phrase.lower() in text.lower() for text in TEXTS), phrase
            assert _words(phrase)[0] not in {"my", "the", "a", "i"}


@pytest.mark.parametrize("encoded", [True, False])
def test_a_cluster_of_two_topics_knows_which_rows_its_name_is_of(encoded: bool) -> None:
    joined = np.where(LABELS == 3, 2, LABELS).astype(np.int32)  # "pin" and "fee" in one
    found, (level,) = _named(TEXTS, joined, encoded=encoded, levels=joined[None])
    for summary, group in zip(found, level, strict=True):
        said = _words(summary.name)
        assert len(summary.near_name) in (5, 8)  # a third of 12, five at least; of 24
        assert {int(joined[row]) for row in summary.near_name} == {summary.label}
        assert group.near_name == summary.near_name
        best = TEXTS[summary.near_name[0]].lower()
        assert any(word in best for word in said), (summary.name, best)


@pytest.mark.parametrize(
    ("rows", "said"),
    [(range(12), {"lost", "card"}), (range(24, 48), {"pin", "fee", "fees"}), (range(15, 21), {"exchange", "rate"})],
)
def test_rows_that_somebody_chose_are_named_as_clusters_are(rows: range, said: set[str]) -> None:
    encoder, index = SpellingEncoder(), index_of(TEXTS)
    n = len(TEXTS)
    embeddings = Embeddings("e", encoder.encode(TEXTS), np.ones(n, np.bool_), "e", np.zeros(n, np.bool_))
    for known in (
        None,
        Vocabulary(
            ("lost my card", "exchange rate", "extra fee", "my pin"),
            encoder.encode(["lost my card", "exchange rate", "extra fee", "my pin"]),
        ),
    ):
        namer = Namer(TEXTS, embeddings, None, index, known)
        assert said & set(_words(namer.name_of_rows(np.array(rows))))
        assert namer.name_of_rows(np.arange(n))
        assert namer.name_of_rows(np.array([], np.int64)) == ""
        assert namer.name_of_rows(np.array([3]))


def test_no_name_says_a_word_twice_and_all_of_a_level_differ() -> None:
    levels = np.stack([LABELS // 2, LABELS, np.arange(48) // 6])
    found, named = _named(TEXTS, LABELS, levels=levels.astype(np.int32))
    for names in ([s.name for s in found], *([g.name for g in level] for level in named)):
        assert len({name.casefold() for name in names}) == len(names)
        for name in names:
            words = _words(name.rsplit(" (", 1)[0])
            assert len(set(words)) == len(words), name


def test_a_broad_name_is_what_its_parts_share_not_what_its_largest_part_says() -> None:
    large = ["red garden roses"] * 40
    small = ["oak garden bench"] * 6 + ["stone garden wall"] * 6
    other = ["fast train ticket"] * 20 + ["late train again"] * 20
    labels = np.array([0] * 40 + [1] * 20 + [2] * 20 + [3] * 6 + [4] * 6, np.int32)
    texts = [*large, *other, *small]
    broad = np.where(np.isin(labels, (1, 2)), 1, 0)
    _, (level, _) = _named(texts, labels, levels=np.stack([broad, labels]).astype(np.int32))
    assert "garden" in _words(level[0].name)
    assert "train" in _words(level[1].name)
    assert all(group.is_true for group in level)


def test_it_is_told_of_how_many_rows_a_broad_name_is_true_and_only_of_broad_ones() -> None:
    alike = ["oak garden bench", "stone garden wall", "red garden roses"]
    unlike = ["fast train ticket", "cold tap water", "loud party noise", "broken street lamp"]
    texts = [text for text in [*alike, *unlike] for _ in range(10)]
    labels = np.repeat(np.arange(7), 10).astype(np.int32)
    broad = np.where(labels < 3, 0, 1).astype(np.int32)
    _, (level, clusters) = _named(texts, labels, levels=np.stack([broad, labels]))
    shared, several = level
    assert (shared.true_of or 0) >= 0.8
    assert several.true_of is not None
    assert several.true_of <= 0.6
    assert all(group.true_of is None for group in clusters)


def test_the_phrases_of_a_name_share_no_word_not_even_one_that_says_nothing() -> None:
    rng = np.random.default_rng(0)
    vector = rng.normal(size=8).astype(np.float32)
    near = [vector + 0.3 * rng.normal(size=8).astype(np.float32) for _ in range(3)]
    words = [("change", "my", "address"), ("edit", "my", "details"), ("new", "flat")]
    phrases = [Phrase(word, 1.0, v / np.linalg.norm(v)) for word, v in zip(words, near, strict=True)]
    sample = np.stack([vector / np.linalg.norm(vector)] * 12)
    others = -sample
    groups = [Group(phrases, sample[:1], sample), Group((), others[:1], others)]
    title = titles(groups)[0]
    assert title
    said = [word for phrase in title for word in phrase.words]
    assert len(set(said)) == len(said), said
    pairs = {tuple(phrase.words for phrase in one.phrases) for one in _names(groups[0], others[:1])}
    assert any(len(pair) == 2 for pair in pairs)
    assert not any({"my"} <= set(a) & set(b) for a, b in (pair for pair in pairs if len(pair) == 2))


def test_names_do_not_depend_on_the_order_of_the_rows() -> None:
    names = {tuple(s.name for s in _named(TEXTS, LABELS, seed=seed)[0]) for seed in range(4)}
    assert len(names) == 1


def test_forms_of_a_word_count_together() -> None:
    texts = ["we found mice", "a mouse in the kitchen", "the mouse again", "mice everywhere", *["a cold shower"] * 4]
    found, _ = _named(texts, np.array([0] * 4 + [1] * 4, np.int32))
    assert {"mice", "mouse"} & set(_words(found[0].name))
    assert not {"mice", "mouse"} <= {word for word, _ in found[0].keywords}


@pytest.mark.parametrize(
    "texts",
    [["the very same text"] * 60, ["12 34"] * 60, ["to be or not to be"] * 60, ["同じ文"] * 60, ["☃ ☃"] * 60],
)
def test_sixty_equal_texts_are_one_cluster_with_a_name(texts: list[str]) -> None:
    (summary,), _ = _named(texts, np.zeros(60, np.int32))
    assert set(summary.name.rstrip("…").split()) & set(texts[0].split()) or summary.name in texts[0]


def test_a_cluster_of_few_texts_is_named_like_any_other() -> None:
    found, _ = _named(["a red apple", "red apples", "the blue lake", "blue lakes"], np.array([0, 0, 1, 1], np.int32))
    assert "apple" in found[0].name
    assert "lake" in found[1].name


def test_languages_without_stop_words_of_our_own_are_read_with_those_of_a_library() -> None:
    danish = [
        "jeg har ikke fået mit kort endnu",
        "hvor er mit kort henne",
        "mit kort er der ikke",
        "kort kom ikke til mig",
    ]
    others = ["det er for koldt i stuen", "der er så koldt her", "hvorfor er det koldt hos os", "vi har det koldt"]
    found, _ = _named([*danish, *others], np.array([0] * 4 + [1] * 4, np.int32))
    assert "kort" in found[0].name
    assert "koldt" in found[1].name
    words = {word for s in found for word, _ in s.keywords}
    assert not words & {"ikke", "det", "der", "mit", "jeg"}


def test_clusters_with_the_same_words_are_told_apart_by_an_example_before_a_number() -> None:
    texts = [*["the bus"] * 6, *["that bus"] * 6, *["my bus"] * 6]
    labels = np.repeat(np.arange(3), 6).astype(np.int32)
    names = [summary.name for summary in _named(texts, labels)[0]]
    assert len({name.casefold() for name in names}) == 3
    assert not any("(" in name for name in names), names


def _two_groups(*phrases: tuple[str, ...]) -> list[Group]:
    """Return two groups of twelve rows at right angles, each with the phrases; those lie nearer to the first."""
    axes = np.eye(4, dtype=np.float32)
    found = [Phrase(words, 1.0, centre_of((axes[0] + 0.1 * at * axes[3])[None])) for at, words in enumerate(phrases)]
    return [Group(found, axis[None], np.stack([axis] * 12)) for axis in axes[:2]]


def test_a_name_is_judged_by_what_the_encoder_makes_of_it_as_it_is_written() -> None:
    groups = [
        _two_groups(("lost", "card"), ("stolen",))[0],
        Group((), np.eye(4, dtype=np.float32)[1:2], np.eye(4)[1:2]),
    ]
    assert written(titles(groups)[0]).startswith("lost card")

    def meaning(names: Sequence[str]) -> FloatArray:
        return np.eye(4, dtype=np.float32)[[0 if name == "stolen" else 1 for name in names]]

    assert written(titles(groups, meaning=meaning)[0]) == "stolen"


def test_what_is_better_for_two_groups_names_one_and_the_other_has_a_name_of_its_own() -> None:
    groups = _two_groups(("lion",), ("frog",))
    animal: Title = (Phrase(("animal",), 1.0, groups[0].centres[0]),)
    made = [written(title) for title in titles(groups, better={0: [animal], 1: [animal]})]
    assert made.count("animal") == 1
    assert len(set(made)) == 2


def test_each_name_is_encoded_once_and_in_the_order_of_the_alphabet() -> None:
    asked: list[list[str]] = []

    def encode(names: list[str]) -> FloatArray:
        asked.append(names)
        return np.array([[len(name)] for name in names], np.float32)

    meanings = Meanings(encode)
    assert meanings(["pear", "fig", "pear"]).ravel().tolist() == [4, 3, 4]
    assert meanings(["fig", "banana", "apple"]).ravel().tolist() == [3, 6, 5]
    assert asked == [["fig", "pear"], ["apple", "banana"]]
    meanings([str(at) for at in range(AT_ONCE + 1)])
    assert [len(names) for names in asked[2:]] == [AT_ONCE, 1]


def test_names_seldom_share_a_phrase_where_others_say_as_much() -> None:
    shared = 0
    for seed in range(120):
        rng = np.random.default_rng(seed)

        def near(vector: np.ndarray, spread: float, rng: np.random.Generator = rng) -> FloatArray:
            return centre_of((vector + spread * rng.normal(size=6)).astype(np.float32)[None])

        both = rng.normal(size=6)
        hose, groups = Phrase(("hose",), 1.0, near(both, 0.1)), []
        for at in range(2):
            centre = near(both, 0.5)
            own = (Phrase((f"{word}{at}",), 0.3, near(centre, 0.9)) for word in "abc")
            groups.append(Group((hose, *own), centre[None], np.stack([near(centre, 0.2) for _ in range(12)])))
        other = near(rng.normal(size=6), 0.3)
        tap = Phrase(("tap",), 1.0, near(other, 0.2))
        groups.append(Group((tap,), other[None], np.stack([near(other, 0.2) for _ in range(12)])))
        first, second, _ = (set(written(title).split(", ")) for title in titles(groups))
        shared += not first.isdisjoint(second)
    assert shared <= 12, shared


def test_two_phrases_share_a_word_where_any_two_of_their_words_are_forms_of_one() -> None:
    words = [
        "activate",
        "activation",
        "card",
        "cards",
        "loss",
        "losses",
        "pin",
        "pins",
        "transfers",
        "transferring",
        "box",
        "boxes",
        "the",
        "a",
        "is",
        "my",
        "hose",
    ]
    rng = np.random.default_rng(0)
    for _ in range(3_000):
        one, other = (tuple(rng.choice(words, rng.integers(1, 5)).tolist()) for _ in range(2))
        stems = [
            [stem(word) for word in said if word not in stop_words_of("en")] or list(said) for said in (one, other)
        ]
        alike = any(same_stem(x, y) for x in stems[0] for y in stems[1])
        assert _repeats(one, other) == (alike or not set(one).isdisjoint(other)), (one, other)
