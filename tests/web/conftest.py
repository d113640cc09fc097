"""A filled record behind the server, in each kind of database: made once, copied for each test."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from quarrel import quarrel, quarrel_file  # noqa: F401

import qawl
from qawl.model import Article
from qawl.record.store import Record
from qawl.web.app import create
from qawl.web.settings import Settings

#: The name under which the tests' server is reached.
HOST = "testserver"

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


@pytest.fixture(scope="session")
def filled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled record in a file. Copy it before you change something."""
    path = tmp_path_factory.mktemp("filled") / "record.db"
    fill(str(path))
    return path


@pytest.fixture(scope="session")
def filled_database(server: str) -> str:
    """The name of a filled record's database, which new ones are copies of."""
    import psycopg

    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE filled")
    fill(server.format("filled"))
    return "filled"


_copies = count()


def _copy(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    if kind == "sqlite":
        made = folder / "filled.db"
        shutil.copyfile(request.getfixturevalue("filled_file"), made)
        return str(made)
    import psycopg

    server, template = request.getfixturevalue("server"), request.getfixturevalue("filled_database")
    name = f"filled{next(_copies)}"
    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return str(server.format(name))


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a filled record of the test's own is, in each kind of database."""
    return _copy(request.param, request, tmp_path)


@pytest.fixture
def filled_sqlite(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A filled record of the test's own in SQLite, for what does not depend on the database."""
    return _copy("sqlite", request, tmp_path)


Serve = Callable[..., TestClient]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """``serve(where, sign_in=True, …)``: a browser before a server of those settings."""
    opened: list[TestClient] = []

    def start(where: str | None, **given: Any) -> TestClient:
        known: dict[str, Any] = {"hosts": (HOST,), "sign_in": False, "rate": 100_000, **given}
        made = TestClient(
            create(Settings(db=where, **known)),
            base_url=f"http://{HOST}",
            raise_server_exceptions=False,
            follow_redirects=False,
        )
        made.__enter__()
        opened.append(made)
        return made

    yield start
    for one in opened:
        one.__exit__(None, None, None)


@pytest.fixture
def client(filled: str, serve: Serve) -> TestClient:
    """A browser on the machine of a server with a filled record, in each kind of database."""
    return serve(filled)


@pytest.fixture
def browser(filled_sqlite: str, serve: Serve) -> TestClient:
    """A browser on the machine of a server with a filled record in SQLite: nobody need sign in."""
    return serve(filled_sqlite)


@pytest.fixture
def stranger(filled_sqlite: str, serve: Serve) -> TestClient:
    """A browser before a server that asks for a sign-in before something is changed."""
    return serve(filled_sqlite, sign_in=True)
