"""Text encoders: `minilm`, and any other of sentence-transformers by name or folder as `st:NAME`.

It finds no weights of its own accord: the registry hands it a folder or a name that is known to be loadable.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from explorer.encoders import beginnings, hardware, weights
from explorer.encoders.family import EncoderSpec, OneEncoder, Weights
from explorer.encoders.librarymodel import compile_words
from explorer.encoders.minilm import TOKENS, of_this_machine
from explorer.encoders.pieces import TOKENIZER, well_formed
from explorer.encoders.prompts import CONFIG, Prompts, in_folder
from explorer.errors import MissingWeights, WrongModality
from explorer.kinds import by_kind, kind_of, nouns_of
from explorer.types import TEXT, BoolArray, Encoder, FloatArray, Item, digest

VERSION = 1
"""To be raised when what this module does to a text before sentence-transformers gets it changes."""
CPU_BATCH, GPU_BATCH = 64, 256
"""Most texts at once.  2,048 short texts on two cores, CPU seconds: 7.9 by 32, 7.1 by 64, 7.3 by 128, 8.4 by 256."""
COMPILED_BATCH = 256
"""The same where each core takes a few of them at a time: more, so that none waits for the others often."""
CHARACTERS_A_TOKEN = 3
"""A low guess, so that a batch takes less time than meant rather than more; English has about four."""
MINILM_WORK = 11e6 * TOKENS
"""Parameters outside the word table times tokens."""
MOST = 32
"""Texts of 256 tokens that minilm encodes in about a second on 2 cores; larger models are called with fewer."""


_MODEL_FILES = ("modules.json", "config.json")
_REPOSITORY = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)?")


class TextModel(Protocol):
    """A network that makes a vector of a text, of which it reads so many *tokens*."""

    dim: int
    tokens: int
    by_torch: bool
    """Whether torch computes it."""

    def encode(self, texts: Sequence[str], at_once: int) -> FloatArray:
        """Return (m, dim), computed for at most *at_once* texts of like length at a time, in the order given."""

    def counts(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has."""


