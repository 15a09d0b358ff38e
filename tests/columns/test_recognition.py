"""Columns as people write them, each with the kind that it should be read as, and what its values then are."""

import random
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from explorer.columns import (
    answered,
    clock,
    dates,
    decimal_of,
    filled,
    only_stands_for_none,
    parse_reading,
    read,
    readings,
)
from explorer.errors import BadSetting
from explorer.questions.scales import dated

KINDS: tuple[tuple[str, list[Any], str, Any], ...] = (
    # column, values, reading, the first value as read (dates: ISO)
    ("when", ["28.10.2025 16:53", "1.2.2025 6:05"], "date:dmy", "2025-10-28T16:53:00"),
    ("when", ["10/28/25", "1/2/25"], "date:mdy", "2025-10-28T00:00:00"),
    ("when", ["28/10/2025", "1/2/2025"], "date:dmy", "2025-10-28T00:00:00"),
    ("when", ["28-10-2025", "01-02-2025"], "date:dmy", "2025-10-28T00:00:00"),
    ("when", ["28.10.25", "01.02.24"], "date:dmy", "2025-10-28T00:00:00"),
    ("when", ["99/12/31", "98/10/30"], "date:ymd", "1999-12-31T00:00:00"),
    ("when", ["25-03-01", "25-03-02", "25-03-03", "25-04-03"], "date:ymd", "2025-03-01T00:00:00"),
    ("when", ["13-03-25", "14-03-25", "15-03-25"], "date:dmy", "2025-03-13T00:00:00"),
    ("Created", ["01/Mar/25 10:00 AM", "02/Mar/25 1:30 PM"], "date", "2025-03-01T10:00:00"),
    ("when", ["01MAR2025:10:00:00", "02MAR2025:23:00:00"], "date", "2025-03-01T10:00:00"),
    ("when", ["01/Mar/2025:10:00:00 +0100", "02/Mar/2025:10:00:00 +0100"], "date", "2025-03-01T09:00:00"),
    ("Timestamp", ["2026/09/13 8:27:00 AM EET", "2026/07/13 1:00:00 PM EEST"], "date", "2026-09-13T06:27:00"),
    ("date", ["Mon Apr 06 22:19:10 PDT 2009", "Tue Apr 07 01:00:00 PDT 2009"], "date", "2009-04-07T05:19:10"),
    ("when", ["20250301T100000Z", "20250313T113000Z"], "date", "2025-03-01T10:00:00"),
    ("when", ["2025年3月1日", "2025年12月13日"], "date", "2025-03-01T00:00:00"),
    ("when", ["2025年3月1日 下午4:53:12", "2025年3月2日 上午4:53:12"], "date", "2025-03-01T16:53:12"),
    ("when", ["2025. 3. 1. 오전 10:00", "2025. 3. 13. 오후 1:05"], "date", "2025-03-01T10:00:00"),
    ("when", ["2025/03/01(土) 10:00", "2025/03/13(木) 11:00"], "date", "2025-03-01T10:00:00"),
    ("MASCH", ["101", "102", "205", "310"] * 20, "category", None),
    ("MASCH", [101, 102, 205, 310] * 20, "category", None),
    ("price", [100, 200, 450] * 20, "number", 100),
    ("year", [2021, 2022, 2024] * 20, "number", 2021),
    ("Inv. no.", ["1890.1", "1890.2", "1901.15"], "category", None),
    ("Inv. no.", [1890.1, 1890.2, 1901.15], "category", None),
    ("inventory", ["1890.1", "1890.2", "1901.15"], "number:.", 1890.1),
    ("when", ["28 Oct 2025", "1st November 2025"], "date", "2025-10-28T00:00:00"),
    ("when", ["Oct 28, 2025 4:53 PM", "October 1, 2025 12:05 am"], "date", "2025-10-28T16:53:00"),
    ("when", ["28. Oktober 2025", "1. März 2025", "3. Dez. 2024 um 9:15 Uhr"], "date", "2025-10-28T00:00:00"),
    ("when", ["Di, 28. Okt 2025", "Mittwoch, 29. Okt 2025"], "date", "2025-10-28T00:00:00"),
    ("when", ["28 octobre 2025", "1er août 2025 à 9h15", "mar. 3 déc. 2024"], "date", "2025-10-28T00:00:00"),
    ("when", ["3 fe\u0301vrier 2025", "14\u00a0juillet\u00a02025"], "date", "2025-02-03T00:00:00"),
    ("when", ["28 de octubre de 2025", "miércoles, 1 de enero del 2025", "5 dic 2024"], "date", "2025-10-28T00:00:00"),
    ("when", ["1º gennaio 2025", "martedì 28 ottobre 2025 alle 16:53", "3 mag. 25"], "date", "2025-01-01T00:00:00"),
    ("when", ["28 de março de 2025", "terça-feira, 1 de abril de 2025"], "date", "2025-03-28T00:00:00"),
    ("when", ["28 mei 2025", "maandag 3 maart 2025"], "date", "2025-05-28T00:00:00"),
    ("when", ["août 2025", "septembre 2025"], "date", "2025-08-01T00:00:00"),
    ("when", ["2025-10-28T16:53:07.250+02:00", "2025-10-28T16:53Z"], "date", "2025-10-28T14:53:07.250"),
    ("when", ["2025-10-28", "2025/10/29", "2025-10-30 16:53"], "date", "2025-10-28T00:00:00"),
    ("when", ["Wed Oct 10 20:19:24 +0000 2018", "Thu Oct 11 20:19:24 +0200 2018"], "date", "2018-10-10T20:19:24"),
    ("when", ["Tue, 28 Oct 2025 16:53:00 +0100", "Wed, 29 Oct 2025 16:53:00 GMT"], "date", "2025-10-28T15:53:00"),
    ("when", ["2025/09/14 3:18:00 PM GMT+2", "2025/10/01 11:02:00 AM GMT+2"], "date", "2025-09-14T13:18:00"),
    ("when", ["2025-09-14 03:18 UTC-05:30", "2025-09-15 03:18 utc"], "date", "2025-09-14T08:48:00"),
    ("when", ["18. 6. 2025", "1. 12. 2024 8:05", "30. 11. 2025"], "date:dmy", "2025-06-18T00:00:00"),
    ("when", ["2025-10", "2025-11"], "date", "2025-10-01T00:00:00"),
    ("when", ["Mar 2024", "April 2024"], "date", "2024-03-01T00:00:00"),
    ("until", ["9999-12-31", "1600-01-01"], "date", "9999-12-31T00:00:00"),
    ("created_at", ["1761670380", "1761670390", "1700000000"], "date:s", "2025-10-28T16:53:00"),
    ("createdAt", [1761670380250, 1761670390000, 1700000000000], "date:ms", "2025-10-28T16:53:00.250"),
    ("x", [str(1_600_000_000 + 86_400 * i) for i in range(30)], "date:s", "2020-09-13T12:26:40"),
    ("day", [20240131, 20240229, 20231201], "date:compact", "2024-01-31T00:00:00"),
    ("order_id", [str(1_600_000_000 + i) for i in range(30)], "number", 1.6e9),
    ("x", [str(1_600_000_000 + i) for i in range(30)], "number", 1.6e9),
    ("serial", ["45292", "45293", "45294"], "number", 45292.0),
    ("score", [0, 10, 7, 3], "number", 0.0),
    ("score", ["0", "10", "7", "3"], "number", 0.0),
    ("label", [0, 10, 7, 3], "category", None),
    ("bit", ["0", "1", "0"], "category", None),
    ("year", ["2019", "2020", "2021"], "number", 2019.0),
    ("price", ["3,50", "12,99", "7"], "number:,", 3.5),
    ("price", ["1.234,50 €", "2,00 €", "7 €"], "number:,", 1234.5),
    ("price", ["$1,234.50", "$2.00", "-$7", "($3)"], "number:.", 1234.5),
    ("price", ["USD 1,234.50", "USD 2", "USD 3"], "number:.", 1234.5),
    ("price", ["CHF 1'234.50", "CHF 2.00", "CHF 3.10"], "number:.", 1234.5),
    ("people", ["12 345", "1 234 567", "7"], "number", 12345.0),
    ("people", ["12\u202f345", "1\u00a0234\u00a0567", "7"], "number", 12345.0),
    ("people", ["1.234.567", "2.345", "3"], "number:,", 1234567.0),
    ("people", ["12,34,567", "1,234", "5"], "number:.", 1234567.0),
    ("share", ["12.5 %", "3%", "100%"], "number:.", 12.5),
    ("share", ["12,5%", "3%", "100%"], "number:,", 12.5),
    ("n", ["(5)", "6", "\u22127"], "number", -5.0),
    ("n", ["1.5e-7", "2.5E+3", "4"], "number:.", 1.5e-7),
    ("n", ["1e300", "-1e300", "0"], "number", 1e300),
    ("weight", ["0.500", "1.234", "2.750"], "number:.", 0.5),
    ("n", ["+5", "-6", "0"], "number", 5.0),
    ("n", [".5", "5.", "7"], "number:.", 0.5),
    ("id", ["007", "123", "9"], "category", None),
    ("phone", ["+442079460000", "2079460001", "2079460002"], "category", None),
    ("contact", ["+442079460000", "+442079460001", "2079460002"], "category", None),
    ("zip", ["80331", "10115", "20095"], "category", None),
    ("Postcode", ["80331", "10115", "20095"], "category", None),
    ("app_version", ["1.1", "1.2", "1.3"], "category", None),
    ("release", ["1.1", "1.10", "1.2", "1.20"], "category", None),
    ("ip", ["10.0.0.1", "192.168.1.20", "10.0.0.2"], "category", None),
    ("host", ["10.0.0.1", "192.168.1.20", "10.0.0.2"], "category", None),
    ("weight", ["5 kg", "7 kg", "12 kg"], "category", None),
    ("paid", ["$5", "€6", "£7"], "category", None),
    ("at", ["09:30", "10:15", "23:59"], "date:clock", "1970-01-01T09:30:00"),
    ("opens", ["7:05 PM", "8:10 am", "12:00 PM", "12:05 a.m."], "date:clock", "1970-01-01T19:05:00"),
    ("ab", ["7.30 Uhr", "18 Uhr", "9:15 Uhr"], "date:clock", "1970-01-01T07:30:00"),
    ("at", ["午後4:53", "午前9:10", "18:30:15"], "date:clock", "1970-01-01T16:53:00"),
    ("duration", ["1:23:45", "36:10:00", "0:59:59"], "date:clock", "1970-01-01T01:23:45"),
    ("took", ["1 day, 12:00:00", "2:30:00", "0 days 03:00:15"], "date:clock", "1970-01-02T12:00:00"),
    ("verse", ["3:16", "12:31", "119:105"], "category", None),
    ("result", ["2:1", "3:0", "1:1"], "category", None),
    ("at", ["25:75", "12:99", "07:00"], "category", None),
    ("batch", ["1E00", "1E39", "1000E1", "12E4"], "category", None),
    ("batch", ["1E10", "2E39", "1E31", "5E14"], "category", None),
    ("batch", ["12E4", "12A4", *["13E5", "9E1", "120E4"] * 6], "category", None),
    ("n", ["1.5e-3", "2E4", "3"], "number:.", 1.5e-3),
    ("n", ["1E+05", "2E+05", "12E+06"], "number", 1e5),
    ("n", ["0.5", "2E4", "30E2"], "number:.", 0.5),
    ("key", [100234567891, 100934567892, 171234567893], "category", None),
    ("key", ["100234567891", "100934567892", "171234567893"], "category", None),
    ("budget", [100_000_000_000, 250_000_000_000, 171_500_000_000], "number", 1e11),
    ("size", [100_234_567_891, 1_234, 171_234], "number", 100_234_567_891.0),
    ("week", ["2024-W05", "2024-W06", "2024-W07"], "category", None),
    ("code", ["0x1F", "0x2A", "0x3B"], "category", None),
    ("flag", ["yes", "no", "yes"], "category", None),
    ("flag", ["ja", "nein", "ja"], "category", None),
    ("flag", [True, False, True], "category", None),
    ("account", [90071992547409930, 90071992547409931, 90071992547409932], "category", None),
    ("account", ["90071992547409930", "90071992547409931", "12"], "category", None),
    ("mixed", ["2024-02-30", "2024-02-31", "2024-02-01"], "category", None),
    ("empty", [None, None, None], "category", None),
    ("answer", ["NA", "n/a", "none"], "category", None),
)  # fmt: skip


