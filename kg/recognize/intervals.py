"""Time expressions → intervals of the calendar, counted from the day on which the document was published.

An expression is read from left to right by the rules of ``times.toml`` (``[[calendar.rules]]``). A rule names one of
the steps below and gives its figures; each step narrows or moves what has been read so far. Where a piece of the words
means nothing to any rule, or needs a day that nobody stated, the expression has no interval.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from kg.model import Interval
from kg.recognize.numerals import NumeralGrammar

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.domain import Domain

_YEAR, _MONTH, _DAY = 4, 7, 10  # the length of a date of that precision
_AHEAD = 6  # months: a month further ahead than this is last year's
_MONTHS = {"Y": 12, "Q": 3, "M": 1}
_DAYS = {"W": 7, "D": 1}


class _UnreadError(Exception):
    """The words, or the lack of a day to count from, leave open when it was."""


@dataclass(slots=True)
class _Reading:
    """What has been read: the interval so far, the `day` to count from, and the `context`, a date named before."""

    day: date | None
    context: str | None
    begin: str | None = None
    end: str | None = None
    vague: bool = False
    recurs: str | None = None
    bound: str | None = None
    left: _Reading | None = None
    pending: str | None = None  # a number whose unit comes behind the range mark (2022—2025年)
    read: list[str] = field(default_factory=list)
    match: re.Match[str] = field(init=False)  # of the rule that makes the step
    rule: dict[str, Any] = field(init=False)

    def today(self) -> date:
        if self.day is None:
            raise _UnreadError
        return self.day

    def set(self, begin: str | None, end: str | None, *, vague: bool = False) -> None:
        self.begin, self.end = begin, end
        self.vague = self.vague or vague

    def within(self, precision: int) -> str | None:
        """The one year or month that has been named, here or before."""
        if self.begin is None:
            return self.context[:precision] if self.context and len(self.context) >= precision else None
        if self.begin[:precision] != (self.end or "")[:precision] or len(self.begin) < precision:
            raise _UnreadError
        return self.begin[:precision]

    def year_of(self, month: int) -> int:
        """The year that has been named; else the document's, or the one before where `month` would be far ahead."""
        if named := self.within(_YEAR):
            return int(named)
        today = self.today()
        return today.year - 1 if month - today.month > _AHEAD else today.year


