"""What the tests of the editors' pages share: an editor, his browser, tickets, statements."""

from __future__ import annotations

import re
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import select

from qawl.record import editors
from qawl.record.schema import StatementRow, table_of
from qawl.record.store import Record

STATEMENTS = table_of(StatementRow)
NAME, PASSPHRASE = "ليلى منصور", "سبع نخلات خلف البيت القديم"


def add_editor(where: str, name: str = NAME, passphrase: str = PASSPHRASE) -> None:
    with Record(where) as record, record.writing() as connection:
        editors.add(connection, name, passphrase)


def ticket(client: TestClient, page: str = "/try") -> str:
    found = re.search(r'name="ticket" value="(\w+)"', client.get(page).text)
    assert found
    return found[1]


def post(client: TestClient, path: str, **fields: Any) -> Any:
    """Sends a form as the page that has it would."""
    return client.post(path, data={"ticket": ticket(client), **fields})


def sign_in(client: TestClient, name: str = NAME, passphrase: str = PASSPHRASE, **more: str) -> Any:
    return post(client, "/sign-in", name=name, passphrase=passphrase, **more)


def rows(where: str) -> list[dict[str, Any]]:
    """All statements, but for why they were linked (a source that was new is known when it is read again),
    each saying by its least number (what is read again joins the others of its saying)."""
    with Record(where) as record:
        record.settle()
        with record.reading() as connection:
            found = connection.execute(select(STATEMENTS).order_by(STATEMENTS.c.id)).mappings()
            out = [{k: v for k, v in row.items() if k != "link"} for row in found]
    first: dict[int, int] = {}
    for row in out:
        first.setdefault(row["saying_id"], row["id"])
    return [row | {"saying_id": first[row["saying_id"]]} for row in out]


def row_of(where: str, words: str) -> dict[str, Any]:
    """The current statement whose text begins with these words."""
    (found,) = [r for r in rows(where) if r["current"] and r["text"].startswith(words)]
    return found


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]
