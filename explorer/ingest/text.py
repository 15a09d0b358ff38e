"""Reads plain text, from a file or pasted: a line is an item.

A paste that looks like a table stays lines; save it as .csv to have its columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from explorer.ingest.encodings import decoded, detect, lines_of
from explorer.ingest.reader import BATCH, Advance, Content, Source, check_size
from explorer.types import Rejected

EMPTY = "the text is empty"
NULL = "the text is null"
NO_TEXT = "its bytes are no text: they are not UTF-8"
_BYTES = re.compile(r"<\d+ bytes>")
"""What stands for bytes that are no text, in a column in which others are."""
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def clean(
    name: str, texts: Iterable[str | None], records: Sequence[int], *, nulls: frozenset[str] = frozenset()
) -> tuple[list[str], list[int], list[Rejected]]:
    """Return the usable texts, stripped and without NUL, their positions, and a rejection for each other one.

    That is an empty one, or one that is nothing but one of the words in *nulls*.
    """
    items: list[str] = []
    rows: list[int] = []
    rejected: list[Rejected] = []
    for row, given in enumerate(texts):
        text = given.strip() if given else ""
        if "\0" in text:
            text = text.replace("\0", "").strip()
        if not text or (text[0] in _INVISIBLE and not text.strip(_INVISIBLE + " \t\n")):
            rejected.append(Rejected(name, records[row], EMPTY))
        elif _BYTES.fullmatch(text):
            rejected.append(Rejected(name, records[row], NO_TEXT))
        elif text in nulls:
            rejected.append(Rejected(name, records[row], f"{NULL}, written {text}"))
        else:
            items.append(text)
            rows.append(row)
    return items, rows, rejected


def read_lines(source: Source, advance: Advance, *, limit: int | None = None) -> Content:
    """Read a text file's lines, or its first *limit* ones."""
    encoding = detect(source, sample=limit is not None)
    kept: list[str] = []
    numbers: list[int] = []
    faults: list[Rejected] = []
    with source.open() as file, decoded(file, encoding, newline=None) as text:
        for number, line in enumerate(islice(lines_of(text, encoding), limit)):
            reason = encoding.fault(line)
            if reason:
                faults.append(Rejected(source.name, number, reason))
            else:
                kept.append(line)
                numbers.append(number)
            if number % BATCH == 0:
                advance(file.tell())
                check_size(source.name, rows=number, columns=1)
    items, _, empty = clean(source.name, kept, numbers)
    return Content(items, sorted(faults + empty, key=lambda fault: fault.row or 0), choices=encoding.choices)


def pasted_lines(pasted: str, *, name: str) -> tuple[list[str], list[Rejected]]:
    """Return the lines of a pasted text; blank ones after the last text are nobody's loss and are not listed."""
    whole = pasted.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # half characters: U+FFFD
    lines = whole.rstrip().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    items, _, rejected = clean(name, lines, range(len(lines)))
    return items, rejected
