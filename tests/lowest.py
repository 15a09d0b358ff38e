"""Prints constraints for pip: the lowest version that pyproject.toml allows of every package that it names.

`make lowest` installs these into an environment of its own and runs the tests there.  It needs nothing installed.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

_NAMED = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?\s*(>=|==)\s*([0-9.]+)")


def lowest(requirement: str) -> str:
    """Return a requirement such as "dash[fastapi]>=4.4.1,<5" as "dash==4.4.1".  Raises ValueError without a bound."""
    found = _NAMED.match(requirement)
    if found is None:
        raise ValueError(f"{requirement!r} has no lower bound; say what it was tried with.")
    return f"{found[1]}=={found[3]}"


def constraints(project: dict[str, object]) -> list[str]:
    """Return the constraints of all that the package and its tests need; of the gpu extra nothing."""
    told = project["project"]
    assert isinstance(told, dict)
    return [lowest(one) for one in [*told["dependencies"], *told["optional-dependencies"]["test"]]]


if __name__ == "__main__":
    pyproject = Path(__file__).parents[1] / "pyproject.toml"
    print("\n".join(constraints(tomllib.loads(pyproject.read_text(encoding="utf-8")))))
