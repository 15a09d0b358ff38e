"""Names by a language model, for whoever calls it in this process: the Python interface and the command line.

A server has them made in the background (`namings`).
"""

from __future__ import annotations

from pathlib import Path

from explorer.config import default_workspace
from explorer.description import Asking
from explorer.errors import NotFound
from explorer.runs.endpoint import Endpoint
from explorer.runs.naming import key_in_environment, name_clusters
from explorer.runs.pipeline import open_run
from explorer.runs.titled import titles_of
from explorer.types import Report, Run, silent
from explorer.workspace import Workspace


def names_by(
    run: Run | str,
    address: str,
    *,
    model: str,
    items: int = Asking.items,
    characters: int = Asking.characters,
    prompt: str = Asking.prompt,
    again: bool = False,
    workspace: Workspace | Path | str | None = None,
    progress: Report = silent,
) -> Run:
    """Have a language model name a run's clusters, and return the run with these names; they are kept with it.

    *address* is that of any server that speaks OpenAI's protocol, as ``http://127.0.0.1:11434/v1``; a key is taken
    from EXPLORER_NAMES_KEY in the environment.  It is sent *items* of each cluster's middle, cut to so many
    *characters*, and the words that are frequent in it.  What was asked in the same way before is not asked *again*.
    Raises NoAnswer (what came until then is kept), BadSetting, NotFound, NotReady.
    """
    if not isinstance(workspace, Workspace):
        workspace = Workspace(workspace or default_workspace())
    key = run.key if isinstance(run, Run) else run
    endpoint = Endpoint.at(address, model, key=key_in_environment())
    name_clusters(workspace, key, endpoint, Asking(items, characters, prompt), again=again, progress=progress)
    return use_names(key, workspace=workspace)


def use_names(run: Run | str, *, used: bool = True, workspace: Workspace | Path | str | None = None) -> Run:
    """Show a run under the names that a language model gave its clusters, or under those of their words.

    Raises NotFound for a run without such names.
    """
    if not isinstance(workspace, Workspace):
        workspace = Workspace(workspace or default_workspace())
    key = run.key if isinstance(run, Run) else run
    kept = titles_of(workspace, key)
    if not kept.get("clusters"):
        if used:
            raise NotFound(f"no language model has named the clusters of run {key} yet.")
        return open_run(key, workspace=workspace)
    if kept.get("used") != used:
        workspace.runs.keep_titles(key, {**kept, "used": used})
    return open_run(key, workspace=workspace)
