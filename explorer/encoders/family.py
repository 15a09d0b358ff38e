"""What a family of encoders is: the protocol, what is known of an encoder before it is loaded, families of one.

It lists no families: `registry` does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from explorer.errors import MissingWeights, WrongModality
from explorer.kinds import by_kind, nouns_of
from explorer.types import IMAGE, SOUND, Encoder, Item, Unfit, needs

Weights: TypeAlias = tuple[str, str, bool, int]
"""Of weights that came with a package: encoder, path or fault, verified, bytes."""


_TYPES: dict[str, Any] = {
    "str": str,
    "bool": bool,
    "int": int,
    "int | None": (int, type(None)),
    "frozenset[str]": frozenset,
}


@dataclass(frozen=True)
class EncoderSpec:
    """What there is to know of an encoder before it is loaded; *offline*: it runs now without a download.

    *languages*: those whose texts it reads well, by their ISO 639-1 codes; none: it is not known.
    *good_for*: what it is chosen for, a few words.  *longest*: how much of an item it reads, such as "256 word pieces";
    "": all of it, or as the model says.  *sends*: who gets the items where they leave this machine, "": nobody.
    *size_mb*: of its weights on the disk, 0: not known.
    """

    name: str
    summary: str
    modalities: frozenset[str]
    dim: int | None
    download_mb: int
    licence: str
    offline: bool
    needs: str = ""
    languages: frozenset[str] = frozenset()
    good_for: str = ""
    longest: str = ""
    sends: str = ""
    size_mb: int = 0

    def told(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {**vars(self), "modalities": sorted(self.modalities), "languages": sorted(self.languages)}


class Family(Protocol):
    """Encoders whose names are *prefix* or ``prefix:REST``; nothing but `load` may import a heavy library.

    *forms* are the ways to write such a name, such as ("clip", "clip:MODEL/PRETRAINED"); in a name that is the prefix
    alone, the rest is "".  Every *rest* but the one that `canonical` gets is canonical.
    """

    @property
    def prefix(self) -> str:
        """What its names are, or begin with before a colon."""
        ...

    @property
    def forms(self) -> tuple[str, ...]:
        """The ways to write its names."""
        ...

    def specs(self) -> Sequence[EncoderSpec]:
        """Return the encoders to choose from, and patterns that stand for many; asked often."""
        ...

    def canonical(self, rest: str, /) -> str:
        """Return the full rest of a name.  Raises UnknownEncoder, MissingWeights."""
        ...

    def modalities(self, rest: str, /) -> frozenset[str]:
        """Return the kinds of item that it reads."""
        ...

    def fingerprint(self, rest: str, /) -> str:
        """Return what identifies its vectors: name, weights, revision, preprocessing."""
        ...

    def is_here(self, rest: str, /) -> bool:
        """Whether its weights seem to be on this machine, so that loading it downloads nothing."""
        ...

    def load(self, rest: str, device: str, /) -> Encoder:
        """Return it ready to use on "cuda", "mps" or "cpu".  Raises MissingWeights."""
        ...

    def weights(self) -> Sequence[Weights]:
        """Return the weights that came with packages, and whether they are the right ones."""
        ...


@dataclass(frozen=True)
class OneEncoder:
    """A family of one encoder that a package brings; *find* returns the file or folder of its weights, verified."""

    spec: EncoderSpec
    identify: Callable[[], str]
    """Returns its fingerprint."""
    open: Callable[[str], Encoder]
    """Returns it on a device."""
    find: Callable[[], Path] | None = None
    pieces: Callable[[], Path] | None = None
    """Returns the file of its word pieces, where it has such."""

    @property
    def prefix(self) -> str:
        """Its name, which nothing follows."""
        return self.spec.name

    @property
    def forms(self) -> tuple[str, ...]:
        """Its name."""
        return (self.spec.name,)

    def specs(self) -> Sequence[EncoderSpec]:
        """Return the one."""
        return (self.spec,)

    def canonical(self, rest: str) -> str:
        """Return the rest, which is empty."""
        return rest

    def modalities(self, _rest: str) -> frozenset[str]:
        """Return the kinds of item that it reads."""
        return self.spec.modalities

    def fingerprint(self, _rest: str) -> str:
        """Return what identifies its vectors."""
        return self.identify()

    def is_here(self, _rest: str) -> bool:
        """Return whether its spec says so: those of our own packages are always here."""
        return self.spec.offline

    def load(self, _rest: str, device: str) -> Encoder:
        """Return it ready to use.  Raises MissingWeights."""
        return self.open(device)

    def tokenizer(self, _rest: str) -> Path | None:
        """Return the file of its word pieces, None where it has none."""
        return self.pieces() if self.pieces is not None and self.spec.offline else None

    def weights(self) -> Sequence[Weights]:
        """Return where its weights are, or what is wrong with them."""
        if self.find is None:
            return ()
        try:
            path = self.find()
        except MissingWeights as exc:
            return ((self.prefix, str(exc), False, 0),)
        file = path / "model.safetensors" if path.is_dir() else path
        return ((self.prefix, str(file), True, file.stat().st_size),)


_READERS = {IMAGE: "conse", SOUND: "melstats"}
"""What reads a kind of item and is here; of texts whoever asks knows what else they are to be near to."""


def refuse_others(items: Sequence[Item], encoder: str, reads: frozenset[str]) -> None:
    """Raise WrongModality where an item is of a kind that an encoder does not read."""
    others = by_kind(items).keys() - reads
    if others:
        cure = _READERS.get(min(others), "") if len(others) == 1 else ""
        known = f"{', '.join(nouns_of([kind])[1] for kind in sorted(reads))}, not {nouns_of(others)[1]}"
        raise WrongModality(f"the encoder {encoder} reads {known}; choose {cure or 'one that reads them'}.")


def check_family(family: Family) -> None:
    """Raise Unfit unless the family has all that the protocol asks for and lists encoders under its own prefix."""
    methods = ("specs", "canonical", "modalities", "fingerprint", "is_here", "load", "weights")
    needs(family, prefix=str, forms=tuple, **dict.fromkeys(methods, object))
    if not re.fullmatch(r"[a-z0-9][\w.-]*", family.prefix):
        raise Unfit(f"its prefix is {family.prefix!r}; it must be small letters, digits, '_', '.' and '-'")
    if not family.forms or not all(belongs(form, family) for form in family.forms):
        raise Unfit(f"its forms are {family.forms!r}; each must be {family.prefix!r} or begin with it and a colon")
    specs_of(family)
    family.weights()


def specs_of(family: Family) -> tuple[EncoderSpec, ...]:
    """Return what a family lists.  Raises Unfit when that is no longer what it was checked to be."""
    specs = tuple(family.specs())
    for spec in specs:
        _check_spec(spec, family)
    return specs


def belongs(name: str, family: Family) -> bool:
    """Whether a name is the family's prefix, or begins with it and a colon."""
    return str(name).partition(":")[0] == family.prefix


def _check_spec(spec: EncoderSpec, family: Family) -> None:
    if not isinstance(spec, EncoderSpec):
        raise Unfit(f"it lists {spec!r}, not an EncoderSpec")
    for field in fields(spec):
        value = getattr(spec, field.name)
        if not isinstance(value, _TYPES[str(field.type)]):
            raise Unfit(f"it lists {spec.name!r} with {field.name} {value!r}, not {field.type}")
    if not all(isinstance(modality, str) for modality in spec.modalities):
        raise Unfit(f"it lists {spec.name!r} with modalities {spec.modalities!r}, which are no names of kinds")
    if not belongs(spec.name, family):
        raise Unfit(f"it lists {spec.name!r}, which does not begin with {family.prefix!r}")
