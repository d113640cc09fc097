import io
import json

import pytest
from format_strategies import articles as any_article
from hypothesis import given
from jsonschema import Draft202012Validator

from qawl.formats import web_annotation
from qawl.formats.web_annotation import AROUND

#: The MUSTs of the Web Annotation Data Model (W3C Recommendation, 2017-02-23) for what is used
#: here: 3.1 Annotations, 3.2.4 Embedded Textual Body, 4 Specific Resources, 4.2.4 Text Quote
#: Selector, 4.2.5 Text Position Selector, 5.1 Collections, 5.2 Pages; motivations of 3.3.5.
MOTIVATIONS = [
    "assessing", "bookmarking", "classifying", "commenting", "describing", "editing",
    "highlighting", "identifying", "linking", "moderating", "questioning", "replying", "tagging",
]  # fmt: skip
IRI = {"type": "string", "pattern": r"^[a-z][a-z0-9+.-]*:\S+$"}
ONE_OR_MORE = lambda item: {"oneOf": [item, {"type": "array", "items": item, "minItems": 1}]}  # noqa: E731
MODEL = {
    "type": "object",
    "required": ["@context", "id", "type", "total", "first"],
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/anno.jsonld"},
        "id": IRI,
        "type": {"const": "AnnotationCollection"},
        "label": {"type": "string"},
        "total": {"type": "integer", "minimum": 0},
        "first": {
            "type": "object",
            "required": ["id", "type", "items", "partOf"],
            "properties": {
                "id": IRI,
                "type": {"const": "AnnotationPage"},
                "partOf": IRI,
                "startIndex": {"type": "integer", "minimum": 0},
                "items": {"type": "array", "items": {"$ref": "#/$defs/annotation"}},
            },
        },
    },
    "$defs": {
        "annotation": {
            "type": "object",
            "required": ["id", "type", "target"],
            "properties": {
                "id": IRI,
                "type": {"const": "Annotation"},
                "motivation": ONE_OR_MORE({"enum": MOTIVATIONS}),
                "body": ONE_OR_MORE(
                    {"oneOf": [{"$ref": "#/$defs/specific"}, {"$ref": "#/$defs/textual"}]}
                ),
                "target": ONE_OR_MORE({"$ref": "#/$defs/specific"}),
            },
        },
        "textual": {
            "type": "object",
            "required": ["type", "value"],
            "properties": {
                "type": {"const": "TextualBody"},
                "value": {"type": "string"},
                "purpose": {"enum": MOTIVATIONS},
            },
        },
        "specific": {
            "type": "object",
            "required": ["type", "source", "selector"],
            "properties": {
                "type": {"const": "SpecificResource"},
                "source": IRI,
                "purpose": {"enum": MOTIVATIONS},
                "selector": {
                    "type": "array",
                    "prefixItems": [
                        {
                            "required": ["type", "exact"],
                            "properties": {
                                "type": {"const": "TextQuoteSelector"},
                                "exact": {"type": "string", "minLength": 1},
                                "prefix": {"type": "string"},
                                "suffix": {"type": "string"},
                            },
                        },
                        {
                            "required": ["type", "start", "end"],
                            "properties": {
                                "type": {"const": "TextPositionSelector"},
                                "start": {"type": "integer", "minimum": 0},
                                "end": {"type": "integer", "minimum": 0},
                            },
                        },
                    ],
                },
            },
        },
    },
}


def collection(articles):
    out = io.BytesIO()
    web_annotation.write(articles, out)
    return json.loads(out.getvalue())


def resources(annotation):
    target = annotation["target"]
    yield from target if isinstance(target, list) else [target]
    yield from (body for body in annotation["body"] if body["type"] == "SpecificResource")


def test_it_keeps_the_musts_of_the_model(articles):
    Draft202012Validator(MODEL).validate(collection(articles))
    Draft202012Validator(MODEL).validate(collection([]))


def test_the_collection_counts_its_annotations(articles):
    whole = collection(articles)
    assert whole["total"] == len(whole["first"]["items"]) == 6
    assert whole["first"]["partOf"] == whole["id"]
    ids = [annotation["id"] for annotation in whole["first"]["items"]]
    assert len(set(ids)) == 6
    assert collection(articles) == whole


def test_parts_are_targets_and_cue_speaker_and_source_are_bodies(levant):
    direct = collection([levant])["first"]["items"][1]
    assert [t["selector"][0]["exact"] for t in direct["target"]] == [
        "سنعيد فتح الجسر",
        "قبل حلول الشتاء",
    ]
    said = {
        (body["purpose"], body.get("value") or body["selector"][0]["exact"])
        for body in direct["body"]
    }
    assert said == {
        ("identifying", "نبيل الحاصباني"),
        ("identifying", "المهندس نبيل الحاصباني"),
        ("describing", "قال"),
        ("tagging", "form:direct"),
        ("tagging", "act:commit"),
        ("tagging", "plover:AGREE"),
        ("assessing", "confidence:0.980"),
    }


def test_what_stands_beside_a_content_is_tagged(gulf):
    whole = collection([gulf])
    Draft202012Validator(MODEL).validate(whole)
    [annotation] = whole["first"]["items"]
    tags = [body["value"] for body in annotation["body"] if body["purpose"] == "tagging"]
    assert tags == [
        "form:indirect",
        "act:accuse",
        "plover:ACCUSE",
        "about:توسعة الميناء",
        "addressee:أعضاء الغرفة",
        "setting:في لقاء مفتوح",
        "said:2024-06-02",
        "via:وكالة الساحل",
        "via:الغرفة",
        "body:شركة الدانة",
        "place:الخور",
        "person:سالم الغيث",
        "checkable",
    ]


def test_the_source_is_the_address_or_else_a_urn_of_the_text(levant, maghreb):
    first = collection([levant])["first"]["items"][0]
    assert first["target"]["source"] == "https://almarfa.example/news/77"
    other = collection([maghreb])["first"]["items"][0]
    assert other["target"]["source"].startswith("urn:uuid:")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file.html", "https://x y", "<a>"])
def test_what_is_no_web_address_is_never_an_iri(silent, address):
    from dataclasses import replace

    from qawl.formats.iri import article_iri

    assert article_iri(replace(silent, address=address)).startswith("urn:uuid:")


@given(any_article())
def test_both_selectors_lead_to_the_words(article):
    whole = collection([article])
    Draft202012Validator(MODEL).validate(whole)
    for annotation in whole["first"]["items"]:
        for resource in resources(annotation):
            quote, position = resource["selector"]
            start, end = position["start"], position["end"]
            assert article.text[start:end] == quote["exact"]
            around = quote["prefix"] + quote["exact"] + quote["suffix"]
            assert article.text[start - len(quote["prefix"]) :].startswith(around)
            assert len(quote["prefix"]) == min(start, AROUND)
            assert len(quote["suffix"]) == min(len(article.text) - end, AROUND)
