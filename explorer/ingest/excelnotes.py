"""Tells what lies beside the cells of an .xlsx sheet and is not taken: where links lead, and notes.

It reads no cell: `sheets` does.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Collection
from dataclasses import dataclass

from explorer.ingest.excelforms import sheet_part
from explorer.ingest.xmlparts import parsed_xml

_MOST_PART = 2**26
_NOTE = re.compile(rb"<(?:[\w.-]{1,40}:)?comment[\s>]")


@dataclass(frozen=True)
class Beside:
    """How many *links* of a sheet lead somewhere that no cell says, and how many *notes* cells have."""

    links: int = 0
    notes: int = 0

    def told(self) -> list[str]:
        """Return a sentence about each kind that there is."""
        links, notes = (f"{count:,} {noun}{'s' * (count != 1)}" for count, noun in self._counted())
        more = "not taken; write what you need of them into a column"
        said = [f"where {links} of its cells lead is {more}"] if self.links else []
        return [*said, f"{notes} on its cells {'is' if self.notes == 1 else 'are'} {more}"] if self.notes else said

    def _counted(self) -> tuple[tuple[int, str], tuple[int, str]]:
        return (self.links, "link"), (self.notes, "note")


def beside(book: zipfile.ZipFile, name: str, said: Collection[str]) -> Beside:
    """Return what lies beside the cells of the sheet of this name, which hold the texts that are *said*."""
    part = sheet_part(book, name)
    folder, slash, last = (part or "").rpartition("/")
    listing = f"{folder}{slash}_rels/{last}.rels"
    if part is None or listing not in book.namelist() or book.getinfo(listing).file_size > _MOST_PART:
        return Beside()
    links = notes = 0
    for related in parsed_xml(book.read(listing)).iter("{*}Relationship"):
        kind, target = (related.get("Type") or "").rpartition("/")[2], related.get("Target") or ""
        if kind == "hyperlink":
            links += related.get("TargetMode") == "External" and target.removeprefix("mailto:") not in said
        elif kind == "comments":
            notes += _notes(book, target.lstrip("/") if target[:1] == "/" else posixpath.normpath(f"{folder}/{target}"))
    return Beside(links, notes)


def _notes(book: zipfile.ZipFile, part: str) -> int:
    if part not in book.namelist() or book.getinfo(part).file_size > _MOST_PART:
        return 0
    return len(_NOTE.findall(book.read(part)))
