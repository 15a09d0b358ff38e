"""Cuts all texts into words, numbered by the alphabet; it knows no phrases."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from explorer.description.words import BREAK, is_contracted_not, meaning, words
from explorer.kinds import each
from explorer.types import BoolArray, Item


@dataclass(frozen=True)
class Tokens:
    """All texts' tokens in one row: ids int32 (0 = break), and the text each is of; which are "n't", a number, "a"."""

    ids: NDArray[np.int32]
    row: NDArray[np.int32]
    vocabulary: list[str]
    contracted: BoolArray
    number: BoolArray
    lone: BoolArray

    @cached_property
    def _number_of(self) -> dict[str, int]:
        return {word: at for at, word in enumerate(self.vocabulary)}

    def among(self, members: frozenset[str]) -> BoolArray:
        """Return which words of the vocabulary are among these, bool (v,)."""
        flags = np.zeros(len(self.vocabulary), np.bool_)
        flags[[self._number_of[word] for word in members if word in self._number_of]] = True
        return flags

    @classmethod
    def of(cls, items: Sequence[Item]) -> Tokens:
        """Return the words of the *items* that have any."""
        raw: defaultdict[str, int] = defaultdict()
        raw.default_factory = raw.__len__
        codes, lengths, rows = array("i"), array("i"), array("i")
        code_of = raw.__getitem__
        last = code_of(BREAK)
        for row, text in enumerate(each(items, lambda kind: kind.words)):
            if text is not None:
                found = words(text)
                codes.extend(map(code_of, found))
                codes.append(last)
                lengths.append(len(found) + 1)
                rows.append(row)
        meant = [meaning(token) for token in raw]
        vocabulary = [BREAK, *sorted({*meant} - {BREAK})]  # by the alphabet: equals are then ordered by no text's place
        ids = {word: at for at, word in enumerate(vocabulary)}
        final = np.array([ids[word] for word in meant], dtype=np.int32)
        all_codes = np.frombuffer(codes, dtype=np.int32) if len(codes) else np.zeros(0, np.int32)
        row_of = np.repeat(np.array(rows, dtype=np.int32), np.array(lengths, dtype=np.int32))
        contracted = np.array([is_contracted_not(token) for token in raw], np.bool_)
        number = np.array([token[:1].isdigit() and word == BREAK for token, word in zip(raw, meant, strict=True)])
        lone = np.array([token == "a" for token in raw], np.bool_)
        return cls(final[all_codes], row_of, vocabulary, *(flags[all_codes] for flags in (contracted, number, lone)))
