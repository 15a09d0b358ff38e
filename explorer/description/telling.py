"""Finds which words tell some pictures from others: what a classifier sees in them more often than elsewhere.

It makes no names: how words go together in one, `titles` chooses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.description.vocabulary import Vocabulary, likely_classes
from explorer.types import FloatArray

_LEAST, _TIMES = 0.15, 2.0
"""A word tells of pictures when it is likely for this share of them, and so many times as likely as for others …"""
_MUCH = 0.1
"""… and so much of what the best word tells."""
_SURE = 2.0
"""Nats beyond which more tells no better."""
_SOME = 1e-3
"""What no picture is may still be one in a thousand."""
_WORDS = 40


@dataclass(frozen=True)
class Seen:
    """How likely each class of a vocabulary is on average of so many pictures, float32 (classes,)."""

    vocabulary: Vocabulary
    usual: FloatArray
    pictures: int

    @classmethod
    def of(cls, pictures: FloatArray, count: int, vocabulary: Vocabulary) -> Seen:
        """Return it for so many pictures of which some are given, float32 (m, d)."""
        return cls(vocabulary, likely_classes(pictures, vocabulary).mean(axis=0), count)

    def telling(self, pictures: FloatArray, count: int) -> tuple[list[tuple[int, float]], FloatArray]:
        """Return the general words that tell a group of *count* pictures from all others, the best (1.0) first.

        *pictures*, float32 (m, d), are some of the group's.  A word is its place in the vocabulary and how much it
        tells: the information that a picture's being so gives on whether it is of the group.  With them, float32
        (words, words), what one or the other of two words tells, in nats, up to _SURE.  None where there are no
        others.  O(m · classes).
        Source: Kullback & Leibler 1951, doi:10.1214/aoms/1177729694, for the relative entropy.
        """
        words, _, holds = self.vocabulary.held
        inside = likely_classes(pictures, self.vocabulary).mean(axis=0)
        if count >= self.pictures:
            return [], np.zeros((0, 0), np.float32)
        share = count / self.pictures
        outside = np.maximum(self.usual - share * inside, 0) / (1 - share)
        here, there = inside @ holds, outside @ holds
        told = _entropy(here, there)
        told[(here < _LEAST) | (here < _TIMES * there)] = 0
        order = np.argsort(-told, kind="stable")[:_WORDS]
        best = order[told[order] > _MUCH * told.max(initial=0)]
        held = holds[:, best]
        either = np.maximum(held[:, :, None], held[:, None, :]).reshape(len(holds), -1)
        pairs = np.minimum(_entropy(inside @ either, outside @ either), _SURE).reshape(len(best), len(best))
        return [(self.vocabulary.place[words[at]], float(told[at] / told[best[0]])) for at in best], pairs


def _entropy(here: FloatArray, there: FloatArray) -> FloatArray:
    """Return the relative entropy of being in one of two sets, 0 where it is less likely *here*."""
    p, q = (np.clip(share, _SOME, 1 - _SOME) for share in (here, there))
    told = p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q))
    return np.asarray(np.where(p > q, told, 0), np.float32)
