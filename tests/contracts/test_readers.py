"""What every reader promises, tried on an example of each format."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from PIL import Image
from pillow_heif import register_heif_opener
from pyarrow import feather, orc

from explorer.contracts import READER
from explorer.contracts.readers import ReaderSubject
from explorer.ingest import load
from explorer.ingest.documents import TEXT_FILES
from explorer.ingest.images import PICTURES
from explorer.ingest.reader import ARCHIVE
from explorer.ingest.registry import OWN
from explorer.ingest.sounds import SOUNDS
from tests import sounds
from tests.contracts.promises import each, hold
from tests.documents import epub, mail, mbox, opentext, pdf, rich_text, slides, word
from tests.graphs import as_graphml, grouped
from tests.ingest.test_sqlite import database
from tests.spreadsheets import excel, opendocument
from tests.wordfiles import as_binary, as_text, trained

CSV = 'text,n\nsome words are here,1\n,2\n"and some more, there",3\nbroken,1,2,3\n'
JSON = '{"text": "some words are here", "n": 1}\n[1]\n{"text": "and some more there", "n": 2, "deep": {"a": [1]}}\n'
BIBTEX = "@article{a, title = {Some words are here}, year = 1999}\n@book{b, title = {And some more there}\n"
RIS = "TY  - JOUR\nTI  - Some words are here\nPY  - 1999\nER  -\n\nTY  - BOOK\nTI  - And others\nER  -\n"
ROWS = [["text", "n"], ["some words are here", 1], ["", 2], ["and some more there", 3]]
DOCUMENTS = {
    ".pdf": lambda: pdf([["A page of words", "and its second line."], ["Another page."]], info={"Title": "Words"}),
    ".docx": lambda: word(["A paragraph", "and another"], title="Words"),
    ".pptx": lambda: slides([("A slide", "with some words", "and notes")]),
    ".eml": lambda: mail("some words are here", subject="Words", attached={"a.pdf": b"%PDF"}),
    ".odt": lambda: opentext(["A paragraph", "and another"], title="Words"),
    ".rtf": lambda: rich_text(["A paragraph", "and another"], title="Words"),
    ".epub": lambda: epub(["A chapter of words", "and another one"], title="Words"),
    ".mbox": lambda: mbox([mail("some words are here", subject="Words"), mail("and others", subject="More")]),
    **dict.fromkeys((".html", ".htm", ".xhtml"), lambda: b"<html><title>Words</title><p>some words are here</html>"),
    ".srt": lambda: (
        b"1\n00:00:01,000 --> 00:00:03,000\nsome words\nare here.\n\n2\n00:00:04,000 --> 00:00:05,000\n<i>x</i>\n"
    ),
    ".vtt": lambda: b"WEBVTT\n\n00:01.000 --> 00:03.000\n<v Anna>some words are here.\n",
    **dict.fromkeys((".md", ".markdown"), lambda: b"# Words\n\nsome words are here\n"),
}
READERS = [format for format in OWN if format.kind != ARCHIVE]


def write_container(suffix: str, path: Path) -> None:
    table = pa.table({"text": ["some words are here", None, "and some more there"], "n": [1, 2, 3]})
    if suffix == ".orc":
        orc.write_table(table, path)
    elif suffix == ".feather":
        feather.write_feather(table, path)
    elif suffix in (".arrow", ".ipc"):
        made = pa.ipc.new_file if suffix == ".arrow" else pa.ipc.new_stream
        with made(path, table.schema) as writer:
            writer.write_table(table, max_chunksize=2)
    else:
        database(
            path, "CREATE TABLE t (text TEXT, n INTEGER)", {"t": table.to_pandas().to_records(index=False).tolist()}
        )


def write(suffix: str, path: Path) -> None:
    """Write an example of a format: a few good records, and bad ones where it has records."""
    if suffix == ".parquet":
        pd.DataFrame({"text": ["some words are here", "and some more there"], "n": [1, 2]}).to_parquet(path)
    elif suffix in (".arrow", ".feather", ".ipc", ".orc", ".sqlite", ".sqlite3", ".db"):
        write_container(suffix, path)
    elif suffix in PICTURES.suffixes:
        register_heif_opener()
        Image.effect_noise((60, 40), 90).convert("RGB").save(path)
    elif suffix in SOUNDS.suffixes:
        rate = 48_000 if suffix == ".opus" else sounds.RATE
        path.write_bytes(sounds.encoded(sounds.made("chord", 0, rate=rate, seconds=0.3), suffix, rate))
    elif suffix == ".xlsb":
        path.write_bytes((Path(__file__).parent.parent / "data" / "answers.xlsb").read_bytes())
    elif suffix in (".xlsx", ".xlsm", ".xls"):
        path.write_bytes(excel({"Data": ROWS, "Notes": [["none"]]}))
    elif suffix == ".ods":
        path.write_bytes(opendocument({"Data": [[str(cell) for cell in row] for row in ROWS]}))
    elif suffix == ".json":
        path.write_text(f"[{','.join(JSON.splitlines())}]", encoding="utf-8")
    elif suffix == ".npy":
        np.save(path, np.arange(1.0, 13.0).reshape(3, 4))
    elif suffix == ".npz":
        np.savez(path, vectors=np.arange(1.0, 13.0).reshape(3, 4))
    elif suffix in (".vec", ".bin"):
        path.write_bytes((as_text if suffix == ".vec" else as_binary)(*trained()))
    elif suffix == ".graphml":
        path.write_text(as_graphml(grouped()))
    elif suffix in DOCUMENTS:
        path.write_bytes(DOCUMENTS[suffix]())
    else:
        plain = "a line\n\nanother line\n"
        tables = {
            ".bib": BIBTEX,
            ".ris": RIS,
            **dict.fromkeys(TEXT_FILES.suffixes, plain),
            ".csv": CSV,
            ".tsv": CSV.replace(",", "\t"),
        }
        path.write_text(tables.get(suffix, JSON), encoding="utf-8")


@pytest.fixture(params=[(reader, suffix) for reader in READERS for suffix in reader.suffixes], ids=lambda made: made[1])
def subject(request: pytest.FixtureRequest, tmp_path: Path) -> ReaderSubject:
    reader, suffix = request.param
    example = tmp_path / f"example{suffix}"
    write(suffix, example)
    return ReaderSubject(reader, example, tmp_path / "scratch")


@each(READER)
def test_every_reader_keeps_its_promises(subject: ReaderSubject, check: Any) -> None:
    hold(subject, check)


def test_every_choice_that_a_reader_tells_is_listed_with_its_format(subject: ReaderSubject) -> None:
    listed = subject.reader.choices  # type: ignore[attr-defined]
    assert not listed or {choice.name for choice in subject.read().choices} <= set(listed)


def test_every_format_is_loaded_by_its_ending_also_from_an_archive(subject: ReaderSubject, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as packed:
        packed.write(subject.example, f"inner/{subject.example.name}")
    alone, inside = load(subject.example), load(tmp_path / "packed.zip")
    assert len(alone) == len(inside) > 0
    assert alone.items_key == inside.items_key
