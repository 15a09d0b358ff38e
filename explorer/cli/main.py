"""The command `embedding-explorer`: serve, run, estimate, report, neighbors, search, compare, columns, describe,
export, import, add-rows, remove-rows, edit-rows, encoders, check-encoder, cache, formats, doctor.

It does not do them: here are their words; `commands` and `telling` say what each does.
Answers go to standard output, everything else to standard error; an error is one sentence and exit status 1.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from explorer.cli import asking, changing, comparing
from explorer.cli import commands as do
from explorer.cli import telling as tell
from explorer.cli.printing import say
from explorer.config import DEVICES, DRAFTS, ENGINES, METHODS, METRICS, MOST_DETAIL, SPACES
from explorer.errors import ExplorerError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0, or 1 after an error, 130 after Ctrl-C."""
    arguments = _parser().parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a character that the terminal has not is no reason to stop
    try:
        if arguments.named:
            asking.named_in(arguments)
        arguments.command(arguments)
        sys.stdout.flush()  # here, where a reader that has gone away is no error
    except ExplorerError as exc:
        say(f"embedding-explorer: {exc}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("embedding-explorer: stopped; what is finished is kept, the same command goes on.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="embedding-explorer",
        description="See what is in a pile of texts, pictures or sounds: embed, map, cluster, report.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_serve(commands)
    _add_run(commands)
    _add_questions(commands)
    _add_columns(commands)
    _add_keeping(commands)
    _add_changing(commands)
    _add_estimate(commands)
    encoders = _command(commands, "encoders", tell.encoders, "list the encoders, what they read and what they need")
    formats = _command(commands, "formats", tell.formats, "list the file formats that are read")
    for listed in (encoders, formats):
        listed.add_argument("--json", action="store_true", help="print json")
    cache = _command(commands, "cache", asking.cache, "how large the vectors are that are kept for maps to come")
    cache.add_argument("--clear", action="store_true", help="remove them; maps keep theirs")
    cache.add_argument("--json", action="store_true", help="print json")
    held = _command(commands, "check-encoder", asking.check_encoder, "hold an encoder to what every one promises")
    held.add_argument("name", metavar="NAME", help="such as own:./mine.py:embed, or openai:MODEL@ADDRESS")
    held.add_argument("--yes", action="store_true", help="send texts of the program's own where it sends any")
    for parsed in (encoders, held):
        _takes_names(parsed)
    doctor = _command(commands, "doctor", tell.doctor, "versions, devices, weights found, workspace health")
    doctor.add_argument("--repair", action="store_true", help="mend what a crash left in the workspace")
    return parser


def _command(commands: Any, name: str, run: Any, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    parser.set_defaults(command=run, named=False)
    parser.add_argument(
        "--workspace",
        type=Path,
        metavar="DIR",
        help="where results are kept (default: EXPLORER_WORKSPACE or user data)",
    )
    return parser


def _takes_names(parser: argparse.ArgumentParser) -> None:
    """Have a command take encoders by the names of a file."""
    parser.set_defaults(named=True)
    parser.add_argument("--encoders", type=Path, metavar="FILE", help="encoders.toml (default: that of the workspace)")


def _add_serve(commands: Any) -> None:
    serve = _command(commands, "serve", do.serve, "start the app in a browser, with the given files or folders in it")
    serve.add_argument("paths", nargs="*", metavar="PATH")
    serve.add_argument("--samples", action="store_true", help="open the sample data that came with the package too")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8050, help="0 takes a free one")
    serve.add_argument("--device", choices=DEVICES)
    serve.add_argument("--no-browser", action="store_true", help="do not open a browser")
    serve.add_argument("--names-by", metavar="URL", help="the language model that pages may have name clusters; or off")
    serve.add_argument("--names-model", metavar="NAME", help="what that model is called there")
    serve.add_argument(
        "--no-warm", action="store_true", help="load models when they are needed (1.3 GB less till then)"
    )
    _takes_names(serve)


def _add_run(commands: Any) -> None:
    run = _command(commands, "run", do.run, "embed, map and cluster a file or folder")
    run.add_argument(
        "paths", nargs="+", metavar="PATH", help="files, folders, patterns, or addresses: s3://, gs://, hf://, https://"
    )
    run.add_argument(
        "--text",
        action="append",
        metavar="COLUMN",
        help="the column that holds the texts (default: found); given several times, columns that are joined",
    )
    run.add_argument(
        "--read",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="read the file in another way than it is found to be, such as sheet=Data; may be given several times",
    )
    run.add_argument("--sample", type=int, metavar="N", help="map N of the rows, taken by chance, the same each time")
    run.add_argument("--by", metavar="COLUMN", help="with --sample: each value of COLUMN keeps its share")
    run.add_argument(
        "--encoder",
        metavar="NAME",
        help="see: embedding-explorer encoders; given:NAME takes vectors of the data that NAME made",
    )
    run.add_argument("--yes", action="store_true", help="agree that items are sent where the encoder sends them")
    _takes_names(run)
    run.add_argument("--device", choices=DEVICES, default="auto")
    run.add_argument(
        "--draft",
        choices=DRAFTS,
        help="texts: only a draft, from a sample that is read, in a fraction of the time; or first",
    )
    run.add_argument("--n-neighbors", type=int, metavar="N", help="UMAP: neighbours looked at")
    run.add_argument("--min-dist", type=float, metavar="D", help="UMAP: how tightly points pack, 0 to 1")
    run.add_argument("--metric", choices=METRICS)
    run.add_argument("--dims", type=int, choices=(2, 3), help="dimensions of the map")
    run.add_argument(
        "--seed", type=_seed, default=argparse.SUPPRESS, metavar="N|none", help="none: a little different each time"
    )
    run.add_argument("--engine", choices=ENGINES, help="cuml lays out and clusters on an NVIDIA GPU; extra: gpu")
    run.add_argument(
        "--clusters", dest="method", choices=METHODS, help="how clusters are found: HDBSCAN, or Louvain's communities"
    )
    run.add_argument(
        "--detail", type=int, metavar="N", help=f"communities: from 1, the fewest clusters, to {MOST_DETAIL}, the most"
    )
    run.add_argument("--min-cluster-size", type=int, metavar="N", help="HDBSCAN: the smallest cluster")
    run.add_argument("--groups", type=int, metavar="N", help="HDBSCAN: join its clusters, until there are at most N")
    run.add_argument("--min-samples", type=int, metavar="N", help="HDBSCAN: higher leaves more as noise")
    run.add_argument("--space", choices=SPACES, help="cluster the map, or UMAP's graph of neighbours")
    run.add_argument("--json", action="store_true", help="print one json object and nothing else")
    _add_names(run)


def _add_names(parser: argparse.ArgumentParser) -> None:
    """Add what has a language model name the clusters."""
    names = parser.add_argument_group(
        "names by a language model",
        "With --names-by items of each cluster's middle, cut, and its keywords are sent to URL, and nowhere else.",
    )
    names.add_argument("--names-by", metavar="URL", help="as http://127.0.0.1:11434/v1; a key: EXPLORER_NAMES_KEY")
    names.add_argument("--names-model", metavar="NAME", help="what the model is called there; or EXPLORER_NAMES_MODEL")
    names.add_argument("--names-items", type=int, metavar="N", help="items of each cluster (8)")
    names.add_argument("--names-characters", type=int, metavar="N", help="to which each item is cut (300)")
    names.add_argument("--names-prompt", type=Path, metavar="FILE", help="a prompt of your own")


def _add_questions(commands: Any) -> None:
    report = _command(commands, "report", do.report, "write the report of a run")
    report.add_argument("run", metavar="RUN")
    report.add_argument("--out", required=True, type=Path, metavar="FILE_OR_FOLDER")
    report.add_argument("--format", choices=("html", "csv", "parquet", "json", "npy"))
    report.add_argument(
        "--near-duplicate", type=float, default=0.98, metavar="COSINE", help="from which rows count as the same (0.98)"
    )
    report.add_argument(
        "--how-sure", action="store_true", help="measure first how often each cluster comes back when clustered again"
    )
    _add_names(report)
    near = _command(commands, "neighbors", do.neighbors, "print the true nearest neighbours of a row")
    near.add_argument("run", metavar="RUN")
    near.add_argument("row", type=int, metavar="ROW", help="its number from 0, as search prints it first")
    near.add_argument("--metric", choices=METRICS, help="the run's, unless you say so")
    find = _command(commands, "search", do.search, "find rows by meaning")
    find.add_argument("run", metavar="RUN")
    find.add_argument("query", metavar="WORDS")
    compared = _command(commands, "compare", comparing.compare, "tell how two maps of the same rows differ")
    compared.add_argument("run", metavar="RUN")
    compared.add_argument("other", metavar="RUN", help="such as the same rows by another encoder")
    compared.add_argument("--out", type=Path, metavar="FILE.html", help="write it as a page with both maps, too")
    compared.add_argument("--json", action="store_true", help="print json")
    faults = _command(commands, "faults", do.faults, "print what is wrong with the data of a run, by kind")
    faults.add_argument("run", metavar="RUN")
    faults.add_argument("--json", action="store_true", help="print json, with the first of each kind")
    for parser in (near, find):
        parser.add_argument("--kind", metavar="KIND", help="rows of this kind alone: text, image or sound")
        parser.add_argument("--k", type=int, default=10)
        _takes_names(parser)
        parser.add_argument("--json", action="store_true", help="print json")


def _add_columns(commands: Any) -> None:
    columns = _command(commands, "columns", do.columns, "how the columns of a run's table are read, and set it")
    columns.add_argument("run", metavar="RUN")
    columns.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="COLUMN=KIND",
        help="category, number, date, text, id, link, picture, vector, or with a form: date:mdy, number:, – "
        "nothing after = as it is recognised",
    )
    columns.add_argument("--json", action="store_true", help="print json")


