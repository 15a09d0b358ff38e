"""Finds rows by what they are called: the names of files, what a table beside pictures or sounds says, names of nodes.

Whatever is searched by meaning – texts that an encoder reads – it leaves to that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from explorer.config import GIVEN
from explorer.encoders import modalities_of, readers_of
from explorer.kinds import nouns_of, reads_words, which
from explorer.questions.answers import briefs
from explorer.questions.exact import AT_ONCE, mark_same, texts_of, unquoted
from explorer.questions.incolumns import rows_with_value, strings_of
from explorer.questions.sought import sought_words, stem_of
from explorer.types import TEXT, BoolArray, KeptItems, Run, cut, spans

NAMED, NAME_CHARS = 20, 500
FILE_NAME, NAME = "file name", "name"
OWN_NAMES = (FILE_NAME, NAME)
_PIECE = re.compile(r"[^\W\d_]+|\d+")
_LEAST_LETTERS, _LEAST_DIGITS = 4, 3
"""Characters at least of the last word of a query, or of a number that is one, that may be a part of a file's name."""
_BEHIND = 1e6
"""Added to the rank of names that have a word only as the beginning of a piece."""
_ENDING = re.compile(r"\.\w{1,5}(, [^,]*)?$")
"""What a file's name ends with, and how long a sound is."""


def by_name(run: Run, query: str, *, most: int = NAMED) -> dict[str, Any]:
    """Return the rows that are called so, see `named_so`: each with what name says so and its words; {} without any.

    One whose own name is just the query is *just_so*; texts that say just what one before them says are *same_as* it.
    Behind them stand texts of which another column has just the query: these are *in_column*.
    """
    found, count = named_so(run, query, most=most)
    valued = rows_with_value(run, query, run.embeddings.ok & ~_called(run))
    found = [*found, *((row, *valued[row]) for row in sorted(valued)[: most - len(found)])]
    count += len(valued)
    if not found:
        return {}
    cards = briefs(run, [row for row, _, _ in found])
    told = [
        {
            **card,
            "named_by": what,
            "named": cut(said, NAME_CHARS),
            **({"in_column": True} if card["row"] in valued else {}),
            **({"just_so": True} if what in OWN_NAMES and _is_just(said, query, is_file=what == FILE_NAME) else {}),
        }
        for card, (_, what, said) in zip(cards, found, strict=True)
    ]
    mark_same(told)
    return {"by_name": told, "by_name_in_all": count}


def with_names(answer: dict[str, Any], named: dict[str, Any]) -> dict[str, Any]:
    """Return what is near in meaning with the rows that are called so, as `by_name` has them.

    Where some hits are weak, so that all others are known, and none of these is called so, then what the words stand
    for is less near than they are: they are weak, too, and the answer *doubtful*.  Texts that are just the query are
    *just_so*.
    """
    wanted = unquoted(str(answer.get("query") or "")).strip().casefold()
    hits = [{**hit, "just_so": True} if _says_just(hit, wanted) else hit for hit in answer["hits"]]
    answer = {**answer, "hits": hits}
    called = {one["row"] for one in named.get("by_name", ()) if not one.get("in_column")}
    near = {hit["row"] for hit in hits if not hit["weak"]}
    all_known = len(called) == named.get("by_name_in_all") and len(near) < len(hits) and "having" not in answer
    if called and near and all_known and not near & called:
        return {**answer, "hits": [{**hit, "weak": True} for hit in hits], "doubtful": True, **named}
    return {**answer, **named}


def _says_just(hit: Mapping[str, Any], wanted: str) -> bool:
    said = None if hit.get("thumbnail") else hit.get("text")
    return bool(said and wanted and said.strip().casefold() == wanted)


def unread_by(run: Run) -> str:
    """Return why words are searched in names alone, and which encoders also search by meaning; "" where they do."""
    reads = modalities_of(run.embeddings.encoder)
    if reads_words(reads) or not reads:
        return ""
    others = " or ".join([spec.name for spec in readers_of(reads | {TEXT})][:2])
    nouns = " and ".join(nouns_of([kind])[1] for kind in sorted(reads))
    said = f"This map's encoder reads {nouns}, so only names are searched"
    return f"{said}; to search by meaning choose {others}." if others else f"{said}."


