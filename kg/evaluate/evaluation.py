"""Evaluation of a reader of documents on a folder of gold annotations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from kg.errors import GoldError
from kg.evaluate.gold import Gold, read_gold
from kg.evaluate.score import Report, score
from kg.model import Entity, Fact, Observation

if TYPE_CHECKING:
    from pathlib import Path

    from kg.domain import Domain

Reading = tuple[Iterable[Entity], Iterable[Fact], Iterable[Observation]]
_BESIDE = ".evidence.json"  # the sentences behind an annotation, not an annotation


def gold_files(folder: Path) -> list[Path]:
    """The gold annotations of `folder`, by name; :class:`GoldError` where there are none."""
    found = [*folder.glob("*.json"), *folder.glob("*.ann")]
    paths = sorted(p for p in found if not p.name.endswith(_BESIDE))
    if not paths:
        msg = f"{folder}: no gold annotations there (NAME.json with NAME.txt beside it, or NAME.ann)"
        raise GoldError(msg)
    return paths


def evaluate(folder: Path, read: Callable[[Gold], Reading], domain: Domain) -> Report:
    """Score what `read` finds in the document of each gold annotation of a folder.

    >>> from tempfile import TemporaryDirectory; from pathlib import Path
    >>> from kg.domain import Domain
    >>> gold = '{"entities": [{"id": "e1", "name": "重庆", "type": "Place"}], "relations": [], "observations": []}'
    >>> with TemporaryDirectory() as name:
    ...     _ = Path(name, "a.json").write_text(gold, encoding="utf-8")
    ...     _ = Path(name, "a.txt").write_text("重庆。", encoding="utf-8")
    ...     evaluate(Path(name), lambda gold: (gold.entities, (), ()), Domain.default()).total.entities.f1
    1.0
    """
    documents = {}
    for path in gold_files(folder):
        gold = read_gold(path)
        documents[path.stem] = score(gold, *read(gold), domain)
    return Report(documents)
