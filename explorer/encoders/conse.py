"""`conse`: pictures and texts in one space, offline, from EfficientNet-Lite0 and MiniLM.

It trains nothing.  A picture's vector is ``[√α·c ; √(1-α)·f]``: c is the mean of what MiniLM
makes of its ten likeliest ImageNet classes, weighted by their probabilities, f the network's pooled features, each of
unit length.  A text's vector is ``[q ; 0]``, so the order in which a text finds pictures is that of q·c alone.
Source: Norouzi et al. 2014, "Zero-Shot Learning by Convex Combination of Semantic Embeddings", arXiv:1312.5650.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import numpy as np

from explorer.encoders import hardware, weights
from explorer.encoders.family import EncoderSpec, OneEncoder, refuse_others
from explorer.encoders.imagenet import class_texts
from explorer.encoders.lite0 import CLASSES, FEATURES, SIDE, Network, Pixels, of_this_machine
from explorer.encoders.minilm import TOKENS
from explorer.encoders.pieces import TOKENIZER
from explorer.encoders.sentence import SentenceEncoder, load_minilm, minilm_fingerprint, unit
from explorer.errors import UnreadableFile
from explorer.kinds import by_kind, kind_of
from explorer.types import IMAGE, TEXT, BoolArray, FloatArray, Item, cached_arrays

VERSION = 2
"""To be raised when what this module does to a picture, or says of a class, changes."""
ALPHA = 0.3
"""Share of the meaning part: measured on 1,500 photos, see tests/bench/conse.py."""
TOP = 10
TEMPERATURE = 1.5
"""Divides the logits: the network is surer of its first class than it should be, the next ones say something too."""
RESIZED = 256
# Measured on 2 cores: with batch norm folded into the convolutions, fp32 in batches of 4 a thread takes 12.8 ms of one
# core an image; bf16 is faster (7.5 ms) but moves the vectors to a cosine of 0.988, below the 0.999 that we promise.
CPU_BATCH, GPU_BATCH = 4, 64
CPU_PICTURES = 64
"""Pictures in a call, about half a second on two cores."""


class ConseEncoder:
    """EfficientNet-Lite0 and MiniLM joined; on a CPU decoding and network run in as many threads as there are cores."""

    name = "conse"
    modalities = frozenset({TEXT, IMAGE})

    def __init__(self, texts: SentenceEncoder, network: Network, *, fingerprint: str, device: str) -> None:
        self.fingerprint, self._texts, self._network, self._device = fingerprint, texts, network, device
        self.dim = texts.dim + FEATURES
        self._lock = threading.Lock()

    def batch_size(self, item: Item) -> int:
        """Return how many texts of this length, or how many pictures, are encoded at once."""
        if kind_of(item).has_words:
            return self._texts.batch_size(item)
        return CPU_PICTURES if self._device == "cpu" else 4 * GPU_BATCH

    def encode(self, items: Sequence[Item]) -> FloatArray:
        """Return float32 (m, 1664) unit vectors; a row of nan for a picture that cannot be opened."""
        refuse_others(items, self.name, self.modalities)
        vectors = np.zeros((len(items), self.dim), np.float32)
        rows = by_kind(items)
        texts, pictures = rows.get(TEXT, ()), rows.get(IMAGE, ())
        if texts:
            vectors[texts, : self._texts.dim] = self._texts.encode([items[i] for i in texts])
        if pictures:
            vectors[pictures] = self._join(*self.look([items[i] for i in pictures]))
        return vectors

    def truncates(self, items: Sequence[Item]) -> BoolArray:
        """Return bool (m,): which texts are longer than MiniLM reads."""
        return self._texts.truncates(items)

    def look(self, pictures: Sequence[Item]) -> tuple[FloatArray, FloatArray]:
        """Return pooled features (m, 1280) and class logits (m, 1000); rows of nan where a picture cannot be opened."""
        size = GPU_BATCH if self._device != "cpu" else CPU_BATCH
        batches = [pictures[at : at + size] for at in range(0, len(pictures), size)]
        if self._device != "cpu":
            parts = self._decoded_ahead(batches)
        else:
            self._class_vectors  # noqa: B018 - computed with all threads, before each has its own core
            parts = self._in_threads(batches)
        features, logits = zip(*parts, strict=True)
        return np.concatenate(features), np.concatenate(logits)

    def _in_threads(self, batches: list[Sequence[Item]]) -> list[tuple[FloatArray, FloatArray]]:
        if not self._network.by_torch:
            with ThreadPoolExecutor(hardware.cores()) as pool:
                return list(pool.map(self._forward, batches))
        import torch

        before = torch.get_num_threads()
        with self._lock, ThreadPoolExecutor(hardware.cores(), initializer=torch.set_num_threads, initargs=(1,)) as pool:
            try:
                return list(pool.map(self._forward, batches))
            finally:
                torch.set_num_threads(before)

    def _decoded_ahead(self, batches: list[Sequence[Item]]) -> list[tuple[FloatArray, FloatArray]]:
        """Decode in threads, a batch a core, while the device works on those before."""
        at_once = hardware.cores()
        parts = []
        with ThreadPoolExecutor(at_once) as pool:
            for at in range(0, len(batches), at_once):
                group = batches[at : at + at_once]
                decoded = zip(group, pool.map(_pixels, group), strict=True)
                parts += [self._see(len(batch), *pixels) for batch, pixels in decoded]
        return parts

    def _forward(self, pictures: Sequence[Item]) -> tuple[FloatArray, FloatArray]:
        return self._see(len(pictures), *_pixels(pictures))

    def _see(self, count: int, pixels: Pixels, opened: list[int]) -> tuple[FloatArray, FloatArray]:
        features = np.full((count, FEATURES), np.nan, np.float32)
        logits = np.full((count, CLASSES), np.nan, np.float32)
        if opened:
            features[opened], logits[opened] = self._network.look(pixels)
        return features, logits

    def _join(self, features: FloatArray, logits: FloatArray) -> FloatArray:
        meaning = unit(_top_probabilities(logits / TEMPERATURE) @ self._class_vectors)
        joined = np.hstack([np.sqrt(ALPHA) * meaning, np.sqrt(1 - ALPHA) * unit(features)])
        return unit(joined.astype(np.float32))

    @cached_property
    def _class_vectors(self) -> FloatArray:
        """Float32 (1000, 384): what each ImageNet class means to MiniLM, by its first two names and its definition.

        To a sentence encoder "a photo of a Granny Smith" is near to grandmothers; "apple with a green skin and hard
        tart flesh" is not.  Measured with both, and the temperature: docs/measurements.md.
        """
        names, definitions = class_texts()
        photos = [f"a photo of a {name}" for name in names]

        def made() -> dict[str, FloatArray]:
            return {"vectors": unit(self._texts.encode(photos) + self._texts.encode(definitions))}

        depends = (self._texts.fingerprint, self._device, hardware.has_bf16(), photos, definitions)
        return np.asarray(cached_arrays("classes", depends, made)["vectors"], np.float32)


def fingerprint() -> str:
    """Return what identifies the vectors: both networks' weights, how they are joined, who prepares the pictures."""
    made = f"{VERSION}:{weights.releases('timm', 'Pillow')}"
    parts = f"{weights.LITE0_SHA256[:16]}:{RESIZED}-{SIDE}:{TOP}:{TEMPERATURE}:{ALPHA}"
    return f"conse:{made}:{parts}:{minilm_fingerprint()}"


