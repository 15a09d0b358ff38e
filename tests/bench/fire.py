"""`python -m tests.bench fire --minutes N [--from NUMBER]`: look at, load and keep mutated files for so long.

Prints how many there were, how many raised something else than an ExplorerError, and the first of each kind; a file is
known by its number, so that `--from NUMBER --files 1` tries it again.
"""

from __future__ import annotations

import argparse
import collections
import logging
import tempfile
import time
import warnings
from pathlib import Path

from tests.fire.mutations import failures

BATCH = 50


def main(arguments: list[str]) -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.bench fire", description=__doc__)
    asked.add_argument("--minutes", type=float, default=5)
    asked.add_argument("--from", dest="first", type=int, default=0, metavar="NUMBER")
    asked.add_argument("--files", type=int, default=10**9)
    given = asked.parse_args(arguments)
    warnings.simplefilter("ignore")
    logging.disable()
    end, number = time.monotonic() + 60 * given.minutes, given.first
    last = given.first + given.files
    kinds: collections.Counter[str] = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        while number < last and time.monotonic() < end:
            numbers = range(number, min(number + BATCH, last))
            for failure in failures(numbers, Path(folder)):
                kind = ":".join(failure.split(":")[1:])[:60]
                if not kinds[kind]:
                    print(failure[:300], flush=True)
                kinds[kind] += 1
            number = numbers.stop
    print(f"{number - given.first:,} mutated files, {kinds.total():,} failures of {len(kinds)} kinds")
