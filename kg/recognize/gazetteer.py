"""Name lists of the domain: which words of a text stand in a gazetteer, and what their heads say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.domain import Domain

# A name in several lists gets the kind of the first one here.
_TABLES = ("bodies", "institutions", "places", "regions", "world", "companies", "terms")


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of text that stands in a list, with the kind the list gives it."""

    begin: int
    end: int
    kind: str


class Gazetteer:
    """Finds the entries of a list in a text, the leftmost longest first.

    >>> [(m.begin, m.kind) for m in Gazetteer({"重庆市": "city", "重庆": "short"}).matches("在重庆市和重庆")]
    [(1, 'city'), (5, 'short')]
    """

    def __init__(self, entries: dict[str, str]) -> None:
        self.entries = entries
        lengths: dict[str, set[int]] = {}
        for name in entries:
            lengths.setdefault(name[:2], set()).add(len(name))
        self._lengths = {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}

    @classmethod
    def of(cls, domain: Domain) -> Gazetteer:
        """The places, bodies and companies of the domain's ``gazetteer`` folder, single letters left out."""
        return cls(
            {
                name: kind
                for table in reversed(_TABLES)
                for name, kind, *_ in reversed(domain.rows(f"gazetteer/{table}.tsv"))
                if len(name) > 1
            }
        )

    def matches(self, text: str) -> Iterator[Match]:
        """The entries in `text`, which do not overlap."""
        entries, lengths = self.entries, self._lengths
        at, end = 0, len(text) - 1
        while at < end:
            for length in lengths.get(text[at : at + 2], ()):
                word = text[at : at + length]
                kind = entries.get(word)
                if kind and len(word) == length:
                    yield Match(at, at + length, kind)
                    at += length
                    break
            else:
                at += 1

    def prefix(self, text: str) -> str:
        """The longest entry that begins `text` and is not all of it, or nothing."""
        for length in self._lengths.get(text[:2], ()):
            if length < len(text) and text[:length] in self.entries:
                return text[:length]
        return ""


class Heads:
    """The classes that the last noun of a name points to, by its longest known ending.

    >>> from kg.domain import Domain
    >>> Heads(Domain.default()).ending("技师学院")
    ('技师学院', 'School')
    """

    def __init__(self, domain: Domain) -> None:
        self._classes: dict[str, str] = {}
        for word, kind in domain.rows("gazetteer/heads.tsv"):
            self._classes[word] = f"{known}|{kind}" if (known := self._classes.get(word)) else kind
        self._longest = max(map(len, self._classes))

    def ending(self, word: str) -> tuple[str, str] | None:
        """The longest ending of `word` that heads a name, with its classes (joined by ``|``), or None."""
        for length in range(min(len(word), self._longest), 0, -1):
            ending = word[-length:]
            if ending in self._classes:
                return ending, self._classes[ending]
        return None
