"""A limit to the time that one piece of work may take."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kg.errors import LimitError

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Late(BaseException):
    """Time is up. No `Exception`, which a library that answers every one of them would take for its own."""


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """End the block with a :class:`kg.errors.LimitError` where it takes longer than `seconds`; 0 is no limit.

    The time is kept by a signal of POSIX systems in the main thread of a process; elsewhere there is no limit.
    What is within one call of a compiled library is ended when that call returns.

    >>> with at_most(1):
    ...     sum(range(1000))
    499500
    """
    if not seconds or not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: object) -> None:
        raise _Late

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 5)  # again and again, where a library caught the first
    try:
        yield
    except _Late:
        msg = f"it takes longer than the limit of {seconds:,} seconds (seconds); split it"
        raise LimitError(msg) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
