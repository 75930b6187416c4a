"""Files, folders and standard input → documents: text with its encoding told, and what it says of itself."""

from kg.read.content import Fields, Limits
from kg.read.metadata import MetadataReader
from kg.read.reading import CONTAINERS, KINDS, Reader, Reading, read_sources
from kg.read.sources import Found, Source, find_sources

__all__ = [
    "CONTAINERS",
    "KINDS",
    "Fields",
    "Found",
    "Limits",
    "MetadataReader",
    "Reader",
    "Reading",
    "Source",
    "find_sources",
    "read_sources",
]
