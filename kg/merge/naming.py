"""What a cluster of entities is called: its class, name, aliases and identifier."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kg.merge.identity import identifier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.merge.blocks import Local


class Member(NamedTuple):
    """What an entity of one document brings to the name of its cluster.

    `names` begin with its canonical one; it is `short` where that says nothing without the places of the document.
    """

    local: Local
    type: str
    names: tuple[str, ...]
    short: bool = False
    keys: tuple[str, ...] = ()
    area: str = ""


class Cluster(NamedTuple):
    """One thing, named: `first` is the first of its members, `key` tells it from its namesakes, `area` is its code."""

    first: Local
    type: str
    name: str
    aliases: tuple[str, ...]
    key: str
    area: str


def describe(members: Sequence[Member], type: str = "", name: str = "") -> Cluster:  # noqa: A002
    """The cluster of `members`, which are sorted; with the class and the name that people gave it, if they did.

    Its name is the one that most documents use, the longest among equals; 市总工会 only where no document says more.

    >>> from kg.merge.blocks import Local
    >>> short = Member(Local("a", "e1"), "TradeUnion", ("市总工会",), short=True, keys=("3501",))
    >>> cluster = describe([short, Member(Local("b", "e4"), "TradeUnion", ("福州市总工会",))])
    >>> cluster.name, cluster.aliases, cluster.key
    ('福州市总工会', ('市总工会',), '3501')
    """
    votes = Counter(m.names[0] for m in members)
    says_little = {m.names[0] for m in members if m.short}
    name = name or min(votes, key=lambda n: (n in says_little, -votes[n], -len(n), n))
    keys = sorted({key for m in members for key in m.keys})
    areas = [m.area for m in members if m.area]
    first = members[0]
    return Cluster(
        first.local,
        type or first.type,
        name,
        tuple(sorted({n for m in members for n in m.names} - {name})),
        keys[0] if keys else first.local.document,
        areas[-1] if areas else "",
    )


def identifiers(cluster: Cluster, *, alone: bool) -> tuple[str, str]:
    """The identifier that `cluster` should bear, `alone` with its name or not; and another, where that is taken.

    Where several would bear one name, the key that tells their names apart (a place, a year) makes the identifier, or
    else the first document. It may still be taken by chance, or because one document has two of them.
    """
    apart = "" if alone else cluster.key
    other = f"{apart}\x1f{cluster.first.document}\x1f{cluster.first.id}"
    return identifier(cluster.type, cluster.name, apart), identifier(cluster.type, cluster.name, other)
