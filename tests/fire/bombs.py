"""Small files that unpack to gigabytes, made quickly."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.documents import pdf, word
from tests.spreadsheets import excel

BLOCK = 2**20


def png(side: int, *, channels: int = 3) -> bytes:
    """Return a PNG of one colour, so many pixels wide and high."""
    packer = zlib.compressobj(9)
    line = bytes(1 + side * channels)
    pixels = b"".join(packer.compress(line) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, {1: 0, 3: 2, 4: 6}[channels], 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )


def pictures(path: Path) -> None:
    """Four pictures of 10,000 by 10,000 pixels, packed twice: a few kB."""
    picture = png(10_000, channels=1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number in range(4):
            archive.writestr(f"{number}.png", picture)


def picture(path: Path) -> None:
    """One picture of 10,000 by 10,000 pixels with transparency."""
    path.write_bytes(png(10_000, channels=4))


def huge_picture(path: Path) -> None:
    """A picture that says it has 60,000 by 60,000 pixels."""
    whole = bytearray(png(10, channels=3))
    whole[16:24] = struct.pack(">II", 60_000, 60_000)
    whole[29:33] = struct.pack(">I", zlib.crc32(whole[12:29]))
    path.write_bytes(bytes(whole))


def line(path: Path) -> None:
    """A text file of one line of 160 megabytes, beside a good one."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("line.txt", "w") as file:
            for _ in range(160):
                file.write(b"a" * BLOCK)
        archive.writestr("good.txt", "the first line\nthe second line\n")


def cell(path: Path) -> None:
    """A table with one cell of half a gigabyte."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("cell.csv", "w") as file:
            file.write(b'text,n\nthe first line,1\n"')
            for _ in range(512):
                file.write(b"a b " * (BLOCK // 4))
            file.write(b'",2\n')
        archive.writestr("good.txt", "the first line\nthe second line\n")


def packed_line(path: Path) -> None:
    """A packed line of 40 megabytes after a good record."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(b'{"text": "the first line"}\n{"text": "')
        for _ in range(40):
            file.write(b"a" * BLOCK)


def packed_document(path: Path) -> None:
    """A packed document of two gigabytes that has no end."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(b'[{"text": "')
        for _ in range(2048):
            file.write(b"a" * BLOCK)


def far_cells(path: Path) -> None:
    """A spreadsheet of two cells, in opposite corners."""
    whole = excel({"Data": [["text"], ["the last cell"]]})
    with zipfile.ZipFile(io.BytesIO(whole)) as made, zipfile.ZipFile(path, "w") as archive:
        for name in made.namelist():
            archive.writestr(name, made.read(name).replace(b'"A2"', b'"XFD1048576"').replace(b'r="2"', b'r="1048576"'))


def rows(path: Path) -> None:
    """Twenty million rows in Parquet, all the same."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    words = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000_000, pa.int32()), ["the same text again"])
    table = pa.table({"text": words})
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        for _ in range(20):
            writer.write_table(table)


def long_cell(path: Path) -> None:
    """A text of 31 megabytes beside a short one, in a few kilobytes of Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"text": ["word and " * 3_500_000, "another line here"], "b": ["x", "y"]})
    pq.write_table(table, path, compression="zstd")


def nothings(path: Path) -> None:
    """Forty million rows of nothing in a stream of Arrow, in two kilobytes."""
    import pyarrow as pa

    batch = pa.RecordBatch.from_arrays([pa.nulls(4_000_000)], ["text"])
    with pa.ipc.new_stream(path, batch.schema) as writer:
        for _ in range(10):
            writer.write_batch(batch)


def view(path: Path) -> None:
    """A database with a view that has no end, and a trigger that would empty its table."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript("""
            CREATE TABLE t (text TEXT);
            INSERT INTO t VALUES ('the first text of it'), ('and another text');
            CREATE VIEW v AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT 'text ' || x FROM c;
            CREATE TRIGGER e AFTER INSERT ON t BEGIN DELETE FROM t; END;
        """)


def members(path: Path) -> None:
    """Ten thousand objects, each with a member that no other has."""
    path.write_text("".join(json.dumps({"text": f"line {i} of them", f"k{i}": i}) + "\n" for i in range(9_990)))


def deep(path: Path) -> None:
    """A line of lists within lists."""
    path.write_text('{"text": "a line"}\n' + "[" * 30_000_000 + "\n")


def names(path: Path) -> None:
    """Columns of equal names."""
    path.write_text(",".join(["a"] * 20_000) + "\n" + ",".join(["b c"] * 20_000) + "\n")


def word_file(path: Path) -> None:
    """A Word file whose text unpacks to 120 MB, beside a good line."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word(["a paragraph"]))) as made,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as to,
    ):
        for name in made.namelist():
            if name != "word/document.xml":
                to.writestr(name, made.read(name))
        with to.open("word/document.xml", "w") as part:
            for _ in range(120):
                part.write(b"a" * BLOCK)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bomb.docx", out.getvalue())
        archive.writestr("good.txt", "the first line\nthe second line\n")


