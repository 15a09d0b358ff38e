"""Says figures in plain words: shares, cohesion, faithfulness, settings.

It writes no HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from explorer.columns import LINKS, LINKS_TO
from explorer.config import COMMUNITIES, DENSITY, is_given, maker_of
from explorer.kinds import kind_named, nouns_of
from explorer.types import (
    REPEATS,
    SURE,
    UNSURE,
    ClusterSummary,
    Dataset,
    Enrichment,
    KnnGraph,
    Run,
    count_notes,
    in_order,
    left_out,
    numbered,
    said_draft,
    said_left_out,
)

SETTINGS = {
    "encoder": ("Encoder", "the model that read every item and wrote it as a vector, a list of numbers"),
    "draft": ("Draft", "only: vectors are drafts, from a sample that the encoder read; first: such a map came first"),
    "n_neighbors": ("Neighbours", "how many nearest items the map looks at; more shows the whole, fewer the detail"),
    "min_dist": ("Spacing", "how tightly dots may pack on the map"),
    "metric": (
        "Nearness by",
        "the angle between two vectors, or the distance between them as with a ruler",
    ),
    "seed": ("Seed", "the number that makes the map repeatable; none: it differs from run to run"),
    "dims": ("Map dimensions", "how many directions the map has"),
    "engine": ("Engine", "what laid out the map and found the clusters: cpu, or cuml on a graphics processor"),
    "method": ("Clusters by", "density: what lies closely packed; communities: who is near whom"),
    "detail": ("How many clusters", "from 1, a few broad ones, to 20, many small ones"),
    "min_cluster_size": ("Smallest cluster", "fewer items than this are not called a cluster"),
    "groups": ("Joined to at most", "clusters are joined, where they are nearest, until so many are left"),
    "min_samples": ("Caution", "the higher, the more items are left in no cluster"),
    "space": ("Clusters found on", "map: the map itself; if not, the graph of neighbours, which is not drawn"),
    "near_duplicate": ("Near-duplicate", "the similarity from which rows count as nearly the same"),
}
KEPT = (0.95, 0.88, 0.8)
"""From which trustworthiness and continuity a map is very faithful, faithful, a fair sketch."""
ALIKE = (0.85, 0.7, 0.5)
"""From which cohesion a cluster's members are very alike, alike, related."""


def nouns(run: Run) -> tuple[str, str]:
    """Return what one item and many items of the run are called."""
    return nouns_of(run.dataset.modalities)


def count(number: int, one: str, many: str) -> str:
    """Return for example "1 cluster" or "12,003 clusters"."""
    return f"{number:,} {one if number == 1 else many}"


def percent(share: float) -> str:
    """Return a share as a reader would say it: "32%", "4.1%", "under 0.1%"."""
    if share <= 0:
        return "0%"
    if share < 0.001:
        return "under 0.1%"
    if share < 0.1:
        return f"{share * 100:.1f}%"
    return "over 99.9%" if 0.9995 <= share < 1 else f"{share * 100:.0f}%"


def taken_in(run: Run) -> str:
    """Return how much noise is shown in the clusters, if somebody asked for that; "" if not."""
    taken, least = run.clustering.taken, run.clustering.least
    if taken is None or least is None:
        return ""
    one, many = nouns(run)
    return (
        f"Counted in the cluster nearest to them: {count(int(taken.sum()), one, many)} left in no cluster at first, "
        f"because they belong to it by at least {percent(least)}. Keywords and cohesion are those of the others."
    )


def setting_means(name: str, run: Run) -> str:
    """Return what a setting is, in words; of a draft the encoder read some items alone."""
    said = SETTINGS.get(name, ("", ""))[1]
    return said.replace("every item", "some items").replace("wrote it", "wrote each") if run.draft is not None else said


def summary(run: Run) -> str:
    """Return the one paragraph that says what was found."""
    one, many = nouns(run)
    n, groups = len(run.dataset), run.summaries
    ways = {kind_named(name).compared_by for name in run.dataset.modalities}
    by = ways.pop() if len(ways) == 1 else "what they mean"
    if n == 1:
        return f"There is 1 {one}, and nothing to compare it with."
    if not groups:
        least = run.config.cluster.min_cluster_size
        some = "" if least is None else f"at least {least} "
        return (
            f"{count(n, one, many)} were compared by {by}. No cluster of {some}similar {many} stood out, "
            f"so every {one} is left on its own."
        )
    found = count(len(groups), "cluster", "clusters")
    draft = "" if run.draft is None else f"This is a draft map, made from {run.draft['read']:,} {many} that were read. "
    first = f"{draft}{count(n, one, many)} were compared by {by} and fall into {found}."
    named = [f"“{s.name}” ({percent(s.share)})" for s in groups[:3]]
    largest = "The largest is " + named[0]
    if len(named) > 1:
        largest = "The largest are " + ", ".join(named[:-1]) + " and " + named[-1]
    noise = run.clustering.noise
    rest = f" {percent(noise)} resemble no cluster closely enough and belong to none of them." if noise else ""
    if not noise:
        rest = f" Every {one} is in a cluster."
    return f"{first} {largest}.{rest}"


