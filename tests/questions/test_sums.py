"""Sums of meanings and the order of rows between two of them."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest

from explorer.config import GIVEN
from explorer.errors import BadSetting, NoEncoder, NotFound
from explorer.questions import Limits, answers, axes, axis, limits_of, limits_of_sum, neighbors_of, search
from explorer.questions.sums import (
    MARK,
    Term,
    axis_between,
    ends_of,
    is_sum,
    measured_as,
    nearest_to_sum,
    terms_of,
    with_selection,
)
from explorer.types import Run
from explorer.ui.alike import as_many, how_many
from explorer.ui.panels.search import cards
from explorer.ui.stores import Place
from tests.questions.test_searching import run_of
from tests.runs.wordbag import WordBag

ITEMS = [
    "king", "queen", "man", "woman", "boy", "girl", "prince", "princess",
    "cheap shoes", "cheap hat", "expensive shoes", "expensive hat", "shoes", "well-known king", "",
]  # fmt: skip
ROYAL, MALE, FEMALE, YOUNG = np.eye(24)[:4]
MEANS = {
    "king": ROYAL + MALE, "queen": ROYAL + FEMALE, "man": MALE, "woman": FEMALE, "boy": MALE + YOUNG,
    "girl": FEMALE + YOUNG, "prince": ROYAL + MALE + YOUNG, "princess": ROYAL + FEMALE + YOUNG,
}  # fmt: skip


def vector(text: str) -> np.ndarray:
    found = MEANS[text] if text in MEANS else WordBag().encode([text or "nothing"])[0]
    return np.asarray(found / np.linalg.norm(found), np.float32)


def encode(_name: str, item: object) -> np.ndarray:
    return vector(str(item))


def made(encoder: str = "minilm") -> Run:
    import dataclasses

    vectors = np.stack([vector(item) for item in ITEMS])
    vectors[-1] = np.nan
    run = run_of(ITEMS, vectors)
    return dataclasses.replace(run, embeddings=dataclasses.replace(run.embeddings, encoder=encoder))


def said(query: str, k: int = 3, encoder: str = "minilm") -> list[str]:
    return [ITEMS[row] for row, _ in search(made(encoder), query, k=k, encode=encode).pairs()]


@pytest.mark.parametrize("encoder", ["minilm", GIVEN])
def test_the_analogy_is_found_and_its_own_words_are_left_out(encoder: str) -> None:
    assert said("= king - man + woman", 1, encoder) == ["queen"]
    assert said("=prince − boy + girl", 2, encoder)[0] in ("queen", "princess")
    assert said("= #0 - #2 + #3", 1, encoder) == ["queen"]
    assert said('= King - "man" + 1.0*woman', 1, "minilm" if encoder == "minilm" else GIVEN)[0] != "woman"
    assert not {"king", "man", "woman"} & set(said("= king - man + woman", 20, encoder))


@pytest.mark.parametrize(("one", "other"), [("king", "man"), ("cheap shoes", "hat"), ("well-known king", "girl")])
def test_the_weights_one_and_nought_are_the_plain_query(one: str, other: str) -> None:
    plain = search(made(), one, k=6, encode=encode)
    for query in (f'= {one} + 0 * "{other}"', f'= 1 * "{one}" - 0.0*{other}', f"= {one}"):
        found = search(made(), query, k=6, encode=encode)
        assert np.array_equal(found.rows, plain.rows)
        assert np.array_equal(found.scores, plain.scores)


def test_a_row_alone_is_its_neighbours() -> None:
    found, near = search(made(), "= #0", k=5), neighbors_of(made(), 0, k=5)
    assert np.array_equal(found.rows, near.rows)
    assert found.scores == pytest.approx(near.scores)


def test_the_mean_of_rows_lies_between_them_and_they_are_left_out() -> None:
    found = search(made(), "= #1,3", k=4, encode=encode)
    mean = vector("queen") + vector("woman")
    assert found.scores[0, 0] == pytest.approx(float(vector("princess") @ (mean / np.linalg.norm(mean))), abs=1e-5) or (
        ITEMS[found.rows[0, 0]] in ("girl", "princess")
    )
    assert not {1, 3} & set(found.rows[0].tolist())
    assert np.array_equal(search(made(), "= 0.5*#1 + 0.5*#3", k=4).rows, found.rows)


def test_terms_are_read_as_people_write_them() -> None:
    assert terms_of("= king - man + woman") == (Term(1, "king"), Term(-1, "man"), Term(1, "woman"))
    assert terms_of('=#17 + "at night"') == (Term(1, rows=(17,)), Term(1, "at night"))
    assert terms_of("= well-known king − 0.5 × post-war") == (Term(1, "well-known king"), Term(-0.5, "post-war"))
    assert terms_of("= - rain + #3, 9") == (Term(-1, "rain"), Term(1, rows=(3, 9)))
    assert terms_of("= selection - “rain”") == (Term(1, is_selection=True), Term(-1, "rain"))
    assert terms_of('= "selection"') == (Term(1, "selection"),)
    assert with_selection(terms_of("= selection + x"), [4, 5]) == (Term(1, rows=(4, 5)), Term(1, "x"))
    assert [is_sum(query) for query in ("= a", "=", " =b", "a = b", "")] == [True, False, True, False, False]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("= king +", "is no part of a sum"),
        ("= king - man woman + + queen", "is no part of a sum"),
        ('= "king', "is no part of a sum"),
        ("= 0 * king", "all weights are 0"),
        ("= king - king", "cancel each other out"),
        ("= selection + x", "nothing is selected"),
        ("= #14", "has no vector"),
        ("= " + " + ".join(["a"] * 30), "20 parts at most"),
    ],
)
def test_what_is_no_sum_is_said_with_the_way_to_write_one(query: str, says: str) -> None:
    with pytest.raises(BadSetting, match=says):
        search(made(), query, encode=encode) if "selection" not in query else with_selection(terms_of(query), None)


def test_a_pasted_vector_is_searched_with_and_added_up() -> None:
    pasted = "[" + ", ".join(f"{number:.6g}" for number in 3 * vector("queen")) + "]"
    for encoder in ("minilm", GIVEN):
        for query in (pasted, f"= {pasted}", f"= {pasted.replace(',', ' ')}"):
            assert said(query, 1, encoder) == ["queen"]
    assert said(f"= {pasted} + 0 * king", 3) == said(pasted, 3)
    assert said(f"= {pasted} - woman + man", 1)[0] == "king"
    assert not is_sum("[0.1, 0.2]")
    for query, says in (("= [1, 2, 3]", "has 3 numbers, those of this map have 24"), ("= [1, x]", "'x' in the vector")):
        with pytest.raises(BadSetting, match=says):
            search(made(), query, encode=encode)
    with pytest.raises(BadSetting, match="all zeros"):
        search(made(), "= [" + "0 " * 24 + "]", encode=encode)


def test_rows_that_are_not_there_and_words_that_no_item_says_are_told() -> None:
    with pytest.raises(NotFound, match="there is no row 99"):
        search(made(), "= #99 + king", encode=encode)
    with pytest.raises(NoEncoder, match="no item says “emperor”"):
        search(made(GIVEN), "= emperor - man", encode=encode)
    assert said("KING", 3, GIVEN) == said("king", 3, GIVEN)
    assert said("king", 3, GIVEN)[0] == "king"  # whoever searches a name wants to open what has it


def test_a_long_line_of_signs_takes_no_time() -> None:
    for text in ("= " + "+ " * 20_000, "= " + "a-" * 20_000, "= " + '"' * 20_000, "= " + "1." * 20_000):
        with pytest.raises(BadSetting):
            raise BadSetting(str(terms_of(text)[:1]))


def test_rows_between_two_meanings_are_in_their_order_and_the_middle_is_nought() -> None:
    run = made()
    found = axis(run, "cheap", "expensive", encode=encode)
    assert np.isnan(found.values[-1])
    means = {
        word: np.mean([found.values[i] for i, item in enumerate(ITEMS) if word in item])
        for word in ("cheap", "expensive")
    }
    assert means["cheap"] < -0.2 < 0.2 < means["expensive"]
    ends = axis(run, "#8", "#10", encode=encode).values
    assert (ends[8], ends[10]) == (pytest.approx(-1, abs=1e-5), pytest.approx(1, abs=1e-5))
    assert axis(run, "#10", "#8", encode=encode).values[:-1] == pytest.approx(-ends[:-1], abs=1e-5)
    assert axis(run, "= king - man", "woman", encode=encode).values.shape == (len(ITEMS),)
    with pytest.raises(BadSetting, match="mean the same"):
        axis(run, "king", "king", encode=encode)
    assert ends_of("cheap <> expensive") == ("cheap", "expensive")
    assert ends_of("cheap <>") is None
    assert MARK == "="


def test_an_axis_is_told_as_a_scale_with_its_ends_and_where_clusters_stand() -> None:
    run = made()
    found = axes.told(run, axis(run, "cheap", "expensive", encode=encode), k=4)
    texts = [hit["text"] for hit in found["hits"]]
    assert all("expensive" in text for text in texts[:2])
    assert all("cheap" in text for text in texts[2:])
    told = found["axis"]
    assert (told["kind"], told["low_end"], told["high_end"], told["missing"]) == ("number", "cheap", "expensive", 1)
    assert sum(sum(strip["counts"]) for strip in told["strips"]) == len(ITEMS) - 1
    assert all(0 <= strip["at"] <= 1 for strip in told["strips"])


@pytest.mark.parametrize("seed", range(10))
def test_the_ends_of_a_line_list_as_many_different_texts_however_often_each_is_there(seed: int) -> None:
    chance = np.random.default_rng(seed)
    kinds = [f"a {word} {thing}" for word in ("cheap", "expensive", "red") for thing in ("hat", "shoe", "cup", "pot")]
    items = [kinds[at] for at in chance.integers(len(kinds), size=int(chance.integers(1, 60)))]
    run = run_of(items, np.stack([vector(item) for item in items]))
    line = axis(run, "cheap", "expensive", encode=encode)

    async def searched(k: int) -> dict[str, Any]:
        return axes.told(run, line, k=k)

    told = asyncio.run(as_many(searched, 6, 200))
    at = told["axis"]["at_high"]
    rows = [hit["row"] for hit in told["hits"]]
    assert len(rows) == len(set(rows))
    for hits, other in ((told["hits"][:at], told["hits"][at:]), (told["hits"][at:], told["hits"][:at])):
        texts = {hit["text"] for hit in hits}
        assert how_many(hits) == len(texts) <= 3
        assert len(texts) == 3 or len(hits) >= len(items) // 2 or len(items) == 1
        assert all(hit["same_as"] in {one["row"] for one in hits} for hit in hits if "same_as" in hit)
        assert (
            not hits
            or not other
            or (hits[0]["score"] - other[0]["score"]) * (1 if hits[0] is told["hits"][0] else -1) >= 0
        )


def test_a_sum_is_measured_as_words_or_else_as_its_rows() -> None:
    run = made()
    assert measured_as(run, terms_of("= king - man")) == ("king", True)
    assert measured_as(run, terms_of("= #1 - man")) == ("queen", False)
    assert measured_as(run, terms_of("= 0 * #1 + man")) == ("man", True)
    assert measured_as(made(GIVEN), terms_of("= king")) == ("king", False)
    assert measured_as(run, terms_of("= [1, 2]")) == ("king", False)


def test_the_page_says_which_end_of_an_axis_nothing_is_near_to() -> None:
    run = made()
    line = axis(run, "cheap", "quarks", encode=encode)
    end = vector("quarks")
    assert axes.is_far(run, "quarks", end, Limits(0.99, None))
    assert not axes.is_far(run, "cheap", vector("cheap"), Limits(0.99, None)), "rows that say the word are near"
    assert not axes.is_far(run, "quarks", end, Limits(None, None))
    told = {"run": "r", **axes.told(run, line, k=4, far=(False, True))}
    assert "Nothing here is near “quarks”: that end says little." in str(cards(told, Place()))
    both = str(cards({**told, **axes.told(run, line, k=4, far=(True, True))}, Place()))
    assert "Nothing here is near “cheap” or “quarks”: this order says little." in both
    assert "far-ends" not in str(cards({**told, **axes.told(run, line, k=4)}, Place()))


@pytest.mark.parametrize("seed", range(8))
def test_of_an_axis_it_is_said_how_few_rows_have_to_do_with_its_ends_and_which_at_them_have_not(seed: int) -> None:
    chance = np.random.default_rng(seed)
    n, dim = 300, 40
    meant = chance.integers(3, 60, size=2)
    ends = np.linalg.qr(chance.normal(size=(dim, 2)))[0].T
    rest = chance.normal(size=(n - meant.sum(), dim))
    rest -= rest @ ends.T @ ends  # nothing of either
    heaps = [end + 0.1 * chance.normal(size=(m, dim)) for end, m in zip(ends, meant, strict=True)]
    vectors = np.concatenate([*heaps, rest])
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    run = run_of([f"w{at}" for at in range(n)], vectors)
    one, other = ends.astype(np.float32)
    near = axes.near_to(run, one, Limits(0.5, None)), axes.near_to(run, other, Limits(0.5, None))
    assert np.flatnonzero(near[0] | near[1]).tolist() == list(range(meant.sum()))
    told = axes.told(run, axis_between(run, "cheap", "dear", (one, other)), k=40, near=near)
    assert told["axis"]["near"] == meant.sum()
    assert sum(not hit["weak"] for hit in told["hits"]) == sum(min(20, m) for m in meant)
    shown = str(cards({"run": "r", **told}, Place()))
    assert f"Only {meant.sum()} of 300 rows are near to “cheap” or to “dear”" in shown
    assert shown.count("little to do with it") == sum(20 - min(20, m) for m in meant)
    plain = axes.told(run, axis_between(run, "cheap", "dear", (one, other)), k=40, near=(near[0], None))
    assert "about-axis" not in str(cards({"run": "r", **plain}, Place())), "nothing is said where nothing is known"
    assert axes.near_to(run, one, Limits(None, None)) is None


@pytest.mark.parametrize("seed", range(8))
def test_of_a_sum_near_is_what_is_nearer_than_the_nearest_of_all_rows_by_chance(seed: int) -> None:
    chance = np.random.default_rng(seed)
    n, dim, meant = int(chance.integers(300, 3_000)), int(chance.integers(20, 80)), int(chance.integers(1, 6))
    vectors = chance.normal(size=(n, dim))
    sides = chance.choice((-1, 1), size=3)
    total = (sides[:, None] * vectors[:3] / np.linalg.norm(vectors[:3], axis=1, keepdims=True)).sum(axis=0)
    vectors[3 : 3 + meant] = total / np.linalg.norm(total) + 0.7 * chance.normal(size=(meant, dim)) / np.sqrt(dim)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    run = run_of([f"w{at}" for at in range(n)], vectors)
    vector = np.asarray(total / np.linalg.norm(total), np.float32)
    before = limits_of(run, "w0")
    limits = limits_of_sum(run, vector, before)
    terms = terms_of(" ".join(f"{'-' if side < 0 else '+'} #{at}" for at, side in enumerate(sides)).removeprefix("+ "))
    found = nearest_to_sum(run, terms, vector, k=200)
    near = [hit["row"] for hit in answers.hits(run, "= …", found, limits=limits)["hits"] if not hit["weak"]]
    assert set(range(3, 3 + meant)) <= set(near)
    assert len(near) <= meant + 4
    assert sum(score >= before.chance for _, score in found.pairs()) >= len(near)
    assert limits_of_sum(run, vector, Limits(0.99, 0.5)) == Limits(0.99, 0.5)
    assert limits_of_sum(run, vector, Limits(None, None)) == Limits(None, None)
