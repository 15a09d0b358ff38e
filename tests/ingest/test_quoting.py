"""Quotation marks of delimited text: a well-formed table is read cell by cell, whatever is in it."""

from __future__ import annotations

import csv
import io
import random

import pytest

from explorer import ingest
from explorer.ingest.delimited import Records
from explorer.ingest.quoting import plain_dialect, reading
from explorer.ingest.shaping import QUOTE

WORDS = (
    *("the", "permit", "is", "late", "cat", "sat", "lamp", "doesn't", "work", "O'Brien"),
    *("said", "it's", "fine", "Müller's", "tap", "water", "at", "night", "please"),
)
ODD = ("{},", "{};", "'{}'", '"{}"', "{}\\", "C:\\old\\{}", '5" {}', "'tis {}", "{} |", "{}\t")
ENDS = ("", "", "", "\\", ", ", '"', "'", "\n")


def text(chance: random.Random, lines: int) -> str:
    made = []
    for _ in range(lines):
        words = [chance.choice(WORDS) for _ in range(chance.randint(2, 10))]
        made.append(" ".join(chance.choice(ODD).format(word) if chance.random() < 0.12 else word for word in words))
    return "\n".join(made) + chance.choice(ENDS)


def table(chance: random.Random) -> list[list[str]]:
    """Return names and rows; cells of several lines stand in any column, in all of the rows or in some."""
    kinds = [chance.choice(("id", "number", "word", "text")) for _ in range(chance.randint(2, 6))]
    kinds[chance.randrange(len(kinds))] = "text"
    several = chance.choice((0, 0.1, 0.5, 1))
    make = {
        "id": lambda: f"A{chance.randint(1000, 9999)}",
        "number": lambda: f"{chance.random() * 90:.2f}",
        "word": lambda: chance.choice(("red", "green", "O'Neil", "", "dogs'")),
        "text": lambda: text(chance, 1 + (chance.random() < several) * chance.randint(1, 3)),
    }
    names = [f"{kind} {at}" for at, kind in enumerate(kinds, 1)]
    return [names, *([make[kind]() for kind in kinds] for _ in range(chance.randint(4, 40)))]


def told(written: str) -> tuple[list[list[str]], Records]:
    records = Records(io.StringIO(written, newline=""), name="a.csv", choices={"header": "1"})
    return [list(records.dialect.names), *(record for record in records if isinstance(record, list))], records


def written(chance: random.Random, rows: list[list[str]], **marks) -> str:
    file = io.StringIO()
    ends, quoting = chance.choice(("\n", "\r\n")), chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    delimiter = chance.choice((",", ";", "\t", "|"))
    csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator=ends, **marks).writerows(rows)
    return file.getvalue()


@pytest.mark.parametrize("seed", range(150))
def test_a_well_formed_table_is_read_cell_by_cell(seed: int) -> None:
    chance = random.Random(seed)
    rows = table(chance)
    read, records = told(written(chance, rows))
    assert read == rows
    assert next(choice for choice in records.choices if choice.name == QUOTE).sure


@pytest.mark.parametrize("marks", [{"quotechar": "'"}, {"doublequote": False, "escapechar": "\\"}])
def test_other_marks_are_found_by_what_they_hold_together(marks: dict) -> None:
    """Some tables look the same by two kinds of marks, and few of them by these."""
    wrong = 0
    for seed in range(100):
        chance = random.Random(seed)
        rows = table(chance)
        wrong += told(written(chance, rows, **marks))[0] != rows
    assert wrong <= 12


@pytest.mark.parametrize("seed", range(16))
@pytest.mark.parametrize("marks", [{"quotechar": "'"}, {"doublequote": False, "escapechar": "\\"}])
def test_other_marks_show_by_what_they_do_to_themselves(marks: dict, seed: int) -> None:
    chance = random.Random(seed)
    sizes = [f"{chance.randint(4, 6)}'{chance.randint(0, 11)}\"" for _ in range(chance.choice([4, 8, 30]))]
    people = ["D'Angelo", "Ann", 'Bob "Bo" Lee', "van 't Hof", "['tap', 'lamp']"]
    texts = ["the permit is late", "said 'no', and left", '"late" again', "it's fine"]
    rows = [["name", "size", "said"], *([chance.choice(people), size, chance.choice(texts)] for size in sizes)]
    assert told(written(chance, rows, **marks))[0] == rows


@pytest.mark.parametrize("line", ["a,'D''Angelo',it's late", r"a,b,C:\old \"tap\"", r'a,"b",say \"hi\" and "ho"'])
def test_marks_that_not_all_fields_keep_are_of_the_text(line: str) -> None:
    rows = ["name,size,said", "b,2,the permit", line, "c,3,the lamp"]
    records, reader = told("\n".join(rows) + "\n")
    assert reader.dialect.quote == '"'
    assert not reader.dialect.escaped
    assert records[2] == next(csv.reader([line]))


