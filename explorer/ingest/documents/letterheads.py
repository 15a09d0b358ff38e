"""Finds the lines that many PDFs of an upload share at the edges of their pages: letterheads, addresses, small print.

Within one long document `pdf` finds what comes again on its pages; of short ones only their company tells.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from explorer.errors import UnreadableFile
from explorer.ingest.documents.decoding import content_of, the_decoder
from explorer.ingest.edge import DAMAGED
from explorer.ingest.reader import Source

SHARED, SAID = "shared edges", "said edges"
"""What a `Source` has of this among what is likely: the lines, and on one of the files what is said of them."""
LOOKED_AT, LARGEST, TOGETHER = 40, 20 * 2**20, 200 * 2**20
"""Files that are looked at, at most; bytes of one, and of all of them."""
_FEWEST, _SHARE = 3, 0.5
"""Files that share a line at least, and which share of those that were looked at."""
_NUMBER = re.compile(r"#(?:-?\d+|…)")
_DIGITS = re.compile(r"…|\d+(?:[.,]\d+)*")
_TOLD, _TOLD_CHARACTERS = 4, 80
Edges: TypeAlias = list[list[list[str]]]
"""Of each edge of a file's pages the lines from it inwards, each as the keys by which it is known."""


def with_shared_edges(sources: Sequence[Source], decoder: str = "pdf") -> list[Source]:
    """Return the files of an upload, those that this decoder reads told of the lines that most of them share.

    Of many, some in even steps are looked at: the beginning and the end of their first and last pages.
    """
    ours = [source for source in sources if source.suffix == f".{decoder}"]
    if len(ours) < _FEWEST:
        return list(sources)
    looked = [edges for source in _some(ours) if (edges := _edges_of(source))]
    shared = _shared(looked)
    if not shared:
        return list(sources)
    told = {SHARED: json.dumps(list(shared), ensure_ascii=False)}
    said = {**told, SAID: _said(shared, len(looked))}
    return [
        replace(one, likely={**one.likely, **(said if one is ours[0] else told)})
        if one.suffix == f".{decoder}"
        else one
        for one in sources
    ]


def _shared(looked: Sequence[Edges]) -> dict[str, int]:
    """Return the lines that many files have at their edges, with how many do.

    From the edges inwards: of a line that stands behind one that is of no other file nothing is known.
    """
    least = max(_FEWEST, _SHARE * len(looked))
    shared: dict[str, int] = {}
    while True:
        counts = Counter(key for edges in looked for key in {key for side in edges for key in _outermost(side, shared)})
        more = {key: count for key, count in counts.items() if count >= least and key not in shared}
        if not more:
            return shared
        shared |= more


def _outermost(side: Sequence[Sequence[str]], shared: Collection[str]) -> Iterator[str]:
    """Yield the keys of the lines from an edge to the first one that is not shared, and of that."""
    for keys in side:
        yield from keys
        if not any(key in shared for key in keys):
            return


def shared_with(source: Source) -> list[str]:
    """Return the lines that other files of the upload have at their edges, too."""
    found = source.likely.get(SHARED)
    return list(json.loads(found)) if found else []


def told_of(likely: Mapping[str, str]) -> list[str]:
    """Return what is to be said of them with this file, once for all."""
    return [likely[SAID]] if SAID in likely else []


def _some(sources: Sequence[Source]) -> list[Source]:
    some, size = list[Source](), 0
    for source in sources[:: max(1, len(sources) // LOOKED_AT)][:LOOKED_AT]:
        if source.size <= LARGEST and size + source.size <= TOGETHER:
            some.append(source)
            size += source.size
    return some


def _edges_of(source: Source) -> Edges:
    """Return the lines at the edges of a file's pages; none of one that cannot be read, which is told later."""
    try:
        document, _ = the_decoder().document(source, "edges", content_of(source), size=0)
    except (UnreadableFile, *DAMAGED):
        return []
    return [[line.split("\t") for line in side.split("\n") if line] for side in document.pages]


def _said(lines: Mapping[str, int], of: int) -> str:
    shown = _forms(lines)
    some = ", ".join(f"“{line}”" for line in shown[:_TOLD])
    more = f" and {len(shown) - _TOLD:,} more" if len(shown) > _TOLD else ""
    least = min(lines.values())
    files = f"all {of:,}" if least == of else f"at least {least:,} of {of:,}"
    return (
        f"running heads and page numbers were left out: lines that the pages of {files} PDF files which were compared "
        f"have at their top or bottom, {some}{more}. They are in no item; to see them, open one of the files and look "
        "at the edges of its pages"
    )


def _forms(lines: Iterable[str]) -> list[str]:
    """Return lines as they are told: those that differ only in numbers are one, with “…” in place of these."""
    alike: dict[str, set[str]] = {}
    for line in lines:
        told = _NUMBER.sub("…", line)
        alike.setdefault(_DIGITS.sub("…", told), set()).add(told)
    return [(form if len(told) > 1 else min(told))[:_TOLD_CHARACTERS] for form, told in alike.items()]
