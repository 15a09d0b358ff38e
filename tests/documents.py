"""Makes small documents: PDF, Word, slides, mails, as programs write them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from xml.sax.saxutils import escape

from tests.spreadsheets import zipped

PROSE = (
    "The harbour was built in three parts over forty years, and every part has its own crane. ",
    "When the river rises in spring the lower quay is closed, because the stones become slippery. ",
    "Fishing boats leave at four in the morning and come back before the market opens. ",
    "A lighthouse keeper wrote down the weather each day and never missed a single entry. ",
)


def prose(sentences: int) -> str:
    """Return so many sentences, no two alike."""
    return "".join(f"In year {1800 + at}: {PROSE[at % len(PROSE)]}" for at in range(sentences)).strip()


def in_order(lines: Sequence[str]) -> str:
    """Return how lines are drawn one below the other."""
    shown = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
    return f"BT /F1 10 Tf 12 TL 50 780 Td\n{shown}ET"


def upright(lines: Sequence[str]) -> str:
    """Return how lines are drawn that are read from below, as on a page that lies on its side."""
    places = (f"BT /F1 10 Tf 0 1 -1 0 {60 + 14 * at} 50 Tm ({_escaped(line)}) Tj ET\n" for at, line in enumerate(lines))
    return "".join(places)


def last_first(lines: Sequence[str]) -> str:
    """Return how lines are drawn one below the other, every third one first."""
    order = sorted(range(len(lines)), key=lambda at: (-(at % 3), at))
    return "".join(f"BT /F1 10 Tf 50 {780 - 14 * at} Td ({_escaped(lines[at])}) Tj ET\n" for at in order)


def pdf(
    pages: Sequence[Sequence[str]],
    *,
    info: Mapping[str, str] | None = None,
    extra: Sequence[bytes] = (),
    drawn: Callable[[Sequence[str]], str] = in_order,
    catalog: str = "",
    page: str = "",
) -> bytes:
    """Return a PDF of pages of lines, in Windows-1252; *extra* objects are numbered from 4 + 2 * pages on.

    *drawn* says how lines are drawn; *catalog* and *page* are further entries of these.
    """
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    said = "".join(f"/{name} ({value}) " for name, value in (info or {}).items())
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for at, lines in enumerate(pages):
        content = drawn(lines).encode("cp1252")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * at} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> >> {page} >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content))
    objects += extra
    objects.append(f"<< {said}>>".encode("latin-1"))
    return _written(objects)


def _written(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (len(objects) + 1, len(objects))
    return bytes(out + b"startxref\n%d\n%%%%EOF" % start)


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def wrapped(text: str, width: int = 80) -> list[str]:
    """Return a text as lines of at most so many characters, as a page has them."""
    import textwrap

    return textwrap.wrap(text, width)


def scanned_pdf() -> bytes:
    """Return a PDF of one page that is a picture."""
    from PIL import Image

    out = io.BytesIO()
    Image.effect_noise((80, 120), 60).convert("RGB").save(out, "PDF")
    return out.getvalue()


def filled_form(question: str, answer: str) -> bytes:
    """Return a PDF with a field of a form, and what somebody wrote into it."""
    look = f"/Tx BMC BT /F1 10 Tf 2 4 Td ({_escaped(answer)}) Tj ET EMC".encode("cp1252")
    field = (
        f"<< /Type /Annot /Subtype /Widget /FT /Tx /T (comment) /V ({_escaped(answer)}) /F 4 /P 4 0 R "
        "/Rect [50 700 400 720] /AP << /N 7 0 R >> >>"
    )
    shown = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 350 20] /Resources << /Font << /F1 3 0 R >> >> /Length %d >>\n"
        b"stream\n%b\nendstream"
    )
    extra = [field.encode("cp1252"), shown % (len(look), look)]
    return pdf([[question]], extra=extra, catalog="/AcroForm << /Fields [6 0 R] >>", page="/Annots [6 0 R]")


def locked_pdf() -> bytes:
    """Return a PDF that asks for a password: its dictionary of encryption fits none."""
    lock = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O (%b) /U (%b) >>" % (b"o" * 32, b"u" * 32)
    made = pdf([["locked"]], extra=[lock])
    return made.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 6 0 R /ID [<00> <00>]")


def word(paragraphs: Sequence[str], *, table: Sequence[Sequence[str]] = (), title: str = "", author: str = "") -> bytes:
    """Return a Word document of paragraphs and a table after them."""
    import docx

    made, out = docx.Document(), io.BytesIO()
    made.core_properties.title, made.core_properties.author = title, author
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    if table:
        grid = made.add_table(len(table), len(table[0]))
        for row, cells in enumerate(table):
            for column, cell in enumerate(cells):
                grid.cell(row, column).text = cell
    made.save(out)
    return out.getvalue()


def slides(pages: Sequence[tuple[str, str, str]], *, title: str = "") -> bytes:
    """Return a slide show; a slide is its title, its text and what its speaker notes."""
    import pptx

    made, out = pptx.Presentation(), io.BytesIO()
    made.core_properties.title = title
    for heading, text, notes in pages:
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = heading, text
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    made.save(out)
    return out.getvalue()


def mail(text: str, *, html: str = "", attached: Mapping[str, bytes] | None = None, **headers: str) -> bytes:
    """Return a mail as it is saved."""
    made = EmailMessage()
    for name, value in headers.items():
        made["From" if name == "sender" else name.capitalize()] = value
    if text:
        made.set_content(text)
    if html:
        (made.add_alternative if text else made.set_content)(html, subtype="html")
    for name, content in (attached or {}).items():
        made.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return made.as_bytes()


def epub(chapters: Sequence[str], *, title: str = "", author: str = "", locked: bool = False) -> bytes:
    """Return a book of chapters of paragraphs, as a publisher makes it."""
    names = [f"c{at}.xhtml" for at in range(len(chapters))]
    items = "".join(f'<item id="{name}" href="text/{name}" media-type="application/xhtml+xml"/>' for name in names)
    items += '<item id="nav" href="text/nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    order = "".join(f'<itemref idref="{name}"/>' for name in ["nav", *names])
    authors = "".join(f"<dc:creator>{escape(one)}</dc:creator>" for one in author.split("; "))
    said = f"<dc:title>{escape(title)}</dc:title>{authors}<dc:date>2024-05-01</dc:date>"
    container = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": f'{container}<rootfile full-path="OPS/book.opf"/></rootfiles></container>',
        "OPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{said}</metadata><manifest>{items}</manifest><spine>{order}</spine></package>",
    }
    for name, text in zip(["nav.xhtml", *names], ["its contents", *chapters], strict=True):
        files[f"OPS/text/{name}"] = (
            '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>no text'
            f"</title></head><body><p>{escape(text)}</p></body></html>"
        )
    if locked:
        files["META-INF/encryption.xml"] = '<encryption><CipherReference URI="OPS/text/c0.xhtml"/></encryption>'
    return zipped(files)


def opentext(paragraphs: Sequence[str], *, title: str = "", author: str = "", inside: str = "") -> bytes:
    """Return an OpenDocument text of a heading and paragraphs, *inside* being more of its body."""
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    spaces = " ".join(f'xmlns:{name}="{office}{name}:1.0"' for name in ("office", "text", "table", "meta"))
    lines = "".join(f"<text:p>{escape(text)}</text:p>" for text in paragraphs)
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {spaces}><office:body><office:text>{lines}{inside}</office:text>"
            "</office:body></office:document-content>",
            "meta.xml": f'<office:document-meta {spaces} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
            f"<dc:title>{escape(title)}</dc:title><meta:initial-creator>{escape(author)}</meta:initial-creator>"
            "<meta:creation-date>2024-05-01T10:00:00</meta:creation-date></office:meta></office:document-meta>",
        }
    )


def rich_text(paragraphs: Sequence[str], *, title: str = "", author: str = "") -> bytes:
    """Return a Rich Text file of paragraphs, with a picture and a font that are no text."""
    said = f"{{\\info{{\\title {title}}}{{\\author {author}}}{{\\creatim\\yr2024\\mo5\\dy1\\hr10\\min0}}}}"
    fonts, picture = "{\\fonttbl{\\f0 Helvetica;}}", f"{{\\pict\\pngblip {'89504e47' * 300}}}"
    lines = "".join(f"{_in_rtf(text)}\\par\n" for text in paragraphs)
    return f"{{\\rtf1\\ansi\\ansicpg1252{fonts}{said}\\f0 {lines}{picture}}}".encode("ascii")


def _in_rtf(text: str) -> str:
    return "".join(sign if sign.isascii() else f"\\u{ord(sign)}?" for sign in text)


def mbox(mails: Sequence[bytes]) -> bytes:
    """Return a mailbox of mails, as Thunderbird and Google write it."""
    escaped = (re.sub(rb"(?m)^(>*From )", rb">\1", one).rstrip(b"\n") for one in mails)
    return b"".join(b"From someone@example.org Tue Jan  2 10:00:00 2024\n%b\n\n" % one for one in escaped)
