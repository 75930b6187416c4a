"""The people and the publisher that a document names in its bylines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.model import Mention

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.model import Document, Field


def with_bylines(document: Document, mentions: Sequence[Mention]) -> list[Mention]:
    """`mentions` and those of the document's metadata, which replace what was recognized across their borders.

    A publisher that was recognized as something else than a medium stays what it is.

    >>> from kg.model import Document, Field, Metadata, Span
    >>> document = Document("d", "来源：重庆日报", "", metadata=Metadata(publisher=Field("重庆日报", Span(3, 7))))
    >>> [(m.text, m.type, m.kind) for m in with_bylines(document, [])]
    [('重庆日报', 'Media', 'metadata')]
    """
    recognized = {m.text: m.type for m in sorted(mentions, key=lambda m: m.confidence)}
    added = {}
    for field, cls in _fields(document):
        span = field.span
        if span is None or not len(span):
            continue
        words = span.of(document.text)
        kind = recognized.get(words, cls) if cls == "Media" else cls
        added[span] = Mention(document.id, span, words, kind, "metadata", "metadata", 1.0)
    kept = [m for m in mentions if not any(m.span.overlaps(s) and not _may_nest(m, added[s]) for s in added)]
    return [*kept, *added.values()]


def _fields(document: Document) -> Iterator[tuple[Field, str]]:
    metadata = document.metadata
    if metadata.publisher is not None:
        yield metadata.publisher, "Media"
    for field in (*metadata.authors, *metadata.editors, *metadata.photographers):
        yield field, "Person"


def _may_nest(mention: Mention, byline: Mention) -> bool:
    """A place that begins the publisher's name stays a mention of its own."""
    return mention.type == "Place" and mention.span.begin == byline.span.begin and mention.span.end < byline.span.end
