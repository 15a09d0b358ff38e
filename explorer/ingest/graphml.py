"""Reads graphs written as GraphML: nodes with what is said of them, edges between them.

No entity is resolved and nothing is fetched; a document with declarations of its own is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from explorer.errors import UnreadableFile
from explorer.ingest.edges import weight_of
from explorer.ingest.nodes import MOST_EDGES, Graph, numbered, table_of_nodes
from explorer.ingest.reader import MAX_ROWS, TABLE, Advance, FileReader, Source, Table
from explorer.ingest.vectorcolumns import VECTORS
from explorer.types import NOTE, PART, Rejected

_LABELS = ("label", "name", "title")
_WEIGHT = "weight"
_LEFT_OUT = ("hyperedge", "port")
_MOST_TEXT = 10_000


class _Reading:
    """What has been read of a document so far."""

    def __init__(self, name: str) -> None:
        self.name, self.directed = name, True
        self.keys: dict[str, tuple[str, str]] = {}
        self.nodes: dict[str, dict[str, str]] = {}
        self.ends: list[str] = []
        self.weights: list[float] = []
        self.told: list[dict[str, str]] = []
        self.rejected: list[Rejected] = []
        self.left = 0
        self.edges = 0
        self.weighted = False

    def take(self, element: Any, kind: str) -> None:
        """Take an element that has ended."""
        if kind == "key":
            named = element.get("id", "")
            self.keys[named] = element.get("for", "all"), element.get("attr.name") or named
        elif kind == "graph":
            self.directed = element.get("edgedefault", "directed") != "undirected"
        elif kind == "node":
            self._node(element)
        elif kind == "edge":
            self._edge(element)
        elif kind in _LEFT_OUT:
            self.left += 1

    def _node(self, element: Any) -> None:
        named = element.get("id")
        if not named:
            self.rejected.append(Rejected(self.name, None, "a node has no id, and so no edges"))
        elif named in self.nodes:
            self.rejected.append(
                Rejected(self.name, None, f"the node {named[:40]!r} stands in it twice; the first counts")
            )
        else:
            self.nodes[named] = self._said(element, "node")

    def _edge(self, element: Any) -> None:
        at, self.edges = self.edges, self.edges + 1
        one, other = element.get("source"), element.get("target")
        said = self._said(element, "edge")
        weight, fault = weight_of(said[_WEIGHT]) if _WEIGHT in said else (1.0, "")
        self.weighted = self.weighted or _WEIGHT in said
        if not one or not other:
            fault = "the edge does not say which nodes it joins"
        if fault:
            self.rejected.append(Rejected(self.name, at, fault, f"edge {at + 1:,}"))
            return
        self.ends += (one, other)
        self.weights.append(weight)
        self.told.append({name: value for name, value in said.items() if name != _WEIGHT})

    def _said(self, element: Any, of: str) -> dict[str, str]:
        said = {}
        for data in element:
            if _kind(data) == "data":
                about, name = self.keys.get(data.get("key", ""), ("all", data.get("key", "")))
                if about in (of, "all") and (text := "".join(data.itertext()).strip()):
                    said[name] = text[:_MOST_TEXT]
        return said


def read_graphml(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the nodes of a graph, with a *limit* too: all edges say what is said of one.  Raises UnreadableFile."""
    del limit
    reading = _Reading(source.name)
    for element, kind in _elements(source, advance):
        reading.take(element, kind)
        if len(reading.nodes) > MAX_ROWS or reading.edges > MOST_EDGES:
            raise UnreadableFile(
                f"{source.name} has more than {MAX_ROWS:,} nodes or {MOST_EDGES:,} edges; load a part."
            )
    if not reading.nodes and not reading.ends:
        raise UnreadableFile(f"{source.name} holds no graph: it has no nodes and no edges. Write it as GraphML again.")
    return table_of_nodes(_graph(reading))


def _graph(reading: _Reading) -> Graph:
    known = list(reading.nodes)
    ids, rows = numbered([*known, *reading.ends])
    strange = ids[len(known) :]
    rejected = list(reading.rejected)
    if strange and known:
        some = ", ".join(repr(one[:40]) for one in strange[:5])
        more = f" and {len(strange) - 5:,} more" if len(strange) > 5 else ""
        reason = f"edges lead to nodes that it does not list: {some}{more}; they are taken by their ids"
        rejected.append(Rejected(reading.name, None, reason, what=NOTE))
    if reading.left:
        reason = f"{reading.left:,} hyperedges or ports are not read; edges join two nodes"
        rejected.append(Rejected(reading.name, None, reason, what=PART))
    ends = rows[len(known) :]
    weights = np.array(reading.weights, np.float64) if reading.weighted else None
    graph = Graph(reading.name, ids, ends[::2], ends[1::2], weights, directed=reading.directed, rejected=rejected)
    names = list(dict.fromkeys(name for said in reading.nodes.values() for name in said))
    label = next((name for wanted in _LABELS for name in names if name.lower() == wanted), None)
    if label is not None:
        graph.labels = [reading.nodes.get(one, {}).get(label) or one for one in ids]
    graph.attributes = {
        name: _column([reading.nodes.get(one, {}).get(name) for one in ids]) for name in names if name != label
    }
    of_edges = dict.fromkeys(name for said in reading.told for name in said)
    graph.told = {name: _column([said.get(name) for said in reading.told]) for name in of_edges}
    return graph


def _column(values: list[str | None]) -> Any:
    import pyarrow as pa

    return pa.array(values, pa.large_string())


def _kind(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _elements(source: Source, advance: Advance) -> Iterator[tuple[Any, str]]:
    """Yield the elements that matter with what they are called: a graph when it begins, all others when they end."""
    from lxml import etree

    with source.open() as file:
        try:
            walk = etree.iterparse(
                file, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False,
                remove_comments=True, remove_pis=True, huge_tree=False,
            )  # fmt: skip
            for count, (event, element) in enumerate(walk):
                kind = _kind(element)
                if not count:
                    if kind != "graphml":
                        raise UnreadableFile(f"{source.name} is no GraphML: it begins with <{kind[:40]}>.")
                    if element.getroottree().docinfo.internalDTD is not None:
                        raise UnreadableFile(
                            f"{source.name} declares a document type of its own, which is not read. Remove it."
                        )
                if (event == "start") == (kind == "graph"):
                    if kind in ("key", "graph", "node", "edge", *_LEFT_OUT):
                        yield element, kind
                    if kind in ("node", "edge") and event == "end":
                        element.clear()
                        while (before := element.getprevious()) is not None and _kind(before) in ("node", "edge"):
                            before.getparent().remove(before)
                if count % 10_000 == 0:
                    advance(file.tell())
        except etree.XMLSyntaxError as exc:
            raise UnreadableFile(f"{source.name} is no whole GraphML ({str(exc)[:200]}). Write it again.") from exc


GRAPHML = FileReader(
    name="GraphML",
    suffixes=(".graphml",),
    summary="A graph: its nodes are items, with their degree, PageRank and what is said of them and of edges; near are "
    "those with the same neighbours. So are lists of edges in tables.",
    kind=TABLE,
    read=read_graphml,
    choices=(VECTORS,),
    limits=f"{MAX_ROWS:,} nodes, {MOST_EDGES:,} edges",
)
