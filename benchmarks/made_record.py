"""A record of any size that is made, not read: what `benchmarks/search.py` and `serving.py` measure with.

No word of it is of a real article, but its shape is that of a record of 3,500 read ones: sources with all
their wordings, offices and outlets, statements that name places, people and bodies (one each in the
mean), a quarter of them without a source that could be linked, one in twenty a repeat of another. Words
come from the reader's own vocabulary, and words, sources, outlets and names are drawn as news draws them, the first the
oftenest (Zipf's law). The pages as fetched and the hashes by which repeats are found are not made.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from sqlalchemy import bindparam, insert, update

from qawl.arabic.lexicon import DATA, rows
from qawl.model import Act, Article, Decision, Form, Name, NameKind, Span, Statement
from qawl.reader.network import Network
from qawl.record import words
from qawl.record.mentions import Mention, Role, mentions_of
from qawl.record.offices import office_of
from qawl.record.rows import article_row, statement_row
from qawl.record.schema import SourceRow, number_of, table_of
from qawl.record.sources import add_keys, best_name, empty_profile, note
from qawl.record.store import Record

SOURCES = table_of(SourceRow)
#: Statements an article, words a statement: the means of news.
AN_ARTICLE, A_STATEMENT = 9, 17
#: Articles of a transaction.
BATCH = 500
START, YEARS = dt.datetime(2019, 1, 1, tzinfo=dt.UTC), 5
OUTLETS = [f"صحيفة {k}" for k in range(60)]
_SAID: tuple[str, str, Act] = ("قال", "إن", "inform")
#: What introduces a statement, and its act; as often as it stands here.
CUES: Sequence[tuple[str, str, Act]] = (
    *[_SAID] * 8, ("أعلن", "أن", "inform"), ("ذكر", "أن", "inform"),
    ("رأى", "أن", "opine"), ("اعتبر", "أن", "opine"), ("أكد", "أن", "opine"),
    ("توقع", "أن", "predict"), ("نفى", "أن", "deny"), ("زعم", "أن", "accuse"), ("أيد", "أن", "support"),
    ("تعهد", "بأن", "commit"), ("حذر", "من أن", "warn"), ("طلب", "أن", "request"),
)  # fmt: skip
FORMS: Sequence[Form] = ("direct", "indirect", "indirect", "indirect", "mixed")
HOLDERS = ("وزير", "رئيس لجنة", "المتحدث باسم وزارة", "وكيل وزارة")
#: Who speaks where nobody is named.
NOBODY = ("مصدر مطلع", "مصادر محلية", "شهود عيان", "مسؤولون")
#: Shares: statements without a source that can be linked, repeats, topics before the statement; of the
#: sources, persons; of the names in what is said, places.
UNLINKED, REPEATED, TOPICS, PERSONS, PLACES = 0.25, 0.05, 0.015, 0.72, 0.62


class Draw:
    """Draws from a list, the first the oftenest (Zipf's law with exponent 1)."""

    def __init__(self, things: Sequence[Any], chance: random.Random) -> None:
        self.things, self.chance = things, chance
        self.weights = list(accumulate(1 / (k + 3) for k in range(len(things))))

    def some(self, count: int) -> list[Any]:
        return self.chance.choices(self.things, cum_weights=self.weights, k=count)

    def one(self) -> Any:
        return self.some(1)[0]


def vocabulary() -> list[str]:
    """Words in the order of their frequency."""
    return [w for w in Network.load().alphabet.words if w.isalpha() and len(w) > 1]


@dataclass(slots=True)
class Speaker:
    """A source: how it is written (the full name first), the offices of its years, what the record keeps."""

    number: int
    kind: NameKind
    wordings: list[str]
    offices: list[str]
    profile: dict[str, Any]
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What is said: its words, where names stand in them, and the number of the first statement that said so."""

    speaker: Speaker | None
    words: str
    names: list[tuple[int, int, NameKind]]
    first: int | None = None


class Maker:
    """Draws sources, articles and statements, the same at each run."""

    def __init__(self, count: int, sources: int) -> None:
        self.chance = random.Random(1)
        self.articles = count // AN_ARTICLE + 1
        self.words = Draw(vocabulary(), self.chance)
        self.outlets = Draw(OUTLETS, self.chance)
        self.towns = Draw([row["name"] for row in rows(DATA / "towns.tsv")], self.chance)
        self.topics = [
            row["form"] for row in rows(DATA / "bodies.tsv") if row["class"] == "portfolio"
        ]
        states = rows(DATA / "countries.tsv")
        self.states = [(r["state"], r["adjectives"].split(" | ")[0]) for r in states]
        self.states = [(state, adjective) for state, adjective in self.states if adjective != "-"]
        self.speakers = self._speakers(sources)
        self.drawn = Draw(self.speakers, self.chance)
        self.keys: set[tuple[str, int]] = set()
        self.mentions: dict[tuple[int, str, str], Mention] = {}
        self.said: list[Said] = []  # what may be repeated

    def _speakers(self, count: int) -> list[Speaker]:
        names = rows(DATA / "given_names.tsv")
        given = Draw([r["form"] for r in names if r["class"] == "given"], self.chance)
        family = Draw([r["form"] for r in names if r["class"] == "family"], self.chance)
        known: set[str] = set()
        out: list[Speaker] = []
        while len(out) < count:
            state, adjective = self.chance.choice(self.states)
            rank = len(out)
            kind: NameKind = "person" if self.chance.random() < PERSONS else "body"
            if kind == "person":
                one, father, last = given.one(), given.one(), family.one()
                wordings = [f"{one} {last}", last, f"{one} {father} {last}", f"#{one}_{last}"]
                # who is quoted most has held most, and is written in most ways
                held = self.chance.choice((0, 0, 0, 1, 2)) + (rank < 2000) * self.chance.randint(
                    1, 4
                )
                offices = [self._office(state, adjective) for _ in range(held)]
                titles = ("السيد", "الدكتور", "الأستاذ", "النائب", "الشيخ", "المهندس")
                wordings += [f"{title} {w}" for title in titles for w in wordings[:3]][
                    : max(0, 18 - rank // 100)
                ]
            else:
                what, field = self.chance.choice(("وزارة", "لجنة", "هيئة", "نقابة")), family.one()
                full = f"{what} {self.chance.choice(self.topics)} {field}"
                wordings, offices = [full, f"{full} ال{adjective}ة"], []
            if wordings[0] not in known:
                known.add(wordings[0])
                out.append(Speaker(rank + 1, kind, wordings, offices, empty_profile()))
        return out

    def _office(self, state: str, adjective: str) -> str:
        topic = self.chance.choice(self.topics)
        return f"{self.chance.choice(HOLDERS)} {topic} {self.chance.choice((f'ال{adjective}', f'في {state}'))}"

    def batches(
        self,
    ) -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]], list[words.Entry]]]:
        """(rows of articles, rows of statements, their entries in the index of words), some at a time."""
        minutes = YEARS * 365 * 24 * 60
        for first in range(0, self.articles, BATCH):
            articles, statements, entries = [], [], []
            for k in range(first, min(first + BATCH, self.articles)):
                published = START + dt.timedelta(minutes=k * minutes // self.articles)
                article, said = self._article(k + 1, published)
                articles.append(article)
                statements += said
                entries += [
                    words.entry_of(row, row["spans"].get("names"), article["text"]) for row in said
                ]
            yield articles, statements, entries

    def _article(
        self, number: int, published: dt.datetime
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The rows of an article and of its statements."""
        outlet = self.outlets.one()
        title = " ".join(self.words.some(8))
        body = title
        made = []
        for _ in range(AN_ARTICLE):
            said = self._said()
            statement, office, body = self._statement(body + "\n", said, published)
            made.append((statement, office, said))
        article = Article.of(
            body.partition("\n")[2], title=title, id=str(number), outlet=outlet, date=published
        )
        out = []
        for k, (statement, office, said) in enumerate(made):
            ident = number_of(published, number, k)
            speaker = said.speaker
            if speaker is not None:
                self._note(speaker, statement.who or "", office, outlet, published.date())
            out.append({
                "id": ident, "article_id": number, "place": k, "current": True,
                **statement_row(statement), "source_id": speaker and speaker.number,
                "link": speaker and {"why": "name", "sure": 0.9}, "saying_id": said.first or ident,
                "outlet": outlet, "published": published,
            })  # fmt: skip
            kept = replace(said, first=said.first or ident)
            if len(self.said) < 1000:
                self.said.append(kept)
            elif said.first is None:
                self.said[self.chance.randrange(1000)] = kept
        row = article_row(article, key=f"made:{number}", version=1, added=published, fetched=None)
        return {"id": number, **row, "reader": "made"}, out

    def _said(self) -> Said:
        """Something that is said, or was said before."""
        if self.said and self.chance.random() < REPEATED:
            return self.chance.choice(self.said)
        speaker = self.drawn.one() if self.chance.random() >= UNLINKED else None
        return Said(speaker, *self._content())

    def _statement(
        self, body: str, said: Said, published: dt.datetime
    ) -> tuple[Statement, str, str]:
        """(a statement at the end of the article's text, the speaker's office, the text with it)."""
        who, office = self.chance.choice(NOBODY), ""
        if said.speaker is not None:
            known = said.speaker.wordings
            who = known[min(int(self.chance.expovariate(0.7)), len(known) - 1)]
            office = self._held(said.speaker, published)
        cue, joint, act = self.chance.choice(CUES)
        topic = self.chance.choice(self.topics) if self.chance.random() < TOPICS else ""
        about, body = _put(body, topic, "وعن ", " ") if topic else (None, body)
        cued, body = _put(body, cue)
        named, body = _put(body, who, f" {office} " if office else " ", f" {joint} ")
        spoken = Span.of(body, named.start - len(office) - 1, named.end) if office else named
        start = len(body)
        content, body = _put(body, said.words, "", ".")
        statement = Statement(
            (content,), cued, spoken, who, self.chance.choice(FORMS), act, who_span=named, about=about,
            confidence=round(self.chance.uniform(0.3, 1), 4), checkable=self.chance.random() < 0.4,
            names=tuple(Name(Span.of(body, start + a, start + b), kind) for a, b, kind in said.names),
            decisions=tuple(
                Decision(stage, "model 1", round(self.chance.random(), 4))
                for stage in ("cue", "content", "speaker", "who", "form", "act")
            ),
        )  # fmt: skip
        return statement, office, body

    def _content(self) -> tuple[str, list[tuple[int, int, NameKind]]]:
        """Words with names among them, and where the names stand."""
        some = self.words.some(max(3, int(self.chance.gauss(A_STATEMENT, 6))))
        named: dict[int, NameKind] = {}
        for _ in range(min(int(self.chance.expovariate(0.75)), 6)):
            at = self.chance.randrange(len(some))
            if at in named:
                continue
            if self.chance.random() < PLACES:
                some[at], named[at] = self.towns.one(), "place"
            else:
                speaker: Speaker = self.drawn.one()
                some[at], named[at] = speaker.wordings[0], speaker.kind
        text, names = "", []
        for k, word in enumerate(some):
            text += " " if k else ""
            if k in named:
                names.append((len(text), len(text) + len(word), named[k]))
            text += word
        return text, names

    def _held(self, speaker: Speaker, published: dt.datetime) -> str:
        """The office that a source holds then, in a third of the statements."""
        if not speaker.offices or self.chance.random() < 0.67:
            return ""
        past = (published - START).days / (YEARS * 365)
        return speaker.offices[min(int(past * len(speaker.offices)), len(speaker.offices) - 1)]

    def _note(self, speaker: Speaker, who: str, office: str, outlet: str, day: dt.date) -> None:
        """Keeps a mention in the source's profile, as adding an article would."""
        found = self.mentions.get((speaker.number, who, office))
        if found is None:
            text = f"قال {office} {who} إن. {speaker.wordings[0]}".replace("  ", " ")
            at = text.index(who)
            span = Span.of(text, at, at + len(who))
            said = Statement(
                (Span.of(text, 0, 3),), None, None, who, "direct", "inform", who_span=span
            )
            found = mentions_of(Article.of(text).with_statements([said]))[0]
            known = office_of(office) if office else None
            roles = (Role(office, known.key(speaker.state) if known else office),) if office else ()
            found = replace(found, roles=roles)
            self.mentions[speaker.number, who, office] = found
            self.keys.update((key, speaker.number) for key in found.keys)
            speaker.state = speaker.state or found.state
        note(speaker.profile, replace(found, outlet=outlet, date=day))


def _put(body: str, text: str, before: str = "", after: str = "") -> tuple[Span, str]:
    """(where a text stands that is put behind another, both)."""
    start = len(body) + len(before)
    whole = body + before + text + after
    return Span.of(whole, start, start + len(text)), whole


def fill(count: int, *records: Record, sources: int = 50_000) -> float:
    """Makes ``count`` statements in each of the records (empty ones); the seconds that it took."""
    began = time.perf_counter()
    maker = Maker(count, sources)
    for record in records:
        with record.writing() as connection:
            plain = [
                {
                    "id": s.number,
                    "name": s.wordings[0],
                    "kind": s.kind,
                    "state": None,
                    "profile": {},
                }
                for s in maker.speakers
            ]
            connection.execute(insert(SOURCES), plain)
    for articles, statements, entries in maker.batches():
        with ExitStack() as stack:
            for record in records:
                connection = stack.enter_context(record.writing())
                words.insert_rows(connection, "articles", articles)
                words.insert_rows(connection, "statements", statements)
                words.add(connection, entries)
    told = (
        update(SOURCES)
        .where(SOURCES.c.id == bindparam("number"))
        .values({c: bindparam(f"new_{c}") for c in ("name", "state", "profile")})
    )
    changed = [
        {
            "number": s.number, "new_state": s.state, "new_profile": s.profile,
            "new_name": best_name(s.profile) if s.profile["names"] else s.wordings[0],
        }
        for s in maker.speakers
    ]  # fmt: skip
    for record in records:
        with record.writing() as connection:
            connection.execute(told, changed)
            add_keys(connection, maker.keys)
        with record.writing() as connection:
            if words.is_postgresql(connection):
                for table in ("sources", "articles"):
                    connection.exec_driver_sql(
                        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                    )
                connection.exec_driver_sql("ANALYZE")
    return time.perf_counter() - began
