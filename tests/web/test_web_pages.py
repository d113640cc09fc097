"""The skeleton's pages: searching, an article, its versions and original, trying a text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from web_samples import TEXT, ticket_of


def number_of(client: TestClient, outlet: str) -> int:
    """The number of an article of that outlet."""
    found = client.get("/api/v1/search", params={"outlet": outlet}).json()["statements"]
    return int(found[0]["article"])


def test_the_newest_statements_come_first(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    places = [
        page.text.index(w) for w in ("أسعار القمح", "محطة التحلية ستعمل", "ميناء الرمال سيستقبل")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_a_page_is_in_the_visitors_language(
    client: TestClient, language: str, direction: str
) -> None:
    by_browser = client.get("/", headers={"accept-language": language})
    assert f'<html lang="{language}" dir="{direction}">' in by_browser.text
    assert client.get(f"/?lang={language}").status_code == 200
    kept = client.get("/", headers={"accept-language": "fr"})
    assert f'<html lang="{language}"' in kept.text


def test_a_question_is_answered(client: TestClient) -> None:
    page = client.get("/", params={"q": "ماذا قال يونس البرغوثي عن الأجور"}).text
    results = page[page.index('class="lines"') :]
    assert "الأجور" in results
    assert "الميناء" not in results
    assert '<mark class="hit">' in results


@pytest.mark.parametrize(
    "query",
    ["?since=x", "?source=0", "?source=99999999999999999999", "?act=sing", "?q=%00", "?after=-1"],
)
def test_a_wrong_question_is_told(client: TestClient, query: str) -> None:
    assert client.get(f"/{query}").status_code in (400, 422)


@pytest.mark.parametrize(("language", "field"), [("ar", "من يوم"), ("en", "From")])
def test_what_does_not_fit_is_named_in_the_visitors_language(
    browser: TestClient, language: str, field: str
) -> None:
    page = browser.get(f"/?since=<b>2024-13{'9' * 300}&lang={language}").text
    told = page[page.index('role="alert"') :]
    assert field in told
    assert "&lt;b&gt;2024-13" in told
    assert "9" * 100 not in told
    assert "pattern" not in told


def test_an_article_shows_where_each_statement_stands(client: TestClient) -> None:
    number = number_of(client, "وكالة السراج")
    page = client.get(f"/articles/{number}")
    assert page.status_code == 200
    count = len(client.get(f"/api/v1/articles/{number}").json()["statements"])
    for place in range(1, count + 1):
        assert f'id="s{place}"' in page.text
    assert client.get("/articles/999").status_code == 404
    assert client.get("/articles/99999999999999999999").status_code == 422


def test_versions_show_what_changed(client: TestClient) -> None:
    number = number_of(client, "جريدة الأطلس")
    page = client.get(f"/articles/{number}/versions").text
    assert "ثمانين" in page
    assert "تسعين" in page
    assert client.get(f"/articles/{number}/versions?old=1&new=1").status_code == 200


def test_the_original_may_do_nothing(client: TestClient) -> None:
    answer = client.get(f"/articles/{number_of(client, 'جريدة الأطلس')}/original")
    assert "<script>" in answer.text  # it is the proof, byte for byte
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox;")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert client.get(f"/articles/{number_of(client, 'وكالة السراج')}/original").status_code == 404


def test_hostile_articles_are_shown_as_text(client: TestClient) -> None:
    (article,) = [
        a for a in client.get("/api/v1/articles").json()["articles"] if "script" in a["title"]
    ]
    for path in ("/", f"/articles/{article['number']}", "/?q=الميناء"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>موقع" not in page


def test_a_text_is_tried_and_not_kept(client: TestClient) -> None:
    before = client.get("/api/v1/stats").json()["statements"]
    sent = {"text": TEXT, "title": "السد", "ticket": ticket_of(client)}
    page = client.post("/try", data=sent)
    assert page.status_code == 200
    assert "حسام النجار" in page.text
    assert client.get("/api/v1/stats").json()["statements"] == before


def test_a_file_is_tried(client: TestClient) -> None:
    page = client.post(
        "/try", data={"ticket": ticket_of(client)}, files={"file": ("a.txt", TEXT.encode())}
    )
    assert page.status_code == 200
    assert "حسام النجار" in page.text


@pytest.mark.parametrize(
    "sent",
    [
        {"text": ""},
        {"text": "ا" * 100_001},
        {"address": "http://127.0.0.1/"},
        {"address": "file:///etc/passwd"},
    ],
)
def test_what_cannot_be_tried_is_told(client: TestClient, sent: dict[str, str]) -> None:
    answer = client.post("/try", data={**sent, "ticket": ticket_of(client)})
    assert answer.status_code == 422
    assert "root:" not in answer.text


def test_health_and_counters(client: TestClient, serve: Callable[..., TestClient]) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    client.get("/articles/1?q=secret")
    counters = client.get("/metrics").text
    assert 'qawl_requests_total{method="GET",route="/articles/{number}"' in counters
    assert "secret" not in counters
    nowhere = serve("/dev/null/record.db")
    assert nowhere.get("/health").status_code == 503
