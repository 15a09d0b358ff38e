"""Tells which languages the texts of a dataset are in, by a sample of them.

It judges no encoder: `encoders.foreign` says what an encoder makes of a language.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.kinds import kind_of
from explorer.types import Item, cached_arrays, sorted_unique

SAMPLE = 300
CHARACTERS = 400
"""Of each text; a language is known after a sentence."""
SURE = 0.5
"""From which probability a language counts as told; short texts and codes have none."""
FEW = 3
"""With fewer texts whose language was told, nothing is said of all."""
_NONE = ("und", "zxx")
_IS = {"pcm": "en"}
"""What short texts are told as that hardly ever are it: English dates and names as Nigerian Pidgin."""


def languages_of(items: Sequence[Item]) -> dict[str, float]:
    """Return the shares of the texts' languages, the largest first, by their ISO 639-1 codes; {} if none was told.

    Of many texts an even sample is looked at.  Source: py3langid, a fork of Lui and Baldwin, langid.py (ACL 2012).
    """
    told = Counter(filter(None, (language_of(text) for text in some_texts(items))))
    if sum(told.values()) < FEW:
        return {}
    return {code: times / sum(told.values()) for code, times in sorted(told.items(), key=lambda one: (-one[1], one[0]))}


def some_texts(items: Sequence[Item]) -> list[str]:
    """Return the texts of an even sample of the items."""
    return [text for row in some_rows(len(items)) if (text := kind_of(items[row]).text(items[row]))]


def some_rows(n: int) -> list[int]:
    """Return an even sample of the numbers below n, ascending."""
    return [int(row) for row in sorted_unique(np.linspace(0, n - 1, min(SAMPLE, n)).astype(int))]


def likely_languages(text: str, among: Sequence[str], *, count: int = 2) -> list[str]:
    """Return the codes of the languages that a text is likeliest in, the likeliest first."""
    ranked = [str(code) for code, _ in _identifier().rank(text)]
    return [code for code in ranked if code in among][:count]


def language_of(text: str, *, sure: float = SURE) -> str:
    """Return the code of a text's language, "" where it is not *sure*."""
    begun = text[:CHARACTERS]
    if not any(map(str.isalpha, begun)):
        return ""
    code, probability = _identifier().classify(begun)
    return "" if probability < sure or code in _NONE else _IS.get(str(code), str(code))


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    packed = MODEL_DIR / MODEL_FILE
    found = packed.stat()
    kept = cached_arrays("languages", (found.st_size, found.st_mtime_ns), lambda: _unpacked(packed))
    moves, rows = (array(kept[name].dtype.char, kept[name].tobytes()) for name in ("moves", "rows"))
    codes, told = kept["codes"].tolist(), kept["told"].tolist()
    return LanguageIdentifier(kept["scores"], kept["priors"], codes, moves, told, norm_probs=True, tk_row=rows)


def _unpacked(packed: Path) -> dict[str, NDArray[Any]]:
    """Return the model's arrays.  To unpack them takes 0.6 s of the processor, to read them again 0.1 s."""
    from py3langid.modelio import load_model

    scores, priors, codes, moves, rows, told = load_model(packed)
    return {
        "scores": np.asarray(scores),
        "priors": np.asarray(priors),
        "codes": np.array(codes),
        "moves": np.asarray(moves),
        "rows": np.asarray(rows),
        "told": np.array(told, np.int32),
    }
