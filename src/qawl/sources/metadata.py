"""What a page says of its article: title, author, outlet, date and addresses.

In this order: JSON-LD (schema.org NewsArticle), OpenGraph and other meta tags, and what the page
shows (<h1>, <time>, bylines). Unlike trafilatura's, the date keeps its time and zone, is read in
the Arab press's own months and digits, and is None rather than guessed.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qawl.arabic.dates import parse_date
from qawl.arabic.letters import fold

_ARTICLE_TYPES = re.compile(r"(?:Article|NewsArticle|BlogPosting|Report|LiveBlogPosting)$")
_META = {
    "title": ("og:title", "twitter:title", "dc.title", "parsely-title", "headline"),
    "outlet": ("og:site_name", "application-name", "dc.publisher", "publisher", "copyright"),
    "author": ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author"),
    "date": (
        "article:published_time", "og:article:published_time", "datepublished", "pubdate",
        "publishdate", "publish-date", "publish_date", "publication_date", "article.published",
        "dc.date.issued", "dc.date", "dcterms.created", "parsely-pub-date", "sailthru.date", "date",
    ),
    "url": ("og:url", "twitter:url"),
}  # fmt: skip
_NO_AUTHOR = re.compile(
    r"(?:https?:|www\.|/|@)|^(?:admin|administrator|editor|author|user|root|webmaster|المحرر|المدير|"
    r"ادمن|الاداره|كاتب|محرر|الكاتب|التحرير|غرفه الاخبار|هييه التحرير|قسم التحرير)\d*$",
    re.IGNORECASE,
)
_BY = re.compile(
    r"^\s*(?:بقلم|كتب(?:ت|ه)?|إعداد|اعداد|الكاتب|المحرر|تحرير|Par|By)\s*[:/\-–ـ]?\s*", re.I
)
_URL_DATE = re.compile(r"/(20\d\d|19\d\d)(?:/[a-z_-]+)?[/-](\d{1,2})[/-](\d{1,2})(?=[/_-]|$)")
_SUFFIX = re.compile(r"\s+[|\-–—•:»]\s+|\s*\|\s*")
#: Words of which a part of a <title> shows itself to be an outlet's name.
_OUTLET = re.compile(
    r"(?<!\w)(?:جريدة|صحيفة|وكالة|موقع|شبكة|قناة|إذاعة|مجلة|بوابة|نيوز|برس|News|Press|TV)(?!\w)",
    re.I,
)
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says; None or empty where it does not."""

    title: str = ""
    author: str | None = None
    outlet: str | None = None
    date: dt.date | dt.datetime | None = None
    date_text: str | None = None
    canonical: str | None = None


def read(tree: Any) -> Metadata:
    """The metadata of a parsed page (an lxml.html tree, scripts still in it)."""
    ld = _json_ld(tree)
    meta: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = _clean(element.get("content"))
        if name and content:
            meta.setdefault(name.strip().lower(), content)

    def tag(field: str) -> str | None:
        return next((meta[n] for n in _META[field] if n in meta), None)

    outlet = _name(ld.get("publisher")) or tag("outlet")
    person, body = _authors(ld.get("author"))
    outlet = outlet or body or _outlet_in_title(tree)
    author = person or _author(tag("author")) or _byline(tree)
    if author and outlet and fold(author) == fold(outlet):
        author = None
    canonical = next(
        (e.get("href") for e in tree.iter("link") if (e.get("rel") or "").lower() == "canonical"),
        None,
    )
    canonical = _address(canonical) or _address(tag("url")) or _address(ld.get("url"))
    date_text, date = _published(tree, ld, meta, canonical)
    return Metadata(
        title=_title(tree, _clean(ld.get("headline")), tag("title"), outlet),
        author=author,
        outlet=outlet,
        date=date,
        date_text=date_text,
        canonical=canonical,
    )


def _json_ld(tree: Any) -> dict[str, Any]:
    """The page's article object, with what its @id references name put in."""
    objects: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text:
            continue
        source = script.text.strip().removeprefix("<!--").removesuffix("-->")
        try:
            objects += _objects(json.loads(source.strip().rstrip(";"), strict=False))
        except (ValueError, RecursionError):
            continue
    by_id = {o["@id"]: o for o in objects if isinstance(o.get("@id"), str) and len(o) > 1}
    for found in objects:
        types = found.get("@type")
        types = types if isinstance(types, list) else [types]
        if any(isinstance(t, str) and _ARTICLE_TYPES.search(t) for t in types):
            return {k: _resolved(v, by_id) for k, v in found.items()}
    return {}


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects at the top of a JSON-LD document: lists, @graph and mainEntity opened."""
    stack = [value]
    for _ in range(1000):
        if not stack:
            return
        value = stack.pop(0)
        if isinstance(value, list):
            stack[:0] = value
        elif isinstance(value, dict):
            yield value
            stack += [value[k] for k in ("@graph", "mainEntity") if k in value]


def _resolved(value: Any, by_id: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_resolved(v, by_id) for v in value]
    if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
        return by_id.get(str(value.get("@id")), value)
    return value


def _authors(value: Any) -> tuple[str | None, str | None]:
    """The persons of an author field, joined, and the first body among its authors."""
    values = value if isinstance(value, list) else [value]
    persons: list[str] = []
    body = None
    for one in values:
        name = _name(one)
        if not name:
            continue
        if isinstance(one, dict) and "Organization" in str(one.get("@type")):
            body = body or name
        elif (author := _author(name)) and author not in persons:
            persons.append(author)
    return "، ".join(persons) or None, body


def _author(name: str | None) -> str | None:
    """A person's name, without "بقلم"; None for what plainly is none."""
    name = _BY.sub("", name or "").strip(" -–|:،,")
    if not name or len(name) > _LONGEST_NAME or _NO_AUTHOR.search(fold(name)):
        return None
    return name


