"""A look at what was read: how much, its first rows under what their columns hold, and what was left out.

It asks the server for nothing and registers no callbacks: `panels/upload` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from explorer.columns import CATEGORY, CLOCK, NUMBER, UNTOLD, as_said
from explorer.ingest import COPY
from explorer.kinds import kind_named, nouns_of
from explorer.questions import CATEGORIES
from explorer.server import LOOKED_AT, PREVIEW_ROWS
from explorer.types import cut, said_left_out
from explorer.ui.cards import count_of, whole, whole_of
from explorer.ui.columntypes import TYPE_NOTE, type_field
from explorer.ui.maptitles import map_titles
from explorer.ui.revising import hide_button
from explorer.ui.stores import Place

REJECTED_SHOWN = 200
MAPS_LINKED = 4
"""Maps of a dataset, at most, that its preview leads to: all are in the library."""
_MAKING = ("queued", "running")
_EXAMPLES, _EXAMPLE = 3, 30
"""Values of a column that are named as examples, and characters of one."""
SHOWN = 200
"""Letters of a value, at most, that a cell shows."""
_HARDLY = 0.95
"""The share of values that are different, at least, where it is said that hardly one comes twice."""
_ENOUGH_ROWS, _FEW_TEXTS, _FEW_SHARE = 20, 30, 0.1
"""Rows from which it is said that there is little to read, and how many texts are few: at most, and as a share."""
SHOW_LEFT_OUT, SHOW_NOTES = "Show what was left out, and why", "Show what is said of the files"
OWN_COLUMNS = ("width", "height")
"""What is told of every picture: these alone need no table."""


def summary(record: dict[str, Any]) -> list[Any]:
    """Return the name of a dataset and how much was read of it."""
    return [
        html.H1(record["name"], className="preview-name", title=record["name"], **{"data-dataset": record["dataset"]}),
        html.P(
            count_line(record),
            className="preview-count",
            **{"data-testid": "preview-count"},
        ),
        *([html.P(record["note"], className="preview-note")] if record.get("note") else []),
        *(html.P(why, className="preview-left-out") for why in record.get("imported", {}).get("left_out", ())),
    ]


def little_to_read(record: Mapping[str, Any], faults: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return a warning where the texts are a few that come again and again, as in a table without texts; or nothing."""
    rows, column = int(record["rows"]), record.get("text_column")
    copies = next((one for one in faults if one["kind"] == COPY), None)
    if copies is None or column is None or rows < _ENOUGH_ROWS:
        return []
    looked_at = copies.get("of") or rows
    different = looked_at - int(copies["count"])
    if different > _FEW_TEXTS or different > looked_at * _FEW_SHARE:
        return []
    texts = count_of(different, "different text")
    words = f"There is little to read: “{column}” has {texts} in {looked_at:,} rows. Rows of one text lie at one place."
    return [html.P(words, className="preview-left-out", **{"data-testid": "little-to-read"})]


def pictures_named(record: Mapping[str, Any], columns: Mapping[str, Mapping[str, Any]]) -> list[Any]:
    """Return that a column of a table names pictures which are not there, and how to have them."""
    named = [name for name, held in columns.items() if held.get("found") == "picture"]
    if not named or any(kind_named(kind).has_picture for kind in record["modalities"]):
        return []
    words = f"“{named[0]}” names pictures, which are not here: drop them together with this file to see them."
    return [html.P(words, className="preview-left-out", **{"data-testid": "pictures-named"})]


def maps_of(runs: Sequence[Mapping[str, Any]], dataset: str) -> list[Any]:
    """Return links to the maps of a dataset: those in the making, then the finished ones, the newest first."""
    making = [one for one in runs if one["dataset"] == dataset and one["state"] in _MAKING]
    done = [one for one in runs if one["dataset"] == dataset and one["state"] == "done" and not one.get("superseded")]
    titles = map_titles([dict(one) for one in done], runs)
    words = ["Open its map"] if len(done) == 1 else [f"Open “{titles[one['run']]}”" for one in done]
    links = [
        html.A(
            told,
            href=Place(run=one["run"]).address(),
            className="button",
            **{"data-place": "1", "data-testid": "open-map"},
        )
        for told, one in zip(words, done[:MAPS_LINKED], strict=False)
    ]
    made = [html.Div(links, className="buttons")] if links else []
    return [_in_the_making(making[0], len(making)), *made] if making else made


