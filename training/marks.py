"""Marks made on unlabelled articles: more gold, kept as offsets without a word of the texts.

    python training/marks.py view ROWS.jsonl VIEW.txt          # articles with their words numbered
    python training/marks.py check ROWS.jsonl MARKS.txt        # what is wrong with the marks, if anything
    python training/marks.py keep ROWS.jsonl MARKS.txt --out training/marks.jsonl

After "# ID" of its article a line of MARKS.txt is a statement: content, cue, speaker, who, form, act —
word numbers (21-35; the parts of a content joined by +), ":" a colon as cue, "-" none, "=" the speaker's
words; forms d, m, i. The marks at a content's edge and a clitic before a cue or a name are left off by
the rules of the reader.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path

import press
from corpus import records
from gold import as_article, load
from qawl.arabic.letters import first_letter, fold_word
from qawl.arabic.tokens import Token, tokens
from qawl.model import ACTS
from qawl.reader.finish import clitic, conjoined, inner_spans
from qawl.reader.network import Network

FORMS = {"d": "direct", "m": "mixed", "i": "indirect"}
_PAIRS = {"»": "«", "”": "“", "’": "‘", ")": "(", "]": "["}
_QUOTES = '«»“”‘’"()[]'
_EDGE = " .،,؛;:-–—…\u200f\u200e\n\t"


class Wrong(ValueError):
    """A line of marks that cannot be taken, with what is wrong in it."""


def words_of(text: str) -> list[Token]:
    return [t for t in tokens(text) if fold_word(t.text)[:1].isalnum()]


def view(text: str) -> str:
    """The text with the number of every word before it."""
    out, at = [], 0
    for k, w in enumerate(words_of(text)):
        out += [text[at : w.start], f"[{k}]", w.text]
        at = w.end
    return "".join(out) + text[at:]


def blocks(marks: str) -> Iterator[tuple[str, list[str]]]:
    for block in re.split(r"^#\s*", marks, flags=re.M)[1:]:
        first, *lines = block.splitlines()
        yield first.split()[0], [x.strip() for x in lines if x.strip()]


def _numbers(spec: str, words: list[Token]) -> tuple[int, int]:
    found = re.fullmatch(r"(\d+)(?:-(\d+))?", spec)
    if not found:
        raise Wrong(f"{spec!r} is no word number and no range of them")
    a, b = int(found[1]), int(found[2] or found[1])
    if not a <= b < len(words):
        raise Wrong(f"{spec}: the article's words go from 0 to {len(words) - 1}")
    return a, b


def _edges(text: str, start: int, end: int) -> list[int]:
    """The bounds with an inner mark kept where its pair is inside too (قال إنه "..." ends in a quote)."""
    after = end
    while after < len(text) and text[after] in _QUOTES + ".،,؛!؟?":
        after += 1
        mark = text[after - 1]
        inside = text[start : after - 1]
        odd = mark == '"' and inside.count('"') % 2
        opened = mark in _PAIRS and inside.count(_PAIRS[mark]) > inside.count(mark)
        if mark in "!؟?" or odd or opened:
            end = after
    before = start
    while before > 0 and text[before - 1] in _QUOTES:
        mark = text[before - 1]
        close = next((c for c, o in _PAIRS.items() if o == mark), mark)
        inside = text[start:end]
        if (mark == '"' and inside.count('"') % 2) or (
            mark != '"' and mark not in _PAIRS and inside.count(close) > inside.count(mark)
        ):
            start = before - 1
        before -= 1
    return [start, end]


def statement(line: str, text: str, words: list[Token], network: Network) -> dict:
    fields = line.split()
    if len(fields) != 6:
        raise Wrong(f"six fields are needed, {len(fields)} stand there")
    content, cue, speaker, who, form, act = fields
    if form not in FORMS or act not in ACTS:
        raise Wrong(f"form is one of d m i, act one of {' '.join(ACTS)}")
    parts = [_numbers(p, words) for p in content.split("+")]
    if any(b >= c for (_, b), (c, _) in pairwise(parts)):
        raise Wrong("the parts of a content stand in order and apart")

    def name(spec: str) -> list[int]:
        a, b = _numbers(spec, words)
        start = words[a].start
        if clitic(fold_word(words[a].text), network):
            start += first_letter(words[a].text)
        closes = text[words[b].end : words[b].end + 1]
        opened = text[start : words[b].end].count(_PAIRS.get(closes, closes)) if closes else 0
        return [start, words[b].end + (closes in '"»”)' and opened % 2 == 1)]

    out: dict = {
        "content": [_edges(text, words[a].start, words[b].end) for a, b in parts],
        "cue": None,
        "speaker": None if speaker == "-" else name(speaker),
    }
    if cue == ":":
        before = text.rfind(":", 0, words[parts[0][0]].start)
        if before < 0 or words[parts[0][0]].start - before > 6:
            raise Wrong("no colon stands before the content")
        out["cue"] = [before, before + 1]
    elif cue != "-":
        a, b = _numbers(cue, words)
        start = words[a].start
        if conjoined(fold_word(words[a].text), network):
            start += first_letter(words[a].text)
        out["cue"] = [start, words[b].end]
        for c, d in parts:
            if c <= a <= d:
                raise Wrong(f"the cue {cue} stands inside the content {content}")
    if who == "=" and speaker == "-":
        raise Wrong('who is "=" but no speaker is given')
    out["who"] = out["speaker"] if who == "=" else name(who)
    out["form"], out["act"] = FORMS[form], act
    return out


def check_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def taken(rows: dict[str, dict], marks: str, network: Network) -> tuple[list[dict], list[str]]:
    """(articles with their marks as offsets, what is wrong)."""
    out, wrong = [], []
    for name, lines in blocks(marks):
        if name not in rows:
            wrong.append(f"{name}: no such article")
            continue
        text = as_article(rows[name]).text
        words = words_of(text)
        made = []
        for n, line in enumerate(lines, 1):
            try:
                made.append(statement(line, text, words, network))
            except Wrong as why:
                wrong.append(f"{name} line {n} ({line}): {why}")
        spans = [(s["content"][0][0], s["content"][-1][1]) for s in made]
        inner = inner_spans(spans)
        for s, span in zip(made, spans, strict=True):
            s["nested"] = span in inner
        made.sort(key=lambda s: s["content"][0][0])
        out.append({"id": name, "check": check_of(text), "statements": made})
    return out, wrong


def packed(marks: dict) -> str:
    """The marks of an article as a line: content, cue, speaker, who as places, form and act."""
    rows = [
        [s["content"], s["cue"], s["speaker"], s["who"], s["form"][0], s["act"]]
        for s in marks["statements"]
    ]
    return json.dumps([marks["id"], marks["check"], rows], separators=(",", ":"))


def unpacked(line: str) -> dict:
    """The marks of a line that ``packed`` made."""
    name, check, rows = json.loads(line)
    inner = inner_spans([(r[0][0][0], r[0][-1][1]) for r in rows])
    keys = ("content", "cue", "speaker", "who")
    statements = [
        dict(zip(keys, r[:4], strict=True))
        | {"form": FORMS[r[4]], "act": r[5], "nested": (r[0][0][0], r[0][-1][1]) in inner}
        for r in rows
    ]
    return {"id": name, "check": check, "statements": statements}


def filled(row: dict, marks: dict) -> dict:
    """The article with its marks in the form of the gold files."""
    text = as_article(row).text
    if check_of(text) != marks["check"]:
        raise SystemExit(f"{marks['id']}: the marks were made on another text")

    def span(bounds: list[int] | None) -> dict | None:
        return bounds and {
            "start": bounds[0],
            "end": bounds[1],
            "text": text[bounds[0] : bounds[1]],
        }

    statements = [
        s
        | {
            "content": [span(p) for p in s["content"]],
            "cue": span(s["cue"]),
            "speaker": span(s["speaker"]),
            "who": text[s["who"][0] : s["who"][1]],
        }
        for s in marks["statements"]
    ]
    keys = ("id", "title", "text", "source")
    return {k: row.get(k) or "" for k in keys} | {"statements": statements}


def marked(shared: Path, path: Path, first: int = 0, last: int | None = None) -> list[dict]:
    """The marked articles from ``first`` to before ``last``, in the form of the gold files."""
    with open(path, encoding="utf-8") as lines:
        marks = {m["id"]: m for m in map(unpacked, islice(lines, first, last))}
    rows = {r["id"]: r for r in records(shared) if r["id"] in marks}
    rows |= {name: press.article(shared, name) for name in marks if press.ID.fullmatch(name)}
    missing = marks.keys() - rows.keys()
    if missing:
        raise SystemExit(f"{shared} lacks {len(missing)} articles that were marked")
    return [filled(rows[name], m) for name, m in marks.items()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("view", "check", "keep"))
    parser.add_argument("rows", type=Path)
    parser.add_argument("marks", type=Path)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    rows = {str(r["id"]): r for r in load(args.rows)}
    if args.what == "view":
        args.marks.write_text(
            "\n\n".join(f"# {name}\n{view(as_article(r).text)}" for name, r in rows.items()),
            encoding="utf-8",
        )
        return
    got, wrong = taken(rows, args.marks.read_text(encoding="utf-8"), Network.load())
    lacking = rows.keys() - {m["id"] for m in got}
    if wrong or lacking:
        lost = [f'{name}: no marks ("# {name}" alone says it has none)' for name in lacking]
        raise SystemExit("\n".join(wrong + lost))
    if args.what == "keep":
        with open(args.out, "a", encoding="utf-8") as out:
            out.writelines(packed(m) + "\n" for m in got)
    print(f"{len(got)} articles, {sum(len(m['statements']) for m in got)} statements")


if __name__ == "__main__":
    main()
