"""``kg recognize``: the text with its mentions marked, to see why something was or was not found."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.model import Entity, Extraction, Mention

# One colour a family; names of Rich's standard palette, which every terminal theme defines.
_STYLES = {
    "Organization": "bold blue",
    "Person": "bold magenta",
    "Place": "bold green",
    "Event": "bold yellow",
    "Programme": "bold cyan",
}


def recognize(
    source: Annotated[str, typer.Argument(metavar="FILE", help="A document, or - for standard input.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the mentions as JSON.")] = False,
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="Encoding of the source; found out where not given.")
    ] = None,
) -> None:
    """Print a document with its mentions marked: [words|Class], each with the entity that it names.

    With --json a list of mentions: begin and end (code points), text, class, kind, entity, rule, confidence.
    """
    from kg.domain import Domain
    from kg.errors import SourceError
    from kg.pipeline import Pipeline
    from kg.read import read_sources

    domain = Domain.default()
    pipeline = Pipeline(domain)
    for item in read_sources([source], domain, encoding=encoding):
        if isinstance(item, SourceError):
            raise item
        extraction = pipeline.extract(item)
        found = sorted(
            ((mention, entity) for entity in extraction.entities for mention in entity.mentions),
            key=lambda pair: (pair[0].span.begin, -pair[0].span.end, pair[0].kind),
        )
        if as_json:
            rows = [_row(mention, entity) for mention, entity in found]
            typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            _print_marked(extraction, found, domain.is_a)


def _row(mention: Mention, entity: Entity) -> dict[str, object]:
    return {
        "begin": mention.span.begin,
        "end": mention.span.end,
        "text": mention.text,
        "type": mention.type,
        "kind": mention.kind,
        "entity": entity.name,
        "rule": mention.rule,
        "confidence": mention.confidence,
    }


def _print_marked(
    extraction: Extraction, found: list[tuple[Mention, Entity]], is_a: Callable[[str, str], bool]
) -> None:
    """Print the text, outer mentions in colour with their class behind them (a pronoun with its entity)."""
    from rich.console import Console
    from rich.text import Text

    marked, at, text = Text(), 0, extraction.document.text
    for mention, entity in found:
        if mention.span.begin < at:
            continue  # within the mention before it
        style = next((s for family, s in _STYLES.items() if is_a(mention.type, family)), "bold")
        label = f"={entity.name}|{mention.type}" if mention.kind == "pronoun" else f"|{mention.type}"
        marked.append(text[at : mention.span.begin])
        marked.append("[").append(mention.text, style).append(label, "dim").append("]")
        at = mention.span.end
    marked.append(text[at:])
    Console(soft_wrap=True, highlight=False).print(marked)
