"""The encoder of vectors that came with the data, taken as they are: `given`, or `given:NAME` of who made them.

It encodes no item of a map: the stage `embed` finds the vectors beside the items.  Where it is named which encoder made
them, words are encoded by that one; whether it did, `runs.vouching` sees.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from explorer.config import GIVEN, is_given
from explorer.encoders.family import EncoderSpec, Weights
from explorer.errors import NoEncoder, UnknownEncoder
from explorer.types import IMAGE, SOUND, TEXT, Encoder

OWN_VECTORS = "Takes the vectors that came with the data"
WHY = (
    "the vectors of this map came with the data, and what made them is not known: words and pictures cannot be put "
    "among them. Name the encoder that made them, as in given:minilm, or click a point to see what is near it."
)
_ANY = frozenset((TEXT, IMAGE, SOUND))


@dataclass(frozen=True)
class Others:
    """What is asked of the encoder that is named: the functions of the registry."""

    canonical: Callable[[str], str]
    modalities: Callable[[str], frozenset[str]]
    is_here: Callable[[str], bool]
    load: Callable[[str, str], Encoder]


@dataclass(frozen=True)
class GivenVectors:
    """The family of vectors that came with the data; only some data have such."""

    others: Others
    prefix = GIVEN
    forms = (GIVEN, f"{GIVEN}:NAME")

    def specs(self) -> Sequence[EncoderSpec]:
        """Return the pattern of those whose encoder is named."""
        about = f"{OWN_VECTORS}; NAME is the encoder that made them, by which words are searched."
        return (EncoderSpec(f"{GIVEN}:NAME", about, _ANY, None, 0, "", offline=True),)

    def canonical(self, rest: str) -> str:
        """Return the full name of the encoder that made the vectors; "" where none is named.  Raises UnknownEncoder."""
        if not rest:
            return rest
        maker = self.others.canonical(rest)
        if is_given(maker):
            raise UnknownEncoder(f"“{GIVEN}:{rest}” names no encoder that makes vectors; write {GIVEN}:minilm.")
        return maker

    def modalities(self, rest: str) -> frozenset[str]:
        """Return the kinds that the one that is named reads; all where none is: whatever it is, its vector is there."""
        return self.others.modalities(rest) if rest else _ANY

    def fingerprint(self, _rest: str) -> str:
        """Return what a plan puts before the digest of the vectors, whoever made them."""
        return f"{GIVEN}:2"

    def is_here(self, rest: str) -> bool:
        """Whether the one that is named is here; True where none is."""
        return self.others.is_here(rest) if rest else True

    def load(self, rest: str, device: str) -> Encoder:
        """Return the one that is named.  Raises NoEncoder where none is: there is nothing that encodes."""
        if not rest:
            raise NoEncoder(WHY)
        return self.others.load(rest, device)

    def weights(self) -> Sequence[Weights]:
        """Return none."""
        return ()
