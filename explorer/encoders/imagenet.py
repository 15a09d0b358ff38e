"""What the 1,000 ImageNet classes are called, read from timm's files without importing timm or torch.

It classifies nothing; `conse` does, and these are the things that its network can tell apart.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path


@lru_cache(maxsize=1)
def class_names() -> tuple[str, ...]:
    """Return the first name of every class that has one of its own, in class order: "goldfish", "alp"…"""
    spec = find_spec("timm")
    if spec is None or not spec.submodule_search_locations:
        return ()
    folder = Path(spec.submodule_search_locations[0]) / "data" / "_info"
    lines = (folder / "imagenet_synset_to_lemma.txt").read_text(encoding="utf-8").splitlines()
    lemmas = dict(line.split("\t", 1) for line in lines if "\t" in line)
    synsets = (folder / "imagenet_synsets.txt").read_text(encoding="utf-8").split()
    return tuple(dict.fromkeys(lemmas[synset].split(",")[0].strip() for synset in synsets))
