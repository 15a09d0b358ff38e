"""Networks that see and read no words, through timm: `timm:NAME`, and `timm:FOLDER` for one in a folder.

A picture's vector is what the network pools before it names a class: ResNet-50, DINOv2, any that timm lists.  It never
computes with weights that were not trained: what is not whole in a file is refused.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from contextlib import nullcontext
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from explorer.encoders import ahead, hardware, weights
from explorer.encoders.compiled import compiled
from explorer.encoders.family import EncoderSpec, Weights
from explorer.encoders.sentence import unit
from explorer.errors import MissingWeights, UnknownEncoder, WrongModality
from explorer.kinds import by_kind, nouns_of
from explorer.types import IMAGE, BoolArray, Encoder, FloatArray, Item

VERSION = 1
"""To be raised when what this module does to a picture changes."""
CHUNK, GPU_CHUNK = 16, 64
CONFIG = "config.json"
FILES = ("model.safetensors", "pytorch_model.safetensors", "pytorch_model.bin", "pytorch_model.pth", "model.pth")
"""What the weights in a folder may be called, as timm saves them or as they are at hand."""
_FORM = "write timm:NAME, such as timm:resnet50.a1_in1k, or timm:FOLDER for a model that timm saved."
_MODEL = re.compile(r"@register_model\s+def (\w+)\(")
_TAGGED = re.compile(r"^\s*['\"](\w+)\.(\w+)(\*?)['\"]\s*:", re.MULTILINE)


class VisionEncoder:
    """A network of timm without its classes; pictures are decoded in threads while it works on those before."""

    modalities = frozenset({IMAGE})

    def __init__(self, model: Any, *, name: str, fingerprint: str, device: str) -> None:
        import torch
        from timm.data import create_transform, resolve_model_data_config

        prepared = resolve_model_data_config(model)
        self.name, self.fingerprint, self._device, self._model = name, fingerprint, device, model
        self._transform = create_transform(**prepared, is_training=False)
        self._side = int(max(prepared["input_size"][1:]) / prepared["crop_pct"])
        with torch.inference_mode():
            self.dim = int(model(torch.zeros((1, *prepared["input_size"]), device=device)).shape[1])
        size = sum(weight.numel() for weight in model.parameters())
        self._compiled = None
        if device == "cpu":
            model.requires_grad_(requires_grad=False)
            check = np.random.default_rng(0).normal(size=(3, *prepared["input_size"])).astype(np.float32)
            # bf16 on a CPU moves what convolutions see by more than a thousandth.
            self._compiled = compiled(
                "timm", (fingerprint,), lambda: model, (check[:1],), (check,), precise=True, alone=True
            )
        self._at_once = ahead.at_once(size, (self._side // 16) ** 2) if device == "cpu" else 4 * GPU_CHUNK

    def batch_size(self, item: Item) -> int:
        """Return how many pictures are encoded at once."""
        return self._at_once

    def encode(self, items: Sequence[Item]) -> FloatArray:
        """Return float32 (m, dim) unit vectors; a row of nan for a picture that cannot be opened.

        Raises WrongModality for a text.
        """
        others = by_kind(items).keys() - self.modalities if items else frozenset()
        if others:
            raise WrongModality(
                f"the encoder {self.name} sees pictures and reads no {nouns_of(others)[1]}; choose conse or clip."
            )
        vectors = np.full((len(items), self.dim), np.nan, np.float32)
        pictures = list(enumerate(items))
        chunk = CHUNK if self._device == "cpu" else GPU_CHUNK
        for rows, pixels in ahead.opened(pictures, self._transform, side=self._side, chunk=chunk):
            vectors[rows] = self._seen(pixels)
        return vectors

    def truncates(self, items: Sequence[Item]) -> BoolArray:
        """Return bool (m,), all False: pictures are seen whole."""
        return np.zeros(len(items), np.bool_)

    def _seen(self, pixels: Any) -> FloatArray:
        if self._compiled is not None:
            return unit(self._compiled(pixels.numpy())[0])
        import torch

        hardware.one_team()
        precision = hardware.fast_precision(self._device) if self._device == "cuda" else nullcontext()
        with torch.inference_mode(), precision:
            return unit(self._model(pixels.to(self._device)).float().cpu().numpy().astype(np.float32))


@lru_cache(maxsize=1)
def listed() -> dict[str, tuple[str, ...]]:
    """Return the names of timm's networks, each with the tags of its weights, its default first.

    They are read from timm's source as text: to import it takes 4 s of the processor.
    """
    spec = find_spec("timm")
    places = spec.submodule_search_locations if spec is not None else None
    sources = sorted((Path(next(iter(places))) / "models").glob("*.py")) if places else []
    texts = [source.read_text(encoding="utf-8") for source in sources]
    tags: dict[str, list[str]] = {name: [] for text in texts for name in _MODEL.findall(text)}
    for text in texts:
        for name, tag, first in _TAGGED.findall(text):
            known = tags.get(name, [])
            if tag not in known:
                known.insert(0 if first else len(known), tag)
    return {name: tuple(found) for name, found in tags.items()}


def canonical(named: str) -> str:
    """Return NAME.TAG or a folder's whole path.  Raises UnknownEncoder, MissingWeights."""
    folder = Path(named).expanduser()
    if folder.is_dir():
        _check_folder(folder)
        return str(folder.resolve())
    name, _, tag = named.partition(".")
    if name not in listed():
        near = difflib.get_close_matches(name, sorted(listed()), n=1, cutoff=0.5) or ["resnet50"]
        raise UnknownEncoder(f"timm lists no model {name!r}, but for example {near[0]!r}; {_FORM}")
    tags = listed()[name]
    if not tag and tags:
        return f"{name}.{tags[0]}"
    if tag and tags and tag not in tags:
        known = difflib.get_close_matches(tag, tags, n=5, cutoff=0.3) or tags[:5]
        raise UnknownEncoder(f"the model {name!r} has no weights {tag!r}; choose from {', '.join(known)}; {_FORM}")
    return named


