"""ANERcorp as running text: news of other outlets and years than the unlabelled text's, to be marked (marks.py).

The corpus gives words and marks apart, a sentence after another, without saying where an article ends; whoever marks
says that. An article's id is ``aner-FIRST-LAST``, the numbers of its sentences.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ner import sentences

FILES = ("ANERcorp_train_corrected", "ANERcorp_test_corrected.txt")
ID = re.compile(r"aner-(\d+)-(\d+)")
#: Sentences of a paragraph, by turns.
PARAGRAPHS = (1, 2, 1, 3)


def together(words: list[str], opened: bool = False) -> str:
    """Words and marks as they are written: none stands apart but dashes. ``opened``: within a quotation already."""
    out = ""
    for word in words:
        within = not out or out[-1] in "([«“/" or (out[-1] == '"' and opened)
        if word == '"':
            out += '"' if opened or within else ' "'
            opened = not opened
        elif word == "/" or re.fullmatch(r"[.,،؛;:؟?!)\]»”]+", word):
            out += word
        else:
            out += word if within else f" {word}"
    return out


@cache
def lines(shared: Path) -> list[str]:
    """The corpus's sentences, in its order."""
    folder = shared / "ner/ANERcorp_CSabty"
    out: list[str] = []
    opened = False
    for name in FILES:
        for sentence in sentences(folder / name):
            words = [w for w, _ in sentence]
            odd = words.count('"') % 2 == 1
            out.append(together(words, opened and odd))
            opened = odd and not opened
    return out


def article(shared: Path, name: str) -> dict[str, str]:
    """The article of an id."""
    found = ID.fullmatch(name)
    assert found, name
    first, last = int(found[1]), int(found[2])
    text, quotes, room, turn = "", 0, PARAGRAPHS[0], 0
    for line in lines(shared)[first : last + 1]:
        if text:
            # a quotation of several sentences stays in one paragraph
            text += " " if room > 0 or quotes % 2 else "\n"
        if room <= 0 and not quotes % 2:
            turn += 1
            room = PARAGRAPHS[turn % len(PARAGRAPHS)]
        text += line
        quotes += line.count('"')
        room -= 1
    return {"id": name, "title": "", "text": text}
