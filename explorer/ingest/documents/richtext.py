"""Reads Rich Text (.rtf): its text without its looks, pictures and what is hidden.

It is run by `worker` alone.
"""

from __future__ import annotations

import re

from explorer.ingest.documents.comments import told
from explorer.ingest.documents.document import Document, Refused, check_length, tidy

_COMMENTS = 51
MAX_BYTES = 64 * 2**20
_BEGINS = b"{\\rtf"
_DATA = re.compile(rb"\\bin\d{1,10} ?")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}\s{0,2}){200,}")
"""A picture, as it stands in the text in hexadecimal digits: it says nothing, and is most of many files."""
_SAID = re.compile(r"\{\\(title|author) ([^{}]{1,2000})\}")
_FONTS = re.compile(r"\{[^{}]*\\fonttbl")
_OF_FONTS = re.compile(r"\\f(\d{1,5})(?!\d)|\\fcharset(\d{1,3})(?!\d)|([;{}])")
_LINK = re.compile(r'\{\\field\{\s{0,9}\\\*\\fldinst\{[^{}\n"]{0,500}HYPERLINK\s("[^{}\n]{0,1000}?")\}\}', re.I)
_SHOWN = re.compile(r"\s{0,9}\{\S{0,500}\s+[^\n]{0,2000}?\}{2,3}")
_ADDRESS = re.compile(r"\\(fldinst)(?=\{)", re.I)
_HALVES = re.compile(r"\\u(-?\d{1,5})(?: |\?| \?|\\'[0-9a-fA-F]{2})?\\u(-?\d{1,5})(?!\d)")
_GROUPS = re.compile(r"\\[\\{}]|\{(?:\\(?:\*\\)?(footnote|deleted|annotation|v)(?![a-z\d]) ?)?|\}")
"""Where groups begin and end, those of notes, comments and of what was deleted or hidden told; what stands behind a
backslash is text."""
_BRACES = re.compile(r"\\[\\{}]|[{}]")
_TORN = "it ends before its end, so what stood behind is missing; get the whole file, as by another download"
_LEFT_OUT = ("deleted", "annotation", "v")
_PROPERTY = re.compile(r"\{\\sp\{\\sn [^{}]{0,200}\}\{\\sv [^{}]{0,2000}\}\}")
"""What a drawn box looks like."""
_DATE = re.compile(r"\{\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")


def read_rich_text(content: bytes, _most: int) -> Document:
    """Return the text of a Rich Text file.  Raises Refused."""
    if not content.lstrip()[:6].startswith(_BEGINS):
        raise Refused("it is not a Rich Text file. Save it again from its program, or as .docx")
    if len(content) > MAX_BYTES:
        raise Refused(
            f"it has {len(content) / 2**20:,.0f} MiB; the limit is {MAX_BYTES // 2**20}. Save it without pictures"
        )
    if _DATA.search(content):
        raise Refused("it holds pictures in a form that is not read. Save it as .docx or PDF")
    raw = _HEX.sub("", content.decode("latin-1"))
    said = {name: _text_of(f"{{\\rtf1 {value}}}")[:1000] for name, value in _found(raw).items()}
    comments = list[str]()
    text = _text_of(raw, comments)
    check_length([text])
    made = _DATE.search(raw)
    date = f"{made[1]}-{int(made[2]):02}-{int(made[3]):02}" if made else ""
    notes = told([("", _text_of(f"{{\\rtf1 {one}}}")) for one in comments[:_COMMENTS]])
    notes += _edges_of(raw)
    return Document([text], said.get("title", ""), said.get("author", ""), date, notes=notes)


def _edges_of(raw: str) -> list[str]:
    """Return what is said of a file that ends before its end, or goes on behind it; O(n)."""
    depth = 0
    for found in _BRACES.finditer(raw):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0 and found[0] == "}":
            behind = raw[found.end() :].replace("\0", "").strip()
            return [f"{len(behind):,} of its characters stand behind its end and are not read"] if behind else []
    return [_TORN]


