"""Articles as hurried hands write them: the same words with hamzas, dots, marks and spaces gone astray.

Every noise keeps where each of its code points stood, so that what is read in the noisy article can be
judged on the clean one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from qawl.arabic.tokens import tokens
from qawl.model import Article, Span, Statement

#: A text as its code points, each with its place in the clean one.
Noisy = list[tuple[str, int]]

_BARE = str.maketrans("أإآٱئؤ", "ااااىو")
_DOTLESS = str.maketrans("ية", "ىه")
_QUOTES = frozenset("\"«»“”„‘’'")
_STOPS = frozenset("،,؛;.:")
#: Share of the words, spaces or marks that a noise touches, where it does not touch all.
SHARE = 0.05


def without_hamzas(text: str, chance: random.Random) -> Noisy:
    """Every hamza on a letter is left off."""
    return [(ch, k) for k, ch in enumerate(text.translate(_BARE))]


def without_dots(text: str, chance: random.Random) -> Noisy:
    """A word's last ي is written ى, its last ة ه."""
    out = list(text)
    for t in tokens(text):
        out[t.end - 1] = out[t.end - 1].translate(_DOTLESS)
    return [(ch, k) for k, ch in enumerate(out)]


def with_typos(text: str, chance: random.Random) -> Noisy:
    """In a twentieth of the words of four letters and more two neighbours are swapped or one is lost."""
    out: Noisy = [(ch, k) for k, ch in enumerate(text)]
    for t in reversed(tokens(text)):
        if t.end - t.start < 4 or not t.text.isalpha() or chance.random() >= SHARE:
            continue
        at = chance.randrange(t.start + 1, t.end - 1)
        if chance.random() < 0.5:
            out[at : at + 2] = [(text[at + 1], at), (text[at], at + 1)]
        else:
            del out[at]
    return out


def glued(text: str, chance: random.Random) -> Noisy:
    """A twentieth of the spaces is lost."""
    return [(ch, k) for k, ch in enumerate(text) if ch != " " or chance.random() >= SHARE]


def without_quotes(text: str, chance: random.Random) -> Noisy:
    """No quotation mark is left."""
    return [(ch, k) for k, ch in enumerate(text) if ch not in _QUOTES]


def half_stops(text: str, chance: random.Random) -> Noisy:
    """Half of the commas, stops and colons are lost."""
    return [(ch, k) for k, ch in enumerate(text) if ch not in _STOPS or chance.random() < 0.5]


NOISES: dict[str, Callable[[str, random.Random], Noisy]] = {
    "no hamzas (ان، الى، مسؤول → مسوول)": without_hamzas,
    "ى for ي, ه for ة": without_dots,
    "a typo in 5 % of the words": with_typos,
    "5 % of the spaces lost": glued,
    "half of the commas, stops and colons lost": half_stops,
    "no quotation marks": without_quotes,
}


def noisy(
    article: Article, noise: Callable[[str, random.Random], Noisy]
) -> tuple[Article, list[int]]:
    """The article with the noise, and where each of its code points stood."""
    chance = random.Random(article.text[:40])
    body = article.text[len(article.title) + 1 :] if article.title else article.text
    title = noise(article.title, chance)
    text = noise(body, chance)
    places = [k for _, k in title]
    before = 0
    if title:
        before = len(article.title) + 1
        places.append(before - 1)
    places += [k + before for _, k in text]
    made = Article.of(
        "".join(ch for ch, _ in text), title="".join(ch for ch, _ in title), id=article.id
    )
    return made, places


def on_clean(statements: Sequence[Statement], text: str, places: Sequence[int]) -> list[Statement]:
    """The statements of a noisy article with their spans on the clean ``text``."""

    def back(span: Span | None) -> Span | None:
        return span and Span.of(text, places[span.start], places[span.end - 1] + 1)

    out = []
    for s in statements:
        who = back(s.who_span)
        out.append(
            replace(
                s,
                content=tuple(
                    Span.of(text, places[p.start], places[p.end - 1] + 1) for p in s.content
                ),
                cue=back(s.cue),
                speaker=back(s.speaker),
                who_span=who,
                who=who.text if who else None,
            )
        )
    return out
