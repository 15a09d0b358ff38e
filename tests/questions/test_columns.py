"""What can colour the map: codes, scales that extremes do not stretch, ticks, and what was computed of each row."""

import base64
import dataclasses
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explorer.errors import NotFound, NotReady
from explorer.questions import columns
from explorer.types import Clustering, Dataset, Run, Scores
from explorer.ui.preview import coloured_as
from tests.report.small import small_run


def with_table(**table: Any) -> Run:
    frame = pd.DataFrame(table)
    return dataclasses.replace(small_run(), dataset=Dataset("d", "d", ["t"] * len(frame), frame))


def codes(answer: dict[str, Any]) -> list[int]:
    return list(base64.b64decode(answer["codes"]))


def scored(**given: Any) -> Run:
    """Return the small run of eight rows, the last without a vector, with scores."""
    nan = np.nan
    values = {
        "preservation": [0, 0.2, 0.4, 0.6, 0.8, 1, 1, nan],
        "outlier": [1, 1, 1, 1, 1, 1.1, 1.2, nan],
        "density": [0.5] * 7 + [nan],
    }
    known = {name: np.array(value, np.float32) for name, value in {**values, **given}.items()}
    run = small_run()
    projection = dataclasses.replace(run.projection, preservation=known.pop("preservation"))
    return dataclasses.replace(run, projection=projection, scores=Scores(**known))


def test_a_scale_goes_from_the_least_to_the_most_when_none_lies_far_out() -> None:
    assert columns.limits(np.arange(101.0)) == (0.0, 100.0)
    assert columns.limits(np.array([2.0, np.nan, 5])) == (2.0, 5.0)
    assert columns.limits(np.array([np.nan])) == (0.0, 0.0)


def test_a_few_extremes_do_not_stretch_a_scale_and_are_counted() -> None:
    numbers = np.concatenate([np.arange(1000.0), [1e6, 2e6, -1e5]])
    answer = columns.column(with_table(n=numbers), "n")
    low, high = answer["low"], answer["high"]
    assert 0 < low < 15
    assert 985 < high < 1000
    assert (answer["min"], answer["max"]) == (-1e5, 2e6)
    assert answer["below"] == int((numbers < low).sum())
    assert answer["above"] == int((numbers > high).sum())
    assert codes(answer)[-3:] == [254, 254, 0]
    assert codes(answer)[500] == round(254 * (500 - low) / (high - low))
    assert len(set(codes(answer))) == 255


def test_each_step_of_a_scale_knows_its_least_and_greatest_value() -> None:
    numbers = np.concatenate([np.random.default_rng(1).normal(size=2000), [90.0, -90.0, np.nan]])
    answer = columns.column(with_table(n=numbers), "n")
    steps = np.array(codes(answer))
    assert len(answer["firsts"]) == len(answer["lasts"]) == 255
    for step in range(255):
        own = numbers[steps == step]
        wanted = (own.min(), own.max()) if len(own) else (None, None)
        assert (answer["firsts"][step], answer["lasts"][step]) == wanted
    assert (answer["firsts"][0], answer["lasts"][254]) == (-90.0, 90.0)
    days = pd.Series(pd.to_datetime(["2024-01-01", "2024-01-02 13:30", None, "2024-03-01"], format="mixed"))
    dated = columns.column(with_table(d=days), "d")
    assert dated["column"] == "d"
    assert [value for value in dated["firsts"] if value] == ["2024-01-01", "2024-01-02T13:30:00", "2024-03-01"]


def test_when_nearly_all_values_are_one_the_scale_is_that_of_the_others() -> None:
    answer = columns.column(with_table(n=[1.0] * 2000 + [float(i) for i in range(2, 16)]), "n")
    assert (answer["low"], answer["high"], answer["below"], answer["above"]) == (1.0, 15.0, 0, 0)


