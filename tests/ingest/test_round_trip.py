"""What a file had is what `items.parquet` and `items.csv` give back: every format and kind of value, typed or as text.

Columns are drawn with a seed; what is compared is the value as it stands in the file.
"""

import csv
import datetime as dt
import io
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explorer.ingest import load
from explorer.ingest.columns import PLAIN, flat, typed
from explorer.ingest.uniting import united
from explorer.report.tables import as_csv, as_parquet, items_table, undone
from explorer.types import Clustering, Projection
from explorer.workspace.datafiles import read_dataset, write_dataset
from tests.report.small import small_run
from tests.spreadsheets import excel, opendocument

ROWS = 20
Columns: TypeAlias = dict[str, list[Any]]


def digits(rng: Random, n: int) -> str:
    return str(rng.randint(1, 9)) + "".join(rng.choice("0123456789") for _ in range(n - 1))


def day(rng: Random, first: int = 1, last: int = 9999) -> dt.date:
    return dt.date(rng.randint(first, last), rng.randint(1, 12), rng.randint(1, 28))


def moment(rng: Random, first: int = 1, last: int = 9999) -> dt.datetime:
    return dt.datetime.combine(day(rng, first, last), dt.time(rng.randrange(24), rng.randrange(60), rng.randrange(60)))


def german(rng: Random) -> str:
    return f"{rng.randint(1, 99)}.{rng.randrange(1000):03d}"


WRITTEN: dict[str, Callable[[Random], str]] = {
    "leading_zeros": lambda rng: f"{rng.randrange(10**6):08d}",
    "some_leading_zeros": lambda rng: rng.choice(["01067", "10115", "99084"]),
    "whole": lambda rng: str(rng.randint(-(10**6), 10**6)),
    "whole_beyond_floats": lambda rng: str(2**53 + rng.randrange(100)),
    "whole_of_64_bits": lambda rng: str(rng.choice([2**63 - 1, -(2**63), rng.getrandbits(63)])),
    "whole_of_64_bits_without_sign": lambda rng: str(rng.choice([2**64 - 1, 2**63, rng.getrandbits(64)])),
    "digits_38": lambda rng: digits(rng, 38),
    "decimals": lambda rng: f"{rng.uniform(-100, 100):.3f}",
    "trailing_zeros": lambda rng: f"{rng.randint(0, 99)}.{rng.randint(0, 9)}0",
    "decimals_38": lambda rng: f"{digits(rng, 20)}.{digits(rng, 18)}",
    "whole_and_decimals": lambda rng: rng.choice(["1", "2.5", "3", "-0", "-0.0", "+4", "5."]),
    "exponents": lambda rng: rng.choice(["1e5", "1E5", "2e10", "1e-7", "1.5e300"]),
    "codes_of_e": lambda rng: f"{rng.randint(1, 9)}E{rng.randint(1, 9)}",
    "versions": lambda rng: f"{rng.randint(1, 3)}.{rng.randint(1, 20)}",
    "years": lambda rng: str(rng.randint(1500, 2100)),
    "months": lambda rng: f"{rng.randint(1500, 2100)}-{rng.randint(1, 12):02d}",
    "partial_dates": lambda rng: rng.choice(["1891", "1891-05", "1891-05-02", "c. 1891", "1891?"]),
    "days": lambda rng: day(rng).isoformat(),
    "days_far_off": lambda rng: rng.choice(["9999-12-31", "0001-01-01", "1066-10-14", "10000-01-01", "-0044-03-15"]),
    "german_days": lambda rng: f"{rng.randint(1, 31)}.{rng.randint(1, 12)}.{rng.randint(1900, 2100)}",
    "moments": lambda rng: moment(rng).isoformat(" "),
    "zoned": lambda rng: moment(rng).isoformat() + rng.choice(["", "Z", "+02:00", "-0530"]),
    "nanoseconds": lambda rng: f"{moment(rng, 1700, 2200).isoformat()}.{digits(rng, 9)}",
    "german_thousands": german,
    "german_decimals": lambda rng: f"{rng.randint(0, 99)},{rng.randrange(100):02d}",
    "english_thousands": lambda rng: f"{rng.randint(1, 99)},{rng.randrange(1000):03d}",
    "amounts": lambda rng: rng.choice(["$5.00", "5 €", "(5.10)", "5%", "−3", "1 234,5"]),
    "countries": lambda rng: rng.choice(["NA", "DE", "NO", "NE"]),
    "words_for_nothing": lambda rng: rng.choice(["None", "null", "nan", "NaN", "N/A", "NULL", "NaT", "<NA>", "inf"]),
    "flags": lambda rng: rng.choice(["true", "false", "True", "FALSE", "yes", "N", "1", "0"]),
    "capital_flags": lambda rng: rng.choice(["TRUE", "FALSE"]),
    "blanks": lambda rng: rng.choice([" ", "  ", "\t", " x", "x ", "\u00a0", "x"]),
    "numbers_and_blanks": lambda rng: rng.choice([" ", "7", " 7", "8 ", "\u00a09"]),
    "hexadecimal": lambda rng: f"0x{rng.randrange(256):X}",
    "times": lambda rng: f"{rng.randrange(24)}:{rng.randrange(60):02d}",
    "phones": lambda rng: f"+49 {digits(rng, 9)}",
    "separated": lambda rng: rng.choice(["1_000", "１２", "٣", "1 000", "1'000", "½"]),
    "words": lambda rng: rng.choice(["red", "Grün", "蓝", "🙂", "a\nb", 'say "x"', "a,b;c", "\u202eevil"]),
    "formulas": lambda rng: rng.choice(["=1+1", "'=1", "''=1", "'x", "+1", "-1", "-1+1", "@x", "\u200b=1"]),
}
"""Values as people write them, by kind."""


