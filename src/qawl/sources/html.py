"""A web page as saved or fetched → Article: what its article says, in order, without the page.

The page is parsed once, with lxml; metadata is read from the tree (``metadata``), boxes that are no
article are taken out (``boxes``), captions are turned into marked paragraphs, because trafilatura
drops figures, and trafilatura finds the article in what is left. Lines that are page chrome by
reader/data/chrome.tsv are left out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Literal

from qawl.arabic.dates import find_dates, parse_date
from qawl.errors import InputError
from qawl.model import Article, Paragraph
from qawl.reader.paragraphs import line_kind
from qawl.sources import boxes, metadata
from qawl.sources.decode import declared_in, decode
from qawl.sources.mhtml import is_mhtml, page_of
from qawl.sources.text import noted

LineKind = Literal["heading", "text", "caption"]
Line = tuple[str, LineKind]

#: Stands before a caption while trafilatura has the tree: a private-use character that it keeps.
_CAPTION = "\ue0c1"
#: Pages of more elements are read paragraph by paragraph: trafilatura copies the tree several
#: times and is made for articles (those of newspapers have 500 to 5,000 elements).
_MOST_ELEMENTS = 25_000
_SPACE = re.compile(r"[ \t\n\r\f\v\u200b\ufeff]+")
#: Tags of absurd length (pictures in an attribute, thousands of attributes) lose their attributes.
_LONG_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9]{0,20})\s[^<>]{20000,}>")
#: Old pages open <font> in one paragraph and never close it, which nests all that follow.
_FONT = re.compile(r"</?(?:font|center|big|nobr)\b[^<>]{0,500}>", re.IGNORECASE)
#: What browsers write into a page that they save.
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s>]+)", re.IGNORECASE)
_CAPTION_CLASS = re.compile(r"caption|image-desc|photo-desc|img-desc|image_heading", re.IGNORECASE)
_LEAD_CLASS = re.compile(
    r"summary|excerpt|standfirst|lead|intro|chapo|subtitle|sub-title|deck|teaser|ملخص",
    re.IGNORECASE,
)
_BREAKING = frozenset(
    (
        "p",
        "head",
        "quote",
        "list",
        "item",
        "table",
        "row",
        "cell",
        "div",
        "body",
        "main",
        "lb",
        "code",
    )
)
_BLOCKS = frozenset(
    ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "table", "tr", "td", "th",
     "blockquote", "section", "article", "main", "header", "figure", "figcaption", "br", "hr", "pre", "body")
)  # fmt: skip
_SHORTEST = 25  # characters: what is shorter is no article, unless trafilatura says so


def article(page: str | bytes, *, address: str | None = None, **fields: Any) -> Article:
    """The article of a page. ``fields`` are Article's and override what the page says; ``date``
    may be text. ``address`` is taken from the browser's note in a saved page where it is not given. MHTML is read
    too. Raises InputError where the page has no article, EncodingError where its bytes are no text.
    """
    declared = None
    if is_mhtml(page[:8192].encode("utf-8", "replace") if isinstance(page, str) else page):
        data = page.encode("utf-8", "replace") if isinstance(page, str) else page
        page, declared, saved_from = page_of(data)
        address = address or saved_from
    source = decode(page, declared or declared_in(page))[0] if isinstance(page, bytes) else page
    if address is None and (saved := _SAVED_FROM.search(source, 0, 2000)):
        address = saved[1]
    tree, whole = _parse(source)
    said = metadata.read(tree)
    title = _squeeze(fields.pop("title", None) or said.title)
    lines = _lines(tree, title) if whole else _without_title(_kept(_stripped(source)), title)
    if sum(len(line) for line, kind in lines if kind == "text") < _SHORTEST:
        raise InputError(
            "no article was found in the page; save the article's own page "
            "(not a front page or a list), or give its text"
        )
    date = fields.pop("date", None) or said.date
    date_text = said.date_text
    if not date and (line := _dateline(lines)):
        date = date_text = line
        lines = [(text, kind) for text, kind in lines if text != line]
    merged: dict[str, Any] = {
        "outlet": said.outlet,
        "author": said.author,
        "date": date if isinstance(date, dt.date) else parse_date(date) if date else None,
        "date_text": date_text,
        "canonical": said.canonical,
        "address": address,
    }
    merged.update({k: v for k, v in fields.items() if v is not None})
    return noted(_composed(title, lines, merged))


def _composed(title: str, lines: list[Line], fields: dict[str, Any]) -> Article:
    paragraphs = [Paragraph(0, len(title), "title")] if title else []
    start = len(title) + 1 if title else 0
    for line, kind in lines:
        paragraphs.append(Paragraph(start, start + len(line), kind))
        start += len(line) + 1
    text = "\n".join([*([title] if title else []), *(line for line, _ in lines)])
    return Article(text=text, title=title, paragraphs=tuple(paragraphs), **fields)


def _parse(source: str) -> tuple[Any, bool]:
    """The page's tree, and whether it is whole (not nested too deep for the parser, which then
    stops). NULs, which would end the page, become U+FFFD as HTML says."""
    from lxml import etree
    from lxml import html as lxml_html

    source = _FONT.sub("", source)
    source = _LONG_TAG.sub(r"<\1>", source)
    source = source.replace("\x00", "\ufffd") if "\x00" in source else source
    if _CAPTION in source:
        source = source.replace(_CAPTION, "\ufffd")
    parser = lxml_html.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        tree = lxml_html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"the page cannot be parsed ({error}); give the article's text") from error
    deep = any("depth" in entry.message for entry in parser.error_log)
    return tree, not deep


def _lines(tree: Any, title: str) -> list[Line]:
    """The article's lines in order: what trafilatura finds, with the lead and captions before it."""
    boxes.drop_boxes(tree)
    _mark_captions(tree)
    lines: list[Line] = []
    if sum(1 for _ in tree.iter()) <= _MOST_ELEMENTS:
        lines = _without_title(_kept(_extracted(tree)), title)
        lines = _opening(tree, title, lines) + lines
        if len(lines) == 1:
            lines = _parted(tree, title, lines[0][0]) or lines
    if sum(len(line) for line, _ in lines) < _SHORTEST:
        lines = _without_title(_kept(_plain(tree)), title)
    return lines


