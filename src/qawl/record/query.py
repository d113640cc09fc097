"""What a person types into a search box, as words to find.

    انسحاب القوات        both words, whatever is glued to them
    "انسحاب كامل"        these words in this order, as written
    -داعش                not this word
    قسد | التحالف        one of both

The same query becomes FTS5's language for SQLite and a tsquery for PostgreSQL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qawl.arabic.stems import keys_of, second_readings, short_and_long, stem, word_key
from qawl.arabic.tokens import tokens
from qawl.errors import InputError
from qawl.record.words import NAME, STEM, WORD, quoted

_PART = re.compile(r'-?"[^"]*"|-?«[^»]*»|-?“[^”]*”|\||[^\s|]+')
_QUOTES = '"«»“”'
#: Parts of a query at most: a pasted article is no query.
MOST = 64


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to find: the ``keys`` of one word (any of them) or of a phrase (all, in order)."""

    keys: tuple[str, ...]
    phrase: bool = False
    without: bool = False
    word: str = ""  # as typed, folded


@dataclass(frozen=True, slots=True)
class Query:
    """All of ``groups`` must be found, of each group one part."""

    groups: tuple[tuple[Part, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.groups)


def parse(typed: str) -> Query:
    """The query that a person typed; empty where no word is in it.

    Raises InputError for more than 64 parts, or only words to leave out.
    """
    groups: list[list[Part]] = []
    joined = False
    for found in _PART.findall(typed):
        if found == "|":
            joined = bool(groups)
            continue
        without = found.startswith("-") and len(found) > 1
        words = found[without:]
        phrase = words[:1] in _QUOTES
        keys = keys_of(words.strip(_QUOTES))
        parts = []
        if phrase and keys.words:
            parts.append(Part(tuple(keys.words), True, without))
        elif not phrase:
            parts += [
                Part((key,), False, without, word)
                for word, key in zip(keys.words, keys.stems, strict=True)
            ]
        for part in parts:
            if joined and not part.without and not groups[-1][-1].without:
                groups[-1].append(part)
            else:
                groups.append([part])
            joined = False
    if len(groups) > MOST:
        raise InputError(f"a query of {len(groups)} words; give {MOST} at most")
    if groups and all(part.without for group in groups for part in group):
        raise InputError("the query only leaves words out; give one to find, too")
    return Query(tuple(map(tuple, groups)))


def for_sqlite(query: Query, names: tuple[str, ...] = ()) -> str:
    """The query in FTS5's language; ``names`` are keys of names that must be there, too."""
    with_: list[str] = []
    without: list[str] = []
    for group in query.groups:
        text = " OR ".join(map(_fts5, group))
        (without if group[0].without else with_).append(f"({text})")
    with_ += [f'names : "{name}"' for name in names]
    return " NOT ".join([" AND ".join(with_), *without]) if with_ else ""


def for_postgresql(query: Query, names: tuple[str, ...] = ()) -> str:
    """The query as a tsquery."""
    parts = []
    for group in query.groups:
        text = " | ".join(map(_tsquery, group))
        parts.append(f"!({text})" if group[0].without else f"({text})")
    parts += [quoted(NAME + name) for name in names]
    return " & ".join(parts)


def _fts5(part: Part) -> str:
    words = " ".join(part.keys)
    return f'{{words}} : "{words}"' if part.phrase else f'{{stems other}} : "{words}"'


def _tsquery(part: Part) -> str:
    if part.phrase:
        return "(" + " <-> ".join(quoted(WORD + key) for key in part.keys) + ")"
    return quoted(STEM + part.keys[0])


def places(query: Query, text: str) -> list[tuple[int, int]]:
    """Where the words of the query stand in ``text`` (code points), in order, none twice."""
    if not query:
        return []
    found = [(t, word) for t in tokens(text) if (word := word_key(t.text))[:1].isalnum()]
    words = [word for _, word in found]
    stems = [stem(t.text) for t, _ in found]
    other = [set(second_readings(t.text)) for t, _ in found]
    standing = list(short_and_long(stems))
    out: set[tuple[int, int]] = set()
    for part in (p for group in query.groups for p in group if not p.without):
        if part.phrase:
            n = len(part.keys)
            spans = [
                (k, k + n - 1) for k in range(len(words)) if tuple(words[k : k + n]) == part.keys
            ]
        else:
            key = part.keys[0]
            spans = [(k, k) for k in range(len(words)) if key == stems[k] or key in other[k]]
            spans += [(first, last) for first, last, keys in standing if key in keys]
        out.update((found[a][0].start, found[b][0].end) for a, b in spans)
    return sorted(out)
