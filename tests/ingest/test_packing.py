"""Packed files: each packing around each kind of file, how far one has got, damaged ones, names that say nothing."""

import bz2
import gzip
import io
import json
import lzma
import random
from functools import partial
from zipfile import ZipFile

import pandas as pd
import pyarrow as pa
import pytest

from explorer import ingest
from explorer.errors import NothingUsable, UnreadableFile
from explorer.ingest.registry import format_of
from explorer.types import left_out
from tests.spreadsheets import excel

TEXTS = [f"The ferry was late on day {number}, nobody said why" for number in range(3000)]


def zstandard(content):
    packed = pa.BufferOutputStream()
    with pa.CompressedOutputStream(packed, "zstd") as stream:
        stream.write(content)
    return packed.getvalue().to_pybytes()


PACKERS = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": partial(lzma.compress, preset=1), ".zst": zstandard}


def table():
    return pd.DataFrame({"id": [f"{number:05d}" for number in range(len(TEXTS))], "text": TEXTS})


def parquet():
    made = io.BytesIO()
    table().to_parquet(made)
    return made.getvalue()


CONTENTS = {
    ".csv": lambda: table().to_csv(index=False).encode(),
    ".jsonl": lambda: "\n".join(map(json.dumps, table().to_dict("records"))).encode(),
    ".json": lambda: json.dumps(table().to_dict("records")).encode(),
    ".parquet": parquet,
    ".xlsx": lambda: excel({"Data": [["id", "text"], *table().values.tolist()]}),
    ".txt": lambda: "\n".join(TEXTS).encode(),
}


@pytest.mark.parametrize("packing", PACKERS)
@pytest.mark.parametrize("ending", CONTENTS)
def test_a_packed_file_is_read_as_the_file_in_it(tmp_path, ending, packing):
    path = tmp_path / f"days{ending}{packing}"
    path.write_bytes(PACKERS[packing](CONTENTS[ending]()))
    told = []
    dataset = ingest.load(path, progress=lambda done, whole: told.append((done, whole)))
    assert list(dataset.items) == TEXTS
    assert dataset.rejected == ()
    assert list(dataset.table.get("id", [])) == (list(table()["id"]) if ending != ".txt" else [])
    size = path.stat().st_size
    assert {whole for _, whole in told} == {size}
    assert sorted(done for done, _ in told) == [done for done, _ in told]
    assert told[-1][0] == size
    assert len(ingest.preview(path).rows) == 10


