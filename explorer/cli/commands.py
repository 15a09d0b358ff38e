"""What each command does with its words: it calls the functions that the page calls, and prints what they answer.

Which words there are stands in `main`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from explorer.cli.asking import may_send
from explorer.cli.printing import Bars, answer_alone, line_of, say, say_json, say_notes
from explorer.config import AUTO, RunConfig, Settings, default_workspace, is_given
from explorer.errors import BadSetting, NotFound
from explorer.types import NOTE, Dataset, Run, in_order, left_out, lost, said_draft, said_left_out
from explorer.workspace import Workspace, names_of

if TYPE_CHECKING:
    from explorer.description import Asking


def serve(arguments: argparse.Namespace) -> None:
    """Start the server."""
    from explorer.cli.fetching import here
    from explorer.cli.serving import serve
    from explorer.workspace import samples

    settings = Settings.from_env(
        workspace=arguments.workspace,
        host=arguments.host,
        port=arguments.port,
        device=arguments.device,
        warm=not arguments.no_warm,
        names_url=arguments.names_by,
        names_model=arguments.names_model,
    )
    paths = [*here(arguments.paths), *(samples() if arguments.samples else ())]
    serve(settings, paths=paths, browser=not arguments.no_browser)


def run(arguments: argparse.Namespace) -> None:
    """Embed, map and cluster files and folders, here or at addresses, and print what came of it."""
    from explorer.questions import answers
    from explorer.runs import run
    from explorer.server import parse_settings

    settings = {name: getattr(arguments, name) for name in RunConfig().flat() if hasattr(arguments, name)}
    workspace = workspace_of(arguments)
    with answer_alone(), Bars() as bars:
        config = parse_settings(settings)
        dataset = _read(arguments, workspace, bars, config.embed.encoder)
        send = may_send(arguments, dataset, config.embed.encoder, workspace)
        finished = run(dataset, config, workspace=workspace, device=arguments.device, progress=bars.show, send=send)
    figures = answers.figures(finished.outcome)
    counts = left_out(finished.dataset.rejected)
    if unread := figures["rejected"] - sum(counts.values()):
        counts = in_order({**counts, "row": counts.get("row", 0) + unread})
    notes = [f"{one.source}: {one.reason}" for one in finished.dataset.rejected if one.what == NOTE]
    figures = {**figures, "left_out": counts, "lost": lost(counts, figures["rejected"]), "notes": notes}
    _print_run(figures, as_json=arguments.json)
    _name(arguments, finished, workspace)


def _sampled(arguments: argparse.Namespace, dataset: Dataset) -> Dataset:
    """Return the part of a dataset that was asked for; of a large one, say that a part can be."""
    from explorer import ingest

    if arguments.sample is not None:
        return ingest.sampled(dataset, arguments.sample, by=arguments.by)
    if arguments.by is not None:
        raise BadSetting("--by says of which column a sample keeps the shares; give --sample N too.")
    if len(dataset) > ingest.LARGE:
        say(
            f"embedding-explorer: {len(dataset):,} rows; --sample 20000, with --by COLUMN if its values are to keep "
            "their shares, maps a part of them sooner.",
            file=sys.stderr,
        )
    return dataset


def _read(arguments: argparse.Namespace, workspace: Workspace, bars: Bars, encoder: str) -> Dataset:
    """Return the dataset of files and folders, or the saved one that a file holds, kept in the workspace."""
    from explorer import encoders, ingest
    from explorer.cli.fetching import found
    from explorer.portable import import_dataset, is_portable

    choices = ingest.parse_choices(arguments.read)
    most = Settings.from_env().max_upload_bytes
    with found(arguments.paths, workspace, bars.show, most=most) as given:
        if len(given.paths) == 1 and is_portable(given.paths[0]):
            taken = import_dataset(given.paths[0], workspace=workspace, progress=bars.reading)
            return workspace.datasets.open(taken.dataset)
        dataset = ingest.load(given.paths, text=arguments.text, choices=choices, progress=bars.reading)
        _say_guesses(dataset)
        dataset = _sampled(arguments, dataset)
        languages = ingest.languages_of(dataset.items)
        dataset = replace(
            dataset, faults=(*dataset.faults, *ingest.foreign_faults(dataset.items, ingest.where_in(dataset.places)))
        )
        unread = encoders.unread_shares(ingest.some_texts(dataset.items))
        origin = () if given.fetched else tuple(str(path.resolve()) for path in given.paths)
        key = workspace.datasets.keep(dataset, source=given.fetched, origin=origin, languages=languages, unread=unread)
        dataset = workspace.datasets.open(key) if given.fetched else dataset
    _warn_of(languages, encoder, dataset)
    return dataset


def _print_run(figures: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        say_json(figures, flush=True)
        return
    say(f"run {figures['run']}: {figures['rows']:,} rows, {figures['clusters']} clusters, {figures['noise']:.1%} noise")
    if figures.get("draft"):
        say(said_draft(figures["draft"]))
    if figures.get("unread"):
        say(f"{figures['unread']:,} texts are in letters that {figures['encoder']} does not know: see the report")
    say_notes(figures["notes"])
    if told := said_left_out(figures["left_out"], figures["rejected"], len(figures["notes"])):
        say(f"{told}; the report says why:")
    say(f"embedding-explorer report {figures['run']} --out report.html")
    sys.stdout.flush()


def report(arguments: argparse.Namespace) -> None:
    """Write the report of a run."""
    from explorer.report import write_report
    from explorer.runs import how_sure, open_run

    workspace = workspace_of(arguments)
    opened = how_sure if arguments.how_sure else open_run
    finished = opened(find_run(workspace, arguments.run), workspace=workspace)
    try:
        _name(arguments, finished, workspace)
    finally:  # with the names that came until then
        named = open_run(finished.key, workspace=workspace)
        small, alike = workspace.thumbnails.small, arguments.near_duplicate
        written = write_report(named, arguments.out, format=arguments.format, near_duplicate=alike, thumbnail=small)
        for path in written:
            say(str(path))


def _name(arguments: argparse.Namespace, finished: Run, workspace: Workspace) -> None:
    """Have a language model name the clusters if that is asked for; says first what is sent, and how much."""
    from explorer.description import tokens_of
    from explorer.runs import Endpoint, names_by, requests_of

    if not arguments.names_by:
        return
    model = arguments.names_model or Settings.from_env().names_model
    asking = _asking(arguments)
    host = Endpoint.at(arguments.names_by, model).host
    requests = [request for _, request in requests_of(finished, asking)]
    say(
        f"asking {model} at {host} for {len(requests)} names: about {sum(map(tokens_of, requests)):,} tokens; "
        f"{asking.items} items of each cluster, cut to {asking.characters} characters, and its keywords are sent.",
        file=sys.stderr,
    )
    with Bars() as bars:
        names_by(finished, arguments.names_by, model=model, **vars(asking), workspace=workspace, progress=bars.show)


def _asking(arguments: argparse.Namespace) -> Asking:
    """Return how a language model is asked, what was not said at its default."""
    from explorer.description import Asking

    given: dict[str, Any] = {"items": arguments.names_items, "characters": arguments.names_characters}
    if arguments.names_prompt is not None:
        try:
            given["prompt"] = arguments.names_prompt.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as exc:
            raise BadSetting(f"{arguments.names_prompt} cannot be read as text; give the file of a prompt.") from exc
    asking = Asking(**{name: value for name, value in given.items() if value is not None})
    asking.check()
    return asking


def faults(arguments: argparse.Namespace) -> None:
    """Print what is wrong with the data of a run, a kind a line."""
    from explorer.report import alike, faults_of, sentence

    finished = _open(arguments)
    found = faults_of(finished, alike(finished, threshold=0.98))
    if arguments.json:
        say_json({"faults": [asdict(fault) for fault in found]})
        return
    for fault in found:
        say(" ".join(sentence(fault).split()))
    if not found:
        say("nothing is known to be wrong with the data")


def neighbors(arguments: argparse.Namespace) -> None:
    """Print the nearest neighbours of a row."""
    from explorer.questions import answers, of_kind, surroundings_of

    finished = of_kind(_open(arguments), arguments.kind, row=arguments.row)
    around = surroundings_of(finished, arguments.row, k=arguments.k, metric=arguments.metric)
    metric = arguments.metric or finished.embeddings.usual_metric
    answer = answers.neighbors(finished, arguments.row, around, metric=metric)
    if arguments.json:
        say_json(answer)
        return
    say(line_of(answers.briefs(finished, [arguments.row])[0], None))
    for neighbor in answer["neighbors"]:
        say(line_of(neighbor, neighbor["similarity"]))


def search(arguments: argparse.Namespace) -> None:
    """Print the rows that are called so, and those that are near in meaning to some words."""
    from explorer.cli.searching import say_found

    say_found(arguments, _open(arguments), workspace_of(arguments))


def columns(arguments: argparse.Namespace) -> None:
    """Print how the columns of a run's table are read, after setting what is to be set."""
    from explorer.columns import CATEGORY
    from explorer.questions import columns_of
    from explorer.server import set_reading

    workspace = workspace_of(arguments)
    key = str(workspace.runs.record(find_run(workspace, arguments.run))["dataset"])
    for given in arguments.set:
        name, _, read_as = given.rpartition("=")
        set_reading(workspace, key, name, read_as or None)
    told = columns_of(workspace.datasets.open(key))
    if arguments.json:
        say_json({"dataset": key, "columns": told})
        return
    for one in told:
        notes = [f"{one['unread']:,} values are not"] if one["unread"] else []
        notes += [] if one["sure"] else [f"or {' or '.join(c for c in one['choices'] if c != one['read_as'])}"]
        shown = one["type"] if one["kind"] == CATEGORY else one["read_as"]
        say(f"{shown:14} {one['column']}{' (' + '; '.join(notes) + ')' if notes else ''}")


