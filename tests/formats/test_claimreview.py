import io
import json

from format_strategies import articles as any_article
from hypothesis import given

from qawl.formats import claimreview


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


@given(any_article())
def test_only_checkable_claims_of_a_known_source_become_drafts(article):
    wanted = [s for s in article.statements if s.checkable and s.who]
    assert len(graph([article])) == len(wanted)