def first(values: Sequence[Any], name: str) -> Any:
    seen = read(pd.Series(values), name)
    if seen.numbers is None:
        return None
    if seen.reading.kind != "date":
        return float(seen.numbers[0])
    assert not np.isnan(seen.numbers[0])
    text = str(np.datetime64(round(seen.numbers[0] * 1000), "ms"))
    return text.removesuffix(".000")


@pytest.mark.parametrize(("name", "values", "reading", "value"), KINDS, ids=lambda given: str(given)[:40])
def test_a_column_is_read_as_people_mean_it(name: str, values: list[Any], reading: str, value: Any) -> None:
    column = pd.Series(values)
    seen = read(column, name)
    assert str(seen.reading) == reading
    assert seen.reading.sure
    assert first(values, name) == value
    assert str(readings(column, name)[0]) == reading
    assert seen.unread == 0
    assert column.tolist() == values or column.isna().all()


@pytest.mark.parametrize(("name", "values", "reading", "value"), KINDS, ids=lambda given: str(given)[:40])
def test_gaps_and_a_bad_value_leave_a_column_what_it_is(name: str, values: list[Any], reading: str, value: Any) -> None:
    if not isinstance(values[0], str) or reading == "category" or len(values) > 10:
        return
    many = [values[0], *([None, "", " ", "n/a"] * 20), *values * 4, "to be announced"]
    seen = read(pd.Series(many), name)
    assert str(seen.reading) == reading
    assert (seen.unread, seen.examples) == (1, ("to be announced",))
    assert np.isfinite(seen.numbers).sum() == 1 + 4 * len(values)  # type: ignore[arg-type]
    assert first(many, name) == value


