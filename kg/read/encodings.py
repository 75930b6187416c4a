"""Bytes → text: the encoding is read off a byte order mark, proved by UTF-8 or judged by common characters."""

from __future__ import annotations

import codecs
import re
from functools import cache

# Longest mark first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# Python's codec, and the name we report. cp950 is Big5 as Windows writes it; Hong Kong's adds characters.
_CANDIDATES = (
    ("gb18030", "gb18030"),
    ("cp950", "big5"),
    ("big5hkscs", "big5hkscs"),
    ("utf-16-le", "utf-16-le"),
    ("utf-16-be", "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF-", "this is a PDF: let its name end in .pdf"),
    (
        b"PK\x03\x04",
        "this is a Word document or a zip archive: let its name end in .docx or .zip",
    ),
    (b"\xd0\xcf\x11\xe0", "this is an old Office document: save it as .docx"),
    (b"{\\rtf", "this is RTF: save it as .docx"),
    (b"\x89PNG", "this is an image, not a text"),
    (b"\xff\xd8\xff", "this is an image, not a text"),
    (b"GIF87a", "this is an image, not a text"),
    (b"GIF89a", "this is an image, not a text"),
    (b"\x1f\x8b", "a gzip archive is not read: unpack it first"),
)
_SAMPLE = 20_000  # code points that are enough to judge by
_PLAUSIBLE = 0.6  # right guesses score 0.9 and more from 16 characters on, wrong ones below 0.3
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")  # ^Z ends old DOS files
_PUNCTUATION = re.compile(r"[·\u2010-\u2027\u3000-\u303f\uff00-\uffef]")


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text in `data`, without a byte order mark and otherwise unchanged, and its encoding.

    UTF-8, GB18030, Big5 and, with or without a mark, UTF-16 are told apart; `encoding` overrules that.
    `ValueError` says why there is no text in `data`, or that `encoding` does not fit.

    >>> decode("重庆市总工会".encode("gb18030"))
    ('重庆市总工会', 'gb18030')
    >>> decode("重慶市總工會".encode("big5"))
    ('重慶市總工會', 'big5')
    """
    for signature, reason in _SIGNATURES:
        if data.startswith(signature):
            raise ValueError(reason)
    name = encoding or _marked(data)
    text, name = (_strict(data, name), name) if name else _detect(data)
    text = text.removeprefix("\ufeff")
    # `re` and not `in`: a codec given by hand may produce what no text holds.
    if match := re.search("[\x00\ud800-\udfff]", text):
        what = "a NUL" if match.group() == "\x00" else "a lone surrogate"
        msg = f"{what} at character {match.start():,}: this is a binary file or not {name}"
        raise ValueError(msg)
    return text, name


def _marked(data: bytes) -> str | None:
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError as error:
        msg = f"no such encoding: {encoding}"
        raise ValueError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"not valid {encoding} at byte {error.start:,}; name its encoding, or save it as UTF-8"
        raise ValueError(msg) from error


def _detect(data: bytes) -> tuple[str, str]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        broken = f"not valid UTF-8 at byte {error.start:,}, nor GB18030, Big5 or UTF-16"
    else:
        if "\x00" not in text:
            return text, "utf-8"
        broken = "this is a binary file (it holds NUL bytes)"
    best, best_score = None, _PLAUSIBLE
    for codec, name in _CANDIDATES:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        # Strictly better: the order of the candidates is that of how common they are.
        if (score := _score(text[:_SAMPLE])) > best_score:
            best, best_score = (text, name), score
    if best is None:
        msg = f"{broken}; name its encoding, or save it as UTF-8" if broken.startswith("not") else broken
        raise ValueError(msg)
    return best


def _score(text: str) -> float:
    """The share of common characters among those that a wrong encoding would garble (0 where there are none)."""
    common = _common()
    telling = [c for c in text if c > "\x7f" or _CONTROL.match(c)]
    return sum(c in common or bool(_PUNCTUATION.match(c)) for c in telling) / len(telling) if telling else 0.0


@cache
def _common() -> frozenset[str]:
    """The characters that the standards class as common: level 1 of GB 2312 (3,755) and of Big5 (5,401)."""
    simplified = _characters("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF))
    traditional = _characters("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    return simplified | traditional


def _characters(encoding: str, leads: range, trails: range | tuple[int, ...]) -> frozenset[str]:
    pairs = (bytes((lead, trail)).decode(encoding, "ignore") for lead in leads for trail in trails)
    return frozenset(pair for pair in pairs if len(pair) == 1)
