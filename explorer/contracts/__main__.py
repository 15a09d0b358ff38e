"""The command `python -m explorer.contracts KIND MODULE:NAME`: a line a promise, and exit status 1 for a broken one."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from explorer.contracts import CONTRACTS, DoesNotApply
from explorer.contracts.contract import Check
from explorer.errors import ContractBroken, ExplorerError
from explorer.types import Unfit, made

KEPT, BROKEN, UNASKED = "yes", "NO", "-"


def main(argv: Sequence[str] | None = None) -> int:
    """Hold what is named to the promises of its kind; return 0 when all are kept, 1 when one is broken."""
    more = "; ".join(f"{kind}: {contract.more}" for kind, contract in CONTRACTS.items() if contract.more)
    parser = argparse.ArgumentParser(prog="python -m explorer.contracts", description=__doc__)
    parser.add_argument("kind", choices=CONTRACTS)
    parser.add_argument("named", metavar="MODULE:NAME", help="what an entry point would name")
    parser.add_argument("more", nargs="*", metavar="MORE", help=more)
    arguments = parser.parse_args(argv)
    contract = CONTRACTS[arguments.kind]
    try:
        offered = made(_named(arguments.named))
        with tempfile.TemporaryDirectory() as folder:
            subjects = contract.subjects(offered, arguments.more, Path(folder))
            told = [_told(check, subject) for subject in subjects for check in contract.checks]
    except (ExplorerError, Unfit) as exc:
        print(f"explorer.contracts: {exc}", file=sys.stderr)
        return 1
    print(f"{told.count(KEPT)} promises kept, {told.count(BROKEN)} broken, {told.count(UNASKED)} not asked")
    return 1 if BROKEN in told else 0


def _named(text: str) -> Any:
    module, _, name = text.partition(":")
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as exc:
        raise ContractBroken(f"cannot find {text!r}: {exc}. Write MODULE:NAME, as in an entry point.") from exc


def _told(check: Check, subject: Any) -> str:
    """Print a promise and whether it is kept, and return that."""
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
    print(f"  {found:3}  {promise}{seen}")
    return found


if __name__ == "__main__":
    sys.exit(main())
