"""What an entity of one document brings along that tells across documents what it is."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.merge.places import Setting, places_of
from kg.recognize.numerals import NumeralGrammar
from kg.resolve import fold
from kg.resolve.regions import Regions
from kg.wordlists import longest_first

if TYPE_CHECKING:
    from kg.domain import Domain
    from kg.model import Document, Entity, Extraction

_LATE = 2  # how much a place counts that the outlet or the headline names


@dataclass(frozen=True, slots=True)
class Trait:
    """One reading of a name.

    Only names of one `block` are compared. `keys` settle which of the block is meant (a place, a year);
    where there are none, `hints` tell which keys the document makes likely. `bound` names need a key:
    市总工会 says nothing without its city.
    """

    block: tuple[str, ...]
    keys: frozenset[str] = frozenset()
    hints: frozenset[str] = frozenset()
    bound: bool = False
    strict: bool = False

    @property
    def area(self) -> str:
        """The GB/T 2260 code of the place meant, or of the place that the name begins with; empty where it is open."""
        key = next(iter(self.keys)) if len(self.keys) == 1 else ""
        return key if key.isdecimal() else ""


class Traits:
    """Reads names with the places of their document by ``[identity]`` of names.toml.

    >>> from kg.domain import Domain
    >>> from collections import Counter
    >>> domain = Domain.default()
    >>> traits = Traits(domain)
    >>> here = Setting(traits.places, Counter({"福州": 3}))
    >>> [(t.block, sorted(t.keys)) for t in (traits.of(n, "TradeUnion", here) for n in ("市总工会", "福州总工会"))]
    [(('TradeUnion', '总'), ['3501']), (('TradeUnion', '总'), ['3501'])]
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("names.toml")
        identity = table["identity"]
        words = identity["words"]
        self.places = places_of(domain)
        self._regions = Regions(domain)
        self._located = frozenset(identity["located"])
        self._levels = sorted(((k, tuple(v)) for k, v in identity["levels"].items()), key=lambda r: -len(r[0]))
        self._no_level, self._levelled = tuple(words["no_level"]), frozenset(words["levelled"])
        self._legal = longest_first([*table["company"]["plain"], *table["company"]["bare"]])
        self._generic, self._small = re.compile(words["generic"]), re.compile(words["small"])
        self._series = frozenset(words["series"])
        self._year, self._edition = re.compile(words["year"]), re.compile(words["edition"])
        self._numerals = NumeralGrammar.of(domain)
        self._contractions = [(fold(k), fold(v)) for k, v in table["contractions"].items()]
        tables = table["known"]["tables"]
        rows = (row for each in tables for row in domain.rows(each))
        self._known = {fold(name): fold(full) for name, kind, full in rows if kind != "listed"}

    def setting(self, extraction: Extraction) -> Setting:
        """The places that the document of `extraction` speaks of."""
        named: Counter[str] = Counter()
        for entity in extraction.entities:
            written = sum(m.kind != "pronoun" for m in entity.mentions)
            if entity.type == "Place":
                named[entity.name] += written
            elif entity.type in self._located:
                places, _ = self.places.leading(entity.name, firm=entity.type == "Company")
                named["".join(places)] += written if places else 0
        metadata = extraction.document.metadata
        for field in (metadata.publisher, metadata.title):
            places, _ = self.places.leading(field.value) if field else ((), "")
            named["".join(places)] += _LATE if places else 0
        named.pop("", None)
        return Setting(self.places, named)

    def of(self, name: str, cls: str, here: Setting, years: frozenset[str] = frozenset()) -> Trait:
        """What `name` of class `cls` tells in a document that speaks of the places `here` and of these `years`."""
        folded = fold(name)
        if cls == "Place":
            return self._place(folded, here)
        if cls in self._series:
            return self._contest(folded, cls, years)
        if cls in self._located:
            return self._organisation(self._known.get(folded, folded), cls, here)
        return Trait((cls, folded))

    def years(self, extraction: Extraction, entity: Entity) -> frozenset[str]:
        """The years in which an event took place, else the year of its document."""
        if entity.type not in self._series:
            return frozenset()
        dated = {d.interval.begin[:4] for d in extraction.datings if d.about == entity.id and d.interval.begin}
        return frozenset(dated) or year_of(extraction.document)

    def _place(self, name: str, here: Setting) -> Trait:
        codes = here.settle(self.places.codes(name))
        if codes:
            places, _ = self.places.leading(name, whole=True)
            block = ("Place", self._regions.body(places[-1])[0])
            return Trait(block, codes) if len(codes) == 1 else Trait(block, hints=codes, bound=True)
        if self._small.search(name):
            places, rest = self.places.leading(name)
            within = here.settle(self.places.narrowed(places))
            city = self.places.city(next(iter(within))) if len(within) == 1 else here.city
            return Trait(("Place", rest), frozenset({city} if city else ()), bound=True)
        return Trait(("Place", self._regions.body(name)[0]))

    def _contest(self, name: str, cls: str, years: frozenset[str]) -> Trait:
        keys = {f"year {y[0]}" for y in self._year.findall(name)}
        keys |= {f"no {self._numerals.value(e) if e else 1}" for e in self._edition.findall(name)}
        bare = self._edition.sub("", self._year.sub("", name)) or name
        return Trait((cls, bare), frozenset(keys), frozenset(f"year {y}" for y in years), strict=True)

    def _organisation(self, name: str, cls: str, here: Setting) -> Trait:
        firm = cls == "Company"
        places, rest = self.places.leading(name, firm=firm)
        codes = here.settle(self.places.narrowed(places))
        level = self._level(rest, cls) if not places else None
        if level:
            code = here.at(level[1])
            return Trait(self._block(rest.removeprefix(level[0]), cls), frozenset({code} if code else ()), bound=True)
        block = self._block(rest, cls)
        if codes:
            return Trait(block, codes) if len(codes) == 1 else Trait(block, hints=codes, bound=True)
        if self._generic.search(rest):
            city = here.city
            return Trait(block, frozenset({city} if city else ()), bound=True)
        return Trait(block, hints=frozenset(here.weights))

    def _level(self, name: str, cls: str) -> tuple[str, tuple[int, ...]] | None:
        """The level at which `name` begins (市 in 市总工会), with the lengths of the codes that it may mean."""
        if name.startswith(self._no_level):
            return None
        for word, lengths in self._levels:
            rest = name.removeprefix(word)
            if rest != name and len(rest) > 1 and (cls in self._levelled or self._generic.search(rest)):
                return word, lengths
        return None

    def _block(self, rest: str, cls: str) -> tuple[str, ...]:
        if cls == "Company":
            legal = next((w for w in self._legal if rest.endswith(w) and len(rest) > len(w) + 1), "")
            return (cls, rest.removesuffix(legal))
        for full, part in self._contractions:
            rest = rest.replace(full, part)
        return (cls, rest)


def year_of(document: Document) -> frozenset[str]:
    """The year in which `document` was published, where it says so."""
    published = document.metadata.date_published
    return frozenset({published.value[:4]} if published else ())
