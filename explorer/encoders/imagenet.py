"""What the 1,000 ImageNet classes are called, read from timm's files without importing timm or torch.

It classifies nothing; `conse` does, and these are the things that its network can tell apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path


@lru_cache(maxsize=1)
def class_names() -> tuple[str, ...]:
    """Return the first name of every class that has one of its own, in class order: "goldfish", "alp"…"""
    return tuple(dict.fromkeys(_first_names()))


def class_texts() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return for every class, in class order, its first two names ("pizza, pizza pie") and what WordNet says it is."""
    names = _by_class("lemma", lambda text: ",".join(text.split(",")[:2]))
    return tuple(names), tuple(_by_class("definition", str.strip))


@lru_cache(maxsize=1)
def general_terms() -> dict[str, tuple[str, ...]]:
    """Return what the classes are, in general terms, each with the names of its classes: "big cat": ("leopard", …)."""
    names = list(_first_names())
    found: dict[str, tuple[str, ...]] = {}
    for line in Path(__file__).with_name("imagenet_general.txt").read_text(encoding="utf-8").splitlines():
        term, _, ranges = line.partition(": ")
        if names and not line.startswith("#"):
            spans = [part.partition("-") for part in ranges.split()]
            numbers = [i for first, _, last in spans for i in range(int(first), int(last or first) + 1)]
            found[term] = tuple(dict.fromkeys(names[i] for i in numbers))
    return found


def _first_names() -> Iterator[str]:
    """Yield the first name of each class, in class order: two share "crane"."""
    return _by_class("lemma", lambda text: text.split(",")[0].strip())


def _by_class(what: str, shorten: Callable[[str], str]) -> Iterator[str]:
    """Yield the lemmas or the definitions of the classes; nothing without timm."""
    spec = find_spec("timm")
    if spec is None or not spec.submodule_search_locations:
        return
    folder = Path(spec.submodule_search_locations[0]) / "data" / "_info"
    lines = (folder / f"imagenet_synset_to_{what}.txt").read_text(encoding="utf-8").splitlines()
    texts = dict(line.split("\t", 1) for line in lines if "\t" in line)
    for synset in (folder / "imagenet_synsets.txt").read_text(encoding="utf-8").split():
        yield shorten(texts[synset])
