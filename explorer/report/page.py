"""Puts the HTML report together: one file that loads nothing and runs nothing.

It writes the frame and the opening; `sections` writes what follows, `svgmap` draws the map.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from importlib.resources import files
from string import Template

from explorer.report import sections, wording
from explorer.report.alike import alike
from explorer.report.glossary import notes
from explorer.report.pictures import Thumbnail
from explorer.report.svgmap import MOST_POINTS, Map, color_style, draw
from explorer.report.tables import clean
from explorer.types import Run, contained, count_notes, left_out, lost


def html_page(run: Run, *, near_duplicate: float, thumbnail: Thumbnail | None) -> str:
    """Return the report as one self-contained HTML document."""
    room = sections.Room.of(run, thumbnail)
    groups = alike(run, threshold=near_duplicate)
    drawn = draw(run, thumbnail)
    body = "\n".join(
        [
            _opening(run, duplicates=len(groups)),
            _map(drawn),
            sections.overview(run),
            '<div class="clusters">',
            *(sections.cluster(run, summary, room) for summary in run.summaries),
            "</div>",
            sections.noise(run, room),
            sections.duplicates(run, groups, room, threshold=near_duplicate),
            sections.faithfulness(run),
            sections.data(run, groups),
            sections.making(run, threshold=near_duplicate),
            sections.glossary(),
        ]
    )
    return document(f"{_title(run)} – cluster report", body, contents=_contents(run), colors=color_style(run))


def document(title: str, body: str, *, contents: str, colors: str) -> str:
    """Return a page of a title in plain words and a body in HTML, complete in itself."""
    body += "".join(notes(body))
    page = Template(_file("page.html")).substitute(
        title=escape(title),
        css=_file("page.css") + (_BOTH_WAYS if _TURNING.search(body) else ""),
        colors=colors,
        toc=contents,
        body=body,
    )
    return _TEXT.sub(lambda found: contained(found[0]), clean(page))


_TEXT = re.compile(r"[^<>]+")
"""What stands between two tags, or in one: no text turns what stands around it."""


_TURNING = re.compile("[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff]")
_BOTH_WAYS = """
h1, h3, h4, td, th, dd, li { unicode-bidi: plaintext; }
a, span, code, text { unicode-bidi: isolate; }
"""
"""Where a text runs from right to left, or says so."""


@lru_cache(maxsize=4)
def _file(name: str) -> str:
    return (files("explorer.report") / name).read_text(encoding="utf-8")


def _opening(run: Run, *, duplicates: int) -> str:
    trust = run.projection.trustworthiness
    rejected = len(run.dataset.rejected) - count_notes(run.dataset.rejected)
    left = lost(left_out(run.dataset.rejected), rejected + int((~run.embeddings.ok).sum()))
    name = escape(_title(run))
    shown = (
        ("Rows", f"{len(run.dataset):,}"),
        ("Clusters", f"{len(run.summaries):,}"),
        ("In no cluster", wording.percent(run.clustering.noise)),
        ("Left out", f'<a href="#data">{left:,}</a>' if left else "0"),
        ("Near-duplicate sets", f'<a href="#duplicates">{duplicates:,}</a>' if duplicates else "0"),
        (
            "Faithfulness of the map",
            "–" if trust is None else f'<a href="#faithful">{wording.percent(trust)}</a>',
        ),
    )
    figures = "".join(f"<div><dt>{label}</dt><dd>{value}</dd></div>" for label, value in shown)
    return (
        f'<p class="eyebrow">Cluster report, {escape(run.created[:10])}</p><h1>{name}</h1>'
        f'<p class="lead">{escape(wording.summary(run))}</p><dl class="figures">{figures}</dl>'
    )


def _title(run: Run) -> str:
    return run.name or run.dataset.name or run.key  # as whoever named it wrote it


def _map(drawn: Map) -> str:
    sampled = ""
    if drawn.shown < drawn.placed:
        sampled = f" Of {drawn.placed:,} rows a random {MOST_POINTS:,} are drawn; every row is in the figures."
    return (
        f'<h2 id="map">The map</h2><figure>{drawn.svg}<figcaption>Every dot is one row; dots that are close mean similar '
        "things. A colour is a cluster, grey dots are in none. Directions and distances across the whole map mean little; "
        'who is next to whom means much. <span class="wide">A name leads to its cluster.</span>'
        f'<span class="narrow">A number is a cluster of the list below, counted from 1; the tables count from 0.</span>{sampled}</figcaption></figure>'
    )


def _contents(run: Run) -> str:
    groups = "".join(
        f'<li><a href="#cluster-{s.label}"><span class="dot k k{s.label}"></span>{escape(s.name)}</a></li>'
        for s in run.summaries
    )
    heads = (("noise", "In no cluster"), ("duplicates", "Near-duplicates"), ("faithful", "How faithful the map is"),
             ("data", "The data"), ("making", "How it was made"), ("glossary", "Words"))  # fmt: skip
    rest = "".join(f'<li><a href="#{anchor}">{head}</a></li>' for anchor, head in heads)
    return (
        f'<ol><li><a href="#map">The map</a></li><li><a href="#groups">The clusters</a><ol>{groups}</ol></li>{rest}</ol>'
        if run.summaries
        else f'<ol><li><a href="#map">The map</a></li>{rest}</ol>'
    )
