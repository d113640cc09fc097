"""What a source's name says by itself: its kind, the words that tell it from others, its state, its office.

Everything here depends on the name alone and is remembered by name: an article repeats its sources, and
the articles repeat each other's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from qawl.arabic.countries import bare, state_at
from qawl.arabic.letters import fold
from qawl.arabic.lexicon import classes_of, entries_of
from qawl.record.bodies import Kind, Naming, body, known, media_names, noun
from qawl.record.name_words import (
    bare_words,
    heads,
    is_body,
    offices_of,
    without_state,
    words_of,
)
from qawl.record.offices import CUT, office_of
from qawl.record.people import name_behind, units_of

_BRACKETS = re.compile(r"[(\[{（][^)\]}）]*[)\]}）]?")
_QUOTED = re.compile(r"[\"“”„«»‹›'’‘]\s*([^\"“”«»‹›'’‘]{2,60}?)\s*[\"“”«»‹›'’‘]")
_AND = re.compile(r"[،,]\s*(و\w+)")
_TANWIN = "\u064b"
_SIGN, _GREATEST = list(map(fold, ("آية", "الله"))), fold("العظمى")
#: Endings of a word that names many (المتظاهرون، المستخدمين، الإحصائيات).
_PLURAL = re.compile("(?:ون|ين|ات)$")


@lru_cache(maxsize=32768)
def naming(who: str) -> Naming:
    """What the name of a source says."""
    text = who.strip()
    inside = _BRACKETS.findall(text)
    plain = _BRACKETS.sub(" ", text).replace("_", " ")
    if inside and all(w in heads("kind") or state_at([w], 0) for w in bare_words(words_of(plain))):
        plain = text.replace("(", '"').replace(")", '"')  # صحيفة (الرأي) stands for quotation marks
    quoted = _quoted(plain)
    if quoted is None:  # one more name behind the first: شبكة المدافعين عن الحقوق «أمل»
        plain = _QUOTED.sub(" ", plain) if len(words_of(_QUOTED.sub(" ", plain))) > 1 else plain
    folded = words_of(CUT.split(plain.strip(" ،,:-"), maxsplit=1)[0]) or words_of(text)
    if not folded:
        return Naming("unnamed", (fold(text),))
    while len(folded) > 3 and folded[:2] == _SIGN:
        folded = folded[3:] if folded[2] == _GREATEST else folded[2:]
    words = bare_words(folded)
    if _several(text, folded, words):
        return Naming("unnamed", tuple(words_of(text)), doubtful=True)
    found = known(words)
    short = len(inside) == 1 and text.endswith(inside[0]) and len(words_of(inside[0])) == 1
    if found is None and short and quoted is None and not offices_of(words[0]):
        found = known(bare_words(words_of(inside[0])), short=True)
    if found is not None:
        return found
    if " ".join(words) in media_names() or words[-1] in heads("medium"):
        head = any(cls.startswith("body:") for cls in classes_of(words[0]))
        if len(words) > 1 and not head and not offices_of(words[0]):
            return Naming("media", tuple(words))
    return (
        _state(folded, words)
        or _unnamed(folded, words, quoted is not None, _TANWIN in text.split()[0])
        or body(folded, words, quoted)
        or _role(folded, words)
        or noun(folded, words)
        or _person(folded)
    )


def _several(text: str, folded: Sequence[str], words: Sequence[str]) -> bool:
    """Whether a name joins several sources (الصين وروسيا): they are none of them alone."""
    behind_comma = _AND.search(text)
    if behind_comma and not classes_of(fold(behind_comma[1])):
        return True
    heads_body = is_body(words[0]) or bool(offices_of(words[0])) or words[0] in heads("government")
    for word in folded[1:]:
        if word[0] != "و" or len(word) < 4 or classes_of(word):
            continue
        rest = word[1:]
        classes = classes_of(rest)
        begins = any(
            cls.startswith(("office:", "title:", "body:", "name:given")) for cls in classes
        )
        if begins and not rest.startswith("ال"):
            return True
        if any(cls.startswith("title:") for cls in classes) and "body:portfolio" not in classes:
            return True
        if not heads_body and (rest.startswith("ال") or state_at([bare(rest)], 0)):
            return True
    if words[0] in heads("government"):
        at = [state_at([bare(word.removeprefix("و"))], 0) for word in folded[1:]]
        return len({one[0] for one in at if one}) > 1
    return False


def _quoted(name: str) -> str | None:
    """What quotation marks tell for the name itself (صحيفة «الرأي»), not one more name behind it."""
    found = _QUOTED.search(name)
    if found is None:
        return None
    before = [w for w in bare_words(words_of(name[: found.start()])) if w not in heads("agency")]
    return found[1] if len(before) < 2 else None


def _state(folded: Sequence[str], words: list[str]) -> Naming | None:
    """A state, by its name, capital or people, or its government by the state's adjective."""
    at = state_at(words, 0)
    if at is not None and at[2] == len(words) and at[1] in ("name", "capital"):
        return Naming("state", (at[0],), at[0])
    if at is not None and at[2] == len(words) and at[1] == "people" and folded[0].startswith("ال"):
        return Naming("state", (at[0],), at[0], doubtful=True)
    if words[0] not in heads("government"):
        return None
    core, state = without_state(words[1:])
    if [word for word in core if word not in heads("empty")]:
        return None
    if state:
        return Naming("state", (state,), state)
    if folded[0].startswith("ال") and words[0] in heads("alone"):
        return Naming("state", (), None, needs_state=True)
    return None


