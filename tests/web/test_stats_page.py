"""Counts of the newest statements, kept for some minutes."""

from __future__ import annotations

import datetime as dt

import pytest
from fastapi.testclient import TestClient
from quarrel import site_of
from sqlalchemy import func, select

import qawl
from qawl.model import Article
from qawl.record import statistics as counting
from qawl.record.schema import StatementRow, table_of
from qawl.record.store import Record
from qawl.web.pages import stats

STATEMENTS = table_of(StatementRow)


def test_counts_are_those_of_the_record(client: TestClient) -> None:
    page = client.get("/stats?lang=en")
    assert page.status_code == 200
    found = stats.counts_of(site_of(client))
    s = STATEMENTS.c
    with site_of(client).records.reading() as connection:
        query = select(s.act, func.count()).where(s.current).group_by(s.act)
        acts = {row[0]: row[1] for row in connection.execute(query)}
    assert dict(found.acts) == acts
    assert sum(count for _, count in found.months) == found.counted == sum(acts.values())
    assert found.all
    assert "سلمى الهاشمي" in page.text
    assert "<b>موقع</b>" not in page.text


def test_only_the_newest_are_counted(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "COUNTED", 3)
    found = stats.counts_of(site_of(client))
    assert (found.counted, found.all) == (3, False)
    assert [month for month, _ in found.months] == ["2024-09"]
    assert "أحدث 3" in client.get("/stats").text


def test_counts_are_kept_a_while(browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    site = site_of(browser)
    before = stats.counts_of(site)
    with Record(site.settings.db) as record:
        text = "قال الناطق باسم البلدية كريم منصور إن الطريق سيفتح غدا."
        record.add(qawl.read(Article.of(text, id="new", outlet="جديد", date=dt.date(2024, 10, 1))))
    assert stats.counts_of(site) is before
    monkeypatch.setattr(stats, "KEPT", -1.0)
    assert stats.counts_of(site).counted == before.counted + 1


def test_an_empty_record(where: str, serve) -> None:  # type: ignore[no-untyped-def]
    with Record(where):
        pass
    assert serve(where).get("/stats").status_code == 200
    assert serve(where).get("/sources").status_code == 200
