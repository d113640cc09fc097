"""A speaker over time with turns of position, and two side by side."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient
from quarrel import number_of, source_of

MINISTER, MEMBER = "حسام القحطاني", "ليلى شاهين"


def test_a_turn_is_flagged_with_both_proofs(quarrel: TestClient) -> None:
    page = quarrel.get("/compare", params={"who": MINISTER, "about": "سد الوادي"}).text
    turn = page[page.index('<div class="turn">') :]
    turn = turn[: turn.index("</div>\n  </li>") if "</div>\n  </li>" in turn else None]
    proofs = re.findall(r'href="(/articles/\d+#s\d+)"', turn)[:2]
    places = [
        quarrel.get(f"/statements/{number_of(quarrel, words)}").headers["location"]
        for words in ("ستكتمل أعمال سد الوادي الكبير خلال 14", "استئناف العمل")
    ]
    assert proofs == places
    assert "تحوّل في الموقف" in turn


def test_the_oldest_comes_first_and_the_words_are_marked(quarrel: TestClient) -> None:
    page = quarrel.get("/compare", params={"who": MINISTER, "about": "سد الوادي"}).text
    steps = page[page.index('<ol class="lines steps">') :]
    assert steps.index("بمشروع") < steps.index("استئناف العمل")
    assert re.search(r'<mark class="hit">سد', steps)


def test_two_speakers_stand_side_by_side(quarrel: TestClient) -> None:
    page = quarrel.get("/compare", params={"who": MINISTER, "who2": MEMBER, "about": "الوادي"}).text
    assert '<div class="sides">' in page
    assert page.count('<ol class="lines steps">') == 2
    assert "دراسة الأثر البيئي" in page


def test_charts_of_two_have_one_scale(quarrel: TestClient) -> None:
    page = quarrel.get("/compare", params={"who": MINISTER, "who2": MEMBER}).text
    axes = re.findall(r"<bdi>(2024-\d\d)</bdi> <bdi>(2024-\d\d)</bdi></p>", page)
    assert axes == [("2024-03", "2024-09")] * 2


def test_who_is_meant_is_asked(quarrel: TestClient) -> None:
    page = quarrel.get("/compare", params={"who": "القحطاني", "about": "سد"}).text
    assert '<ul class="choices">' in page
    chosen = re.findall(r'<li><a href="(/compare\?[^"]+)"', page)
    assert len(chosen) == 2
    follow = quarrel.get(chosen[0].replace("&amp;", "&"))
    assert '<ul class="choices">' not in follow.text
    assert 'id="side1"' in follow.text


def test_nobody_of_that_name(quarrel: TestClient) -> None:
    page = quarrel.get("/compare", params={"who": "زينب العلوي"})
    assert page.status_code == 200
    assert "لا أحد في السجل باسم" in page.text


def test_days_bound_what_is_compared(quarrel: TestClient) -> None:
    given = {"who": MINISTER, "since": "2024-04-01"}
    page = quarrel.get("/compare", params=given).text
    assert "بمشروع سد" not in page
    assert "استئناف العمل" in page
    assert quarrel.get("/compare", params={**given, "since": "أمس"}).status_code == 400


def test_the_form_alone_and_hostile_words(client: TestClient) -> None:
    assert client.get("/compare").status_code == 200
    answer = client.get("/compare", params={"who": "سلمى الهاشمي", "about": '"<b> \x00 -'})
    assert answer.status_code in (200, 400)
    assert "<b> " not in answer.text


def test_a_number_decides_in_both_databases(client: TestClient) -> None:
    number = source_of(client, "سلمى الهاشمي")
    page = client.get("/compare", params={"who": f"سلمى #{number}"}).text
    assert f'<a href="/sources/{number}"><bdi>سلمى الهاشمي</bdi></a>' in page
