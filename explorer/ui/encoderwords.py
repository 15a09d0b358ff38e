"""What is said of encoders where one is chosen: what they do and cost, and which texts they do not read well.

It chooses none and registers no callbacks: `panels/settings` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from explorer.columns import LINKED_FROM, LINKS, LINKS_TO
from explorer.config import AUTO, GIVEN, is_given, maker_of
from explorer.encoders import (
    MULTILINGUAL,
    better_reader,
    default_encoder,
    facts,
    foreign,
    illegible,
    is_here,
    is_pattern,
    taken_for,
)
from explorer.kinds import nouns_of
from explorer.types import capitalized
from explorer.ui.form import OTHER
from explorer.ui.terms import does, encoder_called

_OWN = "Vectors that came with the data"
_EDGES = "Edges: nodes with the same neighbours lie together"


def encoder_options(encoders: list[dict[str, Any]], dataset: dict[str, Any] | None = None) -> list[dict[str, str]]:
    """Return the choices: automatic, every known encoder with what it costs to get, and any other by name.

    For a dataset that came with vectors, these too.

    A pattern, which has capitals where something is to be named, is no choice; the field for another name says them.
    """
    named = [one for one in encoders if not is_pattern(one["name"])]
    known = [
        {"value": one["name"], "label": f"{does(str(one['summary']))} ({one['name']}){_costs(one)}"} for one in named
    ]
    own = [{"value": GIVEN, "label": _EDGES if by_edges(dataset) else _OWN}] if has_vectors(dataset) else []
    own += [{"value": f"{GIVEN}:{name}", "label": f"{_OWN}, made by {name}"} for name in makers(encoders, dataset)]
    return [{"value": AUTO, "label": "Automatic"}, *own, *known, {"value": OTHER, "label": "Another, by name…"}]


def makers(encoders: list[dict[str, Any]], dataset: dict[str, Any] | None) -> list[str]:
    """Return the known encoders that may have made the vectors of a dataset: they read its items, and make as many
    numbers as far as that is known; none where it came without.
    """
    if dataset is None or not has_vectors(dataset) or by_edges(dataset):
        return []
    kinds, dim = set(dataset["modalities"]), dataset["given"]["dim"]
    return [
        one["name"]
        for one in encoders
        if not is_pattern(one["name"]) and kinds <= set(one["modalities"]) and one.get("dim") in (None, dim)
    ]


def has_vectors(dataset: dict[str, Any] | None) -> bool:
    """Whether a dataset came with vectors of its own."""
    return bool(dataset and dataset.get("given"))


def by_edges(dataset: Mapping[str, Any] | None) -> bool:
    """Whether the vectors of a dataset are made of the edges of a graph, whose nodes are its items."""
    return bool(dataset and dataset.get("given") and {LINKS, LINKS_TO, LINKED_FROM} & set(dataset.get("columns", ())))


def _costs(encoder: dict[str, Any]) -> str:
    """Return what stands behind the name of an encoder that is not here; the field is as wide as a name alone."""
    if encoder.get("sends"):
        return f" – sends items to {encoder['sends']}"
    return "" if encoder["offline"] else f" – {_getting(encoder)}"


def _getting(encoder: dict[str, Any]) -> str:
    if encoder.get("sends"):
        return f"sends what it reads to {encoder['sends']}, once you agree"
    if encoder["offline"]:
        return "offline, ready"
    return f"downloads {encoder['download_mb']:.0f} MB" if encoder.get("download_mb") else "downloads its weights"


def encoder_words(name: str, encoders: list[dict[str, Any]], dataset: dict[str, Any] | None) -> list[Any]:
    """Return what the chosen encoder is, in a sentence or two."""
    if name == OTHER:
        return [
            "Any sentence-transformers or open_clip model; weights that are not on this machine are downloaded. Or one "
            "behind an address, which gets the items once you agree: openai:MODEL@http://127.0.0.1:11434/v1 for Ollama."
        ]
    if has_vectors(dataset) and name in (AUTO, GIVEN) and dataset is not None:
        given = dataset["given"]
        if by_edges(dataset):
            return [
                f"Places each node by its edges, in {given['dim']:,} numbers. Search a node by its name; "
                "what names say does not count: choose an encoder of texts for a map by that."
            ]
        return [
            f"Takes the vectors of the column {given['column']}, {given['dim']:,} numbers each, as they are. To search "
            f"by words, say which encoder made them: one of those below, or another by name, as in {GIVEN}:st:NAME."
        ]
    if is_given(name):
        return [
            f"Takes the vectors that came with the data, as they are. Some items are encoded by {maker_of(name)}, to "
            "see that it made them; searches by words and names of clusters are by it."
        ]
    if name == AUTO:
        taken = _default(dataset)
        why = f" {taken_for(taken, dataset['languages'])}" if dataset and taken != _default(dataset, {}) else ""
        return [
            f"{encoder_called(taken)}: ready at once, offline.{why}{_lies_apart(taken, dataset)}",
            *_warned(name, encoders, dataset),
        ]
    found = next((e for e in encoders if e["name"] == name), None)
    if found is None:
        return []
    reads = " and ".join(nouns_of([kind])[1] for kind in found["modalities"])
    needs = f" Needs {found['needs']}." if found.get("needs") else ""
    summary = str(found["summary"]).rstrip(".")
    more = "; ".join(facts(found, found.get("items_a_second")))
    words = f"{summary}. Reads {reads}; {_getting(found)}.{needs} {capitalized(more)}."
    words += _lies_apart(name, dataset)
    return [words, *_warned(name, encoders, dataset)]


def _lies_apart(name: str, dataset: dict[str, Any] | None) -> str:
    """Return that the kinds of a mixed dataset lie apart on a map by conse (docs/measurements.md); "" for others."""
    mixed = name == "conse" and len((dataset or {}).get("modalities", ())) > 1
    return " Pictures and texts lie apart on a map by it; a CLIP lays them together." if mixed else ""


def _warned(name: str, encoders: list[dict[str, Any]], dataset: dict[str, Any] | None) -> list[Any]:
    said = unreadable(name, encoders, dataset)
    return [html.Div(said, className="warned", role="status")] if said else []


def unreadable(name: str, encoders: list[dict[str, Any]], dataset: dict[str, Any] | None) -> str:
    """Return what is to be said when the texts are in languages that the encoder was not made for, or cannot read."""
    if has_vectors(dataset) and (name == AUTO or is_given(name)):
        return ""
    name = _default(dataset) if name == AUTO else name
    read = next((encoder["languages"] for encoder in encoders if encoder["name"] == name), ())
    told = dataset or {"languages": {}}
    here, cure = is_here(MULTILINGUAL), offered(name, dataset)
    unread = illegible(name, told.get("unread", {}).get(name, 0.0), here=here, cure=cure)
    return unread or foreign(name, read, told["languages"], here=here, cure=cure)


def offered(name: str, dataset: dict[str, Any] | None) -> str:
    """Return the encoder to choose for texts that the one of this *name* reads badly."""
    told = dataset or {}
    named = _default(dataset) if name == AUTO else name
    return better_reader(named, told.get("languages", {}), told.get("unread", {}))


def _default(dataset: dict[str, Any] | None, languages: dict[str, float] | None = None) -> str:
    """Return the encoder that is taken by itself; *languages* instead of the dataset's own."""
    if dataset is None:
        return default_encoder(())
    return default_encoder(dataset["modalities"], dataset.get("languages", {}) if languages is None else languages)
