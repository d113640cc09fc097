"""States: by their names, adjectives, people, capitals and towns; and the state of an outlet's readers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from urllib.parse import urlsplit

from qawl.arabic.letters import fold
from qawl.arabic.lexicon import DATA, classes_of, rows, states

_WORD = re.compile(r"\w+")
#: Prefixes that a word of a text may carry before a state's name or its adjective.
_PREFIXES = ("", "و", "ف", "ب", "ل", "ك", "وب", "ول")
#: Thousands of people from which a town of towns.tsv counts: smaller ones share their names with words.
_TOWN = 150
#: What names of a state weigh in an article, by kind; an adjective is not weaker than a name.
_WEIGHTS = {"name": 1.0, "adjective": 1.0, "capital": 1.0, "town": 0.5}
#: How much more the title and the first words weigh, and how many these are.
_LEAD, _LEAD_WORDS = 2.0, 60
#: What the readers' state weighs beside the states that an article names.
_HOME = 6.0
#: Where the text was sent from (دبي (CNN) --): says nothing of what it is about.
_DATELINE = re.compile(r"^[^\n.:]{2,60}?(?:\([^)\n]{2,24}\)|--|—)", re.MULTILINE)


def bare(folded: str) -> str:
    """A folded word without its article; a word that would be too short then keeps it."""
    if folded.startswith("ال") and len(folded) > 4:
        return folded[2:]
    if folded.startswith("لل") and len(folded) > 4:
        return folded[2:]
    return folded


@cache
def state_phrases() -> dict[tuple[str, ...], tuple[str, str]]:
    """(state, kind: name, capital, adjective, people) of the words of a phrase, folded and bare."""
    found: dict[tuple[str, ...], tuple[str, str]] = {}

    def add(phrase: str, state: str, kind: str) -> None:
        words = tuple(bare(word) for word in fold(phrase).split())
        found.setdefault(words, (state, kind))

    listed = rows(DATA / "countries.tsv")
    by_name: dict[str, str] = {}
    for row in listed:
        state = row["state"]
        for name in [state, *_parts(row["names"])]:
            add(name, state, "name")
            by_name.setdefault(fold(name), state)
    for row in listed:
        state = row["state"]
        for adjective in _parts(row["adjectives"]):
            first, _, rest = adjective.partition(" ")
            for ending in ("", "ة", "ين", "ون", "ات", "تين"):
                kind = "people" if ending in ("ين", "ون", "ات") else "adjective"
                second = rest + ("ة" if ending == "ة" and rest else "")
                if rest.endswith("ي") and ending in ("ين", "ون"):
                    second = rest + ending
                add(f"{first}{ending} {second}", state, kind)
            for ending in ("ين", "ون"):  # with one ي, as often written: التونسين
                add(f"{first[:-1]}{ending}", state, "people")
        for people in _parts(row["people"]):
            add(people, state, "people")
    for capital, names in states().items():
        if names[0] in by_name:
            add(capital, by_name[names[0]], "capital")
    return found


def _parts(cell: str) -> list[str]:
    return [] if cell == "-" else cell.split(" | ")


@cache
def _longest() -> int:
    return max(len(words) for words in state_phrases())


def state_at(words: Sequence[str], first: int) -> tuple[str, str, int] | None:
    """(state, kind, how many words) of the longest phrase of a state at a place of bare words."""
    phrases = state_phrases()
    for n in range(min(_longest(), len(words) - first), 0, -1):
        hit = phrases.get(tuple(words[first : first + n]))
        if hit is not None:
            return (*hit, n)
    return None


@cache
def codes() -> dict[str, str]:
    """The states by their ISO codes, in small letters."""
    return {row["code"].lower(): row["state"] for row in rows(DATA / "countries.tsv")}


def state_called(name: str) -> str | None:
    """The state of that name, as countries.tsv has it first, or of that ISO code; None for another word."""
    plain = " ".join(name.split())
    if plain.lower() in codes():
        return codes()[plain.lower()]
    hit = state_phrases().get(tuple(bare(word) for word in fold(plain).split()))
    return hit[0] if hit is not None and hit[1] == "name" else None


@cache
def _outlets() -> dict[str, str]:
    return {_plain(row["outlet"]): row["state"] for row in rows(DATA / "outlets.tsv")}


def _plain(outlet: str) -> str:
    return " ".join(bare(word) for word in fold(outlet).lower().split())


@lru_cache(maxsize=4096)
def state_of_outlet(outlet: str | None, address: str | None = None) -> str | None:
    """The state whose readers an outlet writes for, by its name, the host of ``address`` or the code that
    it ends in; None for one that all Arabs read, and where nothing tells."""
    for given in (outlet, _host(address)):
        if not given:
            continue
        plain = _plain(given)
        for key in (plain, *_labels(plain)):
            if key in _outlets():
                return _outlets()[key]
        code = re.search(r"[._-]([a-z]{2})$", plain)
        if code and code[1] in codes():
            return codes()[code[1]]
    return None


def _host(address: str | None) -> str | None:
    try:
        return urlsplit(address).hostname if address else None
    except ValueError:
        return None


def _labels(plain: str) -> list[str]:
    """The names within an address: hespress of www.hespress.com."""
    if " " in plain or "." not in plain:
        return []
    return [label for label in plain.split(".")[:-1] if label != "www"]


@cache
def _surface() -> tuple[dict[str, tuple[str, float]], dict[str, list[tuple[tuple[str, ...], str]]]]:
    """Words of a text that name a state, as they stand there (prefixed, with and without ال), with their
    weights; and the phrases of several words by their first word."""
    single: dict[str, tuple[str, float]] = {}
    several: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for words, (state, kind) in state_phrases().items():
        weight = _WEIGHTS.get(kind, 1.0)
        if len(words) > 1:
            for prefix in _PREFIXES:
                for article in ("", "ال"):
                    several.setdefault(f"{prefix}{article}{words[0]}", []).append(
                        (words[1:], state)
                    )
                several.setdefault(f"{prefix}ل{words[0]}", []).append((words[1:], state))
        elif len(words[0]) > 2:
            also = any(cls.startswith("modifier:") for cls in classes_of(words[0]))
            for form in [words[0]] if also else _forms(words[0]):  # مالي is a word too
                single.setdefault(form, (state, weight))
    for row in rows(DATA / "countries.tsv"):
        for town in _parts(row["towns"]):
            first, *rest = fold(town).split()
            for prefix in ("", "ب", "و", "ل"):
                if rest:
                    behind = tuple(map(bare, rest))
                    several.setdefault(prefix + first, []).append((behind, row["state"]))
                else:
                    single.setdefault(prefix + first, (row["state"], _WEIGHTS["town"]))
    for row in rows(DATA / "towns.tsv"):
        name = fold(row["name"])
        if int(row["people"]) < _TOWN or " " in name or len(name) < 4 or name in single:
            continue
        listed = codes().get(row["country"].lower())
        if listed and all(cls.startswith("place:") for cls in classes_of(name)):
            for prefix in ("", "ب", "و", "ل"):
                single.setdefault(prefix + name, (listed, _WEIGHTS["town"]))
    return single, several


def _forms(word: str) -> list[str]:
    return [
        prefix + form
        for prefix in _PREFIXES
        for form in (word, f"ال{word}", f"ل{word}")
        if not (prefix.endswith("ل") and form.startswith("ال"))
    ]


def states_named(text: str) -> dict[str, float]:
    """The states that a text names, weighted: what stands at its beginning counts double."""
    single, several = _surface()
    words = _WORD.findall(fold(_DATELINE.sub(" ", text, count=1)))
    votes: dict[str, float] = {}
    get = single.get
    for k, word in enumerate(words):
        hit = get(word)
        if hit is not None:
            votes[hit[0]] = votes.get(hit[0], 0) + hit[1] * (_LEAD if k < _LEAD_WORDS else 1)
        if word in several:
            for rest, state in several[word]:
                if tuple(map(bare, words[k + 1 : k + 1 + len(rest)])) == rest:
                    votes[state] = votes.get(state, 0) + (_LEAD if k < _LEAD_WORDS else 1)
                    break
    return votes


def most_named(votes: Mapping[str, float], home: str | None) -> str | None:
    """The state that an article is about: the one that it names most (``votes`` of ``states_named``), the
    readers' own, ``home``, weighing as much as three names in the lead; None where nothing tells."""
    weights = dict(votes)
    if home:
        weights[home] = weights.get(home, 0) + _HOME
    if not weights:
        return None
    most = max(weights.values())
    if home and weights[home] == most:
        return home
    return next(state for state, weight in weights.items() if weight == most)  # the one named first
