"""Reads files of word vectors – of word2vec, GloVe, fastText –: each word is an item, its vector is taken as it is.

How they are written, and what of them is none, the room `wordvectors` says.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from explorer.errors import UnreadableFile
from explorer.ingest.choosing import chosen
from explorer.ingest.delimited import read_delimited
from explorer.ingest.documents.plain import read_text
from explorer.ingest.edge import DAMAGED
from explorer.ingest.reader import MAX_CELLS, TABLE, Advance, Content, FileReader, Source, Table, check_size
from explorer.ingest.shaping import DELIMITER, HEADER, NONE, WORDS
from explorer.ingest.text import AS, LINES_OF, TABLE_OF
from explorer.ingest.vectorcolumns import MOST_NUMBERS, VECTORS
from explorer.kinds.wordvectors import Layout, Piece, are_words, fault_of, layout_of, pieces
from explorer.types import LINE, NOTE, ROW, Choice, Numbering, Rejected, cut

WORD, RANK = "word", "rank"
OF_WORDS = "vectors"
"""Reading a file as what it is, among the ways to read it."""
_BEGINNING = 2**22
"""Bytes by which it is told how a file is written: more than its longest line may have."""
_LITTLE, _LOOKED_AT = 2**12, 2**18
"""Bytes by which it is told whether a text may hold word vectors, and whether it surely does."""
_SHOWN = 5
_GENSIM = (
    "it is gensim's own form, which may hold code and is never opened; write it by save_word2vec_format as .vec or .bin"
)


def read_word_vectors(source: Source, advance: Advance, *, limit: int | None = None) -> Table | Content:
    """Read the words of a file and their vectors, or the first *limit* ones.  Raises UnreadableFile, BadChoice."""
    with source.open() as file:
        head = file.read(_BEGINNING)
    layout = layout_of(head)
    if layout is None:
        raise UnreadableFile(f"{source.name} cannot be read: {fault_of(head)}.")
    asked = source.choices.get(AS, "")
    if not layout.is_binary and asked in (LINES_OF, TABLE_OF):
        return _as_text(source, advance, layout, limit, asked)
    table = Table(source.name, {}, array("q"), words=True, text=WORD, vectors=VECTORS)
    table.numbering = Numbering(ROW if layout.is_binary else LINE)
    table.choices = () if layout.is_binary else (chosen(source, _ways(layout)),)
    _take_all(table, source, layout, advance, limit)
    return table


def _ways(layout: Layout) -> Choice:
    options = ((OF_WORDS, "words and their vectors"), (LINES_OF, "an item a line"), (TABLE_OF, "a table"))
    why = f"each line is a word and its {layout.numbers:,} numbers"
    return Choice(AS, "Read as", OF_WORDS, options, why=why)


def with_words(found: Table | Content, source: Source) -> Table | Content:
    """Return what was read of a text with the choice to read it as word vectors, where it is written as such are."""
    layout = layout_of(_head(source))
    if layout is None or layout.is_binary:
        return found
    options = dict(next((choice.options for choice in found.choices if choice.name == AS), ()))
    table = isinstance(found, Table)
    every = {LINES_OF: "an item a line", TABLE_OF: "a table", **options, OF_WORDS: "words and their vectors"}
    why = "lines are a label and numbers, as those of measures are and those of word vectors"
    way = Choice(AS, "Read as", TABLE_OF if table else LINES_OF, tuple(every.items()), sure=False, why=why)
    asked = source.choices.get(AS, "")
    way = chosen(source, way) if asked else way
    found.choices = (way, *(choice for choice in found.choices if choice.name != AS))
    return found


def holds_words(source: Source) -> bool:
    """Whether a text file surely holds word vectors; or may, where somebody asked for them."""
    asked = source.choices.get(AS) == OF_WORDS
    if not asked and layout_of(_head(source, _LITTLE)) is None:
        return False
    head = _head(source)
    layout = layout_of(head)
    return layout is not None and (asked or are_words(head, layout))


def _head(source: Source, most: int = _LOOKED_AT) -> bytes:
    """Return a file's first bytes; none of one that cannot be opened, which is told when it is read."""
    try:
        with source.open() as file:
            return file.read(most)
    except (UnreadableFile, *DAMAGED):
        return b""


