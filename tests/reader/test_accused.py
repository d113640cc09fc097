"""The accused belongs to what an accusation says."""

from __future__ import annotations

import pytest
from reader_sample import columns_of

from qawl.reader import accused
from qawl.reader.draft import Draft


def begins(text: str, start: int, speaker: tuple[int, int] | None = None, cue: int = 0) -> str:
    """The first word of the content that begins at token ``start`` before the rule."""
    c = columns_of(text)
    d = Draft(cue, cue, False, 0.9, start=start, end=len(c.tokens) - 1, speaker=speaker)
    accused.widen(c, [d])
    assert [x.by for x in d.decisions] == ([accused.BY] if d.start != start else [])
    return c.tokens[d.start].text


def test_the_accused_behind_the_speaker() -> None:
    assert begins("اتهم النائب الحكومة بالتقصير في المياه", 3, (1, 1)) == "الحكومة"


def test_the_accused_of_a_hidden_speaker() -> None:
    assert begins("واتهمت شركة المياه ببيع الآبار", 3) == "شركة"


@pytest.mark.parametrize(
    ("text", "start", "speaker"),
    [
        ("اتهم النائب الحكومة بأنها قصرت", 3, (1, 1)),  # a clause of its own
        ("اتهم النائب بالتقصير", 2, (1, 1)),  # nobody between
        ("اتهم النائب، في جلسة أمس، الحكومة بالتقصير", 8, (1, 1)),  # marks between
        ("حذر النائب الحكومة بشدة", 3, (1, 1)),  # another verb
        ("اتهم النائب الحكومة وهي تقصر", 3, (1, 1)),  # no charge with ب
    ],
)
def test_what_stays(text: str, start: int, speaker: tuple[int, int]) -> None:
    assert begins(text, start, speaker) == columns_of(text).tokens[start].text


def speaker_of(text: str, start: int, speaker: tuple[int, int], cue: int = 0) -> tuple[str, str]:
    """The speaker's words and the content's first one after the rule."""
    c = columns_of(text)
    d = Draft(cue, cue, False, 0.9, start=start, end=len(c.tokens) - 1, speaker=speaker)
    accused.unseat(c, [d])
    span = d.speaker
    assert bool(d.decisions) == (span is None)
    said = "" if span is None else " ".join(t.text for t in c.tokens[span[0] : span[1] + 1])
    return said, c.tokens[d.start].text


@pytest.mark.parametrize(
    ("text", "start", "speaker"),
    [
        ("واتهمت شركة المياه بأنها أخفت الفواتير", 3, (1, 2)),
        ("وشكر بلدية الحمامات على حسن الاستقبال", 3, (1, 2)),
        ("وشكر بلدية الحمامات على حسن الاستقبال", 5, (1, 4)),
    ],
)
def test_who_is_accused_or_thanked_does_not_say_so(
    text: str, start: int, speaker: tuple[int, int]
) -> None:
    said, first = speaker_of(text, start, speaker)
    assert said == ""
    assert first == columns_of(text).tokens[speaker[0]].text


def test_whom_an_answer_is_given_to_does_not_give_it() -> None:
    assert speaker_of('ويرد على منتقديه: "الزرع صبر"', 5, (2, 2))[0] == ""
    assert speaker_of('ويرد على منتقديه: "الزرع صبر"', 5, (2, 2), cue=3)[0] == ""
    assert speaker_of("وأكد المحامي علي حسن أن المياه نقصت", 6, (3, 3))[0] == "حسن"  # a name
    # one of whom a clause tells is no less its subject
    assert speaker_of("استند إلى تقرير قال إن المياه نقصت", 5, (2, 2), cue=3)[0] == "تقرير"


@pytest.mark.parametrize(
    ("text", "start", "speaker"),
    [
        ("اتهمته النيابة بأنه أخفى الفواتير", 2, (1, 1)),  # the object is in the verb
        ("اتهم النائب الحكومة بأنها قصرت", 2, (1, 1)),  # the accused has a place of her own
        ("طالب النائب بأن تفتح الآبار", 2, (1, 1)),  # a verb that leaves its object out
        ("شكر الوزير للأهالي صبرهم", 2, (1, 1)),  # no thanks for something
        ("شكر القائم على المشروع الأهالي على صبرهم", 4, (1, 3)),  # the thanked come behind
        ("اتهم النائب بالبرلمان الحكومة بالتقصير", 3, (1, 2)),  # the accused comes behind
        ("واتهم مغردون بوليوود بالتقليد", 2, (1, 1)),  # a word that begins with ب
    ],
)
def test_who_speaks_stays(text: str, start: int, speaker: tuple[int, int]) -> None:
    said, first = speaker_of(text, start, speaker)
    assert said
    assert first == columns_of(text).tokens[start].text
