import dataclasses
import io
import json
import tempfile
import threading
import zipfile
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from explorer import ingest
from explorer.errors import Cancelled, NothingUsable, ReadingEnded
from explorer.server import reader
from explorer.server import readers as processes
from explorer.server.readers import Process, Readers, Spare
from explorer.server.reading import Reading, read_here
from explorer.types import command_of
from explorer.workspace.folder import Workspace


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "w")


@pytest.fixture
def readers(workspace):
    readers = Readers(workspace.path, Spare())
    yield readers
    readers.close()


def read(workspace, reading, *, stop=None):
    return read_here(workspace, reading, stop or threading.Event())


def test_a_file_is_read_in_a_process_of_its_own_to_the_same_dataset(workspace, readers, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("text,stars\nfirst line here,1\n,2\nthird line here,3\n")
    other = Workspace(tmp_path / "other")
    here = read(other, Reading((str(file),)))
    assert readers.read(Reading((str(file),))) == here
    record = workspace.datasets.record(here)
    assert (record["rows"], len(record["rejected"])) == (2, 1)


def test_what_reading_needs_is_loaded_without_a_file_that_a_kill_would_leave(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    loaded, load = [], ingest.load
    monkeypatch.setattr(ingest, "load", lambda path: loaded.append(load(path)) or loaded[-1])
    reader._load_libraries()
    assert [len(one) for one in loaded] == [2]


def test_a_process_that_is_ready_is_used_again_until_it_ends(workspace, readers, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("text,stars\nfirst line here,1\nsecond line here,2\n")
    readers.warm()
    first = readers._spare._ready
    keys = {readers.read(Reading((str(file),))) for _ in range(3)}
    assert len(keys) == 1
    assert readers._spare._ready is first
    first._popen.kill()
    first._popen.wait()
    assert readers.read(Reading((str(file),))) in keys
    assert readers._spare._ready is not first


def test_a_process_that_is_killed_says_so_and_the_next_reading_has_another(readers, tmp_path, monkeypatch):
    file = tmp_path / "a.csv"
    file.write_text("text,stars\nfirst line here,1\nsecond line here,2\n")
    readers.warm()
    ask = Process.ask
    monkeypatch.setattr(Process, "ask", lambda self, *a: (self._popen.kill(), ask(self, *a))[1])
    with pytest.raises(ReadingEnded, match="ended unexpectedly"):
        readers.read(Reading((str(file),)))
    monkeypatch.undo()
    assert readers.read(Reading((str(file),)))


def test_what_the_process_cannot_read_is_the_same_error_here(readers, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("a,b\n1,2\n")
    with pytest.raises(NothingUsable, match="a, b"):
        readers.read(Reading((str(file),)))


class StopAt(threading.Event):
    """A wish to stop that comes true when it is looked at for the *count*-th time."""

    def __init__(self, count):
        super().__init__()
        self.left = count

    def is_set(self):
        self.left -= 1
        return self.left <= 0


@pytest.mark.parametrize("looks", [1, 3])
def test_a_cancelled_reading_stops_and_keeps_nothing(workspace, tmp_path, looks):
    files = [tmp_path / f"{i}.csv" for i in range(9)]
    for file in files:
        file.write_text("text\nfirst line here\n")
    stop = StopAt(looks)
    with pytest.raises(Cancelled):
        read(workspace, Reading(tuple(map(str, files))), stop=stop)
    assert stop.left == 0
    assert workspace.datasets.records() == []


def test_a_reading_that_is_cancelled_while_it_is_kept_is_taken_back(workspace, tmp_path, monkeypatch):
    file = tmp_path / "a.csv"
    file.write_text("text\nfirst line here\n")
    stop, keep = threading.Event(), workspace.datasets.keep
    monkeypatch.setattr(workspace.datasets, "keep", lambda *a, **k: (stop.set(), keep(*a, **k))[1])
    with pytest.raises(Cancelled):
        read(workspace, Reading((str(file),)), stop=stop)
    assert workspace.datasets.records() == []


def test_a_cancelled_reading_ends_its_process(workspace, readers, tmp_path, monkeypatch):
    started = []
    start = processes.start_tied
    monkeypatch.setattr(processes, "start_tied", lambda *a, **k: started.append(start(*a, **k)) or started[-1])
    file = tmp_path / "a.csv"
    file.write_text("text\nfirst line here\n")
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        readers.read(Reading((str(file),)), stop=stop)
    assert all(process.returncode is not None for process, _ in started)
    assert workspace.datasets.records() == []


def test_the_head_of_a_dataset_needs_only_its_first_rows(workspace, tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(json.dumps({"text": f"this is line {i}", "n": i}) for i in range(25_000)))
    key = read(workspace, Reading((str(file),)))
    head = workspace.datasets.head(key, 10)
    assert list(head.items) == [f"this is line {i}" for i in range(10)]
    assert head.table["n"].tolist() == list(range(10))
    assert len(workspace.datasets.open(key)) == 25_000


FALLS = """
import os
from explorer.ingest import images, loading
read, decode = loading.read, images.decode
images.decode = lambda content, **how: os.abort() if content.endswith(b"bad") else decode(content, **how)
loading.read = lambda source, advance: os.abort() if "bad" in source.name else read(source, advance)
from explorer.server.reader import main
main()
"""


def started_to_fall(monkeypatch):
    """Have processes end at files that are called bad; return those that were started."""
    started, start = [], processes.start_tied

    def falling(command, **how):
        started.append(start([command[0], "-c", FALLS, *command[len(command_of("")) :]], **how))
        return started[-1]

    monkeypatch.setattr(processes, "start_tied", falling)
    return started


def test_a_member_at_which_the_process_ends_is_rejected_and_the_others_are_read(
    workspace, readers, tmp_path, monkeypatch
):
    started = started_to_fall(monkeypatch)
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("bad.json", "[1]")
        archive.writestr("good.txt", "first line here\nsecond line here\n")
    record = workspace.datasets.record(readers.read(Reading((str(file),))))
    assert len(started) == 2
    assert record["rows"] == 2
    assert [(fault["source"], fault["reason"][:32]) for fault in record["rejected"]] == [
        ("bad.json", "reading it took too long, or mor")
    ]


def test_an_upload_of_nothing_else_is_told_as_before(readers, tmp_path, monkeypatch):
    started = started_to_fall(monkeypatch)
    (tmp_path / "bad.txt").write_text("first line here\nsecond line here\n")
    with pytest.raises(ReadingEnded, match="exit status -6"):
        readers.read(Reading((str(tmp_path / "bad.txt"),)))
    assert len(started) == 1


def picture(colour, end=b""):
    made = io.BytesIO()
    Image.new("RGB", (8, 6), colour).save(made, "PNG")
    return made.getvalue() + end


def test_one_picture_at_which_the_process_ends_is_one_rejected_row_in_a_folder_in_archives_and_in_rows(
    workspace, readers, tmp_path, monkeypatch
):
    started = started_to_fall(monkeypatch)
    loose, packed, rows = tmp_path / "1.png", tmp_path / "a.zip", tmp_path / "b.parquet"
    loose.write_bytes(picture("red"))
    with zipfile.ZipFile(packed, "w") as archive:
        for at in range(9):
            archive.writestr(f"{at}.png", picture((at, 9, 0), b"bad" if at == 1 else b""))
    cells = [{"bytes": picture((at, 0, 9), b"bad" if at == 2 else b""), "path": f"{at}.png"} for at in range(5)]
    pq.write_table(pa.table({"image": cells, "n": range(5)}), rows)
    record = workspace.datasets.record(readers.read(Reading((str(loose), str(packed), str(rows)))))
    assert record["rows"] == 1 + 8 + 4
    assert [(fault["source"], fault["row"]) for fault in record["rejected"]] == [("1.png", None), ("b.parquet", 2)]
    assert all(fault["reason"].startswith("reading it took too long, or more memory") for fault in record["rejected"])
    assert len(started) <= 5


def slow_picture(scans):
    """Return a JPEG of 98 megapixels that goes over them so often; each time takes a few hundredths of a second."""
    made = io.BytesIO()
    Image.new("L", (9_900, 9_900)).save(made, "JPEG", progressive=True)
    content = made.getvalue()
    start, end = content.rindex(b"\xff\xda"), len(content) - 2
    return content[:end] + content[start:end] * (scans - content.count(b"\xff\xda")) + content[end:]


def test_a_picture_that_decodes_slowly_is_one_rejected_row(workspace, readers, tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "ONE_PICTURE", (0.5, 0.2))
    slow, slower, file = slow_picture(50), slow_picture(6_000), tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for at, content in enumerate((picture("red"), slow, picture("blue"), slower, picture("green"))):
            archive.writestr(f"{at}.jpg", content)
    record = workspace.datasets.record(readers.read(Reading((str(file),))))
    assert record["rows"] == 3
    reasons = {fault["source"]: fault["reason"] for fault in record["rejected"]}
    assert reasons["1.jpg"].startswith("reading it took too long")
    assert reasons["3.jpg"].startswith("the picture is stored in 6,000 steps, which takes too long")


@contextmanager
def ended(process):
    try:
        yield
    finally:
        process.end()


def test_time_that_is_over_is_the_fault_of_the_files_that_took_it(readers, tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "STUCK_SECONDS", 0.2)
    slow, file, process = slow_picture(50), tmp_path / "a.zip", Process()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("0.png", picture("red"))
        archive.writestr("1.jpg", slow)
        archive.writestr("2.jpg", slow + b"2")
    asked = {"ask": "read", "reading": dataclasses.asdict(Reading((str(file),))), "workspace": str(tmp_path / "w")}
    with ended(process), pytest.raises(ReadingEnded, match="seconds") as said:
        process.ask(asked, 1, threading.Event())
    names = {name.rpartition("\0")[2] for name in said.value.at}
    assert names
    assert names <= {"1.jpg", "2.jpg"}


def test_a_reading_that_is_cancelled_leaves_what_others_have_read_at_the_same_time(tmp_path):
    (tmp_path / "a.csv").write_text("text\nsome words\nother words\n")
    workspace, stop = Workspace(tmp_path / "w"), threading.Event()
    reading, keep = Reading((str(tmp_path / "a.csv"),)), workspace.datasets.keep
    others = []

    def kept(*given, **told):
        if not others:
            others.append(True)
            read_here(workspace, reading, threading.Event())
        key = keep(*given, **told)
        stop.set()
        return key

    workspace.datasets.keep = kept
    with pytest.raises(Cancelled):
        read_here(workspace, reading, stop)
    assert len(workspace.datasets.records()) == 1
    workspace.datasets.remove(workspace.datasets.records()[0]["dataset"])
    stop.clear()
    with pytest.raises(Cancelled):
        read_here(workspace, reading, stop)
    assert workspace.datasets.records() == []
