"""The command `embedding-explorer`: serve, run, report, neighbors, search, encoders, formats, doctor.

It does not compute: each command parses its words, calls the functions that the page calls, and prints.
Answers go to standard output, everything else to standard error; an error is one sentence and exit status 1.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from explorer.config import DEVICES, ENGINES, METRICS, SPACES, RunConfig, Settings, default_workspace, share_cores
from explorer.errors import ExplorerError, NotFound
from explorer.types import Progress
from explorer.workspace import Workspace


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0, or 1 after an error, 130 after Ctrl-C."""
    arguments = _parser().parse_args(argv)
    share_cores()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a character that the terminal has not is no reason to stop
    try:
        arguments.command(arguments)
        sys.stdout.flush()  # here, where a reader that has gone away is no error
    except ExplorerError as exc:
        print(f"embedding-explorer: {exc}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("embedding-explorer: stopped; what is finished is kept, the same command goes on.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="embedding-explorer",
        description="See what is in a pile of texts or pictures: embed, map, cluster, report.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_serve(commands)
    _add_run(commands)
    _add_questions(commands)
    encoders = _command(commands, "encoders", _encoders, "list the encoders, what they read and what they need")
    formats = _command(commands, "formats", _formats, "list the file formats that are read")
    for listed in (encoders, formats):
        listed.add_argument("--json", action="store_true", help="print json")
    _command(commands, "doctor", _doctor, "versions, devices, weights found, workspace health")
    return parser


def _command(commands: Any, name: str, run: Any, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    parser.set_defaults(command=run)
    parser.add_argument(
        "--workspace",
        type=Path,
        metavar="DIR",
        help="where results are kept (default: EXPLORER_WORKSPACE or user data)",
    )
    return parser


def _add_serve(commands: Any) -> None:
    serve = _command(commands, "serve", _serve, "start the app in a browser, with the given files or folders in it")
    serve.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    serve.add_argument("--samples", action="store_true", help="open the sample data that came with the package too")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8050, help="0 takes a free one")
    serve.add_argument("--device", choices=DEVICES)
    serve.add_argument("--no-browser", action="store_true", help="do not open a browser")


def _add_run(commands: Any) -> None:
    run = _command(commands, "run", _run, "embed, map and cluster a file or folder")
    run.add_argument("path", type=Path, metavar="PATH")
    run.add_argument("--text", metavar="COLUMN", help="the column that holds the texts (default: found)")
    run.add_argument("--encoder", metavar="NAME", help="see: embedding-explorer encoders")
    run.add_argument("--device", choices=DEVICES, default="auto")
    run.add_argument("--n-neighbors", type=int, metavar="N", help="UMAP: neighbours looked at")
    run.add_argument("--min-dist", type=float, metavar="D", help="UMAP: how tightly points pack, 0 to 1")
    run.add_argument("--metric", choices=METRICS)
    run.add_argument(
        "--seed", type=_seed, default=argparse.SUPPRESS, metavar="N|none", help="none: a little different each time"
    )
    run.add_argument("--engine", choices=ENGINES, help="cuml lays out and clusters on an NVIDIA GPU; extra: gpu")
    run.add_argument("--min-cluster-size", type=int, metavar="N", help="HDBSCAN: the smallest cluster")
    run.add_argument("--min-samples", type=int, metavar="N", help="HDBSCAN: higher leaves more as noise")
    run.add_argument("--space", choices=SPACES, help="cluster the map, or a UMAP of its own")
    run.add_argument("--json", action="store_true", help="print one json object and nothing else")


def _add_questions(commands: Any) -> None:
    report = _command(commands, "report", _report, "write the report of a run")
    report.add_argument("run", metavar="RUN")
    report.add_argument("--out", required=True, type=Path, metavar="FILE_OR_FOLDER")
    report.add_argument("--format", choices=("html", "csv", "parquet", "json", "npy"))
    report.add_argument(
        "--near-duplicate", type=float, default=0.98, metavar="COSINE", help="from which rows count as the same (0.98)"
    )
    near = _command(commands, "neighbors", _neighbors, "print the true nearest neighbours of a row")
    near.add_argument("run", metavar="RUN")
    near.add_argument("row", type=int, metavar="ROW")
    near.add_argument("--metric", choices=METRICS, default="cosine")
    find = _command(commands, "search", _search, "find rows by meaning")
    find.add_argument("run", metavar="RUN")
    find.add_argument("query", metavar="WORDS")
    for parser in (near, find):
        parser.add_argument("--k", type=int, default=10)
        parser.add_argument("--json", action="store_true", help="print json")


def _seed(text: str) -> int | None:
    try:
        return None if text.lower() == "none" else int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a whole number nor none") from None


# -- the commands -----------------------------------------------------------------------------------------------------


def _serve(arguments: argparse.Namespace) -> None:
    from explorer.cli.serving import serve
    from explorer.workspace import samples

    settings = Settings.from_env(
        workspace=arguments.workspace, host=arguments.host, port=arguments.port, device=arguments.device
    )
    paths = [*arguments.paths, *(samples() if arguments.samples else ())]
    serve(settings, paths=paths, browser=not arguments.no_browser)


def _run(arguments: argparse.Namespace) -> None:
    from explorer import ingest
    from explorer.questions import answers
    from explorer.runs import run
    from explorer.server import parse_settings

    settings = {name: getattr(arguments, name) for name in RunConfig().flat() if hasattr(arguments, name)}
    workspace = _workspace(arguments)
    with _answer_alone(), _Bars() as bars:
        config = parse_settings(settings)
        dataset = ingest.load(arguments.path, text=arguments.text, progress=bars.reading)
        workspace.datasets.add(dataset, origin=(str(arguments.path.resolve()),))
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


def _report(arguments: argparse.Namespace) -> None:
    from explorer.report import write_report
    from explorer.runs import open_run

    workspace = _workspace(arguments)
    finished = open_run(_find_run(workspace, arguments.run), workspace=workspace)
    written = write_report(finished, arguments.out, format=arguments.format, near_duplicate=arguments.near_duplicate)
    for path in written:
        print(path)


def _neighbors(arguments: argparse.Namespace) -> None:
    from explorer.questions import answers, surroundings_of

    finished = _open(arguments)
    around = surroundings_of(finished, arguments.row, k=arguments.k, metric=arguments.metric)
    answer = answers.neighbors(finished, arguments.row, around, metric=arguments.metric)
    if arguments.json:
        print(json.dumps(answer, ensure_ascii=False))
        return
    print(_line(answers.brief(finished, arguments.row), None))
    for neighbor in answer["neighbors"]:
        print(_line(neighbor, neighbor["similarity"]))


def _search(arguments: argparse.Namespace) -> None:
    from explorer.questions import answers, queries

    finished = _open(arguments)
    with _answer_alone():
        found = queries.search(finished, arguments.query, k=arguments.k)
    answer = answers.hits(finished, arguments.query, found)
    if arguments.json:
        print(json.dumps(answer, ensure_ascii=False))
        return
    for hit in answer["hits"]:
        print(_line(hit, hit["score"]))


def _encoders(arguments: argparse.Namespace) -> None:
    from explorer import encoders

    specs = encoders.list_encoders()
    if arguments.json:
        print(json.dumps({"encoders": [{**vars(s), "modalities": sorted(s.modalities)} for s in specs]}))
        return
    for spec in specs:
        ready = "ready, offline" if spec.offline else f"download of {spec.download_mb:,} MB" if spec.download_mb else ""
        print(f"{spec.name:34} {' + '.join(sorted(spec.modalities)):13} {ready}\n    {spec.summary}")
        if spec.needs:
            print(f"    {spec.needs}")


def _formats(arguments: argparse.Namespace) -> None:
    from explorer import ingest

    formats = ingest.list_formats()
    if arguments.json:
        print(json.dumps({"formats": formats}))
        return
    for one in formats:
        print(f"{' '.join(one['suffixes']):34} {one['name']}\n    {one['summary']}")


def _doctor(arguments: argparse.Namespace) -> None:
    from explorer.server import checkup

    for line in checkup(arguments.workspace or default_workspace()):
        print(line)


# -- inside -----------------------------------------------------------------------------------------------------------


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


def _line(card: dict[str, Any], score: float | None) -> str:
    shown = " ".join(str(card.get("text") or card.get("path")).split())
    return (
        f"{'':8}" * (score is None)
        + (f"{score:8.4f}" if score is not None else "")
        + f"  {card['row']:>7}  {shown[:140]}"
    )


@contextmanager
def _answer_alone() -> Iterator[None]:
    """Send whatever a library prints to standard error, so that standard output holds the answer alone."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:
        yield
        return
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


class _Bars:
    """One progress bar on standard error for each stage."""

    def __init__(self) -> None:
        self._stage, self._bar = "", None

    def __enter__(self) -> _Bars:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def reading(self, done: int, total: int) -> None:
        """Show how far reading is."""
        self.show(Progress("read", done, total))

    def show(self, progress: Progress) -> None:
        """Show where a run is."""
        from tqdm import tqdm

        if progress.stage != self._stage:
            self._close()
            self._stage = progress.stage
            self._bar = tqdm(total=progress.total or None, desc=f"{progress.stage:9}", file=sys.stderr, mininterval=0.3)
        bar: Any = self._bar
        bar.total = progress.total or bar.total
        bar.set_postfix_str(progress.note, refresh=False)
        bar.update(max(progress.done - bar.n, 0))

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()


if __name__ == "__main__":
    sys.exit(main())