def test_the_whole_column_decides_what_comes_first() -> None:
    ambiguous = ["01/02/2024", "03/04/2024", "05/06/2024"] * 500
    seen = read(pd.Series(ambiguous), "d")
    assert (str(seen.reading), seen.reading.sure) == ("date:dmy", False)
    assert {"date:dmy", "date:mdy", "category"} == {str(one) for one in readings(pd.Series(ambiguous), "d")}
    decided = read(pd.Series([*ambiguous, "12/31/2024"]), "d")
    assert (str(decided.reading), decided.reading.sure, decided.unread) == ("date:mdy", True, 0)
    torn = read(pd.Series([*ambiguous, "12/31/2024", "12/30/2024", "31/12/2024"]), "d")
    assert (str(torn.reading), torn.unread, torn.examples) == ("date:mdy", 1, ("31/12/2024",))
    wanted = read(pd.Series(ambiguous), "d", parse_reading("date:mdy"))
    assert wanted.numbers is not None
    assert np.datetime64(int(wanted.numbers[0]), "s") == np.datetime64("2024-01-02")
    same = read(pd.Series(["01/01/2024", "02/02/2024"]), "d")
    assert same.reading.sure


def test_the_whole_column_and_its_table_decide_which_sign_is_the_decimal_one() -> None:
    thousand = pd.Series(["1.234", "2.345", "12.500"])
    alone = read(thousand, "n")
    assert (str(alone.reading), alone.reading.sure) == ("number:.", False)
    assert alone.numbers is not None
    assert alone.numbers.tolist() == [1.234, 2.345, 12.5]
    table = pd.DataFrame({"people": thousand, "grade": ["3,5", "2,75", "1,0"]})
    beside = read(thousand, "n", decimal=decimal_of(table))
    assert beside.numbers is not None
    assert (beside.reading.sure, beside.numbers.tolist()) == (True, [1234.0, 2345.0, 12500.0])
    assert str(read(pd.Series(["1.234", "2.345", "1.5"]), "n", decimal=",").reading) == "number:."
    assert decimal_of(pd.DataFrame({"a": ["3,5"], "b": ["3.5"]})) == ""


