"""One statement as each outlet gave it."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient
from quarrel import number_of, site_of

from qawl.record.changes import differences
from qawl.web.pages.saying import pieces_of


def test_versions_stand_side_by_side_the_earliest_first(quarrel: TestClient) -> None:
    number = number_of(quarrel, "ستكتمل أعمال سد الوادي الكبير خلال 14")
    page = quarrel.get(f"/sayings/{number}").text
    outlets = re.findall(r"<h2><bdi>(.+?)</bdi></h2>", page)
    assert outlets[0] == "صحيفة النهر"
    assert set(outlets[1:]) == {"وكالة البحيرة", "موقع الضفاف"}


def test_what_changed_is_named_and_marked_word_by_word(quarrel: TestClient) -> None:
    number = number_of(quarrel, "خلال 16 شهرا")
    page = quarrel.get(f"/sayings/{number}?lang=en").text
    versions = {
        re.findall(r"<h2><bdi>(.+?)</bdi>", part)[0]: part for part in page.split("<li class=")[1:]
    }
    lake, banks = versions["وكالة البحيرة"], versions["موقع الضفاف"]
    assert re.findall(r"<del>(.*?)</del>", lake) == ["14"]
    assert re.findall(r"<ins>(.*?)</ins>", lake) == ["16"]
    assert "another number" in lake
    assert "negated" in banks
    assert any("لن" in added for added in re.findall(r"<ins>(.*?)</ins>", banks))
    assert "Some versions change the meaning" in page
    assert "<del>" not in versions["صحيفة النهر"]


def test_any_version_leads_to_all_of_them(quarrel: TestClient) -> None:
    number = number_of(quarrel, "لن تكتمل أعمال")
    assert quarrel.get(f"/sayings/{number}").text.count('class="version') == 4  # with the list


def test_a_saying_in_two_outlets_in_both_databases(client: TestClient) -> None:
    number = number_of(client, "لن نؤجل الافتتاح يوما واحدا")
    page = client.get(f"/sayings/{number}")
    assert page.status_code == 200
    assert "صحيفة المرفأ" in page.text
    assert "وكالة السراج" in page.text
    assert "حرفًا بحرف" in page.text


def test_one_alone_says_so(quarrel: TestClient) -> None:
    page = quarrel.get(f"/sayings/{number_of(quarrel, 'سيرفعون دعوى')}").text
    assert "لم يرد هذا القول في مقال آخر" in page


def test_one_that_is_not_current_leads_to_its_place(quarrel: TestClient) -> None:
    number = number_of(quarrel, "سيرفعون دعوى")
    with site_of(quarrel).records.writing() as connection:
        connection.exec_driver_sql(f"UPDATE statements SET current = 0 WHERE id = {number}")
    page = quarrel.get(f"/sayings/{number}")
    assert page.status_code == 200
    assert f'href="/statements/{number}"' in page.text


def test_there_is_no_such_statement(client: TestClient) -> None:
    assert client.get("/sayings/12345").status_code == 404


def test_spaces_stand_outside_the_marks() -> None:
    one, other = "الكلفة 90 مليون دينار الليلة", "كلفة السد 90 مليون دينار"
    pieces = list(pieces_of(differences(one, other)))
    for tag, text in pieces:
        assert (text.strip() == "") == (tag == "space")
        assert tag == "space" or text == text.strip()
    assert "".join(t for tag, t in pieces if tag != "del").split() == other.split()
    assert " ".join(t for tag, t in pieces if tag != "ins").split() == one.split()
