"""The version of how a workspace lies on disk, and the steps from an earlier one to this.

A step changes what every later version would have to read in two ways.  It is complete or absent for each file, and may
be done again: after a kill it goes on with the next opening.  One that cannot be written stays as it is, and is read.

    DIR/workspace.json   {"schema": 2}; none: 1, of versions that did not say so
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from explorer.errors import CannotWrite, WorkspaceUnusable
from explorer.types import Rejected
from explorer.workspace.datafiles import RECORD
from explorer.workspace.files import children, is_whole, read_json
from explorer.workspace.locks import OneWriter
from explorer.workspace.rejections import write_rejected
from explorer.workspace.room import storing
from explorer.workspace.writer import Writer

FILE = "workspace.json"
SCHEMA = 2


def schema_of(workspace: Path) -> int:
    """Return the version of a workspace; raises WorkspaceUnusable for one that this program does not know."""
    try:
        told = json.loads((workspace / FILE).read_text(encoding="utf-8"))
        found = int(told["schema"])
    except FileNotFoundError:
        return 1
    except OSError:
        return SCHEMA
    except (ValueError, KeyError, TypeError):
        return 1  # cut short: all steps may be done again
    if found > SCHEMA:
        raise WorkspaceUnusable(
            f"{workspace} was written by a newer version of Embedding Explorer (its schema is {found}, this one knows "
            f"{SCHEMA}). Update this one, or choose another folder with --workspace."
        )
    return found


def migrate(workspace: Path, writer: Writer, one: OneWriter) -> None:
    """Bring a workspace to this version, step by step; raises WorkspaceUnusable for a newer one."""
    if schema_of(workspace) == SCHEMA:
        return
    with suppress(CannotWrite), one.turn():
        for version in range(schema_of(workspace), SCHEMA):
            STEPS[version](workspace, writer)
        writer.write_json(workspace / FILE, {"schema": SCHEMA})


def _count_rejections(workspace: Path, writer: Writer) -> None:
    """1 to 2: records of datasets count what could not be read; all of it is in a file beside where it is very much."""
    for folder in filter(is_whole, children(workspace / "datasets")):
        with suppress(WorkspaceUnusable, KeyError, TypeError):  # a damaged one is for the doctor
            record = read_json(folder / RECORD)
            if record is not None and "rejected_count" not in record:
                with storing(workspace):
                    said = write_rejected(folder, [Rejected(**fault) for fault in record["rejected"]])
                writer.write_json(folder / RECORD, {**record, **said})


STEPS: Mapping[int, Callable[[Path, Writer], None]] = {1: _count_rejections}
