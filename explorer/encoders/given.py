"""The encoder that there is not: vectors that came with the data, which are taken as they are.

It encodes nothing: the stage `embed` finds the vectors beside the items, and a search has nothing to find them with.
"""

from __future__ import annotations

from collections.abc import Sequence

from explorer.config import GIVEN
from explorer.encoders.family import EncoderSpec, Weights
from explorer.errors import NoEncoder
from explorer.types import IMAGE, TEXT, Encoder

OWN_VECTORS = "Takes the vectors that came with the data"
WHY = (
    "the vectors of this map came with the data, and what made them is not known: words and pictures cannot be put "
    "among them. Click a point to see what is near it, or make a map with an encoder to search it."
)


class GivenVectors:
    """The family of vectors that came with the data; it is in no list, as only some data have such."""

    prefix = GIVEN
    forms = (GIVEN,)

    def specs(self) -> Sequence[EncoderSpec]:
        """Return none."""
        return ()

    def canonical(self, rest: str) -> str:
        """Return the rest, which is empty."""
        return rest

    def modalities(self, _rest: str) -> frozenset[str]:
        """Return all kinds of item: whatever it is, its vector is there."""
        return frozenset((TEXT, IMAGE))

    def fingerprint(self, _rest: str) -> str:
        """Return what a plan puts before the digest of the vectors."""
        return f"{GIVEN}:2"

    def is_here(self, _rest: str) -> bool:
        """Return True."""
        return True

    def load(self, _rest: str, _device: str) -> Encoder:
        """Raise NoEncoder: there is nothing that encodes."""
        raise NoEncoder(WHY)

    def weights(self) -> Sequence[Weights]:
        """Return none."""
        return ()
