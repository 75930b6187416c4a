"""Which documents the sources given stand for, and what each is called."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
import unicodedata
from collections import defaultdict, deque
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import NoSourceError, SourceError
from kg.read.content import Limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

STDIN = "-"
_HOSTILE = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})  # that turn the direction


@dataclass(frozen=True, slots=True)
class Source:
    """One document to read: a file, or the bytes that came by standard input.

    `parts` are the names of its whole path, of which the last `depth` make its :attr:`id`; `shown` is what the
    user called it.
    """

    parts: tuple[str, ...]
    depth: int
    shown: str
    path: Path | None = None
    data: bytes | None = None

    @property
    def id(self) -> str:
        """Its path under the source given, with forward slashes, characters that no text may hold escaped."""
        return "/".join(self.parts[-self.depth :])

    @property
    def suffix(self) -> str:
        """The end of its name in lower case, by which its kind is known."""
        return os.path.splitext(self.parts[-1])[1].lower()  # noqa: PTH122

    def read(self, limit: int) -> bytes:
        """Its bytes; :class:`SourceError` where they cannot be had or are more than `limit`."""
        try:
            data = self._bytes(limit + 1)
        except OSError as error:
            raise SourceError(self.shown, _reason(error)) from error
        if len(data) > limit:
            raise SourceError(self.shown, f"larger than the limit of {limit:,} bytes (file_size); split it")
        return data

    def inner(self, name: str, data: bytes | None = None) -> Source:
        """The document called `name` in this one; what in a name would lead elsewhere is left out.

        >>> Source(("a.zip",), 1, "in/a.zip").inner("../b/c.txt").id
        'a.zip/b/c.txt'
        """
        names = [_printable(part) for part in re.split(r"[/\\]", name) if part not in {"", ".", ".."}]
        return Source((*self.parts, *names), self.depth + len(names), "/".join((self.shown, *names)), data=data)

    def _bytes(self, count: int) -> bytes:
        if self.path is None:
            return self.data or b""
        with self.path.open("rb") as file:
            before = os.fstat(file.fileno())
            data = file.read(count)
            after = os.fstat(file.fileno())
        if stat.S_ISREG(before.st_mode) and (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise SourceError(self.shown, "it changed while it was read; build again when it is complete")
        return data


@dataclass(frozen=True, slots=True)
class Found:
    """The documents behind the sources given, sorted by id; what is wrong; files of a kind that is not read."""

    sources: tuple[Source, ...]
    errors: tuple[SourceError, ...]
    skipped: tuple[str, ...]


def find_sources(
    given: Iterable[str | Path],
    suffixes: Iterable[str],
    limit: int = Limits().file_size,
    without: Iterable[str | Path] = (),
) -> Found:
    """The documents in the files and folders `given` (``-`` is standard input), whatever their order.

    Folders are searched through for files that end in one of `suffixes`; hidden ones and those of `without`, files or
    folders, are passed over.
    Two files of one id and one content are one document; where the contents differ, as many names of
    parent folders as tell the files apart go before their ids.

    >>> find_sources(["no/such/file.txt"], [".txt"]).errors
    (NoSourceError('no/such/file.txt: no such file or folder'),)
    """
    sources: list[Source] = []
    errors: list[SourceError] = []
    skipped: set[str] = set()
    wanted = frozenset(suffixes)
    passed_over = frozenset(os.path.realpath(path) for path in without)
    for name in sorted({os.fspath(g) for g in given}):
        try:
            if name == STDIN:
                sources.append(_standard_input(limit))
            elif name and Path(name).is_dir():  # an unset variable of a shell is not the folder one is in
                sources += _in_folder(Path(name), wanted, passed_over, skipped, errors)
            else:
                sources.append(_named(name))
        except SourceError as error:
            errors.append(error)
        except FileNotFoundError as error:
            errors.append(NoSourceError(_printable(name) or "''", _reason(error)))
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            errors.append(SourceError(_printable(name), _reason(error)))
    named = _tell_apart(_once(sources), limit)
    return Found(tuple(sorted(named, key=lambda s: s.id)), tuple(errors), tuple(sorted(skipped)))


def _standard_input(limit: int) -> Source:
    data = sys.stdin.buffer.read(limit + 1)
    return Source((STDIN, "stdin.txt"), 1, "standard input", data=data)


def _named(name: str) -> Source:
    status = os.stat(name)  # noqa: PTH116  (OSError where there is none, and for no name)
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError
    return _source(Path(name), 1)


def _source(path: Path, depth: int) -> Source:
    absolute = Path(os.path.abspath(path))  # noqa: PTH100  (a link keeps the name it was given by)
    parts = tuple(_printable(part) for part in absolute.parts)
    return Source(parts, depth, _printable(path.as_posix()), path)


def _in_folder(
    root: Path, wanted: frozenset[str], passed_over: frozenset[str], skipped: set[str], errors: list[SourceError]
) -> list[Source]:
    found, others = [], set()
    for path in _files(root, passed_over, errors):
        source = _source(path, len(path.parts) - len(root.parts))
        if source.suffix in wanted:
            found.append(source)
        else:
            others.add(source.shown)
    skipped |= others
    if not found:
        kinds = ", ".join(sorted(wanted))
        also = f" ({len(others)} of other kinds)" if others else ""
        raise NoSourceError(_printable(root.as_posix()), f"no documents in this folder{also}; documents end in {kinds}")
    return found


def _files(root: Path, passed_over: frozenset[str], errors: list[SourceError]) -> Iterator[Path]:
    """Every file under `root` but those `passed_over`. Links to folders are followed last, no folder entered twice."""
    folders, links = [root], deque[Path]()
    entered: set[str] = set()
    while folders or links:
        folder = folders.pop() if folders else links.popleft()
        real = os.path.realpath(folder)
        if real in entered:
            continue
        entered.add(real)
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda e: e.name)
        except OSError as error:
            errors.append(SourceError(_printable(folder.as_posix()), _reason(error)))
            continue
        for entry in entries:
            path = folder / entry.name
            if entry.name.startswith(".") or (passed_over and _real(path, real) in passed_over):
                continue
            # os.path and not `entry`, which raises where a link leads to itself.
            if os.path.isdir(path):  # noqa: PTH112
                (links if entry.is_symlink() else folders).append(path)
            elif os.path.isfile(path) or not os.path.exists(path):  # noqa: PTH110, PTH113  (no pipes; broken links)
                yield path


def _real(path: Path, folder: str) -> str:
    """The real path of `path`, which lies in the folder of the real path `folder`."""
    return os.path.realpath(path) if os.path.islink(path) else os.path.join(folder, path.name)  # noqa: PTH114, PTH118


def _once(sources: Sequence[Source]) -> list[Source]:
    """Each file once: by the name that says most, and rather by its own than by a link's."""
    best: dict[str, Source] = {}
    folder = cache(os.path.realpath)  # a million files lie in few folders

    def rank(source: Source) -> tuple[bool, int, tuple[str, ...]]:
        # os.path and not Path, which raises in a folder that may be listed and not entered.
        return source.path is not None and os.path.islink(source.path), -source.depth, source.parts  # noqa: PTH114

    for source in sorted(sources, key=rank):
        best.setdefault(_real(source.path, folder(source.path.parent)) if source.path else STDIN, source)
    return list(best.values())


