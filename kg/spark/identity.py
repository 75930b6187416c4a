"""Identity across documents in frames: blocking keys, joins, and connected components of what further names join.

The rules are those of :mod:`kg.merge.blocks` and :mod:`kg.merge.people`, each applied where a block, or the people of
one name, have been brought together.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa  # noqa: TC002  (Spark reads the annotations)
from pyspark.sql import functions as f

from kg.merge.blocks import Local, NameReader, called, join_block
from kg.merge.people import SupportReader, join_people
from kg.merge.traits import Trait
from kg.model import Extraction
from kg.resolve import fold
from kg.spark.columns import Columns, rows_of
from kg.spark.extracting import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pyspark.sql import DataFrame

# An entity of one document: how its names are read, its own first; of a person, the folded name and what supports it.
ENTITIES = Columns(
    document="string", entity="string", type="string", names="array<string>", folded="array<string>",
    readings="array<struct<block:string,trait:binary>>", person="string", supports="array<string>",
)  # fmt: skip
_JOINED = Columns(document="string", entity="string", further="boolean", cluster="string")
_PERSON = Columns(document="string", entity="string", cluster="string")
_SEPARATOR = "\x1f"  # in no document's or entity's id


def key_of(local: Local) -> str:
    """An entity of a document as one value, in whose order they sort as they do.

    >>> local_of(key_of(Local("a.txt", "e1")))
    Local(document='a.txt', id='e1')
    """
    return _SEPARATOR.join(local)


def local_of(key: str) -> Local:
    """The entity that :func:`key_of` made `key` of."""
    return Local(*key.split(_SEPARATOR))


def entities(extracted: DataFrame, domain: Path) -> DataFrame:
    """The entities of the documents, rows of :data:`ENTITIES`."""
    return extracted.select("extraction").mapInArrow(partial(_entities, domain), ENTITIES.ddl)


@cache
def _readers(path: Path) -> tuple[NameReader, SupportReader]:
    """What reads names and supports, loaded once by each worker."""
    return NameReader(domain_of(path)), SupportReader(domain_of(path))


def _entities(path: Path, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    read, support = _readers(path)
    return ENTITIES.batches(
        row
        for given in rows_of(batches)
        for row in _entity_rows(Extraction.from_json(given["extraction"]), read, support)
    )


def _entity_rows(extraction: Extraction, read: NameReader, support: SupportReader) -> Iterator[tuple[object, ...]]:
    readings = {named.local.id: [named.trait, *named.others] for named in read(extraction)}
    supports: dict[str, list[str]] = {}
    for person, by in support(extraction):
        supports.setdefault(person.id, []).append(f"o{key_of(by)}" if isinstance(by, Local) else f"p{by}")
    for entity in extraction.entities:
        yield (
            extraction.document.id,
            entity.id,
            entity.type,
            list(entity.names),
            sorted({fold(name) for name in entity.names}),
            [
                {"block": _SEPARATOR.join(trait.block), "trait": msgspec.msgpack.encode(trait)}
                for trait in readings.get(entity.id, ())
            ],
            fold(entity.name) if entity.type == "Person" else None,
            sorted(set(supports.get(entity.id, ()))),
        )


def clusters(found: DataFrame) -> DataFrame:
    """The cluster of each entity in `found`, as ``document, entity, cluster``: the key of one of its members."""
    read = found.select("document", "entity", f.posexplode("readings").alias("at", "reading"))
    joined = (
        read.select("document", "entity", (f.col("at") > 0).alias("further"), "reading.block", "reading.trait")
        .groupBy("block")
        .applyInArrow(_join_block, _JOINED.ddl)
        .persist()
    )
    own = joined.where(~f.col("further")).drop("further")
    by_name = _renamed(own, _components(_claims(joined, own)))
    people = _people(found, by_name)
    alone = found.select("document", "entity", f.concat_ws(_SEPARATOR, "document", "entity").alias("alone"))
    settled = by_name.unionByName(people)
    return alone.join(settled, ["document", "entity"], "left").select(
        "document", "entity", f.coalesce("cluster", "alone").alias("cluster")
    )


def _join_block(table: pa.Table) -> pa.Table:
    rows = [(Local(r["document"], r["entity"]), r["further"], _trait(r["trait"])) for r in table.to_pylist()]
    members = {local: trait for local, further, trait in sorted(rows, key=lambda r: r[0]) if not further}
    cluster = {local: same[0] for same in join_block(members) for local in same}
    found = [(*local, False, key_of(first)) for local, first in cluster.items()]
    for local, further, trait in rows:
        claimed = called(trait, members, cluster) if further else None
        if claimed:
            found.append((*local, True, key_of(claimed)))
    return _JOINED.table(found)


def _trait(packed: bytes) -> Trait:
    return msgspec.msgpack.decode(packed, type=Trait)


def _claims(joined: DataFrame, own: DataFrame) -> DataFrame:
    """The pairs ``one, other`` of clusters of which the other, and only it, is called by a further name of the one."""
    by = own.withColumnRenamed("cluster", "by")
    claims = (
        joined.where("further")
        .join(by, ["document", "entity"])
        .where(f.col("cluster") != f.col("by"))
        .groupBy("cluster")
        .agg(f.collect_set("by").alias("by"))
    )
    return claims.where(f.size("by") == 1).select(f.col("cluster").alias("one"), f.col("by")[0].alias("other"))


def _components(pairs: DataFrame) -> DataFrame:
    """The connected components of `pairs`, as ``cluster, component``: the least label spreads until none changes."""
    both = pairs.unionByName(pairs.select(f.col("other").alias("one"), f.col("one").alias("other"))).persist()
    labels = both.select(f.col("one").alias("cluster")).distinct().withColumn("component", f.col("cluster"))
    changed = True
    while changed:
        seen = both.join(labels.withColumnRenamed("cluster", "one"), "one").groupBy("other").agg(f.min("component"))
        spread = labels.join(seen.toDF("cluster", "seen"), "cluster").select(
            "cluster",
            f.least("component", "seen").alias("component"),
            (f.col("seen") < f.col("component")).alias("new"),
        )
        spread = spread.localCheckpoint()  # else each round would go through all before it
        changed = not spread.where("new").isEmpty()
        labels = spread.drop("new")
    return labels


def _renamed(own: DataFrame, components: DataFrame) -> DataFrame:
    return own.join(components, "cluster", "left").select(
        "document", "entity", f.coalesce("component", "cluster").alias("cluster")
    )


def _people(found: DataFrame, by_name: DataFrame) -> DataFrame:
    """The people, joined where they have an organisation (by now itself joined) or an outlet in common."""
    people = found.where(f.col("person").isNotNull()).select("document", "entity", "person", "supports")
    each = people.select("document", "entity", "person", f.explode_outer("supports").alias("support"))
    organizations = by_name.select(
        f.concat(f.lit("o"), f.concat_ws(_SEPARATOR, "document", "entity")).alias("support"),
        f.concat(f.lit("o"), "cluster").alias("joined"),
    )
    supported = each.join(organizations, "support", "left").select(
        "document", "entity", "person", f.coalesce("joined", "support").alias("support")
    )
    return supported.groupBy("person").applyInArrow(_join_people, _PERSON.ddl)


def _join_people(table: pa.Table) -> pa.Table:
    supported: dict[Local, set[str]] = {}
    for row in table.to_pylist():
        supports = supported.setdefault(Local(row["document"], row["entity"]), set())
        if row["support"] is not None:
            supports.add(row["support"])
    return _PERSON.table((*local, key_of(same[0])) for same in join_people(supported) for local in same)