def test_what_is_wanted_is_done_and_what_cannot_be_is_counted() -> None:
    ids = pd.Series(["007", "123", "x"])
    seen = read(ids, "id", parse_reading("number"))
    assert seen.numbers is not None
    assert (seen.numbers[:2].tolist(), seen.unread, seen.examples) == ([7.0, 123.0], 1, ("x",))
    assert read(pd.Series([1, 2, 3]), "n", parse_reading("category")).numbers is None
    assert read(pd.Series(["red", "blue"]), "c", parse_reading("date")).unread == 2
    with pytest.raises(BadSetting, match="category, number, date"):
        parse_reading("date:ydm")


def test_dates_with_types_are_read_as_they_are_whatever_their_unit() -> None:
    for unit in ("s", "ms", "us", "ns"):
        seen = read(pd.Series(np.array(["2024-01-31T10:00:00", "NaT"], f"datetime64[{unit}]")), "d")
        assert seen.numbers is not None
        assert seen.numbers[0] == 1706695200
        assert np.isnan(seen.numbers[1])
    zoned = pd.Series(pd.date_range("2024-01-31", periods=2, tz="Europe/Vienna"))
    assert str(read(zoned, "d").zone) == "Europe/Vienna"


def test_impossible_days_and_times_are_no_dates() -> None:
    values = pd.Series(["2023-02-29", "2024-02-29", "2024-13-01", "2024-04-31", "2024-01-01 25:61", "0000-01-01"])
    seen = read(values, "d", parse_reading("date"))
    assert seen.numbers is not None
    assert np.isfinite(seen.numbers).tolist() == [False, True, False, False, False, False]


