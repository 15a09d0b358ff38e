"""Tables whose numbers have decimal commas that part their lines as well: nothing is shifted, or it is said."""

import random
from collections import Counter
from pathlib import Path

import pytest

from explorer.errors import NothingUsable
from explorer.ingest import load
from explorer.types import Dataset

WORDS = ["bus", "late", "rain", "again", "cold", "night"]
NAMES = ["price", "score", "Betrag", "temp", "count", "a", "y", "wait"]
NUMBERS = {
    "whole": lambda draw: str(draw.randint(0, 300)),
    "always": lambda draw: f"{draw.randint(0, 300)},{draw.randint(0, 99):02}",
    "some": lambda draw: f"{draw.randint(0, 50)}{draw.choice(['', f',{draw.randint(0, 9)}'])}",
    "minus": lambda draw: f"{draw.randint(-20, 20)},{draw.randint(0, 9)}",
    "gaps": lambda draw: draw.choice(["", f"{draw.randint(0, 50)},{draw.randint(0, 9)}"]),
}


def shown(value: object) -> str:
    return "" if str(value) in ("nan", "<NA>", "None") else str(value)


def rows_of(found: Dataset, names: list[str]) -> list[tuple[str, ...]]:
    told = {name: list(map(shown, found.table[name])) for name in found.table.columns}
    told |= {found.text_column or "": [str(one).strip() for one in found.items]}
    return list(zip(*(told[name] for name in names), strict=True))


