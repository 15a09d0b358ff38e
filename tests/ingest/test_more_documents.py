"""Books, OpenDocument texts, Rich Text and mailboxes give the text that they show, and what they say of themselves."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from explorer.errors import UnreadableFile
from explorer.ingest import load, preview
from explorer.ingest.documents.decoding import Decoder
from tests.documents import epub, mail, mbox, opentext, prose, rich_text


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
    (tmp_path / "a.mbox").write_bytes(b"From a\n\n" * 300 + mbox([mail("some words are here", subject="Words")]))
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