def load_conse(device: str) -> ConseEncoder:
    """Return the encoder from the installed packages, both verified.  Raises MissingWeights."""
    network = of_this_machine(weights.lite0_file(), weights.LITE0_SHA256, device)
    return ConseEncoder(load_minilm(device), network, fingerprint=fingerprint(), device=device)


def _pixels(pictures: Sequence[Item]) -> tuple[Pixels, list[int]]:
    """Return uint8 (o, 224, 224, 3) of the pictures that open, and which those are."""
    from PIL import Image

    crops, opened = [], []
    for at, picture in enumerate(pictures):
        try:
            image = kind_of(picture).picture(picture, size=RESIZED)
        except UnreadableFile:
            continue
        scale = RESIZED / min(image.size)
        width, height = (max(RESIZED, round(side * scale)) for side in image.size)
        left, top = (width - SIDE) // 2, (height - SIDE) // 2
        box = (left / scale, top / scale, (left + SIDE) / scale, (top + SIDE) / scale)
        box = (max(box[0], 0), max(box[1], 0), min(box[2], image.width), min(box[3], image.height))
        crops.append(np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BICUBIC, box=box)))
        opened.append(at)
    return np.stack(crops) if crops else np.zeros((0, SIDE, SIDE, 3), np.uint8), opened


def _top_probabilities(logits: FloatArray) -> FloatArray:
    """Return the probabilities of each row's ten likeliest classes, zero for the others; nan stays nan."""
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities = exps / exps.sum(axis=1, keepdims=True)
    kept = np.where(np.isnan(logits), np.nan, 0).astype(np.float32)
    best = np.argpartition(-probabilities, TOP, axis=1)[:, :TOP]
    np.put_along_axis(kept, best, np.take_along_axis(probabilities, best, 1), 1)
    return kept


CONSE = OneEncoder(
    EncoderSpec(
        "conse",
        "Pictures and texts in one space, from EfficientNet-Lite0 and MiniLM.",
        ConseEncoder.modalities,
        1664,
        0,
        "Apache-2.0",
        offline=True,
        languages=frozenset({"en"}),
        good_for="photos of things that have a name, and English words for them",
        longest=f"{TOKENS} word pieces of a text",
        size_mb=108,
    ),
    identify=fingerprint,
    open=load_conse,
    find=lambda: weights.lite0_file(),
    pieces=lambda: weights.minilm_folder() / TOKENIZER,
)
