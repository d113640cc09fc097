"""A quarrel about a dam, as several outlets told it: one saying with another number and with a negation, a
minister who turns, two people of one family name."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

import qawl
from qawl.model import Article
from qawl.record.schema import SourceRow, StatementRow, table_of
from qawl.record.store import Record
from qawl.web.site import Site

SOURCES, STATEMENTS = table_of(SourceRow), table_of(StatementRow)

ARTICLES = (
    ("الوزير: سد الوادي خلال 14 شهرا", "صحيفة النهر", dt.date(2024, 3, 1), """رحب وزير المياه حسام القحطاني بمشروع سد الوادي الكبير، وتعهد بإنجازه قبل حلول الصيف المقبل.
وقال وزير المياه حسام القحطاني: "ستكتمل أعمال سد الوادي الكبير خلال 14 شهرا بكلفة 90 مليون دينار من موازنة الدولة"."""),
    ("سد الوادي", "وكالة البحيرة", dt.date(2024, 3, 2), """قال وزير المياه حسام القحطاني: "ستكتمل أعمال سد الوادي الكبير خلال 16 شهرا بكلفة 90 مليون دينار من موازنة الدولة"."""),
    ("جدل السد", "موقع الضفاف", dt.date(2024, 3, 2), """قال وزير المياه حسام القحطاني: "لن تكتمل أعمال سد الوادي الكبير خلال 14 شهرا بكلفة 90 مليون دينار من موازنة الدولة".
وطالبت النائبة ليلى شاهين الحكومة بنشر دراسة الأثر البيئي لسد الوادي الكبير."""),
    ("السد من جديد", "صحيفة النهر", dt.date(2024, 9, 10), """اتهم وزير المياه حسام القحطاني الشركة المنفذة لسد الوادي الكبير بالتلاعب في العقود.
ورفض وزير المياه حسام القحطاني استئناف العمل في سد الوادي الكبير.
وقالت النائبة ليلى شاهين إن سد الوادي الكبير لن يكتمل.
وقال رئيس اتحاد المزارعين فهد القحطاني إن الأهالي سيرفعون دعوى على الشركة."""),
)  # fmt: skip


def fill_quarrel(where: str) -> None:
    """Puts the articles into a record."""
    with Record(where) as record:
        for k, (title, outlet, day, text) in enumerate(ARTICLES):
            address = f"https://dam{k}.example/news"
            article = Article.of(
                text, title=title, id=f"q{k}", outlet=outlet, date=day, address=address
            )
            record.add(qawl.read(article))


@pytest.fixture(scope="session")
def quarrel_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of the quarrel; copy it before you change something."""
    path = tmp_path_factory.mktemp("quarrel") / "record.db"
    fill_quarrel(str(path))
    return path


@pytest.fixture
def quarrel(quarrel_file: Path, tmp_path: Path, serve: Callable[..., TestClient]) -> TestClient:
    """A browser before a server with the quarrel in its record."""
    made = tmp_path / "quarrel.db"
    shutil.copyfile(quarrel_file, made)
    return serve(str(made))


def number_of(client: TestClient, words: str) -> int:
    """The number of the statement that has these words."""
    with site_of(client).records.reading() as connection:
        query = select(STATEMENTS.c.id).where(STATEMENTS.c.text.contains(words))
        return int(connection.scalars(query.order_by(STATEMENTS.c.id)).first() or 0)


def source_of(client: TestClient, name: str) -> int:
    """The number of the source of that name."""
    with site_of(client).records.reading() as connection:
        return int(connection.scalar(select(SOURCES.c.id).where(SOURCES.c.name == name)) or 0)


def site_of(client: TestClient) -> Site:
    """The site behind a browser."""
    return client.app.state.site  # type: ignore[attr-defined,no-any-return]
