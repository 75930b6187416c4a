"""Sources → documents, one after the other; a bad one is answered with an error and the rest go on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.errors import SourceError, failure
from kg.matching import matched, restored_metadata
from kg.model import Document
from kg.read.archives import open_archive
from kg.read.content import Content, Fields, Limits, Options, completed, within
from kg.read.encodings import decode
from kg.read.lines import Lines
from kg.read.metadata import MetadataReader
from kg.read.mhtml import read_single
from kg.read.printed import read_pdf
from kg.read.records import open_csv, open_jsonl
from kg.read.sources import Found, Source, find_sources
from kg.read.tables import Tables
from kg.read.webpages import read_page
from kg.read.word import read_word
from kg.timing import at_most

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from kg.domain import Domain

    ReadKind = Callable[[bytes, Options], Content]
    # The names of the documents in a source, each with its bytes, its content, or the reason why there is none.
    Open = Callable[[bytes, Options], Iterator[tuple[str, bytes | Content | ValueError]]]


def _read_text(data: bytes, options: Options) -> Content:
    return Content(*decode(data, options.encoding))


# What a folder is searched for, and what makes a text of the bytes. `ValueError` from a reader is the reason why
# there is none. A new kind of source is a file in this room and an entry here.
KINDS: dict[str, ReadKind] = {
    ".txt": _read_text,
    ".md": _read_text,
    ".markdown": _read_text,
    ".html": read_page,
    ".htm": read_page,
    ".xhtml": read_page,
    ".mhtml": read_single,
    ".mht": read_single,
    ".docx": read_word,
    ".pdf": read_pdf,
}
# Files that hold several documents.
CONTAINERS: dict[str, Open] = {
    ".zip": open_archive,
    ".jsonl": open_jsonl,
    ".ndjson": open_jsonl,
    ".csv": open_csv,
    ".tsv": open_csv,
}


class Reader:
    """Makes documents of sources: their text as it stands, and what they say of themselves.

    `encoding` overrules what would be detected; `limits` say how much is read, `fields` what a record's text is.
    """

    def __init__(
        self, domain: Domain, *, encoding: str | None = None, limits: Limits | None = None, fields: Fields | None = None
    ) -> None:
        self._metadata = MetadataReader(domain)
        self._limits = limits or Limits()
        layout = domain.toml("layout.toml")
        self._options = Options(
            layout, Lines(domain), Tables(layout["tables"]), encoding, self._limits, fields or Fields()
        )

    def __call__(self, source: Source) -> Document:
        """Read `source`, which is one document; :class:`SourceError` says why that cannot be done."""
        # A file that was named is taken for text, whatever its name ends in.
        read = KINDS.get(source.suffix, _read_text)
        try:
            with at_most(self._limits.seconds):
                return self._document(source, read(self._bytes(source), self._options))
        except ValueError as error:
            raise error if isinstance(error, SourceError) else SourceError(source.shown, str(error)) from error
        except Exception as error:
            raise failure(source.shown, error) from error

    def documents(
        self, source: Source, skipped: list[str], depth: int = 0, unpacked: list[int] | None = None
    ) -> Iterator[Document | SourceError]:
        """The documents in `source`, of which an archive or a file of records holds several; what is wrong in place.

        Files of other kinds are added to `skipped`, the bytes of what an archive in an archive held to `unpacked`.
        """
        try:
            if source.suffix in CONTAINERS:
                yield from self._contained(source, skipped, depth, [0] if unpacked is None else unpacked)
            else:
                yield self(source)
        except SourceError as error:
            yield error
        except ValueError as error:
            yield SourceError(source.shown, str(error))
        except Exception as error:  # noqa: BLE001  (whatever it is, it is this source's)
            yield failure(source.shown, error)

    def _contained(
        self, source: Source, skipped: list[str], depth: int, unpacked: list[int]
    ) -> Iterator[Document | SourceError]:
        """The documents in an archive or a file of records."""
        if depth > self._limits.nesting:
            msg = f"archives lie deeper in each other than the limit of {self._limits.nesting} (nesting)"
            raise ValueError(msg)
        for name, item in CONTAINERS[source.suffix](self._bytes(source), self._options):
            if isinstance(item, bytes):
                self._count(unpacked, len(item))
            inner = source.inner(name, item if isinstance(item, bytes) else None)
            if isinstance(item, ValueError):
                yield SourceError(inner.shown, str(item))
            elif isinstance(item, Content):
                yield self._recorded(inner, item)
            elif inner.suffix in KINDS or inner.suffix in CONTAINERS:
                yield from self.documents(inner, skipped, depth + 1, unpacked)
            else:
                skipped.append(inner.shown)

    def _count(self, unpacked: list[int], size: int) -> None:
        """Add `size` to what one archive unpacked to, with those in it; `ValueError` where that is too much."""
        unpacked[0] += size
        if unpacked[0] > self._limits.expansion:
            msg = f"with archives in it, it unpacks to more than the limit of {self._limits.expansion:,} (expansion)"
            raise ValueError(msg)

    def _recorded(self, source: Source, content: Content) -> Document | SourceError:
        try:
            return self._document(source, content)
        except ValueError as error:
            return SourceError(source.shown, str(error))

    def _bytes(self, source: Source) -> bytes:
        data = source.read(self._limits.file_size)
        if not data:
            raise SourceError(source.shown, "the file is empty")
        return data

    def _document(self, source: Source, content: Content) -> Document:
        text = within(content, self._limits).text
        if not text.strip():
            msg = "there is nothing but white space in this file"
            raise ValueError(msg)
        digest = hashlib.sha256(text.encode()).hexdigest()
        form = matched(text)
        stated = restored_metadata(self._metadata(form.text), form) if form else self._metadata(text)
        told = completed(stated, content.metadata)
        return Document(source.id, text, digest, content.encoding, told, content.places, content.cells)


@dataclass(frozen=True, slots=True)
class Reading:
    """The documents behind the sources given; iterating reads one at a time, sorted by id, errors first.

    `len` counts files and errors before anything is read: an archive or a file of records is one.
    `found.skipped` names files of other kinds, and so does `skipped` those met in archives.
    """

    found: Found
    reader: Reader
    skipped: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.found.errors) + len(self.found.sources)

    def __iter__(self) -> Iterator[Document | SourceError]:
        yield from self.found.errors
        self.skipped.clear()
        known: dict[str, str] = {}
        for source in self.found.sources:
            for item in self.reader.documents(source, self.skipped):
                if isinstance(item, SourceError) or item.id not in known:
                    yield item
                elif known[item.id] != item.sha256:
                    yield SourceError(source.shown, f"there are two documents called {item.id}; the second is left out")
                if isinstance(item, Document):
                    known.setdefault(item.id, item.sha256)


def read_sources(
    sources: Iterable[str | Path],
    domain: Domain,
    *,
    encoding: str | None = None,
    limits: Limits | None = None,
    fields: Fields | None = None,
    without: Iterable[str | Path] = (),
) -> Reading:
    """Find the documents in files, folders and (``-``) standard input, to be read while one iterates.

    What is `without`, files or folders, is passed over where a folder is searched.

    >>> from kg.domain import Domain
    >>> [str(item) for item in read_sources(["missing.txt"], Domain.default())]
    ['missing.txt: no such file or folder']
    """
    limits = limits or Limits()
    found = find_sources(sources, (*KINDS, *CONTAINERS), limits.file_size, without)
    return Reading(found, Reader(domain, encoding=encoding, limits=limits, fields=fields))
