"""Editors: who may change the record over the web, by a passphrase or, for programs, by a token.

Passphrases are kept as argon2 hashes (argon2-cffi's defaults: RFC 9106's low-memory profile), the keys of
sessions and the tokens, which are random, as SHA-256. An unknown name costs what a known one does.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from qawl.errors import InputError, MissingExtraError
from qawl.record.schema import EditorRow, SavedSearchRow, SessionRow, TokenRow, table_of

if TYPE_CHECKING:
    from argon2 import PasswordHasher

EDITORS, SESSIONS, TOKENS = table_of(EditorRow), table_of(SessionRow), table_of(TokenRow)
SEARCHES = table_of(SavedSearchRow)
#: Code points of a name at most; of a passphrase at least and at most.
NAME, SHORTEST, LONGEST = 60, 12, 1000
#: How long a session lasts that nobody uses, and at most.
IDLE, AT_MOST = dt.timedelta(hours=12), dt.timedelta(days=30)
#: How old the last use that is kept may be before it is written again.
NOTED = dt.timedelta(minutes=5)
#: What tokens begin with, so that they are known where they are left lying about.
PREFIX = "qawl_"


@dataclass(frozen=True, slots=True)
class Editor:
    """An editor as a list shows him, with how many sessions are open and tokens given."""

    number: int
    name: str
    made: dt.datetime
    sessions: int = 0
    tokens: int = 0


def add(connection: Connection, name: str, passphrase: str) -> Editor:
    """Adds an editor; raises InputError for a name or passphrase that will not do."""
    name = checked_name(name)
    if _row(connection, name) is not None:
        raise InputError(f"there is an editor {name}: give another name")
    hashed = _hasher().hash(checked_passphrase(passphrase))
    now = dt.datetime.now(dt.UTC)
    row = {"name": name, "key": key_of(name), "hash": hashed, "made": now}
    made = connection.execute(insert(EDITORS), row).inserted_primary_key
    return Editor(int(made[0]) if made is not None else 0, name, now)


def all_of(connection: Connection) -> list[Editor]:
    """Every editor, by name."""
    e = EDITORS.c
    sessions = select(func.count()).where(SESSIONS.c.editor_id == e.id).scalar_subquery()
    tokens = select(func.count()).where(TOKENS.c.editor_id == e.id).scalar_subquery()
    query = select(e.id, e.name, e.made, sessions, tokens).order_by(e.key)
    return [Editor(*row) for row in connection.execute(query)]


def remove(connection: Connection, name: str) -> None:
    """Removes an editor with his sessions, tokens and saved searches; what he corrected stays, under his
    name. Raises InputError where there is none."""
    editor = named(connection, name)
    for table in (SESSIONS, TOKENS):
        connection.execute(delete(table).where(table.c.editor_id == editor.number))
    connection.execute(delete(SEARCHES).where(SEARCHES.c.person == editor.name))
    connection.execute(delete(EDITORS).where(EDITORS.c.id == editor.number))


def set_passphrase(connection: Connection, name: str, passphrase: str) -> None:
    """Gives an editor a new passphrase, which ends his sessions; his tokens go on. Raises InputError where
    there is none, or for one that will not do."""
    editor = named(connection, name)
    hashed = _hasher().hash(checked_passphrase(passphrase))
    connection.execute(update(EDITORS).where(EDITORS.c.id == editor.number).values(hash=hashed))
    connection.execute(delete(SESSIONS).where(SESSIONS.c.editor_id == editor.number))


def named(connection: Connection, name: str) -> Editor:
    """The editor of that name; raises InputError where there is none."""
    row = _row(connection, name)
    if row is None:
        raise InputError(f"there is no editor {name}: look with `qawl editor list`")
    return Editor(row.id, row.name, row.made)


def hash_of(connection: Connection, name: str) -> str | None:
    """The hash of an editor's passphrase, None where there is no such editor."""
    row = _row(connection, name)
    return None if row is None else str(row.hash)


def fits(hashed: str | None, passphrase: str) -> bool:
    """Whether a passphrase is the one of a hash; as long in coming where there is none (None)."""
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        right = _hasher().verify(hashed or _nobody(), _normal(passphrase[: LONGEST + 1]))
    except (Argon2Error, InvalidHashError):
        return False
    return right and hashed is not None


def rehashed(hashed: str, passphrase: str) -> str | None:
    """A new hash of a passphrase that fits, where the old one's parameters are not today's."""
    hasher = _hasher()
    return hasher.hash(_normal(passphrase)) if hasher.check_needs_rehash(hashed) else None


