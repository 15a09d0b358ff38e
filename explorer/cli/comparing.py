"""What the command `compare` prints of two runs of the same rows.

It measures nothing: `questions` does.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from explorer.cli.commands import find_run, workspace_of
from explorer.cli.printing import say, say_json, seen

_MOVED = 5
"""Rows that moved most, and neighbours of each by either run, that are printed."""


def compare(arguments: argparse.Namespace) -> None:
    """Print how two runs differ: what it means, the table of what each keeps, the rows that moved most."""
    from explorer.questions import compare, differences
    from explorer.report import write_page
    from explorer.runs import open_run

    workspace = workspace_of(arguments)
    a, b = (open_run(find_run(workspace, text), workspace=workspace) for text in (arguments.run, arguments.other))
    found = compare(a, b)
    told = differences.compared(found)
    if arguments.out is not None:
        page = differences.page(found, told, thumbnail=workspace.thumbnails.small)
        say(str(write_page(page, arguments.out)), sys.stderr if arguments.json else None)
    if arguments.json:
        say_json(told)
        return
    for sentence in told["said"]:
        say(sentence)
    if told["columns"]:
        _say_columns(told)
    for row in told["moved"][:_MOVED]:
        say(f"row {row['row']} keeps {row['overlap']:.0%}: {_words(row)}")
        for side in ("a", "b"):
            near = "; ".join(_words(card, 40) for card in row[f"near_{side}"][:_MOVED])
            say(f"    near by {told[side]['called']}: {near}")


def _say_columns(told: dict[str, Any]) -> None:
    names = [told[side]["called"] for side in ("a", "b")]
    say("what each keeps: a vote of the nearest is right, by either; clusters and column share information, by either")
    for one in told["columns"]:
        right, mutual = (" ".join(f"{value:.3f}" for value in one[name]) for name in ("accuracy", "information"))
        better = "no clear difference" if one["better"] is None else f"{names[one['better']]} keeps it better"
        say(f"{seen(one['column']):20.20}  {right}  {mutual}  {better}")


def _words(card: dict[str, Any], most: int = 100) -> str:
    words = seen(str(card.get("text") or card.get("path") or card["place"]))
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
