"""What could be read in another way: it is told, it is taken when it is asked for, and what cannot be is refused."""

import csv
import gzip
import io
import json
import shlex
from pathlib import Path

import pytest

from explorer import ingest
from explorer.errors import BadChoice, UnknownColumn
from explorer.report.wording import read_as
from explorer.types import left_out, said_left_out
from explorer.workspace.datafiles import read_dataset, write_dataset
from tests.spreadsheets import excel

NOTES = [["note"], ["what this is all about"], ["who has made it, and when"]]
WISHES = [["wish", "n"], *([f"more benches for the park, wish number {row}", row] for row in range(9))]
OLD = [["old wish"], *([f"wish number {row} of the year before"] for row in range(20))]


def choice(told, name):
    return next(choice for choice in told.choices if choice.name == name)


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(excel({"Notes": NOTES, "Wishes": WISHES, "Before": OLD, "Bare": []}, hidden=["Before"]))
    return path


def test_of_a_spreadsheet_every_sheet_can_be_read_and_which_there_are_is_told(book):
    dataset = ingest.load(book)
    sheet = choice(dataset, "sheet")
    assert sheet.value == "Wishes"
    assert dict(sheet.options) == {
        "Notes": "Notes (3 rows)",
        "Wishes": "Wishes (10 rows)",
        "Before": "Before (21 rows, hidden)",
        "Bare": "Bare (0 rows)",
    }
    assert sheet.sure
    assert [fault.reason[:23] for fault in dataset.rejected] == ["the sheet “Notes” (3 fi", "the sheet “Before” (21 "]
    for asked, column, rows in (("Notes", "note", 2), ("Before", "old wish", 20), ("Wishes", "wish", 9)):
        other = ingest.load(book, choices={"sheet": asked})
        assert (other.text_column, len(other), other.asked) == (column, rows, {"sheet": asked})
        assert choice(other, "sheet").asked
        seen = ingest.preview(book, choices={"sheet": asked})
        assert (seen.text_column, choice(seen, "sheet").value) == (column, asked)


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(book):
    for read in (ingest.load, ingest.preview):
        with pytest.raises(BadChoice, match=r"“Wish”\. Possible are Notes, Wishes, Before, Bare"):
            read(book, choices={"sheet": "Wish"})


def test_a_choice_that_no_file_knows_is_refused_with_those_that_there_are(book):
    for read in (ingest.load, ingest.preview):
        with pytest.raises(BadChoice, match="“tab”; what can be chosen is sheet"):
            read(book, choices={"tab": "Wishes"})


def test_of_sheets_that_copy_one_another_none_is_surely_meant(tmp_path):
    (tmp_path / "two.xlsx").write_bytes(excel({"May": WISHES, "June": WISHES[:-1]}))
    sheet = choice(ingest.load(tmp_path / "two.xlsx"), "sheet")
    assert (sheet.value, sheet.sure, sheet.why) == (
        "May",
        False,
        "sheets with the same columns have the same rows, too, as copies have",
    )
    assert sheet.options[-1] == ("(all)", "the 2 sheets with the same columns, together")


def months(**others):
    """Return a workbook of months with the same columns, 4 wishes each, the second one below a title."""
    rows = {
        month: [["id", "wish"], *([f"{month}-{at}", f"In {month} the bus was late {at} times"] for at in range(4))]
        for month in ("Jan", "Feb", "Mar")
    }
    return excel({**rows, "Feb": [["Wishes of February"], [], *rows["Feb"]], **others})


def test_sheets_with_the_same_columns_are_read_together_and_each_row_tells_its_own(tmp_path):
    (tmp_path / "y.xlsx").write_bytes(months(Notes=[["made up"]]))
    found, shown = ingest.load(tmp_path / "y.xlsx"), ingest.preview(tmp_path / "y.xlsx")
    assert (len(found), found.columns, found.text_column) == (12, ("id", "wish", "sheet"), "wish")
    assert shown.columns == found.columns
    assert list(found.table["sheet"]) == [month for month in ("Jan", "Feb", "Mar") for _ in range(4)]
    assert [found.places.words(row) for row in (0, 4, 11)] == ["row 2 of Jan", "row 4 of Feb", "row 5 of Mar"]
    assert sorted(fault.reason for fault in found.rejected) == [
        "it stands above the column names: Wishes of February",
        "the sheet “Notes” (1 filled cell) is not read, it has other columns than those that are read together; "
        "choose it to read it",
    ]
    sheet = choice(found, "sheet")
    assert (sheet.value, sheet.sure, sheet.why) == ("(all)", False, "they have the same columns")
    assert sheet.options[-1] == ("(all)", "the 3 sheets with the same columns, together")
    one = ingest.load(tmp_path / "y.xlsx", choices={"sheet": "Feb"})
    assert (len(one), one.columns, one.name) == (4, ("id", "wish"), "y.xlsx – Feb")
    assert len(ingest.load(tmp_path / "y.xlsx", choices={"header": "1"})) == 4  # said of one sheet


