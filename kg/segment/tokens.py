"""Words: jieba with a tokenizer of our own, and the tags of its dictionary."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import jieba
from jieba import posseg

from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Token:
    """A word and its dictionary tag (ICTCLAS tag set as jieba uses it; ``x`` where the dictionary has none)."""

    span: Span
    tag: str


class Tokenizer:
    """Cuts text into tokens with one `jieba.Tokenizer` that no other code shares.

    Tags come from the dictionary alone: jieba's tagging model is seven times slower than its segmentation
    and is used here as a hint only.

    `words` are known besides those of the dictionary.

    >>> [t.span.of("重庆市总工会") for t in Tokenizer().tokens("重庆市总工会")]
    ['重庆市', '总工会']
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words = tuple(words)
        jieba.setLogLevel(logging.CRITICAL)  # it reports its cache file on stderr, and that it cannot write one
        self._jieba = jieba.Tokenizer()
        # A cache of our own: another jieba on the machine may have left one with other words under the usual name.
        self._jieba.cache_file = f"jiangpu-jieba-{jieba.__version__}.cache"
        self._tags: dict[str, str] = {}

    def tokens(self, text: str, offset: int = 0) -> list[Token]:
        """The tokens of `text`, whose first code point is at `offset` of the document."""
        if not self._tags:
            self._jieba.initialize()
            for word in self._words:
                self._jieba.add_word(word)
            self._tags = posseg.POSTokenizer(self._jieba).word_tag_tab
        tokens, at = [], offset
        for word in self._jieba.cut(text):
            tokens.append(Token(Span(at, at + len(word)), self._tags.get(word, "x")))
            at += len(word)
        return tokens
