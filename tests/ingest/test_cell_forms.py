"""What cells of a spreadsheet show beside their values: zeros in front, units, errors, results that nobody computed."""

import time
from pathlib import Path

import pytest

from explorer.errors import NothingUsable
from explorer.ingest import load
from explorer.ingest.cellforms import _CELL
from explorer.ingest.numberforms import form_of, unit_in_words, with_unit
from explorer.types import Dataset
from tests.spreadsheets import Cell, excel

WISHES = [f"More benches for the park, wish number {at}" for at in range(6)]


def book(path: Path, name: str, cells: list[Cell | float | str | None]) -> Dataset:
    rows = [[], ["", "wish", name], *(["", wish, cell] for wish, cell in zip(WISHES, cells, strict=True))]
    path.write_bytes(excel({"Data": rows, "Lists": [["a"]]}))
    return load(path)


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ("00000", 1067, "01067"), ("00000", 123456, "123456"), ('"+"0', 491701234567, "+491701234567"),
        ("000-00-0000", 12345678, "012-34-5678"), ('"ID-"0000', 42, "ID-0042"), ("00", 0, "00"),
        ("0000\\ 000", 12345, "0012 345"), ("[Red]000;[Blue]-000", 7, "007"), ('"Nr. "0', 5, "Nr. 5"),
    ],
)  # fmt: skip
def test_a_number_that_shows_more_than_itself_is_what_it_shows(code: str, number: int, shown: str) -> None:
    form = form_of(code)
    assert form is not None
    assert form.is_text
    assert form.shown(number) == shown


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ('"£"#,##0.00', "in £"), ("[$£-809]#,##0.00", "in £"), ('#,##0.00\\ "€"', "in €"),
        ("0%", "shown as %: 0.25 is 25%"),
        ('_("$"* #,##0.00_);_("$"* \\(#,##0.00\\)', "in $"), ('0.0" °C"', "in °C"), ('General" kg"', "in kg"),
    ],
)  # fmt: skip
def test_the_unit_of_a_form_is_told(code: str, words: str) -> None:
    form = form_of(code)
    assert form is not None
    assert (form.is_text, unit_in_words(form.unit)) == (False, words)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "General",
        "0",
        "0.00",
        "#,##0",
        "dd.mm.yyyy",
        "[h]:mm",
        "[<=99]0;00000",
        "@",
        "(0)",
        "0.0E+00",
        "# ?/?",
        "0" * 400,
    ],
)
def test_a_form_of_a_number_alone_or_a_date_says_nothing(code: str) -> None:
    assert form_of(code) is None


def test_zeros_in_front_of_numbers_are_kept(tmp_path: Path) -> None:
    cells: list[Cell | float | str | None] = [Cell(str(1067 + at), form="00000") for at in range(5)]
    found = book(tmp_path / "a.xlsx", "postcode", [*cells, "D-01067"])
    assert list(found.table["postcode"]) == ["01067", "01068", "01069", "01070", "01071", "D-01067"]


def test_a_unit_is_told_of_its_column_and_several_units_stay_with_their_numbers(tmp_path: Path) -> None:
    pounds = [Cell(str(9850.5 + at), form='"£"#,##0.00') for at in range(6)]
    found = book(tmp_path / "a.xlsx", "price", list(pounds))
    assert found.table["price"].tolist() == [9850.5 + at for at in range(6)]
    assert found.described == {"price": "in £"}
    mixed = [*pounds[:3], *(Cell("5", form='#,##0.00\\ "€"') for _ in range(2)), Cell("0.125", form="0.0%")]
    found = book(tmp_path / "b.xlsx", "price", list(mixed))
    assert list(found.table["price"]) == ["£9850.5", "£9851.5", "£9852.5", "5 €", "5 €", "12.5%"]
    assert with_unit(0.07, "{}%") == "7%"


def test_errors_of_formulas_are_told_and_no_text(tmp_path: Path) -> None:
    wrong = Cell("#DIV/0!", formula="1/0", kind="e")
    found = book(tmp_path / "a.xlsx", "share", [1.5, wrong, 2.5, 3.5, wrong, 4.5])
    assert list(found.table["share"]) == ["1.5", "#DIV/0!", "2.5", "3.5", "#DIV/0!", "4.5"]
    assert [(fault.kind, fault.column, fault.count) for fault in found.faults[1:]] == [
        ("written as no value", "share", 2)
    ]
    rows = [["id", "wish"], *([at, wish] for at, wish in enumerate(WISHES)), [7, Cell("#NAME?", formula="x", kind="e")]]
    (tmp_path / "b.xlsx").write_bytes(excel({"Data": rows}))
    found = load(tmp_path / "b.xlsx")
    assert (len(found), found.rejected[0].reason) == (6, "there is no text: it only says “#NAME?”")


def test_formulas_that_nobody_computed_are_told_with_the_cure(tmp_path: Path) -> None:
    bare = Cell(formula="A1&B1")
    found = book(
        tmp_path / "a.xlsx", "sum", [bare, bare, None, Cell("5", formula="2+3"), Cell(formula='""', kind="str"), 1.0]
    )
    cure = "Open it in a spreadsheet program, save it there, and load it again"
    assert [fault.reason for fault in found.rejected if "“sum”" in fault.reason] == [
        f"2 formulas of “sum” have no result in the file: its program never computed them. {cure}"
    ]
    rows = [["id", "wish"], *([at, bare] for at in range(6))]
    (tmp_path / "b.xlsx").write_bytes(excel({"Data": rows}))
    with pytest.raises(NothingUsable, match="6 formulas of “wish” have no result in the file"):
        load(tmp_path / "b.xlsx")


@pytest.mark.parametrize("piece", [b"<c a>", b"<c a", b"<c a>x", b"<c a><f>", b"<c a><v>1</v>", b'<c r="A1" '])
def test_cells_are_found_in_time_in_proportion(piece: bytes) -> None:
    def spent(times: int) -> float:
        begun = time.process_time()
        assert sum(1 for _ in _CELL.finditer(piece * times)) <= times
        return time.process_time() - begun

    assert spent(80_000) < 9 * max(spent(20_000), 0.02)
