"""The marks on further articles (training/marks.py): what a marker writes becomes exact places."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from qawl.model import ACTS
from qawl.reader.network import Network

TRAINING = Path(__file__).parents[1] / "training"
ROW = {
    "id": "A1",
    "title": "العبيدي: الجسر آمن",
    "text": "وقال رئيس البلدية سالم العبيدي: «الجسر آمن». وأضاف أن الإصلاح انتهى، وفقا لبيان رسمي.",
    "source": "الضفة",
}
MARKS = """# A1
1-2 : 0 6 i inform
7-8 3 4-7 6-7 d inform
"""


@pytest.fixture(scope="module")
def marks():
    sys.path.insert(0, str(TRAINING))
    try:
        import marks

        yield marks
    finally:
        sys.path.remove(str(TRAINING))


def taken(marks, written: str):
    return marks.taken({"A1": ROW}, written, Network.load())


def test_a_view_numbers_every_word_and_changes_none(marks) -> None:
    shown = marks.view(ROW["text"])
    assert shown.startswith("[0]وقال [1]رئيس")
    import re

    assert re.sub(r"\[\d+\]", "", shown) == ROW["text"]


def test_word_numbers_become_exact_places(marks) -> None:
    written = "# A1\n1-2 : 0 6-7 i inform\n8-9 3 4-7 6-7 d inform\n12-13 10 - 6-7 i inform\n"
    (got,), wrong = taken(marks, written)
    assert wrong == []
    filled = marks.filled(ROW, got)
    texts = [
        (
            s["content"][0]["text"],
            (s["cue"] or {}).get("text"),
            (s["speaker"] or {}).get("text"),
            s["who"],
        )
        for s in filled["statements"]
    ]
    assert texts == [
        ("الجسر آمن", ":", "العبيدي", "سالم العبيدي"),
        ("الجسر آمن", "قال", "رئيس البلدية سالم العبيدي", "سالم العبيدي"),
        ("الإصلاح انتهى", "أضاف", None, "سالم العبيدي"),
    ]
    assert marks.unpacked(marks.packed(got)) == got


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1-2 : 0 6-7 i", "six fields"),
        ("1-99 : 0 6-7 i inform", "words go from 0"),
        ("1-2 : 0 6-7 x inform", "form is one of"),
        ("1-2 : 0 6-7 i shout", "act one of"),
        ("8-9 9 - 6-7 i inform", "inside the content"),
        ("8-9 3 - = i inform", "no speaker is given"),
        ("12-13 : - 6-7 i inform", "no colon"),
        ("x : 0 6-7 i inform", "no word number"),
    ],
)
def test_what_does_not_fit_is_told_with_its_line(marks, line: str, said: str) -> None:
    _, wrong = taken(marks, f"# A1\n{line}\n")
    assert len(wrong) == 1
    assert said in wrong[0]
    assert "A1 line 1" in wrong[0]


def test_marks_of_another_text_are_refused(marks) -> None:
    (got,), _ = taken(marks, "# A1\n1-2 : 0 6-7 i inform\n")
    with pytest.raises(SystemExit, match="another text"):
        marks.filled(ROW | {"text": "نص آخر"}, got)


def test_the_kept_marks_are_well_formed_and_hold_no_text(marks) -> None:
    lines = (TRAINING / "marks.jsonl").read_text("ascii").splitlines()
    seen = set()
    for line in lines:
        article = marks.unpacked(line)
        assert article["id"] not in seen
        seen.add(article["id"])
        for s in article["statements"]:
            assert s["act"] in ACTS
            parts = [place for part in s["content"] for place in part]
            assert parts == sorted(parts)
            assert all(s[k] is None or s[k][0] < s[k][1] for k in ("cue", "speaker", "who"))
    assert len(seen) >= 1814


def test_words_and_marks_of_a_corpus_become_running_text(tmp_path: Path, marks) -> None:
    press = marks.press
    folder = tmp_path / "ner/ANERcorp_CSabty"
    folder.mkdir(parents=True)
    one = ["قال", "سالم", "(", "رئيس", "البلدية", ")", ":", '"', "الجسر", "آمن", "."]
    two = ["ولن", "يغلق", '"', ",", "في", "آب", "/", "أغسطس", "."]
    three = ["وأضاف", "أن", '"', "الإصلاح", "انتهى", '"', "."]
    lines = "\n\n".join("\n".join(f"{w} O" for w in s) for s in (one, two, three))
    for name in press.FILES:
        (folder / name).write_text(lines + "\n", "utf-8")
    assert press.article(tmp_path, "aner-0-2") == {
        "id": "aner-0-2",
        "title": "",
        "text": 'قال سالم (رئيس البلدية): "الجسر آمن. ولن يغلق", في آب/أغسطس.\nوأضاف أن "الإصلاح انتهى".',
    }
    assert press.article(tmp_path, "aner-2-2")["text"] == 'وأضاف أن "الإصلاح انتهى".'