def test_a_sheet_with_a_text_beside_other_columns_is_read_rather_than_a_fuller_one_that_explains_it(tmp_path):
    wards = [["ward"], *([f"W{at}"] for at in range(40))]
    said = [
        [f"This workbook holds the wishes of citizens; line {at} tells what each column means."] for at in range(30)
    ]
    book = [
        ["Variable", "Label", "Values"],
        *([f"Q{at}", f"How good is service {at}?", "1 = very"] for at in range(60)),
    ]
    for name, other in {"Lists": wards, "Read me": said, "Notes": said, "Codebook": book}.items():
        (tmp_path / "b.xlsx").write_bytes(excel({name: other, "Data": WISHES[:6]}))
        found = ingest.load(tmp_path / "b.xlsx")
        sheet = choice(found, "sheet")
        assert (sheet.value, sheet.sure, len(found)) == ("Data", False, 5), name
        assert sheet.why == "it has a text beside other columns"
        assert [fault.reason.partition(", ")[2] for fault in found.rejected] == [
            "“Data” has a text beside other columns; choose this one to read it"
        ]
    (tmp_path / "b.xlsx").write_bytes(months(Lists=wards * 4))
    assert choice(ingest.load(tmp_path / "b.xlsx"), "sheet").value == "(all)"


def test_of_sheets_read_together_types_are_shared_and_faults_stand_where_they_are(tmp_path):
    rows = [["wish", "n"], *([f"More benches for the park, wish {at}", at] for at in range(3))]
    other = [
        ["wish", "n"],
        ["Fewer cars on the square, please", "07"],
        ["", 9],
        ["A longer green light for walkers", 8],
    ]
    (tmp_path / "two.xlsx").write_bytes(excel({"A": rows, "B": other, "Hidden": rows}, hidden=["Hidden"]))
    found = ingest.load(tmp_path / "two.xlsx")
    assert (choice(found, "sheet").value, choice(found, "sheet").sure) == ("(all)", True)
    assert list(found.table["n"]) == ["0", "1", "2", "07", "8"]
    hidden, empty = [(fault.place, fault.reason) for fault in found.rejected]
    assert empty == ("row 3 of B", "the text is empty")
    assert hidden[1] == "the sheet “Hidden” (8 filled cells) is hidden and not read; " + (
        'choose it under “Sheet” to read it (--read sheet=Hidden; over REST choices: {"sheet": "Hidden"})'
    )
    called = [["wish", "n"], ["A bench by the lake would be good", 1]]
    (tmp_path / "two.xlsx").write_bytes(excel({"(all)": called, "B": other}))
    assert choice(ingest.load(tmp_path / "two.xlsx"), "sheet").value == "(all)*"
    assert len(ingest.load(tmp_path / "two.xlsx", choices={"sheet": "(all)"})) == 1


