"""What the browser remembers: the stores of the page, and how an address becomes a place.

It keeps no data of its own: the stores hold keys and choices, the server holds arrays, and every tab has its own.

    URL            the address; the single source of truth for run and focus
    PLACE          the address, read: {"run", "row", "k", "metric", "take_in",
                   "color", "arrangement", "picked", "read_as", "has", "also",
                   "palette", "own", "cards", "q", "cluster", "selected", "lights", "tab",
                   "dataset"}                                                          written by the browser
    RUN_KEY        PLACE's run; changes only when another run is opened                written by the browser
    STATUS         the run's status answer, polled while it is queued or running       written by progress
    VIEW           what the map needs of a finished run: clusters, colours, columns    written by map
    SHOWN          VIEW's run: the key of the finished run on the map, or None         written by the browser
    COLUMN         what colours the map, as `services.questions.column` or `score` answers, or
                   why that is not known; None: clusters                               written by map
    NEIGHBORS      {"run", "row", "neighbors": [{"row", "similarity", "far"}],
                   "strangers": [row]}: far on the map; near on the map alone          written by the browser
    SEARCH_ASKED   {"run", "words", "more"?} of PLACE's q, once its run is on the map   written by the browser
    HITS           {"run", "query", "hits": [...]} of the last search; "picture" where
                   that was by a picture, which no address names                       written by search
    CLUSTER_FOCUS  {"run", "labels": [label], "name"} of PLACE's cluster, the name of
                   several together; or None                                           written by the browser
    PICKED         {"run", "choice"} and the "codes" of the categories picked in the
                   legend, or the "range" [low, high] of codes on its scale: PLACE's   written by the browser
    COLORING       {"color", "read_as", "has", "also"} of PLACE; changes only when they do
                                                                                       written by the browser
    TOLD           {"color", "cards"} of PLACE; changes only when they do               written by the browser
    SELECTION      {"run", "shape", "text", "own"} of PLACE's selected: the lasso or
                   box on the map, or, of another arrangement, {"rows"}: base64 of a
                   bit a row; "own" where it is too long for an address                written by the browser
    THEME          "light" or "dark", as shown; THEME_CHOICE is what the user chose    written by shell
    TAKEN          PLACE's take_in; changes only when that does                        written by the browser
    TITLED         {"run", "at"}: a run's names have changed                           written by titles
    CUTS, CUT, RECUT_KEEP, RECUT_KEPT
                   the slider of more or fewer clusters: see ids.py                    written by cuts, the browser
    LOOKED         the dataset that is looked at before it becomes a map, or None      written by the browser
    CHOSEN_DATASET, LIBRARY_TICK, NOTICE: see ids.py                                   written by several
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from dash import dcc

from explorer.config import AS_MAP, METRICS
from explorer.questions import sums
from explorer.ui import ids

MAX_K = 100
DEFAULT_K = 10
POLL_MS = 1_000
"""Between two looks at a run.  Every look costs the browser 0.1 s of a core that the run could use: with 500 ms and a
spinner that turned, a page on a machine of two cores and no graphics processor made 19 s of encoding take 53."""
COLUMN_PREFIX = "column:"
COMPUTED_PREFIX = "computed:"
AXIS_PREFIX = "axis:"
ARRANGEMENTS: tuple[str, ...] = ("3d", "grid")
"""What an address may name beside the map: those that assets/map/arrangements.mjs is told of."""


@dataclass(frozen=True)
class Place:
    """Where a tab is: the run that it shows, the row in focus, and how neighbours are found."""

    run: str | None = None
    row: int | None = None
    k: int = DEFAULT_K
    metric: str = AS_MAP
    """By what neighbours are near: one of METRICS, or AS_MAP."""
    take_in: float | None = None
    """Noise that belongs to a cluster by at least this much is shown in it; None: none is."""
    color: str | None = None
    """What colours the map: a column of the table as COLUMN_PREFIX and its name, something computed as COMPUTED_PREFIX
    and its, what stands between two meanings as AXIS_PREFIX and "cheap <> expensive"; None: the clusters."""
    arrangement: str | None = None
    """How the rows are arranged: one of ARRANGEMENTS; None: as the map."""
    picked: str | None = None
    """What of *color* is bright: codes of categories such as "1.4", 0 for no value, or of a range such as "12-200"; a
    run's codes never change.  None: all."""

    read_as: str | None = None
    """How the column of *color* is read, as "category", "date:mdy", "date:weekday"; None: as recognised or set."""
    has: str | None = None
    """Where a row may have several answers in *color*: the one that it is coloured by; None: by all together."""
    also: str | None = None
    """Rare values of *color* that have a colour of their own: a list of texts as JSON."""
    palette: str | None = None
    """The colours of a scale; None: the usual ones."""
    own: str | None = None
    """Colours of one's own, such as "1-ff0000.4-00aa00": the code of a category, from 1, and its colour."""
    cards: str | None = None
    """Columns whose values cards show: a list of their names as JSON."""

    q: str | None = None
    """The words searched."""
    cluster: str | None = None
    """The clusters in focus, as "3" or "1.4"."""
    selected: str | None = None
    """The selection, as assets/map/selected_text.mjs writes it."""
    lights: str | None = None
    """What of row, picked, hits, selection and cluster is on, the last asked first; None: in the usual order."""
    tab: str | None = None
    """The tab of the inspector that is open; None: the one that tells of the first of these."""
    dataset: str | None = None
    """The dataset that is looked at before it becomes a map; None: none is."""

    @classmethod
    def parse(cls, search: str | None) -> Place:
        """Read the query part of an address; what makes no sense is left at its default."""
        given = {name: values[-1] for name, values in parse_qs((search or "").lstrip("?")).items()}
        k = _whole(given.get("k"))
        color = _color(given.get("color"))
        metric = given.get("metric", AS_MAP)
        return cls(
            run=given.get("run"),
            row=_whole(given.get("row")),
            k=DEFAULT_K if k is None else min(max(k, 1), MAX_K),
            metric=metric if metric in METRICS else AS_MAP,
            take_in=_share(given.get("take_in")),
            color=color,
            arrangement=_arrangement(given.get("arrangement")),
            **{name: known(given.get(name)) if color else None for name, known in _OF_COLOR.items()},
            cards=_list(given.get("cards")),
            **{name: known(given.get(name)) for name, known in _ASKED.items()},
        )

    @classmethod
    def load(cls, stored: dict[str, Any] | None) -> Place:
        """Read what the browser keeps in PLACE."""
        return cls(**stored) if stored else cls()

    @property
    def dims(self) -> int | None:
        """3 where the rows are seen in space, else None."""
        return 3 if self.arrangement == "3d" else None

    def of_row(self, row: int) -> Place:
        """Return where a link to a row leads: the view is the same, what was asked before is left."""
        return replace(self, row=row, q=None, cluster=None, selected=None, lights=None, tab=None, dataset=None)

    def onward(self, run: str, *, same_map: bool) -> Place:
        """Return the same place in another run of the same rows: all that is true there too.

        Rows, words and columns are; clusters have other numbers, computed scores other values, and a shape drawn on
        the map holds others on another map.
        """
        kept = (self.selected or "").startswith(("rows_", "bits_", "here_", *(("box_", "path_") if same_map else ())))
        computed = (self.color or "").startswith((COMPUTED_PREFIX, AXIS_PREFIX))
        return replace(
            self,
            run=run,
            take_in=None,
            cluster=None,
            selected=self.selected if kept else None,
            picked=None if computed else self.picked,
            dataset=None,
        )

    def address(self) -> str:
        """Return the address that `parse` reads back; defaults are left out."""
        given: dict[str, Any] = {"run": self.run, "row": self.row}
        given["k"] = None if self.k == DEFAULT_K else self.k
        given["metric"] = None if self.metric == AS_MAP else self.metric
        given["take_in"] = None if self.take_in is None else f"{self.take_in:g}"
        given["color"] = self.color
        given["arrangement"] = self.arrangement
        given |= {name: getattr(self, name) for name in (*_OF_COLOR, "cards", *_ASKED)}
        query = urlencode({name: value for name, value in given.items() if value is not None})
        return f"/?{query}" if query else "/"


