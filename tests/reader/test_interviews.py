"""Answers of interviews: found by the shape of the article, given by label or by the one who is asked."""

from __future__ import annotations

from reader_sample import columns_of, model_file, well_formed

from qawl.model import Article
from qawl.reader import Reader, interviews
from qawl.reader.draft import Draft
from qawl.reader.paragraphs import mark

ASKED = [
    "التقت «المرفأ» الخزافة نوال الدرعي في ورشتها بسلا.",
    "- متى بدأت العمل بالطين؟",
    "- في العاشرة، مع جدي. كان الفرن في بيتنا.",
    "كنا نوقده كل خميس.",
    "- وهل يكفي الدخل اليوم؟",
    "- لا يكفي، لكن الطلبات تأتي من البعيد.",
    "- ما الذي تحلمين به؟",
    "- مدرسة صغيرة لبنات الحي.",
]


def contents(lines: list[str], drafts: list[Draft] | None = None) -> list[str]:
    text = "\n".join(lines)
    article, c = mark(Article.of(text)), columns_of(text)
    return [
        text[c.tokens[d.start].start : c.tokens[d.end].end]
        for d in interviews.answers(article, c, drafts or [])
    ]


def test_each_answer_runs_to_the_next_question() -> None:
    assert contents(ASKED) == [
        "في العاشرة، مع جدي. كان الفرن في بيتنا.\nكنا نوقده كل خميس.",
        "لا يكفي، لكن الطلبات تأتي من البعيد.",
        "مدرسة صغيرة لبنات الحي.",
    ]


def test_two_questions_make_no_interview() -> None:
    assert contents(ASKED[:6]) == []


def test_a_label_names_who_answers() -> None:
    lines = [line.replace("- في", "الدرعي: في").replace("- لا", "الدرعي: لا") for line in ASKED]
    text = "\n".join(lines)
    c = columns_of(text)
    made = interviews.answers(mark(Article.of(text)), c, [])
    assert [d.speaker is not None for d in made] == [True, True, False]
    assert c.tokens[made[0].cue].text == ":"
    assert c.tokens[made[0].speaker[0]].text == "الدرعي"


def test_a_word_before_a_colon_is_no_label_unless_it_returns_or_names() -> None:
    lines = [line.replace("- لا", "- باختصار: لا").replace("- في", "جواب: في") for line in ASKED]
    text = "\n".join(lines)
    c = columns_of(text)
    made = interviews.answers(mark(Article.of(text)), c, [])
    assert [d.speaker for d in made] == [None, None, None]
    assert [c.tokens[d.start].text for d in made] == ["في", "باختصار", "مدرسة"]


def test_an_answer_that_the_network_has_is_left_to_it() -> None:
    text = "\n".join(ASKED)
    c = columns_of(text)
    first = next(k for k, t in enumerate(c.tokens) if t.text == "يكفي" and c.paragraph[k] == 5)
    own = Draft(first - 1, first - 1, True, 0.9, start=first - 1, end=first + 6)
    assert len(contents(ASKED, [own])) == 2


def test_subheads_that_ask_make_no_interview_of_a_report() -> None:
    text = "\n".join(ASKED)
    c = columns_of(text)
    reported = [
        Draft(k, k, False, 0.9, start=k + 1, end=k + 2)
        for k in range(1, len(c.tokens))
        if c.tokens[k - 1].text == "-" and c.paragraph[k] in (2, 5)
    ]
    assert len(reported) == 2
    assert contents(ASKED, reported) == []


def test_a_report_with_subheads_that_ask_leaves_the_networks_drafts_as_they_are() -> None:
    text = "\n".join(line.replace("- ", "") for line in ASKED)
    c = columns_of(text)
    lines = [k + 1 for k, t in enumerate(c.tokens) if t.text == "\n"]
    reported = [Draft(k, k, False, 0.9, start=k + 1, end=k + 2) for k in (lines[1], lines[4])]
    own = Draft(lines[6], lines[6], True, 0.9, start=lines[6], end=lines[6] + 3)
    assert interviews.answers(mark(Article.of(text)), c, [*reported, own]) == []
    assert own.rule == ""
    assert interviews.answers(mark(Article.of(text)), c, [own]) != []
    assert own.rule == interviews.BY


