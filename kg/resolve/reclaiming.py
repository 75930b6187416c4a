"""Short forms of known names that the recognizer bounded or classed otherwise, because the form alone says little."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.model import Mention, Span
from kg.resolve.occurrences import occurrences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.domain import Domain
    from kg.resolve.aliases import Name
    from kg.resolve.names import NameStructure
    from kg.segment import Segmentation

_SURE = 0.7  # confidence in a short form that only the structure of a name gives
_PERSON, _ROLE, _FIRM = "Person", "Role", "Company"


class Reclaiming:
    """Reads 宏华 as the firm 宏华石油设备有限公司, not as a person, and 群力电工 before 钳工 as a firm."""

    def __init__(self, domain: Domain, structure: NameStructure) -> None:
        self._structure = structure
        self._surnames = frozenset(row[0] for row in domain.rows("gazetteer/surnames.tsv") if row[1] == "common")
        table = domain.toml("names.toml")["reclaiming"]
        self._yielding: dict[str, str] = table["yielding"]
        self._least: int = table["least"]

    def __call__(self, cut: Segmentation, mentions: Sequence[Mention], forms: Mapping[str, Name]) -> list[Mention]:
        """`mentions` as they are once the short forms of their names are known."""
        text = cut.document.text
        kept = {m.span: m for m in mentions}
        spoken = frozenset(form for form, name in forms.items() if name.type == _PERSON)
        for span, name in list(occurrences(cut, forms, bytearray(len(text)), open_=spoken)):
            around = [m for m in kept.values() if m.span.overlaps(span)]
            for old, new in self._changes(text, span, name, around):
                if old is not None:
                    del kept[old.span]
                if new is not None:
                    kept[new.span] = new
        return sorted(kept.values(), key=lambda m: (m.span.begin, -m.span.end))

    def _changes(
        self, text: str, span: Span, name: Name, around: Sequence[Mention]
    ) -> Iterator[tuple[Mention | None, Mention | None]]:
        """The mentions that give way, each with what takes its place."""
        outer = [m for m in around if not (span.covers(m.span) and m.span != span)]
        if not around or any(m.type == name.type and m.span == span for m in around):
            return
        found = Mention(around[0].document, span, span.of(text), name.type, "name", "shortened", _SURE)
        if not outer:
            if all(m.type == _ROLE for m in around) and name.type == _PERSON:  # 主任 in 俞主任
                yield from ((m, None) for m in around)
                yield None, found
            return
        if len(outer) > 1:
            return
        (other,) = outer
        if other.span == span:
            if self._yields(other, name):
                yield other, found
        elif other.span.begin == span.begin and name.type == _FIRM and len(span) >= self._least:
            rest = Span(span.end, other.span.end)
            if other.type == _ROLE:
                yield other, replace(other, span=rest, text=rest.of(text))
                yield None, found
            elif other.type == _FIRM and self._structure.begins_unit(rest.of(text)):
                yield None, found

    def _yields(self, other: Mention, name: Name) -> bool:
        """Whether a mention that bears just a short form of `name` may be of the class of `name`."""
        if name.type != self._yielding.get(other.type):
            return False
        return other.type != _PERSON or other.text[0] not in self._surnames
