"""Facts and observations that the text states, with the words that state them."""

from kg.relate.context import ContextReader
from kg.relate.datings import DatingExtractor
from kg.relate.observations import ObservationExtractor
from kg.relate.open_relations import OpenRelationExtractor
from kg.relate.relations import RelationExtractor

__all__ = [
    "ContextReader",
    "DatingExtractor",
    "ObservationExtractor",
    "OpenRelationExtractor",
    "RelationExtractor",
]
