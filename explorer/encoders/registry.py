"""The registry of encoders: which there are, where their weights are, what they read.

It imports no torch: names, kinds and fingerprints are known before a model is loaded.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from explorer.encoders import clip, conse, sentence, weights
from explorer.encoders.hardware import devices, pick_device
from explorer.errors import MissingWeights, UnknownEncoder
from explorer.types import IMAGE, TEXT, Encoder

__all__ = [
    "EncoderSpec",
    "canonical",
    "default_encoder",
    "devices",
    "fingerprint",
    "is_here",
    "list_encoders",
    "load_encoder",
    "modalities_of",
    "pick_device",
    "weights_found",
]

_TEXT, _BOTH = frozenset({TEXT}), frozenset({TEXT, IMAGE})


@dataclass(frozen=True)
class EncoderSpec:
    """What there is to know of an encoder before it is loaded; *offline*: it runs now without a download."""

    name: str
    summary: str
    modalities: frozenset[str]
    dim: int | None
    download_mb: int
    licence: str
    offline: bool
    needs: str = ""


def list_encoders() -> tuple[EncoderSpec, ...]:
    """Return the encoders to choose from; the last three are patterns that stand for many."""
    hub = "weights from the Hugging Face hub, downloaded once"
    return (
        EncoderSpec(
            "minilm",
            "Texts by meaning: all-MiniLM-L6-v2, fast and good in English.",
            _TEXT,
            384,
            0,
            "Apache-2.0",
            offline=True,
        ),
        EncoderSpec(
            "conse",
            "Pictures and texts in one space, from EfficientNet-Lite0 and MiniLM.",
            _BOTH,
            1664,
            0,
            "Apache-2.0",
            offline=True,
        ),
        _clip_spec(clip.DEFAULT, "Pictures and texts in one space: a small CLIP, better than conse.", 512, 605),
        _clip_spec("ViT-B-16/datacomp_xl_s13b_b90k", "A finer CLIP, about four times slower.", 512, 599),
        _clip_spec("ViT-L-14/datacomp_xl_s13b_b90k", "A large CLIP; wants a GPU.", 768, 1710),
        EncoderSpec(
            "clip:MODEL/PRETRAINED",
            "Any other model that open_clip lists.",
            _BOTH,
            None,
            0,
            "see the model",
            offline=False,
            needs=hub,
        ),
        EncoderSpec(
            "clip:local-dir:PATH",
            "A CLIP model in a folder, as open_clip saves it.",
            _BOTH,
            None,
            0,
            "see the model",
            offline=True,
            needs="a folder with open_clip_config.json and weights",
        ),
        EncoderSpec(
            "st:NAME_OR_FOLDER",
            "Any sentence-transformers model, by its name or folder.",
            _TEXT,
            None,
            0,
            "see the model",
            offline=False,
            needs=hub,
        ),
    )


def canonical(name: str) -> str:
    """Return the full name of an encoder: ``clip`` is the default CLIP.  Raises UnknownEncoder."""
    if name in ("minilm", "conse"):
        return name
    if name == "clip" or name.startswith("clip:"):
        return f"clip:{clip.canonical(name.removeprefix('clip').removeprefix(':'))}"
    if name.startswith("st:") and len(name) > len("st:"):
        folder = Path(name.removeprefix("st:")).expanduser()
        return f"st:{folder.resolve()}" if folder.is_dir() else name
    known = ["minilm", "conse", "clip"]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"choose {', '.join(known)}, clip:MODEL/PRETRAINED or st:NAME."
    raise UnknownEncoder(f"there is no encoder {name!r}; {hint}")


def modalities_of(name: str) -> frozenset[str]:
    """Return the kinds of item that an encoder reads.  Raises UnknownEncoder."""
    name = canonical(name)
    return _TEXT if name == "minilm" or name.startswith("st:") else _BOTH


def default_encoder(kinds: Iterable[str]) -> str:
    """Return the encoder that runs at once and offline for these kinds of item."""
    ready = (("minilm", _TEXT), ("conse", _BOTH))
    return next((name for name, reads in ready if reads.issuperset(kinds)), "minilm")


def fingerprint(name: str) -> str:
    """Return what identifies an encoder's vectors: name, weights, revision, preprocessing; torch stays unloaded.

    The releases of the libraries that prepare the items belong to it: with others, vectors are computed anew.

    A hub model that is not in the cache yet goes by its name alone, until it is.
    """
    name = canonical(name)
    if name == "minilm":
        return sentence.minilm_fingerprint()
    if name == "conse":
        return conse.fingerprint()
    if name.startswith("clip:"):
        return clip.fingerprint(name.removeprefix("clip:"))
    return sentence.named_fingerprint(name.removeprefix("st:"))


def is_here(name: str) -> bool:
    """Whether an encoder's weights seem to be on this machine already, so that loading it downloads nothing."""
    name = canonical(name)
    if name.startswith("clip:"):
        return clip.is_cached(name.removeprefix("clip:"))
    named = name.removeprefix("st:")
    return named == name or Path(named).is_dir() or weights.cached_revision(sentence.repository(named)) is not None


def load_encoder(name: str, *, device: str = "auto") -> Encoder:
    """Return an encoder ready to use.  Raises UnknownEncoder, MissingWeights, BadSetting for a device not here."""
    name = canonical(name)
    device = pick_device(device)
    if name == "minilm":
        return sentence.load_minilm(device)
    if name == "conse":
        return conse.load_conse(device)
    if name.startswith("clip:"):
        return clip.load_clip(name.removeprefix("clip:"), device)
    return sentence.load_named(name.removeprefix("st:"), device)


def weights_found() -> list[tuple[str, str, bool, int]]:
    """Return (encoder, path or fault, verified, bytes) of the weights that came with packages."""
    found = []
    for name, finder in (("minilm", weights.minilm_folder), ("conse", weights.lite0_file)):
        try:
            path = finder()
        except MissingWeights as exc:
            found.append((name, str(exc), False, 0))
            continue
        file = path / "model.safetensors" if path.is_dir() else path
        found.append((name, str(file), True, file.stat().st_size))
    return found


def _clip_spec(named: str, summary: str, dim: int, megabytes: int) -> EncoderSpec:
    cached = clip.is_cached(named)
    needs = "" if cached else f"a download of {megabytes:,} MB from the Hugging Face hub"
    return EncoderSpec(f"clip:{named}", summary, _BOTH, dim, 0 if cached else megabytes, "MIT", cached, needs)
