"""Writes the sections of the HTML report, each a function from a Run to escaped HTML.

It measures nothing; figures come from the Run, their words from `wording`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from itertools import chain, islice

import numpy as np

from explorer.kinds import kind_of
from explorer.report import wording
from explorer.report.faults import EMPTY, faults_of, place
from explorer.report.glossary import asks
from explorer.report.labels import shortened
from explorer.report.pictures import Thumbnail, Thumbnails
from explorer.types import NOISE, ClusterSummary, Dataset, Item, Rejected, Run

CUT = 400
LISTED = 200
FIRST = 3
"""Examples of each fault."""
EXAMPLES = 12
GROUPS_SHOWN = 50
ROWS_OF_GROUP = 8
_TERMS = (
    (
        "Cluster",
        "Rows that mean something similar: denser together, or nearer to each other, than what is around them.",
    ),
    (
        "Keywords",
        "For texts, words that a cluster has more often than the others. For pictures, words of a fixed "
        "list that lie nearest to the cluster: what the encoder takes it for, which may be wrong.",
    ),
    ("Cohesion", "How alike the rows of a cluster are: their mean similarity to their centre, at most 1."),
    ("Typical", "The rows nearest to the centre of their cluster: what it is about."),
    ("Unusual", "The rows of a cluster that are farthest from its centre: read them before you trust the name."),
    ("Similarity", "How alike two rows are: 1 for the same meaning, 0 for nothing in common."),
    ("Rich in", "A value that is commoner in a cluster than chance explains; shares are of rows with a value there."),
    (
        "Kept neighbours",
        "Whether neighbours on the map are neighbours in truth: 1 when all are, about 0.5 by chance.",
    ),
    ("Kept together", "Whether neighbours in truth are neighbours on the map: 1 when all are, about 0.5 by chance."),
)

_ASKED = {
    "Cohesion": "cohesion",
    "Keywords": "tfidf",
    "Similarity": "cosine",
    "Kept neighbours": "trustworthiness",
    "Kept together": "continuity",
}
"""The words whose technical name stands behind a “?”."""


@dataclass(frozen=True)
class Room:
    """How much of each row the page has room for, so that it stays a file one can send."""

    pictures: Thumbnails
    cut: int
    whole: int
    central: int
    odd: int
    place: Callable[[int], str]
    """Where a row stands, in words."""

    @classmethod
    def of(cls, run: Run, thumbnail: Thumbnail | None) -> Room:
        """Return the room for a run: less for each row when there are very many groups."""
        groups = max(1, len(run.summaries))
        crowded = groups > 200
        return cls(
            pictures=Thumbnails(thumbnail, size=112 if groups <= 90 else 80),
            cut=200 if crowded else CUT,
            whole=max(CUT, min(4_000, 2_000_000 // (8 * groups))),
            central=2 if crowded else 5,
            odd=1 if crowded else 3,
            place=partial(_place, run.dataset),
        )


def overview(run: Run) -> str:
    """Return the table of all clusters, and the heading of the sections that follow."""
    if not run.summaries:
        return ""
    most = max(s.size for s in run.summaries)
    lines = "".join(
        f'<tr class="k k{s.label}"><td class="name"><a href="#cluster-{s.label}"><span class="dot k k{s.label}"></span>'
        f'<span><span class="narrow soft">{wording.number(s)} </span>{escape(s.name)}</span></a></td><td class="number">{s.size:,}<span class="bar" style="width:{100 * s.size / most:.0f}%">'
        f'</span></td><td class="number">{wording.percent(s.share)}</td><td class="number wide">{s.cohesion:.2f}</td>'
        f'<td class="words">{escape(", ".join(word for word, _ in s.keywords[:8]))}</td></tr>'
        for s in run.summaries
    )
    return (
        '<h2 id="groups">The clusters</h2><div class="scroll" tabindex="0" role="region" aria-labelledby="groups"><table><thead><tr><th>Cluster</th><th class="number">Rows</th>'
        f'<th class="number">Share</th><th class="number wide">Cohesion{asks("cohesion")}</th><th class="words">Keywords</th></tr></thead>'
        f"<tbody>{lines}</tbody></table></div><h2>Cluster by cluster</h2>"
    )


def cluster(run: Run, summary: ClusterSummary, room: Room) -> str:
    """Return the section of one cluster."""
    all_cohesions = [s.cohesion for s in run.summaries]
    tags = "".join(
        f'<li class="{"strong" if at < 3 else ""}">{escape(word)}</li>' for at, (word, _) in enumerate(summary.keywords)
    )
    nearest = "".join(
        f'<li><a href="#cluster-{label}">{escape(run.summaries[label].name)}</a> <span class="soft">{score:.2f}</span></li>'
        for label, score in summary.nearest
    )
    facts = "".join(
        f'<li>{escape(head)} <span class="soft">({escape(figures)})</span></li>'
        for head, figures in map(wording.fact, summary.enrichment)
    )
    one, many = wording.nouns(run)
    parts = [
        f"<h4>Keywords</h4><ul class='tags'>{tags}</ul>" if tags else "",
        f"<h4>Typical {many}</h4>{rows_of(run, summary.exemplars[: room.central], room)}",
        f"<h4>Unusual {many}</h4>{rows_of(run, summary.odd[: room.odd], room)}" if summary.odd else "",
        '<div class="halves">',
        f"<div><h4>Nearest clusters</h4><ul class='facts'>{nearest}</ul></div>" if nearest else "",
        f"<div><h4>Rich in</h4><ul class='facts'>{facts}</ul></div>" if facts else "",
        "</div>",
    ]
    size = f"{wording.count(summary.size, one, many)}, {wording.percent(summary.share)}"
    return (
        f'<section class="cluster k k{summary.label}" id="cluster-{summary.label}"><header><h3>{escape(summary.name)}</h3>'
        f'<p class="soft">{size} <span class="narrow">(number {wording.number(summary)} on the map; cluster {summary.label} in the tables)</span></p></header>'
        f"{_title(run, summary.label)}"
        f'<p class="soft small">Cohesion {escape(wording.cohesion(summary.cohesion, all_cohesions))}.{escape(wording.came_back(run, summary.label))}</p>'
        f"{''.join(parts)}</section>"
    )


def _title(run: Run, label: int) -> str:
    """Return the sentence of a language model on a cluster, marked as such, and what the cluster's words call it."""
    title = run.titles.get(label)
    if title is None:
        return ""
    sentence = f'<p dir="auto">{escape(title.sentence)}</p>' if title.sentence else ""
    return (
        f'{sentence}<p class="soft small">Name{" and sentence" if sentence else ""} by the language model '
        f"{escape(title.model)}; its words call it “{escape(title.before)}”.</p>"
    )