def page_tree(path: Path) -> None:
    """A PDF that says it has a million pages."""
    path.write_bytes(pdf([["a page of words"]]).replace(b"/Count 1 ", b"/Count 1000000 "))


def word_line(path: Path) -> None:
    """Word vectors, packed, with a line of 100 megabytes between good ones."""
    good = b"\n".join(b"w%d 0.1 0.2 0.3 0.4" % at for at in range(3))
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(b"5 4\n" + good + b"\n" + b"a " * 50 * BLOCK + b"\nlast 1 2 3 4\n")


def endless_words(path: Path) -> None:
    """Word vectors that say they are ten thousand million of 65,536 numbers, and end in 200 megabytes of nothing."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(b"9999999999 65536\nword " + struct.pack("<65536f", *[0.5] * 65536))
        for _ in range(200):
            file.write(bytes(BLOCK))


def entities(path: Path) -> None:
    """A graph with entities within entities: thousands of millions of letters."""
    told = "".join(f'<!ENTITY a{at + 1} "{f"&a{at};" * 10}">' for at in range(10))
    node = '<graph><node id="&a10;"><data key="l">&a10;</data></node></graph>'
    path.write_text(f'<!DOCTYPE g [<!ENTITY a0 "boom">{told}]><graphml>{node}</graphml>')


def silence(path: Path) -> None:
    """A FLAC of 50 seconds of eight channels at 192 kHz, nearly silent: 1 MB that is 300 as samples."""
    import numpy as np
    import soundfile

    block = np.zeros((192_000, 8), np.float32)
    block[::19_200] = 0.5
    with soundfile.SoundFile(path, "w", 192_000, 8, format="FLAC", compression_level=0.0) as file:
        for _ in range(50):
            file.write(block)


BOMBS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "four pictures of 10,000 by 10,000": ("pictures.zip", pictures),
    "a transparent picture of 10,000 by 10,000": ("picture.png", picture),
    "a picture of 60,000 by 60,000": ("huge.png", huge_picture),
    "a line of 160 megabytes": ("line.zip", line),
    "a cell of half a gigabyte": ("cell.zip", cell),
    "a packed line of 40 megabytes": ("line.jsonl.gz", packed_line),
    "a packed document of two gigabytes": ("document.json.gz", packed_document),
    "a spreadsheet with cells in opposite corners": ("far.xlsx", far_cells),
    "20 million rows of Parquet": ("rows.parquet", rows),
    "40 million rows of nothing": ("nothing.arrow", nothings),
    "a view without an end": ("view.sqlite", view),
    "10,000 different members": ("members.jsonl", members),
    "lists within lists": ("deep.jsonl", deep),
    "a Word file of 120 MB": ("word.zip", word_file),
    "a PDF of a million pages": ("pages.pdf", page_tree),
    "a cell of 31 megabytes": ("long.parquet", long_cell),
    "20,000 equal names": ("names.csv", names),
    "a graph with entities within entities": ("graph.graphml", entities),
    "a line of 100 megabytes of word vectors": ("words.vec.gz", word_line),
    "ten thousand million words that are not there": ("words.bin.gz", endless_words),
    "a sound of eight channels at 192 kHz": ("long.flac", silence),
}


def content(name: str, folder: Path) -> bytes:
    """Return the content of a bomb."""
    path = folder / BOMBS[name][0]
    BOMBS[name][1](path)
    return path.read_bytes()