class LibraryModel:
    """A model of sentence-transformers."""

    by_torch = True

    def __init__(self, model: Any) -> None:
        self._model = model
        self._prompts = Prompts.of(model.prompts or {}, model.default_prompt_name)
        self.dim = int(model.get_embedding_dimension())
        self.tokens = int(model.max_seq_length or 512)

    def encode(self, texts: Sequence[str], at_once: int) -> FloatArray:
        """Return what the model makes of the texts; it sorts them by length itself."""
        return self._made(self._model.encode_document, texts, at_once, self._prompts.document)

    def encode_queries(self, texts: Sequence[str], at_once: int) -> FloatArray:
        """Return what the model makes of texts to search with."""
        return self._made(self._model.encode_query, texts, at_once, self._prompts.query)

    @staticmethod
    def _made(encode: Callable[..., Any], texts: Sequence[str], at_once: int, prompt: str) -> FloatArray:
        vectors = encode(list(texts), prompt=prompt, batch_size=at_once, convert_to_numpy=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32)

    def counts(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has, with what stands before it."""
        begun = [self._prompts.document + text for text in texts]
        return list(map(len, self._model.tokenizer(begun, truncation=False, verbose=False)["input_ids"]))


class SentenceEncoder:
    """Makes vectors of texts by a model; texts are sorted by length inside, results come in the order given."""

    modalities = frozenset({TEXT})

    def __init__(
        self,
        model: TextModel,
        *,
        name: str,
        fingerprint: str,
        device: str,
        longest_at_once: int,
        most: int = CPU_BATCH,
    ) -> None:
        self.name, self.fingerprint, self._device, self._model = name, fingerprint, device, model
        self.dim, self._tokens = model.dim, model.tokens
        self._most = most if device == "cpu" else GPU_BATCH
        self._longest_at_once = longest_at_once if device == "cpu" else GPU_BATCH

    def batch_size(self, item: Item) -> int:
        """Return how many texts of this length are encoded at once: more of short ones."""
        words = kind_of(item).words(item)
        tokens = self._tokens if words is None else min(self._tokens, len(words) // CHARACTERS_A_TOKEN + 2)
        return max(1, min(self._most, self._longest_at_once * self._tokens // tokens))

    def encode(self, items: Sequence[Item]) -> FloatArray:
        """Return float32 (m, dim) unit vectors.  Raises WrongModality for a picture."""
        return self._made(items, self._model.encode)

    def encode_query(self, items: Sequence[Item]) -> FloatArray:
        """Return the same of texts to search with, where the model tells these from those that are searched."""
        return self._made(items, getattr(self._model, "encode_queries", self._model.encode))

    def _made(self, items: Sequence[Item], encode: Callable[[Sequence[str], int], FloatArray]) -> FloatArray:
        texts = [self._begun(text) for text in texts_of(items, self.name, beginnings.LONGEST + 1)]
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        if not self._model.by_torch:
            return unit(encode(texts, self._most))
        import torch

        with torch.inference_mode(), hardware.fast_precision(self._device):
            return unit(encode(texts, self._most))

    def truncates(self, items: Sequence[Item]) -> BoolArray:
        """Return bool (m,): which texts have more tokens than the model reads (256 for minilm)."""
        flags = np.zeros(len(items), np.bool_)
        texts = by_kind(items).get(TEXT, ())
        # A token is at least one byte, so a text that is short in bytes needs no counting.
        least, most = self._tokens - 2, beginnings.LONGEST
        rows = [i for i in texts if len(str(items[i])[:most].encode("utf-8", "replace")) > least]
        if rows:
            begun = [self._begun(well_formed(str(items[i])[: most + 1])) for i in rows]
            counts = self._model.counts(begun)
            flags[rows] = [n > self._tokens or len(str(items[i])) > most for i, n in zip(rows, counts, strict=True)]
        return flags

    def _begun(self, text: str) -> str:
        return beginnings.beginning(text, self._tokens, lambda begun: self._model.counts([begun])[0])


def minilm_fingerprint() -> str:
    """Return what identifies the vectors of `minilm`: weights, how much of a text is read, who cuts it to tokens.

    The libraries that it names no longer compute them; to leave them out would have every dataset embedded anew for
    vectors that are the same to the fifth digit.
    """
    return f"minilm:{_made()}:{weights.MINILM_SHA256[:16]}:{TOKENS}"


def named_fingerprint(named: str) -> str:
    """Return the same of a folder (its content) or a hub model (its revision, once it is in the cache)."""
    if Path(named).is_dir():
        _check_model(Path(named))
        return f"st:{_made()}:{weights.folder_digest(Path(named))}{_told_apart(Path(named))}"
    repo = repository(named)
    config = weights.cached_file(repo, [CONFIG])
    told = _told_apart(config.parent) if config is not None else ""
    return f"st:{_made()}:{repo}:{weights.cached_revision(repo) or ''}{told}"


def _told_apart(folder: Path) -> str:
    """Return what of a fingerprint says that a model's prompts are heeded, which they once were not; "" without any."""
    found = in_folder(folder)
    return f":prompts:{digest((found.query, found.document))[:16]}" if found.query or found.document else ""


def _check_model(folder: Path) -> None:
    """Raise MissingWeights unless a folder looks like a model that needs no code of its own; reads two small files."""
    if not any((folder / name).is_file() for name in _MODEL_FILES):
        raise _missing(str(folder))
    try:
        modules = json.loads((folder / "modules.json").read_bytes())
    except (OSError, ValueError):
        return  # there is none, or the library says what is wrong with it
    kinds = [str(one.get("type", "")) for one in modules if isinstance(one, dict)] if isinstance(modules, list) else []
    foreign = [kind for kind in kinds if not kind.startswith("sentence_transformers.")]
    if foreign:
        raise _missing(str(folder), why=ValueError(f"it brings code of its own, {foreign[0]!r}, which is never run"))


def _made() -> str:
    return f"{VERSION}:{weights.releases('sentence-transformers', 'transformers')}{hardware.engine()}"


def load_minilm(device: str) -> SentenceEncoder:
    """Return all-MiniLM-L6-v2 from the installed package, verified.  Raises MissingWeights."""
    model = of_this_machine(weights.minilm_folder(), weights.MINILM_SHA256, device)
    most = CPU_BATCH if model.by_torch else COMPILED_BATCH
    parts = {"name": "minilm", "fingerprint": minilm_fingerprint(), "device": device}
    return SentenceEncoder(model, **parts, longest_at_once=MOST, most=most)


def load_named(named: str, device: str) -> SentenceEncoder:
    """Return the model in a folder or on the hub.  Raises MissingWeights when it is neither here nor reachable."""
    fingerprint = named_fingerprint(named)
    folder = Path(named).expanduser()
    repo = repository(named)
    local = folder.is_dir() or weights.cached_revision(repo) is not None
    if not local and not weights.may_download():
        raise _missing(named)
    try:
        network = _model(str(folder) if folder.is_dir() else repo, device, local=local)
    except weights.load_faults() as exc:
        raise _missing(named, why=exc) from exc
    if device == "cpu":
        compile_words(network, fingerprint)
    model = LibraryModel(network)
    longest = _longest_at_once(network, model.tokens)
    return SentenceEncoder(model, name=f"st:{named}", fingerprint=fingerprint, device=device, longest_at_once=longest)


def repository(named: str) -> str:
    """Return the hub's full name of a model; those without an owner belong to sentence-transformers."""
    return named if "/" in named else f"sentence-transformers/{named}"


def texts_of(items: Sequence[Item], encoder: str, most: int) -> list[str]:
    """Return the items as texts of *most* characters at most.  Raises WrongModality when one is something else."""
    others = by_kind(items).keys() - {TEXT}
    if others:
        raise WrongModality(f"the encoder {encoder} reads texts, not {nouns_of(others)[1]}; choose conse or clip.")
    return [well_formed(str(item)[:most]) for item in items]


def unit(vectors: FloatArray) -> FloatArray:
    """Return the rows scaled to length 1; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: FloatArray = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths != 0)
    return scaled


def _longest_at_once(model: Any, tokens: int) -> int:
    """Return how many of the longest texts take about a second on a small CPU, from the size of the network."""
    import torch

    words = {id(p) for layer in model.modules() if isinstance(layer, torch.nn.Embedding) for p in layer.parameters()}
    working = sum(p.numel() for p in model.parameters() if id(p) not in words)
    return max(1, min(MOST, int(MOST * MINILM_WORK / max(1, working * tokens))))


def _model(source: str, device: str, *, local: bool) -> Any:
    import transformers
    from sentence_transformers import SentenceTransformer

    transformers.utils.logging.disable_progress_bar()
    return SentenceTransformer(source, device=device, local_files_only=local, trust_remote_code=False).eval()


def _missing(named: str, why: BaseException | None = None) -> MissingWeights:
    reason = f" ({weights.told(why)})" if why else ""
    if Path(named).expanduser().is_dir():
        return MissingWeights(
            f"the folder {named} holds no sentence-transformers model that can be loaded{reason}; choose the folder "
            "that has its modules.json, or minilm, which is here."
        )
    return MissingWeights(
        f"the model {named!r} could not be downloaded: it is not in {weights.hub_cache()}, and its hub did not have it "
        f"or was not reached{reason}; connect to the internet and try again, choose minilm, which is here, or put the "
        "model into a folder and choose st:FOLDER."
    )


MINILM = OneEncoder(
    EncoderSpec(
        "minilm",
        "Texts by meaning: all-MiniLM-L6-v2, fast and good in English.",
        SentenceEncoder.modalities,
        384,
        0,
        "Apache-2.0",
        offline=True,
        languages=frozenset({"en"}),
        good_for="short English texts: questions, reviews, tickets, titles",
        longest=f"{TOKENS} word pieces",
        size_mb=91,
    ),
    identify=minilm_fingerprint,
    open=load_minilm,
    find=lambda: weights.minilm_folder(),
    pieces=lambda: weights.minilm_folder() / TOKENIZER,
)


class NamedFamily:
    """`st:NAME_OR_FOLDER`: sentence-transformers models of the hub and in folders."""

    prefix = "st"
    forms = ("st:NAME",)

    def specs(self) -> Sequence[EncoderSpec]:
        """Return the pattern that stands for all."""
        return (
            EncoderSpec(
                "st:NAME_OR_FOLDER",
                "Any sentence-transformers model, by its name or folder.",
                SentenceEncoder.modalities,
                None,
                0,
                "see the model",
                offline=False,
                needs=weights.FROM_HUB,
                good_for="other languages, code, long or special texts",
            ),
        )

    def canonical(self, rest: str) -> str:
        """Return the name, or the whole path of a folder."""
        folder = Path(rest).expanduser()
        return str(folder.resolve()) if folder.is_dir() else rest

    def folder(self, rest: str) -> Path | None:
        """Return the folder that is named; None for the name of a hub's model, such as OWNER/MODEL."""
        if _REPOSITORY.fullmatch(rest) and not os.path.isdir(rest):  # noqa: PTH112 - it takes any name
            return None
        return Path(rest).expanduser()

    def modalities(self, _rest: str) -> frozenset[str]:
        """Return that it reads texts."""
        return SentenceEncoder.modalities

    def fingerprint(self, rest: str) -> str:
        """Return what identifies its vectors."""
        return named_fingerprint(rest)

    def tokenizer(self, rest: str) -> Path | None:
        """Return the file of the model's word pieces; None where it has none, or none that is here."""
        file = Path(rest) / TOKENIZER
        return file if file.is_file() else weights.cached_file(repository(rest), [TOKENIZER])

    def is_here(self, rest: str) -> bool:
        """Whether it is a folder, or in the hub's cache."""
        return Path(rest).is_dir() or weights.cached_revision(repository(rest)) is not None

    def load(self, rest: str, device: str) -> Encoder:
        """Return it ready to use.  Raises MissingWeights."""
        return load_named(rest, device)

    def weights(self) -> Sequence[Weights]:
        """Return nothing: its weights come with no package."""
        return ()


NAMED = NamedFamily()
