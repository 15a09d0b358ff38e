"""Tells by its columns whether a table is a list of edges, or one whose rows are the items.

It reads no graph: `edges` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from explorer.columns import DATE, NUMBER, read
from explorer.ingest.columns import texts
from explorer.ingest.reader import Table
from explorer.ingest.textcolumn import is_called_text, rank

LOOKED_AT = 20_000
"""Rows by which it is judged, at most."""
_PAIRS = (
    ("source", "target"), ("from", "to"), ("src", "dst"), ("src", "dest"), ("src", "tgt"), ("source", "destination"),
    ("source_id", "target_id"), ("from_id", "to_id"), ("sourceid", "targetid"), ("fromid", "toid"),
    ("from_node", "to_node"),
    ("fromnodeid", "tonodeid"), ("node1", "node2"), ("node_1", "node_2"), ("head", "tail"), ("follower", "followee"),
    ("id1", "id2"), ("id_1", "id_2"), ("citing", "cited"), ("caller", "callee"), ("follower", "followed"),
)  # fmt: skip
_OFTEN_ELSE = {"from", "source_id", "from_id", "sourceid", "fromid", "head", "id1", "id_1"}
"""First of such columns as tables of other things have too: flights, payments, units, pairs of records."""
_ELSE_BESIDE = {("source", "destination")}
WEIGHTS = ("weight", "weights", "w", "strength", "count", "value", "freq", "frequency")
_OF_EDGES = frozenset(
    {
        *WEIGHTS, "type", "kind", "label", "relation", "relationship", "rel", "predicate", "edge", "edge_type",
        "edge_label", "interaction", "id", "edge_id", "edgeid", "directed", "timeset", "sign",
    }
)  # fmt: skip
"""What columns are called that programs for graphs write beside the ends of an edge."""
_REPEATED, _LONGEST, _OWN, _FEWEST, _FEW_ENDS = 0.75, 60, 3, 3, 2
"""Of a list of edges: different ends as a share of all, letters of one, columns of its own, rows; ends of one side that
the other never has, from which these are no ends but flags."""
_SHARED = 0.2
"""Share of the ends of the shorter side that the other side has as well, from which both are surely of one kind."""
_SAME = 0.5
"""And from which they are, though they read like texts: people by their names."""
_KINDS = 0.1
"""A column of whose values no more are different has kinds, and no texts."""
_LEADING = frozenset(
    """
    from to source target src dst dest tgt destination head tail follower followee followed citing cited cites caller
    callee calls sender receiver recipient origin start end parent child ancestor descendant mother father son daughter
    boss manager employee employer supervisor subordinate mentor mentee teacher student leader buyer seller payer payee
    giver lender borrower donor winner loser predecessor successor before after previous next in out input output
    subject object cause effect prey predator predators eats referrer referring referred link links depends dependency
    requires author reader liker liked voter candidate superior inferior upstream downstream lower higher
    von nach quelle ziel absender empfänger vorher nachher eltern kind chef
    de a vers origine desde hasta origen destino remitente destinatario padre hijo da mittente van naar bron doel
    """.split()  # noqa: SIM905
)
"""Words in the names of two columns that say that what one names leads to what the other names."""
_NAMED = 3
_SIDES = (0, 1)
_FILE = re.compile(r"(?i)\.(?:png|jpe?g|gif|webp|tiff?|bmp|heic|wav|mp3|flac|ogg|m4a|mp4|pdf|docx?|txt)\Z")
_WORD, _CAMEL = re.compile(r"[^\W\d_]+"), re.compile(r"(?<=[a-z])(?=[A-Z])")
_Pair = tuple[str, str]
_COUNTED = ("s", "ms", "compact")
"""Forms of dates that are whole numbers, which ids may be as well."""


@dataclass(frozen=True)
class Judged:
    """Whether a table *is_graph*, whether that is *sure*, and *why* it is taken for one or the other."""

    is_graph: bool
    sure: bool = True
    why: str = ""


def named_ends(table: Table) -> tuple[str, str] | None:
    """Return the two columns that are called as the ends of edges are; None without."""
    known = {_plain(name): name for name in table.columns}
    return next(((known[one], known[other]) for one, other in _PAIRS if one in known and other in known), None)


def leads(ends: _Pair) -> bool:
    """Say whether the names of two columns tell that edges lead from one to the other: of friends they don't."""
    words = [_WORD.findall(_CAMEL.sub(" ", name).casefold()) for name in ends]
    known = (_plain(ends[0]), _plain(ends[1])) in _PAIRS or all(not _LEADING.isdisjoint(named) for named in words)
    return known and words[0] != words[1]


