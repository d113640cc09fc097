"""Compiles the hand-marked articles (``*/*.txt``, markup in README.md) into ``qawl_gold.jsonl``.

usage: compile.py              write qawl_gold.jsonl beside this file
       compile.py --check      say whether qawl_gold.jsonl is what the articles compile to
       compile.py --show ID... print articles with their statements, to review the marks
       compile.py --folder DIR --out FILE.jsonl   the same of the articles of another folder
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qawl.model import ACTS, FORMS

HERE = Path(__file__).resolve().parent
OUTPUT = HERE / "qawl_gold.jsonl"
RULE = "=== statements"
HEADER = ("id", "source", "date", "title")
REQUIRED = ("content", "who", "form", "act")
OPTIONAL = ("cue", "speaker", "nested")
#: Letters that Arabic writes glued to the next word; a phrase may begin after them.
GLUED = "وفبلك"
_FIELD = re.compile(r"(\w+):[ \t]*(.*)")
_INDEX = re.compile(r"(.*\S)\s+@(\d+)")

Place = tuple[int, int]
Row = dict[str, Any]


class MarkupError(Exception):
    """A mark that does not fit its article; the message says where and what to write instead."""


@dataclass
class Block:
    """The fields of one statement as written, and the line of the file they begin at (from 1)."""

    line: int
    fields: dict[str, str] = field(default_factory=dict)


@dataclass
class Draft:
    """An article as written: header, body and blocks."""

    path: Path
    header: dict[str, str]
    body: str
    blocks: list[Block]

    @property
    def text(self) -> str:
        """What the offsets count in: title + newline + body, or the body where no title is."""
        return f"{self.header['title']}\n{self.body}" if self.header["title"] else self.body


def parse(path: Path) -> Draft:
    """Reads one article file. Raises MarkupError."""
    lines = path.read_text(encoding="utf-8").rstrip().split("\n")
    header: dict[str, str] = {}
    at = 0
    while at < len(lines) and lines[at].strip():
        match = _FIELD.fullmatch(lines[at])
        if not match or match[1] not in HEADER:
            raise MarkupError(f"line {at + 1}: the header holds only {', '.join(HEADER)}")
        header[match[1]] = match[2].rstrip()
        at += 1
    for name in HEADER:
        if not header.get(name) and name != "title":
            raise MarkupError(f"the header lacks {name!r}")
    header.setdefault("title", "")
    if RULE not in lines:
        raise MarkupError(f"no line {RULE!r} between the text and its statements")
    end = lines.index(RULE)
    body = "\n".join(lines[at + 1 : end]).strip("\n")
    return Draft(path, header, body, list(parse_blocks(lines, end + 1)))


def parse_blocks(lines: list[str], start: int) -> Iterator[Block]:
    """The statement blocks from line ``start`` (from 0) on: parted by empty lines, # comments."""
    block: Block | None = None
    for number, line in enumerate([*lines[start:], ""], start + 1):
        if line.startswith("#"):
            continue
        if not line.strip():
            if block:
                yield block
            block = None
            continue
        match = _FIELD.fullmatch(line.rstrip())
        if not match or match[1] not in REQUIRED + OPTIONAL:
            raise MarkupError(f"line {number}: a statement holds {', '.join(REQUIRED + OPTIONAL)}")
        block = block or Block(number)
        if match[1] in block.fields:
            raise MarkupError(
                f"line {number}: {match[1]!r} twice; an empty line parts two statements"
            )
        block.fields[match[1]] = match[2]


def occurrences(text: str, phrase: str) -> list[Place]:
    """Where ``phrase`` stands in ``text``: as whole words (after glued letters at most) if it does
    anywhere, else as any substring (the cue "وفقا ل" in "وفقا لوزارة")."""
    every = [(m.start(), m.start() + len(phrase)) for m in re.finditer(re.escape(phrase), text)]

    def whole(place: Place) -> bool:
        start, end = place
        while start and phrase[0].isalpha() and text[start - 1] in GLUED:
            start -= 1
        before = start and phrase[0].isalpha() and text[start - 1].isalpha()
        after = end < len(text) and phrase[-1].isalpha() and text[end].isalpha()
        return not before and not after

    return [p for p in every if whole(p)] or every