def torn(path, ending, packing, *, lines=60_000):
    """Write a packed file of so many lines of which half is missing; return the lines that it had."""
    chance = random.Random(0)
    texts = [f"The ferry number {chance.random()} was late and nobody said why" for _ in range(lines)]
    made = {
        ".csv": "id,text\n" + "".join(f"{number:05d},{text}\n" for number, text in enumerate(texts)),
        ".jsonl": "".join(json.dumps({"text": text}) + "\n" for text in texts),
        ".txt": "".join(text + "\n" for text in texts),
    }[ending]
    whole = PACKERS[packing](made.encode())
    path.write_bytes(whole[: len(whole) // 2])
    return texts


@pytest.mark.parametrize(
    ("ending", "packing"),
    [(".csv", ".gz"), (".csv", ".bz2"), (".csv", ".xz"), (".csv", ".zst"), (".jsonl", ".gz"), (".txt", ".gz")],
)
def test_a_torn_one_keeps_the_rows_before_the_tear_and_lists_it(tmp_path, ending, packing):
    path = tmp_path / f"days{ending}{packing}"
    texts = torn(path, ending, packing)
    dataset = ingest.load(path)
    assert len(texts) / 4 < len(dataset) < len(texts)
    assert list(dataset.items) == texts[: len(dataset)]
    (fault,) = dataset.rejected
    assert fault.source == path.name
    assert fault.reason.startswith("it is torn (")
    assert left_out(dataset.rejected) == {"part of a file": 1}
    assert len(ingest.preview(path).rows) == 10


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_one_of_which_bytes_are_wrong_is_refused(tmp_path, packing):
    content = bytearray(PACKERS[packing](CONTENTS[".csv"]()))
    content[len(content) // 2] ^= 0xFF
    (tmp_path / f"days.csv{packing}").write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"days\.csv"):
        ingest.load(tmp_path / f"days.csv{packing}")


@pytest.mark.parametrize("packing", PACKERS)
def test_one_of_which_not_a_line_or_no_part_can_be_used_is_refused_in_a_sentence(tmp_path, packing):
    whole = PACKERS[packing](CONTENTS[".csv"]())
    few, table = tmp_path / f"days.csv{packing}", tmp_path / f"days.parquet{packing}"
    few.write_bytes(whole[:20])
    packed = PACKERS[packing](CONTENTS[".parquet"]())
    table.write_bytes(packed[: len(packed) // 2])
    for path in (few, table):
        with pytest.raises(UnreadableFile, match=r"cannot read days\.(csv|parquet).*Check the file and load it again"):
            ingest.load(path)


@pytest.mark.parametrize("packing", PACKERS)
@pytest.mark.parametrize("ending", CONTENTS)
def test_a_name_may_be_wrong_about_the_packing(tmp_path, ending, packing):
    content = CONTENTS[ending]()
    (tmp_path / "unsaid").mkdir()
    unsaid, never = tmp_path / "unsaid" / f"days{ending}", tmp_path / f"days{ending}{packing}"
    unsaid.write_bytes(PACKERS[packing](content))
    never.write_bytes(content)
    for path in (unsaid, never):
        assert list(ingest.load(path).items) == TEXTS
        assert len(ingest.preview(path).rows) == 10


def test_an_empty_one_is_called_empty(tmp_path):
    for name in ("days.csv", "days.csv.gz"):
        (tmp_path / name).write_bytes(b"")
        with pytest.raises(NothingUsable, match="the file is empty"):
            ingest.load(tmp_path / name)


def test_in_an_archive_and_beside_others_they_are_read_too(tmp_path):
    with ZipFile(tmp_path / "both.zip", "w") as archive:
        archive.writestr("a.csv.gz", gzip.compress(CONTENTS[".csv"]()))
        archive.writestr("b.csv", CONTENTS[".csv"]())
    dataset = ingest.load(tmp_path / "both.zip")
    assert list(dataset.items) == TEXTS + TEXTS
    assert list(dataset.table["source"].unique()) == ["a.csv.gz", "b.csv"]


def test_a_name_that_does_not_say_what_is_packed_and_packed_pictures_are_not_read():
    for name in ("days.gz", "photo.jpg.gz", "all.zip.xz"):
        assert format_of(name, lambda: b"") is None


def test_bytes_behind_a_whole_gzip_file_are_none_of_it_and_told(tmp_path):
    for rows in (6, 40_000):
        content = "id,text\n" + "".join(f"{at},More benches for the park {at}\n" for at in range(rows))
        for behind, told in ((b"garbage!", 1), (b"\0" * 600, 0), (b"", 0)):
            (tmp_path / "a.csv.gz").write_bytes(gzip.compress(content.encode()) + behind)
            found = ingest.load(tmp_path / "a.csv.gz")
            assert (len(found), len(found.rejected)) == (rows, told)
            assert all("behind the end of what is packed" in one.reason for one in found.rejected)


@pytest.mark.parametrize("name", ["a.csv.gz", "a.txt.gz", "a.jsonl.gz"])
def test_a_file_that_is_packed_twice_is_told_as_such(tmp_path, name):
    (tmp_path / name).write_bytes(gzip.compress(gzip.compress(b"id,text\n1,the bus was late\n")))
    with pytest.raises(UnreadableFile, match=r"is packed twice\. Unpack it once"):
        ingest.load(tmp_path / name)
