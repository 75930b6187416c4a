"""The words beside a numeral that make it a quantity: shares, marks, powers, units and qualifiers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, get_args

from kg.model import Qualifier, Span
from kg.wordlists import any_of

if TYPE_CHECKING:
    from kg.recognize.numerals import NumeralGrammar

_CENT = Decimal("0.01")
_TEN = Decimal(10)
_WIDE = 10  # code points before a number in which its qualifier stands


@dataclass(slots=True)
class Reading:
    """A number while it is read: positions within the sentence, `at` behind what has been read."""

    begin: int
    number: Span
    at: int
    value: Decimal
    step: Decimal
    coefficient: Decimal
    power: Decimal
    qualifier: Qualifier | None = None
    bounded: bool = False
    unit: str | None = None
    unit_span: Span | None = None


class QuantityWords:
    """The words around a numeral, compiled from the tables of ``quantities.toml``."""

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
        self.worded: dict[str, tuple[str, str]] = shares["worded"]
        self._fraction: str = shares["fraction"]
        self._majority: str = shares["majority"]
        self.multitude: dict[str, str] = shares["multitude"]
        self._no_share = f"(?!{shares['denominator']})"
        self._negative = re.compile(rf"(?:{any_of(shares['negative'])})$")
        self._colloquial = frozenset(units["colloquial"])
        self._only_before: dict[str, list[str]] = units["only_before"]
        self._denominator = re.compile(
            rf"(?P<whole>[{''.join([*self._digits, *self._exponents])}]+){shares['denominator']}\s*$"
        )
        names = {n for key in ("money", "latin", "measures", "time", "counters") for n in units[key]}
        names |= self._percent | {self._permille}
        self._unit = re.compile(rf"\s*((?:{any_of(names)})(?:[/／](?:{any_of(names)}))?)")
        self._signs: dict[str, str] = units["signs"]
        self._sign = re.compile(rf"(?:{any_of(self._signs)})\s*$")
        self._behind = {unit: re.compile(pattern) for unit, pattern in units["behind"].items()}
        head, tail = any_of(units["inserted_head"]), any_of(units["inserted_tail"])
        self._inserted = re.compile(rf"\s*({head})({any_of(units['inserted'])})({tail})")
        self._inserted_half = rf"(?:{head})?(?:{any_of(qualifiers['number']['over'])})?(?:{tail})"
        self._latin = frozenset(units["latin"])
        self._arabic_only = frozenset(units["arabic_only"])
        self._bare = frozenset(units["bare"])
        self._not_before: dict[str, list[str]] = units["not_before"]
        linking = any_of(qualifiers["linking"])
        before = qualifiers["before"].items()
        self._before = [(q, re.compile(rf"(?:{any_of(words)})(?:{linking})?\s*$")) for q, words in before]
        self._parted = [(q, re.compile(pattern)) for q, pattern in qualifiers["parted"].items()]
        self._bare_before = re.compile(rf"(?:{any_of(qualifiers['bare_over'])})$")
        self._mark = [(q, re.compile(any_of(w))) for q, w in qualifiers["number"].items()]
        self._after = [(q, re.compile(rf"\s*(?:{any_of(w)})")) for q, w in qualifiers["unit"].items()]
        self.range = re.compile(rf"\s*(?:{any_of(qualifiers['range'])})\s*")
        self._origin = re.compile(qualifiers["change"]["origin"])
        self._change = re.compile(qualifiers["change"]["between"])
        self._excluded = [re.compile(p) for p in table["excluded"]["patterns"]]
        self._excluded.append(re.compile(any_of(table["excluded"]["words"])))
        self.neighbours = _neighbours(self._digits, self._exponents, table["numerals"]["neighbours"])

    def excluded(self, text: str) -> list[Span]:
        """Where set phrases, ordinals and codes stand."""
        return [Span(*m.span()) for pattern in self._excluded for m in pattern.finditer(text) if m.group()]

    def numeral(self, grammar: NumeralGrammar) -> re.Pattern[str]:
        """What a number begins with: a numeral, a half before a unit (半年), a fraction or a word (1/5, 一半)."""
        half = rf"{self._half}(?={self._unit.pattern}|{self._inserted_half})"
        alone = rf"(?P<worded>{any_of(self.worded)})|(?P<majority>{self._majority})|(?P<fraction>{self._fraction})"
        alone += rf"|(?P<multitude>{any_of(self.multitude)})"
        return re.compile(rf"{alone}|(?:{grammar.pattern}|{half}){self._no_share}")

    def trailing_power(self, numeral: str) -> Decimal:
        """The powers of ten that close `numeral` (30万 → 10000)."""
        power = Decimal(1)
        for character in reversed(numeral):
            if character not in self._exponents:
                break
            power *= _TEN ** self._exponents[character]
        return power

    def read_denominator(self, text: str, reading: Reading, grammar: NumeralGrammar) -> None:
        """Make the number a share where a denominator precedes it (百分之八, 三分之二)."""
        match = self._denominator.search(text, 0, reading.begin)
        whole = grammar.value(match["whole"]) if match else None
        if match is None or not whole:  # nothing is a share of nought (零分之一)
            return
        reading.begin = match.start()
        reading.number = Span(match.start(), reading.number.end)
        self.set_share(reading, whole)

    def set_share(self, reading: Reading, whole: Decimal) -> None:
        """Make the number so many per cent or per mille: of `whole`, it is the part."""
        reading.unit = self._permille if whole == _TEN**3 else "%"
        scale = _TEN**3 if whole == _TEN**3 else _TEN**2
        share = reading.value * scale / whole
        exact = share.quantize(_CENT, ROUND_HALF_UP) if _TEN**5 % whole else share
        reading.value = _plain(exact)

    def read_mark(self, text: str, reading: Reading) -> None:
        """Read 余, 多, 几 behind the numeral and a power behind them (1380余万)."""
        numeral = reading.number.of(text)
        if any(c in self._vague for c in numeral):
            reading.qualifier, reading.bounded = "over", True
            if numeral[0] in self._vague:  # 数十: from ten to a hundred
                reading.step = reading.value * (_TEN - 1)
        for qualifier, pattern in self._mark:
            if match := pattern.match(text, reading.at):
                self._add_power(text, match.end(), reading)
                reading.bounded = qualifier != "approximately"
                reading.qualifier = "over" if reading.bounded else "approximately"
                return

    def _add_power(self, text: str, at: int, reading: Reading) -> None:
        reading.at = at
        if match := self._powers.match(text, at):
            factor = self.trailing_power(match.group())
            reading.value, reading.step = _plain(reading.value * factor), reading.step * factor
            reading.power *= factor
            reading.number = Span(reading.number.begin, match.end())
            reading.at = match.end()

    def read_unit(self, text: str, reading: Reading, *, is_arabic: bool) -> None:
        """Read the unit; in 三个多月 a mark stands within it, behind 三成五 and 两年半 a last digit."""
        if match := self._inserted.match(text, reading.at):
            if match[2] == self._half:
                reading.value += Decimal("0.5")
            else:
                reading.qualifier, reading.bounded = "over", True
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

    def read_sign(self, text: str, reading: Reading) -> None:
        """Read the sign of money before the number (￥500)."""
        if match := self._sign.search(text, max(0, reading.begin - _WIDE), reading.begin):
            reading.begin = match.start()
            if reading.unit is None:
                reading.unit = self._signs[match.group().strip()]
                reading.unit_span = Span(match.start(), match.start() + len(match.group().strip()))

    def is_behind(self, text: str, reading: Reading) -> bool:
        """Whether the words before the number tell that its unit is one (翻两番)."""
        pattern = self._behind.get(reading.unit or "")
        return bool(pattern and pattern.search(text, 0, reading.number.begin))

    def _fits(self, text: str, match: re.Match[str], *, is_arabic: bool, many: bool) -> bool:
        name, rest = re.split("[/／]", match[1])[0], text[match.end() : match.end() + 3]
        if name in self._latin:
            return is_arabic and not (rest[:1].isascii() and rest[:1].isalpha())
        if name in self._arabic_only and not is_arabic and not many:
            return name in self._bare or name in self._tenth
        if name in self._only_before:
            return any(rest.startswith(word) for word in self._only_before[name])
        return not any(rest.startswith(word) for word in self._not_before.get(name, ()))

    @staticmethod
    def _set_unit(reading: Reading, unit: str, span: Span) -> None:
        reading.unit, reading.unit_span, reading.at = unit, span, span.end

    def _read_last_digit(self, text: str, name: str, reading: Reading) -> None:
        last = text[reading.at : reading.at + 1]
        behind = text[reading.at + 1 : reading.at + 2]
        if name in self._tenth:
            reading.unit = "%"
            if reading.value < _TEN:  # 七五折 is 75 %
                reading.value, reading.step = _plain(reading.value * _TEN), _TEN
            if last == self._half:
                reading.value, reading.step, reading.at = reading.value + 5, Decimal(1), reading.at + 1
            elif self._digits.get(last) and behind not in self._tenth and behind not in self._exponents:
                reading.value, reading.step = reading.value + self._digits[last], Decimal(1)
                reading.at += 1
        elif name in self._colloquial and self._digits.get(last) and not self._unit.match(text, reading.at + 1):
            tenths = Decimal(self._digits[last]) / _TEN
            reading.value, reading.step, reading.at = reading.value + tenths, _CENT * _TEN, reading.at + 1
        elif last == self._half and reading.value == reading.value.to_integral_value():
            reading.value, reading.at = reading.value + Decimal("0.5"), reading.at + 1

    def read_after(self, text: str, reading: Reading) -> None:
        """Read the qualifier behind the unit (以上, 左右)."""
        for qualifier, pattern in self._after:
            match = pattern.match(text, reading.at)
            if match and (reading.unit or reading.qualifier is None):
                reading.qualifier = _QUALIFIERS[qualifier]
                reading.at = match.end()
                return

    def read_before(self, text: str, reading: Reading) -> None:
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
            reading.begin -= length
        elif reading.qualifier is None:
            parted = (q for q, p in self._parted if p.search(text, 0, reading.begin))
            reading.qualifier = _QUALIFIERS.get(next(parted, ""))

    def is_change(self, text: str, begin: int, between: str) -> bool:
        """Whether a number at `begin` is where a change starts that `between` carries to the next number."""
        return bool(self._change.fullmatch(between) and self._origin.search(text, 0, begin))

    def opens_range(self, text: str, at: int) -> bool:
        """Whether a range mark and another numeral stand at `at` (三到五天)."""
        match = self.range.match(text, at)
        return bool(match and text[match.end() : match.end() + 1] in self._digits)

    def is_tenth(self, text: str, reading: Reading) -> bool:
        """Whether the number is written in tenths (三成)."""
        return reading.unit_span is not None and reading.unit_span.of(text) in self._tenth


_QUALIFIERS: dict[str, Qualifier] = {q: q for q in get_args(Qualifier)}


def _plain(value: Decimal) -> Decimal:
    """`value` without trailing zeros and without exponent."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _neighbours(digits: dict[str, int], powers: dict[str, int], pairs: list[str]) -> re.Pattern[str]:
    """A pattern of numerals that name two neighbouring numbers at once."""
    ten = "".join(p for p, exponent in powers.items() if exponent == 1)
    body = "".join(digits)
    lows = "|".join(f"(?<={p[0]}){p[1]}" for p in pairs)
    low = "".join(sorted({p[0] for p in pairs}))
    return re.compile(rf"(?P<head>[{body}]?[{ten}])?(?P<low>[{low}])(?P<high>{lows})(?P<tail>[{''.join(powers)}]+)?")