def chosen(text: str, phrase: str) -> tuple[list[Place], bool]:
    """The places that ``phrase`` (with or without ``@n``) may mean, and whether ``@n`` chose one."""
    match = _INDEX.fullmatch(phrase)
    index = int(match[2]) if match else 0
    words = match[1] if match else phrase
    places = occurrences(text, words)
    if not places:
        raise MarkupError(f"the article has no «{words}»")
    if index > len(places):
        raise MarkupError(f"the article has «{words}» {len(places)} times; there is no @{index}")
    return ([places[index - 1]], True) if index else (places, False)


def locate_content(text: str, part: str) -> Place:
    """One part of a content: its words, or its first and last words with ``[..]`` between."""
    first, dots, last = (p.strip() for p in part.partition("[..]"))
    places, _ = chosen(text, first)
    if len(places) > 1:
        raise MarkupError(
            f"«{first}» stands {len(places)} times: write more words, or @1..@{len(places)} after it"
        )
    start, end = places[0]
    if dots:
        if not last:
            raise MarkupError(f"no last words after [..] in «{part}»")
        after, _ = chosen(text[end:], last)
        end += after[0][1]
    return start, end


def locate_near(text: str, phrase: str, content: list[Place], name: str) -> Place:
    """A cue or speaker: the occurrence nearest to the content, outside of it, in its paragraphs or
    the ones beside them. Raises MarkupError where it is not clear which is meant."""
    places, fixed = chosen(text, phrase)
    if fixed:
        return places[0]

    def distance(place: Place) -> int:
        return min(max(s - place[1], place[0] - e) for s, e in content)

    outside = [p for p in places if distance(p) >= 0]
    if not outside:
        raise MarkupError(f"{name} «{phrase}» stands only inside the content")
    outside.sort(key=distance)
    best = outside[0]
    if len(outside) > 1 and distance(outside[1]) == distance(best):
        raise MarkupError(f"{name} «{phrase}» stands as near before as after: add @n")
    gap = text[min(best[0], content[0][0]) : max(best[1], content[-1][1])]
    for start, end in content:
        gap = gap.replace(text[start:end], "")
    if gap.count("\n") > 1:
        raise MarkupError(f"{name} «{phrase}» stands only paragraphs away: add @n if it is meant")
    return best


def span(text: str, place: Place) -> Row:
    return {"start": place[0], "end": place[1], "text": text[place[0] : place[1]]}


def statement(text: str, fields: dict[str, str]) -> Row:
    """One statement in the form of the gold files. Raises MarkupError."""
    for name in REQUIRED:
        if not fields.get(name):
            raise MarkupError(f"lacks {name!r}")
    if fields["form"] not in FORMS:
        raise MarkupError(f"form {fields['form']!r} is none of {', '.join(FORMS)}")
    if fields["act"] not in ACTS:
        raise MarkupError(f"act {fields['act']!r} is none of {', '.join(ACTS)}")
    if fields.get("nested", "yes") != "yes":
        raise MarkupError("nested is 'yes' or left out")
    if fields["who"] not in text:
        raise MarkupError(f"who «{fields['who']}» does not stand in the article")
    content = [locate_content(text, part.strip()) for part in fields["content"].split(" | ")]
    if any(b[0] < a[1] for a, b in itertools.pairwise(content)):
        raise MarkupError("the parts of the content overlap or are not in order")
    for start, end in content:
        if text[start:end] != text[start:end].strip():
            raise MarkupError("a part of the content begins or ends with white space")
        if text[end - 1] in ".،":
            raise MarkupError(f"the content ends with «{text[end - 1]}»: leave it out")
    places = {
        name: locate_near(text, fields[name], content, name) if fields.get(name) else None
        for name in ("cue", "speaker")
    }
    cue, speaker = places["cue"], places["speaker"]
    if cue and speaker and cue[0] < speaker[1] and speaker[0] < cue[1]:
        raise MarkupError("cue and speaker overlap")
    return {
        "content": [span(text, place) for place in content],
        "cue": span(text, cue) if cue else None,
        "speaker": span(text, speaker) if speaker else None,
        "who": fields["who"],
        "form": fields["form"],
        "act": fields["act"],
        "nested": fields.get("nested") == "yes",
    }


def inside(inner: Row, outer: Row) -> bool:
    """Whether each part of one content lies in a part of the other."""
    return all(
        any(o["start"] <= i["start"] and i["end"] <= o["end"] for o in outer["content"])
        for i in inner["content"]
    )


