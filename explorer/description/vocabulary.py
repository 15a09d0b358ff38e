"""The words that pictures are described with, and which of them are near to some pictures.

It encodes nothing: the words' vectors come from the caller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explorer.description.keywords import TOP, Keywords
from explorer.description.words import same_word
from explorer.types import BoolArray, Embeddings, FloatArray

_LOOKED_AT = 4 * TOP
_OF_MOST = 0.6
"""A word names pictures when it is true of so many of them."""
_OF_MOST_BY_TWO = 0.75
"""The same for two words, which tell of two kinds of picture and so may leave a third one out."""
_PAIRED, _EITHER, _ALONE = 16, 0.15, 0.1
"""General words tried in pairs; the share that each of a pair has to add; how much worse one word alone may be."""
_TELLING = 0.3
"""What is true of as many other pictures, less so many, says nothing."""
_SURE = 0.35
"""How near to some class a picture is of which the encoder is sure: of photos .38 to .45 mostly, of drawings .3."""
_LIKELY = 0.65
"""A picture is so likely what its name says, less what chance gives a word that holds many classes."""
_BROAD = 10
"""Classes that a word holds at least which says the most general kind."""
_MUCH, _TIMES = 0.35, 3.0
"""Such a word names small pictures when it is true of so many of them and no other of more, and of so many times fewer
pictures elsewhere."""
_SHARPNESS = 0.04
"""How much nearer, as a share of the nearest class's similarity, makes a class e times as likely."""


@dataclass(frozen=True)
class Vocabulary:
    """Words and their unit vectors, float32 (w, d), in the space of the embeddings they describe.

    *general* has for words that say what pictures are of the classes that they hold, themselves among the words:
    "big cat": ("lion", "leopard", …), "lion": ("lion",).
    """

    words: tuple[str, ...]
    vectors: FloatArray
    general: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.words) != len(self.vectors):
            raise ValueError(f"{len(self.words)} words but {len(self.vectors)} vectors")

    @cached_property
    def place(self) -> dict[str, int]:
        """Where each word is."""
        return {word: at for at, word in enumerate(self.words)}

    @cached_property
    def apart(self) -> FloatArray:
        """In which direction each word differs from the mean word, float32 (w, d), of unit length."""
        apart: FloatArray = self.vectors - self.vectors.mean(axis=0)
        if len(apart) < 2:
            return apart
        return np.asarray(apart / np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-6), np.float32)

    @cached_property
    def held(self) -> tuple[tuple[str, ...], FloatArray, FloatArray]:
        """Return the general words, the vectors of the classes, and float32 (classes, words): which holds which."""
        words = tuple(word for word, classes in self.general.items() if all(c in self.place for c in (word, *classes)))
        classes = sorted({name for word in words for name in self.general[word]})
        number = {name: at for at, name in enumerate(classes)}
        holds = np.zeros((len(classes), len(words)), np.float32)
        for column, word in enumerate(words):
            holds[[number[name] for name in self.general[word]], column] = 1
        return words, self.vectors[[self.place[name] for name in classes]], holds

    @cached_property
    def broadest(self) -> BoolArray:
        """Return which general words say the most general kinds, as no other word holds what they hold: "animal"."""
        holds = self.held[2]
        size = holds.sum(axis=0)
        within = (holds.T @ holds == size[:, None]) & (size[:, None] < size[None])
        return np.asarray((size >= _BROAD) & ~within.any(axis=1))


_LISTS = {"things": "vocabulary.txt", "sounds": "soundwords.txt"}


def load_vocabulary(name: str = "things") -> tuple[str, ...]:
    """Return the words that come with the package for describing pictures, or the "sounds" that there are."""
    lines = Path(__file__).with_name(_LISTS[name]).read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def shares_of(pictures: FloatArray, vocabulary: Vocabulary) -> FloatArray:
    """Return of what share of the *pictures*, float32 (m, d), each general word is true."""
    return np.asarray(_true(pictures, vocabulary).mean(axis=0), np.float32)


