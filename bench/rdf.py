"""RDF measured on one graph of more than 100,000 triples: queries beside rdflib, inference engines, provenance.

Run: python bench/rdf.py [--documents N]. The graph is built from the texts of seeds/annotated/. Each table is Markdown
for docs/rdf.md. The reasoner `reasonable` is measured where it is installed (pip install reasonable).
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import owlrl
import pyoxigraph as ox
import rdflib

from kg.domain import Domain
from kg.evaluate.gold import read_gold
from kg.merge import merge
from kg.pipeline import Pipeline
from kg.rdf import Options, Provenance, open_graph, query, write_turtle
from kg.rdf.inference import infer
from kg.rdf.questions import questions
from kg.rdf.vocabulary import QUERY_PREFIXES, Bases
from kg.rdf.writing import trig

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.merge import KnowledgeGraph

ROOT = Path(__file__).parent.parent
RUNS = 5
SLOW = 20.0  # seconds after which a query is run once only


def built(number: int) -> KnowledgeGraph:
    """The graph of the first `number` annotated documents, read by the pipeline like any others."""
    pipeline = Pipeline()
    paths = sorted((ROOT / "seeds" / "annotated").glob("*.ann"))[:number]
    return merge([pipeline.extract(read_gold(path).document) for path in paths], Domain.default())


def seconds(work: Callable[[], object]) -> float:
    """The median of a few runs, of one where it is slow."""
    taken = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
        if taken[-1] > SLOW:
            break
    return median(taken)


def provenance(graph: KnowledgeGraph) -> None:
    """Print triples and bytes by provenance, and what asking for the sentences of an organiser takes."""
    print("\n| provenance | triples | MB | gzip KB | load s |\n|---|---:|---:|---:|---:|")
    for kind in Provenance:
        text = trig(graph, Options(provenance=kind)).encode()
        store = ox.Store()
        begin = time.perf_counter()
        store.bulk_load(input=text, format=ox.RdfFormat.TRIG)
        taken = time.perf_counter() - begin
        packed = len(gzip.compress(text)) / 1e3
        print(f"| `{kind}` | {len(store):,} | {len(text) / 1e6:.2f} | {packed:,.0f} | {taken:.2f} |")


def asking(path: Path) -> None:
    """Print how long each competency question takes here and in rdflib."""
    opened = {inferred: open_graph(path, inferred=inferred) for inferred in (False, True)}
    begin = time.perf_counter()
    plain = rdflib.Graph().parse(path, format="turtle")
    loading = time.perf_counter() - begin
    whole = rdflib.Graph()
    whole.parse(data=_triples(opened[True].store), format="nt")
    ours = seconds(lambda: open_graph(path))
    print(f"\n{len(plain):,} triples. Loading: rdflib {loading:.1f} s, `kg` {ours:.2f} s, ratio {loading / ours:.0f}.")
    print("\n| question | rows | kg ms | rdflib ms | ratio |\n|---|---:|---:|---:|---:|")
    ratios = []
    for each in questions(Domain.default()).values():
        graph = whole if each.inferred else plain
        found = query(opened[each.inferred], each.sparql).rows
        theirs = list(graph.query(each.sparql, initNs={**QUERY_PREFIXES, **Bases().prefixes}))
        if len(theirs) != len(found):
            print(f"| {each.name}: rdflib gives {len(theirs)} rows, kg {len(found)} | | | | |")
        here = seconds(lambda each=each: query(opened[each.inferred], each.sparql).rows)  # type: ignore[misc]
        there = seconds(
            lambda graph=graph, each=each: list(  # type: ignore[misc]
                graph.query(each.sparql, initNs={**QUERY_PREFIXES, **Bases().prefixes})
            )
        )
        ratios.append(there / here)
        print(f"| `{each.name}` | {len(found):,} | {here * 1e3:.1f} | {there * 1e3:,.0f} | {there / here:,.0f} |")
    print(f"\nMedian ratio {median(ratios):,.0f}, least {min(ratios):,.1f}, greatest {max(ratios):,.0f}.")


def _triples(store: ox.Store) -> bytes:
    return ox.serialize({quad.triple for quad in store}, format=ox.RdfFormat.N_TRIPLES) or b""


def inferring(path: Path, *, with_owlrl: bool) -> None:
    """Print what each engine takes to infer."""
    ontology = Domain.default().file("ontology.ttl")
    print("\n| engine | triples in | triples that follow | s |\n|---|---:|---:|---:|")
    store = ox.Store()
    store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    before = len(store)
    begin = time.perf_counter()
    found = infer(store, Domain.default())
    print(f"| `kg infer`: rules over pyoxigraph | {before:,} | {found:,} | {time.perf_counter() - begin:.1f} |")
    try:
        import reasonable

        reasoner = reasonable.PyReasoner()
        begin = time.perf_counter()
        reasoner.load_file(str(path))
        reasoner.load_file(str(ontology))
        told = reasoner.reason()
        print(f"| reasonable (OWL 2 RL) | {before:,} | {len(told) - before:,} | {time.perf_counter() - begin:.1f} |")
    except ImportError:
        print("| reasonable (not installed) | | | |")
    if with_owlrl:
        for name, semantics in (("RDFS", owlrl.RDFS_Semantics), ("OWL 2 RL", owlrl.OWLRL_Semantics)):
            graph = rdflib.Graph().parse(path, format="turtle").parse(ontology, format="turtle")
            begin, size = time.perf_counter(), len(graph)
            owlrl.DeductiveClosure(semantics).expand(graph)
            print(f"| owlrl ({name}) | {size:,} | {len(graph) - size:,} | {time.perf_counter() - begin:.1f} |")


def main() -> None:
    """Measure all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=80)
    given = parser.parse_args()
    graph = built(given.documents)
    small = built(3)
    with tempfile.TemporaryDirectory() as folder:
        path, little = Path(folder, "graph.ttl"), Path(folder, "little.ttl")
        write_turtle(graph, path)
        write_turtle(small, little)
        provenance(graph)
        inferring(little, with_owlrl=True)
        inferring(path, with_owlrl=False)
        asking(path)


if __name__ == "__main__":
    main()