def noise(run: Run, room: Room) -> str:
    """Return the section on the rows in no cluster."""
    rows = np.flatnonzero((run.clustering.labels == NOISE) & run.embeddings.ok)
    one, many = wording.nouns(run)
    head = '<h2 id="noise">In no cluster</h2>'
    taken = wording.taken_in(run)
    if taken:
        head += f"<p>{escape(taken)}</p>"
    if not len(rows):
        return f"{head}<p>Every {one} is in a cluster.</p>"
    some = rows[np.linspace(0, len(rows) - 1, min(EXAMPLES, len(rows))).astype(int)].tolist()
    return (
        f"{head}<p>{wording.count(len(rows), one, many)} ({wording.percent(len(rows) / len(run.dataset))}) lie between "
        "the clusters or far from all of them (noise, as statistics say). That is no fault: they are mixed, rare or unlike anything else here. "
        f"Some of them:</p>{rows_of(run, some, room)}"
    )


def duplicates(run: Run, groups: Sequence[Sequence[int]], room: Room, *, threshold: float) -> str:
    """Return the section on rows that are nearly the same."""
    head = '<h2 id="duplicates">Near-duplicates</h2>'
    one, many = wording.nouns(run)
    if not groups:
        return f"{head}<p>No two {many} have a similarity{asks('cosine')} of {threshold:g} or more.</p>"
    shown = "".join(
        f'<div class="group"><p class="soft small">{len(group):,} alike</p>{rows_of(run, group[:ROWS_OF_GROUP], room)}'
        + (f'<p class="soft small">and {len(group) - ROWS_OF_GROUP:,} more</p>' if len(group) > ROWS_OF_GROUP else "")
        + "</div>"
        for group in groups[:GROUPS_SHOWN]
    )
    more = f"<p class='soft'>The first {GROUPS_SHOWN} are shown.</p>" if len(groups) > GROUPS_SHOWN else ""
    total = sum(len(group) for group in groups)
    return (
        f"{head}<p>{wording.count(len(groups), 'set', 'sets')} of {many} that are (nearly) the same, "
        f"{wording.count(total, one, many)} in all: similarity{asks('cosine')} {threshold:g} or more.</p>{shown}{more}"
    )


