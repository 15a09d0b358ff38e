"""The registry of encoders: which there are, where their weights are, what they read.

It imports no torch: names, kinds and fingerprints are known before a model is loaded.  What is said of an encoder, its
family says.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import numpy as np

from explorer.config import GIVEN, maker_of
from explorer.encoders import pieces
from explorer.encoders.averaging import WORD_AVERAGES
from explorer.encoders.clap import CLAP
from explorer.encoders.clip import CLIP
from explorer.encoders.configured import Configured, named_encoders, resolved
from explorer.encoders.conse import CONSE
from explorer.encoders.family import EncoderSpec, Family, Weights, check_family, specs_of
from explorer.encoders.foreign import MATTERS, MULTILINGUAL, NO_LANGUAGES, fittest, share_read
from explorer.encoders.given import GivenVectors, Others
from explorer.encoders.guarded import Guarded, faulty
from explorer.encoders.hardware import pick_device
from explorer.encoders.inputs import WordPieces
from explorer.encoders.melstats import MELSTATS
from explorer.encoders.muse import MUSE
from explorer.encoders.own import OWN_FUNCTIONS
from explorer.encoders.own import PREFIX as FUNCTIONS
from explorer.encoders.remotes import REMOTE, RemoteFamily
from explorer.encoders.sentence import MINILM, NAMED
from explorer.encoders.static import STATIC
from explorer.encoders.vision import VISION
from explorer.errors import ExplorerError, UnknownEncoder
from explorer.kinds import reads_words
from explorer.types import Additions, BoolArray, Encoder, additions, said

A = TypeVar("A")
GROUP = "explorer.encoders"
_HERE: tuple[Family, ...] = (MINILM, MUSE, CONSE, MELSTATS, CLIP, CLAP, NAMED, VISION, STATIC, WORD_AVERAGES)
_NAMED = Others(
    canonical=lambda name: canonical(name),
    modalities=lambda name: modalities_of(name),
    is_here=lambda name: is_here(name),
    load=lambda name, device: load_encoder(name, device=device),
)
OWN: tuple[Family, ...] = (*_HERE, *REMOTE, OWN_FUNCTIONS, GivenVectors(_NAMED))
"""In the order of the list; the first that reads some kinds of item and is here is their default."""


@lru_cache(maxsize=1)
def added() -> Additions[Family]:
    """Return the families that installed packages add; loaded when first asked for."""
    taken = [family.prefix for family in OWN]
    return additions(GROUP, check=check_family, names=lambda family: (family.prefix,), taken=taken)


def list_encoders() -> tuple[EncoderSpec, ...]:
    """Return the encoders to choose from, ours first; those with capitals are patterns that stand for many.

    Raises BadSetting for a file of encoders that cannot be read.
    """
    ours = [spec for family in OWN for spec in family.specs()]
    named = [_spec_of(one) for one in named_encoders()]
    return (*ours, *named, *(spec for specs in added().answers(specs_of) for spec in specs))


def _spec_of(one: Configured) -> EncoderSpec:
    """Return what is known of an encoder that the file of encoders names."""
    full = canonical(one.encoder)
    family, _, rest = full.partition(":")
    known = next((spec for made in OWN for spec in made.specs() if spec.name == full), None)
    sized = re.search(r",dimensions=(\d+)", rest) if sends_to(full) else None
    return EncoderSpec(
        one.name,
        one.about or f"Is {full}.",
        known.modalities if known else modalities_of(full),
        int(sized[1]) if sized else known.dim if known else None,
        known.download_mb if known else 0,
        known.licence if known else "",
        offline=known.offline if known else family == FUNCTIONS,
        needs=f"a key in {one.key}" if one.key else known.needs if known else "",
        languages=known.languages if known else frozenset(),
        good_for=known.good_for if known else "",
        longest=known.longest if known else "",
        sends=sends_to(full),
    )


def sends_to(name: str) -> str:
    """Return who gets what an encoder reads, "" where nothing leaves this machine.  Raises UnknownEncoder."""
    family, rest = _asked_elsewhere(name)
    return "" if family is None else family.sends(rest)


def address_of(name: str) -> str:
    """Return the address that an encoder's items are sent to, "" for none.  Raises UnknownEncoder."""
    family, rest = _asked_elsewhere(name)
    return "" if family is None else family.address(rest)


def _asked_elsewhere(name: str) -> tuple[RemoteFamily | None, str]:
    """Return the family of an encoder behind an address and the rest of its name; of any other nothing is looked at."""
    _check_length(name)
    prefix, _, rest = bare(name).partition(":")
    return next((family for family in REMOTE if family.prefix == prefix), None), rest


def runs_code(name: str) -> bool:
    """Whether an encoder's name names code that is run; it is not looked at."""
    return bare(name).partition(":")[0] == FUNCTIONS


def bare(name: str) -> str:
    """Return what an encoder's name stands for; of vectors that came with the data the encoder that made them."""
    known = resolved(name)
    return resolved(maker_of(known)) or known


