"""Neo4j: tables with the headers of its bulk import, and a Cypher script for a database that is running.

After https://neo4j.com/docs/operations-manual/current/import/ and the Cypher manual. Import the tables with
``neo4j-admin database import full --nodes=entities.csv --relationships=facts.csv`` (``--multiline-fields=true``), or
run the script with ``cypher-shell -f graph.cypher``; running it again changes nothing.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from kg.export.flattening import flatten
from kg.files import write_atomically, write_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.domain import Domain
    from kg.export.analysis import Analysis
    from kg.export.flattening import Value
    from kg.merge import KnowledgeGraph

_BATCH = 500  # rows a statement; a server holds a whole statement in memory
_TYPES: dict[type, str] = {str: "string", int: "long", float: "double"}
_SPACE = "Entity"


def write_neo4j(graph: KnowledgeGraph, path: Path, analysis: Analysis | None = None) -> None:
    r"""Write the folder `path` with ``entities.csv`` and ``facts.csv``, flattened.

    A node is labelled with its class and the classes above it. :class:`kg.errors.TargetError` where the folder
    cannot be written.

    >>> import tempfile; from pathlib import Path
    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_neo4j(merge([], Domain.default()), Path(folder, "neo4j"))
    ...     Path(folder, "neo4j", "facts.csv").read_text(encoding="utf-8")
    ':START_ID(Entity),:END_ID(Entity),:TYPE,number:long\n'
    """
    flat = flatten(graph, analysis)
    nodes: list[dict[str, Value]] = [
        {f"id:ID({_SPACE})": name, ":LABEL": ";".join(_labels(graph.domain, said["type"])), **said}
        for name, said in flat.nodes(data=True)
    ]
    edges: list[dict[str, Value]] = [
        {
            f":START_ID({_SPACE})": head,
            f":END_ID({_SPACE})": tail,
            ":TYPE": said["relation"],
            "number": number,
            **{name: value for name, value in said.items() if name != "relation"},
        }
        for head, tail, number, said in flat.edges(keys=True, data=True)
    ]
    first: dict[str, Value] = {f"id:ID({_SPACE})": "", ":LABEL": ""}
    second: dict[str, Value] = {f":START_ID({_SPACE})": "", f":END_ID({_SPACE})": "", ":TYPE": "", "number": 0}
    write_folder(path, {"entities.csv": _table(first, nodes), "facts.csv": _table(second, edges)})


def write_cypher(graph: KnowledgeGraph, path: Path, analysis: Analysis | None = None) -> None:
    r"""Write `path`, a Cypher script that makes or renews the nodes and relationships of `graph`, flattened.

    :class:`kg.errors.TargetError` where that cannot be written.

    >>> import tempfile; from pathlib import Path
    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_cypher(merge([], Domain.default()), Path(folder, "graph.cypher"))
    ...     Path(folder, "graph.cypher").read_text(encoding="utf-8")
    'CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE;\n'
    """
    flat = flatten(graph, analysis)
    nodes, edges = defaultdict(list), defaultdict(list)
    for name, said in flat.nodes(data=True):
        nodes[said["type"]].append({"id": name, "said": said})
    for head, tail, number, said in flat.edges(keys=True, data=True):
        kept = {key: value for key, value in said.items() if key != "relation"}
        edges[said["relation"]].append({"head": head, "tail": tail, "number": number, "said": kept})
    lines = [f"CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (n:{_SPACE}) REQUIRE n.id IS UNIQUE;"]
    for kind, rows in sorted(nodes.items()):
        labels = "".join(f":{_name(label)}" for label in _labels(graph.domain, kind))
        lines += [
            f"UNWIND {batch} AS row MERGE (n:{_SPACE} {{id: row.id}}) SET n += row.said SET n{labels};"
            for batch in _batches(rows)
        ]
    for relation, rows in sorted(edges.items()):
        ends = f"MATCH (head:{_SPACE} {{id: row.head}}), (tail:{_SPACE} {{id: row.tail}})"
        lines += [
            f"UNWIND {batch} AS row {ends} MERGE (head)-[r:{_name(relation)}]->(tail) "
            "SET r += row.said SET r.number = row.number;"
            for batch in _batches(rows)
        ]
    write_atomically(path, "\n".join(lines) + "\n")


def _labels(domain: Domain, kind: str) -> list[str]:
    """The class and those above it, the nearest first."""
    above = domain.classes[kind].ancestors - {kind}
    return [kind, *sorted(above, key=lambda name: (-len(domain.classes[name].ancestors), name))]


def _table(first: dict[str, Value], rows: list[dict[str, Value]]) -> str:
    """The rows under a header that tells what each column holds."""
    columns = dict.fromkeys(first)
    kinds: dict[str, type] = {name: type(value) for name, value in first.items()}
    for row in rows:
        for name, value in row.items():
            columns.setdefault(name)
            if kinds.get(name) is not float:
                kinds[name] = type(value)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(columns), lineterminator="\n")
    writer.writerow({name: name if ":" in name else f"{name}:{_TYPES[kinds[name]]}" for name in columns})
    writer.writerows(rows)
    return out.getvalue()


def _batches(rows: list[dict[str, Any]]) -> Iterator[str]:
    for at in range(0, len(rows), _BATCH):
        yield f"[{', '.join(map(_literal, rows[at : at + _BATCH]))}]"


def _literal(value: Any) -> str:
    """A Cypher literal: JSON's escapes are Cypher's too, but keys of maps are names."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_name(key)}: {_literal(inner)}' for key, inner in value.items())}}}"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _name(name: str) -> str:
    """A name as Cypher takes it: in backticks unless it is plain."""
    return name if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) else f"`{name.replace('`', '``')}`"