def test_what_only_stands_for_no_value_is_missing_among_categories_and_what_may_be_an_answer_stays() -> None:
    values = pd.Series(["DE", "NA", "n/a", " - ", "N/A", "None", "none", "", None, "?", "NULL", "–"])
    assert answered(values).dropna().tolist() == ["DE", "NA", "None", "none", "?"]
    assert filled(values).notna().sum() == 10  # the values as written are kept
    assert answered(pd.Series([1.0, None])).notna().tolist() == [True, False]


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u00a0", "\u3000", "\x1c", "\x85"])
def test_blank_strings_are_missing_whatever_the_blanks(blank: str) -> None:
    assert filled(pd.Series(["a", blank, None])).isna().tolist() == [False, True, True]
    assert filled(pd.Series(["a", "b"])).tolist() == ["a", "b"]
    assert filled(pd.Series(pd.Categorical(["a", blank]))).isna().tolist() == [False, True]


def test_the_months_of_each_language_are_told_apart() -> None:
    for language, names in dates.MONTHS.items():
        written = [f"3 {name.upper()} 2025" for name in names.split()]
        seen = read(pd.Series(written), "when")
        months = np.asarray(seen.numbers, "datetime64[s]").astype("datetime64[M]").astype(int) % 12
        assert months.tolist() == list(range(12)), language


@pytest.mark.parametrize("word", ["before 1960", "bequest"])
def test_dates_beside_one_word_that_comes_again_and_again_are_dates(word: str) -> None:
    days = [f"{1 + row % 28}.{1 + row % 12}.{1960 + row % 39}" for row in range(90)]
    seen = read(pd.Series(days + [word] * 90, dtype="str"), "acquired")
    assert (str(seen.reading), seen.unread) == ("date:dmy", 90)
    few = read(pd.Series(days[:3] * 30 + [word] * 90, dtype="str"), "acquired")
    assert few.reading.kind == "category"
    several = read(pd.Series(days + ["lent", "sold", "lost"] * 30, dtype="str"), "acquired")
    assert several.reading.kind == "category"


