"""Pages → articles: what they say, in order, without the page round it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qawl.errors import InputError
from qawl.model import Article
from qawl.sources.html import article

PAGES = Path(__file__).parent / "pages"
NAMES = sorted(p.stem for p in PAGES.glob("*.html"))
SAID = (
    "قال الوزير سامر الخضر إن الخطة جاهزة للتنفيذ قبل نهاية العام، مؤكدا أن التمويل متوفر بالكامل."
)


def lines(found: Article) -> list[list[str]]:
    return [[p.kind, found.text[p.start : p.end]] for p in found.paragraphs if p.kind != "title"]


def page(body: str, head: str = "<title>الوزير يعلن الخطة الجديدة</title>") -> str:
    return f"<html><head>{head}</head><body><h1>الوزير يعلن الخطة الجديدة</h1>{body}</body></html>"


@pytest.mark.parametrize("name", NAMES)
def test_a_page_gives_its_article_and_nothing_else(name: str) -> None:
    expected: dict[str, Any] = json.loads((PAGES / f"{name}.json").read_text("utf-8"))
    found = article((PAGES / f"{name}.html").read_bytes())
    assert lines(found) == expected["lines"]
    assert (found.title, found.outlet, found.author, found.canonical) == tuple(
        expected[k] for k in ("title", "outlet", "author", "canonical")
    )
    assert (str(found.date) if found.date else None) == expected["date"]


@pytest.mark.parametrize("name", NAMES)
def test_the_text_is_title_and_paragraphs(name: str) -> None:
    found = article((PAGES / f"{name}.html").read_bytes())
    body = "\n".join(line for _, line in lines(found))
    assert found.text == f"{found.title}\n{body}"
    assert found.paragraphs[0].kind == "title"
    assert "\ue0c1" not in found.text


def test_there_are_pages_of_every_kind() -> None:
    assert len(NAMES) >= 6


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1256"])
def test_a_page_is_read_in_every_encoding(encoding: str) -> None:
    source = page(f"<p>{SAID}</p>" * 3, '<meta charset="utf-8"><title>ع</title>')
    assert SAID in article(source.encode(encoding)).text


def test_fields_override_what_the_page_says() -> None:
    found = article(
        page(f"<p>{SAID}</p>"), title="عنوان آخر", outlet="الساحل", date="10 آذار/مارس 2025",
        id="7", address="https://sahel.example/7",
    )  # fmt: skip
    assert (found.title, found.outlet, found.id) == ("عنوان آخر", "الساحل", "7")
    assert found.date == dt.date(2025, 3, 10)
    assert found.address == "https://sahel.example/7"


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ('<meta property="article:published_time" content="2025-03-10T10:00:00+02:00">', "2025-03-10 08:00:00+00:00"),
        ('<meta name="pubdate" content="10 آذار/مارس 2025">', "2025-03-10"),
        ('<script type="application/ld+json">[{"@type":["NewsArticle"],"datePublished":"٢٠٢٥-٠٣-١٠"}]</script>', "2025-03-10"),
        ('<link rel="canonical" href="https://a.example/2025/03/10/x">', "2025-03-10"),
        ('<meta name="date" content="soon">', None),
    ],
)  # fmt: skip
def test_the_date_of_the_metadata(head: str, date: str | None) -> None:
    found = article(page(f"<p>{SAID}</p>", head))
    assert (str(found.date) if found.date else None) == date


@pytest.mark.parametrize(
    "shown",
    [
        '<time datetime="2025-03-10">قبل ساعة</time>',
        '<span class="publish-date">الاثنين، 10 مارس 2025</span>',
        "<p>الاثنين 10 آذار 2025</p>",
    ],
)
def test_the_date_that_the_page_shows(shown: str) -> None:
    found = article(page(f"{shown}<div><p>{SAID}</p><p>{SAID}!</p></div>"))
    assert found.date == dt.date(2025, 3, 10)
    assert SAID in found.text


def test_a_date_in_a_side_box_is_another_articles() -> None:
    source = page(f"<aside><time datetime='2001-01-01'></time></aside><div><p>{SAID}</p></div>")
    assert article(source).date is None


@pytest.mark.parametrize(
    ("head", "outlet", "author"),
    [
        ('<meta property="og:site_name" content="الساحل"><meta name="author" content="هدى سالم">', "الساحل", "هدى سالم"),
        ('<meta property="og:site_name" content="الساحل"><meta name="author" content="الساحل">', "الساحل", None),
        ('<meta name="author" content="admin">', None, None),
        ('<meta name="author" content="https://facebook.com/x">', None, None),
        ('<meta name="author" content="بقلم: هدى سالم">', None, "هدى سالم"),
        ('<script type="application/ld+json">{"@type":"NewsArticle","author":{"@type":"Organization","name":"الساحل"}}</script>', "الساحل", None),
        ('<script type="application/ld+json">{"@type":"NewsArticle","author":</script>', None, None),
    ],
)  # fmt: skip
def test_outlet_and_author(head: str, outlet: str | None, author: str | None) -> None:
    found = article(page(f"<p>{SAID}</p>", head))
    assert (found.outlet, found.author) == (outlet, author)


def test_captions_stand_in_their_place() -> None:
    figure = "<figure><img src=a><figcaption>{}</figcaption></figure>"
    source = page(
        figure.format("قبل النص")
        + f"<div><p>{SAID}</p>"
        + figure.format("وسط النص")
        + f"<p>{SAID}!</p></div>"
    )
    assert [k for k, _ in lines(article(source))] == ["caption", "text", "caption", "text"]


def test_a_quotation_in_a_figure_is_text() -> None:
    source = page(
        f"<div><p>{SAID}</p><figure><blockquote><p>{SAID}!</p></blockquote></figure></div>"
    )
    assert ["text", SAID + "!"] in lines(article(source))


def test_line_breaks_make_lines() -> None:
    found = lines(article(page(f"<div>{SAID}<br>{SAID}!<br/><br/>{SAID}؟</div>")))
    assert [line for _, line in found] == [SAID, SAID + "!", SAID + "؟"]


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{SAID}</p><p>{SAID}!</p>",
        f"<div><div>{SAID}</div><div>{SAID}!</div></div>",
        f"{SAID}<br>{SAID}!",
        f"<div class=x><span>{SAID}</span><br><span>{SAID}!</span></div>",
    ],
)
def test_a_short_page_keeps_its_lines(body: str) -> None:
    assert lines(article(page(body))) == [["text", SAID], ["text", SAID + "!"]]


@pytest.mark.parametrize(
    "source",
    [
        "<html></html>",
        "<html><head><title>الرئيسية</title></head><body></body></html>",
        page(
            "<ul>" + "<li><a href=x>وزير النقل يعلن الخطة الجديدة للمدينة</a></li>" * 20 + "</ul>"
        ),
        "<p></p>",
        page("<script>var x = 1</script>"),
    ],
)
def test_a_page_without_an_article_says_what_to_do(source: str) -> None:
    with pytest.raises(InputError, match=r"no article was found.*save"):
        article(source)


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 5000 + f"<p>{SAID}</p>",
        f"<b>{'<i>' * 3000}{SAID}",
        f"<p {' '.join(f'a{i}=1' for i in range(20000))}>{SAID}</p>",
        f"<p>{SAID}</p>" + "<script>" * 300 + "<!--" * 300,
        "<" * 3000 + f"<p>{SAID}</p>",
        f"<p>{SAID}" + "<table><tr><td>" * 1000,
        "<div>" * 3000 + "<style>" * 3000 + f"</div><p>{SAID}</p>",
        f"<img src='data:image/png;base64,{'A' * 100_000}'><p>{SAID}</p>",
    ],
)
def test_hostile_mark_up_costs_no_text(body: str) -> None:
    assert SAID in article(page(body)).text


def test_a_very_large_page_is_read_paragraph_by_paragraph() -> None:
    count = 26_000
    found = article(
        page("<nav><p>قائمة</p></nav>" + "".join(f"<p>{SAID} {i}</p>" for i in range(count)))
    )
    assert len(found.paragraphs) == count + 1
    assert "قائمة" not in found.text


def test_nuls_do_not_end_the_page() -> None:
    found = article(page(f"<p>{SAID}</p>\x00<p>{SAID}!</p>"))
    assert SAID + "!" in found.text


def test_a_page_in_another_language_is_noted() -> None:
    english = (
        "<p>The minister said that the plan was ready and that the money had been found.</p>" * 3
    )
    assert "there is no Arabic in it" in article(f"<html><body>{english}</body></html>").notes


PIECES = st.sampled_from(
    ["<p>", "</p>", "<div>", "</div>", "<b>", "<figure>", "<figcaption>", "</figure>", "<br>", "<td>", "<!--",
     "-->", "<a href=x>", "</a>", "<h2>", "</h2>", SAID, "اقرأ أيضا:", "شارك", "\x00", "&#x202e;", "&", "<", "\ud800"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=30))
def test_any_mark_up_is_an_article_or_a_named_error(pieces: list[str]) -> None:
    try:
        found = article(page("".join(pieces)))
    except InputError:
        return
    assert found.text.encode("utf-8")
    for p in found.paragraphs:
        assert found.text[p.start : p.end].strip()
        assert "\n" not in found.text[p.start : p.end]
