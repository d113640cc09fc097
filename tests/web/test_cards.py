"""Share images: lines broken by measured widths, letters joined, nothing hostile in them."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from quarrel import number_of

from qawl.web import cards
from qawl.web.cards import HEIGHT, MARGIN, WIDTH, Card, is_rtl, layout, plain, png, svg, wrap

CARD = Card(
    words="ستكتمل أعمال السد خلال 14 شهرا بكلفة 90 مليون دينار، وفق CNN",
    who="حسام القحطاني",
    outlet="صحيفة النهر",
    day="1 آذار/مارس 2024",
    link="qawl.example/articles/3#s2",
    label="بنصّ كلامه",
    quoted=True,
    brand="قَول",
)
SVG = "{http://www.w3.org/2000/svg}"


def _measure(text: str, size: int, bold: bool) -> float:
    return len(text) * size * (0.6 if bold else 0.5)


@given(st.text(max_size=400), st.text(max_size=90), st.booleans())
def test_every_line_stays_inside(words: str, who: str, quoted: bool) -> None:
    for text in layout(replace(CARD, words=words, who=who, quoted=quoted), _measure):
        wide = _measure(text.text, text.size, text.bold)
        left, right = (text.x - wide, text.x) if text.rtl else (text.x, text.x + wide)
        assert left >= MARGIN - 1
        assert right <= WIDTH - MARGIN + 1
        assert 0 < text.y < HEIGHT


def test_few_words_are_large_and_many_are_cut() -> None:
    few = layout(CARD, _measure)
    many = layout(replace(CARD, words="كلمة " * 2000), _measure)
    assert few[0].size > many[0].size
    body = [t.text for t in many if t.size == many[0].size and t.colour == cards.INK]
    assert body[-1].endswith("…»")
    assert body[0].startswith("«")


def test_what_is_reported_has_no_quotation_marks() -> None:
    assert not any("«" in t.text for t in layout(replace(CARD, quoted=False), _measure))


def test_a_token_of_any_length_is_cut() -> None:
    assert wrap("ب" * 50, 10.0, len) == ["ب" * 10] * 5
    assert wrap("قال إن", 10.0, len) == ["قال إن"]
    assert wrap("", 10.0, len) == []


def test_lines_keep_all_words() -> None:
    words = "أكد الوزير أن السد سيكتمل في موعده"
    assert " ".join(wrap(words, 12.0, len)) == words


def test_what_is_not_seen_is_left_out() -> None:
    assert plain("أ\u202eب\u2066ج\u0000د\nه", 50) == "أبج ده".replace("ده", "د ه")
    assert plain("ك\u064b\u064b\u064b\u064b\u064b\u064b", 50) == "ك\u064b\u064b\u064b"
    assert plain("كلمة " * 30, 20).endswith("…")
    assert len(plain("كلمة " * 30, 20)) <= 20


def test_direction_is_that_of_the_first_letter() -> None:
    assert is_rtl("14 شهرا")
    assert not is_rtl("CNN: خبر")
    assert is_rtl("2024")


def test_the_svg_is_text_in_its_direction() -> None:
    root = ET.fromstring(svg(CARD))
    texts = {t.text: t for t in root.iter(SVG + "text")}
    assert texts["حسام القحطاني"].get("direction") == "rtl"
    assert texts["qawl.example/articles/3#s2"].get("direction") == "ltr"
    assert float(texts["حسام القحطاني"].get("x", 0)) == WIDTH - MARGIN
    style = root.find(SVG + "style")
    assert style is not None
    assert "data:font/woff2" in (style.text or "")
    assert "http" not in (style.text or "").replace("http://www.w3.org", "")


def test_hostile_words_stay_text_in_the_svg() -> None:
    hostile = "</text><script>alert(1)</script>\u202e\ud800&amp;"
    made = svg(replace(CARD, words=hostile, who=hostile, outlet='"><a href="javascript:x">'))
    root = ET.fromstring(made)
    assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {
        "svg",
        "title",
        "style",
        "rect",
        "text",
    }


def test_the_png_joins_letters() -> None:
    # joined letters are narrower than the same ones apart
    joined = cards.width_of("سلمى", 48, False)
    apart = sum(cards.width_of(letter, 48, False) for letter in "سلمى")
    assert joined < 0.8 * apart
    picture = Image.open(io.BytesIO(png(CARD)))
    assert picture.size == (1200, 630)


def test_letters_of_both_scripts_are_in_the_font() -> None:
    missing = cards.width_of("\U0001f600", 48, False)
    for letter in "قCé…«9٣–":
        assert cards.width_of(letter, 48, False) > 0
    assert missing > 0  # a box, not nothing


def test_pictures_of_a_statement(quarrel: TestClient) -> None:
    number = number_of(quarrel, "خلال 16 شهرا")
    picture = quarrel.get(f"/statements/{number}/card.png")
    assert picture.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(picture.content)).size == (1200, 630)
    drawn = quarrel.get(f"/statements/{number}/card.svg")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert "sandbox" in drawn.headers["content-security-policy"]
    assert "script-src" not in drawn.headers["content-security-policy"]
    assert "حسام القحطاني" in drawn.text
    assert "2 آذار/مارس 2024" in drawn.text
    assert "2 March 2024" in quarrel.get(f"/statements/{number}/card.svg?lang=en").text


def test_a_picture_is_not_sent_twice(quarrel: TestClient) -> None:
    address = f"/statements/{number_of(quarrel, 'خلال 16 شهرا')}/card.svg"
    tag = quarrel.get(address).headers["etag"]
    again = quarrel.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_no_picture_of_nothing(quarrel: TestClient, kind: str) -> None:
    assert quarrel.get(f"/statements/77/card.{kind}").status_code == 404


def test_pictures_of_hostile_statements(client: TestClient) -> None:
    number = number_of(client, "مغلق")
    drawn = client.get(f"/statements/{number}/card.svg")
    assert drawn.status_code == 200
    tags = {e.tag.removeprefix(SVG) for e in ET.fromstring(drawn.text).iter()}
    assert tags <= {"svg", "title", "style", "rect", "text"}
    assert client.get(f"/statements/{number}/card.png").status_code == 200
