"""Reads plain text, from a file or pasted: a line is an item, or what stands between empty lines.

What looks like a table stays lines, unless it is chosen to be one: `delimited` reads it then.
"""

from __future__ import annotations

import csv
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from types import MappingProxyType

from explorer.ingest.chatlines import is_chat
from explorer.ingest.chats import MESSAGES
from explorer.ingest.choosing import chosen
from explorer.ingest.delimited import read_delimited
from explorer.ingest.encodings import decoded, detect, lines_of
from explorer.ingest.paragraphs import PARAGRAPHS, PARAGRAPHS_ARE, WHY, are_listed, are_there, paragraphs
from explorer.ingest.reader import BATCH, Advance, Content, Source, Table, check_size, nuls_left_out
from explorer.ingest.restyling import are_drawn, is_anki
from explorer.ingest.shaping import DELIMITER, WORDS
from explorer.ingest.tablelike import columns_by_sign, columns_of_table
from explorer.kinds import kind_of, padded
from explorer.types import LINE, NEVER_AN_ANSWER, PART, Choice, Numbering, Rejected

AS, LINES_OF, TABLE_OF, CHAT_ITEMS = "as", "lines", "table", "items"
_LOOKED_AT, _FEWEST_ROWS, _ALIKE, _SURELY = 200, 2, 0.8, 0.95
"""Lines by which a table is told; how many of one width there are in one, and as a share, and in one that surely is."""
TABLE_COLUMNS = 3
"""Columns from which lines with tabs are a table where nobody said so; a label and a text may be a list."""
_SHORT = 10
"""Characters of what stands for no text, at most."""
_LINES_OF_ONE = 20
"""Lines that are read for each paragraph where the first ones are wanted."""
EMPTY = "the text is empty"
NULL = "there is no text"
NO_TEXT = "its bytes are no text: they are not UTF-8"
_BYTES = re.compile(r"<\d+ bytes(?:: [0-9a-f]+)?>")
"""What stands for bytes that are no text, in a column in which others are."""
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_ODD = frozenset(f"<{_INVISIBLE}")
"""What texts begin with that may be none, however long they are."""


def clean(
    name: str,
    texts: Iterable[str | None],
    records: Sequence[int],
    numbering: Numbering,
    *,
    nulls: frozenset[str] = frozenset(),
    with_blanks: bool = False,
) -> tuple[list[str], Sequence[int], list[Rejected]]:
    """Return the usable texts, stripped and without NUL, their positions, and a rejection for each other one.

    *with_blanks* they know what they had around them.  Another one is empty or, where there are *nulls*, nothing but
    one of these or “n/a”, “-” and the like.
    """
    bare: Callable[[str], str] = padded if with_blanks else str.strip
    items = [bare(given) if given else "" for given in texts]
    odd = [row for row, text in enumerate(items) if len(text) <= _SHORT or text[0] in _ODD or "\0" in text]
    rejected: list[Rejected] = []
    bad: set[int] = set()
    nuls = sum(items[row].count("\0") for row in odd)
    if nuls:
        rejected.append(Rejected(name, None, nuls_left_out(nuls), what=PART))
    for row in odd:  # all others are usable as they are
        text = items[row]
        if "\0" in text:
            exact = kind_of(text).exact(text) or ""
            text = items[row] = bare(exact.replace("\0", ""))
        reason = _why_unusable(text, nulls)
        if reason:
            rejected.append(Rejected(name, records[row], reason, numbering.place(records[row])))
            bad.add(row)
    if not bad:
        return items, range(len(items)), rejected
    rows = [row for row in range(len(items)) if row not in bad]
    return [items[row] for row in rows], rows, rejected


def _why_unusable(text: str, nulls: frozenset[str]) -> str:
    """Return why a text, stripped, is none; "" where it is one."""
    if not text or (text[0] in _INVISIBLE and not text.strip(_INVISIBLE + " \t\n")):
        return EMPTY
    if text[0] == "<" and _BYTES.fullmatch(text):
        return NO_TEXT
    if len(text) <= _SHORT and nulls and (text in nulls or text.lower() in NEVER_AN_ANSWER):
        return f"{NULL}: it only says “{text}”"
    return ""


def read_lines(
    source: Source, advance: Advance, *, limit: int | None = None, by_paragraph: bool = False
) -> Content | Table:
    """Read a text file's lines, or its first *limit* ones, or the table that it is chosen to be.

    *by_paragraph* what stands between empty lines is one.  Raises BadChoice.
    """
    if source.choices.get(AS) == TABLE_OF:
        table = read_delimited(source, advance, limit=limit)
        table.choices = (*_as_choices([], asked=TABLE_OF), *table.choices)
        return table
    encoding = detect(source, sample=limit is not None)
    kept: list[str] = []
    numbers: list[int] = []
    faults: list[Rejected] = []
    with source.open() as file, decoded(file, encoding, newline=None) as text:
        most = None if limit is None else limit * (_LINES_OF_ONE if by_paragraph else 1)
        for number, line in enumerate(islice(lines_of(text, encoding), most)):
            reason = encoding.fault(line)
            if reason:
                faults.append(Rejected(source.name, number, reason))
            elif by_paragraph or line.strip():  # a blank line parts others, and is nothing that is left out
                kept.append(line)
                numbers.append(number)
            if number % BATCH == 0:
                advance(file.tell())
                check_size(source.name, rows=number, columns=1)
    ways = [chosen(source, choice) for choice in _as_choices(kept, asked=source.choices.get(AS, ""))]
    if by_paragraph:
        found = list(islice(paragraphs(zip(numbers, kept, strict=True)), limit))
        numbers, kept = [number for number, _ in found], [one for _, one in found]
    items, rows, empty = clean(source.name, kept, numbers, Numbering(LINE))
    faults = sorted(faults + empty, key=lambda fault: fault.row or 0)
    records = array("q", (numbers[row] for row in rows))
    return Content(items, faults, choices=(*ways, *encoding.choices), records=records, numbering=Numbering(LINE))


