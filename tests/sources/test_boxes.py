"""Boxes taken out of a page: what stands behind them stays."""

from __future__ import annotations

import pytest
from lxml import html

from qawl.sources.boxes import drop


@pytest.mark.parametrize(
    ("page", "left"),
    [
        ("<div>قبل <b>x</b>بعد</div>", "قبل بعد"),
        ("<div><b>x</b>بعد</div>", "بعد"),
        ("<div><i>قبل</i> <b>x</b> بعد</div>", "قبل  بعد"),
        ("<div><b>x</b></div>", ""),
    ],
)
def test_the_text_round_a_dropped_element_stays(page: str, left: str) -> None:
    tree = html.fromstring(page)
    drop(tree.find(".//b"))
    assert tree.find(".//b") is None
    assert tree.text_content() == left


def test_white_space_behind_many_dropped_neighbours_is_kept_once() -> None:
    tree = html.fromstring("<div><p>قبل</p>" + "<b>x</b>\n  " * 50 + "<p>بعد</p></div>")
    for element in tree.findall("b"):
        drop(element)
    assert tree.text_content().split() == ["قبل", "بعد"]
    assert len(tree.text_content()) < 20


def test_what_has_no_parent_stays() -> None:
    tree = html.fromstring("<div>هنا</div>")
    drop(tree)
    assert tree.text_content() == "هنا"
