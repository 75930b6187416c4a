"""Credits: who wrote, edited and photographed, as bylines word it (记者 张三 摄影 李四; 王五 文/图)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kg.model import Field, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_COLONS = frozenset(":：")
Credit = tuple[str, Field]  # the field of the metadata, and the name


@dataclass(frozen=True, slots=True)
class _Role:
    fields: tuple[str, ...]
    may_follow: bool
    claims_all: bool


@dataclass(frozen=True, slots=True)
class _Word:
    """A name, the word of a role, or neither."""

    span: Span
    role: _Role | None = None
    is_name: bool = False


class Credits:
    """Reads credits by the roles of the table ``credits`` of ``layout.toml``.

    >>> from kg.domain import Domain
    >>> credits = Credits(Domain.default().toml("layout.toml")["credits"])
    >>> text = "记者 霍思齐 摄影 区家豪"
    >>> [(field, name.value) for field, name in credits.read(text, Span(0, len(text)))]
    [('authors', '霍思齐'), ('photographers', '区家豪')]
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        roles = table["roles"]
        self._roles = [
            (re.compile(r["words"]), _Role(tuple(r["fields"]), r.get("suffix", False), r.get("all", False)))
            for r in roles
        ]
        following = "|".join(r["words"] for r in roles if r.get("suffix"))
        letter, gap = table["letter"], table["gap"]
        self._pair = re.compile(rf"(?<!{letter}){letter}{gap}{letter}(?=(?:{following})?(?!{letter}|\d))")
        # Lazily, so that the role behind a name is left: 张三摄.
        name = table["name"].replace("}", "}?")
        self._name = re.compile(rf"(?:{name})(?=(?:{following})?(?!{letter}|\d))")
        self._run = re.compile(f"(?:{letter})+")
        self._noise = re.compile(table["noise"])
        self._gap = re.compile(gap)

    def read(self, text: str, region: Span) -> Iterator[Credit]:
        """The credits that `region` of `text` gives, in the order of the names."""
        words = list(self._words(text, region))
        claims = self._claims(text, words)
        for word in words:
            for field in claims.get(word.span, ()):
                yield field, Field(self._gap.sub("", word.span.of(text)), word.span)

    def _words(self, text: str, region: Span) -> Iterator[_Word]:
        noise = [Span(*m.span()) for m in self._noise.finditer(text, region.begin, region.end)]
        at = region.begin
        while at < region.end:
            inside = next((n for n in noise if n.begin <= at < n.end), None)
            run = self._run.match(text, at, region.end)
            if inside:
                word = _Word(Span(at, inside.end))
            elif run:
                word = self._word(text, at, region.end, run.end())
            else:
                at += 1
                continue
            yield word
            at = word.span.end

    def _word(self, text: str, at: int, end: int, run_end: int) -> _Word:
        for pattern, role in self._roles:
            if match := pattern.match(text, at, end):
                return _Word(Span(*match.span()), role)
        if match := self._pair.match(text, at, end) or self._name.match(text, at, end):
            return _Word(Span(*match.span()), is_name=True)
        return _Word(Span(at, run_end))

    def _claims(self, text: str, words: list[_Word]) -> dict[Span, tuple[str, ...]]:
        """The fields that each name goes to. From the end: a role behind names claims them before one in front."""
        if whole := next((w.role for w in words if w.role and w.role.claims_all), None):
            return {w.span: whole.fields for w in words if w.is_name}
        groups = [list(group) for _, group in groupby(words, key=lambda w: w.span if w.role else w.is_name)]
        claims: dict[Span, tuple[str, ...]] = {}
        used = -1
        for k in range(len(groups) - 1, -1, -1):
            if not groups[k][0].is_name:
                continue
            before = groups[k - 1][0].role if k else None
            after = groups[k + 1][0] if k + 1 < len(groups) and k + 1 != used else None
            if (
                after
                and after.role
                and after.role.may_follow
                and text[after.span.end : after.span.end + 1] not in _COLONS
            ):
                role = after.role
            elif before:
                role, used = before, k - 1
            else:
                continue
            claims |= {word.span: role.fields for word in groups[k]}
        return claims
