"""What maps of one file are called, so that each is told from the others; when something was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dash import html

from explorer.config import COMMUNITIES, DENSITY, DRAFT_ONLY
from explorer.ingest import version_name
from explorer.kinds import nouns_of
from explorer.ui.cards import count_of
from explorer.ui.terms import VALUE_WORDS, encoder_called

if TYPE_CHECKING:
    from explorer.server import Services


_TAIL = (10, 24)
"""Characters of a name that are kept whole at its end, at least and at most; as in `assets/shell/dom.mjs`."""


def one_a_map(runs: Sequence[dict[str, Any]], shown: str | None = None) -> list[dict[str, Any]]:
    """Return the runs that stand for a map with all its cuts, or the one that is *shown* in the place of its own.

    *acts_on* is the run that is meant where something is done with the map.
    """
    there = next((one for one in runs if one["run"] == shown), None)

    def in_place(one: dict[str, Any]) -> dict[str, Any]:
        same = there is not None and _origin(one) == _origin(there)
        return {**(there if same and there else one), "acts_on": one["run"]}

    return [in_place(one) for one in runs if not one.get("superseded")]


def _origin(one: Mapping[str, Any]) -> str:
    return str(one.get("cut_of") or one["run"])


def map_titles(runs: Sequence[dict[str, Any]], among: Sequence[Mapping[str, Any]] = ()) -> dict[str, str]:
    """Return what each map of one file is called: its own name, or how its settings differ from the first map's.

    The first one is called by what it is of, whatever else is made of the file. *among* are all runs that are known: a
    map is as old as the one that its clusters were first cut from.
    """
    made = {str(one["run"]): str(one["created"]) for one in (*among, *runs)}
    first = min(runs, key=lambda one: (one["state"] != "done", made.get(_origin(one), made[one["run"]])), default=None)
    titles = {}
    for one in runs:
        named = one["name"] if one["name"] != one["dataset_name"] else ""
        titles[one["run"]] = named or _lone(one) if one is first else named or _against(one, first) or _lone(one)
    return _apart(titles, {one["run"]: when(str(one["created"])) for one in runs if one is not first})


def _against(one: Mapping[str, Any], first: Mapping[str, Any] | None) -> str:
    """Return in words how the settings of a map differ from those of the first one; "" where they do not."""
    own, others = one["settings"], (first or one)["settings"]
    differing = [name for name in _DIFFERENCES if own.get(name) != others.get(name)]
    if "method" in differing:  # these are of one method only: that they differ tells nothing more
        differing = [name for name in differing if name not in ("min_samples", "space")]
    told = [_differs(one, name, own[name]) for name in differing if own.get(name) is not None]
    usual = [_USUAL[name] for name in differing if own.get(name) is None and name in _USUAL]
    return ", ".join(told or usual)


def _differs(one: Mapping[str, Any], name: str, value: Any) -> str:
    """Return a setting in words; of the size of clusters, how many there are, which is what is seen of it."""
    words = _DIFFERENCES[name].format(_said(value))
    found = one.get("clusters")
    return f"{count_of(int(found), 'cluster')}{words.removeprefix('clusters')}" if name == _SIZE and found else words


def _lone(one: Mapping[str, Any]) -> str:
    """Return what a map is called that no setting tells from others: by what it is of."""
    space = "3-D map" if one["settings"].get("dims") == 3 else "Map"
    if one["settings"].get("draft") == DRAFT_ONLY:
        space = f"Draft {space if space[0].isdigit() else space.lower()}"
    return f"{space} of {count_of(int(one['rows'] or 0), *nouns_of(one['modalities']))}"


def file_title(record: Mapping[str, Any]) -> str:
    """Return what a dataset is called: a version by its number and what changed, unless it has a name of its own."""
    name, changed = str(record["name"]), version_facts(record)
    return f"{name}: {changed}" if changed else name


def read_from(records: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return of each file that another has the name of what it was read from, where that tells them apart."""
    texts = {str(one["dataset"]): " + ".join(texts_of(one)) for one in records}
    alike: dict[str, list[str]] = {}
    for one in records:
        alike.setdefault(str(one["name"]), []).append(str(one["dataset"]))
    several = [keys for keys in alike.values() if len({texts[key] for key in keys}) > 1]
    return {key: texts[key] for keys in several for key in keys if texts[key]}


