"""The structure of names: what may fall away from a name without making it another one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.matching import simplified
from kg.resolve.firms import Firms, is_subsequence
from kg.resolve.regions import Regions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.domain import Domain
    from kg.model import Span

_FOLDED = re.compile(r"[\s\"'“”‘’「」『』《》〈〉·•]")
_OPEN = "“\"‘'「『《〈"
_CLOSE = "”\"’'」』》〉"
_QUOTED = re.compile(r"[“\"‘「『]([^“”\"‘’「」『』]{3,30})[”\"’」』]")
_LEAST = 2  # code points that a short name needs
_FREE_MOST = 3  # of an abbreviation that need not end as the name does
_ENDING_LEAST = 4  # and the ending of a name that stands for the whole of it


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """A name as it is compared: NFKC, in simplified script and small letters, without quotes, title marks, dots, gaps.

    >>> fold("“劳模工匠助企行” ＡＰＰ"), fold("總工會")
    ('劳模工匠助企行app', '总工会')
    """
    return _FOLDED.sub("", unicodedata.normalize("NFKC", simplified(name))).casefold()


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


def is_quoted(text: str, span: Span) -> bool:
    """Whether quotes or title marks enclose just the words at `span`.

    >>> from kg.model import Span
    >>> is_quoted("《方案》提出", Span(1, 3))
    True
    """
    kind = _OPEN.find(text[span.begin - 1]) if span.begin else -1
    return kind >= 0 and text[span.end : span.end + 1] == _CLOSE[kind]


def core(name: str) -> str | None:
    """The words in the first quotes of `name`, where more stands around them.

    >>> core("“求学圆梦”学历提升行动")
    '求学圆梦'
    """
    match = _QUOTED.search(name)
    return match[1] if match and fold(match[1]) != fold(name) else None


class NameStructure:
    """Reads names by ``names.toml``; the names it is given and gives are folded (see :func:`fold`).

    >>> from kg.domain import Domain
    >>> names = NameStructure(Domain.default())
    >>> sorted(names.reductions("重庆市总工会", "TradeUnion", frozenset({"重庆", "重庆市"})))
    ['市总', '市总工会', '重庆市总', '重庆总', '重庆总工会']
    >>> sorted(names.reductions("汇川技术股份有限公司", "Company", frozenset()))
    ['汇川', '汇川技术']
    """

    def __init__(self, domain: Domain) -> None:
        table = domain.toml("names.toml")
        self.regions = Regions(domain)
        self._firms = Firms(domain, self.regions.cities)
        self._short = {step: frozenset(classes) for step, classes in table["short"].items() if step != "of"}
        self._beginnings = tuple(table["regions"]["beginnings"])
        self._countries = tuple(table["regions"]["countries"])
        self._contractions = [(fold(k), fold(v)) for k, v in table["contractions"].items()]
        self._heads = {cls: frozenset(fold(w) for w in words) for cls, words in table["heads"].items()}
        self._bare = frozenset().union(*self._heads.values())
        self._tables = frozenset(row[0] for name in table["short"]["known"] for row in domain.rows(name))
        self._kinds = frozenset(word for word, *_ in domain.rows("gazetteer/heads.tsv"))
        self._of = table["short"]["of"]
        self._editions = [re.compile(p) for p in table["edition"]["patterns"]]
        self._tails = {cls: tuple(fold(w) for w in words) for cls, words in table["tails"].items()}

    def takes(self, step: str, cls: str) -> bool:
        """Whether names of class `cls` may be shortened by `step` (see ``[short]`` in names.toml)."""
        return cls in self._short[step]

    def is_bare(self, name: str) -> bool:
        """Whether `name` is a bare generic noun, which names nothing by itself.

        >>> from kg.domain import Domain
        >>> NameStructure(Domain.default()).is_bare("公司")
        True
        """
        return name in self._bare

    def reductions(self, name: str, cls: str, places: frozenset[str]) -> frozenset[str]:
        """The shorter names that the structure of `name` gives; `places` are the folded place names of the document."""
        found, waiting = {name}, [name]
        while waiting:
            fresh = set(self._steps(waiting.pop(), cls, places)) - found
            found |= fresh
            waiting += sorted(fresh)
        found |= {self._contract(short) for short in found}
        return frozenset(short for short in found - {name} if self._may_stand(short, cls, places))

    def may_be_sought(self, short: str, cls: str) -> bool:
        """Whether `short`, which no recognizer took for a name, may be looked for in the text as one.

        >>> from kg.domain import Domain
        >>> names = NameStructure(Domain.default())
        >>> names.may_be_sought("市总工会", "TradeUnion"), names.may_be_sought("文物局", "GovernmentBody")
        (True, False)
        """
        if not self.takes("search", cls) or short in self._tables:
            return False
        if self.takes("search_levelled", cls):
            return short.startswith(self._beginnings)
        return len(short) > _LEAST or self.takes("search_short", cls)

    def brands(self, name: str, cls: str, places: frozenset[str]) -> Iterator[str]:
        """What may be the proper part of a firm's name (see :meth:`Firms.brands`) and is no known name of another."""
        if self.takes("form", cls):
            yield from (b for b in self._firms.brands(name, places) if b not in self._tables and b not in self._bare)

    def begins_unit(self, rest: str) -> bool:
        """Whether `rest`, behind a firm's name, makes the name of a part of that firm."""
        return self._firms.begins_unit(rest)

    def shortens(self, short: str, full: str, cls: str, places: frozenset[str]) -> bool:
        """Whether `short` is an ending or an abbreviation of `full` that a reader understands without a definition.

        >>> from kg.domain import Domain
        >>> names = NameStructure(Domain.default())
        >>> names.shortens("沈鼓", "沈阳鼓风机集团股份有限公司", "Company", frozenset())
        True
        >>> names.shortens("武汉大学", "武汉理工大学", "School", frozenset())
        False
        """
        if len(short) >= len(full):
            return False
        if short in self._bare:  # only where marks make a name of it: 《方案》
            return full.endswith(short)
        if self.takes("ending", cls) and len(short) >= _ENDING_LEAST and full.endswith(short):
            return True
        if self.takes("coded", cls):
            return _has_code(short) and (full.startswith(short) or full.endswith(short)) and self._of not in full
        if self.takes("firm", cls):
            return self._firms.abbreviates(short, full, places)
        return self.takes("initials", cls) and self._are_initials(self._contract(short), self._contract(full), cls)

    def resumes(self, short: str, full: str, cls: str, places: frozenset[str]) -> bool:
        """Whether `short`, which a reader meets after `full`, takes up its beginning or its ending.

        >>> from kg.domain import Domain
        >>> names = NameStructure(Domain.default())
        >>> names.resumes("祖庙", "湄洲妈祖祖庙", "Organization", frozenset())
        True
        >>> names.resumes("卓亚", "卓亚电器配件厂", "Company", frozenset())
        True
        """
        if len(short) >= len(full) or short in self._bare or self._of in full or (cls != "Place" and short in places):
            return False
        if full.endswith(short) and self.takes("ending_behind", cls):
            return short not in self._kinds
        if not full.startswith(short) or not self.takes("beginning_behind", cls) or short in self._tables:
            return False
        rest = full.removeprefix(short)
        return self.regions.describes(rest) if cls == "Place" else self._firms.describes(rest, places)

    def _steps(self, name: str, cls: str, places: frozenset[str]) -> Iterator[str]:
        if self.takes("region", cls):
            if cls == "Place":  # 运城永济 is 永济
                yield from self.regions.without(name, places | self.regions.cities, keep_level=False)
            else:
                yield from self.regions.without(name, places, keep_level=True)
        if self.takes("level", cls):
            yield self.regions.body(name)[0]
        if self.takes("edition", cls):
            yield from (pattern.sub("", name, count=1) for pattern in self._editions)
        if self.takes("form", cls):
            yield from self._firms.cores(name, places)
        yield from (name.removesuffix(tail) for tail in self._tails.get(cls, ()) if len(name) > len(tail) + 1)

    def _may_stand(self, short: str, cls: str, places: frozenset[str]) -> bool:
        return len(short) >= _LEAST and short not in self._bare and (cls == "Place" or short not in places)

    def _contract(self, name: str) -> str:
        for whole, part in self._contractions:
            name = name.replace(whole, part)
        return name

    def _are_initials(self, short: str, full: str, cls: str) -> bool:
        if len(short) < _LEAST or not is_subsequence(short, full):
            return False
        if short[-1] != full[-1] and not (self.takes("free_end", cls) and len(short) <= _FREE_MOST):
            return False
        # 武汉大学 keeps the whole head and so is no abbreviation of 武汉理工大学.
        if self.takes("whole_heads", cls) and any(short.endswith(h) for h in self._heads[cls] if len(h) > 1):
            return False
        rest = next((full.removeprefix(c) for c in self._countries if full.startswith(c)), full)
        return short[0] in {full[0], rest[0]} or short.startswith(self._beginnings)


def _has_code(name: str) -> bool:
    return any(c.isascii() and c.isalnum() for c in name)
