"""CLIP models through open_clip: `clip:MODEL/PRETRAINED`, and `clip:local-dir:PATH` for a folder.

It trains nothing and keeps no list of models: open_clip knows them.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np

from explorer.encoders import ahead, beginnings, catalogue, hardware, weights
from explorer.encoders.compiled import Compiled, compiled
from explorer.encoders.family import EncoderSpec, Weights, refuse_others
from explorer.encoders.pieces import well_formed
from explorer.encoders.sentence import unit
from explorer.errors import MissingWeights, UnknownEncoder
from explorer.kinds import by_kind, kind_of
from explorer.types import IMAGE, TEXT, BoolArray, Encoder, FloatArray, Item

DEFAULT = "ViT-B-32/datacomp_xl_s13b_b90k"
"""The smallest common CLIP: 605 MB, 69.2 % on ImageNet without having seen it, the best B/32 at 224 pixels."""
_FORM = f"write clip:MODEL/PRETRAINED, such as clip:{DEFAULT}."
LOCAL = "local-dir:"
WEIGHT_SUFFIXES = (".safetensors", ".bin", ".pth")
"""What open_clip looks for in a folder; it would go on with random weights where it finds none."""
WEIGHT_FILES = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")
VERSION = 1
"""To be raised when what this module does to an item before open_clip gets it changes."""
CHUNK, GPU_CHUNK = 16, 64


class ClipEncoder:
    """An open_clip model; pictures are decoded in threads while the network works on those before."""

    modalities = frozenset({TEXT, IMAGE})

    def __init__(self, model: Any, transform: Any, tokenizer: Any, *, name: str, fingerprint: str, device: str) -> None:
        self.name, self.fingerprint, self._device = name, fingerprint, device
        self._model, self._transform, self._tokenizer = model, transform, tokenizer
        self._by_compiled: dict[str, Compiled | None] = {"image": None, "text": None}
        if device == "cpu":
            model.requires_grad_(requires_grad=False)
            self._by_compiled = {"image": self._compile_image(), "text": self._compile_text()}
        self.dim = int(self._texts(["a"]).shape[1])
        self._chunk = CHUNK if device == "cpu" else GPU_CHUNK
        self._side = _side(model.visual)
        self._at_once = _batch_size(model.visual) if device == "cpu" else 4 * GPU_CHUNK

    def batch_size(self, item: Item) -> int:
        """Return how many pictures are encoded at once; of texts twice as many, their network is smaller."""
        return 2 * self._at_once if kind_of(item).has_words else self._at_once

    def encode(self, items: Sequence[Item]) -> FloatArray:
        """Return float32 (m, dim) unit vectors; a row of nan for a picture that cannot be opened."""
        refuse_others(items, self.name, self.modalities)
        vectors = np.full((len(items), self.dim), np.nan, np.float32)
        found = by_kind(items)
        texts = found.get(TEXT, ())
        for at in range(0, len(texts), 4 * self._chunk):
            rows = texts[at : at + 4 * self._chunk]
            vectors[rows] = self._texts([self._begun(str(items[i]))[0] for i in rows])
        pictures = [(i, items[i]) for i in found.get(IMAGE, ())]
        for rows, pixels in ahead.opened(pictures, self._transform, side=self._side, chunk=self._chunk):
            vectors[rows] = self._pictures(pixels)
        return vectors

    def truncates(self, items: Sequence[Item]) -> BoolArray:
        """Return bool (m,): which texts fill the model's context to its end token (77 tokens for most)."""
        flags = np.zeros(len(items), np.bool_)
        length = self._context
        texts = by_kind(items).get(TEXT, ())
        rows = [i for i in texts if len(str(items[i])[: length * 4].encode("utf-8", "replace")) > length - 2]
        for row in rows:
            text, whole = self._begun(str(items[row]))
            flags[row] = not whole or self._count(text) > length
        return flags

    @property
    def _context(self) -> int:
        return int(getattr(self._tokenizer, "context_length", 77))

    def _begun(self, text: str) -> tuple[str, bool]:
        """Return what the model can use of a text, well formed, and whether that is all of it but for blanks."""
        most = self._context * beginnings.CHARACTERS
        if len(text) <= most:
            return well_formed(text), True
        words = " ".join(text[: beginnings.LONGEST].split())  # as the tokenizer sees it
        return well_formed(words[:most]), len(words) <= most and len(text) <= beginnings.LONGEST

    def _count(self, text: str) -> int:
        """Return how many tokens a text has, with those at its beginning and end."""
        encode = getattr(self._tokenizer, "encode", None)
        if encode:
            return len(encode(text)) + 2
        clean = getattr(self._tokenizer, "clean_fn", str)  # SigLIP's leaves out punctuation
        return len(self._tokenizer.tokenizer(clean(text), verbose=False)["input_ids"])

    def _compile_image(self) -> Compiled | None:
        size = self._model.visual.image_size
        sides = tuple(size) if isinstance(size, tuple | list) else (size, size)
        check = np.random.default_rng(0).normal(size=(3, 3, *sides)).astype(np.float32)
        depends = (self.fingerprint, "image")
        return compiled("clip", depends, lambda: self._model.encode_image, (check[:1],), (check,), alone=True)

    def _compile_text(self) -> Compiled | None:
        check = self._tokenizer(["a", "a photo of a red boat on a lake", "two words"]).numpy()
        depends = (self.fingerprint, "text")
        return compiled("clip", depends, lambda: self._model.encode_text, (check[:1],), (check,), alone=True)

    def _pictures(self, pixels: Any) -> FloatArray:
        if (fast := self._by_compiled["image"]) is not None:
            return unit(fast(pixels.numpy())[0])
        import torch

        with torch.inference_mode(), hardware.fast_precision(self._device):
            return _array(self._model.encode_image(pixels.to(self._device)))

    def _texts(self, texts: list[str]) -> FloatArray:
        if (fast := self._by_compiled["text"]) is not None:
            return unit(fast(self._tokenizer(texts).numpy())[0])
        import torch

        with torch.inference_mode(), hardware.fast_precision(self._device):
            return _array(self._model.encode_text(self._tokenizer(texts).to(self._device)))


