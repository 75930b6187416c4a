"""Who is who across documents: B-cubed on tests/data/identity*.ann, beside merging by name.

Run: python bench/identity.py [--errors]. The rules were written while identity.ann was looked at; identity_other.ann
was written by somebody else and only measured. In these files `## id | date | outlet` begins a document, and a mark
`【words=thing|Class】` says which thing the words name; a thing is the same in all documents.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg.domain import Domain
from kg.evaluate.clustering import BCubed, b_cubed
from kg.merge import merge
from kg.model import Document, Entity, Field, Mention, Metadata
from kg.pipeline import Pipeline
from kg.recognize.annotated import Annotated, parse_annotated
from kg.resolve import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.merge import KnowledgeGraph
    from kg.model import Extraction

_DATA = Path(__file__).parent.parent / "tests" / "data"
GOLD, OTHER_GOLD = _DATA / "identity.ann", _DATA / "identity_other.ann"
Item = tuple[str, int, int]


class Case(NamedTuple):
    """One document of the gold with its entities and, by place, the thing that each mention names."""

    document: Document
    entities: tuple[Entity, ...]
    things: dict[Item, str]


def read_cases(path: Path = GOLD) -> list[Case]:
    """The documents of the cross-document gold."""
    parts = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [_case(part) for part in parts]


def _case(part: str) -> Case:
    heading, _, body = part.partition("\n")
    name, date, outlet = (field.strip() for field in heading.split("|"))
    found = parse_annotated(body, name)
    stated = Metadata(publisher=Field(outlet) if outlet else None, date_published=Field(date) if date else None)
    document = Document(found.document.id, found.document.text, found.document.sha256, metadata=stated)
    marked = list(zip(found.mentions, found.entities, strict=True))
    things = {(name, m.span.begin, m.span.end): thing for m, thing in marked}
    return Case(document, _entities(found), things)


def _entities(found: Annotated) -> tuple[Entity, ...]:
    by_thing: dict[str, list[Mention]] = {}
    for mention, thing in zip(found.mentions, found.entities, strict=True):
        by_thing.setdefault(thing, []).append(mention)
    entities = []
    for number, mentions in enumerate(by_thing.values(), 1):
        name, *aliases = sorted({m.text for m in mentions}, key=lambda n: (-len(n), n))
        entities.append(Entity(f"e{number}", mentions[0].type, name, tuple(aliases), tuple(mentions)))
    return tuple(entities)


def clusters(graph: KnowledgeGraph) -> dict[Item, str]:
    """The entity of each mention of `graph`."""
    return {(m.document, m.span.begin, m.span.end): e.id for e in graph.entities() for m in e.mentions}


def by_name(extractions: Sequence[Extraction]) -> dict[Item, str]:
    """What merging by name gives: entities of one class and name are one."""
    return {
        (m.document, m.span.begin, m.span.end): f"{e.type} {fold(e.name)}"
        for x in extractions
        for e in x.entities
        for m in e.mentions
    }


def measure(cases: Sequence[Case]) -> dict[str, BCubed]:
    """B-cubed with the annotated names and with recognised ones, ours and by name."""
    domain = Domain.default()
    pipeline = Pipeline(domain)
    gold = {item: thing for case in cases for item, thing in case.things.items()}
    given = [pipeline.extract(c.document, entities=c.entities) for c in cases]
    read = [pipeline.extract(c.document) for c in cases]
    return {
        "annotated names": b_cubed(gold, clusters(merge(given, domain))),
        "annotated names, by string": b_cubed(gold, by_name(given)),
        "recognised names": b_cubed(gold, clusters(merge(read, domain))),
        "recognised names, by string": b_cubed(gold, by_name(read)),
    }


def errors(cases: Sequence[Case]) -> list[str]:
    """The things that are several entities, and the entities that are several things, with the annotated names."""
    domain = Domain.default()
    pipeline = Pipeline(domain)
    found = clusters(merge([pipeline.extract(c.document, entities=c.entities) for c in cases], domain))
    pairs = sorted({(thing, found[item], item[0]) for case in cases for item, thing in case.things.items()})
    lines = []
    for side, name in ((0, "is several"), (1, "holds several")):
        for one in sorted({p[side] for p in pairs}):
            others = sorted({(p[1 - side], p[2]) for p in pairs if p[side] == one})
            if len({o for o, _ in others}) > 1:
                lines.append(f"{one} {name}: {', '.join(f'{o} ({d})' for o, d in others)}")
    return lines


def main() -> None:
    """Print the figures, and with --errors what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="also print what is merged or kept apart wrongly")
    wanted = parser.parse_args()
    for path in (GOLD, OTHER_GOLD):
        cases = read_cases(path)
        print(f"{path.name}: {len(cases)} documents, {len({t for c in cases for t in c.things.values()})} things")
        print(f"{'':30}{'P':>7}{'R':>7}{'F1':>7}")
        for name, figures in measure(cases).items():
            print(f"{name:30}{figures.precision:7.3f}{figures.recall:7.3f}{figures.f1:7.3f}")
        for line in errors(cases) if wanted.errors else ():
            print(line)


if __name__ == "__main__":
    main()
