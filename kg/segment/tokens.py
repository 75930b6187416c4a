"""Words: jieba with a tokenizer of our own, and the tags of its dictionary."""

from __future__ import annotations

import logging
import marshal
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import jieba

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
        self._tags: dict[str, str] = {}

    def tokens(self, text: str, offset: int = 0) -> list[Token]:
        """The tokens of `text`, whose first code point is at `offset` of the document."""
        if not self._tags:
            self._load()
        tokens, at = [], offset
        for word in self._jieba.cut(text):
            tokens.append(Token(Span(at, at + len(word)), self._tags.get(word, "x")))
            at += len(word)
        return tokens

    def _load(self) -> None:
        frequencies, self._jieba.total, self._tags = _dictionary()
        self._jieba.FREQ = frequencies.copy()  # to which words are added
        self._jieba.initialized = True
        for word in self._words:
            self._jieba.add_word(word)


@cache
def _dictionary() -> tuple[dict[str, int], int, dict[str, str]]:
    """The frequencies of words and their beginnings, the sum of them, and the tags of the words.

    jieba itself reads its cache file in small pieces, which takes three times as long.
    """
    source = jieba.Tokenizer()
    # A cache of our own: another jieba on the machine may have left one with other words under the usual name.
    source.cache_file = f"jiangpu-jieba-{jieba.__version__}.cache"
    kept = Path(tempfile.gettempdir(), source.cache_file)
    try:
        source.FREQ, source.total = marshal.loads(kept.read_bytes())  # noqa: S302 - as jieba does
    except (OSError, ValueError, EOFError, TypeError):
        source.initialize()  # and leave a cache file
    with source.get_dict_file() as file:  # a word, its frequency and its tag a line
        entries = file.read().decode("utf-8").split()
    return source.FREQ, source.total, dict(zip(entries[::3], entries[2::3], strict=True))
