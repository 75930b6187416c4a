"""Where the nodes stand: computed at build time, the same on every run, nothing on top of anything else."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import igraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_GAP = 14.0  # between two boxes
_COMPONENT_GAP = 90.0
_ROOM = 3.0  # the area of a drawing, in areas of its boxes, before boxes are pushed apart
_ASPECT = 1.6  # screens are wider than high
_TOUCHING = 1e-9
_TOGETHER = 600  # more boxes than this are drawn community by community
_SEED = 0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """The room a node takes, label included: half its width, and its extent above and below its centre."""

    half: float
    above: float
    below: float

    @property
    def area(self) -> float:
        """Width by height."""
        return 2 * self.half * (self.above + self.below)


def components(count: int, edges: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The connected parts of a graph of nodes 0 … `count` - 1, the largest first.

    >>> components(4, [(2, 3)])
    [[2, 3], [0], [1]]
    """
    parts = igraph.Graph(n=count, edges=sorted(edges)).connected_components(mode="weak")
    return sorted((sorted(part) for part in parts), key=lambda part: (-len(part), part))


def communities(count: int, edges: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The groups of nodes that are joined more closely to each other than to others (Leiden), the largest first.

    >>> communities(6, [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)])
    [[0, 1, 2], [3, 4, 5]]
    """
    graph = igraph.Graph(n=count, edges=sorted(edges)).simplify()
    with _same_every_time():
        found = graph.community_leiden(objective_function="modularity", n_iterations=5)
    return sorted((sorted(group) for group in found), key=lambda group: (-len(group), group))


@contextmanager
def _same_every_time() -> Iterator[None]:
    """Within it igraph draws its random numbers from a fixed seed."""
    igraph.set_random_number_generator(random.Random(_SEED))  # noqa: S311  for drawing
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)


def place(boxes: Sequence[Box], edges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The centre of each box, in whole units: force-directed within a component, components packed in shelves.

    >>> place([Box(10, 10, 10)] * 2, [])
    [(0, 0), (110, 0)]
    """
    edges = sorted({(min(e), max(e)) for e in edges if e[0] != e[1]})
    inner = defaultdict(list)
    parts = components(len(boxes), edges)
    part_of = {node: i for i, part in enumerate(parts) for node in part}
    for edge in edges:
        inner[part_of[edge[0]]].append(edge)
    drawings = []
    for index, part in enumerate(parts):
        local = {node: i for i, node in enumerate(part)}
        links = [(local[a], local[b]) for a, b in inner[index]]
        drawings.append(_draw([boxes[node] for node in part], links))
    points: dict[int, Point] = {}
    for part, drawing, (left, top) in zip(parts, drawings, _shelve([d.size for d in drawings]), strict=True):
        points.update({node: (left + x, top + y) for node, (x, y) in zip(part, drawing.points, strict=True)})
    return [(round(points[node][0]), round(points[node][1])) for node in range(len(boxes))]


@dataclass(frozen=True, slots=True)
class _Drawing:
    points: list[Point]  # with the top left corner at the origin
    size: Point


def _draw(boxes: Sequence[Box], edges: Sequence[tuple[int, int]], room: float = _ROOM) -> _Drawing:
    groups = communities(len(boxes), edges) if len(boxes) > _TOGETHER else []
    if 1 < len(groups) < len(boxes):
        points = _by_group(boxes, edges, groups)
    else:
        points = _spread(boxes, _force_directed(len(boxes), edges), room)
        _push_apart(points, boxes)
    left = min(x - b.half for (x, _), b in zip(points, boxes, strict=True))
    top = min(y - b.above for (_, y), b in zip(points, boxes, strict=True))
    right = max(x + b.half for (x, _), b in zip(points, boxes, strict=True))
    bottom = max(y + b.below for (_, y), b in zip(points, boxes, strict=True))
    return _Drawing([(x - left, y - top) for x, y in points], (right - left, bottom - top))


def _by_group(boxes: Sequence[Box], edges: Sequence[tuple[int, int]], groups: list[list[int]]) -> list[Point]:
    """Each group drawn by itself, and then the groups as boxes: near-linear in time, and the groups can be seen."""
    group_of = {node: i for i, group in enumerate(groups) for node in group}
    inner: list[list[tuple[int, int]]] = [[] for _ in groups]
    outer = set()
    local = {node: i for group in groups for i, node in enumerate(group)}
    for a, b in edges:
        one, other = group_of[a], group_of[b]
        if one == other:
            inner[one].append((local[a], local[b]))
        else:
            outer.add((min(one, other), max(one, other)))
    drawings = [_draw([boxes[n] for n in group], links) for group, links in zip(groups, inner, strict=True)]
    frames = [Box(w / 2 + _COMPONENT_GAP / 2, h / 2, h / 2 + _COMPONENT_GAP / 2) for w, h in (d.size for d in drawings)]
    middles = _draw(frames, sorted(outer), room=1.2).points
    points: dict[int, Point] = {}
    for group, drawing, (x, y) in zip(groups, drawings, middles, strict=True):
        left, top = x - drawing.size[0] / 2, y - drawing.size[1] / 2
        points.update({node: (left + u, top + v) for node, (u, v) in zip(group, drawing.points, strict=True)})
    return [points[node] for node in range(len(boxes))]