def _parted(tree: Any, title: str, dump: str) -> list[Line]:
    """The paragraphs of a short page, which trafilatura gives as one line, title and all."""
    parts = [part for part in _without_title(_kept(_plain(tree)), title) if part[0] in dump]
    enough = sum(len(line) for line, _ in parts) > 0.6 * (len(dump) - len(title))
    return parts if enough else []


def _extracted(tree: Any) -> Iterator[Line]:
    from trafilatura import bare_extraction

    try:
        document = bare_extraction(tree, include_comments=False, with_metadata=False)
    except (RecursionError, ValueError, AttributeError, TypeError, KeyError, IndexError):
        document = None  # a page that trafilatura stumbles over: read paragraph by paragraph
    body = getattr(document, "body", None)
    if body is not None:
        yield from _walk(body)


def _walk(body: Any) -> Iterator[Line]:
    """The lines of trafilatura's body: its block elements and line breaks open new ones."""
    from lxml import etree

    pieces: list[str] = []
    heading = False
    for event, element in etree.iterwalk(body, events=("start", "end")):
        breaking = element.tag in _BREAKING
        if breaking and pieces:
            yield _line(pieces, heading)
            pieces = []
        if event == "start":
            heading = heading or element.tag == "head"
            pieces.append(element.text or "")
        else:
            heading = heading and element.tag != "head"
            pieces.append(element.tail or "")
    if pieces:
        yield _line(pieces, heading)


def _line(pieces: list[str], heading: bool) -> Line:
    text = _squeeze("".join(pieces))
    if text.startswith(_CAPTION):
        return text.replace(_CAPTION, "").strip(), "caption"
    return text.replace(_CAPTION, " "), "heading" if heading else "text"


def _kept(lines: Iterator[Line]) -> list[Line]:
    """The lines that hold text and are no chrome; captions by what they say marked."""
    kept: list[Line] = []
    for line, kind in lines:
        if not line or not any(map(str.isalnum, line)):
            continue
        what = line_kind(line)
        if what == "caption":
            kind = "caption"
        elif what:
            continue
        if kept and kept[-1][0] == line:  # a caption and its picture's text, say
            continue
        kept.append((line, kind))
    return kept


def _without_title(lines: list[Line], title: str) -> list[Line]:
    """``lines`` without the title, which many pages repeat over the article."""
    return [(line, kind) for i, (line, kind) in enumerate(lines) if not (i < 4 and line == title)]


def _dateline(lines: list[Line]) -> str | None:
    """A line over the article that is nothing but its date."""
    for line, _ in lines[:3]:
        if len(line) < 60:
            for found in find_dates(line):
                if found.precision in ("day", "minute") and len(found.text) > 0.8 * len(line):
                    return line
    return None


