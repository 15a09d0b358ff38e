"""Patterns and addresses on the command line: what is fetched, where it goes, and that no page can ask for it."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from explorer import ingest
from explorer.cli import fetching
from explorer.cli.fetching import found, here
from explorer.errors import UnreadableFile
from explorer.types import Progress
from explorer.workspace import Workspace

ROWS = b"text,n\nthe battery died after a day,1\na wonderful little machine,2\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "w")


@pytest.fixture
def memory() -> Iterator[Any]:
    system = fsspec.filesystem("memory")
    for name in ("/box/a.csv", "/box/deep/b.csv", "/box/notes.bin"):
        system.pipe(name, ROWS)
    yield system
    system.rm("/box", recursive=True)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "a.csv").write_bytes(ROWS)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path / "www"))
    handler.log_message = lambda *_: None  # type: ignore[attr-defined]
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def ignore(_progress: Progress) -> None:
    """Show nobody."""


def fetch(words: list[str], workspace: Workspace, *, most: int = 2**30) -> list[str]:
    with found(words, workspace, ignore, most=most) as given:
        names = [path.name for path in given.paths]
        dataset = ingest.load(given.paths)
        workspace.datasets.keep(dataset, source=given.fetched)
    return names


def left(workspace: Workspace) -> list[Path]:
    return [path for path in (workspace.path / "uploads").rglob("*") if path.is_file()]


def test_patterns_that_no_shell_expanded_are(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "a.txt", "deep/c.csv", "odd[1].csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(ROWS)
    assert [path.name for path in here([str(tmp_path / "[ab].csv")])] == ["a.csv", "b.csv"]
    assert [path.name for path in here([str(tmp_path / "**/c.csv")])] == ["c.csv"]
    assert [path.name for path in here([str(tmp_path / "odd[1].csv")])] == ["odd[1].csv"]
    assert here([str(tmp_path / "none*.csv")]) == [tmp_path / "none*.csv"]


def test_what_is_at_an_address_becomes_a_dataset_that_keeps_it(workspace: Workspace, memory: Any) -> None:
    shown: list[Progress] = []
    with found(["memory://box/a.csv"], workspace, shown.append, most=2**30) as given:
        dataset = ingest.load(given.paths)
        key = workspace.datasets.keep(dataset, source=given.fetched)
    assert (shown[-1].stage, shown[-1].done, shown[-1].total) == ("fetch", len(ROWS), len(ROWS))
    assert [path.name for path in workspace.datasets.source_files(key)] == ["a.csv"]
    assert workspace.datasets.open(key).name == "a.csv"
    assert left(workspace) == []


def test_folders_and_patterns_at_addresses_keep_their_paths(workspace: Workspace, memory: Any) -> None:
    with found(["memory://box"], workspace, ignore, most=2**30) as given:
        (top,) = given.paths
        assert sorted(path.relative_to(top).as_posix() for path in top.rglob("*.*")) == [
            "a.csv",
            "deep/b.csv",
            "notes.bin",
        ]
    assert left(workspace) == []
    assert fetch(["memory://box/*.csv"], workspace) == ["a.csv"]


def test_over_http_too(workspace: Workspace, address: str) -> None:
    assert fetch([f"{address}/a.csv?token=x#y"], workspace) == ["a.csv"]
    with pytest.raises(UnreadableFile, match=r"none\.csv cannot be fetched: .+ Check the address"):
        fetch([f"{address}/none.csv"], workspace)
    assert left(workspace) == []


def test_too_much_is_refused_before_and_while_it_is_fetched(
    workspace: Workspace, memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnreadableFile, match="larger than may be fetched"):
        fetch(["memory://box/a.csv"], workspace, most=10)
    monkeypatch.setattr(type(memory), "info", lambda self, path, **_: {"name": path, "size": None, "type": "file"})
    with pytest.raises(UnreadableFile, match="larger than may be fetched"):
        fetch(["memory://box/a.csv"], workspace, most=10)
    assert left(workspace) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["file:///etc/passwd"], "what can be begins with s3://"),
        (["simplecache::memory://box/a.csv"], "does not exist|what can be begins"),
        (["memory://box/none.csv"], "cannot be fetched"),
        (["memory://box/a.csv", "b.csv"], "cannot be given together"),
    ],
)
def test_other_addresses_are_refused_in_a_sentence(
    words: list[str], said: str, workspace: Workspace, memory: Any
) -> None:
    with pytest.raises(UnreadableFile, match=said):
        fetch(words, workspace)


def test_names_from_elsewhere_stay_within_the_folder() -> None:
    assert fetching._name("bucket/../../x.csv", "bucket").as_posix() == "x.csv"
    assert fetching._name("box/a:b?c.csv", "box").as_posix() == "a_b"
    assert fetching._name("http://host/", "http://host").as_posix() == "fetched"


@pytest.mark.parametrize("given", ["memory://box/a.csv", "s3://box/a.csv", "https://127.0.0.1:9/a.csv"])
def test_nothing_but_the_command_line_opens_addresses(
    given: str, memory: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def opened(*_given: object, **_more: object) -> None:
        raise AssertionError("an address was opened")

    for name in ("open", "filesystem"):
        monkeypatch.setattr(fsspec, name, opened)
    monkeypatch.setattr(fsspec.core, "url_to_fs", opened)
    monkeypatch.setattr("socket.socket.connect", opened)
    for ask in (ingest.load, ingest.preview):
        with pytest.raises(UnreadableFile, match="does not exist"):
            ask(given)
    (tmp_path / "a.csv").write_text(f"text,image\nwords that are here,{given}\nand other words,{given}\n")
    assert len(ingest.load(tmp_path)) == 2
    with pytest.raises(UnreadableFile, match="is an address; embedding-explorer run"):
        here([given])
