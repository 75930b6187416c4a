"""Quantities: written numbers with their unit, qualifier and bounds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.model import Qualifier, Span
from kg.recognize.numerals import NumeralGrammar
from kg.recognize.quantity_words import QuantityWords, Reading
from kg.recognize.times import TimeRecognizer

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

    from kg.domain import Domain
    from kg.segment import Segmentation, Sentence

_PLAIN_TAGS = frozenset("mqtx")  # jieba's tags of numerals, measure words, times and unknown words
_FIXED_TIMES = frozenset({"date", "clock", "bounded"})
_TEN = Decimal(10)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in the text: `value` `unit`, and the words it was written in.

    `span` covers qualifier, number and unit, `number` the numeral with its powers (13.1万), `unit_span` the unit
    where there is one. Shares in tenths and fractions are per cent. `minimum` and `maximum` are the bounds that the
    qualifier gives.
    """

    span: Span
    number: Span
    value: Decimal
    unit: str | None
    unit_span: Span | None
    qualifier: Qualifier | None
    minimum: Decimal | None
    maximum: Decimal | None
    surface: str


class QuantityRecognizer:
    """Finds quantities by the tables of ``quantities.toml``.

    Dates, ordinals, codes and words that merely hold a numeral give none.

    >>> from kg.domain import Domain
    >>> from kg.model import Document
    >>> from kg.segment import Segmenter
    >>> domain = Domain.default()
    >>> cut = Segmenter(domain)(Document("a", "第三届大赛惠及技术工人13.1万人次，奖金近百元，占三成五。", ""))
    >>> [(str(q.value), q.unit, q.qualifier) for q in QuantityRecognizer(domain)(cut)]
    [('131000', '人次', None), ('100', '元', 'nearly'), ('35', '%', None)]
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("quantities.toml")
        self._grammar = NumeralGrammar(table["numerals"])
        self._times = TimeRecognizer(domain)
        self._words = QuantityWords(table)
        self._numeral = self._words.numeral(self._grammar)

    def __call__(self, segmentation: Segmentation) -> tuple[Quantity, ...]:
        """The quantities of a document in text order."""
        fixed = [t.span for t in self._times(segmentation) if t.kind in _FIXED_TIMES]
        found: list[Quantity] = []
        for sentence in segmentation.sentences:
            if sentence.block.kind == "byline":
                continue
            text = sentence.span.of(segmentation.document.text)
            begin = sentence.span.begin
            blocked = [Span(s.begin - begin, s.end - begin) for s in fixed if sentence.span.covers(s)]
            blocked += self._words.excluded(text)
            readings = list(self._read(text, sentence, blocked))
            self._join(text, readings)
            found += [_quantity(text, begin, reading) for reading in readings]
        return tuple(found)

    def _read(self, text: str, sentence: Sentence, blocked: Sequence[Span]) -> Iterator[Reading]:
        at = 0
        while match := self._numeral.search(text, at):
            at = match.end()
            span = Span(*match.span())
            if any(span.overlaps(b) for b in blocked):
                # 2024年12月 is over where its blocked words are, and no longer than the numeral itself.
                at = max(at, *(b.end for b in blocked if span.overlaps(b)))
                continue
            readings = self._alternatives(text, match) or self._reading(text, match)
            if not readings or not self._is_quantity(text, readings[-1], sentence):
                continue
            yield from readings
            at = max(at, readings[-1].at)

    def _alternatives(self, text: str, match: re.Match[str]) -> list[Reading]:
        """The two readings of neighbouring digits (二三十人, 七八度): from the one to the other."""
        pair = self._words.neighbours.fullmatch(match.group())
        if pair is None:
            return []
        head, tail = pair["head"] or "", pair["tail"] or ""
        readings = []
        for digit, qualifier in ((pair["low"], "from"), (pair["high"], "to")):
            numeral = f"{head}{digit}{tail}"
            reading = self._complete(text, match, self._grammar.value(numeral), self._grammar.step(numeral))
            reading.qualifier = "from" if qualifier == "from" else "to"
            readings.append(reading)
        return readings if readings[0].unit and readings[0].value < readings[1].value else []

    def _reading(self, text: str, match: re.Match[str]) -> list[Reading]:
        if match["worded"] or match["fraction"]:
            return self._alone(text, match)
        if match["majority"] or match["multitude"]:
            return [self._over(text, match)]
        try:
            value, step = self._grammar.value(match.group()), self._grammar.step(match.group())
        except ValueError:
            return []
        return [self._complete(text, match, value, step)]

    def _alone(self, text: str, match: re.Match[str]) -> list[Reading]:
        """A word that is a number with its unit (一半, 翻番), or a fraction (1/5)."""
        value, unit = self._words.worded[match.group()] if match["worded"] else (match["part"], None)
        number, one = Decimal(value), Decimal(1)
        reading = Reading(match.start(), Span(*match.span()), match.end(), number, one, number, one, unit=unit)
        if match["fraction"]:
            whole = Decimal(match["whole"])
            if number >= whole:
                return []
            self._words.set_share(reading, whole)
        self._words.read_after(text, reading)
        self._words.read_before(text, reading)
        return [reading]

    def _over(self, text: str, match: re.Match[str]) -> Reading:
        """A word that is a number and what is over it (过半, 成千上万人)."""
        value = Decimal(self._words.multitude.get(match.group(), "50"))
        reading = Reading(match.start(), Span(*match.span()), match.end(), value, value, value, Decimal(1), "over")
        if match["majority"]:
            reading.unit = "%"
        else:
            self._words.read_unit(text, reading, is_arabic=False)
        return reading

    def _complete(self, text: str, match: re.Match[str], value: Decimal, step: Decimal) -> Reading:
        """Read what stands around the numeral: share, mark and power, unit, and qualifiers on both sides."""
        power = self._words.trailing_power(match.group())
        reading = Reading(match.start(), Span(*match.span()), match.end(), value, step, value / power, power)
        self._words.read_denominator(text, reading, self._grammar)
        self._words.read_mark(text, reading)
        if reading.unit is None:
            self._words.read_unit(text, reading, is_arabic=match.group()[0].isdigit())
            self._words.read_sign(text, reading)
        self._words.read_after(text, reading)
        self._words.read_before(text, reading)
        return reading

    def _is_quantity(self, text: str, reading: Reading, sentence: Sentence) -> bool:
        numeral = reading.number.of(text)
        if numeral[0].isdigit() or (reading.unit and not reading.unit_span):
            return True
        if self._words.opens_range(text, reading.at) or self._words.is_behind(text, reading):
            return True
        if reading.unit_span is None and (reading.qualifier is None or reading.value < _TEN):
            return False
        begin = sentence.span.begin + reading.number.begin
        token = next(t for t in sentence.tokens if t.span.begin <= begin < t.span.end)
        if token.tag[0] in _PLAIN_TAGS or len(token.span) == 1:
            return True
        # A word that holds a numeral (四川, 一起), unless it is all number, unit and qualifier (近百, 两国).
        whole = Span(sentence.span.begin + reading.begin, sentence.span.begin + reading.at)
        return reading.value != 1 and whole.covers(token.span)

    def _join(self, text: str, readings: list[Reading]) -> None:
        """Mark neighbours that are a range (30—50万元) or a change (由76降到21微米) as from and to."""
        for low, high in pairwise(readings):
            if low.number == high.number or low.unit not in (None, high.unit):
                continue
            between = text[low.at : high.begin]
            is_range = bool(self._words.range.fullmatch(between))
            if not is_range and not self._words.is_change(text, low.begin, between):
                continue
            if low.unit is None:
                low.unit = high.unit
                if is_range and low.power == 1 and low.value < high.coefficient:
                    low.value, low.step = low.value * high.power, low.step * high.power
                if is_range and self._words.is_tenth(text, high):
                    low.value *= _TEN
            low.qualifier, high.qualifier = "from", "to"


def _quantity(text: str, offset: int, reading: Reading) -> Quantity:
    value, step = reading.value, reading.step
    minimum = value if reading.qualifier in ("over", "from") else None
    maximum = value if reading.qualifier in ("nearly", "under", "to") else None
    if reading.qualifier == "over" and reading.bounded:  # 3万多 is less than 4万, 超过3万 may be any more
        maximum = value + step
    unit_span = reading.unit_span and Span(reading.unit_span.begin + offset, reading.unit_span.end + offset)
    return Quantity(
        Span(offset + reading.begin, offset + reading.at),
        Span(offset + reading.number.begin, offset + reading.number.end),
        value,
        reading.unit,
        unit_span,
        reading.qualifier,
        minimum,
        maximum,
        text[reading.begin : reading.at],
    )
