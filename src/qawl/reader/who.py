"""Who is meant: for each statement, the source behind a name, a role, a pronoun or a hidden subject.

Each statement chooses among its own speaker's words (if it has any) and the groups of mentions of the article
(see ``mentions``). The choice is the network's, from the vectors of the cue, of the mention and of the
speaker's first word, from the features below and from the choices before (``who_choice``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from qawl.arabic.countries import state_phrases
from qawl.arabic.lexicon import classes_of
from qawl.arabic.stems import LEAST, stem
from qawl.reader.columns import Columns
from qawl.reader.links import link
from qawl.reader.mentions import KINDS, Group

Index = npt.NDArray[np.int64]

#: Sizes of the features of ``Choices.features``, in order.
SIZES = [
    *(10, 8, 13, 14, 10, 4, 5, 48, 12, 6, 8, 128, 6, 5, 512, 512, 3, 10, 8, 6, 4),
    *(16, 7, 9, 4, 12, 17),
]
#: The kind of mention that a speaker's own words are, behind those of ``mentions.KINDS`` with and without a person.
OWN = 2 * len(KINDS)
#: Those of them that hang on the choices before (``who_choice.History.features``), in the order given there.
HISTORY = (5, 6, 16, 18)
#: Those of them that are a statement's own, the same for all of its candidates.
SHARED = (1, 11, 15, 20, 25)
#: Those of them that a group has for every statement, and those that it has for one.
_KNOWN = np.array([2, 7, 9, 19, 21])
_FOUND = np.array([0, 3, 4, 8, 10, 12, 13, 17, 22, 23, 24])
#: Groups looked at for one statement, nearest first.
MOST = 20
#: Statements looked at together, which changes no answer and bounds memory.
TOGETHER = 64
#: How well an office fits at least, and bearers of such offices at most, to be looked at from afar.
FITS, FAR = 3, 3
_TIMES = [1, 2, 4, 7, 12]
_TOKENS = np.array([0, 3, 6, 10, 16, 25, 40, 80, 160])


@dataclass(frozen=True, slots=True)
class Said:
    """What ``who`` needs of a statement: token indices of its cue, speaker and content."""

    cue: int
    speaker: tuple[int, int] | None
    start: int
    end: int


@dataclass(slots=True)
class Choices:
    """The candidates of one statement: group indices, their names' roots and features; those of
    ``HISTORY`` are 0."""

    groups: list[int]
    roots: list[int]
    places: list[int]  # the token whose vector speaks for the candidate
    features: npt.NDArray[np.int64]  # a row a candidate


def _shape(group: Group | None) -> int:
    if group is None:
        return 0
    if group.person is not None:
        return 2
    if group.kind == 2:
        return 3
    if group.kind == 3:
        return 4
    single = " " not in group.key
    return 5 if group.definite and single else 6 if group.definite else 7


def _relation(own: Group, g: Group) -> int:
    if own is g:
        return 1
    shared = own.words & g.words
    if own.person_words and g.person_words and own.person_words & g.person_words:
        return 2 if own.person_words <= g.person_words else 3
    if shared:
        if own.words <= g.words:
            return 4
        if g.words <= own.words:
            return 5
        if own.head == g.head:
            return 6
        return 7
    initials = "".join(w[0] for w in g.key.split() if w)
    if own.key == initials and len(initials) > 2:
        return 8
    return 9


@lru_cache(maxsize=16_384)
def _state(word: str) -> tuple[str, str]:
    return state_phrases().get((word,), ("", ""))


@lru_cache(maxsize=16_384)
def _state_of(key: str) -> str:
    """The state that a whole name is, or is the capital of; "" where it is none."""
    state, kind = state_phrases().get(tuple(key.split()), ("", ""))
    return state if kind in ("name", "capital") else ""


def _kin(own: Group, g: Group) -> int:
    """Whether the words of a mention tell of what another names in another form of its first word (الباحثون …
    باحثين من جامعة): 1 not, 2 … 4 the same first word, the more the likelier, 5 one's first word within the other,
    6 the other way about."""
    mine, theirs = _stem(own.head), _stem(g.head)
    if mine == theirs:
        if not own.definite or g.definite:
            return 2
        return 4 if set(map(_stem, own.words)) <= set(map(_stem, g.words)) else 3
    if len(g.words) > 1 and mine in map(_stem, g.words):
        return 5
    return 6 if len(own.words) > 1 and theirs in map(_stem, own.words) else 1


@lru_cache(maxsize=16_384)
def _stem(word: str) -> str:
    key = stem(word)
    return key[:-1] if len(key) > LEAST and key.endswith("و") else key  # باحثو


def _foreign(own: Group, beside: frozenset[str]) -> bool:
    """Whether a political office is of another state than the person beside whose name the words ``beside``
    stand: each has a state's adjective (الرئيس الفرنسي، نظيره الروسي), and no state is named by both."""
    if "title:political" not in classes_of(own.head):
        return False
    mine = {state for state, kind in map(_state, own.words) if kind == "adjective"}
    if not mine:
        return False
    theirs = [(state, kind) for state, kind in map(_state, beside) if state]
    known = any(kind == "adjective" for _, kind in theirs)
    return known and not mine & {state for state, _ in theirs}


