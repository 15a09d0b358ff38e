import numpy as np
import pandas as pd
import pytest

from explorer.columns import as_labels
from explorer.description.columnnames import said_by_columns
from explorer.description.enrich import enrich

LABELS = np.array([0] * 40 + [1] * 40 + [-1] * 120, np.int32)
N = len(LABELS)


def _spread(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random(N)


def test_a_value_that_a_cluster_is_full_of_is_found_with_its_shares() -> None:
    colour = np.array(["red"] * 30 + ["blue"] * 10 + ["blue"] * 160)
    first, second = enrich(pd.DataFrame({"colour": colour}), LABELS, count=2)
    (fact,) = first
    assert (fact.column, fact.value, fact.share, fact.overall) == ("colour", "red", 0.75, 0.15)
    assert fact.lift == pytest.approx(5.0)
    assert 0 <= fact.p < 1e-15
    assert second == ()


def test_chance_is_not_reported() -> None:
    table = pd.DataFrame({f"c{i}": np.random.default_rng(i).integers(0, 5, N).astype(str) for i in range(20)})
    table["number"] = _spread()
    assert enrich(table, LABELS, count=2) == [(), ()]


def test_numbers_are_high_or_low_with_both_medians() -> None:
    price = np.round(np.concatenate([90 + _spread()[:40], 1 + _spread()[:40], 20 + _spread()[:120]]), 2)
    first, second = enrich(pd.DataFrame({"price": price}), LABELS, count=2)
    assert first[0].column == "price"
    assert first[0].value.startswith("high: median 90.")
    assert ", overall 20." in first[0].value
    assert first[0].share == 1.0
    assert second[0].value.startswith("low: median 1.")


def test_numbers_and_dates_that_came_as_text_are_read() -> None:
    days = pd.date_range("2024-01-01", periods=N).strftime("%Y-%m-%d")
    numbers = [str(i * 1.5) for i in range(N)]
    first, _ = enrich(pd.DataFrame({"day": days, "n": numbers}), LABELS, count=2)
    assert {(f.column, f.value.split(":")[0]) for f in first} == {("day", "early"), ("n", "low")}
    day = next(f for f in first if f.column == "day")
    assert day.value == "early: median 2024-01-20, overall 2024-04-09"


def test_times_of_one_day_are_said_with_the_hour() -> None:
    when = pd.date_range("2024-01-01 08:00", periods=N, freq="min")
    first, _ = enrich(pd.DataFrame({"when": when}), LABELS, count=2)
    assert first[0].value == "early: median 2024-01-01 08:19, overall 2024-01-01 09:39"


def test_times_of_day_are_said_as_clocks_show_them_and_longer_ones_are_long() -> None:
    for longest, below in ((1, "early"), (9, "short")):
        at = [f"{i * longest // 60 + 7}:{i * longest % 60:02d}" for i in range(N)]
        first, _ = enrich(pd.DataFrame({"at": at}), LABELS, count=2)
        assert first[0].value.startswith(f"{below}: median 0{7 + 19 * longest // 60}:"), first[0].value


def test_dates_with_a_time_zone_are_dates() -> None:
    when = pd.date_range("2024-01-01", periods=N, tz="Europe/Berlin")
    first, _ = enrich(pd.DataFrame({"when": when}), LABELS, count=2)
    assert first[0].value.startswith("early: median 2024-01-20")


def test_true_and_false_are_values() -> None:
    urgent = np.arange(N) < 35
    first, _ = enrich(pd.DataFrame({"urgent": urgent}), LABELS, count=2)
    assert (first[0].column, first[0].value) == ("urgent", "true")
    mixed = pd.Series([True] * 35 + [None] * 5 + [False] * 160, dtype=object)
    assert enrich(pd.DataFrame({"urgent": mixed}), LABELS, count=2)[0][0].value == "true"


def test_values_are_called_what_the_legend_calls_them() -> None:
    tags = ['["a","b"]'] * 20 + ['["b", "a"]'] * 20 + ["Yes", "yes ", "n/a", "no"] * 40
    first, _ = enrich(pd.DataFrame({"tags": tags}), LABELS, count=2)
    assert (first[0].column, first[0].value) == ("tags", "a, b")
    assert {fact.value for fact in first} <= {str(label) for label in as_labels(pd.Series(tags)).dropna()}


def test_whole_numbers_that_are_codes_are_tried_as_values() -> None:
    kind = np.concatenate([np.full(40, 5), np.tile(np.arange(10), 16)])
    first, _ = enrich(pd.DataFrame({"kind": kind}), LABELS, count=2)
    assert first[0].value == "5"


def test_missing_cells_take_no_part() -> None:
    price = np.full(N, np.nan)
    price[:30], price[100:160] = 90.0 + np.arange(30), np.arange(60.0) / 2
    colour = pd.Series([None] * 20 + ["red"] * 20 + [None] * 40 + ["blue"] * 120)
    first, _ = enrich(pd.DataFrame({"price": price, "colour": colour}), LABELS, count=2)
    assert {f.column for f in first} == {"price", "colour"}
    assert next(f for f in first if f.column == "colour").overall == pytest.approx(20 / 140)


def test_columns_that_say_nothing_are_left_out() -> None:
    table = pd.DataFrame({"same": ["x"] * N, "unique": [f"id-{i}" for i in range(N)], "empty": [None] * N, "seven": 7})
    assert enrich(table, LABELS, count=2) == [(), ()]


def test_at_most_five_facts_and_three_of_a_column() -> None:
    table = {f"c{i}": np.where(LABELS == 0, "in", "out") for i in range(8)}
    table["many"] = np.where(LABELS == 0, [f"v{i % 4}" for i in range(N)], "else")
    first, _ = enrich(pd.DataFrame(table), LABELS, count=2)
    assert len(first) == 5
    four = np.where(LABELS == 0, [f"v{i % 4}" for i in range(N)], "else")
    first, _ = enrich(pd.DataFrame({"many": four}), LABELS, count=2)
    assert len(first) == 3


def test_cells_that_are_lists_and_infinite_numbers_do_no_harm() -> None:
    table = pd.DataFrame({"tags": [["a", "b"]] * 40 + [["c"]] * 160, "n": [np.inf] * 40 + [1.0] * 160})
    first, _ = enrich(table, LABELS, count=2)
    assert {f.column for f in first} == {"tags", "n"}


def test_one_cluster_of_everything_and_no_table_give_nothing() -> None:
    labels = np.zeros(N, np.int32)
    assert enrich(pd.DataFrame({"n": _spread()}), labels, count=1) == [()]
    assert enrich(pd.DataFrame(index=range(N)), LABELS, count=2) == [(), ()]


def test_a_columns_type_that_somebody_set_decides_what_is_said_of_it() -> None:
    labels = np.array([0] * 6 + [1] * 6, np.int32)
    table = pd.DataFrame({"code": [f"{row + 600 * (label == 0)}.5" for row, label in enumerate(LABELS)]})
    assert enrich(table, LABELS, count=2)[0][0].value.startswith("high: median")
    for given in ("category", "id"):  # each value once: nothing to tell
        assert enrich(table, LABELS, count=2, readings={"code": given}) == [(), ()]
    coded = pd.DataFrame({"code": np.where(LABELS == 0, "7.5", "8.5")})
    assert enrich(coded, LABELS, count=2)[0][0].value == "7.5"
    assert enrich(coded, LABELS, count=2, readings={"code": "id"}) == [(), ()]
    shape = pd.DataFrame({"shape": ["disc"] * 6 + ["star"] * 6})
    drawn = np.ones(12, np.bool_)
    assert said_by_columns(shape, labels, 2, drawn) == {0: "disc", 1: "star"}
    assert said_by_columns(shape, labels, 2, drawn, {"shape": "text"}) == {}


@pytest.mark.parametrize("seed", range(6))
def test_a_running_number_says_nothing_of_a_cluster_whatever_its_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    runs = {
        "in order": np.arange(1, N + 1),
        "of two files": np.concatenate([np.arange(1, 81), np.arange(1, N - 79)]),
        "tickets": 48_000 + np.arange(N),
        "some left out": np.sort(rng.choice(np.arange(1, 1.5 * N, dtype=int), N, replace=False)),
        "written": np.array([str(at) for at in range(N)]),
    }
    assert enrich(pd.DataFrame(runs), LABELS, count=2) == [(), ()]
    measured = {
        "years": 1800 + np.arange(N),
        "prices": np.sort(rng.integers(1, 20 * N, N)),
        "halves": np.arange(N) / 2,
        "minus": np.arange(N) - 10,
        "marks": np.arange(N) // 5,
    }
    told = enrich(pd.DataFrame(measured), LABELS, count=2)
    assert {fact.column for facts in told for fact in facts} == set(measured)
