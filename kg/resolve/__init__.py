"""Mentions → entities: aliases, definitions, further occurrences, coreference, bylines."""

from kg.resolve.names import fold
from kg.resolve.resolver import Resolver

__all__ = ["Resolver", "fold"]
