"""The ontology says what every class and property means, and every graph keeps to it."""

from __future__ import annotations

import pyshacl
import pytest
import rdflib
from owl_rl import violations
from rdflib.namespace import DCTERMS, OWL, PROV, RDF, RDFS, SDO, SH, SKOS

from kg.domain import Domain
from kg.rdf import Bases, to_rdflib
from kg.rdf.vocabulary import ITSRDF, NIF

DOMAIN = Domain.default()
KG = rdflib.Namespace(Bases().schema)
CLASSES = [
    "Activity",
    "Agent",
    "Association",
    "Company",
    "Competition",
    "Event",
    "GovernmentBody",
    "Group",
    "Honor",
    "Industry",
    "Mechanism",
    "Media",
    "Organization",
    "Person",
    "Place",
    "Platform",
    "Policy",
    "Product",
    "Programme",
    "Role",
    "School",
    "Strategy",
    "Technology",
    "TradeUnion",
    "Training",
    "Workshop",
]
RELATIONS = [
    "cooperatesWith",
    "develops",
    "establishes",
    "funds",
    "holdsRole",
    "launches",
    "locatedIn",
    "organizes",
    "partOf",
    "participatesIn",
    "promotes",
    "receives",
    "studiedAt",
    "targets",
    "undertakes",
    "uses",
    "worksFor",
]
DEFINED = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)


def load(name: str) -> rdflib.Graph:
    return rdflib.Graph().parse(DOMAIN.file(name), format="turtle")


ONTOLOGY = load("ontology.ttl")
SHAPES = load("shapes.ttl")


def ours(term: rdflib.term.Node) -> bool:
    return isinstance(term, rdflib.URIRef) and term.startswith(KG)


def terms() -> list[rdflib.URIRef]:
    return sorted({s for kind in DEFINED for s in ONTOLOGY.subjects(RDF.type, kind) if ours(s)})


def conforms(triples: rdflib.Graph) -> tuple[bool, str]:
    valid, _, text = pyshacl.validate(triples, shacl_graph=SHAPES, ont_graph=ONTOLOGY, inference="none")
    return valid, text


def test_the_domain_has_just_these_classes_and_relations():
    assert list(DOMAIN.classes) == CLASSES
    assert list(DOMAIN.relations) == RELATIONS
    assert [n for n, r in DOMAIN.relations.items() if r.symmetric] == ["cooperatesWith"]


def test_the_header_says_what_it_is_and_who_may_use_it():
    [header] = ONTOLOGY.subjects(RDF.type, OWL.Ontology)
    dcterms = rdflib.Namespace("http://purl.org/dc/terms/")

    assert ONTOLOGY.value(header, OWL.versionIRI)
    assert ONTOLOGY.value(header, dcterms.license)
    assert {title.language for title in ONTOLOGY.objects(header, dcterms.title)} == {"zh", "en"}


def test_the_ontology_is_in_owl_2_rl():
    assert violations(ONTOLOGY) == []


@pytest.mark.parametrize(
    ("axiom", "told"),
    [
        ("kg:recurs rdfs:range xsd:duration", "not an axiom of OWL 2 RL"),
        ("kg:Person rdfs:subClassOf rdf:Statement", "not an axiom"),
        ("rdf:Statement a owl:Class", "reserved vocabulary"),
        ("kg:Person a owl:ObjectProperty", "several kinds"),
        ("kg:Person rdfs:subClassOf [ a owl:Restriction ]", "class expression"),
        ("kg:Person kg:worksFor kg:Company", "no annotation property"),
        ("kg:value a owl:SymmetricProperty", "no object property"),
        ("kg:organizes rdfs:subPropertyOf schema:startDate", "not an axiom"),
        ("kg:someone a kg:Person", "no declaration"),
    ],
)
def test_what_is_not_in_owl_2_rl_is_found(axiom, told):
    damaged = load("ontology.ttl")
    damaged.update(f"INSERT DATA {{ {axiom} }}")

    assert any(told in each for each in violations(damaged)), violations(damaged)


