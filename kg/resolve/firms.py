"""Names of firms: legal form, line of business, abbreviation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.wordlists import longest_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.domain import Domain

_LEAST = 2  # code points of a short name
_MOST_INITIALS = 5  # and of one made of single characters
_LONGEST_BRAND = 4  # code points of the proper part of a firm's name
_PLACE_LENGTHS = (2, 3, 4)  # code points of a place within a firm's name


class Firms:
    """Takes names of firms apart by ``names.toml``; a place of `cities` may begin them and fall away.

    >>> from kg.domain import Domain
    >>> firms = Firms(Domain.default())
    >>> list(firms.cores("明弋光电科技股份有限公司", frozenset()))
    ['明弋光电科技', '明弋']
    >>> [firms.abbreviates(s, "沈阳鼓风机集团股份有限公司", frozenset()) for s in ("沈鼓", "沈阳飞机")]
    [True, False]
    """

    def __init__(self, domain: Domain, cities: frozenset[str] = frozenset()) -> None:
        table = domain.toml("names.toml")
        company = table["company"]
        self._legal = longest_first([*company["plain"], *company["group"]])
        self._forms = longest_first([*self._legal, *company["bare"], *company["loose"]])
        self._units = tuple(company["units"])
        self._parts = tuple(company["parts"])
        self._ordinal = company["ordinal"]
        self._cities = cities
        self._lines = longest_first(company["lines"])
        self._countries = tuple(table["regions"]["countries"])

    def cores(self, name: str, places: frozenset[str]) -> Iterator[str]:
        """The name without its legal form, and that without its lines of business."""
        core, form = self._split(name)
        yield core
        if form and form not in self._legal:
            return
        bare = core
        while (line := next((w for w in self._lines if bare.endswith(w)), None)) and len(bare) - len(line) >= _LEAST:
            bare = bare.removesuffix(line)
        if bare != core and not bare.endswith(self._forms) and bare not in places:
            yield bare

    def abbreviates(self, short: str, full: str, places: frozenset[str]) -> bool:
        """Whether a reader takes `short` for the firm `full`; never for a unit or a daughter of it."""
        core, form = self._split(full)
        stem, own_form = self._split(short)
        if core.endswith(stem) and short not in places:
            return core == stem or len(stem) > _LEAST or bool(own_form and form)
        if short in places or own_form or core.endswith(self._units) != short.endswith(self._units):
            return False
        begins = (core, *(core[length:] for length in _PLACE_LENGTHS if core[:length] in places | self._cities))
        rest = next((b.removeprefix(short) for b in begins if b.startswith(short)), None)
        if rest is not None:
            return form in self._legal and self._is_description(rest, places)
        initials = {core[0], *(core.removeprefix(c)[0] for c in self._countries if core != c)}
        return short[0] in initials and len(short) <= _MOST_INITIALS and is_subsequence(short, core)

    def _split(self, name: str) -> tuple[str, str]:
        for form in self._forms:
            if name.endswith(form) and len(name) - len(form) >= _LEAST:
                return name.removesuffix(form), form
        return name, ""

    def brands(self, name: str, places: frozenset[str]) -> Iterator[str]:
        """What may be the proper part of a firm's name with a legal form, its beginning: the text must bear it out.

        >>> from kg.domain import Domain
        >>> list(Firms(Domain.default()).brands("捷诺液压股份有限公司", frozenset()))
        ['捷诺']
        """
        core, form = self._split(name)
        if form not in self._legal:
            return
        for begin in (0, *(n for n in _PLACE_LENGTHS if core[:n] in places | self._cities)):
            if begin and len(core) - begin > _LEAST:
                yield core[begin:]
            for end in range(begin + _LEAST, min(begin + _LONGEST_BRAND, len(core) - _LEAST) + 1):
                if core[begin:end] not in places | self._cities and self.describes(core[end:], places):
                    yield core[begin:end]

    def begins_unit(self, rest: str) -> bool:
        """Whether `rest`, behind a firm's name, makes the name of a part of that firm (叶片分厂)."""
        return rest.endswith(self._parts)

    def describes(self, rest: str, places: frozenset[str]) -> bool:
        """Whether `rest` behind the name of a firm or a body that is no other's says what it does.

        >>> from kg.domain import Domain
        >>> firms = Firms(Domain.default())
        >>> firms.describes("咖啡专业合作社", frozenset()), firms.describes("重庆分公司", frozenset({"重庆"}))
        (True, False)
        """
        has_place = any(rest[at : at + n] in places | self._cities for n in _PLACE_LENGTHS for at in range(len(rest)))
        return len(rest) >= _LEAST and self._ordinal not in rest and not rest.endswith(self._parts) and not has_place

    def _is_description(self, rest: str, places: frozenset[str]) -> bool:
        """Whether `rest` says what a firm does rather than which part of it is meant."""
        if rest.startswith(self._forms) or self._ordinal in rest or rest.endswith(self._units):
            return False
        return not any(rest[:length] in places for length in _PLACE_LENGTHS)


def is_subsequence(short: str, full: str) -> bool:
    """Whether the characters of `short` stand in `full` in their order.

    >>> is_subsequence("人社局", "人力资源和社会保障局")
    True
    """
    rest: Iterable[str] = iter(full)
    return all(c in rest for c in short)