def may_be_alike(table: Table) -> bool:
    """Tell whether a table is two columns, but for a weight, which may name the same things by its first rows."""
    if (ends := _sole_two(table)) is None:
        return False
    sample = table.sample()
    if not sample.keys() >= set(ends):
        return False
    one, other = (sample[name] for name in ends)
    lettered = [2 * sum(any(map(str.isalpha, value)) for value in values) > len(values) for values in (one, other)]
    return lettered[0] == lettered[1] and all(len(value) <= _LONGEST for value in (*one, *other))


def _sole_two(table: Table) -> tuple[str, str] | None:
    ends = [name for name in table.columns if _plain(name) not in WEIGHTS]
    if len(ends) != len(_SIDES) or len(table.columns) > len(_SIDES) + 1:
        return None
    return ends[0], ends[1]


def unnamed_ends(table: Table) -> tuple[str, str] | None:
    """Return two columns that are all of a table, but for a weight, and have no texts: as a table it is of no use.

    Nor has it texts where both columns name the same things again and again, as of people and their friends.
    """
    if (pair := _sole_two(table)) is None:
        return None
    return pair if not rank(table.sample()) or _name_the_same(_pairs(table, pair), pair) else None


def judged_unnamed(table: Table, ends: tuple[str, str]) -> Judged | None:
    """Say whether rows without a text are edges between what two columns name, however these are called; O(rows).

    None where they cannot be.
    """
    pairs = _pairs(table, ends)
    if len(table) < _FEWEST or not _may_be_ends(pairs) or _name_files(pairs):
        return None
    is_graph = _shared(pairs) >= _SHARED
    lacking = "" if rank(table.sample()) else "no column reads like text, and "
    why = f"{lacking}{ends[0]} and {ends[1]} name the same things" if is_graph else ""
    return Judged(is_graph=is_graph, sure=not is_graph, why=why)


def judged(table: Table, ends: tuple[str, str]) -> Judged:
    """Say whether rows are edges, by what the columns are; O(rows), of which 20,000 are looked at.

    Ends are short, come again and again, and are neither dates nor measures.  Programs for graphs write little else
    beside them; where rows have texts, or much of their own, they are what one looks for.
    """
    pairs = _pairs(table, ends)
    shared = _shared(pairs) > 0
    if len(table) < _FEWEST or not _may_be_ends(pairs):
        return Judged(is_graph=False)
    own = [name for name in table.columns if name not in ends and _plain(name) not in _OF_EDGES]
    if len(own) > _OWN or _texts_among(table, ends):
        return Judged(is_graph=False)
    if not own and (why := _may_be_words(pairs, ends)):
        return Judged(is_graph=not rank(table.sample()), sure=False, why=why)
    pair = tuple(map(_plain, ends))
    elsewhere = pair[0] in _OFTEN_ELSE or pair in _ELSE_BESIDE
    if not own:
        beside = len(table.columns) > len(ends)
        sure = _shared(pairs) >= _SHARED or (beside and not elsewhere)
        return Judged(is_graph=True, sure=sure, why=f"{ends[0]} and {ends[1]} are the ends of edges")
    if elsewhere or not shared:
        why = f"rows have {_listed(own)} too; as a graph, what stands in {ends[0]} and {ends[1]} would be the items"
        return Judged(is_graph=False, sure=False, why=why)
    why = f"{ends[0]} and {ends[1]} are the ends of edges; {_listed(own)} stay{'s' * (len(own) == 1)} with each edge"
    return Judged(is_graph=True, sure=False, why=why)


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_")


