"""An encoder's word pieces by themselves: their numbers in texts, and the vectors that its network begins with.

No network is loaded: the file of weights that lies beside the word pieces is enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from explorer.encoders.pieces import well_formed, whole_tokenizer
from explorer.types import FloatArray

WEIGHTS = "model.safetensors"
_NAMES = ("word_embeddings.weight", "embed_tokens.weight", "tok_embeddings.weight", "shared.weight")
_CHARACTERS = 2_000
"""Of each text: more than encoders read of it."""


class WordPieces:
    """The *size* word pieces of the tokenizer in *file*."""

    def __init__(self, file: Path) -> None:
        self._file, self._tokenizer = file, whole_tokenizer(file)
        self.size: int = self._tokenizer.get_vocab_size()

    def numbers(self, texts: Sequence[str]) -> list[list[int]]:
        """Return of each text the numbers of its pieces, without those that mark its ends; 20,000 texts a second."""
        begun = [well_formed(text[:_CHARACTERS]) for text in texts]
        return [one.ids for one in self._tokenizer.encode_batch_fast(begun, add_special_tokens=False)]

    def known(self) -> FloatArray:
        """Return float32 (size, d): what the network knows of each piece before its first layer; d may be 0."""
        return vectors_of_pieces(self._file, self.size)


def vectors_of_pieces(file: Path, size: int) -> FloatArray:
    """Return float32 (size, d): what a network knows of each of *size* word pieces, whose tokenizer is in *file*.

    (size, 0) where no such table is found beside it: nothing is then known of a piece by itself.
    """
    weights = file.with_name(WEIGHTS)
    if not weights.is_file():
        return np.zeros((size, 0), np.float32)
    from safetensors import safe_open

    with safe_open(weights, framework="pt") as tensors:
        found = [name for name in sorted(tensors.keys()) if name.endswith(_NAMES)]
        shapes = {name: tensors.get_slice(name).get_shape() for name in found}
        name = next((name for name in found if len(shapes[name]) == 2 and shapes[name][0] >= size), None)
        if name is None:
            return np.zeros((size, 0), np.float32)
        table: FloatArray = tensors.get_tensor(name)[:size].float().numpy()
    return table
