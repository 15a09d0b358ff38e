"""Lists of edges and GraphML: nodes become items, near the ones with the same neighbours; what is wrong is told."""

from __future__ import annotations

import json

import numpy as np
import pytest

from explorer.columns import linked
from explorer.errors import BadChoice, BadSetting, UnreadableFile
from explorer.ingest import load, preview
from explorer.runs import add_rows
from explorer.types import Dataset
from tests.graphs import as_csv, as_graphml, grouped

EDGES = grouped()


def near_of_group(dataset: Dataset, groups: list[str]) -> float:
    """Return the share of the five nearest that are of the same group."""
    assert dataset.given is not None
    vectors = np.asarray(dataset.given.array)
    similar = vectors @ vectors.T
    np.fill_diagonal(similar, -9)
    nearest = np.argsort(-similar, axis=1)[:, :5]
    own = np.array(groups)
    return float((own[nearest] == own[:, None]).mean())


def told(dataset: Dataset) -> list[str]:
    return [fault.reason for fault in dataset.rejected]


def choices(dataset: Dataset) -> dict[str, str]:
    return {choice.name: choice.value for choice in dataset.choices}


@pytest.fixture
def write(tmp_path):
    def written(name, content):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return written


def test_a_list_of_edges_gives_nodes_with_vectors_degrees_and_edges(write) -> None:
    dataset = load(write("edges.csv", as_csv(EDGES)))
    assert len(dataset) == 100
    assert near_of_group(dataset, [item[:2] for item in map(str, dataset.items)]) > 0.95
    table, at = dataset.table, list(map(str, dataset.items)).index("g2n3")
    out = [other for one, other in EDGES if one == "g2n3"]
    into = [one for one, other in EDGES if other == "g2n3"]
    assert (table["edges out"][at], table["edges in"][at], table["degree"][at]) == (
        len(out),
        len(into),
        len(out + into),
    )
    assert set(linked(table["links to"][at])) == set(out)
    assert set(linked(table["linked from"][at])) == set(into)
    assert float(np.mean(table["pagerank"])) == pytest.approx(1, abs=1e-3)
    assert choices(dataset) | {"as": "graph", "edges": "directed", "weight": "none"} == choices(dataset)
    assert load(write("again.csv", as_csv(EDGES))).given.key == dataset.given.key


def test_edges_that_lead_both_ways_are_one_column_and_the_same_vectors(write) -> None:
    path = write("edges.csv", as_csv(EDGES))
    one, other = load(path), load(path, choices={"edges": "undirected"})
    assert np.array_equal(one.given.array, other.given.array)
    assert "links" in other.table.columns
    assert "links to" not in other.table.columns
    gephi = "Source,Target,Type\n" + "".join(f"{a},{b},Undirected\n" for a, b in EDGES)
    assert choices(load(write("gephi.csv", gephi)))["edges"] == "undirected"


def test_what_is_wrong_with_edges_is_told_and_the_others_are_read(write) -> None:
    rows = [f"{one},{other},1.5" for one, other in EDGES]
    bad = [
        "g0n0,,1",
        ",g0n0,1",
        "g0n0,g0n1,heavy",
        "g0n0,g0n1,",
        "g0n0,g0n1,-2",
        "g0n0,g0n1,inf",
        "g0n5,g0n5,3",
        rows[0],
        "alone,alone,1",
    ]
    dataset = load(write("edges.csv", "\n".join(["from,to,weight", *rows, *bad]) + "\n"))
    assert len(dataset) == 100
    reasons = told(dataset)
    for said in (
        "the edge names no node that it leads to",
        "the edge names no node that it leads from",
        "its weight, “heavy”, is no number",
        "the edge has no weight",
        "its weight is -2; an edge has one above zero",
        "its weight is inf; an edge has one above zero",
        "it has no edge with another node: nothing says where it belongs",
        "2 edges lead from a node to itself; no degree counts such",
        "1 edge is between nodes that have one already; added to it",
    ):
        assert said in reasons
    at = list(map(str, dataset.items)).index(EDGES[0][0])
    assert linked(dataset.table["links to"][at])[EDGES[0][1]] == 3
    placed = {fault.reason: fault.place for fault in dataset.rejected}
    assert placed["the edge has no weight"] == f"line {len(EDGES) + 5}"