def _byline(tree: Any) -> str | None:
    for element in tree.iter("a", "span", "div", "p", "address"):
        mark = f"{element.get('class') or ''} {element.get('rel') or ''} {element.get('itemprop') or ''}"
        if not re.search(r"author|byline|writer|كاتب", mark, re.IGNORECASE):
            continue
        if re.search(r"bio|box|about|avatar|img", mark, re.IGNORECASE):
            continue
        text = _clean(element.text_content()) if len(element) < 8 else None
        if text and len(text) <= _LONGEST_NAME and (name := _author(text)):
            return name
    return None


def _published(
    tree: Any, ld: dict[str, Any], meta: dict[str, str], canonical: str | None
) -> tuple[str | None, dt.date | dt.datetime | None]:
    """How the page writes when the article was published, and when that is."""
    for said in _dates(tree, ld, meta):
        if said and (date := parse_date(said)):
            return said, date
    if canonical and (found := _URL_DATE.search(canonical)):
        date = parse_date("-".join(found.groups()))
        return (None, date)
    return None, None


def _dates(tree: Any, ld: dict[str, Any], meta: dict[str, str]) -> Iterator[str | None]:
    for key in ("datePublished", "dateCreated"):
        yield _clean(ld.get(key))
    for name in _META["date"]:
        yield meta.get(name)
    times = [e for e in tree.iter("time") if not _aside(e)]
    for element in times[:5]:
        yield _clean(element.get("datetime"))
        yield _clean(element.text_content())
    for element in tree.iter("span", "div", "p", "li", "td", "small", "abbr"):
        mark = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
        if re.search(r"date|time|publish|تاريخ", mark, re.IGNORECASE) and len(element) < 6:
            text = _clean(element.text_content())
            if text and len(text) < 120:
                yield text
    yield _clean(ld.get("dateModified"))
    yield meta.get("article:modified_time")


def _aside(element: Any) -> bool:
    """Whether an element stands in a side box, so that its date is another article's."""
    return any(a.tag in ("aside", "nav", "footer") for a in element.iterancestors())


def _title(tree: Any, headline: str | None, shared: str | None, outlet: str | None) -> str:
    headings = [t for e in tree.iter("h1") if (t := heading_text(e))]
    named = next((t for e in tree.iter("title") if (t := _clean(e.text_content()))), None)
    told = " ".join(fold(t) for t in (headline, shared, named) if t)
    shown = [
        h for h in headings if len(h) > 10 and fold(h) in told and fold(h) != fold(outlet or "")
    ]
    if shown:  # what the page shows, where its metadata bears it out
        return max(shown, key=len)
    for title in (headline, shared):
        if title:
            return _without_outlet(title, outlet)
    if len(headings) == 1 and len(headings[0]) > 10:
        return headings[0]
    return _without_outlet(named, outlet, always=True) if named else ""


def heading_text(element: Any) -> str | None:
    """The text of a heading; of one that is never closed, what stands before the first block."""
    if any(True for _ in element.iterdescendants("p", "div", "table", "ul")):
        return _clean(element.text)
    return _clean(element.text_content())


def _outlet_in_title(tree: Any) -> str | None:
    """The outlet's name in <title>, where that part of it says that it is a paper or an agency."""
    named = next((t for e in tree.iter("title") if (t := _clean(e.text_content()))), "")
    parts = _SUFFIX.split(named)
    for part in parts[-1:] + parts[:1] if len(parts) > 1 else []:
        if len(part) < 40 and _OUTLET.search(part):
            return part.strip()
    return None


def _without_outlet(title: str, outlet: str | None, *, always: bool = False) -> str:
    """``title`` without the outlet's name that pages put at its end (or its beginning)."""
    if always and not outlet:
        longest, *others = sorted(_SUFFIX.split(title), key=len, reverse=True)
        return title if any(len(o) > 40 or 1.3 * len(o) > len(longest) for o in others) else longest
    parts = [(m.start(), m.end()) for m in _SUFFIX.finditer(title)]
    if not parts:
        return title
    start, end = parts[-1]
    rest, suffix = title[:start], title[end:]
    named = bool(outlet) and fold(suffix).strip() in fold(outlet or "")
    if named or (always and len(rest) > len(suffix) and len(suffix) < 40):
        return rest.strip()
    start, end = parts[0]
    if outlet and fold(title[:start]).strip() == fold(outlet):
        return title[end:].strip()
    return title


def _name(value: Any) -> str | None:
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        value = value.get("name")
        value = value[0] if isinstance(value, list) and value else value
    return _clean(value)


def _address(value: Any) -> str | None:
    value = _clean(value)
    return value if value and re.match(r"https?://", value) else None


def _clean(value: Any) -> str | None:
    """A string with its entities and white space put right; None if it is none or empty."""
    if not isinstance(value, str):
        return None
    return " ".join(html.unescape(value).split()) or None