def test_choices_of_several_files_are_one_and_what_one_of_them_lacks_is_its_fault(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(excel({"Wishes": WISHES, "Notes": NOTES}))
    (tmp_path / "b.xlsx").write_bytes(excel({"Old": OLD, "Notes": NOTES[:2]}))
    found = ingest.load(tmp_path)
    sheet = choice(found, "sheet")
    assert (sheet.value, sheet.why) == ("", "the files differ")
    assert [value for value, _ in sheet.options] == ["Wishes", "Notes", "Old"]
    assert len(ingest.load(tmp_path, choices={"sheet": "Notes"})) == 3
    one = ingest.load(tmp_path, choices={"sheet": "Old"})
    assert (len(one), choice(one, "sheet").value) == (20, "Old")
    (fault,) = (fault for fault in one.rejected if fault.source == "a.xlsx")
    assert "“Old”. Possible are Wishes, Notes" in fault.reason


def test_words_of_the_command_line_are_choices():
    assert ingest.parse_choices(["sheet=A=B", "delimiter=\\t", "header="]) == {
        "sheet": "A=B",
        "delimiter": "\t",
        "header": "",
    }
    with pytest.raises(BadChoice, match="NAME=VALUE"):
        ingest.parse_choices(["sheet"])


def test_what_was_chosen_for_one_sheet_is_forgotten_with_it():
    asked = {"sheet": "A", "header": "3", "encoding": "cp1252"}
    assert ingest.changed(asked, {"sheet": "B"}) == {"sheet": "B", "encoding": "cp1252"}
    assert ingest.changed(asked, {"sheet": "A"}) == asked
    assert ingest.changed(asked, {"header": ""}) == {"sheet": "A", "encoding": "cp1252"}


def written(tmp_path, content, name="a.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


POLISH = "id,opis\n1,Zażółć gęślą jaźń dziś\n2,Pchnąć w tę łódź jeża\n3,Szybko zbudź się świcie\n"


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.csv.gz"])
def test_an_encoding_is_told_with_a_line_of_it_and_another_can_be_chosen(tmp_path, name):
    content = POLISH.encode("cp1250")
    path = written(tmp_path, gzip.compress(content) if name.endswith(".gz") else content, name)
    told = choice(ingest.load(path), "encoding")
    assert (told.value, told.asked) == ("cp1250", False)
    assert dict(told.options)["cp1250"].startswith("Windows-1250 – 1,Zażółć gęślą")
    assert "utf-8" not in dict(told.options)  # it cannot be read with it
    other = ingest.load(path, choices={"encoding": "Windows-1252"})
    assert choice(other, "encoding").value == "cp1252"
    assert any("¿ó³æ" in item for item in other.items)
    for impossible in ("ascii", "rot13", "nosuch", "x" * 1000):
        with pytest.raises(BadChoice, match=r"with encoding “.*Possible are cp1252, cp1250"):
            ingest.load(path, choices={"encoding": impossible})


def test_a_guess_that_could_be_another_says_so_and_one_that_is_marked_is_sure(tmp_path):
    few = written(tmp_path, "text\nwe met in the café over there\nand again the day after\n".encode("cp1252"))
    told = choice(ingest.load(few), "encoding")
    assert (told.value, told.sure, bool(told.why)) == ("cp1252", False, True)
    sure = choice(ingest.load(few, choices={"encoding": "cp1252"}), "encoding")
    assert (sure.sure, sure.asked) == (True, True)
    for codec in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le"):
        marked = choice(ingest.load(written(tmp_path, POLISH.encode(codec), f"{codec}.csv")), "encoding")
        assert marked.sure, codec


def test_utf_8_can_be_asked_for_where_the_bytes_are_none_and_costs_their_lines(tmp_path):
    path = written(tmp_path, "text\nwe met in the café over there\nand again the day after\n".encode("cp1252"))
    dataset = ingest.load(path, choices={"encoding": "utf-8"})
    assert list(dataset.items) == ["and again the day after"]
    assert "0xe9 is not valid UTF-8" in dataset.rejected[0].reason


SHAPED = "Export of May\n\na;b|c\nfirst, of all;1|2\nsecond, of all;3|4\nthird, of all;5|6\n"


def test_delimiter_marks_and_the_line_of_names_are_told_and_can_be_chosen(tmp_path):
    lines = ["note: made up", "", "comment;n", "'a few; words';1", "'and a few; more';2", "'many; more';3"]
    path = written(tmp_path, "\n".join(lines))
    dataset = ingest.load(path, choices={"header": "3"})
    told = {choice.name: choice.value for choice in dataset.choices}
    assert told == {"encoding": "utf-8", "delimiter": "semicolon", "quote": "single", "header": "3"}
    assert dict(choice(dataset, "header").options)["3"] == "line 3: comment;n"
    assert dict(choice(dataset, "delimiter").options)["semicolon"] == "semicolon (;) – 3 columns"
    assert dataset.columns == ("comment", "n")
    for asked, columns in {
        ("delimiter", "none"): ("comment;n",),
    }.items():
        assert ingest.load(path, choices={"header": "3", **dict([asked])}).columns == columns, asked
    marks = written(tmp_path, 'text,n\n"The rain came",1\n"The sun went",2\n')
    assert list(ingest.load(marks, choices={"quote": "none"}).items) == ['"The rain came"', '"The sun went"']
    literal = ingest.load(written(tmp_path, SHAPED), choices={"delimiter": "|", "header": "3"})
    assert literal.columns == ("a;b", "c")
    assert list(literal.items) == ["first, of all;1", "second, of all;3", "third, of all;5"]
    assert ingest.load(written(tmp_path, SHAPED), choices={"delimiter": " of "}).columns  # any text that there is


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"delimiter": "~"}, "Possible are comma"),
        ({"delimiter": "\n"}, "Possible are"),
        ({"quote": "`"}, "Possible are double, single, backslash, none"),
        ({"header": "2"}, "Possible are 1, 3"),  # a blank line
        ({"header": "99"}, "Possible are 1, 3"),
        ({"header": "-1"}, "Possible are"),
        ({"header": "9" * 5000}, "Possible are"),
    ],
)
def test_a_shape_that_cannot_be_is_refused_with_those_that_can(tmp_path, asked, said):
    with pytest.raises(BadChoice, match=said):
        ingest.load(written(tmp_path, SHAPED), choices=asked)


