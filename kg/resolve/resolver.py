"""Mentions → the entities of one document."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.model import Entity, Mention, Span
from kg.resolve.aliases import Aliases, Name
from kg.resolve.bylines import with_bylines
from kg.resolve.coreference import Coreference
from kg.resolve.definitions import Definitions
from kg.resolve.names import NameStructure, core, fold, is_quoted, unquote
from kg.resolve.occurrences import Occurrences
from kg.resolve.persons import PersonNames
from kg.resolve.reclaiming import Reclaiming
from kg.resolve.recovering import Recovering
from kg.resolve.wordings import Wordings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.domain import Domain
    from kg.model import Document
    from kg.resolve.definitions import Definition
    from kg.segment import Segmentation


class Resolver:
    """Joins the names of one document, and what stands for them, into entities.

    >>> from kg.domain import Domain
    >>> from kg.model import Document
    >>> from kg.segment import Segmenter
    >>> domain = Domain.default()
    >>> cut = Segmenter(domain)(Document("d", "重庆市总工会开会。市总工会说，将继续。", ""))
    >>> names = [
    ...     Mention("d", Span(0, 6), "重庆市总工会", "TradeUnion", "name", "x", 1.0),
    ...     Mention("d", Span(0, 2), "重庆", "Place", "name", "x", 1.0),
    ... ]
    >>> [(e.id, e.name, e.aliases, len(e.mentions)) for e in Resolver(domain)(cut, names)]
    [('e1', '重庆市总工会', ('市总工会',), 2), ('e2', '重庆', ('重庆市',), 1)]
    """

    def __init__(self, domain: Domain) -> None:
        self._structure = NameStructure(domain)
        self._definitions = Definitions(domain)
        self._aliases = Aliases(domain, self._structure, PersonNames(domain))
        self._reclaiming = Reclaiming(domain, self._structure)
        self._occurrences = Occurrences(domain)
        self._recovering = Recovering(domain, self._structure)
        self._coreference = Coreference(domain, self._structure.regions)
        self._wordings = Wordings(domain, self._structure)

    def __call__(self, segmentation: Segmentation, mentions: Sequence[Mention]) -> tuple[Entity, ...]:
        """The entities that `mentions` (names, as recognized) and the text around them give."""
        document = segmentation.document
        mentions = with_bylines(document, mentions)
        definitions = self._definitions(document.text, mentions)
        named = self._named(document, mentions, definitions)
        names = self._aliases(named, definitions)
        reclaimed = self._reclaiming(segmentation, named, self._aliases.forms(names))
        if reclaimed != named:
            names = self._aliases(reclaimed, definitions)
        for name, mention in list(self._occurrences(segmentation, names, self._aliases.short_forms(names))):
            name.mentions.append(mention)
        for name, mention in list(self._recovering(segmentation, names)):
            name.mentions.append(mention)
        pointing = self._coreference(segmentation, names)
        _join_called(document.text, names, pointing)
        pronouns = [(m, name) for m, name in pointing if m.kind == "pronoun"]
        return self._entities(names, pronouns, self._wordings(segmentation, names))

    def pointed(self, segmentation: Segmentation, entities: Sequence[Entity]) -> tuple[Entity, ...]:
        """`entities` with the pronouns and bare nouns that stand for them, unless some are among their mentions."""
        if any(m.kind == "pronoun" for e in entities for m in e.mentions):
            return tuple(entities)
        owners = {}
        for entity in entities:
            name = Name(fold(entity.name), entity.name, entity.type, entity.mentions[0].span.begin)
            name.mentions += entity.mentions
            owners[id(name)] = name, entity
        pointing: dict[int, list[Mention]] = {}
        for mention, name in self._coreference(segmentation, [name for name, _ in owners.values()]):
            pointing.setdefault(id(name), []).append(mention)
        return tuple(
            replace(entity, mentions=tuple(sorted([*entity.mentions, *pointing.get(key, [])], key=_position)))
            for key, (_, entity) in owners.items()
        )

    def _named(
        self, document: Document, mentions: Sequence[Mention], definitions: Sequence[Definition]
    ) -> list[Mention]:
        """The mentions that are names, and those that definitions add.

        Bare nouns name nothing, unless marks enclose them: 《方案》.
        """
        defined = {d.span: d.target for d in definitions}
        found = {
            m.span: m
            for m in mentions
            if m.span in defined or not self._structure.is_bare(fold(m.text)) or is_quoted(document.text, m.span)
        }
        covering: dict[int, list[Span]] = {}
        for span in found:
            for position in range(span.begin, span.end):
                covering.setdefault(position, []).append(span)
        for span, target in defined.items():
            around = {s for position in range(span.begin, span.end) for s in covering.get(position, ()) if s in found}
            if not all(span.covers(s) for s in around - {span}) or span in found:
                continue
            for inner in around:  # a place may begin the new name; other parts of it are no names
                if inner.begin != span.begin or found[inner].type != "Place":
                    del found[inner]
            found[span] = replace(target, span=span, text=span.of(document.text), kind="alias", rule="definition")
            for position in range(span.begin, span.end):
                covering.setdefault(position, []).append(span)
        return sorted(found.values(), key=_position)

    def _entities(
        self, names: Sequence[Name], pronouns: Sequence[tuple[Mention, Name]], wordings: Mapping[int, list[str]]
    ) -> tuple[Entity, ...]:
        pointing: dict[int, list[Mention]] = {}
        for mention, name in pronouns:
            pointing.setdefault(id(name.root), []).append(mention)
        groups: dict[int, list[Name]] = {}
        for name in names:
            groups.setdefault(id(name.root), []).append(name)
        known = {n.key for n in names}
        entities = [
            self._entity(group, known, pointing.get(root, []), wordings)
            for root, group in groups.items()
            if not all(self._structure.is_bare(n.key) for n in group)
        ]
        return tuple(replace(e, id=f"e{number}") for number, e in enumerate(sorted(entities, key=_order), 1))

    def _entity(
        self, group: Sequence[Name], known: set[str], pronouns: Sequence[Mention], wordings: Mapping[int, list[str]]
    ) -> Entity:
        """The entity that the names of `group` name, without its identifier."""
        full = _fullest(group)
        weights: dict[str, float] = {}
        for name in group:  # a short form is of the kind that its full name is
            if self._aliases.family(name.type) == self._aliases.family(full.type):
                weights[name.type] = weights.get(name.type, 0.0) + name.weight
        cls = max(weights, key=lambda c: (weights[c], c == full.type, c))
        named = sorted((m for n in group for m in n.mentions), key=_position)
        texts = [full.text, *(unquote(m.text) for m in named)]
        quoted = core(full.text) if self._structure.takes("quoted", cls) else None
        if quoted is not None and fold(quoted) not in known:
            texts.append(quoted)
        texts += (text for name in group for text in wordings.get(id(name), ()))
        canonical, *aliases = dict.fromkeys(texts)
        mentions = (_typed(m, cls, canonical) for m in sorted([*named, *pronouns], key=_position))
        return Entity("", cls, canonical, tuple(aliases), tuple(mentions))


def _fullest(group: Sequence[Name]) -> Name:
    """The name that the others lead to; of a place the longest without a place before it (菏泽, not 山东菏泽)."""
    root = group[0].root
    if root.type != "Place":
        return root
    bare = [n for n in group if not any(n is not other and n.key.endswith(other.key) for other in group)]
    return max(bare or [root], key=lambda n: (len(n.key), -n.first))


def _join_called(text: str, names: Sequence[Name], pointing: Sequence[tuple[Mention, Name]]) -> None:
    """Lead the new names that the text gives to what it gives them to, wherever else they stand in quotes as well."""
    by_span = {m.span: name for name in names for m in name.mentions}
    for mention, name in pointing:
        if mention.kind != "alias":
            continue
        known = by_span.get(mention.span)
        if known is None:
            found = (Span(*m.span(1)) for m in re.finditer(f"[“‘]({re.escape(mention.text)})[”’]", text))
            again = [replace(mention, span=span) for span in found if span != mention.span and span not in by_span]
            name.mentions += [mention, *again]
        elif known.full is None and known is not name.root:
            known.full = name.root


def _typed(mention: Mention, cls: str, canonical: str) -> Mention:
    if mention.kind in {"pronoun", "metadata"}:
        return replace(mention, type=cls)
    return replace(mention, type=cls, kind="name" if unquote(mention.text) == canonical else "alias")


def _position(mention: Mention) -> tuple[int, int]:
    return mention.span.begin, -mention.span.end


def _order(entity: Entity) -> tuple[tuple[int, int], str, str]:
    return _position(entity.mentions[0]), entity.type, entity.name
