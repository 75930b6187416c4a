"""Documents with the things that they speak of → lines of N-Triples and rows of tables, each document by itself.

A document tells the things it mentions, the facts and figures it states and its own words. Two documents may tell
the same of a thing: the lines are made distinct afterwards.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec

from kg.merge import KnowledgeGraph
from kg.merge.blocks import Local
from kg.merge.deciding import admitted
from kg.merge.merging import united_datings, united_facts, united_observations
from kg.model import Dating, Entity, Extraction
from kg.rdf.serialising import ntriples
from kg.spark.columns import Columns, rows_of
from kg.spark.extracting import domain_of
from kg.spark.tables import rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

    import pyarrow as pa
    from pyspark.sql import DataFrame

    from kg.domain import Domain
    from kg.model import Fact, Mention
    from kg.rdf import Options

TOLD = Columns(kind="string", line="string")
TRIPLE = "triple"
_ORDER = attrgetter("span", "kind")
_DATED = Columns(id="string", document="string", dating="binary")


@dataclass(frozen=True)
class Common:
    """What every document is written with: the domain, the places of codes, and what decisions left."""

    domain: Path
    options: Options
    places: tuple[tuple[str, Entity], ...]  # by code, the place that it is the code of
    apart: tuple[tuple[str, str], ...] = ()
    touched: tuple[Entity, ...] = ()  # of the facts between these, `facts` are all
    facts: tuple[Fact, ...] = ()


def tell(stated: DataFrame, common: Common) -> DataFrame:
    """Lines of N-Triples, of the kind :data:`TRIPLE`, and JSON rows of tables, of the kind of the table's name."""
    return stated.mapInArrow(partial(_told, common), TOLD.ddl)


def datings(stated: DataFrame) -> DataFrame:
    """When events took place, as each document says: ``id, document, dating``."""
    return stated.mapInArrow(_dated, _DATED.ddl)


def facts_of(extraction: Extraction, row: Mapping[str, Any], domain: Domain) -> list[Fact]:
    """The facts of the document of `row`, between things."""
    types = {thing["id"]: thing["type"] for thing in row["things"] or ()}
    return admitted(united_facts([extraction], _renamed(row), domain), types, domain)


def _renamed(row: Mapping[str, Any]) -> dict[Local, str]:
    return {Local(row["document"], thing["entity"]): thing["id"] for thing in row["things"] or ()}


def _dated(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    return _DATED.batches(
        (dating.id, row["document"], msgspec.msgpack.encode(replace(dating, evidence=())))
        for row in rows_of(batches)
        for dating in united_datings([Extraction.from_json(row["extraction"])], _renamed(row))
    )


def _told(common: Common, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    domain = domain_of(common.domain)
    return TOLD.batches(told for row in rows_of(batches) for told in _lines(row, common, domain))


def _lines(row: Mapping[str, Any], common: Common, domain: Domain) -> Iterator[tuple[str, str]]:
    graph = graph_of(row, common, domain)
    for line in lines_of(graph, common.options):
        yield TRIPLE, line
    for table, values in rows(graph):
        yield table, json.dumps(values, ensure_ascii=False)


def lines_of(graph: KnowledgeGraph, options: Options) -> list[str]:
    """The lines of N-Triples that tell `graph`; a literal may hold what other programs take for the end of a line."""
    return ntriples(graph, options).decode().removesuffix("\n").split("\n")


def graph_of(row: Mapping[str, Any], common: Common, domain: Domain) -> KnowledgeGraph:
    """What one document states, as a graph whose things are those of all documents, mentioned in this one."""
    extraction = Extraction.from_json(row["extraction"])
    document, renamed = extraction.document, _renamed(row)
    mentions: dict[str, list[Mention]] = defaultdict(list)
    for entity in extraction.entities:
        mentions[renamed[Local(document.id, entity.id)]] += entity.mentions
    entities = {
        t["id"]: Entity(
            t["id"], t["type"], t["name"], tuple(t["aliases"]), tuple(sorted(mentions[t["id"]], key=_ORDER))
        )
        for t in row["things"] or ()
    }
    areas = {t["id"]: t["area"] for t in row["things"] or () if t["area"]}
    around = {code[:n] for code in areas.values() for n in (2, 4, len(code))}
    for code, place in common.places:
        if code in around:
            areas[place.id] = code
            entities.setdefault(place.id, place)
    first = {d.id: d for d in (msgspec.msgpack.decode(packed, type=Dating) for packed in row["dated"] or ())}
    touched = {e.id: e for e in common.touched}
    facts = [f for f in facts_of(extraction, row, domain) if f.head not in touched or f.tail not in touched]
    for fact in common.facts:
        here = tuple(e for e in fact.evidence if e.document == document.id)
        if here:
            facts.append(replace(fact, evidence=here))
            for end in (fact.head, fact.tail):  # which a person's fact need not find named in the document
                entities.setdefault(end, replace(touched[end], mentions=()))
    return KnowledgeGraph(
        domain,
        documents=[document],
        entities=entities.values(),
        facts=facts,
        observations=united_observations([extraction], renamed),
        datings=[replace(first.get(d.id, d), evidence=d.evidence) for d in united_datings([extraction], renamed)],
        areas=areas,
        kept_apart=common.apart,
    )
