"""Changes: what differs between two statements that are the same utterance, named and word by word.

The names are found by rules over the words (data/turns.tsv says which words turn a meaning), not learned:
changes of meaning are too few to learn from. A word that turns the meaning counts only where the words
beside it stand in the other text too; else it went with a part that was left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from qawl.model import Act, Form, Span
from qawl.record.wordings import GRAMMAR, Word, Wording, places_in, wording

Change = Literal[
    "negation",
    "number",
    "meaning",
    "indirect/direct",
    "shortened",
    "wording",
    "translation",
]
Kind = Literal["equal", "replaced", "left out", "added"]

#: Shared weight above which nothing was reworded: spelling, a preposition, a title beside a name.
ALIKE = 0.95
#: A text was shortened where the other holds this share of it, and it lacks a sixth of the other or more
#: (as a rule a clause, not an adjective).
HELD, KEPT = 0.8, 0.84
#: Shared weight under which the words are another translation's rather than an edit's.
EDITED = 0.72
#: How many words a negation reaches, and within how many words after it إلا, سوى or فقط undo it.
REACH, UNDONE = 3, 8
#: How far from a turning word its neighbours are sought.
AROUND = 8
#: Words commoner than this weight stand in two texts by chance: يكون denied in one says nothing.
CHANCE = 6.5
#: Turns of meaning beside negation ("alleged", say, in one text and not in the other), and the classes
#: that say the like in other words.
MEANINGS: dict[str, frozenset[str]] = {
    "sure": frozenset(),
    "maybe": frozenset(("perhaps", "may", "alleged")),
    "alleged": frozenset(("maybe",)),
    "most": frozenset(),
    "many": frozenset(),
    "some": frozenset(("many",)),
    "very": frozenset(),
    "must": frozenset(),
    "only": frozenset(("except",)),
}
#: Acts whose content the source holds to be so.
AFFIRMING: frozenset[Act | None] = frozenset(("inform", "opine", "predict", "commit", "support"))
#: Acts of which one cannot be the other's rewording.
OPPOSED: frozenset[frozenset[Act]] = frozenset(
    frozenset(pair)
    for pair in (
        ("support", "deny"),
        ("support", "accuse"),
        ("support", "warn"),
        ("commit", "deny"),
    )
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch of both texts: equal, replaced, left out (of ``b``) or added (in ``b``). The spans of all
    differences, in order, cover both texts whole; what stands between two words goes with the first."""

    kind: Kind
    a: Span
    b: Span


def differences(a: str, b: str) -> tuple[Difference, ...]:
    """The two texts side by side, word by word. Words are equal where their stems are; words that are
    interchangeable stand side by side but are told as replaced."""
    one, other = wording(a), wording(b)
    parts: list[tuple[Kind, int, int, int, int]] = []
    if not one.words or not other.words:
        parts.append(("equal" if a == b else "replaced", 0, len(one.words), 0, len(other.words)))
    for tag, i, j, k, n in _aligned(one, other):
        if tag == "equal":
            parts += _equal(one.words, other.words, i, k, j - i)
        elif tag == "replace":
            parts.append(("replaced", i, j, k, n))
        elif tag == "delete":
            parts.append(("left out", i, j, k, k))
        else:
            parts.append(("added", i, i, k, n))
    found: list[Difference] = []
    places = places_in(a), places_in(b)
    for p, (kind, i, j, k, n) in enumerate(parts):
        last = p == len(parts) - 1
        here = _span(a, places[0], i, j, p == 0, last)
        there = _span(b, places[1], k, n, p == 0, last)
        found.append(Difference(kind, here, there))
    return tuple(found)


def _aligned(one: Wording, other: Wording) -> Sequence[tuple[str, int, int, int, int]]:
    if not one.words or not other.words:
        return []
    senses = [w.sense for w in one.words], [w.sense for w in other.words]
    if senses[0] == senses[1]:
        return [("equal", 0, len(senses[0]), 0, len(senses[0]))]
    # Beside 200 words or more, difflib passes over those that are very frequent, which keeps it fast.
    return SequenceMatcher(None, *senses).get_opcodes()


