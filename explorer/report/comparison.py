"""Writes two maps of the same rows, compared, as one HTML page that loads nothing and runs nothing.

It measures nothing: what is told of them comes as plain values, which `questions` makes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from explorer.report import sections, wording
from explorer.report.page import document
from explorer.report.pictures import Thumbnail
from explorer.report.svgmap import color_style, draw
from explorer.types import Run, numbered

_BECAME = {"kept": "stays", "merged": "is a part of", "split": "is spread over"}
_SIDES = ("a", "b")


def comparison_page(told: Mapping[str, Any], a: Run, b: Run, thumbnail: Thumbnail | None = None) -> str:
    """Return two runs side by side as a self-contained HTML document.

    *told* is what `questions.differences.compared` says of them.  *b* is seen as the first run sees its rows: in the
    clusters of *a*, under their names, its map laid on the one of *a*.
    """
    room = sections.Room.of(a, thumbnail)
    names = [str(told[side]["called"]) for side in _SIDES]
    body = "\n".join(
        [
            _opening(told, a, names),
            _maps(a, b, names, thumbnail),
            _columns(told, names),
            _clusters(told, names),
            _moved(told, a, names, room),
            _making(told, names),
        ]
    )
    heads = (("maps", "The two maps"), ("keeps", "What each keeps"), ("clusters", "The clusters"),
             ("moved", "The rows that moved most"), ("making", "How it was measured"))  # fmt: skip
    contents = "".join(f'<li><a href="#{anchor}">{head}</a></li>' for anchor, head in heads if f'id="{anchor}"' in body)
    title = f"{' and '.join(names)} – two maps compared"
    return document(title, body, contents=f"<ol>{contents}</ol>", colors=color_style(a))


def _opening(told: Mapping[str, Any], run: Run, names: Sequence[str]) -> str:
    shown = (
        ("Rows in both", f"{told['rows']:,}"),
        (f"Of {told['k']} neighbours the same", f"{told['k'] * told['agreement']:.1f}"),
        ("By chance", f"{told['k'] * told['chance']:.2g}"),
        ("Clusters", " · ".join(f"{told[side]['clusters']:,}" for side in _SIDES)),
        ("Agreement of clusters", f"{told['rand']:.2f}"),
    )
    figures = "".join(f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>" for label, value in shown)
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in told["said"][1:])
    return (
        f'<p class="eyebrow">Two maps of {escape(run.dataset.name)}, compared</p>'
        f"<h1>{escape(names[0])} <span class='soft'>and</span> {escape(names[1])}</h1>"
        f'<p class="lead">{escape(told["said"][0])}</p>{said}<dl class="figures">{figures}</dl>'
    )


def _maps(a: Run, b: Run, names: Sequence[str], thumbnail: Thumbnail | None) -> str:
    drawn = "".join(
        f"<h4 class='named'>{escape(name)}</h4><figure>{draw(run, thumbnail).svg}</figure>"
        for run, name in zip((a, b), names, strict=True)
    )
    return (
        f'<h2 id="maps">The two maps</h2>{drawn}'
        f"<p class='soft small'>Both in the colours and under the names of the clusters by {escape(names[0])}: where a "
        "colour lies scattered on the second map, that one takes its rows apart. The second map is turned or mirrored, "
        "scaled and shifted to lie on the first, and not changed otherwise.</p>"
    )


def _columns(told: Mapping[str, Any], names: Sequence[str]) -> str:
    if not told["columns"]:
        return ""
    lines = "".join(_column(one, names) for one in told["columns"])
    first, second = (f'<th class="number">{escape(name)}</th>' for name in names)
    return (
        '<h2 id="keeps">What each keeps</h2>'
        f"<p>How often what most of a row’s {told['k']} nearest have in a column is the row’s own value: the "
        "higher, the more the encoder takes rows of one value for alike. And how much clusters and values tell of "
        "each other.</p>"
        '<div class="scroll" tabindex="0" role="region" aria-labelledby="keeps"><table><thead>'
        '<tr><th></th><th colspan="3" class="number">Nearest agree</th><th colspan="2" class="number">Clusters and '
        f'values</th><th></th></tr><tr><th>Column</th>{first}{second}<th class="number">Guessing</th>{first}{second}'
        f"<th>Kept better by</th></tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _column(one: Mapping[str, Any], names: Sequence[str]) -> str:
    figures = [*one["accuracy"], one["usual"], *one["information"]]
    cells = "".join(f'<td class="number">{value:.3f}</td>' for value in figures)
    better = "no clear difference" if one["better"] is None else names[one["better"]]
    about = f"{one['values']:,} values, {one['rows']:,} rows"
    return (
        f'<tr><td class="name"><b>{escape(one["column"])}</b><br><span class="soft small">{about}</span></td>'
        f"{cells}<td>{escape(better)}</td></tr>"
    )


def _clusters(told: Mapping[str, Any], names: Sequence[str]) -> str:
    if not told["clusters"]:
        return ""
    lines = "".join(
        f'<tr class="k k{one["cluster"]}" id="cluster-{one["cluster"]}"><td class="name">'
        f'<span class="dot k k{one["cluster"]}"></span> <span class="narrow soft">{numbered(one["cluster"])} </span>'
        f"{escape(one['name'])}</td>"
        f'<td class="number">{one["rows"]:,}</td><td>{_BECAME[one["became"]]}</td><td>{_parts(one["parts"])}</td></tr>'
        for one in told["clusters"]
    )
    return (
        '<h2 id="clusters">The clusters</h2><div class="scroll" tabindex="0" role="region" aria-labelledby="clusters">'
        f'<table><thead><tr><th>By {escape(names[0])}</th><th class="number">Rows</th><th></th>'
        f"<th>By {escape(names[1])}</th></tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _parts(parts: Sequence[Mapping[str, Any]]) -> str:
    """Return the clusters of the other map that have a fifth of a cluster's rows or more, and what is elsewhere."""
    if not parts:
        return "<span class='soft'>many, none with a fifth of its rows</span>"
    shown = "; ".join(f"{escape(one['name'])} ({wording.percent(one['share'])})" for one in parts)
    rest = 1 - sum(one["share"] for one in parts)
    return shown + (
        f"<span class='soft'>; the others in smaller parts ({wording.percent(rest)})</span>" if rest > 0.05 else ""
    )


