"""HTML as browsers save it → its main text, under its title and the lines that tell source, date and editor."""

from __future__ import annotations

import json
import logging
import re
from datetime import date
from typing import TYPE_CHECKING, Any

from kg.model import Field, Metadata
from kg.read.content import Content, Options, joined
from kg.read.encodings import decode
from kg.read.tables import Told, is_data, located

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lxml.html import HtmlElement

    from kg.read.tables import Tables

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_HEAD = 4_096  # bytes in which browsers look for the declaration
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "cp950"}
_REPORTED = {"cp950": "big5"}
_DATE = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})")
_DEPTH = 240  # elements within elements; libxml2 silently drops what is deeper than 256


def read_page(data: bytes, options: Options) -> Content:
    """The main text of an HTML page; `ValueError` says why there is none. Nothing is run, fetched or followed."""
    from lxml import etree, html  # noqa: PLC0415  (half a second that only pages need)

    markup, encoding = _decoded(data, options.encoding)
    # A declaration of an encoding is of the bytes; lxml refuses it in text.
    markup = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup)
    try:
        tree = html.fromstring(markup, parser=html.HTMLParser(no_network=True, remove_comments=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        msg = f"there is no page in this HTML file ({error})"
        raise ValueError(msg) from error
    if _depth(tree) > _DEPTH:
        msg = f"its elements lie deeper in each other than the limit of {_DEPTH} (depth)"
        raise ValueError(msg)
    told = _told(tree, options.layout["markup"])
    bylines = _bylines(tree, options)
    rows: list[Told] = []
    main = _main_text(tree, options.tables, rows)
    if not any(c.isalnum() for c in main):
        msg = "there is no text in this page (its text may be loaded by scripts: print it to PDF)"
        raise ValueError(msg)
    return _arranged(main, told, bylines, encoding, rows)


def _decoded(data: bytes, encoding: str | None) -> tuple[str, str]:
    """What is UTF-8 is that, whatever the page declares: browsers convert and leave the declaration."""
    try:
        return data.decode(encoding or "utf-8-sig"), encoding or "utf-8"
    except (UnicodeDecodeError, LookupError):
        declared = _DECLARED.search(data[:_HEAD])
    if encoding is None and declared:
        name = declared[1].decode("ascii").lower()
        try:
            text, codec = decode(data, _WIDER.get(name, name))
        except ValueError:
            pass
        else:
            return text, _REPORTED.get(codec, codec)
    return decode(data, encoding)


def _depth(tree: HtmlElement) -> int:
    deepest, level = 0, [tree]
    while level and deepest <= _DEPTH:
        level = [child for element in level for child in element]
        deepest += 1
    return deepest


def _main_text(tree: HtmlElement, tell: Tables, told: list[Told]) -> str:
    import trafilatura  # noqa: PLC0415

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it tells there, the answer tells too
    for table in tree.xpath("//table[not(.//table)]"):
        rows = [[cell.text_content() for cell in row.xpath("./td|./th")] for row in table.iter("tr")]
        if is_data(rows) and table.getparent() is not None:
            found = tell(rows, _before(table))
            told += found
            _replace(table, [row.sentence for row in found])
    for element in tree.iter("table", "tbody", "thead", "tfoot", "tr", "td", "th"):  # those left lay out the page
        element.tag = "div"
    return trafilatura.extract(tree, include_comments=False, include_tables=True, deduplicate=False) or ""


def _before(table: HtmlElement) -> str:
    """The caption of a table, or the line right before it."""
    caption = table.find("caption")
    before = caption if caption is not None else table.getprevious()
    return " ".join(before.text_content().split())[-40:] if before is not None else ""


def _replace(table: HtmlElement, lines: list[str]) -> None:
    from lxml.html import Element  # noqa: PLC0415

    division = Element("div")
    for line in lines:
        paragraph = Element("p")
        paragraph.text = line
        division.append(paragraph)
    division.tail = table.tail
    table.getparent().replace(table, division)


def _bylines(tree: HtmlElement, options: Options) -> list[str]:
    """The lines of the page that tell source, date or people, wherever they stand in it."""
    pattern = re.compile(options.layout["markup"]["byline"])
    found = []
    for line in _visible(tree):
        if len(line) <= options.layout["lines"]["limit"] and pattern.search(line) and line not in found:
            found.append(line)
    return found[: options.layout["markup"]["bylines"]]


def _visible(tree: HtmlElement) -> Iterator[str]:
    """The text of each innermost block."""
    blocks = "p|div|td|li|h1|h2|h3|section|article|header|footer|dd|dt|center"
    inside = " or ".join(f".//{name}" for name in blocks.split("|"))
    for element in tree.xpath("|".join(f"//{name}[not({inside})]" for name in blocks.split("|"))):
        hidden = element.xpath("ancestor-or-self::script|ancestor-or-self::style|.//script|.//style")
        if not hidden and (words := " ".join(element.text_content().split())):
            yield words


def _told(tree: HtmlElement, table: Mapping[str, Any]) -> dict[str, list[str]]:
    """What the markup says of the page, by field: meta elements, JSON-LD, headings, in this order."""
    metas: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").strip().lower()
        if words := " ".join((meta.get("content") or "").split()):
            metas.setdefault(name, []).append(words)
    linked = list(_linked(tree))
    told: dict[str, list[str]] = {}
    for field, sources in table["fields"].items():
        found = [words for name in sources["meta"] for words in metas.get(name.lower(), ())]
        found += [words for thing in linked for name in sources["json"] for words in _words(thing.get(name))]
        for path in sources.get("xpath", ()):
            found += [" ".join(element.text_content().split()) for element in tree.xpath(path)]
        told[field] = [words for words in dict.fromkeys(found) if words]
    return told


def _linked(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            value = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        things = value if isinstance(value, list) else [value]
        for thing in things:
            if isinstance(thing, dict):
                graph = thing.get("@graph")
                yield from (t for t in (graph if isinstance(graph, list) else [thing]) if isinstance(t, dict))


def _words(value: object) -> list[str]:
    """A name in JSON-LD: a string, a thing with a name, or several of these."""
    match value:
        case str():
            return [" ".join(value.split())]
        case {"name": str(name)}:
            return [" ".join(name.split())]
        case list():
            return [name for item in value if not isinstance(item, list) for name in _words(item)]
    return []


def _arranged(
    main: str, told: dict[str, list[str]], bylines: list[str], encoding: str, rows: Sequence[Told]
) -> Content:
    """The page as a document is laid out: title, bylines, text."""
    lines = [" ".join(line.split()) for line in main.splitlines()]
    lines = [line for line in lines if line]
    title = _title(told["title"], lines)
    opening = [line for line in bylines if line not in lines and not any(line in other for other in lines)]
    if title in lines[:3]:
        lines.remove(title)
    text, _ = joined([(line, "") for line in ([title] if title else []) + opening + lines])
    return Content(text, encoding, _metadata(told, title), cells=located(text, rows))


def _title(candidates: list[str], lines: list[str]) -> str:
    """The heading where there is one, else what the markup says, without the name of the site behind it."""
    for title in candidates:
        if title in lines[:3]:
            return title
    if not candidates:
        return ""
    return re.split(r"\s*(?:[_|｜—]+|\s-\s|--)\s*", candidates[0], maxsplit=1)[0] or candidates[0]


def _metadata(told: dict[str, list[str]], title: str) -> Metadata:
    def people(field: str) -> tuple[Field, ...]:
        names = [n for words in told[field] for n in re.split(r"[\s,，、;；]+", words) if n]
        return tuple(Field(name) for name in dict.fromkeys(names))

    return Metadata(
        Field(title) if title else None,
        Field(told["publisher"][0]) if told["publisher"] else None,
        next((Field(day) for day in map(iso_date, told["date_published"]) if day), None),
        people("authors"),
        people("editors"),
    )


def iso_date(words: str) -> str | None:
    """The day in words such as 2024-09-07T08:00, 2024年9月7日 or 20240907; None where there is none.

    >>> iso_date("2024/9/7 10:30"), iso_date("20240907"), iso_date("2024-13-01")
    ('2024-09-07', '2024-09-07', None)
    """
    if not (match := _DATE.search(words)):
        return None
    try:
        return date(*(int(part) for part in match.groups())).isoformat()
    except ValueError:
        return None
