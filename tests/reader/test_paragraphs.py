"""What each line of a plain article is: text, heading, caption or page chrome."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qawl.arabic.letters import fold
from qawl.model import Article, Paragraph
from qawl.reader.paragraphs import line_kind, mark, rows

LONG = (
    "قالت رئيسة بلدية المرسى، هالة بن صالح، إن أشغال تهيئة الشارع الرئيسي ستنتهي قبل موفى شهر جوان، "
    "مؤكدة أن الميزانية رصدت بالكامل منذ العام الماضي."
)


@pytest.mark.parametrize(
    "line",
    [
        "اظهر المزيد",
        "إظهار المزيد",
        "  زر الذهاب إلى الأعلى  ",
        "شارك هذا الموضوع:",
        "شاركها",
        "▼ شاركها على فيسبوك",
        "تابعونا على تويتر وفيسبوك",
        "تابعنا على «أخبار الساحل»",
        "رابط الخبر بصحيفة الساحل: افتتاح معرض الكتاب",
        "حقوق النشر محفوظة © الساحل 2025",
        "كلمات دليلية: اقتصاد، نفط، ميزانية",
        "الوسوم: اليمن",
        "// انتهى //",
        "***",
        "\x00",
        "https://example.org/a/b",
        "@alsahel_news #اقتصاد",
        "Partager sur Facebook",
        "3210 مشاهدة",
        "5 دقائق للقراءة",
        "المصدر: وكالات",
        "- إعلان -",
        "شَارِك",
    ],
)
def test_chrome_lines(line: str) -> None:
    assert line_kind(line) == "chrome"


@pytest.mark.parametrize(
    "line",
    [
        "اقرأ أيضا: الوزير يعلن الخطة",
        "إقرأ أيضًا |",
        "إقرأ المزيد: ارتفاع الأسعار",
        "للمزيد: من هو رئيس الحكومة الجديد؟",
        "الأكثر قراءة",
        "أخبار ذات صلة",
        "Lire aussi : la réforme",
        "شاهد.. لحظة وصول القافلة",
        "قد يهمك| أسعار الذهب اليوم",
    ],
)
def test_lines_that_lead_to_other_articles(line: str) -> None:
    assert line_kind(line) == "related"


@pytest.mark.parametrize(
    "line",
    [
        LONG,
        "شارك الوزير في المؤتمر وقال إن النتائج مشجعة",
        "تابع قائلاً: لن نتراجع",
        "وتابعنا الأحداث لحظة بلحظة، يقول شاهد عيان",
        "المصدر الأمني قال إن التحقيق مستمر",
        "المصدر: قال مدير المستشفى لوكالة الساحل إن الجرحى غادروا جميعا بعد تلقي الإسعافات",
        "اقرأوا ما كتبه الشاعر",
        "شاهد عيان: رأيت الدخان",
        "للمزيد من الإيضاح قال الوزير إن القرار نهائي",
        "الأكثر قراءة في العالم هو الأدب، بحسب الناقد",
        "المزيد من الدعم مطلوب، بحسب ما قالت المفوضية السامية لشؤون اللاجئين في بيانها الأخير",
        "مشاركة فاعلة",
        "انتهى الاجتماع",
        "التالي: رئيس الوفد",
        "حقوق النشر قضية معقدة في العالم العربي، كما ترى المحامية سناء الراشد، التي تتابع قضايا المؤلفين منذ "
        "عشرين عاما وتطالب بقانون جديد",
        "",
        "   ",
    ],
)
def test_what_is_said_is_never_chrome(line: str) -> None:
    assert line_kind(line) is None


def test_captions() -> None:
    assert line_kind("صورة: عمال في الميناء") == "caption"
    assert line_kind("التعليق على الصورة، رئيسة البلدية في موقع الأشغال") == "caption"


def test_an_article_is_marked_and_its_text_kept() -> None:
    text = "\n".join(
        [LONG, "أشغال متأخرة", LONG, "اقرأ أيضا: خبر آخر", "", LONG, "شارك هذا الموضوع", "الساحل"]
    )
    before = Article.of(text, title="بلدية المرسى تعد بإنهاء الأشغال")
    after = mark(before)
    assert after.text == before.text
    assert [(p.start, p.end) for p in after.paragraphs] == [
        (p.start, p.end) for p in before.paragraphs
    ]
    assert [p.kind for p in after.paragraphs] == [
        "title",
        "text",
        "heading",
        "text",
        "chrome",
        "text",
        "chrome",
        "text",
    ]


def test_the_title_is_never_chrome() -> None:
    assert mark(Article.of("نص", title="شاهد.. لحظة الوصول")).paragraphs[0].kind == "title"


@pytest.mark.parametrize(
    "line",
    [
        "وقالت: لن نتأخر",
        "وأضافت المتحدثة أن عدد الأسر المستفيدة بلغ ثلاثة أضعاف ما كان متوقعا",
        "المنامة -",
        "1",
        "«لا تراجع عن القرار»",
        "قال الوزير إن الخطة جاهزة.",
    ],
)
def test_a_short_line_is_not_always_a_heading(line: str) -> None:
    marked = mark(Article.of("\n".join([LONG, LONG, line, LONG])))
    assert {p.kind for p in marked.paragraphs} == {"text"}


def test_a_subhead_that_names_its_speaker_is_a_heading() -> None:
    line = "هالة بن صالح: البلدية أنفقت كامل الميزانية المرصودة للشارع ولا تأخير في الأشغال"
    marked = mark(Article.of("\n".join([LONG, LONG, line, LONG])))
    assert [p.kind for p in marked.paragraphs] == ["text", "text", "heading", "text"]


def test_what_the_source_knew_stays() -> None:
    text = "\n".join([LONG, LONG, "عنوان", LONG])
    first = Article.of(text)
    known = [
        Paragraph(p.start, p.end, "caption") if i == 1 else p
        for i, p in enumerate(first.paragraphs)
    ]
    article = Article(text=text, paragraphs=tuple(known))
    assert mark(article) == article


def test_nothing_to_mark_costs_nothing() -> None:
    article = Article.of(LONG)
    assert mark(article) is article
    assert mark(Article.of("")).paragraphs == ()


def test_the_rules_are_sound() -> None:
    seen: set[tuple[str, str]] = set()
    kinds = {"line", "head", "prefix", "pattern", "related", "caption"}
    for kind, rule, longest, note in rows():
        assert kind in kinds
        assert rule == rule.strip() != ""
        assert 0 < longest <= 600
        assert note
        key = (kind, fold(rule).lower())
        seen.add(key)
        if kind == "pattern":
            re.compile(rule)
            assert fold(rule) == rule, "patterns are matched on folded lines"
        elif kind not in ("line", "head"):
            assert line_kind(rule) is not None or rule.endswith(":")
        else:
            assert line_kind(rule) is not None, rule
    assert len(seen) > 150


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from([r for _, r, _, _ in rows()]), st.text(max_size=80), st.just(LONG)
        ),
        max_size=12,
    ),
    st.sampled_from(["", "عنوان"]),
)
def test_text_and_offsets_never_change(lines: list[str], title: str) -> None:
    before = Article.of("\n".join(lines), title=title)
    after = mark(before)
    assert after.text == before.text
    assert [(p.start, p.end) for p in after.paragraphs] == [
        (p.start, p.end) for p in before.paragraphs
    ]
    assert mark(after) == after or any(p.kind == "heading" for p in mark(after).paragraphs)