@pytest.mark.parametrize("seed", range(60))
def test_torn_lines_are_joined_as_they_were_meant_listed_or_the_whole_is_unsure(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    numbers = {name: draw.choice(list(NUMBERS)) for name in draw.sample(NAMES, draw.randint(1, 3))}
    made = {
        "id": lambda at: str(at + 1),
        "city": lambda _: draw.choice(["Rome", "Bonn"]),
        "date": lambda _: f"2024-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
        "text": lambda _: draw.choice(['"{}, {}"', "{} {}"]).format(
            *(" ".join(draw.choices(WORDS, k=4)) for _ in "ab")
        ),
    }
    names = [*numbers, "text", *draw.sample(["id", "city", "date"], draw.randint(0, 2))]
    draw.shuffle(names)
    cells = [
        [NUMBERS[numbers[name]](draw) if name in numbers else made[name](at) for name in names]
        for at in range(draw.choice([3, 5, 12, 40]))
    ]
    (tmp_path / "a.csv").write_text("\n".join([",".join(names), *map(",".join, cells)]))
    meant = Counter(tuple(cell.strip('"') for cell in row) for row in cells)
    found, told = None, ""
    try:
        found = load(tmp_path / "a.csv")
    except NothingUsable as exc:
        told = str(exc)
    if found is None:
        assert "fields where the header has" in told
        return
    if any(not choice.sure for choice in found.choices):
        return
    assert {*found.columns} == {*names}
    read = Counter(rows_of(found, names))
    assert not read - meant
    assert sum((meant - read).values()) == sum(one.row is not None for one in found.rejected)


def test_lines_that_can_be_read_in_two_ways_are_listed_beside_those_that_cannot(tmp_path: Path) -> None:
    lines = ["text,a,amount", "Late,243,62,158,5", "So cold,2,88,163,4", "Rain,47,05,390,4", "Safe,8,76,5", "No,1,2,3"]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    found = load(tmp_path / "a.csv")
    assert found.columns == ("text", "a", "amount")
    assert list(map(str, found.table["a"])) == ["243,62", "2,88", "47,05"]
    assert [(one.row, "decimal commas" in one.reason) for one in found.rejected if one.row is not None] == [
        (3, True), (4, True),
    ]  # fmt: skip


def test_an_empty_last_cell_of_a_torn_line_is_none_too_many(tmp_path: Path) -> None:
    lines = ["temp,text,wait,x", "18,9,So late again,13,4,5", "11,So good,1,3,1", "36,5,Old garden,,", "5,3,So cold,,"]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    found = load(tmp_path / "a.csv")
    assert rows_of(found, list(found.columns)) == [("36,5", "Old garden", "", ""), ("5,3", "So cold", "", "")]
    assert [one.row for one in found.rejected if one.row is not None] == [0, 1]


@pytest.mark.parametrize("ragged", [False, True])
def test_commas_that_end_lines_join_no_numbers_and_are_unsure_where_some_lines_have_none(
    tmp_path: Path, ragged: bool
) -> None:
    lines = [f"so cold {at},{at % 5},{at % 3}{'' if ragged and at % 2 else ','}" for at in range(8)]
    (tmp_path / "a.csv").write_text("\n".join(["text,score,visits", *lines]))
    found = load(tmp_path / "a.csv")
    assert rows_of(found, list(found.columns)) == [tuple(line.rstrip(",").split(",")) for line in lines]
    assert [choice.name for choice in found.choices if not choice.sure] == ["delimiter"] * ragged


def test_where_two_joins_fit_one_is_not_sure(tmp_path: Path) -> None:
    lines = [
        "text,temp,y,count",
        "Never,36,145,368",
        "High,357,444,30",
        "Rain,0,38,2",
        "Good,36,10,8,0",
        "Bad,28,24,0,3",
    ]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    found = load(tmp_path / "a.csv")
    assert [choice.name for choice in found.choices if not choice.sure] == ["delimiter"]


@pytest.mark.parametrize("names", ["text,a,amount", "comment,Preis (€)", "id,text"])
def test_names_above_wider_records_are_not_surely_put_aside(tmp_path: Path, names: str) -> None:
    lines = [names, *(f"so cold {at},x{at},{at},late {at},{at}" for at in range(6))]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    found = load(tmp_path / "a.csv")
    told = {choice.name: choice for choice in found.choices}
    assert told["header"].value != "none" or not told["header"].sure


@pytest.mark.parametrize("most", [1, 4])
def test_a_line_that_is_left_as_it_is_loses_no_empty_end_and_no_names(tmp_path: Path, most: int) -> None:
    read = ["Again,201,-1,7,", "Was,1,4,-18,8,47,3", "Price,312,-17,8,", "Fresh,34,-7,6,"]
    left = [f"Lights {at},{at},10,2," for at in range(10, 10 + most)]
    (tmp_path / "a.csv").write_text("\n".join(["text,y,Preis,Betrag", *read, *left]))
    found = load(tmp_path / "a.csv")
    assert found.columns == ("text", "y", "Preis", "Betrag")
    assert list(map(str, found.table["Preis"])) == ["-1,7", "-18,8", "-17,8", "-7,6"]
    assert [one.row for one in found.rejected if one.row is not None] == list(range(4, 4 + most))


@pytest.mark.parametrize("seed", range(8))
def test_a_torn_line_that_lacks_its_last_cell_is_no_whole_one_where_types_tell(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    texts = [f"{dice.choice(WORDS)} {dice.choice(WORDS)} came here {at}" for at in range(60)]
    rows = [(f"{dice.randint(1, 40)},{dice.randint(1, 9)}", text, str(dice.randint(1, 99))) for text in texts]
    lacking = dice.randrange(20, 60)
    lines = [",".join(row[:2] if at == lacking else row) for at, row in enumerate(rows)]
    whole = [at for at in range(10) if at % 3 == 0]
    for at in whole:
        rows[at] = (rows[at][0].split(",")[0], *rows[at][1:])
        lines[at] = ",".join(rows[at])
    (tmp_path / "torn.csv").write_text("temp,text,wait\n" + "\n".join(lines) + "\n")
    found = load(tmp_path / "torn.csv")
    assert [*found.items] == texts
    assert found.table["temp"].astype(str).tolist() == [row[0] for row in rows]
    assert int(found.table["wait"].isna().sum()) == 1
    assert str(found.table["wait"][lacking]) in ("nan", "<NA>")


TORN_TABLES = (
    "id,text,price,city",
    "text,price,city",
    "name,price,text",
    "id,text,price,weight,city",
    "price,text,day",
)


@pytest.mark.parametrize("names", TORN_TABLES)
@pytest.mark.parametrize("seed", range(4))
def test_a_few_lines_that_lack_their_ends_are_read_as_meant_listed_or_the_whole_is_unsure(
    tmp_path: Path, names: str, seed: int
) -> None:
    dice = random.Random(seed)
    count = dice.choice([5, 8, 20])
    made = {
        "id": lambda at: str(at + 1),
        "text": lambda at: f"{dice.choice(WORDS)} {dice.choice(WORDS)} came here {at}",
        "price": lambda at: f"{dice.randint(0, 90)},{dice.randint(1, 9)}" if at % 4 else str(dice.randint(1, 90)),
        "weight": lambda at: f"{dice.randint(0, 9)},{dice.randint(1, 9)}",
        "city": lambda at: dice.choice(["Bonn", "Ulm", "Essen"]),
        "name": lambda at: dice.choice(["Ann", "Bob"]),
        "day": lambda at: f"2024-01-{dice.randint(10, 28)}",
    }
    rows = [[made[name](at) for name in names.split(",")] for at in range(count)]
    lacking = dice.sample([at for at in range(count) if at % 4], max(1, count // 6))
    rows = [row[:-1] if at in lacking else row for at, row in enumerate(rows)]
    (tmp_path / "a.csv").write_text("\n".join([names, *(",".join(row) for row in rows)]) + "\n")
    found = load(tmp_path / "a.csv")
    if all(choice.sure for choice in found.choices):
        whole = {tuple([*row, ""][: names.count(",") + 1]) for row in rows}
        assert set(rows_of(found, names.split(","))) <= whole
    listed = [one for one in found.rejected if one.row is not None]
    assert len(found.items) + len(listed) >= count


@pytest.mark.parametrize("names", ["id,city,price,text", "city,price,text", "city,id,price,text"])
@pytest.mark.parametrize("seed", range(4))
def test_a_line_that_lacks_a_cell_before_its_number_is_read_as_meant_or_listed(
    tmp_path: Path, names: str, seed: int
) -> None:
    dice, columns = random.Random(seed), names.split(",")
    cells = {"id": "{0}", "city": "Bonn", "price": f"{{0}},{dice.randint(1, 9)}", "text": "the bus {0} is late"}
    rows = [[cells[name].format(at + 1) for name in columns] for at in range(dice.choice([5, 9, 20]))]
    at = dice.randrange(len(rows))
    rows[at][columns.index("city")] = ""
    lines = [",".join(one for one in row if one) for row in rows]
    (tmp_path / "a.csv").write_text("\n".join([names, *lines]))
    found = load(tmp_path / "a.csv")
    listed = [one.row for one in found.rejected if one.row is not None]
    assert listed in ([], [at])
    assert rows_of(found, columns) == [tuple(row) for number, row in enumerate(rows) if number not in listed]
