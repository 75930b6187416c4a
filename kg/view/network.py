"""The drawing: a pyvis network with every node in its place and every edge told from its parallels."""

from __future__ import annotations

import heapq
import json
import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from pyvis.network import Network

from kg.view.labels import width, wrap
from kg.view.layout import Box, components, place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.merge import KnowledgeGraph

OPENING = 500  # so many nodes are drawn when a page opens; the rest comes by search and by expanding
CANVAS_ABOVE = 1500  # more nodes than this are drawn by force-graph, which carries them all
_LINE_HEIGHT = 1.25

# What vis-network is told once for all nodes and edges. Colours that depend on light and dark are set by the page.
_OPTIONS: dict[str, Any] = {
    "autoResize": True,
    "physics": {"enabled": False, "solver": "forceAtlas2Based", "stabilization": False},
    "layout": {"improvedLayout": False},
    "interaction": {
        "hover": True,
        "tooltipDelay": 200,
        "keyboard": {"enabled": True, "bindToWindow": False},
        "multiselect": False,
        "selectConnectedEdges": False,
    },
    "nodes": {
        "borderWidth": 1,
        "borderWidthSelected": 3,
    },
    "edges": {
        "smooth": {"enabled": False},
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.5}},
        "width": 1,
        "selectionWidth": 1.5,
        "hoverWidth": 0.5,
        "selfReference": {"size": 18},
        "font": {"size": 12, "strokeWidth": 4, "align": "horizontal"},
    },
}


def build_network(graph: KnowledgeGraph) -> Network:
    """The pyvis network of `graph`: node *i* is the i-th entity and edge *i* the i-th fact, with whole numbers as ids.

    Only what is drawn when the page opens has a place; the page finds one for what is expanded later.

    >>> from kg.domain import Domain
    >>> from kg.merge import KnowledgeGraph
    >>> empty = KnowledgeGraph(Domain.default(), documents=(), entities=(), facts=(), observations=())
    >>> build_network(empty).num_nodes()
    0
    """
    entities, facts = graph.entities(), graph.facts()
    index = {entity.id: i for i, entity in enumerate(entities)}
    ends = [(index[fact.head], index[fact.tail]) for fact in facts]
    degree = Counter(node for pair in ends for node in set(pair))
    labels = [wrap(entity.name) for entity in entities]
    shown, _ = opening(len(entities), ends, limit_of(len(entities)))
    local = {node: i for i, node in enumerate(shown)}
    inner = [(local[a], local[b]) for a, b in ends if a in local and b in local]
    points = place([_box(labels[node], degree[node]) for node in shown], inner)
    network = Network(directed=True, cdn_resources="in_line")
    # Network.add_node and add_edge look every node up in a list; at thousands of them that takes seconds.
    network.node_ids.extend(range(len(entities)))
    network.nodes.extend(
        {
            "id": i,
            "label": label or " ",
            "size": _size(degree[i]),
            "font": {"size": _font(degree[i])},
            **(dict(zip("xy", points[local[i]], strict=True)) if i in local else {}),
        }
        for i, label in enumerate(labels)
    )
    network.edges.extend(
        {"id": i, "from": head, "to": tail, **bend}
        for i, ((head, tail), bend) in enumerate(zip(ends, _bends(ends), strict=True))
    )
    network.set_options(json.dumps(_OPTIONS))
    return network


def limit_of(count: int) -> int:
    """How many of `count` nodes are drawn when the page opens: all where force-graph draws them.

    >>> limit_of(600), limit_of(20_000)
    (500, 20000)
    """
    return count if count > CANVAS_ABOVE else OPENING


def most_connected(graph: KnowledgeGraph, limit: int) -> KnowledgeGraph:
    """`graph` with its `limit` best connected entities alone, grown from the best connected one; isolated ones last.

    >>> from kg.domain import Domain
    >>> from kg.merge import KnowledgeGraph
    >>> empty = KnowledgeGraph(Domain.default(), documents=(), entities=(), facts=(), observations=())
    >>> most_connected(empty, 10) is empty
    True
    """
    entities = graph.entities()
    if len(entities) <= limit:
        return graph
    index = {entity.id: i for i, entity in enumerate(entities)}
    ends = [(index[fact.head], index[fact.tail]) for fact in graph.facts()]
    kept = {entities[i].id for i in _best_connected(len(entities), ends, limit)}
    return type(graph)(
        graph.domain,
        documents=graph.documents.values(),
        entities=[entity for entity in entities if entity.id in kept],
        facts=[f for f in (*graph.facts(), *graph.unasserted(), *graph.open_facts()) if {f.head, f.tail} <= kept],
        observations=[o for o in graph.observations() if o.about in kept],
        datings=[d for d in graph.datings() if d.about in kept],
    )


def opening(count: int, edges: Sequence[tuple[int, int]], limit: int = OPENING) -> tuple[list[int], list[int]]:
    """The nodes that are drawn when the page opens, and those of them that it opens on: the most connected part.

    >>> opening(4, [(1, 2), (2, 3)])
    ([0, 1, 2, 3], [1, 2, 3])
    >>> opening(4, [(1, 2), (2, 3)], limit=2)
    ([1, 2], [1, 2])
    """
    shown = list(range(count)) if count <= limit else sorted(_best_connected(count, edges, limit))
    local = {node: i for i, node in enumerate(shown)}
    inner = [(local[a], local[b]) for a, b in edges if a in local and b in local]
    parts = components(len(shown), inner)
    return shown, [shown[i] for i in parts[0]] if parts else []


def _best_connected(count: int, edges: Sequence[tuple[int, int]], limit: int) -> list[int]:
    """Up to `limit` nodes, grown from the best connected one by always adding the best connected neighbour."""
    neighbours = defaultdict(set)
    for head, tail in edges:
        neighbours[head].add(tail)
        neighbours[tail].add(head)
    rank = sorted(range(count), key=lambda node: (-len(neighbours[node]), node))
    order = {node: place for place, node in enumerate(rank)}
    taken: list[int] = []
    seen: set[int] = set()
    for start in rank:
        heap = [] if start in seen else [order[start]]
        seen.add(start)
        while heap and len(taken) < limit:
            node = rank[heapq.heappop(heap)]
            taken.append(node)
            for other in neighbours[node] - seen:
                seen.add(other)
                heapq.heappush(heap, order[other])
    return taken


def _size(degree: int) -> float:
    return round(7 + min(26.0, 4.5 * math.sqrt(degree)), 1)


def _font(degree: int) -> int:
    return 13 + min(15, round(2.6 * math.sqrt(max(0, degree - 1))))


def _box(label: str, degree: int) -> Box:
    lines, size, font = label.split("\n"), _size(degree), _font(degree)
    half = max(size, max(map(width, lines)) * font / 2)
    return Box(half, size, size + len(lines) * font * _LINE_HEIGHT + 4)


def _bends(ends: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """How each edge is bent: straight where it is alone between its nodes, else each on an arc of its own.

    An arc bends to the right of its own direction, so those of the two directions never meet.
    """
    between = defaultdict(list)
    for i, (head, tail) in enumerate(ends):
        between[min(head, tail), max(head, tail)].append(i)
    bends: list[dict[str, Any]] = [{} for _ in ends]
    for pair, members in between.items():
        if len(members) == 1 or pair[0] == pair[1]:
            continue
        ranks: Counter[tuple[int, int]] = Counter()
        for i in members:
            ranks[ends[i]] += 1
            roundness = round(0.14 * ranks[ends[i]], 2)
            bends[i] = {"smooth": {"enabled": True, "type": "curvedCW", "roundness": roundness}}
    return bends