def _check_folder(folder: Path) -> None:
    if not (folder / CONFIG).is_file():
        raise UnknownEncoder(f"there is no {CONFIG} in {folder}; give the folder of a model that timm saved.")
    if _file(folder) is None:
        raise MissingWeights(f"there are no weights ({', '.join(FILES)}) in {folder}; put them there.")


def _file(folder: Path) -> Path | None:
    return next((folder / name for name in FILES if (folder / name).is_file()), None)


def fingerprint(named: str) -> str:
    """Return what identifies the vectors: the weights, and who prepares the pictures."""
    made = f"timm:{VERSION}:{weights.releases('timm', 'Pillow', 'torchvision')}{hardware.engine()}"
    if Path(named).is_dir():
        return f"{made}:folder:{weights.folder_digest(Path(named))}"
    return f"{made}:{named}"


def is_cached(named: str) -> bool:
    """Whether the weights are in a folder, or in the hub's cache."""
    return Path(named).is_dir() or weights.cached_file(f"timm/{named}", FILES) is not None


def load_vision(named: str, device: str) -> VisionEncoder:
    """Return a network of timm.  Raises MissingWeights where its weights are not here, not whole, or not to be had."""
    cached = is_cached(named)
    if not cached and not weights.may_download():
        raise _missing(named)
    try:
        with weights.without_hub() if cached else nullcontext():
            model = _of_folder(Path(named)) if Path(named).is_dir() else _of_hub(named)
        model.reset_classifier(0)
        model = model.to(device).eval()
        return VisionEncoder(model, name=f"timm:{named}", fingerprint=fingerprint(named), device=device)
    except weights.load_faults() as exc:
        raise _missing(named, why=exc) from exc


