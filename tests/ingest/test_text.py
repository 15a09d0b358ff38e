"""Plain text: a line is an item, from a file or pasted."""

from pathlib import Path

import pytest

from explorer.errors import NothingUsable, UnreadableFile
from explorer.ingest import load, load_text


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
    with pytest.raises(NothingUsable, match=r"nothing in a.txt is usable: a.txt"):
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