def _equal(
    one: Sequence[Word], other: Sequence[Word], i: int, k: int, count: int
) -> Iterator[tuple[Kind, int, int, int, int]]:
    """A stretch whose senses are equal, cut where the stems are not."""
    start = 0
    for p in range(1, count + 1):
        alike = one[i + start].stem == other[k + start].stem
        if p == count or (one[i + p].stem == other[k + p].stem) != alike:
            yield ("equal" if alike else "replaced"), i + start, i + p, k + start, k + p
            start = p


def _span(
    text: str, places: Sequence[tuple[int, int]], i: int, j: int, first: bool, last: bool
) -> Span:
    """The words ``i`` to ``j`` with what follows them; all that is left at either end of the text."""

    def at(k: int) -> int:
        return places[k][0] if k < len(places) else len(text)

    return Span.of(text, 0 if first else at(i), len(text) if last else at(j))


def changes(
    a: str,
    b: str,
    forms: tuple[Form | None, Form | None] = (None, None),
    acts: tuple[Act | None, Act | None] = (None, None),
) -> tuple[Change, ...]:
    """What changed between two texts of one utterance, the gravest first; none where nothing did."""
    one, other = wording(a), wording(b)
    found: list[Change] = []
    if negated(one, other) != _denied_by_one(acts):
        found.append("negation")
    if renumbered(one, other):
        found.append("number")
    if turned(one, other) or (acts[0] and acts[1] and frozenset(acts) in OPPOSED):
        found.append("meaning")
    if _respoken(one, other, forms):
        found.append("indirect/direct")
    in_one, in_other = covered(one, other), covered(other, one)
    if min(in_one, in_other) < ALIKE:
        if max(in_one, in_other) >= HELD and min(in_one, in_other) < KEPT * max(in_one, in_other):
            found.append("shortened")
        else:
            found.append("wording" if min(in_one, in_other) >= EDITED else "translation")
    return tuple(found)


def _denied_by_one(acts: tuple[Act | None, Act | None]) -> bool:
    """Whether one statement denies what the other affirms: its words need no negation then (نفى وجود
    اتفاق), and a negation in the other's words is none dropped."""
    return "deny" in acts and any(act in AFFIRMING for act in acts)


def covered(one: Wording, other: Wording) -> float:
    """The share of the weight of ``one`` whose words, or others of one sense with them, ``other`` has."""
    if not one.total:
        return 1.0
    return sum([w.weight for w in one.words if _in(w, other)]) / one.total


def _in(word: Word, other: Wording) -> bool:
    return word.sense in other.senses or not other.roots.isdisjoint(word.forms)


def negated(one: Wording, other: Wording) -> bool:
    """Whether a negation was dropped: the word that it denies stands in both texts, in one of them
    undenied, and that one has fewer negations."""
    here, there = _denied(one), _denied(other)
    if len(here) < len(there):
        one, other, here, there = other, one, there, here
    if len(here) == len(there):
        return False
    undenied = {k for w in other.words if w not in there for k in (w.sense, w.root)}
    denied = {k for w in there if w for k in (w.sense, w.root)}
    return any(
        w and w.weight > CHANCE and not denied & {w.sense, w.root} and undenied & {w.sense, w.root}
        for w in here
    )


def _denied(w: Wording) -> list[Word | None]:
    """For each negation that nothing undoes, the first telling word that it reaches."""
    found: list[Word | None] = []
    if not w.turns & _NOT:
        return found
    words = w.words
    for k, word in enumerate(words):
        if word.turn not in _NOT or any(x.turn in _UNDO for x in words[k + 1 : k + UNDONE]):
            continue
        after = words[k + 1 : k + 1 + REACH]
        if not after or after[0].turn == "still":  # لا يزال
            continue
        if word.folded[-3:] == "غير" and after[0].folded[:2] == "ان":  # غير أن
            continue
        found.append(next((x for x in after if x.weight > GRAMMAR), None))
    return found


_NOT = frozenset(("not", "avoid"))
_UNDO = frozenset(("except", "only"))


