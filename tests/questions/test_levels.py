"""Where near hits end: at a gap, by the kind of the hits, and nowhere for what is not there."""

import numpy as np
import pytest

from explorer.kinds import ImageRef
from explorer.questions import Limits, answers, limits_of, middle_of
from explorer.types import Hits
from explorer.ui.panels.search import cards
from explorer.ui.stores import Place
from tests.questions.test_searching import run_of, units


@pytest.mark.parametrize("seed", range(20))
def test_a_group_of_hits_a_hair_apart_is_never_cut_in_two(seed: int) -> None:
    rng = np.random.default_rng(seed)
    chance, band = 0.3, 0.05
    first = chance + rng.uniform(0, 0.004)
    group = np.concatenate([[first], first - np.sort(rng.uniform(0, 0.6 * band, 30))])
    rest = group[-1] - rng.uniform(0.3, 0.9) * band - np.sort(rng.uniform(0, 0.1, 100))
    above = np.sort(rng.uniform(0.32, 0.6, rng.integers(0, 5)))[::-1]
    scores = np.concatenate([above, group, rest])
    limits = Limits(chance, None, band)
    assert np.count_nonzero(scores >= limits.level(scores)) == len(above) + len(group)
    assert limits.level(scores[scores < chance]) == chance, "what is not there stays away"
    assert Limits(chance, None).level(scores) == chance
    assert Limits(None, None, band).level(scores) is None


def test_hits_that_fade_without_a_gap_end_at_chance_and_the_page_says_so() -> None:
    scores = np.linspace(0.5, 0.0, 1_000)
    assert Limits(0.3, None, 0.05).level(scores) == 0.3
    hit = {"row": 1, "text": "a", "kind": "text", "cluster": 0, "cluster_name": "c", "score": 0.3001, "weak": False}
    weak = {**hit, "row": 2, "weak": True}
    assert "without a gap" in str(cards({"query": "a", "hits": [hit, {**weak, "score": 0.2999}]}, Place()))
    for near, far in ((0.3, 0.2), (0.1, 0.2)):  # the second says the words, though it is far
        found = [{**hit, "score": near}, {**weak, "score": far}]
        assert "have little to do with" in str(cards({"query": "a", "hits": found}, Place()))


def test_where_near_hits_end_does_not_hang_on_how_many_are_asked_for() -> None:
    run = run_of([f"text {row}" for row in range(60)], units(60))
    scores = np.concatenate([np.linspace(0.31, 0.28, 40), np.linspace(0.2, 0.1, 20)])
    found = Hits(np.arange(60)[None], scores[None].astype(np.float32))
    told = answers.hits(run, "x", found, limits=Limits(0.3, None, 0.05), most=20)
    assert len(told["hits"]) == 20
    assert not any(hit["weak"] for hit in told["hits"])


@pytest.mark.parametrize("seed", range(4))
def test_hits_of_another_kind_are_measured_by_how_near_the_two_kinds_are(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, dim = 120, 128
    things, apart = rng.normal(size=(n, dim)), rng.normal(size=(2, dim))
    # As an encoder of both has them: each kind round a centre of its own, a thing's picture and its caption alike.
    pictures, texts = (things + 1.5 * centre + 0.3 * rng.normal(size=(n, dim)) for centre in apart)
    vectors = np.concatenate([pictures, texts])
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    items = [ImageRef(f"{row}.png", f"{row:064x}") for row in range(n)] + [f"text {row}" for row in range(n)]
    run = run_of(items, vectors)
    limits = limits_of(run, items[0])
    scores = vectors[n:] @ vectors[:n].T
    own = np.diag(scores)
    assert (own >= limits.of("text").chance).mean() > 0.9
    assert (scores >= limits.of("text").chance).mean() < 0.1
    assert (own >= limits.of("image").chance).mean() < 0.5, "the limit of pictures calls their captions weak"
    order = np.argsort(-scores[:, 0])
    found = Hits(n + order[None, :20], scores[order[None, :20], 0])
    told = answers.hits(run, "the picture", found, limits=limits)["hits"]
    assert (told[0]["row"], told[0]["weak"]) == (n, False)
    words = vectors[n : n + 30] + rng.normal(size=(30, dim)).astype(np.float32)
    by_words = limits_of(run, "a query", words / np.linalg.norm(words, axis=1, keepdims=True))
    assert by_words.of("image").chance < by_words.of("text").chance


@pytest.mark.parametrize("seed", range(6))
def test_pictures_that_a_search_hardly_begins_with_are_in_doubt_and_those_it_is_about_are_near(seed: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = units(400, seed)[:, :48].astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    run = run_of([ImageRef(f"{row}.png", f"{row:064x}") for row in range(400)], vectors)
    words = rng.normal(size=(20, vectors.shape[1])).astype(np.float32)
    limits = limits_of(run, "a query", words / np.linalg.norm(words, axis=1, keepdims=True)).of("image")
    middle = np.median(words / np.linalg.norm(words, axis=1, keepdims=True) @ vectors.T)
    assert limits.begins == pytest.approx(limits.chance + 0.8 * (limits.chance - middle), abs=1e-5)
    for best in rng.uniform(limits.chance, limits.chance + 2 * (limits.chance - middle), 20):
        scores = best - np.sort(rng.uniform(0, 0.3, 20))
        scores[0] = best
        hits = answers.hits(run, "a beach", Hits(np.arange(20)[None], scores[None].astype(np.float32)), limits=limits)
        is_about = best >= limits.begins
        assert bool(hits.get("doubtful")) != is_about
        assert any(not hit["weak"] for hit in hits["hits"]) == is_about
        said = str(cards(hits, Place()))
        assert ("Nothing here is surely about" in said) != is_about
        assert ("a broad word is often less near" in said) != is_about


def test_of_few_rows_what_is_no_nearer_than_the_middle_of_all_pairs_is_weak() -> None:
    vectors = units(24).astype(np.float32)
    run = run_of([f"node {row}" for row in range(24)], vectors)
    pairs = (vectors @ vectors.T)[np.triu_indices(24, 1)]
    assert middle_of(run).chance == pytest.approx(max(np.median(pairs), 0.1 * pairs.max()), abs=1e-6)
    apart = np.kron(np.eye(3), np.ones((8, 1))) + 1e-4 * units(24)[:, :3]  # nodes of three graphs that no way joins
    level = middle_of(run_of([f"node {row}" for row in range(24)], apart.astype(np.float32))).chance
    assert np.array_equal(apart @ apart[0] >= level, [True] * 8 + [False] * 16)
    assert middle_of(run_of(["a", "b", "c"], units(3))).chance is None


def test_no_more_rows_are_offered_than_there_are() -> None:
    hit = {"row": 1, "text": "a", "kind": "text", "cluster": 0, "cluster_name": "c", "score": 0.9, "weak": False}
    asked = {"query": "Ada", "hits": [hit] * 20}
    assert "List all 24" in str(cards({**asked, "searched": 24}, Place()))
    assert "List the 200 nearest" in str(cards({**asked, "searched": 2_400}, Place()))
    assert "more-hits" not in str(cards({**asked, "searched": 20}, Place()))


def test_a_search_that_failed_lists_nothing_and_says_why() -> None:
    said = str(
        cards({"query": "= selection - rain", "hits": [], "failed": "nothing is selected; select rows."}, Place())
    )
    assert "Nothing is selected; select rows." in said
    assert "Nothing was found" not in said
