"""Names inside names: the place or the company that begins a longer name."""

from __future__ import annotations

import re
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
        self._not_after = frozenset(rules["not_before"])
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
        match = next(self._places.matches(mention.text[offset : offset + 12]), None)
        if not match or match.begin:
            return None
        name = mention.text[offset : offset + match.end]
        rest = mention.text[offset + match.end :]
        if not rest or any(rest.startswith(word) for word in self._not_after):
            return None
        return _inner(mention, offset, self._shorten.get(name, name), "Place")

    @staticmethod
    def _company(mention: Mention, companies: set[str]) -> Iterator[Mention]:
        for length in range(len(mention.text) - 1, 1, -1):
            if mention.text[:length] in companies:
                yield _inner(mention, 0, mention.text[:length], "Company")
                return


def _inner(outer: Mention, offset: int, name: str, kind: str) -> Mention:
    begin = outer.span.begin + offset
    return Mention(
        outer.document, Span(begin, begin + len(name)), name, kind, "name", f"nested-{kind.lower()}", outer.confidence
    )