def _as_choices(lines: Sequence[str], *, asked: str = "") -> tuple[Choice, ...]:
    """Return whether lines are items or the rows of a table, where they have tabs as one pasted from a spreadsheet."""
    width = columns_in(lines)
    alike = width > 1
    width = width if alike or asked else columns_by_sign(lines)
    if width < 2 and not asked:
        return ()
    options = ((LINES_OF, "an item a line"), (TABLE_OF, f"a table of {width} columns" if width > 1 else "a table"))
    why = "its lines have tabs as the rows of a table have" if alike else ""
    value = TABLE_OF if asked == TABLE_OF else LINES_OF
    return (Choice(AS, "Read as", value, options, sure=not alike or bool(asked), why=why, asked=bool(asked)),)


def columns_in(lines: Sequence[str], *, share: float = _ALIKE, rows: int = _FEWEST_ROWS) -> int:
    """Return how many columns lines have that are the rows of a table as spreadsheets copy it, with tabs; 1: of none.

    At least so many rows, and such a *share* of them, have as many.  A cell in quotation marks may have lines.
    """
    some = [line for line in lines[:_LOOKED_AT] if line.strip()]
    if not any("\t" in line for line in some):
        return 1
    ways = [Counter(line.count("\t") + 1 for line in some)]
    if any('"' in line for line in some):
        with suppress(csv.Error):
            ways.append(Counter(len(record) for record in csv.reader([f"{line}\n" for line in some], delimiter="\t")))
    for widths in reversed(ways):  # cells in quotation marks may have lines that are alike, too
        width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
        if width > 1 and count >= rows and count >= share * sum(widths.values()):
            return width
    return 1


def is_table(lines: Sequence[str]) -> bool:
    """Whether lines are the rows of a table for sure: at least three of three columns or more, nearly all alike."""
    surely = columns_in(lines, share=_SURELY, rows=3) >= TABLE_COLUMNS or columns_of_table(lines) > 1
    return surely or are_drawn(lines[:_LOOKED_AT]) or is_anki(lines)


def table_read_as_such(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read a text file whose lines are the rows of a table for sure, and tell that they may be read as lines."""
    table = read_delimited(source, advance, limit=limit)
    options = ((LINES_OF, "an item a line"), (TABLE_OF, f"a table of {len(table.columns)} columns"))
    tabs = any(choice.name == DELIMITER and choice.value == WORDS["\t"] for choice in table.choices)
    why = "its lines have tabs as the rows of a table have" if tabs else "its lines have one form, below names"
    table.choices = (Choice(AS, "Read as", TABLE_OF, options, why=why), *table.choices)
    return table


def pasted_as(pasted: str, *, added: bool = False) -> dict[str, str]:
    """Return the choice that makes a table of a pasted text, where nearly all of its rows have as many tabs; else none.

    Lines of a chat are its messages, and paragraphs of several lines are kept together in what is added.
    What is *added* to other rows is read as a file is, and so chosen to be lines then: it might look like prose.
    There are at least three: two lines with a tab may be anything.
    """
    plain = {AS: LINES_OF} if added else {}
    if added and are_listed(pasted.splitlines()):
        plain = {CHAT_ITEMS: PARAGRAPHS}
    lines = [line for line in pasted.splitlines() if line.strip()]
    if is_chat(lines[:_LOOKED_AT]):
        return {CHAT_ITEMS: MESSAGES}
    is_a_table = columns_in(lines, share=_SURELY, rows=_FEWEST_ROWS + 1) > 1 or columns_of_table(lines) > 1
    return {AS: TABLE_OF} if is_a_table else plain


AS_TABLE: Mapping[str, str] = MappingProxyType({AS: TABLE_OF})
"""The choice that makes a table of a text."""


def names_columns(pasted: str, columns: Sequence[str]) -> bool:
    """Whether a pasted text of two lines or more begins with names of a table's *columns*, with a text of two at least.

    Then its lines are rows for that table, whatever parts them.
    """
    lines = [line.strip() for line in pasted.splitlines() if line.strip()]
    known = {name.strip().casefold() for name in columns}
    parted = (
        ([one.strip(' "').casefold() for one in lines[0].split(sign)] for sign in ",;\t|") if len(lines) > 1 else ()
    )
    return any(len(names) > 1 and known >= {*names} for names in parted)


def pasted_lines(pasted: str, *, name: str) -> Content:
    """Return the lines of a pasted text, or the paragraphs of a list of such, and what can be chosen."""
    whole = pasted.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # half characters: U+FFFD
    lines = whole.rstrip().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    listed = are_listed(lines)
    numbered = list(paragraphs(enumerate(lines)) if listed else enumerate(lines))
    numbers = [at for at, line in numbered if line.strip()]
    items, rows, rejected = clean(name, [line for _, line in numbered if line.strip()], numbers, Numbering(LINE))
    records = [numbers[row] for row in rows]
    ways = (*_as_choices(lines), *_items_choices(lines, listed=listed))
    return Content(items, rejected, choices=ways, records=records, numbering=Numbering(LINE))


def _items_choices(lines: Sequence[str], *, listed: bool) -> tuple[Choice, ...]:
    """Return whether lines or paragraphs are items, where some paragraph has several lines."""
    if not are_there(lines):
        return ()
    options = ((LINES_OF, "a line"), PARAGRAPHS_ARE)
    value = PARAGRAPHS if listed else LINES_OF
    return (Choice(CHAT_ITEMS, "An item is", value, options, sure=not listed, why=WHY if listed else ""),)
