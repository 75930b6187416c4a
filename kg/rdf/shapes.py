"""SHACL shapes that follow from the ontology: what each relation may join."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.domain import Domain

# In shapes.ttl all after the line that begins so is made from the ontology, by `make docs`.
HEADING = "##### Relations: "
_ENDS = (("Head", "targetSubjectsOf", "主体", "head"), ("Tail", "targetObjectsOf", "客体", "tail"))


def relation_shapes(domain: Domain) -> str:
    """Turtle of two shapes for each relation: one for its heads, one for its tails.

    >>> from kg.domain import Domain
    >>> print(relation_shapes(Domain.default())[:73])
    shape:organizesHead a sh:NodeShape ;
        sh:targetSubjectsOf kg:organizes
    """
    return "\n".join(
        _shape(domain, name, end, joined)
        for name, sides in domain.joined().items()
        for end, joined in zip(_ENDS, sides, strict=True)
    )


def with_relation_shapes(text: str, domain: Domain) -> str:
    """The shapes in `text` with those of relations made anew."""
    kept, mark, rest = text.partition(HEADING)
    return f"{kept}{mark}{rest.partition(chr(10))[0]}\n\n{relation_shapes(domain)}" if mark else text


def _shape(domain: Domain, name: str, end: tuple[str, str, str, str], joined: tuple[str, ...]) -> str:
    suffix, target, zh, en = end
    parts = [f"sh:class kg:{each}" for each in joined]
    either = parts[0] if len(parts) == 1 else f"sh:or ( {' '.join(f'[ {part} ]' for part in parts)} )"
    label = domain.relations[name].labels.get("zh", name)
    template = Path(__file__).with_name("relation-shape.txt").read_text(encoding="utf-8")
    return template.format(name=name, suffix=suffix, target=target, joined=either, label=label, zh=zh, en=en)