@pytest.mark.parametrize(
    "content",
    [
        "source,target\n"
        + "".join(f"A sentence number {n} to translate.,Ein Satz Nummer {n} zum Übersetzen.\n" for n in range(9)),
        "from,to,text\n" + "".join(f"Anna,Bert,What she wrote to him on day {n} about it\n" for n in range(9)),
        "source,target,a,b,c,words\n" + "".join(f"x{n % 3},y{n % 2},1,2,3,some words {n}\n" for n in range(9)),
    ],
)
def test_a_table_that_only_may_be_a_graph_is_read_as_a_table_and_offered_as_one(write, content) -> None:
    dataset = load(write("a.csv", content))
    assert dataset.given is None
    offered = {choice.name: choice for choice in dataset.choices}["as"]
    assert (offered.value, [value for value, _ in offered.options]) == ("table", ["table", "graph"])
    assert load(write("a.csv", content), choices={"as": "graph"}).given is not None


def test_a_table_with_one_such_column_is_asked_nothing(write) -> None:
    content = "text,source\n" + "".join(f"some words of row {n},web\n" for n in range(9))
    assert "as" not in choices(load(write("a.csv", content)))


def test_the_ends_of_edges_can_be_chosen(write) -> None:
    path = write("a.csv", as_csv([(f"{one},x", other) for one, other in EDGES], "person,club,friend"))
    asked = {"as": "graph", "edges from": "person", "edges to": "friend"}
    assert len(load(path, choices=asked)) == 100
    with pytest.raises(BadChoice, match="cannot be read with edges to “person”"):
        load(path, choices={**asked, "edges to": "person"})
    table = load(write("b.csv", as_csv(EDGES)), choices={"as": "table", "vectors": ""}, text="source")
    assert len(table) == len(EDGES)


def test_a_table_of_nodes_beside_gives_their_names_and_columns(write, tmp_path) -> None:
    edges = write("edges.csv", as_csv([*EDGES, ("g0n0", "stranger")]))
    nodes = "".join(f"{node},The {node},{node[:2]},{at}\n" for at, node in enumerate(dict.fromkeys(sum(EDGES, ()))))
    table = write("nodes.csv", f"id,label,group,size\n{nodes}lonely,The lonely one,g9,5\n")
    for given in ([edges, table], [table, edges], tmp_path):
        dataset = load(given)
        assert len(dataset) == 101
        at = list(map(str, dataset.items)).index("The g3n4")
        assert dataset.table["id"][at] == "g3n4"
        assert dataset.table["group"][at] == "g3"
        assert "source" not in dataset.table.columns
        assert "no edge leads to or from this node" in told(dataset)
        assert any("edges lead to nodes that nodes.csv does not have: 'stranger'" in reason for reason in told(dataset))


def test_as_a_graph_is_no_wish_about_the_table_of_its_nodes(write) -> None:
    edges = write(
        "edges.csv", as_csv([(one, f"{other},{at}") for at, (one, other) in enumerate(EDGES)], "from,to,fare")
    )
    names = list(dict.fromkeys(sum(EDGES, ())))
    nodes = write("nodes.csv", "id,label,size\n" + "".join(f"{one},The {one},{at}\n" for at, one in enumerate(names)))
    dataset = load([edges, nodes], choices={"as": "graph"})
    assert sorted(map(str, dataset.items)) == sorted(f"The {one}" for one in names)
    assert dataset.table["size"].tolist() == list(range(len(names)))
    assert choices(dataset) | {"edges from": "from", "edges to": "to"} == choices(dataset)
    assert not [reason for reason in told(dataset) if "nodes" in reason]
    assert len(load(nodes, choices={"as": "graph"})) == 2 * len(names)


