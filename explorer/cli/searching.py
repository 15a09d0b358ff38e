"""What the command `search` prints: rows by what they are called, and by meaning, the weak ones last.

It opens no run; `commands` does.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from explorer.cli.printing import answer_alone, line_of, say, say_json
from explorer.config import AUTO
from explorer.errors import NoEncoder, WrongModality
from explorer.types import Run
from explorer.workspace import Workspace


def say_found(arguments: argparse.Namespace, run: Run, workspace: Workspace) -> None:
    """Print the rows that are called so, and those that are near in meaning to the words of a command."""
    from explorer.questions import by_name, of_kind, sums, unread_by, with_names

    finished = of_kind(run, arguments.kind)
    named = {} if sums.is_sum(arguments.query) or arguments.k < 1 else by_name(finished, arguments.query)
    try:
        answer = with_names(_near_in_meaning(arguments, finished, workspace), named)
    except (NoEncoder, WrongModality) as error:
        why = unread_by(finished) if isinstance(error, WrongModality) else ""
        if not named and why and not sums.is_sum(arguments.query):
            raise WrongModality(f"No name has “{arguments.query}”. {why}") from error
        if not named:
            raise
        answer = {"query": arguments.query, "hits": [], "unread": why or str(error), **named}
    if arguments.json:
        say_json(answer)
        return
    for one in answer.get("by_name", ()):
        say(line_of(one, None))
    if named:
        count = answer["by_name_in_all"]
        how = "with just that in a column" if all(one.get("in_column") for one in answer["by_name"]) else "named so"
        said = f"{count} row{'' if count == 1 else 's'} {how}; what follows is near in meaning."
        say(f"embedding-explorer: {answer.get('unread') or said}", file=sys.stderr)
    _say_hits(answer)


def _say_hits(answer: dict[str, Any]) -> None:
    """Print hits, and where the weak ones begin."""
    near = sum(not hit["weak"] for hit in answer["hits"])
    for at, hit in enumerate(answer["hits"]):
        if at == near:
            none = _none_near(answer)
            said = "from here on no nearer" if at else f"{none}; these are no nearer"
            say(f"embedding-explorer: {said} than rows are that have little to do with each other.", file=sys.stderr)
        say(line_of(hit, hit["score"]))
    if "remark" in answer:
        say(f"embedding-explorer: {answer['remark']}", file=sys.stderr)


def _none_near(answer: dict[str, Any]) -> str:
    what = "nothing else here" if answer.get("by_name") else "nothing here"
    return f"{what} is surely about it" if "doubtful" in answer else f"{what} is close to it in meaning"


def _near_in_meaning(arguments: argparse.Namespace, finished: Run, workspace: Workspace) -> dict[str, Any]:
    """Return what is near in meaning to some words."""
    from explorer.encoders import query_vectors
    from explorer.questions import (
        LOOKED_THROUGH,
        answers,
        limits_of,
        measured_with,
        phrases_of,
        remark_on,
        rows_having,
        search,
    )
    from explorer.runs import cached_encoder, remembering

    with answer_alone():
        found = search(finished, arguments.query, k=max(arguments.k, LOOKED_THROUGH if arguments.k > 0 else 0))
        told_of = workspace.datasets.record(finished.dataset.key)
        languages = dict(told_of.get("languages") or {})  # as they were told when its texts were read
        words = measured_with(finished, arguments.query, languages)
        model = remembering(workspace, cached_encoder(finished.embeddings.encoder, AUTO))
        many = query_vectors(model, words) if words else None
    limits = limits_of(finished, arguments.query, many)
    among = rows_having(finished, phrases_of(arguments.query))
    told: dict[str, Any] = {"limits": limits, "among": among, "most": arguments.k, "words": arguments.query}
    told["remark"] = remark_on(finished, arguments.query, limits.chance, languages)
    return answers.hits(finished, arguments.query, found, **told)
