"""Files that went wrong: a corpus made by code, and any number of mutated files, each known by its number alone."""

from __future__ import annotations

import datetime as dt
import decimal
import io
import json
import random
import sqlite3
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer.errors import ExplorerError
from explorer.ingest import load, preview
from explorer.workspace.datafiles import read_dataset, write_dataset
from tests.documents import epub, mail, mbox, opentext, pdf, rich_text, word
from tests.oldbooks import binary_excel, old_excel
from tests.spreadsheets import Cell, open_number, opendocument

BYTES = (
    b"\0",
    b"\xff",
    b"\x80",
    b'"',
    b",",
    b"\n",
    b"\r",
    b"{",
    b"[",
    b"\\",
    b"\x7f\xff\xff\xff",
    b"\xff" * 8,
    b"PK",
    b"\xed\xa0",
)
LINES = ("text,stars\n", "the first line here,1\n", '"two, of\nthem",2\n', ",3\n", "einige Wörter für später,4\n")


@dataclass(frozen=True)
class Made:
    """A file: its name, and what is in it."""

    name: str
    content: bytes


def corpus() -> list[Made]:
    """Return whole files of every kind that is read, small ones."""
    table = "".join(LINES)
    rows = [{"text": f"this is line {i}", "n": i, "deep": {"a": [i, None]}, "b": i % 2 == 0} for i in range(6)]
    plain = [
        Made("a.csv", table.encode()),
        Made("latin.csv", table.encode("cp1252")),
        Made("wide.csv", table.encode("utf-16")),
        Made("a.tsv", table.replace(",", "\t").encode()),
        Made("a.jsonl", "\n".join(map(json.dumps, rows)).encode()),
        Made("a.txt", "one line\nanother line\n\n漢字 here\n".encode()),
        Made("a.parquet", parquet(compression="snappy")),
        Made("b.parquet", parquet(compression="none")),
        *pictures(),
        *containers(),
        *spreadsheets(),
    ]
    texts = [made for made in plain if made.name not in ("a.png", "a.jpg", "a.gif", "a.tar", "a.heic")]
    methods = {
        "stored": zipfile.ZIP_STORED,
        "deflated": zipfile.ZIP_DEFLATED,
        "bzip2": zipfile.ZIP_BZIP2,
        "lzma": zipfile.ZIP_LZMA,
    }
    zips = [Made(f"{name}.zip", packed(texts, method)) for name, method in methods.items()]
    return [*plain, *documents(), *zips, Made("pictures.zip", packed(pictures(), zipfile.ZIP_DEFLATED))]


def spreadsheets() -> list[Made]:
    """Return spreadsheets whose numbers show zeros in front, of every kind but the first one's."""
    rows: list[list[Any]] = [["text", "code"], *([f"this is row {at}", Cell(str(at), form="000")] for at in range(4))]
    shown = [["text", "code"], *([f"this is row {at}", open_number(str(at), f"00{at}")] for at in range(4))]
    return [
        Made("a.xls", old_excel("Data", rows)),
        Made("b.xls", old_excel("Data", rows, small=True)),
        Made("a.xlsb", binary_excel("Data", rows)),
        Made("a.ods", opendocument({"Data": shown})),
    ]