def test_what_joins_things_says_which():
    """A domain and a range by OWL where they follow with certainty, else as a hint; an inverse has its relation's."""
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in filter(ours, ONTOLOGY.subjects(RDF.type, kind)):
            told = {
                p
                for p in (RDFS.domain, SDO.domainIncludes, RDFS.range, SDO.rangeIncludes)
                if (term, p, None) in ONTOLOGY
            }
            above = set(ONTOLOGY.objects(term, RDFS.subPropertyOf))
            if (term, OWL.inverseOf, None) in ONTOLOGY or KG.span in above:
                continue
            assert told & {RDFS.domain, SDO.domainIncludes}, term
            assert told & {RDFS.range, SDO.rangeIncludes}, term


def test_every_relation_that_has_a_direction_has_an_inverse():
    inverses = {ONTOLOGY.value(p, OWL.inverseOf) for p in ONTOLOGY.subjects(OWL.inverseOf)}

    assert {KG[name] for name, r in DOMAIN.relations.items() if not r.symmetric} == inverses
    assert (KG.partOf, RDF.type, OWL.TransitiveProperty) in ONTOLOGY


def test_it_is_mapped_to_the_well_known_vocabularies():
    mapped = [str(o) for p in (RDFS.subClassOf, RDFS.subPropertyOf) for o in ONTOLOGY.objects(None, p) if not ours(o)]

    for vocabulary in ("https://schema.org/", "http://www.w3.org/ns/org#", "http://www.w3.org/ns/prov#", str(DCTERMS)):
        assert sum(term.startswith(vocabulary) for term in mapped) >= 2, vocabulary
    assert sum(term.startswith("http://www.w3.org/2006/time#") for term in mapped) >= 2


@pytest.mark.parametrize("term", [t[len(KG) :] for t in terms()])
def test_every_term_has_a_label_and_a_definition_in_both_languages(term):
    for said in (RDFS.label, SKOS.definition):
        assert sorted(text.language for text in ONTOLOGY.objects(KG[term], said)) == ["en", "zh"]


def test_labels_tell_terms_apart():
    for language in ("zh", "en"):
        labels = [str(o) for t in terms() for o in ONTOLOGY.objects(t, RDFS.label) if o.language == language]
        assert len(labels) == len(set(labels))


def test_what_is_borrowed_is_declared():
    used = {
        o
        for p in (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range)
        for o in ONTOLOGY.objects(None, p)
        if not str(o).startswith("http://www.w3.org/2001/XMLSchema#")
    }

    assert not [o for o in used if not any((o, RDF.type, kind) in ONTOLOGY for kind in DEFINED)]


def test_every_class_is_below_entity_and_the_well_known_ones_are_found_from_it():
    for name in CLASSES:
        assert KG.Entity in set(ONTOLOGY.transitive_objects(KG[name], RDFS.subClassOf))
    union = set(ONTOLOGY.transitive_objects(KG.TradeUnion, RDFS.subClassOf))
    assert {SDO.WorkersUnion, SDO.Organization, PROV.Agent} <= union


def test_inverses_turn_relations_into_schema_org(graph, ids):
    inverses = {ONTOLOGY.value(p, OWL.inverseOf): p for p in ONTOLOGY.subjects(OWL.inverseOf)}
    triples = to_rdflib(graph)
    thing = rdflib.Namespace(Bases().things)

    assert ONTOLOGY.value(inverses[KG.organizes], RDFS.subPropertyOf) == SDO.organizer
    assert (thing[ids["市科协"]], KG.organizes, thing[ids["智汇渝州"]]) in triples
    assert set(inverses) <= {KG[name] for name in RELATIONS}


def test_every_term_a_graph_uses_is_defined(graph, seeds_graph):
    for triples in (to_rdflib(graph), to_rdflib(seeds_graph)):
        used = {term for triple in triples for term in triple if ours(term) and term != KG[""]}
        assert used
        assert used <= set(terms())


