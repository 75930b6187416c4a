"""The report: what a build gave, document by document, and what could not be read. It tells no time of day."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from kg.files import write_atomically
from kg.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg.errors import SourceError
    from kg.merge import KnowledgeGraph


def write_report(graph: KnowledgeGraph, path: Path, *, failures: Sequence[SourceError] = ()) -> None:
    """Write :func:`report` to `path` as JSON; :class:`kg.errors.TargetError` where that cannot be written."""
    write_atomically(path, json.dumps(report(graph, failures), ensure_ascii=False, indent=2) + "\n")


def report(graph: KnowledgeGraph, failures: Sequence[SourceError] = ()) -> dict[str, Any]:
    """Counts by class, relation and document, the failures, and which program and domain it was.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> report(merge([], Domain.default()))["counts"]
    {'documents': 0, 'entities': 0, 'facts': 0, 'observations': 0, 'failures': 0}
    """
    entities: Counter[str] = Counter(d for e in graph.entities() for d in {m.document for m in e.mentions})
    facts: Counter[str] = Counter(d for f in graph.facts() for d in {e.document for e in f.evidence})
    figures: Counter[str] = Counter(d for o in graph.observations() for d in {e.document for e in o.evidence})
    return {
        "program": {"name": "jiangpu", "version": VERSION},
        "domain": {"digest": graph.domain.digest},
        "counts": {
            "documents": len(graph.documents),
            "entities": len(graph.entities()),
            "facts": len(graph.facts()),
            "observations": len(graph.observations()),
            "failures": len(failures),
        },
        "classes": graph.count_by_class(),
        "relations": graph.count_by_relation(),
        "documents": [
            {
                "id": document.id,
                "title": document.metadata.title.value if document.metadata.title else None,
                "sha256": document.sha256,
                "characters": len(document.text),
                "entities": entities[document.id],
                "facts": facts[document.id],
                "observations": figures[document.id],
            }
            for document in graph.documents.values()
        ],
        "failures": [
            {"source": failure.source, "reason": failure.reason} for failure in sorted(failures, key=lambda f: f.source)
        ],
    }
