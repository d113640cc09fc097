"""JSONL → articles: a stream, offsets exact, broken lines named."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qawl.errors import InputError
from qawl.sources.jsonl import article_of, articles

Problem = tuple[str, int | None, str]


def read(lines: list[str] | list[bytes], name: str = "x.jsonl") -> tuple[list[str], list[Problem]]:
    problems: list[Problem] = []
    found = articles(lines, name=name, on_error=lambda *p: problems.append(p))
    return [a.id for a in found], problems


def test_every_key_is_read() -> None:
    (found,) = articles(
        [
            '{"id": 7, "title": "عنوان", "text": "نص أول\\nنص ثان", "source": "الساحل", '
            '"author": ["هدى سالم", "علي عمر"], "date": "Mon, 10 Mar 2025 10:00:00 +0400", "url": "https://a.example/7"}'
        ]
    )
    assert (found.id, found.title, found.outlet) == ("7", "عنوان", "الساحل")
    assert found.author == "هدى سالم، علي عمر"
    assert found.date == dt.datetime(2025, 3, 10, 6, 0, tzinfo=dt.UTC)
    assert found.date_text == "Mon, 10 Mar 2025 10:00:00 +0400"
    assert found.address == "https://a.example/7"
    assert [p.kind for p in found.paragraphs] == ["title", "text", "text"]


def test_broken_lines_are_named_and_the_rest_goes_on() -> None:
    lines = [
        '{"id": "a", "text": "نص"}',
        "",
        '{"id": "b", "text": ',
        "[1, 2]",
        '{"id": "c"}',
        '{"text": 3}',
        '{"text": " "}',
        "null",
        "[" * 100_000,
        '{"id": "d", "text": "نص"}',
    ]
    ids, problems = read(lines)
    assert ids == ["a", "d"]
    assert [line for _, line, _ in problems] == [3, 4, 5, 6, 7, 8, 9]
    assert all(name == "x.jsonl" for name, _, _ in problems)
    said = [message for _, _, message in problems]
    assert "not JSON" in said[0]
    assert "a list" in said[1]
    assert 'no "text"' in said[2]
    assert "a number" in said[3]
    assert "empty" in said[4]


def test_without_a_callback_the_first_broken_line_is_an_error() -> None:
    with pytest.raises(InputError, match=r"x\.jsonl, line 2: .*JSON"):
        list(articles(['{"text": "نص"}', "{"], name="x.jsonl"))


def test_an_article_without_an_id_has_its_place_for_one() -> None:
    assert read(['{"text": "نص"}', "", '{"text": "نص"}'])[0] == ["x.jsonl:1", "x.jsonl:3"]
    assert [a.id for a in articles(['{"text": "نص"}'])] == ["1"]
    assert read(['{"id": "", "text": "نص"}'])[0] == ["x.jsonl:1"]


@pytest.mark.parametrize("title", [None, ""])
def test_without_a_title_the_text_stands_alone(title: str | None) -> None:
    found = article_of({"title": title, "text": "نص"})
    assert found.text == "نص"
    assert found.paragraphs[0].kind == "text"


def test_bytes_are_decoded_and_a_mark_passed_over() -> None:
    record = json.dumps({"id": "a", "text": "قالت الوزيرة إن العمل مستمر"}, ensure_ascii=False)
    assert read([b"\xef\xbb\xbf" + record.encode() + b"\r\n"])[0] == ["a"]
    (found,) = articles([record.encode("windows-1256")])
    assert found.text == "قالت الوزيرة إن العمل مستمر"


def test_half_characters_are_replaced_in_place() -> None:
    (found,) = articles(['{"text": "نص \\ud83d هنا"}'])
    assert found.text == "نص \ufffd هنا"


def test_it_streams() -> None:
    def endless() -> Iterator[str]:
        while True:
            yield '{"text": "نص"}'

    stream = articles(endless())
    assert [next(stream).id for _ in range(3)] == ["1", "2", "3"]


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(deadline=None)
@given(TEXT, TEXT)
def test_offsets_are_into_title_newline_text_as_given(title: str, text: str) -> None:
    line = json.dumps({"title": title, "text": text}, ensure_ascii=False)
    try:
        found = article_of(json.loads(line))
    except InputError:
        assert f"{title}{text}".strip() == ""
        return
    assert found.text == (f"{title}\n{text}" if title else text)


@settings(deadline=None)
@given(st.text(max_size=80))
def test_no_line_breaks_it(line: str) -> None:
    read([line])
