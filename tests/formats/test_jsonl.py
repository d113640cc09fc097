import io
import json
from dataclasses import replace

import pytest
from format_strategies import articles as any_article
from hypothesis import given
from jsonschema import Draft202012Validator

from qawl.errors import InputError
from qawl.formats import jsonl
from qawl.formats.schema import schema
from qawl.model import Article, Span, Statement


def lines(articles):
    out = io.BytesIO()
    jsonl.write(articles, out)
    return out.getvalue().decode("utf-8").split("\n")


def test_one_line_an_article_in_order_and_none_is_left_out(articles):
    *written, last = lines(articles)
    assert last == ""
    assert [json.loads(line)["id"] for line in written] == ["levant-1", "../maghreb/2", "silent-3"]
    assert json.loads(written[2]) == {"id": "silent-3", "statements": []}


def test_the_line_has_exactly_the_members_of_the_interchange_form(levant):
    line = json.loads(lines([levant])[0])
    assert list(line) == ["id", "statements"]
    statement = line["statements"][1]
    assert list(statement) == [
        "content", "cue", "speaker", "who", "form", "act", "nested", "confidence",
    ]  # fmt: skip
    assert statement["cue"]["text"] == "قال"
    assert [part["text"] for part in statement["content"]] == ["سنعيد فتح الجسر", "قبل حلول الشتاء"]
    assert line["statements"][2]["speaker"] is None


def test_the_line_stays_the_same_whatever_stands_beside_a_content(gulf):
    [line, _] = lines([gulf])
    [statement] = json.loads(line)["statements"]
    assert list(statement) == [
        "content", "cue", "speaker", "who", "form", "act", "nested", "confidence",
    ]  # fmt: skip
    bare = replace(
        gulf.statements[0], about=None, addressee=None, setting=None, said=None, said_span=None,
        via=(), names=(), checkable=False,
    )  # fmt: skip
    assert lines([replace(gulf, statements=(bare,))])[0] == line


def test_arabic_stands_as_it_is_and_spans_are_substrings(articles):
    written = lines(articles)
    assert "الحاصباني" in written[0]
    for article, line in zip(articles, written, strict=False):
        for statement in json.loads(line)["statements"]:
            for span in [*statement["content"], statement["cue"], statement["speaker"]]:
                if span:
                    assert article.text[span["start"] : span["end"]] == span["text"]


def test_lines_validate_against_the_published_schema(articles):
    validator = Draft202012Validator(schema("jsonl"))
    for line in lines(articles)[:-1]:
        validator.validate(json.loads(line))


@given(any_article())
def test_what_is_written_reads_back_the_same(article):
    [line, _] = lines([article])
    identity, statements = jsonl.parse(line)
    assert identity == article.id
    again = Article(text=article.text, id=identity).with_statements(statements)
    assert lines([again])[0] == line
    for before, after in zip(article.statements, statements, strict=True):
        assert after.content == before.content
        assert (after.cue, after.speaker, after.who) == (before.cue, before.speaker, before.who)
        assert (after.form, after.act, after.nested) == (before.form, before.act, before.nested)
        assert after.confidence == before.confidence


def test_half_a_character_survives():
    text = "قال \ud83d شيئا"
    statement = Statement((Span.of(text, 4, 5),), None, None, None, "direct", "inform")
    [line, _] = lines([Article(text=text, statements=(statement,))])
    assert jsonl.parse(line)[1][0].content[0].text == "\ud83d"


def test_a_gold_line_without_confidence_is_read():
    line = {
        "content": [{"start": 0, "end": 2, "text": "لا"}],
        "cue": None,
        "speaker": None,
        "who": "س",
        "form": "direct",
        "act": "deny",
        "nested": False,
    }
    assert jsonl.statement_from_dict(line).confidence == 1.0


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        '{"id": "a"}',
        '{"id": "a", "statements": [{}]}',
        '{"id": "a", "statements": [{"content": [], "cue": null, "speaker": null, "who": null,'
        ' "form": "direct", "act": "deny"}]}',
        '{"id": "a", "statements": [{"content": [{"start": 0, "end": 1, "text": "a"}],'
        ' "cue": null, "speaker": null, "who": null, "form": "shouted", "act": "deny"}]}',
    ],
)
def test_a_damaged_line_says_what_to_do(line):
    with pytest.raises(InputError, match="interchange form"):
        jsonl.parse(line)
