"""Tells which languages the texts of a dataset are in, by a sample of them.

It judges no encoder: `encoders.foreign` says what an encoder makes of a language.
"""

from __future__ import annotations

import time
import zipfile
from array import array
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np

from explorer.config import cache_folder
from explorer.kinds import kind_of
from explorer.types import Item

SAMPLE = 300
CHARACTERS = 400
"""Of each text; a language is known after a sentence."""
SURE = 0.5
"""From which probability a language counts as told; short texts and codes have none."""
FEW = 3
"""With fewer texts whose language was told, nothing is said of all."""
_NONE = ("und", "zxx")
_NAMED, _HOUR = "languages-", 3600


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
    return [int(row) for row in np.unique(np.linspace(0, n - 1, min(SAMPLE, n)).astype(int))]


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
    return "" if probability < sure or code in _NONE else str(code)


@lru_cache(maxsize=1)
def _identifier() -> Any:
    """Return what tells languages, made of arrays that were unpacked once for all processes of this user.

    To unpack them takes 0.6 s of the processor, to read them 0.1 s.
    """
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
    from py3langid.modelio import load_model

    packed = MODEL_DIR / MODEL_FILE
    kept = cache_folder() / f"{_NAMED}{packed.stat().st_size}-{packed.stat().st_mtime_ns}.npz"
    model = _read_model(kept)
    if model is None:
        model = load_model(packed)
        _write_model(kept, model)
    scores, priors, codes, moves, rows, found = model
    return LanguageIdentifier(np.asarray(scores), np.asarray(priors), codes, moves, found, norm_probs=True, tk_row=rows)


def _read_model(path: Path) -> tuple[Any, ...] | None:
    """Return the arrays that `_write_model` left, None where there are none, or not all of them."""
    unusable = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)
    with suppress(*unusable), path.open("rb") as file, np.load(file) as kept:
        moves, rows = (array(kept[name].dtype.char, kept[name].tobytes()) for name in ("moves", "rows"))
        return kept["scores"], kept["priors"], kept["codes"].tolist(), moves, rows, kept["found"].tolist()
    return None


def _write_model(path: Path, model: tuple[Any, ...]) -> None:
    scores, priors, codes, moves, rows, found = model
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_old(path.parent)
        with NamedTemporaryFile(dir=path.parent, prefix=_NAMED, suffix=".npz", delete=False) as new:
            try:
                flat = {"moves": np.asarray(moves), "rows": np.asarray(rows), "found": np.array(found, np.int32)}
                np.savez(new, scores=scores, priors=priors, codes=np.array(codes), allow_pickle=False, **flat)
            except BaseException:
                Path(new.name).unlink()
                raise
        Path(new.name).replace(path)


def _remove_old(folder: Path) -> None:
    """Remove what another version of the model left, and what a kill did; another process may be writing its own."""
    for path in folder.glob(f"{_NAMED}*.npz"):
        if time.time() - path.stat().st_mtime > _HOUR:
            path.unlink()
