"""The namespaces of the RDF and the names of things in it: the one place where an IRI is made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from rdflib import Namespace, URIRef
from rdflib.namespace import DCTERMS, ORG, OWL, PROV, RDF, RDFS, SDO, SKOS, TIME, VOID, XSD

from kg.domain import ONTOLOGY
from kg.merge.identity import identifier

if TYPE_CHECKING:
    from kg.model import Span

NIF = Namespace("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")
ITSRDF = Namespace("http://www.w3.org/2005/11/its/rdf#")
THINGS = "https://kg.example/id/"
INFERRED = "inferred"  # the local name of the graph of what was inferred

# What a graph may use beside kg: and id:, by prefix.
PREFIXES = {
    "dcterms": str(DCTERMS),
    "itsrdf": str(ITSRDF),
    "nif": str(NIF),
    "owl": str(OWL),
    "prov": str(PROV),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "schema": str(SDO),
    "skos": str(SKOS),
    "void": str(VOID),
    "xsd": str(XSD),
}
# What queries and rules may use besides.
QUERY_PREFIXES = {**PREFIXES, "org": str(ORG), "time": str(TIME)}

# The metadata fields in the order in which they are written, and the property that says each of a document.
FIELDS = {
    "title": SDO.headline,
    "publisher": SDO.publisher,
    "date_published": SDO.datePublished,
    "authors": SDO.author,
    "editors": SDO.editor,
    "photographers": SDO.contributor,
}

_FORBIDDEN_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')


@dataclass(frozen=True, slots=True)
class Bases:
    """The two IRIs that begin all our names: `schema` those of classes and properties, `things` all others.

    >>> Bases().thing("TradeUnion-chongqingshizonggonghui-88bd05")
    rdflib.term.URIRef('https://kg.example/id/TradeUnion-chongqingshizonggonghui-88bd05')
    """

    schema: str = ONTOLOGY
    things: str = THINGS

    def __post_init__(self) -> None:
        for base in (self.schema, self.things):
            if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", base) or _FORBIDDEN_IN_IRI.search(base):
                msg = f"{base!r} is no absolute IRI: it begins with a scheme such as https: and holds no white space"
                raise ValueError(msg)

    @property
    def prefixes(self) -> dict[str, str]:
        """Every prefix that the Turtle declares, ours first."""
        return {"kg": self.schema, "id": self.things, **PREFIXES}

    def term(self, name: str) -> URIRef:
        """The class or property of this local name."""
        return URIRef(self.schema + name)

    def thing(self, name: str) -> URIRef:
        """The thing of this identifier."""
        return URIRef(self.things + name)

    def document(self, document: str) -> URIRef:
        """The document with this :attr:`Document.id`.

        >>> Bases().document("2024/匠心.txt")
        rdflib.term.URIRef('https://kg.example/id/Document-jiangxin-e10c16')
        """
        return self.thing(identifier("Document", PurePosixPath(document).stem, document))

    @staticmethod
    def phrase(document: URIRef, span: Span, ordinal: int = 1) -> URIRef:
        """The words of `document` at `span`; `ordinal` tells apart what several mentions make of the same words.

        >>> from kg.model import Span
        >>> Bases.phrase(Bases().document("2024/匠心.txt"), Span(10, 17))
        rdflib.term.URIRef('https://kg.example/id/Document-jiangxin-e10c16.10-17')
        """
        suffix = "" if ordinal == 1 else f"-{ordinal}"
        return URIRef(f"{document}.{span.begin}-{span.end}{suffix}")
