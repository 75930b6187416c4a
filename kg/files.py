"""Files that are either complete or absent."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def write_atomically(path: Path, data: str | bytes) -> None:
    """Write `data` (text as UTF-8) to `path` by way of a temporary file in the same folder.

    Missing folders are made. :class:`TargetError` says what stands in the way; what was at `path` before is
    then untouched and no temporary file is left.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomically(Path(folder, "new", "a.txt"), "匠谱")
    ...     Path(folder, "new", "a.txt").read_text(encoding="utf-8")
    '匠谱'
    """
    content = data.encode() if isinstance(data, str) else data
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())  # mkstemp makes private files
        temporary.replace(path)
    except OSError as error:
        msg = f"{path}: cannot be written ({error.strerror or error})"
        raise TargetError(msg) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)  # gone already where the file was replaced


_LEFT = 3600  # seconds from which on a temporary file is one that a killed process left


def remove_left(folder: Path, names: Iterable[str]) -> None:
    """Remove what killed writes of `names` to `folder` left: their temporary files and folders of an hour ago or more.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     left = Path(folder, ".a.txt.x7.part")
    ...     left.touch()
    ...     os.utime(left, (0, 0))
    ...     remove_left(Path(folder), ["a.txt"])
    ...     left.exists()
    False
    """
    starts = tuple(f".{name}." for name in names)
    try:
        found = [path for path in folder.iterdir() if path.name.startswith(starts) and path.suffix == ".part"]
        old = [path for path in found if path.lstat().st_mtime < time.time() - _LEFT]
        for path in old:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
    except OSError:
        return  # nothing there yet, or not ours to remove: writing will tell


_MARK = ".jiangpu"  # the file by which a folder is known as one that was written here


def write_folder(path: Path, files: Mapping[str, str | bytes]) -> None:
    """Write a folder of `files` (by name; text as UTF-8) to `path`, whole or not at all.

    A folder that was written here before is replaced. :class:`TargetError` where another one, that holds something,
    is in the way.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_folder(Path(folder, "tables"), {"a.csv": "匠谱"})
    ...     Path(folder, "tables", "a.csv").read_text(encoding="utf-8")
    '匠谱'
    """
    if path.exists() and not (path / _MARK).exists() and not (path.is_dir() and not any(path.iterdir())):
        msg = f"{path}: cannot be written (something that kg did not make is there)"
        raise TargetError(msg)
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent))
        new, old = temporary / "new", temporary / "old"
        new.mkdir()
        for name, data in {_MARK: "", **files}.items():
            (new / name).write_bytes(data.encode() if isinstance(data, str) else data)
        new.chmod(0o777 & ~_umask())
        _exchange(path, new, old)
    except OSError as error:
        msg = f"{path}: cannot be written ({error.strerror or error})"
        raise TargetError(msg) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def _exchange(path: Path, new: Path, old: Path) -> None:
    """Put `new` where `path` is and that, if there is one, where `old` is; or leave all as it was."""
    if path.exists():
        path.rename(old)
    try:
        new.rename(path)
    except OSError:
        if old.exists():
            old.rename(path)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
