"""CLAP models through transformers: `clap:FOLDER` and `clap:OWNER/MODEL`; texts and sounds in one space.

It trains nothing.  A model hears ten seconds; of a longer sound several windows, evenly spread over its first ten
minutes, are heard, and the mean of their vectors is its own: nothing is cut at random, as the library would.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.encoders import hardware, weights
from explorer.encoders.family import EncoderSpec, Weights, refuse_others
from explorer.encoders.pieces import TOKENIZER, well_formed
from explorer.encoders.sentence import unit
from explorer.errors import MissingWeights, UnknownEncoder, UnreadableFile
from explorer.kinds import LISTENED, by_kind, heard, kind_of
from explorer.types import SOUND, TEXT, BoolArray, Encoder, FloatArray, Item

VERSION = 1
"""To be raised when what this module does to an item before transformers gets it changes."""
DEFAULT = "laion/clap-htsat-unfused"
WINDOWS = 12
"""Windows of a long sound that are heard."""
_CONFIG = "config.json"
_AT_ONCE, _GPU_AT_ONCE, _TEXTS_AT_ONCE = 8, 64, 64
_LONGEST_TEXT, _TOKENS = 20_000, 512
_REPOSITORY = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*")


class ClapEncoder:
    """A CLAP model; sounds are decoded in threads while the network hears those before."""

    modalities = frozenset({TEXT, SOUND})

    def __init__(self, model: Any, processor: Any, *, name: str, fingerprint: str, device: str) -> None:
        self.name, self.fingerprint, self._device, self._model = name, fingerprint, device, model
        self._features, self._tokenizer = processor.feature_extractor, processor.tokenizer
        self.dim = int(model.config.projection_dim)
        self._rate = int(self._features.sampling_rate)
        self._window = int(self._features.nb_max_samples)
        most = int(getattr(model.config.text_config, "max_position_embeddings", _TOKENS)) - 2
        self._tokens = max(2, min(most, _TOKENS, int(self._tokenizer.model_max_length)))
        self._at_once = _AT_ONCE if device == "cpu" else _GPU_AT_ONCE

    def batch_size(self, item: Item) -> int:
        """Return how many texts, or sounds of this length, are encoded at once."""
        if kind_of(item).has_words:
            return _TEXTS_AT_ONCE
        seconds = float(getattr(item, "seconds", 0.0))
        return max(1, self._at_once // min(WINDOWS, 1 + int(seconds * self._rate / self._window)))

    def encode(self, items: Sequence[Item]) -> FloatArray:
        """Return float32 (m, dim) unit vectors; a row of nan for a sound that cannot be decoded.

        Raises WrongModality for what is neither text nor sound.
        """
        refuse_others(items, self.name, self.modalities)
        vectors = np.full((len(items), self.dim), np.nan, np.float32)
        rows = by_kind(items)
        texts, sounds = rows.get(TEXT, ()), rows.get(SOUND, ())
        for at in range(0, len(texts), _TEXTS_AT_ONCE):
            some = texts[at : at + _TEXTS_AT_ONCE]
            vectors[some] = self._texts([str(items[row])[:_LONGEST_TEXT] for row in some])
        for row, windows in zip(sounds, self._windows([items[row] for row in sounds]), strict=True):
            if windows:
                vectors[row] = unit(self._sounds(windows).mean(axis=0, keepdims=True))[0]
        return vectors

    def truncates(self, items: Sequence[Item]) -> BoolArray:
        """Return bool (m,): which texts have more tokens than it reads, which sounds are not heard whole."""
        flags = np.zeros(len(items), np.bool_)
        found = by_kind(items)
        for row in found.get(TEXT, ()):
            text = str(items[row])
            if len(text.encode("utf-8", "replace")) > self._tokens - 2:  # a token is a byte at least
                counted = self._tokenizer(well_formed(text[:_LONGEST_TEXT]), truncation=False, verbose=False)
                flags[row] = len(text) > _LONGEST_TEXT or len(counted["input_ids"]) > self._tokens
        longest = WINDOWS * self._window / self._rate
        for row in found.get(SOUND, ()):
            flags[row] = getattr(items[row], "seconds", 0.0) > longest
        return flags

    def _windows(self, sounds: Sequence[Item]) -> Iterator[list[NDArray[np.float32]]]:
        """Yield the windows of each sound, decoded some ahead; none of one that cannot be decoded."""
        with ThreadPoolExecutor(hardware.cores()) as pool:
            for at in range(0, len(sounds), self._at_once):
                yield from pool.map(self._decoded, sounds[at : at + self._at_once])

    def _decoded(self, sound: Item) -> list[NDArray[np.float32]]:
        try:
            samples = heard(sound, self._rate, listened=LISTENED).samples
        except UnreadableFile:
            return []
        return windows_of(samples, self._window)

    def _sounds(self, windows: list[NDArray[np.float32]]) -> FloatArray:
        import torch

        made = []
        for at in range(0, len(windows), self._at_once):
            told = self._features(windows[at : at + self._at_once], sampling_rate=self._rate, return_tensors="pt")
            features = told["input_features"].to(self._device)
            # The library says of one of several, drawn by chance, that it is longer; none is.
            longer = torch.zeros((len(features), 1), dtype=torch.bool, device=self._device)
            hardware.one_team()
            with torch.inference_mode():
                made.append(_array(self._model.get_audio_features(input_features=features, is_longer=longer)))
        return np.concatenate(made)

    def _texts(self, texts: list[str]) -> FloatArray:
        import torch

        how = {"padding": True, "truncation": True, "max_length": self._tokens, "return_tensors": "pt"}
        read = self._tokenizer([well_formed(text) or " " for text in texts], **how)
        given = {name: read[name].to(self._device) for name in ("input_ids", "attention_mask")}
        hardware.one_team()
        with torch.inference_mode():
            return _array(self._model.get_text_features(**given))


def windows_of(samples: NDArray[np.float32], length: int) -> list[NDArray[np.float32]]:
    """Return what is heard of a sound: the whole of it, or windows of *length* samples evenly from start to end.

    They lie side by side or overlap where it takes no more than `WINDOWS` of them.
    """
    if len(samples) <= length:
        return [samples]
    count = min(WINDOWS, -(-len(samples) // length))
    starts = np.linspace(0, len(samples) - length, count).astype(np.int64)
    return [samples[start : start + length] for start in starts]


def _array(told: Any) -> FloatArray:
    """Return what a network gives, a tensor or an output that holds it, as unit vectors."""
    tensor = getattr(told, "pooler_output", told)
    return unit(tensor.float().cpu().numpy().astype(np.float32))


def fingerprint(named: str) -> str:
    """Return what identifies the vectors: weights (a folder's content, a revision), windows, who prepares items."""
    made = f"{VERSION}:{WINDOWS}:{LISTENED}:{weights.releases('transformers', 'soundfile', 'soxr')}"
    if Path(named).is_dir():
        return f"clap:{made}:local:{weights.folder_digest(Path(named))}"
    return f"clap:{made}:{named}:{weights.cached_revision(named) or ''}"


def load_clap(named: str, device: str) -> ClapEncoder:
    """Return a CLAP model.  Raises MissingWeights when its weights are neither here nor reachable, or not whole."""
    local = Path(named).is_dir() or weights.cached_revision(named) is not None
    if not local and not weights.may_download():
        raise _missing(named)
    try:
        model, processor = _create(named, local=local)
    except weights.load_faults() as exc:
        raise _missing(named, why=exc) from exc
    return ClapEncoder(model.to(device), processor, name=f"clap:{named}", fingerprint=fingerprint(named), device=device)


def _create(named: str, *, local: bool) -> tuple[Any, Any]:
    import transformers

    transformers.utils.logging.disable_progress_bar()
    how = {"local_files_only": local, "trust_remote_code": False}
    processor = transformers.ClapProcessor.from_pretrained(named, **how)
    model, told = transformers.ClapModel.from_pretrained(named, output_loading_info=True, **how)
    if told["missing_keys"]:  # the library would go on with random ones
        raise ValueError(f"{len(told['missing_keys'])} of its weights are missing")
    return model.eval(), processor


def _missing(named: str, why: BaseException | None = None) -> MissingWeights:
    reason = f" ({weights.told(why)})" if why else ""
    if Path(named).is_dir():
        return MissingWeights(
            f"the folder {named} holds no CLAP model that can be loaded{reason}; choose the folder that has its "
            f"config.json, or melstats, which is here."
        )
    return MissingWeights(
        f"the model {named!r} could not be downloaded: it is not in {weights.hub_cache()}, and its hub did not have it "
        f"or was not reached{reason}; connect to the internet and try again, choose melstats, which is here, or put "
        "the model into a folder and choose clap:FOLDER."
    )


class ClapFamily:
    """`clap`, `clap:OWNER/MODEL` and `clap:FOLDER`."""

    prefix = "clap"
    forms = ("clap", "clap:MODEL_OR_FOLDER")

    def specs(self) -> Sequence[EncoderSpec]:
        """Return the usual one, and the pattern that stands for all."""
        cached = weights.cached_revision(DEFAULT) is not None
        needs = "" if cached else "a download of 615 MB from the Hugging Face hub"
        told = {"good_for": "finding sounds by words", "longest": f"{WINDOWS} windows of 10 s, averaged"}
        reads, size = ClapEncoder.modalities, 0 if cached else 615
        said = "Sounds and texts in one space: a text finds sounds."
        return (
            EncoderSpec(f"clap:{DEFAULT}", said, reads, 512, size, "Apache-2.0", cached, needs, **told),  # type: ignore[arg-type]
            EncoderSpec(
                "clap:MODEL_OR_FOLDER",
                "Any CLAP model of transformers, by its name on the hub or its folder.",
                reads,
                None,
                0,
                "see the model",
                offline=False,
                needs=weights.FROM_HUB,
                **told,  # type: ignore[arg-type]
            ),
        )

    def canonical(self, rest: str) -> str:
        """Return the name, or the whole path of a folder; the usual one's for none.  Raises UnknownEncoder."""
        if not rest:
            return DEFAULT
        folder = Path(rest).expanduser()
        if folder.is_dir():
            if not (folder / _CONFIG).is_file():
                raise UnknownEncoder(f"there is no {_CONFIG} in {folder}; give the folder of a CLAP model.")
            return str(folder.resolve())
        if not _REPOSITORY.fullmatch(rest):
            raise UnknownEncoder(
                f"there is no folder {rest!r}, and it is no model of the hub; write clap:OWNER/MODEL or clap:FOLDER."
            )
        return rest

    def folder(self, rest: str) -> Path | None:
        """Return the folder that is named; None for a model of the hub."""
        if not rest or (_REPOSITORY.fullmatch(rest) and not os.path.isdir(rest)):  # noqa: PTH112 - it takes any name
            return None
        return Path(rest).expanduser()

    def modalities(self, _rest: str) -> frozenset[str]:
        """Return that it reads texts and sounds."""
        return ClapEncoder.modalities

    def fingerprint(self, rest: str) -> str:
        """Return what identifies its vectors."""
        return fingerprint(rest)

    def tokenizer(self, rest: str) -> Path | None:
        """Return the file of the model's word pieces; None where it has none, or none that is here."""
        file = Path(rest) / TOKENIZER
        return file if file.is_file() else weights.cached_file(rest, [TOKENIZER]) if "/" in rest else None

    def is_here(self, rest: str) -> bool:
        """Whether it is a folder, or in the hub's cache."""
        return Path(rest).is_dir() or weights.cached_revision(rest) is not None

    def load(self, rest: str, device: str) -> Encoder:
        """Return it ready to use.  Raises MissingWeights."""
        return load_clap(rest, device)

    def weights(self) -> Sequence[Weights]:
        """Return nothing: its weights come with no package."""
        return ()


CLAP = ClapFamily()