def export(arguments: argparse.Namespace) -> None:
    """Write a dataset with its runs to one file."""
    from explorer.portable import export_dataset

    workspace = workspace_of(arguments)
    say(str(export_dataset(find_dataset(workspace, arguments.dataset), arguments.out, workspace=workspace)))


def describe(arguments: argparse.Namespace) -> None:
    """Print the name of a dataset and what somebody wrote about it, after writing what is to be written."""
    from explorer.server import describe

    workspace = workspace_of(arguments)
    key = find_dataset(workspace, arguments.dataset)
    if arguments.note is not None:
        describe(workspace, key, sys.stdin.read() if arguments.note == "-" else arguments.note)
    if arguments.name and arguments.name.strip():
        workspace.datasets.rename(key, arguments.name.strip()[:200])
    record = workspace.datasets.record(key)
    told = {"dataset": key, "name": record["name"], "rows": record["rows"], "note": record.get("note", "")}
    if arguments.json:
        say_json(told)
        return
    say(f"{told['name']} ({key}), {told['rows']:,} rows")
    if told["note"]:
        for line in str(told["note"]).split("\n"):
            say(line)


def take_in(arguments: argparse.Namespace) -> None:
    """Take in a dataset that was written to one file."""
    from explorer.portable import import_dataset

    workspace = workspace_of(arguments)
    with answer_alone(), Bars() as bars:
        taken = import_dataset(arguments.path, workspace=workspace, progress=bars.reading)
    record = workspace.datasets.record(taken.dataset)
    for why in taken.left_out:
        say(f"embedding-explorer: {why}", sys.stderr)
    if arguments.json:
        told = {"dataset": taken.dataset, "rows": record["rows"], "runs": taken.runs, "left_out": taken.left_out}
        say_json(told)
        return
    say(f"dataset {taken.dataset}: {record['rows']:,} rows of {record['name']}, {len(taken.runs)} maps")
    for run in taken.runs:
        say(f"embedding-explorer report {run} --out report.html")


