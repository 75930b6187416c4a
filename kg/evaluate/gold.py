"""Gold annotations: documents with the entities, relations and observations that a careful reader finds."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kg.errors import GoldError
from kg.model import Document, Entity, Mention, Span
from kg.recognize.annotated import read_annotated

if TYPE_CHECKING:
    from pathlib import Path

    from kg.recognize.annotated import Annotated


@dataclass(frozen=True, slots=True)
class GoldObservation:
    """An annotated figure; `about` is the id of a gold entity, `evidence` the paragraph that states it where known."""

    about: str
    measure: str
    value: Decimal
    unit: str | None
    qualifier: str | None
    period: str | None
    modality: str | None
    evidence: Span | None = None


@dataclass(frozen=True, slots=True)
class Gold:
    """The annotation of one document (ONTOLOGY section 5): entities with ids, triples of ids, observations.

    Entities carry mentions where the file has them, else every place where a name of theirs stands.
    """

    document: Document
    entities: tuple[Entity, ...]
    relations: frozenset[tuple[str, str, str]]
    observations: tuple[GoldObservation, ...]


def read_gold(path: Path) -> Gold:
    """Read ``NAME.json`` and the ``NAME.txt`` beside it, or ``NAME.ann``, which holds both.

    :class:`GoldError` where a file is missing or malformed.
    """
    if path.suffix == ".ann":
        try:
            return gold_of(read_annotated(path))
        except (KeyError, ArithmeticError) as error:
            msg = f"{path}: an annotation of no marked name or with no number ({error})"
            raise GoldError(msg) from error
    source = path.with_suffix(".txt")
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
        with source.open(encoding="utf-8-sig", newline="") as file:
            text = file.read()
        document = Document(source.name, text, hashlib.sha256(text.encode()).hexdigest())
        observations = tuple(_observation(o) for o in data["observations"])
        relations = frozenset((r["head"], r["type"], r["tail"]) for r in data["relations"])
        return Gold(document, _entities(data, document), relations, observations)
    except (OSError, KeyError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        msg = f"{path}: not a gold annotation with its text beside it ({error})"
        raise GoldError(msg) from error


def gold_of(annotated: Annotated) -> Gold:
    r"""What an annotated text states, as gold.

    >>> from kg.recognize.annotated import parse_annotated
    >>> gold = gold_of(parse_annotated("【甲厂|Company】有工人30名。\n# 甲厂 | 工人 | 30 | 名"))
    >>> [(o.about, o.value, o.unit) for o in gold.observations]
    [('e1', Decimal('30'), '名')]
    """
    classes = {name: mention.type for name, mention in zip(annotated.entities, annotated.mentions, strict=True)}
    classes |= dict(annotated.inner)
    ids = {name: f"e{number}" for number, name in enumerate(classes, 1)}
    aliases: dict[str, set[str]] = {name: set() for name in classes}
    for name, mention in zip(annotated.entities, annotated.mentions, strict=True):
        if mention.kind == "alias":
            aliases[name].add(mention.text)
    rows = [
        {"id": ids[name], "name": name, "type": kind, "aliases": sorted(aliases[name] - {name})}
        for name, kind in classes.items()
    ]
    mentions = [
        [m.span.begin, m.span.end, ids[name], m.kind]
        for name, m in zip(annotated.entities, annotated.mentions, strict=True)
    ]
    observations = tuple(
        GoldObservation(
            ids[about or ""], measure or "", Decimal(value or ""), unit, qualifier, period, modality, evidence=span
        )
        for (about, measure, value, unit, qualifier, period, modality), span in annotated.figures
    )
    relations = frozenset((ids[head], relation, ids[tail]) for head, relation, tail, _ in annotated.statements)
    entities = _entities({"entities": rows, "mentions": mentions}, annotated.document)
    return Gold(annotated.document, entities, relations, observations)


def _observation(row: dict[str, Any]) -> GoldObservation:
    evidence = Span(*row["evidence"]) if "evidence" in row else None
    return GoldObservation(**{**row, "value": Decimal(str(row["value"])), "evidence": evidence})


def _entities(data: dict[str, Any], document: Document) -> tuple[Entity, ...]:
    rows = data["entities"]
    if not all(isinstance(row[field], str) for row in rows for field in ("id", "name", "type")):
        msg = "an entity whose id, name or type is no text"
        raise TypeError(msg)
    spans = (
        [(begin, end, entity, kind) for begin, end, entity, kind in data["mentions"]]
        if "mentions" in data
        else _occurrences(rows, document.text)
    )
    types = {row["id"]: row["type"] for row in rows}
    mentions: dict[str, list[Mention]] = {row["id"]: [] for row in rows}
    for begin, end, entity, kind in sorted([*spans, *_beginnings(rows, spans, document.text)]):
        span = Span(begin, end)
        words = span.of(document.text)
        mentions[entity].append(Mention(document.id, span, words, types[entity], kind, "gold", 1.0))
    return tuple(
        Entity(row["id"], row["type"], row["name"], tuple(row.get("aliases", ())), tuple(mentions[row["id"]]))
        for row in rows
    )


def _occurrences(rows: list[dict[str, Any]], text: str) -> list[tuple[int, int, str, str]]:
    """Where names stand in the text, the longest first and none within another."""
    names = sorted(
        (
            (name, row["id"], "name" if name == row["name"] else "alias")
            for row in rows
            for name in [row["name"], *row.get("aliases", [])]
        ),
        key=lambda n: (-len(n[0]), n),
    )
    taken = [False] * len(text)
    found = []
    for name, entity, kind in names:
        for match in re.finditer(re.escape(name), text):
            begin, end = match.span()
            if not any(taken[begin:end]):
                taken[begin:end] = [True] * (end - begin)
                found.append((begin, end, entity, kind))
    return found


def _beginnings(
    rows: list[dict[str, Any]], spans: list[tuple[int, int, str, str]], text: str
) -> list[tuple[int, int, str, str]]:
    """Names of annotated places and companies that begin a longer name: no mark of their own, yet mentions."""
    names = {
        name: (row["id"], "name" if name == row["name"] else "alias")
        for row in rows
        if row["type"] in ("Place", "Company")
        for name in [row["name"], *row.get("aliases", [])]
    }
    found = []
    for begin, end, entity, kind in spans:
        if kind == "pronoun":
            continue
        for length in range(end - begin - 1, 0, -1):
            inner = names.get(text[begin : begin + length])
            if inner and inner[0] != entity:
                found.append((begin, begin + length, *inner))
                break
    return found
