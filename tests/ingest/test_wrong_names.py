"""Files whose names say another format than they have, and what is beside pictures but fits several: what is told."""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.errors import ExplorerError, UnreadableFile
from explorer.ingest import load
from explorer.types import NOTE
from tests.ingest.test_pictures import encoded, zipped
from tests.spreadsheets import excel

PICTURE = encoded()


def workbook() -> bytes:
    return excel({"S": [["id", "text"], *([at, f"the bus {at} is late"] for at in range(4))]})


CALLED = {
    "a.zip": (b"id,text\n1,the bus is late\n", "a.txt, or .csv where it is a table,"),
    "b.zip": (b"%PDF-1.7 and more", "b.pdf"),
    "c.jpg": (workbook(), "c.xlsx"),
    "d.png": (b"<!DOCTYPE html><html><body>not found</body></html>", "d.html"),
    "e.jpg": (b"%PDF-1.7 and more", "e.pdf"),
}


@pytest.mark.parametrize("name", CALLED)
def test_what_is_called_otherwise_than_it_is_is_told_its_name(tmp_path: Path, name: str) -> None:
    content, better = CALLED[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ExplorerError, match=f"rename it to {better}"):
        load(tmp_path / name)


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"", bytes(range(256)) * 9])
def test_a_broken_archive_is_to_be_packed_again(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(UnreadableFile, match="Pack it again"):
        load(tmp_path / "a.zip")


def test_a_workbook_called_an_archive_is_read_in_an_archive_and_an_archive_is_not(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x.csv", "text\nwords\n")
    found = load(zipped(tmp_path / "a.zip", {"f/c.zip": workbook(), "f/d.zip": inner.getvalue()}))
    assert found.items == [f"the bus {at} is late" for at in range(4)]
    assert [(one.source, one.what == NOTE) for one in found.rejected] == [("f/c.zip", True), ("f/d.zip", False)]


def test_ids_without_endings_that_fit_two_pictures_each_are_told_so(tmp_path: Path) -> None:
    table = b"id,label\n1,cat\n2,dog\n"
    pictures = {f"{folder}/{at}.png": PICTURE for folder in "xy" for at in (1, 2)}
    found = load(zipped(tmp_path / "a.zip", {**pictures, "labels.csv": table}))
    assert "'id' names, as 1, may be one of several pictures" in found.rejected[0].reason


ARRAYS: dict[str, tuple[Any, str]] = {
    "texts": (np.array(["abc", "d"]), "save texts as CSV"),
    "complex": (np.ones((3, 2), np.complex128), "as float32"),
    "fields": (np.zeros(3, [("a", "f4"), ("b", "f4")]), "as columns of a table"),
    "deep": (np.zeros((2, 3, 4), np.float32), "Reshape it"),
}


@pytest.mark.parametrize("what", ARRAYS)
def test_what_to_do_with_an_array_that_has_no_vectors_depends_on_what_it_has(tmp_path: Path, what: str) -> None:
    array, cure = ARRAYS[what]
    np.save(tmp_path / "a.npy", array)
    with pytest.raises(UnreadableFile, match=cure):
        load(tmp_path / "a.npy")
