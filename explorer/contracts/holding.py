"""Holds subjects to promises, and says of each whether it is kept.

Which promises there are say the files beside this one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from explorer.contracts.contract import Check, DoesNotApply
from explorer.contracts.encoders import ENCODER, EncoderSubject
from explorer.encoders import family_of, load_encoder
from explorer.errors import ContractBroken

KEPT, BROKEN, UNASKED = "yes", "NO", "-"
Say = Callable[[str], object]


def held(subjects: Sequence[Any], checks: Sequence[Check], *, say: Say = print) -> bool:
    """Say a line a promise, and how many are kept; return whether none is broken."""
    told = [_told(check, subject, say) for subject in subjects for check in checks]
    say(f"{told.count(KEPT)} promises kept, {told.count(BROKEN)} broken, {told.count(UNASKED)} not asked")
    return BROKEN not in told


def check_named(name: str, *, say: Say = print) -> bool:
    """Hold the encoder of a name to what every encoder promises; say as `held` does, and return what it returns.

    Raises what loading it raises.
    """
    family, rest = family_of(name)
    with tempfile.TemporaryDirectory() as folder:
        subject = EncoderSubject(load_encoder(name, device="cpu"), family, rest, Path(folder))
        return held([subject], ENCODER.checks, say=say)


def _told(check: Check, subject: Any, say: Say) -> str:
    """Say a promise and whether it is kept, and return that."""
    promise = " ".join((check.__doc__ or check.__name__).split())
    found, seen = KEPT, ""
    try:
        check(subject)
    except DoesNotApply as exc:
        found, seen = UNASKED, f"  Not asked: {exc}."
    except ContractBroken as exc:
        found, seen = BROKEN, f"  Seen: {exc}."
    except Exception as exc:  # noqa: BLE001 - it is somebody else's code
        found, seen = BROKEN, f"  Seen: {type(exc).__name__}: {exc}."
    say(f"  {found:3}  {promise}{seen}")
    return found
