"""Reads what bears the name of a picture and lies beside it: a text (`cat.txt` of `cat.jpg`), an object (`cat.json`).

It joins them to nothing: `beside` does.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from explorer.errors import UnreadableFile
from explorer.ingest.beside import Beside
from explorer.ingest.columns import utf8
from explorer.ingest.edge import Edge
from explorer.ingest.encodings import decoded, detect
from explorer.ingest.jsonlines import kind_of_json, parsed
from explorer.ingest.jsonrepeats import Again, Repeats
from explorer.ingest.jsontables import Members
from explorer.ingest.reader import Source, Table
from explorer.types import Rejected

CAPTION = "caption"
TEXT, OBJECT = ".txt", ".json"
MOST_BYTES, MOST_IN_ALL = 2**20, 2**29
"""How large one may be, and all of one folder or archive together: they are in memory."""


def bear_names(sources: Sequence[Source], pictures: Sequence[Source]) -> dict[str, list[int]]:
    """Return of the sources that bear the name of pictures these: `cat.txt` and `cat.jpg.txt` that of `cat.jpg`."""
    texts = {one.name: _composed(one.name[: -len(one.suffix)]) for one in sources if one.suffix in (TEXT, OBJECT)}
    places: dict[str, list[int]] = {}
    for row, picture in enumerate(pictures if texts else ()):
        for place in (picture.name, picture.name[: -len(picture.suffix)]):
            places.setdefault(_composed(place), []).append(row)
    return {name: places[stem] for name, stem in texts.items() if stem in places}


def _composed(name: str) -> str:
    """Return a name with accents that are part of their letters, as not all systems write them."""
    return unicodedata.normalize("NFC", name)


def read_captions(
    name: str, sources: Sequence[tuple[Source, Sequence[int]]], done: Callable[[int], None]
) -> tuple[list[Beside], list[Rejected]]:
    """Return what is beside pictures as a table of that *name* with its owners, and what cannot be read.

    *sources* come with their pictures; *done* is called with the size of each that is read and may raise to stop.
    """
    members, rejected = Members(), list[Rejected]()
    owners: list[int] = []
    left = MOST_IN_ALL
    for source, pictures in sources:
        try:
            _check_size(source, left)
            with Edge().of(source.name):
                record = _record(source, twice := list[Again]())
        except UnreadableFile as exc:
            rejected.append(Rejected(source.name, None, str(exc)))
        else:
            left -= source.size
            Repeats(source.name, rejected).note(twice, "")
            for picture in pictures:
                members.add(len(owners), record)
                owners.append(picture)
        done(source.size)
    table = Table(name, {}, array("q", range(len(owners))))
    members.into(table)
    return [Beside(table, owners=np.array(owners, np.int64))] if owners else [], rejected


def _check_size(source: Source, left: int) -> None:
    if source.size > MOST_BYTES:
        raise UnreadableFile(f"it has {source.size:,} bytes; the limit of a text beside a picture is {MOST_BYTES:,}")
    if source.size > left:
        raise UnreadableFile(f"texts beside pictures have over {MOST_IN_ALL:,} bytes together; load a part of them")


def _record(source: Source, twice: list[Again]) -> dict[str, Any]:
    text = _text(source)
    if source.suffix == TEXT:
        if not text.strip():
            raise UnreadableFile("the text is empty")
        return {CAPTION: text.rstrip("\r\n")}
    try:
        value = parsed(text, twice)
    except ValueError as exc:
        raise UnreadableFile(f"it is not JSON: {exc}. Write it again") from exc
    if not isinstance(value, dict):
        raise UnreadableFile(f"it holds {kind_of_json(value)}, not a JSON object")
    return value


def _text(source: Source) -> str:
    with source.open() as file:
        text = utf8(file.read(MOST_BYTES + 1))
    if text is not None and "\0" not in text:
        return text.removeprefix("\ufeff")
    encoding = detect(source)
    with source.open() as file, decoded(file, encoding, newline="") as opened:
        text = opened.read(MOST_BYTES)
    fault = encoding.fault(text)
    if fault:
        raise UnreadableFile(f"{fault}. Save it as UTF-8")
    return text.removeprefix("\ufeff")
