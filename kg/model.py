"""The nouns of the program: frozen, typed, plain data that msgspec writes to JSON and reads back.

A position is always a code point offset into :attr:`Document.text`, which nothing ever changes, so
``document.text[span.begin:span.end]`` gives the words that any part of the program speaks of.
The same nouns serve one document (an :class:`Extraction`, where entities are called ``e1``, ``e2``, …)
and the merged graph (where they bear their global identifiers).
"""

from __future__ import annotations

import calendar
from bisect import bisect_right
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from decimal import Decimal  # noqa: TC003  (msgspec evaluates the annotations)
from operator import itemgetter
from typing import Literal

import msgspec

MentionKind = Literal["name", "alias", "pronoun", "metadata"]
Qualifier = Literal["approximately", "nearly", "over", "under", "from", "to"]
Change = Literal["increase", "decrease", "multiple"]
Modality = Literal["planned", "negated", "claimed"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points.

    >>> Span(3, 6).of("重庆市总工会")
    '总工会'
    """

    begin: int
    end: int

    def of(self, text: str) -> str:
        """The words of `text` that the span covers."""
        return text[self.begin : self.end]

    def covers(self, other: Span) -> bool:
        """Whether `other` lies within this span."""
        return self.begin <= other.begin and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share a code point."""
        return self.begin < other.end and other.begin < self.end

    def __len__(self) -> int:
        return self.end - self.begin


@dataclass(frozen=True, slots=True)
class Field:
    """A value that a document states about itself, with its place where it stands in the text."""

    value: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says of itself: headline, source, date (ISO 8601) and the people who made it."""

    title: Field | None = None
    publisher: Field | None = None
    date_published: Field | None = None
    authors: tuple[Field, ...] = ()
    editors: tuple[Field, ...] = ()
    photographers: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A number that stands in a table, with what its row and its column are called, where the sentence tells them."""

    number: Span
    row: Span | None = None
    column: Span | None = None

    def moved(self, by: int) -> Cell:
        """The cell where all begins `by` code points later.

        >>> Cell(Span(3, 5), Span(0, 2)).moved(10)
        Cell(number=Span(begin=13, end=15), row=Span(begin=10, end=12), column=None)
        """
        spans = (Span(s.begin + by, s.end + by) if s else None for s in (self.row, self.column))
        return Cell(Span(self.number.begin + by, self.number.end + by), *spans)


@dataclass(frozen=True, slots=True)
class Document:
    """A source as it was read.

    `id` is its path under the source given, with forward slashes; `text` is the decoded file, line ends
    as they were and without a byte order mark; `sha256` is the digest of the text in UTF-8. `places` says from which
    offset on the text stands where in the original (page 2, paragraph 7, row 12), in order; text files need none.
    `cells` are the numbers of its tables, which only the stages need: they take no part in comparing.
    """

    id: str
    text: str
    sha256: str
    encoding: str = "utf-8"
    metadata: Metadata = Metadata()
    places: tuple[tuple[int, str], ...] = ()
    cells: tuple[Cell, ...] = dataclass_field(default=(), compare=False)

    def place(self, offset: int) -> str | None:
        r"""Where in the original the text at `offset` stands, if its kind has such places.

        >>> Document("a.pdf", "甲。\n乙。\n", "", places=((0, "page 1"), (3, "page 2"))).place(4)
        'page 2'
        """
        at = bisect_right(self.places, offset, key=itemgetter(0))
        return self.places[at - 1][1] if at else None


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a document where an entity is named or pointed at.

    `kind` is ``name`` or ``alias`` for a name of the entity, ``pronoun`` for a pronoun or bare noun that
    stands for it, ``metadata`` for a name in a byline; `rule` says what found it.
    """

    document: str
    span: Span
    text: str
    type: str
    kind: MentionKind
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing the text names: its class, its fullest name, its other names and where it is mentioned."""

    id: str
    type: str
    name: str
    aliases: tuple[str, ...]
    mentions: tuple[Mention, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The canonical name and then every alias."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """Words within the evidence and the part they play: head, tail, trigger, about, number, unit, …."""

    role: str
    span: Span


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentence that states a fact, the words in it, what read it so and how sure that is (0 to 1)."""

    document: str
    sentence: Span
    quote: str
    marks: tuple[Mark, ...]
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Fact:
    """`head` stands in `relation` to `tail` (entity identifiers). `modality` is None for what is asserted.

    `predicate` is None but for open relations: the words of the text for what no relation of the ontology says.
    """

    head: str
    relation: str
    tail: str
    evidence: tuple[Evidence, ...]
    modality: Modality | None = None
    predicate: str | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """When something held: from `begin` to `end`, both included.

    Each is a date of ISO 8601 as precise as the words are (``2024``, ``2024-09``, ``2024-09-15``), or None where that
    side is open or not told. `vague` means about then; what comes again has only `recurs`, an ISO 8601 duration.

    >>> first_half = Interval("2024-01", "2024-06")
    >>> first_half.first.isoformat(), first_half.last.isoformat(), first_half.edtf
    ('2024-01-01', '2024-06-30', '2024-01/2024-06')
    """

    begin: str | None = None
    end: str | None = None
    vague: bool = False
    recurs: str | None = None

    @property
    def first(self) -> date | None:
        """The first day."""
        return date.fromisoformat((self.begin + "-01-01")[:10]) if self.begin else None

    @property
    def last(self) -> date | None:
        """The last day."""
        if not self.end:
            return None
        year, month, day = (int(part) for part in (self.end + "-12-00"[len(self.end) - 4 :]).split("-"))
        return date(year, month, day or calendar.monthrange(year, month)[1])

    @property
    def edtf(self) -> str | None:
        """The interval in the Extended Date/Time Format (ISO 8601-2, level 1); None for what recurs."""
        if self.recurs:
            return None
        mark = "~" if self.vague else ""
        begin, end = (f"{side}{mark}" if side else ".." for side in (self.begin, self.end))
        return begin if begin == end else f"{begin}/{end}"


@dataclass(frozen=True, slots=True)
class Dating:
    """The event `about` (an entity) took place, or is to, at `interval`; `period` is the words that say so."""

    id: str
    about: str
    period: str
    interval: Interval
    modality: Modality | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Observation:
    """A stated number: `value` `unit` of `measure` about an entity.

    `value` is the normalised number (13.1万 is 131000); `unit` the measure word of the text without
    万 or 亿; `minimum` and `maximum` are the bounds that the qualifier gives (None where it gives none);
    `period` the time words of the sentence and `interval` when that is; `surface` the words as written. Where the
    number tells a change (同比增长12.3%) or a multiple, `change` says so and `base` has the words for what it is of.
    """

    id: str
    about: str
    measure: str
    value: Decimal
    unit: str | None
    qualifier: Qualifier | None
    period: str | None
    modality: Modality | None
    surface: str
    evidence: tuple[Evidence, ...]
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    interval: Interval | None = None
    change: Change | None = None
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one document states: a pure function of the document, the domain and the program's version."""

    document: Document
    entities: tuple[Entity, ...]
    facts: tuple[Fact, ...]
    observations: tuple[Observation, ...]
    version: str = ""
    datings: tuple[Dating, ...] = ()

    def to_json(self) -> bytes:
        """The extraction as JSON in UTF-8, from which :meth:`from_json` makes it again.

        >>> empty = Extraction(Document("a.txt", "匠谱", ""), (), (), ())
        >>> Extraction.from_json(empty.to_json()) == empty
        True
        """
        return msgspec.json.encode(self)

    @classmethod
    def from_json(cls, data: bytes) -> Extraction:
        """The extraction that `data` holds; `ValueError` where it holds none."""
        return msgspec.json.decode(data, type=cls)
