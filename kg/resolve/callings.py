"""Words that give somebody or something spoken of another name: 人称“霍一刀”, 工友喊她“焊花”, 后更名江海学院."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.model import Span
from kg.resolve.anaphora import Anaphor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.domain import Domain

_PERSON = "Person"


class Callings:
    """Finds new names by ``[called]`` in anaphora.toml; whom or what they name is for the reader of the text to tell.

    >>> from kg.domain import Domain
    >>> text = "霍逸韬三十七岁，人称“霍一刀”。"
    >>> [a.span.of(text) for a in Callings(Domain.default())(text, {})]
    ['霍一刀']
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("anaphora.toml")["called"]
        self._nicknamed = re.compile(table["nicknamed"])
        self._hailed = re.compile(table["hailed"])
        self._hail, self._nickname = re.compile(table["hail"]), re.compile(table["nickname"])
        self._also, self._renamed = re.compile(table["also"]), re.compile(table["renamed"])
        self._whose = re.compile(table["whose"])
        self._things = frozenset(table["things"])

    def __call__(self, text: str, types: Mapping[Span, str]) -> list[Anaphor]:
        """The new names in `text` in order; `types` are the classes of the names that were recognized."""
        found: dict[Span, Anaphor] = {}
        for anaphor in (*self._people(text, types), *self._renamings(text, types)):
            found.setdefault(anaphor.span, anaphor)
        return [found[span] for span in sorted(found)]

    def _people(self, text: str, types: Mapping[Span, str]) -> Iterator[Anaphor]:
        covered = [span for span in types if types[span] != _PERSON]
        for pattern in (self._hailed, self._nicknamed):
            for match in pattern.finditer(text):
                by = Span(*match.span("by")) if "by" in pattern.groupindex else None
                span = Span(*match.span("quoted")) if match["quoted"] else _named_at(types, match.end(), _PERSON)
                if span is None or (types.get(span) != _PERSON and any(s.overlaps(span) for s in covered)):
                    continue
                if by and types.get(span) != _PERSON and not self._is_nickname(match):
                    continue
                yield Anaphor(span, "called", frozenset({_PERSON}), by=self._owner(text, span, types) or by)

    def _is_nickname(self, match: re.Match[str]) -> bool:
        hailed = match.string[match.start() : match.start("quoted") - 1]
        return bool(self._hail.fullmatch(hailed) and self._nickname.fullmatch(match["quoted"]))

    def _renamings(self, text: str, types: Mapping[Span, str]) -> Iterator[Anaphor]:
        for pattern in (self._also, self._renamed):
            for match in pattern.finditer(text):
                span = _named_at(types, match.end())
                if span is not None and types[span] in self._things:
                    last = max((s for s in types if s.end <= match.start() and types[s] == types[span]), default=None)
                    by = last if pattern is self._renamed else None
                    yield Anaphor(span, "called", frozenset({types[span]}), by=self._owner(text, span, types) or by)

    def _owner(self, text: str, span: Span, types: Mapping[Span, str]) -> Span | None:
        """The name of the same class that the words behind a new name lead on to."""
        whose = self._whose.match(text, span.end)
        return _named_at(types, whose.end(), types.get(span, _PERSON)) if whose else None


def _named_at(types: Mapping[Span, str], begin: int, cls: str | None = None) -> Span | None:
    """The longest name that begins there, of class `cls` if one is given."""
    return max((s for s in types if s.begin == begin and cls in (None, types[s])), key=len, default=None)
