"""all-MiniLM-L6-v2 by torch alone: the vectors that sentence-transformers makes of it, in a process that starts soon.

It computes what the network's configuration says and no other network: six layers of BERT, the mean of the tokens.
To import sentence-transformers and transformers takes 7 s of the processor, to read these weights 0.1 s.
Source: Devlin et al. 2019, "BERT", arXiv:1810.04805; Reimers and Gurevych 2019, "Sentence-BERT", arXiv:1908.10084.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from explorer.encoders.pieces import TOKENIZER, whole_tokenizer
from explorer.types import FloatArray

LAYERS, HEADS, DIM, EPSILON = 6, 12, 384, 1e-12
TOKENS = 256
"""What it reads of a text."""


class MiniLM:
    """The network and its tokenizer, from the *folder* that holds both."""

    dim, tokens = DIM, TOKENS

    def __init__(self, folder: Path, device: str) -> None:
        from safetensors.torch import load_file

        self._tokenizer = whole_tokenizer(folder / TOKENIZER)
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

        ids = [self._cut(one.ids) for one in self._tokenizer.encode_batch_fast(list(texts))]
        order = sorted(range(len(ids)), key=lambda row: -len(ids[row]))
        vectors = np.empty((len(ids), DIM), np.float32)
        for at in range(0, len(order), at_once):
            rows = order[at : at + at_once]
            longest = len(ids[rows[0]])
            padded = torch.tensor([ids[row] + [0] * (longest - len(ids[row])) for row in rows], device=self._device)
            lengths = torch.tensor([len(ids[row]) for row in rows], device=self._device)
            vectors[rows] = self._mean(padded, lengths).cpu().numpy()
        return vectors

    def counts(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has, those that mark its ends among them."""
        return [len(one.ids) for one in self._tokenizer.encode_batch_fast(list(texts))]

    def _cut(self, ids: list[int]) -> list[int]:
        return ids if len(ids) <= TOKENS else [*ids[: TOKENS - 1], ids[-1]]

    def _mean(self, ids: Any, lengths: Any) -> Any:
        """Return the unit vectors of texts, from their padded tokens (m, t) and numbers of tokens (m)."""
        import torch
        from torch.nn import functional

        within = torch.arange(ids.shape[1], device=self._device) < lengths[:, None]
        mask = None if bool(within.all()) else within[:, None, None, :]
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
