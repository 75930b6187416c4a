"""What a reader of one kind of source is told and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kg.model import Metadata

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.model import Cell
    from kg.read.lines import Lines
    from kg.read.tables import Tables


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read at most; what is more is answered with an error that names the limit.

    `file_size` is in bytes, of a file and of each file in an archive; `length` in code points of a document;
    `expansion` in bytes that one archive, with those in it, or one Word document unpacks to; `members` the files or
    records in one; `nesting` how deep archives may lie in archives; `pages` of a PDF; `seconds` to read a document, and
    again to find out what it states (0: as long as it takes; see :func:`kg.timing.at_most`).

    >>> Limits().nesting
    2
    """

    file_size: int = 50_000_000
    length: int = 1_000_000
    expansion: int = 500_000_000
    members: int = 100_000
    nesting: int = 2
    pages: int = 5_000
    seconds: int = 600


@dataclass(frozen=True, slots=True)
class Fields:
    """Which fields of a record (a line of JSONL, a row of CSV) hold its text and its id; None: by their names."""

    text: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What the user said of the sources, and what the domain says of layout (the tables of ``layout.toml``)."""

    layout: Mapping[str, Any]
    lines: Lines
    tables: Tables
    encoding: str | None = None
    limits: Limits = Limits()
    fields: Fields = Fields()


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a source as it is read, its encoding, and what the form around the text says of it.

    `places` has the begin of each part of the text with its place in the original: ``(120, "page 2")``; `cells` the
    numbers of its tables.
    """

    text: str
    encoding: str
    metadata: Metadata = field(default_factory=Metadata)
    places: tuple[tuple[int, str], ...] = ()
    cells: tuple[Cell, ...] = ()


def within(content: Content, limits: Limits) -> Content:
    """`content`, if its text keeps the limit; `ValueError` names the limit otherwise."""
    if len(content.text) > limits.length:
        msg = f"its {len(content.text):,} characters are more than the limit of {limits.length:,} (length); split it"
        raise ValueError(msg)
    return content


def completed(stated: Metadata, told: Metadata) -> Metadata:
    """What a text states of itself, completed by what is told around it (markup, properties, fields of a record).

    >>> from kg.model import Field
    >>> completed(Metadata(), Metadata(title=Field("学艺记"))).title.value
    '学艺记'
    """
    names = ("title", "publisher", "date_published", "authors", "editors", "photographers")
    return replace(stated, **{name: getattr(told, name) for name in names if not getattr(stated, name)})


def joined(parts: list[tuple[str, str]]) -> tuple[str, tuple[tuple[int, str], ...]]:
    r"""The paragraphs in lines of their own, and where each that has a place begins.

    >>> joined([("甲。", "page 1"), ("乙。", "page 1"), ("丙。", "page 2")])
    ('甲。\n乙。\n丙。\n', ((0, 'page 1'), (6, 'page 2')))
    """
    text, places, at, last = [], [], 0, ""
    for words, place in parts:
        if place and place != last:
            places.append((at, place))
            last = place
        text.append(words + "\n")
        at += len(words) + 1
    return "".join(text), tuple(places)
