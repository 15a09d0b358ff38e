"""Turns a map to agree with another one of the same rows: turned or mirrored, scaled and shifted, never sheared.

It changes no distances but all by the same factor; which maps are to agree, others decide.
"""

from __future__ import annotations

import numpy as np

from explorer.types import FloatArray

_NOTHING = 1e-12


def laid_on(xy: FloatArray, onto: FloatArray) -> FloatArray:
    """Return float32 (n, d) places *xy* laid on the places *onto* of the same rows as well as it can be done so.

    The sum of squared distances is least among all that a turn or reflection, one scale and a shift can do.  Rows with
    nan in either count for nothing and stay nan where *xy* has nan.  Maps of other dimensions, or of fewer than two
    different places, are returned as they are.
    Source: ordinary Procrustes analysis, P. Schönemann, R. Carroll, Psychometrika 35 (1970).
    """
    both = np.isfinite(xy).all(axis=1) & np.isfinite(onto).all(axis=1) if xy.shape == onto.shape else np.zeros(0, bool)
    if np.count_nonzero(both) < 2:
        return np.asarray(xy, np.float32)
    ours, theirs = (np.asarray(places[both], np.float64) for places in (xy, onto))
    here, there = ours.mean(axis=0), theirs.mean(axis=0)
    ours, theirs = ours - here, theirs - there
    size = float((ours**2).sum())
    if size < _NOTHING or float((theirs**2).sum()) < _NOTHING:
        return np.asarray(xy, np.float32)
    u, strengths, vt = np.linalg.svd(ours.T @ theirs)
    turned = (np.asarray(xy, np.float64) - here) @ (u @ vt) * (float(strengths.sum()) / size) + there
    return np.asarray(turned, np.float32)
