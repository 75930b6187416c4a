"""Pages that a browser saved as a single file (MHTML) → the page in it, read as HTML is."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.read.webpages import read_page

if TYPE_CHECKING:
    from email.message import Message

    from kg.read.content import Content, Options


def read_single(data: bytes, options: Options) -> Content:
    """The main text of the first page in an MHTML file; `ValueError` says why there is none."""
    try:
        # The old policy: the new one makes sense of every head, which takes long where there are very many.
        parts = email.message_from_bytes(data, policy=email.policy.compat32).walk()
        page = next((part for part in parts if part.get_content_type() == "text/html"), None)
        markup = page.get_payload(decode=True) if page is not None else None
    except Exception as error:  # whatever the parser meets in a damaged file
        msg = f"this is no page saved as a single file, or a damaged one ({type(error).__name__})"
        raise ValueError(msg) from error
    if page is None or not isinstance(markup, bytes) or not markup:
        msg = "there is no page in this file: save it from the browser again"
        raise ValueError(msg)
    return read_page(markup, replace(options, encoding=options.encoding or _charset(page)))


def _charset(page: Message) -> str | None:
    """The encoding that the head of the part names, if Python knows it; UTF-8 is found out without."""
    name = str(page.get_content_charset() or "")
    try:
        "".encode(name)
    except (LookupError, ValueError):
        return None
    return {"gb2312": "gb18030", "gbk": "gb18030"}.get(name, name) if name not in {"utf-8", "us-ascii"} else None
