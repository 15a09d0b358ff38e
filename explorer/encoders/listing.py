"""What there is to say of an encoder in a list, in short phrases, from what its family tells of it.

It lists none: `registry` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from explorer.encoders.foreign import named_languages
from explorer.kinds import kind_named, nouns_of

_MANY = 3
"""Languages that are named; of more their number is told."""


def facts(told: Mapping[str, Any], speed: float | None = None) -> list[str]:
    """Return what is known of an encoder, as `EncoderSpec.told` has it, in phrases; *speed*: items a second here."""
    size = f"{told['size_mb']:,} MB" if told.get("size_mb") else ""
    found = (
        f"good for {told['good_for']}" if told.get("good_for") else "",
        f"{told['dim']:,} numbers each" if told.get("dim") else "",
        f"reads at most {told['longest']}" if told.get("longest") else "",
        languages(told.get("languages") or ()),
        size,
        told.get("licence") or "",
        speed_words(told, speed),
    )
    return [phrase for phrase in found if phrase]


def languages(read: Any) -> str:
    """Return the languages (ISO 639-1) that an encoder reads well in words; "" where that is not known."""
    codes = sorted(read)
    if not codes:
        return ""
    return f"{len(codes)} languages" if len(codes) > _MANY else " and ".join(named_languages(codes))


def speed_words(told: Mapping[str, Any], speed: float | None) -> str:
    """Return how many items it reads a second on this machine; "" until it has run here."""
    if not speed:
        return ""
    seen = [kind for kind in sorted(told["modalities"]) if not kind_named(kind).has_words]
    what = nouns_of(seen[:1])[1] if seen else "texts of 100 letters"
    return f"about {_round(speed)} {what} a second here"


def _round(speed: float) -> str:
    return f"{float(f'{speed:.2g}'):,.0f}" if speed >= 10 else f"{speed:.1f}"
