"""``kg explain``: the sentences that state a fact, and how they were read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from kg.merge import KnowledgeGraph
    from kg.merge.lookup import Explanation
    from kg.model import Evidence, Fact

_ENDS = ("head", "tail")


def explain(
    graph: Annotated[Path, typer.Argument(metavar="GRAPH", help="A Turtle file that `kg build` wrote.")],
    head: Annotated[str, typer.Argument(metavar="HEAD", help="Name, alias or identifier of the first entity.")],
    relation: Annotated[
        str, typer.Argument(metavar="RELATION", help="The relation: organizes or 主办; of an open one its words.")
    ],
    tail: Annotated[str, typer.Argument(metavar="TAIL", help="Name, alias or identifier of the second entity.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the explanation as JSON.")] = False,
    domain: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Domain folder; the one that ships with kg where not given.")
    ] = None,
) -> None:
    """Print each sentence that states a fact: the words in it, what read it so, how sure, where it stands.

    A sentence shows [words|role]; the rule is a frame of the domain's frames.toml, or `learned` where the classifier
    alone decided. What is only planned, denied or claimed (`kg build --include-unasserted`) is told as such.
    Where the graph lacks the fact: which name it does not know, or how else the two are joined.
    Exit status: 0 the graph states it; 1 it does not; 2 no such relation, or no graph that can be read.
    """
    from kg.domain import Domain
    from kg.merge.lookup import explain as look_up
    from kg.rdf import read_turtle

    read = read_turtle(graph, Domain(domain) if domain else None)
    found = look_up(read, head, relation, tail)
    typer.echo(json.dumps(_as_data(read, found), ensure_ascii=False, indent=1) if as_json else _as_text(read, found))
    if not found.facts:
        raise typer.Exit(1)


def _as_text(graph: KnowledgeGraph, found: Explanation) -> str:
    lines = []
    for fact in (*found.facts, *found.unasserted):
        lines.append(_title(graph, fact))
        lines += [line for evidence in fact.evidence for line in _told(graph, fact, evidence)]
    for unknown in found.unknown:
        near = ", ".join(f"{e.name} ({e.id})" for e in unknown.nearest)
        lines.append(f"{unknown.name}: not in the graph; " + (f"nearest: {near}" if near else "nothing is like it"))
    if not (found.facts or found.unasserted or found.unknown):
        lines.append("The graph joins the two otherwise:" if found.others else "No fact joins the two.")
        lines += [f"  {_title(graph, fact)}" for fact in found.others]
    return "\n".join(lines)


def _title(graph: KnowledgeGraph, fact: Fact) -> str:
    known = graph.domain.relations.get(fact.relation)
    label = fact.predicate or (known.labels.get("zh", "") if known else "")
    told = f"{graph.entity(fact.head).name} —{fact.relation} {label}→ {graph.entity(fact.tail).name}"
    return f"{told} ({fact.modality}: no fact)" if fact.modality else told


def _told(graph: KnowledgeGraph, fact: Fact, evidence: Evidence) -> list[str]:
    """The lines on one sentence."""
    document = graph.documents[evidence.document]
    where = document.place(evidence.sentence.begin)
    place = f"{evidence.document} {f'{where} ' if where else ''}{evidence.sentence.begin}–{evidence.sentence.end}"
    lines = ["", _marked(graph, evidence), f"  {place}  {evidence.rule}  confidence {evidence.confidence:g}"]
    text = document.text
    lines += [f"  {m.role:<8}{_flat(m.span.of(text))}  {m.span.begin}–{m.span.end}" for m in evidence.marks]
    for role, entity in zip(_ENDS, (fact.head, fact.tail), strict=True):
        if all(mark.role != role for mark in evidence.marks):
            lines.append(f"  {role:<8}{graph.entity(entity).name}  carried on from an earlier sentence")
    return lines


def _marked(graph: KnowledgeGraph, evidence: Evidence) -> str:
    """The sentence with [words|role] for each mark; of marks that begin together the longer one is the outer."""
    text, sentence = graph.documents[evidence.document].text, evidence.sentence
    inside = [m for m in evidence.marks if sentence.covers(m.span)]
    shown = []
    for at in range(sentence.begin, sentence.end + 1):
        closing = sorted((m for m in inside if m.span.end == at), key=lambda m: (-m.span.begin, m.role))
        shown += [f"|{m.role}]" for m in closing]
        shown += ["[" for m in inside if m.span.begin == at]
        shown.append(text[at : min(at + 1, sentence.end)])
    return _flat("".join(shown))


def _flat(words: str) -> str:
    return " ".join(words.split())


def _as_data(graph: KnowledgeGraph, found: Explanation) -> dict[str, Any]:
    return {
        "facts": [_fact(graph, fact) for fact in found.facts],
        "unasserted": [_fact(graph, fact) for fact in found.unasserted],
        "others": [_fact(graph, fact) for fact in found.others],
        "unknown": [
            {"name": u.name, "nearest": [{"id": e.id, "name": e.name, "type": e.type} for e in u.nearest]}
            for u in found.unknown
        ],
    }


def _fact(graph: KnowledgeGraph, fact: Fact) -> dict[str, Any]:
    head, tail = graph.entity(fact.head), graph.entity(fact.tail)
    return {
        "head": {"id": head.id, "name": head.name, "type": head.type},
        "relation": fact.relation,
        "tail": {"id": tail.id, "name": tail.name, "type": tail.type},
        "modality": fact.modality,
        "predicate": fact.predicate,
        "evidence": [_evidence(graph, evidence) for evidence in fact.evidence],
    }


def _evidence(graph: KnowledgeGraph, evidence: Evidence) -> dict[str, Any]:
    text = graph.documents[evidence.document].text
    return {
        "document": evidence.document,
        "place": graph.documents[evidence.document].place(evidence.sentence.begin),
        "begin": evidence.sentence.begin,
        "end": evidence.sentence.end,
        "quote": evidence.quote,
        "rule": evidence.rule,
        "confidence": evidence.confidence,
        "marks": [
            {"role": m.role, "begin": m.span.begin, "end": m.span.end, "text": m.span.of(text)} for m in evidence.marks
        ],
    }