def _moved(told: Mapping[str, Any], run: Run, names: Sequence[str], room: sections.Room) -> str:
    head = '<h2 id="moved">The rows that moved most</h2>'
    if not told["moved"]:
        return f"{head}<p>No row has other neighbours by the one than by the other.</p>"
    shown = "".join(_mover(one, run, names, room) for one in told["moved"])
    return (
        f"{head}<p>Those with the fewest of their {told['k']} nearest in common, "
        f"and whom each has next to them.</p>{shown}"
    )


def _mover(one: Mapping[str, Any], run: Run, names: Sequence[str], room: sections.Room) -> str:
    both = [card["row"] for card in one["near_a"] if card["shared"]]
    shared = f"<h4>Next to it by both</h4>{sections.rows_of(run, both, room)}" if both else ""
    alone = "".join(
        f"<div><h4 class='named'>By {escape(name)} alone, in {escape(where)}</h4>"
        f"{sections.rows_of(run, [card['row'] for card in one[f'near_{side}'] if not card['shared']][:5], room)}</div>"
        for side, name, where in zip(_SIDES, names, (one["cluster_name"], one["cluster_name_b"]), strict=True)
    )
    return (
        f'<section class="moved">{sections.rows_of(run, [one["row"]], room)}'
        f'<p class="soft small">{wording.percent(one["overlap"])} of its neighbours are the same.</p>'
        f'{shared}<div class="halves">{alone}</div></section>'
    )


def _making(told: Mapping[str, Any], names: Sequence[str]) -> str:
    lines = "".join(
        f"<tr><td>{escape(name)}</td><td><code>{escape(told[side]['encoder'])}</code></td>"
        f'<td class="number">{told[side]["dims"]:,}</td><td><code>{escape(told[side]["run"])}</code></td></tr>'
        for side, name in zip(_SIDES, names, strict=True)
    )
    return (
        '<h2 id="making">How it was measured</h2>'
        f"<p>Neighbours are the {told['k']} nearest of {told['distinct']:,} different rows by each map’s own vectors "
        "and metric, not by places on the map; rows that say the same count once. What is right by neighbours is the "
        "leave-one-out accuracy of a vote of the nearest, of as many votes the first value in their order. One is said "
        "to keep a column better where chance makes such a difference in one case of twenty at most (McNemar’s test), "
        "and where it is right more often than a guess, as surely. "
        "Clusters and values: normalised mutual information. Agreement of clusters: adjusted Rand index, rows in no "
        "cluster as a group.</p>"
        '<div class="scroll" tabindex="0" role="region" aria-labelledby="making"><table><thead><tr><th>Map</th>'
        f'<th>Encoder</th><th class="number">Numbers</th><th>Run</th></tr></thead><tbody>{lines}</tbody></table></div>'
    )
