"""Places by their GB/T 2260 codes: which a name may mean, what lies in what, where a document is."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.resolve import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.domain import Domain

_LEAST = 2  # code points of a place name


class PlaceCodes:
    """The places of the gazetteer by name and by code.

    >>> from kg.domain import Domain
    >>> places = PlaceCodes(Domain.default())
    >>> sorted(places.codes("南岸区")), places.parent("500108"), places.name("50")
    (['500108'], '50', '重庆市')
    >>> places.leading("重庆市南岸区总工会"), sorted(places.codes("鼓楼区"))
    ((('重庆市', '南岸区'), '总工会'), ['320106', '320302', '350102', '410204'])
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("names.toml")["identity"]
        firm_levels = frozenset(table["firm_levels"])
        self._codes: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, str] = {}
        self._for_firms: set[str] = set()
        short: list[tuple[str, str]] = []
        for name, level, code in (row for each in table["places"] for row in domain.rows(each)):
            if level in firm_levels:
                self._for_firms.add(fold(name))
            if level.endswith("-short"):
                short.append((fold(name), code))
                continue
            self._codes[fold(name)].add(code)
            self._names.setdefault(code, name)
        higher: dict[str, int] = {}
        # 鼓楼 is every 鼓楼区, but 长沙 the city and not the county in it.
        for name, code in sorted(short, key=lambda s: (len(s[1]), s)):
            if higher.setdefault(name, len(code)) == len(code):
                self._codes[name] |= self._codes[fold(self._names[code])] if code in self._names else {code}
        # A municipality has districts and no cities between them and itself.
        digits = {n: {code[:2] for code in self._names if len(code) == n} for n in (4, 6)}
        self._municipalities = digits[6] - digits[4]
        self._longest = max(map(len, self._codes), default=0)
        self._led: dict[tuple[str, bool, bool], tuple[tuple[str, ...], str]] = {}

    def codes(self, name: str) -> frozenset[str]:
        """The codes of the places that bear `name`, with or without the places that it lies in before it."""
        places, rest = self.leading(name, whole=True)
        return self.narrowed(places) if not rest else frozenset()

    def narrowed(self, places: Iterable[str]) -> frozenset[str]:
        """The codes of the last of `places` that lie in those before it."""
        within: frozenset[str] = frozenset()
        for place in places:
            codes = frozenset(self._codes.get(fold(place), ()))
            inside = frozenset(c for c in codes if any(self.lies_in(c, w) for w in within))
            within = inside or codes
        return within

    def leading(self, name: str, *, firm: bool = False, whole: bool = False) -> tuple[tuple[str, ...], str]:
        """The places that begin `name`, each in the one before, and what follows; of a `firm` no short county name."""
        asked = fold(name), firm, whole
        if asked not in self._led:  # the same names stand in many documents
            self._led[asked] = self._leading(asked[0], firm=firm, whole=whole)
        return self._led[asked]

    def _leading(self, rest: str, *, firm: bool, whole: bool) -> tuple[tuple[str, ...], str]:
        found: list[str] = []
        while rest:
            least = 0 if whole else _LEAST
            longest = min(self._longest, len(rest) - least)
            known = self._for_firms if firm else self._codes
            place = next((rest[:n] for n in range(longest, _LEAST - 1, -1) if rest[:n] in known), "")
            if not place or (found and not self._nests(found[-1], place)):
                break
            found.append(place)
            rest = rest.removeprefix(place)
        return tuple(found), rest

    def _nests(self, outer: str, inner: str) -> bool:
        return any(self.lies_in(c, o) and c != o for c in self._codes[inner] for o in self._codes[outer])

    @staticmethod
    def lies_in(code: str, other: str) -> bool:
        """Whether the place of `code` is that of `other` or lies in it."""
        return code.startswith(other)

    def parent(self, code: str) -> str | None:
        """The code of the place that the place of `code` lies in."""
        above = [code[:n] for n in (4, 2) if n < len(code)]
        return next((c for c in above if c in self._names), None)

    def name(self, code: str) -> str:
        """The official name of the place of `code`."""
        return self._names[code]

    def city(self, code: str) -> str | None:
        """The code of the city, or municipality, that the place of `code` is or lies in."""
        if code[:2] in self._municipalities:
            return code[:2]
        return code[:4] if len(code) > _LEAST else None


@lru_cache(maxsize=2)
def places_of(domain: Domain) -> PlaceCodes:
    """The places of `domain`, read once.

    >>> from kg.domain import Domain
    >>> domain = Domain.default()
    >>> places_of(domain) is places_of(domain)
    True
    """
    return PlaceCodes(domain)


class Setting:
    """The places that a document speaks of: which of several places of one name it means, and which 市 or 省."""

    def __init__(self, places: PlaceCodes, named: Counter[str]) -> None:
        self._places = places
        told = {name: places.codes(name) for name in sorted(named)}
        weights: Counter[str] = Counter()
        for name, codes in told.items():
            if len(codes) == 1:
                weights.update(dict.fromkeys(self._upward(next(iter(codes))), named[name]))
        for name, codes in told.items():
            meant = [c for c in codes if any(a in weights for a in self._upward(c)[1:])]
            if len(codes) > 1 and len(meant) == 1:
                weights.update(dict.fromkeys(self._upward(meant[0]), named[name]))
        self.weights = weights

    def _upward(self, code: str) -> list[str]:
        above = self._places.parent(code)
        return [code, *(self._upward(above) if above else ())]

    def settle(self, codes: Iterable[str]) -> frozenset[str]:
        """Those of `codes` that the document speaks of, or of their surroundings; all where it does of neither."""
        every = frozenset(codes)
        if len(every) < _LEAST:
            return every
        scores = {c: tuple(self.weights[a] for a in self._upward(c)[1:]) for c in every}
        best = max(scores.values(), key=sum)
        return frozenset(c for c in every if sum(scores[c]) == sum(best)) if sum(best) else every

    def at(self, lengths: Iterable[int]) -> str | None:
        """The place of a level (codes of these lengths) that the document speaks of most; None where that is open."""
        for length in lengths:
            found = sorted(((n, c) for c, n in self.weights.items() if len(c) == length), reverse=True)
            if length == _LEAST and 4 in lengths:  # noqa: PLR2004 - of provinces only those that are cities
                found = [(n, c) for n, c in found if self._places.city(c)]
            if found and (len(found) == 1 or found[0][0] > found[1][0]):
                return found[0][1]
            if found:
                return None
        return None

    @property
    def city(self) -> str | None:
        """The city that the document speaks of most."""
        cities: Counter[str] = Counter()
        for code, number in sorted(self.weights.items()):
            city = self._places.city(code)
            if city == code:
                cities[city] += number
        found = cities.most_common(_LEAST)
        return found[0][0] if found and (len(found) == 1 or found[0][1] > found[1][1]) else None
