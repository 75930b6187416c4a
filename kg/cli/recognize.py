"""``kg recognize``: the text with its mentions marked, to see why something was or was not found."""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.text import Text

    from kg.model import Entity, Extraction, Mention, Span

    Found = tuple[Mention, Entity]

# One colour a family; names of Rich's standard palette, which every terminal theme defines.
_STYLES = {
    "Organization": "bold blue",
    "Person": "bold magenta",
    "Place": "bold green",
    "Event": "bold yellow",
    "Programme": "bold cyan",
}


def recognize(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE", help="Files, folders (read recursively), or - for standard input.")
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the mentions as JSON.")] = False,
    why: Annotated[
        bool, typer.Option("--why", help="Mark names within names too, each with what found it and its confidence.")
    ] = False,
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="Encoding of the sources; found out where not given.")
    ] = None,
    domain: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Domain folder; the one that ships with kg where not given.")
    ] = None,
) -> None:
    """Print documents with their mentions marked: [words|Class], a pronoun with the entity that it stands for.

    With --json, of one file a list of mentions: begin and end (code points), text, type, kind, entity, rule,
    confidence; of a folder or several files one object a line for each document: id, title, mentions.

    Exit status: 0 all documents are read; 1 some failed (each named with its reason); 2 wrong usage or none is read.
    """
    from kg.domain import Domain
    from kg.errors import SourceError
    from kg.pipeline import Pipeline
    from kg.read import read_sources

    ontology = Domain(domain) if domain else Domain.default()
    reading = read_sources(sources, ontology, encoding=encoding)
    pipeline = Pipeline(ontology)
    alone = len(sources) == 1 and not Path(sources[0]).is_dir()
    done = 0
    for item in reading:
        if isinstance(item, SourceError):
            typer.echo(f"kg: {item}", err=True)
            continue
        extraction = pipeline.extract(item)
        if as_json:
            typer.echo(_as_json(extraction, alone=alone))
        else:
            heading = None if alone else item.id
            _print_marked(extraction, ontology.is_a, heading=heading, follows=done > 0, why=why)
        done += 1
    if done < len(reading):
        raise typer.Exit(1 if done else 2)


def _found(extraction: Extraction) -> list[Found]:
    """Every mention with its entity in the order of the text, the longer of two first."""
    return sorted(
        ((mention, entity) for entity in extraction.entities for mention in entity.mentions),
        key=lambda pair: (pair[0].span.begin, -pair[0].span.end, pair[0].kind),
    )


def _as_json(extraction: Extraction, *, alone: bool) -> str:
    mentions = [_row(mention, entity) for mention, entity in _found(extraction)]
    if alone:
        return json.dumps(mentions, ensure_ascii=False, indent=1)
    title = extraction.document.metadata.title
    row = {"id": extraction.document.id, "title": title.value if title else None, "mentions": mentions}
    return json.dumps(row, ensure_ascii=False)


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
    extraction: Extraction, is_a: Callable[[str, str], bool], *, heading: str | None, follows: bool, why: bool
) -> None:
    """Print the text, mentions in colour with their class behind them, under the document's id where there are more."""
    from rich.console import Console
    from rich.text import Text

    from kg.model import Span

    text = extraction.document.text
    marked = _marked(text, Span(0, len(text)), deque(_found(extraction)), is_a, why=why)
    console = Console(soft_wrap=True, highlight=False)
    if heading is not None:
        console.print(Text("\n" * follows).append(f"== {heading} ==", "bold"))
    console.print(marked)


def _marked(text: str, span: Span, found: deque[Found], is_a: Callable[[str, str], bool], *, why: bool) -> Text:
    """The words of `span` with the mentions within it, which are taken from the front of `found`."""
    from rich.text import Text

    marked, at = Text(), span.begin
    while found and found[0][0].span.begin < span.end:
        mention, entity = found.popleft()
        if mention.span.begin < at or mention.span.end > span.end:
            continue  # across the edge of another
        inner = _marked(text, mention.span, found, is_a, why=why)
        style = next((s for family, s in _STYLES.items() if is_a(mention.type, family)), "bold")
        label = f"={entity.name}|{mention.type}" if mention.kind == "pronoun" else f"|{mention.type}"
        if why:
            label += f" {mention.rule} {mention.confidence:.2f}"
        words = inner if why else Text(mention.text)
        words.style = style
        marked.append(text[at : mention.span.begin]).append("[").append(words).append(label, "dim").append("]")
        at = mention.span.end
    return marked.append(text[at : span.end])
