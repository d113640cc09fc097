"""What keeps hostile sites, clients and text out: headers, hosts, tickets, sizes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from web_samples import TEXT, ticket_of


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/try",
        "/articles/1",
        "/articles/999",
        "/api/v1/search",
        "/feeds/search.atom",
        "/health",
    ],
)
def test_every_answer_has_the_headers(browser: TestClient, path: str) -> None:
    headers = browser.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/try", "/articles/1", "/api/v1/docs"])
def test_pages_hold_no_script_or_style_of_their_own(browser: TestClient, path: str) -> None:
    page = browser.get(path).text
    assert "<script>" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert "javascript:" not in page


def test_cookies_are_kept_from_scripts(
    filled_sqlite: str, serve: Callable[..., TestClient]
) -> None:
    plain = serve(filled_sqlite).get("/").headers["set-cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=strict" in plain
    secure = serve(filled_sqlite, secure=True).get("/").headers["set-cookie"]
    assert "Secure" in secure


def test_a_foreign_host_is_refused(browser: TestClient) -> None:
    assert browser.get("/", headers={"host": "evil.example"}).status_code == 421
    answer = browser.get("/api/v1/stats", headers={"host": "evil.example"})
    assert answer.status_code == 421
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_form_needs_its_ticket(browser: TestClient) -> None:
    ticket = ticket_of(browser)
    for wrong in ("", "0" * 64, "ا", ticket[:-1]):
        assert browser.post("/try", data={"text": TEXT, "ticket": wrong}).status_code == 403
    assert browser.post("/try", data={"text": TEXT, "ticket": ticket}).status_code == 200
    browser.cookies.clear()
    assert browser.post("/try", data={"text": TEXT, "ticket": ticket}).status_code == 403


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}]
)
def test_a_form_of_another_site_is_refused(browser: TestClient, headers: dict[str, str]) -> None:
    sent = {"text": TEXT, "ticket": ticket_of(browser)}
    assert browser.post("/try", data=sent, headers=headers).status_code == 403


def test_a_body_that_is_too_large_is_refused(
    filled_sqlite: str, serve: Callable[..., TestClient]
) -> None:
    small = serve(filled_sqlite, upload=2000)
    assert small.post("/try", data={"text": "x" * 2000}).status_code == 413
    kind = {"content-type": "application/x-www-form-urlencoded"}
    parts = (b"x" * 500 for _ in range(10))
    assert small.post("/try", content=parts, headers=kind).status_code == 413
    assert small.post("/try", content=b"", headers={"content-length": "-1"}).status_code == 413


def test_a_body_up_to_the_limit_is_taken(browser: TestClient) -> None:
    page = f"<p>{TEXT}</p><!--{'x' * 3_900_000}-->".encode()
    answer = browser.post("/api/v1/read", content=page, headers={"content-type": "text/html"})
    assert answer.status_code == 200, answer.text


def test_who_asks_too_often_waits(filled_sqlite: str, serve: Callable[..., TestClient]) -> None:
    few = serve(filled_sqlite, rate=3)
    sent = {"text": TEXT, "ticket": ticket_of(few)}
    answers = [few.post("/try", data=sent) for _ in range(5)]
    assert [a.status_code for a in answers][:3] == [200] * 3
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0
    assert few.get("/").status_code == 200  # looking costs nothing


@pytest.mark.parametrize(
    "path", ["/static/x/../../app.py", "/static/x/..%2f..%2fapp.py", "/static/x//etc/passwd"]
)
def test_only_files_of_the_server_are_sent(browser: TestClient, path: str) -> None:
    assert browser.get(path).status_code == 404
