"""Sources → documents, one after the other; a bad one is answered with an error and the rest go on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.model import Document
from kg.read.encodings import decode
from kg.read.metadata import MetadataReader
from kg.read.sources import LIMIT, Found, Source, find_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from kg.domain import Domain

    ReadKind = Callable[[bytes, str | None], tuple[str, str]]

# What a folder is searched for, and what makes text (and the name of its encoding) of the bytes.
# `ValueError` from a reader is the reason why there is no text. A new kind of source is a new entry.
KINDS: dict[str, ReadKind] = {
    ".txt": decode,
    ".md": decode,
    ".markdown": decode,
}


class Reader:
    """Makes a document of a source: its text as it stands, and what it says of itself.

    `encoding` overrules what would be detected; no document may have more than `limit` bytes.
    """

    def __init__(self, domain: Domain, *, encoding: str | None = None, limit: int = LIMIT) -> None:
        self._metadata = MetadataReader(domain)
        self._encoding = encoding
        self._limit = limit

    def __call__(self, source: Source) -> Document:
        """Read `source`; :class:`SourceError` says why that cannot be done."""
        data = source.read(self._limit)
        if not data:
            raise SourceError(source.shown, "the file is empty")
        try:
            # A file that was named is taken for text, whatever its name ends in.
            text, encoding = KINDS.get(source.suffix, decode)(data, self._encoding)
        except ValueError as error:
            raise SourceError(source.shown, str(error)) from error
        if not text.strip():
            raise SourceError(source.shown, "there is nothing but white space in this file")
        digest = hashlib.sha256(text.encode()).hexdigest()
        return Document(source.id, text, digest, encoding, self._metadata(text))


@dataclass(frozen=True, slots=True)
class Reading:
    """The documents behind the sources given; iterating reads one at a time, sorted by id, errors first.

    `len` counts documents and errors before anything is read; `found.skipped` names files of other kinds.
    """

    found: Found
    reader: Reader

    def __len__(self) -> int:
        return len(self.found.errors) + len(self.found.sources)

    def __iter__(self) -> Iterator[Document | SourceError]:
        yield from self.found.errors
        for source in self.found.sources:
            try:
                yield self.reader(source)
            except SourceError as error:
                yield error


def read_sources(
    sources: Iterable[str | Path], domain: Domain, *, encoding: str | None = None, limit: int = LIMIT
) -> Reading:
    """Find the documents in files, folders and (``-``) standard input, to be read while one iterates.

    >>> from kg.domain import Domain
    >>> [str(item) for item in read_sources(["missing.txt"], Domain.default())]
    ['missing.txt: no such file or folder']
    """
    return Reading(find_sources(sources, KINDS, limit), Reader(domain, encoding=encoding, limit=limit))