def beside_address(run: str, other: str) -> str:
    """Return where two runs are seen side by side, on a page of their own."""
    return f"/compare/{quote(run, safe='')}/{quote(other, safe='')}"


def _share(text: str | None) -> float | None:
    try:
        share = float(text or "")
    except ValueError:
        return None
    return share if 0 < share <= 1 else None


def _color(text: str | None) -> str | None:
    if text and text.startswith(AXIS_PREFIX):
        return text if sums.ends_of(text.removeprefix(AXIS_PREFIX)) else None
    return text if text and text.startswith((COLUMN_PREFIX, COMPUTED_PREFIX)) else None


def _arrangement(text: str | None) -> str | None:
    return text if text in ARRANGEMENTS else None


def _matching(pattern: str) -> Callable[[str | None], str | None]:
    return lambda text: text if text and re.fullmatch(pattern, text) else None


def words_of(text: str | None) -> list[str]:
    """Return the texts of a list in an address; none where it is no such list."""
    try:
        words = json.loads(text) if text and len(text) <= _LONGEST_LIST else []
    except (ValueError, RecursionError):
        return []
    fits = isinstance(words, list) and len(words) <= _MOST_WORDS and all(isinstance(value, str) for value in words)
    return words if fits else []


def _list(text: str | None) -> str | None:
    return text if words_of(text) else None


