"""The file of outlets that are followed (outlets.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from qawl.arabic.countries import state_called
from qawl.errors import InputError
from qawl.sources.web.errors import Refused
from qawl.sources.web.guard import tidy

#: Entries of a sitemap older than this many days are passed over, where an outlet does not say.
DAYS = 7.0
#: What an address at which a person is reached looks like.
CONTACT = re.compile(r"(?:https?://|mailto:)[\x21-\x7e]+$")
_TOP = ("contact", "delay", "outlet")
_KEYS = ("name", "country", "feeds", "sitemaps", "delay", "days", "include", "exclude")
_EXAMPLE = '[[outlet]]\nname = "…"\nfeeds = ["https://…/rss"]'


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet that is followed. ``delay`` is in seconds, None where the file does not say; ``country``
    is the state whose readers it writes for, as countries.tsv calls it.

    ``include`` and ``exclude`` are patterns of addresses in which * stands for anything.
    """

    name: str
    country: str | None = None
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    delay: float | None = None
    days: float = DAYS
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def wants(self, address: str) -> bool:
        """Whether an article at ``address`` is to be kept, by the patterns; an address is compared
        as it is and with its Arabic letters written out."""
        forms = (address, unquote(address))
        if any(fnmatchcase(form, p) for p in self.exclude for form in forms):
            return False
        return not self.include or any(fnmatchcase(f, p) for p in self.include for f in forms)


@dataclass(frozen=True, slots=True)
class Outlets:
    """The outlets of a file; ``contact`` is told to their servers, ``delay`` is in seconds."""

    outlets: tuple[Outlet, ...]
    contact: str | None = None
    delay: float | None = None


def read(path: Path) -> Outlets:
    """The outlets of a file. Raises InputError, naming each wrong line and what to write there."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: it cannot be read: {error.strerror or error}") from error
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}:{line}: it is not UTF-8; save the file as UTF-8") from error
    return parse(text, str(path))


def parse(text: str, name: str = "outlets.toml") -> Outlets:
    """The outlets of a file's text; ``name`` stands in messages. Raises InputError as ``read``."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", str(error))
        line = int(found[2]) if found and found[2] else text.count("\n") + 1
        why = found[1] if found else str(error)
        raise InputError(
            f'{name}:{line}: it is not TOML ({why}); write key = "value", texts in quotation marks'
        ) from error
    check = _Check(_Lines(text))
    outlets = check.file(given)
    if check.problems:
        problems = sorted(check.problems)
        raise InputError("\n".join(f"{name}:{line}: {message}" for line, message in problems))
    return outlets


@dataclass
class _Lines:
    """Where things stand in the file, which the TOML parser does not tell."""

    text: str
    lines: list[str] = field(init=False)
    heads: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = self.text.split("\n")
        self.heads = [
            k for k, line in enumerate(self.lines) if re.match(r"\s*\[\[\s*outlet\s*\]\]", line)
        ]

    def of(self, outlet: int | None, key: str = "", value: object = None) -> int:
        """The line, from 1, of a key of the ``outlet``-th outlet (None: above them all), or of one
        of its values; that of the outlet's head where it is not found."""
        if outlet is None:
            start, end = -1, (self.heads[0] if self.heads else len(self.lines))
        elif outlet < len(self.heads):
            start = self.heads[outlet]
            end = self.heads[outlet + 1] if outlet + 1 < len(self.heads) else len(self.lines)
        else:
            return 1
        at = start
        if key:
            opening = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
            at = next((k for k in range(start + 1, end) if opening.match(self.lines[k])), start)
        if isinstance(value, str) and value:
            at = next((k for k in range(max(at, 0), end) if value in self.lines[k]), at)
        return max(at, 0) + 1