def compile_article(draft: Draft) -> Row:
    """An article in the form of the gold files. Raises MarkupError."""
    rows: list[tuple[int, Row]] = []
    for block in draft.blocks:
        try:
            rows.append((block.line, statement(draft.text, block.fields)))
        except MarkupError as error:
            raise MarkupError(f"statement at line {block.line}: {error}") from None
    for line, row in rows:
        others = [other for _, other in rows if other is not row and inside(row, other)]
        same = [other for other in others if inside(other, row)]
        # A relay and what it relays may share their words (أفادت وكالة نقلاً عن مصدر بأن ...):
        # there the relayed one is nested and the relay is not.
        outer = len(others) > len(same)
        if row["nested"] and (not others or (not outer and all(o["nested"] for o in same))):
            raise MarkupError(f"statement at line {line}: the content is inside no other content")
        if not row["nested"] and (outer or any(not o["nested"] for o in same)):
            raise MarkupError(f"statement at line {line}: inside another: add 'nested: yes'")
    ordered = sorted(
        (row for _, row in rows),
        key=lambda r: (r["content"][0]["start"], -r["content"][-1]["end"], r["nested"]),
    )
    header = draft.header
    return {
        "id": header["id"],
        "title": header["title"],
        "text": draft.body,
        "source": header["source"],
        "date": header["date"],
        "statements": ordered,
    }


def compile_folders(here: Path) -> tuple[list[Row], list[str]]:
    """The articles of every sub-folder, in the order of their paths, and what is wrong in others."""
    articles: list[Row] = []
    wrong: list[str] = []
    seen: dict[str, Path] = {}
    for path in sorted(here.glob("*/*.txt")):
        name = path.relative_to(here)
        try:
            article = compile_article(parse(path))
            if article["id"] in seen:
                raise MarkupError(f"id {article['id']!r} is taken by {seen[article['id']]}")
        except (MarkupError, UnicodeDecodeError) as error:
            wrong.append(f"{name}: {error}")
            continue
        seen[article["id"]] = name
        articles.append(article)
    return articles, wrong


def show(article: Row) -> str:
    """An article and its marks for a reviewer."""
    lines = [f"## {article['id']}  {article['source']}  {article['date']}", article["title"]]
    lines += [article["text"], ""]
    for number, s in enumerate(article["statements"], 1):
        cue = (s["cue"] or {}).get("text", "-")
        speaker = (s["speaker"] or {}).get("text", "-")
        nested = " nested" if s["nested"] else ""
        lines.append(f"{number}. [{s['form']} {s['act']}{nested}] {cue} | {speaker} | {s['who']}")
        lines += [f"   {part['start']}-{part['end']} «{part['text']}»" for part in s["content"]]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Compiles, checks or shows; exit status 1 where an article is wrong or the file is old."""
    parser = argparse.ArgumentParser(description="Compile the hand-marked gold articles.")
    parser.add_argument("--check", action="store_true", help="write nothing, compare only")
    parser.add_argument("--show", nargs="+", metavar="ID", help="print these articles, marked")
    parser.add_argument("--folder", type=Path, default=HERE, help="of the articles' folders")
    parser.add_argument("--out", type=Path, help="what is written or checked")
    options = parser.parse_args()
    if options.folder != HERE and not (options.out or options.show):
        parser.error("--folder needs --out: the file that is to hold its articles")
    output = options.out or OUTPUT
    articles, wrong = compile_folders(options.folder)
    if not articles and not wrong:
        wrong = [f"{options.folder}: no articles; they are looked for as */*.txt"]
    for message in wrong:
        print(message, file=sys.stderr)
    if options.show:
        print("\n".join(show(a) for a in articles if a["id"] in options.show))
        return bool(wrong)
    if wrong:
        print(f"{len(wrong)} article(s) wrong; {output.name} was not written", file=sys.stderr)
        return 1
    compiled = "".join(json.dumps(a, ensure_ascii=False) + "\n" for a in articles)
    if options.check:
        if not output.exists() or output.read_text(encoding="utf-8") != compiled:
            print(f"{output.name} is old: run tests/gold/compile.py", file=sys.stderr)
            return 1
        return 0
    output.write_text(compiled, encoding="utf-8")
    total = sum(len(a["statements"]) for a in articles)
    print(f"{output.name}: {len(articles)} articles, {total} statements")
    return 0


if __name__ == "__main__":
    sys.exit(main())
