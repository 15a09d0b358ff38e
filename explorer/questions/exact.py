"""Words in quotation marks: rows have to have them as they stand, whatever else is near in meaning.

It ranks nothing; `queries` does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from explorer.kinds import kind_of
from explorer.types import BoolArray, Item, KeptItems, spans

_AT_ONCE = 50_000
"""Items that are looked through together: no more of a large dataset is in memory."""
_FEW_WORDS = 4
"""Of more words some are in many a text that speaks of something else."""
_APOSTROPHES = "[’‘ʼ＇´`]"
"""As phones and word processors write them; what is looked for and looked through may each have others."""
_QUOTED = re.compile('["“”„«»]([^"“”„«»]+)["“”„«»]')


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
    said = re.sub(_APOSTROPHES, "'", kind_of(item).text(item) or kind_of(item).label(item))
    each = re.sub(_APOSTROPHES, "'", words).split()
    wanted = each if len(each) <= _FEW_WORDS else [" ".join(each)]
    return bool(each) and all(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", said, re.IGNORECASE) for one in wanted)


def holding(items: Sequence[Item], phrases: Sequence[str]) -> BoolArray:
    """Return which items (n,) have every phrase in their text, or else in their name; case does not matter."""
    found = np.ones(len(items), np.bool_)
    for start, end in spans(np.arange(len(items)), items, most=_AT_ONCE):
        found[start:end] = _holding(items[start:end], phrases)
        if isinstance(items, KeptItems):
            items.let_go()
    return found


def _holding(items: Sequence[Item], phrases: Sequence[str]) -> BoolArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        texts = pa.array(items, pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):  # not all are texts, or one is no Unicode
        said = [kind_of(item).text(item) or kind_of(item).label(item) for item in items]
        texts = pa.array([text.encode("utf-8", "replace").decode() for text in said], pa.string())
    found = np.ones(len(items), np.bool_)
    for phrase in phrases:
        wanted = re.sub(_APOSTROPHES, "'", phrase.encode("utf-8", "replace").decode())
        if "'" in wanted:
            texts = pc.replace_substring_regex(texts, _APOSTROPHES, "'")
        found &= pc.match_substring(texts, wanted, ignore_case=True).to_numpy(zero_copy_only=False).astype(np.bool_)
    return found
