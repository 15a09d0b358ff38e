"""The folder that a server or a command is started in may be full of somebody else's files: none of it is run."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import explorer
from explorer import ingest
from explorer.server.readers import Readers, Spare
from explorer.server.reading import Reading
from explorer.types import command_of
from explorer.workspace import Workspace

PACKAGE = Path(explorer.__file__).parent
NAMES = ("pandas", "numpy", "torch", "numba", "umap", "lxml", "pyarrow", "PIL", "tokenizers", "selectors", "json")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with modules that leave a file when they are run."""
    there = tmp_path / "downloads"
    there.mkdir()
    for name in NAMES:
        (there / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write('{name} ')\nraise ImportError\n")
    monkeypatch.setenv("PYTHONPATH", str(PACKAGE.parent))
    monkeypatch.chdir(there)
    return there


def ran(folder: Path) -> str:
    file = folder.parent / "ran"
    return file.read_text() if file.exists() else ""


def test_the_processes_that_read_run_nothing_of_the_folder(folder: Path) -> None:
    workspace, page = Workspace(folder.parent / "w"), folder.parent / "a.html"
    page.write_text("<h1>One</h1><p>Some words that are read.</p>")
    readers = Readers(workspace.path, Spare())
    try:
        key = readers.read(Reading((str(page),)))
    finally:
        readers.close()
    assert workspace.datasets.record(key)["rows"]
    assert len(ingest.load(page))
    assert ran(folder) == ""


def test_a_worker_runs_nothing_of_the_folder(folder: Path) -> None:
    """In place of its module one is run that imports what it would."""
    (folder.parent / "own").mkdir()
    (folder.parent / "own" / "loads.py").write_text(
        "import sys, explorer.runs.worker, pandas, numpy, numba, pyarrow, PIL\nprint(sys.argv[1:], explorer.__file__)\n"
    )
    where = {**os.environ, "PYTHONPATH": str(folder.parent / "own")}
    done = subprocess.run(command_of("loads", "map", "7"), capture_output=True, text=True, env=where, check=True)
    assert done.stdout.strip() == f"['map', '7'] {PACKAGE / '__init__.py'}"
    assert ran(folder) == ""


def test_the_command_itself_runs_nothing_of_the_folder(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "explorer", "formats"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert ran(folder) == ""


def test_no_process_is_started_but_by_that_command() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "executable" and path.name != "processor.py"
    ]
    assert not found, f"{found}: start it with command_of"
