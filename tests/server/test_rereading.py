"""What people set of a dataset goes along when its files are read in another way, and what cannot is said."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.config import Settings
from explorer.server import Services, open_services
from explorer.ui.markup import markup
from explorer.ui.preview import gone
from explorer.workspace import Workspace
from tests.spreadsheets import excel

STORE = [
    ["Inv", "Object", "Description", "Made"],
    *([f"19{n}.00", f"jug {n}", f"A jug that was found by the old mill, number {n}", 1700 + n] for n in range(20, 32)),
]
NOTES = [["Note", "Made"], *([f"what somebody wrote about the store on day {n}", n] for n in range(12))]


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    opened = open_services(Workspace(tmp_path / "w"), Settings(tmp_path / "w"))
    yield opened
    opened.jobs.close()


def added(services: Services) -> str:
    upload = services.uploads.create()
    book = excel({"Store": STORE, "Notes": NOTES})
    services.uploads.append(upload, "store.xlsx", offset=0, chunks=[book])
    made = services.datasets.add_upload(upload, text="Description", choices={"sheet": "Store"})
    return str(made["dataset"])


def test_types_a_name_and_a_note_go_along_whatever_is_read_otherwise(services: Services) -> None:
    data, first = services.datasets, added(services)
    types = {"Inv": "id", "Made": "number:.", "Object": "category"}
    for column, read_as in types.items():
        data.set_reading(first, column, read_as)
    data.rename(first, "Our store", "counted in May")

    joined = data.read_again(first, text=["Description", "Object"])
    assert joined["dataset"] != first
    told = (joined["readings"], joined["name"].split(" – ")[0], joined["note"], joined["forgotten"])
    assert told == (types, "Our store", "counted in May", [])
    assert services.workspace.datasets.record(joined["dataset"])["renamed"]  # a file of that content names it no more

    named = data.read_again(joined["dataset"], choices={"names": "yes"})
    assert (named["readings"], named["forgotten"], named["text_columns"]) == (types, [], ["Description", "Object"])

    data.set_reading(named["dataset"], "Inv", None)  # and what is taken back stays taken back
    alone = data.read_again(named["dataset"], text="Object")
    assert alone["readings"] == {"Made": "number:.", "Object": "category"}
    assert alone["forgotten"] == ["“Object” is the text now: the type that you set of it is not in use."]

    since = data.read_since(first)  # who has its address is led to what it is now
    assert since is not None
    assert since["dataset"] == alone["dataset"]
    assert data.read_since("nothing") is None
    assert f"dataset={alone['dataset']}" in markup(gone(since))
    assert "was deleted" in markup(gone())


def test_what_cannot_stay_is_said(services: Services) -> None:
    data, first = services.datasets, added(services)
    for column, read_as in {"Inv": "id", "Made": "number:."}.items():
        data.set_reading(first, column, read_as)
    joined = data.read_again(first, text=["Description", "Object"], choices={"header": "1"})
    other = data.read_again(joined["dataset"], choices={"sheet": "Notes"})
    assert other["readings"] == {"Made": "number:."}
    assert other["forgotten"] == [
        "Column names: what you chose belonged to what was read before; it is found anew.",
        "The columns “Description”, “Object” that you chose as text are not in it; the text is “Note” now.",
        "There is no column “Inv” now: the type that you set of it is not in use.",
    ]


def test_a_reading_that_is_there_already_gets_the_latest_types(services: Services) -> None:
    data, first = services.datasets, added(services)
    data.set_reading(first, "Made", "category")
    files = services.workspace.datasets.source_files(first)
    there = data.add_path(files[0].parent, text=["Description", "Object"])  # of the same content, from elsewhere
    data.set_reading(there["dataset"], "Inv", "id")
    again = data.read_again(first, text=["Description", "Object"])
    assert again["readings"].items() >= {"Made": "category"}.items()
