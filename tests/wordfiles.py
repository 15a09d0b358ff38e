"""Files of word vectors as tests need them: trained on some sentences by what stands together, written in each way."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

SENTENCES = (
    [f"the {animal} eats {food} in the {place}" for animal in ("cat", "dog", "horse", "cow")
     for food in ("grass", "meat", "hay", "fish") for place in ("barn", "field", "stable")]
    + [f"{city} is the capital of {country} and a {size} city" for city, country in
       (("paris", "france"), ("rome", "italy"), ("berlin", "germany"), ("madrid", "spain"), ("lisbon", "portugal"))
       for size in ("large", "old", "lively", "quiet")]
    + [f"a {tool} cuts {stuff} with {how}" for tool in ("saw", "knife", "axe", "chisel")
       for stuff in ("wood", "bread", "rope", "leather") for how in ("force", "care", "ease")]
)  # fmt: skip


def trained(sentences: Sequence[str] = SENTENCES, numbers: int = 8) -> tuple[list[str], np.ndarray]:
    """Return words, the most frequent first, and their vectors float32 (n, numbers): an SVD of positive PMI."""
    told = [sentence.split() for sentence in sentences]
    counts: dict[str, int] = {}
    for words in told:
        for word in words:
            counts[word] = counts.get(word, 0) + 1
    vocabulary = sorted(counts, key=lambda word: (-counts[word], word))
    at = {word: place for place, word in enumerate(vocabulary)}
    together = np.zeros((len(vocabulary), len(vocabulary)))
    for words in told:
        for one in words:
            for other in words:
                together[at[one], at[other]] += one != other
    expected = together.sum(1, keepdims=True) * together.sum(0) / together.sum()
    pmi = np.log(np.maximum(together, 1e-9) / expected).clip(0)
    left, sizes, _ = np.linalg.svd(pmi)
    return vocabulary, (left[:, :numbers] * np.sqrt(sizes[:numbers])).astype(np.float32)


def as_text(words: Sequence[str], vectors: np.ndarray, *, head: bool = True) -> bytes:
    """Return a file of word2vec's or, without a *head*, GloVe's text form; numbers read back are the same."""
    lines = [f"{len(words)} {vectors.shape[1]}"] if head else []
    lines += [
        f"{word} {' '.join(repr(float(one)) for one in vector)}" for word, vector in zip(words, vectors, strict=True)
    ]
    return ("\n".join(lines) + "\n").encode()


def as_binary(words: Sequence[str], vectors: np.ndarray, *, newline: bool = True) -> bytes:
    """Return a file of word2vec's binary form, as its own program writes it or, without *newline*, as others do."""
    made = [f"{len(words)} {vectors.shape[1]}\n".encode()]
    for word, vector in zip(words, vectors, strict=True):
        made.append(word.encode() + b" " + struct.pack(f"<{len(vector)}f", *vector) + b"\n" * newline)
    return b"".join(made)


def written(path: Path, content: bytes) -> Path:
    """Write a file and return its path."""
    path.write_bytes(content)
    return path