def _office(own: Group | None, beside: frozenset[str]) -> int:
    """How a role (الوزير، رئيس البلدية) fits the words beside a person's name: 0 not at all … 4 wholly. A
    body (الحكومة beside رئيس الحكومة) is nobody's office."""
    if own is None or own.person is not None or own.body or not beside:
        return 0
    shared = own.words & beside
    if not shared:
        return 0
    if own.words <= beside:
        return 4
    if len(shared) > 1:
        return 3
    return 2 if own.head in shared else 1


class Context:
    """One article's mentions, as ``choices`` looks at them."""

    def __init__(
        self, c: Columns, groups: Sequence[Group], own: Sequence[int], said: Sequence[Said]
    ) -> None:
        self.groups, self.own, self.said = groups, own, said
        self.root = link(groups)
        self._roots = np.array(self.root, dtype=np.int64)
        #: of all mentions, group by group: the group's number times ``_span``, and the token
        self._span = len(c.tokens) + 2
        self._mentions = np.array(
            [k * self._span + p for k, g in enumerate(groups) for p in g.places], dtype=np.int64
        )
        counts = np.array([len(g.places) for g in groups], dtype=np.int64)
        self._ends = np.cumsum(counts)
        self._firsts = self._ends - counts
        self._places = np.sort(self._mentions % self._span)
        self._cues = np.array([s.cue for s in said], dtype=np.int64)
        anchors = [s.cue if s.speaker is None else s.speaker[0] for s in said]
        self._anchors = np.array(anchors, dtype=np.int64)
        self._speakers = np.zeros(len(c.tokens) + 1, dtype=np.int64)
        self._speakers[[s.speaker[0] for s in said if s.speaker is not None]] = 1
        #: the statements that each name is the speaker of by its own words: its root times ``_turns``, and which
        self._turns = len(said) + 2
        speak = sorted(
            self.root[mine] * self._turns + k + 1 for k, mine in enumerate(own) if mine >= 0
        )
        self._speaks = np.array(speak, dtype=np.int64)
        self._related: dict[tuple[int, int], tuple[int, int]] = {}
        self._inside = np.zeros(len(c.tokens) + 1, dtype=np.int64)
        for s in said:
            self._inside[s.start : s.end + 1] = 1
        self._sentence, self._paragraph = c.sentence.astype(np.int64), c.paragraph.astype(np.int64)
        self.paragraph = c.paragraph.tolist()
        self._sentences = c.sentence.tolist()
        self._forms = c.lexicon[:, 1].astype(np.int64)
        persons = {r for g, r in zip(groups, self.root, strict=True) if g.person is not None}
        mentioned: dict[int, int] = {}
        self.beside: dict[int, frozenset[str]] = {}
        for g, r in zip(groups, self.root, strict=True):
            mentioned[r] = mentioned.get(r, 0) + len(g.places)
            self.beside[r] = self.beside.get(r, frozenset()) | g.beside
        #: what every statement sees of a group
        self.known = np.zeros((len(groups), len(SIZES)), dtype=np.int64)
        if groups:
            self.known[:, _KNOWN] = [
                (
                    g.kind * 2 + (g.person is not None),
                    self._ending(c, g),
                    min(len(g.places), 5),
                    bisect_left(_TIMES, mentioned[r]),
                    _shape(g) * 2 + (self.paragraph[g.places[0]] == 0),
                )
                for g, r in zip(groups, self.root, strict=True)
            ]
        self._endings = self.known[:, 7].copy()
        self.known[:, 14] = c.lexicon[[g.first for g in groups], 3]
        self.known[:, 20] = min(len(persons), 3)
        leads = c.small[[g.places[0] for g in groups], 4] >= 10
        self._stands = (np.array([g.titled for g in groups], dtype=np.int64) * 2 + leads) * 3

    @staticmethod
    def _ending(c: Columns, group: Group) -> int:
        """Number (plural: 2) and gender (feminine: 1) of a group's first word."""
        listed = int(c.lexicon[group.first, 4])
        if listed:
            gender, number = divmod(listed - 1, 4)
            return 2 * (number == 3) + (gender == 2)
        return 2 * group.head.endswith(("ون", "ين", "ات")) + group.head.endswith("ه")

    def choices(self, k: int) -> Choices:
        """Candidates of statement ``k``."""
        return self._some(k, k + 1)[0]

    def every(self) -> list[Choices]:
        """Candidates of each of the statements."""
        count = len(self.said)
        return [
            some
            for k in range(0, count, TOGETHER)
            for some in self._some(k, min(k + TOGETHER, count))
        ]

    def _some(self, low: int, high: int) -> list[Choices]:
        """Candidates of the statements from ``low`` to before ``high``."""
        near: list[list[int]] = []
        found: list[tuple[int, int, int, int]] = []
        shared: list[tuple[int, int, int, int]] = []
        nearest = self._nearest(low, high)
        for k, some in zip(range(low, high), nearest, strict=True):
            mine = self.own[k]
            own = self.groups[mine] if mine >= 0 else None
            said = self.said[k]
            if own is not None:
                some = self._sifted(own, some, said.cue)
            fits = [0] * len(some)
            if own is not None and own.person is None and not own.body:
                fits = [_office(own, self.beside[self.root[g]]) for g in some]
            if mine >= 0:
                some.insert(0, mine)
                fits.insert(0, -1)
            near.append(some)
            found += self._beside_own(mine, some, fits)
            nested = any(s.start <= said.cue <= s.end for s in self.said[max(0, k - 3) : k])
            shared.append((_shape(own), self._behind(k), nested, mine))
        counts = np.array([len(some) for some in near])
        rows = np.repeat(np.arange(high - low), counts)
        groups = np.array([g for some in near for g in some], dtype=np.int64)
        beside = np.array(found, dtype=np.int64).reshape(-1, 4)
        features, places = self._seen(
            low + rows, groups, beside, np.array(shared, dtype=np.int64)[rows]
        )
        ends = np.cumsum(counts).tolist()
        return [
            Choices(
                some, [self.root[g] for g in some], places[end - len(some) : end],
                features[end - len(some) : end],
            )
            for some, end in zip(near, ends, strict=True)
        ]  # fmt: skip

    def _before(self, groups: Index, places: Index) -> tuple[Index, Index]:
        """How many of all mentions stand before each of the groups' mentions at or behind the ``places``, and
        each group's mention before its place, or without one its first."""
        at = np.searchsorted(self._mentions, groups * self._span + places)
        which = np.where(at > self._firsts[groups], at - 1, self._firsts[groups])
        return at, self._mentions.take(which) - groups * self._span

    def _nearest(self, low: int, high: int) -> list[list[int]]:
        """The groups mentioned nearest before each statement's cue, or else behind it; its own words' group takes a
        place and is not among them."""
        count = len(self.groups)
        if not count:
            return [[] for _ in range(low, high)]
        groups, cues = np.arange(count), self._cues[low:high, None]
        _, places = self._before(groups[None], cues)
        order = np.argsort(np.abs(cues - places), axis=1, kind="stable")[:, :MOST].tolist()
        out = []
        for some, mine in zip(order, self.own[low:high], strict=True):
            if mine >= 0:
                some = [g for g in some if g != mine][: MOST - 1]
            out.append(some)
        return out

    def _beside_own(
        self, mine: int, near: Sequence[int], fits: Sequence[int]
    ) -> list[tuple[int, int, int, int]]:
        """Of each candidate: how it is related to the statement's own words, group ``mine`` (-1: none), how their
        office fits it, beside the others, and their kin."""
        if mine < 0:
            return [(0, 0, 0, 0)] * len(near)
        best = max(0, *fits)
        nearest = True  # of those whom the office fits best
        out = []
        for fit, g in zip(fits, near, strict=True):
            if fit < 0:
                rival = 5 + best
            elif fit and fit == best:
                rival = 1 if nearest else 2
                nearest = False
            else:
                rival = 3 if fit else 0
            relation, kin = self._relation(mine, g)
            out.append((relation, max(fit, 0), rival, kin))
        return out

    def _seen(
        self, which: Index, groups: Index, beside: Index, shared: Index
    ) -> tuple[Index, list[int]]:
        """The features of pairs of a statement and a candidate, and the tokens that speak for the candidates.
        ``beside`` as ``_beside_own`` tells it; ``shared``: the shape of a statement's own words, how it stands
        behind the one before it, whether within it, and the group of its own words."""
        cues, anchors = self._cues[which], self._anchors[which]
        at, places = self._before(groups, anchors)
        has = at > self._firsts[groups]
        sentences = self._sentence[cues] - self._sentence[places]
        bucket = np.where(sentences < 4, np.maximum(sentences, 0), np.where(sentences < 7, 4, 5))
        together = self._paragraph[cues] == self._paragraph[places]
        between = np.searchsorted(self._places, cues) - np.searchsorted(self._places, places) - 1
        later = np.searchsorted(self._mentions, groups * self._span + cues + 1)
        follows = later < self._ends[groups]
        behind = self._mentions.take(np.where(follows, later, 0)) - groups * self._span - cues
        features = self.known.take(groups, axis=0)
        features[:, _FOUND] = np.stack(
            [
                beside[:, 0],
                np.where(has, bucket * 2 + together, 12),
                np.where(has, np.minimum(np.searchsorted(_TOKENS, cues - places), 9), 9),
                self._stands[groups] + np.where(follows, np.where(behind < 15, 1, 2), 0),
                self._inside[places] * 4 + self._speakers[places] * 2 + shared[:, 2],
                np.where(has, np.minimum(np.maximum(between, 0), 5), 5),
                *beside[:, 1:].T,
                *self._spoken(self._roots[groups], which),
            ],
            axis=1,
        )
        forms, mine = self._forms[cues], shared[:, 3]
        features[:, 1], features[:, 25] = shared[:, 0], shared[:, 1]
        features[:, 7] += np.where(forms > 0, (forms - 1) % 12 * 4, 0)
        features[:, 11] = np.minimum(forms, 127)
        if len(mine):
            own = mine >= 0
            features[groups == mine, 2] = OWN
            features[:, 15] = np.where(own, self.known[mine, 14], 0)
            endings = 1 + 4 * self._endings[mine] + self._endings[groups]
            features[:, 26] = np.where(own, endings, 0)
        return features, np.where(groups == mine, anchors, places).tolist()

    def _spoken(self, roots: Index, which: Index) -> tuple[Index, Index]:
        """How often before a statement and after it the names ``roots`` speak by their own words (each up to 2), and
        whether they do in the one next to it on either side."""
        speaks, turn = self._speaks, roots * self._turns + which + 1
        first, end = (np.searchsorted(speaks, (roots + more) * self._turns) for more in (0, 1))
        before, behind = np.searchsorted(speaks, turn), np.searchsorted(speaks, turn + 1)
        padded = np.concatenate([[-1], speaks, [-1]])
        beside = (padded[before] == turn - 1) + 2 * (padded[behind + 1] == turn + 1)
        return np.minimum(before - first, 2) * 3 + np.minimum(end - behind, 2), beside

    def _relation(self, mine: int, g: int) -> tuple[int, int]:
        """How the speaker's words, group ``mine``, are related to group ``g``."""
        known = self._related.get((mine, g))
        if known is None:
            own, group = self.groups[mine], self.groups[g]
            relation = _relation(own, group)
            if relation == 9 and self.root[g] == self.root[mine]:
                relation = 8
            known = self._related[mine, g] = relation, _kin(own, group)
        return known

    def _behind(self, k: int) -> int:
        """How far statement ``k`` stands behind the one before it, and which comes first, its cue or its
        content."""
        said = self.said[k]
        first = said.start < said.cue
        if not k:
            return 10 + first
        before = self.said[k - 1]
        i, end = said.cue, max(before.end, before.cue)
        if i <= end:
            gap = 0
        elif self.paragraph[i] == self.paragraph[end]:
            gap = 1 + (self._sentences[i] > self._sentences[end])
        else:
            gap = 3 + (self.paragraph[i] - self.paragraph[end] > 1)
        return gap * 2 + first

    def _sifted(self, own: Group, near: list[int], i: int) -> list[int]:
        """Those of the nearest groups that a speaker's words may mean, and in the place of the last ones those
        before token ``i`` whose office they are, however far back."""
        if own.several:
            return []
        if state := _state_of(own.key):
            return [g for g in near if _state_of(self.groups[g].key) in ("", state)]
        near = [g for g in near if not self.groups[g].person_words & own.spoken_for]
        if own.person is not None or own.body:
            return near
        near = [g for g in near if not _foreign(own, self.beside[self.root[g]])]
        known = {self.root[g] for g in near}
        far: list[int] = []
        for g, group in enumerate(self.groups):
            root = self.root[g]
            if group.person is None or root in known or group.places[0] > i:
                continue
            beside = self.beside[root]
            spoken_for = group.person_words & own.spoken_for
            if _office(own, beside) >= FITS and not spoken_for and not _foreign(own, beside):
                known.add(root)
                far.append(g)
        return near[: MOST - 1 - len(far[-FAR:])] + far[-FAR:] if far else near