def named_so(run: Run, query: str, *, most: int = NAMED) -> tuple[list[tuple[int, str, str]], int]:
    """Return rows of which a name has all words of a query, with what that is and says, and how many there are in all.

    Those whose name is just the query come first, then those that say the least beside it, last names of files of which
    a piece only begins as the query ends; at most *most*.  Rows without a vector are on no map and left out.
    O(n · columns).
    """
    query = unquoted(query).strip()
    words = sought_words(query)
    files = which(run.dataset.items, lambda kind: not kind.has_words)
    called = run.embeddings.ok & _called(run)
    if not words or not called.any():
        return [], 0
    parts = _patterns_of_parts(query, words)
    found: dict[int, tuple[float, str, str]] = {}
    for what, first, texts in _names(run, files & called):
        whole = _holding(texts, [_pattern(word) for word in words])
        held = whole | (files[first : first + len(texts)] & _holding(texts, parts)) if parts and not what else whole
        held = held & (called[first : first + len(held)] if not what else (files & called))
        for at in np.flatnonzero(held).tolist():
            row, said = first + at, str(texts[at].as_py())
            named = what or (FILE_NAME if files[row] else NAME)
            rank = _rank(said, query, words, is_file=named == FILE_NAME) + (0.0 if whole[at] else _BEHIND)
            if row not in found or rank < found[row][0]:
                found[row] = (rank, named, said)
    order = sorted(found, key=lambda row: (found[row][0], row))
    return [(row, *found[row][1:]) for row in order[:most]], len(found)


def _called(run: Run) -> BoolArray:
    """Return which rows (n,) have names: those that are files, and all where no encoder reads texts."""
    return which(run.dataset.items, lambda kind: not kind.has_words) | (run.embeddings.encoder == GIVEN)


def _names(run: Run, files: BoolArray) -> Iterator[tuple[str, int, Any]]:
    """Yield what rows are called: the column, "" for their own names, the first row and an arrow array of strings."""
    items = run.dataset.items
    for start, end in spans(np.arange(len(items)), items, most=AT_ONCE):
        yield "", int(start), texts_of(items[start:end])
        if isinstance(items, KeptItems):
            items.let_go()
    table: Any = run.dataset.table
    for column in table.columns if files.any() else ():
        texts = strings_of(table[column])
        if texts is not None:
            yield str(column), 0, texts


def _holding(texts: Any, patterns: Sequence[str]) -> BoolArray:
    """Say which strings (m,) have every pattern."""
    import pyarrow.compute as pc

    held = np.ones(len(texts), np.bool_)
    for pattern in patterns:
        match = pc.match_substring_regex(texts, pattern, ignore_case=True)
        held &= match.fill_null(False).to_numpy(zero_copy_only=False).astype(np.bool_)
    return held


def _patterns_of_parts(query: str, words: Sequence[str]) -> list[str]:
    """Return patterns of names of files of which a piece goes on after the query, as “IMG_2024” after “IMG_20”.

    None for a query whose end is too short to be a part rather than a word or a number of its own: “cat”, “siren 1”.
    """
    last = query.casefold().split()[-1]
    pieces = _PIECE.findall(last)
    if len(last) < (_LEAST_DIGITS if last.isdigit() else _LEAST_LETTERS) or not pieces or pieces[-1] not in words:
        return []
    part = pieces[-1]
    return [_pattern(word) for word in words if word != part] + [_before(part) + re.escape(part)]


def _before(word: str) -> str:
    return "(?:^|[^0-9])" if word.isdigit() else r"(?:^|[^\pL])"


def _pattern(word: str) -> str:
    stem = stem_of(word)
    if stem is None:
        return re.escape(word)
    other = r"[^0-9]" if word.isdigit() else r"[^\pL]"
    return rf"{_before(word)}{re.escape(stem[0])}\pL{{0,{stem[1]}}}(?:$|{other})"


def _bare(said: str, *, is_file: bool) -> str:
    return _ENDING.sub("", said.rsplit("/", 1)[-1]) if is_file else said


def _is_just(said: str, query: str, *, is_file: bool) -> bool:
    wanted = unquoted(query).strip().casefold()
    return wanted in (_bare(said, is_file=is_file).casefold().strip(), said.casefold().strip())


def _rank(said: str, query: str, words: Sequence[str], *, is_file: bool) -> float:
    """Return 0 for a name that is just the query, else how much it says beside the words, and more where far apart."""
    if _is_just(said, query, is_file=is_file):
        return 0.0
    return 1.0 + len(_PIECE.findall(_bare(said, is_file=is_file))) - len(words)
