"""What of several media types whoever asks would have (RFC 9110, clause 12.5.1)."""

from __future__ import annotations

import re

_QUALITY = re.compile(r"\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", re.IGNORECASE)


def acceptable(accept: str, offered: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `offered` that the header `accept` admits, the most wished for first; all where it says nothing.

    >>> acceptable("text/csv;q=0.5, application/*", ("application/json", "text/csv", "text/turtle"))
    ('application/json', 'text/csv')
    """
    ranges = [_range(part) for part in accept.split(",") if part.strip()]
    if not ranges:
        return offered
    wished = {}
    for media_type in offered:
        fitting = [(precise, quality) for pattern, precise, quality in ranges if _fits(pattern, media_type)]
        if fitting:
            wished[media_type] = max(fitting)[1]
    return tuple(sorted((t for t, quality in wished.items() if quality > 0), key=lambda t: -wished[t]))


def _range(part: str) -> tuple[str, int, float]:
    """A range of media types, how precise it is, and how much it is wished for."""
    pattern, *parameters = part.split(";")
    pattern = pattern.strip().lower()
    quality = 1.0
    for parameter in parameters:
        found = _QUALITY.fullmatch(parameter)
        if found:
            quality = float(found[1])
    return pattern, 0 if pattern == "*/*" else 1 if pattern.endswith("/*") else 2, quality


def _fits(pattern: str, media_type: str) -> bool:
    return pattern in {"*/*", media_type} or (pattern.endswith("/*") and media_type.startswith(pattern[:-1]))
