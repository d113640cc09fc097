"""Who speaks: found by any spelling, and shown with offices, acts, topics, outlets and statements."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient
from quarrel import number_of, site_of, source_of

from qawl.record.corrections import merge
from qawl.record.who import Person
from qawl.web.names import found, meant
from qawl.web.pages.sources import roles_of

MINISTER, FARMER, MEMBER = "حسام القحطاني", "فهد القحطاني", "ليلى شاهين"


def test_those_most_quoted_come_first(quarrel: TestClient) -> None:
    page = quarrel.get("/sources").text
    assert page.index(MINISTER) < page.index(MEMBER) < page.index(FARMER)
    assert "وزير المياه" in page


def test_a_name_is_found_in_another_spelling(quarrel: TestClient) -> None:
    page = quarrel.get("/sources", params={"q": "حسام القحطانى"}).text
    assert f'href="/sources/{source_of(quarrel, MINISTER)}"' in page
    assert MEMBER not in page


def test_a_family_name_is_found_with_all_who_bear_it(quarrel: TestClient) -> None:
    page = quarrel.get("/sources", params={"q": "القحطاني"}).text
    assert MINISTER in page
    assert FARMER in page


def test_nobody_is_told_and_what_is_typed_is_escaped(quarrel: TestClient) -> None:
    answer = quarrel.get("/sources", params={"q": '"><script>alert(1)</script>'})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "لا أحد في السجل" in answer.text


def test_odd_numbers_and_controls_are_no_fault(client: TestClient) -> None:
    for typed in ("#" + "9" * 40, "#0", "#x", "اسم #" + "9" * 40):
        assert client.get("/sources", params={"q": typed}).status_code in (400, 404)
    assert client.get("/sources", params={"q": "اسم\x00آخر"}).status_code in (200, 400)


def test_a_person_is_shown_whole(quarrel: TestClient) -> None:
    number = source_of(quarrel, MINISTER)
    page = quarrel.get(f"/sources/{number}").text
    assert f"<h1><bdi>{MINISTER}</bdi></h1>" in page
    for part in ("وزير المياه", "صحيفة النهر", "وكالة البحيرة", "بكلفة 90 مليون دينار"):
        assert part in page
    assert f'href="/feeds/sources/{number}.atom"' in page
    assert "wikidata.org" not in page


def test_the_chart_has_a_table_with_the_same_numbers(quarrel: TestClient) -> None:
    page = quarrel.get(f"/sources/{source_of(quarrel, MINISTER)}?lang=en").text
    table = page[page.index('<table class="numbers">') : page.index("</table>")]
    march = table[table.index("2024-03") :].split("</tr>")[0]
    # inform 1, support 1, commit 4 in March
    assert re.findall(r"<td>(\d*)</td>", march) == ["6", "1", "", "", "", "", "1", "4", "", ""]
    assert page.count('fill="url(#p-commit)"') >= 2  # in the chart and in its key


def test_both_databases_show_a_person(client: TestClient) -> None:
    name = "سلمى الهاشمي"
    page = client.get(f"/sources/{source_of(client, name)}")
    assert page.status_code == 200
    assert name in page.text
    assert "وزيرة النقل" in page.text
    assert "وكالة السراج" in page.text


def test_a_hostile_name_stays_text(client: TestClient) -> None:
    listing = client.get("/sources").text
    assert "<script>alert" not in listing
    for number in re.findall(r'class="who" href="/sources/(\d+)"', listing):
        page = client.get(f"/sources/{number}").text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_wikidata_id_is_a_link(quarrel: TestClient) -> None:
    number = source_of(quarrel, MEMBER)
    with site_of(quarrel).records.writing() as connection:
        connection.exec_driver_sql(f"UPDATE sources SET wikidata = 'Q42' WHERE id = {number}")
    assert 'href="https://www.wikidata.org/wiki/Q42"' in quarrel.get(f"/sources/{number}").text


def test_a_merged_source_leads_to_what_it_became(quarrel: TestClient) -> None:
    one, other = source_of(quarrel, FARMER), source_of(quarrel, MINISTER)
    with site_of(quarrel).records.writing() as connection:
        merge(connection, one, other, person="هند")
    answer = quarrel.get(f"/sources/{one}")
    assert (answer.status_code, answer.headers["location"]) == (302, f"/sources/{other}")


def test_statements_go_on_over_pages(quarrel: TestClient) -> None:
    number = source_of(quarrel, MINISTER)
    newest = number_of(quarrel, "بالتلاعب في العقود")
    page = quarrel.get(f"/sources/{number}", params={"after": newest}).text
    assert f'id="n{newest}"' not in page
    assert "خلال 14 شهرا" in page
    more = quarrel.get(
        f"/sources/{number}", params={"after": newest}, headers={"hx-request": "true"}
    ).text
    assert "<html" not in more
    assert more.count('class="line"') == 7


def test_nobody_has_that_number(client: TestClient) -> None:
    assert client.get("/sources/999999").status_code == 404
    assert client.get(f"/sources/{1 << 70}").status_code in (404, 422)


def test_names_may_carry_their_number(quarrel: TestClient) -> None:
    number = source_of(quarrel, FARMER)
    with site_of(quarrel).records.reading() as connection:
        assert [k.source.id for k in found(connection, f"أي اسم #{number}")] == [number]
        kept, choices = meant(connection, "القحطاني")
        assert kept is None
        assert {k.name for k in choices} == {MINISTER, FARMER}
        kept, choices = meant(connection, MINISTER)
        assert kept is not None
        assert (kept.name, choices) == (MINISTER, [])
        assert found(connection, "   ") == []


def test_one_office_in_two_wordings_is_one() -> None:
    roles = (
        ("للرئيس المصري", 9, "2014-06-08", "2019-01-01"),
        ("الرئيس المصري", 4, "2015-01-01", "2024-02-03"),
        ("الرجل القوي", 20, "2016-01-01", "2016-01-02"),
    )
    person = Person(1, "س", "person", None, None, 3, None, None, (), roles, ())
    assert roles_of(person) == [
        ("الرئيس المصري", 13, "2014-06-08", "2024-02-03"),
        ("الرجل القوي", 20, "2016-01-01", "2016-01-02"),
    ]
