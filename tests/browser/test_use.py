"""Using the pages: by keyboard alone, without scripts, and with them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from browsing import Seen, Server, opened, serving
from sample_record import Places

from qawl.record import editors
from qawl.record.store import Record

Page = tuple[Any, Seen]
TEXT = """قال مدير المرصد جابر الحسني: "رصدنا موجة حر جديدة".
وأضاف الحسني أن الموجة ستنحسر الخميس."""
#: What has the focus: what it is, whether its focus is seen, and where it stands among all elements.
_FOCUS = """() => {
  const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
  return {tag: e.tagName, text: (e.textContent || e.value || "").trim().slice(0, 40), id: e.id, name: e.getAttribute("name"),
    outlined: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2, shown: b.width > 0 && b.height > 0,
    inside: b.bottom > 0 && b.top < innerHeight,
    order: [...document.querySelectorAll("*")].indexOf(e)};
}"""


def chosen(page: Any) -> str:
    return str(page.evaluate("() => (document.querySelector('.note.on') || {}).id || ''"))


def sent(page: Any, selector: str) -> None:
    """Clicks on what leads to another page, and waits until that is there: ``click`` alone waits for less."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def test_the_first_stop_skips_to_the_content(desk: Page, server: Server) -> None:
    page, _ = desk
    page.goto(server.url("/articles/{article}"))
    page.keyboard.press("Tab")
    at = page.evaluate(_FOCUS)
    assert at["tag"] == "A"
    assert at["inside"]
    assert at["outlined"]
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"


@pytest.mark.parametrize("path", ["/?q=الجسر", "/articles/{article}", "/sources/{person}", "/try"])
def test_stops_follow_the_page_and_are_seen(desk: Page, server: Server, path: str) -> None:
    page, _ = desk
    page.goto(server.url(path))
    stops = []
    for _ in range(30):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(_FOCUS))
        if stops[-1]["tag"] == "BODY":
            break
    stops = [s for s in stops if s["tag"] != "BODY"]
    assert len(stops) > 10
    assert [s for s in stops if not (s["outlined"] and s["shown"] and s["inside"])] == []
    orders = [s["order"] for s in stops]
    assert orders == sorted(orders)


def test_statements_by_j_k_arrows_enter_and_escape(desk: Page, server: Server) -> None:
    page, _ = desk
    page.goto(server.url("/articles/{article}"))
    is_open = "(n) => document.getElementById(n).open"
    page.keyboard.press("j")
    assert chosen(page) == "n1"
    page.keyboard.press("j")
    assert chosen(page) == "n2"
    page.keyboard.press("ArrowDown")
    assert chosen(page) == "n3"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("k")
    assert chosen(page) == "n1"
    assert page.evaluate(_FOCUS)["tag"] == "SUMMARY"
    assert page.evaluate(_FOCUS)["outlined"]
    assert not page.evaluate(is_open, "n1")
    page.keyboard.press("Enter")
    assert page.evaluate(is_open, "n1")
    page.keyboard.press("Escape")
    assert not page.evaluate(is_open, "n1")
    for _ in range(9):
        page.keyboard.press("j")
    assert chosen(page) == "n5"  # the last


def test_an_address_with_a_statement_opens_it(desk: Page, server: Server) -> None:
    page, _ = desk
    page.goto(server.url("/articles/{article}#s3"))
    assert chosen(page) == "n3"
    assert page.evaluate("() => document.getElementById('n3').open")
    assert page.evaluate(
        "() => { const b = document.getElementById('s3').getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight; }"
    )


def test_an_opened_note_moves_nothing_and_closes_the_one_before(desk: Page, server: Server) -> None:
    page, _ = desk
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(server.url("/articles/{article}"))

    def places() -> Any:
        return page.evaluate(
            "[...document.querySelectorAll('.row .words, .note > summary')].map((e) => e.getBoundingClientRect().top)"
        )

    before = places()
    for number in (1, 3):
        page.locator(f".said[data-n='{number}']").first.click()
        assert page.locator(f"#n{number} .told").is_visible()
        assert places() == before
    assert page.locator(".note[open]").count() == 1
    # what lies under an opened note comes up where it is reached by the keyboard
    page.locator("#n4 > summary").focus()
    seen = page.evaluate(
        "() => { const b = document.activeElement.getBoundingClientRect();"
        " return document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2).closest('.note').id; }"
    )
    assert seen == "n4"
    page.locator("h1").click()
    assert page.locator(".note[open]").count() == 0


