"""Arabic as it must look: letters joined across marks, numbers and Latin in order, no text that turns its
surroundings round."""

from __future__ import annotations

from typing import Any

import pytest
from browsing import Seen, Server

Page = tuple[Any, Seen]
#: Widths in pixels of a word: whole, cut by an element, cut so with a zero width non-joiner at the cut.
_WIDTHS = """([word, at, open, close]) => {
  const box = document.createElement("p"); box.className = "words";
  document.querySelector(".row").append(box);
  const width = (html) => { const s = document.createElement("span"); s.innerHTML = html; box.replaceChildren(s); return s.getBoundingClientRect().width; };
  const a = word.slice(0, at), b = word.slice(at);
  const out = [width(word), width(a + open + b + close), width(a + "\\u200c" + open + b + close)];
  box.remove();
  return out;
}"""
#: Where a stretch of an element's text stands, in pixels from the left.
_WHERE = """([selector, words, skip]) => {
  for (const root of document.querySelectorAll(selector)) {
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node; (node = walk.nextNode());) {
      const at = node.data.indexOf(words, skip);
      if (at < 0) continue;
      const range = document.createRange(); range.setStart(node, at); range.setEnd(node, at + words.length);
      const b = range.getBoundingClientRect();
      return [b.left, b.right];
    }
  }
  return null;
}"""
MARKS = [
    ("hit", '<mark class="hit">', "</mark>"),
    ("content", '<mark class="said form-mixed act-deny">', "</mark>"),
    ("nested", '<mark class="said form-direct act-warn nested">', "</mark>"),
    ("changed", "<ins>", "</ins>"),
]


def where(page: Any, selector: str, words: str, skip: int = 0) -> tuple[float, float]:
    found = page.evaluate(_WHERE, [selector, words, skip])
    assert found is not None, f"{words} is not on the page"
    return found[0], found[1]


@pytest.fixture
def article(desk: Page, server: Server) -> Any:
    page, _ = desk
    page.goto(server.url("/articles/{article}", "ar"))
    page.evaluate("() => document.fonts.ready")
    return page


@pytest.mark.parametrize(("name", "start", "end"), MARKS, ids=[m[0] for m in MARKS])
@pytest.mark.parametrize(("word", "at"), [("المستشفى", 3), ("يعلنون", 2), ("بالجسر", 1)])
def test_letters_stay_joined_across_a_mark(
    article: Any, name: str, start: str, end: str, word: str, at: int
) -> None:
    whole, cut, apart = article.evaluate(_WIDTHS, [word, at, start, end])
    assert whole == pytest.approx(cut, abs=0.05)
    assert apart > whole + 0.3  # what letters that do not join measure


def test_letters_stay_joined_where_a_speaker_begins_or_a_cue(article: Any) -> None:
    for start, end in (('<span class="speaker">', "</span>"), ('<b class="cue">', "</b>")):
        # the cue is bold: its letters are wider, but those beside the cut have the same forms
        whole, cut, apart = article.evaluate(_WIDTHS, ["للحكومة", 1, start, end])
        assert whole - 0.6 <= cut < whole * 1.2
        assert abs(apart - cut) > 0.6


def test_arabic_is_set_in_the_bundled_letters(article: Any) -> None:
    loaded = article.evaluate(
        "() => [...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family.replaceAll('\"', ''))"
    )
    assert {"Noto Naskh Arabic", "IBM Plex Sans Arabic"} <= set(loaded)
    spaced = article.evaluate(
        "() => [...document.querySelectorAll('*')].filter((e) => { const s = getComputedStyle(e); return s.letterSpacing !== 'normal' || s.fontStyle !== 'normal'; }).length"
    )
    assert spaced == 0


def test_numbers_and_latin_stand_in_reading_order(article: Any) -> None:
    three, twelve = where(article, ".words", "3 من"), where(article, ".words", "12")
    assert twelve[1] < three[1]  # read from the right
    iso, number = where(article, ".words", "ISO"), where(article, ".words", "4217")
    assert iso[0] < number[0]  # within a Latin name from the left
    four, seven = where(article, ".words", "4"), where(article, ".words", "17 ")
    assert four[0] < seven[0]


def test_a_statements_number_stands_before_its_words_that_begin_with_one(article: Any) -> None:
    # «من أن ³3 من أصل»: two numbers side by side would be read as one, from left to right
    anchor, first = article.evaluate(
        """() => { const a = document.getElementById("s3"), r = document.createRange();
        const words = a.nextElementSibling.firstChild; r.setStart(words, 0); r.setEnd(words, 1);
        return [a.getBoundingClientRect().left, r.getBoundingClientRect().left]; }"""
    )
    assert anchor > first


def test_an_article_turns_nothing_round_but_itself(desk: Page, server: Server) -> None:
    """U+202E in an article's text and in its outlet's name."""
    page, _ = desk
    for language in ("ar", "en"):
        page.goto(server.url("/?q=الميناء&since=2024-01-01&until=2024-01-01", language))
        outlet, year = where(page, ".foot", "مشبوه"), where(page, ".foot time", "2024")
        first, last = where(page, ".foot time", "20"), where(page, ".foot time", "4", 4)
        assert first[0] < last[0]
        assert (outlet[0] > year[1]) if language == "ar" else (outlet[1] < year[0])
        count = page.locator(".facet .count").first
        name = page.locator(".facet bdi").first
        a, b = name.bounding_box(), count.bounding_box()
        assert (a["x"] > b["x"]) if language == "ar" else (a["x"] < b["x"])


def test_nothing_of_a_hostile_article_runs(desk: Page, server: Server) -> None:
    page, seen = desk
    for path in ("/articles/{harm}", "/?q=الميناء", "/articles/{harm}/original", "/sources"):
        page.goto(server.url(path))
        page.evaluate(
            "() => document.querySelectorAll('.said, .speaker, details').forEach((e) => { e.open = true; })"
        )
        for some in page.locator(".said, .speaker").all()[:4]:
            some.hover()
        page.wait_for_load_state("networkidle")
    assert seen.dialogs == []
    assert seen.elsewhere == []
    page.goto(server.url("/articles/{harm}"))
    assert (
        page.locator("main script, main [onclick], main [onerror], main [onmouseover]").count() == 0
    )
    assert page.locator("a[href^='javascript' i]").count() == 0
    assert "{{ 7*7 }}" in page.locator(".reading").inner_text()
