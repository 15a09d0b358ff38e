"""Judge names of sets with few sentences: `python -m tests.bench templated [SET …] [--workspace DIR] [--show]`.

Every set of `tests.templates`, and each text file given, is run with default settings; the names of each level are
judged by the texts alone, with none of what chooses them:

- *cut*: a phrase of the name is torn out of a longer one: nine in ten of its places in its rows have the same word that
  says something beside it, or "how" before it, or an article behind it;
- *elsewhere*: all words of the name's first phrase are in a larger share of another group than of its own;
- *within*: all words of the name are in the name of another group;
- *few*: fewer than half of the rows have a word of the name that says something.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from explorer.description.forms import determiners_of, stop_words_of
from explorer.types import IntArray, Run
from tests.templates import SETS, made

_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[^\w\s]")
_OPENS = frozenset(word for code in ("en", "de", "fr") for word in determiners_of(code))
_SAYS_NOTHING = frozenset().union(*(stop_words_of(code) for code in ("en", "de", "fr"))) - {"first", "new", "last"}
_ALWAYS = 0.9


def tokens(text: str) -> list[str]:
    """Return the words of a text and the signs between them, small."""
    return _TOKEN.findall(text.lower().replace("’", "'"))


def says(words: Sequence[str]) -> frozenset[str]:
    """Return the words that say something, in one number; all where none does."""
    found = [word for word in words if word not in _SAYS_NOTHING and word[0].isalnum()]
    return frozenset(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in found or words)


def is_cut(phrase: str, rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether a phrase is a piece of what nine in ten of its places in *rows*, cut into tokens, say."""
    wanted = tokens(phrase)
    before, behind, places = Counter[str](), Counter[str](), 0
    for row in rows:
        for at in range(len(row) - len(wanted) + 1):
            if list(row[at : at + len(wanted)]) == wanted:
                places += 1
                before[row[at - 1] if at else "."] += 1
                behind[row[at + len(wanted)] if at + len(wanted) < len(row) else "."] += 1
    if not places:
        return False
    first, last = before.most_common(1)[0], behind.most_common(1)[0]
    torn = first[0][0].isalpha() and (first[0] not in _SAYS_NOTHING or first[0] == "how")
    goes_on = last[0][0].isalpha() and (last[0] not in _SAYS_NOTHING or last[0] in _OPENS)
    return (torn and first[1] >= _ALWAYS * places) or (goes_on and last[1] >= _ALWAYS * places)


def judged(names: Sequence[str], texts: Sequence[str], labels: IntArray) -> dict[str, list[str]]:
    """Return which names of the labels 0, 1, … of *texts* have which fault."""
    rows = [tokens(text) for text in texts]
    said = [says(row) for row in rows]
    groups = [np.flatnonzero(labels == at) for at in range(len(names))]
    whole = [says(tokens(name)) for name in names]
    found: dict[str, list[str]] = {"cut": [], "elsewhere": [], "within": [], "few": []}
    for at, name in enumerate(names):
        phrases = name.split(", ")
        if any(is_cut(phrase, [rows[row] for row in groups[at]]) for phrase in phrases):
            found["cut"].append(name)
        first = says(tokens(phrases[0]))
        shares = [float(np.mean([first <= said[row] for row in own])) if len(own) else 0.0 for own in groups]
        if max([share for other, share in enumerate(shares) if other != at], default=0.0) > shares[at]:
            found["elsewhere"].append(name)
        if any(whole[at] <= other for place, other in enumerate(whole) if place != at):
            found["within"].append(name)
        if np.mean([bool(whole[at] & said[row]) for row in groups[at]]) < 0.5:
            found["few"].append(name)
    return found


def measure(run: Run) -> list[dict[str, Any]]:
    """Return a line for each level of names."""
    levels = [] if run.clustering.levels is None else list(np.asarray(run.clustering.levels))
    texts = [str(item) for item in run.dataset.items]
    lines = []
    for groups, labels in zip(run.levels, levels, strict=True):
        names = [group.name for group in groups]
        clusters = bool(np.array_equal(labels, run.clustering.labels))
        line = {"set": run.name, "rows": len(texts), "groups": len(names), "clusters": clusters}
        lines.append({**line, **judged(names, texts, labels), "names": names})
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    from explorer import load, run

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", help=f"{', '.join(SETS)} or files (default: all sets)")
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--seeds", type=int, default=1, help="so many sets of each kind")
    parser.add_argument("--show", action="store_true", help="print all names, and which have a fault")
    chosen = parser.parse_args(arguments)
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for wanted in chosen.sets or list(SETS):
            paths = [Path(wanted)]
            if wanted in SETS:
                paths = [Path(folder) / f"{wanted}-{seed}.csv" for seed in range(chosen.seeds)]
                for seed, path in enumerate(paths):
                    texts, _ = made(SETS[wanted], seed=seed)
                    pd.DataFrame({"text": texts}).to_csv(path, index=False)
            for path in paths:
                for line in measure(run(load(path), workspace=chosen.workspace or Path(folder) / "workspace")):
                    names = line.pop("names")
                    faults = {fault: line[fault] for fault in ("cut", "elsewhere", "within", "few")}
                    shown = {fault: of if chosen.show else len(of) for fault, of in faults.items()}
                    print(json.dumps({**line, **shown} | ({"names": names} if chosen.show else {}), ensure_ascii=False))
                    total.update({fault: len(of) for fault, of in faults.items()}, names=len(names))
    print(json.dumps({"set": "all", **total}))


if __name__ == "__main__":
    main()
