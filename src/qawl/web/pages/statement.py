"""One statement taken away: its place, its citations, its draft of a fact check, its picture."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qawl.formats import bibtex, claimreview, ris
from qawl.formats.jsonl import encode
from qawl.formats.jsonld import CONTEXT
from qawl.record.one_statement import One, one_statement
from qawl.web import cards
from qawl.web.citations import STYLES, citation, cited
from qawl.web.pages.article import Number
from qawl.web.pages.try_it import check_rate
from qawl.web.shown import lines_of
from qawl.web.site import AnySite, Site, render

router = APIRouter()
#: Seconds that a picture may be kept: a correction shows in it soon.
KEPT = 300
Language = Annotated[str, Query(alias="lang", max_length=20)]


def _one(site: Site, number: int) -> One:
    with site.records.reading() as connection:
        return one_statement(connection, number)


def _address(request: Request, site: Site, path: str) -> str:
    """An address of this server as others reach it."""
    return (site.settings.address or str(request.base_url)).rstrip("/") + path


@router.get("/statements/{number}")
def place(site: AnySite, number: Number) -> Response:
    """Where a statement stands in its article."""
    return RedirectResponse(_one(site, number).place, 302)


@router.get("/statements/{number}/cite", response_class=HTMLResponse)
def cite(request: Request, site: AnySite, number: Number) -> HTMLResponse:
    """A statement's citations, to be copied, and what else can be taken of it."""
    with site.records.reading() as connection:
        one = one_statement(connection, number)
        line = lines_of(connection, [(one.row, ())])[0]
    at = _address(request, site, one.place)
    today = dt.datetime.now(dt.UTC).date()
    parts = cited(one.article, one.statement, one.who, at, today)
    styles = [
        (name, language, direction, citation(parts, name, site.languages[language]))
        for name, (language, direction) in STYLES.items()
    ]
    return render(
        request,
        "cite.html",
        number=number,
        one=one,
        line=line,
        styles=styles,
        at=at,
        picture=_address(request, site, f"/statements/{number}/card.png"),
    )


@router.get("/statements/{number}/cite.ris")
def as_ris(site: AnySite, number: Number) -> Response:
    """A statement for reference managers."""
    out = io.BytesIO()
    ris.write([_one(site, number).article], out)
    return _download(out.getvalue(), "application/x-research-info-systems", f"{number}.ris")


@router.get("/statements/{number}/cite.bib")
def as_bibtex(site: AnySite, number: Number) -> Response:
    """A statement for BibLaTeX."""
    out = io.BytesIO()
    bibtex.write([_one(site, number).article], out)
    return _download(out.getvalue(), "application/x-bibtex", f"{number}.bib")


@router.get("/statements/{number}/claimreview")
def claim(site: AnySite, number: Number) -> Response:
    """The draft of a review of a statement that somebody could verify."""
    one = _one(site, number)
    if not (one.statement.checkable and one.statement.who):
        raise HTTPException(404)
    draft = {"@context": CONTEXT, **claimreview.draft(one.article, one.statement)}
    return _download(encode(draft) + b"\n", "application/ld+json", f"{number}.jsonld")


def _download(data: bytes, kind: str, name: str) -> Response:
    headers = {
        "content-disposition": f'attachment; filename="qawl-{name}"',
        "cache-control": "private, no-cache",
    }
    return Response(data, media_type=f"{kind}; charset=utf-8", headers=headers)


def _card(request: Request, site: Site, number: int, lang: str) -> cards.Card:
    one = _one(site, number)
    # the same picture for everybody who asks for this address
    t = site.languages["en" if lang == "en" else "ar"]
    date = one.article.date
    link = _address(request, site, one.place)
    return cards.Card(
        words=one.row["text"],
        who=one.who or t("line.nobody"),
        outlet=one.article.outlet or "",
        day=t.day(date) if date else "",
        link=link.removeprefix("https://").removeprefix("http://"),
        label=t(f"card.{one.statement.form}"),
        quoted=one.statement.form == "direct",
        brand=t("site.name"),
    )


def _picture(request: Request, data: bytes, kind: str) -> Response:
    tag = f'"{hashlib.sha256(data).hexdigest()[:20]}"'
    headers = {
        "etag": tag,
        "cache-control": f"public, max-age={KEPT}",
        "content-security-policy": cards.POLICY,
        "cross-origin-resource-policy": "cross-origin",  # it is made to be shown elsewhere
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=kind, headers=headers)


@router.get("/statements/{number}/card.svg")
def as_svg(request: Request, site: AnySite, number: Number, lang: Language = "ar") -> Response:
    """The share image, its text as text."""
    check_rate(request, site)
    data = cards.svg(_card(request, site, number, lang)).encode("utf-8", "replace")
    return _picture(request, data, "image/svg+xml")


@router.get("/statements/{number}/card.png")
def as_png(request: Request, site: AnySite, number: Number, lang: Language = "ar") -> Response:
    """The share image as sites show it for a link."""
    check_rate(request, site)
    return _picture(request, cards.png(_card(request, site, number, lang)), "image/png")
