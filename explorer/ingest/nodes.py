"""Makes a table of the nodes of a graph: their vectors, how many edges they have, whom these lead to.

It reads no files: `edges` and `graphml` do.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.columns import LINKED_FROM, LINKS, LINKS_TO
from explorer.errors import UnreadableFile
from explorer.ingest.columns import texts
from explorer.ingest.edgecolumns import edge_cells, edge_summaries, short
from explorer.ingest.nodenames import alike
from explorer.ingest.reader import Table, check_size
from explorer.ingest.vectorcolumns import VECTORS
from explorer.types import NOTE, ROW, FloatArray, Numbering, Rejected

NODE, ID, DEGREE, IN, OUT, WEIGHTED, RANK = (
    "node",
    "id",
    "degree",
    "edges in",
    "edges out",
    "weighted degree",
    "pagerank",
)
DIMS = 32
"""Numbers of a node's vector: fewer and more find known groups less well (docs/measurements.md)."""
MOST_EDGES = 20_000_000
_PLACES = 5
"""Digits of a vector that are kept: rounding makes the same file the same dataset on any number of threads."""


@dataclass
class Graph:
    """Nodes by their ids, in the order of their first edge, and the edges between them: rows of *ids*, and weights.

    *attributes*: what the file says of each node, by column.  *labels*: what each is called, where it says so.
    *told*: what it says of each edge, arrow columns.  *rows*: where in a table edges stand, of a list of such.
    *instead*: the table that it was read from, where nothing but somebody's wish says that it is a list of edges.
    """

    name: str
    ids: list[str]
    sources: NDArray[np.int64]
    targets: NDArray[np.int64]
    weights: NDArray[np.float64] | None = None
    directed: bool = False
    labels: list[str] | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    told: Mapping[str, Any] = field(default_factory=dict)
    rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    instead: Table | None = None


def one_of(graphs: Sequence[Graph]) -> Graph:
    """Return several graphs as one: nodes of one id are one, with what the first says of them; all edges.

    Where one has weights, edges of the others weigh 1; where one is directed, all are.  What was rejected is not told
    again.
    """
    import pyarrow as pa

    at: dict[str, int] = {}
    rows = [np.array([at.setdefault(one, len(at)) for one in graph.ids], np.int64) for graph in graphs]
    labels: dict[str, str] = {}
    said: dict[str, list[Any]] = {}
    for graph, own in zip(graphs, rows, strict=True):
        for one, label in zip(graph.ids, graph.labels or (), strict=False):
            labels.setdefault(one, label)
        for name, column in graph.attributes.items():
            values = said.setdefault(name, [None] * len(at))
            values += [None] * (len(at) - len(values))
            for row, value in zip(own.tolist(), column.to_pylist(), strict=True):
                values[row] = value if values[row] is None else values[row]
    weights = [np.ones(len(graph.sources)) if graph.weights is None else graph.weights for graph in graphs]
    names = dict.fromkeys(name for graph in graphs for name in graph.told)
    told = {
        name: [texts(graph.told[name]) if name in graph.told else [None] * len(graph.sources) for graph in graphs]
        for name in names
    }
    return Graph(
        graphs[0].name,
        list(at),
        np.concatenate([own[graph.sources] for graph, own in zip(graphs, rows, strict=True)]),
        np.concatenate([own[graph.targets] for graph, own in zip(graphs, rows, strict=True)]),
        np.concatenate(weights) if any(graph.weights is not None for graph in graphs) else None,
        directed=any(graph.directed for graph in graphs),
        labels=[labels.get(one, one) for one in at] if labels else None,
        attributes={
            name: pa.array([*values, *[None] * (len(at) - len(values))], pa.large_string())
            for name, values in said.items()
        },
        told={
            name: pa.array([value for some in parts for value in some], pa.large_string())
            for name, parts in told.items()
        },
    )


def numbered(ends: Sequence[str]) -> tuple[list[str], NDArray[np.int64]]:
    """Return the different ids among the ends of edges, in the order of their first, and the number of each end's."""
    at: dict[str, int] = {}
    rows = np.fromiter((at.setdefault(end, len(at)) for end in ends), np.int64, len(ends))
    return list(at), rows


def table_of_nodes(graph: Graph) -> Table:
    """Return the nodes as a table whose texts are their names, with what their edges say of them.

    Edges between the same two nodes are one, with the sum of their weights; one that leads from a node to itself
    counts in no degree.  A node without edges has a vector of zeros: nothing says where it belongs.
    """
    import pyarrow as pa

    n = len(graph.ids)
    check_size(graph.name, rows=n, columns=len(graph.attributes) + 8)
    if len(graph.sources) > MOST_EDGES:
        raise UnreadableFile(
            f"{graph.name} has more than {MOST_EDGES:,} edges; that is the limit. Load a part of them."
        )
    out, loops, several = _matrix(graph)
    both = (out + out.T).tocsr()
    table = Table(graph.name, {}, array("q", range(n)), numbering=Numbering(ROW), words=True, text=NODE, graph=graph)
    columns: dict[str, Any] = {NODE: pa.array(graph.labels or graph.ids, pa.large_string())}
    if graph.labels is not None or any(one != one.strip() or "\0" in one for one in graph.ids):
        columns[ID] = pa.array(graph.ids, pa.large_string())
    columns |= {name: column for name, column in graph.attributes.items() if name not in columns}
    columns[DEGREE] = pa.array(np.diff(_plain(both).indptr).astype(np.int64))
    if graph.directed:
        columns[OUT], columns[IN] = (pa.array(np.diff(one.indptr).astype(np.int64)) for one in (out, out.T.tocsr()))
    if graph.weights is not None:
        columns[WEIGHTED] = pa.array(np.asarray(both.sum(axis=1)).ravel())
    columns[RANK] = pa.array(_pagerank(out if graph.directed else both))
    summed, described = edge_summaries(n, (graph.sources, graph.targets), graph.told)
    columns |= {name: column for name, column in summed.items() if name not in columns}
    columns |= _sides(graph, out, both)
    if len(graph.sources):
        columns[VECTORS] = _column(node_vectors(both))
        table.vectors = VECTORS
    table.columns = columns
    table.described = {
        DEGREE: "how many other nodes it has edges with",
        RANK: "PageRank: how often one comes by who follows edges by chance; the mean is 1",
        **described,
    }
    faults = [Rejected(graph.name, None, note, what=NOTE) for note in _notes(loops, several)]
    table.rejected = [*graph.rejected, *alike(graph.ids, graph.name), *faults]
    return table


