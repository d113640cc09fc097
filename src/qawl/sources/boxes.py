"""The parts of a page that are not its article, taken out of the tree before extraction.

By class and id (data/boxes.tsv) and by what a line says (reader/data/chrome.tsv). A box that holds
much running text is kept, whatever its name: losing the article is worse than leaking a button.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import Any

from qawl.reader.paragraphs import LineKind, line_kind

#: A named box with more running text than this (characters in <p>) is taken for the article.
_MUCH_TEXT = 700
_NEVER = frozenset(("html", "body", "article", "main", "head", "p", "h1"))
_NO_TEXT = (
    "script", "style", "noscript", "template", "iframe", "svg", "form", "button", "select", "input",
    "textarea", "canvas", "object", "embed", "audio", "video", "nav",
)  # fmt: skip
_LINES = frozenset(
    ("p", "div", "span", "li", "h2", "h3", "h4", "h5", "h6", "strong", "b", "a", "td", "section",
     "em", "dt", "dd", "label", "blockquote", "font")
)  # fmt: skip
_LISTS = frozenset(("ul", "ol", "td", "p", "div"))
_LONGEST_LINE = 600
#: What is remembered: the lines and class names of a page stand in it several times (a link in an item in a
#: list), and in other pages of its outlet. None is long, so that this takes 4 MB at most.
_REMEMBERED, _LONGEST_REMEMBERED = 4096, 160


@lru_cache(maxsize=1)
def _named() -> re.Pattern[str]:
    text = resources.files("qawl.sources").joinpath("data", "boxes.tsv").read_text("utf-8")
    rows = [r.split("\t") for r in text.splitlines() if r and not r.startswith("#")]
    rows = [r for r in rows if r[0] in ("part", "word")]
    parts = "|".join(re.escape(what) for how, what, _ in rows if how == "part")
    words = "|".join(re.escape(what) for how, what, _ in rows if how == "word")
    return re.compile(f"(?:{parts})|(?<![^\\s_-])(?:{words})(?![^\\s_-])")


def drop_boxes(tree: Any) -> None:
    """Takes chrome out of an lxml.html tree, in place. One pass; linear."""
    for element in list(tree.iter(*_NO_TEXT)):
        drop(element)
    doomed = []
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in _NEVER:
            continue
        attributes = element.attrib
        if "class" in attributes or "id" in attributes:
            mark = f"{attributes.get('class', '')} {attributes.get('id', '')}".lower()
            if _is_box(mark) and not _holds_text(element):
                doomed.append(element)
                continue
        if attributes.get("hidden") is not None or attributes.get("aria-hidden") == "true":
            if not _holds_text(element):
                doomed.append(element)
            continue
        if element.tag in _LISTS and _is_links(element):
            doomed.append(element)
        elif element.tag in _LINES and len(element) < 12:
            kind = _kind(_short_text(element))
            if kind == "chrome":
                doomed.append(element)
            elif kind == "related":
                doomed += [element, *_links_after(element)]
    for element in doomed:
        drop(element)


def _is_box(mark: str) -> bool:
    return (_box if len(mark) <= _LONGEST_REMEMBERED else _box.__wrapped__)(mark)


@lru_cache(maxsize=_REMEMBERED)
def _box(mark: str) -> bool:
    """Whether an element's class and id name a box that is no article."""
    return _named().search(mark) is not None


def _kind(line: str) -> LineKind | None:
    return (_kind_of if len(line) <= _LONGEST_REMEMBERED else line_kind)(line)


_kind_of = lru_cache(maxsize=_REMEMBERED)(line_kind)


def _is_links(element: Any) -> bool:
    """Whether an element is a list of links: three or more of them and little else."""
    if len(element) < 3:
        return False
    links = sum(
        1 for child in element if child.tag == "a" or (child.tag == "li" and _linked(child) > 0.8)
    )
    return links > 2 and _linked(element) > 0.8


def _linked(element: Any) -> float:
    """The share of an element's text that is links."""
    said = len(_squeeze(element.text_content()))
    return sum(len(_squeeze(a.text_content())) for a in element.iter("a")) / said if said else 0.0


def drop(element: Any) -> None:
    """Takes an element out of its tree and leaves the text behind it, as lxml's ``drop_tree`` does; of
    white space behind many dropped neighbours only the first is kept, since it would be gathered in
    one string, in time that grows with the square of their number."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        there = (parent.text if before is None else before.tail) or ""
        if not (element.tail.isspace() and there[-1:].isspace()):
            if before is None:
                parent.text = there + element.tail
            else:
                before.tail = there + element.tail
    parent.remove(element)


def _holds_text(element: Any) -> bool:
    """Whether the paragraphs of an element hold much running text."""
    total = 0
    for paragraph in element.iter("p"):
        total += sum(map(len, paragraph.itertext()))
        if total > _MUCH_TEXT:
            return True
    return False


def _short_text(element: Any) -> str:
    """The element's text; empty where it is longer than any chrome line."""
    if not len(element):
        text = element.text or ""
        return " ".join(text.split()) if len(text) <= _LONGEST_LINE * 2 else ""
    pieces, total = [], 0
    for piece in element.itertext():
        pieces.append(piece)
        total += len(piece)
        if total > _LONGEST_LINE * 2:
            return ""
    return " ".join("".join(pieces).split())


def _links_after(element: Any) -> list[Any]:
    """What follows a heading of related articles and is nothing but links."""
    parent = element.getparent()
    while parent is not None and len(parent) == 1:  # <p><strong>اقرأ أيضا</strong></p>
        element, parent = parent, parent.getparent()
    if parent is None:
        return []
    found: list[Any] = []
    following = element.getnext()
    while following is not None and isinstance(following.tag, str) and len(found) < 10:
        if _squeeze(following.text_content()):
            if _linked(following) < 0.8:
                break
            found.append(following)
        following = following.getnext()
    return found


def _squeeze(text: str) -> str:
    return " ".join(text.split())
