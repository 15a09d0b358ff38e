"""all-MiniLM-L6-v2 by torch, or OpenVINO, alone: the vectors that sentence-transformers makes of it, and starts soon.

It computes what the network's configuration says and no other network: six layers of BERT, the mean of the tokens.
To import sentence-transformers and transformers takes 7 s of the processor, to read these weights 0.1 s.
Source: Devlin et al. 2019, "BERT", arXiv:1810.04805; Reimers and Gurevych 2019, "Sentence-BERT", arXiv:1908.10084.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.encoders.compiled import ANY, Compiled, compiled
from explorer.encoders.pieces import TOKENIZER, whole_tokenizer
from explorer.types import FloatArray

LAYERS, HEADS, DIM, EPSILON = 6, 12, 384, 1e-12
TOKENS = 256
"""What it reads of a text."""
PIECES, TEXTS = 512, 16
"""Word pieces, and texts, that one core computes at once: what lies between the layers stays in its cache.

Texts a second of the processor, beside other work: 213 by 256 pieces, 207 by 512, 180 by 1,024, 185 by 4,096.
"""


class _Tokens:
    """What both ways to compute the network know of texts, by the tokenizer in a *folder*."""

    dim, tokens = DIM, TOKENS

    def __init__(self, folder: Path) -> None:
        self._tokenizer = whole_tokenizer(folder / TOKENIZER)

    def counts(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has, those that mark its ends among them."""
        return [len(one.ids) for one in self._tokenizer.encode_batch_fast(list(texts))]

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        return [cut(one.ids) for one in self._tokenizer.encode_batch_fast(list(texts))]


class MiniLM(_Tokens):
    """The network and its tokenizer, from the *folder* that holds both."""

    by_torch = True

    def __init__(self, folder: Path, device: str) -> None:
        from safetensors.torch import load_file

        super().__init__(folder)
        self._device = device
        self._weights = load_file(folder / "model.safetensors", device=device)
        for layer in range(LAYERS):  # one product instead of three
            self._join(f"encoder.layer.{layer}.attention.self")

    def _join(self, name: str) -> None:
        import torch

        for part in ("weight", "bias"):
            self._weights[f"{name}.{part}"] = torch.cat(
                [self._weights.pop(f"{name}.{one}.{part}") for one in ("query", "key", "value")]
            )

    def encode(self, texts: Sequence[str], at_once: int) -> FloatArray:
        """Return float32 (m, 384) unit vectors, computed for at most *at_once* texts of like length at a time."""
        import torch

        ids = self._ids(texts)
        order = sorted(range(len(ids)), key=lambda row: -len(ids[row]))
        vectors = np.empty((len(ids), DIM), np.float32)
        for at in range(0, len(order), at_once):
            rows = order[at : at + at_once]
            filled, lengths = (torch.from_numpy(one).to(self._device) for one in padded([ids[row] for row in rows]))
            vectors[rows] = self._mean(filled, lengths).cpu().numpy()
        return vectors

    def mean(self, ids: Any, lengths: Any) -> Any:
        """Return the unit vectors (m, 384) of texts, from their padded tokens (m, t) and numbers of tokens (m)."""
        return self._mean(ids, lengths, some_shorter=True)

    def _mean(self, ids: Any, lengths: Any, *, some_shorter: bool | None = None) -> Any:
        import torch
        from torch.nn import functional

        within = torch.arange(ids.shape[1], device=self._device) < lengths[:, None]
        shorter = not bool(within.all()) if some_shorter is None else some_shorter
        mask = within[:, None, None, :] if shorter else None
        names = ("word_embeddings", "token_type_embeddings", "position_embeddings")
        words, types, places = (self._weights[f"embeddings.{name}.weight"] for name in names)
        hidden = self._norm(words[ids] + types[0] + places[: ids.shape[1]], "embeddings")
        for layer in range(LAYERS):
            hidden = self._layer(hidden, mask, f"encoder.layer.{layer}")
        spread = within[..., None].to(torch.float32)
        return functional.normalize((hidden.float() * spread).sum(1) / spread.sum(1))

    def _layer(self, hidden: Any, mask: Any, name: str) -> Any:
        from torch.nn import functional

        many, tokens, _ = hidden.shape
        joined = self._linear(hidden, f"{name}.attention.self").view(many, tokens, 3, HEADS, DIM // HEADS)
        query, key, value = joined.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        seen = seen.transpose(1, 2).reshape(many, tokens, DIM)
        hidden = self._norm(self._linear(seen, f"{name}.attention.output.dense") + hidden, f"{name}.attention.output")
        wide = functional.gelu(self._linear(hidden, f"{name}.intermediate.dense"))
        return self._norm(self._linear(wide, f"{name}.output.dense") + hidden, f"{name}.output")

    def _linear(self, hidden: Any, name: str) -> Any:
        from torch.nn import functional

        return functional.linear(hidden, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

    def _norm(self, hidden: Any, name: str) -> Any:
        from torch.nn import functional

        weight, bias = (self._weights[f"{name}.LayerNorm.{part}"] for part in ("weight", "bias"))
        return functional.layer_norm(hidden, (DIM,), weight, bias, EPSILON)


class CompiledMiniLM(_Tokens):
    """The same network, computed by OpenVINO: each core computes texts of like length."""

    by_torch = False

    def __init__(self, folder: Path, network: Compiled) -> None:
        super().__init__(folder)
        self._network = network

    def encode(self, texts: Sequence[str], at_once: int) -> FloatArray:
        """Return float32 (m, 384) unit vectors, in the order given."""
        ids = self._ids(texts)
        batches = list(_batches(ids))
        vectors = np.empty((len(ids), DIM), np.float32)
        seen = self._network.each(padded([ids[row] for row in rows]) for rows in batches)
        for rows, (found,) in zip(batches, seen, strict=True):
            vectors[rows] = found
        return vectors


def of_this_machine(folder: Path, identity: str, device: str) -> MiniLM | CompiledMiniLM:
    """Return the network in a folder on a device, by what is fastest there; *identity* tells its weights."""
    example = (np.ones((2, ANY), np.int64), np.array([ANY, ANY - 2], np.int64))
    check = padded([list(range(1000, 1000 + length)) for length in (21, 3, 14)])
    if device == "cpu":
        network = compiled("minilm", (identity,), lambda: MiniLM(folder, "cpu").mean, example, check)
        if network is not None:
            return CompiledMiniLM(folder, network)
    return MiniLM(folder, device)


def cut(ids: list[int]) -> list[int]:
    """Return the tokens of a text that are read, the one that ends it among them."""
    return ids if len(ids) <= TOKENS else [*ids[: TOKENS - 1], ids[-1]]


def padded(ids: Sequence[list[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return tokens of texts (m, t), filled up with 0 behind their ends, and how many each text has (m)."""
    lengths = np.array([len(one) for one in ids], np.int64)
    filled = np.zeros((len(ids), int(lengths.max(initial=0))), np.int64)
    filled[np.arange(filled.shape[1]) < lengths[:, None]] = np.concatenate(ids)
    return filled, lengths


def _batches(ids: Sequence[list[int]]) -> Iterator[list[int]]:
    """Yield rows of texts of like length, the longest first: so many as one core computes at once."""
    order = sorted(range(len(ids)), key=lambda row: -len(ids[row]))
    at = 0
    while at < len(order):
        size = max(1, min(TEXTS, PIECES // len(ids[order[at]])))
        yield order[at : at + size]
        at += size
