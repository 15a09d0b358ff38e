"""Graphs as tests need them: groups of nodes that are joined among each other, as tables and as GraphML."""

from __future__ import annotations

import numpy as np


def grouped(groups: int = 5, each: int = 20, *, inside: float = 0.4, between: float = 0.01) -> list[tuple[str, str]]:
    """Return edges between nodes called g0n0, g0n1, …; most lead to nodes of the same group."""
    chance = np.random.default_rng(0)
    group = np.repeat(np.arange(groups), each)
    near = group[:, None] == group
    found = np.argwhere(np.triu(chance.random(near.shape) < np.where(near, inside, between), 1))
    names = [f"g{at}n{number % each}" for number, at in enumerate(group)]
    return [(names[one], names[other]) for one, other in found.tolist()]


def as_csv(edges: list[tuple[str, str]], head: str = "source,target") -> str:
    """Return a list of edges as a table."""
    return "\n".join([head, *(f"{one},{other}" for one, other in edges)]) + "\n"


def as_graphml(edges: list[tuple[str, str]], *, directed: bool = False, weights: bool = False) -> str:
    """Return a graph as GraphML, each node with a label and its group."""
    nodes = dict.fromkeys(end for edge in edges for end in edge)
    said = "".join(
        f'<node id="{node}"><data key="l">The {node}</data><data key="g">{node[:2]}</data></node>' for node in nodes
    )
    weight = '<data key="w">2.5</data>' if weights else ""
    joined = "".join(f'<edge source="{one}" target="{other}">{weight}</edge>' for one, other in edges)
    return (
        '<?xml version="1.0"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
        '<key id="l" for="node" attr.name="label" attr.type="string"/><key id="g" for="node" attr.name="group" '
        'attr.type="string"/><key id="w" for="edge" attr.name="weight" attr.type="double"/>'
        f'<graph edgedefault="{"directed" if directed else "undirected"}">{said}{joined}</graph></graphml>'
    )
