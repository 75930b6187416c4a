"""What a document says of itself: title, source, date and the people who made it, each with its place."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from kg.model import Field, Metadata, Span
from kg.read.credits import Credits
from kg.read.lines import Line, Lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.domain import Domain

_TAIL = 80  # code points of a line in which its photographer is looked for


class MetadataReader:
    r"""Reads metadata by the patterns of ``layout.toml``, from lines that are no prose and credits behind it.

    >>> from kg.domain import Domain
    >>> found = MetadataReader(Domain.default())("学艺记\n来源：某报\n……\n（记者 张三）\n发布时间：2024年9月7日\n")
    >>> found.title.value, found.publisher.value, found.date_published.value, found.authors[0].value
    ('学艺记', '某报', '2024-09-07', '张三')
    """

    def __init__(self, domain: Domain) -> None:
        layout = domain.toml("layout.toml")
        table, credits_ = layout["metadata"], layout["credits"]
        self._lines = Lines(domain)
        self._publisher = [re.compile(p) for p in table["publisher"]]
        self._signature = re.compile(table["signature"])
        self._dates = [re.compile(p.replace("%DATE%", f"(?:{table['date']})")) for p in table["date_published"]]
        self._digits, self._ten = table["digits"], table["ten"]
        self._credits = Credits(credits_)
        self._opening, self._closing = re.compile(credits_["opening"]), re.compile(credits_["closing"])
        self._names_only = re.compile(credits_["names_only"])
        self._surnames = tuple(row[0] for row in domain.rows("gazetteer/surnames.tsv"))

    def __call__(self, text: str) -> Metadata:
        """The metadata of `text`; what it does not state is None or empty."""
        lines = self._lines(text)
        bylines = [line for line in lines if line.kind == "byline"]
        people: dict[str, dict[str, Field]] = {"authors": {}, "editors": {}, "photographers": {}}
        for line in lines:
            for region in self._regions(text, line):
                for field, name in self._credits.read(text, region):
                    people[field].setdefault(name.value, name)
        for line in bylines:
            if (match := self._names_only.search(line.span.of(text))) and not people["authors"]:
                people["authors"] = {f.value: f for f in self._bare_names(line.span.begin, match)}
        return Metadata(
            self._title(text, lines),
            self._published_by(text, lines, bylines),
            self._published_on(text, bylines),
            **{field: tuple(names.values()) for field, names in people.items()},
        )

    def _title(self, text: str, lines: Sequence[Line]) -> Field | None:
        spans = [line.span for line in lines if line.kind == "title"]
        if not spans:
            return None
        return Field("".join(span.of(text) for span in spans), Span(spans[0].begin, spans[-1].end))

    def _published_by(self, text: str, lines: Sequence[Line], bylines: Sequence[Line]) -> Field | None:
        for pattern in self._publisher:
            for line in bylines:
                if match := pattern.search(line.span.of(text)):
                    return _field(line, match)
        # An organisation signs in the line before the date at the end.
        for before, last in zip(lines[-3:], lines[-2:], strict=False):
            closing = self._published_on(text, [last])
            is_date = closing and closing.span and closing.span.begin == last.span.begin
            if is_date and (match := self._signature.search(before.span.of(text))):
                return _field(before, match)
        return None

    def _published_on(self, text: str, bylines: Sequence[Line]) -> Field | None:
        for pattern in self._dates:
            for line in bylines:
                if line.kind == "byline" and (match := pattern.search(line.span.of(text))):
                    begin = line.span.begin
                    span = Span(begin + match.start("year"), begin + match.end("day"))
                    try:
                        value = date(*(self._number(match[part]) for part in ("year", "month", "day")))
                    except (KeyError, ValueError):  # no number, or no day of the calendar
                        continue
                    return Field(value.isoformat(), span)
        return None

    def _number(self, numeral: str) -> int:
        """An Arabic or Chinese numeral: digit by digit (二〇二四), or of a month or day (二十四)."""
        if numeral.isdecimal():
            return int(numeral)
        tens, ten, ones = numeral.rpartition(self._ten)
        value = int("".join(str(self._digits[c]) for c in ones) or "0")
        return value + 10 * (self._digits[tens] if tens else 1) if ten else value

    def _regions(self, text: str, line: Line) -> Iterator[Span]:
        """Where credits stand in a line: all of a byline, parentheses that a role begins, a photographer at the end."""
        if line.kind == "byline":
            yield line.span
            return
        for match in self._opening.finditer(text, line.span.begin, line.span.end):
            yield Span(*match.span(1))
        # Only the end is searched: a line may be as long as the file.
        begin = max(line.span.begin, line.span.end - _TAIL)
        if closing := self._closing.search(text[begin : line.span.end]):
            yield Span(begin + closing.start(1), begin + closing.end(1))

    def _bare_names(self, begin: int, match: re.Match[str]) -> list[Field]:
        names = [
            Field(m.group(), Span(begin + m.start(), begin + m.end())) for m in re.finditer(r"\w+(?:·\w+)*", match[0])
        ]
        return names if all(name.value.startswith(self._surnames) for name in names) else []


def _field(line: Line, match: re.Match[str]) -> Field:
    begin = line.span.begin
    return Field(match[1], Span(begin + match.start(1), begin + match.end(1)))
