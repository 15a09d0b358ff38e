"""The commands that only tell: what a map takes, which encoders and formats there are, how the workspace is."""

from __future__ import annotations

import argparse

from explorer.cli.printing import Bars, answer_alone, say, say_json
from explorer.config import GIVEN, default_workspace
from explorer.types import Dataset
from explorer.workspace import Workspace


def estimate(arguments: argparse.Namespace) -> None:
    """Print what a map of files takes with each encoder that reads them, before anything is computed."""
    from explorer import ingest
    from explorer.runs import estimate

    workspace = Workspace(arguments.workspace or default_workspace())
    with answer_alone(), Bars() as bars:
        dataset = ingest.load(arguments.paths, choices=ingest.parse_choices(arguments.read), progress=bars.reading)
    own = [GIVEN] if dataset.given is not None else []
    named = [arguments.encoder] if arguments.encoder else [*own, *_readers(dataset)]
    found = [estimate(dataset, name, rows=arguments.rows, workspace=workspace) for name in named]
    if arguments.json:
        say_json({"estimates": [{**vars(one), "words": one.words()} for one in found]})
        return
    for one in found:
        say(f"{one.encoder:34} {one.rows:,} rows: {one.words()}, {one.disk / 1e6:,.0f} MB on the disk")


def _readers(dataset: Dataset) -> list[str]:
    from explorer import encoders, ingest

    return [spec.name for spec in encoders.readers_of(dataset.modalities, ingest.languages_of(dataset.items))]


def encoders(arguments: argparse.Namespace) -> None:
    """List the encoders."""
    from explorer import encoders
    from explorer.runs import speed_of

    specs = encoders.list_encoders()
    folder = arguments.workspace or default_workspace()
    known = Workspace(folder).speeds.all() if folder.is_dir() else {}
    speeds = {one.name: speed_of(known, one.name, one.modalities) for one in specs}
    if arguments.json:
        say_json({"encoders": [{**one.told(), "items_a_second": speeds[one.name]} for one in specs]})
        return
    for spec in specs:
        ready = "ready, offline" if spec.offline else f"download of {spec.download_mb:,} MB" if spec.download_mb else ""
        ready = f"sends what it reads to {spec.sends}" if spec.sends else ready
        say(f"{spec.name:34} {' + '.join(sorted(spec.modalities)):13} {ready}")
        say(f"    {spec.summary}")
        if spec.needs:
            say(f"    {spec.needs}")
        found = encoders.facts(spec.told(), speeds[spec.name])
        if found:
            say(f"    {'; '.join(found)}")


def formats(arguments: argparse.Namespace) -> None:
    """List the file formats that are read."""
    from explorer import ingest

    found = ingest.list_formats()
    if arguments.json:
        say_json({"formats": found})
        return
    for one in found:
        say(f"{' '.join(one['suffixes']):34} {one['name']}")
        say(f"    {one['summary']}")
        if one["choices"]:
            say(f"    --read {', '.join(one['choices'])}")


def doctor(arguments: argparse.Namespace) -> None:
    """Print what is here and how the workspace is."""
    from explorer.server import checkup

    for line in checkup(arguments.workspace or default_workspace(), repair=arguments.repair):
        say(line)
