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
from qawl.model import ACTS, FORMS, PLOVER, ParagraphKind


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


def test_a_damaged_article_says_what_to_do(silent):
    data = json_document.article_in_full(replace(silent, title=""))
    del data["text"]
    with pytest.raises(InputError, match="qawl schema json"):
        json_document.article_from_dict(data)