def _unnamed(
    folded: Sequence[str], words: Sequence[str], quoted: bool, tanwin: bool
) -> Naming | None:
    """A source without a name: it is never one across articles."""
    first, classes = words[0], classes_of(words[0])
    offices = [cls for cls in classes if cls.startswith("office:")]
    definite = folded[0].startswith("ال")
    lone = len(words) == 1
    nobody = Naming("unnamed", tuple(words))
    if not definite and len(words) > 1 and _begins_name(folded):
        return None
    if first in heads("unnamed") or folded[0] in heads("unnamed") or first[0].isdigit() or tanwin:
        return nobody
    if any(cls.startswith("stop:") for cls in classes_of(folded[0])):
        return nobody
    if lone and any(cls.startswith("place:nationality") for cls in classes):
        return nobody
    if (
        _PLURAL.search(first)
        and (definite or _goes_on(folded))
        and not any(
            cls.startswith(("media:", "acronym:", "name:", "place:", "body:")) for cls in classes
        )
    ):
        return nobody
    if offices and _number(first) != "s":
        return nobody
    if "office:head" not in offices and "office:speaker" not in offices and offices:
        name = name_behind(folded)
        return None if name is not None else nobody
    if "office:speaker" in offices and not definite and len(words) > 1:
        return nobody if name_behind(folded) is None else None
    if "body:document" in classes and not (quoted and first in heads("kind")):
        return _document(folded, words) or nobody
    if lone and not quoted and first in heads("incomplete"):
        return nobody
    if lone and not offices and not (definite and first in heads("ministry")):
        common = any(cls.startswith(("modifier:", "stop:")) for cls in classes)
        return nobody if common and not any(cls.startswith("name:") for cls in classes) else None
    return None


def _begins_name(folded: Sequence[str]) -> bool:
    """Whether a name begins with a given name (علي, أمين, آلان), even if it is another word too."""
    first, second = folded[0], folded[1]
    if first in heads("son"):
        return True
    classes = classes_of(first)
    if "name:given" not in classes and not ("stop:adverb" in classes and not classes_of(second)):
        return False
    if not any(cls.startswith(("stop:", "office:", "body:")) for cls in classes):
        return True
    if any(cls == "body:document" for cls in classes) and not classes_of(second):
        return False  # بيان أصدرته …
    listed = classes_of(second) + classes_of(bare(second))
    if (
        any(cls.startswith("name:") for cls in listed)
        or second in heads("son")
        or second in heads("joins_next")
    ):
        return True
    return not listed or (
        second.startswith("ال")
        and not any(
            cls.startswith(("modifier:", "office:", "body:", "stop:", "place:country"))
            for cls in listed
        )
    )


def _goes_on(folded: Sequence[str]) -> bool:
    """Whether a word is a noun of a phrase (متعاملون في …): a preposition or a definite word follows."""
    return any(
        word.startswith("ال") or any(cls == "stop:preposition" for cls in classes_of(word))
        for word in folded[1:3]
    ) and "name:given" not in classes_of(folded[1])


@lru_cache(maxsize=8192)
def _number(word: str) -> str:
    numbers = {entry.number for entry in entries_of(word) if entry.cls.startswith("office:")}
    return "s" if "s" in numbers or not numbers else min(numbers)


def _document(folded: Sequence[str], words: Sequence[str]) -> Naming | None:
    """The body whose document a name is (تقرير البنك الدولي)."""
    if words[0] not in heads("report"):
        return None
    k = 1
    while k < len(words) and (folded[k] in heads("said") or words[k] in heads("said")):
        k += 1
    if k >= len(words):
        return None
    rest = list(folded[k:])
    about = next((n for n, word in enumerate(rest) if n and word in heads("about")), None)
    rest = rest[:about]
    if len(rest[0]) > 3 and rest[0].startswith("لل"):
        rest = ["ال" + rest[0][2:], *rest[1:]]
    found = naming(" ".join(rest))
    if found.kind in ("body", "media") and (found.listed or k > 1 or len(found.words) > 1):
        return found if is_body(words[k]) or found.listed else None
    return None


def _role(folded: Sequence[str], words: list[str]) -> Naming | None:
    """Who is named by an office only, or by a title and a name."""
    classes = classes_of(words[0]) + classes_of(folded[0])
    titled = any(cls.startswith(("title:", "office:")) for cls in classes)
    if not titled or (
        "name:given" in classes
        and not folded[0].startswith("ال")
        and len(words) > 1
        and not any(cls == "office:head" for cls in classes)
    ):
        return None
    at = name_behind(folded)
    if at is not None:
        person = _person(folded[at:])
        office = office_of(" ".join(folded[:at]))
        return Naming(person.kind, person.words, office.state if office else None, office=office)
    office = office_of(" ".join(folded))
    if office is None:
        if (
            folded[0].startswith("ال")
            and 1 < len(words) < 4
            and _may_be_name(folded[1])
            and any(cls.startswith("title:") for cls in classes)
        ):
            return _person(folded[1:])
        return Naming("unnamed", tuple(words))
    return Naming(
        "unnamed", tuple(words), office.state, needs_state=not office.whole, office=office
    )


def _may_be_name(folded: str) -> bool:
    listed = ("modifier:", "body:", "office:", "stop:", "place:", "media:")
    classes = classes_of(folded) + classes_of(bare(folded))
    return any(cls.startswith("name:") for cls in classes) or not any(
        cls.startswith(listed) for cls in classes
    )


def _person(folded: Sequence[str]) -> Naming:
    if len(folded) == 1:
        classes = classes_of(folded[0])
        if "place:country" in classes and not any(cls.startswith("name:") for cls in classes):
            return Naming("body", (bare(folded[0]),))  # أوروبا, الغرب
    units = units_of(folded)
    return Naming("person", units, doubtful=len(units) == 1)


__all__ = ["Kind", "Naming", "naming"]
