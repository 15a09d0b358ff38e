"""Reads letters of JSON that were coded twice, as Facebook and Instagram export them: “schÃ¶n” is “schön”.

It parses nothing: `jsondocuments` and `jsonlines` do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from explorer.errors import UnreadableFile
from explorer.ingest.choosing import chosen
from explorer.ingest.edge import DAMAGED
from explorer.ingest.reader import Source, Table
from explorer.types import NOTE, Choice, Rejected

LETTERS = "letters"
DECODED, WRITTEN = "decoded", "written"
_LIKELY = re.compile(r"[\u00c2-\u00f4][\u0080-\u00bf]|\\u00[c-fC-F][0-9a-fA-F]\\u00[89abAB][0-9a-fA-F]")
"""The two first bytes of a letter in UTF-8, each as a letter of its own, as they are or as JSON escapes them."""
_START = 2**20
_FEWEST, _SHOWN = 3, 30
"""Texts beyond ASCII from which it is sure, as no others decode by chance; letters of one that are shown."""


@dataclass(frozen=True)
class Letters:
    """The choice how texts are read of which most were coded twice, and how many others there are: these stay."""

    choice: Choice
    others: int = 0

    def read(self, document: Any) -> Any:
        """Return a document as it was chosen; O(size)."""
        return _with(document) if self.choice.value == DECODED else document


def with_letters(source: Source, text: str, document: Any) -> tuple[Any, Letters | None]:
    """Return the document of a *text* with its letters decoded, and the choice to have them as they are written.

    As it was, without a choice, where `letters_in` finds none.  O(size).  Raises BadChoice.
    """
    letters = letters_in(source, [document]) if _LIKELY.search(text) else None
    return (document, None) if letters is None else (letters.read(document), letters)


def letters_in(source: Source, documents: Iterable[Any]) -> Letters | None:
    """Return how the texts are read of which most beyond ASCII, names too, read as UTF-8 that was taken for Latin-1.

    None where fewer do.  It is sure where all do, and there are some.  O(size).  Raises BadChoice.
    """
    seen = dict.fromkeys(one for document in documents for one in _texts(document) if not one.isascii())
    twice = [one for one in seen if _decoded(one) is not None]
    others = len(seen) - len(twice)
    if len(twice) <= others:
        return None
    options = (
        (DECODED, f"as they were meant, {_told(_decoded(twice[0]) or '')}"),
        (WRITTEN, f"as the file has them, {_told(twice[0])}"),
    )
    which = "most" if others else "all"
    why = f"{which} texts with letters beyond ASCII read as UTF-8 that was coded twice"
    sure = not others and len(twice) >= _FEWEST
    return Letters(chosen(source, Choice(LETTERS, "Letters", DECODED, options, sure=sure, why=why)), others)


def are_likely(source: Source) -> bool:
    """Whether there are letters at the beginning of a file that may have been coded twice."""
    try:
        with source.open() as file:
            return _LIKELY.search(file.read(_START).decode("utf-8", "ignore")) is not None
    except (UnreadableFile, *DAMAGED):
        return False


def tell_of_letters(table: Table, letters: Letters | None) -> None:
    """Say that letters were decoded, and put the choice beside those of the table."""
    if letters is None:
        return
    choice = letters.choice
    table.choices = (*table.choices, choice)
    if choice.value == DECODED:
        said = dict(choice.options)
        reason = f"its letters were coded twice: they are read {said[DECODED]}, not {said[WRITTEN]}"
        if letters.others:
            reason += f"; {letters.others:,} {'text stays' if letters.others == 1 else 'texts stay'} as written"
        table.rejected.append(Rejected(table.name, None, reason, what=NOTE))


def _texts(document: Any) -> Iterator[str]:
    """Yield all texts of a document, names of members among them."""
    level = [document]
    while level:
        inner = list[Any]()
        for value in level:
            if type(value) is str:
                yield value
            elif isinstance(value, dict):
                yield from (name for name in value if type(name) is str)
                inner += value.values()
            elif isinstance(value, list):
                inner += value
        level = inner


def _decoded(text: str) -> str | None:
    """Return what was meant by a text that was coded twice; None where it was not."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None


def _with(value: Any) -> Any:
    """Return a value with its texts decoded that were coded twice; O(size), no deeper than a document may be."""
    if type(value) is str:
        meant = None if value.isascii() else _decoded(value)
        return value if meant is None else meant
    if isinstance(value, dict):
        return {_with(name) if type(name) is str else name: _with(one) for name, one in value.items()}
    return [_with(one) for one in value] if isinstance(value, list) else value


def _told(text: str) -> str:
    at = next((at for at, sign in enumerate(text) if not sign.isascii()), 0)
    begin = max(0, at - _SHOWN // 2)
    cut = " ".join(text[begin : begin + _SHOWN].split())
    return f"“{'…' * (begin > 0)}{cut}{'…' * (begin + _SHOWN < len(text))}”"
