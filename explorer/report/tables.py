"""Builds the tables of items and clusters, and writes a table as CSV or Parquet.

It does not write files.  A CSV cell of text that a spreadsheet would run as a formula gets an apostrophe more.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from explorer.columns import longcells, truths
from explorer.kinds import each
from explorer.types import NOISE, Dataset, Run, Title, through

if TYPE_CHECKING:
    import pandas as pd

_UNSEEN = (
    r"[\s\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]*"
)
"""Blanks of all kinds, and whatever else of Unicode shows nothing."""
_NOTHING_SEEN = re.compile(_UNSEEN)
_CONTROLS, _SIGNS = "\t\r\n", "=+\\-@\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(rf"(?!{_UNSEEN}-\d+(?:[.,]\d+)?\Z)'*(?:[{_CONTROLS}]|{_UNSEEN}[{_SIGNS}])")
"""What a spreadsheet would run, no negative number; also behind apostrophes, so that one can be taken away again."""


PLACE = "place_in_file"
LOOKED_AT = 20_000
"""Items that are in memory together."""
NAME = "cluster_name"
TITLE_COLUMNS = ("named_by", "name_before", "summary")
"""What is told of a cluster that a language model named, beside its name."""


def items_table(run: Run) -> pd.DataFrame:
    """Return one line an item: row, text or path, the metadata, x, y (z), cluster (-1 noise), its name, strength.

    NAME is the name of its cluster, missing where it is in none.  When noise was taken in, a column taken_in says which
    rows that is; PLACE says where rows stand in their files, where that is known.

    A metadata column whose name is taken gets the prefix ``meta_``.
    """
    return items_between(run, 0, len(run.dataset), shown=texts_or_paths(run.dataset))


def texts_or_paths(dataset: Dataset) -> tuple[bool, bool]:
    """Return whether items are told by their text, and whether by their path; by one of them at least."""
    texts = paths = False
    items = through(dataset, longcells.first_letters).items
    for start in range(0, len(dataset), LOOKED_AT):
        some = items[start : start + LOOKED_AT]
        texts = texts or _any(each(some, lambda kind: kind.text))
        paths = paths or _any(each(some, lambda kind: kind.path))
        if texts and paths:
            break
    return texts or not paths, paths


def items_between(
    run: Run, start: int, end: int, *, shown: tuple[bool, bool], dataset: Dataset | None = None
) -> pd.DataFrame:
    """Return the lines of `items_table` from row *start* to before *end*; *shown* is what `texts_or_paths` gave.

    *dataset* is the run's, seen in another way.
    """
    import pandas as pd

    dataset = dataset or run.dataset
    some, items = slice(start, end), dataset.items[start:end]
    columns: dict[str, Any] = {"row": np.arange(start, end, dtype=np.int64)}
    if shown[0]:
        columns["text"] = _cleaned(each(items, lambda kind: kind.exact))
    if shown[1]:
        columns["path"] = _cleaned(each(items, lambda kind: kind.path))
    axes = dict(zip("xyz", run.projection.xy[some].T, strict=False))
    own = {*columns, *axes, "cluster", NAME, "strength", *(["sureness"] if run.sureness is not None else [])}
    own |= {"taken_in"} if run.clustering.taken is not None else set()
    places = run.dataset.places
    stand = places is not None and places.of == run.dataset.items_key and places.says_more
    own |= {PLACE} if stand else set()
    for name, values in _renamed(dataset.table.iloc[some], own).items():
        columns[name] = values
    columns |= axes
    columns["cluster"] = run.clustering.labels[some]
    columns[NAME] = _names(run, columns["cluster"])
    columns["strength"] = run.clustering.strength[some]
    if run.sureness is not None:
        columns["sureness"] = run.sureness.rows[some]
    if run.clustering.taken is not None:
        columns["taken_in"] = run.clustering.taken[some]
    if places is not None and stand:
        columns[PLACE] = places.between(start, end)
    return pd.DataFrame(columns, index=pd.RangeIndex(end - start))


def _names(run: Run, labels: NDArray[np.int32]) -> NDArray[np.object_]:
    """Return the names of the clusters of these labels, None for noise."""
    names = np.array([*(summary.name for summary in run.summaries), None], object)
    found: NDArray[np.object_] = names[np.where(labels < len(run.summaries), labels, NOISE)]
    return found


def rows_between(dataset: Dataset, start: int, end: int, *, shown: tuple[bool, bool]) -> pd.DataFrame:
    """Return a dataset's rows from *start* to before *end* as lines: text or path, and the columns beside it."""
    import pandas as pd

    text, path = dataset.text_column or "text", "path"
    path = "file" if shown[0] and text == path else path
    some, columns = dataset.items[start:end], dict[str, Any]()
    if shown[0]:
        columns[text] = _cleaned(each(some, lambda kind: kind.exact))
    if shown[1]:
        columns[path] = _cleaned(each(some, lambda kind: kind.path))
    columns |= _renamed(dataset.table.iloc[start:end], set(columns))
    return pd.DataFrame(columns, index=pd.RangeIndex(end - start))


