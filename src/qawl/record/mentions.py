"""The sources of an article, each once, with what the article tells of them: name, office, state."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from qawl.arabic.countries import bare, most_named, state_of_outlet, states_named
from qawl.arabic.letters import fold, fold_word
from qawl.arabic.lexicon import classes_of, cue_forms, entries_of
from qawl.model import Article, Statement
from qawl.record.bodies import body_key
from qawl.record.name_words import heads, words_of
from qawl.record.naming import Kind, Naming, naming
from qawl.record.offices import Office, office_of
from qawl.record.people import SON, person_keys

#: Places of a name that are looked at for what stands beside it.
_PLACES = 3
#: Code points before and after a name in which its office stands.
_BEFORE, _AFTER = 70, 90
_STOP_BEFORE = re.compile(r"[.\n،:؛!?؟\"“”«»()]")
_STOP_AFTER = re.compile(r"[.\n،,:؛!?؟\"“”«»()]")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Role:
    """An office or title beside a name: its words as the article has them and its key."""

    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A source as one article names it.

    ``words`` are those that tell it from others and ``key`` the same in one string; ``keys`` are to be kept
    with its source, so that other mentions find it, and ``asks`` are those to look for. ``state`` is the
    one that the name or the office tells, or, where every state has such a body, that of the article;
    ``place`` is what the article is about, asked for only where it is needed. ``office`` is that of a source
    without a name. ``article`` tells the article from others.
    """

    name: str
    key: str
    kind: Kind
    words: tuple[str, ...]
    keys: tuple[str, ...]
    asks: tuple[str, ...]
    roles: tuple[Role, ...] = ()
    state: str | None = None
    place: str | None = None
    office: Office | None = None
    outlet: str | None = None
    home: str | None = None
    date: dt.date | None = None
    article: str = ""
    guessed: bool = False
    doubtful: bool = False
    listed: bool = False


class Where(Protocol):
    """The state that an article is about, worked out when it is first asked for."""

    def __call__(self, *, office: bool = False) -> str | None:
        """That of a body without a state's name, or of an office."""
        ...


def mentions_of(article: Article) -> list[Mention]:
    """One mention of each distinct ``who`` of an article's statements, in order."""
    by_who: dict[str, list[Statement]] = {}
    for statement in article.statements:
        if statement.who:
            by_who.setdefault(statement.who, []).append(statement)
    if not by_who:
        return []
    where_from = article.canonical or article.address
    home = article.country or state_of_outlet(article.outlet, where_from)
    ident = _ident(article)
    date = article.date.date() if isinstance(article.date, dt.datetime) else article.date
    votes: list[dict[str, float]] = []

    def where(*, office: bool = False) -> str | None:
        if not votes:
            votes.append(states_named(article.text))
        if office and home in votes[0]:
            return home  # «رئيس الحكومة» without a state is the readers' own, abroad too
        return most_named(votes[0], home)

    return [
        _mention(who, statements, article, home, date, ident, where)
        for who, statements in by_who.items()
    ]


