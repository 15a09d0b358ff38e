"""A folder of somebody's in which a command is given: nothing in it is run, whatever it is called."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import explorer
from explorer.runs.lifeline import NONE
from explorer.types import started_as

MODULES = ("explorer.server.reader", "explorer.runs.worker", "explorer.ingest.documents.worker")
GIVEN = {**os.environ, "PYTHONPATH": str(Path(explorer.__file__).parents[1])}
EVIL = "open({ran!r}, 'a').write(__name__ + ' ')\nraise ImportError\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that holds modules named like libraries, each of which tells that it ran."""
    for name in ("pandas", "numpy", "torch", "numba", "umap", "lxml", "pyarrow", "PIL", "uvicorn", "dash", "plotly"):
        (tmp_path / f"{name}.py").write_text(EVIL.format(ran=str(tmp_path / "RAN")), encoding="utf-8")
    (tmp_path / "mail.html").write_text("<p>a text of some words</p>", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("module", MODULES)
def test_a_process_of_ours_imports_nothing_from_the_folder_that_somebody_is_in(module: str, folder: Path) -> None:
    words = ("encode", str(folder / "ws"), "cpu") if module == "explorer.runs.worker" else ()
    command = started_as(module, *words, *((NONE,) if "documents" not in module else ()))
    options = {"cwd": folder, "env": GIVEN, "stdin": subprocess.DEVNULL, "capture_output": True}
    subprocess.run(command, timeout=120, check=False, **options)  # type: ignore[call-overload]
    assert not (folder / "RAN").exists()


def test_nor_does_the_command_however_it_is_started(folder: Path) -> None:
    words = [sys.executable, "-m", "explorer", "estimate", "mail.html", "--workspace", str(folder / "ws")]
    done = subprocess.run(words, cwd=folder, env=GIVEN, capture_output=True, text=True, timeout=200, check=False)
    assert not (folder / "RAN").exists(), done.stderr
    assert done.returncode == 0, done.stderr


def test_no_other_way_starts_one() -> None:
    places = []
    for file in Path(explorer.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "executable":
                places.append(file.name)
    assert places == ["processor.py"]
