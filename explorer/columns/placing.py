"""Where parts of values stand: names and captions have theirs in one place, answers that are ticked have not.

It parts no values: `ticked` and `labels` do.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

_PHRASE = 3
"""Words of parts, on the mean, from which they are phrases."""


def are_in_place(parted: Sequence[list[str]], common: AbstractSet[str]) -> bool:
    """Whether parts have their place between commas, as in names and captions: “Smith, Ann”, “a red bicycle, at night”.

    Of answers most stand first where those before them were not ticked.  Where parts are phrases, half of all must.
    """
    moved = sum(len(places) > 1 for part, places in places_of(parted)[0].items() if part in common)
    are_phrases = sum(len(part.split()) for part in common) >= _PHRASE * len(common)
    return moved == 0 or (are_phrases and 2 * moved < len(common))


def places_of(parted: Sequence[list[str]]) -> tuple[dict[str, set[int]], set[int]]:
    """Return at which places of values each part stands, and how many parts values have."""
    places: dict[str, set[int]] = {}
    sizes = set()
    for parts in parted:
        filled = [part for part in parts if part]
        sizes.add(len(filled))
        for at, part in enumerate(filled):
            places.setdefault(part, set()).add(at)
    return places, sizes
