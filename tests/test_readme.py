"""Every command and Python block of the README runs as written; the set-up commands and `make` aside."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import serving

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def commands():
    lines = [line.split("  #")[0].strip() for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith(("make ", "pip "))]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder in which the README's relative paths hold, with a workspace of its own."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "sample_data").symlink_to(ROOT / "sample_data")
    return folder


@pytest.fixture(scope="module")
def environment(place):
    return {
        **os.environ,
        "EXPLORER_WORKSPACE": str(place / "workspace"),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }


@pytest.fixture(scope="module")
def first_run(place, environment):
    """The first command that the others build on."""
    line = next(line for line in commands() if line.startswith("embedding-explorer run"))
    return run(line, place, environment)


def run(line, place, environment):
    done = subprocess.run(
        shlex.split(line), cwd=place, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_there_are_commands_and_blocks_to_run():
    assert len(commands()) >= 8
    assert len(blocks("python")) == 2


@pytest.mark.parametrize("line", [line for line in commands() if " serve " not in line])
def test_a_command_of_the_readme_runs(line, place, environment, first_run):
    assert run(line, place, environment)


def test_the_report_command_wrote_what_the_readme_says(place, environment, first_run):
    run("embedding-explorer report city_messages.csv --out everything", place, environment)
    names = {path.name for path in (place / "everything").iterdir()}
    assert {"report.html", "report.json", "items.csv", "items.parquet", "clusters.csv", "vectors.npy"} <= names


def test_the_python_block_runs_in_a_plain_script(place, environment, first_run):
    script = place / "script.py"
    script.write_text(blocks("python")[0])
    done = subprocess.run(
        [sys.executable, script], cwd=place, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "0." in done.stdout


def test_the_serve_command_and_the_rest_block_run(place, environment, first_run):
    line = next(line for line in commands() if " serve " in line)
    assert {"--port", "--no-browser"} <= set(shlex.split(line))
    with serving(place / "workspace", place / "server.log") as server:
        code = blocks("python")[1].replace("http://127.0.0.1:8050", server.address)
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "noise" in done.stdout.lower()


def test_every_link_to_a_file_leads_somewhere():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
