"""The files that a graph can be written as, and the one call that writes them."""

from kg.export.formats import DEFAULT, FORMATS, Format, select, write

__all__ = ["DEFAULT", "FORMATS", "Format", "select", "write"]
