"""Whether an encoder may be loaded from the folder that its name names: never from where strangers put files.

It loads nothing and reads no folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from explorer.encoders.registry import folder_of
from explorer.errors import BadSetting

_ADDRESS = re.compile(r"[a-z-]+:(?:[a-z-]+:)?[A-Za-z][A-Za-z0-9+.-]+://")
NOWHERE = Path(os.devnull) / "nowhere"
"""What lies in no folder."""


def check_folder(name: str, *, outside: Path, inside: Sequence[Path] | None = None) -> None:
    """Raise BadSetting where an encoder's name is that of a folder in *outside*, or not in one of *inside*.

    *outside* is the workspace, whose files anybody may have uploaded; None for *inside*: anywhere else.
    """
    if _ADDRESS.match(name):
        raise BadSetting(
            f"the encoder {name!r} is an address, which none is loaded from; name a model of the hub, as in "
            "st:OWNER/MODEL, or a folder that it lies in."
        )
    folder = _named(name)
    if folder is None:
        return
    among_uploads = folder.is_relative_to(outside.resolve())
    if inside is not None and (among_uploads or not any(folder.is_relative_to(place.resolve()) for place in inside)):
        # One sentence, whatever there is: what lies where on this machine is nobody's business.
        raise BadSetting(
            f"the encoder {name!r} is named as a folder; a page takes only those that the server was told of in "
            "EXPLORER_MODEL_FOLDERS. Name a model of the hub, as in st:OWNER/MODEL, or use the command line, where any "
            "folder with a model will do: embedding-explorer run --encoder."
        )
    if among_uploads:
        raise BadSetting(f"the encoder {name!r} lies in the workspace, among what was uploaded; keep models elsewhere.")


def _named(name: str) -> Path | None:
    """Return the folder that a name leads to, links followed; one that cannot be followed is in no place of ours."""
    try:
        folder = folder_of(name)
        return None if folder is None else folder.resolve()
    except (OSError, ValueError, RuntimeError):  # not to be read, no name of a file, of nobody's home, links in a ring
        return NOWHERE
