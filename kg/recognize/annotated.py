"""Reads annotated text (``*.ann``): a document with its mentions marked in place.

A paragraph bears marks, and lines under it say what it states::

    【重庆市总工会|TradeUnion】      first mention of an entity: name and class
    【重庆市总工会】                 the same name again
    【市总工会=重庆市总工会】         another name of an entity
    {他=刘太钟}                     a pronoun or bare noun that stands for an entity
    + 重庆 | Place                  an entity that occurs only inside other names
    @ head | relation | tail        a relation that the paragraph states
    # about | measure | value | …   an observation
    ~ 第二届, 2024年                 numerals that are no observation
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import GoldError
from kg.model import Document, Mention, Span

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import MentionKind

_MARK = re.compile(r"【([^【】]+)】|\{([^{}=]+)=([^{}]+)\}")
_STATEMENTS = "+@#~"


@dataclass(frozen=True, slots=True)
class Annotated:
    """A document, its marked mentions in text order, and the entities that occur only inside other names.

    `entities` gives the canonical name that each mention stands for, `statements` every stated relation
    (head, relation, tail by canonical name) with the lines that state it, `figures` every stated number likewise
    (about, measure, value, unit, qualifier, period, modality; None for what is not stated).
    """

    document: Document
    mentions: tuple[Mention, ...]
    inner: tuple[tuple[str, str], ...]
    entities: tuple[str, ...] = ()
    statements: tuple[tuple[str, str, str, Span], ...] = ()
    figures: tuple[tuple[tuple[str | None, ...], Span], ...] = ()

    @property
    def names(self) -> tuple[Mention, ...]:
        """The mentions that are names: no pronouns."""
        return tuple(m for m in self.mentions if m.kind != "pronoun")


def read_annotated(path: Path) -> Annotated:
    """Read an ``.ann`` file; :class:`GoldError` where a mark names an entity that has no class."""
    try:
        return parse_annotated(path.read_text(encoding="utf-8"), path.stem)
    except (OSError, KeyError, ValueError) as error:
        msg = f"{path}: not an annotated text ({error})"
        raise GoldError(msg) from error


def parse_annotated(source: str, name: str = "") -> Annotated:
    r"""Take the marks out of `source`.

    >>> found = parse_annotated("【市总=重庆市总工会】与【重庆市总工会|TradeUnion】\n+ 重庆 | Place")
    >>> found.document.text, [(m.text, m.type, m.kind) for m in found.mentions]
    ('市总与重庆市总工会\n', [('市总', 'TradeUnion', 'alias'), ('重庆市总工会', 'TradeUnion', 'name')])
    """
    classes: dict[str, str] = {}
    inner: list[tuple[str, str]] = []
    marks: list[tuple[int, str, str, MentionKind]] = []
    text: list[str] = []
    statements: list[tuple[str, str, str, Span]] = []
    figures: list[tuple[tuple[str | None, ...], Span]] = []
    at = begin = 0
    opens = True  # a block of lines ends at a blank line and at what it states
    for line in source.split("\n"):
        if line[:1] in _STATEMENTS and line:
            if line.startswith("@"):
                head, relation, tail = (part.strip() for part in line[1:].split("|")[:3])
                statements.append((head, relation, tail, Span(begin, at)))
            if line.startswith("#"):
                figures.append((_fields(line), Span(begin, at)))
            if line.startswith("+"):
                entity, kind = (part.strip() for part in line[1:].split("|")[:2])
                classes.setdefault(entity, kind)
                inner.append((entity, kind))
            opens = True
            continue
        begin = at if opens else begin
        opens = not line.strip()
        last = 0
        for match in _MARK.finditer(line):
            text.append(line[last : match.start()])
            at += match.start() - last
            last = match.end()
            surface, entity, kind = _mark(match, classes)
            marks.append((at, surface, entity, kind))
            text.append(surface)
            at += len(surface)
        text.append(line[last:] + "\n")
        at += len(line) - last + 1
    body = "".join(text).rstrip("\n") + "\n"
    document = Document(name, body, hashlib.sha256(body.encode()).hexdigest())
    mentions = tuple(
        Mention(name, Span(begin, begin + len(surface)), surface, classes[entity], kind, "annotated", 1.0)
        for begin, surface, entity, kind in marks
    )
    entities = tuple(entity for *_, entity, _ in marks)
    return Annotated(document, mentions, tuple(inner), entities, tuple(statements), tuple(figures))


def _fields(line: str) -> tuple[str | None, ...]:
    """The seven fields of an observation; a dash and what is missing at the end say nothing."""
    given = [part.strip() for part in line[1:].split("|")]
    return tuple(None if field in {"", "-"} else field for field in [*given, *["-"] * 7][:7])


def _mark(match: re.Match[str], classes: dict[str, str]) -> tuple[str, str, MentionKind]:
    if match[2]:
        return match[2], match[3], "pronoun"
    shown, _, kind = match[1].partition("|")
    surface, _, canonical = shown.partition("=")
    entity = canonical or surface
    if kind:
        classes.setdefault(entity, kind)
    return surface, entity, "alias" if canonical else "name"
