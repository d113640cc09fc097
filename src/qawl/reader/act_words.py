"""The words of a statement as the linear model of acts sees them (``acts``)."""

from __future__ import annotations

from functools import cache

from qawl.arabic.letters import fold
from qawl.arabic.lexicon import CUES, rows
from qawl.reader.columns import Columns, strip_proclitic
from qawl.reader.detail_words import detail_words

#: Words of a content that are looked at for its act: the first of them.
MOST = 60


@cache
def signs() -> dict[str, list[str]]:
    """The classes of the words of signs.tsv, folded."""
    found: dict[str, list[str]] = {}
    for row in rows(CUES / "signs.tsv"):
        for before in ("", "و", "ف"):
            found.setdefault(before + fold(row["word"]), []).append(row["class"])
    return found


def words_of(c: Columns, cue: int, cue_last: int, start: int, end: int) -> set[str]:
    """What the linear model sees of a statement (token indices, inclusive): the cue's word and its
    classes, the words beside it, the content's words with and without their proclitics, and the signs of
    negation, future, duty and question in it."""
    folded = c.folded
    word = folded[cue]
    stem = strip_proclitic(word)[0]
    classes = c.lexicon[cue]
    out = {f"c={word}", f"l={stem}", f"k={classes[0]}", f"f={classes[1]}", f"a={classes[2]}"}
    for k in range(cue_last + 1, min(cue_last + 3, len(folded))):
        out.add(f"n={stem}|{folded[k]}")
    if start:
        out.add(f"p={folded[start - 1]}")
    for k in range(start, min(end + 1, start + MOST)):
        w = folded[k]
        out.add(f"w={w}")
        out.add(f"s={strip_proclitic(w)[0]}")
        if k < start + 3:
            out.add(f"{k - start}={w}")
        out.update(_signs(folded, k, start))
    out.add(f"b={stem}|{folded[start]}")
    out.add(f"z={min((end - start) // 5, 8)}")
    return {f for f in out if "\n" not in f}  # the model file keeps them a line each


def _signs(folded: list[str], k: int, start: int) -> list[str]:
    """What token ``k`` of a content that begins at ``start`` tells of its act."""
    word = folded[k]
    out = [f"+{cls}" for cls in signs().get(word, ())]
    if "+negative" in out:
        if k + 1 < len(folded):
            out.append(f"-={strip_proclitic(folded[k + 1])[0]}")
        if k == start:
            out.append("-first")
    if word in ("?", "؟", "!"):
        out.append(f"+{word}")
    verb = word[1:] if word[:2] in ("وس", "فس") else word
    future = len(verb) > 4 and verb[0] == "س" and verb[1] in "يتنا"
    if future and not detail_words().has("no-future", verb):
        out.append("+will" if verb[1] in "يت" else "+we will")
    if word[:1] == "ن" and len(word) > 3 and k < start + 4:
        out.append("+we")
    return out