def test_few_strings_are_the_same_dates_as_very_many(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(0)
    said = [str(value) for _, values, reading, _ in KINDS for value in values if "date" in reading]
    texts = [*said, *(changed(chance.choice(said), chance) for _ in range(4_000))]
    array = pa.array([*texts, None], pa.large_string())
    monkeypatch.setattr(dates, "_FEW", 0)
    many = dates.taken_apart(array)
    monkeypatch.setattr(dates, "_FEW", len(array))
    few = dates.taken_apart(array)
    assert 150 < few.there.sum() < len(texts) - 150
    for field in fields(few):
        assert np.array_equal(getattr(few, field.name), getattr(many, field.name)), field.name


def changed(text: str, chance: random.Random) -> str:
    """Return a text of which a sign or a word is another one."""
    at = chance.randrange(len(text) + 1)
    other = chance.choice((*"0129-/. ,:pzT+(ªß\u017f\u212a\u0663\n", " uhr", "jan"))
    return text[:at] + other + text[at + chance.randrange(2) :]


def test_numbers_with_a_measure_can_be_made_numbers() -> None:
    area = pd.Series(["78,5 m²", "120 m²", "55 m²"])
    assert [str(one) for one in readings(area, "Fläche")] == ["category", "number:,"]
    seen = read(area, "Fläche", parse_reading("number:,"))
    assert (seen.numbers.tolist(), seen.unread) == ([78.5, 120.0, 55.0], 0)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("values", "reading"),
    [
        (["12E4", "13E4", "9E1", "8E3", "110E4"], "category"),
        (["1e5", "10", "200", "3000", "1e6"], "number"),
    ],
)
def test_codes_with_an_e_that_may_be_numbers_are_unsure(values: list[str], reading: str) -> None:
    seen = read(pd.Series(values), "n")
    assert (str(seen.reading), seen.reading.sure) == (reading, False)
    assert {"category", "number"} == {str(one) for one in readings(pd.Series(values), "n")}
    assert read(pd.Series(values), "n", parse_reading("number")).unread == 0


@pytest.mark.parametrize("seed", range(20))
def test_codes_of_any_form_are_no_numbers_that_are_sure(seed: int) -> None:
    chance = random.Random(seed)
    letters = chance.choice(["E", "e", "DEF", "ABCDEF"])
    before, after = chance.randint(1, 4), chance.randint(1, 4)
    codes = [
        "".join(chance.choices("0123456789", k=before))
        + chance.choice(letters)
        + f"{chance.randrange(10**after):0{after}}"
        for _ in range(chance.randint(4, 60))
    ]
    seen = read(pd.Series(codes), "c")
    assert not (seen.reading.kind == "number" and seen.reading.sure), codes


@pytest.mark.parametrize("seed", range(20))
def test_numbers_with_exponents_as_programs_write_them_are_numbers(seed: int) -> None:
    chance = random.Random(seed)
    numbers = [chance.uniform(-9, 9) * 10.0 ** chance.randint(-12, 12) for _ in range(chance.randint(4, 60))]
    form = chance.choice(["{:.3e}", "{:.0e}", "{!r}", "{:.2E}", "{:g}"])
    seen = read(pd.Series([form.format(one) for one in numbers]), "n")
    assert (seen.reading.kind, seen.reading.sure, seen.unread) == ("number", True, 0)
    assert seen.numbers is not None
    assert seen.numbers.tolist() == [float(form.format(one)) for one in numbers]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("sign", [".", ","])
def test_the_mark_before_an_exponent_is_the_decimal_one(seed: int, sign: str) -> None:
    chance = random.Random(seed)
    form = chance.choice(["{:.3e}", "{:.3E}", "{:.2e}", "{:.1E}", "{:.6e}"])
    texts = [form.format(chance.uniform(-9, 9) * 10.0 ** chance.randint(-12, 12)) for _ in range(chance.randint(4, 40))]
    seen = read(pd.Series([text.replace(".", sign) for text in texts]), "n")
    assert (str(seen.reading), seen.reading.sure, seen.unread) == (f"number:{sign}", True, 0)
    assert seen.numbers is not None
    assert seen.numbers.tolist() == [float(text) for text in texts]
    large = ["1.234,5E+3" if sign == "," else "1,234.5E+3", f"1 234{sign}5E+3"]
    mixed = read(pd.Series(large), "n", parse_reading(f"number:{sign}"))
    assert mixed.numbers is not None
    assert mixed.numbers.tolist() == [1234500, 1234500]