def _mark_captions(tree: Any) -> None:
    """Each caption becomes a paragraph of its own in the place of its picture."""
    from lxml.html import Element

    for figure in list(tree.iter("figure")):  # a figure may hold a pull quote or a table: text
        if next(figure.iter("blockquote", "table"), None) is not None:
            figure.drop_tag()
    for element in list(tree.iter("figcaption", "p", "div", "span", "td")):
        marked = element.tag == "figcaption" or _CAPTION_CLASS.search(element.get("class") or "")
        if not marked or element.getparent() is None:
            continue
        text = _squeeze(element.text_content())
        if (
            not text
            or len(text) > 400
            or any(True for _ in element.iter("figcaption", "img")) > (element.tag == "figcaption")
        ):
            continue
        place = next(
            (
                a
                for a in element.iterancestors("figure", "div")
                if len(a) < 8 and (a.tag == "figure" or _CAPTION_CLASS.search(a.get("class") or ""))
            ),
            element,
        )
        paragraph = Element("p")
        paragraph.text = _CAPTION + text
        parent = place.getparent()
        if parent is None:
            continue
        paragraph.tail, place.tail = place.tail, None
        parent.replace(place, paragraph)


def _opening(tree: Any, title: str, lines: list[Line]) -> list[Line]:
    """The lead and the captions between the title and the first line that was found."""
    if not lines:
        return []
    first = _key(lines[0][0])
    present = {_key(line) for line, _ in lines}
    opening: list[Line] = []
    begun = False
    for element in tree.iter("h1", "p", "div", "h2"):
        if element.tag == "h1" or not begun:
            begun = begun or (element.tag == "h1" and metadata.heading_text(element) == title)
            continue
        if len(element) > 6 or any(True for _ in element.iterdescendants("p", "div", "br", "li")):
            continue
        text = _squeeze(element.text_content())
        key = _key(text.removeprefix(_CAPTION))
        if key == first:
            return [o for o in opening if _key(o[0]) not in present]
        if text.startswith(_CAPTION):
            opening.append((text[len(_CAPTION) :], "caption"))
        elif len(text) >= 60 and _LEAD_CLASS.search(element.get("class") or ""):
            opening.append((text, "text"))
        if len(opening) > 4:
            break
    return []


def _key(text: str) -> str:
    return "".join(text.split())[:60]


def _plain(tree: Any) -> Iterator[Line]:
    """Every line of the page outside its margins that is not mostly links: for pages too large or
    too odd. Linear."""
    from lxml import etree

    for element in list(tree.iter("aside", "nav", "footer", "head")):
        boxes.drop(element)
    pieces: list[str] = []
    linked = links = 0
    heading = False
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if element.tag in _BLOCKS:
            if 2 * linked <= sum(map(len, pieces)):
                yield _line(pieces, heading)
            pieces, linked = [], 0
            heading = event == "start" and element.tag in ("h2", "h3", "h4")
        if element.tag == "a":
            links += 1 if event == "start" else -1
        said = (element.text if event == "start" else element.tail) or ""
        pieces.append(said)
        linked += len(said) if links else 0
    yield _line(pieces, False)


_UNSEEN = re.compile(r"<!--|<(script|style|head|nav|footer|aside)\b", re.IGNORECASE)
_BLOCK = re.compile(
    r"</?(?:p|div|br|h[1-6]|li|ul|ol|td|tr|table|blockquote|section|article)\b[^>]*>", re.I
)
_ANY_TAG = re.compile(r"</?[A-Za-z!][^>]*>")


def _stripped(source: str) -> Iterator[Line]:
    """The text between a page's tags: for pages nested too deep to be parsed."""
    text = _ANY_TAG.sub("", _BLOCK.sub("\n", _seen(source)))
    for piece in unescape(text).split("\n"):
        yield _line([piece], False)


def _seen(source: str) -> str:
    """``source`` without comments, scripts and margins; one that never closes is left. Linear."""
    pieces: list[str] = []
    unclosed: set[str] = set()
    start = 0
    for found in _UNSEEN.finditer(source):
        kind = (found[1] or "").lower()
        if found.start() < start or kind in unclosed:
            continue
        end = re.compile(f"</{kind}\\s*>" if kind else "-->", re.IGNORECASE).search(
            source, found.end()
        )
        if end is None:
            unclosed.add(kind)
            continue
        pieces.append(source[start : found.start()])
        start = end.end()
    return "\n".join([*pieces, source[start:]])


def _squeeze(text: str) -> str:
    return _SPACE.sub(" ", text).strip(" \xa0")
