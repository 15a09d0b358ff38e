"""Takes the server's own folders out of what it says: a sentence names the file, not where it lies.

Whoever started the server reads the full sentence on the command line; whoever asks it over the network does not.
"""

from __future__ import annotations

import re
import sys
import tempfile
from functools import lru_cache
from pathlib import Path

from explorer.encoders import hub_cache

_UNTYPED = r"(?<!\bst:)"
"""An encoder is named by its path only where somebody named it so: that is what was typed, and is said as it was."""


@lru_cache(maxsize=4)
def _places(workspace: Path | None) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return patterns of what begins with a folder of the server, and the words for each; the inner ones first."""
    named = {
        **({workspace: "the workspace", workspace.resolve(): "the workspace"} if workspace else {}),
        hub_cache(): "the hub's cache",
        Path(__file__).resolve().parents[1]: "the program",
        Path(sys.prefix): "the program",
        Path(tempfile.gettempdir()): "a temporary folder",
        Path.home(): "a folder of the server",
    }
    known = sorted(
        ((str(path), words) for path, words in named.items() if len(path.parts) > 1), key=lambda one: -len(one[0])
    )
    return tuple(
        (re.compile(_UNTYPED + re.escape(path) + r"(?:[/\\][^\s'\"”’;,)]*)?(?<![.])"), words) for path, words in known
    )


def without_places(text: str, workspace: Path | None) -> str:
    """Return *text* with words for what lies in the folders of the server."""
    for pattern, words in _places(workspace):
        text = pattern.sub(words, text)
    return text
