import io
import json
from dataclasses import replace

from format_strategies import articles as any_article
from hypothesis import given

from qawl.formats import claimreview
from qawl.model import Entry


def graph(articles):
    out = io.BytesIO()
    claimreview.write(articles, out)
    return json.loads(out.getvalue())["@graph"]


def test_a_draft_tells_the_claim_and_leaves_the_review_open(spokesman):
    (draft,) = graph([spokesman])
    assert draft["claimReviewed"] == "المحطة تنتج 40 ميغاواط"
    claim = draft["itemReviewed"]
    assert claim["author"] == {"@type": "Person", "name": "سامر الحلو"}
    assert claim["datePublished"] == "2024-05-02"
    assert claim["appearance"]["url"] == "https://nahar.example/7"
    assert claim["appearance"]["publisher"]["name"] == "نهار الجبل"
    assert draft["reviewRating"]["alternateName"] == draft["url"] == draft["author"]["name"] == ""


def test_a_claimant_that_wikidata_knows_has_its_address(spokesman):
    (checkable,) = (s for s in spokesman.statements if s.checkable)
    known = replace(checkable, entry=Entry(1, 2, "سامر الحلو", "person", None, "Q7000002"))
    (draft,) = graph([replace(spokesman, statements=(known,))])
    author = draft["itemReviewed"]["author"]
    assert author["sameAs"] == "http://www.wikidata.org/entity/Q7000002"


@given(any_article())
def test_only_checkable_claims_of_a_known_source_become_drafts(article):
    wanted = [s for s in article.statements if s.checkable and s.who]
    assert len(graph([article])) == len(wanted)
