"""Tables that are drawn, or whose columns stand below one another, and notes of Anki's."""

import random
from pathlib import Path

import pandas as pd
import pytest

from explorer.columns import in_full
from explorer.ingest import load
from explorer.ingest.widths import parting

SAID = ["The bus never came on Monday", "Noise at night", "Where can I leave an old fridge?", "Open on Sundays",
        "A longer text that has many words in it, and more", "No", "Street lamp 14 is dark"]  # fmt: skip


def test_a_markdown_file_that_is_a_table_is_rows_and_its_bars_stay(tmp_path: Path) -> None:
    rows = "".join(f"| {at} | {text} a\\|b |\n" for at, text in enumerate(SAID))
    (tmp_path / "a.md").write_text(f"# Wishes\n\n| id | wish |\n|----|:-----|\n{rows}")
    found = load(tmp_path / "a.md")
    assert list(found.items) == [f"{text} a|b" for text in SAID]
    assert found.table["id"].tolist() == list(range(7))
    assert found.rejected[0].reason == "it stands above the column names: # Wishes"
    whole = load(tmp_path / "a.md", choices={"items": "passages"})
    assert "| 0 | The bus" in str(whole.items[0])
    prose = "\n\n".join(f"{text}, and this goes on for a while." for text in SAID)
    (tmp_path / "b.md").write_text(f"# Report\n\n{prose}\n\n| id | wish |\n|---|---|\n{rows}")
    assert "Noise at night" in str(load(tmp_path / "b.md", choices={"items": "documents"}).items[0])
    assert load(tmp_path / "b.md").choices[0].value == "passages"


