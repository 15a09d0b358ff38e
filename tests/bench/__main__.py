"""Runs a benchmark by name: ``python -m tests.bench browser --points 1000000``."""

import importlib
import sys

BENCHMARKS = {
    "browser": "tests.bench.browser",
}


def main(argv: list[str]) -> None:
    if not argv or argv[0] not in BENCHMARKS:
        sys.exit(f"say which benchmark: python -m tests.bench {{{','.join(BENCHMARKS)}}} …")
    importlib.import_module(BENCHMARKS[argv[0]]).main(argv[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
