"""Text → blocks, sentences, clauses and tokens, all as spans of the untouched text."""

from kg.segment.layout import Block, BlockKind, Layout
from kg.segment.segmenter import Segmentation, Segmenter, Sentence
from kg.segment.tokens import Token, Tokenizer

__all__ = ["Block", "BlockKind", "Layout", "Segmentation", "Segmenter", "Sentence", "Token", "Tokenizer"]
