"""Headings of documents: passages keep to their parts, stand with their headings, and say in words where they are."""

import io
from pathlib import Path

import docx
import pytest

from explorer.ingest import load, preview
from explorer.ingest.documents.headings import MARK, marked, parts_of, places, unmarked
from tests.documents import opentext

PARTS = {
    "Budget": ["The treasurer presented the accounts and income fell.", "The roof fund stands at nine hundred.",
               "A second quote for the heating is to be asked for."],
    "Playground": ["The swing is broken again and must be closed.", "Parents ask for a fence towards the street."],
    "Summer party": ["The band has agreed to play on Saturday.", "The tombola brought in much more than last year."],
}  # fmt: skip


def minutes(path: Path, style: str = "Heading 2") -> Path:
    """Write a Word file with a title right above the first heading, an empty heading, and one in a table."""
    made, out = docx.Document(), io.BytesIO()
    made.add_paragraph("Minutes of May", style="Title")
    for name, lines in PARTS.items():
        made.add_paragraph(name, style=style)
        for line in lines:
            made.add_paragraph(line)
    made.add_paragraph("", style=style)
    made.add_table(1, 1).cell(0, 0).paragraphs[0].style = made.styles["Heading 1"]
    made.tables[0].cell(0, 0).paragraphs[0].add_run("Call the plumber")
    made.save(out)
    path.write_bytes(out.getvalue())
    return path


def html() -> str:
    return "".join(
        f"<h2><span></span>{name}</h2>" + "".join(f"<p>{line}</p>" for line in lines) for name, lines in PARTS.items()
    )


def odt() -> str:
    return "".join(
        f"<text:h></text:h><text:h>{name}</text:h>" + "".join(f"<text:p>{line}</text:p>" for line in lines)
        for name, lines in PARTS.items()
    )


def markdown() -> str:
    return "\n\n".join(line for name, lines in PARTS.items() for line in (f"## {name}", *lines))


@pytest.mark.parametrize("size", ["20", "24", "40", "60"])
def test_no_passage_runs_over_a_heading_or_ends_with_one(tmp_path: Path, size: str) -> None:
    files = {
        "a.docx": minutes(tmp_path / "x").read_bytes(),
        "a.html": html().encode(),
        "a.md": markdown().encode(),
        "a.odt": opentext([], inside=odt()),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        found = load(tmp_path / name, choices={"passage size": size})
        places = list(found.table["place"]) if "place" in found.table else []
        for text in found.items:
            within = [part for part, lines in PARTS.items() if any(line[:12] in text for line in (*lines, part))]
            assert len(within) == 1 or text == "Call the plumber", (name, text)
            assert not text.rstrip(" …").endswith(tuple(PARTS)), (name, text)
        assert sum(part in text for text in found.items for part in PARTS) == len(PARTS)
        assert all(any(f"“{part}”" in place for part in PARTS) for place in places), (name, places)
        assert len(set(places)) == len(places)


def test_a_part_under_a_heading_is_an_item_where_that_is_chosen_and_offered_where_there_are_headings(
    tmp_path: Path,
) -> None:
    parts = load(minutes(tmp_path / "a.docx"), choices={"items": "parts"})
    assert len(parts) == len(PARTS)
    assert parts.items[1] == "\n".join(["Playground", *PARTS["Playground"]])
    assert parts.items[0].startswith("Minutes of May\nBudget\n")
    assert list(parts.table["place"]) == [f"under “{name}”" for name in PARTS]
    (tmp_path / "b.docx").write_bytes(minutes(tmp_path / "b.docx", style="Normal").read_bytes())
    (tmp_path / "c.odt").write_bytes(opentext(["One paragraph.", "Another one."]))
    offered = [{option for option, _ in preview([tmp_path / name]).choices[0].options} for name in ("a.docx", "c.odt")]
    assert ["parts" in one for one in offered] == [True, False]
    assert len(load(tmp_path / "c.odt", choices={"items": "parts"})) == 1


def test_where_a_passage_stands_is_said_in_words() -> None:
    text = "Above.\n\nBudget\nOne.\nTwo goes\nFarther.\nParking\nOnly this"
    heads = [(text.index(name), text.index(name) + len(name)) for name in ("Budget", "Parking")]
    first, budget, parking = parts_of(text, heads)
    two = text.index("Two")
    spans = [first[::2], (budget[0], two), (two, text.index("Farther")), (text.index("Farther"), budget[2])]
    spans += [(parking[1], parking[1] + 5), (parking[1] + 5, len(text))]
    assert places(text, spans, heads) == [
        "paragraph 1",
        "under “Budget”, paragraph 1",
        "under “Budget”, paragraph 2",
        "under “Budget”, paragraph 3",
        "under “Parking”, paragraph 1, part 1",
        "under “Parking”, paragraph 1, part 2",
    ]
    wrapped = "One line that\ngoes on and\nfarther on.\n\nAnother one that\nends here."
    assert places(wrapped, [(0, 5), (wrapped.index("Another"), len(wrapped))], (), wraps=True) == [
        "paragraph 1",
        "paragraph 2",
    ]


def test_marks_are_in_no_text_and_those_within_a_line_are_no_headings() -> None:
    pages, found = unmarked([f"{MARK}\n A\ntext {MARK}b\n{MARK}", f"x\n{MARK}{MARK}C"])
    assert (pages, found) == (["A\ntext b", "x\nC"], [[(0, 1)], [(2, 3)]])
    text = "# A\n```\n# no\n```\nB\n===\n\n#no\n"
    assert [line for line in marked(text).split("\n") if MARK in line] == [
        f"{MARK}# A",
    ]
    assert marked("x\n\nB\n===\ny").count(MARK) == 1