def test_numbers_that_are_not_there_and_infinite_ones_are_missing() -> None:
    answer = columns.column(with_table(n=[np.nan, np.inf, *range(14)]), "n")
    assert (answer["missing"], codes(answer)[:3], answer["max"]) == (2, [255, 255, 0], 13.0)
    empty = columns.column(with_table(n=pd.array([None] * 3, "Float64")), "n")
    assert (empty["kind"], empty["values"], empty["missing"]) == ("category", [], 3)


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0.13, 0.92, [0.2, 0.4, 0.6, 0.8]),
        (0.97, 1.42, [1, 1.1, 1.2, 1.3, 1.4]),
        (0.97, 1.185, [1, 1.05, 1.1, 1.15]),
        (-3, 17, [0, 5, 10, 15]),
        (12, 987_000, [200_000, 400_000, 600_000, 800_000]),
        (1e-7, 9e-7, [2e-7, 4e-7, 6e-7, 8e-7]),
        (5, 5, [5]),
    ],
)
def test_ticks_are_two_to_six_round_numbers_on_the_scale(low: float, high: float, found: list[float]) -> None:
    assert columns.ticks(low, high) == pytest.approx(found)


def test_ticks_of_very_long_numbers_are_different_ones() -> None:
    for low in (2**53, 9 * 10**16):
        found = columns.ticks(low, low + 1000)
        assert len(set(found)) == len(found) >= 2
        assert all(low <= tick <= low + 1000 for tick in found)


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2024-01-01", "2024-01-03", ["2024-01-01", "2024-01-02", "2024-01-03"]),
        ("2024-01-10", "2024-04-20", ["2024-02", "2024-03", "2024-04"]),
        ("2024-03-05", "2025-02-01", ["2024-04", "2024-07", "2024-10", "2025-01"]),
        ("2024-01-01", "2025-10-01", ["2024-01", "2024-07", "2025-01", "2025-07"]),
        ("1990-05-01", "2024-05-01", ["2000", "2010", "2020"]),
        ("2024-01-01 08:00", "2024-01-01 20:00", []),
    ],
)
def test_ticks_of_dates_are_first_days(first: str, last: str, found: list[str]) -> None:
    days = pd.date_range(first, last, periods=40)
    answer = columns.column(with_table(day=days), "day")
    assert [tick["value"] for tick in answer["ticks"]] == found
    shares = [(pd.Timestamp(tick["value"]) - days[0]) / (days[-1] - days[0]) for tick in answer["ticks"]]
    assert [tick["at"] for tick in answer["ticks"]] == pytest.approx(shares, abs=1e-6)


def test_one_date_far_off_does_not_stretch_the_scale() -> None:
    days = pd.Series([*pd.date_range("2024-01-01", "2024-12-31", periods=200), pd.Timestamp("1970-01-01")])
    answer = columns.column(with_table(day=days), "day")
    assert (answer["min"], answer["max"]) == ("1970-01-01", "2024-12-31")
    assert answer["low"].startswith("2024-01-0")
    assert (answer["below"], codes(answer)[-1]) == (int((days < pd.Timestamp(answer["low"])).sum()), 0)
    zoned = columns.column(with_table(day=days.dt.tz_localize("Europe/Vienna")), "day")
    assert zoned["low"].startswith("2024-01-0")
    assert zoned["low"].endswith("+01:00")


def test_a_score_has_a_scale_and_says_what_it_means() -> None:
    answer = columns.score(scored(), "neighbor_preservation")
    assert (answer["kind"], answer["title"], answer["min"], answer["max"]) == (
        "number", "Its neighbours are beside it", 0.0, 1.0,
    )  # fmt: skip
    assert codes(answer) == [0, 51, 102, 152, 203, 254, 254, 255]
    assert [tick["value"] for tick in answer["ticks"]] == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert (answer["missing"], answer["missing_is"]) == (1, "not known")
    assert "its 15 nearest on the map" in answer["meaning"]
    assert "from its 2 neighbours" in columns.score(scored(), "outlier_score")["meaning"]
    json.dumps(answer, allow_nan=False)


def test_rows_in_no_cluster_have_no_cluster_strength() -> None:
    answer = columns.score(scored(), "cluster_strength")
    assert codes(answer)[:2] == [254, round(254 * (6 / 7 - 2 / 7) / (1 - 2 / 7))]
    assert (answer["missing"], answer["missing_is"], codes(answer)[6:]) == (2, "in no cluster", [255, 255])