def _say_guesses(dataset: Dataset) -> None:
    """Say how a file was read where that is not sure, and how to have it read in another way.

    And that it brings vectors, where they are not taken.
    """
    from explorer.ingest import VECTORS

    for choice in dataset.choices:
        brought = [value for value, _ in choice.options if value != choice.value]
        if choice.name == VECTORS and dataset.given is None and not choice.asked and brought:
            told = f"the vectors {dict(choice.options)[brought[0]]} are not used"
            say(f"embedding-explorer: {told}; --read {VECTORS}={brought[0]} takes them.", file=sys.stderr)
        if choice.sure:
            continue
        known = dict(choice.options)
        read = f"{choice.label.lower()} {known.get(choice.value, choice.value)}" if choice.value else choice.label
        others = ", ".join(value for value in known if value != choice.value) or "another"
        why = f": {choice.why}" if choice.why else ""
        say(f"embedding-explorer: read with {read}{why}; --read {choice.name}=… takes {others[:200]}.", file=sys.stderr)


def _warn_of(languages: Mapping[str, float], encoder: str, dataset: Dataset) -> None:
    """Say, before anything is computed, that texts are in languages the encoder was not made for, or cannot read."""
    from explorer import encoders, ingest

    if dataset.given is not None and (encoder == AUTO or is_given(encoder)):
        return
    name = encoders.default_encoder(dataset.modalities, languages) if encoder == AUTO else encoder
    if encoder == AUTO and name != encoders.default_encoder(dataset.modalities):
        say(f"embedding-explorer: {encoders.taken_for(name, languages)}", file=sys.stderr)
    read = next((spec.languages for spec in encoders.list_encoders() if spec.name == name), ())
    texts = ingest.some_texts(dataset.items)
    unread = encoders.unread_shares(texts) | ({name: float(encoders.unread(name, texts).mean())} if texts else {})
    here, cure = encoders.is_here(encoders.MULTILINGUAL), encoders.better_reader(name, languages, unread)
    said = encoders.illegible(name, unread.get(name, 0.0), here=here, cure=cure)
    said = said or encoders.foreign(name, read, languages, here=here, cure=cure)
    if said:
        say(f"embedding-explorer: {said}", file=sys.stderr)


