"""How it is kept what the pictures of a dataset look like: `signs.npy`, a line a picture, its content before its sign.

Versions find near-duplicates by it without opening a picture again; it makes no signs (ingest does).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

FILE = "signs.npy"


def write_signs(folder: Path, signs: Mapping[bytes, bytes]) -> None:
    """Write the signs of pictures by their content, all of one length each; nothing where there are none."""
    lengths = {(len(content), len(sign)) for content, sign in signs.items()}
    if len(lengths) == 1:
        (before, _), together = next(iter(lengths)), b"".join(content + sign for content, sign in signs.items())
        array = np.frombuffer(together, np.uint8).reshape(len(signs), -1)
        np.save(folder / FILE, np.concatenate([np.full((len(array), 1), before, np.uint8), array], axis=1))


def read_signs(folder: Path) -> dict[bytes, bytes]:
    """Return the signs of pictures by their content; none of a dataset without pictures, or of an earlier version."""
    try:
        array = np.load(folder / FILE, allow_pickle=False)
    except FileNotFoundError:
        return {}
    before = int(array[0, 0]) + 1 if len(array) else 1
    return {line[1:before].tobytes(): line[before:].tobytes() for line in array}
