"""Repeats: whether two statements of different articles are the same utterance, and what changed.

``keys_of`` gives the few hashes under which a record finds what may repeat a statement; ``compare``
judges a pair: a handful of named features (``FEATURES``) and a logistic regression whose weights stand in
data/likeness.tsv (training/likeness.py makes them, benchmarks/repeats.py measures them by
cross-validation). ``Likeness`` says what changed and
shows the two texts side by side, word by word (``differences``).
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import combinations

from qawl.arabic.lexicon import classes_of, rows
from qawl.errors import ModelError
from qawl.model import Act, Form
from qawl.record.changes import Change, Difference, changes, differences
from qawl.record.wordings import DATA, GRAMMAR, Wording, rarest, wording, words_in

#: Share of a word's weight that counts where only the root or the sound agrees: most such words are forms
#: of one word, some are not.
ROOT = 0.9
#: Days after which a number that differs tells of another event rather than of a mistake: a toll is
#: brought up to date within a day or two, a communiqué is repeated with other figures after more.
UPDATE = 2.0
DAY = 86400.0
#: Weight (nats) from which a text counts as no longer: about 60 words; the longest of the marked pairs has
#: 343.
LONG = 400.0
#: From this score on a pair is the same. Between 0.45 and 0.65 the figures on the marked pairs do not
#: change; what keys bring together holds far more unlike pairs than those, hence the upper end.
SAME = 0.6
#: Weight (nats) that two texts must share at least: two words, each rarer than one in 3,000. Two names
#: alone, or a name and its state, are no saying.
SHARED = 16.0
#: Keys a statement: more find little more, and each is a row of the record.
KEYS = 8
#: Of the rarest words, how many stand alone, and the pairs among how many are keys; how near neighbours
#: are. Chosen on the marked pairs and 30,000 statements (benchmarks/repeats.py): one word alone more, or
#: commoner ones, double the false candidates for one repeat in a hundred.
ALONE, TOP, TOP_PAIRS, NEAR = 2, 4, 3, 2


@dataclass(frozen=True, slots=True)
class Said:
    """What of a statement tells whether it repeats another.

    ``text`` is the content (its parts joined); ``who`` the source's name as its article has it, or
    several parted by " / "; ``source`` its identity in the record, if it has one; ``date`` when its
    article appeared (a time without a zone counts as UTC, a day as its noon).
    """

    text: str
    who: str | None = None
    source: int | None = None
    form: Form | None = None
    act: Act | None = None
    outlet: str | None = None
    date: dt.datetime | dt.date | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """What ``compare`` finds: whether two statements are the same utterance, how sure that is (0..1),
    and, if they are, what changed, the gravest first (nothing: an empty tuple)."""

    same: bool
    score: float
    changes: tuple[Change, ...]
    a: str
    b: str

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The two texts side by side, word by word; reckoned when asked for."""
        return differences(self.a, self.b)


def compare(a: Said, b: Said) -> Likeness:
    """Whether ``a`` and ``b`` are the same utterance, and what changed. It takes no side: ``compare(b,
    a)`` says the same."""
    values = features(a, b)
    weights, bias = _weights()
    z = bias + sum([w * x for w, x in zip(weights, values, strict=True)])
    score = 1 / (1 + math.exp(-z)) if z > -700 else 0.0
    if values[_MASS] < math.log1p(SHARED) or (values[_APART] and values[_DENIED]):
        score = min(score, 0.5)  # too little shared; or a statement and its denial by another
    if a.text == b.text and a.source == b.source and a.who == b.who and _one_day(a.date, b.date):
        # However few the words are: from one source on one day.
        score = max(score, SAME)
    if score < SAME:
        return Likeness(False, score, (), a.text, b.text)
    what = changes(a.text, b.text, (a.form, b.form), (a.act, b.act))
    return Likeness(True, score, what, a.text, b.text)


