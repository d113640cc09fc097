"""Finishing: drafts that clash are settled, and what is left becomes statements with exact spans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qawl.arabic.letters import first_letter
from qawl.arabic.lexicon import entries_of
from qawl.model import Article, Decision, Span, Statement
from qawl.reader import details
from qawl.reader.columns import Columns
from qawl.reader.confidence import LEAST, confidence
from qawl.reader.detail_words import kinds
from qawl.reader.draft import Draft
from qawl.reader.edges import may_begin, may_end
from qawl.reader.fullest import fullest
from qawl.reader.lexicon_columns import cue_columns
from qawl.reader.mentions import small_words, titled
from qawl.reader.network import Network
from qawl.reader.who import Context

#: Marks that do not belong to a content's edge when nothing in it pairs with them; a line's end.
_EDGE_MARKS = frozenset(".،,؛;:-–— …\u200f\u200e\n") | {"..", "..."}

#: Marks behind which a و joins.
_BREAKS = frozenset(["،", ",", "؛", ";", ".", "..", "...", "…"])
#: Kinds of reporting words that a subject follows.
_FINITE = frozenset(["past", "present", "passive"])

#: Direction and zero-width marks and the soft hyphen.
_INVISIBLE = frozenset(
    "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2066\u2067\u2068\u2069\ufeff"
)


def settle(c: Columns, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts that have a content, each content once: of two with the same bounds, cue beside cue
    (وأضاف قائلا), the first is kept."""
    out: list[Draft] = []
    seen: dict[tuple[int, int], Draft] = {}
    nobody = small_words("nobody")
    for draft in drafts:
        if draft.start < 0 or draft.end < draft.start:
            continue
        if draft.speaker is not None and c.folded[draft.speaker[0]] in nobody:  # قال لي ناشري
            first, last = draft.speaker
            draft.speaker = (first + 1, last) if first < last else None
        while draft.end > draft.start and _no_words(c, draft.end):
            draft.end -= 1
        while draft.start < draft.end and _no_words(c, draft.start):
            draft.start += 1
        other = seen.get((draft.start, draft.end))
        if other is not None and _beside(other, draft):
            if draft.speaker is not None and other.speaker is None:
                other.speaker = draft.speaker
                other.speaker_probability = draft.speaker_probability
            other.cue_probability = max(other.cue_probability, draft.cue_probability)
            continue
        seen[draft.start, draft.end] = draft
        draft.gap = _gap(c, draft)
        out.append(draft)
    return out


def _no_words(c: Columns, k: int) -> bool:
    """Whether a token at a content's edge is none of its words: a mark, or zero-width marks alone."""
    return c.tokens[k].text in _EDGE_MARKS or not c.folded[k]


def _beside(first: Draft, second: Draft) -> bool:
    """Whether the two cues serve one content: no content of the first lies between them."""
    return second.cue < second.start and first.cue < second.cue and second.cue - first.cue <= 25


def _gap(c: Columns, draft: Draft) -> tuple[int, int] | None:
    """The tokens of the cue's clause where it stands inside its content ("…", قال فلان, "…")."""
    if draft.bare or not draft.start < draft.cue < draft.end:
        return None
    first, last = draft.cue, draft.cue_last
    if draft.speaker is not None:
        first, last = min(first, draft.speaker[0]), max(last, draft.speaker[1])
    if first <= draft.start or last >= draft.end:
        return None
    edges = _EDGE_MARKS | {"،", "(", ")"}
    for _ in range(3):
        if first - 1 > draft.start and (
            c.tokens[first - 1].text in edges or c.quotes.closes[first - 1]
        ):
            first -= 1
        if last + 1 < draft.end and (c.tokens[last + 1].text in edges or c.quotes.opens[last + 1]):
            last += 1
    while first - 1 > draft.start and c.tokens[first - 1].text == "\n":
        first -= 1
    while last + 1 < draft.end and c.tokens[last + 1].text == "\n":
        last += 1
    return first, last