def test_what_pandas_prints_is_a_table_and_its_values_stay(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": range(95, 102), "wish": SAID, "score": [1.5, 22.25, 3, -4, 5, 6, 1000]})
    (tmp_path / "a.txt").write_text(frame.to_string())
    found = load(tmp_path / "a.txt")
    assert list(found.items) == SAID
    assert found.table["id"].tolist() == list(range(95, 102))
    assert found.table["score"].tolist() == ["1.50", "22.25", "3.00", "-4.00", "5.00", "6.00", "1000.00"]
    assert load(tmp_path / "a.txt", choices={"as": "lines"}).items[1].startswith("0   95")


def test_columns_that_one_blank_parts_are_told_by_their_names(tmp_path: Path) -> None:
    days = pd.date_range("2025-03-01", periods=7)
    frame = pd.DataFrame({"id": range(7), "wish": SAID, "when": days, "v": [1.5, None, 3, 4, 5, 6, 7]})
    for name, text in (("a", frame.to_string()), ("b", frame.to_string(index=False))):
        (tmp_path / f"{name}.txt").write_text(text)
        found = load(tmp_path / f"{name}.txt")
        assert list(found.items) == SAID
        assert found.table["when"].tolist() == [f"2025-03-0{at + 1}" for at in range(7)]
        assert found.table["v"].tolist()[:2] == ["1.5", "NaN"]


def test_rows_of_markdown_may_end_early(tmp_path: Path) -> None:
    rows = "".join(f"| {at} | {text} |\n" for at, text in enumerate(SAID))
    (tmp_path / "a.md").write_text(f"| id | wish | note |\n|---|---|---|\n{rows}")
    found = load(tmp_path / "a.md")
    assert (list(found.items), found.table["note"].notna().sum()) == (SAID, 0)


def test_what_sql_server_prints_is_a_table(tmp_path: Path) -> None:
    lines = ["id    wish" + " " * 47 + "note ", "----- " + "-" * 50 + " -----"]
    lines += [f"{at:<5} {text:<50} {'NULL' if at else 'a b':<5}" for at, text in enumerate(SAID)]
    (tmp_path / "a.rpt").write_text("\n".join([*lines, "", "(7 rows affected)"]))
    found = load(tmp_path / "a.rpt")
    assert list(found.items) == SAID
    assert found.table["id"].tolist() == list(range(7))


def test_a_later_value_that_is_longer_is_not_cut_in_two(tmp_path: Path) -> None:
    rows = [f"{at:>6}  {'some words here':>30}  {at * 2:>6}" for at in range(500)]
    rows.append(f"{500:>6}  {'some words that are quite long':>30}  {'123456':>6}")
    rows.append(f"{501:>6}  {'some words, which are far longer':>32}  {'9':>4}")
    (tmp_path / "a.txt").write_text("\n".join([f"{'id':>6}  {'wish':>30}  {'n':>6}", *rows]))
    found = load(tmp_path / "a.txt")
    assert found.items[500] == "some words that are quite long"
    assert found.table["n"].tolist()[499:501] == [998, 123456]
    kept = [*map(str, found.items), *(fault.reason for fault in found.rejected)]
    assert "some words, which are far longer" in kept or found.rejected[-1].row == 501


@pytest.mark.parametrize(
    "lines",
    [
        ["one  two  three", "a line of prose", "another one", "and more", "1 2 3"],
        ["id , wish        , n", "1  , hello there , 2", "2  , hello you   , 3", "3  , hello all   , 4"],
        ["a", "b", "c", "d", "e"],
        ["0001  John   25", "0002  Alice  30", "0003  Bob    31", "0004  Carla  7 ", "0005  Dan    9 "],
        ["Buy   2 eggs", "Take  1 egg ", "Cook  3 eggs", "Peel  4 eggs", "Eat   5 eggs"],
        ["  Title", "", "  Once upon a time", "  there was a king", "  who had a dog", "  and a cat"],
    ],
)
def test_lines_that_stand_below_one_another_by_chance_stay_lines(lines: list[str]) -> None:
    assert parting(lines) is None


def test_notes_of_anki_are_rows_with_its_names(tmp_path: Path) -> None:
    rows = "".join(f"{text}\tanswer {at}\tbus late\n" for at, text in enumerate(SAID))
    head = "#separator:tab\n#html:true\n#tags column:3\n"
    (tmp_path / "a.txt").write_text(head + rows)
    found = load(tmp_path / "a.txt")
    assert (list(found.items), len(found.table.columns)) == (SAID, 2)
    (tmp_path / "b.txt").write_text("#separator:Semicolon\n#columns:Front;Back;Tags\n" + rows.replace("\t", ";"))
    found = load(tmp_path / "b.txt")
    assert (list(found.items), list(found.table.columns)) == (SAID, ["Back", "Tags"])


@pytest.mark.parametrize("way", ["right", "left", "ruled"])
def test_any_aligned_table_comes_back_as_it_was_or_stays_lines(tmp_path: Path, way: str) -> None:
    words = [
        "bus",
        "noise",
        "fridge",
        "library",
        "Sunday",
        "lamp",
        "the",
        "a",
        "in",
        "of",
        "to",
        "never",
        "14",
        "7",
        "two-days",
        "café",
        "O'Brien",
    ]
    whole = 0
    for seed in range(25):
        chance = random.Random(seed)
        rows = chance.randint(5, 40)
        columns: dict[str, list[str]] = {"id": [str(at * 7) for at in range(rows)]}
        columns["wish"] = [f"{' '.join(chance.choices(words, k=chance.randint(1, 9)))} q{at}" for at in range(rows)]
        for name in ("c0", "area", "a name")[: chance.randint(1, 3)]:
            columns[name] = [chance.choice(["3.50", "1200.25", "7"]) for _ in range(rows)]
        if chance.random() < 0.5:
            columns = dict(chance.sample(list(columns.items()), len(columns)))
        widths = {name: max(map(len, [name, *values])) for name, values in columns.items()}
        put = str.rjust if way == "right" else str.ljust
        lines = ["  ".join(put(name, widths[name]) for name in columns)]
        lines += ["  ".join("-" * widths[name] for name in columns)] * (way == "ruled")
        lines += ["  ".join(put(columns[name][at], widths[name]) for name in columns) for at in range(rows)]
        (tmp_path / "a.txt").write_text("\n".join(lines))
        found = load(tmp_path / "a.txt")
        if not len(found.table.columns):
            assert [str(item).strip() for item in found.items] == [line.strip() for line in lines]
            continue
        whole += 1
        assert list(found.items) == columns["wish"]
        for name in {*columns} - {"wish"}:
            assert in_full(found.table[name]).tolist() == columns[name]
    assert whole >= 22


@pytest.mark.parametrize("titled", [False, True])
def test_lists_of_sap_have_no_rows_of_dashes_and_values_stay(tmp_path: Path, titled: bool) -> None:
    rows = [f"|{at:<3}|{text:<50}| {at}.234,50-|" for at, text in enumerate(SAID)]
    line = "-" * len(rows[0])
    names = f"|{'ID':<3}|{'Text':<50}| {'Amount':<9}|"
    above = ["Customers of 2024", ""] if titled else []
    (tmp_path / "a.txt").write_text("\n".join([*above, line, names, line, *rows, line, ""]))
    found = load(tmp_path / "a.txt", choices={} if not titled else {"as": "table"})
    assert list(found.items) == SAID
    assert found.table["Amount"].tolist() == [f"{at}.234,50-" for at in range(7)]


def test_lines_with_dashes_among_them_are_no_list_of_sap(tmp_path: Path) -> None:
    lines = [*SAID[:3], "-----", *SAID[3:], "| a | b |", "-----"]
    (tmp_path / "a.txt").write_text("\n".join(lines))
    assert len(load(tmp_path / "a.txt").items) == len(lines)


@pytest.mark.parametrize("rows", [1, 2, 7])
def test_the_type_that_powershell_writes_stands_above_the_names(tmp_path: Path, rows: int) -> None:
    lines = [
        "#TYPE Selected.System.Diagnostics.Process",
        '"Id","Text"',
        *(f'"{at}","{one}"' for at, one in enumerate(SAID[:rows])),
    ]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8-sig")
    found = load(tmp_path / "a.csv")
    assert (found.columns, list(found.items)) == (("Id", "Text"), SAID[:rows])
    assert "#TYPE Selected" in found.rejected[0].reason


@pytest.mark.parametrize("seed", range(10))
def test_halves_of_numbers_are_joined_where_that_alone_fits_all_rows(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    prices = [f"{draw.randint(0, 90)},{draw.randint(0, 99)}" for _ in SAID]
    names = ["id", "text", "price"] if seed % 2 else ["text", "price", "place"]
    cells = {"id": map(str, range(1, 8)), "text": [one.replace(",", "") for one in SAID], "price": prices}
    cells["place"] = [draw.choice(["Hull", "York"]) for _ in SAID]
    columns = {name: list(cells[name]) for name in names}
    lines = [",".join(names), *(",".join(row) for row in zip(*columns.values(), strict=True))]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    found = load(tmp_path / "a.csv")
    assert (found.columns, list(found.items)) == (tuple(names), columns["text"])
    assert list(map(str, found.table["price"])) == prices
    assert [fault.what for fault in found.rejected] == ["note on a file"]
    plain = load(tmp_path / "a.csv", choices={"delimiter": "comma"})
    assert len(plain.columns) == 4


def test_row_names_and_numbers_that_could_be_halves_of_several_stay_as_they_are(tmp_path: Path) -> None:
    for names in ("text,score,n", "a,b,c"):
        lines = [names, *(f"{at},The bus {at},{at % 5},{at % 3}" for at in range(8))]
        (tmp_path / "a.csv").write_text("\n".join(lines))
        assert load(tmp_path / "a.csv", text=names.split(",")[0]).columns == ("row", *names.split(","))


@pytest.mark.parametrize("seed", range(24))
def test_no_column_is_surely_beside_its_name_where_commas_part_numbers_too(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    rows = draw.choice([4, 8, 20])
    cells = {
        "id": [str(at) for at in range(1, rows + 1)],
        "comment": [f"{draw.choice(SAID).replace(',', '')} {at}" for at in range(rows)],
        "city": [draw.choice(["Hull", "York"]) for _ in range(rows)],
        "date": [f"2024-03-{draw.randint(10, 28)}" for _ in range(rows)],
    }
    torn = draw.sample(["price", "weight"], draw.choice([1, 1, 2]))
    sign = draw.choice(["", "", " €"])
    cells |= {
        name: [f"{draw.choice(['', '1.0'])}{draw.randint(10, 90)},{draw.randint(0, 99):02}{sign}" for _ in range(rows)]
        for name in torn
    }
    names = ["comment", *torn, *draw.sample(["id", "city", "date"], draw.randint(0, 3))]
    draw.shuffle(names)
    lines = [",".join(names), *(",".join(cells[name][at] for name in names) for at in range(rows))]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    found = load(tmp_path / "a.csv", text="comment")
    unsure = [choice for choice in found.choices if not choice.sure]
    assert all("quotation marks" in choice.why for choice in unsure)
    if found.columns == tuple(names):
        assert list(found.items) == cells["comment"]
        assert all([str(one) for one in found.table[name]] == cells[name] for name in torn)
    else:
        assert unsure


def test_two_numbers_that_may_be_one_are_joined_and_not_sure(tmp_path: Path) -> None:
    for names in ("id,text,latlon", "id,text,stars"):
        lines = [names, *(f"{at},The bus {at},{at + 40},{at % 3 + 7}" for at in range(8))]
        (tmp_path / "a.csv").write_text("\n".join(lines))
        found = load(tmp_path / "a.csv")
        assert found.columns == tuple(names.split(","))
        assert [choice.name for choice in found.choices if not choice.sure] == ["delimiter"]


def test_first_fields_that_come_again_are_not_surely_names_of_rows(tmp_path: Path) -> None:
    def unsure(rows: list[str]) -> list[str]:
        (tmp_path / "a.csv").write_text("\n".join(["comment,place", *rows]))
        return [choice.name for choice in load(tmp_path / "a.csv", text="comment").choices if not choice.sure]

    assert unsure([f"{place},The bus {at},York" for at, place in enumerate(["Hull", "York"] * 4)]) == ["header"]
    assert unsure([f"The bus {at},5,York" for at in range(8)]) == ["header"]
    assert unsure([f"r{at},The bus {at},York" for at in range(8)]) == []


@pytest.mark.parametrize("seed", range(8))
def test_bars_within_the_cells_of_a_list_of_sap_stay_there(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    texts = [one if draw.random() < 0.5 else " | ".join(one.split(" ", draw.randint(1, 2))) for one in SAID]
    rows = [[str(at), text, f"{at},50"] for at, text in enumerate(texts, 1)]
    table = [["Nr", "Text", "Price"], *rows]
    wide = [max(len(row[at]) for row in table) + draw.randint(0, 2) for at in range(3)]
    drawn = ["|" + "|".join(cell.ljust(width) for cell, width in zip(row, wide, strict=True)) + "|" for row in table]
    dashes = "-" * len(drawn[0])
    (tmp_path / "a.txt").write_text("\n".join(["Report", dashes, drawn[0], dashes, *drawn[1:], dashes, ""]))
    found = load(tmp_path / "a.txt", text="Text")
    assert (found.columns, list(found.items)) == (("Nr", "Text", "Price"), texts)
    assert list(map(str, found.table["Price"])) == [row[2] for row in rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_types_with_versions_above_what_powershell_exports_are_no_names(tmp_path: Path, delimiter: str) -> None:
    kind = "Deserialized.Foo`1[[System.Int32, mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a-5c]]"
    rows = [["Id", "Text"], *([str(at), f"{text}; {text}, too"] for at, text in enumerate(SAID[:2]))]
    quoted = (delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    (tmp_path / "a.csv").write_text("\n".join([f"#TYPE {kind}", *quoted]))
    found = load(tmp_path / "a.csv")
    assert (found.columns, list(found.items)) == (("Id", "Text"), [row[1] for row in rows[1:]])


@pytest.mark.parametrize("seed", range(40))
def test_decimal_commas_that_part_some_lines_are_joined_and_no_value_changes(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    rows = draw.choice([4, 6, 20])
    torn = draw.sample(["price", "weight"], draw.choice([1, 1, 2]))
    cells = {
        "id": [str(at + 1) for at in range(rows)],
        "comment": [" ".join(draw.choices(["bus", "late", "rain", "again"], k=5)) for _ in range(rows)],
        "city": [draw.choice(["Rome", "Paris"]) for _ in range(rows)],
        "date": [f"2024-03-{draw.randint(10, 28)}" for _ in range(rows)],
    }
    for name in torn:
        whole = draw.sample(range(rows), max(1, rows // 3))
        cells[name] = [f"{draw.randint(0, 99)}{'' if at in whole else f',{draw.randint(1, 99)}'}" for at in range(rows)]
    words = draw.sample(["city", "date"], draw.randint(1, 2))
    names = [words[0], torn[0], "comment", *torn[1:], *words[1:]]  # no two columns of numbers stand side by side
    lines = [",".join(cells[name][at] for name in names) for at in range(rows)]
    (tmp_path / "a.csv").write_text("\n".join([",".join(names), *lines]))
    found = load(tmp_path / "a.csv")
    assert (found.columns, list(found.items)) == (tuple(names), cells["comment"])
    assert all([str(one) for one in found.table[name]] == cells[name] for name in names if name != "comment")
    assert any("the halves are joined" in one.reason for one in found.rejected)


@pytest.mark.parametrize(
    "lines",
    [
        ["id,text,a", "1,the bus, late again,3", "2,so cold,4", "3,so dark,5", "4,so wet,1"],  # a comma of prose
        [
            "a,b,c,text",
            "1,2,3,so cold",
            "4,5,6,so dark",
            "7,8,9,so wet",
            "1,2,3,4,so late",
            "3,1,2,so hot",
        ],  # which two of four numbers are one?
        ["name;price;text", "Ann;1,5;so late, again", "Bob;2;so cold", "Cy;3,5;so dark, too", "Di;4;so wet"],
        ["id,text", '1,"two lines, here', '3,5,x"', "2,so cold", "3,so dark", "4,so wet"],
    ],
)
def test_what_may_be_no_decimal_comma_is_not_joined(tmp_path: Path, lines: list[str]) -> None:
    (tmp_path / "a.csv").write_text("\n".join(lines))
    assert not any("the halves are joined" in one.reason for one in load(tmp_path / "a.csv").rejected)
