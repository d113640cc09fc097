"""Files of a crawl's folder, local or at any fsspec address: written whole or not at all."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO, cast

from datatrove.io import DataFolder

PART = ".part"


def folder_of(address: str, storage: Mapping[str, Any] | None = None) -> DataFolder:
    """A folder by its path or fsspec address."""
    return DataFolder(address, **dict(storage or {}))


@contextmanager
def whole(folder: DataFolder, name: str) -> Iterator[BinaryIO]:
    """An open file that gets its ``name`` only when the block ends well. Two processes that write the
    same file do not meet: each has a temporary name of its own, and the last renaming stays."""
    where, _, base = name.rpartition("/")
    part = f"{where}/.{base}.{uuid.uuid4().hex[:12]}{PART}".lstrip("/")
    try:
        with folder.open(part, "wb") as out:
            yield cast(BinaryIO, out)
        folder.mv(part, name)
    except BaseException:
        with suppress(Exception):
            folder.rm(part)
        raise


def write_json(folder: DataFolder, name: str, value: Any) -> None:
    """Writes plain data as JSON, whole or not at all."""
    with whole(folder, name) as out:
        out.write(json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n")


def read_json(folder: DataFolder, name: str) -> Any:
    """The data of a JSON file; None where there is none (or where it is being written)."""
    try:
        # at once: an object store's file that is opened first can be written anew before it is read
        return json.loads(folder.cat_file(name))
    except (FileNotFoundError, ValueError):
        return None


def write_rows(folder: DataFolder, name: str, rows: list[dict[str, Any]], schema: Any) -> None:
    """Writes a small Parquet table, whole or not at all."""
    import pyarrow as pa
    from pyarrow import parquet

    with whole(folder, name) as out:
        parquet.write_table(pa.Table.from_pylist(rows, schema), out, compression="zstd")


def read_rows(folder: DataFolder, name: str) -> list[dict[str, Any]]:
    """The rows of a small Parquet table."""
    from pyarrow import parquet

    with folder.open(name, "rb") as file:
        return cast(list[dict[str, Any]], parquet.read_table(file).to_pylist())