def true_of_most(
    pictures: FloatArray, vocabulary: Vocabulary, usual: FloatArray | None = None, *, small: bool = False
) -> int | None:
    """Return the place of the most specific general word that is true of most of the *pictures*, float32 (m, d).

    None where nothing is true of most.  What is true of a smaller share of them than is *usual* (`shares_of` all
    pictures) says nothing.  Of *small* pictures only the most general kind is said.
    """
    words, _, holds = vocabulary.held
    if not words or not len(pictures):
        return None
    share = shares_of(pictures, vocabulary)
    elsewhere = np.zeros(len(share), np.float32) if usual is None else usual
    true = np.flatnonzero((share >= _OF_MOST) & (share >= elsewhere) & (vocabulary.broadest if small else True))
    if not len(true) and small:
        much = (share >= max(_MUCH, share[vocabulary.broadest].max(initial=0))) & (share >= _TIMES * elsewhere)
        true = np.flatnonzero(much & vocabulary.broadest)
    if not len(true):
        return None
    best = true[np.lexsort((-share[true], holds.sum(axis=0)[true]))[0]]
    return vocabulary.place[words[best]]


def words_for_most(
    pictures: FloatArray, others: FloatArray, vocabulary: Vocabulary, *, small: bool = False
) -> list[tuple[tuple[int, ...], float]]:
    """Return the general words, and pairs of them, of which one or the other is true of most of the *pictures*.

    Each is the places of its words and the share of pictures, float32 (m, d), of which it is true.  First stands what
    is true of most of them and of few *others*; of a pair, either word has to be true of some alone.  Of *small*
    pictures only the most general kinds are said.
    """
    words = vocabulary.held[0]
    if not words or not len(pictures) or not len(others):
        return []
    inside, outside = _true(pictures, vocabulary), _true(others, vocabulary)
    gain = inside.mean(axis=0) - outside.mean(axis=0)
    order = np.argsort(-gain, kind="stable").tolist()
    tried = [at for at in order if vocabulary.broadest[at] or not small][:_PAIRED]
    found: list[tuple[float, float, tuple[int, ...]]] = []
    for at, one in enumerate(tried):
        found.append((float(gain[one]) + _ALONE, float(inside[:, one].mean()), (one,)))
        for other in tried[at + 1 :]:
            either = inside[:, one] | inside[:, other]
            least = float(either.mean()) - max(inside[:, one].mean(), inside[:, other].mean())
            if least >= _EITHER and not _alike(words[one], words[other]):
                wrongly = float((outside[:, one] | outside[:, other]).mean())
                found.append((float(either.mean()) - wrongly, float(either.mean()), (one, other)))
    telling = [option for option in found if option[0] >= _TELLING]
    most = [option for option in telling if option[1] >= (_OF_MOST if len(option[2]) == 1 else _OF_MOST_BY_TWO)]
    best = sorted(most, key=lambda option: -option[0])
    return [(tuple(vocabulary.place[words[at]] for at in chosen), share) for _, share, chosen in best]


