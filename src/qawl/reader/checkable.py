"""What can be checked: whether a content is a claim of fact that somebody could verify.

A rule over words (``data/details.tsv``). The act says most: what is stated, denied or, with some verbs,
what one is accused of; no opinion, prediction, promise, request, praise or warning. The content must be
a clause (أن …, a quotation, words with بحسب) or open with a verbal noun of an event (مقتل، انسحاب); and
its first words must not be a question, a greeting, a wish or a judgement.
It does not know whether a claim is precise, or whether anyone could have seen it.
"""

from __future__ import annotations

from qawl.arabic.lexicon import classes_of, cue_forms
from qawl.reader.columns import COMPLEMENTIZERS, Columns
from qawl.reader.detail_words import DetailWords, lemmas
from qawl.reader.draft import Draft

#: Words of a content at least, for a claim.
FEWEST = 3
#: Its first words, in which a judgement or wish is looked for.
FIRST = 6


def checkable(c: Columns, draft: Draft, table: DetailWords) -> bool:
    """Whether the content of a settled draft is a claim that could be verified."""
    if draft.act not in ("inform", "deny", "accuse"):
        return False
    found = frozenset() if draft.bare else lemmas(c.folded[draft.cue])
    if draft.act == "accuse" and not found & table.words["factual"]:
        return False
    words = [
        c.folded[k]
        for k in range(draft.start, min(draft.end + 1, draft.start + 40))
        if c.folded[k][:1].isalnum()
    ]
    if len(words) < FEWEST or c.tokens[draft.end].text in "؟?":
        return False
    if table.phrase("question-word", words) or table.phrase("greeting", words):
        return False
    if draft.act == "inform":
        for k in range(min(FIRST, len(words))):
            rest = words[k : k + 3]
            if table.phrase("opinion", rest) or (
                rest[0][:1] == "و" and table.phrase("opinion", [rest[0][1:]])
            ):
                return False
            if table.phrase("future", rest):
                return False
        if any(_future(word, table) for word in words[: 2 * FIRST]):
            return False
    named = words[1] if words[0] == "اي" else words[0]  # نفى أي علاقة
    return _clause(c, draft) or table.has("event", named)


def _future(word: str, table: DetailWords) -> bool:
    """Whether a word is a verb with the س of the future."""
    word = word[1:] if word[:2] in ("وس", "فس") else word
    return (
        word[:2] in ("سي", "ست", "سن")
        and len(word) > 4
        and not word.startswith(tuple(table.words["no-future"]))
        and not classes_of(word)
    )


def _phrase(c: Columns, draft: Draft) -> bool:
    """Whether the cue is a phrase (بحسب), beside which a clause stands."""
    return any(
        form.kind == "phrase" and " " not in form.form
        for form in cue_forms().get(c.folded[draft.cue], ())
    )


def _clause(c: Columns, draft: Draft) -> bool:
    """Whether the content is a clause by what introduces it."""
    if draft.bare or draft.form == "direct" or draft.cue > draft.start or _phrase(c, draft):
        return True
    if any(c.folded[k] in COMPLEMENTIZERS for k in range(draft.cue_last + 1, draft.start)):
        return True
    return c.tokens[draft.cue].text == ":" or c.tokens[draft.start - 1].text == ":"
