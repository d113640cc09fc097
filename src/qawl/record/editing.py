"""What a person types or marks when he puts a statement right, understood: places, words, names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from qawl.arabic.letters import fold
from qawl.errors import InputError
from qawl.model import Article, Span, Statement
from qawl.record import who
from qawl.record.identities import link
from qawl.record.mentions import mentions_of
from qawl.record.sources import OF_ARTICLE, InRecord, Kept
from qawl.record.words import is_postgresql

#: Names of an article that are offered at most.
NAMES = 40
#: What stands between the parts of a content where its words are shown (csv_table.JOIN), or is typed there.
_BETWEEN = re.compile(r"\[…\]|…|\[\.\.\.\]")
_PLACE = re.compile(r"(\d{1,9})\s*[-–—:]\s*(\d{1,9})")
_PARTS = re.compile(r"[\s,،;؛]+")


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom a name may mean: ``sources`` of the record, the likeliest first; ``here`` is the name as the
    article has it, None where it has it not."""

    sources: tuple[Kept, ...]
    here: str | None


def places_of(typed: str) -> list[list[int]]:
    """The parts of a content typed as places: 41-67, 80-92 (code points). Raises InputError for what is none."""
    parts = [p for p in _PARTS.split(re.sub(r"\s*([-–—:])\s*", r"\1", typed.strip())) if p]
    found = [_PLACE.fullmatch(part) for part in parts]
    if not parts or not all(found):
        raise InputError("write the places as 41-67, and several with a comma between them")
    return [[int(f[1]), int(f[2])] for f in found if f]


def content_in(text: str, typed: str, near: int = 0) -> list[list[int]]:
    """Where words that were typed stand in an article: as they are written, but for white space; the place
    nearest to ``near`` where there are several. Words with […] or … between them are parts, one behind the other,
    unless the article itself has them so. Raises InputError where they are not in it."""
    whole = _nearest(text, typed, near, 0)
    if whole is not None:
        return [list(whole)]
    parts, at = [], 0
    for part in _BETWEEN.split(typed):
        if not part.strip():
            continue
        found = _nearest(text, part, max(near, at), at)
        if found is None:
            raise InputError(f"the article has no «{' '.join(part.split())[:80]}» there")
        parts.append(list(found))
        at = found[1]
    if not parts:
        raise InputError("type the words of the content, or its places")
    return parts


def _nearest(text: str, typed: str, near: int, least: int) -> tuple[int, int] | None:
    words = typed.split()
    if not words:
        return None
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    found = [m.span() for m in pattern.finditer(text, least)]
    return min(found, key=lambda place: abs(place[0] - near), default=None)


def names_in(article: Article) -> list[str]:
    """The names that an article has for those who may have spoken, in the order of the text."""
    found: dict[str, int] = {}

    def take(span: Span | None) -> None:
        if span is not None and span.text.strip() and "\n" not in span.text:
            found.setdefault(span.text.strip(), span.start)

    for statement in article.statements:
        if statement.who:
            at = article.text.find(statement.who)
            found.setdefault(statement.who, at if at >= 0 else statement.start)
        take(statement.who_span)
        take(statement.speaker)
        for name in statement.names:
            if name.kind in ("person", "body"):
                take(name.span)
    return sorted(found, key=lambda name: found[name])[:NAMES]


def choice(connection: Connection, article: Article, typed: str) -> Choice:
    """Whom a person may mean who types a name, its number (#12) or its Wikidata id as the speaker of one of
    an article's statements. Raises InputError where nothing is typed, or a number is none of the record's."""
    sources = tuple(who.candidates(connection, typed)[: who.SHOWN])
    place = _nearest(article.text, typed, 0, 0)
    return Choice(sources, None if place is None else " ".join(article.text[slice(*place)].split()))


def certain(found: Choice, typed: str) -> Kept | None:
    """The source that is meant where that is clear: it is the only one, and its name is as it was typed."""
    folded = fold(" ".join(typed.split()))
    exact = [k for k in found.sources if any(fold(n) == folded for n in k.profile["names"])]
    named = typed.strip().startswith("#") or len(exact) == 1
    if len(found.sources) == 1 and (named or found.here is None):
        return found.sources[0]
    return exact[0] if len(exact) == 1 else None


def newcomer(connection: Connection, article: Article, name: str) -> int | None:
    """The number of the source that a name in an article is of: one of the record's, as one who reads it would
    link it, else a new one; None for who has no name that another article could mean (مصدر أمني). Raises
    InputError where the article has no such name."""
    place = _nearest(article.text, name, 0, 0)
    if place is None:
        raise InputError(f"the article has no name «{name}»")
    span = Span.of(article.text, *place)
    said = Statement((span,), None, span, name, "direct", "inform", who_span=span)
    mention = next(iter(mentions_of(article.with_statements([said]))), None)
    if mention is None or all(key.startswith(OF_ARTICLE) for key in mention.keys):
        return None
    if is_postgresql(connection):  # two processes would both make the same new source
        connection.exec_driver_sql("LOCK TABLE source_keys IN SHARE ROW EXCLUSIVE MODE")
    known = InRecord(connection, [mention])
    found = link(mention, known)
    if found.source_id is not None:
        return found.source_id
    number = known.keep(mention, None)
    for seen in _counts(known.kept[number]):
        seen[0] = 0  # a profile counts what was read; by its names it is found
    known.kept[number].profile["outlets"] = {}
    known.write()
    return number


def _counts(kept: Kept) -> Iterator[list[int]]:
    kept.profile["roles"] = {}
    for entry in kept.profile["names"].values():
        yield entry["seen"]


def shown_places(content: Sequence[Sequence[int]]) -> str:
    """The places of a content as a person reads and types them."""
    return ", ".join(f"{a}-{b}" for a, b in content)
