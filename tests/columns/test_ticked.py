"""Which columns hold answers of which several may be ticked, and which rows have one of them."""

from __future__ import annotations

import json
import random

import pandas as pd
import pytest

from explorer.columns import as_labels, ticked
from explorer.columns.listcells import list_in


def answers(values: list[str | None]) -> dict[str, int] | None:
    given = pd.Series(values, dtype="str")
    found = ticked(as_labels(given), given)
    return None if found is None else dict(zip(found.answers, found.counts, strict=True))


def survey(*options: str, sign: str = ", ", rows: int = 120) -> list[str | None]:
    """Return what a form writes: the answers ticked, in the order of the form."""
    drawn = random.Random(3)
    return [sign.join(one for one in options if drawn.random() < 0.45) or None for _ in range(rows)]


@pytest.mark.parametrize("sign", [", ", "; ", ";", " | ", "\n"])
def test_answers_are_known_though_a_form_writes_them_in_one_order(sign: str) -> None:
    values = survey("Library", "Swimming pool", "Bus", "Park", sign=sign)
    found = answers(values)
    assert found == {one: sum(one in (value or "") for value in values) for one in found or ()}
    assert sorted(found or ()) == ["Bus", "Library", "Park", "Swimming pool"]
    assert list((found or {}).values()) == sorted((found or {}).values(), reverse=True)


def test_an_answer_with_the_sign_in_it_stays_whole_and_ones_own_words_are_no_answer() -> None:
    values = survey("Library", "Night school, evening classes", "Bus")
    values += ["Library, my dentist", "Bus, Library, the skate park", "none really"]
    assert set(answers(values) or ()) == {"Library", "Night school, evening classes", "Bus"}


OPTIONS = "Sauna Pool Bath Gym Bar Tennis Golf Spa Library Café Parking Night-school".split()  # noqa: SIM905


@pytest.mark.parametrize("sign", ["; ", ";", "|", "json"])
@pytest.mark.parametrize("seed", range(25))
def test_what_is_ticked_is_counted_though_some_never_stands_alone(sign: str, seed: int) -> None:
    drawn = random.Random(seed)
    options = drawn.sample(OPTIONS, drawn.randint(3, 8))
    beside = options[1] if drawn.random() < 0.5 else ""
    rows = []
    for _ in range(drawn.choice([20, 60, 150])):
        ticks = [one for one in options if drawn.random() < drawn.choice([0.3, 0.6])]
        ticks = ticks if len(ticks) != 1 or ticks[0] != beside else [*options[:2]]
        rows.append(drawn.sample(ticks, len(ticks)) if sign == "json" else ticks)
    counts = {one: sum(one in ticks for ticks in rows) for one in options}
    values = [json.dumps(ticks) if sign == "json" else sign.join(ticks) or None for ticks in rows]
    assert answers(values) == {one: count for one, count in counts.items() if count}


def test_parts_that_always_come_together_are_answers_where_no_comma_parts_them() -> None:
    assert answers(["Sauna; Pool; Bath", "Pool; Bath", "Sauna", "Pool; Bath; Sauna"] * 3) == {
        "Sauna": 9, "Bath": 9, "Pool": 9
    }  # fmt: skip
    assert answers(["Sauna;Pool;", "sauna;", "Pool;Bath;", "Sauna;Bath;"] * 3) == {"Sauna": 9, "Bath": 6, "Pool": 6}
    assert answers(["Home|Garden", "Home|Garden|Tools", "Home|Kitchen", "Home|Kitchen|Knives", "Home"] * 3) is None


def test_members_of_lists_are_answers_whatever_stands_in_them() -> None:
    values = ['["Paris, France", "Rome"]', '["Rome"]', '["Oslo; north", "Rome"]', "[]", None, '["Paris, France"]']
    assert answers(values) == {"Rome": 3, "Paris, France": 2, "Oslo; north": 1}
    assert answers(["[1.5, 2.5]", "[2.5, 3.5]"] * 5) is None


def test_lists_of_tags_are_answers() -> None:
    assert answers(['["gift","promo"]', '["promo", "gift"]', '["gift"]', '["promo", "new"]', '["new"]', "[]"]) == {
        "gift": 3, "promo": 3, "new": 2
    }  # fmt: skip


@pytest.mark.parametrize(
    "values",
    [
        ["Paris, France", "Lyon, France", "Berlin, Germany", "Bonn, Germany", "Paris, France"] * 3,
        ["Yes, but slow", "Yes, and friendly", "No, never", "No, not here", "Yes, I think", "Yes, but dear"] * 2,
        ["Haushalt", "Küche", "Garten, Balkon", "Büro", "Garten, Balkon"] * 4,
        ["Yes", "No", "Yes"],
        ["The bus was late, as always, and full.", "The pool was cold, as always, and full.", "Late, as always."],
        ["Smith, John", "Smith, Ann", "Miller, John", "Baker, Tom"],
        [None, None],
        ["1, 2, 3" + ", 4" * 400] * 3 + ["2, 3"],
    ],
)
def test_places_names_sentences_and_plain_categories_are_none(values: list[str | None]) -> None:
    assert answers(values) is None


