"""A colour and a shape for every class: the shape and hue tell the family, the shade tells the class.

A family is the nearest superclass, so any ontology gets its colours without a table of its own. Hue and
shape change together from family to family: nobody has to tell two families apart by colour alone.
"""

from __future__ import annotations

import colorsys
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.domain import Domain

# Hues after Okabe and Ito and after Tol, which stay apart under the common colour vision deficiencies;
# neighbours in hue never share a shape. Shapes are those of vis-network that carry their label below.
_STYLES = (
    ("#2f6db5", "square"),
    ("#d9652b", "triangle"),
    ("#8a4fa8", "diamond"),
    ("#1b8a6b", "dot"),
    ("#c99700", "star"),
    ("#7d8a2e", "hexagon"),
    ("#6f7780", "triangleDown"),
    ("#2b9bc4", "hexagon"),
    ("#c75b8d", "square"),
    ("#9c3d54", "dot"),
    ("#2a8f93", "diamond"),
    ("#8c6a4a", "star"),
)
_HUE_STEP = 0.045  # how far the shades of a family swing around its hue, of the whole circle
_LIGHT_STEP = 0.13
_LIGHTEN = -0.05  # the darkest shade must still stand out on a dark page
_FADE = 0.3  # a light shade of full saturation would glare
_BORDER = 0.16


@dataclass(frozen=True, slots=True)
class Style:
    """How the entities of a class are drawn: fill and border as ``#rrggbb``, a shape of vis-network, a family."""

    color: str
    border: str
    shape: str
    family: str


def styles(domain: Domain, classes: Iterable[str]) -> dict[str, Style]:
    """The style of each class, family by family; large families come first.

    A style depends on the ontology alone, not on which classes a graph happens to hold.

    >>> from kg.domain import Domain
    >>> found = styles(Domain.default(), ["TradeUnion", "Company", "Training"])
    >>> found["TradeUnion"].shape == found["Company"].shape != found["Training"].shape
    True
    >>> found["TradeUnion"].color == found["Company"].color
    False
    """
    families = defaultdict(list)
    for name in sorted({*domain.classes, *classes}):
        families[_family(domain, name)].append(name)
    found = {}
    order = sorted(families, key=lambda f: (-len(families[f]), f))
    for index, family in enumerate(order):
        base, shape = _STYLES[index % len(_STYLES)]
        members = families[family]
        for rank, name in enumerate(members):
            swing = 0.0 if len(members) == 1 else 2 * rank / (len(members) - 1) - 1
            color = _shade(base, swing, darker=_LIGHTEN if len(members) > 1 else 0.0)
            found[name] = Style(color, _shade(color, 0.0, darker=_BORDER), shape, family)
    wanted = set(classes)
    return {name: style for name, style in found.items() if name in wanted}


def _family(domain: Domain, name: str) -> str:
    """The nearest superclass; a class without one, or one that has subclasses, is its own family."""
    if name not in domain.classes or any(name in c.ancestors for c in domain.classes.values()):
        return name
    ancestors = sorted(domain.classes[name].ancestors)
    return max(ancestors, key=lambda a: len(domain.classes[a].ancestors), default=name)


def _shade(color: str, swing: float, darker: float = 0.0) -> str:
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = min(0.7, max(0.2, light + swing * _LIGHT_STEP - darker))
    saturation *= 1 - _FADE * max(0.0, swing)
    rgb = colorsys.hls_to_rgb((hue - swing * _HUE_STEP) % 1, light, saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)