def test_a_run_of_an_earlier_version_says_so_and_has_its_cluster_strength() -> None:
    run = small_run()
    assert [(one["score"], one["known"]) for one in columns.computed(run)] == [
        ("neighbor_preservation", False),
        ("outlier_score", False),
        ("local_density", False),
        ("cluster_strength", True),
    ]
    with pytest.raises(NotReady, match=r"an earlier version made this map\. Press Explore to make it anew"):
        columns.score(run, "local_density")
    with pytest.raises(NotFound, match="neighbor_preservation, outlier_score"):
        columns.score(run, "nosuch")


def test_too_few_rows_and_a_map_without_clusters_say_so() -> None:
    few = small_run(items=["a", "b", "c"])
    with pytest.raises(NotReady, match="3 rows are too few"):
        columns.score(few, "outlier_score")
    loose = dataclasses.replace(
        small_run(), clustering=Clustering(np.full(8, -1, np.int32), np.zeros(8, np.float32), "hdbscan")
    )
    with pytest.raises(NotReady, match="no row is in a cluster"):
        columns.score(loose, "cluster_strength")


def test_scores_that_are_all_the_same_are_one_tick() -> None:
    answer = columns.score(scored(), "local_density")
    assert (answer["low"], answer["high"], answer["ticks"]) == (0.5, 0.5, [{"at": 0.5, "value": 0.5}])
    assert codes(answer) == [0] * 7 + [255]


def test_a_column_of_dates_as_people_write_them_has_a_scale_and_says_what_is_none() -> None:
    days = [f"{day:02d}.{month:02d}.2025 16:53" for month in range(1, 13) for day in (3, 14, 25)]
    run = with_table(when=[*days, "tbc", None])
    answer = columns.column(run, "when")
    assert (answer["kind"], answer["read_as"], answer["sure"]) == ("date", "date:dmy", True)
    assert (answer["min"], answer["max"]) == ("2025-01-03T16:53:00", "2025-12-25T16:53:00")
    assert (answer["missing"], answer["unread"], answer["unread_examples"]) == (2, 1, ["tbc"])
    assert codes(answer)[-2:] == [255, 255]
    assert run.dataset.table["when"][0] == days[0]
    turned = columns.column(run, "when", "category")
    assert (turned["kind"], turned["missing"], len(turned["values"])) == ("category", 1, columns.CATEGORIES + 1)


def test_times_of_day_have_a_scale_in_hours_and_minutes() -> None:
    run = with_table(opens=[*(f"{hour}:{minute:02d}" for hour in range(7, 23) for minute in (0, 15)), "closed", None])
    answer = columns.column(run, "opens")
    assert (answer["kind"], answer["read_as"], answer["sure"]) == ("date", "date:clock", True)
    assert (answer["min"], answer["max"], answer["firsts"][74]) == ("07:00", "22:15", "07:00")
    assert [tick["value"] for tick in answer["ticks"]] == ["00:00", "06:00", "12:00", "18:00", "24:00"]
    assert answer["circle"]  # half past ten in the evening is nearer to seven than a line has it
    morning = columns.column(with_table(opens=["07:00", "08:15", "11:30"] * 4), "opens")
    assert ("circle" in morning, morning["low"], morning["high"]) == (False, "07:00", "11:30")
    assert (answer["missing"], answer["unread"], answer["unread_examples"]) == (2, 1, ["closed"])
    (told,) = columns.columns_of(run.dataset)
    assert (told["type"], coloured_as(told, rows=34)) == ("date", "scale of times")
    same = columns.column(with_table(at=["07:45:30"] * 9), "at", "date:clock")
    assert (same["low"], same["ticks"]) == ("07:45:30", [{"at": 0.5, "value": "07:45:30"}])


def test_codes_that_may_be_numbers_say_so() -> None:
    (told,) = columns.columns_of(with_table(batch=["12E4", "13E4", "9E1", "110E4"] * 5).dataset)
    assert coloured_as(told, rows=20) == "4 categories (not sure: they may be numbers)"


