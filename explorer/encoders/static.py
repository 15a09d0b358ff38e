"""Text encoders that are a table of tokens, in a folder of model2vec's form: `static:FOLDER`.

A text's vector is the mean of its tokens'; no network is computed, so that thousands of texts take a second.
Source: model2vec 0.10 (MIT), whose vectors these are; it is not needed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.encoders import weights
from explorer.encoders.family import EncoderSpec, Weights
from explorer.encoders.pieces import TOKENIZER, whole_tokenizer
from explorer.encoders.sentence import texts_of, unit
from explorer.errors import MissingWeights
from explorer.kinds import by_kind, kind_of
from explorer.types import TEXT, BoolArray, Encoder, FloatArray, Item

VERSION = 1
"""To be raised when what this module makes of a text changes."""
CONFIG, MODEL = "config.json", "model.safetensors"
_MOST, _CHARACTERS = 1_024, 500_000
"""Texts at once, and characters of them."""
_TOKENS = 512
"""Tokens that are read of a text where the folder says nothing else."""


@dataclass(frozen=True)
class Table:
    """Vectors of tokens (t, d), how much each counts (t,) or None, and which vector each token has or None: its own."""

    vectors: NDArray[Any]
    weights: NDArray[Any] | None
    mapping: NDArray[np.int64] | None
    tokens: int | None
    """How many tokens of a text are read; None: all."""

    def means(self, ids: Sequence[Sequence[int]]) -> FloatArray:
        """Return float32 (m, d), the mean of the vectors of each text's tokens; nan for a text without any."""
        counts = np.array([len(own) for own in ids], np.int64)
        flat = np.fromiter((token for own in ids for token in own), np.int64, int(counts.sum()))
        rows = flat if self.mapping is None else self.mapping[flat]
        found = self.vectors[rows].astype(np.float32)
        if self.weights is not None:
            found *= self.weights[flat].astype(np.float32)[:, None]
        means = np.full((len(ids), self.vectors.shape[1]), np.nan, np.float32)
        there = np.flatnonzero(counts)
        if len(there):
            starts = np.cumsum(counts)[there] - counts[there]
            means[there] = np.add.reduceat(found, starts, axis=0) / counts[there, None]
        return means