@pytest.mark.parametrize("seed", range(12))
def test_times_of_day_are_in_their_order_however_they_are_written(seed: int) -> None:
    chance = random.Random(seed)
    minutes = [chance.randrange(1440) for _ in range(chance.randint(4, 80))]
    half = ["{h12}:{m:02} {AP}M", "{h12}:{m:02}{ap}m", "{h12}:{m:02} {ap}.m."]
    form = chance.choice(["{h:02}:{m:02}", "{h}:{m:02}", "{h:02}:{m:02}:00", "{h}h{m:02}", "{h}:{m:02} Uhr", *half])
    texts = [
        form.format(h=at // 60, m=at % 60, h12=(at // 60 + 11) % 12 + 1, AP="AP"[at >= 720], ap="ap"[at >= 720])
        for at in minutes
    ]
    seen = read(pd.Series([*texts, None, ""]), "opens")
    assert (str(seen.reading), seen.reading.sure, seen.unread) == ("date:clock", True, 0)
    assert seen.numbers is not None
    assert seen.numbers[:-2].tolist() == [60.0 * at for at in minutes]
    assert [clock(at) for at in seen.numbers[:-2]] == [f"{at // 60:02}:{at % 60:02}" for at in minutes]


@pytest.mark.parametrize("seed", range(12))
def test_the_order_of_day_and_month_is_told_by_the_way_that_rows_go_in_time(seed: int) -> None:
    chance = np.random.default_rng(seed)
    days = np.unique(chance.integers(0, 700, 60))
    some = [np.datetime64("2023-01-01") + int(at) for at in days]
    some = [one for one in some if one.astype(object).day <= 12]  # each may be read either way
    newest_first = bool(seed % 3 == 0)
    form = ["%d/%m/%Y", "%m/%d/%Y"][seed % 2]
    written = [one.astype(object).strftime(form) for one in some]
    written = [None, *(written[::-1] if newest_first else written)]
    seen = read(pd.Series(written, dtype="object"), "when")
    assert (str(seen.reading), seen.reading.sure) == (["date:dmy", "date:mdy"][seed % 2], True)
    assert seen.unread == 0
    shuffled = list(chance.permutation([one for one in written if one]))
    assert not read(pd.Series(shuffled, dtype="object"), "when").reading.sure


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (["3/1/24, 9:05 AM", "3/2/24, 9:05 PM", "3/3/24, 1:00 PM"], ("date:mdy", False)),
        (["3/1/24, 9:05 AM", "3/2/24, 9:05 PM", "3/13/24, 1:00 PM"], ("date:mdy", True)),
        (["3/1/24, 9:05 AM", "3/2/24, 9:05 PM", "13/3/24, 1:00 PM"], ("date:dmy", True)),
        (["03/01/24, 9:05 pm", "04/01/24, 9:05 pm", "05/01/24, 1:00 pm"], ("date:dmy", False)),
        (["3/1/24, 21:05", "4/1/24, 21:05", "5/1/24, 13:00"], ("date:dmy", False)),
        (["3.1.24, 21:05", "4.1.24, 21:05", "5.1.24, 13:00"], ("date:dmy", True)),
    ],
)
def test_dates_that_may_be_either_are_read_as_those_who_write_so_do_and_are_not_sure(written, expected) -> None:
    seen = read(pd.Series(written * 2, dtype="object"), "time")
    assert (str(seen.reading), seen.reading.sure) == expected
    assert seen.unread == 0


