"""What every decoder of documents gives, and within which sizes: the text by page, and what the file says of itself.

It decodes nothing and divides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

MAX_BYTES = 256 * 2**20
"""Size of the largest file."""
MAX_CHARACTERS = 20_000_000
MAX_PAGES = 10_000
_RUNS = ((re.compile(r"[^\S\n]{9,}"), " " * 8), (re.compile(r"\n(?:[^\S\n]*\n){3,}"), "\n\n\n"))
"""Longer runs of blanks say no more, and dividing a text by its longest run first would take very long."""
_BREAKS = (("\r\n", "\n"), ("\r", "\n"), ("\u2028", "\n"), ("\u2029", "\n\n"), ("\x0b", "\n"), ("\x0c", "\n\n"))
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


class Refused(Exception):
    """A document that cannot be read: the reason, as the end of a sentence, and the cure after a full stop."""


@dataclass
class Document:
    """The text of a document, page by page or as one, with its title, author and date where it tells them.

    *fields* are other columns; *notes* say what of it is not read, *said* what else is to be said of it.
    Empty: unknown.
    """

    pages: list[str]
    title: str = ""
    author: str = ""
    date: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    is_paged: bool = False
    is_apart: bool = False
    """Whether each page is something by itself, as a slide or a receipt is: none is read as one with the next."""
    wraps: bool = False
    """Whether a line of it may go on in the next one, as in plain text: its paragraphs stand between empty lines."""
    headings: list[tuple[int, int]] = field(default_factory=list)
    """Where they begin and end in the text of all pages."""

    def columns(self) -> dict[str, str]:
        """Return what the document says of itself, by column."""
        said = {"title": self.title, "author": self.author, "date": self.date, **self.fields}
        return {name: value for name, value in said.items() if value}


def tidy(text: str) -> str:
    """Return the text with line breaks of one kind, without control characters, in runs of a few blanks at most."""
    for written, meant in _BREAKS:
        text = text.replace(written, meant)
    text = _CONTROLS.sub("", text)
    for run, shorter in _RUNS:
        text = run.sub(shorter, text)
    return text.strip()


def check_length(pages: Iterable[str]) -> None:
    """Raise Refused for more text than is read of one document."""
    if sum(map(len, pages)) > MAX_CHARACTERS:
        raise Refused(f"it has more than {MAX_CHARACTERS:,} characters; that is the limit. Split it into parts")


def ranges(numbers: Iterable[int]) -> str:
    """Return ascending numbers for a sentence: ``3, 7–9 and 12``; of very many the first ones."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    said = [str(a) if a == b else f"{a}–{b}" for a, b in spans[:20]]
    if len(spans) > len(said):
        return f"{', '.join(said)} and others"
    return " and ".join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else "".join(said)
