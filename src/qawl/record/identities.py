"""Who speaks, across articles: each mention of a source is linked to one that the record knows, or to none.

A link says why and how sure it is. Nothing here touches a database: the record answers through ``Known``.
The evidence is the name first (spelling, short forms), then the office, the state, the outlet and the date;
two persons are never made one because of an office, and a source without a name is never one in two articles.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from qawl.arabic.countries import state_of_outlet
from qawl.arabic.lexicon import classes_of
from qawl.arabic.spellings import is_native, near_word, same_word, skeleton
from qawl.record.known import Known, Remembered, Seen, Source, with_mention
from qawl.record.mentions import Mention, Role, mentions_of
from qawl.record.name_words import heads
from qawl.record.people import SON

#: Days round the time in which a source is seen in an office that count as its time in that office.
TERM = 180
#: Days within which an office without a name is the same person.
OFFICE_AGAIN = 60
#: Days within which a family name alone is the bearer who is in the news: of an Arab family, and of a foreign one.
FAMILY_DAYS, FOREIGN_DAYS = 30, 400
#: How many times oftener than all others one bearer of a family name must be seen to be the one who is meant.
WELL_KNOWN = 5


#: The first part of many names of two given names (محمد جواد), which may be left off.
_COMPOUND = "محمد"


@dataclass(frozen=True, slots=True)
class Link:
    """The source of a mention (None: a new one), how sure that is (0 to 1) and why."""

    source_id: int | None
    confidence: float
    reason: str


def link(mention: Mention, known: Known) -> Link:
    """The source that a mention is of, among those that the record knows."""
    here = [key for key in mention.asks if key.startswith("u ")]
    for source in known.sources(here) if here else ():
        return Link(source.id, 0.9, "same article")
    asks = [key for key in mention.asks if key not in here]
    sources = list(known.sources(asks)) if asks else []
    if mention.kind == "person":
        return _person(mention, sources)
    if mention.kind == "unnamed":
        return _unnamed(mention, sources)
    return _body(mention, sources)


def _new(reason: str = "new", confidence: float = 0.9) -> Link:
    return Link(None, confidence, reason)


def _days(mention: Mention, first: dt.date | None, last: dt.date | None) -> int | None:
    """Days between a mention and a time; 0 within it, None where a date is missing."""
    if mention.date is None or first is None or last is None:
        return None
    if mention.date < first:
        return (first - mention.date).days
    return max((mention.date - last).days, 0)


def _person(mention: Mention, sources: Sequence[Source]) -> Link:
    if len(mention.words) == 1 or mention.listed:
        return _one_name(mention, sources)
    best: tuple[float, int, Source, str] | None = None
    apart = False
    for source in sources:
        if source.kind != "person":
            continue
        likeness, reason = max(
            (_same_person(mention.words, tuple(name.split(" "))) for name in _usual(source)),
            default=(0.0, ""),
        )
        if likeness <= 0.5 and _same_office(mention, source):
            family = not _native(mention.words[-1]) and any(
                _same_unit(mention.words[-1], name.split(" ")[-1]) for name in source.names
            )
            likeness, reason = (0.7, "family name and office") if family else (0.0, "")
        if mention.key in source.names and likeness < 0.9:
            likeness, reason = 0.9, "same name"
        if likeness == 0 or (likeness <= 0.5 and not _near(mention, source)):
            continue
        if _namesakes(mention, source, likeness) or (
            0.5 < likeness < 0.75 and reason == "short form" and not _vouched(mention, source)
        ):
            apart = True
            continue
        score = likeness + 0.1 * _support(mention, source)
        if best is None or (score, source.count) > (best[0], best[1]):
            best = (score, source.count, source, reason)
    if best is not None:
        return Link(best[2].id, min(best[0], 0.99), best[3])
    if apart:
        return _new("namesake of another", 0.6)
    for source in sources:
        if source.kind in ("body", "media") and _names_body(mention, source):
            return Link(source.id, 0.6, "name of a body")
    for source in sources:
        if source.kind == "unnamed" and _same_office(mention, source, OFFICE_AGAIN, dated=True):
            return Link(source.id, 0.6, "office")
    return _new()


def same_source(mention: Mention, source: Source) -> float:
    """How surely the name of a mention alone, in any spelling, is one of a source's (0 for not)."""
    if mention.kind == "state" or source.kind == "state":
        return 1.0 if mention.kind == source.kind and mention.state == source.state else 0.0
    if mention.key in source.names and mention.kind == source.kind:
        return 0.9
    names = [tuple(name.split(" ")) for name in source.names]
    if mention.kind == "person" and source.kind == "person":
        return max((_same_person(mention.words, name)[0] for name in names), default=0.0)
    if mention.kind in ("body", "media") and source.kind in ("body", "media"):
        return max((_same_body(mention.words, name) for name in names), default=0.0)
    return 0.0


