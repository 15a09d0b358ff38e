"""Every command and Python block of the README runs as written; the set-up commands and `make` aside."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.report import render
from explorer.report.tables import clusters_table, items_table
from explorer.workspace.shipped import SAMPLES
from tests.readme_tables import FORMATS, formats_page, with_tables
from tests.report.small import small_run
from tests.servers import serving, until

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


@pytest.mark.parametrize("line", [line for line in commands() if " serve " in line])
def test_a_serve_command_opens_its_files(line, place, tmp_path):
    """Open what they name; the second finds the first one's maps where both name a file."""
    words = shlex.split(line)[2:]
    port = words.index("--port")
    del words[port : port + 2]  # a free one instead, as another test may hold it
    wanted = SAMPLES if "--samples" in words else SAMPLES[:1]
    with serving(place / "served", tmp_path / "server.log", *words, cwd=place) as server:
        until(lambda: {d["name"] for d in server.get("/datasets")["datasets"]} >= set(wanted), 60, "the data sets")
        until(lambda: {run["name"] for run in server.get("/runs")["runs"]} >= set(wanted), 60, "their runs")


def test_the_rest_block_runs(place, environment, first_run):
    with serving(place / "workspace", place / "server.log", "--no-warm") as server:
        code = blocks("python")[1].replace("http://127.0.0.1:8050", server.address)
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "noise" in done.stdout.lower()


def test_every_link_to_a_file_leads_somewhere():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_members_of_the_json_report_are_those_that_it_has():
    told = README.split("`report.json` has", 1)[1].split("\n\n", 1)[0]
    record = json.loads(render(small_run(), "json"))
    names = set(record) | set(record["data"]) | set(record["encoder"]) | set(record["quality"])
    assert {name for name in names if f"`{name}`" not in told} == set()
    assert set(record["clusters"][0]["enrichment"][0]) <= set(re.findall(r"`(\w+)`", told))


def test_the_columns_of_the_tables_are_those_that_they_have():
    told = README.split("## What comes out", 1)[1].split("\n\n", 2)[1]
    names = {*items_table(small_run()).columns, *clusters_table(small_run()).columns} - {"colour"}
    assert names <= set(re.findall(r"`(\w+)`", told))


def test_its_tables_are_what_the_registries_have():
    assert with_tables(README) == README, "run: python -m tests.readme_tables"


def test_the_page_of_formats_is_what_the_registry_has():
    assert FORMATS.read_text(encoding="utf-8") == formats_page(), "run: python -m tests.readme_tables"
