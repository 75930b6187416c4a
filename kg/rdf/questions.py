"""The questions that a domain's graphs must be able to answer, by name, from ``questions.toml`` of its folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.domain import Domain


@dataclass(frozen=True, slots=True)
class Question:
    """A query with its title in two languages; `given` are the variables whose value may be told beforehand."""

    name: str
    zh: str
    en: str
    sparql: str
    given: tuple[str, ...] = ()
    inferred: bool = False

    def bound(self, values: Mapping[str, str]) -> dict[str, ox.Literal]:
        """The names in `values` as terms; :class:`kg.errors.QueryError` for a variable that is none of `given`."""
        unknown = [name for name in values if name not in self.given]
        if unknown:
            known = ", ".join(self.given) or "none"
            msg = f"{self.name}: {', '.join(unknown)} cannot be given; what can: {known}"
            raise QueryError(msg)
        plain = {"sentence"}
        return {n: ox.Literal(v) if n in plain else ox.Literal(v, language="zh") for n, v in values.items()}


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
