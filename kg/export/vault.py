"""Notes for reading: a folder of linked Markdown, a note per entity, as Obsidian and other note programs open it."""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from kg.files import write_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.merge import KnowledgeGraph
    from kg.model import Entity, Evidence

_WORDS: dict[str, str] = tomllib.loads(Path(__file__).with_name("vault.toml").read_text(encoding="utf-8"))
INDEX = "README"  # the note to begin with
_LONGEST = 60  # code points of a file's name; a path may not have more than 255 bytes a part
_BARRED = re.compile(r'[\\/:*?"<>|#^\[\]\x00-\x1f\x7f]+')
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~$=!-])")


def write_vault(graph: KnowledgeGraph, path: Path) -> None:
    """Write the folder `path`: a note for each entity with its facts, figures and the sentences that say so.

    :class:`kg.errors.TargetError` where the folder cannot be written.

    >>> import tempfile; from pathlib import Path
    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_vault(merge([], Domain.default()), Path(folder, "notes"))
    ...     sorted(note.name for note in Path(folder, "notes").glob("*.md"))
    ['README.md']
    """
    notes = _names(graph.entities())
    files = {f"{notes[entity.id]}.md": _note(graph, entity, notes) for entity in graph.entities()}
    write_folder(path, {f"{INDEX}.md": _index(graph, notes), **files})


def _names(entities: Iterable[Entity]) -> dict[str, str]:
    """The file name of each entity's note: its name where files may bear it and no other does, else with its id."""
    wished = {e.id: _BARRED.sub(" ", e.name)[:_LONGEST].strip(" .") for e in entities}
    taken = defaultdict(list)
    for identifier, name in wished.items():
        taken[name.casefold()].append(identifier)
    taken[INDEX.casefold()].append("")
    return {
        identifier: name if name and len(taken[name.casefold()]) == 1 else f"{name} {identifier}".strip()
        for identifier, name in wished.items()
    }


def _index(graph: KnowledgeGraph, notes: dict[str, str]) -> str:
    """All entities by class, those first of which most is said."""
    lines = [f"# {_WORDS['index']}", ""]
    for kind, count in sorted(graph.count_by_class().items(), key=lambda item: (-item[1], item[0])):
        lines += [f"## {graph.domain.classes[kind].labels['zh']} ({count})", ""]
        members = [e for e in graph.entities() if e.type == kind]
        members.sort(key=lambda e: (-graph.network.degree(e.id), e.id))
        lines += [*(f"- {_link(e, notes)}" for e in members), ""]
    return "\n".join(lines)


def _note(graph: KnowledgeGraph, entity: Entity, notes: dict[str, str]) -> str:
    kind = graph.domain.classes[entity.type].labels["zh"]
    # JSON is YAML: any name is safe there.
    front = [
        f"aliases: {json.dumps(list(entity.names), ensure_ascii=False)}",
        f"class: {entity.type}",
        f"id: {entity.id}",
    ]
    lines = ["---", *front, "---", "", f"# {_plain(entity.name)}", "", kind, ""]
    if entity.aliases:
        lines += [_WORDS["aliases"] + _WORDS["between"].join(map(_plain, entity.aliases)), ""]
    lines += _facts(graph, entity, notes)
    figures = graph.observations(entity.id)
    if figures:
        lines += [f"## {_WORDS['figures']}", ""]
        for figure in figures:
            when = _WORDS["period"] % _plain(figure.period) if figure.period else ""
            lines.append(f"- {_plain(figure.measure)} **{_plain(figure.surface)}**{when}")
            lines += _quotes(figure.evidence)
        lines.append("")
    return "\n".join(lines)


def _facts(graph: KnowledgeGraph, entity: Entity, notes: dict[str, str]) -> Iterator[str]:
    """The facts of `entity` by relation, those towards it by the name of the inverse's other end."""
    grouped: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for forward, facts in ((True, graph.facts(head=entity.id)), (False, graph.facts(tail=entity.id))):
        for fact in facts:
            other = graph.entity(fact.tail if forward else fact.head)
            grouped[fact.relation, forward] += [f"- {_link(other, notes)}", *_quotes(fact.evidence)]
    for (relation, forward), lines in grouped.items():
        label = graph.domain.relations[relation].labels["zh"]
        yield from (f"## {label}" if forward else f"## ← {label}", "", *lines, "")


def _quotes(evidence: Iterable[Evidence]) -> list[str]:
    return [
        f"    > {_plain(' '.join(e.quote.split()))} — {_plain(e.document)} {e.sentence.begin}–{e.sentence.end}"
        for e in evidence
    ]


def _link(entity: Entity, notes: dict[str, str]) -> str:
    note, name = notes[entity.id], _BARRED.sub(" ", entity.name).strip()
    return f"[[{note}]]" if note == name else f"[[{note}|{name or entity.id}]]"


def _plain(words: str) -> str:
    """Words of a text as Markdown shows them: nothing in them is markup."""
    return _MARKUP.sub(r"\\\1", words)
