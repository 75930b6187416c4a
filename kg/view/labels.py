"""Names as the page needs them: broken into lines for a node, and in pinyin for the search."""

from __future__ import annotations

import unicodedata

from pypinyin import lazy_pinyin

_LINE = 9.0  # ems; a longer name is broken into two lines of about equal width
_LINES = 2
_NO_BREAK_BEFORE = {
    "Pe",
    "Pf",
    "Po",
    "Mn",
    "Me",
    "Mc",
    "Cf",
    "Sk",
}  # closing marks, and what joins the character before


def width(text: str) -> float:
    """The width of `text` in ems: full for East Asian characters, a good half for others.

    >>> width("总工会AB")
    4.16
    """
    return round(sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.58 for c in text), 2)


def wrap(name: str) -> str:
    r"""`name` on at most two lines; what does not fit is left out with an ellipsis.

    >>> wrap("新时期产业工人队伍建设改革方案")
    '新时期产业工人队\n伍建设改革方案'
    """
    text = " ".join(name.split())
    if width(text) > _LINE * _LINES:
        while width(text) > _LINE * _LINES - 1:
            text = text[:-1]
        text += "…"
    if width(text) <= _LINE:
        return text
    half = width(text) / 2
    for index in range(1, len(text)):
        if width(text[:index]) >= half and unicodedata.category(text[index]) not in _NO_BREAK_BEFORE:
            return f"{text[:index]}\n{text[index:].lstrip()}"
    return text


def pinyin(name: str) -> str:
    """The syllables of `name`, in lower case and apart, so that a search can match them whole or by initials.

    >>> pinyin("重庆市总工会")
    'chong qing shi zong gong hui'
    >>> pinyin("TRIZ创新方法")
    'triz chuang xin fang fa'
    """
    chunks = (
        "".join(c for c in unicodedata.normalize("NFKC", chunk).casefold() if c.isalnum())
        for chunk in lazy_pinyin(unicodedata.normalize("NFKC", name))
    )
    return " ".join(chunk for chunk in chunks if chunk)