def family_of(name: str) -> tuple[Family, str]:
    """Return the family of an encoder and the full rest of its name.  Raises UnknownEncoder."""
    return _ask(name, lambda family, rest: (family, rest))


def _family_of(name: str) -> Family | None:
    prefix = name.partition(":")[0]
    return next((one for one in (*OWN, *added().families) if one.prefix == prefix), None)


_PATTERN = re.compile(r"[:/][A-Z_]+(/|$)")
_SHOWN = 5
_LONGEST, _LONGEST_PART = 2_000, 250
"""Characters of an encoder's name, and bytes between two slashes of it: what file systems take."""


def is_pattern(name: str) -> bool:
    """Whether a listed name stands for many: it has capitals where something is to be named, `st:NAME`."""
    return _PATTERN.search(name) is not None


def canonical(name: str) -> str:
    """Return the full name of an encoder: ``clip`` is the default CLIP.  Raises UnknownEncoder."""
    return _ask(name, lambda family, rest: f"{family.prefix}:{rest}" if rest else family.prefix)


def modalities_of(name: str) -> frozenset[str]:
    """Return the kinds of item that an encoder reads.  Raises UnknownEncoder."""
    return _ask(name, lambda family, rest: family.modalities(rest))


def default_encoder(kinds: Iterable[str], languages: Mapping[str, float] = NO_LANGUAGES) -> str:
    """Return the encoder that runs at once and offline for these kinds of item, in *languages* with these shares."""
    wanted = frozenset(kinds)
    alone = (family for family in OWN if family.prefix in family.forms)
    readers = [family for family in alone if wanted <= family.modalities("") and family.is_here(family.canonical(""))]
    read = {
        family.prefix: spec.languages for family in readers for spec in family.specs() if spec.name == family.prefix
    }
    return fittest(read, languages) if read else next((family.prefix for family in readers), OWN[0].prefix)


def better_reader(name: str, languages: Mapping[str, float], unread: Mapping[str, float] = NO_LANGUAGES) -> str:
    """Return the encoder to offer for texts that *name* reads badly: one that is here before `MULTILINGUAL`.

    *unread* are shares of texts in letters that encoders do not know; the one to offer knows more than *name*.
    """
    known = unread.get(name, 0.0) - MATTERS
    texts = [
        spec for spec in list_encoders() if spec.offline and reads_words(spec.modalities) and not is_pattern(spec.name)
    ]
    texts = [spec for spec in texts if spec.name == name or unread.get(spec.name, 0.0) <= max(0.0, known)]
    if not texts:
        return MULTILINGUAL
    best = fittest({spec.name: spec.languages for spec in texts}, languages, least=MATTERS)
    read = {spec.name: share_read(spec.languages, languages) for spec in texts}
    return best if best != name and read.get(best, 0.0) > read.get(name, 0.0) + MATTERS else MULTILINGUAL


def readers_of(kinds: Iterable[str], languages: Mapping[str, float] = NO_LANGUAGES) -> list[EncoderSpec]:
    """Return the listed encoders that read these kinds, no patterns: the default one, then those that are here."""
    wanted = frozenset(kinds)
    default = default_encoder(wanted, languages)
    found = [spec for spec in list_encoders() if wanted <= spec.modalities and not is_pattern(spec.name)]
    return sorted(found, key=lambda spec: (spec.name != default, not spec.offline))


def fingerprint(name: str) -> str:
    """Return what identifies an encoder's vectors: name, weights, revision, preprocessing; torch stays unloaded.

    The releases of the libraries that prepare the items belong to it: with others, vectors are computed anew.

    A hub model that is not in the cache yet goes by its name alone, until it is.
    """
    return _ask(name, lambda family, rest: family.fingerprint(rest))


def is_here(name: str) -> bool:
    """Whether an encoder's weights seem to be on this machine already, so that loading it downloads nothing."""
    return _ask(name, lambda family, rest: family.is_here(rest))


def folder_of(name: str) -> Path | None:
    """Return the folder that an encoder's name names; None for one of a package or a hub.

    A family that takes folders says so by a method `folder` of the rest of a name.  Raises UnknownEncoder for a name
    that is too long for a folder's.
    """
    _check_length(name)
    name = bare(name)
    rest = name.partition(":")[2]
    family = _family_of(name)
    says: Callable[[str], Path | None] = getattr(family, "folder", lambda _rest: None)
    return says(rest)


def unread(name: str, texts: Sequence[str | None]) -> BoolArray:
    """Return bool (m,): which texts are mostly in letters that an encoder does not know, as far as that can be told.

    A family says where its word pieces are by a method `tokenizer` of the rest of a name, or which texts these are by
    a method `unread` of that and the texts.  Raises UnknownEncoder.
    """
    flags = _ask(name, lambda family, rest: _unread_of(family, rest, texts))
    if flags is not None:
        return flags
    file = _ask(name, _pieces_of)
    return np.zeros(len(texts), np.bool_) if file is None else pieces.unread(file, texts)


