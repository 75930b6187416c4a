"""Names of places as parts of other names: levels, bodies, letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.wordlists import longest_first

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.domain import Domain

_LEAST = 2  # code points of the body of a place name


class Regions:
    """Takes place names apart by ``names.toml`` and the places of the gazetteer.

    >>> from kg.domain import Domain
    >>> regions = Regions(Domain.default())
    >>> regions.body("大理白族自治州"), regions.body("兰州新区"), regions.body("湘潭县")
    (('大理', 1), ('兰州新区', 4), ('湘潭县', 4))
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("names.toml")["regions"]
        self._ranks = {suffix: rank for rank, level in enumerate(table["levels"]) for suffix in level}
        self._suffixes = longest_first(self._ranks)
        self._lengths = tuple(sorted({len(suffix) for suffix in self._ranks}, reverse=True))
        self._none = len(table["levels"])
        self._peoples = longest_first(table["peoples"])
        self._zones = tuple(table["zones"])
        self._kinds = (*table["zones"], *table["kinds"], *self._suffixes)
        self.letters: dict[str, str] = table["letters"]
        self._countries = tuple(table["countries"])
        rows = domain.rows("gazetteer/places.tsv")
        self._new_area, self._known = table["new_area"], frozenset(name for name, *_ in rows)
        generic: dict[str, set[str]] = {}
        self._levelled: dict[str, list[str]] = {}
        for name, *_ in rows:
            body, _ = self._split(name)
            if body != name:
                generic.setdefault(body, set()).add(name[-1])
                self._levelled.setdefault(body, []).append(name)
        self._generic = {body: frozenset(words) for body, words in generic.items()}
        # 湘潭 is the city, not the county 湘潭县 within it.
        higher = {name for name, level, *_ in rows if level in table["higher"]}
        self.cities = frozenset(name for name, level, *_ in rows if level in table["begin"])
        # 东莞市 has no counties and is in the table at both levels.
        cities = {name for name, level, *_ in rows if level not in table["lower"]}
        self._namesakes = frozenset(
            name for name, level, *_ in rows if level in table["lower"] and name[:-1] in higher and name not in cities
        )

    def body(self, name: str) -> tuple[str, int]:
        """A place name without its level and the rank of the level, 0 the highest; itself where it has no level."""
        return (name, self._none) if name in self._namesakes else self._split(name)

    def _split(self, name: str) -> tuple[str, int]:
        body = name.removesuffix(self._new_area)
        if body != name and len(body) >= _LEAST and body not in self._known:  # 雄安新区 is 雄安, 兰州新区 not 兰州
            return body, self._none - 1
        if name.endswith(self._zones):
            return name, self._none
        for length in self._lengths:
            suffix = name[-length:]
            if suffix in self._ranks and len(name) - length >= _LEAST:
                return self._without_peoples(name[:-length]), self._ranks[suffix]
        return name, self._none

    def levels(self, name: str) -> frozenset[str]:
        """The generic words that the gazetteer knows for a place named without one.

        >>> from kg.domain import Domain
        >>> Regions(Domain.default()).levels("福州")
        frozenset({'市'})
        """
        return self._generic.get(name, frozenset())

    def level_at(self, text: str, begin: int, end: int) -> str:
        """The generic word that stands behind the place at `begin` and belongs to it, or nothing.

        >>> from kg.domain import Domain
        >>> Regions(Domain.default()).level_at("山西省总工会", 0, 2)
        '省'
        """
        known = self._levelled.get(text[begin:end], ())
        return max((name[end - begin :] for name in known if text.startswith(name, begin)), key=len, default="")

    def is_generic(self, name: str) -> bool:
        """Whether `name` is or begins with a generic word for a place (经开区, 新区管委会).

        >>> from kg.domain import Domain
        >>> Regions(Domain.default()).is_generic("经开区"), Regions(Domain.default()).is_generic("五象新区")
        (True, False)
        """
        return name.startswith((*self._zones, *self._suffixes))

    def describes(self, rest: str) -> bool:
        """Whether `rest` behind the name of a place only says what kind of place it is (岛, 高新区).

        >>> from kg.domain import Domain
        >>> Regions(Domain.default()).describes("高新区")
        True
        """
        return rest.endswith(self._kinds) and not self.begins(rest)

    def begins(self, name: str) -> bool:
        """Whether a place of the gazetteer begins `name`.

        >>> from kg.domain import Domain
        >>> Regions(Domain.default()).begins("泗洪县总工会")
        True
        """
        return any(name[:length] in self._known for length in range(_LEAST, len(name)))

    def spelled_out(self, letter: str) -> str | None:
        """The place that a one-character name stands for.

        >>> from kg.domain import Domain
        >>> Regions(Domain.default()).spelled_out("港")
        '香港'
        """
        return self.letters.get(letter)

    def without(self, name: str, places: frozenset[str], *, keep_level: bool) -> Iterator[str]:
        """What is left of `name` without the place of `places` that begins it, and without the country."""
        for length in range(_LEAST, len(name) - 1):
            if name[:length] not in places:
                continue
            place, rest = name[:length], name[length:]
            body, _ = self.body(place)
            level = next((s for s in self._suffixes if place.endswith(s)), "") if body != place else ""
            if not level:  # 广西 in 广西壮族自治区总工会
                tail = self._without_leading_peoples(rest)
                level = next((s for s in self._suffixes if tail.startswith(s)), "")
                rest = tail.removeprefix(level) if level else rest
            yield rest
            if level and keep_level:
                yield level + rest
                yield body + rest
        for country in self._countries:
            if name.startswith(country):
                yield name.removeprefix(country)

    def _without_peoples(self, body: str) -> str:
        if not body.endswith(self._peoples):
            return body
        people = next((p for p in self._peoples if body.endswith(p) and len(body) - len(p) >= _LEAST), "")
        return self._without_peoples(body.removesuffix(people)) if people else body

    def _without_leading_peoples(self, rest: str) -> str:
        people = next((p for p in self._peoples if rest.startswith(p)), "")
        return self._without_leading_peoples(rest.removeprefix(people)) if people else rest
