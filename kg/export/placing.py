"""Where nodes stand in the formats that tell: as on the page, so that a drawing opens readable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.view.layout import Box, place

if TYPE_CHECKING:
    import networkx as nx

LARGEST = 1_000  # nodes; beyond, the tools' own layouts are quicker
_ROOM = Box(half=24.0, above=12.0, below=24.0)  # of a node with its label below


def positions(flat: nx.MultiDiGraph) -> dict[str, tuple[int, int]]:
    """The centre of each node, x to the right and y downwards; none where there are more than :data:`LARGEST`.

    >>> import networkx as nx
    >>> positions(nx.MultiDiGraph([("a", "b")])).keys()
    dict_keys(['a', 'b'])
    """
    if len(flat) > LARGEST:
        return {}
    index = {name: at for at, name in enumerate(flat)}
    points = place([_ROOM] * len(index), [(index[one], index[other]) for one, other in flat.edges()])
    return dict(zip(index, points, strict=True))
