"""The questions that a domain's graphs must be able to answer, by name, from ``questions.toml`` of its folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import QueryError
from kg.rdf.sparql import query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.domain import Domain
    from kg.rdf.sparql import OpenedGraph, Solutions


@dataclass(frozen=True, slots=True)
class Question:
    """A query with its title in two languages; `given` are the variables whose value may be told beforehand."""

    name: str
    zh: str
    en: str
    sparql: str
    given: tuple[str, ...] = ()
    inferred: bool = False

    def ask(self, opened: OpenedGraph, values: Mapping[str, str] | None = None) -> Solutions:
        """What `opened` answers, narrowed by the names in `values`, which may be other names of a thing too.

        :class:`kg.errors.QueryError` where nothing is named so.
        """
        bound = self.bound(values or {})
        return query(opened, self.sparql, {variable: _known(opened, name) for variable, name in bound.items()})

    def bound(self, values: Mapping[str, str]) -> dict[str, ox.Literal]:
        """The names in `values` as terms; :class:`kg.errors.QueryError` for a variable that is none of `given`."""
        unknown = [name for name in values if name not in self.given]
        if unknown:
            known = ", ".join(self.given) or "none"
            msg = f"{self.name}: {', '.join(unknown)} cannot be given; what can: {known}"
            raise QueryError(msg)
        plain = {"sentence"}
        return {n: ox.Literal(v) if n in plain else ox.Literal(v, language="zh") for n, v in values.items()}


def _known(opened: OpenedGraph, name: ox.Literal) -> ox.Literal:
    """The name under which the graph lists what bears `name`; a sentence as it is."""
    if not name.language:
        return name
    found = query(
        opened, "SELECT DISTINCT ?n ?name { ?x skos:prefLabel ?n ; skos:prefLabel|skos:altLabel ?name }", {"name": name}
    )
    names = sorted({row[0] for row in found.terms if isinstance(row[0], ox.Literal)}, key=str)
    if name in names:
        return name
    if len(names) != 1:
        msg = f"{name.value}: " + (
            "name one of " + ", ".join(n.value for n in names) if names else "nothing is named so"
        )
        raise QueryError(msg)
    return names[0]


def questions(domain: Domain) -> dict[str, Question]:
    """The questions of `domain` by name, in their order; none where it has no such table.

    >>> from kg.domain import Domain
    >>> questions(Domain.default())["who-organizes"].zh
    '谁主办了什么？'
    """
    if not (domain.path / "questions.toml").is_file():
        return {}
    return {
        name: Question(
            name, row["zh"], row["en"], row["sparql"].strip(), tuple(row["given"]), inferred=row.get("inferred", False)
        )
        for name, row in domain.toml("questions.toml").items()
    }


def question(domain: Domain, name: str) -> Question:
    """The question of this name; :class:`kg.errors.QueryError` where there is none."""
    found = questions(domain)
    if name not in found:
        msg = f"{name}: no such question; there are {', '.join(found) or 'none'}"
        raise QueryError(msg)
    return found[name]
