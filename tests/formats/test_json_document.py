import io
import json
from dataclasses import replace
from typing import get_args

import pytest
from format_strategies import articles as any_article
from hypothesis import given
from jsonschema import Draft202012Validator

from qawl import __version__
from qawl.errors import InputError
from qawl.formats import json_document
from qawl.formats.schema import SCHEMAS, schema
from qawl.model import ACTS, FORMS, NAME_KINDS, PLOVER, ParagraphKind

#: Members that documents did not always have.
BESIDE = ["about", "addressee", "setting", "said", "said_span", "via", "names", "checkable"]


def document(articles):
    out = io.BytesIO()
    json_document.write(articles, out)
    return json.loads(out.getvalue())


def test_everything_of_an_article_is_in_it(levant):
    whole = document([levant])
    assert whole["qawl"] == __version__
    [article] = whole["articles"]
    assert article["text"] == levant.text
    assert article["date"] == "2019-11-25T09:30:00+00:00"
    assert article["canonical"] == "https://almarfa.example/news/77"
    assert article["country"] == "لبنان"
    assert [p["kind"] for p in article["paragraphs"]] == ["title", "text", "text", "chrome", "text"]
    direct, denial = article["statements"][1], article["statements"][3]
    assert direct["decisions"][0]["by"] == "lexicon"
    assert (direct["plover"], denial["plover"]) == ("AGREE", "REJECT")
    assert direct["who_span"]["text"] == "نبيل الحاصباني"


def test_no_articles_is_a_document_too():
    assert document([]) == {"qawl": __version__, "articles": []}


def test_the_document_validates_against_the_published_schema(articles):
    Draft202012Validator(schema("json")).validate(document(articles))


@pytest.mark.parametrize("name", list(SCHEMAS))
def test_the_schemas_are_sound_and_know_the_forms_and_acts_of_the_model(name):
    published = schema(name)
    Draft202012Validator.check_schema(published)
    of_statement = published["$defs"]["statement"]["properties"]
    assert tuple(of_statement["form"]["enum"]) == FORMS
    assert tuple(of_statement["act"]["enum"]) == ACTS
    if name == "json":
        assert set(of_statement["plover"]["enum"]) == set(PLOVER.values())
        kinds = published["$defs"]["paragraph"]["properties"]["kind"]["enum"]
        assert tuple(kinds) == get_args(ParagraphKind)


def test_the_schema_refuses_a_wrong_document(levant):
    validator = Draft202012Validator(schema("json"))
    whole = document([levant])
    whole["articles"][0]["statements"][0]["act"] = "shout"
    assert not validator.is_valid(whole)


@given(any_article())
def test_what_is_written_reads_back_the_same(article):
    whole = document([article])
    Draft202012Validator(schema("json")).validate(whole)
    assert json_document.article_from_dict(whole["articles"][0]) == article


def test_what_stands_beside_a_content_is_in_it(gulf):
    whole = document([gulf])
    Draft202012Validator(schema("json")).validate(whole)
    [statement] = whole["articles"][0]["statements"]
    assert statement["about"]["text"] == "توسعة الميناء"
    assert statement["addressee"]["text"] == "أعضاء الغرفة"
    assert statement["setting"]["text"] == "في لقاء مفتوح"
    assert (statement["said"], statement["said_span"]["text"]) == ("2024-06-02", "أمس الأحد")
    assert statement["via"] == ["وكالة الساحل", "الغرفة"]
    assert [name["kind"] for name in statement["names"]] == ["body", "place", "person", "body"]
    for name in statement["names"]:
        assert gulf.text[name["start"] : name["end"]] == name["text"]
    assert statement["checkable"] is True
    assert statement["plover"] == "ACCUSE"


def test_the_schema_knows_every_field_of_a_statement_and_every_kind_of_name(gulf):
    published = schema("json")["$defs"]
    [statement] = document([gulf])["articles"][0]["statements"]
    assert set(published["statement"]["properties"]) == set(statement)
    assert set(published["statement"]["required"]) == set(statement)
    assert tuple(published["name"]["properties"]["kind"]["enum"]) == NAME_KINDS


def test_a_document_without_what_stands_beside_the_contents_reads_back(levant):
    data = json_document.article_in_full(levant)
    for statement in data["statements"]:
        for member in BESIDE:
            del statement[member]
    del data["country"]
    assert json_document.article_from_dict(data) == replace(levant, country=None)


def test_a_name_of_an_unknown_kind_is_damage(gulf):
    data = json_document.article_in_full(gulf)
    data["statements"][0]["names"][0]["kind"] = "ship"
    with pytest.raises(InputError, match="ship"):
        json_document.article_from_dict(data)


def test_a_damaged_article_says_what_to_do(silent):
    data = json_document.article_in_full(replace(silent, title=""))
    del data["text"]
    with pytest.raises(InputError, match="qawl schema json"):
        json_document.article_from_dict(data)