def begin(
    connection: Connection, name: str, seen: str, hashed: str | None = None, old: str | None = None
) -> str | None:
    """Begins a session of an editor and returns its key; ends ``old``, the key of the one before, and all
    that are over. ``seen`` is the hash that the passphrase fitted, ``hashed`` what to keep in its place.
    None where the editor is gone or has another passphrase by now."""
    row = _row(connection, name)
    if row is None or row.hash != seen:
        return None
    if hashed is not None:
        connection.execute(update(EDITORS).where(EDITORS.c.id == row.id).values(hash=hashed))
    if old:
        end(connection, old)
    now = dt.datetime.now(dt.UTC)
    s = SESSIONS.c
    connection.execute(delete(SESSIONS).where(or_(s.used < now - IDLE, s.made < now - AT_MOST)))
    key = secrets.token_urlsafe(32)
    made = {"hash": _sha(key), "editor_id": row.id, "made": now, "used": now}
    connection.execute(insert(SESSIONS), made)
    return key


def in_session(connection: Connection, key: str) -> tuple[str, bool] | None:
    """Whose session a key opens, and whether its use is to be noted (``used``); None where it opens none."""
    s = SESSIONS.c
    query = (
        select(EDITORS.c.name, s.made, s.used)
        .join(EDITORS, EDITORS.c.id == s.editor_id)
        .where(s.hash == _sha(key))
    )
    row = connection.execute(query).first()
    now = dt.datetime.now(dt.UTC)
    if row is None or row.used < now - IDLE or row.made < now - AT_MOST:
        return None
    return str(row.name), row.used < now - NOTED


def used(connection: Connection, key: str) -> None:
    """Notes that a session is used now."""
    mine = SESSIONS.c.hash == _sha(key)
    connection.execute(update(SESSIONS).where(mine).values(used=dt.datetime.now(dt.UTC)))


def end(connection: Connection, key: str) -> None:
    """Ends a session."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.hash == _sha(key)))


def new_token(connection: Connection, name: str) -> str:
    """A new token of an editor, which is kept nowhere; raises InputError where there is no such editor."""
    editor = named(connection, name)
    token = PREFIX + secrets.token_urlsafe(32)
    row = {"hash": _sha(token), "editor_id": editor.number, "made": dt.datetime.now(dt.UTC)}
    connection.execute(insert(TOKENS), row)
    return token


def revoke(connection: Connection, name: str) -> int:
    """Makes all tokens of an editor worthless; how many there were."""
    editor = named(connection, name)
    return connection.execute(delete(TOKENS).where(TOKENS.c.editor_id == editor.number)).rowcount


def with_token(connection: Connection, token: str) -> str | None:
    """Whose token it is; None where it is nobody's."""
    query = (
        select(EDITORS.c.name)
        .join(TOKENS, TOKENS.c.editor_id == EDITORS.c.id)
        .where(TOKENS.c.hash == _sha(token))
    )
    return connection.scalar(query)


def checked_name(name: str) -> str:
    """A name as it is kept; raises InputError for one that is none: letters, figures, marks and single
    spaces, without what turns or hides text."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name or len(name) > NAME or any(unicodedata.category(c)[0] == "C" for c in name):
        raise InputError(f"a name has 1 to {NAME} characters that can be seen")
    return name


def checked_passphrase(passphrase: str) -> str:
    """A passphrase as it is hashed; raises InputError for one that is too short or too long."""
    if len(passphrase.strip()) < SHORTEST:
        raise InputError(
            f"a passphrase has at least {SHORTEST} characters: take four or five words"
        )
    if len(passphrase) > LONGEST:
        raise InputError(f"a passphrase has at most {LONGEST:,} characters")
    return _normal(passphrase)


def _row(connection: Connection, name: str):  # type: ignore[no-untyped-def]
    return connection.execute(select(EDITORS).where(EDITORS.c.key == key_of(name))).first()


def key_of(name: str) -> str:
    """A name as it is compared: however it is written, it is one editor's."""
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


def _normal(passphrase: str) -> str:
    """The passphrase whichever keyboard composed it (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", passphrase)


def _sha(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _hasher() -> PasswordHasher:
    try:
        from argon2 import PasswordHasher
    except ModuleNotFoundError as error:
        raise MissingExtraError("signing in", "web") from error
    return PasswordHasher()


@cache
def _nobody() -> str:
    """What the passphrase of an unknown name is compared with: the hash of one that nobody has."""
    return _hasher().hash(secrets.token_urlsafe(32))
