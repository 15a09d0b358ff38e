"""Texts are found by values of their other columns, too: ids, numbers of orders, kinds; it is said in which column."""

import random
from typing import Any

import pytest

from explorer.questions import answers, by_name, search, with_names
from explorer.ui.panels.search import cards, short
from explorer.ui.stores import Place
from tests.questions.test_bynames import called
from tests.questions.test_searching import units


def written(value: str, chance: random.Random) -> str:
    return chance.choice([value, value.lower(), f"  {value} ", f"“{value}”"])


@pytest.mark.parametrize("seed", range(10))
def test_a_search_that_is_just_a_value_of_a_column_finds_its_rows_and_says_the_column(seed: int) -> None:
    chance = random.Random(seed)
    n = chance.randint(30, 90)
    texts = [f"text {at % 40}" for at in range(n)]
    columns: dict[str, list[Any]] = {
        "id": [f"R{at:04d}" for at in chance.sample(range(900), n)],
        "order no": chance.sample(range(10_000, 10_999), n),
        "Größe": [chance.choice(["Élan", "ÄRGER", "mid size", None]) for _ in range(n)],
        "price": [chance.choice([9.5, 12.25, None]) for _ in range(n)],
    }
    run = called(texts, encoder="minilm", **columns)
    for column, values in columns.items():
        for value in {value for value in values if value is not None}:
            query = written(str(value), chance)
            found = by_name(run, query, most=n)
            assert [one["row"] for one in found["by_name"]] == [at for at, held in enumerate(values) if held == value]
            assert {one["named_by"] for one in found["by_name"]} == {column}
            assert found["by_name_in_all"] == values.count(value)
            assert len(by_name(run, query, most=2)["by_name"]) == min(2, values.count(value))
            answer = search(run, query.strip(), k=20, encode=lambda *_: units(n)[3].astype("float32"))
            told = with_names(answers.hits(run, query, answer), found)
            shown = str(cards(short(told), Place()))
            assert f"in the column “{column}”" in shown
            assert "named" not in shown.split("in the column")[0]
    for none in ("R9999", "R", "10", "nan", "None", "text 3", "size", "", "9.50001"):
        assert not by_name(run, none)
    assert by_name(run, "9.50")["by_name_in_all"] == columns["price"].count(9.5)


def test_what_all_rows_have_and_what_the_texts_themselves_say_is_no_value_of_a_column() -> None:
    texts = ["Good.", "Bad.", "Good."]
    run = called(texts, encoder="minilm", text=texts, source=["a.csv"] * 3, stars=[5, 1, 5])
    run.dataset.__dict__["text_columns"] = ("text",)
    assert not by_name(run, "Good.")
    assert not by_name(run, "a.csv")
    assert [one["row"] for one in by_name(run, "5")["by_name"]] == [0, 2]
    assert not by_name(called(["one", "two"], encoder="minilm", ok=[True, False], id=["a", "b"]), "b")


@pytest.mark.parametrize("seed", range(4))
def test_of_hits_alike_the_one_that_says_just_what_was_searched_for_is_told(seed: int) -> None:
    chance = random.Random(seed)
    people = [f"{first} {last}" for first in ("Ada", "Bo", "Cleo", "Dan") for last in ("Berg", "Garcia", "Kowalski")]
    texts = [chance.choice(people) for _ in range(40)]
    run = called(texts, encoder="minilm")
    query = chance.choice(texts)
    near = search(run, query, k=40, encode=lambda *_: units(40)[3].astype("float32"))
    for asked in (query, query.upper(), f" “{query}” "):
        told = with_names(answers.hits(run, asked, near), by_name(run, asked))
        assert {hit["row"] for hit in told["hits"] if hit.get("just_so")} == {
            row for row, text in enumerate(texts) if text == query
        }
    told = with_names(answers.hits(run, query.split()[0], near), {})
    assert not any("just_so" in hit for hit in told["hits"])
