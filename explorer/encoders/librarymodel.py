"""Has OpenVINO compute the transformer of a model of sentence-transformers; all around it stays the library's.

What the library does before and after – prompts, word pieces, pooling, layers of its own – it goes on doing.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from explorer.encoders.compiled import ANY, compiled

_TAKEN = ("input_ids", "attention_mask", "token_type_ids")
_LENGTHS = (150, 3, 61)
"""Word pieces of the texts that it is checked by: more than what local attention sees of a text."""


def compile_words(model: Any, identity: str) -> bool:
    """Have OpenVINO compute what the first module of a model makes of texts, if it can; *identity* tells its weights.

    Return whether it does.
    """
    first = model[0]
    network, told = getattr(first, "model", None), getattr(first, "modality_config", {}).get("text", {})
    taken = [name for name in getattr(first.tokenizer, "model_input_names", ()) if name in _takes(first)]
    hidden = told.get("method") == "forward" and told.get("method_output_name") in (
        "last_hidden_state",
        ("last_hidden_state",),
    )
    if network is None or not hidden or taken[:1] != ["input_ids"] or "attention_mask" not in taken:
        return False

    def words(*tensors: Any) -> Any:
        given = dict(zip(taken, tensors, strict=True))
        seen = network(**given, return_dict=True).last_hidden_state
        return seen * given["attention_mask"][..., None].to(seen.dtype)

    network.requires_grad_(requires_grad=False)  # else torch puts no weights into what is converted
    vocabulary = int(network.get_input_embeddings().num_embeddings)
    longest = min(_LENGTHS[0], int(model.max_seq_length or _LENGTHS[0]))
    check = _texts(taken, [min(longest, length) for length in _LENGTHS], vocabulary)
    found = compiled(
        "st", (identity, *taken), lambda: words, _texts(taken, [ANY, ANY - 3], vocabulary), check, alone=True
    )
    if found is not None:
        first.model = _module(network.config, taken, found)
    return found is not None


def _takes(first: Any) -> tuple[str, ...]:
    """Return which of what a tokenizer makes the network takes."""
    named = getattr(first, "model_forward_params", None) or _TAKEN
    return tuple(name for name in _TAKEN if name in named)


def _texts(taken: list[str], lengths: list[int], vocabulary: int) -> tuple[Any, ...]:
    """Return what a tokenizer would make of random texts of so many word pieces."""
    rng = np.random.default_rng(0)
    within = (np.arange(max(lengths)) < np.array(lengths)[:, None]).astype(np.int64)
    pieces = rng.integers(min(5, vocabulary - 1), vocabulary, within.shape) * within
    made = {"input_ids": pieces, "attention_mask": within, "token_type_ids": np.zeros_like(within)}
    return tuple(made[name] for name in taken)


def _module(config: Any, taken: list[str], network: Any) -> Any:
    import torch

    class Words(torch.nn.Module):
        """Stands in the place of a transformer."""

        def __init__(self) -> None:
            super().__init__()
            self.config = config

        def forward(self, **given: Any) -> Any:
            ids = given["input_ids"]
            arrays = [given[name].cpu().numpy() if name in given else np.zeros(ids.shape, np.int64) for name in taken]
            return _Seen(torch.from_numpy(network(*arrays)[0]))

    return Words().eval()


class _Seen(SimpleNamespace):
    """What the library reads of a transformer's answer, by name or as an attribute."""

    def __init__(self, words: Any) -> None:
        super().__init__(last_hidden_state=words)

    def __getitem__(self, name: str) -> Any:
        return vars(self)[name]