def cohesion(value: float, all_values: Sequence[float]) -> str:
    """Return in words how alike a cluster's members are, and where that stands among the clusters."""
    word = _graded(value, ALIKE, "very alike", "alike", "related", "loosely related")
    text = f"{value:.2f}: its members are {word}"
    if len(all_values) < 4:
        return text
    tighter = sum(other > value for other in all_values)
    if tighter < len(all_values) / 4:
        return f"{text}, more than in most clusters here"
    if tighter >= len(all_values) * 3 / 4:
        return f"{text}, less than in most clusters here"
    return f"{text}, about as much as in the other clusters"


def number(summary: ClusterSummary) -> int:
    """Return the number of a cluster on the map."""
    return numbered(summary.label)


def came_back(run: Run, label: int) -> str:
    """Return in how many of ten repeats a cluster came back, and what that means; "" where it was not measured."""
    if run.sureness is None:
        return ""
    times = int(run.sureness.clusters[label])
    word = "sure" if times >= SURE else "partly chance" if times >= UNSURE else "unsure, perhaps chance"
    again = f"When nine in ten {nouns(run)[1]} were clustered again, ten times"
    return f" {again}, it came back in {times} of {REPEATS}: {word}."


def embedded(run: Run) -> str:
    """Return where the vectors of a run are from, in a sentence."""
    given, numbers = run.dataset.given, f"{run.embeddings.dim:,} numbers"
    if is_given(run.config.embed.encoder) and given is not None:
        maker = maker_of(run.config.embed.encoder)
        asked = f"{maker} made them, as some items show that it encoded anew" if maker else "no encoder was asked"
        if {LINKS, LINKS_TO} & set(run.dataset.table.columns):
            return f"Each node became a vector of {numbers}, made of its edges; {asked}."
        return f"Each item came with a vector of {numbers}, in the column “{given.column}”; {asked}."
    if run.draft is not None:
        return f"Each item became a vector of {numbers}, a draft. {said_draft(run.draft)}"
    return f"Each item became a vector of {numbers}."


def named_by(run: Run) -> str:
    """Return which language models named how many clusters, as a sentence; "" where none did."""
    if not run.titles:
        return ""
    models = " and ".join(sorted({title.model for title in run.titles.values()}))
    return (
        f" {len(run.titles):,} of {count(len(run.summaries), 'name', 'names')} and the sentences below them are by a "
        f"language model, {models}, from items of each cluster's middle and its keywords: read these before you trust "
        "a name."
    )


def fact(enrichment: Enrichment) -> tuple[str, str]:
    """Return an enrichment as its headline and its figures."""
    is_scale = re.match(r"(high|low|late|early): median ", enrichment.value)
    if is_scale:
        word, _, rest = enrichment.value.partition(": ")
        headline = f"{enrichment.column} is {word}"
        figures = rest.replace(", overall ", " here, ") + " overall"
        return headline, figures
    times = f", {enrichment.lift:.0f} times as often" if enrichment.lift >= 2 else ""
    figures = f"{percent(enrichment.share)} here, {percent(enrichment.overall)} overall{times}"
    return f"{enrichment.column}: {enrichment.value}", figures


def faithfulness(value: float | None) -> str:
    """Return what a trustworthiness means for a reader of the map."""
    if value is None:
        return "How faithful the map is was not measured; there are too few rows for it."
    return _graded(
        value,
        KEPT,
        "The map is very faithful: dots that lie together nearly always belong together.",
        "The map is faithful on the whole: dots that lie together mostly belong together.",
        "The map is a fair sketch: some dots lie together that are not alike.",
        "The map is a rough sketch: many dots lie together that are not alike; trust the lists more.",
    )


def continuity(value: float, *, k: int) -> str:
    """Return what a continuity means for a reader of the map."""
    verdict = _graded(
        value,
        KEPT,
        "what is alike is nearly always drawn close together",
        "what is alike is mostly drawn close together",
        "some of what is alike is drawn far apart",
        "much of what is alike is drawn far apart; trust the lists more",
    )
    return f"The same question from the other side ({k} neighbours) gives {value:.3f}: {verdict}."


