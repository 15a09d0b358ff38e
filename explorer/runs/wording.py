"""Encodes the words and names of a run: by its encoder, or by one that another process holds.

It chooses no words: `stages` and `description` do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from explorer.description import Meanings
from explorer.errors import Cancelled, ExplorerError
from explorer.types import FloatArray, Item, Progress, Report

log = logging.getLogger(__name__)
WORDS_AT_ONCE = 128
"""Words encoded between two looks at whether to stop: about half a second on two cores."""


class Wording(Protocol):
    """What words and names are encoded by: an encoder, or one that another process holds."""

    @property
    def dim(self) -> int:
        """Numbers in a vector."""
        ...

    def encode(self, items: Sequence[Item]) -> FloatArray:
        """Return float32 (m, dim) unit vectors of texts."""
        ...


WordingSource = Callable[[str], Wording]


def encode_words(model: Wording, words: Sequence[str], progress: Report, note: str) -> FloatArray:
    """Return float32 (m, d) of words, a few at a time: *progress* is told of the *note* between them."""
    parts = []
    for at in range(0, len(words), WORDS_AT_ONCE):
        progress(Progress("embed", at, len(words), note=note))
        parts.append(model.encode(list(words[at : at + WORDS_AT_ONCE])))
    return np.concatenate(parts)


def meaning_by(encoder: WordingSource, name: str) -> Meanings | None:
    """Return what encodes names; None without the encoder, as where a dataset came with vectors of one not here."""
    try:
        model = encoder(name)
        model.dim  # noqa: B018 - one that another process holds is only now loaded
    except Cancelled:
        raise
    except ExplorerError as exc:
        log.warning("names are chosen without the encoder: %s", exc)
        return None
    return Meanings(lambda names: model.encode(names))
