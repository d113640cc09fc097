"""The plan of a crawl: which files make which shard. It is made once and kept in the output's folder, so
that a crawl that goes on has the same shards, whatever has come to the input since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import PurePosixPath
from typing import Any, Literal

from datatrove.io import DataFolder
from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs

from qawl import __version__
from qawl.crawl.files import read_json, write_json
from qawl.crawl.settings import Settings, as_dict
from qawl.errors import InputError

NAME = "crawl.json"
Kind = Literal["warc", "html", "jsonl", "parquet"]

_KINDS: dict[str, Kind] = {
    ".warc": "warc",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mhtml": "html",
    ".mht": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}
_PACKED = (".gz", ".zst", ".zstd")


@dataclass(frozen=True, slots=True)
class File:
    """A file of the input: its ``path`` for fsspec, its ``name`` within the input, its size in bytes."""

    path: str
    name: str
    kind: Kind
    size: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The shards of a crawl, its settings, and what reads it."""

    source: str
    shards: tuple[tuple[File, ...], ...]
    settings: Settings
    reader: str
    qawl: str = __version__

    def save(self, folder: DataFolder) -> None:
        """Writes the plan into the output's folder."""
        shards = [[[f.path, f.name, f.kind, f.size] for f in shard] for shard in self.shards]
        plain = {"qawl": self.qawl, "reader": self.reader, "source": self.source}
        write_json(folder, NAME, {**plain, "settings": as_dict(self.settings), "shards": shards})


def load(folder: DataFolder) -> Plan | None:
    """The plan that a folder has, if any. Raises InputError where it is another program's."""
    if not folder.isfile(NAME):
        return None
    plain = read_json(folder, NAME)
    try:
        return Plan(
            plain["source"],
            tuple(tuple(File(*f) for f in shard) for shard in plain["shards"]),
            Settings(**plain["settings"]),
            plain["reader"],
            plain["qawl"],
        )
    except (KeyError, TypeError) as error:
        raise InputError(
            f"{NAME} in the output's folder is no plan of this version; give another output"
        ) from error


def plan(
    source: str, folder: DataFolder, settings: Settings, reader: str, storage: Mapping[str, Any]
) -> tuple[Plan, bool]:
    """The plan of the output's folder, made where there is none, and whether it was made now.

    Raises InputError where the input has nothing to read, or where the folder holds another crawl.
    """
    old = load(folder)
    if old is not None:
        _same(old, source, settings, reader)
        return old, False
    if any(not name.startswith(("work/", ".")) for name in folder.list_files()):
        raise InputError(
            f"{folder.path} holds other files; give a new or an empty folder for the output"
        )
    made = Plan(source, tuple(shards(find(source, storage), settings)), settings, reader)
    made.save(folder)
    return made, True


def _same(old: Plan, source: str, settings: Settings, reader: str) -> None:
    if old.source != source:
        raise InputError(
            f"the output holds a crawl of {old.source}, not of {source}; give another output"
        )
    changed = [
        f"{f.name} was {getattr(old.settings, f.name)!r}"
        for f in fields(Settings)
        if getattr(old.settings, f.name) != getattr(settings, f.name)
    ]
    if changed:
        raise InputError(
            f"the output holds a crawl with other settings ({', '.join(changed)}); "
            "go on with those, or give another output"
        )
    if old.reader != reader:
        raise InputError(
            f"the output was begun by {old.reader}, and this is {reader}; "
            "go on with that version, or give another output"
        )


def find(source: str, storage: Mapping[str, Any] | None = None) -> list[File]:
    """The files of the input: of a folder and all below it, of a pattern, or the one file; sorted.

    Raises InputError where there are none, or none that can be read.
    """
    try:
        fs, path = url_to_fs(source, **dict(storage or {}))
        if any(c in path for c in "*?["):
            entries, base = fs.glob(path, detail=True), _fixed(path)
        elif fs.isfile(path):
            entries, base = {path: fs.info(path)}, fs._parent(path)
        else:
            entries, base = fs.find(path, detail=True), path
    except FileNotFoundError:
        entries, base = {}, ""
    except (ImportError, ValueError) as error:
        raise InputError(f"{source} cannot be opened: {error}") from error
    except OSError as error:
        raise InputError(f"{source} cannot be opened: {error.strerror or error}") from error
    if not entries:
        raise InputError(f"there is nothing at {source}; check the name")
    crawled = (
        f"{base.rstrip('/')}/{NAME}" in entries
    )  # the output of a crawl: its articles, to be read again
    files = []
    for path, info in sorted(entries.items()):
        kind = kind_of(path)
        name = path[len(base) :].lstrip("/")
        hidden = any(part.startswith(".") for part in name.split("/"))
        if crawled and not name.startswith("articles/"):
            continue
        if kind and not hidden and (info["type"] == "file" or _links_to_file(fs, path, info)):
            files.append(File(_whole(fs, path), name, kind, int(info.get("size") or 0)))
    if not files:
        known = ", ".join(_KINDS)
        raise InputError(f"{source} has no file that can be read ({known}; also .gz and .zst)")
    return files


def _links_to_file(fs: AbstractFileSystem, path: str, info: Mapping[str, Any]) -> bool:
    """Whether an entry of a local folder is a symbolic link to a file."""
    return bool(info.get("islink")) and bool(fs.isfile(path))


def _whole(fs: AbstractFileSystem, path: str) -> str:
    """The path with its protocol, unless it is local."""
    protocols = fs.protocol if isinstance(fs.protocol, tuple) else (fs.protocol,)
    return path if "file" in protocols else str(fs.unstrip_protocol(path))


def _fixed(pattern: str) -> str:
    """The folder that a pattern's fixed part names."""
    fixed = pattern[: min(pattern.find(c) for c in "*?[" if c in pattern)]
    return fixed.rpartition("/")[0]


def kind_of(name: str) -> Kind | None:
    """What a file is by its name, or None."""
    suffixes = PurePosixPath(name.lower()).suffixes
    if suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    return _KINDS.get(suffixes[-1]) if suffixes else None


def shards(files: list[File], settings: Settings) -> list[tuple[File, ...]]:
    """The files in shards: one for each large file, small ones together."""
    made: list[tuple[File, ...]] = []
    pages = [f for f in files if f.kind == "html"]
    made += [(f,) for f in files if f.kind != "html"]
    step = settings.files_a_shard
    made += [tuple(pages[k : k + step]) for k in range(0, len(pages), step)]
    return made