def _force_directed(count: int, edges: Sequence[tuple[int, int]]) -> list[Point]:
    """A layout that starts from a sunflower of points and a fixed random number generator, its long side level."""
    if count <= 2:  # noqa: PLR2004  a pair lies level, so that its labels stay apart
        return [(float(i), 0.0) for i in range(count)]
    golden = math.pi * (3 - math.sqrt(5))
    start = [(math.sqrt(i) * math.cos(i * golden), math.sqrt(i) * math.sin(i * golden)) for i in range(count)]
    graph = igraph.Graph(n=count, edges=edges)
    with _same_every_time():
        if count > 2 * _TOGETHER:  # what no community divides, such as a star of thousands
            layout = graph.layout_fruchterman_reingold(seed=start, niter=200, grid="grid")
        else:
            # Kamada-Kawai keeps distances true: a hub stands amid its leaves. It is quick up to a thousand nodes.
            layout = graph.layout_kamada_kawai(seed=start, maxiter=50 * count)
    return _level([(x, y) for x, y in layout.coords])


def _level(points: list[Point]) -> list[Point]:
    """The points turned so that they spread most from left to right."""
    mean_x, mean_y = (sum(p[i] for p in points) / len(points) for i in (0, 1))
    centred = [(x - mean_x, y - mean_y) for x, y in points]
    angle = 0.5 * math.atan2(2 * sum(x * y for x, y in centred), sum(x * x - y * y for x, y in centred))
    cos, sin = math.cos(angle), math.sin(angle)
    return [(round(x * cos + y * sin, 6), round(y * cos - x * sin, 6)) for x, y in centred]


def _spread(boxes: Sequence[Box], points: list[Point], room: float) -> list[Point]:
    """The points on a canvas with room for the boxes."""
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    wide = max(max(xs) - min(xs), _TOUCHING)
    high = max(max(ys) - min(ys), wide / 3)  # what is thin, like a chain, need not fill an area
    if len(points) <= 2:  # noqa: PLR2004
        step = (2 * max(b.half for b in boxes) + 6 * _GAP) / wide
        return [(x * step, y) for x, y in points]
    scale = math.sqrt(room * sum(b.area for b in boxes) / (wide * high))
    return [(x * scale * 1.15, y * scale / 1.15) for x, y in points]


def _push_apart(points: list[Point], boxes: Sequence[Box]) -> None:
    """Move overlapping boxes apart, each by half of the shorter way, until none overlaps."""
    rounds = max(60, min(400, 400_000 // max(1, len(boxes))))
    cell_w = 2 * max(b.half for b in boxes) + _GAP
    cell_h = max(b.above + b.below for b in boxes) + _GAP
    half = [b.half + _GAP / 2 for b in boxes]
    high = [max(b.above, b.below) + _GAP / 2 for b in boxes]
    for _ in range(rounds):
        cells = defaultdict(list)
        for i, (x, y) in enumerate(points):
            cells[int(x // cell_w), int(y // cell_h)].append(i)
        moved = False
        for (cx, cy), members in sorted(cells.items()):
            near = [
                j for dx, dy in ((0, 0), (1, 0), (-1, 1), (0, 1), (1, 1)) for j in cells.get((cx + dx, cy + dy), ())
            ]
            for position, i in enumerate(members):
                for j in near[position + 1 :]:
                    # Most are far from each other, and a call for each would take most of the time.
                    (xi, yi), (xj, yj) = points[i], points[j]
                    if abs(xi - xj) < half[i] + half[j] and abs(yi - yj) < high[i] + high[j]:
                        moved |= _separate(points, boxes, i, j)
        if not moved:
            return


def _separate(points: list[Point], boxes: Sequence[Box], i: int, j: int) -> bool:
    (xi, yi), (xj, yj), a, b = points[i], points[j], boxes[i], boxes[j]
    over_x = a.half + b.half + _GAP - abs(xi - xj)
    if over_x <= _TOUCHING:
        return False
    upper_first = (yi, i) <= (yj, j)
    over_y = (a.below + b.above if upper_first else b.below + a.above) + _GAP - abs(yi - yj)
    if over_y <= _TOUCHING:
        return False
    if over_x < over_y:
        step = (over_x / 2 + 0.01) * (-1 if (xi, i) <= (xj, j) else 1)
        points[i], points[j] = (xi + step, yi), (xj - step, yj)
    else:
        step = (over_y / 2 + 0.01) * (-1 if upper_first else 1)
        points[i], points[j] = (xi, yi + step), (xj, yj - step)
    return True


def _shelve(sizes: Sequence[Point]) -> list[Point]:
    """The top left corner of each rectangle, row by row, around the centre of the first."""
    if not sizes:
        return []
    area = sum((w + _COMPONENT_GAP) * (h + _COMPONENT_GAP) for w, h in sizes)
    limit = max(sizes[0][0], math.sqrt(area * _ASPECT))
    corners: dict[int, Point] = {}
    left = top = tallest = 0.0
    for index in [0, *sorted(range(1, len(sizes)), key=lambda i: (-sizes[i][1], -sizes[i][0], i))]:
        wide, high = sizes[index]
        if left and left + wide > limit:
            left, top, tallest = 0.0, top + tallest + _COMPONENT_GAP, 0.0
        corners[index] = (left, top)
        left, tallest = left + wide + _COMPONENT_GAP, max(tallest, high)
    middle = sizes[0][0] / 2, sizes[0][1] / 2
    return [(corners[i][0] - middle[0], corners[i][1] - middle[1]) for i in range(len(sizes))]