def test_the_rows_with_an_answer_are_told() -> None:
    values = survey("Library", "Swimming pool", "Bus")
    found = ticked(pd.Series(values, dtype="str"))
    assert found is not None
    assert found.having("Bus").tolist() == ["Bus" in (value or "") for value in values]
    assert not found.having("Train").any()


def test_letters_between_a_greeting_and_a_name_are_no_answers() -> None:
    drawn = random.Random(5)
    ends = [
        ["Hi,", "Dear Sir,", "Hello,"],
        ["Kind regards,", "Best,"],
        ["Søren K.", "Priya N.", "Ada"],
        ["Team", "Office"],
    ]
    letters: list[str | None] = []
    for at in range(120):
        greeting, *below = map(drawn.choice, ends)
        body = f"the money of case {at} is on its way" if at % 5 < 3 else f"answer {at % 2}"
        letters.append("\n".join([greeting, body, *below]))
    assert answers(letters) is None


def test_where_passages_stand_in_their_document_is_no_answer() -> None:
    parts = [f"under “How can I pause, or end it {at % 6}?”, part {part}" for at in range(24) for part in (1, 2, 3)]
    pages = [f"pages {at % 4 + 1}–{at % 4 + 2}, characters {at}–{at + 9}" for at in range(24)]
    assert answers(parts) is None
    assert answers(pages) is None


def printed(ticks: list[str], form: str) -> str:
    marked = [f"'{one}'" if "'" not in one else f'"{one}"' for one in ticks]
    bare = [f'"{one}"' if any(sign in one for sign in " ,'") else one for one in ticks]
    if form == "flags":
        return json.dumps(dict.fromkeys(ticks, True) | {"Never": False})
    if form == "python flags":
        return str(dict.fromkeys(ticks, True) | {"Never": None})
    return {
        "python": f"[{', '.join(marked)}]",
        "numpy": f"[{' '.join(marked)}]",
        "tuple": f"({', '.join(marked)}{',' if len(marked) == 1 else ''})",
        "set": f"{{{', '.join(marked)}}}" if marked else "set()",
        "r": f"c({', '.join(json.dumps(one, ensure_ascii=False) for one in ticks)})",
        "java": f"[{', '.join(ticks)}]",
        "postgresql": f"{{{','.join([*bare, 'NULL'])}}}",
    }[form]


@pytest.mark.parametrize(
    "form", ["python", "numpy", "tuple", "set", "r", "java", "postgresql", "flags", "python flags"]
)
@pytest.mark.parametrize("seed", range(6))
def test_lists_as_programs_write_them_are_answers(form: str, seed: int) -> None:
    drawn = random.Random(seed)
    options = drawn.sample(["Bus", "Park", "Swimming pool", "Library", "Café"], 4)
    options += ["Night school, late"] if form != "java" else []
    options += ["Driver's seat"] if form not in ("python flags",) else []
    rows = [drawn.sample(options, drawn.randint(0, 3)) for _ in range(60)]
    counts = {one: sum(one in ticks for ticks in rows) for one in options}
    assert answers([printed(ticks, form) for ticks in rows]) == counts


def test_prose_in_brackets_and_vectors_are_no_lists() -> None:
    assert answers(["[laughs] Yes, [cries]", "(no, never)", "[0.1 0.2]", "{0.5,1.5}", "c(1, 2)", "(a, b)"] * 3) is None
    for cell in ("(no, never)", "[0.1 0.2]", "[1, 2]", "{0.5,1.5}", "c(1, 2)", "[a] (b)", "{'a': 5}", "]", "['a"):
        assert list_in(cell) is None


@pytest.mark.parametrize("seed", range(12))
def test_captions_and_names_in_two_parts_are_no_answers_however_they_are_combined(seed: int) -> None:
    drawn = random.Random(seed)
    things = [
        f"a {one} {two}" for one in ("red", "small", "wet") for two in ("dog in snow", "cup of tea", "boat", "bus")
    ]
    views = ["seen closer", "in the evening", "from far above", "a bit blurred", "near the road"]
    captions = []
    for _ in range(200):
        behind = drawn.sample(views, drawn.choice([0, 1, 1, 1, 2] if seed % 2 else [0, 1, 1]))
        captions.append(", ".join([drawn.choice(things), *behind]))
    assert answers([*captions]) is None
    names = [f"{drawn.choice(['Smith', 'Miller', 'Baker'])}, {drawn.choice(['Ann', 'John', 'Tom'])}" for _ in range(99)]
    assert answers([*names]) is None
    options = ["I use the bus every day", "I walk to the shop", "I cycle in summer", "I drive when it rains"]
    assert set(answers(survey(*options)) or ()) == set(options)