def renumbered(one: Wording, other: Wording) -> bool:
    """Whether a number became another: each text has one that the other lacks; or one number counts
    other units (four years, four weeks) or is "about" or "more than" in one text only; or there are
    tens in one text, hundreds in the other."""
    if one.numbers - other.numbers and other.numbers - one.numbers:
        return True
    some, others = _scores(one), _scores(other)
    if some - others and others - some:
        return True
    here, there = _counted(one), _counted(other)
    for value in here.keys() & there.keys():
        (unit, about), (their_unit, their_about) = here[value], there[value]
        if about != their_about or (unit and their_unit and unit != their_unit):
            return True
    return False


def _counted(w: Wording) -> dict[float, tuple[str, str]]:
    """Each number's unit after it, and what is said of how exact it is before it."""
    found: dict[float, tuple[str, str]] = {}
    for k, word in enumerate(w.words):
        if word.number is None:
            continue
        after = w.words[k + 1] if k + 1 < len(w.words) else None
        unit = after.sense if after and after.turn == "unit" else ""
        about = next((x.turn for x in w.words[max(k - 2, 0) : k] if x.turn in _EXACT), "")
        found.setdefault(word.number, (unit, about))
    return found


def _scores(w: Wording) -> set[str]:
    """Numbers that are not told: عشرات, and آلاف with no number before it."""
    return {
        x.sense
        for k, x in enumerate(w.words)
        if x.turn == "scores"
        or (x.folded in _PLURALS and (k == 0 or w.words[k - 1].number is None))
    }


_PLURALS = frozenset(
    prefix + word for word in ("الاف", "ملايين", "مليارات") for prefix in ("", "و", "ال", "ب", "ل")
)
_EXACT = ("about", "more", "less")


def turned(one: Wording, other: Wording) -> bool:
    """Whether one text is surer, wider, stronger or more binding than the other."""
    return any(
        _turns_alone(name, also, one, other) or _turns_alone(name, also, other, one)
        for name, also in MEANINGS.items()
    )


def _turns_alone(name: str, also: frozenset[str], one: Wording, other: Wording) -> bool:
    """Whether ``one`` has a word of the class and ``other`` none, nor one of ``also``, while the
    telling words on both sides of it stand in ``other`` (at an end, one of the next two)."""
    if name not in one.turns or name in other.turns or other.turns & also:
        return False
    for k, word in enumerate(one.words):
        if word.turn == name:
            before = [x for x in one.words[max(k - AROUND, 0) : k] if x.weight > GRAMMAR]
            after = [x for x in one.words[k + 1 : k + 1 + AROUND] if x.weight > GRAMMAR][:2]
            if before and after:
                near = _in(before[-1], other) and _in(after[0], other)
            else:
                near = any(_in(x, other) for x in before[-2:] + after)
            if near:
                return True
    return False


def _respoken(one: Wording, other: Wording, forms: tuple[Form | None, Form | None]) -> bool:
    """Whether one text is the speaker's own words and the other tells them: by the forms, if both are
    known and not mixed; else if only one says I or we, or a word has our ending or form in one and
    theirs in the other (بلادنا، بلاده; نتعامل، تتعامل)."""
    if forms[0] and forms[1] and "mixed" not in forms:
        return forms[0] != forms[1]
    if bool(one.turns & _SELF) != bool(other.turns & _SELF):
        return True
    persons = _persons(one), _persons(other)
    return any(
        persons[0][root] != persons[1][root] for root in persons[0].keys() & persons[1].keys()
    )


_SELF = frozenset(("i", "we"))


def _persons(w: Wording) -> dict[str, bool]:
    """The roots of words whose form tells the person: whether it is the first."""
    found: dict[str, bool] = {}
    for word in w.words:
        text = word.folded[1:] if word.folded[:1] in "وفس" else word.folded
        if len(text) < 4 or word.weight <= GRAMMAR:
            continue
        if text.endswith(("نا", "ها", "هم", "ه")) and not text.endswith(word.stem):
            found[word.root] = text.endswith("نا")
        elif text[0] in "نيت":
            found.setdefault(word.root, text[0] == "ن")
    return found
