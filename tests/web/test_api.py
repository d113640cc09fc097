"""The API: its answers, pages, tags, errors, limits, and who may write."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from web_samples import HOST, PRICES

from qawl.record import editors
from qawl.record.store import Record

V1 = "/api/v1"
TEXT = 'قال وزير الري حسام النجار إن السد سيفتح في الربيع.\nوأضاف النجار: "لن ننتظر أكثر".'


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem that an answer tells."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["status"] == status
    assert told["title"]
    return told


@pytest.fixture
def token(filled_sqlite: str) -> str:
    """A token of an editor of the record that ``stranger`` and ``browser`` serve."""
    with Record(filled_sqlite) as record, record.writing() as connection:
        editors.add(connection, "نادية", "خمس كلمات طويلة لا تنسى")
        return editors.new_token(connection, "نادية")


def test_a_text_is_read_and_not_kept(client: TestClient) -> None:
    before = client.get(f"{V1}/stats").json()["statements"]
    answer = client.post(f"{V1}/read", json={"title": "السد", "text": TEXT})
    assert answer.status_code == 200
    article = answer.json()
    assert article["text"] == f"السد\n{TEXT}"
    assert len(article["statements"]) == 2
    for statement in article["statements"]:
        assert statement["who"] == "حسام النجار"
        for part in statement["content"]:
            assert article["text"][part["start"] : part["end"]] == part["text"]
    assert client.get(f"{V1}/stats").json()["statements"] == before


@pytest.mark.parametrize(
    "given",
    [
        {"content": TEXT.encode(), "headers": {"content-type": "text/plain; charset=utf-8"}},
        {
            "content": f"<html><body><h1>السد</h1><p>{TEXT}</p></body></html>".encode(),
            "headers": {"content-type": "text/html"},
        },
        {"files": {"file": ("a.txt", TEXT.encode(), "text/plain")}},
    ],
    ids=["plain", "html", "form"],
)
def test_a_file_is_read(browser: TestClient, given: dict[str, Any]) -> None:
    answer = browser.post(f"{V1}/read", **given)
    assert answer.status_code == 200, answer.text
    assert {s["who"] for s in answer.json()["statements"]} == {"حسام النجار"}


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"json": {}}, 422),
        ({"json": {"text": "  "}}, 422),
        ({"json": {"text": "ا", "address": "https://x.example/"}}, 422),
        ({"json": {"text": "ا" * 100_001}}, 422),
        ({"json": {"address": "file:///etc/passwd"}}, 422),
        ({"json": {"address": "http://127.0.0.1:1/"}}, 422),
        ({"json": {"address": "http://[::1]/"}}, 422),
        ({"json": {"text": "ا", "more": 1}}, 422),
        ({"json": []}, 422),
        ({"content": b"{", "headers": {"content-type": "application/json"}}, 422),
        ({"content": b"[" * 100_000, "headers": {"content-type": "application/json"}}, 422),
        ({"content": b"\xff\x00\x01", "headers": {"content-type": "text/plain"}}, 400),
        ({"content": b"x", "headers": {"content-type": "application/xml"}}, 415),
        ({"content": b"x"}, 415),
        ({"data": {"file": "x"}, "files": {"other": b"x"}}, 422),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(
    browser: TestClient, given: dict[str, Any], status: int
) -> None:
    problem(browser.post(f"{V1}/read", **given), status)


@pytest.mark.parametrize(
    "given",
    [
        {"content": bytes(range(0x80, 0x100)), "headers": {"content-type": "text/plain"}},
        {"content": b"\x92\x13\xf1 ab\x02\xee" * 9, "headers": {"content-type": "text/html"}},
        {"files": {"file": ("a.bin", bytes(range(256)) * 4, "text/plain")}},
    ],
    ids=["high", "controls", "form"],
)
def test_bytes_that_are_no_text_are_refused(browser: TestClient, given: dict[str, Any]) -> None:
    answer = browser.post(f"{V1}/read", **given)
    problem(answer, 400)
    assert "encoding that cannot be told" in answer.json()["detail"]


def test_a_text_in_an_old_encoding_is_read(browser: TestClient) -> None:
    for encoding in ("windows-1256", "utf-16"):
        given = {"content": TEXT.encode(encoding), "headers": {"content-type": "text/plain"}}
        answer = browser.post(f"{V1}/read", **given)
        assert {s["who"] for s in answer.json()["statements"]} == {"حسام النجار"}


def test_half_characters_of_a_page_do_not_stop_the_answer(browser: TestClient) -> None:
    page = f"<html><body><h1>خبر</h1><p>{TEXT} &#xD800;\ufffe</p></body></html>".encode()
    answer = browser.post(f"{V1}/read", content=page, headers={"content-type": "text/html"})
    assert answer.status_code == 200
    odd = json.dumps({"text": "قال الوزير إن \ud800 الباب مفتوح."}).encode()
    answer = browser.post(f"{V1}/read", content=odd, headers={"content-type": "application/json"})
    assert answer.status_code in (200, 422)


def test_a_search_goes_page_by_page(client: TestClient) -> None:
    whole = client.get(f"{V1}/search", params={"size": 100}).json()
    assert whole["next"] is None
    seen: list[str] = []
    address = f"{V1}/search?size=4"
    while address:
        answer = client.get(address)
        page = answer.json()
        seen += [s["number"] for s in page["statements"]]
        assert len(page["statements"]) <= 4
        if page["next"]:
            assert answer.headers["link"] == f'<{page["next"]}>; rel="next"'
        address = page["next"]
    assert seen == [s["number"] for s in whole["statements"]]
    assert len(set(seen)) == len(seen) > 10


def test_a_question_is_understood_and_its_words_are_marked(client: TestClient) -> None:
    found = client.get(f"{V1}/search", params={"q": "ماذا قال فهد العنزي عن القمح"}).json()
    assert [s["name"] for s in found["understood"]["sources"]] == ["فهد العنزي"]
    assert found["understood"]["words"] == "القمح"
    assert found["statements"]
    for statement in found["statements"]:
        assert statement["name"] == "فهد العنزي"
        marked = [statement["text"][a:b] for a, b in statement["found"]]
        assert any("قمح" in word for word in marked)


@pytest.mark.parametrize(
    ("parameters", "member", "value"),
    [
        ({"act": "deny"}, "act", "deny"),
        ({"form": "direct"}, "form", "direct"),
        ({"outlet": "وكالة السراج"}, "outlet", "وكالة السراج"),
        ({"checkable": "true"}, "checkable", True),
    ],
)
def test_filters_narrow_a_search(
    client: TestClient, parameters: dict[str, str], member: str, value: object
) -> None:
    found = client.get(f"{V1}/search", params={**parameters, "facets": "true"}).json()
    assert found["statements"]
    assert {s[member] for s in found["statements"]} == {value}
    assert found["facets"]["counted"] == len(found["statements"])


def test_an_article_has_its_statements_where_they_stand(client: TestClient) -> None:
    (short,) = (
        client.get(f"{V1}/articles", params={"address": "http://www.siraj.example/harbour"}).json()[
            "articles"
        ]
        or client.get(
            f"{V1}/articles", params={"address": "https://siraj.example/harbour?utm_source=x"}
        ).json()["articles"]
    )
    article = client.get(short["address"]).json()
    assert article["outlet"] == "وكالة السراج"
    for statement in article["statements"]:
        for part in statement["content"]:
            assert article["text"][part["start"] : part["end"]] == part["text"]
        one = client.get(f"{V1}/statements/{statement['number']}").json()
        assert one["page"] == f"/articles/{article['number']}#s{statement['place']}"
        assert one["statement"]["content"] == statement["content"]


def test_versions_tell_what_changed(client: TestClient) -> None:
    newest = client.get(f"{V1}/articles?address=https://atlas.example/water").json()["articles"][0]
    assert newest["version"] == 2
    told = client.get(f"{newest['address']}/versions").json()
    assert [v["version"] for v in told["versions"]] == [1, 2]
    words = [(c["old"]["text"], c["new"]["text"]) for c in told["changes"]["words"]]
    assert any("ثمانين" in a and "تسعين" in b for a, b in words)
    assert {c["kind"] for c in told["changes"]["statements"]} == {"changed"}
    page = client.get(f"{newest['address']}/original")
    assert page.text.startswith("<!doctype html>")
    assert "sandbox" in page.headers["content-security-policy"]


def test_a_source_is_found_by_a_part_of_its_name(client: TestClient) -> None:
    found = client.get(f"{V1}/sources", params={"q": "الهاشمي"}).json()["sources"]
    assert found[0]["name"] == "سلمى الهاشمي"
    source = client.get(found[0]["address"]).json()
    assert "وزيرة النقل" in [role["text"] for role in source["roles"]]
    said = client.get(f"{found[0]['address']}/statements").json()["statements"]
    assert len(said) == source["statements"]
    listed = client.get(f"{V1}/sources?size=3").json()
    assert len(listed["sources"]) == 3
    assert client.get(listed["next"]).json()["sources"]


def test_a_saying_has_all_its_outlets(client: TestClient) -> None:
    said = client.get(f"{V1}/search", params={"q": '"فقد طال انتظار الناس"'}).json()["statements"]
    assert {s["repeats"] for s in said} == {3}  # it is in a title, too
    saying = client.get(f"{V1}/sayings/{said[0]['number']}").json()
    assert [s["outlet"] for s in saying["statements"]] == [
        "صحيفة المرفأ",
        "وكالة السراج",
        "وكالة السراج",
    ]
    assert saying["statements"][0]["likeness"] is None
    assert saying["statements"][1]["likeness"] > 0.5


def test_two_sources_are_compared(client: TestClient) -> None:
    told = client.get(f"{V1}/compare", params={"who": "الهاشمي", "who2": "يونس البرغوثي"}).json()
    assert [t["source"]["name"] for t in told["timelines"]] == ["سلمى الهاشمي", "يونس البرغوثي"]
    for timeline in told["timelines"]:
        days = [s["published"] for s in timeline["statements"]]
        assert days
        assert days == sorted(days)
    problem(client.get(f"{V1}/compare", params={"who": "نزار قباقيبي"}), 404)


def test_what_did_not_change_is_not_sent_again(client: TestClient) -> None:
    first = client.get(f"{V1}/search?q=الميناء")
    tag = first.headers["etag"]
    for sent in (tag, f'"other", W/{tag}', "*"):
        again = client.get(f"{V1}/search?q=الميناء", headers={"if-none-match": sent})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == tag
    other = client.get(f"{V1}/search?q=الميناء", headers={"if-none-match": '"other"'})
    assert other.json() == first.json()
    assert client.get(f"{V1}/search?q=القمح").headers["etag"] != tag


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/articles/1%0A2", 404),
        ("/api/v1/articles/999", 404),
        ("/api/v1/statements/999", 404),
        ("/api/v1/sources/999", 404),
        ("/api/v1/sayings/999", 404),
        ("/api/v1/corrections/999", 404),
        ("/api/v1/search?source=999", 404),
        ("/api/v1/nothing", 404),
        ("/api/v2/search", 404),
        ("/api/v1/search/", 404),
        ("/api/v1/articles/0", 422),
        ("/api/v1/articles/99999999999999999999", 422),
        ("/api/v1/search?source=99999999999999999999", 422),
        ("/api/v1/search?after=99999999999999999999", 422),
        ("/api/v1/search?act=sing", 422),
        ("/api/v1/search?since=yesterday", 422),
        ("/api/v1/search?until=2024-02-31", 400),
        ("/api/v1/search?q=%22", 400),
        ("/api/v1/search?size=101", 422),
        ("/api/v1/search?q=%00", 400),
        ("/api/v1/search?q=" + "x" * 1001, 422),
        ("/api/v1/compare", 422),
    ],
)
def test_errors_are_problems(client: TestClient, path: str, status: int) -> None:
    if path.endswith("q=%22"):
        assert client.get(path).status_code in (200, 400)
        return
    told = problem(client.get(path), status)
    if status == 422:
        assert told["errors"][0]["where"]


def test_other_methods_are_refused(browser: TestClient) -> None:
    answer = browser.put(f"{V1}/search")
    problem(answer, 405)
    assert answer.headers["allow"] == "GET"


def test_a_body_that_is_too_large_is_a_problem(
    filled_sqlite: str, serve: Callable[..., TestClient]
) -> None:
    small = serve(filled_sqlite, upload=1000)
    problem(small.post(f"{V1}/read", json={"text": "ا" * 1000}), 413)
    parts = (b"x" * 100 for _ in range(100))
    problem(small.post(f"{V1}/read", content=parts, headers={"content-type": "text/plain"}), 413)


def test_who_asks_too_often_is_told_to_wait(
    filled_sqlite: str, serve: Callable[..., TestClient]
) -> None:
    few = serve(filled_sqlite, rate=10)
    first = few.get(f"{V1}/search")
    assert first.headers["ratelimit-policy"] == '"client";q=10;w=60'
    assert first.headers["ratelimit"].startswith('"client";r=9')
    answers = [few.get(f"{V1}/search") for _ in range(15)]
    refused = answers[-1]
    problem(refused, 429)
    assert int(refused.headers["retry-after"]) > 0
    assert few.get(f"{V1}/openapi.json").status_code == 200


def test_an_article_is_added_once(client: TestClient) -> None:
    given = {"title": "سد النجار", "text": TEXT, "outlet": "بوابة النيل", "date": "2024-10-01"}
    made = client.post(f"{V1}/articles", json=given)
    assert made.status_code == 201, made.text
    assert made.headers["location"] == made.json()["address"]
    again = client.post(f"{V1}/articles", json=given)
    assert again.status_code == 200
    assert again.json()["what"] == "same"
    found = client.get(f"{V1}/search?q=السد&outlet=بوابة النيل").json()["statements"]
    assert found[0]["published"].startswith("2024-10-01")


def test_an_article_of_a_far_day_is_kept(client: TestClient) -> None:
    for day in ("9999-12-31", "0001-01-01"):
        given = {"title": day, "text": TEXT, "date": day}
        assert client.post(f"{V1}/articles", json=given).status_code == 201
    assert client.get(f"{V1}/search").json()["statements"]


def test_a_correction_is_made_and_taken_back(client: TestClient) -> None:
    before = client.get(f"{V1}/search", params={"q": "أسعار القمح"}).json()["statements"][0]
    given = {"kind": "act", "statement": before["number"], "act": "warn"}
    made = client.post(f"{V1}/corrections", json=given)
    assert made.status_code == 201, made.text
    address = made.headers["location"]
    assert client.get(f"{V1}/statements/{before['number']}").json()["act"] == "warn"
    assert client.get(f"{V1}/corrections").json()["corrections"][0] == made.json()
    assert client.delete(address).json()["undone"]
    assert client.get(f"{V1}/statements/{before['number']}").json()["act"] == before["act"]
    problem(client.delete(address), 409)
    problem(client.delete(f"{V1}/corrections/999"), 404)


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "merge", "source": 1, "into": 1},
        {"kind": "split", "source": 1, "names": ["غيره"]},
        {"kind": "rename", "source": 1, "name": "   "},
    ],
)
def test_a_correction_that_does_not_fit_changes_nothing(
    client: TestClient, given: dict[str, Any]
) -> None:
    answer = client.post(f"{V1}/corrections", json=given)
    assert answer.status_code in (400, 404)
    assert client.get(f"{V1}/corrections").json()["corrections"] == []


def test_sources_are_merged_and_parted(client: TestClient) -> None:
    one, other = (s["number"] for s in client.get(f"{V1}/sources").json()["sources"][:2])
    given = {"kind": "merge", "source": other, "into": one}
    made = client.post(f"{V1}/corrections", json=given)
    assert made.status_code == 201, made.text
    assert client.get(f"{V1}/sources/{other}").json()["number"] == one
    assert client.delete(made.headers["location"]).status_code == 200
    assert client.get(f"{V1}/sources/{other}").json()["number"] == other


WRITES: list[tuple[str, str, dict[str, Any] | None]] = [
    ("POST", f"{V1}/articles", {"text": PRICES + " نعم."}),
    ("POST", f"{V1}/corrections", {"kind": "rename", "source": 1, "name": "سلمى"}),
    ("DELETE", f"{V1}/corrections/1", None),
    ("GET", f"{V1}/searches", None),
    ("POST", f"{V1}/searches", {"name": "ق", "query": "q=القمح"}),
    ("DELETE", f"{V1}/searches/1", None),
]


@pytest.mark.parametrize(("method", "path", "given"), WRITES)
def test_nobody_writes_without_a_token(
    stranger: TestClient, method: str, path: str, given: Any
) -> None:
    for headers in ({}, {"authorization": "Bearer qawl_wrong"}, {"authorization": "Basic x"}):
        answer = stranger.request(method, path, json=given, headers=headers)
        problem(answer, 401)
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_token_writes_under_its_owners_name(token: str, stranger: TestClient) -> None:
    mine = {"authorization": f"Bearer {token}"}
    given = {"kind": "rename", "source": 1, "name": "سلمى"}
    made = stranger.post(f"{V1}/corrections", json=given, headers=mine)
    assert made.status_code == 201, made.text
    assert made.json()["person"] == "نادية"
    saved = {"name": "القمح", "query": "q=القمح&act=deny"}
    made = stranger.post(f"{V1}/searches", json=saved, headers=mine)
    assert made.status_code == 201, made.text
    assert stranger.get(made.json()["api"]).status_code == 200
    assert stranger.get(made.json()["feed"]).status_code == 200
    (one,) = stranger.get(f"{V1}/searches", headers=mine).json()["searches"]
    assert one == made.json()
    assert stranger.delete(made.headers["location"], headers=mine).status_code == 204
    problem(stranger.delete(made.headers["location"], headers=mine), 404)
    bad = {"name": "ق", "query": "nothing=1"}
    problem(stranger.post(f"{V1}/searches", json=bad, headers=mine), 422)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_cannot_write_through_a_visitors_browser(
    browser: TestClient, headers: dict[str, str]
) -> None:
    given = {"kind": "rename", "source": 1, "name": "سلمى"}
    problem(browser.post(f"{V1}/corrections", json=given, headers=headers), 403)
    own = {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
    assert browser.post(f"{V1}/corrections", json=given, headers=own).status_code == 201


def test_scripts_of_other_sites_ask_only_where_they_may(
    filled_sqlite: str, serve: Callable[..., TestClient]
) -> None:
    origin = {"origin": "https://desk.example"}
    asked = {**origin, "access-control-request-method": "POST"}
    closed = serve(filled_sqlite)
    assert "access-control-allow-origin" not in closed.get(f"{V1}/stats", headers=origin).headers
    assert "access-control-allow-origin" not in closed.options(f"{V1}/read", headers=asked).headers
    opened = serve(filled_sqlite, origins=("https://desk.example",))
    answer = opened.get(f"{V1}/stats", headers=origin)
    assert answer.headers["access-control-allow-origin"] == "https://desk.example"
    assert opened.options(f"{V1}/read", headers=asked).status_code == 200
    other = opened.get(f"{V1}/stats", headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_documents_tell_every_operation(browser: TestClient, language: str) -> None:
    description = browser.get(f"{V1}/openapi.json").json()
    page = browser.get(f"{V1}/docs?lang={language}")
    assert page.status_code == 200
    for path, item in description["paths"].items():
        for method in item:
            assert f"{method.upper()} {path}" in page.text
    for name in description["components"]["schemas"]:
        assert f'id="{name}"' in page.text
    assert "https://" not in page.text.split("<main")[0]
