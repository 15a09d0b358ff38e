"""Say what this installation and this workspace are like: versions, devices, weights, health.

Each line that is not well says what to do.  It repairs nothing unless it is asked to.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from explorer import encoders
from explorer.engines import engines
from explorer.errors import CannotWrite, ExplorerError, WorkspaceBusy
from explorer.runs import STAGES, Plan, done, versions
from explorer.server.mending import faults, is_abandoned
from explorer.server.uploads import KEPT_SECONDS, Uploads
from explorer.workspace import SCHEMA, Workspace, children, is_whole, size_of

LISTED = 5
"""Names of things that are left over that are shown."""


def checkup(folder: Path, *, repair: bool = False) -> Iterator[str]:
    """Yield the lines of a check-up; with *repair* what a crash left in the workspace is mended on the way."""
    yield "versions"
    for name, version in versions().items():
        yield f"  {name:24} {version}"
    yield "devices"
    for device in encoders.devices():
        yield f"  {device}"
    yield "engines for map and clusters"
    for engine in engines():
        yield f"  {engine}"
    yield "weights"
    for encoder, path, verified, size in encoders.weights_found():
        yield f"  {encoder:24} " + (f"verified, {size / 2**20:,.0f} MB, {path}" if verified else f"not usable: {path}")
    for spec in encoders.list_encoders():
        if spec.name.startswith("clip:") and spec.dim:
            yield f"  {spec.name:24} {'downloaded' if spec.offline else f'not here: {spec.needs}'}"
    yield from _additions()
    yield from _workspace(folder, repair=repair)


def _additions() -> Iterator[str]:
    """Yield what other packages add, and what is wrong with it; nothing where none does."""
    from explorer import ingest, kinds, neighbors  # for a check-up alone: every command would wait for them

    lines = []
    rooms = {"kind": kinds, "encoder": encoders, "reader": ingest, "index": neighbors}
    for what, added in ((name, room.added()) for name, room in rooms.items()):
        faults = added.faults()
        faulty = {(fault.name, fault.package) for fault in faults}
        well = (one for one in added.usable if (one.name, one.package) not in faulty)
        lines += [f"  {what:8} {one.name:15} ready, of {one.package}" for one in well]
        lines += [
            f"  {what:8} {fault.name:15} not usable: {fault.reason.rstrip('.')}; mend or remove {fault.package}"
            for fault in faults
        ]
    if lines:
        yield "added by other packages"
        yield from lines


def _workspace(folder: Path, *, repair: bool) -> Iterator[str]:
    yield f"workspace {folder}"
    try:
        workspace = Workspace(folder)
    except ExplorerError as exc:
        yield f"  not usable: {exc}"
        return
    with ExitStack() as held:
        try:
            held.enter_context(workspace.exclusive())
            yield "  no server uses it"
            uploads = Uploads(workspace.path / "uploads", limit_bytes=0, writer=workspace.writer)
        except WorkspaceBusy:
            yield "  a server uses it now"
            uploads = None  # which uploads go on, that server knows
        yield f"  schema {SCHEMA}"
        yield from _room(workspace)
        yield from _faults(workspace, repair=repair and uploads is not None)
        yield from _leftovers(workspace, uploads, repair=repair)
        yield from _uploads(workspace)
    try:
        yield from _contents(workspace, served=uploads is None)
    except ExplorerError as exc:
        yield f"  damaged: {exc}"


def _room(workspace: Workspace) -> Iterator[str]:
    free = shutil.disk_usage(workspace.path).free
    yield f"  {size_of([workspace.path]) / 2**20:,.0f} MB used, {free / 2**30:,.0f} GB free"
    try:
        workspace.check_room()
    except CannotWrite as exc:
        yield f"  {exc}"
    if not workspace.writable:
        yield "  it may only be read: what is there can be looked at and exported; make its folder writable for more"


def _faults(workspace: Workspace, *, repair: bool) -> Iterator[str]:
    """Yield what cannot be read or is not complete, and mend it with *repair*."""
    for fault in faults(workspace):
        if not repair:
            yield f"  {fault.what}; mend it, while no server uses it, with: embedding-explorer doctor --repair"
            continue
        try:
            fault.mend()
            yield f"  {fault.what}; {fault.cure}"
        except (ExplorerError, OSError) as exc:
            yield f"  {fault.what}; it could not be mended: {exc}"


def _leftovers(workspace: Workspace, uploads: Uploads | None, *, repair: bool) -> Iterator[str]:
    """Yield what belongs to nobody, and remove it with *repair*."""
    left = workspace.leftovers() + (uploads.abandoned(KEPT_SECONDS) if uploads else [])
    if not left:
        yield "  nothing is left over"
        return
    said = f"{len(left)} files and folders belong to nobody, {size_of(left) / 2**20:,.1f} MB"
    names = ", ".join(str(path.relative_to(workspace.path)) for path in left[:LISTED]) + ", …" * (len(left) > LISTED)
    if not repair:
        yield f"  {said}: {names}; remove them with: embedding-explorer doctor --repair"
        return
    workspace.sweep(thumbnails=True)
    if uploads is not None:
        uploads.sweep(KEPT_SECONDS)
    still = workspace.leftovers()
    yield f"  {said}: {names}; removed" + (f", but for {len(still)} that the disk did not let go" if still else "")


def _uploads(workspace: Workspace) -> Iterator[str]:
    """Yield how many uploads were begun and are not finished; nothing where there are none."""
    begun = [path for path in children(workspace.path / "uploads") if is_whole(path)]
    if begun:
        yield (
            f"  {len(begun)} uploads are not finished, {size_of(begun) / 2**20:,.1f} MB; "
            "send the same files again to go on, or leave them: a server removes what nobody goes on with"
        )


def _state(workspace: Workspace, record: Mapping[str, Any], *, served: bool) -> str:
    """Return a run's state as REST tells it: what nobody computes is interrupted, though no disk took that."""
    return "interrupted" if not served and is_abandoned(workspace, record) else str(record["state"])


def _contents(workspace: Workspace, *, served: bool) -> Iterator[str]:
    """Yield what there is; *served*: a server is at it, and alone knows what it computes."""
    datasets = workspace.datasets.records()
    runs = [{**record, "state": _state(workspace, record, served=served)} for record in workspace.runs.records()]
    states = Counter(record["state"] for record in runs)
    told = ", ".join(f"{count} {state}" for state, count in states.items())
    yield f"  {len(datasets)} datasets, {len(runs)} runs{f' ({told})' if told else ''}"
    for record in runs:
        plan = Plan.from_json(record["plan"])
        broken = record["state"] == "done" and not all(done(workspace, plan, stage) for stage in STAGES)
        yield f"  run {record['run']} {record['state']:11} {record['name']}" + (
            "  results are missing: start it again" if broken else ""
        )
