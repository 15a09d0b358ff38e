"""Moments by the time of day and the day of the week, whose end meets their beginning, in colours too."""

import random
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest

from explorer.description.palette import oklab
from explorer.errors import BadSetting, NotFound
from explorer.questions import columns
from explorer.questions.recurring import DAYS, parse_view
from explorer.ui.circle import circle_colors
from explorer.ui.figures import RAMP_STEPS, column_palette
from tests.questions.test_columns import codes, with_table

FORMS = ("%Y-%m-%d %H:%M:%S", "%d/%b/%Y:%H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%z", "%d.%m.%Y %H:%M")


@pytest.mark.parametrize("seed", range(12))
def test_times_and_days_are_those_that_the_file_has_written(seed: int) -> None:
    chance = random.Random(seed)
    zone = timezone(timedelta(hours=chance.randint(-11, 11), minutes=chance.choice((0, 30))))
    first = datetime(1970 + chance.randint(-60, 60), 1, 1, tzinfo=zone)
    moments = [first + timedelta(minutes=chance.randint(0, 400 * 1440)) for _ in range(60)]
    for written in ([one.strftime(chance.choice(FORMS[1:2] + FORMS[2:3])) for one in moments], None):
        texts = written or [one.strftime(chance.choice((FORMS[0],))) for one in moments]
        run = with_table(at=[*texts, None])
        days = columns.column(run, "at", "date:weekday")
        assert [DAYS[code] for code in codes(days)[:-1]] == [DAYS[one.weekday()] for one in moments]
        assert (codes(days)[-1], days["missing"], sum(days["counts"])) == (255, 1, len(moments))
        times = columns.column(run, "at", "date:daytime")
        steps = [round((one.hour * 3600 + one.minute * 60) / 86_400 * 254) for one in moments]
        assert np.abs(np.array(codes(times)[:-1]) - steps).max() <= 1
        assert (times["low"], times["high"], times["circle"]) == ("00:00", "24:00", True)


def test_a_zone_with_summer_time_has_the_times_of_its_clocks() -> None:
    at = pd.to_datetime(["2024-01-15T22:30:00Z", "2024-07-15T22:30:00Z"] * 3).tz_convert("Europe/Berlin")
    assert (at[0].hour, at[1].hour, at[1].weekday()) == (23, 0, 1)
    run = with_table(at=at)
    assert codes(columns.column(run, "at", "date:daytime"))[:2] == [249, 5]
    assert [DAYS[code] for code in codes(columns.column(run, "at", "date:weekday"))[:2]] == ["Monday", "Tuesday"]


def test_two_minutes_before_and_at_midnight_have_neighbouring_colors_and_noon_has_another() -> None:
    for times in (["23:58", "00:00", "12:00"] * 4, None):
        at = times or [f"2024-03-0{1 + i % 3} {time}" for i, time in enumerate(["23:58", "00:00", "12:00"] * 4)]
        told = columns.column(with_table(at=at), "at", None if times else "date:daytime")
        for theme in ("light", "dark"):
            shades = column_palette(told)[theme]
            late, early, noon = (oklab(shades[code * RAMP_STEPS // 255]) for code in codes(told)[:3])
            assert np.linalg.norm(late - early) < 0.06 < 0.2 < np.linalg.norm(early - noon)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("count", [7, 24])
def test_colors_that_go_round_are_even_and_told_apart_without_red_and_green(count: int, dark: bool) -> None:
    lab = np.array([oklab(color) for color in circle_colors(count, dark=dark)])
    steps = np.linalg.norm(lab - np.roll(lab, 1, axis=0), axis=1)
    assert steps.max() < 1.6 * steps.min()
    seen = lab[:, [0, 2]]  # lightness, and blue to yellow
    opposite = np.linalg.norm(seen - np.roll(seen, count // 2, axis=0), axis=1)
    assert opposite.min() > 0.15


def test_views_are_offered_of_dates_alone_and_times_where_there_are_any() -> None:
    days = [f"2024-02-{day:02d}" for day in range(1, 21)]
    table = {"day": days, "at": [f"{day} 0{i % 9}:30" for i, day in enumerate(days)], "opens": ["07:30", "18:00"] * 10}
    run = with_table(**table, n=range(20), word=["a", "b"] * 10)
    offered = {
        name: [one for one in columns.choices(run, name, "") if parse_view(one)[1]] for name in run.dataset.table
    }
    assert offered == {
        "day": ["date:weekday"],
        "at": ["date:daytime", "date:weekday"],
        "opens": [],
        "n": [],
        "word": [],
    }
    american = with_table(day=["03/04/2024", "03/25/2024"] * 6)
    assert columns.choices(american, "day", "")[-1] == "date:mdy:weekday"
    assert columns.column(american, "day", "date:mdy:weekday")["counts"][0] == 12
    assert columns.column(american, "day", "date:dmy:weekday")["counts"][3] == 0
    with pytest.raises(NotFound):
        columns.column(run, "opens", "date:weekday")
    for wanted in ("number:weekday", "date:clock:daytime", "date:weekday:weekday"):
        with pytest.raises(BadSetting):
            columns.column(run, "day", wanted)
    assert columns.column(run, "word", "date:weekday")["unread"] == 20
    assert datetime.fromtimestamp(0, UTC).strftime("%A") == DAYS[3]


@pytest.mark.parametrize("seed", range(12))
def test_each_value_counts_by_the_clock_it_is_written_with_and_days_without_a_time_have_none(seed: int) -> None:
    chance = random.Random(seed)
    zones = [timezone(timedelta(hours=chance.randint(-11, 13), minutes=chance.choice((0, 30)))) for _ in range(4)]
    moments = [
        datetime(2024, 1, 1, tzinfo=chance.choice(zones)) + timedelta(minutes=chance.randint(0, 400 * 1440))
        for _ in range(60)
    ]
    bare = [one if chance.random() < 0.2 else None for one in moments]
    zoned = seed % 2 == 0
    texts = [
        one.strftime("%Y-%m-%d") if day else one.strftime("%Y-%m-%dT%H:%M:%S%z" if zoned else "%Y-%m-%d %H:%M")
        for one, day in zip(moments, bare, strict=True)
    ]
    run = with_table(at=[*texts, None])
    days = columns.column(run, "at", "date:weekday")
    assert [DAYS[code] for code in codes(days)[:-1]] == [DAYS[one.weekday()] for one in moments]
    assert days["unread"] == 0
    times = columns.column(run, "at", "date:daytime")
    for code, one, day in zip(codes(times), moments, bare, strict=False):
        step = 255 if day else round((one.hour * 3600 + one.minute * 60) / 86_400 * 254)
        assert abs(code - step) <= (0 if day else 1)
    without = [text for text, day in zip(texts, bare, strict=True) if day]
    assert times["unread"] == len(without)
    assert set(times["unread_examples"]) <= set(without)
    assert bool(times["unread_examples"]) is bool(without)
    assert columns.column(run, "at", "date")["unread"] == 0
