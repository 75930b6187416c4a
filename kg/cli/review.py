"""``kg review``: walk what is undecided and what is least certain, and write down what a person decides."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kg.merge import Candidate, Decision, KnowledgeGraph, Thing
    from kg.model import Entity, Fact

_SHOWN = 2  # sentences of an entity


def review(
    graph: Annotated[Path, typer.Argument(metavar="GRAPH", help="A Turtle file that `kg build` wrote.")],
    decisions: Annotated[
        Path, typer.Argument(metavar="DECISIONS", help="The file to write to, decisions.yaml beside the sources.")
    ],
    *,
    author: Annotated[str, typer.Option(metavar="NAME", help="Who decides.", prompt="Who decides")],
    facts: Annotated[int, typer.Option(metavar="NUMBER", help="How many of the least certain facts to show.")] = 20,
    domain: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Domain folder; the one that ships with kg where not given.")
    ] = None,
) -> None:
    """Walk the candidates and the least certain facts; write each decision at once. The next build replays them."""
    from kg.domain import Domain
    from kg.files import write_atomically
    from kg.merge import candidates as find
    from kg.merge import read_decisions
    from kg.merge.decisions import write_entries
    from kg.rdf import read_turtle

    read = read_turtle(graph, Domain(domain) if domain else None)
    known = set(read_decisions(decisions, read.domain)) if decisions.exists() else set()

    def keep(decision: Decision) -> None:
        if decision in known:
            return
        known.add(decision)
        before = decisions.read_text(encoding="utf-8-sig").rstrip("\n") if decisions.exists() else ""
        write_atomically(decisions, (before + "\n" if before else "") + write_entries([decision]))

    for candidate in find(read):
        answer = _ask(_pair(read, candidate), "one thing (m), two things (a), next (n), leave (q)", "manq")
        if answer == "q":
            return
        if answer in "ma":
            keep(_on_pair(candidate, author, merge=answer == "m"))
    for fact in sorted(read.facts(), key=_certainty)[:facts]:
        answer = _ask(_stated(read, fact), "wrong (w), next (n), leave (q)", "wnq")
        if answer == "q":
            return
        if answer == "w":
            keep(_on_fact(read, fact, author))


def _ask(shown: str, question: str, answers: str) -> str:
    typer.echo(shown)
    while True:
        given: str = typer.prompt(question, default="n").strip().casefold()
        if given in set(answers):
            return given


def _pair(graph: KnowledgeGraph, candidate: Candidate) -> str:
    lines = [f"\n{candidate.first.type}: {candidate.explanation}"]
    for number, entity in enumerate((candidate.first, candidate.second), 1):
        lines.append(f"  {number}. {entity.name}")
        for mention in entity.mentions[:_SHOWN]:
            text = graph.documents[mention.document].text
            around = text[max(0, mention.span.begin - 20) : mention.span.end + 20]
            lines.append(f"     {mention.document}: …{' '.join(around.split())}…")
    return "\n".join(lines)


def _stated(graph: KnowledgeGraph, fact: Fact) -> str:
    title = f"\n{graph.entity(fact.head).name} {fact.relation} {graph.entity(fact.tail).name}"
    evidence = max(fact.evidence, key=lambda e: e.confidence)
    return f"{title}\n  {evidence.document}, confidence {evidence.confidence:g}: {' '.join(evidence.quote.split())}"


def _certainty(fact: Fact) -> tuple[float, str, str, str]:
    return max(e.confidence for e in fact.evidence), fact.head, fact.relation, fact.tail


def _on_pair(candidate: Candidate, author: str, *, merge: bool) -> Decision:
    from kg.merge import Decision, Thing

    first, second = (_thing(e) for e in (candidate.first, candidate.second))
    today, reason = dt.datetime.now().astimezone().date().isoformat(), typer.prompt("Why")
    if merge:
        return Decision("merge", (first, second), author, today, reason)
    shared = Thing(candidate.name, candidate.first.type, tuple(sorted({*first.documents, *second.documents})))
    return Decision("split", (shared,), author, today, reason, second.documents)


def _on_fact(graph: KnowledgeGraph, fact: Fact, author: str) -> Decision:
    from kg.merge import Decision

    things = _thing(graph.entity(fact.head)), _thing(graph.entity(fact.tail))
    today, reason = dt.datetime.now().astimezone().date().isoformat(), typer.prompt("Why")
    return Decision("reject", things, author, today, reason, relation=fact.relation)


def _thing(entity: Entity) -> Thing:
    from kg.merge import Thing

    return Thing(entity.name, entity.type, tuple(sorted({m.document for m in entity.mentions})))