def test_every_shape_that_is_offered_can_be_read(tmp_path):
    path = written(tmp_path, SHAPED)
    for told in ingest.load(path).choices:
        for value, _ in told.options:
            asked = ingest.preview(path, choices={told.name: value})
            assert choice(asked, told.name).value == value, told.name


def test_names_that_nothing_tells_from_values_are_not_sure(tmp_path):
    told = choice(ingest.load(written(tmp_path, "red,apple tree\nblue,plum tree\ngreen,pear tree\n")), "header")
    assert (told.value, told.sure, bool(told.why)) == ("1", False, True)
    known = choice(ingest.load(written(tmp_path, "name,text\nblue,plum tree\ngreen,pear tree\nred,fig\n")), "header")
    assert known.sure


def test_the_three_header_rows_of_a_survey_are_names_and_what_explains_them(tmp_path):
    ids = ['{"ImportId":"startDate","timeZone":"Europe/Berlin"}', '{"ImportId":"QID1_TEXT"}']
    rows = [["StartDate", "Q1"], ["Start Date", "What did you like,\nand why?"], ids]
    rows += [[f"2024-05-0{day} 10:00:00", f"The staff was friendly on day {day}"] for day in range(1, 7)]
    made = io.StringIO()
    csv.writer(made).writerows(rows)
    dataset = ingest.load(written(tmp_path, made.getvalue()))
    assert dataset.columns == ("StartDate", "Q1")
    assert len(dataset) == 6
    assert [fault.reason[:30] for fault in dataset.rejected] == ["it explains the column names: "] * 2
    assert choice(dataset, "header").value == "1"
    assert dataset.described == {"Q1": "What did you like, and why?"}  # "Start Date" says no more than StartDate
    assert said_left_out(left_out(dataset.rejected), 2) == "2 lines that explain the column names left out"
    assert [one.kind for one in dataset.faults] == ["not part of the table"]
    (tmp_path / "kept").mkdir()
    write_dataset(dataset, tmp_path / "kept", source=None, origin=())
    assert read_dataset(tmp_path / "kept").described == dataset.described
    assert "“Q1”: What did you like, and why?" in read_as(dataset)[-1]


def test_of_a_json_document_every_array_of_objects_can_be_the_records(tmp_path):
    people = [{"name": f"the person number {n}", "age": n} for n in range(3)]
    posts = [{"post": f"what they said on day {n}"} for n in range(5)]
    document = {"made": "today", "people": people, "page": {"next": None, "posts": posts}}
    path = written(tmp_path, json.dumps(document), "a.json")
    dataset = ingest.load(path)
    told = choice(dataset, "records")
    assert (told.value, told.sure) == ("page.posts", False)
    assert dict(told.options) == {
        "(whole)": "the whole document (1 record)",
        "people": "people (3 records)",
        "page.posts": "page.posts (5 records)",
    }
    assert dataset.rejected[0].reason == "what stands beside its records is not read: made, people, page.next"
    assert len(ingest.load(path, choices={"records": "people"})) == 3
    with pytest.raises(BadChoice, match="people, page"):
        ingest.load(path, choices={"records": "posts"})


def test_of_a_sheet_the_row_of_names_can_be_chosen(tmp_path):
    rows = [["wish", "n"], *([f"more benches for the park, wish number {row}", row] for row in range(9))]
    (tmp_path / "a.xlsx").write_bytes(excel({"Data": [["made up", "by us"], [], *rows]}))
    dataset = ingest.load(tmp_path / "a.xlsx")
    assert choice(dataset, "header").value == "1"  # as many cells as a row has: a title it is not surely
    other = ingest.load(tmp_path / "a.xlsx", choices={"header": "3"})
    assert other.columns == ("wish", "n")
    assert list(other.table["n"]) == list(range(9))
    assert len(ingest.load(tmp_path / "a.xlsx", choices={"header": "none"})) == 11
    with pytest.raises(BadChoice, match="Possible are 1, 3"):
        ingest.load(tmp_path / "a.xlsx", choices={"header": "2"})


