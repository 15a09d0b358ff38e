"""Spreadsheets that are small on the disk and large in memory: refused with a sentence before they are opened."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from explorer.errors import UnreadableFile
from explorer.ingest import Source, load, oldforms, openforms, workbooks
from explorer.ingest.edge import Edge
from tests.oldbooks import old_excel
from tests.spreadsheets import MAIN, Cell, excel, open_number, opendocument

ROWS = 40


def workbook(path: Path, parts: dict[str, str]) -> Path:
    """Write a workbook of one sheet with some of its parts replaced."""
    with (
        zipfile.ZipFile(io.BytesIO(excel({"Data": [["text"], ["hello there"]]}))) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name, content in {**{name: old.read(name) for name in old.namelist()}, **parts}.items():
            new.writestr(name, content)
    return path


def shared(*texts: str, count: str = "") -> str:
    counted = f' uniqueCount="{count}"' if count else ""
    return f'<sst xmlns="{MAIN}"{counted}>' + "".join(f"<si><t>{text}</t></si>" for text in texts) + "</sst>"


def referring(numbers: list[int], cell: str = '<c r="A{row}" t="s"><v>{number}</v></c>') -> str:
    cells = (
        f'<row r="{row}">{cell.format(row=row, number=number)}</row>' for row, number in enumerate(numbers, start=1)
    )
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(cells)}</sheetData></worksheet>'


SHEET, SHARED = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
LONG = "word and " * 100


@pytest.mark.parametrize("place", ["r='XFD1048576'", "\n r = 'XFD1048576'", 'r\t=\n"XFD1048576"', 'r="XFD1048576"'])
@pytest.mark.parametrize("last", ["", '<c r="B2"/>', '<c t="inlineStr"><is><t> r="B2"</t></is></c>'])
def test_a_cell_far_out_is_seen_however_its_place_is_written(place: str, last: str, tmp_path: Path) -> None:
    cells = f'<row><c {place} t="inlineStr"><is><t>hello there</t></is></c>{last}</row>'
    for tags in (cells, cells.replace("</", "</x:").replace("<row", "<x:row").replace("<c ", "<x:c ")):
        sheet = f'<worksheet xmlns="{MAIN}" xmlns:x="{MAIN}"><sheetData>{tags}</sheetData></worksheet>'
        with pytest.raises(UnreadableFile, match=r"1,048,576 rows and 16,384 columns"):
            load(workbook(tmp_path / "a.xlsx", {SHEET: sheet.replace("</x:is>", "</is>").replace("</x:t>", "</t>")}))


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A{row}" t="s"><v>{number}</v></c>',
        "<c r='A{row}' t = 's' ><v >{number}</v></c>",
        '<c t="s" r="A{row}"><f>1</f><v>{number}</v></c>',
        '<c t="s" r="A{row}"><v><!-- -->{number}</v></c>',
    ],
)
def test_a_text_that_cells_share_is_counted_for_each(
    cell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "MOST_TEXT", ROWS * len(LONG) // 2)
    file = workbook(tmp_path / "a.xlsx", {SHARED: shared(LONG), SHEET: referring([0] * ROWS, cell)})
    with pytest.raises(UnreadableFile, match=r"a sheet whose cells hold more than .* or save it as CSV\.$"):
        load(file)


def test_texts_are_counted_by_their_own_lengths_wherever_the_file_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [LONG, *(f"a short text {at}" for at in range(ROWS))]
    file = workbook(tmp_path / "a.xlsx", {SHARED: shared(*texts), SHEET: referring([*range(ROWS)])})
    monkeypatch.setattr(workbooks, "MOST_TEXT", len(LONG) * 6)
    for piece in (2**20, 5_000, 700):
        monkeypatch.setattr(workbooks, "_PIECE", piece)
        assert len(load(file)) == ROWS


@pytest.mark.parametrize("name", [SHARED, "XL/SHAREDSTRINGS.XML", "xl\\sharedStrings.xml"])
@pytest.mark.parametrize("count", ["4000000000", "99", "&#57;9"])
def test_more_shared_texts_than_there_can_be_are_not_believed(name: str, count: str, tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", {name: shared("hello there", "hello you", count=count)})
    with pytest.raises(UnreadableFile, match="counts more shared texts than it can hold"):
        load(file)


def repeating(path: Path, *, rows: int, columns: int, empty: int) -> Path:
    """Write a sheet whose first row stands there so often, its cell too, with so many empty cells at its end."""
    with (
        zipfile.ZipFile(io.BytesIO(opendocument({"D": [[LONG], ["another text"]]}))) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            content = old.read(info).decode()
            if info.filename == "content.xml":
                row, cell = "<table:table-row", "<table:table-cell"
                content = content.replace(row, f'{row} table:number-rows-repeated="{rows}"', 1)
                content = content.replace(cell, f'{cell} table:number-columns-repeated="{columns}"', 1)
                end = f'<table:table-cell table:number-columns-repeated="{empty}"/></table:table-row>'
                content = content.replace("</table:table-row>", end)
            new.writestr(info, content)
    return path


@pytest.mark.parametrize(("rows", "columns"), [(ROWS, 1), (1, ROWS), (8, 5)])
def test_a_text_that_a_sheet_repeats_is_counted_as_often(
    rows: int, columns: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "MOST_TEXT", ROWS * len(LONG) // 2)
    file = repeating(tmp_path / "a.ods", rows=rows, columns=columns, empty=16_000)
    for piece in (2**20, 300):
        monkeypatch.setattr(workbooks, "_PIECE", piece)
        with pytest.raises(UnreadableFile, match="cells hold more than"):
            load(file)
    few = load(repeating(tmp_path / "b.ods", rows=3, columns=1, empty=16_000))
    assert len(few) == 4


def test_a_damaged_part_that_is_no_sheet_does_not_matter(tmp_path: Path) -> None:
    picture = b"a picture of some bytes" * 9
    file = workbook(tmp_path / "a.xlsx", {"xl/media/image1.png": picture.decode()})
    with zipfile.ZipFile(file) as book:
        info = book.getinfo("xl/media/image1.png")
    content = bytearray(file.read_bytes())
    content[info.header_offset + 30 + len(info.filename) + 4] ^= 0xFF
    file.write_bytes(content)
    with zipfile.ZipFile(file) as book:
        assert book.testzip() == "xl/media/image1.png"
    assert list(load(file).items) == ["hello there"]


def test_a_panic_of_a_library_is_the_fault_of_its_file_and_what_stops_everything_is_not() -> None:
    class PanicException(BaseException):
        """What pyo3 raises is no Exception."""

    with pytest.raises(UnreadableFile, match=r"cannot read a\.xlsx"), Edge().of("a.xlsx"):
        raise PanicException("capacity overflow")
    with pytest.raises(KeyboardInterrupt), Edge().of("a.xlsx"):
        raise KeyboardInterrupt


def test_a_workbook_whose_directory_lies_is_damaged_and_no_surprise(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file, whole = tmp_path / "a.xlsx", bytearray(excel({"s": [["text"], ["hello there"]]}))
    place = whole.rindex(b"PK\x05\x06") + 16  # where it says that its directory begins
    whole[place : place + 4] = (int.from_bytes(whole[place : place + 4], "little") + 200).to_bytes(4, "little")
    with pytest.raises(UnreadableFile, match="its parts are not where it says"):
        workbooks.check_workbook(Source("a.xlsx", file, None, len(whole)), io.BytesIO(whole))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.xlsx", bytes(whole))
        archive.writestr("good.txt", "a good line\nanother line\n")
    assert [one.source for one in load(tmp_path / "a.zip").rejected] == ["a.xlsx"]
    assert [record for record in caplog.records if record.exc_info] == []


def test_a_compound_file_whose_sectors_run_in_a_circle_ends() -> None:
    whole = bytearray(old_excel("Data", [["text", "n"], *([f"row {at}", Cell("7", form="000")] for at in range(99))]))
    for at in range(512, 1024, 4):  # every sector is followed by the first of the stream
        whole[at : at + 4] = (2).to_bytes(4, "little")
    with pytest.raises(ValueError, match="run in a circle"):
        list(oldforms.told_of(io.BytesIO(whole), "Data"))


def test_cells_that_a_row_repeats_without_end_are_told_as_far_as_a_sheet_goes() -> None:
    cell = open_number("7", "007", more='table:number-columns-repeated="99999999"')
    content = opendocument({"Data": [[cell] * 50] * 3})
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert sum(1 for _ in openforms.told_of(book, "Data", 3)) == 3 * 10_000
