"""Numbers that stand with what they mean, and what people write where they have none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from explorer.columns import only_stands_for_none, read


def numbers(values: list[str | None], name: str = "answer") -> list[float | None] | None:
    """Return a column as numbers, None for none of them; None where it is not read as numbers."""
    seen = read(pd.Series(values, dtype="str"), name)
    if seen.reading.kind != "number" or seen.numbers is None:
        return None
    return [None if np.isnan(one) else float(one) for one in seen.numbers]


@pytest.mark.parametrize(
    ("top", "value"),
    [
        ("10 - very likely", 10),
        ("0 = gar nicht", 0),
        ("5 (sehr gut)", 5),
        ("1: strongly disagree", 1),
        ("7–ganz", 7),
        ("-3 → much worse", -3),
        ("9. おおいに", 9),
        ("4) d'accord", 4),
    ],
)
def test_an_answer_with_its_label_is_its_number_on_the_scale(top: str, value: float) -> None:
    plain = [str(one) for one in range(11)] * 3
    assert numbers([*plain, top, top, top, top, top, top, top]) == [float(one) for one in plain] + [value] * 7


@pytest.mark.parametrize(
    "others",
    [
        ["12 - Main Street", "12 - Park Lane"],  # one number, two labels: addresses
        ["3 - 4 weeks", "2 - 3 weeks"],  # a span
        ["10 very likely or so, and that is it", "4 doors"],  # no sign between them
    ],
)
def test_what_only_looks_like_a_label_is_none(others: list[str]) -> None:
    told = numbers([*[str(one) for one in range(11)] * 3, *others])
    assert told is not None
    assert told[-2:] == [None, None]


def test_a_column_of_labels_alone_has_categories() -> None:
    assert numbers(["1 - no", "2 - maybe", "3 - yes"] * 4) is None


@pytest.mark.parametrize(
    "word",
    ["k. A.", "k.A.", "Keine Angabe", "n/a", "N/A", "None given", "s/o", "n.d.", "No answer", "sin dato", "?", "-", "–",
     "brak danych", "нет данных", "無回答", "Unknown", "prefer not to say"],
)  # fmt: skip
def test_the_words_for_no_answer_are_missing_among_numbers_and_dates(word: str) -> None:
    amounts = pd.Series(["12,50", "8", f" {word} ", "7,25", word, None, ""] * 3, dtype="str")
    seen = read(amounts, "Kosten")
    assert (seen.reading.kind, seen.unread) == ("number", 0)
    days = pd.Series(["24.2.2025", "13.4.2025", word, "2.1.2024"] * 3, dtype="str")
    assert (read(days, "day").reading.kind, read(days, "day").unread) == ("date", 0)
    assert (
        only_stands_for_none(amounts, among_words=False).tolist() == [False, False, True, False, True, False, False] * 3
    )


def test_among_words_they_may_be_answers() -> None:
    said = pd.Series(["unknown", "None", "?", "n/a", "good"])
    assert only_stands_for_none(said, among_words=True).tolist() == [False, False, False, True, False]


@pytest.mark.parametrize("form", ["{} / 5", "{}/5", "{} of 5", "{} out of 5", "{} von 5", "{} sur 5"])
def test_marks_out_of_a_most_are_numbers(form: str) -> None:
    assert numbers([form.format(at) for at in (4, 1, 5, 2)]) == [4, 1, 5, 2]
    assert numbers([form.format(at) for at in ("4,5", "1", "3", "2,5")]) == [4.5, 1, 3, 2.5]


@pytest.mark.parametrize(
    "values", [["1 of 9", "3 of 4", "2 of 2"], ["3/4", "5/4", "7/4"], ["4 / 5", "1 / 5", "no idea", "5 / 5"]]
)
def test_parts_of_different_wholes_are_no_marks(values: list[str | None]) -> None:
    assert numbers(values) is None
