"""Where an export goes: a file or a folder that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from qawl.errors import QawlError


class OutputError(QawlError):
    """What was asked for cannot be written there."""


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """An open binary file that takes the place of ``path`` only when the block ends well.

    It is written beside ``path`` under a hidden name and renamed at the end; after an error it is
    removed and what stood at ``path`` before is untouched. A device or a pipe is written directly.
    Raises ``OutputError`` where that is not possible.
    """
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        if path.is_dir():
            raise OutputError(f"{path} is a folder: give --output a file name for this format")
        with path.open("wb") as special:
            yield cast(BinaryIO, special)
        return
    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{path.name[:100]}.", suffix=".part", dir=path.parent
        )
    except OSError as error:
        raise OutputError(
            f"cannot write in {path.parent} ({error.strerror}): "
            "make the folder or give another --output"
        ) from error
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        os.chmod(name, path.stat().st_mode if path.exists() else 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """A new folder that takes the place of ``path`` only when the block ends well.

    ``path`` must be new or an empty folder, so that no annotator's work is written over; raises
    ``OutputError`` otherwise.
    """
    path = Path(os.path.realpath(path))
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise OutputError(f"{path} is there already: give --output a new or an empty folder")
    try:
        part = Path(
            tempfile.mkdtemp(prefix=f".{path.name[:100]}.", suffix=".part", dir=path.parent)
        )
    except OSError as error:
        raise OutputError(
            f"cannot write in {path.parent} ({error.strerror}): "
            "make the folder or give another --output"
        ) from error
    try:
        yield part
        part.chmod(0o777 & ~_umask())
        if path.exists():
            path.rmdir()
        part.rename(path)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
