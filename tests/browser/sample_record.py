"""A record for the browser's tests: the samples, and what they lack (a second version, a saying in two
outlets, a source with an office, one that turns, an article that means harm)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

import qawl
from qawl.model import Article
from qawl.record.schema import ArticleRow, SourceRow, StatementRow, table_of
from qawl.record.store import Record
from qawl.sources.files import articles

SAMPLES = Path(__file__).parents[2] / "samples"
ARTICLES, SOURCES = table_of(ArticleRow), table_of(SourceRow)
STATEMENTS = table_of(StatementRow)

BRIDGE = """أعلن وزير الأشغال نبيل الخطيب أن جسر الغزال سيفتح أمام السيارات في نيسان المقبل.
وقال الخطيب: "أدعم بناء الجسر الثاني، ولن نتأخر يوما واحدا عن الموعد".
وحذرت المهندسة هدى السالمي من أن 3 من أصل 12 دعامة لم تفحص بعد، وفق معيار ISO 4217 المعتمد.
وأضافت السالمي أن الفحص "يحتاج إلى 45 يوما على الأقل".
ونفى المتحدث باسم الوزارة وجود أي خلل في الدعامات."""
BRIDGE_MENDED = BRIDGE.replace("في نيسان المقبل", "في أيار المقبل").replace("45", "60")
BRIDGE_AGAIN = """قال وزير الأشغال نبيل الخطيب: "أدعم بناء الجسر الثاني، ولن نتأخر يوما واحدا عن الموعد".
ودعا الخطيب المقاولين إلى الالتزام بالجدول."""
TURNED = """نفى وزير الأشغال نبيل الخطيب أن يكون قد دعم بناء الجسر الثاني.
واتهم الخطيب شركات المقاولات بالمبالغة في كلفة الجسر الثاني."""
HARM = """قال الناطق باسم <script>alert(1)</script> كمال "onmouseover=alert(2)" الطيار إن \u202eالميناء مغلق منذ أمس.
وأكد الطيار أن <img src=x onerror=alert(3)> العمل متوقف، وأن {{ 7*7 }} سفينة تنتظر.
وقالت الشركة: "اضغطوا javascript:alert(4) للدخول"."""
HARMFUL_PAGE = """<!doctype html><html lang="ar"><head><title>الميناء</title><script>alert(5)</script>
<meta http-equiv="refresh" content="0;url=https://elsewhere.example/"></head>
<body onload="alert(6)"><img src="https://elsewhere.example/x.png"><p>قال الطيار إن الميناء مغلق.</p></body></html>"""


@dataclass(frozen=True)
class Places:
    """Numbers of what the tests open, and the name of the minister."""

    article: int
    old: int
    new: int
    harm: int
    person: int
    statement: int
    saying: int
    name: str = "نبيل الخطيب"


def _article(title: str, body: str, **fields: Any) -> Article:
    return qawl.read(Article.of(body, title=title, **fields))


def fill(path: Path) -> Places:
    """Makes the record; where in it things are."""
    reader = qawl.Reader()
    day = dt.date
    bridge: dict[str, Any] = {"id": "bridge", "outlet": "صحيفة الضفاف", "date": day(2024, 3, 4)}
    with Record(str(path)) as record:
        for article in map(reader.read, articles([SAMPLES])):
            record.add(article)
        old = record.add(
            _article(
                "جسر الغزال يفتح في نيسان",
                BRIDGE,
                author="سعاد النمر",
                address="https://difaf.example/bridge",
                **bridge,
            ),
            page=b"<p>" + BRIDGE.encode() + b"</p>",
        )
        new = record.add(
            _article(
                "جسر الغزال يفتح في أيار",
                BRIDGE_MENDED,
                author="سعاد النمر",
                address="https://difaf.example/bridge",
                **bridge,
            ),
            page=b"<p>" + BRIDGE_MENDED.encode() + b"</p>",
        )
        record.add(
            _article("الخطيب: لن نتأخر", BRIDGE_AGAIN, id="again", outlet="وكالة المدى",
                     date=day(2024, 3, 6), address="https://mada.example/khatib")
        )  # fmt: skip
        record.add(
            _article("الخطيب ينفي دعم الجسر الثاني", TURNED, id="turned", outlet="وكالة المدى",
                     date=day(2024, 9, 18))
        )  # fmt: skip
        harm = record.add(
            _article('خبر "><script>alert(0)</script>', HARM, id="harm", date=day(2024, 1, 1),
                     outlet="<b onclick=alert(7)>موقع</b> \u202e'مشبوه'", address="javascript:alert(8)"),
            page=HARMFUL_PAGE.encode(),
        )  # fmt: skip
        s = STATEMENTS.c
        with record.reading() as connection:
            person = connection.scalar(
                select(s.source_id)
                .join(SOURCES, SOURCES.c.id == s.source_id)
                .where(SOURCES.c.name.contains("الخطيب"))
                .limit(1)
            )
            saying = connection.scalar(
                select(s.saying_id).where(s.current).group_by(s.saying_id).having(func.count() > 1)
            )
            statement = connection.scalar(
                select(func.min(s.id)).where(s.article_id == new.article, s.current)
            )
    assert person is not None
    assert saying is not None
    assert statement is not None
    return Places(new.article, old.article, new.article, harm.article, person, statement, saying)
