"""Numbers of lists, headings in bold and forms that nobody filled, in Word files."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from explorer.ingest import load
from explorer.ingest.documents.headings import MARK
from explorer.ingest.documents.office import read_word


def written(fill: Callable[[Any], None]) -> str:
    made, out = docx.Document(), io.BytesIO()
    fill(made)
    made.save(out)
    return read_word(out.getvalue(), 0).pages[0]


def listed(made: Any, levels: str, *paragraphs: tuple[str, int], lists: str = "") -> None:
    """Give a document paragraphs of a list of its own with these levels."""
    numbering = made.part.numbering_part.element
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="900">{levels}</w:abstractNum>')
    numbering.insert(0, abstract)
    for number, more in ((900, ""), (901, lists)):
        numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="900"/>{more}</w:num>')
        )
    for text, level in paragraphs:
        number, level = (901, level - 10) if level >= 10 else (900, level)
        paragraph = made.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')
        )


def level(at: int, figures: str, around: str, start: int = 1) -> str:
    inner = f'<w:start w:val="{start}"/><w:numFmt w:val="{figures}"/><w:lvlText w:val="{around}"/>'
    return f'<w:lvl w:ilvl="{at}">{inner}</w:lvl>'


def test_numbers_of_lists_stand_in_the_text_as_they_are_shown() -> None:
    levels = level(0, "decimal", "§ %1.") + level(1, "lowerLetter", "%2)") + level(2, "upperRoman", "%1.%3", 4)
    paragraphs = (("one", 0), ("a", 1), ("b", 1), ("deep", 2), ("two", 0), ("a again", 1), ("anew", 10), ("on", 10))
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>'
    text = written(lambda made: listed(made, levels, *paragraphs, lists=anew))
    assert text.split("\n") == [
        "§ 1. one", "a) a", "b) b", "1.IV deep", "§ 2. two", "a) a again", "§ 7. anew", "§ 8. on",
    ]  # fmt: skip


def test_styles_number_their_paragraphs_and_bullets_have_none() -> None:
    def fill(made: Any) -> None:
        for text, style in (("a", "List Number"), ("b", "List Number"), ("c", "List Bullet"), ("d", None)):
            made.add_paragraph(text, style=style)

    assert written(fill).split("\n") == ["1. a", "2. b", "c", "d"]


def test_short_paragraphs_all_in_bold_are_headings_where_none_has_a_style() -> None:
    def fill(made: Any, *, styled: bool = False) -> None:
        if styled:
            made.add_heading("A heading", 1)
        for name in ("Noise", "Buses"):
            made.add_paragraph().add_run(name).bold = True
            for at in range(3):
                made.add_paragraph(f"A sentence about {name}, number {at}.")

    assert written(fill).count(MARK) == 2
    assert f"{MARK}Noise\nA sentence" in written(fill)
    assert written(lambda made: fill(made, styled=True)).count(MARK) == 1

    def all_bold(made: Any) -> None:
        for at in range(6):
            made.add_paragraph().add_run(f"Bold line {at}").bold = True

    assert MARK not in written(all_bold)


def test_fields_that_nobody_filled_say_nothing(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("Your name:")
    for more, text in (("<w:showingPlcHdr/>", "Click or tap here to enter text."), ("", "Ann Smith")):
        made.element.body.insert(
            1,
            parse_xml(
                f"<w:sdt {nsdecls('w')}><w:sdtPr>{more}</w:sdtPr><w:sdtContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
                "</w:sdtContent></w:sdt>"
            ),
        )
    made.save(str(tmp_path / "a.docx"))
    assert list(load(tmp_path / "a.docx").items) == ["Your name:\nAnn Smith"]
