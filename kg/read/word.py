"""Word documents (.docx) → paragraphs in lines, tables as sentences; deleted text and comments are left out."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from kg.model import Field, Metadata
from kg.read.archives import opened
from kg.read.content import Content, Options, joined
from kg.read.tables import Told, is_data, located

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

    from kg.read.tables import Tables

_OLD = b"\xd0\xcf\x11\xe0"  # also of a document with a password
_DEPTH = 8  # tables within tables
_WHITE = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_AROUND = frozenset({"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"})  # what may stand around blocks
_SPAN = 64  # columns that a cell may span; Word has no more


def read_word(data: bytes, options: Options) -> Content:
    """The text of a Word document; `ValueError` says why there is none."""
    import docx  # noqa: PLC0415  (only these documents need it)

    if data.startswith(_OLD):
        msg = "this is an old Word document, or one with a password: save it as .docx without one"
        raise ValueError(msg)
    with opened(data, options.limits) as archive:
        # What is marked up takes some twenty times its size in memory.
        largest = max((info.file_size for info in archive.infolist() if info.filename.endswith(".xml")), default=0)
    if largest > options.limits.file_size:
        msg = f"its markup is larger than the limit of {options.limits.file_size:,} bytes (file_size); split it"
        raise ValueError(msg)
    try:
        document = docx.Document(io.BytesIO(data))
        rows: list[Told] = []
        parts = [part for part in _parts(document, options.tables, rows) if any(c.isalnum() for c in part[0])]
        title = " ".join((document.core_properties.title or "").split())
    except Exception as error:  # whatever python-docx meets in a damaged file
        msg = f"this is no Word document, or a damaged one ({type(error).__name__})"
        raise ValueError(msg) from error
    if not parts:
        msg = "there is no text in this Word document (pictures of text are not read)"
        raise ValueError(msg)
    text, places = joined(parts)
    return Content(text, "utf-8", Metadata(title=Field(title) if title else None), places, located(text, rows))


def _parts(document: Document, tell: Tables, rows: list[Told]) -> Iterator[tuple[str, str]]:
    """Each line with its place: paragraphs and tables are counted as they stand in the body; `rows` gets those told."""
    from docx.table import Table  # noqa: PLC0415

    paragraphs = tables = 0
    before = ""
    for block in _blocks(document.element.body, document):
        if isinstance(block, Table):
            tables += 1
            yield from ((line, f"table {tables}") for line in _lines(block, 0, tell, rows, before))
        else:
            paragraphs += 1
            yield from ((line, f"paragraph {paragraphs}") for line in _split(block))
            before = " ".join(_split(block))


def _split(paragraph: Paragraph) -> list[str]:
    """The lines of a paragraph: a forced break ends one."""
    words: list[str] = []
    for node in paragraph._p.iter():  # noqa: SLF001  (python-docx leaves out what was inserted with changes tracked)
        name = str(node.tag).rpartition("}")[2]
        words.append((node.text or "") if name == "t" else _WHITE.get(name, ""))
    return [" ".join(line.split()) for line in "".join(words).splitlines()]


def _blocks(parent: Any, inside: Any) -> Iterator[Paragraph | Table]:
    """The paragraphs and tables in `parent`, those in content controls too."""
    from docx.table import Table  # noqa: PLC0415
    from docx.text.paragraph import Paragraph  # noqa: PLC0415

    stack = [iter(parent)]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
            continue
        name = str(node.tag).rpartition("}")[2]
        if name == "p":
            yield Paragraph(node, inside)
        elif name == "tbl":
            yield Table(node, inside)
        elif name in _AROUND:
            stack.append(iter(node))


def _own(block: Paragraph | Table) -> list[str]:
    """The lines of a paragraph, and none of a table: that in a cell tells for itself."""
    from docx.table import Table  # noqa: PLC0415

    return [] if isinstance(block, Table) else _split(block)


def _grid(table: Table) -> Iterator[list[_Cell]]:
    """The cells of each row, one that spans several columns or rows as often.

    python-docx would make as many of a cell as it says to span, which may be billions, and go up a span by recursion.
    """
    from docx.table import _Cell  # noqa: PLC0415

    above: list[_Cell] = []
    for row in table.rows:
        cells: list[_Cell] = []
        for tc in row._tr.tc_lst:  # noqa: SLF001
            goes_on = tc.vMerge == "continue" and len(cells) < len(above)
            cell = above[len(cells)] if goes_on else _Cell(tc, table)
            cells += [cell] * min(tc.grid_span, _SPAN)
        yield cells
        above = cells


def _lines(table: Table, depth: int, tell: Tables, told: list[Told], before: str = "") -> Iterator[str]:
    """A table that tells something as sentences, one that lays out the page as its paragraphs."""
    from docx.table import Table  # noqa: PLC0415

    if depth > _DEPTH:
        return
    cells = list(_grid(table))
    rows = [[" ".join(line for part in _blocks(c._tc, c) for line in _own(part)) for c in row] for row in cells]  # noqa: SLF001
    if is_data(rows):
        found = tell(rows, before)
        told += found
        yield from (row.sentence for row in found)
        return
    seen = set()
    for cell in (cell for row in cells for cell in row):
        if cell._tc in seen:  # noqa: SLF001  (one that spans several comes as often)
            continue
        seen.add(cell._tc)  # noqa: SLF001
        for block in _blocks(cell._tc, cell):  # noqa: SLF001
            yield from _lines(block, depth + 1, tell, told) if isinstance(block, Table) else _split(block)
