"""What the page knows: the graph as plain data, with numbers in place of names that would repeat.

The format is private to the page (``assets/model.js`` reads it): entities and facts are in the order of
`KnowledgeGraph`, so a node's number in the drawing is its place in ``entities`` and an edge's its place in ``facts``.
All positions are code points, as everywhere in the program.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from kg.view.labels import pinyin
from kg.view.layout import communities
from kg.view.network import limit_of, opening
from kg.view.palette import styles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.merge import KnowledgeGraph
    from kg.model import Document, Entity, Evidence, Fact, Interval

_LANGUAGES = ("zh", "en")
_GROUP = 3  # fewer entities are no community


def payload(graph: KnowledgeGraph, left_out: Mapping[str, int] | None = None) -> dict[str, Any]:
    """All that the page shows, as data for JSON; `left_out` counts what it does not.

    >>> from kg.domain import Domain
    >>> from kg.merge import KnowledgeGraph
    >>> empty = KnowledgeGraph(Domain.default(), documents=(), entities=(), facts=(), observations=())
    >>> payload(empty)["entities"]
    []
    """
    return {**_Writer(graph).payload(), "left": dict(left_out or {})}


class _Writer:
    """The tables of numbers that stand for classes, relations, documents, rules and entities."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.graph = graph
        self.entities, self.facts, self.observations = graph.entities(), graph.facts(), graph.observations()
        self.said, self.datings = (*graph.unasserted(), *graph.open_facts()), graph.datings()
        evidence = list(graph.evidence())
        cited = {e.document for e in evidence} | {m.document for e in self.entities for m in e.mentions}
        self.looks = styles(graph.domain, {e.type for e in self.entities})
        self.classes = {name: i for i, name in enumerate(self.looks)}
        counts = Counter(fact.relation for fact in (*self.facts, *self.said))
        self.relations = {name: i for i, name in enumerate(sorted(counts))}
        self.documents = {name: i for i, name in enumerate(sorted({*graph.documents, *cited}))}
        self.rules = {name: i for i, name in enumerate(sorted({e.rule for e in evidence}))}
        self.numbers = {entity.id: i for i, entity in enumerate(self.entities)}

    def payload(self) -> dict[str, Any]:
        ends = [(self.numbers[f.head], self.numbers[f.tail]) for f in self.facts]
        shown, focus = opening(len(self.entities), ends, limit_of(len(self.entities)))
        groups = [group for group in communities(len(self.entities), ends) if len(group) >= _GROUP]
        return {
            "classes": self._classes(),
            "relations": self._relations(),
            "documents": [self._document(name) for name in self.documents],
            "rules": list(self.rules),
            "entities": [self._entity(entity) for entity in self.entities],
            "facts": [self._fact(fact) for fact in self.facts],
            "said": [self._fact(fact) for fact in self.said],
            "observations": self._figures(),
            "datings": [
                {
                    "about": self.numbers[d.about],
                    "period": d.period,
                    "interval": _interval(d.interval),
                    "modality": d.modality,
                    "evidence": self._evidence(d.evidence),
                }
                for d in self.datings
                if d.about in self.numbers
            ],
            "groups": groups,
            "shown": shown,
            "focus": focus,
        }

    def _fact(self, fact: Fact) -> dict[str, Any]:
        return {
            "head": self.numbers[fact.head],
            "relation": self.relations[fact.relation],
            "tail": self.numbers[fact.tail],
            "modality": fact.modality,
            "evidence": self._evidence(fact.evidence),
            **({"predicate": fact.predicate} if fact.predicate else {}),
        }

    def _figures(self) -> list[dict[str, Any]]:
        return [
            {
                "about": self.numbers[o.about],
                "measure": o.measure,
                "value": f"{o.value.normalize():f}",
                "unit": o.unit,
                "qualifier": o.qualifier,
                "period": o.period,
                "interval": _interval(o.interval),
                "change": o.change,
                "base": o.base,
                "modality": o.modality,
                "evidence": self._evidence(o.evidence),
            }
            for o in self.observations
            if o.about in self.numbers
        ]

    def _classes(self) -> list[dict[str, Any]]:
        counts = Counter(entity.type for entity in self.entities)
        known = self.graph.domain.classes
        return [
            {
                "name": name,
                **_labels(known[name].labels if name in known else {}, name),
                "color": look.color,
                "border": look.border,
                "shape": look.shape,
                "family": look.family,
                "count": counts[name],
            }
            for name, look in self.looks.items()
        ]

    def _relations(self) -> list[dict[str, Any]]:
        known, counts = self.graph.domain.relations, self.graph.count_by_relation()
        return [
            {
                "name": name,
                **_labels(known[name].labels if name in known else {}, name),
                "symmetric": name in known and known[name].symmetric,
                "count": counts.get(name, 0),
            }
            for name in self.relations
        ]

    def _document(self, name: str) -> dict[str, Any]:
        document: Document | None = self.graph.documents.get(name)
        if document is None:
            return {"id": name, "title": name, "publisher": None, "date": None, "text": ""}
        about = document.metadata
        return {
            "id": name,
            "title": about.title.value if about.title else name,
            "publisher": about.publisher.value if about.publisher else None,
            "date": about.date_published.value if about.date_published else None,
            "text": document.text,
        }

    def _entity(self, entity: Entity) -> dict[str, Any]:
        return {
            "id": entity.id,
            "class": self.classes[entity.type],
            "names": list(entity.names),
            "pinyin": [pinyin(name) for name in entity.names],
            "mentions": sorted([self.documents[m.document], m.span.begin, m.span.end] for m in entity.mentions),
        }

    def _evidence(self, evidence: Iterable[Evidence]) -> list[list[Any]]:
        """Each piece as document, begin, end, marks (role, begin and end in the sentence), rule, confidence, quote.

        The quote is left out where the document's own text gives it.
        """
        pieces: list[list[Any]] = []
        for e in evidence:
            marks = sorted([m.role, m.span.begin - e.sentence.begin, m.span.end - e.sentence.begin] for m in e.marks)
            piece = [self.documents[e.document], e.sentence.begin, e.sentence.end, marks]
            piece += [self.rules[e.rule], round(e.confidence, 3)]
            document = self.graph.documents.get(e.document)
            if document is None or e.sentence.of(document.text) != e.quote:
                piece.append(e.quote)
            pieces.append(piece)
        return pieces


def _interval(interval: Interval | None) -> list[Any] | None:
    """An interval as its two dates, whether it is vague, and how often it comes again."""
    return None if interval is None else [interval.begin, interval.end, interval.vague, interval.recurs]


def _labels(labels: Any, name: str) -> dict[str, str]:
    return {language: labels.get(language, name) for language in _LANGUAGES}
