"""What a contract is: how a subject is made of what is offered, and the promises that it is held to.

It knows no seam.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from explorer.errors import ContractBroken

Check: TypeAlias = Callable[[Any], None]
"""A promise: its docstring says it; raises ContractBroken with what was seen, or DoesNotApply."""


class DoesNotApply(Exception):
    """A promise is not asked of this subject; the message says why."""


@dataclass(frozen=True)
class Contract:
    """The promises of one seam.

    *subjects* makes what the *checks* are given, of an object that is offered, of what is said with it on the command
    line – *more* explains it –, and of an empty folder to work in.
    """

    subjects: Callable[[Any, Sequence[str], Path], Sequence[Any]]
    checks: tuple[Check, ...]
    more: str = ""


def checks_in(names: Mapping[str, Any]) -> tuple[Check, ...]:
    """Return the functions of a module that are checks, in their order."""
    own = (check for check in names.values() if getattr(check, "__module__", "") == names["__name__"])
    return tuple(check for check in own if getattr(check, "__name__", "").startswith("check_"))


def promised(kept: object, seen: str) -> None:
    """Raise ContractBroken with what was seen instead, unless the promise is kept."""
    if not kept:
        raise ContractBroken(seen)


def near(found: Any, expected: Any, *, within: float) -> bool:
    """Whether two arrays have the same shape and no values further apart than *within*."""
    import numpy as np

    return np.shape(found) == np.shape(expected) and bool(np.allclose(found, expected, rtol=0, atol=within))
