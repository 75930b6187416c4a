"""Identity: how names are compared, and the stable ASCII identifiers of things."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

from pypinyin import lazy_pinyin

# Quotation marks, title marks and white space: they do not tell two names apart (ONTOLOGY section 6).
_FOLDED = re.compile(r"[\s\"'“”‘’「」『』《》〈〉·•]")
_SLUG_LIMIT = 48


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """The form in which names are compared: NFKC, case folded, without quotes, title marks and white space.

    >>> fold("“一带一路” 国际技能大赛") == fold("一带一路国际技能大赛")
    True
    """
    return _FOLDED.sub("", unicodedata.normalize("NFKC", name)).casefold()


def identifier(kind: str, name: str, discriminator: str = "") -> str:
    """An identifier that is the same on every machine: kind, pinyin slug, short hash of all that tells it apart.

    >>> identifier("TradeUnion", "重庆市总工会")
    'TradeUnion-chongqingshizonggonghui-88bd05'
    """
    slug = re.sub(r"[^a-z0-9]+", "", "".join(lazy_pinyin(fold(name))).casefold())[:_SLUG_LIMIT]
    digest = hashlib.sha256("\x1f".join((kind, fold(name), discriminator)).encode()).hexdigest()[:6]
    return "-".join(part for part in (kind, slug, digest) if part)
