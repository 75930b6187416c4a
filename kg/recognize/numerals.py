"""The grammar of written numbers: Arabic, Chinese and mixed numerals → :class:`~decimal.Decimal`.

A numeral is a sum of terms, each a coefficient before a power (3亿5000万, 两千三百零六, 13.1万); the greatest power
splits it in two, and both halves are numerals again. The characters are data (``quantities.toml``, ``[numerals]``).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from kg.domain import Domain

_TEN = Decimal(10)
_LONGEST = 24  # in characters: more digits are a code, not an amount
_DIGIT = "[0-9０-９]"


@dataclass(frozen=True, slots=True)
class _Part:
    """A coefficient (`digits` characters long), or a power of ten where `is_power`."""

    number: Decimal
    is_power: bool = False
    digits: int = 1


class NumeralGrammar:
    """Reads numerals by the characters of a ``[numerals]`` table.

    >>> from kg.domain import Domain
    >>> grammar = NumeralGrammar.of(Domain.default())
    >>> [str(grammar.value(text)) for text in ("13.1万", "3，900", "两千三百零六", "二〇二五", "一万八", "七点四")]
    ['131000', '3900', '2306', '2025', '18000', '7.4']
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._digits: dict[str, int] = table["digits"]
        self._powers: dict[str, int] = table["powers"]
        self._tens: dict[str, int] = table["tens"]
        self._vague = frozenset(table["vague"])
        self._point: str = table["point"]
        self._half: str = table["half"]
        self._zeros = frozenset(c for c, value in self._digits.items() if value == 0)
        digits, tens, point = "".join(self._digits), "".join(self._tens), re.escape(self._point)
        vague, power = "".join(self._vague), _power(self._powers, table["power_not_before"])
        grouped = rf"{_DIGIT}{{1,3}}(?:[,，]{_DIGIT}{{3}})+(?!{_DIGIT})"
        blank, first = table["blank"], rf"(?<![{table['blank_not_behind']}])[1-9]{_DIGIT}{{0,2}}"
        parted = rf"{first}(?:{blank}{_DIGIT}{{3}})+(?!{blank}?{_DIGIT})"
        arabic = rf"(?:{parted}|{grouped}|{_DIGIT}+)(?:[.．]{_DIGIT}+)?"
        zero = f"[{self._zeros_class}]?"
        more = rf"(?:{zero}{arabic}{power}+)*(?:{zero}{arabic}(?!{_DIGIT}))?"
        self.arabic = rf"{arabic}(?:[ \u3000]?{power}+{more})?"
        chinese = rf"(?:[{vague}](?={power}))?(?:[{digits}{tens}]|{power})+(?:[{vague}]{power}+)?"
        self.chinese = rf"{chinese}(?:{point}[{digits}]+{power}*)?"
        self.pattern = rf"(?:{self.arabic}|{self.chinese})"
        self._token = re.compile(rf"(?P<arabic>{arabic})|(?P<any>.)", re.DOTALL)

    @classmethod
    def of(cls, domain: Domain) -> NumeralGrammar:
        """The grammar of `domain`."""
        return cls(domain.toml("quantities.toml")["numerals"])

    @property
    def _zeros_class(self) -> str:
        return "".join(sorted(self._zeros))

    def value(self, numeral: str) -> Decimal:
        """The value of `numeral`; :class:`ValueError` where it is none.

        Vague digits count one (几十, 数十 → 10), half is 0.5 (半, 三半 is none).
        """
        text = "".join(unicodedata.normalize("NFKC", numeral).split())
        if text == self._half:
            return Decimal("0.5")
        parts = self._parts(text) if len(text) <= _LONGEST else []
        if not parts:
            msg = f"{numeral!r} is no numeral"
            raise ValueError(msg)
        value = _sum(parts)
        return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()

    def step(self, numeral: str) -> Decimal:
        """One unit of the last written digit: what 多 and 余 leave open.

        >>> from kg.domain import Domain
        >>> [str(NumeralGrammar.of(Domain.default()).step(text)) for text in ("3万", "一百二十", "306", "1.5万")]
        ['10000', '10', '1', '1000']
        """
        text = "".join(unicodedata.normalize("NFKC", numeral).split())
        if text == self._half:
            return Decimal("0.5")
        parts = self._parts(text)
        scale = Decimal(1)
        while parts and parts[-1].is_power:
            scale *= parts.pop().number
        if parts and scale == 1 and parts[-1].digits == 1 and len(parts) > 1 and parts[-2].is_power:
            scale = _colloquial(parts)
        last = parts[-1].number if parts else Decimal(1)
        exponent = last.as_tuple().exponent
        step = _TEN**exponent if isinstance(exponent, int) and exponent < 0 else Decimal(1)
        if step == 1 and parts and parts[-1].digits > 1:
            step = _trailing_zeros(last)
        return (step * scale).quantize(Decimal(1)) if step * scale >= 1 else step * scale

    def _parts(self, text: str) -> list[_Part]:
        """The coefficients and powers of `text` in order."""
        parts: list[_Part] = []
        whole, point, fraction = text.partition(self._point)
        for match in self._token.finditer(whole):
            if match["arabic"]:
                literal = re.sub("[,，]", "", match["arabic"])
                parts.append(_Part(Decimal(literal), digits=len(literal)))
            else:
                self._read(match["any"], parts, text)
        if point:
            self._add_fraction(fraction, parts, text)
        return parts

    def _read(self, character: str, parts: list[_Part], text: str) -> None:
        if character in self._powers:
            parts.append(_Part(_TEN ** self._powers[character], is_power=True))
        elif character in self._tens:
            parts += (_Part(Decimal(self._tens[character] // 10)), _Part(_TEN, is_power=True))
        elif character in self._vague:
            # 几十万 is at least 10 0000, and so is 十几万.
            parts.append(_Part(Decimal(0 if parts else 1)))
        elif character in self._digits:
            digit = Decimal(self._digits[character])
            previous = parts[-1] if parts and not parts[-1].is_power else None
            if previous is None:
                parts.append(_Part(digit))
            else:
                parts[-1] = _Part(previous.number * 10 + digit, digits=previous.digits + 1)
        else:
            msg = f"{text!r} is no numeral"
            raise ValueError(msg)

    def _add_fraction(self, fraction: str, parts: list[_Part], text: str) -> None:
        """Append the digits behind the point to the last coefficient, and the powers behind them (三点五亿)."""
        digits = [c for c in fraction if c in self._digits]
        if not digits or not parts:
            msg = f"{text!r} is no numeral"
            raise ValueError(msg)
        decimals = sum(Decimal(self._digits[c]).scaleb(-i) for i, c in enumerate(digits, 1))
        # Whatever stands before the point is one coefficient: 二十三点五亿 is 23.5 × 1 0000 0000.
        whole = _sum(parts)
        parts[:] = [_Part(whole + decimals, digits=2)]
        for character in fraction[len(digits) :]:
            if character not in self._powers:
                msg = f"{text!r} is no numeral"
                raise ValueError(msg)
            parts.append(_Part(_TEN ** self._powers[character], is_power=True))


def _power(powers: Mapping[str, int], not_before: Mapping[str, str]) -> str:
    """A pattern of one power, none that begins a unit (千瓦)."""
    free = "".join(p for p in powers if p not in not_before)
    bound = "|".join(f"{p}(?![{after}])" for p, after in not_before.items())
    return f"(?:[{free}]|{bound})"


def _sum(parts: list[_Part]) -> Decimal:
    """The value of `parts`: the greatest power (the last of equals) splits them in two numerals."""
    if not parts:
        return Decimal(1)
    powers = [(p.number, i) for i, p in enumerate(parts) if p.is_power]
    if not powers:
        return parts[-1].number
    power, at = max(powers)
    left, right = parts[:at], parts[at + 1 :]
    if not right:
        return _sum(left) * power
    # 一万八 is 18000: a lone last digit counts tenths of the power before it.
    scale = _colloquial(parts) if len(right) == 1 and right[0].digits == 1 else Decimal(1)
    return _sum(left) * power + _sum(right) * scale


def _colloquial(parts: list[_Part]) -> Decimal:
    """What a lone last digit counts: a tenth of the power before it, or one behind 十."""
    return max(parts[-2].number / _TEN, Decimal(1))


def _trailing_zeros(number: Decimal) -> Decimal:
    """The place of the last digit other than zero (8900 → 100), one for zero."""
    if not number:
        return Decimal(1)
    digits = str(number.quantize(Decimal(1)))
    return _TEN ** (len(digits) - len(digits.rstrip("0")))
