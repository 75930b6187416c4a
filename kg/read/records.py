"""JSONL and CSV → a document for each record, or, of a table of figures, one with a sentence for each row."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

from kg.matching import simplified
from kg.model import Field, Metadata
from kg.read.content import Content, joined
from kg.read.encodings import decode
from kg.read.tables import located
from kg.read.webpages import iso_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.read.content import Options

    Named = tuple[str, Content | ValueError]

_SEPARATORS = ",\t;，"


def open_jsonl(data: bytes, options: Options) -> Iterator[Named]:
    """The records of a JSONL file, one object a line; a line that holds none is answered by its number."""
    text, encoding = decode(data, options.encoding)
    lines = [(at, line) for at, line in enumerate(text.split("\n"), 1) if line.strip()]
    names = _Names(options, encoding, "line")
    _check(len(lines), options)
    for at, line in lines:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            yield f"{at}", ValueError(f"line {at} is no JSON")
            continue
        if isinstance(record, dict):
            yield names.document(record, at)
        else:
            yield f"{at}", ValueError(f"line {at} is no JSON object")


def open_csv(data: bytes, options: Options) -> Iterator[Named]:
    """The rows of a CSV file whose first row names the columns; without a column of text, the table as one document."""
    text, encoding = decode(data, options.encoding)
    head = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=head.count)
    csv.field_size_limit(max(csv.field_size_limit(), options.limits.file_size))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        msg = f"this is no CSV that can be read ({error})"
        raise ValueError(msg) from error
    _check(len(rows), options)
    columns = [name.strip() for name in rows[0]] if rows else []
    names = _Names(options, encoding, "row")
    if options.fields.text is None and names.column("text", columns) is None:
        yield "", _table(rows, encoding, options)
        return
    for at, row in enumerate(rows[1:], 2):
        yield names.document(dict(zip(columns, row, strict=False)), at)


def _check(count: int, options: Options) -> None:
    if count > options.limits.members:
        msg = f"its {count:,} records are more than the limit of {options.limits.members:,} (members); split it"
        raise ValueError(msg)


def _table(rows: Sequence[Sequence[str]], encoding: str, options: Options) -> Content:
    told = options.tables(rows)
    text, places = joined([(row.sentence, f"row {row.row}") for row in told])
    return Content(text, encoding, Metadata(), places, located(text, told))


class _Names:
    """Makes documents of records by the names of their fields (the table ``records`` of ``layout.toml``)."""

    def __init__(self, options: Options, encoding: str, what: str) -> None:
        self._table: Mapping[str, Sequence[str]] = options.layout["records"]
        self._fields, self._encoding, self._what = options.fields, encoding, what
        self._ids: dict[str, int] = {}

    def column(self, part: str, names: Sequence[str]) -> str | None:
        """Which of the fields `names` holds `part`: the text, the id, the title, …."""
        folded = {simplified(name.casefold()): name for name in reversed(names)}
        return next((folded[n.casefold()] for n in self._table[part] if n.casefold() in folded), None)

    def document(self, record: Mapping[str, Any], at: int) -> Named:
        """The id and the content of a record; the reason why it has none."""
        name = f"{at}"
        try:
            name = self._id(record, at)
            return name, self._content(record, at)
        except ValueError as error:
            return name, error

    def _id(self, record: Mapping[str, Any], at: int) -> str:
        field = self._fields.id or self.column("id", list(record))
        name = _words(record.get(field)) if field else ""
        if not name:
            if self._fields.id:
                msg = f"{self._what} {at} has no field {self._fields.id} to be its id"
                raise ValueError(msg)
            return f"{at}"
        name = re.sub(r"[/\\]+", "_", name)
        if name in {".", ".."}:
            name = f"{at}"
        if (first := self._ids.setdefault(name, at)) != at:
            msg = f"{self._what} {at} has the id of {self._what} {first}: {name}"
            raise ValueError(msg)
        return name

    def _content(self, record: Mapping[str, Any], at: int) -> Content:
        field = self._fields.text or self.column("text", list(record))
        text = record.get(field) if field else None
        if not isinstance(text, str) or not text.strip():
            known = ", ".join(str(name) for name in record)[:200]
            msg = f"{self._what} {at} has no text in a field {field or self._table['text'][0]} (it has: {known})"
            raise ValueError(msg)
        if re.search("[\x00\ud800-\udfff]", text):
            msg = f"{self._what} {at} holds a NUL or a lone surrogate"
            raise ValueError(msg)
        told = {part: self._told(record, part) for part in self._table if part not in {"text", "id"}}
        title = next(iter(told["title"]), None)
        if title and not text.lstrip().startswith(title.value):
            text = f"{title.value}\n{text}"
        metadata = Metadata(
            title,
            next(iter(told["publisher"]), None),
            next((Field(day) for field in told["date_published"] if (day := iso_date(field.value))), None),
            *(told[people] for people in ("authors", "editors", "photographers")),
        )
        return Content(text, self._encoding, metadata, ((0, f"{self._what} {at}"),))

    def _told(self, record: Mapping[str, Any], part: str) -> tuple[Field, ...]:
        value = record.get(self.column(part, list(record)) or "")
        if part in {"title", "publisher", "date_published"}:
            return (Field(words),) if (words := _words(value)) else ()
        names = value if isinstance(value, list) else re.split(r"[\s,，、;；]+", _words(value))
        return tuple(Field(name) for name in dict.fromkeys(_words(n) for n in names) if name)


def _words(value: object) -> str:
    """A value as words in one line, of characters that a text may hold."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(re.sub("[\x00\ud800-\udfff]", "", str(value)).split())