def test_the_shapes_join_what_the_ontology_joins():
    for name, relation in DOMAIN.relations.items():
        for target, joined in ((SH.targetSubjectsOf, relation.domain), (SH.targetObjectsOf, relation.range)):
            [shape] = SHAPES.subjects(target, KG[name])
            either = SHAPES.value(shape, SH["or"])
            parts = list(SHAPES.items(either)) if either else [shape]
            allowed = {str(SHAPES.value(part, SH["class"]))[len(KG) :] for part in parts}
            assert {c for c in CLASSES if any(a == "Entity" or DOMAIN.is_a(c, a) for a in allowed)} == joined, name


def test_the_shapes_are_themselves_valid():
    assert pyshacl.validate(rdflib.Graph(), shacl_graph=SHAPES, meta_shacl=True)[0]


def test_a_graph_keeps_to_the_shapes(graph):
    valid, text = conforms(to_rdflib(graph))

    assert valid, text


def test_the_graph_of_the_seeds_keeps_to_the_shapes(seeds_graph):
    valid, text = conforms(to_rdflib(seeds_graph))

    assert seeds_graph.facts()
    assert valid, text


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("no name", "exactly one name in Chinese"),
        ("two names", "exactly one name in Chinese"),
        ("no mention", "mentioned in some document"),
        ("no sentence", "rests on one sentence"),
        ("too sure", "one decimal from 0 to 1"),
        ("no value", "one value, a decimal"),
        ("about nothing", "about one entity"),
        ("wrong tail", "the tail of kg:organizes"),
        ("wrong head", "the head of kg:targets"),
        ("turned about", "LessThanOrEquals"),
    ],
)
def test_a_damaged_graph_does_not(graph, ids, damage, told):
    triples = to_rdflib(graph)
    thing = rdflib.Namespace(Bases().things)
    union, games, workers = (thing[ids[name]] for name in ("重庆市总工会", "智汇渝州", "职工"))
    statement = triples.value(predicate=RDF.predicate, object=KG.targets)
    figure = triples.value(predicate=KG.surface, object=rdflib.Literal("近13.1万人次"))
    sentence = triples.value(statement, PROV.wasDerivedFrom)
    if damage == "no name":
        triples.remove((union, SKOS.prefLabel, None))
    elif damage == "two names":
        triples.add((union, SKOS.prefLabel, rdflib.Literal("工会", lang="zh")))
    elif damage == "no mention":
        triples.remove((None, ITSRDF.taIdentRef, union))
    elif damage == "no sentence":
        triples.remove((statement, PROV.wasDerivedFrom, None))
    elif damage == "too sure":
        triples.set((statement, KG.confidence, rdflib.Literal("1.5", datatype=rdflib.XSD.decimal)))
    elif damage == "no value":
        triples.remove((figure, KG.value, None))
    elif damage == "about nothing":
        triples.set((figure, KG.about, thing["nobody"]))
    elif damage == "wrong tail":
        triples.add((union, KG.organizes, workers))
    elif damage == "wrong head":
        triples.remove((games, RDF.type, None))
        triples.add((games, RDF.type, KG.Honor))
    else:
        triples.set((sentence, NIF.beginIndex, rdflib.Literal(9999)))

    valid, text = conforms(triples)
    assert not valid
    assert told in text


def test_what_is_not_asserted_has_a_modality_a_sentence_and_a_certainty(graph):
    [planned] = to_rdflib(graph).subjects(RDF.type, KG.UnassertedStatement)
    for path, told in (
        (KG.modality, "has one modality"),
        (PROV.wasDerivedFrom, "rests on one sentence"),
        (KG.confidence, "one decimal from 0 to 1"),
    ):
        damaged = to_rdflib(graph)
        damaged.remove((planned, path, None))
        valid, text = conforms(damaged)

        assert not valid
        assert told in text
