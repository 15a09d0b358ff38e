"""SQLite databases: which table is read, what becomes of its values, and that nothing in them is run."""

from __future__ import annotations

import gzip
import random
import sqlite3
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from explorer.errors import BadChoice, NothingUsable, UnreadableFile
from explorer.ingest import load, writeahead
from explorer.ingest import sqlite as reading
from explorer.types import Dataset
from tests.ingest.test_pictures import zipped

WORDS = ["the battery died after a day", "a wonderful little machine", "it came late and broken"]


def database(path: Path, made: str, rows: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(made)
        for name, values in rows.items():
            connection.executemany(f'INSERT INTO "{name}" VALUES ({",".join("?" * len(values[0]))})', values)
        connection.commit()
    return path


def reviews(path: Path, *, more: str = "") -> Path:
    made = f"CREATE TABLE reviews (id INTEGER PRIMARY KEY, review TEXT, stars REAL, code TEXT); {more}"
    return database(path, made, {"reviews": [(i + 2**60, text, i / 2, f"00{i}") for i, text in enumerate(WORDS)]})


def told(dataset: Dataset) -> list[str]:
    return [fault.reason for fault in dataset.rejected]


def test_a_table_is_read_with_its_types(tmp_path: Path) -> None:
    dataset = load(reviews(tmp_path / "a.db"))
    assert list(dataset.items) == WORDS
    assert dataset.text_column == "review"
    assert dataset.table["id"].tolist() == [2**60, 2**60 + 1, 2**60 + 2]
    assert dataset.table["stars"].tolist() == [0.0, 0.5, 1.0]
    assert dataset.table["code"].tolist() == ["000", "001", "002"]


def test_the_same_is_read_packed_and_from_an_archive_whatever_its_journal(tmp_path: Path) -> None:
    path = reviews(tmp_path / "a.sqlite", more="PRAGMA journal_mode=WAL;")
    alone = load(path)
    (tmp_path / "b.sqlite.gz").write_bytes(gzip.compress(path.read_bytes()))
    packed = load(tmp_path / "b.sqlite.gz")
    inside = load(zipped(tmp_path / "c.zip", {"x/a.sqlite": path.read_bytes()}))
    assert list(alone.items) == list(packed.items) == list(inside.items) == WORDS


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Path]:
    """Give a folder with a database of 9 rows, of which six are in the log that a running program keeps beside it."""
    (tmp_path / "x").mkdir()
    with closing(sqlite3.connect(reviews(tmp_path / "x" / "a.db", more="PRAGMA journal_mode=WAL;"))) as program:
        program.execute("PRAGMA wal_autocheckpoint=0")
        for at in range(6):
            program.execute("INSERT INTO reviews VALUES (?, ?, 0, '')", (at, f"it broke again on day {at}" * 40))
            program.commit()
        program.execute("INSERT INTO reviews VALUES (99, 'this was never said', 0, '')")
        program.execute("PRAGMA cache_spill=1")
        yield tmp_path / "x"
        program.rollback()


def test_what_is_in_the_log_of_a_running_program_is_read(running: Path) -> None:
    files = {path.name: path.read_bytes() for path in running.iterdir()}
    assert set(files) == {"a.db", "a.db-wal", "a.db-shm"}
    for given in (running, running / "a.db", list(running.iterdir()), zipped(running.parent / "z.zip", files)):
        found = load(given)
        assert (len(found), found.rejected) == (9, ())
    assert {path.name: path.read_bytes() for path in running.iterdir()} == files
    torn = files["a.db-wal"][:-100]  # its last change is not whole
    assert len(load(zipped(running.parent / "t.zip", {**files, "a.db-wal": torn}))) == 8
    for broken in (b"", b"no log", files["a.db-wal"][:40], bytes(len(torn)), b"\0" + torn[1:]):
        assert len(load(zipped(running.parent / "b.zip", {**files, "a.db-wal": broken}))) == 3


def test_that_newer_rows_may_be_beside_a_database_is_told(running: Path) -> None:
    (running.parent / "alone.db").write_bytes((running / "a.db").read_bytes())
    found = load(running.parent / "alone.db")
    assert len(found) == 3
    assert told(found) == [reading.NO_LOG.format("alone.db")]


def test_each_value_keeps_the_type_that_it_has(tmp_path: Path) -> None:
    rows = [
        (WORDS[0], 1, b"words", b"\xff\xfe\x00", None, "x", ""),
        (WORDS[1], "1e5", "Wörter".encode(), b"\xff", 5, 1, " "),
        (WORDS[2], 2.5, None, None, None, 2.5, None),
    ]
    names = ("text", "mixed", "bytes", "raw", "gap", "any", "empty")
    table = load(database(tmp_path / "a.db", f"CREATE TABLE t ({','.join(names)})", {"t": rows})).table
    assert table["mixed"].tolist() == ["1", "1e5", "2.5"]
    assert table["bytes"].tolist()[:2] == ["words", "Wörter"]
    assert table["raw"].tolist()[:2] == ["<3 bytes: fffe00>", "<1 bytes: ff>"]
    assert table["gap"].dtype == "Int64"
    assert table["any"].tolist() == ["x", "1", "2.5"]


