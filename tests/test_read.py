"""``qawl.read`` with the model that ships: who said what, in sentences of every form that the press
uses (cases/sentences.jsonl), and what holds of any text at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qawl
from qawl.evaluation.names import name_words
from qawl.model import Article, Span, Statement

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "sentences.jsonl")
    .read_text("utf-8")
    .splitlines()
]
KINDS = {
    "direct", "colon", "indirect", "noun", "participle", "phrase", "mixed", "order", "title",
    "hidden", "pronoun", "role", "unnamed", "nested", "letters", "none",
}  # fmt: skip

#: The least share of the cases that must be read rightly, and of the found statements' forms. Four
#: models, trained apart, reach 0.84 to 0.87 and 0.97; with an eighth of the training articles 0.6.
#: evaluation/test_floors.py holds the model that ships to its own figures; this tells a broken stage
#: from a model that was trained again.
RIGHT, FORMS = 0.78, 0.9


@cache
def read(name: str) -> Article:
    """A case, read."""
    case = next(c for c in CASES if c["name"] == name)
    return qawl.read(Article.of(case["text"], title=case.get("title", "")))


def parts(content: str | list[str]) -> list[str]:
    """The parts of an expected content; most have one."""
    return [content] if isinstance(content, str) else content


def covered(content: str | list[str], s: Statement, text: str) -> bool:
    """Whether a statement's content and the expected one share at least half of either."""
    starts = [(text.rindex(part), len(part)) for part in parts(content)]
    expected = {k for start, length in starts for k in range(start, start + length)}
    found = {k for p in s.content for k in range(p.start, p.end)}
    shared = len(expected & found)
    return 2 * shared >= len(expected) and 2 * shared >= len(found)


def is_who(expected: str, found: str | None) -> bool:
    """Whether ``found`` has every word of the expected name, and few others (a title)."""
    words, got = name_words(expected), name_words(found or "")
    return words <= got and len(got) <= len(words) + 4


def wrong(case: dict[str, Any]) -> list[str]:
    """What is wrong with the reading of a case; nothing if all is right."""
    article = read(case["name"])
    if not case["said"]:
        return [f"no statement: {s.content[0].text}" for s in article.statements]
    out = []
    for expected in case["said"]:
        found = [s for s in article.statements if covered(expected["content"], s, article.text)]
        if not found:
            out.append(f"not found: {expected['content']}")
        elif not any(is_who(expected["who"], s.who) for s in found):
            out.append(f"who: {found[0].who} for {expected['who']}")
    return out


def test_the_cases_are_what_they_say() -> None:
    assert {c["kind"] for c in CASES} == KINDS
    assert len(CASES) >= 60
    assert len({c["name"] for c in CASES}) == len(CASES)
    for case in CASES:
        text = f"{case.get('title', '')}\n{case['text']}"
        for said in case["said"]:
            assert all(part in text for part in parts(said["content"]))
            assert said["who"] in text
            assert said["form"] in qawl.FORMS
    plain = {c["kind"] for c in CASES if c.get("must")}
    assert plain == KINDS, "the plainest of each form must pass"


@pytest.mark.parametrize("name", [c["name"] for c in CASES if c.get("must")])
def test_the_plainest_sentences_are_always_right(name: str) -> None:
    assert wrong(next(c for c in CASES if c["name"] == name)) == []


def test_most_sentences_are_right() -> None:
    mistakes = {c["name"]: w for c in CASES if (w := wrong(c))}
    right = 1 - len(mistakes) / len(CASES)
    assert right >= RIGHT, "\n".join(f"{name}: {'; '.join(w)}" for name, w in mistakes.items())


def test_most_forms_are_right() -> None:
    seen = Counter[bool]()
    mistakes = []
    for case in CASES:
        article = read(case["name"])
        for expected in case["said"]:
            found = [s for s in article.statements if covered(expected["content"], s, article.text)]
            if found:
                right = any(s.form == expected["form"] for s in found)
                seen[right] += 1
                if not right:
                    mistakes.append(f"{case['name']}: {found[0].form} for {expected['form']}")
    assert seen[True] / seen.total() >= FORMS, "\n".join(mistakes)


def test_a_nested_statement_says_so() -> None:
    inner = [s for s in read("nested").statements if s.nested]
    outer = [s for s in read("nested").statements if not s.nested]
    assert inner
    assert outer
    assert outer[0].start <= inner[0].start
    assert inner[0].end <= outer[0].end