IN_JSON: dict[str, Callable[[Random], Any]] = {
    "numbers": lambda rng: rng.randint(-(10**6), 10**6),
    "numbers_beyond_floats": lambda rng: 2**53 + rng.randrange(100),
    "numbers_of_64_bits": lambda rng: rng.choice([2**64 - 1, 2**63, rng.getrandbits(64)]),
    "numbers_of_38": lambda rng: int(digits(rng, 38)),
    "floats": lambda rng: rng.uniform(-100, 100),
    "far_floats": lambda rng: rng.choice([1e300, 5e-324, -0.0, 0.1, 1e16, 123456789012345680.0]),
    "whole_and_floats": lambda rng: rng.choice([1, 2.5, 3]),
    "long_and_floats": lambda rng: rng.choice([2**53 + 1, 0.5]),
    "long_and_nan": lambda rng: rng.choice([2**60 + 1, float("nan")]),
    "few_and_nan": lambda rng: rng.choice([3, float("nan")]),
    "true_or_false": lambda rng: rng.random() < 0.5,
    "flags_and_numbers": lambda rng: rng.choice([True, 1, 0, False]),
    "words_and_numbers": lambda rng: rng.choice(["1", 1, "1.0", 1.5, "x"]),
    "empty_or_missing": lambda rng: rng.choice(["", None, " ", "x"]),
    "lists": lambda rng: rng.choice([[1, 2], ["a", None], [], [1.5, 10**20]]),
    "objects_or_words": lambda rng: rng.choice([{"a": 1}, "x"]),
}
"""Values of a column as JSON has them, by kind."""


def drawn(kinds: dict[str, Callable[[Random], Any]], seed: int, gap: Any) -> dict[str, list[Any]]:
    """Return a column of each kind; every other seed with gaps in a fifth of its rows."""
    rng = Random(seed)
    share = 0.2 * (seed % 2)
    return {name: [gap if rng.random() < share else make(rng) for _ in range(ROWS)] for name, make in kinds.items()}


def texts(n: int, about: str = "fox") -> list[str]:
    return [f"the quick {about} number {at} jumps over the lazy dog" for at in range(n)]


