"""Text encoders that average word vectors, of a file of word2vec's, GloVe's or fastText's: `words:FILE`.

A word counts the less the more frequent it is, and what all texts share is taken out: SIF, Arora, Liang and Ma 2017, "A
simple but tough-to-beat baseline for sentence embeddings" – weight a/(a + p(w)), then without the first principal
component.  p(w) is what Zipf's law says of the word's place in the file, as such files hold no counts; in a file in the
order of the alphabet all words count alike.  The component is fitted once, on texts that are drawn by p(w) from the
file's own words, always the same ones, so that a vector depends on its text alone; of files with less than 1,000 words
none is taken out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explorer.encoders.family import EncoderSpec, Weights
from explorer.encoders.sentence import texts_of, unit
from explorer.encoders.wordtables import WordTable, content_of, table_of
from explorer.kinds import kind_of
from explorer.types import TEXT, BoolArray, Encoder, FloatArray, Item

VERSION = 1
"""To be raised when what is made of a text changes."""
RARE = 1e-3
"""The a of the paper, which finds 1e-4 to 1e-3 alike."""
_TEXTS, _WORDS, _FEWEST = 2_000, 12, 1_000
"""Drawn texts, words of each, and words of a file at least, for the component that all texts share."""
_MOST, _CHARACTERS, _LONGEST, _PHRASE = 1_024, 500_000, 10**6, 100
_MOSTLY = 0.5
"""From which share of its letters in unknown words a text counts as unread."""
_WORD = re.compile(r"\w+(?:['’.\-]\w+)*")
_PART = re.compile(r"\w+")


class WordEncoder:
    """Makes vectors of texts from those of their words; nan for a text with no word that the file has."""

    modalities = frozenset({TEXT})

    def __init__(self, table: WordTable, *, name: str, fingerprint: str) -> None:
        self.name, self.fingerprint, self._table = name, fingerprint, table
        self.dim = int(table.vectors.shape[1])

    def batch_size(self, item: Item) -> int:
        """Return how many texts of this length are encoded at once."""
        return max(1, min(_MOST, _CHARACTERS // max(1, len(kind_of(item).words(item) or ""))))

    def encode(self, items: Sequence[Item]) -> FloatArray:
        """Return float32 (m, dim) unit vectors.  Raises WrongModality for a picture."""
        found = self._rows(texts_of(items, self.name, _LONGEST))
        made = np.zeros((len(items), self.dim), np.float32)
        for at, rows in enumerate(found):
            if len(rows):
                own = np.asarray(self._table.vectors[rows], np.float32)
                made[at] = self.weights(rows) @ own / len(rows)
        made = unit(made - np.outer(made @ self.component, self.component))
        made[~made.any(axis=1)] = np.nan
        return made

    def truncates(self, items: Sequence[Item]) -> BoolArray:
        """Return bool (m,): none, but for texts of more than a million characters."""
        return np.array([len(kind_of(item).words(item) or "") > _LONGEST for item in items], np.bool_)

    def unread(self, texts: Sequence[str | None]) -> BoolArray:
        """Return bool (m,): which texts have half of their letters, or more, in words that the file does not have."""
        flags = np.zeros(len(texts), np.bool_)
        for at, text in enumerate(texts):
            words = _WORD.findall((text or "")[:_LONGEST])
            if words:
                known = self._known(words)
                lost = sum(len(word) for word, rows in zip(words, known, strict=True) if not rows)
                flags[at] = lost >= _MOSTLY * sum(map(len, words)) and not self._whole([text or ""])[0]
        return flags

    def weights(self, rows: NDArray[np.int64]) -> FloatArray:
        """Return how much the words of these rows count, float32 (m,) up to 1."""
        if not self._table.ranked:
            return np.ones(len(rows), np.float32)
        return np.asarray(RARE / (RARE + _frequency(rows, len(self._table.vectors))), np.float32)

    @cached_property
    def component(self) -> FloatArray:
        """The direction that all texts share, float32 (dim,) of unit length; zeros where none is taken out."""
        n = len(self._table.vectors)
        if n < _FEWEST or not self._table.ranked:
            return np.zeros(self.dim, np.float32)
        often = np.cumsum(_frequency(np.arange(n), n))
        drawn = np.searchsorted(often / often[-1], np.random.default_rng(0).random(_TEXTS * _WORDS))
        rows, at = np.unique(drawn, return_inverse=True)
        own = np.asarray(self._table.vectors[rows], np.float32) * self.weights(rows)[:, None]
        texts = own[at].reshape(_TEXTS, _WORDS, -1).mean(axis=1)
        _, _, directions = np.linalg.svd(texts, full_matrices=False)
        return np.asarray(directions[0], np.float32)

    def _rows(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        """Return the rows of each text's words: of one that is itself a word of the file, or a phrase, that alone."""
        whole = self._whole(texts)
        words = [[] if row else _WORD.findall(text) for text, row in zip(texts, whole, strict=True)]
        known = iter(self._known([word for own in words for word in own]))
        return [
            np.array(row or [found for _ in own for found in next(known)], np.int64)
            for own, row in zip(words, whole, strict=True)
        ]

    def _whole(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the row of each text that is itself a word of the file, "New York" as "New_York", too."""
        short = [text.strip() if len(text) <= _PHRASE else "" for text in texts]
        tried = [short, [text.replace(" ", "_") for text in short], [text.lower() for text in short]]
        tried.append([text.replace(" ", "_") for text in tried[2]])
        rows = np.stack([self._table.find(forms) for forms in tried]) if short else np.zeros((1, 0), np.int64)
        return [_first(column) if text else [] for text, column in zip(short, rows.T.tolist(), strict=True)]

    def _known(self, words: Sequence[str]) -> list[list[int]]:
        """Return the rows of each word: as it is written, in small letters, with a capital, or of its parts."""
        unlike = list(dict.fromkeys(words))
        if not unlike:
            return []
        tried = [unlike, [word.lower() for word in unlike], [word.capitalize() for word in unlike]]
        rows = np.stack([self._table.find(forms) for forms in tried])
        found = dict(zip(unlike, map(_first, rows.T.tolist()), strict=True))
        parted = {word: parts for word in unlike if not found[word] and len(parts := _PART.findall(word)) > 1}
        if parted:
            parts = self._known([part for own in parted.values() for part in own])
            left = iter(parts)
            found |= {word: [row for _ in own for row in next(left)] for word, own in parted.items()}
        return [found[word] for word in words]


def _first(rows: Sequence[int]) -> list[int]:
    row = next((row for row in rows if row >= 0), -1)
    return [] if row < 0 else [row]


def _frequency(rows: NDArray[np.int64], words: int) -> NDArray[np.float64]:
    """Return how frequent words are by Zipf's law, of which the *words* first ones are all: 1 / (rank · H)."""
    return np.asarray(1 / ((rows + 1.0) * (np.log(words) + 0.5772)), np.float64)


class WordsFamily:
    """`words:FILE`: averages of word vectors."""

    prefix = "words"
    forms = ("words:FILE",)

    def specs(self) -> Sequence[EncoderSpec]:
        """Return the pattern that stands for all."""
        return (
            EncoderSpec(
                "words:FILE",
                "Texts by the mean of their words' vectors, of a file of word2vec, GloVe or fastText.",
                WordEncoder.modalities,
                None,
                0,
                "see the file",
                offline=False,
                needs="a file of word vectors",
                good_for="words, very many texts, languages with vectors of their own",
            ),
        )

    def canonical(self, rest: str) -> str:
        """Return the whole path of the file."""
        return str(Path(rest).expanduser().resolve())

    def folder(self, rest: str) -> Path:
        """Return the file that is named: it may lie where a folder with a model may."""
        return Path(rest).expanduser()

    def modalities(self, _rest: str) -> frozenset[str]:
        """Return that it reads texts."""
        return WordEncoder.modalities

    def fingerprint(self, rest: str) -> str:
        """Return what identifies its vectors.  Raises MissingWeights."""
        return f"words:{VERSION}:{content_of(Path(rest))}"

    def is_here(self, rest: str) -> bool:
        """Whether there is such a file."""
        return Path(rest).is_file()

    def load(self, rest: str, _device: str) -> Encoder:
        """Return it ready to use.  Raises MissingWeights."""
        return loaded(rest)

    def unread(self, rest: str, texts: Sequence[str | None]) -> BoolArray:
        """Return bool (m,): which texts are mostly in words that the file does not have."""
        return loaded(rest).unread(texts)

    def weights(self) -> Sequence[Weights]:
        """Return nothing: its weights come with no package."""
        return ()


def loaded(file: str) -> WordEncoder:
    """Return the encoder of a file.  Raises MissingWeights."""
    path = Path(file)
    return WordEncoder(table_of(path), name=f"words:{file}", fingerprint=f"words:{VERSION}:{content_of(path)}")


WORD_AVERAGES = WordsFamily()
