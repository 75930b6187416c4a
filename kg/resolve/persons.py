"""How people are called after their full name: 老李, 叶师傅, 祖丽胡玛尔 of 祖丽胡玛尔·玉山."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.domain import Domain

_DOT = "·"
_LONGEST = 4  # code points of a Chinese full name


class PersonNames:
    """Builds the short forms of personal names from ``names.toml``.

    >>> from kg.domain import Domain
    >>> forms = PersonNames(Domain.default()).forms_of_address(["杜汶", "祖丽胡玛尔·玉山"])
    >>> forms["小杜"], forms["杜师傅"], forms["玉山"]
    (['杜汶'], ['杜汶'], ['祖丽胡玛尔·玉山'])
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("names.toml")["person"]
        self._compound = tuple(table["compound_surnames"])
        self._titles = tuple(table["titles"])
        self._familiar = tuple(table["familiar"])

    def is_full(self, name: str) -> bool:
        """Whether `name` is a full name rather than a form of address."""
        if _DOT in name:
            return True
        surname = self.surname(name)
        return (
            len(surname) < len(name) <= _LONGEST
            and not name.startswith(self._familiar)
            and name.removeprefix(surname) not in self._titles
        )

    def surname(self, name: str) -> str:
        """The surname of a Chinese name."""
        return name[:2] if name.startswith(self._compound) else name[:1]

    def forms_of_address(self, names: Iterable[str]) -> dict[str, list[str]]:
        """What people with these full names may be called, and which of them may be called so.

        >>> from kg.domain import Domain
        >>> PersonNames(Domain.default()).forms_of_address(["杜汶", "杜海"])["小杜"]
        ['杜汶', '杜海']
        """
        return self._meant(names, self._spoken)

    def parts(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Given names and surnames that may stand alone, and the full names of which they are parts."""
        return self._meant(names, self._alone)

    def _meant(self, names: Iterable[str], forms: Callable[[str], Iterator[str]]) -> dict[str, list[str]]:
        meant: dict[str, list[str]] = {}
        for name in dict.fromkeys(names):
            if self.is_full(name):
                for form in dict.fromkeys(forms(name)):
                    meant.setdefault(form, []).append(name)
        return meant

    def _spoken(self, name: str) -> Iterator[str]:
        if _DOT in name:
            yield from (part for part in (name.partition(_DOT)[0], name.rpartition(_DOT)[2]) if len(part) > 1)
            return
        surname = self.surname(name)
        given = name.removeprefix(surname)
        yield from (surname + title for title in self._titles)
        for prefix in self._familiar:
            yield from (prefix + surname, prefix + given, prefix + given[-1])

    def _alone(self, name: str) -> Iterator[str]:
        if _DOT not in name:
            surname = self.surname(name)
            yield from (surname, name.removeprefix(surname))
            if len(name) == _LONGEST:  # 木呷 of 吉克木呷, 次仁 and 央宗 of 次仁央宗
                yield from (name[:2], name[2:])