def _graded(value: float, least: Sequence[float], *words: str) -> str:
    """Return the first of the *words* for whose place in *least* the value is enough, else the last."""
    return next((word for enough, word in zip(least, words, strict=False) if value >= enough), words[-1])


WAYS = (
    ("so that each row is beside its nearest neighbours", "umap"),
    ("their main directions", "pca"),
    ("rows that have each other among their nearest neighbours", "louvain"),
    ("rows that lie closer together than around them", "hdbscan"),
)
"""The ways to draw a map and to find clusters, in words, and the terms that explain them."""


def drawing(method: str, *, clusters: str = DENSITY) -> str:
    """Return how the map was drawn and the clusters were found."""
    (beside, _), (directions, _), (mutual, _), (dense, _) = WAYS
    found = f"clusters are {mutual if clusters == COMMUNITIES else dense}."
    if method.startswith("umap"):
        return f"The map was drawn {beside}; {found}"
    if method == "pca":
        return f"There are too few rows for a finer map, so it shows {directions}; {found}"
    return f"All vectors are the same, so the map only spreads the rows out; {found}"


def neighbors(knn: KnnGraph) -> str:
    """Return how the nearest neighbours behind the map were found."""
    if knn.exact:
        return f"Behind the map are the {knn.k} nearest rows of each row (itself included), found exactly."
    return (
        f"Behind the map are the {knn.k} nearest rows of each row (itself included), found approximately: "
        f"{percent(knn.recall)} of the true ones, measured on a sample."
    )


def texts_of(dataset: Dataset) -> str:
    """Return which column the texts are, or which columns together."""
    if not dataset.text_columns:
        beside = "documents and, of tables, " if dataset.has_texts_beside else ""
        return f"The texts are {beside}the column “{dataset.text_column}”."
    return f"The texts are the columns {', '.join(f'“{name}”' for name in dataset.text_columns)}, joined in this order."


def made_of(run: Run) -> list[str]:
    """Return in sentences what a dataset was made of where that is another one, and where its new rows stand."""
    version, said = run.dataset.version, list[str]()
    if version is not None:
        changes = [
            f"{count(version.added, 'row', 'rows')} added to “{version.name}”" if version.added else "",
            f"{count(version.removed, 'row', 'rows')} removed" if version.removed else "",
            f"{count(version.edited, 'text', 'texts')} edited" if version.edited else "",
            f"{count(version.hidden, 'rejected row', 'rejected rows')} hidden" if version.hidden else "",
        ]
        there = [change for change in changes if change]
        of = "" if version.added else f" of “{version.name}”"
        said.append(f"It is version {version.number} of “{version.first}”: {', '.join(there)}{of}.")
        if version.column is not None:
            said.append(f"The column “{version.column}” tells which rows are new.")
    if run.onto is not None and run.onto["placed"]:
        placed, strange = int(run.onto["placed"]), int(run.onto["strange"])
        were = "new row was" if placed == 1 else "new rows were"
        said.append(
            f"{placed:,} {were} placed on the map “{run.onto['name']}”, where all others have the places, clusters and "
            "names that they had."
        )
        if strange:
            of = "of these has" if strange == 1 else "of these have"
            said.append(f"{strange:,} {of} hardly a neighbour on that map: laid out anew they would have a place.")
    return said


def read_as(dataset: Dataset) -> list[str]:
    """Return in sentences how files and columns were read where somebody chose it, or a guess is not sure."""
    told = [
        f"{choice.label.lower()} “{choice.value}” ({'chosen' if choice.asked else 'a guess'})"
        for choice in dataset.choices
        if choice.value and (choice.asked or not choice.sure)
    ]
    types = [f"“{name}” as {words.partition(':')[0]}" for name, words in sorted(dataset.readings.items())]
    said = [f"How it was read: {', '.join(told)}."] if told else []
    said += [f"Columns whose type was set: {', '.join(types)}."] if types else []
    asked = [f"“{name}”: {words}" for name, words in dataset.described.items()]
    return [*said, *([f"What the file says of its columns: {'; '.join(asked)}."] if asked else [])]


def left_out_of(run: Run, number: int) -> str:
    """Return what was left out of a run in words, and how many notes on files there are: *number* in all."""
    counts, notes = left_out(run.dataset.rejected), count_notes(run.dataset.rejected)
    counts["row"] = counts.get("row", 0) + number - notes - sum(counts.values())
    return said_left_out(in_order(counts), number - notes, notes)
