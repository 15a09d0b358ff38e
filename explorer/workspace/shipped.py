"""Where the files that travel with the package are: `assets/` and `sample_data/`.

In a checkout they are beside the package, in a wheel inside it.
"""

from pathlib import Path

SAMPLES = ("city_messages.csv", "drawn_scenes.zip")

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped(name: str) -> Path:
    """Return the folder *name* ("assets" or "sample_data") wherever this installation keeps it."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def samples() -> list[Path]:
    """Return the sample data sets, texts first."""
    return [shipped("sample_data") / name for name in SAMPLES]