class _Check:
    """Turns what the file gives into outlets, and collects what is wrong with it."""

    def __init__(self, lines: _Lines) -> None:
        self._lines = lines
        self._outlet: int | None = None
        self.problems: list[tuple[int, str]] = []

    def file(self, given: dict[str, Any]) -> Outlets:
        """The outlets of a whole file."""
        self._known(given, _TOP)
        contact = self._text(given, "contact")
        if contact and not CONTACT.match(contact):
            self._wrong(
                "contact", 'contact must be an address: write "https://…" or "mailto:name@host"'
            )
        delay = self._number(given, "delay", "seconds")
        tables = given.get("outlet")
        if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
            self._wrong("outlet", f"it lists no outlet; write\n{_EXAMPLE}")
            tables = []
        outlets: list[Outlet] = []
        names: dict[str, int] = {}
        places: dict[str, int] = {}
        for k, table in enumerate(tables):
            self._outlet = k
            outlet = self._one(table)
            line = self._lines.of(k)
            if outlet.name and outlet.name in names:
                first = names[outlet.name]
                self._wrong("name", f"the outlet of line {first} has the same name; join the two")
            for key, addresses in (("feeds", outlet.feeds), ("sitemaps", outlet.sitemaps)):
                for address in addresses:
                    if address in places:
                        message = f"{address} stands in line {places[address]}, too; remove one"
                        self._wrong(key, message, address)
                    places.setdefault(address, self._lines.of(k, key, address))
            names.setdefault(outlet.name, line)
            outlets.append(outlet)
        return Outlets(tuple(outlets), contact, delay)

    def _one(self, table: dict[str, Any]) -> Outlet:
        self._known(table, _KEYS)
        name = (self._text(table, "name") or "").strip()
        if not name:
            self._wrong("name", 'the outlet has no name; write name = "…"')
        feeds, sitemaps = self._addresses(table, "feeds"), self._addresses(table, "sitemaps")
        if not table.get("feeds") and not table.get("sitemaps"):
            message = f'{name or "the outlet"} has no feed; write feeds = ["https://…"]'
            self._wrong("feeds", f'{message} or sitemaps = ["https://…"]')
        days = self._number(table, "days", "days")
        return Outlet(
            name,
            self._country(table),
            feeds,
            sitemaps,
            self._number(table, "delay", "seconds"),
            DAYS if days is None else days,
            self._texts(table, "include"),
            self._texts(table, "exclude"),
        )

    def _known(self, table: dict[str, Any], keys: tuple[str, ...]) -> None:
        for key in table:
            if key not in keys:
                self._wrong(key, f"{key!r} is not known; known are {', '.join(keys)}")

    def _text(self, table: dict[str, Any], key: str) -> str | None:
        value = table.get(key)
        if value is None or isinstance(value, str):
            return value
        self._wrong(key, f'{key} must be a text in quotation marks: {key} = "…"')
        return None

    def _country(self, table: dict[str, Any]) -> str | None:
        value = self._text(table, "country")
        if not value or not value.strip():
            return None
        state = state_called(value)
        if state is None:
            self._wrong(
                "country", f'no state is called {value!r}; write country = "الأردن" or "JO"'
            )
        return state

    def _texts(self, table: dict[str, Any], key: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(v, str) and v.strip() for v in value):
            return tuple(value)
        self._wrong(key, f'{key} must be a list of texts: {key} = ["…"]')
        return ()

    def _addresses(self, table: dict[str, Any], key: str) -> tuple[str, ...]:
        kept: list[str] = []
        for value in self._texts(table, key):
            try:
                kept.append(tidy(value))
            except Refused as error:
                self._wrong(key, str(error), value)
        return tuple(kept)

    def _number(self, table: dict[str, Any], key: str, unit: str) -> float | None:
        value = table.get(key)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e6:
            return float(value)
        self._wrong(key, f"{key} must be a number of {unit}, 0 or more: {key} = 10")
        return None

    def _wrong(self, key: str, message: str, value: object = None) -> None:
        self.problems.append((self._lines.of(self._outlet, key, value), message))


def by_name(outlets: Iterable[Outlet]) -> dict[str, Outlet]:
    """Outlets by their names."""
    return {outlet.name: outlet for outlet in outlets}
