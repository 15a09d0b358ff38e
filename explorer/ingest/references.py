"""Reads lists of references: entries of BibTeX and records of RIS, each a row of a table.

It chooses no text column and builds no items: `loading` does.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping

from explorer.errors import UnreadableFile
from explorer.ingest.codepages import ENCODING
from explorer.ingest.encodings import decoded, detect, printable
from explorer.ingest.jsontables import Members
from explorer.ingest.reader import BATCH, TABLE, Advance, FileReader, Source, Table, check_size
from explorer.ingest.textpieces import beginning_of
from explorer.types import LINE, Numbering, Rejected

_ENTRY = re.compile(r"^[ \t]*@[ \t]*(\w{1,40})[ \t]*([{(])", re.MULTILINE)
"""How an entry begins; all else between entries is a comment."""
_KEY = re.compile(r"\s*([^\s,{}()=\"]{1,400})\s*(?:,|$)")
_FIELD = re.compile(r"[\s,]*([^\s,{}()=\"#]{1,100})\s*=\s*")
_WORD = re.compile(r"[^\s,{}\"#]+")
_MARK = re.compile(r'[{}"\\]')
_OTHERS = frozenset({"comment", "preamble"})
_MONTHS = dict(zip("jan feb mar apr may jun jul aug sep oct nov dec".split(), range(1, 13), strict=True))  # noqa: SIM905
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "c": "\u0327", "k": "\u0328", "d": "\u0323",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "i": "ı", "j": "ȷ", "ldots": "…", "dots": "…", "textendash": "–", "textemdash": "—",
}  # fmt: skip
_ACCENT = re.compile(r"""\\(?:([`'^~=".])\s?|([uvHckdr])(?:\s|(?=\{)))\{?\\?([A-Za-z])\}?""")
_COMMAND = re.compile(r"\\(ss|[oOlLij]|ae|AE|oe|OE|aa|AA|l?dots|text(?:en|em)dash)(?![A-Za-z])(?:\{\}|\s)?")
_STYLE = re.compile(r"\\(?:emph|text(?:bf|it|sc|rm|tt|up)|mathrm|url|href|em|it|bf|sc|rm|tt)(?![A-Za-z])\s?")
_SIGN = re.compile(r"\\([&%$#_])")
_BRACE = re.compile(r"\\([{}])|[{}]")
_JOINS = re.compile(r"\s*#\s*")
_BLANKS = re.compile(r"\s+")
_RIS = re.compile(r"([A-Z][A-Z0-9])  ?-(?: (.*))?$")
_NAMES = {
    "TY": "type", "ID": "key", "TI": "title", "T1": "title", "AU": "author", "A1": "author", "A2": "editor",
    "ED": "editor", "PY": "year", "Y1": "year", "DA": "date", "AB": "abstract", "N2": "abstract", "KW": "keywords",
    "JO": "journal", "JF": "journal", "JA": "journal", "T2": "journal", "DO": "doi", "UR": "url", "PB": "publisher",
    "CY": "place", "VL": "volume", "IS": "number", "SP": "first page", "EP": "last page", "SN": "issn",
    "LA": "language",    "N1": "note", "BT": "booktitle",
}  # fmt: skip
"""What the tags of RIS stand for; others are columns by themselves."""
_VERBATIM = frozenset({"url", "doi", "file", "eprint"})
_SEVERAL, _LONG = frozenset({"author", "editor", "keywords"}), frozenset({"abstract", "note"})
"""Fields of which there may be several, whichever their tags; and those that are texts."""
MAX_CHARACTERS = 100_000_000


def read_bibtex(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the entries of a BibTeX file, or its first *limit* ones, as a table of all their fields."""
    return _read(source, advance, limit, bibtex=True)


def read_ris(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the records of a RIS file, or its first *limit* ones, as a table of all their fields."""
    return _read(source, advance, limit, bibtex=False)


def _read(source: Source, advance: Advance, limit: int | None, *, bibtex: bool) -> Table:
    encoding = detect(source, sample=limit is not None)
    table = Table(source.name, {}, array("q"), choices=encoding.choices, numbering=Numbering(LINE))
    with source.open() as file, decoded(file, encoding, newline=None) as opened:
        text = printable(beginning_of(opened, MAX_CHARACTERS))
    if len(text) > MAX_CHARACTERS:
        raise UnreadableFile(f"{source.name} has more than {MAX_CHARACTERS:,} characters; that is the limit. Split it.")
    members, line, before = Members(), 1, 0
    for number, (start, entry) in enumerate(entries(text) if bibtex else records(text)):
        line, before = line + text.count("\n", before, start), start
        table.numbering.note(number, line)
        if isinstance(entry, Mapping):
            members.add(len(table), entry)
            table.records.append(number)
        else:
            table.rejected.append(Rejected(source.name, number, entry))
        if number % BATCH == 0:
            advance(min(source.size, start))
            check_size(source.name, rows=number, columns=len(members))
        if limit is not None and len(table) >= limit:
            break
    members.into(table)
    return table


def entries(text: str) -> Iterator[tuple[int, Mapping[str, str] | str]]:
    """Yield where entries of BibTeX begin, and their fields as a reader sees them, or why one is none; O(length)."""
    begun = list(_ENTRY.finditer(text))
    strings: dict[str, str] = {name: str(number) for name, number in _MONTHS.items()}
    for at, entry in enumerate(begun):
        kind = entry[1].lower()
        if kind in _OTHERS:
            continue
        body = text[entry.end() : begun[at + 1].start() if at + 1 < len(begun) else len(text)]
        if kind == "string":
            strings |= {name.lower(): value for name, value in _fields(body, strings)[0].items()}
            continue
        key = _KEY.match(body)
        found, is_whole = _fields(body[key.end() :] if key else body, strings)
        if not found:
            yield entry.start(), f"the entry @{kind} has no fields"
        elif not is_whole:
            yield entry.start(), f"the entry @{kind} has no end: a bracket or a quotation mark is not closed"
        else:
            yield entry.start(), {"type": kind, **({"key": key[1]} if key else {}), **found}


def _fields(body: str, strings: Mapping[str, str]) -> tuple[dict[str, str], bool]:
    """Return the fields of an entry, and whether all of them end."""
    found: dict[str, str] = {}
    times: Counter[str] = Counter()
    at = 0
    while field := _FIELD.match(body, at):
        parts: list[str] = []
        at = field.end()
        while at < len(body):
            part, end = _value(body, at, strings)
            if end < 0:
                return found or {field[1].lower(): ""}, False
            parts.append(part)
            joins = _JOINS.match(body, end)
            at = joins.end() if joins else end
            if not joins:
                break
        if parts:
            name = field[1].lower()
            value = "".join(parts).strip() if name in _VERBATIM else plain("".join(parts))
            if value != found.get(name, value):  # it has a field of that name
                times[name] += 1
                name = f"{name}_{times[name] + 1}"
            found[name] = value
    return {name: value for name, value in found.items() if value}, True


def _value(body: str, at: int, strings: Mapping[str, str]) -> tuple[str, int]:
    """Return a value as it is written and where it ends, -1 where it does not."""
    opened = body[at]
    if opened not in '{"':
        word = _WORD.match(body, at)
        return (strings.get(word[0].lower(), word[0]), word.end()) if word else ("", at + 1)
    depth, skip = 0, -1
    for mark in _MARK.finditer(body, at + (opened == '"')):
        if mark.start() == skip:
            continue
        if mark[0] == "\\":
            skip = mark.end()
        elif mark[0] == '"':
            if opened == '"' and depth == 0:
                return body[at + 1 : mark.start()], mark.end()
        else:
            depth += 1 if mark[0] == "{" else -1
            if opened == "{" and depth == 0:
                return body[at + 1 : mark.start()], mark.end()
    return "", -1


def plain(value: str) -> str:
    """Return a value of BibTeX as a reader sees it: letters with their accents, without braces; O(length)."""
    if "\\" in value:
        value = _ACCENT.sub(lambda one: _accented(one[3], one[1] or one[2]), value)
        value = _COMMAND.sub(lambda one: _LETTERS[one[1]], value)
        value = _SIGN.sub(r"\1", _STYLE.sub("", value))
    bare = _BRACE.sub(lambda one: one[1] or "", value)
    return _BLANKS.sub(" ", bare.replace("---", "—").replace("--", "–").replace("~", " ")).strip()


def _accented(letter: str, accent: str) -> str:
    return unicodedata.normalize("NFC", letter + _ACCENTS[accent])


def records(text: str) -> Iterator[tuple[int, Mapping[str, str] | str]]:
    """Yield where records of RIS begin, and their fields, several values apart by “; ”, or why one is none."""
    record: dict[str, list[str]] = {}
    start, at, last, is_open = 0, 0, "", False
    for line in text.split("\n"):
        tag = _RIS.match(line.strip("\r\ufeff \t"))
        if tag and (tag[1] == "TY" or (not is_open and tag[1] != "ER")):
            if is_open:
                yield start, _record(record)
            record, start, is_open = {}, at, True
        if tag and tag[1] == "ER":
            if is_open:
                yield start, _record(record)
            record, is_open, last = {}, False, ""
        elif tag:
            last = tag[1]
            record.setdefault(last, []).append((tag[2] or "").strip())
        elif is_open and last and line.strip():
            record[last][-1] = f"{record[last][-1]} {line.strip()}".strip()
        at += len(line) + 1
    if is_open:
        yield start, _record(record)


def _record(record: Mapping[str, list[str]]) -> Mapping[str, str] | str:
    """Return the fields of a record by its tags; of tags that mean the same the first is called so, others by tag."""
    told: dict[str, str] = {}
    for tag, values in record.items():
        name = _NAMES.get(tag, tag)
        values = [_DATED.sub("", value) for value in values] if name in ("year", "date") else values
        some = list(dict.fromkeys(filter(None, values)))
        value = ("\n" if name in _LONG else "; ").join(some)
        if not value or value == told.get(name):
            continue
        if name in told and name in _SEVERAL:
            told[name] = f"{told[name]}; {value}"
        else:
            told[tag if name in told else name] = value
    return told if told.keys() - {"type"} else "the record has no fields"


_DATED = re.compile(r"(?<=\d)/{1,3}\Z")
"""What stands behind a date of RIS, year/month/day/more, where the rest of it is not known."""
_SUMMARY = "An entry is a row; title, author, year, abstract and what else it has are columns"
BIBTEX = FileReader(
    name="BibTeX",
    suffixes=(".bib",),
    summary=f"{_SUMMARY}, with letters in place of TeX's commands.",
    kind=TABLE,
    read=read_bibtex,
    choices=(ENCODING,),
    limits=f"{MAX_CHARACTERS:,} characters",
)
RIS = FileReader(
    name="RIS",
    suffixes=(".ris",),
    summary=f"{_SUMMARY}.",
    kind=TABLE,
    read=read_ris,
    choices=(ENCODING,),
    limits=f"{MAX_CHARACTERS:,} characters",
    cures={".enw": "export it as .ris or .bib", ".nbib": "export it as .ris or .bib"},
)
