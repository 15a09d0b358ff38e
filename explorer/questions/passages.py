"""What stands before and behind a passage in the text that it was cut out of: the row of a table, the document.

It divides nothing: passages of one text are rows that come one after another.
"""

from __future__ import annotations

from typing import Any

from explorer.kinds import kind_of
from explorer.types import Dataset

SHOWN = 300
"""Characters of the passage before, its end, and of the one behind, its beginning."""
DOCUMENT, PART_OF = "document", ("page", "place")
"""The columns by which passages of documents are told; those of a table's row stand at one place of their file."""


def around(dataset: Dataset, row: int) -> dict[str, dict[str, Any]]:
    """Return of the passages “before” and “after” a row, as far as there are any, their row and some of their text."""
    words, of = _words(dataset, row), _whole(dataset, row)
    found: dict[str, dict[str, Any]] = {}
    if words is None or not of:
        return found
    for name, other in (("before", row - 1), ("after", row + 1)):
        if 0 <= other < len(dataset) and _whole(dataset, other) == of:
            text = _words(dataset, other)
            if text:
                found[name] = {"row": other, "text": _end(text) if name == "before" else _beginning(text)}
    return found


def _words(dataset: Dataset, row: int) -> str | None:
    item = dataset.items[row]
    kind = kind_of(item)
    return kind.words(item) if kind.has_words else None


def _whole(dataset: Dataset, row: int) -> tuple[str, ...]:
    """Return what a row is a passage of; () where nobody knows that it is one."""
    places = dataset.places if dataset.places is not None and dataset.places.of == dataset.items_key else None
    if places is not None and places.is_known(row):
        return places.within(row)
    if DOCUMENT not in dataset.columns or not set(PART_OF) & set(dataset.columns):
        return ()
    document = dataset.cells(row).get(DOCUMENT)
    return () if document is None or str(document) in ("", "nan") else (str(document),)


def _end(text: str) -> str:
    return text if len(text) <= SHOWN else f"… {text[-SHOWN:].lstrip()}"


def _beginning(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rstrip()} …"
