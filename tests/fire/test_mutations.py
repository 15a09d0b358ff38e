"""One bad file never fails an upload, and nothing but an ExplorerError ever comes out of reading.

Longer: `python -m tests.bench fire --minutes 30`.
"""

from __future__ import annotations

import io
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from explorer.errors import ExplorerError, NothingUsable, UnreadableFile
from explorer.ingest import Content, Source, load, registry
from explorer.ingest.reader import ITEMS, FileReader
from explorer.server.uploads.filenames import clean_name
from explorer.types import Dataset
from explorer.workspace import Workspace
from tests.fire.mutations import columns, corpus, escaped, failures, packed, parquet

GOOD = ("good.csv", b"text,n\nthe first line here,1\n")


def test_hundreds_of_mutated_files_raise_nothing_but_what_is_told(tmp_path: Path) -> None:
    assert list(failures(range(400), tmp_path, whole=False)) == []


@pytest.mark.parametrize("made", corpus(), ids=lambda made: made.name)
def test_the_files_that_are_mutated_are_whole(made: Any, tmp_path: Path) -> None:
    assert escaped(made, tmp_path) == ""
    path = tmp_path / made.name
    path.write_bytes(made.content)
    assert len(load(path)) > 0


def beside_good(tmp_path: Path, name: str, content: bytes, method: int = zipfile.ZIP_STORED) -> Dataset:
    """Load a zip archive of a good table and a file; return the dataset."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr(*GOOD)
        archive.writestr(name, content)
    return load(path)


@pytest.mark.parametrize(
    "content",
    [
        b"sep=\xff\ntext,n\nsome words are here,1\n",
        "sep=\u20ac\ntext\u20acn\nsome words are here\u20ac1\n".encode(),
        b"\xffReport of the town\n\ntext,n,date\nsome words are here,1,2024-01-01\nothers are there,2,2024-01-02\n",
        b"text,n\nt\xffitle,\nsome words are here,1\nTotal \xff,1\n\n\xff note\n",
        b"Q1,Q2\nWhat \xff do you think of it?,How old \xff?\nsome words are here,1\nothers are there,2\n",
        b'te\xffxt;n\n"some words\xff are here";1\n',
    ],
)
def test_bytes_that_are_no_text_are_kept_in_no_record(content: bytes, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    key = workspace.datasets.keep(beside_good(tmp_path, "bad.csv", content))
    dataset = workspace.datasets.open(key)
    assert "the first line here" in dataset.items
    assert not any(0xD800 <= ord(sign) < 0xE000 for sign in repr((dataset.rejected, dataset.choices, dataset.faults)))


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("name", ["bad.csv", "bad.txt", "bad.jsonl", "bad.parquet"])
def test_a_damaged_member_is_rejected_and_the_others_are_read(name: str, method: int, tmp_path: Path) -> None:
    out = io.BytesIO()
    line = b'{"text": "some words that are here"}\n'
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(name, b"".join(line + os.urandom(40).hex().encode() + b"\n" for _ in range(300)))
        start = archive.getinfo(name).header_offset + 60
        archive.writestr(*GOOD)
    content = bytearray(out.getvalue())
    content[start + 200 : start + 400] = bytes(200)
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    dataset = load(path)
    assert dataset.items[-1] == "the first line here"
    assert [fault.source for fault in dataset.rejected if fault.row is None] == [name]


def test_a_header_that_is_not_utf8_names_its_column_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("text,größe €,проба\n".encode() + b"hello world,1,2\n" * 3 + b"\xff,1,2\n")
    path.write_bytes(path.read_bytes().replace("größe".encode(), b"gr\xf6\xdfe"))
    dataset = load(path)
    assert dataset.columns[1].startswith("gr\ufffd")
    assert len(dataset) == 3


def test_every_type_that_parquet_has_becomes_a_column(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(parquet(compression="none"))
    dataset = load(path, text="text")
    assert dataset.columns == tuple(columns())
    assert dataset.table["u64"].dropna().tolist() == [str(2**64 - 1), "1"]
    assert dataset.table["i8"].dropna().tolist() == [1, -3]
    assert dataset.table["i8"].isna().tolist() == [False, True, False]
    assert escaped(corpus()[6], tmp_path) == ""


def test_deep_json_is_one_rejected_line(tmp_path: Path) -> None:
    deep = b'{"text": "a b c", "deep": ' + b"[" * 900 + b"]" * 900 + b"}\n"
    dataset = beside_good(tmp_path, "bad.jsonl", b'{"text": "hello world"}\n' + deep + b"[" * 90_000 + b"\n")
    assert [(fault.row, fault.reason) for fault in dataset.rejected] == [
        (row, "its JSON is nested too deeply") for row in (1, 2)
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a file's name is always UTF-8")
def test_a_name_that_is_no_utf8_rejects_that_file_alone(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_bytes(GOOD[1])
    for name in (b"bad-\xff.csv", b"bad-\xfe"):
        (tmp_path / os.fsdecode(name)).write_bytes(GOOD[1])
    dataset = load(tmp_path)
    assert [(fault.source, fault.reason) for fault in dataset.rejected] == [
        (name, "its name is not UTF-8; rename it") for name in ("bad-\ufffd", "bad-\ufffd.csv")
    ]
    with pytest.raises(UnreadableFile, match="not UTF-8"):
        load(tmp_path / os.fsdecode(b"bad-\xff.csv"))
    assert len(load([tmp_path / "good.csv", tmp_path / os.fsdecode(b"bad-\xff.csv")])) == 1


def test_a_path_of_many_long_names_is_cut_to_what_a_disk_takes(tmp_path: Path) -> None:
    name = clean_name("/".join(["é" * 200] * 24) + "/a.csv")
    assert name.endswith("/a.csv")
    place = tmp_path / name
    place.parent.mkdir(parents=True)
    place.write_bytes(GOOD[1])
    assert len(load(place)) == 1


class Odd(Exception):
    """What nobody expects."""


@pytest.mark.parametrize(
    "what", [Odd("no"), MemoryError(), RecursionError(), SystemExit(3), AssertionError(), OSError(5, "no")]
)
def test_whatever_a_reader_raises_is_a_rejection_of_that_file(
    what: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def read(_source: Source, _advance: Any, *, limit: int | None = None) -> Content:
        raise what

    bad = FileReader(name="odd", suffixes=(".txt",), summary="", kind=ITEMS, read=read)
    monkeypatch.setattr(registry, "OWN", (bad, *registry.OWN))
    dataset = beside_good(tmp_path, "bad.txt", b"a line\n")
    assert [fault.source for fault in dataset.rejected] == ["bad.txt"]
    assert bool(caplog.records) == isinstance(what, Odd | RecursionError | SystemExit | AssertionError)


def test_what_stops_a_reading_is_no_fault_of_a_file(tmp_path: Path) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Odd

    path = tmp_path / "a.zip"
    path.write_bytes(packed([made for made in corpus() if made.name == "a.csv"] * 1, zipfile.ZIP_STORED))
    with pytest.raises(Odd):
        load(path, progress=stop)


def test_all_bad_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bad.parquet", b"PAR1 nothing")
    with pytest.raises(NothingUsable, match=r"bad\.parquet") as caught:
        load(path)
    assert isinstance(caught.value, ExplorerError)
    assert "\n" not in str(caught.value)
