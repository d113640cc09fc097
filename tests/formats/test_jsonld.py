import io
import json
from dataclasses import replace

import pytest
from format_strategies import articles as any_article
from hypothesis import given

from qawl.formats import jsonld
from qawl.model import Entry

#: The properties that schema.org gives each type used here and what each may hold (looked up in
#: schema.org's own pages: Quotation, NewsArticle > Article > CreativeWork > Thing, DefinedTerm).
#: "Text" may stand for any thing ("some data is better than none", schema.org/docs/datamodel).
THING = {
    "identifier": {"Text", "URL", "PropertyValue"},
    "url": {"URL"},
    "name": {"Text"},
    "description": {"Text", "TextObject"},
}
WORK = THING | {
    "about": {"Thing", "Text"},
    "audience": {"Audience"},
    "dateCreated": {"Date", "DateTime"},
    "isBasedOn": {"CreativeWork", "Product", "URL"},
    "mentions": {"Person", "Organization", "Place", "Thing"},
    "author": {"Person", "Organization", "Text"},
    "creator": {"Person", "Organization", "Text"},
    "publisher": {"Person", "Organization"},
    "datePublished": {"Date", "DateTime"},
    "hasPart": {"CreativeWork", "Quotation"},
    "headline": {"Text"},
    "inLanguage": {"Text", "Language"},
    "isPartOf": {"CreativeWork", "URL", "reference"},
    "keywords": {"DefinedTerm", "Text", "URL"},
    "position": {"Integer", "Text"},
    "text": {"Text"},
}
ALLOWED = {
    "NewsArticle": WORK | {"articleBody": {"Text"}},
    "Quotation": WORK | {"spokenByCharacter": {"Person", "Organization", "Text"}},
    "Organization": THING,
    "Person": THING,
    "Place": THING,
    "Thing": THING,
    "Audience": THING,
    "CreativeWork": WORK,
    "DefinedTerm": THING | {"termCode": {"Text"}, "inDefinedTermSet": {"DefinedTermSet", "URL"}},
    "DefinedTermSet": THING,
}
#: A stand-in for the context at https://schema.org, which no test fetches: the same vocabulary.
CONTEXT = {
    "@context": {
        "@vocab": "https://schema.org/",
        "url": {"@type": "@id"},
        "datePublished": {"@type": "https://schema.org/Date"},
    }
}


def graph(articles):
    out = io.BytesIO()
    jsonld.write(articles, out)
    return json.loads(out.getvalue())


def check(node):
    """Every property is one that its type has, and holds what it may hold."""
    allowed = ALLOWED[node["@type"]]
    for key, values in node.items():
        if key.startswith("@"):
            continue
        assert key in allowed, f"{node['@type']} has no {key}"
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, dict) and list(value) == ["@id"]:
                assert "reference" in allowed[key]
            elif isinstance(value, dict):
                assert value["@type"] in allowed[key]
                check(value)
            elif isinstance(value, int):
                assert "Integer" in allowed[key]
            else:
                assert isinstance(value, str)
                assert allowed[key] & {"Text", "URL", "Date"}


def test_every_type_and_property_is_schema_orgs(articles):
    whole = graph(articles)
    assert whole["@context"] == "https://schema.org"
    assert [node["@type"] for node in whole["@graph"]] == ["NewsArticle"] * 3
    for node in whole["@graph"]:
        check(node)


def test_an_article_and_its_quotations(levant):
    [article] = graph([levant])["@graph"]
    assert article["@id"] == article["url"] == "https://almarfa.example/news/77"
    assert article["headline"] == levant.title
    assert f"{levant.title}\n{article['articleBody']}" == levant.text
    assert article["publisher"]["name"] == "صحيفة المرفأ"
    title, direct, *_ = article["hasPart"]
    assert direct["text"] == "سنعيد فتح الجسر […] قبل حلول الشتاء"
    assert direct["spokenByCharacter"] == direct["creator"] == "نبيل الحاصباني"
    assert "creator" not in title
    assert title["isPartOf"] == {"@id": article["@id"]}
    assert [term["termCode"] for term in direct["keywords"]] == ["direct", "commit", "AGREE"]


def test_what_stands_beside_a_content_has_schema_orgs_words(gulf):
    [node] = graph([gulf])["@graph"]
    check(node)
    [quotation] = node["hasPart"]
    assert quotation["about"] == "توسعة الميناء"
    assert quotation["audience"] == {"@type": "Audience", "name": "أعضاء الغرفة"}
    assert quotation["description"] == "في لقاء مفتوح"
    assert quotation["dateCreated"] == "2024-06-02"
    assert [work["creator"] for work in quotation["isBasedOn"]] == ["وكالة الساحل", "الغرفة"]
    assert [(thing["@type"], thing["name"]) for thing in quotation["mentions"]] == [
        ("Organization", "شركة الدانة"),
        ("Place", "الخور"),
        ("Person", "سالم الغيث"),
    ]
    assert len(quotation["mentions"][0]["identifier"]) == 2
    terms = {t["inDefinedTermSet"]["name"]: t["termCode"] for t in quotation["keywords"]}
    assert terms == {
        "Qawl forms": "indirect",
        "Qawl acts": "accuse",
        "PLOVER": "ACCUSE",
        "Qawl marks": "checkable",
    }


def test_what_is_not_known_is_left_out(silent):
    [article] = graph([silent])["@graph"]
    assert set(article) == {"@type", "@id", "identifier", "headline", "inLanguage", "articleBody"}


@given(any_article())
def test_identifiers_lead_to_the_words(article):
    [node] = graph([article])["@graph"]
    check(node)
    for quotation in node.get("hasPart", []):
        pairs = [place.removeprefix("char=").split(",") for place in quotation["identifier"]]
        words = [article.text[int(start) : int(end)] for start, end in pairs]
        assert " […] ".join(words) == quotation["text"]


def test_a_json_ld_processor_expands_it_without_loss(articles):
    jsonld_processor = pytest.importorskip("pyld").jsonld

    def loader(url, options=None):
        assert url.rstrip("/") == "https://schema.org"
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": CONTEXT}  # fmt: skip

    expanded = jsonld_processor.expand(graph(articles), {"documentLoader": loader})
    assert [node["@type"] for node in expanded] == [["https://schema.org/NewsArticle"]] * 3
    quotations = expanded[0]["https://schema.org/hasPart"]
    assert len(quotations) == 4
    assert quotations[1]["https://schema.org/spokenByCharacter"] == [{"@value": "نبيل الحاصباني"}]
    assert quotations[1]["https://schema.org/isPartOf"] == [{"@id": expanded[0]["@id"]}]
    quads = jsonld_processor.to_rdf(graph(articles), {"documentLoader": loader, "format": "application/n-quads"})  # fmt: skip
    assert quads.count("<https://schema.org/Quotation>") == 6


def test_a_source_that_wikidata_knows_is_a_thing(levant):
    entry = Entry(1, 2, "نبيل رشيد الحاصباني", "person", None, "Q7000001")
    first = replace(levant.statements[1], entry=entry)
    known = jsonld.quotation(levant, 1, first)
    thing = {
        "@type": "Person",
        "name": "نبيل رشيد الحاصباني",
        "sameAs": "http://www.wikidata.org/entity/Q7000001",
    }
    assert (known["spokenByCharacter"], known["creator"]) == (thing, thing)
    body = replace(first, entry=replace(entry, kind="body"))
    assert jsonld.quotation(levant, 1, body)["creator"]["@type"] == "Organization"
    without = replace(first, entry=replace(entry, wikidata=None))
    assert jsonld.quotation(levant, 1, without)["creator"] == first.who
