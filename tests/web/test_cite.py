"""A statement taken away: its place, its citations, its draft of a fact check."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from html import unescape

import pytest
from fastapi.testclient import TestClient
from quarrel import number_of

from qawl.web.citations import FSI, PDI, STYLES, Cited, citation
from qawl.web.texts import Texts

GIVEN = Cited(
    words="ستكتمل أعمال السد خلال 14 شهرا",
    who="حسام القحطاني",
    quoted=True,
    title="سد الوادي",
    outlet="صحيفة النهر",
    author="رنا الخطيب",
    date=dt.date(2024, 3, 1),
    address="https://nahr.example/1",
    place="https://qawl.example/articles/3#s2",
    accessed=dt.date(2026, 11, 26),
)


def _plain(given: Cited, style: str) -> str:
    made = citation(given, style, Texts(STYLES[style][0]))
    assert made.count(FSI) == made.count(PDI)
    return made.replace(FSI, "").replace(PDI, "")


def test_the_arabic_footnote() -> None:
    assert _plain(GIVEN, "arabic") == (
        "حسام القحطاني: «ستكتمل أعمال السد خلال 14 شهرا». ورد في: رنا الخطيب، «سد الوادي»، صحيفة النهر، "
        "1 آذار/مارس 2024، https://nahr.example/1. موضعه: https://qawl.example/articles/3#s2 "
        "(اطُّلع عليه في 26 تشرين الثاني/نوفمبر 2026)."
    )


def test_the_chicago_note() -> None:
    assert _plain(GIVEN, "chicago") == (
        "حسام القحطاني, “ستكتمل أعمال السد خلال 14 شهرا”, in رنا الخطيب, “سد الوادي”, صحيفة النهر, "
        "March 1, 2024, https://nahr.example/1; statement at https://qawl.example/articles/3#s2, "
        "accessed 26 November 2026."
    )


def test_apa() -> None:
    made = _plain(GIVEN, "apa")
    assert made.startswith("رنا الخطيب (2024, March 1). سد الوادي. [حسام القحطاني: “")
    assert made.endswith("Statement kept at https://qawl.example/articles/3#s2")


@pytest.mark.parametrize("style", STYLES)
def test_what_is_not_known_is_left_out(style: str) -> None:
    bare = replace(GIVEN, who="", title="", outlet="", author="", date=None, address="")
    made = _plain(bare, style)
    assert "None" not in made
    assert GIVEN.place in made
    assert not re.search(r"[،,] [،,]|\(\)|«»|“”|\|\w+= ", made)


@pytest.mark.parametrize("style", STYLES)
def test_what_is_only_reported_is_not_quoted(style: str) -> None:
    made = _plain(replace(GIVEN, quoted=False), style)
    assert f"«{GIVEN.words}»" not in made
    assert f"“{GIVEN.words}”" not in made


@pytest.mark.parametrize("style", ["wiki_ar", "wiki_en"])
def test_words_do_not_end_a_template(style: str) -> None:
    made = _plain(replace(GIVEN, words="أ | ب }} [[ج]] <ref>", title="{{د}}"), style)
    assert made.startswith("{{")
    assert made.endswith("}}")
    inside = made[2:-2].replace("{{!}}", "")
    assert "{{" not in inside
    assert "}}" not in inside
    assert "[[" not in inside
    assert "<" not in inside
    assert "{{!}}" in made


def test_a_number_leads_to_the_place(client: TestClient) -> None:
    number = number_of(client, "لن نؤجل الافتتاح")
    answer = client.get(f"/statements/{number}")
    assert answer.status_code == 302
    assert re.fullmatch(r"/articles/\d+#s\d+", answer.headers["location"])
    assert client.get("/statements/5").status_code == 404


def test_the_page_has_every_style_to_copy(client: TestClient) -> None:
    number = number_of(client, "لن نؤجل الافتتاح")
    page = client.get(f"/statements/{number}/cite").text
    for style in STYLES:
        assert f'id="c-{style}"' in page
    texts = [unescape(t) for t in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)]
    assert all("لن نؤجل الافتتاح" in text for text in texts[:5])
    assert texts[5].startswith("http://testserver/articles/")
    assert 'property="og:image" content="http://testserver/statements/' in page


def test_addresses_are_those_by_which_others_reach_the_server(filled_sqlite: str, serve) -> None:  # type: ignore[no-untyped-def]
    client = serve(filled_sqlite, address="https://qawl.example.org")
    number = number_of(client, "لن نؤجل الافتتاح")
    page = client.get(f"/statements/{number}/cite").text
    assert "https://qawl.example.org/articles/" in page
    assert "testserver" not in page


def test_reference_managers(quarrel: TestClient) -> None:
    number = number_of(quarrel, "خلال 16 شهرا")
    ris = quarrel.get(f"/statements/{number}/cite.ris")
    assert ris.text.count("TY  - NEWS") == 1
    assert "خلال 16 شهرا" in ris.text
    assert "attachment" in ris.headers["content-disposition"]
    bib = quarrel.get(f"/statements/{number}/cite.bib").text
    assert bib.startswith("@article{qawl2024-")
    assert bib.count("@article") == 1


def test_the_draft_of_a_fact_check(quarrel: TestClient) -> None:
    number = number_of(quarrel, "بالتلاعب في العقود")
    page = quarrel.get(f"/statements/{number}/cite").text
    assert f'href="/statements/{number}/claimreview"' in page
    draft = json.loads(quarrel.get(f"/statements/{number}/claimreview").content)
    assert draft["@type"] == "ClaimReview"
    assert "بالتلاعب" in draft["claimReviewed"]
    assert draft["itemReviewed"]["author"]["name"] == "حسام القحطاني"


def test_what_nobody_can_check_has_no_draft(quarrel: TestClient) -> None:
    number = number_of(quarrel, "بمشروع سد")
    assert quarrel.get(f"/statements/{number}/claimreview").status_code == 404
    assert "claimreview" not in quarrel.get(f"/statements/{number}/cite").text


def test_hostile_words_stay_text(client: TestClient) -> None:
    number = number_of(client, "مغلق")
    page = client.get(f"/statements/{number}/cite").text
    assert "<script>alert" not in page
    assert 'onmouseover=alert(2)" ' not in page.replace("&#34;", "'")


def test_every_link_reason_and_change_has_its_words() -> None:
    from typing import get_args

    from qawl.record.changes import Change

    for language in ("ar", "en"):
        texts = Texts(language)
        assert all(texts.has(f"change.{name}") for name in (*get_args(Change), "act"))
        for reason in (
            "new", "same name", "spelling", "short form", "office", "family name", "corrected",
        ):  # fmt: skip
            assert texts.has(f"link.{reason}")
