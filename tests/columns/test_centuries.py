"""Years of two digits: which century they are of, and whether that is sure."""

from __future__ import annotations

import random

import pandas as pd
import pytest

from explorer.columns import dates, read

BIRTHDAYS = (
    "Geburtsdatum",
    "birthday",
    "date_of_birth",
    "DOB",
    "born",
    "Naissance",
    "né le",
    "Fecha de nacimiento",
    "geb.",
)
OTHERS = ("Datum", "date", "dobro", "gebäude", "suborn", "place")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "form", ["{day:02d}.{month:02d}.{year:02d}", "{day}-Mar-{year:02d}", "{month:02d}/{day:02d}/{year:02d}"]
)
def test_no_day_of_birth_is_to_come(monkeypatch: pytest.MonkeyPatch, seed: int, form: str) -> None:
    monkeypatch.setattr(dates, "this_year", lambda: 2026)
    dice = random.Random(seed)
    years = [dice.randint(1927, 2026) for _ in range(40)]
    texts = [form.format(day=dice.randint(13, 28), month=dice.randint(1, 12), year=year % 100) for year in years]
    for name in BIRTHDAYS:
        seen = read(pd.Series(texts, dtype="str"), name)
        assert (seen.reading.kind, seen.reading.sure) == ("date", False)  # some may be a hundred years older
        assert seen.numbers is not None
        assert pd.to_datetime(seen.numbers, unit="s").year.tolist() == years
    for name in OTHERS:
        seen = read(pd.Series(texts, dtype="str"), name)
        assert seen.numbers is not None
        wanted = [year % 100 + (1900 if year % 100 >= 69 else 2000) for year in years]
        assert pd.to_datetime(seen.numbers, unit="s").year.tolist() == wanted
        assert not seen.reading.sure


@pytest.mark.parametrize(
    ("years", "sure"), [((70, 85, 99), True), ((1, 20, 26), True), ((99, 1, 2), False), ((20, 26, 30), False)]
)
def test_where_a_pivot_decides_years_on_both_sides_or_to_come_are_not_sure(
    monkeypatch: pytest.MonkeyPatch, years: tuple[int, ...], sure: bool
) -> None:
    monkeypatch.setattr(dates, "this_year", lambda: 2026)
    for form in ("24.03.{:02d}", "24 March {:02d}"):
        assert read(pd.Series([form.format(one) for one in years] * 3, dtype="str"), "when").reading.sure is sure
    long = pd.Series([f"24.03.{1900 + one}" for one in years] + ["24.03.2050"], dtype="str")
    assert read(long, "when").reading.sure


@pytest.mark.parametrize("seed", range(6))
def test_what_is_not_sure_of_a_date_is_named_and_nothing_else(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(dates, "this_year", lambda: 2026)
    dice = random.Random(seed)
    last = dice.choice([1999, 2010])
    born = [f"{dice.randint(1, 12)}/{dice.randint(1, 28)}/{dice.randint(1940, last) % 100:02}" for _ in range(30)]
    living = read(pd.Series([*born, "12/19/86", "1/1/10"], dtype="str"), "Date of birth").reading
    assert (str(living), living.sure, living.doubt) == ("date:mdy", True, "")  # nobody is a hundred and sixteen
    child = read(pd.Series([*born, "12/19/86", "1/1/20"], dtype="str"), "Date of birth").reading
    assert (child.sure, child.doubt) == (False, "the year 20 is taken as 2020, may be a hundred years older")
    other = read(pd.Series([*born, "12/19/86", "1/1/10", "1/1/40"], dtype="str"), "when").reading
    assert not other.sure
    assert "to come" in other.doubt
    assert "months" not in other.doubt
    order = read(pd.Series(["01/02/2024", "03/04/2024"], dtype="str"), "when").reading
    assert (order.sure, "months" in order.doubt, "year" in order.doubt) == (False, True, False)


@pytest.mark.parametrize(
    "values", [["1,234", "2,345"], ["1.5", "1e5", "2E7"], ["12E4", "13E4", "9E1"], ["01/02/03"] * 3]
)
def test_whatever_is_not_sure_is_named(values: list[str]) -> None:
    for name in ("n", "Date of birth"):
        reading = read(pd.Series(values, dtype="str"), name).reading
        assert reading.sure is (not reading.doubt)
