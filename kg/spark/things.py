"""Clusters → things: named, told apart from namesakes, with the identifiers that the local engine gives them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa  # noqa: TC002  (Spark reads the annotations)
from pyspark.sql import Window
from pyspark.sql import functions as f

from kg.merge.blocks import Local
from kg.merge.naming import Cluster as Named
from kg.merge.naming import Member, describe, identifiers
from kg.merge.traits import Trait
from kg.resolve import fold
from kg.spark.columns import Columns
from kg.spark.identity import key_of, local_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyspark.sql import DataFrame

_NAMED = Columns(
    cluster="string", first="string", type="string", name="string", folded="string", aliases="array<string>",
    key="string", area="string",
)  # fmt: skip
_IDENTIFIED = Columns(
    cluster="string", first="string", wanted="string", other="string", type="string", name="string",
    folded_name="string", aliases="array<string>", area="string",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Given:
    """The class and the name that people gave clusters, by their keys."""

    types: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


def things(entities: DataFrame, clusters: DataFrame, given: Given) -> DataFrame:
    """A row ``cluster, id, type, name, folded_name, aliases, area`` for each cluster; clusters go by any key."""
    members = entities.join(clusters, ["document", "entity"]).select(
        "cluster", "document", "entity", "type", "names", f.get("readings", f.lit(0))["trait"].alias("trait")
    )

    def name(cluster: pa.Table) -> pa.Table:
        return _named(given, cluster)

    named = members.groupBy("cluster").applyInArrow(name, _NAMED.ddl)
    identified = named.groupBy("type", "folded").applyInArrow(_identified, _IDENTIFIED.ddl)
    # The first of those that want one identifier has it.
    turn = f.row_number().over(Window.partitionBy("wanted").orderBy("first"))
    identifier = f.when(turn == 1, f.col("wanted")).otherwise(f.col("other"))
    return identified.select("cluster", identifier.alias("id"), "type", "name", "folded_name", "aliases", "area")


def _named(given: Given, table: pa.Table) -> pa.Table:
    members = []
    for row in table.to_pylist():
        trait = msgspec.msgpack.decode(row["trait"], type=Trait) if row["trait"] else Trait(())
        names = tuple(row["names"])
        members.append(
            Member(
                Local(row["document"], row["entity"]), row["type"], names, trait.bound, tuple(trait.keys), trait.area
            )
        )
    members.sort(key=lambda m: m.local)
    key = key_of(members[0].local)
    named = describe(members, given.types.get(key, ""), given.names.get(key, ""))
    row = (
        table["cluster"][0].as_py(), key, named.type, named.name, fold(named.name), list(named.aliases), named.key,
        named.area,
    )  # fmt: skip
    return _NAMED.table([row])


def _identified(table: pa.Table) -> pa.Table:
    rows = []
    for row in table.to_pylist():
        cluster = Named(
            local_of(row["first"]), row["type"], row["name"], tuple(row["aliases"]), row["key"], row["area"]
        )
        wanted, other = identifiers(cluster, alone=table.num_rows == 1)
        rows.append(
            (
                *(row[column] for column in ("cluster", "first")),
                *(wanted, other),
                *(row[column] for column in ("type", "name", "folded", "aliases", "area")),
            )
        )
    return _IDENTIFIED.table(rows)