def _add_estimate(commands: Any) -> None:
    taken = _command(commands, "estimate", tell.estimate, "what a map takes on this machine, with each encoder")
    taken.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    taken.add_argument("--encoder", help="this one alone")
    _takes_names(taken)
    taken.add_argument("--rows", type=int, metavar="N", help="of N of the rows")
    taken.add_argument("--read", action="append", default=[], metavar="NAME=VALUE", help="how to read it, as in run")
    taken.add_argument("--json", action="store_true", help="print json")


def _add_keeping(commands: Any) -> None:
    saved = _command(commands, "export", do.export, "write a dataset with its maps to one file, to take elsewhere")
    saved.add_argument("dataset", metavar="DATASET", help="its key, its name, or a run of it")
    saved.add_argument("--out", required=True, type=Path, metavar="FILE.zip")
    told = _command(commands, "describe", do.describe, "what somebody wrote about a dataset, and write it")
    told.add_argument("dataset", metavar="DATASET", help="its key, its name, or a run of it")
    told.add_argument("--name", help="another name")
    told.add_argument("--note", metavar="TEXT", help="plain text of at most 10,000 characters; - reads standard input")
    told.add_argument("--json", action="store_true", help="print json")
    taken = _command(commands, "import", do.take_in, "take in a dataset that export, or the page, wrote")
    taken.add_argument("path", type=Path, metavar="FILE.zip")
    taken.add_argument("--json", action="store_true", help="print json")


