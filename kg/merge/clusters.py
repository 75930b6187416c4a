"""Identity across documents: which entities of many documents are one thing.

Names are compared within blocks only, so the work grows with the number of entities. What settles identity is the
structure of names and the places of the documents; a person needs support beside the name.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from networkx.utils import UnionFind

from kg.merge.blocks import Local, NameReader, called, join_block
from kg.merge.naming import Member
from kg.merge.people import SupportReader, join_people
from kg.merge.traits import Trait
from kg.resolve import fold

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from kg.domain import Domain
    from kg.model import Extraction

_Block = tuple[str, ...]
_UNREAD = Trait(())  # of people, whose names are not read


class Clusters:
    """The entities of many documents in sets of one thing each.

    `traits` tells how the name of each was read; :meth:`sets` gives the clusters in a fixed order.

    >>> from kg.domain import Domain
    >>> Clusters([], Domain.default()).sets()
    []
    """

    def __init__(self, extractions: Sequence[Extraction], domain: Domain) -> None:
        self.entities = {Local(x.document.id, e.id): e for x in extractions for e in x.entities}
        self.traits: dict[Local, Trait] = {}
        self._joined: UnionFind = UnionFind(self.entities)
        read = NameReader(domain)
        others: dict[Local, tuple[Trait, ...]] = {}
        blocks: dict[_Block, dict[Local, Trait]] = defaultdict(dict)
        for named in (named for extraction in extractions for named in read(extraction)):
            self.traits[named.local] = blocks[named.trait.block][named.local] = named.trait
            others[named.local] = named.others
        for members in blocks.values():
            for same in join_block(members):
                self._joined.union(*same)
        self._join_aliases(blocks, others)
        self._join_people(extractions, SupportReader(domain))

    def sets(self) -> list[list[Local]]:
        """The clusters, each sorted, in the order of their first members."""
        return sorted(sorted(cluster) for cluster in self._joined.to_sets())

    def member(self, local: Local) -> Member:
        """What the entity brings to the name of its cluster."""
        entity, trait = self.entities[local], self.traits.get(local, _UNREAD)
        return Member(local, entity.type, entity.names, trait.bound, tuple(trait.keys), trait.area)

    def _join_aliases(
        self, blocks: Mapping[_Block, Mapping[Local, Trait]], others: Mapping[Local, tuple[Trait, ...]]
    ) -> None:
        """Join what is called by another's further name (江汉矿山机械厂, now 江汉重装), where only one is called so."""
        cluster = {local: self._joined[local] for local in others}
        claims: dict[Local, set[Local]] = defaultdict(set)
        known: dict[tuple[_Block, frozenset[str], bool], Local | None] = {}
        for local, readings in others.items():
            for reading in readings:
                asked = reading.block, reading.keys, reading.bound
                if asked not in known:
                    known[asked] = called(reading, blocks.get(reading.block, {}), cluster)
                found = known[asked]
                if found is not None and found != cluster[local]:
                    claims[found].add(cluster[local])
        for claimed, by in sorted(claims.items()):
            if len(by) == 1:
                self._joined.union(claimed, next(iter(by)))

    def _join_people(self, extractions: Sequence[Extraction], read: SupportReader) -> None:
        by_name: dict[str, dict[Local, set[Hashable]]] = defaultdict(dict)
        for extraction in extractions:
            supports: dict[Local, set[Hashable]] = defaultdict(set)
            for person, support in read(extraction):
                supports[person].add(self._joined[support] if isinstance(support, Local) else support)
            for entity in (e for e in extraction.entities if e.type == "Person"):
                local = Local(extraction.document.id, entity.id)
                by_name[fold(entity.name)][local] = supports[local]
        for people in by_name.values():
            for same in join_people(people):
                self._joined.union(*same)