class Calendar:
    """Reads time expressions against a day.

    >>> from kg.domain import Domain
    >>> calendar = Calendar(Domain.default())
    >>> [calendar(words, date(2024, 11, 5)).edtf for words in ("今年上半年", "截至去年底", "日前", "“十四五”期间")]
    ['2024-01/2024-06', '../2023-12~', '2024-10-22~/2024-11-05~', '2021/2025']
    """

    def __init__(self, domain: Domain) -> None:
        table: dict[str, Any] = domain.toml("times.toml")["calendar"]
        self._grammar = NumeralGrammar.of(domain)
        self._dropped = re.compile(table["dropped"])
        self._parts: dict[str, dict[str, list[int]]] = table["parts"]
        self._steps: dict[str, Callable[[_Reading], None]] = {
            name.removeprefix("_step_"): getattr(self, name) for name in dir(self) if name.startswith("_step_")
        }
        self._rules = [(re.compile(rule["pattern"]), self._steps[rule["step"]], rule) for rule in table["rules"]]

    def __call__(self, words: str, day: date | None, context: str | None = None) -> Interval | None:
        """When `words` say it was; None where that stays open.

        `day` is the day of publication, `context` a date (as in :class:`Interval`) named before in the sentence.
        """
        text = self._dropped.sub("", unicodedata.normalize("NFKC", words))
        reading = _Reading(day, context)
        at = 0
        try:
            while at < len(text):
                at, reading = self._step(text, at, reading)
            return self._finish(reading)
        except (_UnreadError, ValueError, OverflowError):  # there is no 30 February
            return None

    def _step(self, text: str, at: int, reading: _Reading) -> tuple[int, _Reading]:
        for pattern, step, rule in self._rules:
            match = pattern.match(text, at)
            if match is None or match.end() == at or ("after" in rule and rule["after"] not in reading.read):
                continue
            if rule["step"] == "range":
                context = reading.end or reading.context
                bound = None if reading.bound == "from" else reading.bound
                return match.end(), _Reading(reading.day, context, left=reading, bound=bound)
            reading.match, reading.rule = match, rule
            step(reading)
            reading.read.append(rule["step"])
            return match.end(), reading
        raise _UnreadError

    def _number(self, match: re.Match[str], group: str = "n") -> int:
        return int(self._grammar.value(match[group]))

    # The steps, by the names they have in times.toml.

    def _step_skip(self, reading: _Reading) -> None:
        pass

    _step_range = _step_skip

    def _step_bound(self, reading: _Reading) -> None:
        """From, since, until or before what is told; a word behind outweighs one before."""
        reading.bound = reading.rule["bound"]

    def _step_vague(self, reading: _Reading) -> None:
        reading.vague = True

    def _step_number(self, reading: _Reading) -> None:
        reading.pending = reading.match["n"]

    def _step_iso(self, reading: _Reading) -> None:
        told = "-".join(f"{int(part):02}" for part in reading.match.groups() if part)
        reading.set(told, told)

    def _step_year(self, reading: _Reading) -> None:
        if "by" in reading.rule:
            year = reading.today().year + reading.rule["by"]
        else:
            year = int("".join(str(self._grammar.value(c)) for c in reading.match["n"]))
            if year < 100:  # noqa: PLR2004  (〇三年, 九八年)
                century = reading.today().year // 100 * 100
                year += century if century + year <= reading.today().year else century - 100
        reading.set(f"{year:04}", f"{year:04}")
        self._fill_left(reading, lambda n: f"{int(n):04}")

    def _step_years(self, reading: _Reading) -> None:
        """A named stretch of years (十四五)."""
        reading.set(f"{reading.rule['begin']:04}", f"{reading.rule['end']:04}")

    def _step_century(self, reading: _Reading) -> None:
        by = reading.rule.get("by")
        begin = 100 * (self._number(reading.match) - 1 if by is None else reading.today().year // 100 + by)
        reading.set(f"{begin:04}", f"{begin + 99:04}")

    def _step_decade(self, reading: _Reading) -> None:
        decade = self._number(reading.match)
        if reading.begin:
            century = int(reading.begin)
        else:
            century = reading.today().year // 100 * 100
            century -= 100 if century + decade > reading.today().year else 0
        reading.set(f"{century + decade:04}", f"{century + decade + 9:04}")

    def _step_era(self, reading: _Reading) -> None:
        reading.set(reading.rule["begin"], reading.rule["begin"])

    def _step_months(self, reading: _Reading) -> None:
        """Months of a year, by their numbers; those beyond twelve are the next year's."""
        begin, end = reading.rule["months"]
        if "n" in reading.match.re.groupindex:
            count = self._number(reading.match)
            begin, end = begin * count + reading.rule.get("plus", 0), end * count
        if "context" in reading.rule and reading.within(_YEAR) is None:
            raise _UnreadError
        year = reading.year_of(end)
        reading.set(_month(year, begin), _month(year, end), vague=reading.rule.get("vague", False))

    def _step_days(self, reading: _Reading) -> None:
        """Days of a year, such as those of a feast."""
        begin, end = reading.rule["days"]
        year = reading.year_of(int(end[:2]))
        reading.set(f"{year}-{begin}", f"{year}-{end}", vague=reading.rule.get("vague", False))

    def _step_month(self, reading: _Reading) -> None:
        if "by" in reading.rule:
            told = _shifted(reading.today(), reading.rule["by"], _MONTH)
        else:
            month = self._number(reading.match)
            told = _month(reading.year_of(month), month)
        reading.set(told, told)
        year = told[:_YEAR]
        self._fill_left(reading, lambda n: _month(int(year), int(self._grammar.value(n))))

    def _step_day(self, reading: _Reading) -> None:
        if "by" in reading.rule:
            told = (reading.today() + timedelta(reading.rule["by"])).isoformat()
        else:
            number = self._number(reading.match)
            month = reading.within(_MONTH) or _shifted(
                reading.today(), -1 if number > reading.today().day else 0, _MONTH
            )
            told = date.fromisoformat(f"{month}-{number:02}").isoformat()
        reading.set(told, told)
        month = told[:_MONTH]
        self._fill_left(reading, lambda n: f"{month}-{int(self._grammar.value(n)):02}")

    def _step_week(self, reading: _Reading) -> None:
        self._set_week(reading, reading.rule["by"])

    @staticmethod
    def _set_week(reading: _Reading, by: int) -> None:
        monday = reading.today() + timedelta(7 * by - reading.today().weekday())
        reading.set(monday.isoformat(), (monday + timedelta(6)).isoformat())

    def _step_weekday(self, reading: _Reading) -> None:
        if reading.begin is None:
            self._set_week(reading, 0)
        after = reading.rule["days"].find(reading.match["n"]) % 7  # Sunday is the last, or the other name, not listed
        told = (date.fromisoformat(str(reading.begin)) + timedelta(after)).isoformat()
        reading.set(told, told)

    def _step_quarter(self, reading: _Reading) -> None:
        """The quarter before this one, this, or the next."""
        begin = (reading.today().month - 1) // 3 * 3 + 1 + 3 * reading.rule["by"]
        reading.set(_month(reading.today().year, begin), _month(reading.today().year, begin + 2))

    def _step_part(self, reading: _Reading) -> None:
        """The beginning, middle or end of the year, month or stretch of years that has been named."""
        name, begin, end = reading.rule["part"], reading.begin, reading.end
        if begin is None or end is None:
            raise _UnreadError
        if begin != end:
            of = "years" if len(begin) == _YEAR else "months"
            low, high = (int(side[:_YEAR]) * 12 + int(side[5:] or 1) - 1 for side in (begin, end))
            size, unit = (high - low) // (12 if of == "years" else 1) + 1, 12 if of == "years" else 1
            first, last = self._parts["thirds"][name]
            first, last = -(-size * first // 3), size * last // 3 - 1
            sides = (_month(low // 12, low % 12 + 1 + at * unit) for at in (first, max(first, last)))
            begin, end = (side[: len(begin)] for side in sides)
        elif len(begin) == _YEAR:
            begin, end = (_month(int(begin), month) for month in self._parts["year"][name])
        elif len(begin) == _MONTH:
            longest = Interval(begin, begin).last
            last_day = longest.day if longest else 0
            begin, end = (f"{begin}-{min(day, last_day):02}" for day in self._parts["month"][name])
        reading.set(begin, end, vague=reading.rule.get("vague", False))

    def _step_stretch(self, reading: _Reading) -> None:
        """So many years, months or days up to the day of the document, or from it on; or a day so long ago."""
        number = reading.match["n"] if "n" in reading.match.re.groupindex else None
        count = self._number(reading.match) if number else reading.rule["count"]
        begin, end = (self._moved(reading.today(), count * by, reading.rule["unit"]) for by in reading.rule["sides"])
        reading.set(begin, end, vague=True)

    def _step_until_now(self, reading: _Reading) -> None:
        reading.set(None, reading.today().isoformat(), vague=reading.rule.get("vague", False))

    def _step_every(self, reading: _Reading) -> None:
        number = reading.match["n"] if "n" in reading.match.re.groupindex else None
        count = (self._number(reading.match) if number else 1) * (3 if reading.rule["unit"] == "Q" else 1)
        reading.recurs = f"P{count}{'M' if reading.rule['unit'] == 'Q' else reading.rule['unit']}"

    @staticmethod
    def _moved(day: date, count: int, unit: str) -> str:
        """`day` moved by so many units, as precise as the unit is."""
        if unit in _MONTHS:
            return _shifted(day, count * _MONTHS[unit], _YEAR if unit == "Y" else _MONTH)
        return (day + timedelta(count * _DAYS[unit])).isoformat()

    @staticmethod
    def _fill_left(reading: _Reading, told: Callable[[str], str]) -> None:
        """Give the bare number before the range mark the unit that now is known (2022—2025年, 1—8月)."""
        if reading.left and reading.left.pending:
            if reading.left.begin is None or len(reading.left.begin) < len(told(reading.left.pending)):
                begin = told(reading.left.pending)
                reading.left.begin = reading.left.end = begin
            reading.left.pending = None

    def _finish(self, reading: _Reading) -> Interval:
        if reading.pending or (reading.left and reading.left.pending):
            raise _UnreadError
        if reading.recurs:
            return Interval(recurs=reading.recurs)
        begin, end, vague = reading.begin, reading.end, reading.vague
        if reading.left:
            begin, vague = reading.left.begin, vague or reading.left.vague
        if begin is None and end is None:
            raise _UnreadError
        if reading.bound == "until":
            begin = None
        elif reading.bound == "since":
            end = reading.day.isoformat() if reading.day else None
        elif reading.bound == "from":
            end = None
        elif reading.bound == "before" and begin:
            end = _before(begin)
            begin = None
        found = Interval(begin, end, vague)
        if found.first and found.last and found.first > found.last:
            raise _UnreadError
        return found


def in_context(interval: Interval, context: str | None) -> str | None:
    """What a later date in the sentence may lean on once `interval` has been named.

    >>> in_context(Interval("2023-09", "2023-09"), None)
    '2023-09'
    """
    return interval.end if interval.end and not interval.vague else (interval.begin or context)


def published(stated: str | None) -> date | None:
    """The day that the metadata state, or None where they state no whole date.

    >>> published("2024-11-05"), published("2024"), published(None)
    (datetime.date(2024, 11, 5), None, None)
    """
    try:
        return date.fromisoformat((stated or "")[:_DAY]) if stated and len(stated) >= _DAY else None
    except ValueError:
        return None


def _month(year: int, month: int) -> str:
    """The month of that number, counted on into other years where it is none of 1 to 12."""
    return f"{year + (month - 1) // 12:04}-{(month - 1) % 12 + 1:02}"


def _shifted(day: date, months: int, precision: int) -> str:
    return _month(day.year, day.month + months)[:precision]


def _before(begin: str) -> str:
    """The year, month or day before."""
    if len(begin) == _YEAR:
        return f"{int(begin) - 1:04}"
    if len(begin) == _MONTH:
        return _month(int(begin[:_YEAR]), int(begin[5:]) - 1)
    return (date.fromisoformat(begin) - timedelta(1)).isoformat()
