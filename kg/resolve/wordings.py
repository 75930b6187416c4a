"""Further wordings of a name that the text holds: with the place before it or its head noun, and without its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.resolve.names import fold, is_quoted
from kg.wordlists import longest_first

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.domain import Domain
    from kg.resolve.aliases import Name
    from kg.resolve.names import NameStructure
    from kg.segment import Segmentation

_LEAST = 3  # characters of what is left of a name
_NAMED = frozenset({"name", "alias"})


class Wordings:
    """Reads 南宁五象新区 both as one name and as a place within another, whichever of the two was recognized.

    >>> from kg.domain import Domain
    >>> from kg.model import Document
    >>> from kg.recognize import Recognizer
    >>> from kg.resolve import Resolver
    >>> from kg.segment import Segmenter
    >>> domain = Domain.default()
    >>> cut = Segmenter(domain)(Document("d", "他是山东菏泽人。", ""))
    >>> [(e.name, e.aliases) for e in Resolver(domain)(cut, Recognizer(domain)(cut))]
    [('山东', ()), ('菏泽', ('山东菏泽',))]
    """

    def __init__(self, domain: Domain, structure: NameStructure) -> None:
        self._structure = structure
        table = domain.toml("names.toml")
        self._proper = frozenset(table["wordings"]["proper_tags"])
        self._generic = {
            cls: longest_first(word for words in (table["heads"], table["tails"]) for word in words.get(cls, ()))
            for cls in table["wordings"]["headed"]
        }

    def __call__(self, cut: Segmentation, names: Sequence[Name]) -> dict[int, list[str]]:
        """Wordings that no name of the document has, by the identity of the :class:`Name` that they are wordings of."""
        places = [m.span for n in names if n.type == "Place" for m in n.mentions if m.kind in _NAMED]
        ends = {span.end: span.begin for span in places}
        begins: dict[int, list[int]] = {}
        for span in places:
            begins.setdefault(span.begin, []).append(span.end)
        tags = {t.span.begin: t.tag for s in cut.sentences for t in s.tokens}
        known = {name.key for name in names}
        found: dict[int, list[str]] = {}
        for name in names:
            texts = [*self._headed(cut.document.text, name)]
            if self._structure.takes("region", name.type):
                texts += self._around(cut.document.text, name, ends, begins, tags)
            found[id(name)] = [text for text in dict.fromkeys(texts) if fold(text) not in known]
        return found

    def _headed(self, text: str, name: Name) -> Iterator[str]:
        """The quoted name with the head noun behind its quotes: “申工社”小程序."""
        for span in (m.span for m in name.mentions if is_quoted(text, m.span)):
            head = next((h for h in self._generic.get(name.type, ()) if text.startswith(h, span.end + 1)), None)
            if head:
                yield text[span.begin - 1 : span.end + 1 + len(head)]

    def _around(
        self, text: str, name: Name, ends: Mapping[int, int], begins: Mapping[int, list[int]], tags: Mapping[int, str]
    ) -> Iterator[str]:
        for span in (m.span for m in name.mentions if m.kind in _NAMED):
            begin = span.begin
            while begin in ends:  # 佛山市南海区狮山镇, place by place
                begin = ends[begin]
                yield text[begin : span.end]
            if name.type == "Place":
                level = self._structure.regions.level_at(text, span.begin, span.end)
                if level:
                    yield text[span.begin : span.end + len(level)]
            for end in begins.get(span.begin, ()):
                behind = end + len(self._structure.regions.level_at(text, span.begin, end))
                rest = text[behind : span.end]
                if self._stands_alone(rest, name.type, tags.get(behind, "")):
                    yield rest

    def _stands_alone(self, rest: str, cls: str, tag: str) -> bool:
        """Whether what follows a place is a name itself, as it begins with one (希伯来大学; not 理工大学, 财政局)."""
        if len(rest) < _LEAST or self._structure.is_bare(fold(rest)) or self._structure.regions.is_generic(rest):
            return False
        named = tag in self._proper and not self._structure.takes("search_levelled", cls)
        return named or self._structure.regions.begins(rest)
