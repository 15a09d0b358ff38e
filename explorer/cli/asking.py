"""Asks before something leaves this machine, and holds an encoder to its promises.

It sends nothing: a run does.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.cli.printing import say, say_json
from explorer.config import AUTO, default_workspace
from explorer.errors import BadSetting, NotAgreed
from explorer.types import Dataset
from explorer.workspace import Workspace

if TYPE_CHECKING:
    from explorer.runs import Sending

_YES = ("y", "yes")


def may_send(arguments: argparse.Namespace, dataset: Dataset | str, encoder: str, workspace: Workspace) -> bool:
    """Say what a map would have sent, to whom and at what price, and return whether that was agreed to; asks for it.

    Raises NotAgreed where nobody can be asked, or says no.
    """
    from explorer.runs import sending_of

    told = sending_of(dataset, encoder or AUTO, workspace=workspace)
    if told is None or not told.items:
        return told is not None
    say(f"embedding-explorer: {told.words()}", file=sys.stderr)
    if arguments.yes or _asked(told):
        return True
    raise NotAgreed("nothing was sent. Agree with --yes, or choose an encoder of this machine.")


def _asked(told: Sending) -> bool:
    """Ask whoever sits there; nobody does where the input is no terminal."""
    if not sys.stdin.isatty():
        return False
    say(f"Send them to {told.to}? Type y for yes.", file=sys.stderr)
    return sys.stdin.readline().strip().lower() in _YES


def cache(arguments: argparse.Namespace) -> None:
    """Print how large the vectors are that belong to no map, after removing what is to be removed."""
    workspace = Workspace(arguments.workspace or default_workspace())
    if arguments.clear:
        workspace.vectors.prune(to=0)
    else:
        workspace.vectors.prune()
    told = workspace.vectors.state()
    if arguments.json:
        say_json(vars(told))
        return
    say(f"{told.size / 2**20:,.1f} MB of {told.limit / 2**30:,.1f} GB: vectors of maps that are deleted, for the next")
    say(f"{told.used_by_maps / 2**20:,.1f} MB: vectors of maps that are there")
    for fingerprint, size in sorted(told.encoders.items(), key=lambda one: -one[1]):
        say(f"{size / 2**20:12,.1f} MB  {fingerprint}")


def check_encoder(arguments: argparse.Namespace) -> None:
    """Hold an encoder to what every one promises, and print each promise and whether it is kept."""
    from explorer.contracts import check_named
    from explorer.encoders import sends_to

    name = arguments.name
    if sends_to(name) and not arguments.yes:
        raise NotAgreed(f"some twenty short texts of the program's own would be sent to {sends_to(name)}. Add --yes.")
    if not check_named(name, say=say):
        raise BadSetting(f"the encoder {name} does not keep every promise; see above.")


def named_in(arguments: argparse.Namespace) -> None:
    """Have the command take the encoders of the file that it names, or of its workspace."""
    import os

    from explorer.config import ENCODERS_FILE
    from explorer.encoders import use_workspace

    if getattr(arguments, "encoders", None) is not None:
        os.environ[ENCODERS_FILE] = str(Path(arguments.encoders).expanduser().resolve())
    use_workspace(Path(arguments.workspace or default_workspace()).expanduser())