def packed(members: list[Made], method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for member in members:
            archive.writestr(f"inner/{member.name}", member.content)
    return out.getvalue()


def array() -> bytes:
    import numpy as np

    out = io.BytesIO()
    np.save(out, np.arange(1.0, 41.0).reshape(10, 4))
    return out.getvalue()


def documents() -> list[Made]:
    """Return a small file of each format of documents, and a conversation."""
    said = [{"messages": [{"role": "user", "content": "a question"}, {"role": "assistant", "content": "an answer"}]}]
    page = "<!doctype html><title>Words</title><style>p {}</style><p>Some <b>words</b> are<table><tr><td>here</table>"
    return [
        Made("a.pdf", pdf([["A page of words", "and its second line."], ["Another page."]], info={"Title": "Words"})),
        Made("a.docx", word(["A paragraph", "and another"], table=[["a", "b"]])),
        Made("a.html", page.encode()),
        Made("a.npy", array()),
        Made("a.odt", opentext(["A paragraph", "and another"], title="Words")),
        Made("a.epub", epub(["A chapter", "and another"], title="Words")),
        Made("a.rtf", rich_text(["A paragraph", "and another"], title="Words")),
        Made("a.mbox", mbox([mail("some words", subject="Words"), mail("and others", subject="More")])),
        Made("a.eml", mail("some words", html="<p>others", subject="Words", attached={"a.pdf": b"%PDF"})),
        Made("a.md", b"---\ntitle: Words\n---\n# Words\n\nsome words are here\n"),
        Made(
            "a.bib", b'@string{j = "J. of Words"}\n@article{k, title = {S{\\"a}tze}, journal = j # " B", year = 1999}\n'
        ),
        Made("a.ris", b"TY  - JOUR\nTI  - Some words\nAU  - A, B\nAU  - C\nAB  - are\n here\nER  - \n"),
        Made("chat.json", json.dumps(said).encode()),
    ]


def pictures() -> list[Made]:
    from PIL import Image

    image = Image.new("RGB", (40, 30), "teal")
    found = []
    for suffix, kind in (("png", "PNG"), ("jpg", "JPEG"), ("gif", "GIF")):
        out = io.BytesIO()
        image.save(out, kind)
        found.append(Made(f"a.{suffix}", out.getvalue()))
    return found


def containers() -> list[Made]:
    """Return files in which others, or rows of several types, lie."""
    import pyarrow as pa
    from PIL import Image
    from pillow_heif import register_heif_opener

    register_heif_opener()
    heic, arrow, tar = io.BytesIO(), io.BytesIO(), io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(heic, "HEIF")
    table = pa.table(columns())
    with pa.ipc.new_file(arrow, table.schema) as writer:
        writer.write_table(table, max_chunksize=2)
    with tarfile.open(fileobj=tar, mode="w") as archive:
        for made in pictures():
            info = tarfile.TarInfo(made.name)
            info.size = len(made.content)
            archive.addfile(info, io.BytesIO(made.content))
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript("CREATE TABLE t (text, n, b); CREATE INDEX i ON t (n); CREATE VIEW v AS SELECT 1;")
        rows = [(f"this is line {row}", row, bytes([row, 255])) for row in range(40)]
        database.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
        database.commit()
        sqlite = database.serialize()
    contents = {"a.heic": heic.getvalue(), "a.arrow": arrow.getvalue(), "a.tar": tar.getvalue(), "a.sqlite": sqlite}
    return [Made(name, content) for name, content in contents.items()]


def columns() -> dict[str, Any]:
    """Return a Parquet column of every type that can be written, each of three values, one missing."""
    import pyarrow as pa

    day = dt.date(2024, 1, 31)
    when = dt.datetime(2024, 1, 31, 12, 30)
    return {
        "text": pa.array(["the first text", "one in between", "another text here"]),
        "u64": pa.array([2**64 - 1, None, 1], pa.uint64()),
        "i8": pa.array([1, None, -3], pa.int8()),
        "f16": pa.array([1.0, None, 2.0], pa.float32()).cast(pa.float16()),
        "flag": pa.array([True, None, False]),
        "day": pa.array([day, None, dt.date(9999, 12, 31)]),
        "d64": pa.array([day, None, day], pa.date64()),
        "when": pa.array([when, None, dt.datetime(1, 1, 1)], pa.timestamp("us")),
        "zone": pa.array([when, None, when], pa.timestamp("ns", "Europe/Berlin")),
        "odd zone": pa.array([when, None, when], pa.timestamp("ms", "Nowhere/Land")),
        "time": pa.array([1, None, 86_399], pa.time32("s")),
        "length": pa.array([dt.timedelta(days=1), None, dt.timedelta(seconds=2)]),
        "exact": pa.array([decimal.Decimal("1.10"), None, decimal.Decimal("2.20")], pa.decimal128(38, 10)),
        "large": pa.array([decimal.Decimal(10) ** 60, None, decimal.Decimal(1)], pa.decimal256(76, 2)),
        "bytes": pa.array([b"\xff\xfe", None, b"abc"]),
        "four": pa.array([b"\0\0\0\xff", None, b"abcd"], pa.binary(4)),
        "list": pa.array([[1, None], None, []], pa.list_(pa.int64())),
        "map": pa.array([[("k", 1)], None, []], pa.map_(pa.string(), pa.int64())),
        "struct": pa.array([{"a": 1, "b": [b"\xff"]}, None, {"a": None, "b": []}]),
        "word": pa.array(["x", None, "y"]).dictionary_encode(),
        "nothing": pa.nulls(3),
        "numbers": pa.array([2**63, None, 2**63 + 1], pa.uint64()),
    }


def parquet(*, compression: str) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.table(columns()), out, compression=compression)
    return out.getvalue()


