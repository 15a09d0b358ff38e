"""Pages of PDFs: what of their edges is kept, which pages are something by themselves, what is written onto them."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from explorer.ingest import load
from tests.documents import pdf, wrapped

SAID = "The bus never came on Monday morning, and nobody told us why. Noise at night on Elm Road keeps everyone awake. "


NAMES = ("Ann", "Bob", "Cleo", "Dora", "Emil", "Fritz", "Greta", "Hugo")
THINGS = ("lamp", "bridge", "bench", "pool", "bus", "library", "fountain", "tower")
TEXTS = [
    " ".join(f"{name} asked {name}'s neighbour for the {thing}, which {name} had lost sight of." for thing in THINGS)
    for name in NAMES
]


def pages(named: str, count: int = 6) -> list[list[str]]:
    return [[named.format(at + 1), *wrapped(TEXTS[at])] for at in range(count)]


@pytest.mark.parametrize(
    "named",
    [
        "{} March 2025",
        "March {}, 2025",
        "Samstag, {}. März 2025",
        "{} de marzo de 2025",
        "Question {}",
        "Slide title {}",
    ],
)
def test_what_is_called_by_its_number_is_no_running_line(named: str, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(pages(named)))
    found = load(tmp_path / "a.pdf")
    lines = [line.removeprefix("… ") for item in found.items for line in str(item).split("\n")]
    assert [line for line in lines if line in {named.format(at + 1) for at in range(6)}] == [
        named.format(at + 1) for at in range(6)
    ]
    assert found.rejected == ()


@pytest.mark.parametrize("named", ["Page {}", "Seite {}", "Annual report of the town {}", "Town report 2025", "{}"])
def test_the_number_of_a_page_and_the_title_beside_it_are_told_once(named: str, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(pages(named)))
    found = load(tmp_path / "a.pdf")
    lines = [line for item in found.items for line in str(item).split("\n")]
    assert len([line for line in lines if line in {named.format(at + 1) for at in range(6)}]) <= 1
    assert [fault.reason.partition(" stands ")[0] for fault in found.rejected] == [f"“{named.format(1)}”"]


def ahead(lines: Sequence[str]) -> str:
    """Draw the head and the foot of a page before what is between them, as programs for reports do."""
    places = {0: 800, 1: 40}
    moved = [(places.get(at, 780 - 14 * at), line) for at, line in enumerate(lines)]
    return "\n".join(f"BT /F1 11 Tf 1 0 0 1 {60 if y > 40 else 250} {y} Tm ({line}) Tj ET" for y, line in moved)


def behind(lines: Sequence[str]) -> str:
    """Draw them last."""
    return "\n".join([*ahead(lines).split("\n")[2:], *ahead(lines).split("\n")[:2]])


@pytest.mark.parametrize("drawn", [ahead, behind])
def test_head_and_foot_are_at_the_edges_of_a_page_whenever_they_are_drawn(drawn, tmp_path: Path) -> None:
    lines = [["Report of the town", f"made by the council, sheet {at + 1}", *wrapped(TEXTS[at])] for at in range(4)]
    (tmp_path / "a.pdf").write_bytes(pdf(lines, drawn=drawn))
    found = load(tmp_path / "a.pdf")
    assert len(found.rejected) == 2
    text = "\n".join(map(str, found.items))
    assert (text.count("Report of the town"), text.count("made by the council")) == (1, 1)
    assert str(found.items[0]).startswith("Report of the town")
    assert "made by" not in str(found.items[0])[:100]


def test_pages_of_few_words_are_each_an_item_and_a_passage_over_pages_says_so(tmp_path: Path) -> None:
    bills = [[f"Invoice {1000 + 7 * at}", f"Total: {3 + at}.50 EUR"] for at in range(6)]
    (tmp_path / "a.pdf").write_bytes(pdf(bills))
    found = load(tmp_path / "a.pdf")
    assert (len(found), found.table["page"].tolist()) == (6, list(range(1, 7)))
    assert len(load(tmp_path / "a.pdf", choices={"items": "parts"})) == 6
    assert len(load(tmp_path / "a.pdf", choices={"items": "documents"})) == 1
    (tmp_path / "b.pdf").write_bytes(pdf(bills[:2]))
    assert load(tmp_path / "b.pdf").table["place"].tolist() == ["pages 1–2, characters 0–58"]


def test_what_is_typed_onto_a_page_is_read_and_comments_are_told(tmp_path: Path) -> None:
    notes = (
        "/Annots [<< /Type /Annot /Subtype /FreeText /Rect [60 400 300 420] /DA (/F1 11 Tf) "
        "/Contents (I typed this) >> "
        "<< /Type /Annot /Subtype /Text /Rect [10 10 20 20] /Contents (Is that so?) >> "
        "<< /Type /Annot /Subtype /Link /Rect [10 10 20 20] /Contents (a link) >>]"
    )
    (tmp_path / "a.pdf").write_bytes(pdf([wrapped(SAID)], page=notes))
    found = load(tmp_path / "a.pdf")
    assert str(found.items[0]).endswith("I typed this")
    assert [fault.reason for fault in found.rejected] == ["the comment on page 1 is no part of the text: “Is that so?”"]
