"""Which pages are Arabic: by their bytes, in every encoding, and by what they say of themselves."""

from __future__ import annotations

import pytest
from crawl_samples import ARTICLES, ENGLISH, page
from hypothesis import given
from hypothesis import strategies as st

from qawl.crawl.keep import is_arabic, language, mostly_arabic, passed_over
from qawl.crawl.page import Page

TEXT = " ".join(a["text"] for a in ARTICLES)
PERSIAN = (
    "شورای شهر روز دوشنبه گفت که پل تازه پس از چهار ماه گشوده می‌شود و چراغ‌های آن روشن است. " * 10
)
URDU = "شہر کی کونسل نے پیر کے روز کہا کہ نیا پل چار مہینے بعد کھول دیا جائے گا۔ " * 10
KURDISH = "ئەنجوومەنی شار ڕایگەیاند کە پردەکە دوای چوار مانگ دەکرێتەوە و ڕووناک دەبێت. " * 10
RUSSIAN = "Совет города сообщил, что мост откроется через четыре месяца. " * 20
GREEK = "Το συμβούλιο της πόλης είπε ότι η γέφυρα θα ανοίξει σε τέσσερις μήνες. " * 20
FRENCH = "Le conseil a été informé que l'été sera très chaud à l'extrême sud. " * 40


@pytest.mark.parametrize("number", range(len(ARTICLES)))
@pytest.mark.parametrize("charset", ["utf-8", "windows-1256", "iso-8859-6", "utf-16"])
def test_every_sample_is_arabic_in_every_encoding(number: int, charset: str) -> None:
    assert is_arabic(page(number, charset=charset))


def test_letters_as_entities_are_letters() -> None:
    coded = "".join(f"&#{ord(c)};" for c in TEXT[:600])
    assert is_arabic(f"<html><p>{coded}</p></html>".encode())


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (PERSIAN, "utf-8"),
        (URDU, "utf-8"),
        (KURDISH, "utf-8"),
        (RUSSIAN, "utf-8"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (GREEK, "iso-8859-7"),
        (FRENCH, "windows-1252"),
        (FRENCH, "utf-8"),
        (ENGLISH, "ascii"),
    ],
)
def test_other_languages_are_not(text: str, charset: str) -> None:
    assert not is_arabic(f"<html><body><p>{text}</p></body></html>".encode(charset, "ignore"))


def test_a_link_to_an_arabic_edition_makes_no_arabic_page() -> None:
    assert not is_arabic((ENGLISH + "<a href='/ar'>النسخة العربية من الموقع</a>").encode())


def test_a_wrong_language_in_the_template_is_overruled_by_the_script() -> None:
    assert is_arabic(f'<html lang="en-US"><body><p>{TEXT}</p>'.encode())


def test_little_text_counts_where_the_page_says_that_it_is_arabic() -> None:
    little = TEXT[:120]
    assert is_arabic(f'<html lang="ar-EG"><p>{little}</p>'.encode())
    assert not is_arabic(f"<html><p>{little}</p>".encode())


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ('<html dir="rtl" lang="ar">', "ar"),
        ("<HTML LANG=AR-SA>", "ar"),
        ('<meta http-equiv="content-language" content="fa">', "fa"),
        ('<meta property="og:locale" content="ar_AR">', "ar"),
        ("<html>", ""),
    ],
)
def test_the_language_that_a_page_names(head: str, said: str) -> None:
    assert language(head.encode()) == said


@pytest.mark.parametrize(
    ("given_page", "why"),
    [
        (Page(page(0)), ""),
        (Page(page(0), kind="image/png"), "no web page"),
        (Page(page(0), status=404), "no answer of the site"),
        (Page(b"  \n"), "empty"),
        (Page(page(0) + b" " * 200_000), "too large"),
        (Page(ENGLISH.encode()), "not Arabic"),
    ],
)
def test_why_a_page_is_passed_over(given_page: Page, why: str) -> None:
    assert passed_over(given_page, 200_000) == why


def test_half_of_the_letters_make_an_arabic_text() -> None:
    assert mostly_arabic("قال الوزير إن USAID باقية")
    assert not mostly_arabic("The minister said: نعم")
    assert not mostly_arabic("123")


@given(st.binary(max_size=3000))
def test_any_bytes_are_judged(data: bytes) -> None:
    assert passed_over(Page(data), 10_000) in {"", "empty", "not Arabic"}
