"""The registry of formats: which files are read, by whom, and what to do with those that are not.

It finds no files and builds no items: `sources` and `loading` do.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, cast

from explorer.errors import UnreadableFile
from explorer.ingest.archives import MAX_ENTRIES, MAX_UNPACKED, TAR, ZIP
from explorer.ingest.arraysets import NPY
from explorer.ingest.arrowfiles import ARROW, ORC
from explorer.ingest.bounded import bounded
from explorer.ingest.delimited import DELIMITED
from explorer.ingest.documents import DOCUMENTS, MARKDOWN, TEXT_FILES
from explorer.ingest.edge import DAMAGED, Edge
from explorer.ingest.edges import with_graph
from explorer.ingest.graphml import GRAPHML
from explorer.ingest.images import PICTURES
from explorer.ingest.jsondocuments import JSON, JSON_LINES
from explorer.ingest.lakes import with_partitions
from explorer.ingest.markup import with_html
from explorer.ingest.misnamed import NAMES, OLD_WORD, meant, meant_of_old_word
from explorer.ingest.packages import package_ending
from explorer.ingest.packing import BEHIND, PACKINGS, inner_suffix, suffix_of
from explorer.ingest.parquet import PARQUET
from explorer.ingest.reader import (
    ARCHIVE,
    HEAD,
    ITEMS,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    TABLE,
    Advance,
    Content,
    Format,
    NamedFormat,
    Reader,
    Source,
    Table,
    nuls_left_out,
    placed,
)
from explorer.ingest.references import BIBTEX, RIS
from explorer.ingest.sounds import SOUNDS
from explorer.ingest.spreadsheets import SPREADSHEET
from explorer.ingest.sqlite import SQLITE
from explorer.ingest.subtitles import SUBTITLES
from explorer.ingest.unnamed import ending_of, without_added
from explorer.ingest.vectorcolumns import with_vectors
from explorer.ingest.wordvectors import AS, OF_WORDS, WORD_VECTORS, holds_words, with_words
from explorer.types import NOTE, PART, Additions, Rejected, Unfit, additions, cut, needs

GROUP = "explorer.readers"
_BEHIND = "what stands behind the end of what is packed is not read; unpack it by itself if it is wanted"
_TOLD, _NAMED = 60, 5
"""Characters of the name of an added format in a sentence, and how many it names at most."""
_ACCEPTED = (
    "accepted are tables (CSV, Excel, JSON, Parquet, SQLite and others), texts, documents (PDF, Word, web pages and "
    "others), mails, chats, subtitles, references, pictures, sounds, and archives of these"
)
_LIMITS = {
    TABLE: f"{MAX_ROWS:,} rows, {MAX_COLUMNS:,} columns, {MAX_CELLS:,} cells",
    ARCHIVE: f"{MAX_ENTRIES:,} files, {MAX_UNPACKED // 2**30} GiB unpacked",
}
"""How large a file of a kind of format may be, where the format says nothing else."""
_PACKED = (".zip", ".xlsx", ".xlsm", ".xlsb", ".ods", ".docx", ".pptx", ".odt", ".epub")
"""Endings of what is a zip archive, whatever else it is."""
OWN: tuple[NamedFormat, ...] = (
    DELIMITED,
    SPREADSHEET,
    JSON,
    JSON_LINES,
    PARQUET,
    ARROW,
    ORC,
    SQLITE,
    NPY,
    WORD_VECTORS,
    GRAPHML,
    TEXT_FILES,
    MARKDOWN,
    SUBTITLES,
    BIBTEX,
    RIS,
    *DOCUMENTS,
    ZIP,
    TAR,
    PICTURES,
    SOUNDS,
)


@lru_cache(maxsize=1)
def added() -> Additions[Reader]:
    """Return the readers that installed packages add; loaded when first asked for."""
    taken = [name for format in OWN for name in (format.name, *format.suffixes)]
    return additions(GROUP, check=check_reader, names=lambda reader: (reader.name, *reader.suffixes), taken=taken)


def formats() -> tuple[Format, ...]:
    """Return the formats that are read, ours first."""
    return (*OWN, *added().families)


def list_formats() -> list[dict[str, Any]]:
    """Return the formats as plain values: name, endings, what a file gives, what is made of it, and within what.

    *choices* are the names of what can be read in another way, *limits* how large a file may be; added readers may
    leave both empty.
    """
    return [
        {
            "name": format.name,
            "suffixes": list(format.suffixes),
            "kind": format.kind,
            "summary": format.summary,
            "choices": list(getattr(format, "choices", ())),
            "limits": getattr(format, "limits", "") or _LIMITS.get(format.kind, ""),
        }
        for format in formats()
    ]


def suffixes() -> tuple[str, ...]:
    """Return the file name endings that are read, in lower case; upper case is read too."""
    return tuple(suffix for format in formats() for suffix in format.suffixes)


def accepted() -> str:
    """Return the formats as the end of a sentence: ``CSV, TSV, JSON lines, …, or a zip of pictures``."""
    names = [format.name for format in sorted(formats(), key=lambda format: format.kind == ARCHIVE)]
    return f"{', '.join(names[:-1])}, or {names[-1]}; files of text and tables also as {', '.join(PACKINGS)}"


def format_of(name: str, head: Callable[[], bytes]) -> Format | None:
    """Return the format of a file by its content, if an added reader recognises it, or by its name; None: not read.

    What is called text or a table and is surely something else is read as that.  *head* returns the first `HEAD` bytes
    of the file; it is called where there is an added reader, and for those.
    """
    if added().usable:
        start = head()
        sure = added().answers(lambda reader: reader if reader.recognises(start, name) else None)
        found = next((reader for reader in sure if reader is not None), None)
        if found is not None:
            return found
    own, inner = suffix_of(name), inner_suffix(name)
    direct = next((format for format in formats() if own in format.suffixes), None)
    if direct in (TEXT_FILES, DELIMITED) and (other := meant(head())):
        return next(format for format in OWN if other in format.suffixes)
    if direct is None and own in OLD_WORD and (other := meant_of_old_word(head())):
        return next(format for format in OWN if other in format.suffixes)
    if direct is not None or own == inner:
        return direct
    inside = next((format for format in formats() if inner in format.suffixes), None)
    return inside if inside is not None and (inside.kind in (TABLE, ITEMS) or inside is TAR) else None


def known(source: Source) -> Source:
    """Return the source with its format; text that is a word and its numbers a line is word vectors, packed or not."""
    found = replace(source, format=format_of(source.name, lambda: head_of(source)))
    looked_at = found.format is ZIP or not source.member  # of an archive's members only what is an archive again
    if looked_at and found.format in (ZIP, SPREADSHEET, *DOCUMENTS) and suffix_of(source.name) in _PACKED:
        return replace(found, format=_packed_format(found))
    if found.format is TEXT_FILES and holds_words(found):
        return replace(found, format=WORD_VECTORS)
    return found


def _packed_format(source: Source) -> Format | None:
    """Return the format of what is called an archive, a workbook or a document, by what is packed in it."""
    ending = _package_of_member(source) if source.member else package_ending(source.path)
    other = next((format for format in OWN if ending in format.suffixes), None) if ending else None
    return other or source.format


def _package_of_member(source: Source) -> str:
    try:
        with source.open() as file:
            return package_ending(file)
    except (UnreadableFile, *DAMAGED):
        return ""


def known_by_content(source: Source) -> tuple[Source, str]:
    """Return a source whose name is no format's with what it is all the same, and how that was told; else as it is.

    By the ending before one that programs add (`a.csv.1`), then by its first bytes.  What has to be saved as something
    else is left.
    """
    if any(suffix_of(source.name) in format.cures for format in OWN):
        return source, ""
    name = without_added(source.name)
    format = format_of(name, lambda: head_of(source)) if name != source.name else None
    if format is not None:
        return replace(source, format=format), f"by the ending {suffix_of(name)} in its name"
    ending = ending_of(head_of(source))
    format = next((one for one in OWN if ending in one.suffixes), None) if ending else None
    return replace(source, format=format), "by what is in it"


def head_of(source: Source) -> bytes:
    """Return the first bytes of a file; none of one that cannot be opened, which is told when it is read."""
    try:
        with source.open() as file:
            return file.read(HEAD)
    except (UnreadableFile, *DAMAGED):
        return b""


def unknown_type(name: str) -> str:
    """Return the reason why a file of this name is not read, and the cure."""
    suffix = suffix_of(name)
    what = f"the type {suffix} is not read" if suffix else "a file without an ending is not read"
    cures = (format.cures[suffix] for format in OWN if suffix in format.cures)
    more = "".join(f", {cut(reader.name, _TOLD)}" for reader in added().families[:_NAMED])
    return f"{what}; {next(cures, f'{_ACCEPTED}{more}. Save it as one of these, what is text as .txt')}"


def read(source: Source, advance: Advance, *, limit: int | None = None) -> Table | Content:
    """Read a file, or with *limit* about its first so many records.

    Raises UnreadableFile, whatever went wrong; only what *advance* raises goes through.
    """
    if source.format is TEXT_FILES and source.choices.get(AS) == OF_WORDS and holds_words(source):
        source = replace(source, format=WORD_VECTORS)
    reader, edge = cast(Reader, source.format), Edge()
    with edge.of(source.name, reader="" if source.format in OWN else reader.name):
        found = reader.read(source, edge.passing(advance), limit=limit)
        if not isinstance(found, Table | Content):
            raise TypeError(f"it returned {type(found).__name__}, not Table or Content")
        if source.format not in OWN:
            found.check()
        if source.torn:
            reason = f"it is torn ({source.torn[0]}): what was read ends there, the rest is lost. Get the file anew."
            reason = _BEHIND if source.torn[0] == BEHIND else reason
            found.rejected.append(Rejected(source.name, None, reason, what=PART))
        if source.nuls:
            found.rejected.append(Rejected(source.name, None, nuls_left_out(max(source.nuls)), what=PART))
        if source.format in OWN and (what := called_otherwise(source)):
            found.rejected.append(Rejected(source.name, None, what, what=NOTE))
        placed(found)
        bounded(found, source.name)
        if source.format is TEXT_FILES:
            found = with_words(found, source)
        if not isinstance(found, Table):
            return found
        longer = None if limit is None or len(found) < limit else partial(_longer, reader, source, edge)
        told = with_graph(with_html(with_partitions(found, source), source), source, longer)
        return with_vectors(told, source)


def _longer(reader: Reader, source: Source, edge: Edge, limit: int) -> Table:
    found = reader.read(source, edge.passing(lambda _seen: None), limit=limit)
    return found if isinstance(found, Table) else Table(source.name, {}, array("q"))


def called_otherwise(source: Source) -> str:
    """Return what is said of a file that was read as something else than its name says; "" of others."""
    fits, own = set(source.format.suffixes) if source.format else set(), suffix_of(source.name)
    other = next((ending for ending in NAMES if ending in fits), "")
    if not other or own not in (*suffixes(), *OLD_WORD) or own in fits or inner_suffix(source.name) in fits:
        return ""
    return f"it is {NAMES[other]}, though its name says {own}, and was read as such"


def check_reader(reader: Reader) -> None:
    """Raise Unfit unless the reader has all that the protocol asks for."""
    needs(reader, name=str, suffixes=tuple, summary=str, kind=str, recognises=object, read=object)
    wrong = [suffix for suffix in reader.suffixes if not re.fullmatch(r"\.[a-z0-9_-]+", str(suffix))]
    if wrong:
        raise Unfit(f"its suffix is {wrong[0]!r}; it must be a dot and small letters or digits")
    if not reader.name.strip():
        raise Unfit("its name is empty")
    if reader.kind not in (TABLE, ITEMS):
        raise Unfit(f"its kind is {reader.kind!r}; it must be {TABLE!r} or {ITEMS!r}")
    if reader.recognises(b"", ""):
        raise Unfit("it recognises an empty file without a name, and so would take every file")