def test_a_statement_is_shown_under_the_pointer(desk: Page, server: Server) -> None:
    page, _ = desk
    page.goto(server.url("/articles/{article}"))
    page.locator(".said[data-n='2']").first.hover()
    assert chosen(page) == "n2"
    page.locator(".said[data-n='2']").first.click()
    assert page.evaluate("() => document.getElementById('n2').open")


def test_more_results_come_into_the_same_list(desk: Page, server: Server) -> None:
    page, _ = desk
    page.goto(server.url("/"))
    before = page.locator(".lines > .line").count()
    assert before == 20
    page.locator(".more a").click()
    page.wait_for_function(f"() => document.querySelectorAll('.lines > .line').length > {before}")
    assert "after=" not in page.url
    numbers = page.locator(".lines > .line").evaluate_all("(all) => all.map((e) => e.id)")
    assert len(set(numbers)) == len(numbers)


def test_a_bar_of_the_histogram_narrows_the_search(desk: Page, server: Server) -> None:
    page, _ = desk
    page.goto(server.url("/?q=الجسر"))
    page.locator(".bars a").first.click()
    page.wait_for_url(re.compile(r"since=\d{4}-\d\d.*until="))
    assert page.locator(".lines > .line").count() > 0
    page.locator(".narrow").first.evaluate("(e) => { e.open = true; }")
    assert re.fullmatch(r"\d{4}-\d\d-01", page.locator("[name=since]").input_value())


def test_a_pasted_text_is_read_in_place(desk: Page, server: Server) -> None:
    page, seen = desk
    page.goto(server.url("/try"))
    seen.clear()
    page.locator("#text").fill(TEXT)
    page.locator("form.try button").click()
    page.locator("#result .said").first.wait_for()
    assert page.locator("#text").input_value() == TEXT  # the page is the same
    page.locator("main h1").click()
    page.keyboard.press("j")
    assert chosen(page) == "n1"
    assert seen.console == []


def test_a_file_is_read_in_place(desk: Page, server: Server) -> None:
    page, _ = desk
    page.goto(server.url("/try"))
    file = {"name": "x.txt", "mimeType": "text/plain", "buffer": TEXT.encode("windows-1256")}
    page.locator("input[type=file]").set_input_files(file)
    page.locator("form.try button").click()
    page.locator("#result .said").first.wait_for()
    assert "الحسني" in page.locator("#result").inner_text()


def test_what_is_wrong_is_told_in_place(desk: Page, server: Server) -> None:
    page, seen = desk
    page.goto(server.url("/try"))
    page.locator("form.try button").click()
    page.locator("#result [role=alert]").wait_for()
    seen.clear()


def test_without_scripts_searching_and_paging(bare: Page, server: Server) -> None:
    page, _ = bare
    page.goto(server.url("/"))
    first = page.locator(".lines > .line").first.get_attribute("id")
    page.locator(".more a").click()
    page.wait_for_url(re.compile("after="))
    assert page.locator(".lines > .line").first.get_attribute("id") != first
    page.locator("#q").fill("إضراب")
    page.locator("form.ask > button").click()
    page.wait_for_url(re.compile("q="))
    assert page.locator("mark.hit").count() > 0
    page.locator("form.ask summary").click()
    page.locator("select[name=act]").select_option("deny")
    page.locator("form.ask > button").click()
    page.wait_for_url(re.compile("act=deny"))