def given_back(folder: Path, *paths: Path) -> tuple[Columns, dict[str, list[str]]]:
    """Return the columns that the two tables of a run have, after the data set was kept and opened again."""
    loaded = load(list(paths), text="text")
    kept = folder / "kept"
    kept.mkdir()
    write_dataset(loaded, kept, source=None, origin=())
    dataset = read_dataset(kept)
    n = len(dataset)
    run = replace(
        small_run(),
        dataset=dataset,
        projection=Projection(np.zeros((n, 2), np.float32), "umap", 0.9, 15, 8),
        clustering=Clustering(np.zeros(n, np.int32), np.zeros(n, np.float32), "hdbscan"),
    )
    table = items_table(run)
    stored = pq.read_table(io.BytesIO(as_parquet(table)))
    rows = list(csv.reader(io.StringIO(as_csv(table).decode(), newline="")))
    written = {name: [row[at] for row in rows[1:]] for at, name in enumerate(rows[0])}
    return {name: pylist(stored[name]) for name in stored.column_names}, written


def pylist(column: Any) -> list[Any]:
    try:
        return list(column.to_pylist())
    except (OverflowError, ValueError):
        return list(column.cast(pa.int64()).to_pylist())


def delimited(columns: Columns, delimiter: str) -> bytes:
    made = io.StringIO(newline="")
    rows = csv.writer(made, delimiter=delimiter)
    rows.writerow(columns)
    rows.writerows(zip(*columns.values(), strict=True))
    return made.getvalue().encode()


def records(columns: Columns) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def sheet(columns: Columns) -> dict[str, list[list[Any]]]:
    """Return columns as a sheet, without what XML has no character for."""
    return {"S": [list(columns), *(list(row) for row in zip(*columns.values(), strict=True))]}


def parquet(columns: Columns) -> bytes:
    made = io.BytesIO()
    pq.write_table(pa.table(columns), made)
    return made.getvalue()


OF_TEXTS: dict[str, Callable[[Columns], bytes]] = {
    "a.csv": lambda columns: delimited(columns, ","),
    "semicolons.csv": lambda columns: delimited(columns, ";"),
    "a.tsv": lambda columns: delimited(columns, "\t"),
    "a.xlsx": lambda columns: excel(sheet(columns)),
    "a.ods": lambda columns: opendocument(sheet(columns)),
}
"""Formats in which every value is a text, and an empty one none; and how a table is written in each."""

OF_TYPES: dict[str, Callable[[Columns], bytes]] = {
    "a.jsonl": lambda columns: "\n".join(json.dumps(one, ensure_ascii=False) for one in records(columns)).encode(),
    "a.json": lambda columns: json.dumps(records(columns)).encode(),
    "columns.json": lambda columns: json.dumps(columns, indent=1).encode(),
}


