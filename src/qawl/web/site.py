"""What every page needs: the settings, the record, the reader, the templates; and who asks, in which language."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, cast
from urllib.parse import quote, urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from qawl.model import ACTS, FORMS
from qawl.reader import Reader
from qawl.web import security
from qawl.web.limits import Attempts, Counts, Rate
from qawl.web.records import Records
from qawl.web.settings import Settings
from qawl.web.static import address_of
from qawl.web.texts import LANGUAGES, Texts

_HERE = Path(__file__).parent
#: The cookie that keeps a visitor's language.
LANGUAGE = "qawl_language"


class Site:
    """One server's parts, shared by its requests."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.records = Records(settings.db)
        self.counts = Counts(settings.counts)
        self.rate = Rate(self.counts, settings.rate)
        self.attempts = Attempts(self.counts)
        self.languages = {language: Texts(language) for language in LANGUAGES}

    def close(self) -> None:
        """Closes what the server holds open."""
        self.records.close()
        self.counts.close()

    @cached_property
    def reader(self) -> Reader:
        """The reader, loaded once."""
        return Reader()

    @cached_property
    def templates(self) -> Environment:
        """The templates; what is put into one is escaped, and a name that is missing is an error."""
        made = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.globals.update(ACTS=ACTS, FORMS=FORMS, static=address_of, link=link)
        made.filters["at"] = _at
        return made


def link(path: str, **parameters: Any) -> str:
    """An address of this server with its parameters; those without a value are left off."""
    given: list[tuple[str, str]] = []
    for name, value in parameters.items():
        some = value if isinstance(value, list | tuple) else (value,)
        given += [(name, str(v)) for v in some if v not in (None, "", False)]
    query = urlencode(given, quote_via=quote)
    return f"{path}?{query}" if query else path


@pass_context
def _at(context: Context, parameters: dict[str, Any], **changed: Any) -> str:
    """``{{ filters|at(page=2) }}``: the address of this page with some parameters changed."""
    return link(context["request"].url.path, **{**parameters, **changed})


def site_of(request: Request) -> Site:
    """The site of a request."""
    return cast(Site, request.app.state.site)


AnySite = Annotated[Site, Depends(site_of)]


def texts_of(request: Request) -> Texts:
    """The words of the visitor's language: ``?lang=``, else the cookie, else what the browser asks for, Arabic
    where it asks for neither."""
    site = site_of(request)
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE)
    if asked not in LANGUAGES:
        wished = request.headers.get("accept-language", "").lower().split(",")
        known = [w.split(";")[0].strip()[:2] for w in wished]
        asked = next((w for w in known if w in LANGUAGES), LANGUAGES[0])
    return site.languages[asked]


AnyTexts = Annotated[Texts, Depends(texts_of)]


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from its template, which also knows ``t`` (the texts), ``request``, ``ticket`` (for forms) and
    ``person`` (who is signed in; None)."""
    site = site_of(request)
    t = texts_of(request)
    cookie = request.cookies.get(security.COOKIE, "")
    fresh = not cookie or len(cookie) > 100
    if fresh:
        cookie = security.new_cookie()
    given = {
        "t": t,
        "request": request,
        "ticket": security.ticket_of(site.settings, cookie),
        "person": getattr(request.state, "person", None),
        "settings": site.settings,
        **values,
    }
    page = site.templates.get_template(template).render(given)
    answer = HTMLResponse(page, status)
    answer.headers["vary"] = "Cookie, Accept-Language, HX-Request"
    answer.headers["cache-control"] = "private, no-cache"
    secure = site.settings.secure
    if fresh:
        answer.set_cookie(security.COOKIE, cookie, httponly=True, samesite="strict", secure=secure)
    if request.query_params.get("lang") in LANGUAGES:
        answer.set_cookie(
            LANGUAGE,
            t.language,
            max_age=security.YEAR,
            httponly=True,
            samesite="lax",
            secure=secure,
        )
    return answer


def is_fragment(request: Request) -> bool:
    """Whether HTMX asks for a part of a page (and not for its history)."""
    return (
        request.headers.get("hx-request") == "true"
        and request.headers.get("hx-history-restore-request") != "true"
    )
