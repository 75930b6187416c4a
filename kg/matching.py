"""Texts as they are matched: in simplified script and without invisible characters, each character with its place.

A text itself is never changed. Where it is in traditional script, or holds characters that show nothing, the stages
read this form of it, and what they find is carried back to the text by offsets: names and quotes are in its own words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from kg.model import Cell, Document, Extraction, Field, Metadata, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from opencc import OpenCC

    from kg.model import Dating, Entity, Evidence, Fact, Observation

# Soft hyphens, zero-width characters, marks of direction and byte order marks, which pages and hostile files hold.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]+")
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_TRADITIONAL = 0.08  # of the Han characters; about a third are in traditional script, a few names in simplified
_SAMPLE = 20_000  # code points that are enough to tell the script by


@dataclass(frozen=True, slots=True)
class Matched:
    """The form `text` in which `original` is matched; `offsets` has the place of each of its characters and the end."""

    original: str
    text: str
    offsets: tuple[int, ...]

    def span(self, span: Span) -> Span:
        """Where in the original the words at `span` stand."""
        if not span:
            return Span(self.offsets[span.begin], self.offsets[span.begin])
        return Span(self.offsets[span.begin], self.offsets[span.end - 1] + 1)

    def inner(self, span: Span) -> Span:
        """Where in the form the words at `span` of the original stand."""
        return Span(bisect_left(self.offsets, span.begin), bisect_left(self.offsets, span.end))

    def words(self, words: str, within: Span | None = None) -> str:
        """`words` as the original writes them: where they first stand `within` a span, else anywhere."""
        at = self.text.find(words, within.begin, within.end) if within else -1
        if at < 0:
            at = self.text.find(words)
        return words if at < 0 else "".join(self.original[place] for place in self.offsets[at : at + len(words)])


def matched(text: str) -> Matched | None:
    """The form of `text` in which it is matched; None where that is the text itself, as of nearly every one.

    >>> matched("香港工會聯合會").text, matched("云江\u200b市").text, matched("云江市总工会")
    ('香港工会联合会', '云江市', None)
    """
    is_traditional = _is_traditional(text)
    if not is_traditional and not _INVISIBLE.search(text):
        return None
    offsets = [at for part in _visible(text) for at in part]
    plain = "".join(text[at] for at in offsets)
    if is_traditional:
        plain = "".join(map(_simplified, plain.splitlines(keepends=True)))
    return Matched(text, plain, (*offsets, len(text)))


def simplified(name: str) -> str:
    """`name` in simplified script without invisible characters, the same where it is so.

    Characters that simplified script has too are left, or people who bear them would change their names.

    >>> simplified("香港工會聯合會"), simplified("李乾")
    ('香港工会联合会', '李乾')
    """
    name = _INVISIBLE.sub("", name) if _INVISIBLE.search(name) else name
    return _simplified(name) if _pattern().search(name) else name


def _visible(text: str) -> Iterable[range]:
    at = 0
    for gap in _INVISIBLE.finditer(text):
        yield range(at, gap.start())
        at = gap.end()
    yield range(at, len(text))


def _is_traditional(text: str) -> bool:
    sample = text[:_SAMPLE]
    return len(_pattern().findall(sample)) > _TRADITIONAL * len(_HAN.findall(sample))


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC  # noqa: PLC0415  (only texts in traditional script need it)

    return OpenCC("t2s")


@cache
def _pattern() -> re.Pattern[str]:
    """The characters of traditional script alone: those that OpenCC changes and GB 2312 has not."""
    every = [chr(point) for point in range(0x4E00, 0xA000)]
    simple = _converter().convert("\n".join(every)).split("\n")
    changed = [one for one, other in zip(every, simple, strict=True) if one != other and not _in_gb2312(one)]
    return re.compile(f"[{''.join(changed)}]")


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _simplified(text: str) -> str:
    """`text` in simplified script, of the same length: where a phrase would change that, by its characters."""
    whole: str = _converter().convert(text)
    if len(whole) == len(text):
        return whole
    single = [(one, _converter().convert(one)) for one in text]
    return "".join(new if len(new) == 1 else one for one, new in single)


# Documents and extractions, carried over and back


def matched_document(document: Document, form: Matched) -> Document:
    """`document` with the text of `form` and what it says of itself in its terms."""

    def inner(field: Field) -> Field:
        return Field(simplified(field.value), form.inner(field.span) if field.span else None)

    def cell(given: Cell) -> Cell:
        row, column = (form.inner(span) if span else None for span in (given.row, given.column))
        return Cell(form.inner(given.number), row, column)

    metadata = _each(document.metadata, inner)
    return replace(document, text=form.text, metadata=metadata, places=(), cells=tuple(map(cell, document.cells)))


def restored_metadata(metadata: Metadata, form: Matched) -> Metadata:
    """What was read from the text of `form`, as the original says it."""

    def outer(field: Field) -> Field:
        if field.span is None:
            return field
        slim = "".join(field.span.of(form.text).split())
        place = form.span(field.span)
        if field.value == field.span.of(form.text):
            value = form.words(field.value, field.span)
        elif field.value == slim:  # a name without the gap in it
            value = "".join(form.words(field.span.of(form.text), field.span).split())
        else:
            value = field.value
        return Field(value, place)

    return _each(metadata, outer)


def _each(metadata: Metadata, change: Callable[[Field], Field]) -> Metadata:
    changed: dict[str, Any] = {}
    for name in (each.name for each in fields(metadata)):
        value = getattr(metadata, name)
        changed[name] = tuple(map(change, value)) if isinstance(value, tuple) else value and change(value)
    return Metadata(**changed)


def restored(extraction: Extraction, form: Matched, document: Document) -> Extraction:
    """What was found in the text of `form`, in the words and places of `document`."""
    return replace(
        extraction,
        document=document,
        entities=tuple(_entity(each, form) for each in extraction.entities),
        facts=tuple(_fact(each, form) for each in extraction.facts),
        observations=tuple(_observation(each, form) for each in extraction.observations),
        datings=tuple(_dating(each, form) for each in extraction.datings),
    )


def _entity(entity: Entity, form: Matched) -> Entity:
    spans = {m.text: m.span for m in reversed(entity.mentions)}
    names = [form.words(name, spans.get(name)) for name in entity.names]
    mentions = []
    for mention in entity.mentions:
        span = form.span(mention.span)
        mentions.append(replace(mention, span=span, text=span.of(form.original)))
    aliases = tuple(dict.fromkeys(name for name in names[1:] if name != names[0]))
    return replace(entity, name=names[0], aliases=aliases, mentions=tuple(mentions))


def _fact(fact: Fact, form: Matched) -> Fact:
    within = fact.evidence[0].sentence
    predicate = form.words(fact.predicate, within) if fact.predicate else None
    return replace(fact, predicate=predicate, evidence=_evidence(fact.evidence, form))


def _observation(figure: Observation, form: Matched) -> Observation:
    within = figure.evidence[0].sentence

    def said(words: str | None) -> str | None:
        return form.words(words, within) if words else words

    return replace(
        figure,
        measure=form.words(figure.measure, within),
        unit=said(figure.unit),
        period=said(figure.period),
        surface=form.words(figure.surface, within),
        base=said(figure.base),
        evidence=_evidence(figure.evidence, form),
    )


def _dating(dating: Dating, form: Matched) -> Dating:
    period = form.words(dating.period, dating.evidence[0].sentence)
    return replace(dating, period=period, evidence=_evidence(dating.evidence, form))


def _evidence(evidence: tuple[Evidence, ...], form: Matched) -> tuple[Evidence, ...]:
    pieces = []
    for piece in evidence:
        sentence = form.span(piece.sentence)
        marks = tuple(replace(mark, span=form.span(mark.span)) for mark in piece.marks)
        pieces.append(replace(piece, sentence=sentence, quote=sentence.of(form.original), marks=marks))
    return tuple(pieces)
