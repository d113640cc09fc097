"""The marks-and-markers baseline: what it finds, what it cannot, and that it never composes."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qawl.evaluation import marker_baseline
from qawl.model import ACTS, Article, Statement


def read(text: str, *, clauses: bool = False) -> list[Statement]:
    return marker_baseline.read(Article.of(text), clauses=clauses)


def test_the_list_is_well_formed() -> None:
    raw = files("qawl.evaluation").joinpath("data/markers.tsv").read_text("utf-8")
    lines = [line.split("\t") for line in raw.splitlines() if line and line[0] != "#"]
    assert all(len(columns) == 3 for columns in lines)
    assert {kind for _, kind, _ in lines} == {"verb", "phrase"}
    assert {act for _, _, act in lines} <= set(ACTS)
    forms = [form for listed, _, _ in lines for form in listed.split()]
    assert len(forms) == len(set(forms))


@pytest.mark.parametrize("marks", ["«{}»", "“{}”", '"{}"'])
def test_a_quotation_with_a_marker_before_it(marks: str) -> None:
    text = "وقالت المديرة هدى سالم: " + marks.format("نعمل ليل نهار") + "."
    (statement,) = read(text)
    assert [s.text for s in statement.content] == ["نعمل ليل نهار"]
    assert statement.cue is not None
    assert statement.cue.text == "قالت"
    assert (statement.who, statement.form, statement.act) == (
        "المديرة هدى سالم",
        "direct",
        "inform",
    )


def test_a_marker_after_the_quotation() -> None:
    (statement,) = read("«هذا حقنا»، يؤكد النقيب فهد الراوي في اتصال هاتفي.")
    assert statement.who == "النقيب فهد الراوي"


def test_no_marker_no_statement() -> None:
    assert read("عرض المسرح رواية «ليالي النهر» أمس.") == []
    assert read("قال الوزير إنه مرتاح.\nعرضت «ليالي النهر» أمس.") == []


def test_clauses_are_the_second_variant() -> None:
    text = "نفى المحافظ أن تكون المياه ملوثة. وأضاف أنه سيشرب منها."
    assert read(text) == []
    first, second = read(text, clauses=True)
    assert (first.content[0].text, first.act) == ("تكون المياه ملوثة", "deny")
    assert (second.content[0].text, second.who) == ("سيشرب منها", "المحافظ")


@given(st.text(alphabet='قالأنإهوفبيتكد «»“”".\n:،', max_size=120))
def test_spans_are_substrings_in_order(text: str) -> None:
    for statement in read(text, clauses=True):
        spans = [*statement.content, *filter(None, [statement.cue, statement.speaker])]
        assert all(text[s.start : s.end] == s.text for s in spans)
        assert all(s.start < s.end for s in spans)
    starts = [s.start for s in read(text, clauses=True)]
    assert starts == sorted(starts)