def _text_of(raw: str, comments: list[str] | None = None) -> str:
    from striprtf.striprtf import rtf_to_text

    whole = _with_notes(_with_boxes(_with_halves(raw)), [] if comments is None else comments)
    return tidy(str(rtf_to_text(_with_fonts(_with_links(whole)), errors="replace")))


def _with_boxes(raw: str) -> str:
    """Return the text with what stands in drawn boxes as a part of it, and not a second time as older programs read it;
    O(n).
    """
    if "\\shptxt" not in raw:
        return raw
    bare = _PROPERTY.sub("", raw).replace("{\\sp{", "{\\*\\sp{")
    for written, meant in (("{\\shp{", "{{"), ("{\\*\\shpinst", "{\\par"), ("{\\shptxt ", "{"), ("{\\shptxt", "{")):
        bare = bare.replace(written, meant)
    return bare.replace("{\\shprslt", "{\\*\\shprslt")


def _with_halves(raw: str) -> str:
    """Return the text with signs beyond U+FFFF told as one, which Rich Text has as two halves; O(n)."""

    def whole(found: re.Match[str]) -> str:
        high, low = int(found[1]) & 0xFFFF, int(found[2]) & 0xFFFF
        if not (0xD800 <= high < 0xDC00 <= low < 0xE000):
            return found[0]
        return f"\\u{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)}"

    return _HALVES.sub(whole, raw)


def _with_notes(raw: str, comments: list[str]) -> str:
    """Return the text with the notes at its foot in brackets where they belong, and without what was deleted or is
    hidden; O(n).  Comments on it are appended to *comments*.
    """
    if not any(said in raw for said in ("\\footnote", "{\\deleted", "\\annotation", "{\\v")):
        return raw
    pieces, done, deleted = list[str](), 0, 0
    notes: list[bool] = []
    begun, is_comment = 0, False
    for found in _GROUPS.finditer(raw):
        kind = found[1]
        if kind is None and found[0] == "}":
            is_note = notes.pop() if notes else False
            if deleted:
                deleted -= 1
                done = found.end() if not deleted else done
                if not deleted and is_comment:
                    comments.append(raw[begun : found.start()])
            elif is_note:
                pieces += [raw[done : found.start()], "]}"]
                done = found.end()
        elif found[0].startswith("{"):
            notes.append(kind == "footnote" and not deleted)
            if deleted:
                deleted += 1
            elif kind in _LEFT_OUT:
                pieces += [raw[done : found.start()], "{}"]  # a word of control that stands before ends there
                deleted, begun, is_comment = 1, found.end(), kind == "annotation"
            elif kind == "footnote":
                pieces += [raw[done : found.start()], "{ ["]
                done = found.end()
    return "".join([*pieces, "" if deleted else raw[done:]])


def _with_links(raw: str) -> str:
    """Return the text with the address behind each link; O(n), and the library's own way, which is not, put out."""
    pieces, done = list[str](), 0
    for link in _LINK.finditer(raw):
        shown = _SHOWN.match(raw, link.end())
        if shown is not None and link.start() >= done:
            pieces += [raw[done : shown.end()], f"({link[1]})"]
            done = shown.end()
    return _ADDRESS.sub(r"\\\g<1>0", "".join([*pieces, raw[done:]]))


def _with_fonts(raw: str) -> str:
    """Return the text with its fonts as short as they can be told; O(n), for the library takes n⁴ to find them."""
    begins = _FONTS.search(raw)
    if begins is None:
        return raw
    fonts, font, script, depth, end = dict[str, str](), "", "", 1, len(raw)
    for found in _OF_FONTS.finditer(raw, begins.end()):
        number, charset, mark = found.groups()
        if number:
            font, script = number, ""
        elif charset:
            script = script or charset
        elif mark == ";" and font and script:
            fonts.setdefault(font, script)
            font = ""
        elif mark in "{}":
            depth += 1 if mark == "{" else -1
        if not depth:
            end = found.end()
            break
    told = "".join(f"{{\\f{font}\\fcharset{script} x;}}" for font, script in fonts.items())
    return f"{raw[: begins.start()]}{{\\fonttbl{told}}}{raw[end:]}"


def _found(raw: str) -> dict[str, str]:
    return {found[1]: found[2] for found in _SAID.finditer(raw[:100_000])}