def _usual(source: Source) -> list[str]:
    """The names that a source often goes by; a rare one may be a misreading. A family name alone counts
    only where the record has no full one."""
    most = max(source.names.values(), default=0)
    names = [name for name, count in source.names.items() if count * WELL_KNOWN >= most]
    return [name for name in names if " " in name] or names


def _same_person(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[float, str]:
    """How surely two full names are of one person, 0 for not: the same, a spelling, or one shorter."""
    if one == other:
        return 0.9, "same name"
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        named = near_word(short[0].lstrip(SON), long[-1].lstrip(SON)) or (
            long[0] in heads("family_first") and short[0] == long[0]
        )
        return (0.5, "family name") if named else (0.0, "")
    if len(short) == len(long):
        same = all(map(_same_unit, short, long)) or (
            len(short) > 2
            and _same_unit(short[0], long[0])
            and _same_unit(short[-1], long[-1])
            and all(map(_same_sounds, short, long))
        )
        return (0.85, "spelling") if same else (0.0, "")
    return _short_form(short, long)


def _short_form(short: tuple[str, ...], long: tuple[str, ...]) -> tuple[float, str]:
    """A full name and a shorter one: the last names left off, middle ones, or the first one. A father's name
    (after بن) is left off with all behind it only."""
    if same_word(short[0], long[0]):
        if all(map(_same_unit, short, long)):
            weak = len(short) == 2 and any(map(_native, short)) and not long[-1].startswith(SON)
            return (0.7 if weak else 0.85), "short form"
        if _same_unit(short[-1], long[-1]) and _within(short, long):
            fathers = [word for word in long[1:-1] if word.startswith(SON)]
            if not (
                long[-1].startswith(SON)
                and len(fathers) > sum(w.startswith(SON) for w in short[1:-1])
            ):
                return 0.8, "short form"
    first = long[len(long) - len(short)]
    if not first.startswith(SON) and all(map(_same_unit, short, long[-len(short) :])):
        compound = len(long) == len(short) + 1 and long[0] == _COMPOUND
        return (0.7 if any(map(_native, short)) and not compound else 0.75), "short form"
    return 0.0, ""


def _same_unit(one: str, other: str) -> bool:
    return same_word(one.lstrip(SON), other.lstrip(SON))


def _same_sounds(one: str, other: str) -> bool:
    return skeleton(one.lstrip(SON)) == skeleton(other.lstrip(SON)) and not _native(one)


def _native(word: str) -> bool:
    return is_native(word.lstrip(SON))


def _within(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether the words of a name stand in another in the same order."""
    k = 0
    for word in long:
        if k < len(short) and _same_unit(short[k], word):
            k += 1
    return k == len(short)


def _same_office(
    mention: Mention, source: Source, term: int = TERM, *, dated: bool = False
) -> bool:
    for role in mention.roles:
        seen = source.roles.get(role.key)
        if seen is not None:
            days = _days(mention, seen.first, seen.last)
            if (days is None and not dated) or (days is not None and days <= term):
                return True
    return False


def _near(mention: Mention, source: Source) -> bool:
    """Whether a source known by a family name alone is likely the one that is named in full now."""
    days = _days(mention, source.first, source.last)
    if mention.outlet in source.outlets and (days is None or days <= FAMILY_DAYS):
        return True
    called = min((name for name in source.names), key=len)
    return not _native(called) and days is not None and days <= FOREIGN_DAYS


def _support(mention: Mention, source: Source) -> float:
    """What speaks for a source beside the name: outlet, role, state, date."""
    support = 0.0
    support += mention.outlet is not None and mention.outlet in source.outlets
    support += any(role.key in source.roles for role in mention.roles)
    support += mention.state is not None and mention.state == source.state
    days = _days(mention, source.first, source.last)
    support += days is not None and days <= 365
    return support / 4


def _vouched(mention: Mention, source: Source) -> bool:
    """Whether something beside a short form speaks for it: outlet and time, office, state, or renown."""
    days = _days(mention, source.first, source.last)
    return (
        (mention.outlet in source.outlets and (days is None or days <= FAMILY_DAYS))
        or any(role.key in source.roles for role in mention.roles)
        or (mention.state is not None and mention.state == source.state)
        or source.count >= WELL_KNOWN
    )


def _namesakes(mention: Mention, source: Source, likeness: float) -> bool:
    """Whether a source of the same name is somebody else: an Arab name of two words, or a shortened one,
    whose bearers belong to different states or hold unlike offices in papers of different states."""
    if not any(map(_native, mention.words)):
        return False
    if any(role.key in source.roles for role in mention.roles):
        return False
    common = len(mention.words) == 2 or likeness < 0.85
    if mention.state and source.state and mention.state != source.state:
        return common
    if mention.roles and source.roles and common:
        homes = {state_of_outlet(outlet) for outlet in source.outlets} - {None}
        if not (mention.home and homes and mention.home not in homes):
            return False
        return not (
            {word for role in mention.roles for word in role.key.split()}
            & {word for role in source.roles for word in role.split()}
        )
    return False


def _one_name(mention: Mention, sources: Sequence[Source]) -> Link:
    """The source of a mention by one name: a name that lists know, a family, or a name that one is known by."""
    if mention.listed:
        for source in sources:
            return Link(source.id, 0.9, "known name")
        return _new()
    word = mention.words[0].lstrip(SON)
    bearers: list[tuple[float, Source]] = []
    for source in sources:
        if source.kind != "person":
            if source.kind in ("body", "media") and _names_body(mention, source):
                return Link(source.id, 0.6, "name of a body")
            continue
        if not any(
            _called(word, name.split(" "))
            for name in (*_usual(source), mention.key)
            if name in source.names
        ):
            continue
        days = _days(mention, source.first, source.last)
        here = mention.outlet is not None and mention.outlet in source.outlets
        limit = FAMILY_DAYS if is_native(word) else FOREIGN_DAYS
        near = days is not None and days <= limit
        if _same_office(mention, source) or (here and (near or days is None)):
            bearers.append((0.75, source))
        elif mention.roles and source.roles and not _same_office(mention, source):
            continue
        elif (near and not is_native(word)) or (
            near and mention.state is not None and mention.state == source.state
        ):
            bearers.append((0.6, source))
        elif days is None and not is_native(word) and len(word) > 3:
            bearers.append((0.5, source))
    if not bearers:
        return _new("family name alone", 0.7)
    named = [one for one in bearers if any(" " in name for name in one[1].names)] or bearers
    named.sort(key=lambda one: one[1].count, reverse=True)
    if named[0][1].count >= WELL_KNOWN * sum(source.count for _, source in named[1:]):
        return Link(named[0][1].id, named[0][0], "family name")
    sure = max(likeness for likeness, _ in named)
    best = [source for likeness, source in named if likeness == sure]
    if len(best) == 1 and sure > 0.6:
        return Link(best[0].id, sure - 0.1, "family name")
    return _new("family name of several", 0.5)


def _names_body(mention: Mention, source: Source) -> bool:
    return any(_same_body(mention.words, tuple(name.split(" "))) for name in source.names)


def _called(word: str, names: Sequence[str]) -> bool:
    return near_word(word, names[-1].lstrip(SON)) or (
        names[0] in heads("family_first") and word == names[0]
    )


def _unnamed(mention: Mention, sources: Sequence[Source]) -> Link:
    """A source without a name: the holder of its office, if the record knows one of that time."""
    if mention.office is None or not mention.roles:
        return _new("without a name")
    key = mention.roles[0].key
    holders: list[tuple[int, Source]] = []
    again: list[Source] = []
    for source in sources:
        seen = source.roles.get(key)
        if seen is None:
            continue
        days = _days(mention, seen.first, seen.last)
        if source.kind == "person" and days is not None and days <= TERM:
            holders.append((days, source))
        elif source.kind == "person" and days is None:
            holders.append((TERM, source))
        elif source.kind == "unnamed" and days is not None and days <= OFFICE_AGAIN:
            again.append(source)
    if not mention.office.former and holders:
        holders.sort(key=lambda pair: (pair[0], -pair[1].count))
        if len(holders) == 1 or holders[0][0] * 2 < holders[1][0]:
            return Link(holders[0][1].id, 0.6 if holders[0][0] == TERM else 0.75, "office")
    for source in again:
        return Link(source.id, 0.6, "same office")
    return _new("office without a name", 0.7)


def _body(mention: Mention, sources: Sequence[Source]) -> Link:
    """A body, medium or state: the same words, and no other state."""
    best: tuple[float, int, Source, str] | None = None
    for source in sources:
        if source.kind == "unnamed" or (source.kind == "person" and mention.kind == "state"):
            continue
        same = max(
            (_same_body(mention.words, tuple(name.split(" "))) for name in source.names),
            default=0.0,
        )
        if mention.kind == "state":
            same = 1.0
        if not same:
            continue
        if mention.state and source.state and mention.state != source.state:
            if not (mention.guessed and len(mention.words) > 3):
                continue
            same -= 0.3
        reason = "same name" if mention.key in source.names else "spelling"
        if mention.kind == "state":
            reason = "state" if mention.doubtful or mention.guessed else "name of the state"
        elif mention.guessed:
            reason = "state of the article"
        score = same - 0.2 * mention.guessed - 0.3 * mention.doubtful
        score += 0.05 * (mention.outlet in source.outlets) + 0.04 * (mention.state == source.state)
        if best is None or (score, source.count) > (best[0], best[1]):
            best = (score, source.count, source, reason)
    if best is None:
        return _new()
    return Link(best[2].id, max(0.3, min(best[0], 0.99)), best[3])


def _same_body(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    if one == other:
        return 0.95
    if "".join(one) == "".join(other):
        return 0.9
    if len(one) != len(other):
        one, other = (n[1:] if len(n) > 1 and n[0] in heads("kind") else n for n in (one, other))
        if one == other:
            return 0.85
    if len(one) == len(other) and all(
        _same_body_word(a, b) for a, b in zip(one, other, strict=True)
    ):
        return 0.85
    whole = "".join(one), "".join(other)
    if (
        len(one) != len(other)
        and len(whole[0]) > 5
        and same_word(*whole)
        and not is_native(whole[0])
    ):
        return 0.7
    return 0.0


def _same_body_word(one: str, other: str) -> bool:
    """Spellings of a body's word: of a foreign one, or a plural's endings and a misprint of length one."""
    if one == other:
        return True
    listed = any(classes_of(word) for word in (one, other))
    return not listed and near_word(one, other)


__all__ = [
    "Known",
    "Link",
    "Mention",
    "Remembered",
    "Role",
    "Seen",
    "Source",
    "link",
    "mentions_of",
    "with_mention",
]