def _listed(names: Sequence[str]) -> str:
    shown = [name[:_LONGEST] for name in names[:_NAMED]]
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]


def _pairs(table: Table, ends: tuple[str, str]) -> list[_Pair]:
    """Return the ends of the first rows that have both."""
    one, other = (texts(table.columns[name].slice(0, LOOKED_AT)) for name in ends)
    stripped = (((first or "").strip(), (second or "").strip()) for first, second in zip(one, other, strict=True))
    return [pair for pair in stripped if all(pair)]


def _sides(pairs: Iterable[_Pair]) -> tuple[set[str], set[str]]:
    """Return what each of two columns has beside other things: what stands beside itself says nothing of edges."""
    apart = [pair for pair in pairs if pair[0] != pair[1]]
    return {one for one, _ in apart}, {other for _, other in apart}


def _shared(pairs: Sequence[_Pair]) -> float:
    """Return the share of the ends of the shorter side that the other side has as well."""
    one, other = _sides(pairs)
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _name_the_same(pairs: Sequence[_Pair], ends: tuple[str, str]) -> bool:
    return _shared(pairs) >= _SAME and _may_be_ends(pairs) and not _may_be_words(pairs, ends)


def _may_be_ends(pairs: Sequence[_Pair]) -> bool:
    one, other = _sides(pairs)
    apart = sum(first != second for first, second in pairs)
    if len(one | other) > _REPEATED * 2 * apart or any(len(value) > _LONGEST for pair in pairs for value in pair):
        return False
    if not one & other and min(len(one), len(other)) <= _FEW_ENDS:
        return False
    return not any(_are_amounts([pair[side] for pair in pairs]) for side in _SIDES)


def _may_be_words(pairs: Sequence[_Pair], ends: tuple[str, str]) -> str:
    """Return why rows may be words and their translations: nearly each stands beside one other; "" of surely others."""
    unlike = {frozenset(pair) for pair in pairs if pair[0] != pair[1]}
    one, other = _sides(pairs)
    if len(one | other) <= _REPEATED * 2 * len(unlike):
        return ""
    return f"hardly anything in {ends[0]} or {ends[1]} stands beside more than one other, as in a list of words"


def _name_files(pairs: Iterable[_Pair]) -> bool:
    return any(_FILE.search(value) for pair in pairs for value in pair)


def _are_amounts(values: Sequence[str]) -> bool:
    """Whether values are dates, or numbers that are no ids: with decimals, or below zero."""
    import pandas as pd

    seen = read(pd.Series(list(dict.fromkeys(values)), dtype="object"))
    if seen.reading.kind == DATE and seen.reading.form not in _COUNTED:
        return True
    if seen.reading.kind != NUMBER or seen.numbers is None:
        return False
    numbers = seen.numbers[np.isfinite(seen.numbers)]
    return bool((numbers < 0).any() or (numbers != numbers.round()).any())


def _texts_among(table: Table, ends: tuple[str, str]) -> bool:
    """Whether a column beside the ends reads like text, or is called so and has words."""
    others = {
        name: values
        for name, values in table.sample().items()
        if name not in ends and _plain(name) not in WEIGHTS and (_are_unlike(values) or _says(name, values))
    }
    return bool(rank(others))


def _are_unlike(values: Sequence[str]) -> bool:
    return len(set(values)) > _KINDS * len(values)


def _says(name: str, values: Sequence[str]) -> bool:
    return is_called_text(name) and any(" " in value.strip() for value in values)
