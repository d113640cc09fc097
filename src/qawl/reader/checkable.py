"""What can be checked: whether a content is a claim of fact that somebody could verify.

A rule over words (``data/details.tsv``). The act says most: what is stated or denied, or what one is
accused of with a verb that says what was done (اتهم); no opinion, prediction, promise, request, praise
or warning. The content must be a clause (أن …, a quotation, words with بحسب) or open with a verbal noun of
an event (مقتل، انسحاب); its first words must not be a question, a greeting, a wish, a judgement or a refusal;
and it must not be scripture.
It does not know whether a claim is precise, or whether anyone could have seen it.
"""

from __future__ import annotations

from qawl.arabic.lexicon import classes_of
from qawl.reader.columns import COMPLEMENTIZERS, Columns
from qawl.reader.detail_words import DetailWords, kinds, lemmas
from qawl.reader.draft import Draft

#: Words of a content at least, for a claim.
FEWEST = 3
#: Its first words, in which a judgement or wish is looked for.
FIRST = 6
#: Words before the noun of a denial (نفى أي علاقة).
_ANY = frozenset(["اي", "كل", "جميع"])


def checkable(c: Columns, draft: Draft, table: DetailWords) -> bool:
    """Whether the content of a settled draft is a claim that could be verified."""
    if draft.act not in ("inform", "deny", "accuse"):
        return False
    found = frozenset() if draft.bare else lemmas(c.folded[draft.cue])
    first = c.folded[draft.start : min(draft.end + 1, draft.start + 40)]
    words = [word for word in first if word[:1].isalnum()]
    if len(words) < FEWEST or c.tokens[draft.end].text in "؟?" or _scripture(c, draft, table):
        return False
    if table.phrase("question-word", words) or table.phrase("greeting", words):
        return False
    if draft.act == "accuse":
        return bool(found & table.words["factual"])
    if draft.act == "inform" and (_judges(words, table) or _foresees(words, table)):
        return False
    if draft.act == "deny" and table.phrase("refusal", words):
        return False
    if is_clause(c, draft):
        return True
    named = words[1] if words[0] in _ANY else words[0]
    of_fact = draft.act == "inform" or bool(found & table.words["denying"])
    return of_fact and table.has("event", named)


def _judges(words: list[str], table: DetailWords) -> bool:
    """Whether a judgement or a wish stands among the first words."""
    for k in range(min(FIRST, len(words))):
        rest = words[k : k + 3]
        if table.phrase("opinion", rest):
            return True
        if rest[0][:1] == "و" and table.phrase("opinion", [rest[0][1:]]):
            return True
    return False


def _foresees(words: list[str], table: DetailWords) -> bool:
    """Whether the first words tell of what is to come."""
    first = [word.removeprefix("و") for word in words[: 2 * FIRST]]
    return not table.words["future"].isdisjoint(first[:FIRST]) or any(
        _future(word, table) for word in first if word[:1] in ("س", "ف")
    )


def _scripture(c: Columns, draft: Draft, table: DetailWords) -> bool:
    """Whether the speaker is God or His prophet, or تعالى stands behind the cue."""
    if draft.bare:
        return False
    behind = range(draft.cue_last + 1, min(draft.cue_last + 3, len(c.tokens)))
    places = [k for k in behind if not draft.start <= k <= draft.end]
    if draft.speaker is not None:
        places += range(draft.speaker[0], min(draft.speaker[1], draft.speaker[0] + 1) + 1)
    return any(table.has_exact("scripture", c.folded[k]) for k in places)


def _future(word: str, table: DetailWords) -> bool:
    """Whether a word is a verb with the س of the future."""
    word = word[1:] if word[:2] == "فس" else word
    return (
        word[:2] in ("سي", "ست", "سن")
        and len(word) > 4
        and not table.has("no-future", word)
        and not classes_of(word)
    )


def _phrase(c: Columns, draft: Draft) -> bool:
    """Whether the cue is a phrase (بحسب), beside which a clause stands."""
    word = c.folded[draft.cue]
    return "phrase" in kinds(word) or "phrase" in kinds(word.removeprefix("و"))


def is_clause(c: Columns, draft: Draft) -> bool:
    """Whether the content is a clause by what introduces it."""
    if draft.bare or draft.form == "direct" or draft.cue > draft.start or _phrase(c, draft):
        return True
    if not COMPLEMENTIZERS.isdisjoint(c.folded[draft.cue_last + 1 : draft.start]):
        return True
    return c.tokens[draft.cue].text == ":" or c.tokens[draft.start - 1].text == ":"
