"""What cells of a spreadsheet show beside their values: zeros in front, units, errors, results that nobody computed."""

import time
from pathlib import Path

import pytest

from explorer.errors import NothingUsable, UnreadableFile
from explorer.ingest import load
from explorer.ingest.excelforms import _CELL
from explorer.ingest.numberforms import Form, form_of, form_shown, unit_in_words, with_unit
from explorer.types import Dataset
from tests.oldbooks import binary_excel, old_excel
from tests.spreadsheets import Cell, excel, open_number, opendocument

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


def old_and_binary(path: Path, rows: list[list[str | float | Cell | None]]) -> list[Dataset]:
    """Load these rows as .xls, once with a small stream, and as .xlsb."""
    found = []
    for name, content in [
        ("a.xls", old_excel("Dätä", rows)),
        ("b.xls", old_excel("Dätä", rows, small=True)),
        ("c.xlsb", binary_excel("Dätä", rows)),
    ]:
        (path / name).write_bytes(content)
        found.append(load(path / name))
    return found


def test_old_and_binary_workbooks_show_what_their_cells_show(tmp_path: Path) -> None:
    rows: list[list[str | float | Cell | None]] = [["wish", "plz", "price", "share", "n"]]
    for at, wish in enumerate(WISHES):
        error = Cell("#DIV/0!", kind="e") if at == 2 else 1.5 + at
        price = Cell(str(9850.5 + at), form='"£"#,##0.00')
        rows.append([wish, Cell(str(1067 + at), form="00000"), price, error, at])
    for found in old_and_binary(tmp_path, rows):
        assert list(found.table["plz"]) == [f"0{1067 + at}" for at in range(6)]
        assert found.table["price"].tolist() == [9850.5 + at for at in range(6)]
        assert found.described == {"price": "in £"}
        assert list(found.table["share"]) == ["1.5", "2.5", "#DIV/0!", "4.5", "5.5", "6.5"]
        assert found.table["n"].tolist() == list(range(6))


def test_several_units_stay_with_their_numbers_in_old_workbooks(tmp_path: Path) -> None:
    forms = ['"£"#,##0.00', '#,##0.00\\ "€"', "0.0%"] * 2
    rows: list[list[str | float | Cell | None]] = [["wish", "price"]]
    rows += [[wish, Cell("0.5", form=form)] for wish, form in zip(WISHES, forms, strict=True)]
    for found in old_and_binary(tmp_path, rows):
        assert list(found.table["price"]) == ["£0.5", "0.5 €", "50%"] * 2


@pytest.mark.parametrize(
    ("shown", "value", "kind", "found"),
    [
        ("01067", "1067", "float", "01067"), ("+491701234567", "491701234567", "float", "+491701234567"),
        ("012-34-5678", "12345678", "float", "012-34-5678"), ("ID-0042", "42", "float", "ID-0042"),
        ("00", "0", "float", "00"), ("12/34", "1234", "float", "12/34"),
        ("1,067", "1067", "float", None), ("1.067,00", "1067", "float", None), ("1 234 567", "1234567", "float", None),
        ("12,34,567", "1234567", "float", None), ("-5", "-5", "float", None), ("(5)", "-5", "float", None),
        ("1.0E+05", "100000", "float", None), ("0.5", "0.5", "float", None), ("0", "0", "float", None),
        ("###", "5", "float", None), ("", "5", "float", None),
        ("£9,850.00", "9850", "currency", "in £"), ("9.850,00 €", "9850", "currency", "in €"),
        ("$5.00", "5", "float", "in $"), ("5 kg", "5", "float", "in kg"),
        ("25,0 %", "0.25", "percentage", "shown as %: 0.25 is 25%"),
    ],
)  # fmt: skip
def test_what_an_open_document_shows_is_taken_where_it_is_more(
    shown: str, value: str, kind: str, found: str | None
) -> None:
    form = form_shown(shown, value, kind)
    assert (unit_in_words(form.unit) if isinstance(form, Form) else form) == found


def test_open_documents_show_what_their_cells_show(tmp_path: Path) -> None:
    broken = (
        '<table:table-cell office:value-type="string"><text:p>one<text:line-break/>two<text:s text:c="2"/>'
        "<text:span>three</text:span></text:p><text:p>four</text:p></table:table-cell>"
    )
    rows = [["wish", "plz", "price", "note", "share"]]
    for at, wish in enumerate(WISHES):
        price = open_number(str(9850 + at), f"£{9850 + at:,}.00", "currency")
        share = open_number("0", "#DIV/0!") if at == 2 else open_number(str(at), str(at))
        rows.append([wish, open_number(str(1067 + at), f"0{1067 + at}"), price, broken, share])
    (tmp_path / "a.ods").write_bytes(opendocument({"Notes": [["x"]], "Data": rows}))
    found = load(tmp_path / "a.ods")
    assert list(found.table["plz"]) == [f"0{1067 + at}" for at in range(6)]
    assert found.table["price"].tolist() == [9850 + at for at in range(6)]
    assert found.described == {"price": "in £"}
    assert set(found.table["note"]) == {"one\ntwo  three\nfour"}
    assert list(found.table["share"]) == ["0", "1", "#DIV/0!", "3", "4", "5"]


def test_rows_and_cells_that_an_open_document_repeats_show_the_same(tmp_path: Path) -> None:
    twice = open_number("7", "007", more='table:number-columns-repeated="2"')
    rows = [["wish", "a", "b", "c"], *([wish, twice, open_number("8", "08")] for wish in WISHES)]
    content = opendocument({"Data": rows})
    (tmp_path / "a.ods").write_bytes(content)
    found = load(tmp_path / "a.ods")
    assert [found.table[name].iloc[0] for name in "abc"] == ["007", "007", "08"]


def test_damaged_old_workbooks_lose_no_values_for_want_of_forms(tmp_path: Path) -> None:
    rows: list[list[str | float | Cell | None]] = [["wish", "plz"]]
    rows += [[wish, Cell(str(1067 + at), form="00000")] for at, wish in enumerate(WISHES)]
    whole = old_excel("Data", rows)
    place = whole.index("00000".encode("utf-16-le")) - 7
    (tmp_path / "a.xls").write_bytes(whole[: place - 2] + b"\xff\xff" + whole[place:])
    try:
        found = load(tmp_path / "a.xls")
    except UnreadableFile:
        return
    assert list(found.items) == WISHES