def statements(
    article: Article,
    c: Columns,
    drafts: Sequence[Draft],
    context: Context,
    network: Network,
    names: Sequence[tuple[int, int, int]] = (),
) -> list[Statement]:
    """The statements of settled drafts, in the order of their contents; ``names`` are the tagger's
    (``mentions.names_of``)."""
    text, toks = article.text, c.tokens
    sure = [confidence(c, d, network) for d in drafts]
    if "calibration" in network.header:  # the chances of another model mean something else
        kept = [k for k, chance in enumerate(sure) if chance >= LEAST]
        drafts, sure = [drafts[k] for k in kept], [sure[k] for k in kept]
    nested = inner_spans([(d.start, d.end) for d in drafts])
    made = []
    sources: dict[int, Span] = {}
    for draft, chance in zip(drafts, sure, strict=True):
        parts = [(draft.start, draft.end)]
        if draft.gap is not None:
            parts = [(draft.start, draft.gap[0] - 1), (draft.gap[1] + 1, draft.end)]
            if all(_is_quotation(c, a, b) for a, b in parts):
                draft.form = "direct"
        content = []
        for n, (a, b) in enumerate(parts):
            start = toks[a].start
            if n == 0 and _joined(c, draft, network):
                start += first_letter(toks[a].text)
            content.append(_exact(text, start, toks[b].end))
        cue = None
        if not draft.bare:
            start = toks[draft.cue].start
            if conjoined(c.folded[draft.cue], network):
                start += first_letter(toks[draft.cue].text)
            cue = _exact(text, start, toks[draft.cue_last].end)
        speaker = None
        if draft.speaker is not None:
            first = draft.speaker[0]
            start = toks[first].start
            if glued(c, first, network):
                start += first_letter(toks[first].text)
                if cue and first == draft.cue_last + 1 and c.folded[first][0] in "لب":
                    cue = _exact(text, cue.start, start)  # وفقا لـ: the preposition is the cue's
            speaker = _exact(text, start, toks[draft.speaker[1]].end)
        who_span = None
        if draft.group >= 0:
            if draft.group not in sources:
                sources[draft.group] = _source(text, c, context, draft.group, network)
            who_span = sources[draft.group]
        made.append(
            Statement(
                content=tuple(content),
                cue=cue,
                speaker=speaker,
                who=who_span.text if who_span else None,
                who_span=who_span,
                form=draft.form,
                act=draft.act,
                nested=(draft.start, draft.end) in nested,
                confidence=chance,
                decisions=tuple(_decisions(draft, network)),
            )
        )
    made = details.fill(article, c, drafts, made, list(_trimmed(c, names, network)))
    made.sort(key=lambda s: (s.start, -s.end, s.cue.start if s.cue else -1))
    return made


def _source(text: str, c: Columns, context: Context, group: int, network: Network) -> Span:
    """Where the fullest name of a group stands, without a glued particle and marks that pair with none in it."""
    first, last = fullest(context, group)
    while last > first and not may_end(c, first, last):
        last -= 1
    while first < last and not may_begin(c, first, last):
        first += 1
    start = c.tokens[first].start
    if glued(c, first, network):
        start += first_letter(c.tokens[first].text)
    return _exact(text, start, c.tokens[last].end)


def _is_quotation(c: Columns, first: int, last: int) -> bool:
    """Whether the tokens from ``first`` to ``last`` are all that stands between two quotation marks, but for
    a mark of punctuation."""
    if not first or not c.quotes.opens[first - 1]:
        return False
    close = c.quotes.mate[first - 1]
    return last <= close <= last + 2 and not any(
        c.folded[k][:1].isalnum() for k in range(last + 1, close)
    )


def _exact(text: str, start: int, end: int) -> Span:
    """The span without the direction and zero-width marks at its edges (‏عماد), which are no one's
    words, and the white space beside them; what is nothing but marks stays."""
    first, last = start, end
    while first < last and (text[first] in _INVISIBLE or text[first].isspace()):
        first += 1
    while last > first and (text[last - 1] in _INVISIBLE or text[last - 1].isspace()):
        last -= 1
    return Span.of(text, first, last) if first < last else Span.of(text, start, end)


def _trimmed(
    c: Columns, names: Sequence[tuple[int, int, int]], network: Network
) -> Iterator[tuple[int, int, int, int]]:
    """The names without marks at their edges, with the code points of a clitic before them."""
    for first, last, kind in names:
        while first <= last and not c.folded[first][:1].isalnum():
            first += 1
        while last >= first and not c.folded[last][:1].isalnum():
            last -= 1
        if first <= last:
            letter = first_letter(c.tokens[first].text) if glued(c, first, network) else 0
            yield first, last, kind, letter


