"""Who holds which post where, in news that nobody here wrote: recall, and how often what does not hold is asserted.

    python bench/title_triples.py title_triples_news.dev.jsonl [--misses 20]

Each line holds a `text`, `triples` [organisation, post, person, …] that it states and `negatives` that it does not.
A triple is found where the person holds the post and works for the organisation; where a place heads the post
(stands right before it), holding the post is enough. What is missed is sorted by the first thing
that went wrong. The data measures and never teaches: nothing in it may find its way into ontology/.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg import Pipeline
from kg.resolve import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model import Entity, Extraction

_PERSON, _ROLE, _PLACE, _ORGANIZATION = "Person", "Role", "Place", "Organization"


@dataclass(frozen=True, slots=True)
class Post:
    """An organisation, a post and a person, as the data names them."""

    organization: str
    title: str
    person: str


class Reading:
    """What the program reads off one text, asked about posts."""

    def __init__(self, pipeline: Pipeline, text: str) -> None:
        self.extraction: Extraction = pipeline.extract(text)
        self.entities = {e.id: e for e in self.extraction.entities}
        self._is_a = pipeline.domain.is_a
        self._facts = {(f.head, f.relation, f.tail) for f in self.extraction.facts}

    def tails(self, person: Entity, relation: str) -> list[Entity]:
        """What `person` is joined to by `relation`."""
        return [self.entities[t] for h, r, t in sorted(self._facts) if (h, r) == (person.id, relation)]

    def named(self, name: str, kind: str) -> list[Entity]:
        """The entities of class `kind` that bear `name`."""
        return [e for e in self.entities.values() if self._is_a(e.type, kind) and fold(name) in map(fold, _words(e))]

    def near(self, name: str, kind: str) -> list[Entity]:
        """The entities of class `kind` whose names hold `name` or lie in it."""
        wanted = fold(name)
        return [
            e
            for e in self.entities.values()
            if self._is_a(e.type, kind) and any(wanted in fold(n) or fold(n) in wanted for n in _words(e))
        ]

    def states(self, post: Post, *, strictly: bool) -> bool:
        """Whether some person of that name holds the post there; not `strictly`: names may differ at their edges."""
        look = self.named if strictly else self.near
        titles = {e.id for e in look(post.title, _ROLE)}
        places = {e.id for e in look(post.organization, _ORGANIZATION)}
        is_placed = not places and self._heads(look(post.organization, _PLACE), look(post.title, _ROLE))
        for person in self.named(post.person, _PERSON):
            holds = titles & {e.id for e in self.tails(person, "holdsRole")}
            works = places & {e.id for e in self.tails(person, "worksFor")}
            if holds and (works or is_placed):
                return True
        return False

    def _heads(self, places: list[Entity], titles: list[Entity]) -> bool:
        """Whether a mention of one of `places` ends where a mention of one of `titles` begins."""
        ends = {m.span.end for e in places for m in e.mentions}
        return any(m.span.begin in ends for e in titles for m in e.mentions)

    def fault(self, post: Post) -> str:
        """The first thing that kept the reading from stating `post`."""
        people = self.named(post.person, _PERSON)
        if not people:
            return "person: edges" if self.near(post.person, _PERSON) else "person: not found"
        kinds = (_ORGANIZATION, _PLACE)
        if not any(self.named(post.organization, kind) for kind in kinds):
            is_near = any(self.near(post.organization, kind) for kind in kinds)
            return "organization: edges" if is_near else "organization: not found"
        if not self.named(post.title, _ROLE):
            return "role: edges" if self.near(post.title, _ROLE) else "role: not found"
        wanted = {e.id for e in self.named(post.title, _ROLE)}
        has_role = any(e.id in wanted for p in people for e in self.tails(p, "holdsRole"))
        where = {e.id for e in self.named(post.organization, _ORGANIZATION)}
        has_place = any(e.id in where for p in people for e in self.tails(p, "worksFor"))
        return "relation: " + ("worksFor" if has_role else "holdsRole" if has_place else "both")


def _words(entity: Entity) -> set[str]:
    """Every wording of `entity` in the text."""
    return {*entity.names, *(m.text for m in entity.mentions if m.kind != "pronoun")}


def rows(path: Path) -> Iterator[tuple[str, list[Post], list[Post]]]:
    """The texts with what they state and what they do not."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["text"], [Post(*t[:3]) for t in row["triples"]], [Post(*t[:3]) for t in row["negatives"]]


def main() -> None:
    """Measure and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--misses", type=int, default=0, metavar="N", help="show the first N misses of each kind")
    chosen = parser.parse_args()
    pipeline = Pipeline()
    counts: Counter[str] = Counter()
    faults: dict[str, list[tuple[Post, str]]] = {}
    for text, stated, denied in rows(chosen.data):
        reading = Reading(pipeline, text)
        counts["triples"] += len(stated)
        counts["negatives"] += len(denied)
        counts["asserted"] += sum(reading.states(p, strictly=True) for p in denied)
        counts["asserted loosely"] += sum(reading.states(p, strictly=False) for p in denied)
        for post in stated:
            counts["found loosely"] += reading.states(post, strictly=False)
            if reading.states(post, strictly=True):
                counts["found"] += 1
            else:
                faults.setdefault(reading.fault(post), []).append((post, text))
    show(counts, faults, chosen.misses)


def show(counts: Counter[str], faults: dict[str, list[tuple[Post, str]]], examples: int) -> None:
    """Print the figures; strictly, and loosely: where names may differ at their edges."""
    for kind, whole in (("found", "triples"), ("asserted", "negatives")):
        for name in (kind, f"{kind} loosely"):
            print(f"{name:<18}{counts[name]:>5} of {counts[whole]:>5}  {counts[name] / max(counts[whole], 1):.3f}")
    print("\nmisses by the first thing that went wrong")
    for fault, missed in sorted(faults.items(), key=lambda f: -len(f[1])):
        print(f"{len(missed):>5}  {fault}")
        for post, text in missed[:examples]:
            print(f"         {post.organization} | {post.title} | {post.person}\n           {text}")


if __name__ == "__main__":
    main()
