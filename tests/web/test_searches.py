"""Searches that people save."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from editing import add_editor, post, sign_in
from fastapi.testclient import TestClient

from qawl.record import saved
from qawl.record.store import Record


def links(client: TestClient) -> list[str]:
    page = client.get("/searches").text
    return [m.replace("&amp;", "&") for m in re.findall(r'<p class="what"><a href="([^"]*)"', page)]


def test_a_search_is_saved_from_its_page_opened_renamed_and_deleted(client: TestClient) -> None:
    page = client.get(
        "/", params={"q": "ماذا قالت الهاشمي", "act": ["commit", "deny"], "since": "2024-07-01"}
    ).text
    found = re.search(r'action="/searches">.*?name="query" value="([^"]*)"', page)
    assert found
    query = found[1].replace("&amp;", "&")
    assert post(client, "/searches", query=query).headers["location"] == "/searches"
    assert post(client, "/searches", query=query).status_code == 303  # once is enough
    (link,) = links(client)
    opened = client.get(link)
    assert opened.status_code == 200
    assert 'value="ماذا قالت الهاشمي"' in opened.text
    listed = client.get("/searches").text
    assert "ماذا قالت الهاشمي" in listed
    atom = re.search(r'href="(/feeds/search\.atom\?[^"]*)"', listed)
    assert atom
    assert client.get(atom[1].replace("&amp;", "&")).status_code == 200
    number = re.search(r'name="number" value="(\d+)"', listed)
    assert number
    assert (
        post(
            client, "/searches", do="rename", number=number[1], name=" الميناء  كل يوم "
        ).status_code
        == 303
    )
    assert "<bdi>الميناء كل يوم</bdi>" in client.get("/searches").text
    assert post(client, "/searches", do="delete", number=number[1]).status_code == 303
    assert links(client) == []


def test_each_person_has_his_own(filled: str, serve: Callable[..., TestClient]) -> None:
    people = {"ليلى": "سبع نخلات خلف البيت", "سامي": "ثلاث نخلات أمام البيت"}
    clients = {}
    for name, passphrase in people.items():
        add_editor(filled, name, passphrase)
        clients[name] = serve(filled, sign_in=True)
        assert sign_in(clients[name], name, passphrase).status_code == 303
        assert post(clients[name], "/searches", query=f"?q={name}").status_code == 303
    page = clients["ليلى"].get("/searches").text
    number = re.search(r'name="number" value="(\d+)"', page)
    assert number
    for do in ("delete", "rename"):
        answer = post(clients["سامي"], "/searches", do=do, number=number[1], name="لي")
        assert answer.status_code == 400
    assert clients["ليلى"].get("/searches").text.count('<p class="what">') == 1
    assert "سامي" not in re.sub(r"<header.*?</header>", "", page, flags=re.S)


def test_who_is_not_signed_in_comes_back_to_the_search_that_he_meant_to_save(
    stranger: TestClient, filled_sqlite: str
) -> None:
    add_editor(filled_sqlite)
    answer = post(stranger, "/searches", query="?q=القمح&act=predict")
    assert answer.status_code == 303
    where = stranger.get(answer.headers["location"])
    back = re.search(r'name="next" value="([^"]*)"', where.text)
    assert back
    on = sign_in(stranger, next=back[1].replace("&amp;", "&")).headers["location"]
    page = stranger.get(on).text
    query = re.search(r'name="query" value="([^"]*)"', page)
    assert query
    assert post(stranger, "/searches", query=query[1].replace("&amp;", "&")).status_code == 303
    assert links(stranger) == ["/?q=%D8%A7%D9%84%D9%82%D9%85%D8%AD&act=predict"]


@pytest.mark.parametrize("query", ["", "?", "evil=1", "//evil.example", "q="])
def test_what_asks_nothing_is_not_saved(browser: TestClient, query: str) -> None:
    assert post(browser, "/searches", query=query).status_code == 400
    assert links(browser) == []


def test_a_saved_search_leads_to_the_search_page_only(browser: TestClient) -> None:
    evil = '?q="><script>alert(1)</script>&next=https://evil.example&source=1&source=2&checkable=1'
    assert post(browser, "/searches", query=evil).status_code == 303
    (link,) = links(browser)
    assert link.startswith("/?q=")
    assert "evil" not in link
    page = browser.get("/searches").text
    assert "<script>alert" not in page
    assert browser.get(link).status_code == 200


def test_there_is_an_end_to_what_is_saved(
    browser: TestClient, filled_sqlite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "MOST", 2)
    assert [post(browser, "/searches", query=f"?q={k}").status_code for k in range(3)] == [
        303,
        303,
        400,
    ]
    assert post(browser, "/searches", query="?q=" + "ق" * 5000).status_code == 422
    assert post(browser, "/searches", query="?q=a", name="ق" * 1000).status_code == 400
    with Record(filled_sqlite) as record, record.reading() as connection:
        from qawl.web.people import local_user

        assert len(saved.saved(connection, local_user())) == 2