def test_without_scripts_the_article(bare: Page, server: Server) -> None:
    page, _ = bare
    page.goto(server.url("/articles/{article}"))
    note = page.locator("#n1")
    assert not note.locator("dl").is_visible()
    note.locator("summary").click()
    assert note.locator("dl").is_visible()
    note.locator("a[href*='#s1']").click()
    assert page.url.endswith("#s1")
    with page.expect_navigation():
        page.locator(".picks a", has_text="1").first.click()
    assert page.url == server.url("/articles/{old}")


def test_without_scripts_forms(bare: Page, server: Server) -> None:
    page, _ = bare
    page.goto(server.url("/try"))
    page.locator("#text").fill(TEXT)
    sent(page, "form.try button")
    assert page.locator("#result .said").count() >= 2
    page.goto(server.url("/articles/{old}/versions"))
    sent(page, "form.inline button")
    assert page.locator("ins").count() > 0
    assert page.locator("del").count() > 0
    page.goto(server.url("/?q=الجسر", "en"))
    sent(page, "form[action='/searches'] button")
    assert "/searches" in page.url
    assert page.locator("html").get_attribute("lang") == "en"  # the choice of language is kept
    page.goto(server.url("/", "ar"))


def test_without_scripts_correcting_and_undoing(bare: Page, server: Server) -> None:
    page, _ = bare
    page.goto(server.url("/statements/{statement}/correct"))
    was = page.locator("select[name=act]").input_value()
    page.locator("select[name=act]").select_option("predict")
    sent(page, "button[value=save]")
    page.goto(server.url("/statements/{statement}/correct"))
    assert page.locator("select[name=act]").input_value() == "predict"
    sent(page, "form.undo button")
    page.goto(server.url("/statements/{statement}/correct"))
    assert page.locator("select[name=act]").input_value() == was


def test_selecting_words_fills_the_correction(desk: Page, server: Server) -> None:
    page, _ = desk
    page.goto(server.url("/statements/{statement}/correct"))
    page.evaluate(
        """() => { const piece = document.querySelector(".is-content mark").firstChild, r = document.createRange();
        r.setStart(piece, 0); r.setEnd(piece, 10); getSelection().removeAllRanges(); getSelection().addRange(r); }"""
    )
    page.locator("[data-take=all]").click()
    words = page.locator(".is-content mark").first.inner_text()
    assert page.locator("#words").input_value() == words[:10].strip()


def test_the_least_certain_by_keyboard(desk: Page, server: Server) -> None:
    page, _ = desk
    page.goto(server.url("/review"))
    first = page.locator("input[name=number]").get_attribute("value")
    with page.expect_navigation():
        page.keyboard.press("s")
    second = page.locator("input[name=number]").get_attribute("value")
    assert second != first
    with page.expect_navigation():
        page.keyboard.press("y")
    assert page.locator(".done").is_visible()
    assert page.locator("input[name=number]").get_attribute("value") != second


def test_an_editor_signs_in_and_out(
    browser: Any, kept: tuple[Path, Places], tmp_path: Path
) -> None:
    where, places = kept
    copy = tmp_path / "record.db"
    copy.write_bytes(where.read_bytes())
    with Record(str(copy)) as record, record.writing() as connection:
        editors.add(connection, "سعاد", "قهوة الصباح في بيروت")
    for server in serving(copy, places, tmp_path / "log", "--sign-in"):
        for page, _ in opened(browser, server, java_script_enabled=False):
            page.goto(server.url("/review"))
            assert "/sign-in?next=" in page.url
            page.locator("[name=name]").fill("سعاد")
            page.locator("[name=passphrase]").fill("قهوة المساء في بيروت")
            sent(page, "form.sheet button")
            assert page.locator("[role=alert]").is_visible()
            page.locator("[name=passphrase]").fill("قهوة الصباح في بيروت")
            sent(page, "form.sheet button")
            assert page.url == server.url("/review")
            cookies = {c["name"]: c for c in page.context.cookies()}
            assert cookies["qawl_session"]["httpOnly"]
            sent(page, "form[action='/sign-out'] button")
            page.goto(server.url("/review"))
            assert "/sign-in?next=" in page.url
