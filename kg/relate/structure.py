"""Relations that a name states by its own make: the place or company that begins it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.domain import Domain
    from kg.model import Entity, Mention


@dataclass(frozen=True, slots=True)
class Named:
    """A relation stated by a name: its mention, and the part of it that names the tail."""

    head: Entity
    relation: str
    tail: Entity
    mention: Mention
    part: Span
    rule: str


class Structure:
    """Reads names by the rules of ``frames.toml``."""

    def __init__(self, domain: Domain) -> None:
        self._domain = domain
        table = domain.toml("frames.toml")["structure"]
        self._rules: list[dict[str, object]] = table["rule"]
        self._opening = re.compile(table["opening"])
        self._suffix = re.compile(table["place_suffix"])

    def __call__(self, entities: Sequence[Entity]) -> Iterator[Named]:
        """What the names of `entities` state, by each entity's first mention that shows it."""
        names = self._beginnings(entities)
        by_id = {e.id: e for e in entities}
        for entity in entities:
            for rule in self._rules:
                if not any(self._domain.is_a(entity.type, kind) for kind in rule["of"]):  # type: ignore[attr-defined]
                    continue
                found = next(
                    (n for m in entity.mentions if (n := self._begins(m, rule, names, by_id[entity.id], by_id))), None
                )
                if found:
                    yield found

    def _begins(
        self,
        mention: Mention,
        rule: Mapping[str, object],
        names: Mapping[str, str],
        head: Entity,
        by_id: Mapping[str, Entity],
    ) -> Named | None:
        if mention.kind not in ("name", "alias"):
            return None
        opening = self._opening.match(mention.text)
        start = opening.end() if opening else 0
        for end in range(len(mention.text) - 1, start + 1, -1):
            tail = by_id.get(names.get(mention.text[start:end], ""))
            if tail and tail.id != head.id and self._domain.is_a(tail.type, str(rule["begins"])):
                part = Span(mention.span.begin + start, mention.span.begin + end)
                rest = mention.text[end:]
                if re.match(str(rule.get("not_before", r"(?!)")), rest) or not re.match(
                    str(rule.get("before", "")), rest
                ):
                    return None
                return Named(head, str(rule["relation"]), tail, mention, part, str(rule["id"]))
        return None

    def _beginnings(self, entities: Sequence[Entity]) -> dict[str, str]:
        """Names that may begin another, with the entity they name; a place also without its suffix (贵州省, 贵州)."""
        names: dict[str, str] = {}
        kinds = {str(rule["begins"]) for rule in self._rules}
        for entity in entities:
            if any(self._domain.is_a(entity.type, kind) for kind in kinds):
                for name in entity.names:
                    names.setdefault(name, entity.id)
        for entity in entities:
            if entity.type == "Place":
                for name in entity.names:
                    names.setdefault(self._suffix.sub("", name), entity.id)
        return names