def workspace_of(arguments: argparse.Namespace) -> Workspace:
    """Return the workspace that a command is to use."""
    return Workspace(arguments.workspace or default_workspace())


def _open(arguments: argparse.Namespace) -> Any:
    from explorer.runs import open_run

    workspace = workspace_of(arguments)
    return open_run(find_run(workspace, arguments.run), workspace=workspace)


def find_dataset(workspace: Workspace, text: str) -> str:
    """Return the key of the dataset that *text* begins, or names, or of which it is a run."""
    records = workspace.datasets.records()
    found = [r["dataset"] for r in records if text and r["dataset"].startswith(text)]
    found = found or [r["dataset"] for r in records if r["name"] == text]
    found = found or [r["dataset"] for r in workspace.runs.records() if text and r["run"].startswith(text)]
    if not found:
        known = ", ".join(f"{r['dataset']} ({r['name']})" for r in records[:5]) or "none yet"
        raise NotFound(f"there is no dataset {text!r} in {workspace.path}; the newest are {known}.")
    if len(set(found)) > 1:
        raise NotFound(f"{text!r} fits {len(set(found))} datasets ({', '.join(found[:5])}); give more of the key.")
    return str(found[0])


def find_run(workspace: Workspace, text: str) -> str:
    """Return the key of the run that *text* begins, or names."""
    records = workspace.runs.records()
    called = {record["dataset"]: names_of(record) for record in workspace.datasets.records()}
    keys = [r["run"] for r in records if text and r["run"].startswith(text)] or [
        r["run"] for r in records if text == r["name"] or text in called.get(r["dataset"], ())
    ]
    if not keys:
        known = ", ".join(f"{r['run']} ({r['name']})" for r in records[:5]) or "none yet"
        raise NotFound(f"there is no run {text!r} in {workspace.path}; the newest are {known}.")
    if len(keys) > 1:
        raise NotFound(f"{text!r} fits {len(keys)} runs ({', '.join(keys[:5])}); give more of the key.")
    return str(keys[0])
