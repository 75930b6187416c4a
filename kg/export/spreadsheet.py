"""Cells of CSV that spreadsheets show and never work out: a text that begins as a formula does gets an apostrophe."""

from __future__ import annotations

import re

# What Excel, LibreOffice and WPS take for the beginning of a formula, full-width in East Asian versions; after
# apostrophes too, so that taking one away gives the text again. A plain number is one.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?%?")


def inert(text: str) -> str:
    """`text` as a cell that no spreadsheet works out.

    >>> inert("=cmd|' /c calc'!A1"), inert("-3.5%"), inert("某厂")
    ("'=cmd|' /c calc'!A1", '-3.5%', '某厂')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def plain(cell: str) -> str:
    """The text of a cell that :func:`inert` made.

    >>> plain(inert("=1+1")), plain("'tis")
    ('=1+1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
