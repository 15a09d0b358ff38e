"""Makes vectors that behave like those of texts: themes with topics in them, each on a curved sheet of its own.

Themes are directions on the sphere; topics lie about their theme, sizes falling like 1/rank; a topic's rows vary along
a dozen directions of falling weight, which it shares in part with its theme, and a little in all others; one row in
twelve belongs to a theme only.  The estimate of intrinsic dimension at k = 15 is then close to that of real short
texts, which is what neighbour search and UMAP find easy or hard.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from explorer.types import FloatArray, IntArray

THEMES = 24
SHEET = 12
_BLOCK = 16_384


def text_like(n: int, *, d: int = 384, seed: int = 0, out: Path | None = None) -> tuple[FloatArray, IntArray]:
    """Return float32 (n, d) unit vectors and the int32 (n,) topic of each row, -1 for a row of a theme only.

    With *out* the vectors are written to that .npy file block by block and come back memory-mapped.
    """
    rng = np.random.default_rng(seed)
    topics = int(np.clip(n // 120, 12, 1_500))
    theme_of = rng.integers(THEMES, size=topics)
    themes = _unit(rng.normal(size=(THEMES, d)))
    centres = _unit(themes[theme_of] + 0.75 * _unit(rng.normal(size=(topics, d))))
    weights = 1 / (5 + np.arange(topics))
    labels = rng.choice(topics, n, p=weights / weights.sum()).astype(np.int32)
    stray = rng.random(n) < 1 / 12
    fall = (np.arange(1, SHEET + 1) ** -0.5).astype(np.float32)
    sheets = _unit(rng.normal(size=(topics, SHEET, d))) + 0.7 * _unit(rng.normal(size=(THEMES, SHEET, d)))[theme_of]
    vectors = (
        np.empty((n, d), np.float32)
        if out is None
        else np.lib.format.open_memmap(out, mode="w+", dtype=np.float32, shape=(n, d))
    )
    for at in range(0, n, _BLOCK):
        part = slice(at, min(at + _BLOCK, n))
        own, loose = labels[part], stray[part]
        along = rng.normal(size=(len(own), 1, SHEET)).astype(np.float32) * fall * 0.30
        along = along + 0.6 * along**2 * np.sign(along)
        rows = centres[own] + (along @ sheets[own])[:, 0]
        rows[loose] = themes[theme_of[own[loose]]] + 0.9 * _unit(rng.normal(size=(int(loose.sum()), d)))
        vectors[part] = _unit(rows + rng.normal(scale=0.32 / np.sqrt(d), size=rows.shape))
    labels[stray] = -1
    return vectors, labels


def intrinsic_dimension(distances: FloatArray) -> float:
    """Return the mean maximum-likelihood dimension of (n, k) ascending distances, the row itself left out.

    Source: Levina & Bickel 2004, with the inverse averaged as MacKay & Ghahramani propose.
    """
    ratios = np.log(distances[:, -1:] / np.maximum(distances[:, :-1], 1e-12))
    return float(1 / np.mean(ratios.mean(axis=1)))


def _unit(rows: np.ndarray) -> FloatArray:
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)