def word_pieces(name: str) -> WordPieces | None:
    """Return an encoder's word pieces; None where it has none, or none that are here.  Raises UnknownEncoder."""
    file = _ask(name, _pieces_of)
    return None if file is None else WordPieces(file)


def unread_shares(texts: Sequence[str]) -> dict[str, float]:
    """Return which share of texts each encoder that is here cannot read, those that read all of them left out."""
    here = [spec.name for spec in list_encoders() if spec.offline and ":" not in spec.name]
    shares = {name: float(unread(name, texts).mean()) for name in here} if texts else {}
    return {name: round(share, 4) for name, share in shares.items() if share}


def _unread_of(family: Family, rest: str, texts: Sequence[str | None]) -> BoolArray | None:
    says: Callable[..., BoolArray] | None = getattr(family, "unread", None)
    return None if says is None else says(rest, texts)


def _pieces_of(family: Family, rest: str) -> Path | None:
    says: Callable[[str], Path | None] = getattr(family, "tokenizer", lambda _rest: None)
    return says(rest)


def load_encoder(name: str, *, device: str = "auto") -> Encoder:
    """Return an encoder ready to use.  Raises UnknownEncoder, MissingWeights, BadSetting for a device not here."""

    def load(family: Family, rest: str) -> Encoder:
        elsewhere = isinstance(family, RemoteFamily)  # what this machine has is no matter, nor is torch
        return _guarded(name, family, family.load(rest, "cpu" if elsewhere else pick_device(device)))

    return _ask(name, load)


def weights_found() -> list[Weights]:
    """Return (encoder, path or fault, verified, bytes) of the weights that came with packages."""
    ours = [weights for family in OWN for weights in family.weights()]
    return [*ours, *(weights for found in added().answers(lambda family: tuple(family.weights())) for weights in found)]


def _guarded(name: str, family: Family, encoder: Encoder) -> Encoder:
    return encoder if family in OWN else Guarded(name, encoder)


def _ask(name: str, question: Callable[[Family, str], A]) -> A:
    """Return what the family of a name answers of the full rest of it.

    Raises UnknownEncoder; FaultyPackage for whatever else an added family raises.
    """
    _check_length(name)
    name = resolved(name)
    prefix, colon, rest = name.partition(":")
    family = _among(OWN, prefix, colon, rest) or _among(added().families, prefix, colon, rest)
    if family is None:
        raise _unknown(name)
    try:
        return question(family, _canonical(family, name, rest))
    except ExplorerError:
        raise
    except Exception as exc:
        if family in OWN:
            raise
        raise faulty(name, said(exc)) from exc


def _canonical(family: Family, name: str, rest: str) -> str:
    try:
        return family.canonical(rest)
    except (OSError, ValueError, RuntimeError) as exc:  # of a folder that nobody lets us see, of nobody's home
        if family not in OWN:
            raise
        raise _unknown(name, f"the encoder {name!r} is no folder that can be read; ") from exc


def _check_length(name: str) -> None:
    """Raise UnknownEncoder for a name that no folder and no repository can have: the file system would refuse it."""
    if "\0" in name:
        raise _unknown(name[:60], f"there is no encoder {name[:60]!r}: no name has that sign in it; ")
    if len(name) > _LONGEST or any(len(part.encode(errors="replace")) > _LONGEST_PART for part in name.split("/")):
        raise _unknown(name[:60], f"there is no encoder {name[:60] + '…'!r}: names are shorter; ")


def _among(families: Iterable[Family], prefix: str, colon: str, rest: str) -> Family | None:
    for family in families:
        alone = family.prefix in family.forms
        followed = any(form.startswith(f"{family.prefix}:") for form in family.forms)
        if family.prefix == prefix and (rest or alone) and (followed or not colon):
            return family
    return None


def _unknown(name: str, said: str = "") -> UnknownEncoder:
    """Return the error for a name that is no encoder's: with all names, on the page with the first ones."""
    said, hint = said or f"there is no encoder {name!r}; ", _hint(name)
    error = UnknownEncoder(f"{said}{hint}")
    first = [form for family in OWN for form in family.forms if form != GIVEN and ":" not in form][:_SHOWN]
    some = f"choose {', '.join(first)} or another one of the list under Settings, “Encoder”."
    error.on_page = f"{said}{some if hint.startswith('choose') else hint}"
    return error


def _hint(name: str) -> str:
    forms = [form for family in (*OWN, *added().families) if family.prefix != GIVEN for form in family.forms]
    known = [form for form in forms if ":" not in form]
    near = difflib.get_close_matches(name, known, n=1)
    patterns = [form for form in forms if ":" in form]
    return f"did you mean {near[0]}?" if near else f"choose {', '.join([*known, *patterns[:-1]])} or {patterns[-1]}."
