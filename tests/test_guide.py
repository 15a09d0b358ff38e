"""The guide of the house names what is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
PATH = re.compile(r"`((?:explorer|assets|tests|docs|sample_data)/[\w./-]*)`")
WAYS = ("## A record's way", "## A click's way")
LONGEST_GUIDE = 150


def paths(text: str) -> list[str]:
    """Return the paths that a text names; NAME stands for what somebody will write."""
    return [path for path in PATH.findall(text) if "NAME" not in path]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_that_a_document_names_is_there(document: Path) -> None:
    missing = [path for path in paths(document.read_text(encoding="utf-8")) if not (ROOT / path).exists()]
    assert not missing


def test_the_guide_has_every_room_and_stays_short() -> None:
    table = GUIDE.split("## Where things are")[1].split("\n## ")[0]
    rooms = {f"explorer/{path.parent.name}/" for path in (ROOT / "explorer").glob("*/__init__.py")}
    assert rooms <= set(paths(table))
    assert len(GUIDE.splitlines()) < LONGEST_GUIDE


@pytest.mark.parametrize("way", WAYS)
def test_a_way_visits_no_room_twice_and_names_files_of_the_room_it_is_in(way: str) -> None:
    steps = re.findall(r"^\d+\. (.*(?:\n   .*)*)", GUIDE.split(way)[1].split("\n## ")[0], re.M)
    rooms = [re.match(r"`([\w/]+/)`", step).group(1) for step in steps]  # type: ignore[union-attr]
    assert len(rooms) == len(set(rooms)) >= 8
    for room, step in zip(rooms, steps, strict=True):
        for name in re.findall(r"`([\w/]+(?:\.py|\.mjs|/))`", step):
            homes = [room, *(path for path in paths(step) if path.endswith("/"))]
            assert any((ROOT / home / name).exists() for home in homes) or (ROOT / name).exists(), (step, name)