def _ident(article: Article) -> str:
    known = (
        article.canonical
        or article.address
        or (f"{article.outlet}:{article.id}" if article.id else "")
    )
    return hashlib.sha1((known or article.text).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _mention(
    who: str,
    statements: Sequence[Statement],
    article: Article,
    home: str | None,
    date: dt.date | None,
    ident: str,
    where: Where,
) -> Mention:
    said = naming(who)
    roles: tuple[Role, ...] = ()
    words, kind, state = said.words, said.kind, said.state
    place, guessed = None, False
    if kind == "unnamed" and len(words) == 1 and _may_be_family(fold(who)):
        fuller = _fuller(words[0], article.text)  # الشاهد is a family too
        if fuller is not None:
            kind, words = "person", fuller
    if kind == "person":
        if len(words) == 1 and not said.listed and not _given_only(words[0]):
            words = _fuller(words[0].lstrip(SON), article.text) or words
        offices = _offices(who, said, statements, article.text)
        if any(not office.state and not office.whole for _, office in offices):
            place = where(office=True)
        roles = tuple(
            {office.key(place): Role(text, office.key(place)) for text, office in offices}.values()
        )
        state = state or next((office.state for _, office in offices if office.state), None)
    elif kind == "unnamed" and said.office is not None:
        if not said.office.state and not said.office.whole:
            place = where(office=True)
        state = state or (place if said.needs_state else None)
        roles = (Role(who, said.office.key(place)),)
    elif kind in ("body", "media", "state") and state is None and not said.listed:
        state = _state_beside(who, said, statements, article.text)
        national = (
            words and words[0] in heads("national") and not set(words) & heads("international")
        )
        if state is None and (said.needs_state or national):
            state = place = _state_within(who) or where()
            guessed = state is not None
        if kind == "state":
            words = (state,) if state else ()
    keys, asks = _keys(who, said, words, kind, state, roles, ident)
    return Mention(
        name=who,
        key=" ".join(words).strip() or fold(who).strip() or who,
        kind=kind,
        words=words,
        keys=keys,
        asks=asks,
        roles=roles,
        state=state,
        place=place,
        office=said.office if kind == "unnamed" else None,
        outlet=article.outlet,
        home=home,
        date=date,
        article=ident,
        guessed=guessed,
        doubtful=said.doubtful and len(words) == 1,
        listed=said.listed,
    )


def _keys(
    who: str,
    said: Naming,
    words: tuple[str, ...],
    kind: Kind,
    state: str | None,
    roles: Sequence[Role],
    ident: str,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    offices = tuple(f"o {role.key}" for role in roles)
    here = f"u {ident} {' '.join(words_of(who))}"
    if kind == "person":
        if said.listed:
            return (f"n {' '.join(words)}",) * 1, (f"n {' '.join(words)}",)
        keep, ask = person_keys(words)
        if len(words) == 1 and _given_only(words[0]):
            return (here,), (here,)
        if len(words) == 1 and who.startswith("ال") and not _in_names(fold(who)):
            return (here, *offices), (here, ask[-1], *offices)  # a noun as likely as a family
        if not any(map(classes_of, words)):  # a company's name may stand without its head noun
            offices = (*offices, body_key(words))
        return keep + offices, ask + offices
    if kind == "unnamed":
        return ((*offices, here), (*offices, here)) if said.office else ((here,), (here,))
    if kind == "state":
        return ((f"t {state}",), (f"t {state}",)) if state else ((here,), (here,))
    key = body_key(words)
    if said.needs_state:
        key = f"{key} @{state}" if state else here
    return (key,), (key,)


def _in_names(folded: str) -> bool:
    return any(cls.startswith("name:") for cls in classes_of(folded))


def _given_only(word: str) -> bool:
    classes = classes_of(word)
    return "name:given" in classes and "name:family" not in classes


def _may_be_family(folded: str) -> bool:
    classes = (*classes_of(folded), *classes_of(bare(folded)))
    return "name:family" in classes or (folded.startswith("ال") and "office:source" in classes)


def _fuller(family: str, text: str) -> tuple[str, ...] | None:
    """The full name of who is called by one name, where the text has it: a given name before it."""
    for match in re.finditer(rf"(\S+)\s+((?:ال)?{re.escape(family)})(?!\w)", fold(text)):
        given = match[1]
        if (
            "name:given" in classes_of(given)
            and not _past(given)
            and not any(
                cls.startswith(("stop:", "title:", "office:", "place:"))
                for cls in classes_of(given)
            )
        ):
            return (given, family)
    return None


def _past(word: str) -> bool:
    """Whether a word is a reporting verb too (روى, which folds as روي)."""
    return any(form.kind == "past" for form in cue_forms().get(word, ()))


def _offices(
    who: str, said: Naming, statements: Sequence[Statement], text: str
) -> list[tuple[str, Office]]:
    """The offices beside a person's name, as the speakers' spans and the name's places have them."""
    found: dict[str, tuple[str, Office]] = {}
    for role in _roles(who, said, statements, text):
        office = office_of(role)
        if office is not None and not office.former:
            found.setdefault(office.key(), (role, office))
    if said.office is not None:
        found.setdefault(said.office.key(), (who, said.office))
    return list(found.values())


def _roles(who: str, said: Naming, statements: Sequence[Statement], text: str) -> Iterator[str]:
    at = -1
    for _ in range(_PLACES):
        at = text.find(who, at + 1)
        if at < 0:
            break
        before = text[max(0, at - _BEFORE) : at]
        if len(before) == _BEFORE:
            before = before.partition(" ")[2]
        yield from _role_before(_STOP_BEFORE.split(before)[-1])
        yield from _role_after(text[at + len(who) : at + len(who) + _AFTER])
    for statement in statements:
        if statement.speaker and who not in statement.speaker.text:
            yield from _role_before(statement.speaker.text)


def _role_before(words: str) -> Iterator[str]:
    places = list(_WORD.finditer(words))
    for k in range(len(places) - 1, -1, -1):
        if not _heads_office(places[k][0]):
            continue
        while k and (_heads_office(places[k - 1][0]) or places[k - 1][0] in ("باسم", "مكتب")):
            k -= 1
        yield words[places[k].start() :].strip()
        return


def _role_after(words: str) -> Iterator[str]:
    behind = words.lstrip()
    if not behind.startswith(("،", ",", "(", "-")):
        return
    phrase = _STOP_AFTER.split(behind[1:].lstrip())[0]
    first = _WORD.match(phrase)
    if first and _heads_office(first[0]):
        yield phrase.strip()


def _heads_office(word: str) -> bool:
    folded = bare(fold_word(word))
    return any(
        entry.cls in ("office:head", "office:speaker") and entry.number == "s"
        for entry in entries_of(folded)
    )


def _state_within(who: str) -> str | None:
    """The state of a town in a name (وزارة الصحة في غزة)."""
    named = states_named(who)
    return next(iter(named), None)


def _state_beside(who: str, said: Naming, statements: Sequence[Statement], text: str) -> str | None:
    """The state that a body is given where it stands in full (وزارة الداخلية … وزارة الداخلية التونسية)."""
    for statement in statements:
        if statement.speaker is not None and statement.speaker.text != who:
            other = naming(statement.speaker.text)
            if other.state and other.kind == said.kind and other.words == said.words:
                return other.state
    at = -1
    for _ in range(_PLACES + 2):
        at = text.find(who, at + 1)
        if at < 0:
            return None
        behind = _STOP_AFTER.split(text[at + len(who) : at + len(who) + 24])[0]
        words = behind.split()[:2]
        if not behind.startswith(" ") or not words:
            continue
        for n in (2, 1):
            other = naming(f"{who} {' '.join(words[:n])}")
            if other.state and other.words == said.words and other.kind == said.kind:
                return other.state
    return None
