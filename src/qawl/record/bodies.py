"""The names of bodies and media: what may be left off, what every state has, what lists know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from qawl.arabic.letters import fold
from qawl.arabic.lexicon import DATA, acronyms, classes_of, rows
from qawl.arabic.spellings import skeleton
from qawl.record.name_words import (
    acronyms_joined,
    alike,
    bare_words,
    heads,
    without_state,
    words_of,
)
from qawl.record.offices import Office

Kind = Literal["person", "body", "media", "state", "unnamed"]
_MINISTRY, _AGENCY, _NEWS = fold("وزارة"), fold("وكالة"), fold("أنباء")


@dataclass(frozen=True, slots=True)
class Naming:
    """What a name says. ``words`` tell it from others (a person's names, given name first); ``state`` is
    the one that the name tells; ``needs_state`` where every state has such a body (الشرطة); ``office`` of a
    role without a name."""

    kind: Kind
    words: tuple[str, ...]
    state: str | None = None
    needs_state: bool = False
    office: Office | None = None
    listed: bool = False
    doubtful: bool = False

    @property
    def key(self) -> str:
        """The name as names are compared and kept."""
        return " ".join(self.words)


@cache
def listed() -> dict[str, Naming]:
    """Names that lists know, by their bare words."""
    found: dict[str, Naming] = {}
    for row in rows(DATA / "same_names.tsv"):
        names = row["names"].split(" | ")
        state = row["state"] if row["state"] != "-" else None
        words = tuple(acronyms_joined(bare_words(words_of(names[0]))))
        kind: Kind = row["kind"]  # type: ignore[assignment]
        naming = Naming(kind, words, state, listed=True)
        for name in names:
            found.setdefault(" ".join(acronyms_joined(bare_words(words_of(name)))), naming)
    for short, fulls in acronyms().items():
        keys = [" ".join(bare_words(words_of(full))) for full in fulls]
        known = next((found[key] for key in keys if key in found), None)
        naming = known or Naming("body", tuple(alike(keys[0].split())), listed=True)
        if not known and naming.words[0] in heads("national") and len(naming.words) < 4:
            continue  # another state may have one of this name
        for key in (*keys, " ".join(acronyms_joined(bare_words(words_of(short))))):
            found.setdefault(key, naming)
    return found


def known(words: Sequence[str], *, short: bool = False) -> Naming | None:
    joined = acronyms_joined(words)
    found = listed().get(" ".join(joined))
    if found is None and len(joined) == 1 and not short:
        return None
    if found is None and joined and not short:  # صحيفة «التايمز» البريطانية
        core, state = without_state(joined)
        found = listed().get(" ".join(core)) if core and len(core) < len(joined) else None
        if found is not None and state and found.state not in (None, state):
            return None
        if found is None and core and core[0] in heads("kind"):
            found = listed().get(" ".join(core[1:]))
            if found is not None and found.state and state and found.state != state:
                return None
    return found


@cache
def media_names() -> frozenset[str]:
    return frozenset(
        " ".join(bare_words(words_of(row["name"]))) for row in rows(DATA / "media.tsv")
    )


@cache
def _agencies() -> dict[str, Naming]:
    """The agencies that are called by their states (وكالة الأنباء القطرية)."""
    found: dict[str, Naming] = {}
    for name, one in listed().items():
        core, state = without_state(name.split(" "))
        if state and core == [_AGENCY, _NEWS]:
            found.setdefault(state, one)
    return found


def body(folded: Sequence[str], words: list[str], quoted: str | None) -> Naming | None:
    """A body or a medium, by its head noun, a list or quotation marks."""
    classes = [
        cls for cls in classes_of(words[0]) if cls.startswith(("body:", "media:", "acronym:"))
    ]
    definite_first = folded[0].startswith("ال")
    if any(cls.startswith("title:") for cls in classes_of(folded[0])) and not quoted:
        return None
    portfolio = definite_first and words[0] in heads("ministry")
    if not classes and not portfolio:
        if any(cls.startswith(("media:", "acronym:")) for cls in classes_of(folded[0])):
            classes = ["media:site"]
        else:
            return None
    core, state = without_state(words)
    medium = any(cls.startswith("media:") or cls == "body:media" for cls in classes)
    if portfolio:
        core = [_MINISTRY, *core]
    elif _head(words[0]) and not quoted and not definite_first and _indefinite(folded):
        return Naming("unnamed", tuple(words), state)
    if not core:
        return Naming("state", (state,), state) if state else None
    if quoted and (core[0] in heads("kind") or medium):
        core = bare_words(words_of(quoted)) or core
        core, more = without_state(core)
        state = state or more
        core = core or bare_words(words_of(quoted))
    if len(core) > 1 and core[0] == _AGENCY and core[1] in heads("agency") and state:
        agency = _agencies().get(state)
        if agency is not None and all(word in heads("empty") for word in core[2:]):
            return agency
        core = [_AGENCY, _NEWS]
        medium = True
    if core[0] in heads("government") and len(core) > 1 and "body:document" not in classes:
        core = _of_person(core)
    core = [word for k, word in enumerate(core) if k == 0 or word not in heads("empty")]
    core = alike(acronyms_joined(core))
    everywhere = core[0] != _MINISTRY and set(core) & heads("international")
    common = (
        not everywhere
        and core[0] in heads("common")
        and (len(core) < 3 or core[0] in heads("always_common"))
    )
    if len(core) > 1 and core[0] in heads("kind") - heads("national") and not (common and state):
        rest = [word for word in core[1:] if word not in heads("agency")]
        if rest and (quoted or medium or _proper(rest)):
            core = rest
    found = listed().get(" ".join(core))
    if found is not None and (not state or found.state in (None, state)):
        return found
    common = common and core[0] in heads("common")
    return Naming("media" if medium else "body", tuple(core), state, needs_state=common)


def _of_person(core: list[str]) -> list[str]:
    """An administration by its head's family name (إدارة الرئيس جو بايدن, إدارة بايدن)."""
    rest = [
        word
        for word in core[1:]
        if not any(
            cls.startswith(("title:", "office:"))
            for cls in (*classes_of(word), *classes_of("ال" + word))
        )
    ]
    if rest and all(
        not classes_of(word) or any(cls.startswith("name:") for cls in classes_of(word))
        for word in rest
    ):
        return [core[0], rest[-1]]
    return core


def _proper(words: Sequence[str]) -> bool:
    """Whether words are a name without their head noun (طالبان), not common words (معهد النفط)."""
    return any(
        not (listed := classes_of(word) + classes_of(f"ال{word}"))
        or any(
            cls.startswith(("media:", "acronym:", "body:company", "body:party")) for cls in listed
        )
        for word in words
    )


def _head(word: str) -> bool:
    return any(
        cls.startswith("body:") and cls not in ("body:portfolio", "body:document")
        for cls in classes_of(word)
    )


def _indefinite(folded: Sequence[str]) -> bool:
    """Whether a body is any such body (محكمة إسرائيلية, شركة استشارية), not one of its own."""
    rest = folded[1:]
    if not rest:
        return folded[0] in _common_nouns()
    return all(
        not word.startswith("ال")
        and (
            any(cls.startswith(("modifier:", "place:nationality")) for cls in classes_of(word))
            or word.endswith(("يه", "يين", "يون"))
        )
        for word in rest
    )


@cache
def _common_nouns() -> frozenset[str]:
    """Heads that are nobody's name when they stand alone without ال (شركة), unlike هواوي."""
    return heads("common") | heads("kind") | heads("government") | heads("national")


def noun(folded: Sequence[str], words: list[str]) -> Naming | None:
    """A body whose head no list knows: a definite noun with a definite adjective (الهلال الأحمر)."""
    if len(folded) < 2 or not all(word.startswith("ال") for word in folded[:2]):
        return None
    listed = classes_of(folded[0]) + classes_of(words[0])
    adjective = any(cls.startswith("modifier:") for cls in classes_of(words[1]))
    if any(cls.startswith(("name:", "title:")) for cls in listed) and not adjective:
        return None
    core, state = without_state(words)
    return Naming("body", tuple(alike(core)), state) if core else None


def body_key(words: Sequence[str]) -> str:
    """The key of a body's or medium's name: its sounds, in one."""
    if len(words) > 1 and words[0] in heads("kind"):
        words = words[1:]
    return "b " + "".join(skeleton(word) for word in words)
