"""Files, folders and standard input → documents: text with its encoding told, and what it says of itself."""

from kg.read.metadata import MetadataReader
from kg.read.reading import KINDS, Reader, Reading, read_sources
from kg.read.sources import LIMIT, Found, Source, find_sources

__all__ = ["KINDS", "LIMIT", "Found", "MetadataReader", "Reader", "Reading", "Source", "find_sources", "read_sources"]
