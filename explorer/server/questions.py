"""What is asked of a finished run: rows, neighbours, searches, clusters and selections; plain values.

Answers that several parts of the page want at the same moment are found once.  How they are found stands in the room
`questions`.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np

from explorer.config import GIVEN
from explorer.errors import NoEncoder, WrongModality
from explorer.kinds import kind_of
from explorer.questions import (
    LOOKED_THROUGH,
    NAMED,
    Limits,
    answers,
    by_name,
    check_agreed,
    cuts,
    limits_of,
    measured_with,
    nearest_in_meaning,
    of_kind,
    phrases_of,
    remark_on,
    rows_having,
    rows_in,
    searched_with,
    sums,
    sums_up,
    surroundings_of,
    unread_by,
    with_names,
    with_others,
    without_copies,
)
from explorer.runs import Jobs, colors_of_cut, namer_of, names_beside, terms_from, terms_key
from explorer.server.crowd import ANSWERS, SEARCHES, SWEEPS
from explorer.server.cuts import map_of
from explorer.server.maps import Maps
from explorer.server.once import Once
from explorer.server.opened import RUNS_IN_MEMORY, Opened
from explorer.server.sums import Summing
from explorer.server.sweeps import cut_of, swept
from explorer.types import FloatArray, IntArray, Item, Run, capitalized
from explorer.workspace import Workspace

if TYPE_CHECKING:
    from explorer.description import KeywordIndex

ANSWERS_IN_MEMORY = 64
MAX_ADDRESS = 6_000
"""The longest address that every server between passes on."""
LEAST_NAMED = 3
"""Rows of a selection that has a name."""
LISTED_ROWS = 50


@dataclass(frozen=True)
class Questions:
    """The questions that the finished runs of a workspace answer."""

    workspace: Workspace
    jobs: Jobs
    opened: Opened
    maps: Maps
    _words: Once = field(default_factory=lambda: Once(RUNS_IN_MEMORY))
    _clusters: Once = field(default_factory=lambda: Once(RUNS_IN_MEMORY))
    _cuts: Once = field(default_factory=lambda: Once(ANSWERS_IN_MEMORY))
    _limits: Once = field(default_factory=lambda: Once(ANSWERS_IN_MEMORY))
    _around: Once = field(default_factory=lambda: Once(ANSWERS_IN_MEMORY))

    def __post_init__(self) -> None:
        self.opened.also(self._words, self._clusters, self._cuts, self._limits, self._around)

    def item(self, key: str, row: int, *, take_in: float | None = None) -> dict[str, Any]:
        """Return all that is known of a row."""
        return answers.item(self.opened.run(key, take_in=take_in), row)

    def neighbors(
        self,
        key: str,
        row: int,
        *,
        k: int = 10,
        metric: str | None = None,
        take_in: float | None = None,
        dims: int | None = None,
        kind: str | None = None,
        apart: bool = False,
        besides: tuple[int, ...] = (),
    ) -> dict[str, Any]:
        """Return a row's true nearest neighbours, which of them are far on the map, and who is near on it alone.

        *dims* 3: on the 3-D map, if it is there; *kind*: of rows of that kind; *apart*, *besides*: see `with_others`.
        """
        if apart:
            asked = partial(self.neighbors, key, row, metric=metric, take_in=take_in, dims=dims, kind=kind)
            told = partial(answers.briefs, self.opened.run(key), [row])
            return with_others(lambda k, seen: asked(k=k, besides=seen), lambda: told()[0], k)
        run = without_copies(of_kind(self.opened.run(key, take_in=take_in), kind, row=row), row, besides)
        metric = metric or run.embeddings.usual_metric
        places = self.maps.space_places(key) if dims == 3 else None
        # The map and the inspector ask for the same at a click; noise taken in changes neither.
        known = (key, row, k, metric, kind, places is None, besides)
        around = self._around.get(known, lambda: surroundings_of(run, row, k=k, metric=metric, places=places))
        return answers.neighbors(run, row, around, metric=metric)

    async def search(
        self,
        key: str,
        query: str,
        *,
        k: int = 20,
        take_in: float | None = None,
        selected: Mapping[str, Any] | None = None,
        kind: str | None = None,
    ) -> dict[str, Any]:
        """Return what is near in meaning to a text, or to a sum of meanings, such as "= king - man + woman".

        What rows are called counts, see `by_name`.  Of two meanings, as in "cheap <> expensive", the rows nearest to
        both ends of the line between.  *selected*: a selection, for a sum with the word; with *kind* such rows alone.
        """
        run = of_kind(await ANSWERS.run(partial(self.opened.run, key, take_in=take_in)), kind)
        ends = sums.ends_of(query)
        if ends is not None:
            return await self._summing(run, kind).between(*ends, k=k)
        if not sums_up(run, query):
            return await _with_named(run, query, self._search(run, query, query, k, kind), k)
        return await _with_named(run, query, self._summing(run, kind).summed(query, k=k, selected=selected), k)

    async def axis(self, key: str, low: str, high: str) -> dict[str, Any]:
        """Return the rows of a run between two meanings, as `sums.between` does."""
        return await self._summing(await ANSWERS.run(self.opened.run, key)).between(low, high)

    async def search_image(self, key: str, content: bytes, *, k: int = 20) -> dict[str, Any]:
        """Return what is near in meaning to a picture or a sound, given as the bytes of its file."""
        lent = self.workspace.writer.lent(self.workspace.path / "uploads" / "query", content)
        path = await ANSWERS.run(lent.__enter__)
        try:
            return await self._search(await ANSWERS.run(self.opened.run, key), path, "", k)
        finally:
            await ANSWERS.run(lent.__exit__, None, None, None)

    async def _search(self, run: Run, query: str | Path, called: str, k: int, of: str | None = None) -> dict[str, Any]:
        """Answer a search: between its computations it waits for the worker, and holds no thread."""

        def asked() -> tuple[Item, dict[str, float], tuple[str, ...]]:
            item = searched_with(query, k=k)
            check_agreed(run)
            languages = _languages(self.workspace, run)
            return item, languages, measured_with(run, item, languages)

        def answered(
            item: Item, languages: dict[str, float], vector: FloatArray, many: FloatArray | None
        ) -> dict[str, Any]:
            among = rows_having(run, phrases_of(query))
            found = nearest_in_meaning(run, vector, k=max(k, LOOKED_THROUGH), among=among)
            limits = self._near(run, of, item, many)
            remark, words = remark_on(run, item, limits.chance, languages), "" if called != query else called
            told = {"remark": remark, "words": words, "asked": kind_of(item).name}
            return answers.hits(run, called, found, limits=limits, among=among, most=k, **told)

        with SEARCHES.inside():
            item, languages, measures = await ANSWERS.run(asked)
            called = called or f"the {kind_of(item).nouns[0]}"
            vector = await self.jobs.queries.encode(run.embeddings.encoder, item)
            many = await self.jobs.queries.encode_words(run.embeddings.encoder, measures) if measures else None
            return await ANSWERS.run(answered, item, languages, vector, many)

    def _near(self, run: Run, of: str | None, item: Item, many: FloatArray | None) -> Limits:
        return self._limits.get((run.key, kind_of(item).name, of, many is None), lambda: limits_of(run, item, many))

    def _summing(self, run: Run, of: str | None = None) -> Summing:
        return Summing(self.jobs.queries, run, _languages(self.workspace, run), partial(self._near, run, of))

    def clusters(self, key: str, *, take_in: float | None = None) -> dict[str, Any]:
        """Return every cluster with what describes it, the noise and the levels of names."""
        run = self.opened.run(key, take_in=take_in)  # several parts of the page ask for it when it opens
        readings = tuple(run.dataset.readings.items())
        known = (key, take_in, run.name, run.sureness is None, tuple(run.titles.items()), run.levels, readings)
        return self._clusters.get(known, lambda: answers.clusters(run))

    def membership(self, key: str) -> bytes:
        """Return how far each row belongs to its nearest cluster, as binary columns."""
        return answers.membership(self.opened.run(key))

    async def sweep(self, key: str, *, repeats: bool = False) -> dict[str, Any]:
        """Return what coarser and finer clusters would be; computed when it is first asked for, in the map worker.

        With *repeats* how much repeats agree with each is measured too; once that is done it is always told.
        """
        if repeats:
            await SWEEPS.run(self.jobs.asked.measure_agreement, key)
        stability = await ANSWERS.run(self.jobs.asked.swept, key) or await SWEEPS.run(self.jobs.asked.sweep_sizes, key)
        return await ANSWERS.run(swept, self.workspace, key, stability)

    def cut(self, key: str, at: int) -> dict[str, Any]:
        """Return the clusters that a run would have with another number of them; see `cuts.cut`.

        *at* is a setting of `sweep`, which has to have been asked for.  A run that has that setting already answers
        for itself.  Raises NotFound, NotReady.
        """
        labels, other = self._cut_rows(key, at)
        tried = self._cuts.get((key, at), lambda: _tried(self, key, at, labels)) if other is None else None
        found = tried or self.clusters(str(other))
        return {"run": key, "at": at, "kept": other, **found}

    def cut_rows(self, key: str, at: int) -> bytes:
        """Return the label of each row in such a cut, as binary columns; raises NotFound, NotReady."""
        return cuts.cut_rows(self._cut_rows(key, at)[0])

    def _cut_rows(self, key: str, at: int) -> tuple[IntArray, str | None]:
        """Return the labels of a cut, and the finished run that has it."""
        return cut_of(self.workspace, key, self.jobs.asked.swept(key), at)

    async def sureness(self, key: str) -> dict[str, Any]:
        """Return how often each cluster comes back in repeats; measured when it is first asked for, in the worker."""
        run = await ANSWERS.run(self.opened.run, key)
        if run.sureness is None:
            await SWEEPS.run(self.jobs.asked.measure_sureness, key)
            self.opened.forget(key)
            run = await ANSWERS.run(self.opened.run, key)
        return answers.sureness(run)

    def select(self, key: str, shape: Mapping[str, Any], *, take_in: float | None = None) -> dict[str, Any]:
        """Return how many rows a selection holds, what is in it, their clusters; *csv* leads to them, if it can."""
        run = self.opened.run(key, take_in=take_in)
        rows = rows_in(run, shape)
        labels, counts = np.unique(run.clustering.labels[rows], return_counts=True)
        order = np.argsort(-counts, kind="stable")
        link = f"/api/v1/runs/{key}/selection.csv?shape={quote(json.dumps(shape, separators=(',', ':')))}"
        taken = {}
        if run.clustering.taken is not None:
            link += f"&take_in={take_in:g}"
            taken = {"taken_in": int(np.count_nonzero(run.clustering.taken[rows]))}
        return {
            "count": len(rows),
            "clusters": [
                {"cluster": label, "name": answers.cluster_name(run, label), "count": count}
                for label, count in zip(labels[order].tolist(), counts[order].tolist(), strict=True)
            ],
            **self._described(run, rows),
            "rows": answers.briefs(run, rows[:LISTED_ROWS].tolist()),
            "csv": link if len(link) <= MAX_ADDRESS else None,
            **taken,
        }

    def _described(self, run: Run, rows: Any) -> dict[str, Any]:
        """Return what rows are about: a name as a cluster's, "" where nothing sets them apart, and their keywords."""
        if not len(rows):
            return {"name": "", "keywords": []}
        index = self._words.get(run.dataset.key, lambda: _words_of(run, self.workspace))
        words = [{"word": word, "score": float(score)} for word, score in index.of_rows(rows)]
        if len(rows) < LEAST_NAMED:  # what is true of one of two says nothing of both
            return {"name": "", "keywords": words}
        name = namer_of(run, index, workspace=self.workspace).name_of_rows(rows[run.embeddings.ok[rows]])
        return {"name": name, "keywords": words}


