"""Every page in a real browser, in both languages: accessible in light and in dark, alone on its host, quiet
in the console, and narrow enough for the smallest phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browsing import Seen, Server, opened, serving
from sample_record import Places

AXE = (Path(__file__).parent / "assets" / "axe.min.js").read_text("utf-8")
#: Pages by name; {what} is filled in from the record. Add yours here.
PAGES = {
    "front": "/",
    "search": "/?q=إضراب",
    "search, narrowed": "/?q=الجسر&act=commit&since=2024-01&until=2024-12&order=best",
    "question": "/?q=ماذا قال {name} عن الجسر",
    "nothing found": "/?q=زرافة",
    "no day": "/?since=2024-13",
    "article": "/articles/{article}",
    "article at a statement": "/articles/{article}#s2",
    "old version": "/articles/{old}",
    "hostile article": "/articles/{harm}",
    "versions": "/articles/{article}/versions",
    "try": "/try",
    "speakers": "/sources",
    "speakers, found": "/sources?q=الخطيب",
    "person": "/sources/{person}",
    "saying": "/sayings/{saying}",
    "compare": "/compare",
    "compare, one on a topic": "/compare?who={name}&about=الجسر",
    "compare, two": "/compare?who={name}&who2=هدى السالمي",
    "statistics": "/stats",
    "cite": "/statements/{statement}/cite",
    "correct": "/statements/{statement}/correct",
    "correct a source": "/sources/{person}/correct",
    "review": "/review",
    "corrections": "/corrections",
    "searches": "/searches",
    "search to save": "/searches?query=?q=الجسر",
    "API": "/api/v1/docs",
    "missing": "/nothing-here",
}
LANGUAGES = ("ar", "en")
#: All rules of WCAG 2.2 up to AA, and what axe-core calls best practice.
_RULES = """() => axe.run(document, {
  iframes: false, resultTypes: ["violations"], rules: {"target-size": {enabled: true}},
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
}).then((r) => r.violations)"""
_COLOURS = """() => axe.run(document, {
  iframes: false, resultTypes: ["violations"], runOnly: {type: "rule", values: ["color-contrast", "link-in-text-block"]}
}).then((r) => r.violations)"""
#: How far the page reaches beside the window, and the first element that does.
_BESIDE = """() => {
  const root = document.scrollingElement, wide = document.documentElement.clientWidth;
  const over = root.scrollWidth - wide;
  if (over <= 0) return [0, ""];
  const inside = (e) => { for (let p = e.parentElement; p; p = p.parentElement) if (getComputedStyle(p).overflowX !== "visible") return true; return false; };
  const out = [...document.querySelectorAll("body *")].find((e) => { const b = e.getBoundingClientRect(); return (b.right > wide + 1 || b.left < -1) && b.width > 0 && !inside(e); });
  return [over, out ? out.outerHTML.slice(0, 200) : ""];
}"""


def told(violations: list[dict[str, Any]]) -> str:
    """What axe-core found, to be read."""
    return "\n".join(
        f"{v['id']} ({v['impact']}): {v['help']}\n"
        + "\n".join(f"    {n['html'][:200]} -- {n['failureSummary'][:300]}" for n in v["nodes"][:3])
        for v in violations
    )


class Visit:
    """A page that was opened once, for all that is asked of it."""

    def __init__(self, page: Any, seen: Seen, url: str, missing: bool) -> None:
        self.page, self.url, self.missing = page, url, missing
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        seen.clear()
        answer = page.goto(url, wait_until="load")
        self.status = answer.status
        self.language = page.evaluate(
            "() => [document.documentElement.lang, document.documentElement.dir]"
        )
        page.evaluate(
            "() => document.querySelectorAll('details').forEach((d) => { d.open = true; })"
        )
        page.evaluate("() => document.fonts.ready")
        if page.locator("iframe").count():
            page.wait_for_load_state("networkidle")
        self.seen = Seen(list(seen.console), list(seen.elsewhere), list(seen.dialogs))


@pytest.fixture(
    scope="module", params=[(n, lang) for n in PAGES for lang in LANGUAGES], ids=": ".join
)
def visit(request: pytest.FixtureRequest, desk: tuple[Any, Seen], server: Server) -> Visit:
    name, language = request.param
    return Visit(*desk, server.url(PAGES[name], language), name in ("missing", "no day"))


@pytest.fixture
def language(visit: Visit, request: pytest.FixtureRequest) -> str:
    return str(visit.url.partition("lang=")[2][:2])


def test_answers_in_its_language(visit: Visit, language: str) -> None:
    assert visit.status in ((400, 404, 422) if visit.missing else (200,))
    assert visit.language == [language, "rtl" if language == "ar" else "ltr"]


def test_is_quiet_and_asks_no_other_host(visit: Visit) -> None:
    told = visit.seen.console
    if visit.missing:  # the browser tells of the page's own status
        told = [m for m in told if "Failed to load resource" not in m]
    # it also tells what it keeps a page of elsewhere from doing, which is shown as it was fetched
    assert [
        m
        for m in told
        if "/original'" not in m
        and "elsewhere.example" not in m
        and "document is sandboxed" not in m
    ] == []
    assert visit.seen.elsewhere == []
    assert visit.seen.dialogs == []


def test_axe_finds_nothing(visit: Visit) -> None:
    visit.page.evaluate(AXE)
    violations = visit.page.evaluate(_RULES)
    assert not violations, told(violations)
    visit.page.emulate_media(color_scheme="dark")
    violations = visit.page.evaluate(_COLOURS)
    assert not violations, "in dark: " + told(violations)


def test_fits_into_320_pixels(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 320, "height": 640})
    assert visit.page.evaluate(_BESIDE) == [0, ""]


def test_has_one_heading_and_landmarks(visit: Visit) -> None:
    counts = visit.page.evaluate(
        "() => ['h1', 'main', 'header.top', 'footer'].map((s) => document.querySelectorAll(s).length)"
    )
    assert counts == [1, 1, 1, 1]


def test_the_sign_in(browser: Any, kept: tuple[Path, Places], tmp_path: Path) -> None:
    """The same of the page that only a server shows that asks for a sign-in."""
    for server in serving(*kept, tmp_path / "log", "--sign-in"):
        for page, seen in opened(browser, server):
            for language in LANGUAGES:
                visited = Visit(page, seen, server.url("/sign-in", language), False)
                test_answers_in_its_language(visited, language)
                test_is_quiet_and_asks_no_other_host(visited)
                test_axe_finds_nothing(visited)
                test_fits_into_320_pixels(visited)
