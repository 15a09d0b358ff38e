"""Spreadsheets: which sheet is read and what is told of the others, titles above the names, types, hostile ones."""

import csv
import datetime
import io
import zipfile
from pathlib import Path

import pytest

from explorer import ingest
from explorer.errors import NothingUsable, UnreadableFile
from explorer.ingest import load
from explorer.types import BELOW
from tests.spreadsheets import excel, opendocument, zipped

HEADER = ["id", "answer", "score", "when", "ok", "share", "mixed"]


def answer(row):
    when = datetime.date(2024, 5, 1 + row)
    text = f"The bus on line {row} was late again, please look into it"
    return [f"{row:03d}", text, row, when, row % 2 == 0, row / 8, row if row % 2 else f"n{row}"]


ANSWERS = [HEADER, *map(answer, range(9))]


@pytest.fixture
def loaded(tmp_path):
    def load(content, name="book.xlsx"):
        (tmp_path / name).write_bytes(content)
        return ingest.load(tmp_path / name)

    return load


def test_the_fullest_sheet_is_read_with_its_types_and_the_others_are_told(loaded):
    book = {
        "Notes": [["made up"], ["all of it"]],
        "Answers": ANSWERS,
        "Empty": [],
        "Lists": [[i] * 40 for i in range(99)],
    }
    dataset = loaded(excel(book, hidden=["Lists"]))
    assert dataset.text_column == "answer"
    assert list(dataset.items) == [row[1] for row in ANSWERS[1:]]
    table = dataset.table
    assert list(table["id"]) == [row[0] for row in ANSWERS[1:]]  # a text with leading noughts
    assert table["score"].dtype == "int64"
    assert list(table["score"]) == list(range(9))
    assert list(table["when"].dt.date) == [row[3] for row in ANSWERS[1:]]
    assert table["ok"].dtype == bool
    assert list(table["share"]) == [row / 8 for row in range(9)]
    assert list(table["mixed"]) == ["n0", "1", "n2", "3", "n4", "5", "n6", "7", "n8"]
    fault, hidden = dataset.rejected
    assert fault.source == "book.xlsx"
    assert "“Notes” (2 filled cells) is not read" in fault.reason
    assert "“Lists” (3,960 filled cells) is hidden and not read" in hidden.reason


def test_titles_above_the_names_and_rows_without_a_text_are_listed_and_empty_rows_are_none(loaded):
    rows = [["Survey of May", None], [], ["", "page 1 of 1"], *ANSWERS[:4], [], *ANSWERS[4:], ["100", None, 3]]
    dataset = loaded(excel({"Data": rows}))
    assert len(dataset.items) == 9
    assert [(fault.row, fault.reason) for fault in dataset.rejected] == [
        (None, "it stands above the column names: Survey of May"),
        (None, "it stands above the column names: page 1 of 1"),
        (10, "the text is empty"),
    ]


def test_a_sheet_without_names_loses_no_row_and_one_column_is_enough(loaded):
    texts = [[f"The swimming pool closed too early on day {row}, why?"] for row in range(8)]
    assert len(loaded(excel({"Sheet1": texts})).items) == 8
    assert len(loaded(excel({"Sheet1": [["comment"], *texts]})).items) == 8


def test_opendocument_is_read_alike(loaded):
    texts = [[str(row), f"More benches for the park, wish number {row}"] for row in range(8)]
    dataset = loaded(opendocument({"Wishes": [["id", "wish"], *texts]}), "wishes.ods")
    assert dataset.text_column == "wish"
    assert list(dataset.table["id"]) == [row[0] for row in texts]


def test_a_workbook_of_old_is_read(loaded):
    dataset = loaded((Path(__file__).parents[1] / "data/answers.xls").read_bytes(), "answers.xls")
    assert len(dataset.items) == 12
    assert list(dataset.table["id"])[:2] == ["0000", "0001"]
    assert list(dataset.table["score"]) == list(range(12))


def test_what_is_read_in_the_preview_is_what_is_loaded(tmp_path):
    (tmp_path / "book.xlsx").write_bytes(excel({"Data": [["A title"], *ANSWERS]}))
    shown = ingest.preview(tmp_path / "book.xlsx", limit=3)
    assert shown.columns == tuple(HEADER)
    assert shown.text_column == "answer"
    assert [row["id"] for row in shown.rows] == ["000", "001", "002"]
    assert [row["score"] for row in shown.rows] == ["0", "1", "2"]


