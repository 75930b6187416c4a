"""What whoever serves a graph may set, and the limits that keep one visitor from taking everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """How `source` (a folder of exports, a file of RDF, or a store of ``kg load``) is served.

    A query may take `timeout` seconds, be `most_query` bytes long and give `most_answer` bytes; `workers` queries run
    side by side, each in a process that may take `memory` MiB. `credentials` (``user:password``) are asked for where
    they are given, `cors` is the origin whose pages may ask. The source is looked at every `watch` seconds.

    >>> from pathlib import Path
    >>> Settings(Path("exports")).timeout
    30.0
    """

    source: Path
    domain: Path | None = None
    timeout: float = 30.0
    workers: int = 2
    memory: int = 4096
    most_query: int = 256 * 1024
    most_answer: int = 64 * 1024 * 1024
    inferred: bool = False
    credentials: str | None = None
    cors: str | None = None
    watch: float = 2.0
