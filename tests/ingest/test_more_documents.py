"""Books, OpenDocument texts, Rich Text and mailboxes give the text that they show, and what they say of themselves."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from pathlib import Path

import docx
import pptx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE

from explorer.errors import UnreadableFile
from explorer.ingest import load, preview
from explorer.ingest.documents.decoding import Decoder
from tests.documents import epub, mail, mbox, opentext, prose, rich_text

_KIND, _USUAL = "media-type", b"http://schemas.openxmlformats.org/officeDocument/2006"


def one(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_book_is_read_chapter_by_chapter_in_its_order(tmp_path: Path) -> None:
    book = epub(["Über den Fluss & weiter", "ends here"], title="The river", author="A. Smith; B. Jones")
    dataset = load(one(tmp_path / "a.epub", book))
    assert str(dataset.items[0]).split() == ["Über", "den", "Fluss", "&", "weiter", "ends", "here"]
    row = dataset.table.iloc[0]
    assert (row["title"], row["author"], row["date"]) == ("The river", "A. Smith; B. Jones", "2024-05-01")
    assert "no text" not in str(dataset.items[0])
    assert len(load(one(tmp_path / "b.epub", epub([prose(30), prose(30)])))) > 2
    with pytest.raises(UnreadableFile, match="locked for the devices"):
        load(one(tmp_path / "c.epub", epub(["text"], locked=True)))
    with pytest.raises(UnreadableFile, match=r"it is not a book \(\.epub\)"):
        load(one(tmp_path / "d.epub", b"PK no package"))


def test_a_chapter_with_a_document_type_of_its_own_or_that_is_drawn_is_read(tmp_path: Path) -> None:
    made = epub(["the text", "gone"])
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(tmp_path / "a.epub", "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            if name.endswith("c0.xhtml"):
                content = content.replace("<html", '<!DOCTYPE html [<!ENTITY w "x">]><html', 1)
            content = content.replace(
                f'text/c1.xhtml" {_KIND}="application/xhtml+xml"', f'text/c1.svg" {_KIND}="image/svg+xml"'
            )
            svg = '<svg xmlns="http://www.w3.org/2000/svg"><text>drawn <tspan>words</tspan></text></svg>'
            is_drawn = name.endswith("c1.xhtml")
            new.writestr("OPS/text/c1.svg" if is_drawn else name, svg if is_drawn else content)
    (text,) = load(tmp_path / "a.epub").items
    assert str(text).split() == ["the", "text", "drawn", "words"]


def test_a_strict_word_document_says_what_to_do(tmp_path: Path) -> None:
    document = docx.Document()
    document.save(str(tmp_path / "a.docx"))
    with zipfile.ZipFile(tmp_path / "a.docx") as old, zipfile.ZipFile(tmp_path / "b.docx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(_USUAL, b"http://purl.oclc.org/ooxml/officeDocument"))
    with pytest.raises(UnreadableFile, match=r"Strict Open XML Document.*Save it as a “Word Document”"):
        load(tmp_path / "b.docx")


def test_an_opendocument_text_is_read_with_tables_and_without_notes_of_its_writers(tmp_path: Path) -> None:
    inside = (
        "<text:h>A <text:span>head</text:span>ing</text:h>"
        "<office:annotation><text:p>hidden</text:p></office:annotation>"
        "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
        "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
        '<text:p>one<text:s text:c="3"/>two<text:line-break/>three<text:tab/>four</text:p>'
    )
    dataset = load(one(tmp_path / "a.odt", opentext(["First & last"], title="T", author="B. Jones", inside=inside)))
    assert str(dataset.items[0]).splitlines() == ["First & last", "A heading", "a\tb", "one   two", "three\tfour"]
    row = dataset.table.iloc[0]
    assert (row["title"], row["author"], row["date"]) == ("T", "B. Jones", "2024-05-01T10:00:00")


def test_rich_text_is_read_without_its_pictures_and_fonts(tmp_path: Path) -> None:
    dataset = load(one(tmp_path / "a.rtf", rich_text(["Grüße aus Łódź", "and 日本"], title="A title", author="C. Poe")))
    assert str(dataset.items[0]).splitlines() == ["Grüße aus Łódź", "and 日本"]
    row = dataset.table.iloc[0]
    assert (row["title"], row["author"], row["date"]) == ("A title", "C. Poe", "2024-05-01")
    with pytest.raises(UnreadableFile, match="not a Rich Text file"):
        load(one(tmp_path / "b.rtf", b"plain words"))


def test_each_mail_of_a_mailbox_is_read_and_one_that_cannot_be_costs_no_other(tmp_path: Path) -> None:
    mails = [mail(f"the words of mail {at}\n\nFrom here on it goes on", subject=f"Number {at}") for at in range(5)]
    mails[2] = b"no header at all\n\njust text"
    dataset = load(one(tmp_path / "a.mbox", mbox(mails)))
    said = [str(item).splitlines()[:3] for item in dataset.items]
    assert said == [[f"Number {at}", "", f"the words of mail {at}"] for at in (0, 1, 3, 4)]
    assert all("From here on it goes on" in str(item) for item in dataset.items)
    assert dataset.table["subject"].tolist() == [f"Number {at}" for at in (0, 1, 3, 4)]
    assert dataset.table["document"].tolist()[2] == "a.mbox, mail 4"
    assert dataset.place(2) == "mail 4"
    assert [(fault.row, fault.where, "it is not a mail" in fault.reason) for fault in dataset.rejected] == [
        (2, "mail 3", True)
    ]
    assert preview(tmp_path / "a.mbox", limit=2).rows[1]["subject"] == "Number 1"
    with pytest.raises(UnreadableFile, match="holds no mail"):
        load(one(tmp_path / "b.mbox", b"just words\n"))


def test_mails_without_anything_are_listed_and_ask_no_decoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Counter[str]()
    read = Decoder.document
    monkeypatch.setattr(Decoder, "document", lambda *given, **told: (asked.update(["mail"]), read(*given, **told))[1])
    (tmp_path / "a.mbox").write_bytes(
        b"From a@example.org\n\n" * 300 + mbox([mail("some words are here", subject="Words")])
    )
    found = load(tmp_path / "a.mbox")
    assert (len(found), len(found.rejected), asked["mail"]) == (1, 300, 1)
    assert {fault.reason for fault in found.rejected} == {"the document has no text"}


def test_notes_and_signs_of_two_halves_of_rich_text_are_read_and_what_was_deleted_is_not(tmp_path: Path) -> None:
    text = (
        r"{\rtf1\ansi The claim{\footnote {\super 1} See {\b page} \{9\}.} stands{\deleted  not {\b at} all}. "
        r"A smile \u55357?\u56832? and \u-10179?\u-8704? here\par The end}"
    )
    (item,) = load(one(tmp_path / "a.rtf", text.encode())).items
    assert item == "The claim [1 See page {9}.] stands. A smile \U0001f600 and \U0001f600 here\nThe end"


def test_boxes_of_rich_text_are_read_once_hidden_words_are_not_and_comments_are_told(tmp_path: Path) -> None:
    box = (
        r"{\shp{\*\shpinst\shpleft0{\sp{\sn shapeType}{\sv 202}}{\sp{\sn pib}{\sv {\pict 00}}}"
        r"{\shptxt \pard In the box\par}}}{\shprslt{\*\do\dptxbx{\dptxbxtext\pard In the box\par}}}"
    )
    noted = r"Said{\*\atnid AS}\chatn{\*\annotation{\*\atnref 1}\pard Who {\b says} so?} here{\v , not this}."
    (tmp_path / "a.rtf").write_bytes(rf"{{\rtf1\ansi Before.\par {box}\par {noted}\par}}".encode())
    found = load(tmp_path / "a.rtf")
    assert found.items[0].split("\n") == ["Before.", "", "In the box", "", "Said here."]
    assert [fault.reason for fault in found.rejected] == ["the comment is no part of the text: “Who says so?”"]


def test_notes_of_an_opendocument_text_are_at_its_end_and_comments_are_told(tmp_path: Path) -> None:
    body = "<text:note-body><text:p>A note</text:p></text:note-body>"
    note = f"<text:note><text:note-citation>1</text:note-citation>{body}</text:note>"
    who = '<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">Bob</dc:creator>'
    said = f"<office:annotation>{who}<text:p>Is it?</text:p></office:annotation>"
    hidden = '<text:section text:display="none"><text:p>Hidden</text:p></text:section>'
    ruby = "<text:ruby><text:ruby-base>漢字</text:ruby-base><text:ruby-text>かな</text:ruby-text></text:ruby>"
    page = "<text:page-number>7</text:page-number>"
    inside = f"<text:p>A claim{note} stands{said} here, {ruby} on page{page}.</text:p>{hidden}"
    (tmp_path / "a.odt").write_bytes(opentext(["First"], inside=inside))
    found = load(tmp_path / "a.odt")
    assert found.items == ["First\nA claim stands here, 漢字 on page.\n\nA note"]
    assert [fault.reason for fault in found.rejected] == ["the comment of Bob is no part of the text: “Is it?”"]


def test_signs_of_symbol_fonts_are_letters_and_comments_on_word_files_are_told(tmp_path: Path) -> None:
    opened = docx.Document()
    paragraph = opened.add_paragraph("Yes ")
    for font, code in (("Wingdings", "F0FC"), ("Symbol", "F061"), ("Symbol", "F0B7"), ("Wingdings", "F001")):
        sign = OxmlElement("w:sym")
        sign.set(qn("w:font"), font)
        sign.set(qn("w:char"), code)
        paragraph.add_run()._r.append(sign)
    comment = opened.add_comment(paragraph.runs, text="Who says so?", author="Ann")
    assert comment.text == "Who says so?"
    opened.save(tmp_path / "a.docx")
    found = load(tmp_path / "a.docx")
    assert found.items == ["Yes ✓α•\ufffd"]
    assert [fault.reason for fault in found.rejected] == [
        "the comment of Ann is no part of the text: “Who says so?”",
        "1 of its signs are of a font of pictures and stand as \ufffd",
    ]


def test_the_words_of_a_chart_on_a_slide_are_read(tmp_path: Path) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "A title"
    data = CategoryChartData()
    data.categories = ["North", "South"]
    data.add_series("Complaints", (1, 2))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, 100, 100, data)
    show.save(tmp_path / "a.pptx")
    assert load(tmp_path / "a.pptx").items == ["A title\n\nComplaints\nNorth, South"]
