"""Signing in and out, tokens, and who is known to be asking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from editing import NAME, PASSPHRASE, add_editor, post, sign_in, ticket
from fastapi import Request
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from qawl.record import editors
from qawl.record.store import Record
from qawl.web import people, security
from qawl.web.people import local_path, person_of, way_of


def guarded(client: TestClient) -> TestClient:
    """With a page that tells who asks."""

    @client.app.get("/whoami")  # type: ignore[attr-defined]
    def whoami(request: Request) -> dict[str, Any]:
        return {"person": person_of(request), "way": way_of(request)}

    return client


@pytest.fixture
def signed(filled: str, serve: Callable[..., TestClient]) -> TestClient:
    add_editor(filled)
    client = guarded(serve(filled, sign_in=True))
    assert sign_in(client).status_code == 303
    return client


def me(client: TestClient, **given: Any) -> tuple[str | None, str | None]:
    got = client.get("/whoami", **given).json()
    return got["person"], got["way"]


def test_who_signs_in_is_known_until_he_signs_out(signed: TestClient) -> None:
    assert me(signed) == (NAME, "session")
    assert NAME in signed.get("/").text
    key = signed.cookies[people.SESSION]
    assert post(signed, "/sign-out").status_code == 303
    assert people.SESSION not in signed.cookies
    assert me(signed) == (None, None)
    signed.cookies.set(people.SESSION, key)  # kept by whoever copied it
    assert me(signed) == (None, None)


def test_a_name_is_one_however_it_is_written(
    filled_sqlite: str, serve: Callable[..., TestClient]
) -> None:
    add_editor(filled_sqlite, "Leïla")
    client = guarded(serve(filled_sqlite, sign_in=True))
    assert sign_in(client, "  LEI\u0308LA ").status_code == 303
    assert me(client) == ("Leïla", "session")


@pytest.mark.parametrize(
    ("name", "passphrase"),
    [
        (NAME, "غير صحيحة أبدا"),
        ("مجهول", PASSPHRASE),
        ("", ""),
        (NAME, ""),
        ("\u202e\x01", "x" * 1500),
    ],
)
def test_what_does_not_fit_opens_nothing(
    stranger: TestClient, filled_sqlite: str, name: str, passphrase: str
) -> None:
    add_editor(filled_sqlite)
    answer = sign_in(guarded(stranger), name, passphrase)
    assert answer.status_code in (403, 422)
    assert people.SESSION not in answer.cookies
    assert me(stranger) == (None, None)


def test_an_unknown_name_costs_what_a_known_one_does(
    stranger: TestClient, filled_sqlite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import argon2

    add_editor(filled_sqlite)
    editors.fits(None, "warm")
    compared: list[str] = []
    verify = argon2.PasswordHasher.verify

    def counted(self: Any, hashed: str, passphrase: str) -> bool:
        compared.append(hashed.rpartition("$")[0].rpartition("$")[0])  # kind, version, parameters
        return bool(verify(self, hashed, passphrase))

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)
    pages = [sign_in(stranger, name, "غير صحيحة أبدا") for name in (NAME, "مجهول")]
    assert len(compared) == 2
    assert compared[0] == compared[1]
    told = [page.text.replace(NAME, "").replace("مجهول", "") for page in pages]
    assert told[0].split('name="ticket"')[1][80:] == told[1].split('name="ticket"')[1][80:]


def test_the_cookies_are_for_this_server_alone(
    filled_sqlite: str, serve: Callable[..., TestClient]
) -> None:
    add_editor(filled_sqlite)
    for secure in (False, True):
        client = serve(filled_sqlite, sign_in=True, secure=secure)
        if secure:
            client.base_url = "https://testserver"  # type: ignore[assignment]
        (cookie,) = [
            c
            for c in sign_in(client).headers.get_list("set-cookie")
            if c.startswith(people.SESSION)
        ]
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/", f"max-age={30 * 86400}"} <= parts
        assert ("secure" in parts) is secure
        assert not any(part.startswith("domain") for part in parts)


def test_signing_in_gives_a_new_key_and_ends_the_old(signed: TestClient) -> None:
    first = signed.cookies[people.SESSION]
    form = signed.cookies[security.COOKIE]
    sign_out_later = ticket(signed)
    # the page is not shown to who is signed in, but may be sent
    answer = signed.post(
        "/sign-in", data={"name": NAME, "passphrase": PASSPHRASE, "ticket": sign_out_later}
    )
    assert answer.status_code == 303
    second = signed.cookies[people.SESSION]
    assert second != first
    assert signed.cookies[security.COOKIE] != form
    assert me(signed, headers={"cookie": f"{people.SESSION}={first}"}) == (None, None)


def test_a_planted_key_is_never_taken_over(stranger: TestClient, filled_sqlite: str) -> None:
    add_editor(filled_sqlite)
    planted = "p" * 43
    stranger.cookies.set(people.SESSION, planted, domain="testserver.local", path="/")
    assert sign_in(guarded(stranger)).status_code == 303
    assert stranger.cookies.get(people.SESSION, domain="testserver.local", path="/") != planted
    stranger.cookies.clear()
    assert me(stranger, headers={"cookie": f"{people.SESSION}={planted}"}) == (None, None)


def test_the_record_keeps_no_key(signed: TestClient, filled: str) -> None:
    key = signed.cookies[people.SESSION]
    with Record(filled) as record, record.reading() as connection:
        kept = connection.execute(select(editors.SESSIONS)).mappings().all()
    assert len(kept) == 1
    assert key not in str(kept)


@pytest.mark.parametrize(
    ("idle", "age", "known"),
    [(11, 24, True), (13, 24, False), (1, 24 * 30 - 1, True), (1, 24 * 30 + 1, False)],
)
def test_sessions_end(signed: TestClient, filled: str, idle: int, age: int, known: bool) -> None:
    now = dt.datetime.now(dt.UTC)
    times = {"used": now - dt.timedelta(hours=idle), "made": now - dt.timedelta(hours=age)}
    with Record(filled) as record, record.writing() as connection:
        connection.execute(update(editors.SESSIONS).values(times))
    assert (me(signed)[0] == NAME) is known
    with Record(filled) as record, record.reading() as connection:
        used = connection.scalar(select(editors.SESSIONS.c.used))
    assert used is not None
    assert (used > now - dt.timedelta(minutes=10)) is known  # its use was noted


def test_a_new_passphrase_ends_the_sessions(signed: TestClient, filled: str) -> None:
    with Record(filled) as record, record.writing() as connection:
        editors.set_passphrase(connection, NAME, "ثلاث نخلات أمام البيت")
    assert me(signed) == (None, None)
    assert sign_in(signed, passphrase=PASSPHRASE).status_code == 403
    assert sign_in(signed, passphrase="ثلاث نخلات أمام البيت").status_code == 303


def test_a_token_says_whose_program_it_is(signed: TestClient, filled: str) -> None:
    add_editor(filled, "سامي")
    with Record(filled) as record, record.writing() as connection:
        token = editors.new_token(connection, "سامي")
    assert me(signed, headers={"authorization": f"Bearer {token}"}) == ("سامي", "token")
    assert me(signed, headers={"authorization": f"bearer {token}"}) == ("سامي", "token")
    for wrong in (token[:-1], token + "x", "x" * 5000, "", "سر"):
        # nobody's token is nobody's, whoever's browser sends it
        sent = {"authorization": f"Bearer {wrong}".encode()}
        assert me(signed, headers=sent) == (None, None)
    with Record(filled) as record, record.writing() as connection:
        assert editors.revoke(connection, "سامي") == 1
    assert me(signed, headers={"authorization": f"Bearer {token}"}) == (None, None)


def test_on_this_machine_its_user_is_known(browser: TestClient) -> None:
    assert me(guarded(browser)) == (people.local_user(), "local")
    assert browser.get("/review").status_code == 200
    assert browser.get("/sign-in?next=/review").headers["location"] == "/review"


@pytest.mark.parametrize(
    "path", ["/review", "/searches", "/statements/1/correct", "/sources/1/correct"]
)
def test_who_is_not_known_is_sent_to_the_sign_in_and_back(
    stranger: TestClient, filled_sqlite: str, path: str
) -> None:
    add_editor(filled_sqlite)
    answer = stranger.get(path + "?outlet=a%26b")
    assert answer.status_code == 303
    page = stranger.get(answer.headers["location"])
    assert page.status_code == 200
    back = f"{path}?outlet=a%26b"
    assert f'name="next" value="{back}"' in page.text
    assert sign_in(stranger, next=back).headers["location"] == back


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\/evil.example", "/\t/evil.example",
     "javascript:alert(1)", "http:evil.example", "/\n/evil.example", "evil", "", "/ /evil.example", "///evil.example"],
)  # fmt: skip
def test_the_way_back_leads_nowhere_else(
    stranger: TestClient, filled_sqlite: str, elsewhere: str
) -> None:
    add_editor(filled_sqlite)
    assert sign_in(stranger, next=elsewhere).headers["location"] == "/"
    assert "evil" not in stranger.get("/sign-in", params={"next": elsewhere}).headers.get(
        "location", ""
    )


@given(st.text(max_size=40) | st.text(alphabet="/\\:.@?#evil \t\n", max_size=20))
def test_a_local_path_stays_on_the_server(path: str) -> None:
    from urllib.parse import urljoin, urlsplit

    found = local_path(path)
    assert urlsplit(urljoin("https://qawl.example/sign-in", found)).netloc == "qawl.example"
    assert found.startswith("/")
    assert "\\" not in found


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/review", "/searches", "/corrections", "/statements/1/correct", "/sources/1/correct"])  # fmt: skip
@pytest.mark.parametrize("how", ["none", "wrong", "other browser's", "other site"])
def test_a_form_of_another_site_is_refused(browser: TestClient, path: str, how: str) -> None:
    fields = {
        "name": "a",
        "passphrase": "b",
        "number": "1",
        "do": {"/review": "right", "/sources/1/correct": "rename"}.get(path, "save"),
        "undo": "1",
    }
    headers = {}
    mine = ticket(browser)
    if how == "wrong":
        fields["ticket"] = "0" * 64
    elif how == "other browser's":
        fields["ticket"] = security.ticket_of(browser.app.state.site.settings, "another")  # type: ignore[attr-defined]
    elif how == "other site":
        fields["ticket"] = mine
        headers = {"origin": "https://evil.example"}
    if path in ("/sign-in", "/sign-out", "/statements/1/correct"):
        del fields["do"]
    if path == "/searches":
        del fields["number"]
    assert browser.post(path, data=fields, headers=headers).status_code == 403


def test_guessing_is_slowed_and_an_editor_still_gets_in(
    stranger: TestClient, filled_sqlite: str
) -> None:
    add_editor(filled_sqlite)
    answers = [sign_in(stranger, passphrase=f"تخمين رقم {k} طويل").status_code for k in range(7)]
    assert answers[:5] == [403] * 5
    assert answers[-1] == 429
    answer = sign_in(stranger)  # even the right one
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert people.SESSION not in stranger.cookies
    # from elsewhere the editor signs in
    assert stranger.app.state.site.attempts.wait("192.0.2.7", editors.key_of(NAME)) == 0  # type: ignore[attr-defined]