def _of_hub(named: str) -> Any:
    import timm

    told = timm.get_pretrained_cfg(named)
    if told is None or not told.has_weights:
        raise ValueError("timm has no weights of it")
    # With its classes, as timm leaves weights that are missing as they are where it is asked for none.
    return timm.create_model(named, pretrained=True)


def _of_folder(folder: Path) -> Any:
    import json

    import timm
    from timm.models import load_state_dict

    told = json.loads((folder / CONFIG).read_bytes())
    if not isinstance(told, dict) or told.get("architecture") not in listed():
        raise ValueError(f"its {CONFIG} names no architecture of timm")
    given = {name: told[name] for name in ("num_classes", "pretrained_cfg") if told.get(name) is not None}
    model = timm.create_model(told["architecture"], pretrained=False, **(given | (told.get("model_args") or {})))
    fit = model.load_state_dict(load_state_dict(str(_file(folder)), weights_only=True), strict=False)
    differ = [*fit.missing_keys, *fit.unexpected_keys]
    if differ:
        raise ValueError(f"its weights are not those of {told['architecture']}: {len(differ)} differ, as {differ[0]}")
    return model


def _missing(named: str, why: BaseException | None = None) -> MissingWeights:
    reason = f" ({weights.told(why)})" if why else ""
    if Path(named).is_dir():
        return MissingWeights(f"the model in {named} cannot be loaded{reason}; save it with timm again.")
    return MissingWeights(
        f"the model timm:{named} could not be downloaded: it is not in {weights.hub_cache()}, and its hub did not have "
        f"it or was not reached{reason}; connect to the internet and try again, choose conse, which is here, or "
        "timm:FOLDER for one that timm saved."
    )


class VisionFamily:
    """`timm:NAME` and `timm:FOLDER`."""

    prefix = "timm"
    forms = ("timm:NAME",)

    def specs(self) -> Sequence[EncoderSpec]:
        """Return two that are known well, and the pattern for all others."""
        return (
            _listed("resnet50.a1_in1k", "Pictures by what a ResNet-50 sees; reads no words.", 2048, 102),
            _listed(
                "vit_small_patch14_dinov2.lvd142m", "Pictures by how they look, by DINOv2; reads no words.", 384, 88
            ),
            EncoderSpec(
                "timm:NAME_OR_FOLDER",
                "Pictures, by any model of timm or in a folder; no words.",
                VisionEncoder.modalities,
                None,
                0,
                "see the model",
                offline=False,
                needs=weights.FROM_HUB,
            ),
        )

    def canonical(self, rest: str) -> str:
        """Return the full rest of a name.  Raises UnknownEncoder, MissingWeights."""
        return canonical(rest)

    def folder(self, rest: str) -> Path | None:
        """Return the folder that is named; None for the name of one of timm's models."""
        return None if rest.partition(".")[0] in listed() else Path(rest).expanduser()

    def modalities(self, _rest: str) -> frozenset[str]:
        """Return that it reads pictures."""
        return VisionEncoder.modalities

    def fingerprint(self, rest: str) -> str:
        """Return what identifies its vectors."""
        return fingerprint(rest)

    def is_here(self, rest: str) -> bool:
        """Whether its weights are in a folder or the hub's cache."""
        return is_cached(rest)

    def load(self, rest: str, device: str) -> Encoder:
        """Return it ready to use.  Raises MissingWeights."""
        return load_vision(rest, device)

    def weights(self) -> Sequence[Weights]:
        """Return nothing: its weights come with no package."""
        return ()


VISION = VisionFamily()


def _listed(named: str, summary: str, dim: int, megabytes: int) -> EncoderSpec:
    cached = is_cached(named)
    needs = "" if cached else f"a download of {megabytes:,} MB from the Hugging Face hub"
    size = 0 if cached else megabytes
    return EncoderSpec(
        f"timm:{named}", summary, VisionEncoder.modalities, dim, size, "Apache-2.0", cached, needs, good_for="pictures"
    )
