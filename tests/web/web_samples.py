"""What the tests of the web have in their record: two outlets, two versions, one saying twice, hostile text."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from fastapi.testclient import TestClient

import qawl
from qawl.model import Article
from qawl.record.store import Record

#: The name under which the tests' server is reached.
HOST = "testserver"

#: A text of one statement.
TEXT = "قال وزير الري حسام النجار إن السد سيفتح في الربيع."

HARBOUR = """أعلنت وزيرة النقل سلمى الهاشمي أن ميناء الرمال سيستقبل أولى السفن في أيلول المقبل.
وقالت الهاشمي: "لن نؤجل الافتتاح يوما واحدا، فقد طال انتظار الناس".
وحذر رئيس نقابة البحارة يونس البرغوثي من أن الأجور لم تدفع منذ ثلاثة أشهر.
وأضاف البرغوثي أن البحارة سيضربون عن العمل ابتداء من الأحد.
ونفت الوزارة في بيان وجود أي تأخير في صرف الأجور."""

HARBOUR_AGAIN = """قالت وزيرة النقل سلمى الهاشمي: "لن نؤجل الافتتاح يوما واحدا، فقد طال انتظار الناس".
ودعت الهاشمي البحارة إلى العودة إلى الحوار قبل نهاية الأسبوع."""

WATER = """أكد محافظ وادي الزيتون عبد الرحيم بن شقرون أن محطة التحلية ستعمل بكامل طاقتها نهاية العام.
وقال بن شقرون إن كلفة المحطة بلغت ثمانين مليون درهم.
ورحبت جمعية حماية الشاطئ بالمشروع، لكن رئيستها مريم الكتاني قالت: "نريد أن نعرف أين سيصب الماء المالح"."""

WATER_MENDED = WATER.replace("ثمانين مليون", "تسعين مليون")

PRICES = """توقع المحلل الاقتصادي فهد العنزي أن ترتفع أسعار القمح في الخريف.
واتهم العنزي كبار التجار بتخزين القمح.
وقال مصدر في وزارة التموين إن المخزون يكفي ستة أشهر."""

#: What an article must not do to a page: run, turn the line round, break out of an attribute.
HOSTILE = """قال الناطق باسم <script>alert(1)</script> كمال "onmouseover=alert(2)" الطيار إن \u202eالميناء مغلق\u202c منذ أمس.
وأكد الطيار أن <img src=x onerror=alert(3)> العمل متوقف."""

PAGE = """<!doctype html><html lang="ar"><head><title>محطة التحلية</title><script>document.title = "ran"</script></head>
<body onload="alert(4)"><h1>محطة التحلية</h1><p>أكد المحافظ أن المحطة ستعمل.</p></body></html>"""


def _article(title: str, body: str, **fields: Any) -> Article:
    return qawl.read(Article.of(body, title=title, **fields))


def fill(where: str) -> None:
    """Puts the articles above into the record: two versions of one, a saying in two outlets."""
    day = dt.date
    with Record(where) as record:
        for article, page in (
            (_article("افتتاح ميناء الرمال في أيلول", HARBOUR, id="h1", outlet="صحيفة المرفأ", date=day(2024, 7, 2), address="https://marfa.example/harbour"), None),
            (_article("الوزيرة: لن نؤجل الافتتاح", HARBOUR_AGAIN, id="h2", outlet="وكالة السراج", date=day(2024, 7, 3), address="https://siraj.example/harbour"), None),
            (_article("محطة التحلية تعمل نهاية العام", WATER, id="w1", outlet="جريدة الأطلس", date=day(2024, 8, 5), address="https://atlas.example/water"), PAGE),
            (_article("محطة التحلية تعمل نهاية العام", WATER_MENDED, id="w1", outlet="جريدة الأطلس", date=day(2024, 8, 5), address="https://atlas.example/water"), PAGE),
            (_article("القمح في الخريف", PRICES, id="p1", outlet="صحيفة المرفأ", date=dt.datetime(2024, 9, 9, 8, 30, tzinfo=dt.UTC)), None),
            (_article('خبر "><script>alert(0)</script>', HOSTILE, id="x1", outlet="<b>موقع</b> 'مشبوه'", date=day(2024, 6, 1)), None),
        ):  # fmt: skip
            record.add(article, page=page.encode() if page else None)


def ticket_of(client: TestClient, path: str = "/try") -> str:
    """The ticket of a form of that page."""
    found = re.search(r'name="ticket" value="([0-9a-f]+)"', client.get(path).text)
    assert found
    return found[1]