class StaticEncoder:
    """Makes vectors of texts by a table of tokens; nan for a text of which the table knows no token."""

    modalities = frozenset({TEXT})

    def __init__(self, table: Table, tokenizer: Any, *, name: str, fingerprint: str) -> None:
        self.name, self.fingerprint, self._table, self._tokenizer = name, fingerprint, table, tokenizer
        self.dim = int(table.vectors.shape[1])
        if table.tokens is not None:
            tokenizer.enable_truncation(table.tokens)
        model = json.loads(tokenizer.to_str()).get("model", {})
        unknown = model.get("unk_token")
        self._unknown = model.get("unk_id") if unknown is None else tokenizer.token_to_id(unknown)

    @cached_property
    def _longest(self) -> int:
        """Characters of a text that are read at most: as many as so many tokens of the usual length have."""
        usual = int(np.median([len(token) for token in self._tokenizer.get_vocab()] or [1]))
        return 10**6 if self._table.tokens is None else self._table.tokens * max(1, usual)

    def batch_size(self, item: Item) -> int:
        """Return how many texts of this length are encoded at once."""
        return max(1, min(_MOST, _CHARACTERS // max(1, len(kind_of(item).words(item) or ""))))

    def encode(self, items: Sequence[Item]) -> FloatArray:
        """Return float32 (m, dim) unit vectors.  Raises WrongModality for a picture."""
        if not items:
            return np.zeros((0, self.dim), np.float32)
        texts = texts_of(items, self.name, self._longest)
        told = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        ids = [[token for token in one.ids if token != self._unknown] for one in told]
        made = unit(self._table.means(ids))
        made[~made.any(axis=1)] = np.nan  # tokens that cancel each other out point nowhere
        return made

    def truncates(self, items: Sequence[Item]) -> BoolArray:
        """Return bool (m,): which texts have more tokens, or far more characters, than are read."""
        flags = np.zeros(len(items), np.bool_)
        most = self._table.tokens
        texts = {} if most is None else {i: str(items[i]) for i in by_kind(items).get(TEXT, ())}
        rows = [i for i, text in texts.items() if len(text.encode("utf-8", "replace")) > (most or 0)]
        if rows:
            begun = texts_of([items[i] for i in rows], self.name, self._longest)
            told = self._tokenizer.encode_batch(begun, add_special_tokens=False)
            cut = [bool(one.overflowing) for one in told]
            flags[rows] = [more or len(texts[i]) > self._longest for i, more in zip(rows, cut, strict=True)]
        return flags


def load_static(folder: str) -> StaticEncoder:
    """Return the table in a folder.  Raises MissingWeights where it holds none, or a damaged one."""
    where = Path(folder)
    try:
        table = _table(where)
    except weights.load_faults() as exc:
        raise _missing(folder, exc) from exc
    try:
        tokenizer = whole_tokenizer(where / TOKENIZER)
    except Exception as exc:  # tokenizers raises nothing narrower
        raise _missing(folder, exc) from exc
    size, known = tokenizer.get_vocab_size(), len(table.vectors if table.mapping is None else table.mapping)
    if size != known or (table.mapping is not None and int(table.mapping.max(initial=0)) >= len(table.vectors)):
        raise _missing(folder, ValueError(f"its {TOKENIZER} has {size:,} tokens, its table {known:,}"))
    return StaticEncoder(table, tokenizer, name=f"static:{folder}", fingerprint=fingerprint_of(folder))


def _table(folder: Path) -> Table:
    from safetensors.numpy import load_file

    held = load_file(folder / MODEL)
    vectors = held["embeddings"] if "embeddings" in held else held["embedding.weight"]
    if vectors.ndim != 2 or not vectors.size:
        raise ValueError("its embeddings are no table")
    try:
        config = json.loads((folder / CONFIG).read_bytes())
    except FileNotFoundError:
        config = {}
    tokens = config.get("max_length", _TOKENS) if isinstance(config, dict) else _TOKENS
    if tokens is not None and not (isinstance(tokens, int) and tokens > 0):
        raise ValueError(f"max_length in its {CONFIG} is {tokens!r}")
    mapping = held.get("mapping")
    return Table(vectors, held.get("weights"), None if mapping is None else mapping.astype(np.int64), tokens)


def fingerprint_of(folder: str) -> str:
    """Return what identifies the vectors of a folder: its content, and who cuts texts to tokens."""
    if not is_folder(folder):
        raise _missing(folder)
    return f"static:{VERSION}:{weights.releases('tokenizers')}:{weights.folder_digest(Path(folder))}"


def is_folder(folder: str) -> bool:
    """Whether a folder looks like one of a table."""
    return all((Path(folder) / name).is_file() for name in (MODEL, TOKENIZER))


def _missing(folder: str, why: BaseException | None = None) -> MissingWeights:
    reason = f" ({weights.told(why)})" if why else ""
    return MissingWeights(
        f"the folder {folder} holds no table of tokens that can be loaded{reason}; choose one of model2vec's, with "
        f"{MODEL}, {TOKENIZER} and {CONFIG}, or minilm, which is here."
    )


class StaticFamily:
    """`static:FOLDER`: tables of tokens in folders."""

    prefix = "static"
    forms = ("static:FOLDER",)

    def specs(self) -> Sequence[EncoderSpec]:
        """Return the pattern that stands for all."""
        return (
            EncoderSpec(
                "static:FOLDER",
                "Texts by the mean of their tokens, in a folder of model2vec's form: thousands a second.",
                StaticEncoder.modalities,
                None,
                0,
                "see the model",
                offline=False,
                needs="a folder with model.safetensors, tokenizer.json and config.json",
                good_for="very many texts, a first look",
                longest="512 tokens",
            ),
        )

    def canonical(self, rest: str) -> str:
        """Return the whole path of the folder."""
        return str(Path(rest).expanduser().resolve())

    def folder(self, rest: str) -> Path:
        """Return the folder that is named."""
        return Path(rest).expanduser()

    def modalities(self, _rest: str) -> frozenset[str]:
        """Return that it reads texts."""
        return StaticEncoder.modalities

    def fingerprint(self, rest: str) -> str:
        """Return what identifies its vectors.  Raises MissingWeights."""
        return fingerprint_of(rest)

    def tokenizer(self, rest: str) -> Path | None:
        """Return the file of the table's tokens; None where there is none."""
        file = Path(rest) / TOKENIZER
        return file if file.is_file() else None

    def is_here(self, rest: str) -> bool:
        """Whether the folder holds a table."""
        return is_folder(rest)

    def load(self, rest: str, _device: str) -> Encoder:
        """Return it ready to use.  Raises MissingWeights."""
        return load_static(rest)

    def weights(self) -> Sequence[Weights]:
        """Return nothing: its weights come with no package."""
        return ()


STATIC = StaticFamily()
