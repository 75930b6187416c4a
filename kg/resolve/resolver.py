"""Mentions → the entities of one document."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.model import Entity, Mention, Span
from kg.resolve.aliases import Aliases, Name
from kg.resolve.bylines import with_bylines
from kg.resolve.coreference import Coreference
from kg.resolve.definitions import Definitions
from kg.resolve.names import NameStructure, core, fold, unquote
from kg.resolve.occurrences import occurrences
from kg.resolve.persons import PersonNames

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.domain import Domain
    from kg.model import Document
    from kg.resolve.definitions import Definition
    from kg.segment import Segmentation

_REPEATED = 0.8  # confidence in a name that stands elsewhere in the document as one
_SHORTENED = 0.7  # and in a short form that only the structure of the name gives


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
    [('e1', '重庆市总工会', ('市总工会',), 2), ('e2', '重庆', (), 1)]
    """

    def __init__(self, domain: Domain) -> None:
        search = domain.toml("names.toml")["search"]
        self._proper = frozenset(search["proper_tags"])
        self._not_after = tuple(search["not_after"])
        self._structure = NameStructure(domain)
        self._persons = PersonNames(domain)
        self._definitions = Definitions(domain, self._structure)
        self._coreference = Coreference(domain, self._structure.regions)
        self._aliases = Aliases(domain, self._structure, self._persons)

    def __call__(self, segmentation: Segmentation, mentions: Sequence[Mention]) -> tuple[Entity, ...]:
        """The entities that `mentions` (names, as recognized) and the text around them give."""
        document = segmentation.document
        mentions = with_bylines(document, mentions)
        definitions = self._definitions(document.text, mentions)
        names = self._aliases(self._named(document, mentions, definitions), definitions)
        self._repeat(segmentation, names)
        pronouns = self._coreference(segmentation, names)
        return self._entities(names, pronouns)

    def _named(
        self, document: Document, mentions: Sequence[Mention], definitions: Sequence[Definition]
    ) -> list[Mention]:
        """The mentions that are names, and those that definitions add; bare generic nouns name nothing."""
        defined = {d.span: d.target for d in definitions}
        found = {m.span: m for m in mentions if m.span in defined or not self._structure.is_bare(fold(m.text))}
        spans = sorted(found)
        for span, target in defined.items():
            if span not in found and not any(s.overlaps(span) for s in spans):
                found[span] = replace(target, span=span, text=span.of(document.text), kind="alias", rule="definition")
        return sorted(found.values(), key=lambda m: (m.span.begin, -m.span.end))

    def _repeat(self, cut: Segmentation, names: list[Name]) -> None:
        """Add the mentions that the recognizer left out: names of the document, and short forms of them, elsewhere in it."""
        taken = bytearray(len(cut.document.text))
        for mention in (m for n in names for m in n.mentions):
            taken[mention.span.begin : mention.span.end] = b"\1" * len(mention.span)
        surfaces: dict[str, tuple[Name, float]] = {
            form: (name, _SHORTENED) for form, name in self._aliases.short_forms(names).items()
        }
        surfaces |= {n.text: (n, _REPEATED) for n in reversed(names) if len(n.text) > 1}
        words = {t.span: t.tag for s in cut.sentences for t in s.tokens}
        for span, (name, confidence) in occurrences(cut, surfaces, taken):
            text = span.of(cut.document.text)
            is_short = confidence == _SHORTENED
            rule = "shortened" if is_short else "repeated"
            if is_short and (
                words.get(span, "x") not in self._proper or self._follows_quantifier(cut.document.text, span)
            ):
                continue
            name.mentions.append(Mention(cut.document.id, span, text, name.type, "alias", rule, confidence))

    def _follows_quantifier(self, text: str, span: Span) -> bool:
        return text.endswith(self._not_after, 0, span.begin)

    def _entities(self, names: list[Name], pronouns: list[tuple[Mention, Name]]) -> tuple[Entity, ...]:
        pointing: dict[int, list[Mention]] = {}
        for mention, name in pronouns:
            pointing.setdefault(id(name.root), []).append(mention)
        groups: dict[int, list[Name]] = {}
        for name in names:
            groups.setdefault(id(name.root), []).append(name)
        known = {n.key for n in names}
        rows = sorted(
            (self._entity(group, known, pointing.get(root, [])) for root, group in groups.items()), key=_order
        )
        return tuple(replace(entity, id=f"e{number}") for number, entity in enumerate(rows, 1))

    def _entity(self, group: list[Name], known: set[str], pronouns: list[Mention]) -> Entity:
        """The entity that the names of `group` name, without its identifier."""
        root = group[0].root
        if root.type == "Place":  # 菏泽, not 山东菏泽
            root = max((n for n in group if not _ends_in_another(n, group)), key=lambda n: (len(n.key), -n.first))
        weights: dict[str, float] = {}
        for name in group:
            weights[name.type] = weights.get(name.type, 0.0) + name.weight
        cls = max(weights, key=lambda t: (weights[t], t == root.type, t))
        mentions = sorted((m for n in group for m in n.mentions), key=lambda m: (m.span.begin, -m.span.end))
        texts = [root.text, *(unquote(m.text) for m in mentions)]
        quoted = core(root.text) if self._structure.takes("quoted", cls) else None
        if quoted is not None and fold(quoted) not in known:
            texts.append(quoted)
        texts = list(dict.fromkeys(texts))
        mentions = sorted([*mentions, *pronouns], key=lambda m: (m.span.begin, -m.span.end))
        return Entity("", cls, texts[0], tuple(texts[1:]), tuple(_typed(m, cls, texts[0]) for m in mentions))


def _ends_in_another(name: Name, group: Sequence[Name]) -> bool:
    return any(name.key.endswith(other.key) for other in group if len(other.key) < len(name.key))


def _typed(mention: Mention, cls: str, name: str) -> Mention:
    if mention.kind in {"pronoun", "metadata"}:
        return replace(mention, type=cls)
    return replace(mention, type=cls, kind="name" if unquote(mention.text) == name else "alias")


def _order(entity: Entity) -> tuple[int, int, str, str]:
    first = entity.mentions[0].span
    return first.begin, -first.end, entity.type, entity.name
