"""A name that a visitor types, as the sources of the record that it may be of."""

from __future__ import annotations

import re

from sqlalchemy import Connection

from qawl.arabic.letters import fold
from qawl.errors import NotFoundError
from qawl.record.sources import Kept
from qawl.record.who import candidates

#: Code points of a name, and sources shown for one, at most.
LONGEST, SHOWN = 200, 40
#: How many times as often as the next one is quoted who is meant without asking.
PLAIN = 4
#: A name with the number of the source that is meant, as links of the pages write it.
_NUMBERED = re.compile(r"(?:.*\s)?#(\d+)")
#: Characters that no name has; PostgreSQL refuses the first.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


def found(connection: Connection, typed: str) -> list[Kept]:
    """The sources that ``typed`` may name, the likeliest first; none where nothing is typed. After a name
    may stand the number of its source (#12), which then decides.

    Raises InputError for a number (#12) that is none of the record's.
    """
    typed = " ".join(_CONTROLS.sub(" ", typed).split())
    if not typed:
        return []
    if given := _NUMBERED.fullmatch(typed):
        if len(given[1]) > 18:
            raise NotFoundError(f"the record has no source #{given[1]}")
        typed = "#" + given[1]
    return candidates(connection, typed)


def meant(connection: Connection, typed: str) -> tuple[Kept | None, list[Kept]]:
    """(the source that ``typed`` names, None where that is not clear; those that it may name)."""
    some = found(connection, typed)
    if not some:
        return None, []
    folded = fold(" ".join(typed.split()))
    exact = [k for k in some if any(fold(name) == folded for name in k.profile["names"])]
    if len(some) == 1 or len(exact) == 1:
        return (exact or some)[0], []
    if some[0].source.count > PLAIN * some[1].source.count:
        return some[0], []
    return None, some[:SHOWN]


def role_of(kept: Kept) -> str:
    """The role that a source stands with most, empty where none is known."""
    roles = kept.profile["roles"].values()
    best = max(roles, key=lambda r: r["seen"][0], default=None)
    return str(best["text"]) if best else ""