def canonical(named: str) -> str:
    """Return ``MODEL/PRETRAINED`` or ``local-dir:PATH``.  Raises UnknownEncoder for a model open_clip does not list."""
    if not named:
        return DEFAULT
    if named.startswith(LOCAL):
        folder = Path(named.removeprefix(LOCAL)).expanduser()
        if not (folder / "open_clip_config.json").is_file():
            raise UnknownEncoder(
                f"there is no open_clip_config.json in {folder}; give the folder of a CLIP model that open_clip saved."
            )
        if not any(path.suffix in WEIGHT_SUFFIXES for path in folder.iterdir()):
            raise MissingWeights(f"there are no weights ({', '.join(WEIGHT_SUFFIXES)}) in {folder}; put them there.")
        return f"{LOCAL}{folder.resolve()}"
    model, _, tag = named.rpartition("/") if "/" in named else (named, "", "")
    if model not in catalogue.models():
        near = difflib.get_close_matches(model, sorted(catalogue.models()), n=1, cutoff=0.5) or [DEFAULT.split("/")[0]]
        raise UnknownEncoder(f"open_clip lists no model {model!r}, but for example {near[0]!r}; {_FORM}")
    tags = catalogue.listed().get(model, {})
    if not tag or (tags and tag not in tags):
        known = difflib.get_close_matches(tag, sorted(tags), n=5, cutoff=0.3) or sorted(tags)[:5]
        given = f"has no weights {tag!r}" if tag else "needs to be told its weights"
        raise UnknownEncoder(f"the model {model!r} {given}; choose from {', '.join(known)}; {_FORM}")
    return f"{model}/{tag}"


def fingerprint(named: str) -> str:
    """Return what identifies the vectors: the weights and who prepares the items for them.

    The weights are a folder's content, or a tag, whose weights never change; open_clip has the preprocessing of each.
    """
    made = f"{VERSION}:{weights.releases('open_clip_torch')}{hardware.engine()}"
    if named.startswith(LOCAL):
        return f"clip:{made}:local:{weights.folder_digest(Path(named.removeprefix(LOCAL)))}"
    return f"clip:{made}:{named}"


def is_cached(named: str) -> bool:
    """Whether the weights of a tag seem to be in the hub's cache already; read without importing open_clip."""
    if named.startswith(LOCAL):
        return True
    model, _, name = named.rpartition("/")
    tag = catalogue.listed().get(model, {}).get(name)
    files = (tag.file.rpartition(".")[0] + ".safetensors", tag.file) if tag is not None and tag.file else WEIGHT_FILES
    return tag is not None and weights.cached_file(tag.repo, files) is not None


def load_clip(named: str, device: str) -> ClipEncoder:
    """Return a CLIP model.  Raises MissingWeights when its weights are neither here nor reachable, or damaged.

    What is in the cache is loaded without asking the hub; only if that fails (a tokenizer, say, is not there) with it.
    """
    failure: BaseException | None = None
    for offline in (True, False) if is_cached(named) else (False,):
        if not offline and not weights.may_download():
            break
        try:
            with weights.without_hub() if offline else nullcontext():
                parts = _create(named, device)
        except weights.load_faults() as exc:
            failure = failure or exc
        else:
            return ClipEncoder(*parts, name=f"clip:{named}", fingerprint=fingerprint(named), device=device)
    raise _missing(named, why=failure) from failure


