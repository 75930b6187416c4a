"""Zip archives → the documents in them, read in memory: nothing is unpacked to the disk."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.read.content import Limits, Options

_HIDDEN = re.compile(r"(?:^|/)(?:\.[^./]|__MACOSX/)")
_ENCRYPTED, _UTF8 = 0x1, 0x800  # bits of a member's flags


def open_archive(data: bytes, options: Options) -> Iterator[tuple[str, bytes | ValueError]]:
    """The files in a zip archive by name, sorted, each with its bytes or the reason why they cannot be had.

    Hidden files, and those that macOS adds, are passed over.
    """
    with opened(data, options.limits) as archive:
        members = sorted((_name(info), at, info) for at, info in enumerate(archive.infolist()))
        for name, _, info in members:
            if name and not name.endswith(("/", "\\")) and not _HIDDEN.search(name):
                yield name, _bytes(archive, info, options.limits)


def opened(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """The archive, if it keeps the limits; `ValueError` names the one that it breaks."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        msg = f"this is no zip archive, or a damaged one ({error})"
        raise ValueError(msg) from error
    if (count := len(archive.infolist())) > limits.members:
        msg = f"its {count:,} files are more than the limit of {limits.members:,} (members)"
        raise ValueError(msg)
    # What a member declares bounds what zipfile gives of it.
    if (size := sum(info.file_size for info in archive.infolist())) > limits.expansion:
        msg = f"it unpacks to {size:,} bytes, more than the limit of {limits.expansion:,} (expansion)"
        raise ValueError(msg)
    return archive


def _name(info: zipfile.ZipInfo) -> str:
    """Its name: UTF-8 where it says so, else what Windows writes in China, if it is that."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> bytes | ValueError:
    if info.flag_bits & _ENCRYPTED:
        return ValueError("it is encrypted in its archive: unpack it first")
    if info.file_size > limits.file_size:
        return ValueError(f"larger than the limit of {limits.file_size:,} bytes (file_size); split it")
    try:
        return archive.read(info)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        return ValueError(f"it is damaged in its archive ({error})")
