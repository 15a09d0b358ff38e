"""Says which texts are in letters that an encoder does not know: different ones of them get one and the same vector.

It reads the encoder's list of word pieces alone; no model is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from explorer.types import BoolArray

TOKENIZER = "tokenizer.json"
MOSTLY = 0.5
"""From which share of its letters in unknown pieces a text counts as unread."""
_CHARACTERS = 2_000
"""Of each text: more than encoders read of it."""
_AT_ONCE = 1_000
_UNKNOWN = ("[UNK]", "<unk>")


def unread(file: Path, texts: Sequence[str | None]) -> BoolArray:
    """Return bool (m,): which texts are mostly, or all, in pieces that the tokenizer in *file* does not know.

    None is no text, and read.  O(characters), about 10,000 short texts a second.
    """
    tokenizer, unknown = _tokenizer(file, file.stat().st_mtime_ns)
    flags = np.zeros(len(texts), np.bool_)
    if unknown is None:  # it takes unknown letters apart into bytes
        return flags
    for rows in _chunks([row for row, text in enumerate(texts) if text]):
        begun = [well_formed((texts[row] or "")[:_CHARACTERS]) for row in rows]
        for row, told in zip(rows, tokenizer.encode_batch(begun, add_special_tokens=False), strict=True):
            spans = [end - start for start, end in told.offsets]
            lost = sum(span for span, piece in zip(spans, told.ids, strict=True) if piece == unknown)
            flags[row] = lost >= MOSTLY * sum(spans)
    return flags


def well_formed(text: str) -> str:
    """Return the text with each half of a torn surrogate pair as "?": JSON may hold them, tokenizers refuse them."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _chunks(rows: list[int]) -> Iterator[list[int]]:
    left = iter(rows)
    while chunk := list(islice(left, _AT_ONCE)):
        yield chunk


def whole_tokenizer(file: Path) -> Any:
    """Return the tokenizer in a file, which cuts nothing off and fills nothing up."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@lru_cache(maxsize=4)
def _tokenizer(file: Path, _changed: int) -> tuple[Any, int | None]:
    """Return a tokenizer, and the number of its unknown piece, None where it has none."""
    tokenizer = whole_tokenizer(file)
    return tokenizer, next((at for name in _UNKNOWN if (at := tokenizer.token_to_id(name)) is not None), None)