def _any(values: Sequence[str | None]) -> bool:
    return any(value is not None for value in values)


def _cleaned(values: Sequence[str | None]) -> list[str | None]:
    return [None if value is None else clean(value) for value in values]


def _renamed(table: pd.DataFrame, taken: set[str]) -> dict[str, Any]:
    """Return the metadata columns under names that are free."""
    free = {str(name) for name in table.columns if str(name) not in taken}
    renamed: dict[str, Any] = {}
    for at, column in enumerate(table.columns):
        name = str(column)
        if name in taken or name in renamed:
            name = f"meta_{name}"
            while name in taken or name in renamed or name in free:
                name = f"meta_{name}"
        renamed[name] = table.iloc[:, at].to_numpy() if table.iloc[:, at].dtype == object else table.iloc[:, at].array
    return renamed


def clusters_table(run: Run) -> pd.DataFrame:
    """Return one line a cluster; lists are written "a; b; c", rows as numbers from 0.

    Where a language model named clusters, TITLE_COLUMNS stand behind the name.
    """
    import pandas as pd

    lines = [
        {
            "cluster": s.label,
            "name": s.name,
            "size": s.size,
            "share": s.share,
            "cohesion": s.cohesion,
            "keywords": "; ".join(word for word, _ in s.keywords),
            "exemplars": "; ".join(map(str, s.exemplars)),
            "odd": "; ".join(map(str, s.odd)),
            "nearest": "; ".join(f"{label} ({similarity:.3f})" for label, similarity in s.nearest),
            "rich_in": "; ".join(
                f"{e.column}: {e.value} ({e.share:.0%}, overall {e.overall:.1%})" for e in s.enrichment
            ),
        }
        for s in run.summaries
    ]
    columns = ["cluster", "name", "size", "share", "cohesion", "keywords", "exemplars", "odd", "nearest", "rich_in"]
    table = pd.DataFrame(lines, columns=columns)
    if run.sureness is not None:
        table.insert(5, "came_back", run.sureness.clusters)
    if run.titles:
        cells = [title_cells(run.titles.get(s.label)) for s in run.summaries]
        for at, (name, column) in enumerate(zip(TITLE_COLUMNS, zip(*cells, strict=True), strict=True)):
            table.insert(2 + at, name, list(column))
    return table


def title_cells(title: Title | None) -> tuple[str | None, str | None, str | None]:
    """Return what TITLE_COLUMNS say of a cluster; None in all where no language model named it."""
    return (None, None, None) if title is None else (title.model, title.before, title.sentence)


def as_csv(table: pd.DataFrame, *, header: bool = True) -> bytes:
    """Return the table as UTF-8 CSV (no byte-order mark), comma-separated, quoted where needed.

    Excel would like the mark, but to programs that do not expect one it is part of the first column's name.
    """
    import pandas as pd

    safe = table.rename(columns=lambda name: _harmless(str(name)))
    for at in range(len(table.columns)):
        values = truths(table.iloc[:, at])
        if values.dtype == object or str(values.dtype) in ("str", "string", "category"):
            cells = [_harmless(cell) for cell in values.astype(object)]
            safe.isetitem(at, pd.Series(cells, table.index, dtype=object))  # no type is guessed of some of its cells
    # Lines end in CR LF (RFC 4180), also because Python quotes a CR inside a cell only if it is part of a line's end.
    text: str = safe.to_csv(index=False, header=header, lineterminator="\r\n")
    return clean(text).encode("utf-8")


def _harmless(cell: Any) -> Any:
    """Return the cell, with an apostrophe before a text that begins like a formula, even after what is not seen."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def begins_a_formula(stretches: Iterable[str]) -> bool:
    """Whether a long text, which comes in stretches, begins like a formula; no number is so long."""
    quoted = True
    for stretch in stretches:
        words = stretch.lstrip("'") if quoted else stretch
        if quoted and words:
            quoted = False
            if words[0] in _CONTROLS:
                return True
        seen = words[_NOTHING_SEEN.match(words).end() :]  # type: ignore[union-attr]
        if seen:
            return seen[0] in _SIGNS and seen[0] != "\\"
    return False


def undone(cell: str) -> str:
    """Return a cell of text of `as_csv` as it was."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def as_parquet(table: pd.DataFrame) -> bytes:
    """Return the table as Parquet; a column of mixed kinds, which Parquet has no type for, becomes text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {str(name): arrow(table[name]) for name in table.columns}
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, compression="zstd")
    return buffer.getvalue()


def arrow(column: pd.Series[Any]) -> Any:
    """Return a column as an Arrow array; one of mixed kinds becomes text."""
    import pyarrow as pa

    try:
        return pa.Array.from_pandas(column)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, UnicodeEncodeError):
        missing = column.isna().tolist()
        cells = column.astype(object)
        words = [None if gone else clean(str(cell)) for gone, cell in zip(missing, cells, strict=True)]
        return pa.array(words, pa.string())


def clean(text: str) -> str:
    """Return the text with half characters (lone surrogates), which UTF-8 cannot hold, as question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