# --- spans and bounds of the plain cases ---


def test_the_parts_of_a_plain_statement() -> None:
    text = "وقال وزير الأشغال عماد الصباغ: «الجسر سيفتح أمام السيارات قبل نهاية الشهر»."
    (s,) = qawl.read(text).statements
    assert s.content == (Span.of(text, 32, 73),)
    assert s.cue == Span.of(text, 1, 4)
    assert s.speaker is not None
    assert s.speaker.text == "وزير الأشغال عماد الصباغ"
    assert (s.who, s.form, s.nested) == ("عماد الصباغ", "direct", False)
    assert s.who_span is not None
    assert s.who_span.text == s.who
    assert {d.stage for d in s.decisions} == {"cue", "content", "speaker", "who", "form", "act"}


def test_a_statement_cut_in_two_by_its_cue_is_one() -> None:
    text = "«كنا ننتظر هذا اليوم»، قال العامل شريف عوض، «ولم نصدق حين فتحت الأبواب»."
    found = qawl.read(text).statements
    (s,) = [s for s in found if s.content[0].text == "كنا ننتظر هذا اليوم"]
    assert [part.text for part in s.content[1:]] == ["ولم نصدق حين فتحت الأبواب"]
    assert s.who == "شريف عوض"


def test_chrome_says_nothing() -> None:
    text = (
        "قال مدير المتحف إن الأبواب تفتح غداً.\nاقرأ أيضا: قال الوزير إن الأسعار سترتفع\n"
        "وأضاف أن الدخول مجاني.\nشارك هذا الموضوع"
    )
    article = qawl.read(text, title="")
    chrome = [p for p in article.paragraphs if p.kind == "chrome"]
    assert len(chrome) == 2
    for s in article.statements:
        assert not any(p.start <= s.start < p.end for p in chrome)
    assert len(article.statements) == 2


def test_an_article_object_is_read_as_it_is() -> None:
    given = Article.of("قال المدير سامر نجم إن العمل مستمر.", id="7", outlet="الشراع")
    read = qawl.read(given)
    assert (read.text, read.id, read.outlet) == (given.text, "7", "الشراع")
    assert given.statements == ()
    assert qawl.read(given, outlet="الميناء").outlet == "الميناء"
    assert len(read.statements) == 1
    assert read.reader == qawl.Reader().version


# --- any text ---

_WORDS = [
    "قال",
    "وقالت",
    "أضاف",
    "وأضاف",
    "أكد",
    "أكدت",
    "أن",
    "إن",
    "بأن",
    "لن",
    "الذي",
    "في",
    "من",
    "على",
    "إلى",
    "عن",
    "بحسب",
    "وفقا",
    "لما",
    "نقلا",
    "لسان",
    "بيان",
    "مصدر",
    "أمني",
    "وزير",
    "الوزير",
    "وزيرة",
    "الخارجية",
    "رئيس",
    "الحكومة",
    "المتحدث",
    "باسم",
    "سعيد",
    "ليلى",
    "قاسم",
    "محمود",
    "الشامي",
    "هو",
    "وهي",
    "التي",
    "مضيفا",
    "مؤكدة",
    "قائلا",
    "الماء",
    "الطريق",
    "الأسعار",
    "ارتفعت",
    "ستعود",
    "يذكر",
    "نفى",
    "ونفى",
    "حذر",
    "دعا",
    "قَالَ",
    "قـــال",
    "وأنّه",
    "للوزير",
    "والوزير",
    "فيصل",
    "كريم",
    "CNN",
    "Reuters",
    "the",
    "l'État",
    "2024",
    "٢٠٢٤",
    "۱۲",
    "٣٫٥",
    "10%",
    "پاکستان",
    "گفت",
    "کہ",
    "ہے",
]
_MARKS = [*"«»“”„\"'()[]:،,؛;.…!؟?-–—/%", "''", "..", "...", "«»", "»،", ": «", '":']
_SPACES = [" ", " ", " ", "\n", "\n\n", "\u00a0", "\u200f", "\u200e", "\u200c", "\u200b", "\u0640", "\t", "", "\r", "\x00", "\ufeff", "\u2028"]  # fmt: skip


@st.composite
def _arabic(draw: st.DrawFn) -> str:
    word = st.sampled_from(_WORDS)
    piece = st.one_of(word, word, word, st.sampled_from(_MARKS))
    pieces = draw(st.lists(st.tuples(piece, st.sampled_from(_SPACES)), max_size=80))
    return "".join(a + b for a, b in pieces)


