"""What people decided, replayed: only what decisions name comes to the driver."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from pyspark.sql import functions as f

from kg.merge.blocks import Local
from kg.merge.deciding import Replay
from kg.merge.merging import sorted_evidence
from kg.model import Entity, Extraction, Fact, Mention, Span
from kg.resolve import fold
from kg.spark.columns import Columns, rows_of
from kg.spark.extracting import domain_of
from kg.spark.identity import key_of
from kg.spark.things import Given
from kg.spark.writing import facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa
    from pyspark.sql import Column, DataFrame

    from kg.domain import Domain
    from kg.merge.decisions import Decision

_FACT = Columns(fact="binary")


class Settled(NamedTuple):
    """What decisions did: with the entities concerned; which did nothing and why; what they tell apart."""

    decisions: list[tuple[Decision, tuple[str, ...]]]
    idle: list[tuple[Decision, str]]
    apart: list[tuple[str, str]]


@dataclass
class Deciding:
    """Replays `decisions` first on the clusters, then on the facts, as :class:`kg.merge.deciding.Replay` does."""

    decisions: Sequence[Decision]
    given: Given = field(default_factory=Given)
    touched: tuple[Entity, ...] = ()  # between which the facts are `facts`
    facts: tuple[Fact, ...] = ()
    _replay: Replay = field(init=False)

    def on_clusters(self, entities: DataFrame, clusters: DataFrame) -> DataFrame:
        """The clusters after merges and splits; what is renamed and retyped is kept in `given`."""
        names = _names(d for d in self.decisions if not d.relation)
        if not names:
            self._replay = Replay(self.decisions, {})
            return clusters
        whole = entities.select("document", "entity", "type", "names", "folded").join(clusters, ["document", "entity"])
        named = whole.where(f.arrays_overlap("folded", _texts(names))).select("cluster").distinct()
        rows = whole.join(named, "cluster").collect()
        found = {
            Local(r.document, r.entity): Entity(r.entity, r.type, r.names[0], tuple(r.names[1:]), ()) for r in rows
        }
        sets: dict[str, list[Local]] = defaultdict(list)
        for row in rows:
            sets[row.cluster].append(Local(row.document, row.entity))
        self._replay = Replay(self.decisions, found)
        after = self._replay.on_clusters(sorted(sorted(members) for members in sets.values()))
        self.given = Given(
            {key_of(local): kind for local, kind in self._replay.types.items()},
            {key_of(local): name for local, name in self._replay.names.items()},
        )
        moved = [(*local, key_of(members[0])) for members in after for local in members]
        decided = clusters.sparkSession.createDataFrame(moved, "document string, entity string, decided string")
        return clusters.join(f.broadcast(decided), ["document", "entity"], "left").select(
            "document", "entity", f.coalesce("decided", "cluster").alias("cluster")
        )

    def on_facts(self, stated: DataFrame, called: DataFrame, domain: Domain) -> Settled:
        """Settle rejected and added facts; `stated` holds documents with their things, `called` things by member."""
        united, ids = self._concerned(called)
        documents = {}
        wanted = sorted({d for decision in self.decisions if decision.relation for d in decision.documents})
        for row in stated.where(f.col("document").isin(wanted)).select("extraction").collect() if wanted else ():
            document = Extraction.from_json(row.extraction).document
            documents[document.id] = document
        self.touched = tuple(united)
        before = self._facts_between(stated, domain) if self.touched else []
        facts, settled = self._replay.on_facts(before, united, documents, domain)
        self.facts = tuple(facts)
        settled += [(d, sorted({ids[m] for m in members})) for d, members in self._replay.done]
        return Settled(
            [(decision, tuple(things)) for decision, things in settled],
            self._replay.idle,
            [(ids[a], ids[b]) for a, b in self._replay.apart],
        )

    def _concerned(self, called: DataFrame) -> tuple[list[Entity], dict[Local, str]]:
        """The things that decisions on facts name, and the identifiers of what the others were about."""
        names = _names(d for d in self.decisions if d.relation)
        done = {member for _, members in self._replay.done for member in members}
        keys = [key_of(m) for m in sorted(done | {m for pair in self._replay.apart for m in pair})]
        member = f.concat_ws("\x1f", "document", "entity")
        ids = {}
        if keys:
            for row in called.where(member.isin(keys)).select("document", "entity", "id").collect():
                ids[Local(row.document, row.entity)] = row.id
        united: dict[str, Entity] = {}
        if names:
            folded = f.array_union(f.col("folded"), f.array("folded_name"))
            for row in called.where(f.arrays_overlap(folded, _texts(names))).select("id").distinct().collect():
                united[row.id] = Entity(row.id, "", "", (), ())
            rows = called.where(f.col("id").isin(sorted(united))).collect() if united else []
            for row in sorted(rows, key=lambda r: (r.document, r.entity)):
                known = united[row.id].mentions
                seen = Mention(row.document, Span(0, 0), row.name, row.type, "name", "", 1.0)
                united[row.id] = Entity(row.id, row.type, row.name, tuple(row.aliases), (*known, seen))
        return sorted(united.values(), key=lambda e: e.mentions[0].document), ids

    def _facts_between(self, stated: DataFrame, domain: Domain) -> list[Fact]:
        found = stated.mapInArrow(
            partial(_between, domain.path, frozenset(e.id for e in self.touched)), _FACT.ddl
        ).collect()
        by_key: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
        for row in found:
            fact = msgspec.msgpack.decode(row.fact, type=Fact)
            by_key[fact.head, fact.relation, fact.tail, fact.modality or "", fact.predicate or ""].append(fact)
        return [
            Fact(s[0].head, s[0].relation, s[0].tail, sorted_evidence(e for fact in s for e in fact.evidence),
                 s[0].modality, s[0].predicate)
            for _, s in sorted(by_key.items())
        ]  # fmt: skip


def _between(path: Path, touched: frozenset[str], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    found = (
        fact
        for row in rows_of(batches)
        for fact in facts_of(Extraction.from_json(row["extraction"]), row, domain_of(path))
    )
    return _FACT.batches(
        (msgspec.msgpack.encode(fact),) for fact in found if fact.head in touched and fact.tail in touched
    )


def _names(decisions: Iterable[Decision]) -> list[str]:
    return sorted({fold(thing.name) for decision in decisions for thing in decision.things})


def _texts(values: Iterable[str]) -> Column:
    return f.array(*(f.lit(value) for value in values))