def texts_of(record: Mapping[str, Any]) -> list[str]:
    """Return the columns that the texts are made of, in their order; none for pictures and plain text."""
    one = record.get("text_column")
    return list(record.get("text_columns") or ()) or ([] if one is None else [one])


def version_facts(record: Mapping[str, Any]) -> str:
    """Return how a version differs from what it was made of, unless it has a name of its own; "" for no version."""
    version = record.get("version")
    named = version and record["name"] == version_name(version["first"], version["number"])
    return changes_of(version) if version and named else ""


def cut_name(name: str) -> Any:
    """Return a name that is cut in its middle where there is no room for it: ends tell names apart."""
    least, most = _TAIL
    blank = name.rfind(" ", len(name) - most, len(name) - least) if len(name) > most else -1
    at = 0 if len(name) <= most else blank + 1 or len(name) - least
    parts = [html.Span(name[:at], className="cut-head"), html.Span(name[at:], className="cut-tail")]
    return html.Span(parts, className="cut-name")


def changes_of(version: Mapping[str, Any]) -> str:
    """Return in words how a version differs from what it was made of: ``3 rows added, 1 row edited``."""
    words = [(version["added"], "added"), (version["removed"], "removed"), (version["edited"], "edited")]
    words += [(version.get("hidden", 0), "that could not be read no longer listed")]
    told = ", ".join(f"{count:,} {'row' if count == 1 else 'rows'} {word}" for count, word in words if count)
    return told or "the same rows"


def told_apart(services: Services, run: str, dataset: str) -> str:
    """Return what tells a map from the first of its file; nothing of that one, or of one with its own name."""
    known = services.runs.all()
    own = [one for one in one_a_map(known, run) if one["dataset"] == dataset]
    one = next((one for one in own if one["run"] == run), None)
    if one is None or one["name"] != one["dataset_name"]:
        return ""
    title = map_titles(own, known)[run]
    return "" if title == _lone(one) else title


def _apart(titles: dict[str, str], made: dict[str, str]) -> dict[str, str]:
    """Return the titles, those of runs that were *made* with when, or else with the key, where several have one."""
    for told in (made, {run: run[:6] for run in made}):
        times = Counter(titles.values())
        titles = {
            run: f"{title}, {told[run]}" if times[title] > 1 and run in told else title for run, title in titles.items()
        }
    return titles


_SIZE = "min_cluster_size"
_DIFFERENCES = {
    "method": "clusters found by {}",
    "detail": "detail {}",
    "groups": "joined to {} clusters",
    _SIZE: "clusters of {} rows or more",
    "min_samples": "caution {}",
    "space": "clusters looked for in {}",
    "encoder": "{}",
    "draft": "draft {}",
    "n_neighbors": "{} neighbours",
    "min_dist": "spacing {}",
    "metric": "nearness by {}",
    "dims": "{}-D",
    "seed": "seed {}",
    "engine": "by {}",
}
"""The settings by which a map differs from the first of its file, the ones that matter most first."""


_METHODS = {DENSITY: "density", COMMUNITIES: "communities"}
_USUAL = {
    "detail": "as many clusters as usual",
    "groups": "clusters not joined",
    "min_cluster_size": "clusters of the usual size",
    "min_samples": "usual caution",
    "seed": "no seed",
}
"""What is said of a setting that is left to the program, where nothing else tells a map from the first."""


def _said(value: Any) -> str:
    return _METHODS.get(str(value)) or VALUE_WORDS.get(str(value)) or encoder_called(str(value))


def when(created: str, now: datetime | None = None) -> str:
    """Return a moment in the server's local time, short: ``14:03`` today, ``3 Mar`` this year, ``3 Mar 2025``."""
    try:
        moment = datetime.fromisoformat(created).astimezone()
    except ValueError:
        return created
    now = (now or datetime.now()).astimezone()
    if moment.date() == now.date():
        return f"{moment:%H:%M}"
    day = f"{moment.day} {moment:%b}"
    return day if moment.year == now.year else f"{day} {moment.year}"
