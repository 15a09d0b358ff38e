"""Words in quotation marks: rows have to have them as they stand, whatever else is near in meaning.

It ranks nothing; `queries` does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from explorer.kinds import kind_of, which
from explorer.types import BoolArray, Item, KeptItems, items_of, spans

AT_ONCE = 50_000
"""Items that are looked through together: no more of a large dataset is in memory."""
_FEW_WORDS = 4
"""Of more words some are in many a text that speaks of something else."""
_QUOTED = re.compile('["“”„«»]([^"“”„«»]+)["“”„«»]')
_AS_APOSTROPHE, _AS_DASH, _AS_BLANK = "'’‘ʼ＇´`", "-‐‑‒–—", " \t\r\n\u00a0\u2009\u202f"
"""Signs that people write for one another, as phones and word processors do."""


def phrases_of(query: Item | Path) -> tuple[str, ...]:
    """Return the phrases in quotation marks, "…", “…”, „…“ or «…», of a query of words; none of any other."""
    words = None if isinstance(query, Path) else kind_of(query).words(query)
    return tuple(phrase.strip() for phrase in _QUOTED.findall(words or "") if phrase.strip())


def unquoted(query: str) -> str:
    """Return the query without the marks around its phrases."""
    return _QUOTED.sub(r"\1", query)


def saying(item: Item, words: str) -> bool:
    """Whether an item says *words*, whole ones, in its text or else its name; case does not matter.

    A few words it may say in any order and wherever it likes, more of them only as they stand.
    """
    said = kind_of(item).text(item) or kind_of(item).label(item)
    each = words.split()
    wanted = each if len(each) <= _FEW_WORDS else [words.strip()]
    return bool(each) and all(re.search(rf"(?<!\w){_pattern(one)}(?!\w)", said, re.IGNORECASE) for one in wanted)


def holding(items: Sequence[Item], phrases: Sequence[str]) -> BoolArray:
    """Return which items (n,) have every phrase in their text, or else in their name; case does not matter."""
    found = np.ones(len(items), np.bool_)
    for start, end in spans(np.arange(len(items)), items, most=AT_ONCE):
        found[start:end] = _holding(items[start:end], phrases)
        if isinstance(items, KeptItems):
            items.let_go()
    return found


def row_saying(items: Sequence[Item], words: str, ok: BoolArray) -> int | None:
    """Return the first row with a vector whose text, or else name, is just these words; None where no row is.

    As they are written, or else whatever their case.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted, alike = words.strip().encode("utf-8", "replace").decode(), None
    for start, end in spans(np.arange(len(items)), items, most=AT_ONCE):
        said = pc.utf8_trim_whitespace(texts_of(items[start:end]))
        usable = pa.array(ok[start:end])
        exact = pc.index(pc.and_(pc.equal(said, wanted), usable), True).as_py()
        if exact >= 0:
            return int(start + exact)
        if alike is None:
            like = pc.index(pc.and_(pc.equal(pc.utf8_lower(said), wanted.lower()), usable), True).as_py()
            alike = int(start + like) if like >= 0 else None
        if isinstance(items, KeptItems):
            items.let_go()
    return alike


def mark_same(hits: Sequence[dict[str, Any]]) -> None:
    """Give hits that say just what one before them says *same_as*, the row of that; pictures never."""
    first = dict[tuple[str, bool], int]()
    for hit in hits:
        said = None if hit.get("thumbnail") else hit.get("text")
        row = first.setdefault((said, bool(hit.get("weak"))), hit["row"]) if said else hit["row"]
        if row != hit["row"]:
            hit["same_as"] = row


def saying_the_same(items: Sequence[Item], rows: Sequence[int]) -> BoolArray:
    """Return which items (n,) are texts that say just what one of some *rows* says; O(n)."""
    import pyarrow.compute as pc

    said = texts_of(items_of(items, rows))
    same = np.zeros(len(items), np.bool_)
    for start, end in spans(np.arange(len(items)), items, most=AT_ONCE):
        same[start:end] = pc.is_in(texts_of(items[start:end]), value_set=said).to_numpy(zero_copy_only=False)
        if isinstance(items, KeptItems):
            items.let_go()
    return same & which(items, lambda kind: kind.has_words)


def _holding(items: Sequence[Item], phrases: Sequence[str]) -> BoolArray:
    import pyarrow.compute as pc

    texts = texts_of(items)
    found = np.ones(len(items), np.bool_)
    for phrase in phrases:
        wanted = phrase.encode("utf-8", "replace").decode()
        pattern = _pattern(wanted)
        match, asked = (pc.match_substring, wanted) if pattern == wanted else (pc.match_substring_regex, pattern)
        found &= match(texts, asked, ignore_case=True).to_numpy(zero_copy_only=False).astype(np.bool_)
    return found


def texts_of(items: Sequence[Item]) -> Any:
    """Return the texts, or else names, of items as strings of pyarrow."""
    import pyarrow as pa

    try:
        return pa.array(items, pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):  # not all are texts, or one is no Unicode
        said = [kind_of(item).text(item) or kind_of(item).label(item) for item in items]
        return pa.array([text.encode("utf-8", "replace").decode() for text in said], pa.string())


def _pattern(phrase: str) -> str:
    """Return a pattern, for `re` and RE2, of a phrase, however its apostrophes, dashes, blanks, accents are written."""
    made = list[str]()
    for part in re.split(f"([{_AS_BLANK}]+)", unicodedata.normalize("NFC", phrase)):
        made += [f"[{_AS_BLANK}]+"] if part.strip(_AS_BLANK) == "" and part else map(_letter, part)
    return "".join(made)


def _letter(one: str) -> str:
    alike = next((signs for signs in (_AS_APOSTROPHE, _AS_DASH) if one in signs), "")
    if alike:
        return f"[{re.escape(alike)}]"
    apart = unicodedata.normalize("NFD", one)
    return re.escape(one) if apart == one else f"(?:{re.escape(one)}|{re.escape(apart)})"
