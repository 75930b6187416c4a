"""Files that are either complete or absent."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from kg.errors import TargetError


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


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
