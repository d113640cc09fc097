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