def test_lists_of_edges_that_come_together_are_one_graph(write) -> None:
    half = len(EDGES) // 2
    one, other = write("a.csv", as_csv(EDGES[:half])), write("b.csv", as_csv(EDGES[half:]))
    whole, parts = load(write("c.csv", as_csv(EDGES))), load([one, other])
    assert sorted(map(str, parts.items)) == sorted(map(str, whole.items))
    degrees = [dict(zip(map(str, each.items), each.table["degree"], strict=True)) for each in (whole, parts)]
    assert degrees[0] == degrees[1]
    assert near_of_group(parts, [item[:2] for item in map(str, parts.items)]) > 0.95
    mixed = load([write("d.graphml", as_graphml(EDGES[:half], weights=True)), other])
    assert len(mixed) == 100
    assert set(mixed.table["group"].dropna().astype(str)) == {"g0", "g1", "g2", "g3", "g4"}


def test_a_preview_tells_that_nodes_are_the_items(write) -> None:
    seen = preview(write("a.csv", as_csv(EDGES)))
    assert seen.text_column == "node"
    assert {choice.name for choice in seen.choices} >= {"as", "edges from", "edges to", "weight", "edges", "vectors"}
    assert "source" not in {name for row in seen.sample for name in row}


def test_nothing_is_added_to_a_graph_whose_places_come_from_all_of_its_edges(write, tmp_path) -> None:
    graph = load(write("a.csv", as_csv(EDGES)))
    with pytest.raises(BadSetting, match=r"a\.csv holds the nodes of a graph"):
        add_rows(graph, write("b.csv", as_csv([*EDGES, ("g0n0", "new")])), workspace=tmp_path / "w")


@pytest.mark.parametrize("directed", [True, False])
def test_graphml_gives_labels_attributes_and_edges(write, directed) -> None:
    dataset = load(write("a.graphml", as_graphml(EDGES, directed=directed, weights=True)))
    assert sorted(map(str, dataset.items))[0] == "The g0n0"
    assert near_of_group(dataset, dataset.table["group"].astype(str).tolist()) > 0.95
    at = dataset.table["id"].tolist().index("g1n1")
    links = linked(dataset.table["links to" if directed else "links"][at])
    assert set(links.values()) == {2.5}
    expected = {b for a, b in EDGES if a == "g1n1"} | (set() if directed else {a for a, b in EDGES if b == "g1n1"})
    assert set(links) == expected


def test_faults_of_graphml_are_told(write) -> None:
    whole = as_graphml(EDGES)
    more = '<edge source="g0n0" target="nobody"/><edge source="g0n0"/><node/><node id="g0n0"/><hyperedge/>'
    reasons = told(load(write("a.graphml", whole.replace("</graph>", f"{more}</graph>"))))
    assert any("nodes that it does not list: 'nobody'" in reason for reason in reasons)
    assert "the edge does not say which nodes it joins" in reasons
    assert "a node has no id, and so no edges" in reasons
    assert "the node 'g0n0' stands in it twice; the first counts" in reasons
    assert "1 hyperedges or ports are not read; edges join two nodes" in reasons
    for content, said in (
        (whole[:-40], "is no whole GraphML"),
        ("<html/>", "is no GraphML: it begins with <html>"),
        ("<graphml/>", "holds no graph"),
        ("no XML", "is no whole GraphML"),
        ('<!DOCTYPE g [<!ENTITY a "b">]>' + whole[21:], "declares a document type of its own"),
    ):
        with pytest.raises(UnreadableFile, match=said):
            load(write("b.graphml", content))


def test_graphs_of_few_nodes_have_places_too(write) -> None:
    for count in (1, 2, 3, 6):
        edges = [(f"n{at}", f"n{at + 1}") for at in range(count)]
        dataset = load(write("a.csv", as_csv(edges)), choices={"as": "graph"})
        assert len(dataset) == count + 1
        assert np.isfinite(dataset.given.array).all()


def test_links_are_read_from_cells_whatever_these_hold() -> None:
    assert linked(json.dumps(["a", 1, "b"])) == {"a": 1.0, "b": 1.0}
    assert linked('{"a": 2, "b": "x"}') == {"a": 2.0}
    assert [linked(cell) for cell in (None, 3.5, "", "[", "text", "[" * 10_000)] == [{}] * 6
