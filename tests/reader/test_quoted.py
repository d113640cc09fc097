"""Quotations cut in two by their cue, and quotations closed twice, are one statement."""

from __future__ import annotations

import pytest
from reader_sample import columns_of

from qawl.reader import finish, quoted
from qawl.reader.draft import Draft


def drafts(text: str, *spans: tuple[int, int, tuple[int, int] | None, int, int]) -> list[Draft]:
    """Drafts of (cue, its last, speaker, start, end) token indices, widened and settled."""
    c = columns_of(text)
    made = [
        Draft(cue, last, False, 0.9, start=start, end=end, speaker=speaker)
        for cue, last, speaker, start, end in spans
    ]
    quoted.widen(c, made)
    return finish.settle(c, made)


#       0 1     2   3 4 5  6    7      8 9 10   11   12
CUT = "«الماء عاد»، قال سعيد قاسم، «ولن ينقطع»."


def test_the_second_half_gets_its_first() -> None:
    (d,) = drafts(CUT, (5, 5, (6, 7), 10, 11))
    assert (d.start, d.end, d.gap) == (1, 11, (3, 9))
    assert [x.by for x in d.decisions] == [quoted.HALVES]


def test_the_first_half_gets_its_second() -> None:
    (d,) = drafts(CUT, (5, 5, (6, 7), 1, 2))
    assert (d.start, d.end, d.gap) == (1, 11, (3, 9))


def test_marks_need_no_comma_between() -> None:
    (d,) = drafts("«الماء عاد» قال سعيد «ولن ينقطع»", (4, 4, (5, 5), 7, 8))
    assert (d.start, d.end) == (1, 8)


@pytest.mark.parametrize(
    ("text", "cue", "speaker", "start", "end"),
    [
        ("«الماء عاد». قال سعيد: «لن ينقطع»", 5, (6, 6), 9, 10),  # two sentences
        ("وعن «ثورة الماء» قال سعيد إن «الأمر» انتهى", 6, (7, 7), 10, 10),  # words between
        ("الماء عاد، قال سعيد، «ولن ينقطع»", 3, (4, 4), 7, 8),  # no first pair
        ("وعن جمعية «ماء وخبز» قال سعيد، «لن تعود»", 6, (7, 7), 10, 11),  # a name in marks
        ("«الماء عاد»\nقال سعيد، «ولن ينقطع»", 5, (6, 6), 9, 10),  # two paragraphs
    ],
)
def test_what_is_no_half_stays(
    text: str, cue: int, speaker: tuple[int, int], start: int, end: int
) -> None:
    (d,) = drafts(text, (cue, cue, speaker, start, end))
    assert (d.start, d.end) == (start, end)
    assert not d.decisions


def test_a_half_that_is_anothers_stays_with_it() -> None:
    text = "قالت ليلى: «الماء عاد»، وأضاف سعيد، «ولن ينقطع»"
    first, second = drafts(text, (0, 0, (1, 1), 4, 5), (8, 8, (9, 9), 12, 13))
    assert (first.start, first.end) == (4, 5)
    assert (second.start, second.end) == (12, 13)


def test_a_quotation_closed_twice_goes_on_to_the_second_mark() -> None:
    text = "قال سعيد: «الماء عاد» وهو باق لكل أهل الحي».\nوأضاف أنه بخير"
    (d,) = drafts(text, (0, 0, (1, 1), 4, 5))
    assert (d.start, d.end) == (4, 11)
    assert [x.by for x in d.decisions] == [quoted.TWICE]


@pytest.mark.parametrize(
    "text",
    [
        "قال سعيد: «الماء عاد» وهو باق لكل أهل» الحي كما كان",  # no line's end
        "قال سعيد: «الماء عاد» وهو باق «لكل أهل الحي»",  # a pair of its own
        "قال سعيد: «الماء عاد»\nوهو باق لكل أهل الحي»",  # another line
        "قال سعيد: «الماء عاد» لا غير»",  # a slip of the pen
    ],
)
def test_a_quotation_closed_once_ends_there(text: str) -> None:
    (d,) = drafts(text, (0, 0, (1, 1), 4, 5))
    assert (d.start, d.end) == (4, 5)


def test_a_second_closing_mark_behind_another_cue_is_not_this_ones() -> None:
    text = "قال سعيد: «الماء عاد» وأضاف هو باق لكل أهل الحي»"
    first, second = drafts(text, (0, 0, (1, 1), 4, 5), (7, 7, None, 8, 12))
    assert (first.end, second.end) == (5, 12)
