from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qawl.sources.web.errors import FetchError
from qawl.sources.web.fetch import Answer
from qawl.sources.web.robots import KEPT, LONGEST_DELAY, Rules, failed, visited

NOW = dt.datetime(2024, 3, 4, tzinfo=dt.UTC)
TEXT = """
User-agent: *
Disallow: /private/
Crawl-delay: 7

User-agent: qawl
Disallow: /drafts
Allow: /drafts/open
Crawl-delay: 20
"""


def test_the_rules_for_qawl_go_before_those_for_all() -> None:
    rules = Rules(TEXT)
    assert not rules.allow("https://x.example/drafts/1")
    assert rules.allow("https://x.example/drafts/open/1")
    assert rules.allow("https://x.example/private/1")
    assert rules.delay == 20


def test_rules_for_all_bind_qawl_where_it_is_not_named() -> None:
    rules = Rules(TEXT.partition("User-agent: qawl")[0])
    assert not rules.allow("https://x.example/private/1")
    assert rules.allow("https://x.example/drafts/1")
    assert rules.delay == 7


def test_arabic_paths() -> None:
    rules = Rules("User-agent: *\nDisallow: /مسودات/\n")
    assert not rules.allow("https://x.example/%D9%85%D8%B3%D9%88%D8%AF%D8%A7%D8%AA/1")
    assert rules.allow("https://x.example/%D8%A3/1")


def test_an_empty_file_or_a_page_allows_all() -> None:
    for text in ("", "<html><body>404</body></html>", "\x00\x01"):
        assert Rules(text).allow("https://x.example/a")
        assert Rules(text).delay == 0


def test_an_absurd_delay_is_capped() -> None:
    assert Rules("User-agent: *\nCrawl-delay: 99999").delay == LONGEST_DELAY
    assert Rules("User-agent: *\nCrawl-delay: x").delay == 0


@given(st.text(max_size=300))
def test_any_file_gives_rules(text: str) -> None:
    rules = Rules(text)
    assert rules.allow("https://x.example/a") in (True, False)
    assert 0 <= rules.delay <= LONGEST_DELAY


def test_rules_are_kept_for_a_day() -> None:
    visit = visited(
        "https://x.example/robots.txt", Answer("", 200, b"\xef\xbb\xbfUser-agent: *", NOW)
    )
    assert (visit.next_try, visit.told) == (NOW + KEPT, {"text": "User-agent: *"})


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_no_file_allows_all_for_a_day(status: int) -> None:
    visit = failed("x", FetchError("", status=status), NOW, None, dt.timedelta(minutes=15))
    assert (visit.told, visit.next_try) == ({"text": ""}, NOW + KEPT)


@pytest.mark.parametrize("status", [429, 500, 503, None])
def test_a_server_that_fails_allows_nothing_for_now(status: int | None) -> None:
    visit = failed("x", FetchError("", status=status), NOW, None, dt.timedelta(minutes=15))
    assert (visit.told, visit.next_try) == ({}, NOW + dt.timedelta(minutes=15))
    again = failed("x", FetchError("", status=status), NOW, visit, dt.timedelta(minutes=30))
    assert again.failures == 2
