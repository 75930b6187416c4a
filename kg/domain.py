"""The domain as data: a folder with an ontology and the linguistic tables that read its language.

Another domain is another folder. ``ontology.ttl`` names the classes and relations; every stage reads its own
tables (``*.toml``, ``*.tsv``) through :class:`Domain` and no stage holds Chinese words of its own.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

import pyoxigraph as ox

from kg.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping

ONTOLOGY = "https://kg.example/ontology#"
# The relation of whatever the text words itself; it is none of :attr:`Domain.relations`.
OPEN_RELATION = "relatedTo"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_SCHEMA = "https://schema.org/"
# The class of all that a text names; what is not below it (observations, metadata fields) is no entity.
_ROOT = "Entity"


@dataclass(frozen=True, slots=True)
class Class:
    """A class of entities: local name, labels by language, and every superclass within the domain."""

    name: str
    labels: Mapping[str, str]
    ancestors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation: local name, labels by language, and the classes (subclasses included) it may join."""

    name: str
    labels: Mapping[str, str]
    domain: frozenset[str]
    range: frozenset[str]
    symmetric: bool

    def admits(self, head: str, tail: str) -> bool:
        """Whether entities of class `head` and `tail` may stand in this relation."""
        return head in self.domain and tail in self.range


class _Table(dict[str, Any]):
    """A TOML table that says where a key is missing."""

    def __init__(self, where: str, rows: Mapping[str, Any]) -> None:
        super().__init__({key: _located(f"{where} [{key}]", value) for key, value in rows.items()})
        self._where = where

    def __missing__(self, key: str) -> NoReturn:
        msg = f"{self._where}: {key!r} is missing"
        raise DomainError(msg)


def _located(where: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_located(where, each) for each in value]
    return _Table(where, value) if isinstance(value, dict) else value


