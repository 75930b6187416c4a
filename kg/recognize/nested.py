"""Names inside names: the place or the company that begins a longer name."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.model import Mention, Span
from kg.recognize.gazetteer import Gazetteer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.domain import Domain


class Nested:
    """Finds the place that begins a name (also behind a year or an ordinal), and the company that begins its unit."""

    def __init__(self, domain: Domain) -> None:
        rules = domain.toml("recognize.toml")["nested"]
        self._within = frozenset(rules["within"])
        self._lead = re.compile(rules["lead"])
        self._units = frozenset(rules["units"])
        self._not_before = tuple(rules["not_before"])
        self._parts = re.compile(rules["parts"])
        rows = [row for table in rules["tables"] for row in domain.rows(f"gazetteer/{table}.tsv")]
        kinds = frozenset(rules["kinds"])
        places = {name: kind for name, kind, *_ in rows if kind in kinds and len(name) > 1}
        self._places = Gazetteer(places)
        self._shorten = {
            name: name[: -len(ending)]
            for name, kind in places.items()
            for ending in rules["shorten"].get(kind, ())
            if name.endswith(ending) and name[: -len(ending)] in places
        }

    def __call__(self, mentions: Iterable[Mention]) -> Iterator[Mention]:
        """The mentions that begin one of `mentions`."""
        mentions = list(mentions)
        companies = {m.text for m in mentions if m.type == "Company"}
        for mention in mentions:
            place = self._place(mention)
            if place:
                yield place
            if mention.type in self._units:
                yield from self._company(mention, companies)

    def _place(self, mention: Mention) -> Mention | None:
        if mention.type not in self._within:
            return None
        lead = self._lead.match(mention.text)
        offset = lead.end() if lead else 0
        whole = mention.text[offset:]
        name = self._places.prefix(whole)
        rest = whole[len(name) :]
        if not name or rest.startswith(self._not_before) or (mention.type == "Place" and self._is_one(whole, rest)):
            return None
        return _inner(mention, offset, self._shorten.get(name, name), "Place")

    def _is_one(self, place: str, rest: str) -> bool:
        """Whether `place` is one name of a division (黑龙江省), not a place named after another."""
        return len(rest) == 1 or self._places.entries.get(place, "region") != "region"

    def unstack(self, mention: Mention) -> Iterator[Mention]:
        """A place written as several, the larger before the smaller (浙江温州永嘉县), as one mention each."""
        begin = 0
        while mention.type == "Place":
            whole = mention.text[begin:]
            name = self._places.prefix(whole)
            rest = whole[len(name) :]
            stacked = rest in self._places.entries or self._parts.fullmatch(rest) or self._places.prefix(rest)
            if not name or whole in self._places.entries or not stacked:
                break
            yield _part(mention, begin, begin + len(name))
            begin += len(name)
        yield _part(mention, begin, len(mention.text)) if begin else mention

    @staticmethod
    def _company(mention: Mention, companies: set[str]) -> Iterator[Mention]:
        for length in range(len(mention.text) - 1, 1, -1):
            if mention.text[:length] in companies:
                yield _inner(mention, 0, mention.text[:length], "Company")
                return


def _part(mention: Mention, begin: int, end: int) -> Mention:
    span = Span(mention.span.begin + begin, mention.span.begin + end)
    return replace(mention, span=span, text=mention.text[begin:end])


def _inner(outer: Mention, offset: int, name: str, kind: str) -> Mention:
    begin = outer.span.begin + offset
    return Mention(
        outer.document, Span(begin, begin + len(name)), name, kind, "name", f"nested-{kind.lower()}", outer.confidence
    )
