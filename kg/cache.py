"""Extractions kept between builds: what one document states is worked out once.

An entry is named by the digest of everything that it depends on, so it is never stale and never has to be removed;
it is written whole or not at all, so a build that was killed goes on where it was.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kg.files import write_atomically
from kg.model import Extraction
from kg.version import VERSION

if TYPE_CHECKING:
    from kg.domain import Domain
    from kg.model import Document


class ExtractionCache:
    """The extractions in `folder`, by document, program, domain and what else was asked for.

    >>> from tempfile import TemporaryDirectory
    >>> from kg.domain import Domain
    >>> from kg.model import Document
    >>> document = Document("a.txt", "匠谱", "")
    >>> with TemporaryDirectory() as folder:
    ...     kept = ExtractionCache(Path(folder), Domain.default())
    ...     kept.put(Extraction(document, (), (), ()))
    ...     kept.get(document).document.text
    '匠谱'
    """

    def __init__(self, folder: Path, domain: Domain, *, unasserted: bool = False, open_relations: bool = False) -> None:
        self._folder = folder
        options = f"unasserted={unasserted} open={open_relations}"
        self._about = f"{VERSION}\x1f{program_digest()}\x1f{domain.digest}\x1f{options}"

    def get(self, document: Document) -> Extraction | None:
        """What `document` states, if that is known; an entry that cannot be read is none."""
        try:
            kept = Extraction.from_json(self._path(document).read_bytes())
        except (OSError, ValueError):
            return None
        return kept if kept.document == document else None

    def put(self, extraction: Extraction) -> None:
        """Keep `extraction`; :class:`kg.errors.TargetError` where it cannot be written."""
        write_atomically(self._path(extraction.document), extraction.to_json())

    def _path(self, document: Document) -> Path:
        content = hashlib.sha256(self._about.encode() + b"\x1f" + msgspec.json.encode(document)).hexdigest()
        return self._folder / content[:2] / f"{content}.json"


@cache
def program_digest() -> str:
    """SHA-256 over the modules of the program."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for path in sorted(here.rglob("*.py")):
        digest.update(path.relative_to(here).as_posix().encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
