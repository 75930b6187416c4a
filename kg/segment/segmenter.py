"""A document cut into blocks, sentences, clauses and tokens."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.model import Document, Span
from kg.segment.layout import Block, Layout
from kg.segment.tokens import Token, Tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.domain import Domain


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, the clauses that tile it (each with its final mark) and the block it stands in.

    `tokens` cover the sentence; `paragraph` is the index of its block in :attr:`Segmentation.blocks`.
    """

    span: Span
    clauses: tuple[Span, ...]
    tokens: tuple[Token, ...]
    paragraph: int
    block: Block

    @property
    def is_prose(self) -> bool:
        """Whether it can state relations: titles, headings, captions and bylines do not."""
        return self.block.kind == "paragraph"


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A document with its blocks and sentences in text order. White space between sentences belongs to none."""

    document: Document
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]

    def sentence_at(self, position: int) -> Sentence | None:
        """The sentence that covers code point `position`."""
        index = bisect_right(self.sentences, position, key=lambda s: s.span.begin) - 1
        if index >= 0 and position < self.sentences[index].span.end:
            return self.sentences[index]
        return None


class Segmenter:
    r"""Cuts documents by the marks of ``layout.toml``; tokens come from jieba.

    >>> from kg.domain import Domain
    >>> document = Document("a", "标题\n他说：“走。”然后走了。", "")
    >>> cut = Segmenter(Domain.default())(document)
    >>> [s.span.of(document.text) for s in cut.sentences]
    ['标题', '他说：“走。”', '然后走了。']
    """

    def __init__(self, domain: Domain) -> None:
        marks = domain.toml("layout.toml")["sentence"]
        self._ends = frozenset(marks["end"])
        self._closing = frozenset(marks["closing"])
        self._clause = frozenset(marks["clause"])
        self._limit: int = marks["limit"]
        self._layout = Layout(domain)
        self._tokenizer = Tokenizer(domain.toml("layout.toml")["words"]["further"])

    def __call__(self, document: Document) -> Segmentation:
        """Cut `document`."""
        text = document.text
        blocks = tuple(self._layout.blocks(text))
        sentences = tuple(
            Sentence(
                span,
                tuple(self._clauses(text, span)),
                tuple(self._tokenizer.tokens(span.of(text), span.begin)),
                index,
                block,
            )
            for index, block in enumerate(blocks)
            for whole in self._sentences(text, block.span)
            for span in self._bounded(text, whole)
        )
        return Segmentation(document, blocks, sentences)

    def _sentences(self, text: str, block: Span) -> Iterator[Span]:
        begin = at = block.begin
        while at < block.end:
            at += 1
            if text[at - 1] not in self._ends:
                continue
            while at < block.end and (text[at] in self._ends or text[at] in self._closing):
                at += 1
            yield Span(begin, at)
            while at < block.end and text[at].isspace():
                at += 1
            begin = at
        if begin < block.end:
            yield Span(begin, block.end)

    def _bounded(self, text: str, sentence: Span) -> Iterator[Span]:
        """`sentence`, cut behind a clause or a word where it is longer than any sentence that a person wrote.

        What reads a sentence takes time that grows with the square of its length or worse.
        """
        begin = sentence.begin
        while sentence.end - begin > self._limit:
            window = range(begin + self._limit, begin + self._limit // 2, -1)
            cut = next((at for at in window if text[at - 1] in self._clause or text[at - 1].isspace()), window[0])
            yield Span(begin, cut)
            begin = cut
        yield Span(begin, sentence.end)

    def _clauses(self, text: str, sentence: Span) -> Iterator[Span]:
        begin = sentence.begin
        for at in range(sentence.begin, sentence.end):
            # 3,900 and 10:30 are one number; a comma before a closing mark belongs to what it closes.
            is_number = text[at] in ",:" and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()
            if text[at] in self._clause and not is_number:
                yield Span(begin, at + 1)
                begin = at + 1
        if begin < sentence.end:
            yield Span(begin, sentence.end)