async def _with_named(run: Run, query: str, meant: Awaitable[dict[str, Any]], k: int) -> dict[str, Any]:
    """Return what is near in meaning, and apart, as *by_name*, the rows that are called so; of a sum none are.

    Where nothing reads the words, these are all there is, and *unread* says why.  Of *k* at least as many as are usual.
    """
    called = partial(by_name, run, query, most=max(k, NAMED))
    try:
        found = await meant
    except (NoEncoder, WrongModality) as error:
        named = {} if sums.is_sum(query) else await ANSWERS.run(called)
        why = unread_by(run) if isinstance(error, WrongModality) else ""
        if not named and why:
            raise WrongModality(f"No name has “{query}”. {why}") from error
        if not named:
            raise
        unread = {} if run.embeddings.encoder == GIVEN else {"unread": why or capitalized(str(error))}
        searched = int(np.count_nonzero(run.embeddings.ok))
        return {"query": query, "hits": [], "searched": searched, "chance": None, **unread, **named}
    return found if sums.is_sum(query) else with_names(found, await ANSWERS.run(called))


def _languages(workspace: Workspace, run: Run) -> dict[str, float]:
    """Return the shares of the languages of a run's texts, as they were told when these were read."""
    return dict(workspace.datasets.record(run.dataset.key).get("languages") or {})


def _tried(asked: Questions, key: str, at: int, labels: IntArray) -> dict[str, Any]:
    """Return the clusters of a cut that is no run yet."""
    found = cuts.cut(asked.opened.run(key), labels, names_beside(asked.workspace, key, at))
    colors = colors_of_cut(asked.workspace, map_of(asked.workspace.runs.record(key)), labels)
    return {**found, "colors": cuts.colors_of(found["clusters"], colors)}


def _words_of(run: Run, workspace: Workspace) -> KeywordIndex:
    """Return the words of a run's texts, counted when it was described, or now."""
    from explorer.description import KeywordIndex

    key = terms_key(run.dataset.key)
    kept = terms_from(workspace.results.load("terms", key)) if workspace.results.has("terms", key) else None
    return KeywordIndex(run.dataset.items, kept)