def test_cells_far_out_a_cut_file_and_one_of_another_kind_are_refused_in_a_sentence(loaded):
    whole = excel({"Data": ANSWERS})
    wide = excel({"Data": [[None] * 16_383 + ["x"]] + [[None]] * 20_000 + [["y"]]})
    with pytest.raises(UnreadableFile, match=r"limit is 200,000,000 cells. Delete what lies far outside"):
        loaded(wide)
    for content in (whole[: len(whole) // 2], b"\x09\x00 what no program has written \x01\x02"):
        with pytest.raises(UnreadableFile, match=r"is not a whole spreadsheet.*or as CSV"):
            loaded(content)
    with pytest.raises(NothingUsable, match="the file is empty"):
        loaded(excel({"Data": []}))


def test_the_rows_of_a_survey_below_the_names_are_what_its_columns_ask(tmp_path) -> None:
    rows = [
        ["StartDate", "Q1", "Q2"],
        ["Start Date", "What should the town do first?", "How likely are you to stay?"],
        ['{"ImportId":"startDate","timeZone":"Europe/Berlin"}', '{"ImportId":"QID1_TEXT"}', '{"ImportId":"QID2"}'],
        *([datetime.date(2025, 9, 1 + at), f"mend the bridge number {at} before winter", at % 11] for at in range(12)),
    ]
    written = [[str(cell) for cell in row] for row in rows]
    for name, content in (("a.xlsx", excel({"Sheet0": rows})), ("a.ods", opendocument({"Sheet0": written}))):
        (tmp_path / name).write_bytes(content)
        dataset = ingest.load(tmp_path / name)
        assert len(dataset) == 12, name
        assert dataset.described == {"Q1": "What should the town do first?", "Q2": "How likely are you to stay?"}, name
        if name == "a.xlsx":
            assert dataset.table["Q2"].tolist()[:3] == [0, 1, 2]
            assert str(dataset.table["StartDate"].dtype).startswith("datetime64")
        assert [fault.noun for fault in dataset.rejected] == [BELOW] * 2, name
        assert dataset.place(0) == "row 4 of Sheet0", name


def test_a_binary_workbook_has_its_values_and_types() -> None:
    """It was written by pyxlsbwriter 0.1.0, another hand than that of our reader's."""
    found = ingest.load(Path(__file__).parent.parent / "data" / "answers.xlsb")
    table = found.table
    assert found.items[0] == "The queue was long on Saturday — ünïcödé 漢字"
    assert (len(found), table["id"].tolist(), table["n"].tolist()) == (3, ["007", "008", "010"], [1, 2**53, -3])
    assert table["share"].tolist() == [0.5, 1e-7, 12345678.9]
    assert [str(day)[:10] for day in table["day"]] == ["2026-03-04", "1999-12-31", "2100-01-01"]
    assert [str(when) for when in table["when"]] == ["2026-03-04 10:20:30", "2026-03-04 00:00:00", "NaT"]
    assert table["ok"].tolist() == [True, False, True]
    assert [(fault.place, fault.reason[:18]) for fault in found.rejected] == [
        ("", "the sheet “Cover” "),
        ("row 4 of Data", "the text is empty"),
    ]


TOLD = [f"The bus number {at} never came to the stop" for at in range(9)]


@pytest.mark.parametrize("gap", [1, 2])
def test_another_table_below_is_told_and_is_no_rows(tmp_path: Path, gap: int) -> None:
    rows: list[list[object]] = [["id", "comment", "score"], *([at, TOLD[at], at / 2] for at in range(9))]
    below: list[list[object]] = [["ward", "population", None], *([f"W{at}", 1000 + at, None] for at in range(4))]
    (tmp_path / "a.xlsx").write_bytes(excel({"Sheet": [*rows, *[[None] * 3] * gap, *below]}))
    found = load(tmp_path / "a.xlsx")
    assert list(found.items) == TOLD
    assert [fault.reason for fault in found.rejected][:2] == [
        "it stands below the table: ward · population",
        "it stands below the table: W0 · 1000",
    ]
    assert len(found.rejected) == 5
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in [*rows, [None] * 3, *below]]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    assert list(load(tmp_path / "a.csv").items) == TOLD
    more = [*rows, [None] * 3, *([at, TOLD[at], None] for at in range(4))]
    (tmp_path / "b.xlsx").write_bytes(excel({"Sheet": more}))
    assert len(load(tmp_path / "b.xlsx")) == 13  # rows go on below a blank one


def test_rows_show_what_cells_that_are_merged_over_them_have(tmp_path: Path) -> None:
    rows = [["town", "comment"], *([f"Town {at // 3}" if at % 3 == 0 else None, TOLD[at]] for at in range(9))]
    plain = excel({"Sheet": rows})
    merged = "".join(f'<mergeCell ref="A{at}:A{at + 2}"/>' for at in (2, 5, 8)) + '<mergeCell ref="A11:A1048576"/>'
    with zipfile.ZipFile(io.BytesIO(plain)) as parts:
        files = {name: parts.read(name).decode() for name in parts.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    files[sheet] = files[sheet].replace("</sheetData>", f"</sheetData><mergeCells>{merged}</mergeCells>")
    (tmp_path / "a.xlsx").write_bytes(zipped(files))
    assert load(tmp_path / "a.xlsx").table["town"].tolist() == [f"Town {at // 3}" for at in range(9)]
    (tmp_path / "b.xlsx").write_bytes(plain)
    assert load(tmp_path / "b.xlsx").table["town"].isna().sum() == 6


@pytest.mark.parametrize(("suffix", "codec"), [(".xls", "utf-16"), (".xlsx", "utf-8"), (".xls", "cp1252")])
def test_a_table_of_text_that_is_called_a_spreadsheet_is_read(tmp_path: Path, suffix: str, codec: str) -> None:
    lines = ["id\tcomment", *(f"{at}\t{text}, Straße" for at, text in enumerate(TOLD))]
    (tmp_path / f"a{suffix}").write_bytes("\n".join(lines).encode(codec))
    assert list(load(tmp_path / f"a{suffix}").items) == [f"{text}, Straße" for text in TOLD]
    (tmp_path / f"b{suffix}").write_bytes("\n".join(TOLD).encode(codec))
    with pytest.raises(UnreadableFile, match=r"is lines of text.*Rename it to \.txt"):
        load(tmp_path / f"b{suffix}")


def test_spreadsheets_by_other_names_are_called_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(excel({"Sheet": [["id", "comment"], [1, TOLD[0]]]}))
    with pytest.raises(UnreadableFile, match=r"is an Excel workbook \(.xlsx\), though its name says .csv. Rename it"):
        load(tmp_path / "a.csv")
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    (tmp_path / "a.xls").write_text(f'<?xml version="1.0"?><Workbook xmlns="{space}"></Workbook>')
    with pytest.raises(UnreadableFile, match=r"Excel 2003 as XML, which is not read. Save it from Excel as .xlsx"):
        load(tmp_path / "a.xls")


def test_what_may_be_a_table_beside_another_is_told_and_kept(tmp_path):
    head, wishes = ["id", "wish", None, "ward", "people"], [f"More benches, wish number {at}" for at in range(8)]
    rows = [head, *([at, wish, None, *([f"W{at}", 100 + at] if at < 3 else [])] for at, wish in enumerate(wishes))]
    (tmp_path / "a.xlsx").write_bytes(excel({"Data": rows}))
    found = ingest.load(tmp_path / "a.xlsx")
    assert found.table["ward"].dropna().tolist() == ["W0", "W1", "W2"]
    [told] = [fault.reason for fault in found.rejected]
    assert told.startswith(
        "the columns “ward”, “people” stand beside the table, behind an empty column, and end after 3"
    )
    whole = [head, *([at, wish, None, f"W{at}", 100 + at] for at, wish in enumerate(wishes))]
    (tmp_path / "b.xlsx").write_bytes(excel({"Data": whole}))
    assert ingest.load(tmp_path / "b.xlsx").rejected == ()
    gaps = [head, *([at, wish, None, *([f"W{at}", 1] if at in (0, 4) else [])] for at, wish in enumerate(wishes))]
    (tmp_path / "c.xlsx").write_bytes(excel({"Data": gaps}))
    assert ingest.load(tmp_path / "c.xlsx").rejected == ()


@pytest.mark.parametrize("optional", [0, 1, 2])
def test_titles_above_two_columns_are_none_of_a_sheet(tmp_path, optional) -> None:
    texts = [
        "The bus came late again.",
        "Was the pool cold for you, too?",
        "The bread was fresh today.",
        "No one came.",
    ]
    rows = [[text, "" if at < optional else "Park"] for at, text in enumerate(texts)]
    cells = [["Complaints 2024", ""], ["Number of responses: 60", ""], ["What did you like most?", "Used"], *rows]
    (tmp_path / "a.xlsx").write_bytes(excel({"Data": cells}))
    dataset = load(tmp_path / "a.xlsx")
    assert set(dataset.columns) == {"What did you like most?", "Used"}
    assert list(dataset.items) == texts


@pytest.mark.parametrize("same", [False, True])
def test_a_hidden_sheet_links_and_notes_of_cells_are_told(tmp_path, same) -> None:
    rows = [["id", "text", "link"], *([at, f"The bus was late {at}.", f"https://x.org/{at}"] for at in range(3))]
    made = zipfile.ZipFile(io.BytesIO(excel({"Data": rows, "Secret": [["a", "b"], [1, 2]]}, hidden=["Secret"])))
    files = {name: made.read(name) for name in made.namelist()}
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = f'Type="{kinds}/hyperlink" TargetMode="External" Target="https://x.org/{"" if same else "else"}'
    links = "".join(f'<Relationship Id="r{at}" {link}{at}"/>' for at in range(3))
    files["xl/worksheets/_rels/sheet1.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'{links}<Relationship Id="n" Type="{kinds}/comments" Target="../comments1.xml"/></Relationships>'
    )
    files["xl/comments1.xml"] = '<comments><commentList><comment ref="A2"/><comment ref="A3"/></commentList></comments>'
    (tmp_path / "a.xlsx").write_bytes(zipped(files))
    told = [fault.reason for fault in load(tmp_path / "a.xlsx").rejected]
    secret = "the sheet “Secret” (4 filled cells) is hidden and not read; choose it under “Sheet” to read it (--read "
    assert any(one.startswith(secret) for one in told)
    assert any(one.startswith("2 notes on its cells are not taken") for one in told)
    assert any(one.startswith("where 3 links of its cells lead") for one in told) is not same


@pytest.mark.parametrize("below", [[], [["", ""], ["Source: the town", ""]], [["Generated on 2024-03-01", ""]]])
def test_column_names_that_nothing_tells_are_unsure_in_a_sheet_as_in_csv(tmp_path, below) -> None:
    rows = [
        ["Two days too late", "Berlin"],
        ["Cold again", "Rome"],
        ["Park is clean", "Paris"],
        ["Why so dark", "Rome"],
    ]
    names = [["text", "city"], *rows]
    for table, sure in ((rows, False), (names, True)):
        (tmp_path / "a.xlsx").write_bytes(excel({"S": [*table, *below]}))
        with (tmp_path / "a.csv").open("w", newline="") as file:
            csv.writer(file).writerows([*table, *below])
        for path in (tmp_path / "a.xlsx", tmp_path / "a.csv"):
            (header,) = [one for one in load(path).choices if one.name == "header"]
            assert (header.value, header.sure, bool(header.why)) == ("1", sure, not sure)


def test_of_equal_sheets_one_is_read_and_why_is_said_of_each_other_and_all_can_be_chosen(loaded, tmp_path):
    rows = [["id", "comment", "score"], *([at, f"the bus on line {at} was late", at % 3] for at in range(5))]
    dataset = loaded(excel({"A": rows, "B": rows, "C": rows}))
    (sheet,) = [one for one in dataset.choices if one.name == "sheet"]
    assert (len(dataset.items), sheet.value, sheet.sure) == (5, "A", False)
    assert "copies" in sheet.why
    assert [one.what for one in dataset.rejected] == ["sheet"] * 2
    assert all("as a copy has; choose it, or all together" in one.reason for one in dataset.rejected)
    together = load(tmp_path / "book.xlsx", choices={"sheet": "(all)"})
    assert [*together.table["sheet"]] == ["A"] * 5 + ["B"] * 5 + ["C"] * 5
    assert not together.rejected
    alone = loaded(excel({"A": [row[1:2] for row in rows], "B": [[f"{row[1]} again"] for row in rows]}))
    assert "as much in it and stands before it" in alone.rejected[0].reason
    assert next(one.why for one in alone.choices if one.name == "sheet").startswith("it is the first of those")


@pytest.mark.parametrize("wide", [False, True])
def test_sheets_whose_names_are_not_sure_can_be_read_together_where_they_have_as_many_columns(loaded, tmp_path, wide):
    def rows(sheet):
        texts = [f"the bus on line {at} of {sheet} was late" for at in range(5)]
        return (
            [[at, text, at % 3] for at, text in enumerate(texts)]
            if wide
            else [["comment"], *([text] for text in texts)]
        )

    dataset = loaded(excel({"A": rows("A"), "B": rows("B"), "C": rows("C"), "D": [[1, 2], [3, 4]]}))
    assert len(dataset.items) == 5
    assert [one.what for one in dataset.rejected] == ["sheet"] * 3
    told = [one.reason for one in dataset.rejected if "“D”" not in one.reason]
    assert all("choose this one, or all together, to read it" in one for one in told)
    together = load(tmp_path / "book.xlsx", choices={"sheet": "(all)"})
    assert [*together.items] == [f"the bus on line {at} of {sheet} was late" for sheet in "ABC" for at in range(5)]
    assert [*together.table["sheet"]] == ["A"] * 5 + ["B"] * 5 + ["C"] * 5
    assert ["“D”" in one.reason for one in together.rejected] == [True]
