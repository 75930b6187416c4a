"""Quantities: written numbers with their unit, qualifier and bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from kg.model import Qualifier, Span
from kg.recognize.numerals import NumeralGrammar
from kg.recognize.times import TimeRecognizer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.domain import Domain
    from kg.segment import Segmentation, Sentence

_PLAIN_TAGS = frozenset("mqtx")  # jieba's tags of numerals, measure words, times and unknown words
_FIXED_TIMES = frozenset({"date", "clock", "bounded"})
_CENT = Decimal("0.01")
_TENTH = Decimal(10)
_WIDE = 10  # code points before a number in which its qualifier stands


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


@dataclass(slots=True)
class _Reading:
    """A number while it is read: positions within the sentence, `at` behind what has been read."""

    begin: int
    number: Span
    at: int
    value: Decimal
    step: Decimal
    coefficient: Decimal
    power: Decimal
    qualifier: Qualifier | None = None
    inclusive: bool = False
    unit: str | None = None
    unit_span: Span | None = None


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
        self._lexicon = _Lexicon(table)
        self._numeral = self._lexicon.numeral(self._grammar)

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
            blocked += self._lexicon.excluded(text)
            readings = list(self._read(text, sentence, blocked))
            self._join(text, readings)
            found += [_quantity(text, begin, reading) for reading in readings]
        return tuple(found)

    def _read(self, text: str, sentence: Sentence, blocked: Sequence[Span]) -> Iterator[_Reading]:
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

    def _alternatives(self, text: str, match: re.Match[str]) -> list[_Reading]:
        """The two readings of neighbouring digits (二三十人, 七八度): from the one to the other."""
        pair = self._lexicon.neighbours.fullmatch(match.group())
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

    def _reading(self, text: str, match: re.Match[str]) -> list[_Reading]:
        if match["halves"]:
            reading = _Reading(match.start(), Span(*match.span()), match.end(), Decimal(50), Decimal(1), Decimal(50), Decimal(1))
            reading.unit = "%"
            self._lexicon.read_after(text, reading)
            self._lexicon.read_before(text, reading)
            return [reading]
        try:
            value, step = self._grammar.value(match.group()), self._grammar.step(match.group())
        except ValueError:
            return []
        return [self._complete(text, match, value, step)]

    def _complete(self, text: str, match: re.Match[str], value: Decimal, step: Decimal) -> _Reading:
        """Read what stands around the numeral: share, mark and power, unit, and qualifiers on both sides."""
        power = self._lexicon.trailing_power(match.group())
        reading = _Reading(match.start(), Span(*match.span()), match.end(), value, step, value / power, power)
        self._lexicon.read_denominator(text, reading, self._grammar)
        self._lexicon.read_mark(text, reading)
        if reading.unit is None:
            self._lexicon.read_unit(text, reading, is_arabic=match.group()[0].isdigit())
        self._lexicon.read_after(text, reading)
        self._lexicon.read_before(text, reading)
        return reading

    def _is_quantity(self, text: str, reading: _Reading, sentence: Sentence) -> bool:
        numeral = reading.number.of(text)
        if numeral[0].isdigit() or (reading.unit and not reading.unit_span):
            return True
        if reading.unit_span is None and (reading.qualifier is None or reading.value < _TENTH):
            return False
        begin = sentence.span.begin + reading.number.begin
        token = next(t for t in sentence.tokens if t.span.begin <= begin < t.span.end)
        is_word = token.tag[0] not in _PLAIN_TAGS and len(token.span) > 1
        if token.span.begin < begin or reading.value == 1:
            return not is_word
        return not is_word or token.span.end <= sentence.span.begin + reading.at

    def _join(self, text: str, readings: list[_Reading]) -> None:
        """Mark neighbours that are a range (30—50万元) or a change (由76降到21微米) as from and to."""
        for low, high in zip(readings, readings[1:], strict=False):
            if low.number == high.number or low.unit not in (None, high.unit):
                continue
            between = text[low.at : high.begin]
            is_range = bool(self._lexicon.range.fullmatch(between))
            if not is_range and not self._lexicon.is_change(text, low.begin, between):
                continue
            if low.unit is None:
                low.unit = high.unit
                if is_range and low.power == 1 and low.value < high.coefficient:
                    low.value, low.step = low.value * high.power, low.step * high.power
                if is_range and self._lexicon.is_tenth(text, high):
                    low.value *= _TENTH
            low.qualifier, high.qualifier = "from", "to"


def _quantity(text: str, offset: int, reading: _Reading) -> Quantity:
    value, step = reading.value, reading.step
    minimum = value if reading.qualifier in ("over", "from") else None
    maximum = value if reading.qualifier in ("nearly", "under", "to") else None
    if reading.qualifier == "over" and not reading.inclusive:
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


class _Lexicon:
    """The words around a numeral, compiled from the tables."""

    def __init__(self, table: dict[str, Any]) -> None:
        numerals, shares, qualifiers = table["numerals"], table["shares"], table["qualifiers"]
        units = table["units"]
        self._powers = re.compile(f"[{''.join(numerals['powers'])}]+")
        self._exponents: dict[str, int] = numerals["powers"]
        self._digits: dict[str, int] = numerals["digits"]
        self._vague = frozenset(numerals["vague"])
        self._half: str = numerals["half"]
        self._tenth = frozenset(shares["tenth"])
        self._percent = frozenset(shares["percent"])
        self._permille: str = shares["permille"][0]
        self._halves = _any(shares["halves"])
        self._no_share = f"(?!{shares['denominator']})"
        self._negative = re.compile(rf"(?:{_any(shares['negative'])})$")
        self._colloquial = frozenset(units["colloquial"])
        self._only_before: dict[str, list[str]] = units["only_before"]
        self._denominator = re.compile(
            rf"(?P<whole>[{''.join([*self._digits, *self._exponents])}]+){shares['denominator']}\s*$"
        )
        names = {n for key in ("money", "latin", "measures", "time", "counters") for n in units[key]}
        names |= self._percent | {self._permille}
        self._unit = re.compile(rf"\s*({_any(names)})")
        self._inserted = re.compile(rf"\s*({_any(units['inserted_head'])})({_any(units['inserted'])})({_any(units['inserted_tail'])})")
        self._inserted_half = rf"(?:{_any(units['inserted_head'])})?(?:{_any(qualifiers['number']['over'])})?(?:{_any(units['inserted_tail'])})"
        self._latin = frozenset(units["latin"])
        self._arabic_only = frozenset(units["arabic_only"])
        self._bare = frozenset(units["bare"])
        self._not_before: dict[str, list[str]] = units["not_before"]
        self._before = [(q, re.compile(rf"(?:{_any(w)})(?:{_any(qualifiers['linking'])})?\s*$")) for q, w in qualifiers["before"].items()]
        self._bare_before = re.compile(rf"(?:{_any(qualifiers['bare_over'])})$")
        self._mark = [(q, re.compile(_any(w))) for q, w in qualifiers["number"].items()]
        self._after = [(q, re.compile(rf"\s*(?:{_any(w)})")) for q, w in qualifiers["unit"].items()]
        self._inclusive = frozenset(qualifiers["inclusive"])
        self.range = re.compile(rf"\s*(?:{_any(qualifiers['range'])})\s*")
        self._origin = re.compile(qualifiers["change"]["origin"])
        self._change = re.compile(qualifiers["change"]["between"])
        self._excluded = [re.compile(p) for p in table["excluded"]["patterns"]]
        self._excluded.append(re.compile(_any(table["excluded"]["words"])))
        self._excluded_before = re.compile(table["excluded"]["before"])
        self.neighbours = _neighbours(self._digits, self._exponents, table["numerals"]["neighbours"])

    def excluded(self, text: str) -> list[Span]:
        """Where set phrases, ordinals and codes stand."""
        return [Span(*m.span()) for pattern in self._excluded for m in pattern.finditer(text) if m.group()]

    def numeral(self, grammar: NumeralGrammar) -> re.Pattern[str]:
        """What a number begins with: a numeral, a half before a unit (半年), or a share in one word (一半)."""
        half = rf"{self._half}(?={self._unit.pattern}|{self._inserted_half})"
        return re.compile(rf"(?P<halves>{self._halves})|(?:{grammar.pattern}|{half}){self._no_share}")

    def trailing_power(self, numeral: str) -> Decimal:
        """The powers of ten that close `numeral` (30万 → 10000)."""
        power = Decimal(1)
        for character in reversed(numeral):
            if character not in self._exponents:
                break
            power *= _TENTH ** self._exponents[character]
        return power

    def read_denominator(self, text: str, reading: _Reading, grammar: NumeralGrammar) -> None:
        """Make the number a share where a denominator precedes it (百分之八, 三分之二)."""
        match = self._denominator.search(text, 0, reading.begin)
        if match is None:
            return
        whole = grammar.value(match["whole"])
        reading.begin = match.start()
        reading.number = Span(match.start(), reading.number.end)
        reading.unit = self._permille if whole == _TENTH**3 else "%"
        scale = _TENTH**3 if whole == _TENTH**3 else _TENTH**2
        share = reading.value * scale / whole
        exact = share.quantize(_CENT, ROUND_HALF_UP) if _TENTH**5 % whole else share
        reading.value = _plain(exact)

    def read_mark(self, text: str, reading: _Reading) -> None:
        """Read 余, 多, 几 behind the numeral and a power behind them (1380余万)."""
        if any(c in self._vague for c in reading.number.of(text)):
            reading.qualifier = "over"
        for qualifier, pattern in self._mark:
            if match := pattern.match(text, reading.at):
                self._add_power(text, match.end(), reading)
                reading.qualifier = "approximately" if qualifier == "approximately" else "over"
                return

    def _add_power(self, text: str, at: int, reading: _Reading) -> None:
        reading.at = at
        if match := self._powers.match(text, at):
            factor = self.trailing_power(match.group())
            reading.value, reading.step = _plain(reading.value * factor), reading.step * factor
            reading.power *= factor
            reading.number = Span(reading.number.begin, match.end())
            reading.at = match.end()

    def read_unit(self, text: str, reading: _Reading, *, is_arabic: bool) -> None:
        """Read the unit; in 三个多月 a mark stands within it, behind 三成五 and 两年半 a last digit."""
        if match := self._inserted.match(text, reading.at):
            if match[2] == self._half:
                reading.value += Decimal("0.5")
            else:
                reading.qualifier = "over"
            self._set_unit(reading, match[1] + match[3], Span(match.start(1), match.end()))
            return
        match = self._unit.match(text, reading.at)
        while match and not self._fits(text, match, is_arabic=is_arabic, many=len(reading.number) > 1):
            shorter = self._unit.match(text[: match.end() - 1], reading.at)
            match = shorter
        if match is None:
            return
        name = match[1]
        if name in self._bare:
            reading.at = match.end()
            reading.unit_span = Span(*match.span(1))
            reading.unit = None
            return
        self._set_unit(reading, "%" if name in self._percent else name, Span(*match.span(1)))
        self._read_last_digit(text, name, reading)

    def _fits(self, text: str, match: re.Match[str], *, is_arabic: bool, many: bool) -> bool:
        name, rest = match[1], text[match.end() : match.end() + 3]
        if name in self._latin:
            return is_arabic and not rest[:1].isascii() or is_arabic and not rest[:1].isalpha()
        if name in self._arabic_only and not is_arabic and not many:
            return name in self._bare or name in self._tenth
        if name in self._only_before:
            return any(rest.startswith(word) for word in self._only_before[name])
        return not any(rest.startswith(word) for word in self._not_before.get(name, ()))

    @staticmethod
    def _set_unit(reading: _Reading, unit: str, span: Span) -> None:
        reading.unit, reading.unit_span, reading.at = unit, span, span.end

    def _read_last_digit(self, text: str, name: str, reading: _Reading) -> None:
        last = text[reading.at : reading.at + 1]
        behind = text[reading.at + 1 : reading.at + 2]
        if name in self._tenth:
            reading.unit = "%"
            reading.value, reading.step = reading.value * _TENTH, _TENTH
            if last == self._half:
                reading.value, reading.step, reading.at = reading.value + 5, Decimal(1), reading.at + 1
            elif self._digits.get(last) and behind not in self._tenth and behind not in self._exponents:
                reading.value, reading.step = reading.value + self._digits[last], Decimal(1)
                reading.at += 1
        elif name in self._colloquial and self._digits.get(last) and not self._unit.match(text, reading.at + 1):
            tenths = Decimal(self._digits[last]) / _TENTH
            reading.value, reading.step, reading.at = reading.value + tenths, _CENT * _TENTH, reading.at + 1
        elif last == self._half and reading.value == reading.value.to_integral_value():
            reading.value, reading.at = reading.value + Decimal("0.5"), reading.at + 1

    def read_after(self, text: str, reading: _Reading) -> None:
        """Read the qualifier behind the unit (以上, 左右)."""
        for qualifier, pattern in self._after:
            match = pattern.match(text, reading.at)
            if match and (reading.unit or reading.qualifier is None):
                reading.qualifier = _QUALIFIERS[qualifier]
                reading.inclusive = match.group().strip() in self._inclusive
                reading.at = match.end()
                return

    def read_before(self, text: str, reading: _Reading) -> None:
        """Read the qualifier before the number (近, 超过)."""
        head = text[max(0, reading.begin - _WIDE) : reading.begin]
        if match := self._negative.search(head):
            reading.value, reading.begin = -reading.value, reading.begin - len(match.group())
            return
        matches = [(len(m.group()), q, m) for q, p in self._before if (m := p.search(head))]
        if text[reading.begin] in self._exponents and (m := self._bare_before.search(head)):
            matches.append((len(m.group()), "over", m))
        if matches:
            length, qualifier, match = max(matches, key=lambda m: m[0])
            reading.qualifier = _QUALIFIERS[qualifier]
            reading.inclusive = match.group().strip() in self._inclusive
            reading.begin -= length

    def is_change(self, text: str, begin: int, between: str) -> bool:
        """Whether a number at `begin` is where a change starts that `between` carries to the next number."""
        return bool(self._change.fullmatch(between) and self._origin.search(text, 0, begin))

    def is_tenth(self, text: str, reading: _Reading) -> bool:
        """Whether the number is written in tenths (三成)."""
        return reading.unit_span is not None and reading.unit_span.of(text) in self._tenth


_QUALIFIERS: dict[str, Qualifier] = {
    "nearly": "nearly",
    "approximately": "approximately",
    "over": "over",
    "under": "under",
    "from": "from",
    "to": "to",
}


def _any(words: Iterable[str]) -> str:
    """A pattern of `words`, the longest first."""
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))


def _plain(value: Decimal) -> Decimal:
    """`value` without trailing zeros and without exponent."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _neighbours(digits: dict[str, int], powers: dict[str, int], pairs: list[str]) -> re.Pattern[str]:
    """A pattern of numerals that name two neighbouring numbers at once."""
    ten = "".join(p for p, exponent in powers.items() if exponent == 1)
    body = "".join(digits)
    lows = "|".join(f"(?<={p[0]}){p[1]}" for p in pairs)
    low = "".join(sorted({p[0] for p in pairs}))
    return re.compile(
        rf"(?P<head>[{body}]?[{ten}])?(?P<low>[{low}])(?P<high>{lows})(?P<tail>[{''.join(powers)}]+)?"
    )