@cache
def reader() -> qawl.Reader:
    return qawl.Reader()


def exact(article: Article) -> None:
    text = article.text
    for s in article.statements:
        assert s.content
        for span in (*s.content, s.cue, s.speaker, s.who_span):
            if span is not None:
                assert 0 <= span.start < span.end <= len(text)
                assert text[span.start : span.end] == span.text
        assert all(part.text.strip() for part in s.content)
        assert all(a.end <= b.start for a, b in zip(s.content, s.content[1:], strict=False))
        assert s.who is None or s.who in text
        assert (s.who is None) == (s.who_span is None)
        assert 0 <= s.confidence <= 1
        if s.nested:
            others = [o for o in article.statements if o is not s]
            assert any(o.start <= s.start + 1 and s.end <= o.end for o in others)
    places = [(s.start, -s.end) for s in article.statements]
    assert places == sorted(places)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(_arabic(), st.sampled_from(["", "", "الوزير: لن نعود", "قالت ليلى إن الطريق سالك"]))
def test_any_text_is_read_and_stays_what_it_is(text: str, title: str) -> None:
    given_article = Article.of(text, title=title)
    read = reader().read(given_article)
    assert read.text == given_article.text
    exact(read)
    assert reader().read(given_article) == read
    assert qawl.Reader().read(given_article).statements == read.statements


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=200))
def test_any_characters_are_read(text: str) -> None:
    exact(reader().read(Article.of(text)))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(CASES), min_size=1, max_size=8), st.integers(0, 3))
def test_articles_of_many_sentences(cases: list[dict[str, Any]], blank: int) -> None:
    text = ("\n" * (blank + 1)).join(c["text"] for c in cases)
    read = reader().read(Article.of(text))
    exact(read)
    assert read == reader().read(Article.of(text))


# --- one reader for all ---


def many() -> list[Article]:
    return [
        Article.of("\n".join(CASES[(k * 7 + n) % len(CASES)]["text"] for n in range(5)), id=str(k))
        for k in range(48)
    ]


def test_eight_threads_read_as_one() -> None:
    alone = [qawl.Reader().read(a) for a in many()]
    assert sum(len(a.statements) for a in alone) > 100
    shared = qawl.Reader()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(shared.read, many())) == alone


def test_what_was_read_before_changes_nothing() -> None:
    forth = {a.id: reader().read(a) for a in many()}
    back = {a.id: reader().read(a) for a in reversed(many())}
    assert forth == back


def test_pipe_keeps_the_order_and_is_lazy() -> None:
    taken: list[str] = []

    def stream() -> Iterator[Article]:
        for article in many():
            taken.append(article.id)
            yield article

    out = reader().pipe(stream())
    assert taken == []
    assert next(out).id == "0"
    assert taken == ["0"]
    assert [a.id for a in out] == [str(k) for k in range(1, 48)]


def test_min_confidence_filters() -> None:
    article = many()[3]
    every = qawl.Reader().read(article).statements
    middle = sorted(s.confidence for s in every)[len(every) // 2]
    kept = qawl.Reader(min_confidence=middle).read(article).statements
    assert kept == tuple(s for s in every if s.confidence >= middle)
    assert 0 < len(kept) < len(every)


def test_another_process_reads_the_same() -> None:
    text = "\n".join(c["text"] for c in CASES[:20])
    code = (
        "import sys, qawl\nfrom qawl.model import Article\n"
        "text = sys.stdin.buffer.read().decode('utf-8')\n"
        "sys.stdout.buffer.write(repr(qawl.Reader().read(Article.of(text)).statements).encode('utf-8'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=text.encode("utf-8"),
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "7"},  # sets in another order
    )
    assert done.stdout.decode("utf-8") == repr(reader().read(Article.of(text)).statements)


def test_a_date_may_be_given_as_text() -> None:
    text = "قال وزير الطاقة سامر الحلو أمس إن المحطة ستعمل قريبا."
    for written in ("2019-07-22", "22 تموز 2019"):
        article = qawl.read(text, date=written)
        assert str(article.date)[:10] == "2019-07-22"
        assert article.date_text == written
    with pytest.raises(qawl.InputError, match="2024-03-31"):
        qawl.read(text, date="قريبا")