def faithfulness(run: Run) -> str:
    """Return the section on how far the map can be trusted."""
    projection = run.projection
    said = [escape(wording.faithfulness(projection.trustworthiness))]
    if projection.trustworthiness is not None:
        over = "all rows" if projection.trust_rows >= len(run.dataset) else f"{projection.trust_rows:,} seeded rows"
        said.append(
            f"Kept neighbours{asks('trustworthiness')}: {projection.trustworthiness:.3f} ({projection.trust_k} neighbours, "
            f"{over} ranked against all)."
        )
    if projection.continuity is not None:
        said.append(f"{escape(wording.continuity(projection.continuity, k=projection.trust_k))}{asks('continuity')}")
    said.append(escape(wording.neighbors(run.knn)))
    if run.config.cluster.space == "map":
        said.append("The clusters were found on the map itself; similarities and typical rows do not depend on it.")
    else:
        said.append("Clusters, similarities and typical rows do not depend on the drawing.")
    return f'<h2 id="faithful">How faithful the map is</h2><p>{" ".join(said)}</p>'


def data(run: Run, groups: Sequence[Sequence[int]] = ()) -> str:
    """Return the section on what went in, and what is wrong with it; *groups* are the sets of near-duplicates."""
    dataset, lost = run.dataset, np.flatnonzero(~run.embeddings.ok).tolist()
    count = len(dataset.rejected) + len(lost)

    def faults() -> Iterator[Rejected]:
        return chain(dataset.rejected, (_lost(run, row) for row in lost))

    truncated = int(run.embeddings.truncated.sum())
    one, many = wording.nouns(run)
    lines = "<br>".join(map(escape, dataset.note.split("\n")))
    note = f"<p>{lines}</p>" if lines else ""
    said = [f"{wording.count(len(dataset), one, many)} from “{dataset.name}”."]
    if dataset.text_column:
        said.append(wording.texts_of(dataset))
    if len(dataset.table.columns):
        said.append(f"Beside them: {', '.join(map(str, dataset.table.columns))}.")
    said += [*wording.read_as(dataset), *wording.made_of(run)]
    if truncated:
        said.append(
            f"{wording.count(truncated, 'text is', 'texts are')} longer than the encoder reads; only the beginning counted."
        )
    unread = 0 if run.embeddings.unread is None else int(run.embeddings.unread.sum())
    if unread:
        said.append(
            f"{wording.count(unread, 'text is', 'texts are')} in letters that the encoder does not know: their places "
            "say nothing of what they mean."
        )
    table = _rejected(run, count, islice(faults(), LISTED)) if count else "<p>Everything could be read.</p>"
    more = ""
    if count > LISTED:
        reasons = "; ".join(
            f"{reason} ({times:,})" for reason, times in Counter(f.reason for f in faults()).most_common(12)
        )
        more = (
            f"<p class='soft'>The first {LISTED} of {count:,} are listed; report.json has them all. "
            f"The commonest reasons: {escape(reasons)}.</p>"
        )
    return f'<h2 id="data">The data</h2><p>{escape(" ".join(said))}</p>{note}{table}{more}{_faults(run, groups)}'


