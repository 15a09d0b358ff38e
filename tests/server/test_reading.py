import json
import threading

import pytest

from explorer.errors import Cancelled, NothingUsable
from explorer.server import reading
from explorer.server.reading import Reading, read
from explorer.workspace.folder import Workspace


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "w")


def test_a_large_file_is_read_in_a_process_of_its_own_to_the_same_dataset(workspace, tmp_path, monkeypatch):
    file = tmp_path / "a.csv"
    file.write_text("text,stars\nfirst line here,1\n,2\nthird line here,3\n")
    here = read(workspace, Reading((str(file),)))
    monkeypatch.setattr(reading, "APART_BYTES", 0)
    monkeypatch.setattr(reading, "read_here", None)
    other = Workspace(tmp_path / "other")
    assert read(other, Reading((str(file),))) == here
    record = other.datasets.record(here)
    assert (record["rows"], len(record["rejected"])) == (2, 1)


def test_what_the_process_cannot_read_is_the_same_error_here(workspace, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "APART_BYTES", 0)
    file = tmp_path / "a.csv"
    file.write_text("a,b\n1,2\n")
    with pytest.raises(NothingUsable, match="a, b"):
        read(workspace, Reading((str(file),)))


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


def test_a_cancelled_reading_ends_its_process(workspace, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "APART_BYTES", 0)
    started = []
    start = reading.start_tied
    monkeypatch.setattr(reading, "start_tied", lambda *a, **k: started.append(start(*a, **k)) or started[-1])
    file = tmp_path / "a.csv"
    file.write_text("text\nfirst line here\n")
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        read(workspace, Reading((str(file),)), stop=stop)
    assert started[0][0].returncode is not None
    assert workspace.datasets.records() == []


def test_the_head_of_a_dataset_needs_only_its_first_rows(workspace, tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(json.dumps({"text": f"this is line {i}", "n": i}) for i in range(25_000)))
    key = read(workspace, Reading((str(file),)))
    head = workspace.datasets.head(key, 10)
    assert list(head.items) == [f"this is line {i}" for i in range(10)]
    assert head.table["n"].tolist() == list(range(10))
    assert len(workspace.datasets.open(key)) == 25_000