def _in_the_making(run: Mapping[str, Any], count: int) -> Any:
    said = "A map of it is being made." if count == 1 else f"{whole(count)} maps of it are being made."
    link = html.A(
        "Watch it" if count == 1 else "Watch the newest",
        href=Place(run=run["run"]).address(),
        className="button",
        **{"data-place": "1", "data-testid": "watch-map"},
    )
    return html.Div([html.Span(said, role="status"), link], className="buttons")


def gone(now: Mapping[str, Any] | None = None) -> list[Any]:
    """Return what is said of a dataset that an address names and that is not there; *now* is what it became since."""
    head, words = (
        "This file is not here",
        "It was deleted, or it belongs to another workspace. What is here is under Maps.",
    )
    if now is not None:
        head = "This file is read in another way now"
        words = "Somebody had it read anew: with another text column, say. What this address showed is not kept."
    said = [html.H1(head, className="preview-name"), html.P(words, className="preview-count preview-gone")]
    if now is None:
        return said
    way = {"data-place": "1", "data-testid": "read-since"}
    address = Place(dataset=str(now["dataset"])).address()
    return [*said, html.A(f"Open “{now['name']}” as it is read now", href=address, className="button", **way)]


def look(
    record: dict[str, Any],
    preview: dict[str, Any],
    kinds: Sequence[dict[str, Any]] = (),
    columns: Mapping[str, dict[str, Any]] | None = None,
) -> list[Any]:
    """Return the preview of a dataset: what could not be read, and its first rows under what its *columns* hold."""
    rejected, notes = int(record["rejected"]), int(record.get("notes") or 0)
    pictures = preview.get("images")
    beside = not pictures or any(name not in OWN_COLUMNS for name in columns or {})
    return [
        *(
            [
                _rejected(
                    preview["rejected"],
                    rejected + notes,
                    kinds,
                    hide=hide_button(str(record["dataset"]), rejected + notes),
                    summary=SHOW_LEFT_OUT if rejected else SHOW_NOTES,
                )
            ]
            if rejected or notes
            else []
        ),
        *([_thumbnails(preview)] if pictures else []),
        *([_table(preview, columns or {})] if beside and preview["rows"] else []),
    ]


def count_line(record: Mapping[str, Any]) -> str:
    """Return how many rows were read, and what was not: ``10,003 rows; 3 rows and 1 sheet left out``."""
    read = count_of(int(record["rows"]), "row")
    more = said_left_out(record.get("left_out") or {}, int(record["rejected"]), int(record.get("notes") or 0))
    return "; ".join(filter(None, (read, more)))


def coloured_as(column: dict[str, Any], *, rows: int) -> str:
    """Return in words how a column of a table of so many *rows* will colour the map.

    By categories, on a scale, by dates, or hardly, as a text.  Of a long table the first rows alone are known.
    """
    kind, form = column["kind"], str(column["read_as"]).partition(":")[2]
    if not column["distinct"] and column["missing"] == int(column.get("of", min(rows, LOOKED_AT))):
        return "empty"
    if column["set"] and column["type"] in UNTOLD:
        return "gives no colours"
    if kind != CATEGORY:
        words = _TIMES if form == CLOCK else ("scale of numbers" if kind == NUMBER else "dates") + _FORMS.get(form, "")
        return words + _doubt(column)
    if column.get("answers"):
        return f"{column['answers']} answers, several a row"
    return _categories(column, rows) + _doubt(column)


def _doubt(column: Mapping[str, Any]) -> str:
    """Return what is not sure of how a column is read; "" where nothing is."""
    return f" (not sure: {column['doubt']})" if column["doubt"] else ""


