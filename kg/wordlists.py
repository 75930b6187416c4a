"""Word lists of the domain as parts of regular expressions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def longest_first(words: Iterable[str]) -> tuple[str, ...]:
    """`words` in the order in which they are to be tried, the same for any order of them.

    >>> longest_first({"称", "简称为", "简称"})
    ('简称为', '简称', '称')
    """
    return tuple(sorted(words, key=lambda w: (-len(w), w)))


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of `words`, taken literally; the longest wins.

    >>> any_of(["称", "简称"])
    '简称|称'
    """
    return "|".join(map(re.escape, longest_first(words)))