def test_a_text_that_is_no_utf8_costs_its_row(tmp_path: Path) -> None:
    path = database(tmp_path / "a.db", "CREATE TABLE t (text TEXT, n)", {"t": [(text, 1) for text in WORDS]})
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO t VALUES (CAST(x'ff41' AS TEXT), 2)")
        connection.commit()
    dataset = load(path)
    assert list(dataset.items) == WORDS
    assert [(fault.row, fault.reason) for fault in dataset.rejected] == [
        (3, "its bytes are no text: they are not UTF-8")
    ]


def test_of_several_tables_that_with_most_text_is_read_and_another_can_be_chosen(tmp_path: Path) -> None:
    more = 'CREATE TABLE "odd "" name" (note TEXT); CREATE TABLE counts (a, b); CREATE TABLE none (x);'
    path = reviews(tmp_path / "a.db", more=more)
    database(path, "", {"counts": [(i, i) for i in range(9)], 'odd "" name': [("some words are here",)]})
    dataset = load(path)
    assert list(dataset.items) == WORDS
    (choice,) = dataset.choices
    assert (choice.name, choice.value, choice.sure) == ("table", "reviews", False)
    assert [value for value, _ in choice.options] == ["reviews", 'odd " name', "counts", "none"]
    assert told(dataset) == ['the table odd " name is left out; choose it', "the table counts is left out; choose it"]
    assert list(load(path, choices={"table": 'odd " name'}).items) == ["some words are here"]
    with pytest.raises(BadChoice, match="Possible are reviews"):
        load(path, choices={"table": "sqlite_master"})


def test_a_table_of_many_different_texts_comes_before_a_longer_one_of_a_few_names(tmp_path: Path) -> None:
    made = (
        "CREATE TABLE loans (id, reader TEXT); CREATE TABLE books (id, title TEXT); CREATE TABLE people (id, name TEXT)"
    )
    kinds = ("A history of", "The life of", "Letters on", "Sermons from", "Travels through")
    titles = [f"{kind} {place}" for kind in kinds for place in ("Ashby", "Oxford", "Kelmore", "the old mill", "Arabia")]
    rows = {
        "loans": [(i, ("Mary Ann Evans", "John Clare", "Tom Hughes")[i % 3]) for i in range(900)],
        "books": list(enumerate(titles)),
        "people": [(i, f"{chr(97 + i)} Smith") for i in range(20)],
    }
    found = load(database(tmp_path / "a.sqlite", made, rows))
    assert (found.text_column, len(found)) == ("title", len(titles))
    assert (found.choices[0].value, found.choices[0].sure, found.choices[0].why) == (
        "books",
        False,
        "it has the most text",
    )
    assert load(tmp_path / "a.sqlite", choices={"table": "loans"}).text_column == "reader"


def test_triggers_views_virtual_tables_and_other_files_are_not_run(tmp_path: Path) -> None:
    more = """
        CREATE VIEW endless AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c;
        CREATE TRIGGER t AFTER INSERT ON reviews BEGIN DELETE FROM reviews WHERE id < new.id - 5; END;
        CREATE VIRTUAL TABLE v USING rtree(a, b, c);
    """
    path = reviews(tmp_path / "a.db", more=more)
    before = path.read_bytes()
    dataset = load(path)
    assert list(dataset.items) == WORDS
    assert "the view endless is not run; save what it shows as a table" in told(dataset)
    assert "the virtual table v is not read; save it as a table" in told(dataset)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["a.db"]


@pytest.mark.parametrize(
    "asked",
    ["ATTACH 'other.db' AS o", "DELETE FROM reviews", "PRAGMA query_only=OFF", "SELECT load_extension('x')",
     "CREATE TABLE x (y)", "DETACH main", "VACUUM INTO 'other.db'"],
)  # fmt: skip
def test_nothing_but_looking_is_allowed(tmp_path: Path, asked: str) -> None:
    dataset: list[Any] = []
    path = reviews(tmp_path / "a.db")
    source = reading.Source("a.db", path, reading.SQLITE, path.stat().st_size)
    with reading._opened(source, []) as opened, pytest.raises(sqlite3.Error):
        dataset += opened.execute(asked).fetchall()
    assert dataset == []


