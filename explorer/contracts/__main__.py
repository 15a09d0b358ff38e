"""The command `python -m explorer.contracts KIND MODULE:NAME`: a line a promise, and exit status 1 for a broken one."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from explorer.contracts import CONTRACTS
from explorer.contracts.holding import held
from explorer.errors import ContractBroken, ExplorerError
from explorer.types import Unfit, made


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
            return 0 if held(subjects, contract.checks) else 1
    except (ExplorerError, Unfit) as exc:
        print(f"explorer.contracts: {exc}", file=sys.stderr)
        return 1


def _named(text: str) -> Any:
    module, _, name = text.partition(":")
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as exc:
        raise ContractBroken(f"cannot find {text!r}: {exc}. Write MODULE:NAME, as in an entry point.") from exc


if __name__ == "__main__":
    sys.exit(main())