_MOST_WORDS, _LONGEST_LIST, _LONGEST_ANSWER = 12, 2000, 200
_OF_COLOR: dict[str, Callable[[str | None], str | None]] = {
    "picked": _matching(r"[0-9]{1,3}(-[0-9]{1,3}|(\.[0-9]{1,3}){0,29})"),
    "read_as": _matching(
        r"category|number(:[.,])?|date(:(dmy|mdy|ymd|s|ms|compact|clock))?"
        r"|date(:(dmy|mdy|ymd|s|ms|compact))?:(daytime|weekday)"
    ),
    "has": lambda text: text if text and len(text) <= _LONGEST_ANSWER else None,
    "also": _list,
    "palette": _matching(r"[a-z]{3,10}(-r)?"),
    "own": _matching(r"[0-9]{1,2}-[0-9a-f]{6}(\.[0-9]{1,2}-[0-9a-f]{6}){0,29}"),
}
"""What an address says of how *color* is shown, and how each is known."""


def _searched(text: str | None) -> str | None:
    words = (text or "").strip()
    return words if words and len(quote(words, safe="")) <= _LONGEST_SEARCH else None


def _lights(text: str | None) -> str | None:
    lamps = (text or "").split(".")
    return text if set(lamps) <= _LAMPS and len(set(lamps)) == len(lamps) else None


_LAMPS = {"row", "picked", "hits", "selection", "cluster"}
_LONGEST_SEARCH = 1_500
_ASKED: dict[str, Callable[[str | None], str | None]] = {
    "q": _searched,
    "cluster": _matching(r"(?=.{1,600}$)(-1|[0-9]{1,6}(\.[0-9]{1,6})*|here_[0-9]+\.[0-9a-f]{8})"),
    "selected": _matching(r"(?=.{1,3000}$)(box|path|rows|bits|clusters|here)_[A-Za-z0-9_.-]*"),
    "lights": _lights,
    "tab": _matching(r"point|search|clusters|selection|export"),
    "dataset": _matching(r"[A-Za-z0-9_.-]{1,80}"),
}
"""What an address says of what was asked, and how each is known; as assets/shell/address.mjs."""


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None


def stores() -> list[Any]:
    """Return the address, the poll timer and every store of the page."""
    memory = (
        ids.RUN_KEY,
        ids.STATUS,
        ids.VIEW,
        ids.SHOWN,
        ids.COLUMN,
        ids.PICKED,
        ids.NEIGHBORS,
        ids.HITS,
        ids.CLUSTER_FOCUS,
        ids.SELECTION,
        ids.THEME,
        ids.DRAWN,
        ids.CHOSEN_DATASET,
        ids.LOOKED,
        ids.REJECTED_OPEN,
        ids.TYPE_ASKED,
        ids.UPLOAD_LOOK,
        ids.NOTICE,
        ids.TAKEN,
        ids.PICK_SIZE,
        ids.SURE,
        ids.TITLED,
        ids.CUTS,
        ids.REPEATED,
        ids.CUT,
        ids.RECUT_KEEP,
        ids.RECUT_KEPT,
    )
    empty = asdict(Place())
    known = {
        ids.PLACE: empty,
        ids.COLORING: {name: empty[name] for name in ("color", "read_as", "has", "also")},
        ids.TOLD: {name: empty[name] for name in ("color", "cards")},
    }
    return [
        dcc.Location(id=ids.URL, refresh=False),
        dcc.Interval(id=ids.POLL, interval=POLL_MS, disabled=True),
        dcc.Store(id=ids.LIBRARY_TICK, data=0),
        dcc.Store(id=ids.THEME_CHOICE, storage_type="local"),
        *(dcc.Store(id=name) for name in memory),
        # As an address that names nothing has them: of a page that opens at the start nothing changes then.
        *(dcc.Store(id=name, data=data) for name, data in known.items()),
    ]
