"""What follows from a graph by its ontology, kept in a graph of its own.

The rules are data (``rules.toml`` here and in the domain folder); pyoxigraph evaluates them until nothing new follows.
``bench/inference.py`` measures this beside reasoners.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.domain import ONTOLOGY
from kg.errors import DomainError, FormatError
from kg.files import write_atomically
from kg.rdf.files import read_quads
from kg.rdf.vocabulary import INFERRED, PREFIXES, QUERY_PREFIXES, Bases

if TYPE_CHECKING:
    from kg.domain import Domain

_ONTOLOGY = ox.NamedNode("urn:ontology")
_DERIVED_FROM = ox.NamedNode(PREFIXES["prov"] + "wasDerivedFrom")
_DEFAULT = ox.DefaultGraph()


def infer(store: ox.Store, domain: Domain, bases: Bases | None = None) -> int:
    """Add what follows by the ontology of `domain` to the graph id:inferred of `store`; return how many triples.

    Asserted triples are never repeated there. :class:`kg.errors.DomainError` where a rule of the domain is wrong.

    >>> from kg.domain import Domain
    >>> store = ox.Store()
    >>> store.load(input="<http://a> a <https://kg.example/ontology#TradeUnion> .", format=ox.RdfFormat.TURTLE)
    >>> infer(store, Domain.default()) > 0
    True
    >>> bool(store.query("ASK { GRAPH ?g { <http://a> a <https://schema.org/WorkersUnion> } }"))
    True
    """
    bases = bases or Bases()
    target = ox.NamedNode(bases.thing(INFERRED))
    graphs = [_DEFAULT, *(graph for graph in store.named_graphs() if graph != target)]
    store.remove_graph(target)
    store.add_graph(target)
    store.extend(_ontology(domain, bases))
    try:
        queries = _queries(domain, bases)
        found, round_ = 0, -1
        while round_:
            before = found
            for query in queries:
                found += _apply(store, query, graphs, target)
            round_ = found - before
    finally:
        store.remove_graph(_ONTOLOGY)
    store.add(ox.Quad(target, _DERIVED_FROM, ox.NamedNode(bases.thing("graph")), _DEFAULT))
    store.add(ox.Quad(target, _DERIVED_FROM, ox.NamedNode(bases.schema.rstrip("#/")), _DEFAULT))
    return found


def _apply(
    store: ox.Store, query: str, graphs: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph], target: ox.NamedNode
) -> int:
    """Add what one rule gives that is not yet known; return how many triples."""
    seen = [*graphs, target]
    answer = cast("ox.QueryTriples", store.query(query, prefixes=QUERY_PREFIXES, default_graph=seen))
    fresh = set()
    for triple in answer:
        quad = ox.Quad(triple.subject, triple.predicate, triple.object, target)
        known = (ox.Quad(triple.subject, triple.predicate, triple.object, graph) in store for graph in seen)
        if not isinstance(triple.subject, ox.Literal) and not any(known):
            fresh.add(quad)
    store.extend(fresh)
    return len(fresh)


def _ontology(domain: Domain, bases: Bases) -> list[ox.Quad]:
    """The ontology in its graph, in the IRIs of the graph at hand."""
    text = domain.file("ontology.ttl").read_text(encoding="utf-8").replace(f"<{ONTOLOGY}>", f"<{bases.schema}>")
    quads = ox.parse(text, format=ox.RdfFormat.TURTLE)
    return [ox.Quad(quad.subject, quad.predicate, quad.object, _ONTOLOGY) for quad in quads]


def _queries(domain: Domain, bases: Bases) -> list[str]:
    """Every rule as a query that parses."""
    rules = tomllib.loads(Path(__file__).with_name("rules.toml").read_text(encoding="utf-8"))
    own = domain.toml("rules.toml") if (domain.path / "rules.toml").is_file() else {}
    queries = []
    for name, rule in (*rules.items(), *own.items()):
        query = f"PREFIX kg: <{bases.schema}> CONSTRUCT {rule['construct']}"
        try:
            ox.Store().query(query, prefixes=QUERY_PREFIXES)
        except SyntaxError as error:
            msg = f"{domain.path / 'rules.toml'} [{name}]: no SPARQL CONSTRUCT ({error})"
            raise DomainError(msg) from error
        queries.append(query)
    return queries


def write_inferred(source: Path, path: Path, domain: Domain, *, only: bool = False) -> int:
    """Write the graph in `source` to `path` with what follows from it in id:inferred; or the latter `only`.

    Return how many triples follow. :class:`kg.errors.GraphError` where `source` cannot be read,
    :class:`kg.errors.FormatError` where `path` names no serialisation that keeps graphs apart.
    """
    form = ox.RdfFormat.from_extension(path.suffix.removeprefix(".").lower())
    if form is None or not (only or form.supports_datasets):
        msg = f"{path}: what is inferred stays in a graph of its own: name a .trig or .nq file, or ask for it only"
        raise FormatError(msg)
    quads, declared = read_quads(source)
    prefixes = {**PREFIXES, **Bases().prefixes, **declared}
    bases = Bases(prefixes["kg"], prefixes["id"])
    store = ox.Store()
    store.bulk_extend(quads)
    found = infer(store, domain, bases)
    target = ox.NamedNode(bases.thing(INFERRED))
    inferred = sorted(store.quads_for_pattern(None, None, None, target), key=str)
    if only and not form.supports_datasets:
        written = ox.serialize((quad.triple for quad in inferred), format=form, prefixes=prefixes)
    else:
        # As the file has them: a store keeps numbers by their value and would write 131000.0 as 131000.
        asserted = [] if only else [quad for quad in quads if quad.graph_name != target]
        derived = sorted(store.quads_for_pattern(target, _DERIVED_FROM, None, _DEFAULT), key=str)
        told = dict.fromkeys([*asserted, *derived])
        written = ox.serialize([*told, *inferred], format=form, prefixes=prefixes)
    write_atomically(path, written or b"")
    return found