def is_none(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def is_same(given: Any, back: Any) -> bool:
    """Say whether a value of Parquet is what was given: the same value, or the text of it."""
    if is_none(given):
        return is_none(back) or back == "NaN"
    if isinstance(back, str) and not isinstance(given, str):
        return json.loads(back) == given
    if isinstance(given, str) and not isinstance(back, str):
        return not isinstance(back, bool) and repr(back) == given
    return isinstance(given, bool) == isinstance(back, bool) and repr(back) in (repr(given), repr(given) + ".0")


def is_written(given: Any, back: str) -> bool:
    """Say whether a cell of CSV is what was given, in the words of Python or JSON."""
    if is_none(given):
        return back in ("", "NaN")
    if isinstance(given, str):
        return undone(back) == given
    return undone(back) in (repr(given), f"{given!r}.0", json.dumps(given, ensure_ascii=False))


def changed(given: Columns, back: tuple[Columns, dict[str, list[str]]]) -> list[tuple[str, Any, Any]]:
    """Return the values that did not come back, with the name of their column."""
    typed, written = back
    return [
        (name, value, other)
        for name, values in given.items()
        for same, others in ((is_same, typed[name]), (is_written, written[name]))
        for value, other in zip(values, others, strict=True)
        if not same(value, other)
    ]


@pytest.mark.parametrize(("name", "seed"), [("a.csv", 0), *((name, 1) for name in OF_TEXTS)])
def test_what_people_write_comes_back_as_it_was(tmp_path: Path, name: str, seed: int) -> None:
    given = drawn(WRITTEN, seed, "")
    (tmp_path / name).write_bytes(OF_TEXTS[name]({"text": texts(ROWS), **given}))
    empty = {column: [value or None for value in values] for column, values in given.items()}
    assert changed(empty, given_back(tmp_path, tmp_path / name)) == []


@pytest.mark.parametrize(("name", "seed"), [("a.jsonl", 0), *((name, 1) for name in OF_TYPES)])
def test_what_json_has_comes_back_as_it_was_and_empty_is_not_missing(tmp_path: Path, name: str, seed: int) -> None:
    given = {**drawn(WRITTEN, seed, ""), **drawn(IN_JSON, seed, None)}
    (tmp_path / name).write_bytes(OF_TYPES[name]({"text": texts(ROWS), **given}))
    assert changed(given, given_back(tmp_path, tmp_path / name)) == []


@pytest.mark.parametrize("seed", range(2))
def test_texts_in_parquet_come_back_as_they_were(tmp_path: Path, seed: int) -> None:
    given = drawn(WRITTEN, seed, None)
    (tmp_path / "a.parquet").write_bytes(parquet({"text": texts(ROWS), **given}))
    assert changed(given, given_back(tmp_path, tmp_path / "a.parquet")) == []


NUMBERS = ("0.30000000000000004", "12345678901234567890.12", "1.50", "1e400", "-0.0", "0.1", "123456789.123456789123")


def test_numbers_in_json_with_more_digits_than_a_float_has_stay_as_written(tmp_path: Path) -> None:
    lines = [f'{{"text": "{text}", "n": {NUMBERS[at % len(NUMBERS)]}}}' for at, text in enumerate(texts(ROWS))]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    typed, _ = given_back(tmp_path, tmp_path / "a.jsonl")
    assert [Decimal(value) for value in typed["n"][: len(NUMBERS)]] == [Decimal(number) for number in NUMBERS]


DAYS = [dt.date(1, 1, 1), dt.date(1677, 9, 20), dt.date(2262, 4, 12), dt.date(9999, 12, 31), None]
TIMES = [None if day is None else dt.datetime(day.year, day.month, day.day, 5, 6, 7) for day in DAYS]
TYPES: dict[str, tuple[pa.Array, Sequence[Any]]] = {
    "decimal": (pa.array([Decimal("-3.30"), Decimal("1.00"), None, Decimal("9" * 36 + ".01"), Decimal(0)]), ()),
    "uint64": (pa.array([2**64 - 1, 2**63, 0, 1, 2], pa.uint64()), ()),
    "uint64_gap": (pa.array([2**64 - 1, None, 0, 1, 2], pa.uint64()), ("18446744073709551615", None, "0", "1", "2")),
    "int64_gap": (pa.array([2**63 - 1, None, -(2**63), 2**53 + 1, 0]), ()),
    "int8_gap": (pa.array([1, None, -128, 127, 0], pa.int8()), ()),
    "float32": (pa.array([0.5, None, -0.0, 2.0**20, 3.0], pa.float32()), ()),
    "flags_gap": (pa.array([True, None, False, True, True]), ()),
    "days": (pa.array(DAYS), TIMES and [None if d is None else dt.datetime(d.year, d.month, d.day) for d in DAYS]),
    "moments": (pa.array(TIMES, pa.timestamp("us")), ()),
    "zoned": (pa.array(TIMES[1:3] * 2 + [None], pa.timestamp("ms", "Europe/Berlin")), ()),
    "zoned_at_the_end": (
        pa.array([253_402_214_400, 0, None, -62_135_596_800], pa.timestamp("s", "America/New_York")),
        (
            "9999-12-31T00:00:00.000Z",
            "1970-01-01T00:00:00.000Z",
            None,
            "0001-01-01T00:00:00.000Z",
        ),
    ),
    "binary_view": (pa.array([b"a", "é".encode(), None, b"", b"x"], pa.binary_view()), ("a", "é", None, "", "x")),
    "string_view": (pa.array(["a", "", None, "NA", "1.10"], pa.string_view()), ()),
    "words": (pa.array(["a", None, "", "NA", "a"]).dictionary_encode(), ()),
    "lists": (pa.array([[1], [], None, [None], [2**60 + 1]]), ("[1]", "[]", None, "[null]", "[1152921504606846977]")),
}
"""Columns of Parquet, and what is expected where it is not the very values."""


@pytest.mark.parametrize("name", TYPES)
def test_types_of_parquet_come_back_as_they_were(tmp_path: Path, name: str) -> None:
    column, expected = TYPES[name]
    (tmp_path / "a.parquet").write_bytes(parquet({"text": texts(len(column)), "c": column}))
    typed, written = given_back(tmp_path, tmp_path / "a.parquet")
    wanted = expected or column.to_pylist()
    for value, back, cell in zip(wanted, typed["c"], written["c"], strict=True):
        assert plainly(back) == plainly(value)
        if isinstance(value, float):
            assert float(cell) == value
        else:
            assert plainly(undone(cell)) == (plainly(value) or "")


def test_moments_of_years_that_no_calendar_has_come_back_to_the_second(tmp_path: Path) -> None:
    far = [253_402_300_800, -99_999_999_999, 0, None, 10**13]
    (tmp_path / "a.parquet").write_bytes(parquet({"text": texts(5), "c": pa.array(far, pa.timestamp("s"))}))
    table, written = given_back(tmp_path, tmp_path / "a.parquet")
    assert table["c"] == [None if second is None else 1000 * second for second in far]
    assert [cell[:12] for cell in written["c"][:3]] == ["10000-01-01 ", "-1199-02-15 ", "1970-01-01 0"]


PARTS: dict[str, pa.Array | None] = {
    "whole": pa.array([2**53 + 1, -2]),
    "whole_gap": pa.array([2**53 + 1, None]),
    "unsigned": pa.array([2**64 - 1, 1], pa.uint64()),
    "small": pa.array([1, 2], pa.int8()),
    "broken": pa.array([0.5, 1.0]),
    "broken_gap": pa.array([0.25, None], pa.float32()),
    "texts": pa.array(["007", "1.10"]),
    "empty": pa.array(["", None]),
    "flags": pa.array([True, False]),
    "flags_gap": pa.array([True, None]),
    "days": pa.array([dt.date(2020, 1, 1), dt.date(9999, 12, 31)]),
    "moments": pa.array([dt.datetime(1, 1, 1, 5), None], pa.timestamp("us")),
    "fine": pa.array([dt.datetime(2020, 1, 1, 5, 6, 7, 123456), None], pa.timestamp("ns")),
    "zoned": pa.array([dt.datetime(2020, 1, 1, 5), None], pa.timestamp("us", "UTC")),
    "elsewhere": pa.array([dt.datetime(2020, 1, 1, 5), None], pa.timestamp("ms", "Europe/Berlin")),
    "decimals": pa.array([Decimal("1.10"), None]),
    "nothing": pa.nulls(2),
    "lacking": None,
}


def plainly(value: Any) -> str | None:
    """Return a moment, number or flag in one spelling, whichever it comes back in."""
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value).replace("T", " ").removesuffix(" 00:00:00")


