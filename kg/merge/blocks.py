"""Identity by names: entities of many documents whose names are compared, block by block.

A block knows nothing of other blocks, so blocks may be joined anywhere and in any order; what a block does not settle
by names alone is left to :mod:`kg.merge.people` and to further names (:func:`called`).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from networkx.utils import UnionFind

from kg.merge.traits import Trait, Traits

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from kg.domain import Domain
    from kg.model import Extraction

_LEAST_ALIAS = 3  # code points of another name that joins documents


class Local(NamedTuple):
    """An entity of one document."""

    document: str
    id: str


class Named(NamedTuple):
    """How the name of an entity is read in its document, and how its further names are."""

    local: Local
    trait: Trait
    others: tuple[Trait, ...]


class NameReader:
    """Reads the names of an extraction; people are left out, whom names alone do not tell apart.

    >>> from kg.domain import Domain
    >>> from kg.model import Document, Entity, Extraction
    >>> union = Entity("e1", "TradeUnion", "福州总工会", (), ())
    >>> found = NameReader(Domain.default())(Extraction(Document("a", "", ""), (union,), (), ()))
    >>> [(named.local.id, named.trait.block, sorted(named.trait.keys)) for named in found]
    [('e1', ('TradeUnion', '总'), ['3501'])]
    """

    def __init__(self, domain: Domain) -> None:
        self._traits = Traits(domain)

    def __call__(self, extraction: Extraction) -> Iterator[Named]:
        """Every entity but the people, in the order of the extraction."""
        here = self._traits.setting(extraction)
        for entity in extraction.entities:
            if entity.type == "Person":
                continue
            years = self._traits.years(extraction, entity)
            readings = {n: self._traits.of(n, entity.type, here, years) for n in entity.names}
            # A name such as 市总工会 may be canonical in a document that elsewhere spells it out.
            best = min(entity.names, key=lambda n: (not readings[n].keys, n != entity.name))
            trait = readings[entity.name]
            if trait.bound and not trait.keys and readings[best].keys and readings[best].block == trait.block:
                trait = readings[best]
            others = (
                r for n, r in sorted(readings.items()) if n != entity.name and len(n) >= _LEAST_ALIAS and r != trait
            )
            yield Named(Local(extraction.document.id, entity.id), trait, tuple(others))


def join_block(members: Mapping[Local, Trait]) -> list[list[Local]]:
    """The members of one block in sets of one thing each, sorted.

    >>> one, other = Local("a", "e1"), Local("b", "e7")
    >>> trait = Trait(("TradeUnion", "总"), frozenset({"3501"}))
    >>> join_block({one: trait, other: trait}) == [[one, other]]
    True
    """
    joined: UnionFind = UnionFind(members)
    by_key: dict[str, list[Local]] = defaultdict(list)
    for local, trait in members.items():
        for key in trait.keys:
            by_key[key].append(local)
    for same in by_key.values():
        joined.union(*same)
    groups = _groups(members, joined)
    meant = {local: _meant(trait, groups) for local, trait in members.items() if not trait.keys and not trait.bound}
    for local, group in meant.items():
        if group is not None:
            joined.union(local, group)
    loose = {local: members[local] for local, group in meant.items() if group is None}
    # Names that no key tells apart: contests of one year are joined with each other.
    if loose and (not groups or next(iter(loose.values())).strict):
        pools: dict[Hashable, list[Local]] = defaultdict(list)
        for local, trait in loose.items():
            pools[trait.hints if trait.strict else ""].append(local)
        for same in pools.values():
            joined.union(*same)
    return sorted(sorted(found) for found in joined.to_sets())


def called(reading: Trait, members: Mapping[Local, Trait], cluster: Mapping[Local, Local]) -> Local | None:
    """The one `cluster` of a block that is meant by `reading`, a further name of something, if there is just one."""
    if reading.bound and not reading.keys:
        return None
    if reading.keys:
        found = {cluster[m] for m, trait in members.items() if trait.keys & reading.keys}
    else:
        found = {cluster[m] for m, trait in members.items() if not trait.bound or trait.keys}
    return next(iter(found)) if len(found) == 1 else None


def _groups(members: Mapping[Local, Trait], joined: UnionFind) -> dict[Local, frozenset[str]]:
    """The keys of each set within a block, by its representative."""
    found: dict[Local, set[str]] = defaultdict(set)
    for local, trait in members.items():
        if trait.keys:
            found[joined[local]] |= trait.keys
    return {local: frozenset(keys) for local, keys in found.items()}


def _meant(trait: Trait, groups: Mapping[Local, Iterable[str]]) -> Local | None:
    """The one set of the block that a name without a key means, if there is just one."""
    likely = [g for g, keys in groups.items() if trait.hints.intersection(keys)]
    if len(likely) == 1:
        return likely[0]
    return next(iter(groups)) if len(groups) == 1 and not likely and not trait.strict else None