def inner_spans(spans: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """The spans that lie within a longer one of ``spans``."""
    inner: set[tuple[int, int]] = set()
    reach = -1
    for span in sorted(set(spans), key=lambda s: (s[0], -s[1])):
        if span[1] <= reach:
            inner.add(span)
        reach = max(reach, span[1])
    return inner


def _joined(c: Columns, draft: Draft, network: Network) -> bool:
    """Whether the content begins with a و or ف that joins the reporter's sentences and is no word of
    the source: that of an unquoted content before its cue (75 of 80 in the training articles)."""
    first = draft.start
    before_cue = draft.cue > draft.end or draft.gap is not None
    return (
        before_cue
        and not (first and c.quotes.opens[first - 1])
        and conjoined(c.folded[first], network)
    )


def conjoined(folded: str, network: Network) -> bool:
    """Whether the و or ف at a word's head is a conjunction (وقال، ويأتي) and no letter of it (وصف، وقعت).

    A reporting word of the lexicon is whole; so is another listed word (وزير، فندق) unless the press
    writes what stands behind its first letter more often (ودان).
    """
    if folded in cue_columns() or folded[:1] not in "وف":
        return False
    if folded[1:] in cue_columns():
        return not entries_of(folded) or _oftener_without(folded, network)
    return clitic(folded, network)


def glued(c: Columns, k: int, network: Network) -> bool:
    """Whether a name's first word begins with a word of its own: as ``clitic``, or because the word before asks
    for it (وفقا لبيث). None is ك (of 105 names of the gold and of training/written), or stands where a verb's subject
    does (قال برامبل), or behind a title (المحامية بلين). A و behind a comma or a stop before a word that nobody knows
    is one (، وبيطريون: 19 of 19)."""
    word = c.folded[k]
    before = c.folded[k - 1] if k else ""
    if word[:1] == "ك" or (word[:1] in "بف" and (kinds(before) & _FINITE or titled(before))):
        return False
    if word[:1] == "و" and k and c.tokens[k - 1].text in _BREAKS and _unknown(word, network):
        return True
    asked = word[:1] == "ل" and word[1:2] != "ل" and k and c.folded[k - 1] in small_words("asks")
    return bool(asked) or clitic(word, network)


def clitic(folded: str, network: Network) -> bool:
    """Whether the first letter is a word of its own (و ف ل ب ك) before another: of the two readings
    the one whose word the press writes more often."""
    if folded[:1] not in "وفلبك" or len(folded) < 4 or folded.startswith("لل"):
        return False
    if entries_of(folded):  # a name or office that begins so (فيصل، كريم، وزير)
        return False
    if folded[1:3] == "ال" and len(folded) > 5 and folded not in network.alphabet.words:
        return True
    return _oftener_without(folded, network)


def _unknown(folded: str, network: Network) -> bool:
    """Whether neither the press nor a list knows a word, with its first letter or without."""
    words = network.alphabet.words
    known = folded in words or folded[1:] in words
    return len(folded) > 4 and not known and not entries_of(folded)


def _oftener_without(folded: str, network: Network) -> bool:
    """Whether the word without its first letter is the commoner one (the vocabulary is in order of
    frequency)."""
    words = network.alphabet.words
    return words.get(folded[1:], len(words)) < words.get(folded, len(words))


def _decisions(draft: Draft, network: Network) -> list[Decision]:
    by = f"model {network.version}"
    rows = [
        Decision(
            "cue",
            draft.rule or by,
            round(draft.cue_probability, 4),
            "opening mark" if draft.bare and not draft.rule else "",
        ),
        Decision(
            "content",
            draft.rule or by,
            round(draft.content_probability, 4),
            "two parts round the cue" if draft.gap else "",
        ),
        Decision(
            "speaker",
            by,
            round(draft.speaker_probability, 4),
            "" if draft.speaker else "hidden in the verb",
        ),
        Decision("who", by, round(draft.who_probability, 4)),
        Decision("form", by),
        Decision("act", by, round(draft.act_probability, 4)),
    ]
    return rows + draft.decisions
