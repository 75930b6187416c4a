"""How well mentions of many documents are gathered into things: B-cubed (Bagga and Baldwin 1998)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping


_Item = TypeVar("_Item", bound="Hashable")


class BCubed(NamedTuple):
    """The mean over all items of how much of their cluster is right, and how much of the right one they meet."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def b_cubed(gold: Mapping[_Item, Hashable], found: Mapping[_Item, Hashable]) -> BCubed:
    """Compare the clusters of `found` with those of `gold`; both give the cluster of each item.

    An item of `gold` that `found` lacks is a cluster by itself there.

    >>> b_cubed({1: "a", 2: "a", 3: "b", 4: "b"}, {1: "x", 2: "x", 3: "x", 4: "x"})
    BCubed(precision=0.5, recall=1.0)
    """
    right: dict[Hashable, set[_Item]] = defaultdict(set)
    ours: dict[Hashable, set[_Item]] = defaultdict(set)
    cluster = {item: (True, found[item]) if item in found else (False, item) for item in gold}
    for item in gold:
        right[gold[item]].add(item)
        ours[cluster[item]].add(item)
    shared = [(len(right[gold[i]] & ours[cluster[i]]), len(ours[cluster[i]]), len(right[gold[i]])) for i in gold]
    number = len(shared) or 1
    return BCubed(sum(s / o for s, o, _ in shared) / number, sum(s / r for s, _, r in shared) / number)