TITLED = "title,body,n\nBus,It came late,1\nTrain,,2\nNULL,It was warm inside,3\n , ,4\n"


def test_columns_are_joined_in_the_order_asked_without_empty_parts_and_stay_columns(tmp_path):
    path = written(tmp_path, TITLED)
    dataset = ingest.load(path, text=["title", "body"])
    assert list(dataset.items) == ["Bus\nIt came late", "Train", "It was warm inside"]
    assert (dataset.text_column, dataset.text_columns) == ("title + body", ("title", "body"))
    assert dataset.columns == ("title", "body", "n")
    assert list(dataset.table.columns) == ["title", "body", "n"]
    assert list(dataset.table["title"]) == ["Bus", "Train", "NULL"]
    assert [(fault.row, fault.reason) for fault in dataset.rejected] == [(3, "the text is empty")]
    asked = {"separator": " – ", "names": "yes"}
    named = ingest.load(path, text=["body", "title", "body"], choices=asked)
    assert list(named.items) == ["body: It came late – title: Bus", "title: Train", "body: It was warm inside"]
    assert {choice.name: choice.value for choice in named.choices if choice.asked} == asked
    seen = ingest.preview(path, text=["body", "title"], choices=asked)
    assert (seen.text_column, seen.rows[0][seen.text_column]) == ("body + title", named.items[0])
    assert ingest.load(path, text=["body"]).key == ingest.load(path, text="body").key
    assert len({dataset.key, named.key, ingest.load(path, text="body").key}) == 3


def test_what_is_asked_of_joined_columns_has_to_be_possible(tmp_path):
    path = written(tmp_path, TITLED)
    with pytest.raises(UnknownColumn, match=r"'author' not found in a\.csv; its columns are title, body, n"):
        ingest.load(path, text=["title", "author"])
    for wrong in ({"names": "perhaps"}, {"separator": "-" * 101}):
        with pytest.raises(BadChoice, match="Possible are"):
            ingest.load(path, text=["title", "body"], choices=wrong)
    with pytest.raises(BadChoice, match=r"nothing of a\.csv can be read by “names”"):
        ingest.load(path, text="body", choices={"names": "yes"})  # one column is not joined


def test_of_files_together_each_joins_the_columns_that_it_has(tmp_path):
    written(tmp_path, "title,body\nBus,It came late\n", "a.csv")
    written(tmp_path, "body,n\nIt was warm inside,1\n", "b.csv")
    written(tmp_path, "n,other\n1,Nothing of this is asked for\n", "c.csv")
    dataset = ingest.load(tmp_path, text=["title", "body"])
    assert list(dataset.items) == ["Bus\nIt came late", "It was warm inside"]
    assert [(fault.source, fault.reason) for fault in dataset.rejected] == [
        ("c.csv", "it has no column 'title' or 'body'; its columns are n, other")
    ]


ROWS = "wish\tn\n" + "".join(f"more benches for the park, wish {n}\t{n}\n" for n in range(5))


def test_lines_with_tabs_like_a_tables_stay_lines_and_can_be_its_rows(tmp_path):
    pasted = ingest.load_text(ROWS)
    told = choice(pasted, "as")
    assert (told.value, told.sure) == ("lines", False)
    assert dict(told.options) == {"lines": "an item a line", "table": "a table of 2 columns"}
    path = written(tmp_path, ROWS, "a.txt")
    lines = ingest.load(path)
    assert (len(lines), lines.text_column, choice(lines, "as").value) == (6, None, "lines")
    table = ingest.load(path, choices={"as": "table"})
    assert (len(table), table.columns, table.text_column) == (5, ("wish", "n"), "wish")
    assert (choice(table, "as").value, choice(table, "delimiter").value) == ("table", "tab")
    assert ingest.preview(path, choices={"as": "table"}).kind == "table"
    assert choice(ingest.load(path, choices={"as": "lines"}), "as").value == "lines"
    with pytest.raises(BadChoice, match="Possible are lines, table"):
        ingest.load(path, choices={"as": "cells"})
    for plain in ("one\ttab\nand none here\nnor there\n", "words without tabs\nand more of them\n"):
        assert ingest.load_text(plain).choices == ()


