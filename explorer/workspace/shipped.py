"""Where the files that travel with the package are: `assets/` and `sample_data/`.

In a checkout they are beside the package, in a wheel inside it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

SAMPLES = ("city_messages.csv", "drawn_scenes.zip")

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped(name: str) -> Path:
    """Return the folder *name* ("assets" or "sample_data") wherever this installation keeps it."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def is_sample(dataset: Mapping[str, Any]) -> bool:
    """Return whether the record of a dataset is that of a sample."""
    return dataset.get("origin") in [[str(path)] for path in samples()]


def samples() -> list[Path]:
    """Return the sample data sets, texts first."""
    return [shipped("sample_data") / name for name in SAMPLES]
