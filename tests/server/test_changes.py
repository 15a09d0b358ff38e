"""Changes of a dataset: the server opens none for it, whatever is to be found in its rows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer import ingest
from explorer.config import Settings
from explorer.errors import UnknownColumn
from explorer.server import Services, open_services
from explorer.server.versions import Difference
from explorer.workspace import Workspace


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    opened = open_services(Workspace(tmp_path / "w"), Settings(tmp_path / "w"))
    yield opened
    opened.readers.close()
    opened.jobs.close()


def test_rows_of_a_value_are_found_by_the_process_that_makes_the_version(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "name\tkind\nfirst words here\ta\nsecond words here\tb\nthird words here\ta\n"
    key = services.datasets.add_text(text, "")["dataset"]
    opened = []
    monkeypatch.setattr(services.workspace.datasets, "open", lambda *given, **_: opened.append(given))
    made = services.versions.change(key, Difference(where=("kind", "a"), removed=[0, 0]))
    assert (made["rows"], made["version"]["removed"], opened) == (1, 2, [])
    with pytest.raises(UnknownColumn, match="column 'x' not found"):
        services.versions.change(key, Difference(where=("x", "a")))


def test_datasets_that_say_they_are_made_of_each_other_are_looked_through_once(services: Services) -> None:
    kept = services.workspace.datasets
    first, second = (kept.keep(ingest.load_text(f"{word} line\nanother", name="few")) for word in ("one", "two"))
    for key, parent in ((first, second), (second, first)):
        kept._change(key, lambda _record, parent=parent: {"version": {"parent": parent}})
    assert not services.versions._has_paragraphs(first)