def mutated(number: int, files: list[Made]) -> Made:
    """Return the mutated file of this number."""
    chance = random.Random(number)
    made = chance.choice(files)
    if made.name.endswith(".zip") and chance.random() < 0.3:
        return inner_mutated(chance, files)
    content = bytearray(made.content)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        if content:
            chance.choice(WAYS)(content, chance)
    return Made(made.name, bytes(content))


def inner_mutated(chance: random.Random, files: list[Made]) -> Made:
    """Return a whole zip archive of files that are damaged."""
    members = []
    for made in chance.sample([one for one in files if not one.name.endswith(".zip")], 4):
        content = bytearray(made.content)
        chance.choice(WAYS)(content, chance)
        members.append(Made(made.name, bytes(content)))
    return Made("inner.zip", packed(members, zipfile.ZIP_DEFLATED))


def flip(content: bytearray, chance: random.Random) -> None:
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def put(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(content) + 1)
    content[at:at] = chance.choice(BYTES)


def overwrite(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(content))
    new = chance.choice(BYTES)
    content[at : at + len(new)] = new


def cut_out(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(content))
    del content[at : at + chance.randrange(1, 40)]


def cut_off(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content)) :]


def repeat(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(content))
    content[at:at] = content[at : at + chance.randrange(1, 60)] * chance.randrange(1, 5)


def begin(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(min(len(content), 64))
    content[at] = chance.randrange(256)


WAYS: tuple[Callable[[bytearray, random.Random], None], ...] = (flip, put, overwrite, cut_out, cut_off, repeat, begin)


def escaped(made: Made, folder: Path, *, parts: tuple[str, ...] = ("preview", "keep")) -> str:
    """Return what else than an ExplorerError comes out of loading a file, and of these *parts*; empty for nothing."""
    path = folder / made.name
    path.write_bytes(made.content)
    try:
        if "preview" in parts:
            with suppress(ExplorerError):
                preview(path)
        with suppress(ExplorerError), tempfile.TemporaryDirectory(dir=folder) as kept:
            dataset = load(path)
            if "keep" in parts:
                write_dataset(dataset, Path(kept), source=None, origin=())
                assert len(read_dataset(Path(kept))) == len(dataset)
    except Exception as exc:  # noqa: BLE001 - that is what is looked for
        return f"{made.name}: {type(exc).__name__}: {exc}"
    return ""


def failures(numbers: range, folder: Path, *, whole: bool = True) -> Iterator[str]:
    """Yield what escapes from the mutated files of these numbers; unless *whole*, some are only loaded."""
    files = corpus()
    for number in numbers:
        some = (("preview",), ("keep",), ())[number % 3]
        found = escaped(mutated(number, files), folder, parts=("preview", "keep") if whole else some)
        if found:
            yield f"{number} {found}"