def test_dates_of_any_year_and_numbers_of_any_size_have_a_scale() -> None:
    far = columns.column(with_table(until=["9999-12-31", "1600-01-01", "2024-05-01", "2023-01-01"]), "until")
    assert (far["min"], far["max"]) == ("1600-01-01", "9999-12-31")
    assert len(far["ticks"]) >= 2
    moments = np.array(["9999-12-31", "0001-01-01", "2024-05-01"], "datetime64[s]")
    assert columns.column(with_table(until=moments), "until")["min"] == "0001-01-01"
    never = columns.column(
        with_table(until=np.array([2**40, 0, 86_400], "datetime64[m]").astype("datetime64[s]")), "until"
    )
    assert (never["max"], never["unread"]) == ("1970-03-02", 1)
    assert (
        columns.column(with_table(until=np.array([2**46, 0], "datetime64[s]")), "until", "category")["values"][0]
        == "1970-01-01"
    )
    huge = columns.column(with_table(n=["1e308", "-1e308", "0", "1e300"]), "n")
    assert codes(huge) == [254, 0, 127, 127]
    json.dumps([far, huge], allow_nan=False)


def test_the_commonest_values_have_a_code_and_any_other_that_is_asked_for() -> None:
    words = [f"w{i:03d}" for i in range(100) for _ in range(200 - i)]
    run = with_table(word=words)
    answer = columns.column(run, "word")
    assert answer["values"] == [*(f"w{i:03d}" for i in range(20)), "80 others"]
    found = columns.found(run, "word", "W09")
    assert (found["count"], found["values"][0]) == (10, {"value": "w090", "count": 110})
    asked = columns.column(run, "word", also=["w090", "w003", "none such"])
    assert asked["values"] == [*(f"w{i:03d}" for i in range(20)), "79 others", "w090"]
    assert (asked["extra"], asked["counts"][21], sum(asked["counts"])) == (1, 110, len(words))
    assert {codes(asked)[words.index(word)] for word in ("w090", "w020", "w003")} == {21, 20, 3}


def test_a_column_of_several_answers_a_row_is_coloured_by_one_of_them() -> None:
    used = ["Bus, Park", "Park", "Bus", None, "Bus, Library", "Library", "Library, Park", "Bus, Library, Park"]
    run = with_table(used=used, theme=["a"] * 4 + ["b"] * 4, score=range(8))
    whole = columns.column(run, "used")
    assert whole["answers"] == [{"answer": one, "count": 4} for one in ("Bus", "Library", "Park")]
    assert (len(whole["values"]), "has" in whole) == (7, False)
    answer = columns.column(run, "used", has="Bus")
    assert answer["has"] == "Bus"
    assert answer["title"] == "used: “Bus”"
    assert answer["values"] == ["has “Bus”", "without “Bus”"]
    assert (answer["counts"], answer["missing"], answer["answers"]) == ([4, 3], 1, whole["answers"])
    assert codes(answer) == [0, 1, 0, 255, 0, 1, 1, 0]
    assert "answers" not in columns.column(run, "theme")
    told = {one["column"]: one for one in columns.columns_of(run.dataset)}
    assert [name for name, one in told.items() if "answers" in one] == ["used"]
    assert coloured_as(told["used"], rows=8) == "3 answers, several a row"
    for name, has in (("used", "Train"), ("theme", "a"), ("score", "1")):
        with pytest.raises(NotFound, match="answer"):
            columns.column(run, name, has=has)


def test_labels_are_values_as_they_are_written() -> None:
    accounts = [90071992547409930, 90071992547409931, 90071992547409932] * 4
    assert columns.column(with_table(account=accounts), "account")["values"] == [str(a) for a in accounts[:3]]
    versions = columns.column(with_table(version=["1.1", "1.10", "2.0"] * 4), "version")
    assert versions["values"] == ["1.1", "1.10", "2.0"]


def test_how_columns_are_read_is_told_and_what_was_set_counts() -> None:
    table = {
        "when": ["01/02/2024", "03/04/2024", "05/06/2024"],
        "score": ["7", "8", "9"],
        "grade": ["3,5", "2,5", "1,0"],
        "n": ["1.234", "5.678", "12.500"],
    }
    run = with_table(**{name: values * 3 for name, values in table.items()})
    dataset = dataclasses.replace(run.dataset, readings={"when": "date:mdy"})
    when, _, _, number = columns.columns_of(dataset)
    assert (when["read_as"], when["set"], when["choices"]) == ("date:mdy", True, ["date:dmy", "category", "date:mdy"])
    assert (number["read_as"], number["sure"]) == ("number:,", True)
    assert columns.column(dataclasses.replace(run, dataset=dataset), "when")["min"] == "2024-01-02"
    assert columns.column(run, "when")["sure"] is False