def _tell_apart(sources: Sequence[Source], limit: int) -> list[Source]:
    """Give each source an id of its own, and drop those that say the same under the same id."""
    sources = sorted(sources, key=lambda s: s.parts)
    while True:
        by_id: defaultdict[str, list[Source]] = defaultdict(list)
        for source in sources:
            by_id[source.id].append(source)
        if len(by_id) == len(sources):
            return sources
        sources = [s for same in by_id.values() for s in (same if len(same) == 1 else _deepen(same, limit))]


def _deepen(same: Sequence[Source], limit: int) -> list[Source]:
    contents: dict[object, Source] = {}
    for source in same:
        try:
            contents.setdefault(hashlib.sha256(source.read(limit)).digest(), source)
        except SourceError:  # said when its turn to be read comes
            contents.setdefault(source.parts, source)
    if len(contents) == 1:
        return list(contents.values())
    return [replace(s, depth=min(s.depth + 1, len(s.parts))) for s in contents.values()]


def _printable(name: str) -> str:
    """`name` in one line of characters that every output can hold; others, and the backslash, are escaped."""
    if name.isprintable() and "\\" not in name:
        return name
    return "".join(
        c.encode("unicode_escape").decode()
        if c == "\\" or unicodedata.category(c) in _HOSTILE or unicodedata.bidirectional(c) in _TURNING
        else c
        for c in name
    )


def _reason(error: OSError | ValueError) -> str:
    match error:
        case FileNotFoundError():
            return "no such file or folder"
        case PermissionError():
            return "no permission to read it"
        case IsADirectoryError():
            return "this is a folder, not a file"
        case OSError(strerror=str(reason)):
            return reason.lower()
    return str(error)
