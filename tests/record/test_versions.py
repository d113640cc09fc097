"""What changed between two texts, and between the statements of two versions."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qawl
from qawl.errors import InputError
from qawl.model import Article, Span, Statement
from qawl.record import corrections
from qawl.record.store import Record
from qawl.record.versions import (
    Changed,
    changed_rows,
    changed_statements,
    differences,
    version,
    versions_of,
)

OLD = (
    "قال وزير السدود عماد الرفاعي إن 12 قرية ستحصل على المياه.\n"
    "وأضاف أن الوزارة لن ترفع الأسعار هذا العام.\n"
    "ويقع السد على بعد عشرين كيلومترا شمالي المدينة.\n"
    "وختم بأن العمل مستمر."
)
NEW = (
    "قال وزير السدود عماد الرفاعي إن 15 قرية ستحصل على المياه قريبا.\n"
    "وذكر شاهد أن الطريق أغلق.\n"
    "وأضاف أن الوزارة سترفع الأسعار هذا العام.\n"
    "ويقع السد على بعد عشرين كيلومترا شمالي المدينة.\n"
    "وختم بأن العمل مستمر."
)
#: Texts of few words, so that they share many.
WORDS = st.lists(st.sampled_from(["قال", "إن", "في", "،", ".", "\n", "المياه", "السد", "12", "نص"]))
TEXTS = st.builds(" ".join, WORDS) | st.text(st.sampled_from("أب \n\t.،1"), max_size=40)


def told(old: str, new: str) -> list[tuple[str, str, str]]:
    found = differences(old, new)
    return [(d.kind, d.a.text.strip(), d.b.text.strip()) for d in found if d.kind != "equal"]


def test_words_are_left_out_added_and_replaced() -> None:
    assert told(OLD, NEW) == [
        ("replaced", "12", "15"),
        ("added", "", "قريبا"),
        ("added", "", "وذكر شاهد أن الطريق أغلق."),
        ("replaced", "لن ترفع", "سترفع"),
    ]
    assert told(NEW, OLD)[1] == ("left out", "قريبا", "")
    assert told(OLD, OLD) == []
    assert told("", "خبر") == [("added", "", "خبر")]
    assert told("خبر", "") == [("left out", "خبر", "")]
    assert differences("", "") == []


def test_a_harakah_and_a_mark_count_and_spaces_do_not() -> None:
    assert told("كتب الدرس.", "كُتب الدرس!") == [("replaced", "كتب", "كُتب"), ("replaced", ".", "!")]
    assert told("كتب  الدرس ", " كتب الدرس") == []
    assert told("قال.\nوأضاف", "قال. وأضاف") == [("left out", "", "")]  # the end of a paragraph


def test_a_sentence_written_anew_does_not_fall_to_pieces() -> None:
    old = "أول.\nوصل الوفد أمس في طائرة خاصة إلى العاصمة.\nآخر."
    new = "أول.\nتأجل اللقاء مرتين في ظروف غامضة بحسب مصدر.\nآخر."
    (change,) = told(old, new)
    assert change[0] == "replaced"


@given(TEXTS, TEXTS)
def test_the_spans_cover_both_texts_and_equal_ones_are(old: str, new: str) -> None:
    found = differences(old, new)
    assert "".join(d.a.text for d in found) == old
    assert "".join(d.b.text for d in found) == new
    for side, text in (("a", old), ("b", new)):
        at = 0
        for d in found:
            span: Span = getattr(d, side)
            assert span == Span.of(text, span.start, span.end)
            assert span.start == at
            at = span.end
    for d in found:
        squeezed = ["".join(c for c in t if not c.isspace() or c == "\n") for t in (d.a.text, d.b.text)]  # fmt: skip
        assert (squeezed[0] == squeezed[1]) or d.kind != "equal"
        assert {"left out": not squeezed[1], "added": not squeezed[0]}.get(d.kind, True)
    assert all(one.kind != other.kind for one, other in pairwise(found))


@given(TEXTS, TEXTS, st.integers(1, 4))
def test_rows_show_every_change_and_only_true_spans(old: str, new: str, around: int) -> None:
    found = differences(old, new)
    shown = [part for row in changed_rows(found, around) for part in row.parts if part]
    assert [p for p in shown if p.kind != "equal"] == [p for p in found if p.kind != "equal"]
    for part in shown:
        assert part.a == Span.of(old, part.a.start, part.a.end)
        assert part.b == Span.of(new, part.b.start, part.b.end)


def test_long_texts_of_few_words_are_compared() -> None:
    old, new = "في ذلك من " * 2500, "من في إلى ذلك " * 2000
    found = differences(old, new)
    assert "".join(d.b.text for d in found) == new


def test_unchanged_paragraphs_and_words_are_shortened() -> None:
    rows = changed_rows(differences(OLD, NEW), 2)
    assert [row.before for row in rows] == [0, 0, 0]
    first = [part and part.b.text.strip() for part in rows[0].parts]
    assert first == [None, "الرفاعي إن", "15", "قرية ستحصل على المياه", "قريبا", "."]
    assert len(changed_rows(differences(OLD, NEW.replace("مستمر", "متوقف")), 2)) == 4
    last = changed_rows(differences(OLD, OLD.replace("مستمر", "متوقف")), 2)
    assert [row.before for row in last] == [3]


def article(text: str, *said: tuple[str, str, str]) -> Article:
    made = []
    for words, cue, act in said:
        places = (text.index(words), text.index(cue))
        content, by = (Span.of(text, a, a + len(w)) for a, w in zip(places, (words, cue), strict=True))  # fmt: skip
        made.append(Statement((content,), by, None, "عماد الرفاعي", "indirect", act))  # type: ignore[arg-type]
    return Article.of(text).with_statements(made)


def test_statements_come_go_and_change() -> None:
    old = article(
        OLD,
        ("12 قرية ستحصل على المياه", "قال", "inform"),
        ("الوزارة لن ترفع الأسعار هذا العام", "وأضاف", "commit"),
        ("العمل مستمر", "وختم", "inform"),
    )
    new = article(
        NEW,
        ("15 قرية ستحصل على المياه قريبا", "قال", "predict"),
        ("الطريق أغلق", "وذكر", "inform"),
        ("الوزارة سترفع الأسعار هذا العام", "وأضاف", "commit"),
    )
    number, came, negation, went = changed_statements(old, new)
    assert number == Changed("changed", 0, 0, ("words", "act", "number"))
    assert came == Changed("came", None, 1)
    assert negation == Changed("changed", 1, 2, ("words", "negation"))
    assert went == Changed("went", 2, None)
    assert [c.kind for c in changed_statements(old, old)] == ["same"] * 3
    other = replace(old, statements=(replace(old.statements[0], who="عماد"), *old.statements[1:]))
    assert changed_statements(old, other)[0] == Changed("changed", 0, 0, ("who",))


def test_a_statement_that_moved_is_the_same() -> None:
    tail = "قال ناطق إن المحكمة ستنظر في الطعن يوم الأحد المقبل."
    text = "افتتح المعرض صباح اليوم في القاعة الكبرى.\nوحضره جمهور واسع من الطلاب والباحثين."
    words = "المحكمة ستنظر في الطعن يوم الأحد المقبل"
    old = article(f"{text}\n{tail}", (words, "قال", "predict"))
    new = article(f"{tail}\n{text}", (words, "قال", "predict"))
    assert changed_statements(old, new) == [Changed("same", 0, 0)]


@pytest.fixture
def kept(record: Record) -> Record:
    address = "https://sadd.example/1"
    for day, text in enumerate((OLD, NEW), 1):
        moment = dt.datetime(2024, 3, day, 9, tzinfo=dt.UTC)
        made = Article.of(text, outlet="السد", address=address, date=dt.date(2024, 3, 1))
        record.add(qawl.read(made), page=f"<p>{text}</p>".encode(), fetched=moment)
    return record


def test_versions_are_listed_with_their_pages(kept: Record) -> None:
    with kept.reading() as connection:
        for number in (1, 2):
            old, new = versions_of(connection, number)
            assert [(v.number, v.version, v.current) for v in (old, new)] == [
                (1, 1, False),
                (2, 2, True),
            ]
        assert old.fetched == dt.datetime(2024, 3, 1, 9, tzinfo=dt.UTC)
        assert (old.page, len(old.page_hash or "")) == ("text/html", 64)
        assert old.statements
        assert old.whole_day
        with pytest.raises(InputError, match="no article 3"):
            versions_of(connection, 3)
        with pytest.raises(InputError, match="no article 3"):
            version(connection, 3)


def test_a_version_is_without_what_is_marked_wrong(kept: Record) -> None:
    with kept.reading() as connection:
        before, places = version(connection, 2)
    assert places == tuple(range(len(before.statements)))
    with kept.writing() as connection:
        row = corrections.statement_at(connection, 2, 1)
        corrections.correct(connection, row, "wrong", {}, "ليلى")
    with kept.reading() as connection:
        after, places = version(connection, 2)
        assert places == tuple(range(1, len(before.statements)))
        assert after.statements == before.statements[1:] or len(after.statements) == len(places)
        old, _ = version(connection, 1)  # of an old version every statement is at rest
        assert old.statements
    newest = qawl.read(
        Article.of(NEW + "\nانتهى.", outlet="السد", address="https://sadd.example/1")
    )
    kept.add(newest)
    with kept.reading() as connection:
        assert version(connection, 2)[1] == places
