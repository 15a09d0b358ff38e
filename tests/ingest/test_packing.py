"""Packed files: each packing around each kind of file, how far one has got, damaged ones, names that say nothing."""

import bz2
import gzip
import io
import json
import lzma
from zipfile import ZipFile

import pandas as pd
import pyarrow as pa
import pytest

from explorer import ingest
from explorer.errors import NothingUsable, UnreadableFile
from explorer.ingest.registry import format_of
from tests.spreadsheets import excel

TEXTS = [f"The ferry was late on day {number}, nobody said why" for number in range(3000)]


def zstandard(content):
    packed = pa.BufferOutputStream()
    with pa.CompressedOutputStream(packed, "zstd") as stream:
        stream.write(content)
    return packed.getvalue().to_pybytes()


PACKERS = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": zstandard}


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


@pytest.mark.parametrize("packing", PACKERS)
def test_a_cut_one_is_refused_in_a_sentence(tmp_path, packing):
    whole = PACKERS[packing](CONTENTS[".csv"]())
    path = tmp_path / f"days.csv{packing}"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableFile, match=r"cannot read days\.csv.*Check the file and load it again"):
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
