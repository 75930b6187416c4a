"""The OWL 2 RL profile, as far as one can tell it of an ontology in Turtle: what is used must be of these.

After W3C, OWL 2 Web Ontology Language Profiles (2012), section 4, and the mapping to RDF graphs: an ontology that only
names classes and properties in axioms (no class expressions) is in OWL 2 RL where its axioms are of the kinds below,
every name is declared, as one kind of thing only, none is of the reserved vocabulary, and datatypes are of the
profile's. The OWL API's own check agrees: ontology.ttl is in OWL 2 DL and in OWL 2 RL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import OWL, RDF, RDFS, XSD, BNode, Literal, URIRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph
    from rdflib.term import Node

DATATYPES = {
    RDF.PlainLiteral, RDF.XMLLiteral, RDFS.Literal, XSD.decimal, XSD.integer, XSD.nonNegativeInteger, XSD.string,
    XSD.nonPositiveInteger, XSD.positiveInteger, XSD.negativeInteger, XSD.long, XSD.int, XSD.short, XSD.byte,
    XSD.unsignedLong, XSD.unsignedInt, XSD.unsignedShort, XSD.unsignedByte, XSD.float, XSD.double, XSD.boolean,
    XSD.normalizedString, XSD.token, XSD.language, XSD.Name, XSD.NCName, XSD.NMTOKEN, XSD.hexBinary, XSD.base64Binary,
    XSD.anyURI, XSD.dateTime, XSD.dateTimeStamp,
}  # fmt: skip
CLASS, OBJECT, DATA, ANNOTATION = OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty
KINDS = {CLASS, OBJECT, DATA, ANNOTATION}
CHARACTERISTICS = {OWL.SymmetricProperty, OWL.TransitiveProperty, OWL.InverseFunctionalProperty}
BUILT_IN = {RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.versionInfo, OWL.versionIRI, OWL.deprecated}
RESERVED = tuple(map(str, (RDF, RDFS, XSD, OWL)))
AXIOMS = {
    RDFS.subClassOf: {(CLASS, CLASS)},
    OWL.equivalentClass: {(CLASS, CLASS)},
    OWL.disjointWith: {(CLASS, CLASS)},
    RDFS.subPropertyOf: {(OBJECT, OBJECT), (DATA, DATA), (ANNOTATION, ANNOTATION)},
    OWL.equivalentProperty: {(OBJECT, OBJECT), (DATA, DATA)},
    OWL.propertyDisjointWith: {(OBJECT, OBJECT), (DATA, DATA)},
    OWL.inverseOf: {(OBJECT, OBJECT)},
    RDFS.domain: {(OBJECT, CLASS), (DATA, CLASS)},
    RDFS.range: {(OBJECT, CLASS), (DATA, RDFS.Datatype)},
}


def violations(ontology: Graph) -> list[str]:
    """What takes the ontology out of OWL 2 RL, in words."""
    return sorted(_violations(ontology))


def _violations(ontology: Graph) -> Iterator[str]:
    declared: dict[object, set[object]] = {}
    for name, kind in ontology.subject_objects(RDF.type):
        if kind in KINDS:
            declared.setdefault(name, set()).add(kind)
    for name, kinds in declared.items():
        if len(kinds) > 1:
            yield f"{name} is declared as several kinds of things"
        if str(name).startswith(RESERVED):
            yield f"{name} is of the reserved vocabulary"
    for triple in ontology:
        yield from _statement(*triple, declared)


def _statement(subject: Node, predicate: Node, value: Node, declared: dict[object, set[object]]) -> Iterator[str]:
    if isinstance(subject, BNode) or isinstance(value, BNode):
        yield f"{subject} {predicate} {value}: a class expression, which this check cannot judge"
    elif predicate == RDF.type:
        yield from _typing(subject, value, declared)
    elif predicate in AXIOMS:
        kinds = {(one, other) for one in _kinds(subject, declared) for other in _kinds(value, declared)}
        if not kinds & AXIOMS[predicate]:
            yield f"{subject} {predicate} {value}: not an axiom of OWL 2 RL between things declared"
    elif predicate not in BUILT_IN and ANNOTATION not in declared.get(predicate, ()):
        yield f"{predicate} is used and no annotation property that is declared"
    if isinstance(value, Literal) and value.datatype and value.datatype not in {*DATATYPES, RDF.langString}:
        yield f"{value.n3()} has a datatype that OWL 2 RL lacks"


def _typing(subject: object, value: object, declared: dict[object, set[object]]) -> Iterator[str]:
    if value in CHARACTERISTICS:
        if OBJECT not in declared.get(subject, ()):
            yield f"{subject} is {value} and no object property"
    elif value == OWL.FunctionalProperty:
        if not {OBJECT, DATA} & declared.get(subject, set()):
            yield f"{subject} is functional and no property"
    elif value not in {*KINDS, OWL.Ontology}:
        yield f"{subject} is of {value}, which is no declaration"


def _kinds(name: object, declared: dict[object, set[object]]) -> set[object]:
    if name in DATATYPES:
        return {RDFS.Datatype}
    return declared.get(name, {OWL.Thing} if isinstance(name, URIRef) else set())
