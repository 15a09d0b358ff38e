"""Reads letters of a JSON document that were coded twice, as Facebook and Instagram export them: “schÃ¶n” is “schön”.

It parses nothing: `jsondocuments` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from explorer.ingest.choosing import chosen
from explorer.ingest.reader import Source, Table
from explorer.types import NOTE, Choice, Rejected

LETTERS = "letters"
DECODED, WRITTEN = "decoded", "written"
_LIKELY = re.compile(r"[\u00c2-\u00f4][\u0080-\u00bf]|\\u00[c-fC-F][0-9a-fA-F]\\u00[89abAB][0-9a-fA-F]")
"""The two first bytes of a letter in UTF-8, each as a letter of its own, as they are or as JSON escapes them."""
_FEWEST, _SHOWN = 3, 30
"""Texts beyond ASCII from which it is sure, as no others decode by chance; letters of one that are shown."""


def with_letters(source: Source, text: str, document: Any) -> tuple[Any, Choice | None]:
    """Return the document of a *text* with its letters decoded, and the choice to have them as they are written.

    Only where all its texts and names beyond ASCII read as UTF-8 that was taken for Latin-1; else it is as it was,
    and there is no choice.  O(size).  Raises BadChoice.
    """
    if _LIKELY.search(text) is None:
        return document, None
    count, first = 0, ""
    for one in _texts(document):
        if one.isascii():
            continue
        if _decoded(one) is None:
            return document, None
        count, first = count + 1, first or one
    if not first:
        return document, None
    options = (
        (DECODED, f"as they were meant, {_told(_decoded(first) or '')}"),
        (WRITTEN, f"as the file has them, {_told(first)}"),
    )
    why = "all letters beyond ASCII read as UTF-8 that was coded twice"
    choice = chosen(source, Choice(LETTERS, "Letters", DECODED, options, sure=count >= _FEWEST, why=why))
    return (_with(document) if choice.value == DECODED else document), choice


def tell_of_letters(table: Table, choice: Choice | None) -> None:
    """Say that letters were decoded, and put the choice beside those of the table."""
    if choice is None:
        return
    table.choices = (*table.choices, choice)
    if choice.value == DECODED:
        said = dict(choice.options)
        reason = f"its letters were coded twice: they are read {said[DECODED]}, not {said[WRITTEN]}"
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
    """Return a value with all its texts decoded; O(size), no deeper than a document may be."""
    if type(value) is str:
        return value if value.isascii() else _decoded(value)
    if isinstance(value, dict):
        return {_with(name) if type(name) is str else name: _with(one) for name, one in value.items()}
    return [_with(one) for one in value] if isinstance(value, list) else value


def _told(text: str) -> str:
    at = next((at for at, sign in enumerate(text) if not sign.isascii()), 0)
    begin = max(0, at - _SHOWN // 2)
    cut = " ".join(text[begin : begin + _SHOWN].split())
    return f"“{'…' * (begin > 0)}{cut}{'…' * (begin + _SHOWN < len(text))}”"
