"""RDF terms and what figures say in them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from rdflib import RDF, Literal, URIRef
from rdflib.namespace import XSD

from kg.model import Observation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model import Dating, Interval
    from kg.rdf.vocabulary import Bases


class TripleTerm(NamedTuple):
    """A triple that something is said of (RDF 1.2)."""

    subject: URIRef
    predicate: URIRef
    object: URIRef


Term = URIRef | Literal | TripleTerm
Pair = tuple[URIRef, Term]
Description = tuple[URIRef, list[Pair]]

_DATATYPES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}  # by the length of an ISO 8601 date
_SAID = ("unit", "qualifier", "period", "modality", "surface", "change", "base")


def observed(figure: Observation | Dating, bases: Bases) -> Iterator[Pair]:
    """What a figure, or the time of an event, says; its evidence is told elsewhere.

    >>> from kg.model import Dating, Interval
    >>> from kg.rdf.vocabulary import Bases
    >>> [value for _, value in observed(Dating("d", "e", "去年", Interval("2023", "2023"), None, ()), Bases())][1:3]
    [rdflib.term.Literal('去年'), rdflib.term.Literal('2023', datatype=rdflib.term.URIRef('http://www.w3.org/2001/XMLSchema#gYear'))]
    """
    if isinstance(figure, Observation):
        yield RDF.type, bases.term("Observation")
        yield bases.term("about"), bases.thing(figure.about)
        yield bases.term("measure"), Literal(figure.measure)
        yield bases.term("value"), decimal(figure.value)
        for name in _SAID:
            value = getattr(figure, name)
            if value is not None:
                yield bases.term(name), Literal(value)
        for name in ("minimum", "maximum"):
            bound = getattr(figure, name)
            if bound is not None:
                yield bases.term(name), decimal(bound)
        if figure.interval:
            yield from _interval(figure.interval, bases)
        return
    yield RDF.type, bases.term("Dating")
    yield bases.term("period"), Literal(figure.period)
    yield from _interval(figure.interval, bases)
    if figure.modality:
        yield bases.term("modality"), Literal(figure.modality)


def _interval(interval: Interval, bases: Bases) -> Iterator[Pair]:
    """Dates as precise as they are; what is vague as EDTF besides."""
    for name in ("begin", "end"):
        told = getattr(interval, name)
        if told:
            yield bases.term(name), Literal(told, datatype=_DATATYPES[len(told)], normalize=False)
    if interval.vague:
        yield bases.term("edtf"), Literal(interval.edtf)
    if interval.recurs:
        yield bases.term("recurs"), Literal(interval.recurs, datatype=XSD.duration, normalize=False)


def integer(number: int) -> Literal:
    """The number as an xsd:integer."""
    return Literal(str(number), datatype=XSD.integer, normalize=False)


def decimal(number: Decimal | float) -> Literal:
    """A decimal as XML Schema writes it canonically: 131000.0, never an exponent or a trailing nought.

    >>> str(decimal(131000)), str(decimal(0.50))
    ('131000.0', '0.5')
    """
    digits = format(Decimal(repr(number)) if isinstance(number, float) else Decimal(number), "f")
    whole, _, fraction = digits.partition(".")
    return Literal(f"{whole}.{fraction.rstrip('0') or '0'}", datatype=XSD.decimal, normalize=False)
