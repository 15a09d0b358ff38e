"""Measure how long a column takes to be read, and all of a table to be told: `python -m tests.bench columns [ROWS]`.

Columns as people write them are made, each with as many rows; seconds of processor, one after the other.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from explorer.columns import read, surveyed

ROWS = 1_000_000


def made(rows: int, *, seed: int = 0) -> dict[str, Any]:
    """Return columns of so many rows, nearly all values of the first ones different."""
    rng = np.random.default_rng(seed)
    moments = pd.to_datetime(rng.integers(1_500_000_000, 1_760_000_000, rows), unit="s")
    amounts = rng.integers(100, 9_999_999, rows) / 100
    return {
        "2025-10-28T16:53:07Z": pd.Series(moments.strftime("%Y-%m-%dT%H:%M:%SZ")),
        "28.10.2025 16:53:07": pd.Series(moments.strftime("%d.%m.%Y %H:%M:%S")),
        "10/28/25": pd.Series(moments.strftime("%m/%d/%y")),
        "1,234.50 €": pd.Series(amounts).map("{:,.2f} €".format),
        "score": pd.Series(rng.integers(0, 11, rows).astype(str)),
        "words": pd.Series([f"some words {i}" for i in range(rows)]),
        "native number": pd.Series(amounts),
        "native date": pd.Series(moments),
    }


def seconds(work: Callable[[], Any]) -> float:
    """Return the seconds of processor that something takes."""
    before = time.process_time()
    work()
    return time.process_time() - before


def main(arguments: list[str]) -> None:
    """Print a table."""
    rows = int(arguments[0]) if arguments else ROWS
    print(f"{rows:,} rows; seconds of processor\n{'column':24}{'read as':14}{'read':>8}{'with choices':>14}")
    for name, values in made(rows).items():
        kind = str(read(values, name).reading)
        alone, told = seconds(lambda v=values, n=name: read(v, n)), seconds(lambda v=values, n=name: surveyed(v, n))  # type: ignore[misc]
        print(f"{name:24}{kind:14}{alone:8.2f}{told:14.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