def _categories(column: dict[str, Any], rows: int) -> str:
    """Return in words how a column of words will colour the map."""
    distinct, looked_at = int(column["distinct"]), int(column.get("of", min(rows, LOOKED_AT)))
    present = looked_at - column["missing"]
    if distinct > CATEGORIES and distinct > present / 2 and not column["set"]:
        recurs = "hardly a value twice" if distinct >= _HARDLY * present else f"{distinct:,} different values"
        is_all = distinct == present and rows <= looked_at
        return f"{_MANY.get(column['type'], 'text')}, {'no value twice' if is_all else recurs}"
    if distinct > CATEGORIES and rows > looked_at:
        return f"categories, the commonest {CATEGORIES} in colours"
    shown = f", the commonest {CATEGORIES} in colours" if distinct > CATEGORIES else ""
    return f"{count_of(distinct, 'category', 'categories')}{shown}"


_TIMES = "scale of times"
_MANY = {"id": "ids", "link": "links", "picture": "names of pictures", "vector": "vectors"}
_FORMS = {
    "dmy": ", day first",
    "mdy": ", month first",
    "ymd": ", year first",
    "s": ", counted in seconds",
    "ms": ", counted in milliseconds",
    ",": ", with a decimal comma",
}
"""What is said of the form in which numbers and dates are written."""


def _table(preview: dict[str, Any], columns: Mapping[str, dict[str, Any]]) -> Any:
    """Return the first rows as a table, the text column first."""
    names = _order(preview)
    head = html.Thead(html.Tr([_heading(name, preview, columns.get(name)) for name in names]))
    rows = [html.Tr([_cell(row.get(name)) for name in names]) for row in preview["rows"]]
    table = html.Table([head, html.Tbody(rows)], className="preview-table", **{"data-testid": "preview-table"})
    scrolls = {"aria-label": "First rows", "role": "region", "tabIndex": 0}
    more = preview.get("more_columns", 0)
    which = f"the first {len(names):,} columns, and {more:,} more that are not shown" if more else "all columns"
    first = f"{_which_rows(len(preview['rows']), int(preview.get('changed', 0)))} of {preview['count']:,}, and {which}."
    return html.Div(
        [html.P(first, className="preview-more"), html.Div(table, className="preview-scroll", **scrolls)],
    )


def _which_rows(shown: int, changed: int) -> str:
    """Return in words which rows are shown: the first ones, or those that are new or edited in a version and others."""
    if not changed:
        return f"The first {count_of(shown, 'row')}"
    if changed > shown:
        return f"{shown:,} of the {changed:,} rows that are new or edited in this version,"
    are = "row that is" if changed == 1 else "rows that are"
    others = f", then the first {shown - changed:,} others," if shown > changed else ","
    return f"The {changed:,} {are} new or edited in this version{others}"


def _heading(name: str, preview: dict[str, Any], held: dict[str, Any] | None) -> Any:
    """Return a column's head: its name, what its values are, how many rows have none, and what is made of it."""
    read, shown = name == _read(preview), name
    facts = facts_of(held, int(preview["count"])) if held else "" if read else "kept beside it"
    if read and preview.get("text_beside"):
        shown, facts = "text", f"documents; of tables the column “{name}”"
    elif read and preview.get("images"):
        shown = nouns_of(preview["modalities"])[0]
    tag = "becomes the map" if read else "part of the text" if name in preview["text_columns"] else ""
    made = html.Span(tag, className="tag") if tag else None
    field = type_field(name, held) if held and "types" in held and not read else None
    told = {"id": {"type": TYPE_NOTE, "name": name}} if field else {}
    asked = str((preview.get("described") or {}).get(name, ""))
    says = html.Span(asked, className="note column-asks", title=asked) if asked else None
    said = [html.B(shown), says, field, html.Span(facts, className="note", **told), made]
    return html.Th(said, scope="col", title=name, **{"data-read": str(read)})