def are_true(pictures: FloatArray, words: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Tell whether one or the other of the *words* is true of most of the *pictures*, float32 (m, d).

    Where the encoder tells classes apart; where it doesn't, nothing is known against the words.
    """
    general = vocabulary.held[0]
    if not general or not len(pictures):
        return True
    known = [general.index(word) for word in words if word in general]
    sure = (pictures @ vocabulary.held[1].T).max(axis=1) >= _SURE
    return bool(known) and float((sure & _true(pictures, vocabulary)[:, known].any(axis=1)).mean()) >= _OF_MOST


def are_likely(pictures: FloatArray, words: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Tell whether most of the *pictures*, float32 (m, d), are likely what one or the other of the *words* says."""
    general, _, holds = vocabulary.held
    known = [general.index(word) for word in words if word in general]
    if not known:
        return False
    share = float(_likely(pictures, vocabulary, holds[:, known].max(axis=1, keepdims=True)).mean())
    return share >= (_OF_MOST if len(known) == 1 else _OF_MOST_BY_TWO)


def likely_word(pictures: FloatArray, vocabulary: Vocabulary) -> int | None:
    """Return the place of the most specific general word that most of the *pictures* likely are; None for none."""
    words, _, holds = vocabulary.held
    found = np.flatnonzero(_likely(pictures, vocabulary, holds).mean(axis=0) >= _OF_MOST)
    return vocabulary.place[words[found[np.argmin(holds.sum(axis=0)[found])]]] if len(found) else None


def _likely(pictures: FloatArray, vocabulary: Vocabulary, holds: FloatArray) -> BoolArray:
    """Return bool (m, words): the classes that a word *holds* are likely, beyond the share of all that they are.

    A picture of which the encoder knows nothing is a little of everything, and so mostly of what holds most.
    """
    chance = holds.mean(axis=0)
    likely = (likely_classes(pictures, vocabulary) @ holds - chance) / np.maximum(1 - chance, 1e-6)
    return np.asarray(likely >= _LIKELY)


def _true(pictures: FloatArray, vocabulary: Vocabulary) -> BoolArray:
    """Return bool (m, general words): the classes that a word holds are more likely than all others together."""
    return np.asarray(likely_classes(pictures, vocabulary) @ vocabulary.held[2] >= 0.5)


def likely_classes(pictures: FloatArray, vocabulary: Vocabulary) -> FloatArray:
    """Return how likely each class is of each of the *pictures* (m, d), float32 (m, classes): the nearer, the more."""
    near = pictures @ vocabulary.held[1].T
    best = near.max(axis=1, keepdims=True)
    likely = np.exp((near - best) / (_SHARPNESS * np.maximum(np.abs(best), 1e-6)))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True), np.float32)


def _alike(one: str, other: str) -> bool:
    return any(same_word(a, b) for a in one.casefold().split() for b in other.casefold().split())


def picture_words(
    embeddings: Embeddings, is_picture: BoolArray, groups: list[NDArray[np.int64]], vocabulary: Vocabulary
) -> list[Keywords]:
    """Return for each cluster the words nearest to where its pictures differ from all pictures."""
    everywhere = embeddings.vectors[is_picture].mean(axis=0)
    found: list[Keywords] = []
    for rows in groups:
        own = rows[is_picture[rows]]
        found.append(_different(embeddings.vectors[own].mean(axis=0), everywhere, vocabulary) if len(own) else [])
    return found


def nearest_words(centre: FloatArray, everywhere: FloatArray, vocabulary: Vocabulary) -> list[tuple[int, float]]:
    """Return the words that point to where *centre* differs from *everywhere*, or to the centre if it hardly does.

    Each is its place in the vocabulary and its score, the best 1.0 and first.

    A word's pull is divided by how far it is from the mean word, so that words with an unusual sense do not win
    wherever something is unusual.  On 1,500 photos of ten kinds, 32 pixels wide, the kind was among a folder's
    first three words for 8 of 10 folders this way, for 7 without it.
    """
    apart = centre - everywhere
    if np.linalg.norm(apart) < 0.05 * np.linalg.norm(centre):
        apart = centre
    score = vocabulary.apart @ apart
    order = np.argsort(-score, kind="stable")
    best = score[order[0]]
    return [(int(at), float(score[at] / best)) for at in order[:_LOOKED_AT] if score[at] > 0]


def _different(centre: FloatArray, everywhere: FloatArray, vocabulary: Vocabulary) -> Keywords:
    """Return the words that point there, of several forms of one word the best."""
    best: Keywords = []
    for at, score in nearest_words(centre, everywhere, vocabulary):
        word = vocabulary.words[at]
        if len(best) < TOP and not any(same_word(word, other) for other, _ in best):
            best.append((word, score))
    return best
