"""Neighbours of a point: those of the same text are told apart and count once, and near is said in what it is."""

import random
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explorer.config import GIVEN
from explorer.questions import parted, with_others, without_copies
from explorer.types import Dataset
from explorer.ui.between import between
from explorer.ui.markup import markup
from explorer.ui.neighborhood import nearest_of, neighborhood
from explorer.ui.stores import MAX_K, Place
from tests.questions.test_searching import units
from tests.questions.test_surroundings import run_of


def one(row: int, text: str, **given: Any) -> dict[str, Any]:
    card = {"row": row, "kind": "text", "text": text, "cluster": 0, "cluster_name": "a", "similarity": 0.5}
    return {**card, "map_rank": 1, "far_on_map": False, **given}


def answer(found: list[dict[str, Any]], **given: Any) -> dict[str, Any]:
    return {"metric": "cosine", "near_ranks": 20, "map_dims": 2, "neighbors": found, "only_on_map": [], **given}


@pytest.mark.parametrize("seed", range(24))
def test_a_text_that_comes_again_counts_once_and_as_many_others_are_listed_as_were_asked_for(seed: int) -> None:
    """However often the nearest texts are there, as in a log: more than the most neighbours that can be asked for."""
    chance = random.Random(seed)
    own, often = chance.choice([0, 5, 130]), chance.choice([1, 3, 130])
    there = [f"text {at}" for at in range(chance.randrange(15)) for _ in range(chance.randint(1, often))]
    rows = [one(1 + at, text) for at, text in enumerate(["mine"] * own + there)]
    item, k, asked = one(0, "mine"), chance.randint(1, 20), list[int]()

    def neighbors(k: int, besides: tuple[int, ...]) -> dict[str, Any]:
        asked.append(k)
        without = {[item, *rows][row]["text"] for row in besides}
        found = [row for row in rows if row["text"] not in without]
        return answer(found[:k], only_on_map=[one(500 + at, "far") for at in range(k)])

    told = with_others(neighbors, lambda: item, k)
    found = told["neighbors"]
    assert len(told["only_on_map"]) == k
    same, others = parted(item, found)
    assert [text["text"] for text in same] == ["mine"] * len(same)
    assert {text["text"] for text in others} == set(there) & {f"text {at}" for at in range(k)}
    assert max(asked) <= MAX_K
    assert len(asked) <= k + 2
    for text in others:
        if "same_as" in text:
            assert next(first for first in others if first["text"] == text["text"])["row"] == text["same_as"]
    texts = len({text["text"] for text in others})
    shown = markup(neighborhood({**told, "only_on_map": []}, Place("ab12", 0), item))
    said = f"{texts} different texts" if texts > 1 else "of the same text"
    assert (said in shown) == (len(others) > texts)


def test_copies_of_rows_are_left_out_and_nothing_else() -> None:
    items = [["a", "b", "a", "c", "A", " a", "b"][at % 7] for at in range(70)]
    run = replace(run_of(units(70), np.zeros((70, 2))), dataset=Dataset("d", "d", items, pd.DataFrame(index=range(70))))
    assert without_copies(run, 0, ()) is run
    kept = without_copies(run, 0, (2, 1)).embeddings.ok
    assert [item for item, ok in zip(items, kept, strict=True) if ok] == ["a", *(i for i in items if i not in "ab")]
    assert kept[0], "the row that is asked about stays"


def test_rows_of_the_same_text_are_said_to_be_so_and_pictures_never() -> None:
    rows = [one(1, "mine"), one(2, "mine"), one(3, "other")]
    shown = markup(neighborhood(answer(rows), Place("ab12", 0), one(0, "mine")))
    assert "2 more rows have the same text" in shown
    assert "1 nearest in meaning" in shown
    pictures = [{**row, "thumbnail": "/t.jpg", "kind": "image"} for row in rows]
    assert "same text" not in markup(neighborhood(answer(pictures), Place("ab12", 0), pictures[0]))
    alone = markup(neighborhood(answer(rows[:1]), Place("ab12", 0), one(0, "mine")))
    assert "1 more row has the same text" in alone
    assert "no neighbours" not in alone


def test_what_is_near_is_said_by_what_it_is_near() -> None:
    def said(found: list[dict[str, Any]], **given: Any) -> str:
        return markup(neighborhood(answer(found, **given), Place("ab12", 0), one(0, "mine")))

    assert "1 nearest in sound" in said([one(1, "a.wav", kind="sound")])
    assert "1 nearest by edges" in said([one(1, "Ada")], edges=[])
    assert "1 nearest in meaning" in said([one(1, "a")])
    assert "2 nearest in meaning" in said([one(1, "a"), one(2, "b", kind="image")])
    far = [one(1, "a.wav", kind="sound", far_on_map=True, map_rank=90)]
    assert "Near in sound, but" in said(far)

    def run(kinds: set[str], encoder: str = "minilm", columns: tuple[str, ...] = ()) -> Any:
        dataset = SimpleNamespace(modalities=kinds, table=SimpleNamespace(columns=columns))
        return SimpleNamespace(dataset=dataset, embeddings=SimpleNamespace(encoder=encoder))

    told = [nearest_of(run({"text"})), nearest_of(run({"sound"})), nearest_of(run({"sound", "text"}))]
    assert told == ["in meaning", "in sound", "in meaning"]
    assert nearest_of(run({"text"}, GIVEN)) == "by vectors"
    assert nearest_of(run({"text"}, GIVEN, ("links to",))) == "by edges"


def test_what_stands_beyond_the_ends_of_a_line_is_said_to_be_there() -> None:
    def said(*scores: float) -> str:
        found = [one(row, "w", score=score) for row, score in enumerate(scores)]
        axis = {"low_end": "king", "high_end": "queen", "strips": [], "far_ends": [], "at_high": 1}
        return markup(between({"run": "ab12", "axis": axis, "hits": found}, Place("ab12")))

    assert "“king” stands at -1, “queen” at 1, and 0 is the middle between them." in said(1.0, -1.0)
    assert "what is beyond them is even more so" in said(1.626, -1.0)
    assert "what is beyond them is even more so" in said(0.5, -1.3)