class Domain:
    """A domain folder, read on demand.

    >>> domain = Domain.default()
    >>> domain.classes["TradeUnion"].labels["zh"]
    '工会'
    >>> domain.relations["organizes"].admits("TradeUnion", "Training")
    True
    """

    def __init__(self, path: Path) -> None:
        if not (path / "ontology.ttl").is_file():
            msg = f"{path}: no ontology.ttl there; a domain is a folder with an ontology.ttl and its tables"
            raise DomainError(msg)
        self.path = path
        self._tables: dict[str, dict[str, Any]] = {}
        self._rows: dict[str, list[tuple[str, ...]]] = {}

    def __reduce__(self) -> tuple[type[Domain], tuple[Path]]:
        """Another process reads the folder itself."""
        return type(self), (self.path,)

    @classmethod
    def default(cls) -> Domain:
        """The domain that ships with the program."""
        here = Path(__file__).parent
        packaged = here / "ontology"
        return cls(packaged if packaged.is_dir() else here.parent / "ontology")

    def file(self, name: str) -> Path:
        """The path of the table `name`; :class:`DomainError` where the folder lacks it."""
        path = self.path / name
        if not path.is_file():
            msg = f"{path}: the domain lacks this file"
            raise DomainError(msg)
        return path

    def toml(self, name: str) -> dict[str, Any]:
        """The TOML table `name`, read once; looking up what it lacks raises :class:`DomainError`."""
        if name not in self._tables:
            try:
                read = tomllib.loads(self.file(name).read_text(encoding="utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                msg = f"{self.path / name}: {error}"
                raise DomainError(msg) from error
            self._tables[name] = _Table(str(self.path / name), read)
        return self._tables[name]

    def rows(self, name: str) -> list[tuple[str, ...]]:
        """The rows of the tab-separated table `name`, without blank lines and comments (``#``); read once."""
        if name not in self._rows:
            try:
                text = self.file(name).read_text(encoding="utf-8")
            except UnicodeDecodeError as error:
                msg = f"{self.path / name}: {error}"
                raise DomainError(msg) from error
            told = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
            self._rows[name] = [tuple(line.split("\t")) for line in told]
        return self._rows[name]

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the names and contents of all files of the folder."""
        digest = hashlib.sha256()
        for path in sorted(p for p in self.path.rglob("*") if p.is_file() and not p.name.startswith(".")):
            digest.update(path.relative_to(self.path).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    @cached_property
    def classes(self) -> dict[str, Class]:
        """Every class of entities (those below kg:Entity) by its local name, in alphabetical order."""
        names = {self._local(s) for s in self._subjects(f"{_OWL}Class")}
        parents = {
            name: {self._local(o) for o in self._values(name, f"{_RDFS}subClassOf") if self._is_ours(o)}
            for name in names
        }

        def ancestors(name: str) -> frozenset[str]:
            found: set[str] = set()
            waiting = [name]
            while waiting:  # each once: two classes may be below each other
                fresh = parents.get(waiting.pop(), set()) - found
                found |= fresh
                waiting += fresh
            return frozenset(found)

        above = {name: ancestors(name) for name in sorted(names)}
        return {n: Class(n, self._labels(n), a - {_ROOT}) for n, a in above.items() if _ROOT in a}

    @cached_property
    def relations(self) -> dict[str, Relation]:
        """Every relation between entities by its local name, in alphabetical order."""
        symmetric = {self._local(s) for s in self._subjects(f"{_OWL}SymmetricProperty")}
        found = {}
        for name in sorted(self._local(s) for s in self._subjects(f"{_OWL}ObjectProperty")):
            heads = self._expand(name, f"{_SCHEMA}domainIncludes")
            tails = self._expand(name, f"{_SCHEMA}rangeIncludes")
            if heads and tails:
                found[name] = Relation(name, self._labels(name), heads, tails, name in symmetric)
        return found

    def joined(self) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """The classes that each relation says it joins, heads and tails, in the order of ontology.ttl.

        >>> Domain.default().joined()["establishes"]
        (('Agent', 'Place'), ('Organization', 'Platform'))
        """
        found: dict[str, tuple[list[str], list[str]]] = {}
        quads = ox.parse(path=str(self.file("ontology.ttl")), format=ox.RdfFormat.TURTLE)
        for quad in quads:
            for end, said in enumerate(("domainIncludes", "rangeIncludes")):
                name = self._local(quad.subject) if isinstance(quad.subject, ox.NamedNode) else ""
                if name in self.relations and quad.predicate.value == f"{_SCHEMA}{said}":
                    found.setdefault(name, ([], []))[end].append(self._local(cast("ox.NamedNode", quad.object)))
        return {name: (tuple(heads), tuple(tails)) for name, (heads, tails) in found.items()}

    def is_a(self, name: str, ancestor: str) -> bool:
        """Whether class `name` is `ancestor` or one of its subclasses.

        >>> Domain.default().is_a("TradeUnion", "Agent")
        True
        """
        return name == ancestor or (name in self.classes and ancestor in self.classes[name].ancestors)

    @cached_property
    def _store(self) -> ox.Store:
        store = ox.Store()
        try:
            store.load(path=str(self.file("ontology.ttl")), format=ox.RdfFormat.TURTLE)
        except (SyntaxError, ValueError) as error:
            msg = f"{self.path / 'ontology.ttl'}: {error}"
            raise DomainError(msg) from error
        return store

    def _subjects(self, kind: str) -> list[ox.NamedNode]:
        quads = self._store.quads_for_pattern(None, ox.NamedNode(f"{_RDF}type"), ox.NamedNode(kind))
        return [s for q in quads if isinstance(s := q.subject, ox.NamedNode) and self._is_ours(s)]

    def _values(self, name: str, predicate: str) -> list[Any]:
        quads = self._store.quads_for_pattern(ox.NamedNode(ONTOLOGY + name), ox.NamedNode(predicate), None)
        return [q.object for q in quads]

    def _labels(self, name: str) -> dict[str, str]:
        labels = self._values(name, f"{_RDFS}label")
        return {label.language: label.value for label in sorted(labels, key=lambda o: o.language or "")}

    def _expand(self, name: str, predicate: str) -> frozenset[str]:
        given = {self._local(o) for o in self._values(name, predicate)}
        return frozenset(c for c in self.classes if {c, _ROOT, *self.classes[c].ancestors} & given)

    @staticmethod
    def _is_ours(term: object) -> bool:
        return isinstance(term, ox.NamedNode) and term.value.startswith(ONTOLOGY)

    @staticmethod
    def _local(term: ox.NamedNode) -> str:
        return term.value.removeprefix(ONTOLOGY)
