"""A table of tokens in model2vec's form, made in the test: word pieces of some texts, vectors by chance."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

DIM = 16


def folder(into: Path, texts: Sequence[str], *, kind: str = "plain", dtype: Any = np.float32, **config: Any) -> Path:
    """Write a folder whose tokens are word pieces of *texts*; *kind* "mapped" has weights and a mapping, too."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator(
        [*texts, "a word or two"], trainers.WordPieceTrainer(vocab_size=300, special_tokens=["[PAD]", "[UNK]"])
    )
    size = tokenizer.get_vocab_size()
    chance = np.random.default_rng(0)
    held: dict[str, Any] = {}
    if kind == "mapped":
        held["embeddings"] = chance.normal(size=(20, DIM)).astype(dtype)
        held["mapping"] = chance.integers(0, 20, size).astype(np.int64)
        held["weights"] = chance.random(size).astype(np.float32)
    else:
        held["embeddings"] = (40 * chance.normal(size=(size, DIM))).astype(dtype)
    save_file(held, into / "model.safetensors")
    tokenizer.save(str(into / "tokenizer.json"))
    (into / "config.json").write_text(json.dumps({"normalize": True, **config}))
    return into
