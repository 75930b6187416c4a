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


_SHORTEST = 2  # characters of a company's name


class Nested:
    """Finds the place that begins a name (also behind a year or an ordinal), and the company that begins its unit."""

    def __init__(self, domain: Domain) -> None:
        rules = domain.toml("recognize.toml")["nested"]
        self._within = frozenset(rules["within"])
        self._lead = re.compile(rules["lead"])
        self._units = frozenset(rules["units"])
        self._branch = re.compile(rules["branch"])
        self._firm = re.compile(rules["firm"])
        listed = (row for row in domain.rows("gazetteer/companies.tsv") if row[1] in rules["firm_kinds"])
        self._firms = Gazetteer({name: kind for name, kind, *_ in listed})
        self._not_before = tuple(rules["not_before"])
        self._parts = re.compile(rules["parts"])
        self._between = re.compile(rules["between"])
        rows = [row for table in rules["tables"] for row in domain.rows(f"gazetteer/{table}.tsv")]
        kinds = frozenset(rules["kinds"])
        places = {name: kind for name, kind, *_ in rows if kind in kinds and len(name) > 1}
        self._places = Gazetteer(places)
        counties = {name: kind for name, kind, *_ in rows if kind in rules["counties"] and len(name) > 1}
        self._counties = Gazetteer(counties)
        self._seats = Gazetteer({name: kind for name, kind in counties.items() if name not in rules["words"]})
        self._seated = frozenset(rules["seated"])
        self._coded: dict[str, tuple[str, ...]] = {}
        for name, _, code in domain.rows("gazetteer/places.tsv"):
            self._coded[name] = (*self._coded.get(name, ()), code)
        self._town, self._village = re.compile(rules["town"]), re.compile(rules["village"])
        self._shorten = {
            name: name[: -len(ending)]
            for name, kind in places.items()
            for ending in rules["shorten"].get(kind, ())
            if name.endswith(ending) and name[: -len(ending)] in places
        }

    def __call__(self, mentions: Iterable[Mention], companies: frozenset[str]) -> Iterator[Mention]:
        """The mentions that begin one of `mentions`; `companies` are those that the document names."""
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
        name = self._places.prefix(whole) or (self._seats.prefix(whole) if mention.type in self._seated else "")
        rest = whole[len(name) :]
        if not name or rest.startswith(self._not_before) or (mention.type == "Place" and self._is_one(whole, rest)):
            return None
        return _inner(mention, offset, self._shorten.get(name, name), "Place")

    def _is_one(self, place: str, rest: str) -> bool:
        """Whether `place` is one name of a division (黑龙江省), not a place named after another."""
        return len(rest) == 1 or self._places.entries.get(place, "region") != "region"

    def unstack(self, mention: Mention) -> Iterator[Mention]:
        """Names on both sides of 以及, and a place written as several (浙江温州永嘉县), as one mention each."""
        between = self._between.search(mention.text)
        if between:
            yield from self.unstack(_part(mention, 0, between.start()))
            yield from self.unstack(_part(mention, between.end(), len(mention.text)))
            return
        begin = 0
        while mention.type == "Place" and (name := self._first(mention.text[begin:])):
            yield _part(mention, begin, begin + len(name))
            begin += len(name)
        yield _part(mention, begin, len(mention.text)) if begin else mention

    def _first(self, whole: str) -> str:
        """The first of the places that `whole` names one in the other; nothing where it is one place."""
        if whole in self._places.entries:
            return ""
        town = self._town.match(whole)
        if town and self._village.fullmatch(whole, town.end()):
            return town[0]
        name = self._places.prefix(whole)
        rest = whole[len(name) :]
        if name and (rest in self._places.entries or self._places.prefix(rest) or self._lies_in(rest, name)):
            return name
        name = name or self._counties.prefix(whole)
        return name if name and self._parts.fullmatch(whole, len(name)) else ""

    def _lies_in(self, county: str, place: str) -> bool:
        """Whether a county without its generic word (南沙) is one of `place` (广州), by their codes."""
        return any(code.startswith(above) for code in self._codes(county) for above in self._codes(place))

    def _codes(self, place: str) -> tuple[str, ...]:
        return self._coded.get(place, ())

    def _company(self, mention: Mention, companies: frozenset[str]) -> Iterator[Mention]:
        """The company that begins `mention`: one that the document names, or one before its unit's place or noun."""
        text = mention.text
        known = (text[:length] for length in range(len(text) - 1, 1, -1) if text[:length] in companies)
        match = self._firm.match(text)
        name = next(known, match[1] if match else self._firms.prefix(text) or self._before_place(text))
        if name and (mention.type != "Company" or self._branch.fullmatch(text, len(name))):
            yield _inner(mention, 0, name, "Company")

    def _before_place(self, text: str) -> str:
        """What stands before a place within `text` (特斯拉上海工厂), if a company can be called so."""
        places = (m.begin for m in self._places.matches(text) if m.begin >= _SHORTEST)
        at = next(places, 0)
        return text[:at] if at and self._branch.fullmatch(text, at) else ""


def _part(mention: Mention, begin: int, end: int) -> Mention:
    span = Span(mention.span.begin + begin, mention.span.begin + end)
    return replace(mention, span=span, text=mention.text[begin:end])


def _inner(outer: Mention, offset: int, name: str, kind: str) -> Mention:
    begin = outer.span.begin + offset
    return Mention(
        outer.document, Span(begin, begin + len(name)), name, kind, "name", f"nested-{kind.lower()}", outer.confidence
    )
