"""What open_clip lists: model names, the weights of each, and where those are kept.

It reads open_clip's source as text: importing it would load torch, seconds and hundreds of megabytes for a name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

QUICK = "-quickgelu"


@dataclass(frozen=True)
class Tag:
    """One set of weights: its hub repository, its file there ("" = the usual names), its activation."""

    repo: str
    file: str
    quick_gelu: bool


@lru_cache(maxsize=1)
def models() -> frozenset[str]:
    """Return the names of the models that open_clip has configurations of."""
    return frozenset(path.stem for path in (_package() / "model_configs").glob("*.json"))


@lru_cache(maxsize=1)
def listed() -> dict[str, dict[str, Tag]]:
    """Return the weights by model and tag; empty when open_clip's file is not written as expected."""
    source = _package() / "pretrained.py"
    tables: dict[str, ast.expr] = {}
    for node in ast.parse(source.read_text(encoding="utf-8")).body if source.is_file() else ():
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            tables.setdefault(node.targets[0].id, node.value)
    found: dict[str, dict[str, Tag]] = {}
    for model, value in _pairs(tables.get("_PRETRAINED")):
        table = tables.get(value.id) if isinstance(value, ast.Name) else value
        tags = {tag: _tag(dict(_pairs(leaf))) for tag, leaf in _pairs(table)}
        found[model] = tags
        # open_clip lists weights that want the activation "quick GELU" under a second name too.
        quick = {tag: weights for tag, weights in tags.items() if weights.quick_gelu}
        if quick and model + QUICK in models():
            found[model + QUICK] = quick
    return found


def _tag(fields: dict[str, ast.expr]) -> Tag:
    texts = {name: value.value for name, value in fields.items() if isinstance(value, ast.Constant)}
    repo, _, file = str(texts.get("hf_hub", "")).rpartition("/")
    return Tag(repo, file, bool(texts.get("quick_gelu", False)))


def _pairs(node: ast.expr | None) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names and values of a ``{...}`` or of a call's keywords, such as ``dict(...)``."""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant):
                yield str(key.value), value
    elif isinstance(node, ast.Call):
        yield from ((keyword.arg, keyword.value) for keyword in node.keywords if keyword.arg)


def _package() -> Path:
    spec = find_spec("open_clip")
    places = spec.submodule_search_locations if spec is not None else None
    return Path(next(iter(places or ("",))))
