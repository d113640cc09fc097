"""The words of a source's name: without marks, articles and states, those of one meaning made one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from qawl.arabic.countries import bare, state_at
from qawl.arabic.letters import fold
from qawl.arabic.lexicon import DATA, classes_of, rows

_WORD = re.compile(r"[^\W_]+")


@cache
def heads(cls: str) -> frozenset[str]:
    """The words of a class of name_heads.tsv, folded and bare."""
    return frozenset(
        bare(fold(row["word"])) for row in rows(DATA / "name_heads.tsv") if row["class"] == cls
    )


def words_of(text: str) -> list[str]:
    """The folded words of a name, without brackets and marks."""
    return [word.lower() for word in _WORD.findall(fold(text))]


def bare_words(words: Sequence[str]) -> list[str]:
    """Words of a body's name without articles, joined و before an article, and glued prepositions."""
    out = []
    for word in words:
        if (len(word) > 4 and word[0] in "وفبك" and word[1:3] == "ال") or (
            len(word) > 5 and word[0] in "وب" and word[1:3] == "لل"
        ):
            word = word[1:]
        word = bare(word)
        if len(word) > 4 and word[0] in "لب" and not classes_of(word) and _named_in_lists(word[1:]):
            word = word[1:]
        out.append(word)
    return out


def _named_in_lists(word: str) -> bool:
    return any(cls.startswith(("office:", "body:")) for cls in classes_of(word))


@cache
def _same_words() -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    found: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for row in rows(DATA / "same_words.tsv"):
        words = tuple(bare_words(words_of(row["words"])))
        found.setdefault(words[0], []).append((words, tuple(bare_words(words_of(row["same"])))))
    return {first: sorted(some, key=lambda pair: -len(pair[0])) for first, some in found.items()}


def alike(words: Sequence[str]) -> list[str]:
    """Bare words with those of one meaning made one (رئيس الوزراء, رئيس الحكومة)."""
    out: list[str] = []
    k = 0
    while k < len(words):
        for old, new in _same_words().get(words[k], ()):
            if tuple(words[k : k + len(old)]) == old:
                out += new
                k += len(old)
                break
        else:
            out.append(words[k])
            k += 1
    return out


@cache
def _letters() -> dict[str, str]:
    return {fold(row["name"]): row["letter"] for row in rows(DATA / "letter_names.tsv")}


def acronyms_joined(words: Sequence[str]) -> list[str]:
    """Words with runs of names of Latin letters as one word (تي ام زد → tmz)."""
    out: list[str] = []
    run: list[str] = []
    for word in [*words, ""]:
        letter = _letters().get(word)
        if letter or (len(word) == 1 and "a" <= word <= "z"):
            run.append(word)
            continue
        if len(run) > 2 or (len(run) == 2 and len(words) < 4):
            out.append("".join(_letters().get(one, one) for one in run))
        else:
            out += run
        run = []
        if word:
            out.append(word)
    return out


def without_state(words: Sequence[str]) -> tuple[list[str], str | None]:
    """Bare words without those that name a state (the first named is returned), and without a preposition
    that is left at the end (المحكمة العليا في البرازيل, … بالمغرب)."""
    out: list[str] = []
    state: str | None = None
    k = 0
    while k < len(words):
        at = state_at(words, k)
        if at is None and words[k][:1] in "بل" and len(words[k]) > 3:
            at = state_at([bare(words[k][1:]), *words[k + 1 : k + 3]], 0)
            at = at if at and at[1] == "name" else None
        if at is not None and (k or at[1] in ("name", "adjective")):
            state = state or at[0]
            if out and out[-1] in heads("place"):
                out.pop()
            k += at[2]
            continue
        out.append(words[k])
        k += 1
    return out, state


@lru_cache(maxsize=8192)
def offices_of(word: str) -> tuple[str, ...]:
    """The classes of offices of a word."""
    return tuple(cls for cls in classes_of(word) if cls.startswith("office:"))


def is_body(word: str) -> bool:
    """Whether a bare word heads the name of a body or medium."""
    return any(
        cls.startswith(("body:", "media:")) and cls not in ("body:document", "body:portfolio")
        for cls in classes_of(word)
    )
