"""Tells what is not read of Word files and slide shows: lines above and below all pages, slides without a word.

It reads no file: `office` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from explorer.ingest.xmlparts import parsed_xml

_SHOWN, _MOST = 100, 12
"""Characters of such a line, and lines or slides, that are named."""
_PARTS = (("header", "above"), ("footer", "below"))


def running_of(part: Any, text_of: Callable[[Any], str]) -> list[str]:
    """Return what is said of the lines above and below the pages of a Word file, which are no part of its text."""
    notes = []
    for kind, where in _PARTS:
        found = list(dict.fromkeys(filter(None, _lines(part, f"/{kind}", text_of))))
        if found:
            named = "; ".join(f"“{line[:_SHOWN]}”" for line in found[:_MOST])
            more = f" and {len(found) - _MOST:,} more" if len(found) > _MOST else ""
            notes.append(f"what stands {where} its pages, as a {kind}, is not read: {named}{more}")
    return notes


def _lines(part: Any, kind: str, text_of: Callable[[Any], str]) -> Iterator[str]:
    for relation in part.rels.values():
        if not relation.is_external and relation.reltype.endswith(kind):
            yield " ".join(text_of(parsed_xml(relation.target_part.blob)).split())


def silent_of(pages: Sequence[str]) -> list[str]:
    """Return what is said of slides that have no text, as pictures have none."""
    silent = [at for at, text in enumerate(pages, 1) if not text.strip()]
    if not silent or len(silent) == len(pages):
        return []
    named = ", ".join(map(str, silent[:_MOST]))
    more = f" and {len(silent) - _MOST:,} more" if len(silent) > _MOST else ""
    is_one = len(silent) == 1
    return [
        f"{len(silent):,} of its slides {'has' if is_one else 'have'} no text and {'is' if is_one else 'are'} no "
        f"item: {named}{more}"
    ]
