"""The neighbours of the point in focus as cards: those of the same text, the others, who is near on the map alone.

It finds none of them, and knows no panel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dash import html

from explorer.config import GIVEN
from explorer.kinds import kind_named
from explorer.questions import is_graph, parted
from explorer.types import Run
from explorer.ui import ids
from explorer.ui.alike import how_many
from explorer.ui.cards import DISTANCE, PRODUCT, badge, count_of, heading, hint, scored_list, whole
from explorer.ui.stores import Place

MEANING, _EDGES, _VECTORS = "in meaning", "by edges", "by vectors"
SCORE_WORDS = {"cosine": "similarity", "euclidean": DISTANCE, "dot": PRODUCT}


def nearest_of(run: Run) -> str:
    """Return by what the rows of a run are near: meaning, sound, the edges of a graph, vectors that came with them."""
    if is_graph(run):
        return _EDGES
    if run.embeddings.encoder == GIVEN:
        return _VECTORS
    return _of_kinds(run.dataset.modalities)


def nearest_in(answer: Mapping[str, Any]) -> str:
    """Return the same of an answer of neighbours."""
    if "edges" in answer:
        return _EDGES
    return _of_kinds({str(one["kind"]) for one in answer["neighbors"] if one.get("kind")})


def _of_kinds(kinds: Iterable[str]) -> str:
    said = {kind_named(kind).near_in for kind in kinds}
    return said.pop() if len(said) == 1 else MEANING


def _same(same: Sequence[Mapping[str, Any]], place: Place, label: str) -> Any:
    """Return the rows of the same text, folded away, with how many they are; nothing if none."""
    if not same:
        return None
    says = f"{count_of(len(same), 'more row')} {'has' if len(same) == 1 else 'have'} the same text"
    cards = scored_list(same, place, by="similarity", label=label, testid=ids.TESTID_SAME)
    return html.Details([html.Summary(says), cards], className="strangers same", **{"data-testid": "same-text"})


def neighborhood(answer: dict[str, Any], place: Place, item: Mapping[str, Any] | None = None) -> Any:
    """Return the true neighbours, those far on the map marked, and who is near on the map alone.

    Those that say just what the *item* itself says are told apart, and count as none.
    """
    same, found = parted(item or {}, answer["neighbors"])
    near, nearest = answer["near_ranks"], nearest_in(answer)
    words = SCORE_WORDS[answer["metric"]]
    head = heading(_counted(found, nearest), words, answer["metric"], about="space")
    if not found and not same:
        return [head, hint("This row has no neighbours: it is the only one, or its content could not be read.")]
    return [
        _same(same, place, words),
        head,
        _torn(sum(one["far_on_map"] for one in found), len(found)),
        _strangers(answer["only_on_map"], place, near=near, label=words, nearest=nearest),
        scored_list(
            found,
            place,
            by="similarity",
            label=words,
            testid=ids.TESTID_NEIGHBOR,
            marked=lambda one: _far_badge(one, near, answer["map_dims"], nearest) if one["far_on_map"] else None,
        ),
    ]


def _counted(found: Sequence[Mapping[str, Any]], nearest: str) -> str:
    """Return how many neighbours there are; of rows that say the same how many texts they are."""
    texts = how_many(found)
    if texts == len(found):
        return f"{whole(texts)} nearest {nearest}"
    same = "all of the same text" if texts == 1 else f"{whole(texts)} different texts"
    return f"{whole(len(found))} rows nearest {nearest}, {same}"


def _far_badge(one: Mapping[str, Any], near: int, dims: int, nearest: str) -> Any:
    kind = "flat map" if dims == 2 else "map of three dimensions"
    others = whole(one["map_rank"] - 1)
    return badge(
        "others nearer on the map",
        f"Near {nearest}, but the map shows it elsewhere: {others} other rows are nearer to this point there "
        f"(up to {whole(near)} counts as near). A {kind} cannot keep every neighbour beside every other.",
    )


def _torn(far: int, of: int) -> Any:
    """Return how many true neighbours the map shows elsewhere; nothing when it shows all nearby."""
    if not far:
        return None
    which = "all of them" if far == of else f"{far} of them" if far > 1 else "one of them"
    lead = "a dashed line leads" if far == 1 else "dashed lines lead"
    return html.P(f"The map has others nearer than {which}; {lead} there.", className="note marks-note")


def _strangers(items: list[dict[str, Any]], place: Place, *, near: int, label: str, nearest: str) -> Any:
    """Return the rows beside the point on the map that are not near it in truth, folded away; nothing if none."""
    if not items:
        return None
    why = (
        f"Among the {whole(place.k)} nearest on the map, but not among the {whole(near)} nearest "
        f"{nearest}: do not take them for similar. On the map they have dotted rings."
    )
    cards = scored_list(
        items,
        place,
        by="similarity",
        label=label,
        testid=ids.TESTID_STRANGER,
        marked=lambda _one: badge("far in truth", why),
    )
    summary = html.Summary(["Near on the map only", html.Span(count_of(len(items), "row"), className="note")])
    return html.Details([summary, html.P(why, className="note"), cards], className="strangers")
