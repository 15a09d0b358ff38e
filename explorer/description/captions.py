"""Finds what captions say that pictures may be called by: words and whole phrases, as the captions write them.

It names no pictures: `columnnames` does.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from explorer.description.keywords import KeywordIndex

_MOST = 2_000
"""Words and phrases of a column at most, those of most captions."""


def said_in_captions(
    texts: Sequence[str], *, least: int
) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64]], list[str]]:
    """Return the rows and codes of what at least so many of *texts* say, and what that is: "Friday dinner", "cat".

    No piece of a longer phrase is there for itself, as the "day" of "on day two"; a row may have several codes.
    """
    index = KeywordIndex(list(texts))
    everything = np.arange(len(texts))
    terms = index.frequent(_MOST)
    said = index.holding(terms)
    there = np.flatnonzero(said.sum(axis=0) >= least)
    rows, codes = np.nonzero(said[:, there])
    proper, usage = index.written.proper(everything), index.written.usage(everything)
    values = index.spelled([terms[at] for at in there], everything, proper=proper, usage=usage)
    return (rows.astype(np.int64), codes.astype(np.int64)), values