def test_a_name_that_an_answer_begins_with_is_kept_whole() -> None:
    lines = [
        "حوار مع مديرة المسرح هدى الراوي",
        "متى يفتح المسرح أبوابه من جديد أمام الجمهور؟",
        "في الصيف، بعد أن يكتمل العمل في القاعة الكبيرة.",
        "وهل وجدتم المال اللازم لذلك؟",
        "ليلى حداد جمعت التبرعات من أهل المدينة، وبقي القليل.",
        "ومن سيكون أول الضيوف؟",
        "خالد العمري وفرقته سيعزفون في الليلة الأولى.",
    ]
    read = Reader().read(Article.of("\n".join(lines)))
    named = [name.span.text for s in read.statements for name in s.names]
    assert named == ["ليلى حداد", "خالد العمري"]


def test_a_question_may_report_and_need_not_end_in_its_mark() -> None:
    asked = [*ASKED]
    asked[4] = "- المدرب قال إن الدخل لا يكفي، هل هذا صحيح؟"
    text = "\n".join(asked)
    c = columns_of(text)
    k = next(k for k, t in enumerate(c.tokens) if t.text == "قال")
    assert contents(asked, [Draft(k, k, False, 0.9, start=k + 2, end=k + 4)])[1].startswith(
        "لا يكفي، لكن"
    )
    starred = [line.replace("- ", "* ") if line.endswith("؟") else line for line in ASKED]
    starred[5:5] = ["- يكفي أحيانا.", "* لكن بعض الجيران يشكون من الدخان."]
    assert contents(starred)[1:3] == ["يكفي أحيانا.", "لا يكفي، لكن الطلبات تأتي من البعيد."]
    dotted = [*ASKED[:5], "- يكفي أحيانا.", "البعض يشكو من الدخان..", *ASKED[5:]]
    assert contents(dotted)[1:3] == ["يكفي أحيانا.", "لا يكفي، لكن الطلبات تأتي من البعيد."]


def test_what_the_reporter_adds_behind_the_last_answer_is_none_of_it() -> None:
    last = ASKED[-1].removeprefix("- ")
    assert contents([*ASKED, "ويذكر أن الورشة فتحت عام 1990."])[-1] == last
    told = "وكان رئيس البلدية سعيد قد أكد أن الشارع سيرصف."
    text = "\n".join([*ASKED, told])
    c = columns_of(text)
    k = next(k for k, t in enumerate(c.tokens) if t.text == "أكد")
    assert contents([*ASKED, told], [Draft(k, k, False, 0.9, start=k + 2, end=k + 3)])[-1] == last
    assert contents([*ASKED, "وحديقة حولها."])[-1] == last + "\nوحديقة حولها."


def test_marks_tell_answers_that_report_from_questions() -> None:
    apart = [line.replace("- ", "• ") if line.endswith("؟") else line for line in ASKED]
    c = columns_of("\n".join(apart))
    reported = [
        Draft(k, k, False, 0.9, start=k + 1, end=k + 2)
        for k in range(1, len(c.tokens))
        if c.tokens[k - 1].text == "-"
    ]
    assert len(contents(apart, reported)) == 3


def test_whoever_asks_does_not_answer() -> None:
    lines = [
        "الرسام نبيل الحواري: اللون يسبق الفكرة",
        "حاوره: أنور السلماوي",
        "بدأ الرسام نبيل الحواري قبل ثلاثين عاما.",
        *ASKED[1:],
    ]
    read = Reader().read(Article.of("\n".join(lines)))
    answers = [s for s in read.statements if any(d.by == interviews.BY for d in s.decisions)]
    assert len(answers) == 3
    assert {s.who for s in answers} == {"نبيل الحواري"}


def test_any_model_reads_an_interview_to_exact_spans(tmp_path) -> None:
    article = Reader(model_file(tmp_path)).read(Article.of("\n".join(ASKED)))
    well_formed(article)
    ours = [s for s in article.statements if any(d.by == interviews.BY for d in s.decisions)]
    assert all(s.form == "direct" for s in ours)
