"""`python -m tests.bench NAME …`: measure something; each module says what.  Benchmarks assert nothing."""

from __future__ import annotations

import importlib
import sys

NAMES = (
    "axe",
    "browser",
    "columns",
    "crowd",
    "defaults",
    "draft",
    "encode",
    "encoders",
    "fire",
    "languages",
    "map",
    "melstats",
    "names",
    "reading",
    "templated",
    "titles",
    "uploads",
    "whole",
)
BENCHES = {name: f"tests.bench.{name}" for name in NAMES}


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1] not in BENCHES:
        sys.exit(f"python -m tests.bench {{{','.join(BENCHES)}}} …")
    importlib.import_module(BENCHES[sys.argv[1]]).main(sys.argv[2:])


if __name__ == "__main__":
    main()