@pytest.mark.parametrize(("zone", "said"), [("+0200", "+02:00"), ("-0530", "-05:30"), ("+0000", "+00:00")])
def test_moments_that_are_all_of_one_zone_are_shown_in_it(zone: str, said: str) -> None:
    seen = read(pd.Series([f"01/Jun/2025:00:00:{at:02d} {zone}" for at in range(5)]), "time")
    told = dated(seen.numbers, seen.zone)
    assert told["min"] == f"2025-06-01T00:00:00{said}"
    mixed = read(pd.Series(["01/Jun/2025:00:00:01 +0100", "01/Jun/2025:00:00:01 +0200"]), "time")
    assert dated(mixed.numbers, mixed.zone)["min"] == "2025-05-31T22:00:01+00:00"
    assert read(pd.Series(["01/Jun/2025:00:00:01 +9900"] * 3), "time").zone in (None, UTC)


@pytest.mark.parametrize(
    ("alone", "others", "there"),
    [
        ("/", ["/a", "/a/b?c=1", "/img/x.png"], True),
        ("//", ["//host/a", "//b", "/c"], True),
        (".", ["./a", "../b", "./c/d"], True),
        ("-", ["--all", "-v", "-q"], True),
        ("/", ["yes", "no", "perhaps"], False),
        ("-", ["-5 °C", "-7 or less", "-2"], False),
        ("-", ["- bread", "- milk", "cheese"], False),
        ("[]", ['["a"]', '["b"]', "[1]"], False),
        ("-", ["-", "--"], False),
        ("n/a", ["n", "no", "nothing"], False),
    ],
)
def test_a_sign_is_a_value_where_most_others_begin_with_it(alone: str, others: list[str], there: bool) -> None:
    values = pd.Series([alone, *others * 5, None], dtype="str")
    assert bool(answered(values).notna()[0]) is there
    assert bool(only_stands_for_none(values, among_words=True)[0]) is not there


@pytest.mark.parametrize(
    ("name", "cells", "others", "said", "sure"),
    [
        ("price", ["1,007", "120", "3,450", "99"], ["0,5", "1,25", "2,5", "7"], "number:,", False),
        ("weight", ["1,007", "120", "3,450", "99"], ["0,5", "1,25", "2,5", "7"], "number:,", True),
        ("price", ["1,007", "120", "3,45", "99"], ["a", "b", "c", "d"], "number:,", True),
        ("price", ["1,007", "120", "3,450", "99"], ["0.50", "1.25", "2.5", "7"], "number:.", True),
        ("price", ["1,007", "120", "3,450", "99"], ["a", "b", "c", "d"], "number:.", False),
        ("price", ["1,007", "1,5", "2,5", "3.5"], ["a", "b", "c", "d"], "number:,", False),
        ("price", ["1,007", "120", "3,450", "99"], ["0,5", "12", "13", "14"], "number:,", False),
    ],
)
def test_thousands_and_decimal_commas_are_told_by_all_columns_or_said_to_be_unsure(
    name: str, cells: list[str], others: list[str], said: str, sure: bool
) -> None:
    table = pd.DataFrame({name: pd.Series(cells, dtype="str"), "other": pd.Series(others, dtype="str")})
    found = read(table[name], name, decimal=decimal_of(table)).reading
    assert (str(found), found.sure) == (said, sure)


def test_one_value_tells_the_decimal_sign_of_a_table_whose_other_numbers_are_whole() -> None:
    assert decimal_of(pd.DataFrame({"a": pd.Series(["0,5", *map(str, range(40))], dtype="str")})) == ","


@pytest.mark.parametrize("odd", ["3.1", "4.5", "10.25"])
def test_of_a_column_with_both_decimal_signs_none_is_sure_but_where_one_is_odd_among_many(odd: str) -> None:
    few = pd.Series(["0,5", "4,5", "1,2", odd, "2"])
    assert read(few, "price").reading.kind == "number"
    assert not read(few, "price").reading.sure
    assert not read(pd.Series(["1,007", "2,500", "0,5", odd, "3"]), "price", decimal=".").reading.sure
    many = pd.Series([f"{n},5" for n in range(60)] + [odd])
    assert read(many, "price").reading.sure
