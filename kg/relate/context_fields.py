"""What the network of :mod:`kg.relate.context` is told: of each character, of what a number may be about, of a pair.

Everything is told in words (a class, a place, a distance), which the network knows by number; unknown ones are 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from kg.domain import Domain
    from kg.model import Entity, Mention, Span
    from kg.recognize.quantities import Quantity
    from kg.relate.attachment import Option
    from kg.relate.candidates import Candidate
    from kg.segment import Segmentation

FIELDS = ("character", "tag", "mention", "nested", "kind", "quantity", "block", "sentence", "token")
TRAITS = ("class", "place", "role", "last", "other", "rank", "named", "distance")  # of an option
RELATIONS = ("order", "distance", "between", "head", "tail")  # of a pair
_FAMILIES = ("role", "last", "other", "rank", "named")  # words with which features begin whose first is a trait
_NEAR = 4  # distances up to this are told apart; those beyond by powers of two
_FARTHEST = 9
_SENTENCES = 5  # up to this many between two members are told apart
_BETWEEN = 9  # mentions between two members


class Families:
    """The kinds of units of ``attachment.toml``: people, money, time and so on.

    >>> from kg.domain import Domain
    >>> Families(Domain.default())("人次"), Families(Domain.default())(None)
    ('people', 'none')
    """

    def __init__(self, domain: Domain) -> None:
        units: dict[str, list[str]] = domain.toml("attachment.toml")["units"]
        self._families = {unit: family for family, known in units.items() for unit in known}

    def __call__(self, unit: str | None) -> str:
        """The kind of `unit`; ``other`` where it is of none, ``none`` where there is none."""
        return self._families.get(unit, "other") if unit else "none"


@dataclass(frozen=True, slots=True)
class Characters:
    """The characters of a document as rows of :data:`FIELDS`, block by block.

    `row` (code points + 1) tells which row a code point has when those of all blocks stand in one array behind a
    first that stands for "nowhere", 0 where it lies in no block; `sentence` its sentence, -1 for none; `begun` how many
    mentions begin before it.
    """

    blocks: list[list[tuple[str, ...]]]
    row: NDArray[np.int32]
    sentence: NDArray[np.int32]
    begun: NDArray[np.int32]
    sentences: list[Span]

    def ends(self, span: Span) -> tuple[int, int]:
        """The rows of the first and the last character of `span`."""
        return int(self.row[span.begin]), int(self.row[span.end - 1])

    def option(self, quantity: Quantity, option: Option) -> tuple[tuple[int, int], tuple[str, ...]]:
        """The rows of the mention of `option`, and its :data:`TRAITS`."""
        features = option.features
        first: dict[str, str] = {}
        for feature in features:
            first.setdefault(feature.partition(" ")[0], feature)
        found = [first.get(family, "") for family in _FAMILIES]
        if option.mention is None:
            return (0, 0), (*features[:2], *found, "none")
        begin, number = option.mention.span.begin, quantity.number.begin
        distance = _steps(number - begin) if self.sentence[begin] == self.sentence[number] else "far"
        return self.ends(option.mention.span), (*features[:2], *found, distance)

    def pair(self, candidate: Candidate) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...], tuple[str, ...]]:
        """The rows of head and tail, the stretches of rows before, between and behind them, its :data:`RELATIONS`."""
        head, tail = candidate.head.span, candidate.tail.span
        first, second = sorted((head, tail))
        here, there = self.sentence[first.begin], self.sentence[second.begin]
        whole = self.sentences[there]
        if here == there:
            parts = ((whole.begin, first.begin), (first.end, second.begin), (max(first.end, second.end), whole.end))
            distance = _steps(second.begin - first.end)
            between = str(min(self.begun[second.begin] - self.begun[first.begin], _BETWEEN))
        else:
            parts = ((whole.begin, second.begin), (0, 0), (second.end, whole.end))
            distance, between = f"sentences {min(there - here, _SENTENCES)}", "far"
        order = f"{here == there} {head < tail}"
        stretches = tuple(self._stretch(begin, end) for begin, end in parts)
        return self.ends(head) + self.ends(tail), stretches, (
            order, distance, between, candidate.head.type, candidate.tail.type,
        )  # fmt: skip

    def _stretch(self, begin: int, end: int) -> tuple[int, int]:
        """The rows from `begin` up to `end`, counted without the first that stands for nowhere."""
        return (int(self.row[begin]) - 1, int(self.row[end - 1])) if begin < end else (0, 0)


def characters(
    segmentation: Segmentation, entities: Iterable[Entity], quantities: Sequence[Quantity], families: Families
) -> Characters:
    """What is known of each character of a document."""
    size = len(segmentation.document.text)
    columns = {name: [""] * size for name in FIELDS} | {"character": list(segmentation.document.text)}
    mentions = sorted((m for e in entities for m in e.mentions), key=lambda m: (m.span.begin, -m.span.end, m.type))
    _mark_mentions(columns, mentions)
    for quantity in quantities:
        _mark(columns["quantity"], quantity.span, families(quantity.unit))
    sentence = np.full(size + 1, -1, np.int32)
    for index, one in enumerate(segmentation.sentences):
        sentence[one.span.begin : one.span.end] = index
        columns["sentence"][one.span.begin : one.span.end] = ["", *[""] * (len(one.span) - 1)]
        if len(one.span):
            columns["sentence"][one.span.begin] = "B"
        for token in one.tokens:
            columns["tag"][token.span.begin : token.span.end] = [token.tag] * len(token.span)
            columns["token"][token.span.begin] = "B"
    blocks, row, known = [], np.zeros(size + 1, np.int32), 1
    for block in segmentation.blocks:
        begin, end = block.span.begin, block.span.end
        if begin < end:
            columns["block"][begin:end] = [block.kind] * (end - begin)
            blocks.append(list(zip(*(columns[name][begin:end] for name in FIELDS), strict=True)))
            row[begin:end] = range(known, known + end - begin)
            known += end - begin
    starts = np.bincount([m.span.begin for m in mentions], minlength=size + 1)[: size + 1]
    begun = np.array([0, *accumulate(starts.tolist())][: size + 1], np.int32)
    return Characters(blocks, row, sentence, begun, [one.span for one in segmentation.sentences])


def _mark_mentions(columns: dict[str, list[str]], mentions: Sequence[Mention]) -> None:
    """Mark the outermost of `mentions`, which are in order, and of those within them the last to begin."""
    end = 0
    for mention in mentions:
        span = mention.span
        if span.begin >= end:
            _mark(columns["mention"], span, mention.type)
            kind = "pronoun" if mention.kind == "pronoun" else "name"
            columns["kind"][span.begin : span.end] = [kind] * len(span)
            end = span.end
        else:
            _mark(columns["nested"], span, mention.type)


def _mark(column: list[str], span: Span, label: str) -> None:
    """Say in each row of `span` what it is part of, and in the first that it begins there."""
    column[span.begin : span.end] = [f"B-{label}", *[f"I-{label}"] * (len(span) - 1)][: len(span)]


def _steps(distance: int) -> str:
    """A distance in code points, on either side, by ever coarser steps."""
    size, side = abs(distance), "<" if distance < 0 else ""
    return f"{side}{size if size < _NEAR else min(_NEAR + (size // _NEAR).bit_length() - 1, _FARTHEST)}"
