"""PDF with a text layer → paragraphs: lines joined as they were before they were printed, without page numbers."""

from __future__ import annotations

import io
import logging
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from kg.model import Field, Metadata
from kg.read.content import Content, Options, joined
from kg.read.tables import located

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from kg.read.tables import Tables, Told

_KANGXI = re.compile("[\u2f00-\u2fd5]")
_GAP = re.compile(r"(?<=[\u3001-\u30ff\u4e00-\u9fff\uff00-\uffef])[ \t]+(?=[\u3001-\u30ff\u4e00-\u9fff\uff00-\uffef])")
_SPACED = 0.25  # the part of a line that is gaps from which on they only spread its characters
_FILE = re.compile(r"\.\w{2,5}$|^(?:Microsoft |Untitled)")  # a title that only names a file
_FULL = 0.85  # the part of the widest lines from which on a line is full
_LEAST = 2  # cells that a line of a table has at least, and one more
_OFTEN = 3  # pages on which a line at the edge stands to be a running head


def read_pdf(data: bytes, options: Options) -> Content:
    """The text layer of a PDF; `ValueError` says why there is none. A scan has none: pictures are not read."""
    texts, title = _pages(data, options.limits.pages)
    table = options.layout["printed"]
    pages = [[_clean(line, table) for line in text.splitlines()] for text in texts]
    title = " ".join(_clean(title, table).split())
    if not any(c.isalnum() for lines in pages for line in lines for c in line):
        msg = "there is no text in this PDF (a scan?): run OCR over it first, for example ocrmypdf -l chi_sim"
        raise ValueError(msg)
    rows: list[Told] = []
    parts = paragraphs(pages, table, options.tables, rows)
    text, places = joined([(words, f"page {number}") for words, number in parts])
    return Content(text, "utf-8", Metadata(title=Field(title) if title else None), places, located(text, rows))


def _pages(data: bytes, limit: int) -> tuple[list[str], str]:
    import pypdf  # noqa: PLC0415  (only these documents need it)

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it warns of, the answer tells
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            count = -1
        elif (count := len(reader.pages)) <= limit:
            texts = [page.extract_text() for page in reader.pages]
            title = str((reader.metadata.title if reader.metadata else None) or "")
            title = "" if _FILE.search(title) else title
    except Exception as error:  # whatever pypdf meets in a damaged file
        msg = f"this is no PDF, or a damaged one ({type(error).__name__})"
        raise ValueError(msg) from error
    if count < 0:
        msg = "this PDF has a password: save it without one"
        raise ValueError(msg)
    if count > limit:
        msg = f"its {count:,} pages are more than the limit of {limit:,} (pages); split it"
        raise ValueError(msg)
    return texts, title


def _clean(line: str, table: Mapping[str, Any]) -> str:
    """`line` with the characters that radicals of their shape stand for, and without what no text may hold."""
    line = _KANGXI.sub(lambda match: unicodedata.normalize("NFKC", match.group()), line)
    line = line.translate(str.maketrans(table["radicals"], table["characters"]))
    line = "".join(c for c in line if c == "\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    if len(_GAP.findall(line)) > _SPACED * len(line):
        line = _GAP.sub("", line)
    return re.sub(table["gaps"], "", line)


def paragraphs(
    pages: Sequence[Sequence[str]], table: Mapping[str, Any], tell: Tables | None = None, told: list[Told] | None = None
) -> list[tuple[str, int]]:
    """The paragraphs in the lines of the pages, each with the number of the page on which it begins.

    A line goes on in the next where it is full, ends no sentence and the next is not indented. Page numbers
    and running heads are left out. Lines of as many cells as the head above them are a table; `told` gets its rows.
    """
    lines = _without_edges(pages, re.compile(table["page_number"]))
    widths = sorted(_width(line) for line, _ in lines)
    full = _FULL * widths[int(len(widths) * 0.9)] if widths else 0
    found: list[tuple[str, int]] = []
    goes_on = False
    tabled = _tabled([line for line, _ in lines], tell) if tell else {}
    for at, (line, page) in enumerate(lines):
        if at in tabled:
            if row := tabled[at]:
                found.append((row.sentence, page))
                (told if told is not None else []).append(row)
            goes_on = False
            continue
        words = line.strip()
        if goes_on and not line.startswith(("\u3000", "\u2003", "  ")):
            before, first = found[-1]
            found[-1] = (_joined(before, words), first)
        else:
            found.append((words, page))
        goes_on = _width(line) >= full and not re.search(table["end"], words)
    return found


def _tabled(lines: Sequence[str], tell: Tables) -> dict[int, Told | None]:
    """The lines that are rows of tables, by their number, with what tells them; None for a head."""
    cells = [line.split() for line in lines]
    found: dict[int, Told | None] = {}
    at = 0
    while at < len(lines):
        end = at + 1
        while end < len(lines) and len(cells[end]) == len(cells[at]) > _LEAST and _has_number(cells[end]):
            end += 1
        if end > at + 1 and not _has_number(cells[at]) and not any(mark in "，。；" for mark in lines[at]):
            rows = {row.row: row for row in tell(cells[at:end])}
            found |= {at + number: rows.get(number + 1) for number in range(end - at)}
            at = end
        else:
            at += 1
    return found


def _has_number(cells: Sequence[str]) -> bool:
    return any(re.fullmatch(r"[\d,.]+%?", cell) for cell in cells)


def _without_edges(pages: Sequence[Sequence[str]], number: re.Pattern[str]) -> list[tuple[str, int]]:
    """The lines with the number of their page, without page numbers and the heads and feet of most pages."""
    pages = [[line for line in lines if line.strip()] for lines in pages]
    counts = Counter(key for lines in pages for key in {_key(line) for line in (*lines[:2], *lines[-2:])})
    running = {key for key, count in counts.items() if count >= max(_OFTEN, len(pages) / 2)}
    kept = []
    for page, lines in enumerate(pages, 1):
        for at, line in enumerate(lines):
            at_edge = min(at, len(lines) - 1 - at) < 2  # noqa: PLR2004  (a head and a number)
            if not (at_edge and (number.search(line.strip()) or _key(line) in running)):
                kept.append((line, page))
    return kept


def _key(line: str) -> str:
    return re.sub(r"\d+", "#", line.strip())


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line.strip())


def _joined(before: str, after: str) -> str:
    """Two lines as one: a space only between words of Latin script."""
    return (
        f"{before} {after}" if before[-1:].isascii() and after[:1].isascii() and after[:1].isalpha() else before + after
    )
