"""Sentences as relations are read off them: every entity a single marked character, apposition and coordination folded.

A :class:`View` is the sentence with each argument (a mention of an entity) written as one private-use character
that names its class, so that a frame is an ordinary regular expression over classes and words. The *flat* view
keeps every argument; the *folded* view also drops parentheses, keeps of an apposition (局｜科长｜某某) the head, and
of a coordination (甲、乙和丙) one character that stands for all its members.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.domain import Domain
    from kg.model import Entity, Mention
    from kg.segment import Segmentation, Sentence

_FIRST_MARK = 0xE000
_NEUTRAL = "\ufffd"  # for a character of the text that would pass for a mark
_BROADEST = "Agent"  # a superclass that tells nothing apart


@dataclass(frozen=True, slots=True, order=True)
class Argument:
    """A mention of an entity that a relation may join: none that lies within a longer mention."""

    span: Span
    entity: str
    type: str
    name: str


@dataclass(frozen=True, slots=True)
class Unit:
    """What one marked character stands for: coordinated arguments, and those that only modify them."""

    arguments: tuple[Argument, ...]
    modifiers: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """A rendered sentence: `origin` gives the span in the document of every character, `units` the marked ones."""

    text: str
    origin: tuple[Span, ...]
    units: Mapping[int, Unit]

    def span(self, begin: int, end: int) -> Span:
        """The part of the document that the characters from `begin` to `end` were rendered from."""
        return Span(self.origin[begin].begin, self.origin[end - 1].end)

    def at(self, position: int) -> int:
        """The first rendered character at or after `position` of the document."""
        return next((i for i, span in enumerate(self.origin) if span.begin >= position), len(self.origin))


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence with its arguments in text order and its two views."""

    sentence: Sentence
    arguments: tuple[Argument, ...]
    flat: View
    folded: View


@dataclass(frozen=True, slots=True)
class _Item:
    char: str
    span: Span
    unit: Unit | None = None


class Marks:
    """The private-use character of each class, and the regular expression classes that group them.

    >>> from kg.domain import Domain
    >>> marks = Marks(Domain.default())
    >>> marks["Person"] in marks.any
    True
    """

    def __init__(self, domain: Domain) -> None:
        self._domain = domain
        self._marks = {name: chr(_FIRST_MARK + index) for index, name in enumerate(sorted(domain.classes))}
        self._family = {name: _family(name, domain.classes[name].ancestors) for name in domain.classes}
        self.any = f"[{''.join(self._marks.values())}]"
        self.characters = frozenset(self._marks.values())

    def __getitem__(self, name: str) -> str:
        return self._marks[name]

    def __contains__(self, name: str) -> bool:
        return name in self._marks

    def of(self, names: Iterable[str]) -> str:
        """A regular expression that matches an argument of any class in `names`, subclasses included."""
        wanted = set(names)
        found = [mark for name, mark in self._marks.items() if any(self._domain.is_a(name, w) for w in wanted)]
        return f"[{''.join(found)}]"

    def family(self, name: str) -> str:
        """The topmost class above `name` that still tells its members apart from other arguments.

        >>> from kg.domain import Domain
        >>> Marks(Domain.default()).family("School")
        'Organization'
        """
        return self._family[name]


def _family(name: str, ancestors: Iterable[str]) -> str:
    above = sorted(a for a in ancestors if a != _BROADEST)
    return above[0] if above else name