def facts_of(held: Mapping[str, Any], rows: int) -> str:
    """Return in words what a column of so many *rows* is to the map, how many values are none of it, how many miss."""
    absent, unread = int(held.get("absent", 0)), int(held.get("unread", 0))
    missing = rows - int(held["filled"]) + absent
    said = [held.get("coloured") or held["type"]]
    if unread:
        are = f"1 is no {held['kind']}" if unread == 1 else f"{unread:,} are no {held['kind']}s"
        said.append(f"{are}: {_some(held['unread_examples'])}")
    said.append(f"{missing:,} missing" if missing > 0 else "none missing")
    if absent:
        of = f"{absent:,} of them " if absent < missing else ""
        said[-1] += f", {of}written {_some(held['absent_examples'])}"
    return " · ".join(said)


def _some(examples: Sequence[str]) -> str:
    named = ", ".join(f"“{cut(words, _EXAMPLE)}”" for words in examples[:_EXAMPLES])
    return f"{named}, …" if len(examples) > _EXAMPLES else named


def _read(preview: dict[str, Any]) -> str:
    """Return the column that becomes the map; of lines, documents and pictures, which have none, what stands for it."""
    return str(preview["text_column"] or ("path" if preview.get("images") else "text"))


def _order(preview: dict[str, Any]) -> list[str]:
    """Return all columns, the one that becomes the map first."""
    found = preview["columns"] or list(preview["rows"][0] if preview["rows"] else {})
    return sorted(found, key=lambda name: name != _read(preview))


def _cell(value: Any) -> Any:
    text = "" if value is None else str(value)
    return html.Td(_short(as_said(text)), title=text[:1000], dir="auto")


def _short(text: str) -> str:
    """Return a text that a cell has room for, a longer one cut behind a word."""
    if len(text) <= SHOWN:
        return text
    head = text[:SHOWN]
    return f"{head[: head.rfind(' ', SHOWN // 2)] if ' ' in head[SHOWN // 2 :] else head} …"


def _thumbnails(preview: dict[str, Any]) -> Any:
    """Return the first pictures, each with its path."""
    paths = [str(row.get("path") or row.get("text") or "picture") for row in preview["rows"]]
    pictures = [
        html.Img(src=url, alt=path, title=path)
        for url, path in zip(preview["images"][:PREVIEW_ROWS], paths, strict=False)
    ]
    return html.Div(pictures, className="preview-pictures", **{"data-testid": "preview-pictures"})


def _rejected(
    rejected: Sequence[dict[str, Any]], count: int, kinds: Sequence[dict[str, Any]], *, hide: Any, summary: str
) -> Any:
    """Return what could not be read, and notes on files, folded away: source, place, reason; of very many the kinds."""
    head = html.Thead(html.Tr([html.Th(name, scope="col") for name in ("Source", "Where", "Reason")]))
    rows = [
        html.Tr([html.Td(one["source"]), html.Td(one["place"] or whole_of(one), dir="auto"), _cell(one["reason"])])
        for one in rejected[:REJECTED_SHOWN]
    ]
    more = [f"The first {len(rows):,} of {count:,}; the report lists all."] if count > len(rows) else []
    table = html.Table([head, html.Tbody(rows)], className="preview-table", **{"data-testid": "rejected-table"})
    return html.Details(
        [
            html.Summary(summary, **{"data-testid": "rejected-show"}),
            hide,
            html.Div(table, className="preview-scroll", role="region", tabIndex=0, **{"aria-label": "Rejected rows"}),
            *(html.P(words, className="preview-more") for words in more),
            *(_kinds(kinds) if count > len(rows) else []),
        ],
        className="rejected",
    )


def _kinds(kinds: Sequence[dict[str, Any]]) -> list[Any]:
    """Return how many there are of each kind of reason, each told by its first."""
    lines = [html.Li(f"{kind['count']:,} × {kind['reason'][:200]}") for kind in kinds]
    return [html.Ul(lines, className="preview-more", **{"data-testid": "rejected-kinds"})]