@pytest.mark.parametrize("seed", range(40))
def test_a_ragged_record_makes_no_other_marks_of_apostrophes(seed: int) -> None:
    chance = random.Random(seed)
    rows = [["key", "remark", "place"]]
    for at in range(chance.randint(6, 30)):
        rows.append([f"A{at}", f"it's {text(chance, 2)}", chance.choice(("Leeds", "King's Lynn"))])
    rows.insert(chance.randrange(1, len(rows)), ["A99", "torn", "York", "more"])
    read, _ = told(written(chance, rows))
    assert [row for row in read if len(row) == 3] == [row for row in rows if len(row) == 3]


@pytest.mark.parametrize("foot", [["End of report"], ["", "Source: city office", "End of report"]])
@pytest.mark.parametrize("at", [0, 3, 9])
def test_an_apostrophe_before_the_foot_of_a_table_opens_nothing(at: int, foot: list[str]) -> None:
    rows = [["rating", "text", "zip"], *([f"{row}", f'"Great" it was, {row}', "01258"] for row in range(10))]
    rows[1 + at][1] = "'Tis the friendly staff that I liked!"
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    read, _ = told(file.getvalue() + "\n".join(foot) + "\n")
    assert read[: len(rows)] == rows


@pytest.mark.parametrize("seed", range(30))
def test_tables_that_are_written_without_marks_keep_those_of_their_texts(seed: int) -> None:
    chance = random.Random(seed)
    odd = [
        '5" screen is small',
        "'Love it'",
        'Great "product, loved it',
        '"Best" ever',
        "It's \"fine",
        "'tis late",
        '6"',
    ]
    rows = [["id", "review", "stars"], *([f"{at}", f"Fine, number {at}", "4"] for at in range(chance.randint(8, 30)))]
    for row in chance.sample(rows[1:], 6):
        row[1] = chance.choice(odd)
    rows[3][1] = 'Great "product, loved it'
    rows[4][1] = '"Best" ever'
    assert told("\n".join("\t".join(row) for row in rows))[0] == rows


def test_a_column_that_is_quoted_otherwise_throughout_is_without_its_marks() -> None:
    rows = [f"{at},'it was late {at}',{at * 2}" for at in range(5)]
    assert told("\n".join(["id,remark,n", *rows]))[0][1] == ["0", "it was late 0", "0"]
    rows[3] = "3,late,6"
    assert told("\n".join(["id,remark,n", *rows]))[0][1] == ["0", "'it was late 0'", "0"]


def test_blanks_behind_a_delimiter_are_skipped_only_where_marks_follow_them() -> None:
    assert plain_dialect(['a, "b, c", d\n'] * 3, ",").skip_blanks
    assert not plain_dialect(['a,"b, ""c"" d", e\n'] * 3, ",").skip_blanks
    assert not plain_dialect(['"see, ""x"",\n', ' more"," e"\n'] * 3, ",").skip_blanks
    assert not plain_dialect(['a,"b"\n'] * 9 + ['c, "d" and so on\n'], ",").skip_blanks


def test_unsure_marks_say_so() -> None:
    plain = [f"{at},late again,{at}" for at in range(10)]
    halves = [*(f"{at},'a, b',{at}" for at in range(5)), *(f'{at},"a, b",{at}' for at in range(5))]
    choices = Records(io.StringIO("\n".join(["id,remark,n", *plain, *halves]), newline=""), name="a.csv").choices
    marks = next(choice for choice in choices if choice.name == QUOTE)
    assert not marks.sure
    assert "mark" in marks.why


def test_a_record_that_is_open_at_the_end_of_the_first_lines_breaks_no_rule() -> None:
    lines = ['1,"a\n', 'b",2\n'] * 200 + ['1,"a\n']
    assert reading(lines, plain_dialect(lines, ",")).is_whole
    assert not reading(['1,"a\n', "b,2\n", "c,3\n"], plain_dialect(lines, ",")).is_whole


@pytest.mark.parametrize("seed", range(16))
def test_single_marks_around_every_cell_hold_feet_inches_and_lines(tmp_path, seed):
    draw, delimiter = random.Random(seed), ",;\t|"[seed % 4]
    rows = [["Höhe", "Text", "Size"]]
    for at in range(draw.choice([4, 12])):
        text = f'It\'s "{draw.choice(["cold", "late"])}"{delimiter} {at}' + draw.choice(["", '\n\n"So', "\nand 'more'"])
        rows.append([f"{draw.randint(4, 6)}'{at}\"", text, f'{draw.randint(3, 40)}"'])
    with (tmp_path / "a.csv").open("w", newline="") as file:
        csv.writer(file, delimiter=delimiter, quotechar="'", quoting=csv.QUOTE_ALL).writerows(rows)
    dataset = ingest.load(tmp_path / "a.csv", text="Text")
    assert list(dataset.items) == [row[1] for row in rows[1:]]
    assert list(dataset.table["Höhe"]) == [row[0] for row in rows[1:]]
    assert dataset.rejected == ()
