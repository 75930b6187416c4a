"""Short names that nothing recognized: quoted endings of names, letters for places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.model import Mention, Span
from kg.resolve.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.domain import Domain
    from kg.resolve.aliases import Name
    from kg.resolve.names import NameStructure
    from kg.segment import Segmentation

_QUOTED_LEAST = 3  # code points of a quoted ending
_SURE = 0.6  # confidence in what is recovered


class Recovering:
    """Finds mentions of known names by short forms that are no words otherwise."""

    def __init__(self, domain: Domain, structure: NameStructure) -> None:
        table = domain.toml("names.toml")["recovering"]
        self._structure = structure
        self._quoted = re.compile(table["quoted"])
        self._letter = re.compile(table["letter"].replace("%LETTERS%", "".join(structure.regions.letters)))

    def __call__(self, cut: Segmentation, names: Sequence[Name]) -> Iterator[tuple[Name, Mention]]:
        """Each further mention outside those that the names have, with its name."""
        text = cut.document.text
        taken = bytearray(len(text))
        for span in (m.span for n in names for m in n.mentions):
            taken[span.begin : span.end] = b"\1" * len(span)
        for span, name in (*self._endings(text, names), *self._letters(text, names)):
            if name is not None and not any(taken[span.begin : span.end]):
                taken[span.begin : span.end] = b"\1" * len(span)
                yield name, Mention(cut.document.id, span, span.of(text), name.type, "alias", "recovered", _SURE)

    def _endings(self, text: str, names: Sequence[Name]) -> Iterator[tuple[Span, Name | None]]:
        for match in self._quoted.finditer(text):
            key = fold(match[1])
            if len(key) >= _QUOTED_LEAST and not self._structure.is_bare(key):
                ended = {id(n.root): n.root for n in names if n.key.endswith(key) and n.key != key}
                if len(ended) == 1:
                    yield Span(*match.span(1)), next(iter(ended.values()))

    def _letters(self, text: str, names: Sequence[Name]) -> Iterator[tuple[Span, Name | None]]:
        bodies = {self._structure.regions.body(n.key)[0]: n for n in reversed(names) if n.type == "Place"}
        for match in self._letter.finditer(text):
            yield Span(*match.span(1)), bodies.get(self._structure.regions.spelled_out(match[1]) or "")
