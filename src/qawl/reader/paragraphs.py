"""Stage 0 of reading: what each line of an article is — text, heading, caption or page chrome.

Plain text and JSONL come as bare lines; this marks them. It never changes or deletes text: chrome
is passed over by the later stages, and kept. The rules are data (data/chrome.tsv), shared with the
HTML source, which leaves chrome lines out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import Literal

from qawl.arabic.letters import fold
from qawl.model import Article, Paragraph, ParagraphKind

LineKind = Literal["chrome", "related", "caption"]

#: Longer lines are never chrome (the longest limit in the data).
_LONGEST = 600
#: What may stand round a chrome line: bullets, arrows, dashes, brackets, colons, ellipses, emoji.
_EDGE = re.compile(r"^[\W_]+|[\W_]+$")
_LEAD = re.compile(r"[^\w©]*")

#: A subhead in plain text: short, no final mark, between a finished paragraph and a long one.
_HEADING_LENGTH, _HEADING_WORDS = 100, 16
_FINAL = ".!؟?…»”\"'"
_NO_HEADING_END = ".!؟?…:،؛,;-–—=*"
_LONG = 100


@dataclass(frozen=True, slots=True)
class _Rules:
    lines: dict[str, LineKind]
    #: By first word: (the folded phrase, longest line, kind), longest phrase first.
    prefixes: dict[str, tuple[tuple[str, int, LineKind], ...]]
    pattern: re.Pattern[str]


def rows() -> Iterator[tuple[str, str, int, str]]:
    """The rules of data/chrome.tsv: kind, text, longest line (code points), note."""
    text = resources.files("qawl.reader").joinpath("data", "chrome.tsv").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            kind, rule, longest, note = line.split("\t")
            yield kind, rule, _LONGEST if longest == "-" else int(longest), note


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    lines: dict[str, LineKind] = {}
    prefixes: dict[str, list[tuple[str, int, LineKind]]] = {}
    patterns: list[str] = []
    for kind, rule, longest, _ in rows():
        if kind == "pattern":
            patterns.append(rule)
            continue
        key = " ".join(fold(rule).lower().split())
        if kind in ("line", "head"):
            lines[_EDGE.sub("", key)] = "chrome" if kind == "line" else "related"
            continue
        what: LineKind = (
            "related" if kind == "related" else "caption" if kind == "caption" else "chrome"
        )
        prefixes.setdefault(_first(key), []).append((key, longest, what))
    by_length = {
        first: tuple(sorted(entries, key=lambda e: -len(e[0])))
        for first, entries in prefixes.items()
    }
    return _Rules(lines, by_length, re.compile("|".join(f"(?:{p})" for p in patterns)))


_WORD = re.compile(r"©|\w+")


def _first(key: str) -> str:
    found = _WORD.match(key)
    return found[0] if found else key


def line_kind(line: str) -> LineKind | None:
    """What ``line`` is if it is not the article's own text: "chrome"; "related", chrome that heads
    related articles; "caption"; else None. An empty line is None."""
    if len(line) > _LONGEST or not line.strip():
        return None
    rules = _rules()
    length = len(line)
    lead = _LEAD.match(line)
    start = lead.end() if lead else 0
    head = " ".join(fold(line[start : start + 48]).lower().split())
    for phrase, longest, kind in rules.prefixes.get(_first(head), ()):
        if length <= longest and head.startswith(phrase):
            after = head[len(phrase) : len(phrase) + 1]
            if not after.isalnum() or not phrase[-1].isalnum():
                return kind
    if length > 160:
        return None
    whole = " ".join(fold(line).lower().split())
    if kind_of_line := rules.lines.get(_EDGE.sub("", whole)):
        return kind_of_line
    return "chrome" if rules.pattern.fullmatch(whole) else None


def mark(article: Article) -> Article:
    """The same article with its bare lines ("text") marked as chrome, headings or captions where
    they plainly are. Text, offsets and kinds that the source knew (from HTML) stay."""
    text = article.text
    paragraphs = article.paragraphs
    known = any(p.kind not in ("title", "text") for p in paragraphs)
    kinds: list[ParagraphKind] = []
    for p in paragraphs:
        kind = line_kind(text[p.start : p.end]) if p.kind == "text" else None
        kinds.append("chrome" if kind == "related" else kind or p.kind)
    if not known:
        _mark_headings(text, paragraphs, kinds)
    if all(k == p.kind for k, p in zip(kinds, paragraphs, strict=True)):
        return article
    marked = (
        p if k == p.kind else Paragraph(p.start, p.end, k)
        for k, p in zip(kinds, paragraphs, strict=True)
    )
    return replace(article, paragraphs=tuple(marked))


def _mark_headings(
    text: str, paragraphs: tuple[Paragraph, ...], kinds: list[ParagraphKind]
) -> None:
    for i in range(2, len(paragraphs) - 1):
        p = paragraphs[i]
        if kinds[i] != "text" or p.end - p.start > _HEADING_LENGTH or kinds[i + 1] != "text":
            continue
        following = paragraphs[i + 1]
        if following.end - following.start < _LONG:
            continue
        line = text[p.start : p.end].strip()
        before = text[paragraphs[i - 1].start : paragraphs[i - 1].end].rstrip()
        if (
            kinds[i - 1] == "text"
            and before[-1:] in _FINAL
            and len(before) >= _LONG
            and line[-1:] not in _NO_HEADING_END
            and not line[0].isdigit()
            and not (line[0] == "و" and (":" in line or len(line) > 50))  # وقال … is a sentence
            and line[0] not in '-*•–—("«“'
            and len(line.split()) <= _HEADING_WORDS
        ):
            kinds[i] = "heading"
