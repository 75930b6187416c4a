"""The registry of formats, read from ``formats.toml``.

A format's code is imported only when it is written, so that a build of Turtle needs no page and no layout.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from kg.errors import FormatError
from kg.files import remove_left

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kg.errors import SourceError
    from kg.export.analysis import Analysis
    from kg.merge import KnowledgeGraph
    from kg.rdf.provenance import Options


@dataclass(frozen=True, slots=True)
class Format:
    """A file or folder that a graph can be written as: its name, what it is in two languages, and what reads it.

    `failures` says that its writer is also told what could not be read, `flat` that it writes the flattened graph
    and can add an analysis of it.
    """

    name: str
    file: str
    zh: str
    en: str
    readers: tuple[str, ...]
    writer: str
    failures: bool = False
    flat: bool = False
    rdf: bool = False

    def write(
        self,
        graph: KnowledgeGraph,
        path: Path,
        failures: Sequence[SourceError] = (),
        analysis: Analysis | None = None,
        rdf: Options | None = None,
    ) -> None:
        """Write `graph` to `path`; :class:`kg.errors.TargetError` where that cannot be written."""
        module, function = self.writer.split(":")
        writer = cast("Callable[..., None]", getattr(import_module(module), function))
        if self.failures:
            writer(graph, path, failures=failures)
        elif self.rdf:
            writer(graph, path, options=rdf)
        elif self.flat:
            writer(graph, path, analysis)
        else:
            writer(graph, path)


_TABLE = tomllib.loads(Path(__file__).with_name("formats.toml").read_text(encoding="utf-8"))
DEFAULT: tuple[str, ...] = tuple(_TABLE.pop("default"))
FORMATS: dict[str, Format] = {
    name: Format(name=name, **{**row, "readers": tuple(row["readers"])}) for name, row in _TABLE.items()
}


def select(names: str) -> tuple[Format, ...]:
    """The formats of a comma-separated list, each once; the default ones for an empty list.

    >>> [chosen.file for chosen in select("report,turtle")]
    ['report.json', 'graph.ttl']
    """
    wanted = list(dict.fromkeys(name.strip().lower() for name in names.split(",") if name.strip())) or list(DEFAULT)
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown:
        msg = f"{', '.join(unknown)}: no such format; there are {', '.join(FORMATS)}"
        raise FormatError(msg)
    return tuple(FORMATS[name] for name in wanted)


def write(
    graph: KnowledgeGraph,
    folder: Path,
    formats: Iterable[Format] | None = None,
    *,
    failures: Sequence[SourceError] = (),
    rdf: Options | None = None,
    analysis: Analysis | None = None,
) -> list[Path]:
    """Write `graph` into `folder` in each of `formats` and return the paths; each file is complete or absent.

    `rdf` says how RDF is to tell its provenance.

    :class:`kg.errors.TargetError` where the folder cannot be written to.

    >>> import tempfile
    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> with tempfile.TemporaryDirectory() as place:
    ...     [path.name for path in write(merge([], Domain.default()), Path(place), select("turtle,report"))]
    ['graph.ttl', 'report.json']
    """
    remove_left(folder, [each.file for each in FORMATS.values()])
    paths = []
    for chosen in select("") if formats is None else formats:
        path = folder / chosen.file
        chosen.write(graph, path, failures, analysis, rdf)
        paths.append(path)
    return paths
