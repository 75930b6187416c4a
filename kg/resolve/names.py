"""The structure of names: what may fall away from a name without making it another one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.domain import Domain

_FOLDED = re.compile(r"[\s\"'“”‘’「」『』《》〈〉·•]")
_OPEN = "“\"‘'「『《〈"
_CLOSE = "”\"’'」』》〉"
_QUOTED = re.compile(r"[“\"‘「『]([^“”\"‘’「」『』]{2,30})[”\"’」』]")
_LEAST = 2  # code points that a short name needs


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """A name as it is compared: NFKC, without quotes, title marks, middle dots and white space, in small letters.

    >>> fold("“劳模工匠助企行” ＡＰＰ")
    '劳模工匠助企行app'
    """
    return _FOLDED.sub("", unicodedata.normalize("NFKC", name)).casefold()


def unquote(name: str) -> str:
    """`name` without the quotes or title marks that enclose the whole of it.

    >>> unquote("《方案》"), unquote("“求学圆梦”行动")
    ('方案', '“求学圆梦”行动')
    """
    while len(name) > _LEAST:
        kind = _OPEN.find(name[0])
        inner = name[1:-1]
        if kind < 0 or name[-1] != _CLOSE[kind] or _OPEN[kind] in inner or _CLOSE[kind] in inner:
            break
        name = inner
    return name


class NameStructure:
    """Reads names by ``names.toml``; all names it is given and gives are folded (see :func:`fold`).

    >>> from kg.domain import Domain
    >>> names = NameStructure(Domain.default())
    >>> sorted(names.reductions("重庆市总工会", "TradeUnion", frozenset({"重庆", "重庆市"})))
    ['市总', '市总工会', '重庆市总']
    >>> sorted(names.reductions("杭州明弋光电科技股份有限公司", "Company", frozenset({"杭州"})))
    ['明弋', '明弋光电科技', '杭州明弋', '杭州明弋光电科技']
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("names.toml")
        regions, company, self._short = table["regions"], table["company"], table["short"]
        self._levels = [(suffix, rank) for rank, level in enumerate(regions["levels"]) for suffix in level]
        self._suffixes = tuple(sorted((s for s, _ in self._levels), key=len, reverse=True))
        self._ranks = dict(self._levels)
        self._peoples = tuple(sorted(regions["peoples"], key=len, reverse=True))
        self._beginnings = tuple(regions["beginnings"])
        self._countries = tuple(regions["countries"])
        self._forms = tuple(fold(f) for f in company["forms"])
        self._units = tuple(company["units"])
        self._lines = tuple(sorted(company["lines"], key=len, reverse=True))
        self._contractions = [(fold(k), fold(v)) for k, v in table["contractions"].items()]
        self._heads = {cls: frozenset(fold(w) for w in words) for cls, words in table["heads"].items()}
        self._bare = frozenset().union(*self._heads.values())
        self._editions = [re.compile(p) for p in table["edition"]["patterns"]]
        self._populations = tuple(table["group"]["endings"])

    def takes(self, step: str, cls: str) -> bool:
        """Whether names of class `cls` may be shortened by `step`."""
        return cls in self._short[step]

    def is_bare(self, name: str) -> bool:
        """Whether `name` is a bare generic noun, which names nothing by itself.

        >>> from kg.domain import Domain
        >>> NameStructure(Domain.default()).is_bare("公司")
        True
        """
        return name in self._bare

    def place_body(self, name: str) -> tuple[str, int]:
        """The body of a place name and the rank of its level, 0 the highest (as many as levels where it has none).

        >>> from kg.domain import Domain
        >>> NameStructure(Domain.default()).place_body("大理白族自治州")
        ('大理', 1)
        """
        for suffix in self._suffixes:
            body = name.removesuffix(suffix)
            if len(body) < len(name) and len(body) >= _LEAST:
                return self._without_peoples(body), self._ranks[suffix]
        return name, len(self._levels)

    def contract(self, name: str) -> str:
        """`name` with the parts that always shorten the same way in their short forms."""
        for whole, part in self._contractions:
            if whole in name:
                name = name.replace(whole, part)
        return name

    def reductions(self, name: str, cls: str, places: frozenset[str]) -> frozenset[str]:
        """The shorter names that the structure of `name` gives; `places` are the folded place names of the document."""
        steps = [
            step
            for step, admitted in (
                (lambda n: self._without_region(n, places, keep_level=cls != "Place"), "region"),
                (self._without_edition, "edition"),
                (self._without_form, "form"),
            )
            if self.takes(admitted, cls)
        ]
        if cls == "Place":
            steps.append(self._without_level)
        if cls == "Group":
            steps.append(self._without_praise)
        found = {name}
        waiting = [name]
        while waiting:
            current = waiting.pop()
            fresh = {short for step in steps for short in step(current)} - found
            found |= fresh
            waiting += sorted(fresh)
        found |= {self.contract(short) for short in found}
        return frozenset(
            s for s in found - {name} if len(s) >= _LEAST and s not in self._bare and (cls == "Place" or s not in places)
        )

    def core(self, text: str) -> str | None:
        """The folded words in the first quotes of a name as written, where more stands around them."""
        match = _QUOTED.search(text)
        return fold(match[1]) if match and fold(match[1]) != fold(text) else None

    def shortens(self, short: str, full: str, cls: str) -> bool:
        """Whether `short` is an ending or an abbreviation of `full` that a reader understands without a definition.

        >>> from kg.domain import Domain
        >>> names = NameStructure(Domain.default())
        >>> names.shortens("沈鼓", "沈阳鼓风机集团股份有限公司", "Company")
        True
        >>> names.shortens("武汉大学", "武汉理工大学", "School")
        False
        """
        if len(short) >= len(full) or short in self._bare:
            return False
        ending_least = 4
        if self.takes("ending", cls) and len(short) >= ending_least and full.endswith(short):
            return True
        if self.takes("firm", cls):
            return self._is_firm_abbreviation(short, full)
        return self.takes("initials", cls) and self._are_initials(self.contract(short), self.contract(full), cls)

    def _is_firm_abbreviation(self, short: str, full: str) -> bool:
        core = self._core_of_firm(full)
        if short.endswith(self._units) and not core.endswith(short[-1]):
            return False
        if short in core:
            at = core.index(short)
            rest = core[at + len(short) :]
            return not rest or (at == 0 and rest != full and not rest.endswith(self._units) and rest in self._lines)
        begins = {core[:1], *(core.removeprefix(c)[:1] for c in self._countries)}
        most = 5
        return short[0] in begins and len(short) <= most and _is_subsequence(short, core)

    def _are_initials(self, short: str, full: str, cls: str) -> bool:
        if short[-1] != full[-1] or not _is_subsequence(short, full):
            return False
        # 武汉大学 keeps a whole head and so is no abbreviation of 武汉理工大学.
        if cls == "School" and any(short.endswith(h) for h in self._heads["School"] if len(h) > 1):
            return False
        rest = next((full.removeprefix(c) for c in self._countries if full.startswith(c)), full)
        return short[0] in {full[0], rest[0]} or short.startswith(self._beginnings)

    def _without_region(self, name: str, places: frozenset[str], *, keep_level: bool) -> Iterator[str]:
        for length in range(_LEAST, len(name) - 1):
            if name[:length] not in places:
                continue
            body, _ = self.place_body(name[:length])
            level = next((s for s in self._suffixes if name[:length].endswith(s)), "") if len(body) < length else ""
            rest = name[length:]
            if not level:  # 广西 in 广西壮族自治区总工会
                tail = self._without_peoples_before(rest)
                level = next((s for s in self._suffixes if tail.startswith(s)), "")
                rest = tail.removeprefix(level) if level else rest
            yield rest
            if level and keep_level:
                yield level + rest
        for country in self._countries:
            if name.startswith(country):
                yield name.removeprefix(country)

    def _without_edition(self, name: str) -> Iterator[str]:
        for pattern in self._editions:
            short = pattern.sub("", name, count=1)
            if short != name:
                yield short

    def _without_form(self, name: str) -> Iterator[str]:
        core = self._core_of_firm(name)
        yield core
        bare = core
        while (line := next((w for w in self._lines if bare.endswith(w)), None)) and len(bare) - len(line) >= _LEAST:
            bare = bare.removesuffix(line)
        if not bare.endswith(self._forms):
            yield bare

    def _without_level(self, name: str) -> Iterator[str]:
        yield self.place_body(name)[0]

    def _without_praise(self, name: str) -> Iterator[str]:
        for ending in self._populations:
            if name.endswith(ending):
                yield name.removesuffix(ending)

    def _without_peoples(self, body: str) -> str:
        people = next((p for p in self._peoples if body.endswith(p) and len(body) - len(p) >= _LEAST), "")
        return self._without_peoples(body.removesuffix(people)) if people else body

    def _without_peoples_before(self, rest: str) -> str:
        people = next((p for p in self._peoples if rest.startswith(p)), "")
        return self._without_peoples_before(rest.removeprefix(people)) if people else rest

    def _core_of_firm(self, name: str) -> str:
        for form in self._forms:
            core = name.removesuffix(form)
            if core != name and len(core) >= _LEAST:
                return core
        return name


def _is_subsequence(short: str, full: str) -> bool:
    rest: Iterable[str] = iter(full)
    return all(c in rest for c in short)