def _rejected(run: Run, count: int, first: Iterable[Rejected]) -> str:
    """Return what could not be read: how much, and the first of it; of earlier datasets by the records from 0."""
    old = run.dataset.places is None
    where = "<th class='number'>Row</th>" if old else "<th>Where</th>"
    lines = []
    for one in first:
        place = f"<td class='number'>{'' if one.row is None else f'{one.row:,}'}</td>"
        place = place if old else f"<td>{escape(one.where or one.what or 'the whole file')}</td>"
        lines.append(f"<tr><td>{breakable(one.source)}</td>{place}<td>{escape(one.reason)}</td></tr>")
    said = f"{_left_out(run, count)}; rows count from 0." if old else f"{escape(wording.left_out_of(run, count))}."
    return (
        f"<p>{said}</p><div class='scroll' tabindex='0' role='region' aria-label='What was left out'><table><thead><tr><th>Source</th>{where}<th>Why</th></tr></thead><tbody>"
        f"{''.join(lines)}</tbody></table></div>"
    )


def _place(dataset: Dataset, row: int) -> str:
    """Return where a row stands in words; of a dataset of an earlier version its number from 0."""
    return f"row {row:,}" if dataset.places is None else dataset.place(row)


def _left_out(run: Run, count: int) -> str:
    """Return how many rows are empty, and how many could not be read; of earlier datasets all are of the latter."""
    empty = sum(fault.count for fault in run.dataset.faults if fault.kind in EMPTY)
    unread = f"{wording.count(count - empty, 'row or file', 'rows or files')} could not be read"
    said = wording.count(empty, "row is empty", "rows are empty") if empty else ""
    return " and ".join(filter(None, (said, unread if count > empty else "")))


def _faults(run: Run, groups: Sequence[Sequence[int]]) -> str:
    """Return the table of faults by kind; nothing of datasets of earlier versions, which have none."""
    if not run.dataset.faults:
        return ""
    lines = "".join(
        f"<tr><td>{escape(fault.kind)}</td><td>{breakable(fault.column)}</td><td class='number'>{fault.count:,}</td>"
        f"<td>{escape('; '.join(map(place, fault.examples[:FIRST])))}</td></tr>"
        for fault in faults_of(run, groups)
    )
    return (
        "<p>What is wrong with the data, by kind; faults.csv has more examples.</p><div class='scroll' tabindex='0' role='region' aria-label='What is wrong with the data'><table><thead>"
        "<tr><th>Fault</th><th>Column</th><th class='number'>How many</th><th>First</th></tr></thead>"
        f"<tbody>{lines}</tbody></table></div>"
    )


def making(run: Run, *, threshold: float) -> str:
    """Return the section that lets somebody make the same again; settings go by their names there, too."""
    settings = {**run.config.told(), "near_duplicate": f"{threshold:g}"}
    lines = "".join(
        f"<tr><td class='key'>{escape(wording.SETTINGS.get(name, (name, ''))[0])}{asks(name) if name == 'encoder' else ''}<br><code class='soft'>{escape(name)}"
        f"</code></td><td><code>{escape('none' if value is None else str(value))}</code></td>"
        f"<td class='soft'>{escape(wording.setting_means(name, run))}</td></tr>"
        for name, value in settings.items()
    )
    return (
        f'<h2 id="making">How it was made</h2><p>{escape(wording.embedded(run))} {_drawing(run)}'
        f"{escape(wording.named_by(run))}</p>"
        f'<div class="scroll" tabindex="0" role="region" aria-labelledby="making"><table><thead><tr><th>Setting</th><th>Value</th><th>Meaning</th></tr></thead><tbody>{lines}'
        f"</tbody></table></div>{_pairs('Seconds', {stage: f'{s:.1f}' for stage, s in run.timings.items()})}"
        f"{_pairs('Versions', run.versions)}<p class='soft small'>Run <code>{escape(run.key)}</code>, "
        f"data <code>{escape(run.dataset.key)}</code>, made {escape(run.created)}.</p>"
    )


