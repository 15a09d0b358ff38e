"""Hostile documents: each is one bad document with its sentence, those beside it are read, nothing is fetched."""

from __future__ import annotations

import io
import socket
import threading
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from explorer.errors import UnreadableFile
from explorer.ingest import load
from explorer.ingest.documents import decoding
from explorer.ingest.documents.passages import divided
from explorer.types import Dataset
from tests.documents import epub, mail, opentext, pdf, word

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def changed(package: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a package of parts with one of them changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as to:
        for name in made.namelist():
            to.writestr(name, change(made.read(name)) if name == part else made.read(name))
    return out.getvalue()


def torn_slides() -> bytes:
    """Return what has the parts of a slide show, none of them whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as to:
        for name in ("[Content_Types].xml", "_rels/.rels", "ppt/presentation.xml"):
            to.writestr(name, "<p:presentation")
    return out.getvalue()


def with_entities() -> bytes:
    named = "".join(f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9))
    head = f'<!DOCTYPE x [<!ENTITY a "{"a" * 10}">{named}<!ENTITY file SYSTEM "file:///etc/hostname">]>'.encode()

    def change(xml: bytes) -> bytes:
        return xml.replace(b"?>", b"?>" + head, 1).replace(b"<w:t>here</w:t>", b"<w:t>here&j;&file;</w:t>")

    return changed(word(["here"]), "word/document.xml", change)


def with_entities_odt() -> bytes:
    named = "".join(f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9))
    head = f'<!DOCTYPE x [<!ENTITY a "{"a" * 10}">{named}]>'.encode()
    return changed(opentext(["here"]), "content.xml", lambda xml: head + xml.replace(b"here", b"&j;"))


def epub_of_itself() -> bytes:
    """A book whose chapters are not in it, and lead out of it."""
    return changed(epub(["x"]), "OPS/book.opf", lambda xml: xml.replace(b"text/c0.xhtml", b"../../../etc/hostname"))


def deep_word() -> bytes:
    tags = [b"<w:smartTag>" * 5_000, b"<w:t>here</w:t>", b"</w:smartTag>" * 5_000]
    return changed(word(["here"]), "word/document.xml", lambda xml: xml.replace(tags[1], b"".join(tags)))


def deep_mail() -> bytes:
    parts = (b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (at, at + 1) for at in range(1_200))
    return b"Subject: x\nContent-Type: multipart/mixed; boundary=b0\n\n" + b"".join(parts) + b"text"


def beside_good(tmp_path: Path, name: str, content: bytes) -> Dataset:
    """Load a folder of a bad document and a good one."""
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.md").write_text("a good document")
    return load(tmp_path)


@pytest.mark.parametrize(
    ("name", "made", "said"),
    [
        ("a.docx", with_entities, "it is not a whole Word document"),
        ("b.docx", deep_word, "it is not a whole Word document"),
        ("c.eml", deep_mail, "nested too deeply"),
        ("d.html", lambda: b"<p>" + b"<div>" * 3_000 + b"text", "its elements lie too deeply in each other"),
        ("e.pdf", lambda: pdf([["text"]]).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]"), "none of its pages can be read"),
        ("f.pdf", lambda: b"%PDF-1.7\n" + b"[" * 100_000, "it is not a whole PDF"),
        (
            "h.odt",
            lambda: opentext(["x"], inside="<text:span>" * 5_000 + "</text:span>" * 5_000),
            "it is not a whole Open",
        ),
        ("i.odt", with_entities_odt, "it is not a whole Open"),
        ("j.odt", lambda: opentext([" " * 110_000_000]), "the limits are"),
        ("k.epub", lambda: epub(["<" * 50_000_000]), "the limits are"),
        ("l.epub", epub_of_itself, "missing in it"),
        ("m.rtf", lambda: b"{\\rtf1 " + b"{" * 3_000_000, "it ends before its end"),
        ("n.rtf", lambda: b"{\\rtf1 \\bin99999999999 x}", "it holds pictures in a form"),
        ("o.mbox", lambda: b"From a\n" + deep_mail(), "nested too deeply"),
        ("p.mbox", lambda: b"From a\nSubject: x\n\n" + b"x" * (65 * 2**20), "the limit"),
        ("g.pptx", torn_slides, "it is not a whole slide show"),
    ],
)
def test_a_hostile_document_is_one_rejected_document(
    name: str, made: Callable[[], bytes], said: str, tmp_path: Path
) -> None:
    dataset = beside_good(tmp_path, name, made())
    assert dataset.items == ["a good document"]
    assert [(fault.source, said in fault.reason) for fault in dataset.rejected] == [(name, True)]


def test_pages_that_are_only_said_to_be_there_cost_those_that_are_none_of_their_text(tmp_path: Path) -> None:
    dataset = beside_good(tmp_path, "a.pdf", pdf([["a page"]]).replace(b"/Count 1 ", b"/Count 900 "))
    assert sorted(dataset.items) == ["a good document", "a page"]
    assert [fault.reason.split(":")[0] for fault in dataset.rejected] == ["pages 2–900 cannot be read"]


def test_a_document_that_keeps_its_decoder_busy_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "SECONDS", 0)
    monkeypatch.setattr(decoding, "SECONDS_A_MIB", 0)
    busy = b"<p " + b"".join(b"a%d=1 " % at for at in range(300_000)) + b">text"
    only = tmp_path / "a.html"
    only.write_bytes(busy)
    with pytest.raises(UnreadableFile, match=r"cannot read a\.html: reading it takes more than 0 seconds of the proc"):
        load(only)
    monkeypatch.undo()
    only.write_bytes(b"<p>text")
    assert load(only).items == ["text"]


def test_a_decoder_that_crashes_costs_its_document_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exchanged = decoding._exchanged

    def crash(process: Any, request: dict[str, Any], content: bytes) -> bytes:
        if content.startswith(b"%PDF"):
            process.kill()
        return exchanged(process, request, content)

    monkeypatch.setattr(decoding, "_exchanged", crash)
    (tmp_path / "b.eml").write_bytes(mail("a mail", subject="s"))
    (tmp_path / "z.docx").write_bytes(word(["a paragraph"]))
    dataset = beside_good(tmp_path, "c.pdf", pdf([["text"]]))
    assert sorted(dataset.items) == ["a good document", "a paragraph", "s\n\na mail"]
    assert [fault.source for fault in dataset.rejected] == ["c.pdf"]


def test_nothing_that_a_document_links_to_is_fetched(tmp_path: Path) -> None:
    asked: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        server.settimeout(0.2)
        way = f'Type="{RELATIONS}/footnotes" Target="{address}" TargetMode="External"'
        link = f'<Relationship Id="rX" {way}/></Relationships>'
        files = {
            "a.docx": changed(
                word(["a linked paragraph"]),
                "word/_rels/document.xml.rels",
                lambda xml: xml.replace(b"</Relationships>", link.encode()),
            ),
            "b.html": f'<!DOCTYPE html SYSTEM "{address}"><link href="{address}"><img src="{address}"><p>page'.encode(),
            "c.eml": mail("", html=f'<img src="{address}"><iframe src="{address}"></iframe>mail', subject="s"),
        }
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)

        def listen() -> None:
            with suppress(TimeoutError):
                asked.append(server.accept())

        listening = threading.Thread(target=listen)
        listening.start()
        dataset = load(tmp_path)
        listening.join()
    assert dataset.items == ["a linked paragraph", "page", "s\n\nmail"]
    assert asked == []


@pytest.mark.parametrize("piece", ["a", "a ", "a\n", "a. ", "漢", "(", "a\n\n", "ab-"])
def test_a_text_of_one_piece_again_and_again_is_divided_in_proportion(piece: str) -> None:
    text = piece * 60_000
    spans = divided([text], 200)
    assert len(spans) > 10
    assert sum(len(text[start:end].strip()) for start, end in spans) >= 0.9 * len(
        text.replace("\n", "").replace(" ", "")
    )


def test_documents_that_have_no_end_take_less_patience_each_time_and_the_good_ones_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def never(self: Any, source: Any, request: dict[str, Any], content: bytes) -> Any:
        asked.append(request["seconds"])
        self._ends, self._lost = self._ends + 1, self._lost + 40
        raise UnreadableFile(f"cannot read {source.name}: it has no end.")

    monkeypatch.setattr(decoding.Decoder, "_asked", never)
    for at in range(8):
        (tmp_path / f"{at}.rtf").write_bytes(rb"{\rtf1 a}")
    (tmp_path / "good.txt").write_text("a good line\nanother line\n")
    found = load(tmp_path)
    assert list(found.items) == ["a good line", "another line"]
    assert asked == [20, 10, 5, 2]
    assert sum("documents before it took 160 seconds" in one.reason for one in found.rejected) == 4