def _create(named: str, device: str) -> tuple[Any, Any, Any]:
    import open_clip

    source, tag, quick = named, None, False
    if not named.startswith(LOCAL):
        source, _, tag = named.rpartition("/")
        listed = catalogue.listed().get(source, {}).get(tag)
        # Without it open_clip warns and computes with an activation that the weights were not trained with.
        quick = listed is not None and listed.quick_gelu
    model, _, transform = open_clip.create_model_and_transforms(
        source, pretrained=tag, device=device, force_quick_gelu=quick
    )
    return model.eval(), transform, open_clip.get_tokenizer(source)


def _batch_size(visual: Any) -> int:
    """Return how many pictures take about a second on a small CPU, from the size of the network and its grid."""
    grid = getattr(visual, "grid_size", None) or (_side(visual) // 16,) * 2
    return ahead.at_once(sum(p.numel() for p in visual.parameters()), grid[0] * grid[1] + 1)


def _side(visual: Any) -> int:
    size = visual.image_size
    return int(max(size) if isinstance(size, tuple | list) else size)


def _missing(named: str, why: BaseException | None) -> MissingWeights:
    reason = f" ({weights.told(why)})" if why else ""
    if named.startswith(LOCAL):
        folder = named.removeprefix(LOCAL)
        return MissingWeights(f"the model in {folder} cannot be loaded{reason}; save it with open_clip again.")
    return MissingWeights(
        f"the model clip:{named} could not be downloaded: it is not in {weights.hub_cache()}, and its hub did not have "
        f"it or was not reached{reason}; connect to the internet and try again, choose conse, which is here, or "
        "clip:local-dir:FOLDER for a folder that open_clip saved."
    )


def _array(vectors: Any) -> FloatArray:
    return unit(vectors.float().cpu().numpy().astype(np.float32))


class ClipFamily:
    """`clip`, `clip:MODEL/PRETRAINED` and `clip:local-dir:PATH`."""

    prefix = "clip"
    forms = ("clip", "clip:MODEL/PRETRAINED")

    def specs(self) -> Sequence[EncoderSpec]:
        """Return three sizes of one kind, and two patterns for all others."""
        return (
            _listed(
                DEFAULT,
                "Pictures and texts in one space: a small CLIP, better than conse.",
                512,
                605,
                "photos and what they show",
            ),
            _listed(
                "ViT-B-16/datacomp_xl_s13b_b90k",
                "A finer CLIP, about four times slower.",
                512,
                599,
                "photos that differ little",
            ),
            _listed(
                "ViT-L-14/datacomp_xl_s13b_b90k", "A large CLIP; wants a GPU.", 768, 1710, "the finest differences"
            ),
            _pattern("MODEL/PRETRAINED", "Any other model that open_clip lists.", False, weights.FROM_HUB),
            _pattern("local-dir:PATH", "A CLIP model in a folder, as open_clip saves it.", True, _FOLDER),
        )

    def canonical(self, rest: str) -> str:
        """Return the full rest of a name; of an empty one the default's.  Raises UnknownEncoder, MissingWeights."""
        return canonical(rest)

    def folder(self, rest: str) -> Path | None:
        """Return the folder that is named; None for a model of a hub."""
        return Path(rest.removeprefix(LOCAL)).expanduser() if rest.startswith(LOCAL) else None

    def modalities(self, _rest: str) -> frozenset[str]:
        """Return that it reads texts and pictures."""
        return ClipEncoder.modalities

    def fingerprint(self, rest: str) -> str:
        """Return what identifies its vectors."""
        return fingerprint(rest)

    def is_here(self, rest: str) -> bool:
        """Whether its weights are in a folder or the hub's cache."""
        return is_cached(rest)

    def load(self, rest: str, device: str) -> Encoder:
        """Return it ready to use.  Raises MissingWeights."""
        return load_clip(rest, device)

    def weights(self) -> Sequence[Weights]:
        """Return nothing: its weights come with no package."""
        return ()


CLIP = ClipFamily()
_SMALL, _FINER, _FINEST = "photos and what they show", "photos that differ little", "the finest differences"
_FOLDER = "a folder with open_clip_config.json and weights"


def _listed(named: str, summary: str, dim: int, megabytes: int, good_for: str) -> EncoderSpec:
    cached = is_cached(named)
    needs = "" if cached else f"a download of {megabytes:,} MB from the Hugging Face hub"
    size = 0 if cached else megabytes
    return EncoderSpec(
        f"clip:{named}",
        summary,
        ClipEncoder.modalities,
        dim,
        size,
        "MIT",
        cached,
        needs,
        languages=frozenset({"en"}),
        good_for=good_for,
        longest="77 word pieces of a text",
        size_mb=megabytes,
    )


def _pattern(rest: str, summary: str, offline: bool, needs: str) -> EncoderSpec:
    return EncoderSpec(f"clip:{rest}", summary, ClipEncoder.modalities, None, 0, "see the model", offline, needs)
