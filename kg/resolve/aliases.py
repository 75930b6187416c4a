"""Which names of a document are names of one entity."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.resolve.names import core, fold, unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.domain import Domain
    from kg.model import Mention
    from kg.resolve.definitions import Definition
    from kg.resolve.names import NameStructure
    from kg.resolve.persons import PersonNames

_AMBIGUOUS = 2  # so many entities that a short name may mean
_LEADING = 2  # times as often somebody is named as others of the surname, if a form of address means him
_APART = 8  # code points between two names; those that are nearer to each other stand in one list
_FAMILIES = ("Organization", "Event", "Programme")


@dataclass(slots=True, eq=False)
class Name:
    """One wording with one class: `key` is the folded wording, `weight` the sum of its mentions' confidences.

    `stems` are the shorter wordings that its structure gives.
    """

    key: str
    text: str
    type: str
    first: int
    weight: float = 0.0
    mentions: list[Mention] = field(default_factory=list)
    stems: frozenset[str] = frozenset()
    full: Name | None = None

    @property
    def root(self) -> Name:
        """The fullest name that this one leads to."""
        name = self
        while name.full is not None:
            name = name.full
        return name


class Aliases:
    """Groups mentions into names and leads every short name to its full one.

    >>> from kg.domain import Domain
    >>> from kg.model import Mention, Span
    >>> from kg.resolve.names import NameStructure
    >>> from kg.resolve.persons import PersonNames
    >>> aliases = Aliases(Domain.default(), NameStructure(Domain.default()), PersonNames(Domain.default()))
    >>> firms = ("长安汽车", Span(0, 4)), ("长安汽车有限公司", Span(9, 17))
    >>> mentions = [Mention("d", span, text, "Company", "name", "x", 1.0) for text, span in firms]
    >>> [(name.text, name.root.text) for name in aliases(mentions, [])]
    [('长安汽车', '长安汽车有限公司'), ('长安汽车有限公司', '长安汽车有限公司')]
    """

    def __init__(self, domain: Domain, structure: NameStructure, persons: PersonNames) -> None:
        self._structure = structure
        self._persons = persons
        tables = domain.toml("names.toml")["known"]["tables"]
        self._bodies = {row[0]: row[2] for table in tables for row in domain.rows(table)}
        self._families = {cls: next((f for f in _FAMILIES if domain.is_a(cls, f)), cls) for cls in domain.classes}

    def __call__(self, mentions: Sequence[Mention], definitions: Sequence[Definition]) -> list[Name]:
        """The names of a document in order of first mention, each with its full name where it is a short one."""
        names = self._names(mentions)
        places = self._places(names)
        reduced: dict[str, list[Name]] = defaultdict(list)
        for name in names:
            name.stems = self._structure.reductions(name.key, name.type, places)
            for short in name.stems:
                reduced[short].append(name)
            quoted = core(name.text) if self._structure.takes("quoted", name.type) else None
            if quoted is not None:
                reduced[fold(quoted)].append(name)
        for form, people in self._forms(names, alone=True).items():
            reduced[fold(form)] += people
        for variant, full in self._same_in_tables(names):
            reduced[variant.key].append(full)
        names = self._settle(names, reduced)
        self._define(names, definitions)
        self._link(names, reduced, places)
        return names

    def family(self, cls: str) -> str:
        """The class whose subclasses are often taken for each other, or `cls` itself."""
        return self._families.get(cls, cls)

    def _names(self, mentions: Sequence[Mention]) -> list[Name]:
        found: dict[tuple[str, str], Name] = {}
        for mention in mentions:
            text = unquote(mention.text)
            key = fold(text)
            if not key:
                continue
            name = found.setdefault((key, mention.type), Name(key, text, mention.type, mention.span.begin))
            name.weight += mention.confidence
            name.mentions.append(mention)
        return list(found.values())

    def _places(self, names: Iterable[Name]) -> frozenset[str]:
        keys = {n.key for n in names if n.type == "Place"}
        return frozenset(keys | {self._structure.regions.body(k)[0] for k in keys})

    def _forms(self, names: Iterable[Name], *, alone: bool = False) -> dict[str, list[Name]]:
        """What the people among `names` may be called, also by a part of the name `alone`, each with those people."""
        people = {n.text: n for n in names if n.type == "Person"}
        forms = self._persons.forms_of_address(people)
        if alone:
            forms = {**self._persons.parts(people), **forms}
        return {form: [people[full] for full in fulls] for form, fulls in forms.items()}

    def _same_in_tables(self, names: Iterable[Name]) -> Iterator[tuple[Name, Name]]:
        """Names that the tables of national bodies and enterprises give as names of one, with the longest of them."""
        by_body: dict[str, list[Name]] = defaultdict(list)
        for name in names:
            if name.text in self._bodies:
                by_body[self._bodies[name.text]].append(name)
        for same in by_body.values():
            full = max(same, key=lambda n: (len(n.key), -n.first))
            yield from ((name, full) for name in same if name.key != full.key)

    def _settle(self, names: list[Name], reduced: dict[str, list[Name]]) -> list[Name]:
        """Give each wording its best-supported class, unless a fuller name of another class claims a part of it."""
        by_key: dict[str, list[Name]] = defaultdict(list)
        for name in names:
            by_key[name.key].append(name)
        settled = []
        for same in by_key.values():
            best = max(same, key=lambda n: (n.weight, -n.first))
            settled.append(best)
            for other in same:
                if other is best:
                    continue
                fuller = [n for n in reduced.get(other.key, ()) if n.type == other.type]
                if fuller and self.family(other.type) != self.family(best.type):
                    settled.append(other)
                else:
                    best.mentions += other.mentions
                    best.first = min(best.first, other.first)
            best.mentions.sort(key=lambda m: m.span)
        return sorted(settled, key=lambda n: (n.first, -len(n.key), n.type))

    def _define(self, names: list[Name], definitions: Sequence[Definition]) -> None:
        by_span = {m.span: n for n in names for m in n.mentions}
        for definition in definitions:
            short, full = by_span.get(definition.span), by_span.get(definition.target.span)
            if short is not None and full is not None and short.full is None and full.root is not short:
                short.full = full

    def short_forms(self, names: Sequence[Name]) -> dict[str, Name]:
        """Wordings that names of just one entity may be shortened to and that are no names yet, each with the name."""
        known = {n.key for n in names}
        return {form: name for form, name in self.forms(names).items() if form not in known}

    def forms(self, names: Sequence[Name]) -> dict[str, Name]:
        """Wordings that names of just one entity may be shortened to, each with the name; of people the most named."""
        places = self._places(names)
        found: dict[str, list[Name]] = defaultdict(list)
        for name in names:
            for short in (*name.stems, *self._structure.brands(name.key, name.type, places)):
                if self._structure.may_be_sought(short, name.type):
                    found[short].append(name)
        for form, people in self._forms(names).items():
            first, *others = sorted(people, key=lambda n: (-len(n.mentions), n.first))
            leads = all(len(first.mentions) >= _LEADING * len(n.mentions) for n in others)
            found[form] += [first] if leads else people
        return {form: owners[0] for form, owners in sorted(found.items()) if len({id(n.root) for n in owners}) == 1}

    def _link(self, names: list[Name], reduced: dict[str, list[Name]], places: frozenset[str]) -> None:
        alive = {id(n) for n in names}
        reduced = {short: [n for n in full if id(n) in alive] for short, full in reduced.items()}
        index = self._by_character(names)
        for short in sorted(names, key=lambda n: (-len(n.key), n.first)):
            if short.full is not None:
                continue
            candidates = self._by_structure(short, reduced) or self._by_abbreviation(short, index, places)
            short.full = self._choose(short, candidates)

    def _by_structure(self, short: Name, reduced: dict[str, list[Name]]) -> list[Name]:
        family = self.family(short.type)
        found = [n for n in reduced.get(short.key, ()) if n is not short and self.family(n.type) == family]
        return [n for n in found if n.type == short.type] or found

    def _by_abbreviation(
        self, short: Name, index: dict[tuple[str, str], list[Name]], places: frozenset[str]
    ) -> list[Name]:
        rarest = min((index[short.type, c] for c in sorted(set(short.key))), key=len)
        if short.type == "Place":
            spelled_out = self._structure.regions.spelled_out(short.key)
            shortened = (
                [n for n in index["Place", spelled_out[0]] if self._body(n) == spelled_out] if spelled_out else []
            )
        else:
            shortened = [n for n in rarest if self._is_shortened(short, n, places)]
        return shortened or [
            n for n in rarest if n.first < short.first and self._structure.resumes(short.key, n.key, short.type, places)
        ]

    def _is_shortened(self, short: Name, full: Name, places: frozenset[str]) -> bool:
        stems = full.key, *sorted(full.stems)
        return any(self._structure.shortens(short.key, stem, short.type, places) for stem in stems)

    def _choose(self, short: Name, candidates: list[Name]) -> Name | None:
        """The candidate whose entity is meant, none where that is uncertain.

        Of places the one of the highest level is meant, of people the one most spoken of, of all else the last before.
        """
        roots = list({id(n.root): n for n in candidates if n.root is not short}.values())
        if len(roots) < _AMBIGUOUS:
            return roots[0] if roots else None
        if short.type == "Place":
            first, second, *_ = sorted(roots, key=self._level)
            return first if self._level(first) < self._level(second) else None
        if short.type == "Person":
            return max(roots, key=lambda n: (len(n.mentions), -n.first))
        return None if self.family(short.type) == "Event" else _last_before(short.first, candidates)

    def _level(self, place: Name) -> int:
        return self._structure.regions.body(place.key)[1]

    def _body(self, place: Name) -> str:
        return self._structure.regions.body(place.key)[0]

    @staticmethod
    def _by_character(names: list[Name]) -> dict[tuple[str, str], list[Name]]:
        index: dict[tuple[str, str], list[Name]] = defaultdict(list)
        for name in names:
            for character in sorted(set(name.key)):
                index[name.type, character].append(name)
        return index


def _last_before(position: int, candidates: Sequence[Name]) -> Name | None:
    """The entity named last before `position`, none where another of `candidates` stands in one list with it."""
    before = sorted(
        ((m.span, n) for n in candidates for m in n.mentions if m.span.begin < position), key=lambda b: b[0]
    )
    if not before:
        return None
    (span, name) = before[-1]
    others = (s.end for s, n in before if n.root is not name.root)
    return None if any(span.begin - end < _APART for end in others) else name.root
