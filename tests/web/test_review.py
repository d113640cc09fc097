"""The queue of the least certain statements."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from editing import NAME, add_editor, field, post, rows, sign_in
from fastapi.testclient import TestClient
from sqlalchemy import text as sql

from qawl.record import corrections, reviewing
from qawl.record.search import Filters
from qawl.record.store import Record
from qawl.record.words import is_postgresql


def shown(page: str) -> int | None:
    found = re.search(r'name="number" value="(\d+)"', page)
    return int(found[1]) if found else None


def queue(where: str) -> list[int]:
    """The numbers as they should come."""
    wanted = [r for r in rows(where) if r["current"] and r["confidence"] < 1]
    return [r["id"] for r in sorted(wanted, key=lambda r: (r["confidence"], r["id"]))]


def answer(client: TestClient, page: str, do: str, **more: str) -> str:
    """Answers what a page asks and follows to the next."""
    names = ("number", "seen", "after", "outlet", "act", "since")
    given = {name: field(page, name) for name in names}
    sent = post(client, "/review", do=do, **(given | more))
    assert sent.status_code == 303
    return client.get(sent.headers["location"]).text


def skip(client: TestClient, page: str) -> str:
    found = re.search(r'href="(/review\?[^"]*)" data-key="s"', page)
    assert found
    return client.get(found[1].replace("&amp;", "&")).text


def test_one_goes_through_the_whole_queue(client: TestClient, filled: str) -> None:
    wanted = queue(filled)
    page = client.get("/review").text
    seen = []
    for k in range(len(wanted)):
        number = shown(page)
        assert number is not None
        seen.append(number)
        page = answer(client, page, ("right", "wrong")[k % 2]) if k % 3 else skip(client, page)
    assert seen == wanted
    assert shown(page) is None
    assert queue(filled) == wanted[::3]  # those that were passed over wait
    assert shown(client.get("/review").text) == wanted[0]
    with Record(filled) as record, record.reading() as connection:
        kinds = [row["kind"] for row in corrections.all_of(connection)]
    assert len(kinds) == len(wanted) - len(wanted[::3])
    assert set(kinds) == {"right", "wrong"}


def test_an_answer_is_taken_back_on_the_next_page(client: TestClient, filled: str) -> None:
    before = rows(filled)
    first = client.get("/review").text
    page = answer(client, first, "wrong")
    assert shown(page) != shown(first)
    number, back = field(page, "undo"), field(page, "next")
    sent = post(client, "/corrections", undo=number, next=back.replace("&amp;", "&"))
    assert sent.headers["location"] == "/review"
    assert shown(client.get("/review").text) == shown(first)
    assert rows(filled) == before


def test_what_somebody_else_changed_is_shown_again(client: TestClient, filled: str) -> None:
    page = client.get("/review").text
    number = shown(page)
    with Record(filled) as record, record.writing() as connection:
        row = next(r for r in reviewing.least_certain(connection) if r["id"] == number)
        corrections.correct(connection, row, "act", {"act": "warn"}, "سامي")
    again = answer(client, page, "right")
    assert shown(again) == number
    assert field(again, "seen") != field(page, "seen")
    assert next(r for r in rows(filled) if r["id"] == number)["confidence"] < 1


def test_the_form_to_correct_leads_back_to_the_queue(client: TestClient) -> None:
    page = client.get("/review?act=inform").text
    found = re.search(r'href="(/statements/\d+/correct\?[^"]*)" data-key="e"', page)
    assert found
    form = client.get(found[1].replace("&amp;", "&")).text
    assert field(form, "next") == "/review?act=inform"
    assert re.search(r'name="rest" value="1" checked', form)


@pytest.mark.parametrize(
    ("query", "passes"),
    [
        ({"act": "inform"}, lambda r: r["act"] == "inform"),
        ({"outlet": "صحيفة المرفأ"}, lambda r: r["outlet"] == "صحيفة المرفأ"),
        ({"since": "2024-08-01"}, lambda r: r["published"].isoformat() >= "2024-08-01"),
        ({"act": "deny", "since": "2024-07-03"}, lambda r: r["act"] == "deny" and r["published"].isoformat() >= "2024-07-03"),
        ({"outlet": "لا أحد"}, lambda r: False),
    ],
)  # fmt: skip
def test_the_queue_is_narrowed(
    client: TestClient, filled: str, query: dict[str, str], passes: Callable[[Any], bool]
) -> None:
    kept = {r["id"] for r in rows(filled) if passes(r)}
    wanted = [n for n in queue(filled) if n in kept]
    page = client.get("/review", params=query).text
    seen = []
    while (number := shown(page)) is not None and len(seen) < 50:
        seen.append(number)
        page = skip(client, page)
    assert seen == wanted


@pytest.mark.parametrize("query", ["act=shout", "since=tomorrow", "after=x", "after=nan~1", "after=2~1", "after=0.5~", "after=0.1~99999999999999999999999", "done=0", "done=x"])  # fmt: skip
def test_what_is_no_queue_is_refused(browser: TestClient, query: str) -> None:
    assert browser.get(f"/review?{query}").status_code in (400, 422)


def test_the_person_is_kept(filled: str, serve: Callable[..., TestClient]) -> None:
    add_editor(filled)
    client = serve(filled, sign_in=True)
    sent = post(client, "/review", number="1", do="right", act="warn")
    assert sent.headers["location"] == "/sign-in?next=%2Freview%3Fact%3Dwarn"
    sign_in(client)
    answer(client, client.get("/review").text, "right")
    with Record(filled) as record, record.reading() as connection:
        assert [row["person"] for row in corrections.all_of(connection)] == [NAME]


@pytest.mark.parametrize(
    "filters", [None, Filters(outlet="صحيفة المرفأ"), Filters(acts=("inform",))]
)
def test_the_queue_goes_by_index(filled: str, filters: Filters | None) -> None:
    """No table is read whole to find the next statement."""
    with Record(filled) as record, record.reading() as connection:
        if is_postgresql(connection):
            connection.execute(sql("SET LOCAL enable_seqscan = off"))  # the tables are small
        asked: list[str] = []
        from sqlalchemy import event

        def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            asked.append((statement, parameters))  # type: ignore[arg-type]

        event.listen(connection, "before_cursor_execute", note)
        reviewing.least_certain(connection, filters, (0.1, 5))
        event.remove(connection, "before_cursor_execute", note)
        explain = "EXPLAIN " if is_postgresql(connection) else "EXPLAIN QUERY PLAN "
        statement, parameters = asked[0]
        plan = "\n".join(
            str(tuple(row)) for row in connection.exec_driver_sql(explain + statement, parameters)
        )
    if filters is None:
        assert "statements_to_review" in plan
        assert "TEMP B-TREE" not in plan
        assert "Sort" not in plan
    elif filters.outlet:
        assert "statements_by_outlet" in plan
