"""A day or a time above others is a value, however it is written: the first message of a chat names no columns."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from explorer.ingest import load
from explorer.ingest.moments import is_moment
from explorer.ingest.shape import sniff

PEOPLE = ("Anna", "Ben", "Cara M.", "Иван Петров", "陈伟", "O’Brien")
WORDS = ("Hi", "ok", "yes", "the bus is late again today, is it not?", "see you at 8", "I wait at the door since ten.")


def half(at: datetime, morning: str, afternoon: str) -> str:
    return morning if at.hour < 12 else afternoon


def hour(at: datetime) -> str:
    return f"{at.hour % 12 or 12}:{at:%M}"


FORMS: dict[str, Callable[[datetime], str]] = {
    "American": lambda at: f"{at.month}/{at.day}/{at:%y}, {hour(at)}\u202f{half(at, 'AM', 'PM')}",
    "German": lambda at: f"{at.day}.{at.month}.{at:%y, %H:%M} Uhr",
    "ISO's": lambda at: f"{at:%Y-%m-%dT%H:%M:%S}Z",
    "with a zone": lambda at: f"{at:%Y-%m-%d %H:%M:%S}+01:00",
    "a word": lambda at: f"{at.day} Mar {at.year}, {at:%H:%M}",
    "words": lambda at: f"Friday, March {at.day}, {at.year} at {hour(at)} {half(at, 'AM', 'PM')}",
    "French": lambda at: f"{at.day} mars {at.year} à {at:%H:%M}",
    "Finnish": lambda at: f"{at.day}.{at.month}.{at.year} klo {at.hour}.{at:%M}",
    "Spanish": lambda at: f"{at.day}/{at.month}/{at:%y}, {hour(at)} {half(at, 'a.', 'p.')} m.",
    "Korean": lambda at: f"{at.year}. {at.month}. {at.day}. {half(at, '오전', '오후')} {hour(at)}",
    "Chinese": lambda at: f"{at.year}年{at.month}月{at.day}日 {half(at, '上午', '下午')}{hour(at)}",
    "mail's": lambda at: f"Fri, {at:%d} Mar {at:%Y %H:%M:%S} +0000",
    "a day": lambda at: f"{at.month}/{at.day}/{at.year}",
    "a clock": lambda at: f"{at:%H:%M}",
    "half a day": lambda at: f"{hour(at)} {half(at, 'AM', 'PM')}",
    "half a day in front": lambda at: f"{half(at, '오전', '오후')} {hour(at)}",
}


@pytest.mark.parametrize("name", ["a.tsv", "a.txt"])
@pytest.mark.parametrize("form", FORMS)
def test_the_first_of_a_few_lines_with_a_moment_is_one_of_them(tmp_path: Path, form: str, name: str) -> None:
    for seed in range(6):
        dice = random.Random(f"{form}{seed}")
        at = datetime(2024, 3, dice.randint(1, 20), dice.randint(0, 23), dice.randint(0, 59))
        rows = []
        for _ in range(3 + seed):
            at += timedelta(minutes=dice.randint(1, 600))
            rows.append((FORMS[form](at), dice.choice(PEOPLE[: 2 + seed]), dice.choice(WORDS)))
        (tmp_path / name).write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
        found = load(tmp_path / name)
        assert (len(found), found.rejected) == (len(rows), ())
        assert set(found.items) <= {cell for _, *cells in rows for cell in cells}


@pytest.mark.parametrize("form", FORMS)
def test_names_above_moments_stay_names_and_moments_may_name_columns_of_numbers(form: str) -> None:
    dice = random.Random(form)
    times = [FORMS[form](datetime(2024, 3, 1 + at, at, 10)) for at in range(9)]
    assert all(map(is_moment, times))
    rows = [[time, dice.choice(PEOPLE), dice.choice(WORDS)] for time in times]
    for names in (["date", "author", "text"], ["Zeit", "Wer", "Was"], ["when", "name", "said"]):
        found = sniff(["\t".join(row) + "\n" for row in [names, *rows]])
        assert (found.has_header, list(found.names)) == (True, names)
    wide = [["town", *times[:4]]] + [[town, *map(str, dice.sample(range(900), 4))] for town in ("Hull", "York", "Bern")]
    found = sniff(["\t".join(row) + "\n" for row in wide])
    assert (found.has_header, list(found.names)) == (True, [" ".join(name.split()) for name in wide[0]])
    stages = [["project", *times[:3]]] + [[f"project {at}", *times[at : at + 3]] for at in range(4)]
    assert sniff(["\t".join(row) + "\n" for row in stages]).has_header


@pytest.mark.parametrize(
    "text", ["2019", "10.30", "Q1 2024", "12 apples", "1.2.3.4", "Anna Miller", "v1:10:20:30", "a"]
)
def test_what_has_other_numbers_is_no_moment(text: str) -> None:
    assert not is_moment(text)


@pytest.mark.parametrize("sign", [";", "\t", "|"])
@pytest.mark.parametrize("head", ["", "when{}said\n"])
def test_the_comma_of_a_day_parts_no_columns(tmp_path: Path, sign: str, head: str) -> None:
    for seed in range(4):
        dice = random.Random(seed)
        days = [
            f"{dice.choice(['Mar', 'May', 'June'])} {dice.randint(1, 28):02}, 2024 {dice.randint(8, 12)}:15 AM"
            for _ in range(4)
        ]
        said = [f"{dice.choice(WORDS[3:])} {n}" for n in range(4)]
        file = tmp_path / f"{seed}.csv"
        file.write_text(head.format(sign) + "".join(f"{day}{sign}{one}\n" for day, one in zip(days, said, strict=True)))
        found = load(file)
        assert (list(found.items), found.table.iloc[:, 0].astype(str).tolist()) == (said, days)


@pytest.mark.parametrize("said", ["a line about thing 1 number 10", "row 3 of 25", "2 apples 10", "No 7 gate 12"])
def test_numbers_with_words_between_are_no_days(said: str) -> None:
    assert not is_moment(said)


def test_texts_with_numbers_stay_the_texts(tmp_path: Path) -> None:
    rows = "".join(f"a line about thing {n % 5} number {n},{'more ' * (n % 3)}words {n}\n" for n in range(60))
    (tmp_path / "a.csv").write_text("a,b\n" + rows)
    assert load(tmp_path / "a.csv").items[7] == "a line about thing 2 number 7"
