"""Whether an encoder may be loaded from the folder that its name names: never from where strangers put files.

It loads nothing and reads no folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from explorer.encoders.registry import folder_of
from explorer.errors import BadSetting


def check_folder(name: str, *, outside: Path, inside: Sequence[Path] | None = None) -> None:
    """Raise BadSetting where an encoder's name is that of a folder in *outside*, or not in one of *inside*.

    *outside* is the workspace, whose files anybody may have uploaded; None for *inside*: anywhere else.
    """
    folder = folder_of(name)
    if folder is None:
        return
    folder = folder.resolve()
    if folder.is_relative_to(outside.resolve()):
        raise BadSetting(f"the encoder {name!r} lies in the workspace, among what was uploaded; keep models elsewhere.")
    if inside is not None and not any(folder.is_relative_to(place.resolve()) for place in inside):
        raise BadSetting(
            f"the encoder {name!r} is a folder; a page names only those that the server was told of in "
            "EXPLORER_MODEL_FOLDERS. On the command line any will do: embedding-explorer run --encoder."
        )
