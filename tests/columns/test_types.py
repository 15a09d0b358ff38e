"""What a column holds beyond numbers, dates and categories, and what may be set of it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from explorer.columns import readings, types_of


def told(values: Any, name: str = "c") -> tuple[str, list[str]]:
    """Return what a column holds, and what may be set of it."""
    column = pd.Series(values)
    kind, types = types_of(column, name, readings(column, name))
    return kind, list(types)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([f"https://a.example/{i % 7}?q=1" for i in range(30)], "link"),
        ([f"shots/{i}.JPG" for i in range(30)], "picture"),
        (["[0.1, -2, 3e-4]", "[1, 2, 3, 4]", "[.5, 1, 2]"] * 10, "category"),  # a third of them has no such number
        (["[0.1, -2, 3e-4]", "(1 2 3 4)"] * 10, "vector"),
        ([f"A-{i:05d}" for i in range(30)], "id"),
        ([10**11 + 7919 * i for i in range(30)], "id"),
        ([10**17 + 7919 * i for i in range(30)], "id"),
        (pd.array([None, *(10**18 + 7919 * i for i in range(30))], dtype="Int64"), "id"),
        ([str(10**18 + 7919 * i) for i in range(30)], "id"),
        ([f"A-{i % 28:05d}" for i in range(30)], "id"),  # two come twice
        ([10**17, 10**17 + 1] * 15, "category"),
        ([f"{7 + i % 12:02d}:{(i * 7) % 60:02d}" for i in range(30)], "date"),
        (["ann", "bob", "cleo", "dora", "emil"] * 3, "category"),
        ([f"said {i} in so many words" for i in range(30)], "text"),
        ([1.5, 2.5, 3.25, 8.0], "number"),
        ([f"{i + 1:02d}.03.2024" for i in range(28)], "date"),
        ([True, False, None], "category"),
        ([None, None], "category"),
        ([], "category"),
    ],
)
def test_a_column_is_told_by_what_its_values_look_like(values: Any, kind: str) -> None:
    assert told(values)[0] == kind


def test_letters_alone_are_ids_where_the_column_is_called_so() -> None:
    names = [f"{a}{b}" for a in "abcdef" for b in "uvwxyz"]
    assert told(names, "word")[0] == "text"
    assert told(names, "userId")[0] == "id"


def test_only_what_a_column_allows_may_be_set_its_own_reading_first() -> None:
    assert told(["n", "m"] * 5)[1] == ["category", "text", "id"]
    assert told([1, 2, 3, 4])[1] == ["number", "category", "text", "id"]
    assert told(["01/02/2024", "03/04/2024"] * 5)[1][:3] == ["date:dmy", "category", "date:mdy"]
    without_doubt = [f"{day:02}.0{1 + day % 9}.2024" for day in range(1, 29)]
    assert "date:mdy" not in told(without_doubt)[1], "no month is the 13th or more"
    assert "link" in told(["http://a.b/c", "see there"] * 5)[1]


def test_endless_values_are_judged_by_their_beginnings() -> None:
    assert told(["[1, 2, 3" + ", 4" * 1_000_000 + "]"] * 20)[0] == "vector"
    assert told(["x " * 1_000_000 + str(i) for i in range(3)])[0] == "category"