def test_a_damaged_database_keeps_the_rows_before_the_damage(tmp_path: Path) -> None:
    path = database(
        tmp_path / "a.db", "CREATE TABLE t (text TEXT)", {"t": [(f"{WORDS[i % 3]} {i} " * 8,) for i in range(3_000)]}
    )
    content = bytearray(path.read_bytes())
    middle = len(content) * 3 // 4 // 4096 * 2096
    content[middle : middle + 4096 * 2] = b"\xff" * 4096 * 2
    path.write_bytes(content)
    dataset = load(path)
    assert 1_000 <= len(dataset) < 3_000
    assert any("cannot be read: database disk image is malformed" in reason for reason in told(dataset))


def test_damage_before_the_first_row_is_told_as_such(tmp_path: Path) -> None:
    rows = [(f"{WORDS[i % 3]} {i} " * 8,) for i in range(300)]
    path = database(tmp_path / "a.db", "CREATE TABLE t (text TEXT)", {"t": rows})
    content = bytearray(path.read_bytes())
    content[2 * 4096 :] = b"\xff" * (len(content) - 2 * 4096)
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"the table t cannot be read|cannot be read as a SQLite database"):
        load(path)


@pytest.mark.parametrize(("content", "said"), [(b"", "is empty"), (b"x" * 5000, "is no SQLite database")])
def test_what_is_no_database_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.db").write_bytes(content)
    with pytest.raises(UnreadableFile, match=said):
        load(tmp_path / "a.db")


def test_rows_beyond_the_limit_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    monkeypatch.setattr("explorer.ingest.reader.MAX_ROWS", 2)
    with pytest.raises(UnreadableFile, match="more than 2 rows"):
        load(reviews(tmp_path / "a.db"))


def test_a_log_that_claims_any_size_makes_none_of_it() -> None:
    page, salts = bytes(512), (1, 2)
    head = struct.pack(">6I", 0x377F0683, 3007000, 512, 0, *salts)
    sums = writeahead._summed(head, (0, 0), ">")
    frame = struct.pack(">4I", 1, 2**31, *salts)
    own = writeahead._summed(page, writeahead._summed(frame[:8], sums, ">"), ">")
    log = head + struct.pack(">2I", *sums) + frame + struct.pack(">2I", *own) + page
    assert list(writeahead._frames(log)) == [(1, 2**31, page)]
    assert writeahead.with_log(b"as it was", log) == b"as it was"


def with_a_damaged_page(path: Path, name: str, made: str, rows: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """Return a database the root page of one of whose tables is noise."""
    database(path, made, rows)
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(path.read_bytes())
    content[(root - 1) * size : root * size] = random.Random(5).randbytes(size)
    path.write_bytes(content)
    return path


SEARCHED = "CREATE VIRTUAL TABLE found USING fts5(body); INSERT INTO found VALUES ('the text that is searched here');"


@pytest.mark.parametrize("name", ["reviews", "notes", "places"])
@pytest.mark.parametrize("indexed", ["", "CREATE INDEX i ON {} (text);"])
def test_a_table_whose_page_is_damaged_is_listed_and_the_others_are_read(
    tmp_path: Path, name: str, indexed: str
) -> None:
    tables = ["reviews", "notes", "places"]
    made = "".join(f"CREATE TABLE {one} (id INTEGER PRIMARY KEY, text TEXT);" for one in tables)
    rows = {one: [(i, f"{text} {one}") for i, text in enumerate(WORDS)] for one in tables}
    found = load(with_a_damaged_page(tmp_path / "a.db", name, made + indexed.format(name) + SEARCHED, rows))
    assert [str(item).removesuffix(f" {found.choices[0].value}") for item in found.items] == WORDS
    assert [why for why in told(found) if why.startswith(f"the table {name} cannot be read: ")]
    assert not found.choices[0].sure
    assert f"the database is damaged, and {name} cannot be read" in found.choices[0].why


@pytest.mark.parametrize("module", ["fts3", "fts4", "fts5"])
def test_what_holds_a_virtual_table_is_no_table_of_the_database(tmp_path: Path, module: str) -> None:
    searched = SEARCHED.replace("fts5", module)
    made = "CREATE TABLE reviews (text TEXT);" + searched
    damaged = with_a_damaged_page(tmp_path / "a.db", "reviews", made, {"reviews": [(one,) for one in WORDS]})
    with pytest.raises(UnreadableFile, match=r"the table reviews cannot be read: .*malformed"):
        load(damaged)
    whole = load(database(tmp_path / "b.db", made, {"reviews": [("few words",)]}))
    assert list(whole.items) == ["few words"]
    assert whole.choices[0].sure
    assert told(whole) == ["the virtual table found is not read; save it as a table"]
    alone = load(database(tmp_path / "c.db", searched, {}))
    assert list(alone.items) == ["the text that is searched here"]
    assert not alone.choices[0].sure


def test_a_chosen_table_without_rows_is_said_to_have_none(tmp_path: Path) -> None:
    path = reviews(tmp_path / "a.db", more="CREATE TABLE none (x);")
    with pytest.raises(NothingUsable, match="the table none has no rows"):
        load(path, choices={"table": "none"})
