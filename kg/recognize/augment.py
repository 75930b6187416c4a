"""More text to train on: annotated documents with other names in the places of their names.

The tagger then learns from a sentence what surrounds a name, and not the few names that the annotators chose.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.model import Document, Mention, Span
from kg.recognize.annotated import Annotated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.domain import Domain

_COMMON = 150  # surnames that most people bear
_LONGEST_NAME = 4  # in characters; longer names are transliterated and are taken whole
_TRIES = 30


class Renamer:
    """Gives annotated documents new names: places of the same level, made-up persons, others from `corpus`.

    Half of the organisations, events and so on keep their names. The same name of a document gets the same new one.
    """

    def __init__(self, domain: Domain, corpus: Iterable[Annotated], seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - names for training, no secret
        pools: dict[str, set[str]] = {}
        for annotated in corpus:
            for mention in annotated.names:
                pools.setdefault(mention.type, set()).add(mention.text)
        self._pools = {kind: sorted(pool) for kind, pool in sorted(pools.items())}
        marks = frozenset(domain.toml("recognize.toml")["training"]["marks"])
        self._marks = marks
        self._unmarked = {kind: [n for n in pool if not marks & set(n)] for kind, pool in self._pools.items()}
        self._surnames = [name for name, *_ in domain.rows("gazetteer/surnames.tsv")]
        known = frozenset(self._surnames)
        people = self._pools.get("Person", [])
        self._given = [c for n in people if n[0] in known and 2 <= len(n) < _LONGEST_NAME for c in n[1:]]  # noqa: PLR2004
        places = domain.rows("gazetteer/places.tsv")
        self._levels = {name: level for name, level, *_ in reversed(places)}
        self._places: dict[str, list[str]] = {}
        for name, level, *_ in places:
            self._places.setdefault(level, []).append(name)
        self._listed = [name for name, kind, *_ in domain.rows("gazetteer/companies.tsv") if kind == "listed"]

    def __call__(self, annotated: Annotated) -> Annotated:
        """The document with new names."""
        text = annotated.document.text
        places = {m.text: self._place(m.text) for m in annotated.names if m.text in self._levels}
        new: dict[tuple[str, str], str] = {}
        pieces: list[str] = []
        mentions: list[Mention] = []
        last = at = 0
        for mention in annotated.names:
            before = text[last : mention.span.begin]
            key = mention.text, mention.type
            if key not in new:
                new[key] = self._name(mention, places, is_quoted=before[-1:] in self._marks)
            name = new[key]
            at += len(before)
            mentions.append(replace(mention, span=Span(at, at + len(name)), text=name))
            pieces += before, name
            at += len(name)
            last = mention.span.end
        pieces.append(text[last:])
        return Annotated(Document(annotated.document.id, "".join(pieces), ""), tuple(mentions), ())

    def _name(self, mention: Mention, places: dict[str, str], *, is_quoted: bool) -> str:
        name, kind, chance = mention.text, mention.type, self._random.random()
        if kind == "Person":
            return self._person(name)
        if kind == "Place" and name in places:
            return places[name]
        if chance < 0.5:  # noqa: PLR2004 - the better of three shares tried by cross-validation
            return self._company(name, chance) if kind == "Company" else self._other(name, kind, is_quoted=is_quoted)
        for place in sorted(places, key=lambda p: (-len(p), p)):
            if name.startswith(place):
                return places[place] + name[len(place) :]
        return name

    def _person(self, name: str) -> str:
        draw = self._random
        if len(name) > _LONGEST_NAME or draw.random() < 0.2 or not self._given:  # noqa: PLR2004
            return draw.choice(self._pools["Person"])
        surname = draw.choice(self._surnames[: _COMMON if draw.random() < 0.75 else None])  # noqa: PLR2004
        return surname + "".join(draw.choices(self._given, k=draw.choice((1, 2, 2, 2))))

    def _place(self, name: str) -> str:
        level = self._levels[name]
        return self._random.choice(self._places["county" if level == "county-short" else level])

    def _company(self, name: str, chance: float) -> str:
        """A listed company for a bare name, else one with the same ending (有限公司, 集团)."""
        pool = self._pools["Company"]
        alike = [n for n in self._random.sample(pool, min(_TRIES, len(pool))) if n[-2:] == name[-2:]]
        if chance < 0.25 or alike:  # noqa: PLR2004
            return alike[0] if alike else self._random.choice(pool)
        return self._random.choice(self._listed)

    def _other(self, name: str, kind: str, *, is_quoted: bool) -> str:
        """A name of the same class; none with marks of its own within marks, or for one that has none."""
        is_plain = is_quoted or not self._marks & set(name)
        return self._random.choice((self._unmarked[kind] or [name]) if is_plain else self._pools[kind])