def keys_of(text: str) -> list[int]:
    """The hashes (63 bits, at most ``KEYS``) by which a statement is found that may repeat ``text``, in
    no order that matters. Two statements that share one are worth a comparison, those that share more
    first; a key that very many statements have tells little. None for a text without a word.

    Words of grammar aside: the rarest words alone, if they are so rare that no list has them; pairs of
    the rarest ones, which find a translation whose words stand in another order; and pairs of near
    neighbours, the rarest first, which find an excerpt.
    """
    words = [w for w in words_in(text) if w.weight > GRAMMAR]
    if not words:
        return [_hash(s) for s in dict.fromkeys(w.sense for w in words_in(text)[:KEYS])]
    weights = {w.sense: w.weight for w in words}
    top = sorted(weights, key=lambda s: (-weights[s], s))[:TOP]
    alone = [s for s in top[:ALONE] if weights[s] > rarest() - 0.01]
    near = {
        _pair(word.sense, other.sense): word.weight + other.weight
        for k, word in enumerate(words)
        for other in words[k + 1 : k + 1 + NEAR]
        if word.sense != other.sense
    }
    rest = [s for s in top if s not in alone]
    chosen = [_pair(*p) for p in combinations(rest, 2)][:TOP_PAIRS]
    for pair in sorted(near, key=lambda p: (-near[p], p)):
        if len(alone) + len(chosen) >= KEYS:
            break
        if pair[0] not in alone and pair[1] not in alone and pair not in chosen:
            chosen.append(pair)
    names = alone + [" ".join(pair) for pair in chosen]
    return [_hash(name) for name in (names or top[:1])]


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _hash(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big") >> 1


#: What ``features`` returns, and the rows of data/likeness.tsv, which says why each should help.
FEATURES = (
    "shared",
    "runs",
    "mass",
    "length",
    "same source",
    "other source",
    "days",
    "other numbers later",
    "denied by another",
)
_MASS, _APART, _DENIED = map(FEATURES.index, ("mass", "other source", "denied by another"))


def features(a: Said, b: Said) -> list[float]:
    """The features of a pair, in the order of ``FEATURES``; the same for (b, a)."""
    one, other = wording(a.text), wording(b.text)
    here, there = _found(one, other), _found(other, one)
    in_one, in_other = here / (one.total or 1.0), there / (other.total or 1.0)
    pairs = min(len(one.pairs), len(other.pairs))
    same, apart = _sources(a, b)
    days = days_apart(a.date, b.date)
    clash = bool(one.numbers - other.numbers and other.numbers - one.numbers)
    denies = [w.turns & {"not"} or x.act == "deny" for w, x in ((one, a), (other, b))]
    return [
        min(in_one, in_other),
        len(one.pairs & other.pairs) / pairs if pairs else max(in_one, in_other),
        math.log1p(min(here, there, LONG)),
        math.log1p(min(one.total, other.total, LONG)),
        same,
        apart,
        math.log1p(days),
        float(clash and days > UPDATE),
        float(bool(denies[0]) != bool(denies[1])) * (1.0 - same),
    ]


def _found(one: Wording, other: Wording) -> float:
    """How much of the weight of ``one`` stands in ``other`` too."""
    senses, roots = other.senses, other.roots
    got = 0.0
    for word in one.words:
        if word.sense in senses:
            got += word.weight
        elif not roots.isdisjoint(word.forms):
            got += ROOT * word.weight
    return got


@cache
def _weights() -> tuple[tuple[float, ...], float]:
    found = {row["feature"]: float(row["weight"]) for row in rows(DATA / "likeness.tsv")}
    try:
        return tuple(found[name] for name in FEATURES), found["bias"]
    except KeyError as error:
        raise ModelError(
            f"{DATA / 'likeness.tsv'} has no weight for {error}; make it with training/likeness.py"
        ) from error


def _one_day(a: dt.datetime | dt.date | None, b: dt.datetime | dt.date | None) -> bool:
    return a == b or days_apart(a, b) <= 1.0


def days_apart(a: dt.datetime | dt.date | None, b: dt.datetime | dt.date | None) -> float:
    """Days between two dates; half a day where one is not known, as between articles of one day."""
    if a is None or b is None:
        return 0.5
    return abs(_moment(a) - _moment(b)) / DAY


def _moment(date: dt.datetime | dt.date) -> float:
    if not isinstance(date, dt.datetime):
        return dt.datetime(date.year, date.month, date.day, 12, tzinfo=dt.UTC).timestamp()
    return (date if date.tzinfo else date.replace(tzinfo=dt.UTC)).timestamp()


def _sources(a: Said, b: Said) -> tuple[float, float]:
    """(1 if the sources are the same, 1 if they are surely others); both 0 where one is named by an
    office or not at all: the minister may be whom the other article names."""
    if a.source is not None and a.source == b.source:
        return 1.0, 0.0
    one, other = _source(a.who or ""), _source(b.who or "")
    if one is None or other is None:
        return 0.0, 0.0
    if one.places and other.places and not one.places & other.places:
        return 0.0, 1.0
    if one.keys & other.keys:
        return 1.0, 0.0
    return 0.0, 0.0 if one.office or other.office else 1.0


@dataclass(frozen=True, slots=True)
class _Source:
    keys: frozenset[str]
    places: frozenset[str]
    office: bool


@lru_cache(maxsize=16384)
def _source(who: str) -> _Source | None:
    words = wording(who).words
    if not words:
        return None
    keys: set[str] = set()
    places: set[str] = set()
    office = False
    for word in words:
        classes = classes_of(word.folded)
        office = office or any(c.startswith(_OFFICES) for c in classes)
        if word.weight <= GRAMMAR:
            continue
        if any(c.startswith(_PLACES) for c in classes):
            places.add(word.root)
        keys.update((word.sense, word.root, word.sound))
    return _Source(frozenset(keys), frozenset(places), office)


#: Classes of words that name no one by name: a person may be meant who stands elsewhere by name.
_OFFICES = ("title:", "office:", "body:document")
_PLACES = ("place:nationality", "place:country")