def test_words_for_no_value_are_not_joined_as_if_they_were_said(tmp_path):
    rows = "good,bad\nit is fast,n/a\nNone,it broke\n-,\nNone,n/a\nNA,too loud\n"
    (tmp_path / "a.csv").write_text(rows)
    dataset = ingest.load(tmp_path / "a.csv", text=["good", "bad"])
    assert dataset.items == ["it is fast", "it broke", "None\nn/a", "too loud"]
    assert dataset.table["bad"].tolist()[0] == "n/a"


def test_another_sheet_has_another_name_and_the_usual_one_its_own_again(tmp_path):
    rows = [["text", "n"], *([f"the first sheet says so, {at}", at] for at in range(9))]
    (tmp_path / "a.xlsx").write_bytes(excel({"One": rows, "Two": rows[:5]}))
    one, two = ingest.load(tmp_path / "a.xlsx"), ingest.load(tmp_path / "a.xlsx", choices={"sheet": "Two"})
    assert (one.name, two.name) == ("a.xlsx", "a.xlsx – Two")
    told = [{"name": choice.name, "value": choice.value, "asked": choice.asked} for choice in two.choices]
    assert ingest.named_without(two.name, told) == "a.xlsx"
    assert ingest.named_without("mine", told) == "mine"


def test_text_whose_lines_surely_are_the_rows_of_a_table_is_one(tmp_path: Path) -> None:
    head = "Kód\tNázev\tCena\tPopis"
    rows = [f"00{at}\tHadice č. {at}\t{at},50\tzahradní hadice proti kroucení, dlouhá {at} m" for at in range(40)]
    path = tmp_path / "zboží.txt"
    path.write_bytes("\r\n".join([head, *rows]).encode("cp1250"))
    dataset = ingest.load(path)
    assert (len(dataset), dataset.text_column, choice(dataset, "as").value) == (40, "Popis", "table")
    assert dataset.table["Kód"].tolist()[:2] == ["000", "001"]
    assert len(ingest.load(path, choices={"as": "lines"})) == 41
    assert ingest.preview(path).text_column == "Popis"


def test_a_pasted_table_may_have_cells_of_several_lines() -> None:
    rows = [f'day {at}\t"what happened,\nand what came of it {at}"\t{at}' for at in range(9)]
    pasted = "\n".join(["Day\tWhat\tMinutes", *rows])
    assert ingest.pasted_as(pasted) == {"as": "table"}
    assert ingest.pasted_as("one\ttwo\nthree\nfour\nfive") == {}


@pytest.mark.parametrize("shown", [[], [["Please see the second sheet"]], [["id", "wish"]]])
def test_a_hidden_sheet_is_read_where_no_other_has_rows_and_its_cure_does_what_it_says(tmp_path, shown):
    (tmp_path / "a.xlsx").write_bytes(excel({"Cover": shown, "My data": WISHES[:6]}, hidden=["My data"]))
    found = ingest.load(tmp_path / "a.xlsx")
    sheet = choice(found, "sheet")
    assert (sheet.value, sheet.sure, len(found)) == ("My data", False, 5)
    assert sheet.why == "it is hidden, but no sheet that is shown has more than one row"
    numbers = [["a", "b"], *([at, at * 2] for at in range(9))]
    (tmp_path / "a.xlsx").write_bytes(excel({"Cover": numbers, "My data": WISHES[:6]}, hidden=["My data"]))
    told = [one.reason for one in ingest.load(tmp_path / "a.xlsx").rejected]
    (told,) = [one for one in told if "is hidden" in one]
    by_name, over_rest = told.partition("--read ")[2].split("; over REST choices: ")
    asked = dict([shlex.split(by_name)[0].split("=")])
    assert asked == json.loads(over_rest.rstrip(")"))
    assert len(ingest.load(tmp_path / "a.xlsx", choices=asked)) == 5


@pytest.mark.parametrize("cell", ["[1,0]", "[0.5]", "none"])
def test_why_a_column_is_none_of_vectors_is_said(tmp_path: Path, cell: str) -> None:
    (tmp_path / "a.csv").write_text("text,e\n" + "".join(f'the bus was late {at},"{cell}"\n' for at in range(5)))
    with pytest.raises(BadChoice, match="no column of vectors, each a list of three numbers or more"):
        ingest.load(tmp_path / "a.csv", choices={"vectors": "e"})