class Reader:
    """Renders sentences by the marks of ``frames.toml``."""

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("frames.toml")["reading"]
        self.marks = Marks(domain)
        self._dropped = frozenset(table["dropped"])
        self._juxtaposed = re.compile(table["juxtaposed"])
        self._enumeration: str = table["enumeration"]
        self._connector = re.compile(table["connector"])
        self._parenthesis = re.compile(table["parenthesis"])

    def __call__(self, segmentation: Segmentation, entities: Iterable[Entity]) -> list[Reading]:
        """The prose sentences of a document, in order."""
        mentions = list(_outermost(entities))
        readings, at = [], 0
        for sentence in segmentation.sentences:
            while at < len(mentions) and mentions[at].span.begin < sentence.span.begin:
                at += 1
            end = at
            while end < len(mentions) and mentions[end].span.begin < sentence.span.end:
                end += 1
            arguments = tuple(a for a in mentions[at:end] if a.span.end <= sentence.span.end)
            at = end
            if sentence.is_prose:
                readings.append(self._read(segmentation.document.text, sentence, arguments))
        return readings

    def _read(self, text: str, sentence: Sentence, arguments: tuple[Argument, ...]) -> Reading:
        flat = list(self._items(text, sentence.span, arguments))
        folded = self._coordinated(self._apposed(self._without_parentheses(flat)))
        return Reading(sentence, arguments, _view(flat), _view(folded))

    def _items(self, text: str, span: Span, arguments: Sequence[Argument]) -> Iterator[_Item]:
        at = span.begin
        for argument in [*arguments, None]:
            until = argument.span.begin if argument else span.end
            if self._juxtaposed.fullmatch(text, at, until):
                yield _Item(self._enumeration, Span(at, until))
                at = until
            for i in range(at, until):
                if text[i] not in self._dropped and not text[i].isspace():
                    yield _Item(_NEUTRAL if text[i] in self.marks.characters else text[i], Span(i, i + 1))
            if argument:
                yield _Item(self.marks[argument.type], argument.span, Unit((argument,)))
                at = argument.span.end

    def _without_parentheses(self, items: list[_Item]) -> list[_Item]:
        text = "".join(i.char for i in items)
        inside = {i for m in self._parenthesis.finditer(text) for i in range(*m.span())}
        return [item for i, item in enumerate(items) if i not in inside]

    def _apposed(self, items: list[_Item]) -> list[_Item]:
        folded: list[_Item] = []
        for is_marked, run in groupby(items, key=lambda i: i.unit is not None):
            group = list(run)
            folded.extend([self._apposition(group)] if is_marked else group)
        return folded

    def _apposition(self, group: list[_Item]) -> _Item:
        units = [i.unit for i in group if i.unit]
        types = [u.arguments[0].type for u in units]
        last = len(types) - 1
        # A title may follow the name it belongs to (某某教授): the person stays the head.
        head = types.index("Person") if types[last] == "Role" and "Person" in types else last
        modifiers = tuple(a for i, u in enumerate(units) if i != head for a in u.arguments)
        return _Item(
            group[head].char, Span(group[0].span.begin, group[-1].span.end), Unit(units[head].arguments, modifiers)
        )

    def _coordinated(self, items: list[_Item]) -> list[_Item]:
        folded: list[_Item] = []
        gap: list[_Item] = []
        for item in items:
            if item.unit is None:
                gap.append(item)
                continue
            before = folded[-1] if folded else None
            if before and before.unit and self._joins(before.unit, gap, item.unit):
                unit = Unit(before.unit.arguments + item.unit.arguments, before.unit.modifiers + item.unit.modifiers)
                folded[-1] = _Item(before.char, Span(before.span.begin, item.span.end), unit)
            else:
                folded.extend(gap)
                folded.append(item)
            gap = []
        return folded + gap

    def _joins(self, before: Unit, gap: list[_Item], after: Unit) -> bool:
        families = {self.marks.family(u.arguments[-1].type) for u in (before, after)}
        return len(families) == 1 and self._connector.fullmatch("".join(i.char for i in gap)) is not None


def _view(items: list[_Item]) -> View:
    units = {i: item.unit for i, item in enumerate(items) if item.unit}
    return View("".join(i.char for i in items), tuple(i.span for i in items), units)


def _outermost(entities: Iterable[Entity]) -> Iterator[Argument]:
    end = 0
    found: list[tuple[Mention, Entity]] = [(m, e) for e in entities for m in e.mentions if m.kind != "metadata"]
    for mention, entity in sorted(found, key=lambda p: (p[0].span.begin, -p[0].span.end, p[1].id)):
        if mention.span.begin >= end:
            yield Argument(mention.span, entity.id, entity.type, entity.name)
            end = mention.span.end
