"""What a terminal is shown: nothing in a document may command it or turn the order of what it shows."""

from __future__ import annotations

import io
import re
import sys

# Control characters but tab and ends of lines; an escape may begin a colour, nothing else; marks that turn directions.
_COMMANDS = re.compile("\x1b(?!\\[[\\d;]*m)|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    r"""`text` with what would command a terminal escaped as Python and JSON write it.

    >>> print(harmless("甲\x1b]0;乙\x07 \u202e丙"))
    甲\u001b]0;乙\u0007 \u202e丙
    """
    return _COMMANDS.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


class _Shown(io.TextIOWrapper):
    def write(self, text: str) -> int:
        super().write(harmless(text))
        return len(text)


def guard_terminal() -> None:
    """Show on standard output, where that is a terminal, only what is harmless; files and pipes get all as it is."""
    stream = sys.stdout
    if isinstance(stream, io.TextIOWrapper) and stream.isatty():
        stream.flush()
        sys.stdout = _Shown(stream.buffer, stream.encoding, stream.errors, line_buffering=True)