def _as_text(source: Source, advance: Advance, layout: Layout, limit: int | None, asked: str) -> Table | Content:
    """Read a file as the text that it is, too, where somebody wants that."""
    read = read_delimited if asked == TABLE_OF else read_text
    shape = {DELIMITER: WORDS[" "], HEADER: NONE} if asked == TABLE_OF else {}
    found = read(replace(source, choices={**shape, **source.choices}), advance, limit=limit)
    told = chosen(source, _ways(layout))
    found.choices = (told, *(choice for choice in found.choices if choice.name != AS))
    return found


def _take_all(table: Table, source: Source, layout: Layout, advance: Advance, limit: int | None) -> None:
    import pyarrow as pa

    words: list[Any] = []
    vectors: list[Any] = []
    seen = torn = 0
    ended = ""
    blank: list[int] = []
    twice: dict[str, None] = {}
    known: set[str] = set()
    with source.open() as file:
        for piece in pieces(file, layout):
            _cut(piece, None if limit is None else limit - seen)
            seen += len(piece.words)
            check_size(source.name, rows=seen + len(table.rejected), columns=2)
            if seen * layout.numbers > 20 * MAX_CELLS:
                most = f"{20 * MAX_CELLS:,} numbers; that is the limit. Load the words that you need"
                raise UnreadableFile(f"{source.name} has more than {most}: the most frequent ones come first.")
            table.rejected += [Rejected(source.name, record, reason) for record, reason in piece.faults]
            table.records.extend(piece.records)
            blank += piece.blank
            for word in piece.words:
                if word in known:
                    twice[word] = None
                known.add(word)
            if piece.words:
                words.append(pa.array(piece.words, pa.large_string()))
                flat = pa.array(np.ascontiguousarray(piece.vectors).reshape(-1))
                vectors.append(pa.FixedSizeListArray.from_arrays(flat, layout.numbers))
            torn, ended = torn + piece.torn, ended or piece.ended
            advance(file.tell())
            if limit is not None and seen >= limit:
                break
    table.columns = {
        WORD: pa.chunked_array(words, pa.large_string()),
        RANK: pa.array(_ranks(table.records, blank, layout)),
        VECTORS: pa.chunked_array(vectors, pa.list_(pa.float32(), layout.numbers)),
    }
    table.described = {RANK: "the word's place in the file: the most frequent words mostly come first"}
    if limit is None and not layout.is_binary and 0 <= layout.words != seen + len(table.rejected):
        ended = f"its first line tells of {layout.words:,} words, and {seen + len(table.rejected):,} follow it"
    table.rejected += [Rejected(source.name, None, note, what=NOTE) for note in _notes(ended, torn, list(twice))]


def _ranks(records: Sequence[int], blank: Sequence[int], layout: Layout) -> Any:
    """Return each word's place in the file, from 1: a line that holds no vector has one too, a blank one has none."""
    places = np.array(records, np.int64)
    first = 1 if layout.words >= 0 and not layout.is_binary else 0
    return places - first + 1 - np.searchsorted(np.array(blank, np.int64), places)


def _cut(piece: Piece, most: int | None) -> None:
    """Leave the first so many words of a piece."""
    if most is not None and len(piece.words) > most:
        piece.words, piece.records = piece.words[:most], piece.records[:most]
        piece.vectors = piece.vectors[:most]
        piece.faults = [(record, reason) for record, reason in piece.faults if record < piece.records[-1]]


def _notes(ended: str, torn: int, twice: list[str]) -> list[str]:
    """Return what is said of the file as a whole."""
    notes = [ended] if ended else []
    if torn:
        s = torn != 1
        many = f"{torn:,} of its words have" if s else "one of its words has"
        notes.append(f"{many} bytes that are not UTF-8; what is not stands as “\ufffd” there. Save it as UTF-8")
    if twice:
        shown = ", ".join(f"“{cut(word, 40)}”" for word in twice[:_SHOWN])
        more = f" and {len(twice) - _SHOWN:,} more" if len(twice) > _SHOWN else ""
        notes.append(f"{shown}{more} stand{'s' * (len(twice) == 1)} in it more than once; each is a row")
    return notes


WORD_VECTORS = FileReader(
    name="word vectors",
    suffixes=(".vec", ".bin"),
    summary="Vectors of word2vec (text and binary), GloVe and fastText, also as .txt: a word is an item, its vector is "
    "taken as it is, its place in the file is a column.",
    kind=TABLE,
    read=read_word_vectors,
    choices=(AS, VECTORS),
    limits=f"10,000,000 words, {MOST_NUMBERS:,} numbers each, {20 * MAX_CELLS:,} in all",
    cures=dict.fromkeys((".kv", ".model", ".wordvectors"), _GENSIM),
)