def _notes(loops: int, several: int) -> list[str]:
    notes = []
    if loops:
        s = "s lead" if loops > 1 else " leads"
        notes.append(f"{loops:,} edge{s} from a node to itself; no degree counts such")
    if several:
        s = "s are" if several > 1 else " is"
        notes.append(f"{several:,} edge{s} between nodes that have one already; added to it")
    return notes


def _sides(graph: Graph, out: Any, both: Any) -> dict[str, Any]:
    """Return the columns of the nodes' edges; what is said of an edge stands once, with the node that it leads from."""
    import pyarrow as pa

    sides = {LINKS_TO: out, LINKED_FROM: out.T.tocsr()} if graph.directed else {LINKS: both}
    found = {name: _links(side, graph.ids, weighted=graph.weights is not None) for name, side in sides.items()}
    if graph.told:
        ends = graph.sources, graph.targets
        cells = edge_cells(graph.ids, ends, graph.weights, graph.told, both=not graph.directed)
        found[LINKS_TO if graph.directed else LINKS] = pa.array(cells, pa.large_string())
    return found


def _matrix(graph: Graph) -> tuple[Any, int, int]:
    """Return the sum of weights from each node to each, none to itself; how many loops and repeated edges there are."""
    from scipy import sparse

    n = len(graph.ids)
    weights = np.ones(len(graph.sources)) if graph.weights is None else graph.weights
    own = graph.sources == graph.targets
    one, other = graph.sources[~own], graph.targets[~own]
    if not graph.directed:
        one, other = np.minimum(one, other), np.maximum(one, other)
    summed = sparse.coo_array((weights[~own], (one, other)), shape=(n, n)).tocsr()
    if graph.weights is None:
        summed.data[:] = 1.0
    return summed, int(own.sum()), len(one) - summed.nnz


def _plain(matrix: Any) -> Any:
    matrix.eliminate_zeros()
    return matrix


def _pagerank(matrix: Any) -> NDArray[np.float64]:
    """Return PageRank (damping 0.85), scaled so that the mean is 1."""
    from sknetwork.ranking import PageRank

    n = matrix.shape[0]
    if not matrix.nnz:
        return np.ones(n)
    return np.asarray(np.round(PageRank().fit_predict(_csr(matrix)) * n, 4), np.float64)


def _csr(matrix: Any) -> Any:
    from scipy import sparse

    return sparse.csr_matrix(matrix)


def node_vectors(matrix: Any) -> FloatArray:
    """Return float32 (n, d ≤ 32) unit vectors of the nodes of a symmetric graph; zeros for one without edges.

    A generalised singular value decomposition (Bonald and others 2018, as scikit-network has it): nodes are near that
    have the same neighbours, however many these are.
    """
    n = matrix.shape[0]
    if n < 5:
        made = np.asarray(matrix.toarray() + np.eye(n) * (np.diff(matrix.indptr) > 0)[:, None])
    else:
        made = _decomposed(matrix, min(DIMS, n - 2))
    made[np.diff(matrix.indptr) == 0] = 0
    lengths = np.linalg.norm(made, axis=1, keepdims=True)
    return np.asarray(
        np.round(np.divide(made, lengths, out=np.zeros_like(made), where=lengths > 0), _PLACES), np.float32
    )


def _decomposed(matrix: Any, dims: int) -> NDArray[np.float64]:
    from sknetwork.embedding import GSVD
    from sknetwork.linalg import LanczosSVD

    class Same(LanczosSVD):  # type: ignore[misc]
        """The solver with the same beginning each time."""

        def fit(self, matrix: Any, n_components: int, _init_vector: Any = None) -> Any:
            start = np.random.default_rng(0).random(min(matrix.shape))
            return super().fit(matrix, n_components, start)

    return np.nan_to_num(np.asarray(GSVD(dims, solver=Same()).fit_transform(_csr(matrix)), np.float64))


def _column(vectors: FloatArray) -> Any:
    import pyarrow as pa

    return pa.chunked_array([pa.FixedSizeListArray.from_arrays(pa.array(vectors.reshape(-1)), vectors.shape[1])])


def _links(matrix: Any, ids: Sequence[str], *, weighted: bool) -> Any:
    """Return of each node whom its edges lead to, the heaviest first, as JSON: ids, with weights if there are such."""
    import pyarrow as pa

    cells: list[str | None] = []
    for start, end in zip(matrix.indptr[:-1].tolist(), matrix.indptr[1:].tolist(), strict=True):
        order = start + np.argsort(-matrix.data[start:end], kind="stable")
        to, weights = matrix.indices[order].tolist(), matrix.data[order].tolist()
        told: Any = {ids[at]: short(weight) for at, weight in zip(to, weights, strict=True)}
        cells.append(json.dumps(told if weighted else list(told), ensure_ascii=False) if to else None)
    return pa.array(cells, pa.large_string())
