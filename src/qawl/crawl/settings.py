"""What a crawl is told: the settings that decide its tables, and those that only say how it runs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args

from qawl.errors import InputError

Repeats = Literal["near", "exact", "none"]
Executor = Literal["local", "ray", "slurm"]
EXECUTORS: tuple[Executor, ...] = get_args(Executor)


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides the tables. A crawl keeps those that it began with.

    ``repeats``: which repeats are dropped. ``page_seconds``: CPU time that one page may take in a stage
    (ten times that on the clock). ``page_megabytes``: memory that one page may take beyond what the
    worker needs anyway. ``largest_page``: bytes of a page, unpacked; news pages have 30,000 to 500,000.
    ``files_a_shard``: pages in files of their own (HTML) are read so many to a shard; a WARC, JSONL or
    Parquet file is a shard of its own.
    """

    repeats: Repeats = "near"
    page_seconds: float = 20.0
    page_megabytes: int = 1024
    largest_page: int = 5_000_000
    files_a_shard: int = 1000


@dataclass(frozen=True, slots=True)
class Running:
    """How a crawl runs: nothing of it changes the tables. ``workers``: shards done at once; 0 is one on this
    machine, and no limit on a cluster. ``slurm`` and ``ray`` are handed to datatrove's
    executors as they are, ``storage`` to fsspec (keys, endpoints)."""

    workers: int = 0
    executor: Executor = "local"
    slurm: Mapping[str, Any] = field(default_factory=dict)
    ray: Mapping[str, Any] = field(default_factory=dict)
    storage: Mapping[str, Any] = field(default_factory=dict)
    keep_work: bool = False


def load(path: Path | None, **given: Any) -> tuple[Settings, Running]:
    """The settings of a TOML file, with what is ``given`` (and not None) over it.

    Raises InputError with the key and what it may be.
    """
    said: dict[str, Any] = {}
    if path is not None:
        try:
            said = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(f"{path} is not TOML ({error}); mend it") from error
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    said |= {key: value for key, value in given.items() if value is not None}
    names = {f.name: of for of in (Settings, Running) for f in fields(of)}
    for key, value in said.items():
        if key not in names:
            near = get_close_matches(key, names, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
            raise InputError(f"{path or 'the settings'}: there is no setting {key}; {hint}")
        _check(key, value, path)
    mine = {key: value for key, value in said.items() if names[key] is Settings}
    return replace(Settings(), **mine), replace(
        Running(), **{k: said[k] for k in said if k not in mine}
    )


def _check(key: str, value: Any, path: Path | None) -> None:
    choices = {"repeats": get_args(Repeats), "executor": EXECUTORS}.get(key)
    if choices:
        good, wanted = value in choices, "one of " + ", ".join(choices)
    elif key in ("slurm", "ray", "storage"):
        good, wanted = isinstance(value, dict), f"a table: [{key}]"
    elif key == "keep_work":
        good, wanted = isinstance(value, bool), "true or false"
    elif key == "page_seconds":
        good = isinstance(value, int | float) and not isinstance(value, bool) and value > 0
        wanted = "a number of seconds above 0"
    else:
        least = 0 if key == "workers" else 1
        good = isinstance(value, int) and not isinstance(value, bool) and value >= least
        wanted = f"a whole number from {least} on"
    if not good:
        raise InputError(f"{path or 'the settings'}: {key} is {wanted}, not {value!r}")


def as_dict(settings: Settings) -> dict[str, Any]:
    """The settings as plain data."""
    return asdict(settings)