def _drawing(run: Run) -> str:
    """Return how the map was drawn and its clusters were found, each way with its “?”."""
    said = escape(wording.drawing(run.projection.method, clusters=run.config.cluster.method))
    for words, term in wording.WAYS:
        said = said.replace(words, f"{words}{asks(term)}")
    return said


def glossary() -> str:
    """Return what the words of the report mean."""
    terms = "".join(
        f"<dt>{term}{asks(_ASKED[term]) if term in _ASKED else ''}</dt><dd>{meaning}</dd>" for term, meaning in _TERMS
    )
    return f'<h2 id="glossary">Words</h2><dl class="terms">{terms}</dl>'


def rows_of(run: Run, rows: Iterable[int], room: Room) -> str:
    """Return rows as lists: what has a picture side by side, the others' texts one below the other."""
    photos = texts = ""
    for row in rows:  # one after the other: a text may be long
        item = run.dataset.items[row]
        if kind_of(item).has_picture:
            photos += _photo(row, item, room)
        else:
            said = _text(_said(item), room)
            texts += f"<li><span class='row'>{escape(room.place(row))}</span><div>{said}</div></li>"
    return (f"<ul class='photos'>{photos}</ul>" if photos else "") + (
        f"<ol class='items'>{texts}</ol>" if texts else ""
    )


def breakable(name: str) -> str:
    """Return a file's name as HTML whose lines may end after a slash, an underscore and a hyphen."""
    return re.sub("([/\\\\_-]+)", r"\1<wbr>", escape(name))


def _said(item: Item) -> str:
    kind = kind_of(item)
    return kind.text(item) or kind.label(item)


def _photo(row: int, item: Item, room: Room) -> str:
    name, uri = kind_of(item).label(item), room.pictures.uri(item)
    instead = "not in here, to keep this file small" if room.pictures.is_full else "cannot be opened any more"
    shown = f'<img src="{uri}" alt="{escape(name)}">' if uri else f"<span class='gone'>{instead}</span>"
    place = f"<span class='soft'>{escape(room.place(row))}</span>"
    return f"<li><figure>{shown}<figcaption>{breakable(name)}<br>{place}</figcaption></figure></li>"


def _text(text: str, room: Room) -> str:
    text = text.strip()
    if len(text) <= room.cut:
        return f"<div class='text' dir='auto'>{escape(text)}</div>"
    short = escape(shortened(text, room.cut))
    if room.whole <= room.cut:
        return f"<div class='text' dir='auto'>{short}</div>"
    rest = f"… ({len(text):,} characters in all; items.csv has them)" if len(text) > room.whole else ""
    return (
        f"<div class='text' dir='auto'>{short}</div><details class='more'><summary>The whole text</summary>"
        f"<div class='text' dir='auto'>{escape(text[: room.whole])}{rest}</div></details>"
    )


def _lost(run: Run, row: int) -> Rejected:
    item = run.dataset.items[row]
    return Rejected(
        kind_of(item).path(item) or run.dataset.name, row, "the encoder could not open it", run.dataset.place(row)
    )


def _pairs(title: str, values: object) -> str:
    shown = ", ".join(f"<code>{escape(str(k))}</code> {escape(str(v))}" for k, v in dict(values).items())  # type: ignore[call-overload]
    return f"<p class='small'><b>{title}</b> <span class='soft'>{shown}</span></p>" if shown else ""
