"""Identity: the stable ASCII identifiers of things."""

from __future__ import annotations

import hashlib
import re

from pypinyin import lazy_pinyin

from kg.resolve import fold

_SLUG_LIMIT = 48


def identifier(kind: str, name: str, discriminator: str = "", *, digits: int = 6) -> str:
    """An identifier that is the same on every machine: kind, pinyin slug, short hash of all that tells it apart.

    The hash has `digits` hexadecimal digits: six tell apart what shares a kind and a name by chance only, where
    thousands do it takes more.

    >>> identifier("TradeUnion", "重庆市总工会")
    'TradeUnion-chongqingshizonggonghui-88bd05'
    """
    slug = re.sub(r"[^a-z0-9]+", "", "".join(lazy_pinyin(fold(name))).casefold())[:_SLUG_LIMIT]
    digest = hashlib.sha256("\x1f".join((kind, fold(name), discriminator)).encode()).hexdigest()[:digits]
    return "-".join(part for part in (kind, slug, digest) if part)
