"""Plain text: a line is an item, from a file or pasted."""

import json
from pathlib import Path

import pytest

from explorer.errors import NothingUsable, UnreadableFile
from explorer.ingest import load, load_text, pasted_as


def test_a_line_of_a_text_file_is_an_item_under_its_number_and_a_blank_line_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "notes.TXT"
    path.write_bytes("first, with commas\r\n\r\n  second  \r\n\t\r\nthird\u00a0".encode())
    dataset = load(path)
    assert dataset.items == ["first, with commas", "second", "third"]
    assert dataset.rejected == ()
    assert [dataset.place(row) for row in range(3)] == ["line 1", "line 3", "line 5"]
    assert (dataset.columns, dataset.text_column, dataset.table.shape) == ((), None, (3, 0))
    assert dataset.name == "notes.TXT"


def test_an_undecodable_line_of_a_text_file_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("schön\n".encode() + b"\x81\x8d\n" + "größer\n".encode())
    dataset = load(tmp_path / "a.txt")
    assert dataset.items == ["schön", "größer"]
    assert [(fault.row, fault.reason[:19]) for fault in dataset.rejected] == [(1, "it cannot be decode")]


def test_a_binary_file_called_txt_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(bytes(range(256)) * 10)
    with pytest.raises(UnreadableFile, match="not a text file"):
        load(tmp_path / "a.txt")


@pytest.mark.parametrize("content", [b"", b"\n \n\n"])
def test_a_text_file_without_text_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.raises(NothingUsable, match=r"^nothing in a\.txt is usable: the file is empty\. Correct"):
        load(tmp_path / "a.txt")


def test_pasted_lines_are_items_also_when_they_look_like_a_table() -> None:
    dataset = load_text("id,text\n\n1,hello\r\n2,there\n\n\n")
    assert dataset.items == ["id,text", "1,hello", "2,there"]
    assert dataset.rejected == ()
    assert [dataset.place(row) for row in range(3)] == ["line 1", "line 3", "line 4"]
    assert dataset.name == "Pasted text"


def test_pasted_blanks_are_refused() -> None:
    with pytest.raises(NothingUsable, match="Paste at least one line"):
        load_text(" \n\t\n")


RECIPES = "Soup\nFry an onion.\n\nRice\nBoil it.\nTip: salt\n\n\nWater\n \nTea\nBoil water, add leaves.\n"
WHOLE = ["Soup\nFry an onion.", "Rice\nBoil it.\nTip: salt", "Water", "Tea\nBoil water, add leaves."]
LINES = [line for line in RECIPES.splitlines() if line.strip()]


def test_paragraphs_of_several_lines_are_items_and_their_lines_are_when_that_is_chosen(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(RECIPES, encoding="utf-8")
    for dataset in (load_text(RECIPES), load(tmp_path / "a.txt")):
        assert dataset.items == WHOLE
        assert [dataset.place(row) for row in range(4)] == ["line 1", "line 4", "line 9", "line 11"]
        [items] = [choice for choice in dataset.choices if choice.name == "items"]
        assert (items.value, items.sure) == ("paragraphs", False)
        assert [value for value, _ in items.options][:2] == ["lines", "paragraphs"]
    assert load(tmp_path / "a.txt", choices={"items": "lines"}).items == LINES
    assert pasted_as(RECIPES, added=True) == {"items": "paragraphs"}


def test_lines_with_an_empty_one_between_stay_lines_and_paragraphs_are_offered_where_there_are_such(tmp_path) -> None:
    text = "a first line\n\na second\n\na third one\nand a fourth\n"
    dataset = load_text(text)
    assert len(dataset.items) == 4
    assert [(choice.value, choice.sure) for choice in dataset.choices] == [("lines", True)]
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    assert len(load(tmp_path / "a.txt", choices={"items": "paragraphs"}).items) == 3
    assert load_text("a\n\nb\n\nc\n").choices == ()
    chapters = "\n\n".join("\n".join([f"Chapter {part}", *["It was a night."] * 40]) for part in range(4))
    assert len(load_text(chapters).items) == 164  # no list of short paragraphs


@pytest.mark.parametrize(
    "lines",
    [
        ["id,comment", *(f"{row},The bus number {row} never came" for row in range(6))],
        ["id;town;wish", *(f"{row};Leeds;The bus number {row} never came" for row in range(6))],
        ['"id" "town" "wish"', *(f'"{row}" {row} "Leeds" "The bus number {row} never came"' for row in range(6))],
        [f"{row}\x01Leeds\x01The bus number {row} never came" for row in range(6)],
    ],
)
def test_a_text_file_that_surely_is_a_table_is_read_as_one(tmp_path: Path, lines: list[str]) -> None:
    (tmp_path / "a.txt").write_text("\n".join(lines))
    found = load(tmp_path / "a.txt")
    assert list(found.items) == [f"The bus number {row} never came" for row in range(6)]
    as_lines = load(tmp_path / "a.txt", choices={"as": "lines"})
    assert len(as_lines) == len(lines)


def test_prose_with_as_many_commas_a_line_stays_lines(tmp_path: Path) -> None:
    lines = [f"In spring, said number {row}, we went to the sea" for row in range(8)]
    (tmp_path / "a.txt").write_text("\n".join(lines))
    found = load(tmp_path / "a.txt")
    assert list(found.items) == lines
    (choice,) = (choice for choice in found.choices if choice.name == "as")
    assert (choice.value, choice.sure) == ("lines", True)


@pytest.mark.parametrize("sign", [",", ";", "|"])
def test_a_name_that_is_a_flag_elsewhere_makes_no_lines_of_a_table(tmp_path: Path, sign: str) -> None:
    wishes = [sign.join((str(at), f"More benches for the park – wish number {at}", str(2 * at))) for at in range(9)]
    (tmp_path / "a.txt").write_text("\n".join([sign.join(("id", "comment", "n")), *wishes]))
    assert load(tmp_path / "a.txt").columns == ("id", "comment", "n")


def test_json_that_is_called_a_text_is_read_as_such(tmp_path: Path) -> None:
    rows = [{"id": at, "text": f"More benches for the park, wish number {at}"} for at in range(9)]
    for name, content in {
        "a.txt": json.dumps(rows, indent=1),
        "b.log": "\n".join(map(json.dumps, rows)),
        "c.txt": json.dumps({"rows": rows}),
    }.items():
        (tmp_path / name).write_text(content)
        found = load(tmp_path / name)
        assert (len(found), found.columns) == (9, ("id", "text")), name
    for content in (
        "[1] a note\n[2] another",
        "{a: b}\nno",
        '["a", "b"]\nwords',
        '{"a": 1}\nand words here\nand there',
    ):
        (tmp_path / "d.txt").write_text(content)
        assert len(load(tmp_path / "d.txt")) == len(content.splitlines()), content


def test_cells_of_several_lines_make_no_lines_of_a_table_that_a_spreadsheet_saved_as_text(tmp_path: Path) -> None:
    rows = ["id\tcomment\tn", *(f'{at}\t"More benches for the park.\nWish number {at}"\t{at}' for at in range(9))]
    (tmp_path / "a.txt").write_bytes("\r\n".join(rows).encode("utf-16"))
    found = load(tmp_path / "a.txt")
    assert (len(found), found.columns) == (9, ("id", "comment", "n"))
    assert found.items[3] == "More benches for the park.\nWish number 3"