def test_parts_whose_types_differ_keep_their_values() -> None:
    tables = {
        name: pd.DataFrame({"n": [1, 2]} if part is None else {"n": [1, 2], "c": typed(flat(chunked(part)), PLAIN)})
        for name, part in PARTS.items()
    }
    given = {name: [None, None] if part is None else part.to_pylist() for name, part in PARTS.items()}
    for first, second in combinations(PARTS, 2):
        table = united([tables[first], tables[second]], ["n", "c"])
        back = pq.read_table(io.BytesIO(as_parquet(table)))["c"].to_pylist()
        assert [plainly(v) for v in back] == [plainly(v) for v in given[first] + given[second]], (first, second)


def chunked(column: pa.Array) -> pa.ChunkedArray:
    return pa.chunked_array([column])


def test_files_that_come_together_keep_integers_beyond_floats_where_one_lacks_the_column(tmp_path: Path) -> None:
    for name, columns in {"a": {"n": [2**53 + 1] * 3}, "b": {}, "c": {"n": ["x"] * 3}}.items():
        (tmp_path / f"{name}.csv").write_bytes(delimited({"text": texts(3, name), **columns}, ","))
    typed, _ = given_back(tmp_path, tmp_path / "a.csv", tmp_path / "b.csv")
    assert typed["n"] == [2**53 + 1] * 3 + [None] * 3
