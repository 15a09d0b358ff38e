"""What each command does with its words: it calls the functions that the page calls, and prints what they answer.

Which words there are stands in `main`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any

from explorer.cli.printing import Bars, answer_alone, line_of
from explorer.config import AUTO, RunConfig, Settings, default_workspace
from explorer.errors import NotFound
from explorer.types import Dataset
from explorer.workspace import Workspace


def serve(arguments: argparse.Namespace) -> None:
    """Start the server."""
    from explorer.cli.serving import serve
    from explorer.workspace import samples

    settings = Settings.from_env(
        workspace=arguments.workspace,
        host=arguments.host,
        port=arguments.port,
        device=arguments.device,
        warm=not arguments.no_warm,
    )
    paths = [*arguments.paths, *(samples() if arguments.samples else ())]
    serve(settings, paths=paths, browser=not arguments.no_browser)


def run(arguments: argparse.Namespace) -> None:
    """Embed, map and cluster a file or folder, and print what came of it."""
    from explorer import ingest
    from explorer.questions import answers
    from explorer.runs import run
    from explorer.server import parse_settings

    settings = {name: getattr(arguments, name) for name in RunConfig().flat() if hasattr(arguments, name)}
    workspace = _workspace(arguments)
    with answer_alone(), Bars() as bars:
        config = parse_settings(settings)
        dataset = ingest.load(arguments.path, text=arguments.text, progress=bars.reading)
        languages = ingest.languages_of(dataset.items)
        workspace.datasets.keep(dataset, origin=(str(arguments.path.resolve()),), languages=languages)
        _warn_of(languages, config.embed.encoder, dataset)
        finished = run(dataset, config, workspace=workspace, device=arguments.device, progress=bars.show)
    figures = answers.figures(finished)
    if arguments.json:
        print(json.dumps(figures, ensure_ascii=False))
        return
    print(
        f"run {figures['run']}: {figures['rows']:,} rows, {figures['clusters']} clusters, {figures['noise']:.1%} noise"
    )
    if figures["rejected"]:
        print(f"{figures['rejected']:,} could not be read; the report lists them:")
    print(f"embedding-explorer report {figures['run']} --out report.html")


def report(arguments: argparse.Namespace) -> None:
    """Write the report of a run."""
    from explorer.report import write_report
    from explorer.runs import how_sure, open_run

    workspace = _workspace(arguments)
    opened = how_sure if arguments.how_sure else open_run
    finished = opened(_find_run(workspace, arguments.run), workspace=workspace)
    written = write_report(finished, arguments.out, format=arguments.format, near_duplicate=arguments.near_duplicate)
    for path in written:
        print(path)


def neighbors(arguments: argparse.Namespace) -> None:
    """Print the nearest neighbours of a row."""
    from explorer.questions import answers, surroundings_of

    finished = _open(arguments)
    around = surroundings_of(finished, arguments.row, k=arguments.k, metric=arguments.metric)
    answer = answers.neighbors(finished, arguments.row, around, metric=arguments.metric)
    if arguments.json:
        print(json.dumps(answer, ensure_ascii=False))
        return
    print(line_of(answers.brief(finished, arguments.row), None))
    for neighbor in answer["neighbors"]:
        print(line_of(neighbor, neighbor["similarity"]))


def search(arguments: argparse.Namespace) -> None:
    """Print the rows that are near in meaning to some words."""
    from explorer.questions import answers, chance_of, search

    finished = _open(arguments)
    with answer_alone():
        found = search(finished, arguments.query, k=arguments.k)
    answer = answers.hits(finished, arguments.query, found, chance=chance_of(finished, arguments.query))
    if arguments.json:
        print(json.dumps(answer, ensure_ascii=False))
        return
    near = sum(not hit["weak"] for hit in answer["hits"])
    for at, hit in enumerate(answer["hits"]):
        if at == near:
            print("embedding-explorer: from here on no nearer than many rows are to each other.", file=sys.stderr)
        print(line_of(hit, hit["score"]))


def encoders(arguments: argparse.Namespace) -> None:
    """List the encoders."""
    from explorer import encoders

    specs = encoders.list_encoders()
    if arguments.json:
        print(json.dumps({"encoders": [s.told() for s in specs]}))
        return
    for spec in specs:
        ready = "ready, offline" if spec.offline else f"download of {spec.download_mb:,} MB" if spec.download_mb else ""
        print(f"{spec.name:34} {' + '.join(sorted(spec.modalities)):13} {ready}\n    {spec.summary}")
        if spec.needs:
            print(f"    {spec.needs}")


def formats(arguments: argparse.Namespace) -> None:
    """List the file formats that are read."""
    from explorer import ingest

    found = ingest.list_formats()
    if arguments.json:
        print(json.dumps({"formats": found}))
        return
    for one in found:
        print(f"{' '.join(one['suffixes']):34} {one['name']}\n    {one['summary']}")


def doctor(arguments: argparse.Namespace) -> None:
    """Print what is here and how the workspace is."""
    from explorer.server import checkup

    for line in checkup(arguments.workspace or default_workspace(), repair=arguments.repair):
        print(line)


def _warn_of(languages: Mapping[str, float], encoder: str, dataset: Dataset) -> None:
    """Say, before anything is computed, that texts are in languages the encoder was not made for."""
    from explorer import encoders

    name = encoders.default_encoder(dataset.modalities) if encoder == AUTO else encoder
    read = next((spec.languages for spec in encoders.list_encoders() if spec.name == name), ())
    said = encoders.foreign(name, read, languages)
    if said:
        print(f"embedding-explorer: {said}", file=sys.stderr)


def _workspace(arguments: argparse.Namespace) -> Workspace:
    return Workspace(arguments.workspace or default_workspace())


def _open(arguments: argparse.Namespace) -> Any:
    from explorer.runs import open_run

    workspace = _workspace(arguments)
    return open_run(_find_run(workspace, arguments.run), workspace=workspace)


def _find_run(workspace: Workspace, text: str) -> str:
    """Return the key of the run that *text* begins, or names."""
    records = workspace.runs.records()
    keys = [r["run"] for r in records if text and r["run"].startswith(text)] or [
        r["run"] for r in records if r["name"] == text
    ]
    if not keys:
        known = ", ".join(f"{r['run']} ({r['name']})" for r in records[:5]) or "none yet"
        raise NotFound(f"there is no run {text!r} in {workspace.path}; the newest are {known}.")
    if len(keys) > 1:
        raise NotFound(f"{text!r} fits {len(keys)} runs ({', '.join(keys[:5])}); give more of the key.")
    return str(keys[0])
