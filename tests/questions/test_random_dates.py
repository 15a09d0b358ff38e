"""Scales, ticks and statements of dates of any year, held against arithmetic that knows neither pandas nor numpy."""

import base64
import datetime as dt
from random import Random
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explorer.columns import read
from explorer.description.enrich import enrich
from explorer.questions.scales import dated

START = dt.datetime(1970, 1, 1)
YEARS = (1, 2, 1000, 1500, 1677, 1700, 1969, 1970, 1971, 2000, 2024, 2025, 2262, 2300, 9998, 9999)
ROWS = 60


def seconds(moment: dt.datetime) -> int:
    return (moment - START) // dt.timedelta(seconds=1)


def drawn(rng: Random) -> list[dt.datetime]:
    """Return moments of some years, or days."""
    first, last = sorted(rng.sample(YEARS, 2))
    clock = rng.random() < 0.5
    return [
        dt.datetime(rng.randint(first, last), rng.randint(1, 12), rng.randint(1, 28))
        + dt.timedelta(seconds=rng.randrange(86_400) * clock)
        for _ in range(ROWS)
    ]


def column(moments: list[dt.datetime], form: str) -> Any:
    if form == "text":
        return pd.Series([moment.isoformat(" ") for moment in moments])
    return pd.Series(np.array(moments, f"datetime64[{form}]"))


def day_of(tick: str) -> dt.datetime:
    year, month, day = (*map(int, tick.split("-")), 1, 1)[:3]
    return dt.datetime(year, month, day)


@pytest.mark.parametrize("seed", range(12))
def test_a_scale_of_dates_has_its_ends_its_order_and_its_ticks_where_the_calendar_has_them(seed: int) -> None:
    rng = Random(seed)
    moments = drawn(rng)
    seen = read(column(moments, rng.choice(["text", "s", "ms", "us"])), "when")
    assert seen.numbers is not None
    told = dated(seen.numbers, seen.zone)
    assert [told["min"], told["max"]] == [
        end.isoformat().removesuffix("T00:00:00") for end in (min(moments), max(moments))
    ]
    codes = base64.b64decode(told["codes"])
    in_order = [codes[row] for row in sorted(range(ROWS), key=lambda row: moments[row])]
    assert in_order == sorted(in_order)
    low, high = (seconds(dt.datetime.fromisoformat(told[end])) for end in ("low", "high"))
    assert len(told["ticks"]) >= 2
    for tick in told["ticks"]:
        assert tick["at"] == pytest.approx((seconds(day_of(tick["value"])) - low) / (high - low), abs=1e-4)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_said_of_the_dates_of_a_cluster_is_true(seed: int) -> None:
    rng = Random(seed)
    moments = drawn(rng)
    middle = sorted(moments)[ROWS // 2]
    labels = [0 if moment > middle else 1 for moment in moments]
    table = pd.DataFrame({"when": column(moments, rng.choice(["text", "s", "ms", "us"]))})
    facts = enrich(table, np.array(labels, np.int32), count=2)
    for label, word in enumerate(("late", "early")):
        own = median(seconds(moment) for moment, other in zip(moments, labels, strict=True) if other == label)
        overall = median(map(seconds, moments))
        shown = 10 if abs(own - overall) >= 86_400 else 16
        here, there = ((START + dt.timedelta(seconds=int(at // 1))).isoformat(" ")[:shown] for at in (own, overall))
        assert [fact.value for fact in facts[label]] == [f"{word}: median {here}, overall {there}"]


@pytest.mark.parametrize("first", [10**6, 2**53 + 1, 10**17 + 1])
def test_whole_numbers_that_are_ids_are_said_as_they_are_written(first: int) -> None:
    labels = np.repeat(np.arange(3, dtype=np.int32), 20)
    facts = enrich(pd.DataFrame({"account": first + labels.astype(np.int64)}), labels, count=3)
    told = [next(fact.value for fact in found if not fact.value.startswith(("high", "low"))) for found in facts[:3]]
    assert told == [str(first + label) for label in range(3)]
