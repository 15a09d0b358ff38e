"""What could be read in another way: it is told, it is taken when it is asked for, and what cannot be is refused."""

import pytest

from explorer import ingest
from explorer.errors import BadChoice
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
    assert [fault.reason[:23] for fault in dataset.rejected] == ["the sheet “Notes” (3 fi"]
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


def test_of_sheets_alike_none_is_surely_meant(tmp_path):
    (tmp_path / "two.xlsx").write_bytes(excel({"May": WISHES, "June": WISHES[:-1]}))
    sheet = choice(ingest.load(tmp_path / "two.xlsx"), "sheet")
    assert (sheet.value, sheet.sure, sheet.why) == ("May", False, "it has the most in it")


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
