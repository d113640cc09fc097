"""Articles with statements made by hand: fictional people and outlets, several countries' habits."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from format_strategies import place

from qawl.model import Article, Decision, Name, Paragraph, Span, Statement


@pytest.fixture
def levant() -> Article:
    """A direct statement cut in two by its cue, a hidden speaker, a nested one, a denial."""
    article = Article.of(
        "«سنعيد فتح الجسر»، قال المهندس نبيل الحاصباني، «قبل حلول الشتاء».\n"
        "وأضاف أن الكلفة تجاوزت 12,5 مليون ليرة (نحو 40%).\n"
        "شارك هذا الموضوع\n"
        "ونفت بلدية تل الزهر، بحسب بيان لها، أن يكون المشروع قد توقف.",
        title="الحاصباني: الجسر قبل الشتاء",
        id="levant-1",
        outlet="صحيفة المرفأ",
        author="ريما أبو شقرا",
        date=dt.datetime(2019, 11, 25, 9, 30, tzinfo=dt.UTC),
        date_text="25 تشرين الثاني 2019",
        address="https://almarfa.example/news/77?utm=1",
        canonical="https://almarfa.example/news/77",
        country="لبنان",
        reader="qawl-reader 0",
        notes=(),
    )
    text = article.text
    name = place(text, "نبيل الحاصباني")
    chrome = text.index("شارك")
    paragraphs = tuple(
        Paragraph(p.start, p.end, "chrome") if p.start == chrome else p for p in article.paragraphs
    )
    return replace(
        article,
        paragraphs=paragraphs,
        statements=(
            Statement(
                content=(place(text, "الجسر قبل الشتاء"),),
                cue=place(text, ":"),
                speaker=place(text, "الحاصباني"),
                who=name.text,
                who_span=name,
                form="indirect",
                act="commit",
                confidence=0.71,
            ),
            Statement(
                content=(place(text, "سنعيد فتح الجسر"), place(text, "قبل حلول الشتاء")),
                cue=place(text, "قال"),
                speaker=place(text, "المهندس نبيل الحاصباني"),
                who=name.text,
                who_span=name,
                form="direct",
                act="commit",
                confidence=0.98,
                decisions=(
                    Decision("cue", "lexicon", None, "قال takes أنّ or a quotation"),
                    Decision("act", "model-1", 0.91),
                ),
            ),
            Statement(
                content=(place(text, "الكلفة تجاوزت 12,5 مليون ليرة (نحو 40%)"),),
                cue=place(text, "أضاف"),
                speaker=None,
                who=name.text,
                who_span=name,
                form="indirect",
                act="inform",
                confidence=0.9,
            ),
            Statement(
                content=(place(text, "يكون المشروع قد توقف"),),
                cue=place(text, "نفت"),
                speaker=place(text, "بلدية تل الزهر"),
                who="بلدية تل الزهر",
                who_span=place(text, "بلدية تل الزهر"),
                form="indirect",
                act="deny",
                nested=True,
                confidence=0.5,
            ),
        ),
    )


@pytest.fixture
def maghreb() -> Article:
    """No title, no address, an unnamed source, a quotation over two lines that looks a formula."""
    text = (
        "وحسب ذات المصدر:\n"
        "«=مجموع الغرامات\u2028سيرتفع في الدار البيضاء.\n"
        "-ولن نتراجع\tأبدا»\n"
        "Réaction de l'Association: @لا تعليق"
    )
    start = text.index("=")
    return Article(
        text=text,
        id="../maghreb/2",
        date=dt.date(2020, 1, 3),
        paragraphs=(),
        statements=(
            Statement(
                content=(Span.of(text, start, text.index("»")),),
                cue=place(text, "حسب"),
                speaker=place(text, "ذات المصدر"),
                who=None,
                form="direct",
                act="warn",
                confidence=0.25,
            ),
            Statement(
                content=(place(text, "@لا تعليق"),),
                cue=None,
                speaker=None,
                who="l'Association",
                who_span=place(text, "l'Association"),
                form="indirect",
                act="deny",
                confidence=1.0,
            ),
        ),
    )


@pytest.fixture
def gulf() -> Article:
    """One statement with all that an article can say beside a content."""
    article = Article.of(
        "وعن توسعة الميناء، أبلغ الوكيل راشد المري أعضاء الغرفة، في لقاء مفتوح أمس الأحد، أن شركة "
        "الدانة اشترت أرض الخور من سالم الغيث وأن شركة الدانة ستبدأ العمل، وفق ما ذكرت وكالة الساحل.",
        title="ميناء الخور",
        id="gulf-4",
        date=dt.date(2024, 6, 3),
    )
    text = article.text
    content = place(text, "شركة الدانة اشترت أرض الخور من سالم الغيث وأن شركة الدانة ستبدأ العمل")
    company = place(text, "شركة الدانة")
    statement = Statement(
        content=(content,),
        cue=place(text, "أبلغ"),
        speaker=place(text, "الوكيل راشد المري"),
        who="راشد المري",
        who_span=place(text, "راشد المري"),
        form="indirect",
        act="accuse",
        confidence=0.8,
        about=place(text, "توسعة الميناء"),
        addressee=place(text, "أعضاء الغرفة"),
        setting=place(text, "في لقاء مفتوح"),
        said=dt.date(2024, 6, 2),
        said_span=place(text, "أمس الأحد"),
        via=("وكالة الساحل", "الغرفة"),
        names=(
            Name(company, "body"),
            Name(place(text, "الخور", content.start), "place"),
            Name(place(text, "سالم الغيث"), "person"),
            Name(place(text, "شركة الدانة", company.end), "body"),
        ),
        checkable=True,
    )
    return article.with_statements([statement])


@pytest.fixture
def silent() -> Article:
    """An article in which nobody speaks."""
    return Article.of("أقفلت الأسواق أبوابها باكرًا.", title="هدوء في الميناء", id="silent-3")


@pytest.fixture
def articles(levant: Article, maghreb: Article, silent: Article) -> list[Article]:
    """All three."""
    return [levant, maghreb, silent]


@pytest.fixture
def spokesman():
    """An article of two statements, one of them a claim that somebody could verify."""
    text = "قال وزير الطاقة سامر الحلو إن المحطة تنتج 40 ميغاواط. ووصف العمل بأنه {رائع} 100%."
    article = Article.of(
        text,
        title="الطاقة: المحطة تعمل",
        id="7",
        outlet="نهار الجبل",
        author="رنا & رامي",
        date=dt.date(2024, 5, 2),
        address="https://nahar.example/7",
    )
    whole = article.text

    def span(words):
        start = whole.index(words)
        return Span(start, start + len(words), words)

    return article.with_statements(
        [
            Statement(
                (span("المحطة تنتج 40 ميغاواط"),), span("قال"), span("وزير الطاقة سامر الحلو"),
                "سامر الحلو", "indirect", "inform", checkable=True,
            ),
            Statement(
                (span("العمل بأنه {رائع} 100%"),), span("وصف"), None, "سامر الحلو", "indirect", "opine"
            ),
        ]
    )  # fmt: skip
