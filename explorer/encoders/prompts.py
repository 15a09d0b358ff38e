"""What stands before a text where an encoder tells texts that are searched from those that search, "query: " for one.

It encodes nothing itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONFIG = "config_sentence_transformers.json"
QUERY, DOCUMENT = ("query",), ("document", "passage", "corpus")
"""What sentence-transformers calls the two."""


@dataclass(frozen=True)
class Prompts:
    """What stands before a *query* and before a *document*, "" for nothing."""

    query: str = ""
    document: str = ""

    @staticmethod
    def of(named: Mapping[str, Any], default: str | None) -> Prompts:
        """Return those of a model by its own names; with neither of the two, its *default* stands before both."""
        texts = {name: str(text) for name, text in named.items() if text}
        query, document = (next((texts[name] for name in names if name in texts), "") for names in (QUERY, DOCUMENT))
        both = texts.get(default or "", "")
        return Prompts(query, document) if query or document else Prompts(both, both)


def in_folder(folder: Path) -> Prompts:
    """Return the prompts of the model in a folder, from one small file; none where it has none that can be read."""
    try:
        told = json.loads((folder / CONFIG).read_bytes())
        named = told.get("prompts") or {}
        return Prompts.of(named if isinstance(named, dict) else {}, told.get("default_prompt_name"))
    except (OSError, ValueError, AttributeError):
        return Prompts()