def _add_changing(commands: Any) -> None:
    """Add the commands that make a new version of a dataset."""
    added = _command(commands, "add-rows", changing.add_rows, "add the rows of files to a dataset, as a new version")
    removed = _command(commands, "remove-rows", changing.remove_rows, "remove rows of a dataset, as a new version")
    edited = _command(commands, "edit-rows", changing.edit_rows, "give rows of a dataset other texts, as a new version")
    for parser in (added, removed, edited):
        parser.add_argument("dataset", metavar="DATASET", help="its key, its name, or a run of it")
    added.add_argument("paths", nargs="+", metavar="PATH", help="files, folders or addresses")
    added.add_argument("--text", action="append", metavar="COLUMN", help="the text column of the files")
    added.add_argument(
        "--read", action="append", default=[], metavar="NAME=VALUE", help="how to read them, as run does"
    )
    removed.add_argument("--rows", action="append", default=[], metavar="ROWS", help="as 3,7,10-12, counted from 0")
    removed.add_argument("--where", metavar="COLUMN=VALUE", help="rows with this value; nothing after = for none")
    removed.add_argument("--rejected", action="store_true", help="tell no more what could not be read of it")
    edited.add_argument("--set", action="append", required=True, metavar="ROW=TEXT", help="another text; rows from 0")
    for parser in (added, removed, edited):
        parser.add_argument("--yes", action="store_true", help="agree that rows are sent where the encoder sends them")
        _takes_names(parser)
        where = parser.add_mutually_exclusive_group()
        where.add_argument(
            "--onto",
            nargs="?",
            const=changing.NEWEST,
            metavar="RUN",
            help="place new rows on this map of the dataset, or on its newest; all others stay where they are",
        )
        where.add_argument(
            "--anew", action="store_true", help="lay all rows out anew, by the settings of the newest map"
        )
        parser.add_argument("--json", action="store_true", help="print one json object and nothing else")


def _seed(text: str) -> int | None:
    try:
        return None if text.lower() == "none" else int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a whole number nor none") from None


if __name__ == "__main__":
    sys.exit(main())
