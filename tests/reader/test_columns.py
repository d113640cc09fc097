"""What the network sees of each token: its spelling's columns, remembered, and its place's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from reader_sample import FOLDED, alphabet, articles, columns_of

from qawl.arabic.letters import fold
from qawl.arabic.tokens import tokens
from qawl.model import Article, Paragraph
from qawl.reader import lexicon_columns, memory
from qawl.reader.columns import (
    SHAPES,
    SMALL,
    Alphabet,
    bare_forms,
    columns,
    shape_of,
    strip_proclitic,
)

NAMES = list(SMALL)


def small(text: str, name: str, title: str = "") -> list[int]:
    """One of the small columns, token by token."""
    return [int(v) for v in columns_of(text, title).small[:, NAMES.index(name)]]


def test_a_known_word_has_its_row_however_it_is_written() -> None:
    a = alphabet()
    row = a.words[fold("الحكومة")]
    assert row == FOLDED.index("الحكومه") + 1
    rows, folded = a.of(["الحكومة", "الحكومه", "الحُكومة", "الحكـــومة", "\u200fالحكومة"])
    assert set(rows[:, 0]) == {row}
    assert set(folded) == {"الحكومه"}


def test_an_unknown_word_is_row_zero_and_its_stem_is_tried() -> None:
    a = alphabet()
    rows, _ = a.of(["مجهول", "وكريم", "مصدرها", "كريم"])
    assert rows[:, :2].tolist() == [
        [0, 0],
        [0, a.words["كريم"]],  # conjunction off
        [0, a.words["مصدر"]],  # pronoun off
        [a.words["كريم"]] * 2,  # its stem ريم is unknown: the word itself
    ]


def test_a_words_columns_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    make = Alphabet._make

    def counted(self: Alphabet, text: str, folded: str) -> tuple[int, ...]:
        made.append(text)
        return make(self, text, folded)

    monkeypatch.setattr(Alphabet, "_make", counted)
    a = alphabet()
    article = Article.of("قال الوزير إن الوزير قال. قال الوزير.")
    first = columns(article, a)
    assert sorted(made) == sorted({"قال", "الوزير", "إن", "."})
    second = columns(article, a)
    assert len(made) == 4
    assert (first.words == second.words).all()


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST", 3)
    a = alphabet()
    texts = ["قال", "الوزير", "قال", "إن", "الحكومة", "قال", "كريم", "قال"]
    rows, _ = a.of(texts)
    assert rows.tolist() == [a.of([text])[0][0].tolist() for text in texts]
    assert len(a._seen) <= 3


def test_what_is_asked_for_often_stays_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST", 6)
    made: list[str] = []
    known = memory.Memory(lambda word: made.append(word) or word.upper())
    for other in "bcdefghijkl":
        assert known["a"] == "A"
        assert known[other] == other.upper()
        assert len(known) + len(known._old) <= 6
    assert made == list("abcdefghijkl")
    assert known["b"] == "B"
    assert made[-1] == "b"


@pytest.mark.parametrize(
    ("word", "stem", "known"),
    [
        ("وقال", "قال", True),
        ("والحكومه", "حكومه", True),
        ("للحكومه", "حكومه", True),
        ("وسيقول", "يقول", True),
        ("قال", "قال", False),
        ("ولد", "ولد", False),  # three letters: nothing is taken off
        ("", "", False),
    ],
)
def test_proclitics(word: str, stem: str, known: bool) -> None:
    got, cls = strip_proclitic(word)
    assert (got, cls > 0) == (stem, known)
    assert cls < SMALL["proclitic"]


def test_forms_under_which_a_list_may_hold_a_word() -> None:
    assert "حكومه" in bare_forms("وللحكومه")
    assert "رئيس" in bare_forms("لرئيسها")
    assert "قال" in bare_forms("وقالها")
    assert bare_forms("من") == ()


@pytest.mark.parametrize(
    ("token", "shape"),
    [
        ("قال", 0), ("\u200fقال", 0), ("_", 0), ("CNN", 1), ("é", 1), ("2024", 2), ("٣٫٥", 2),
        ("«", 3), ("“", 3), (",,", 3), ("»", 4), ("”", 4), ('"', 5), ("''", 5), ("'", 5),
    ],
)  # fmt: skip
def test_shapes_of_words_numbers_and_quotation_marks(token: str, shape: int) -> None:
    assert shape_of(token) == shape


def test_every_mark_has_a_shape_within_the_table() -> None:
    shapes = {c: shape_of(c) for c in ".،,:;؛!؟?()[]{}-–—/\\\n…@#%$€=+*•&"}
    assert all(6 <= s < SHAPES for s in shapes.values())
    assert shapes["،"] == shapes[","]
    assert shapes["؟"] == shapes["?"]
    assert shape_of("..") == shape_of("...") == shapes["…"]
    assert len({shapes[c] for c in ".،:؛!؟()-"}) == 9


def test_quotation_column() -> None:
    text = "قال «لن «الماء» من» على"
    by_token = dict(zip([t.text for t in tokens(text)], small(text, "quote"), strict=True))
    assert by_token["قال"] == by_token["على"] == 0
    assert by_token["لن"] == 1
    assert by_token["الماء"] == 2
    assert small(text, "quote")[1] == 5  # opens, and is closed
    assert small(text, "quote")[7] == 7  # closes what was opened
    assert small("قال «لن", "quote")[1] == 4  # opens, never closed
    assert small("قال» لن", "quote")[1] == 6  # closes nothing


def test_place_column_tells_title_lead_and_body() -> None:
    body = "قال سعيد\nقال قاسم"
    assert [v // 2 for v in small(body, "place", title="عودة الماء")] == [1, 1, 1, 5, 5, 5, 0, 0]
    assert [v // 2 for v in small(body, "place")] == [5, 5, 5, 0, 0]
    first = [v % 2 for v in small(body, "place", title="عودة الماء")]
    assert first == [1, 0, 0, 1, 0, 0, 1, 0]


@pytest.mark.parametrize(("kind", "code"), [("heading", 2), ("caption", 3), ("chrome", 4)])
def test_place_column_tells_what_kind_of_line_it_is(kind: str, code: int) -> None:
    text = "قال سعيد\nعودة. الماء\nقال قاسم"
    lines = Article.of(text, title="عنوان").paragraphs
    changed = tuple(
        Paragraph(p.start, p.end, kind if n == 2 else p.kind)  # type: ignore[arg-type]
        for n, p in enumerate(lines)
    )
    article = Article(text=f"عنوان\n{text}", title="عنوان", paragraphs=changed)
    c = columns(article, alphabet())
    place = [int(v) // 2 for v in c.small[:, NAMES.index("place")]]
    assert [
        p for t, p in zip(c.tokens, place, strict=True) if c.paragraph[c.tokens.index(t)] == 2
    ] == [code] * 4
    assert place.count(code) == 4


def test_chrome_that_stands_in_plain_text_is_marked() -> None:
    text = "قال الوزير إن الماء عاد.\nاظهر المزيد\nقال قاسم إن الصحة بخير."
    place = [v // 2 for v in small(text, "place")]
    assert place.count(4) == 3  # its two words and its newline
    assert place[-1] == 0


def test_sentences_and_paragraphs_are_numbered() -> None:
    c = columns_of("قال سعيد. عاد الماء.\nمن قاسم")
    assert c.sentence.tolist() == [0, 0, 0, 1, 1, 1, -1, 2, 2]
    assert c.paragraph.tolist() == [0, 0, 0, 0, 0, 0, 0, 1, 1]
    assert [i for i, v in enumerate(c.small[:, NAMES.index("gap")]) if v] == [0, 3, 7]


def test_running_counts_are_exclusive_and_have_a_last_row() -> None:
    c = columns_of("قال: إن الماء، «عاد» وأنه باق؛")
    words = [t.text for t in c.tokens]
    commas, _, _, colons = c.counts.T
    assert colons.tolist() == [0, 0] + [1] * (len(words) - 1)
    assert commas[words.index("،")] == 0
    assert commas[words.index("،") + 1] == 1
    assert c.counts[-1].tolist() == [2, 2, 2, 1]


def test_what_stands_next_before_a_token() -> None:
    c = columns_of("«عاد» قال: إن الماء «باق")
    words = [t.text for t in c.tokens]
    marks, complementizers, colons = c.before.T.tolist()
    assert marks == [1, 1, 0, 2, 0, 0, 0, 0, 1]  # nothing is before the first: its own mark
    assert [words[k] for k, v in enumerate(complementizers) if v] == ["الماء"]
    assert [words[k] for k, v in enumerate(colons) if v] == ["إن"]
    assert c.closing.tolist() == [2, 2, -2, -2, -2, -2, -2, -2, -1]


def test_kaana_is_no_complementizer() -> None:
    assert columns_of("كان الماء").counts[-1, 2] == 0
    assert columns_of("بأنه عاد").counts[-1, 2] == 1


@pytest.mark.parametrize("text", ["", " ", "\n", "\n\n", "\u200f", "."])
def test_texts_of_nothing(text: str) -> None:
    c = columns_of(text)
    assert len(c.tokens) == len(c.words) == len(c.small) == len(c.lexicon) == len(c.folded)
    assert len(c.counts) == len(c.tokens) + 1


@settings(deadline=None)
@given(articles)
def test_every_column_is_within_its_table(article: Article) -> None:
    a = alphabet()
    c = columns(article, a)
    n = len(c.tokens)
    assert c.words.shape == (n, 4)
    assert c.small.shape == (n, len(SMALL))
    assert c.lexicon.shape == (n, len(lexicon_columns.SIZES))
    sizes = [len(a.words) + 1, len(a.words) + 1, len(a.endings) + 1, len(a.beginnings) + 1]
    for table, limits in (
        (c.words, sizes),
        (c.small, list(SMALL.values())),
        (c.lexicon, lexicon_columns.SIZES),
    ):
        assert (table >= 0).all()
        assert (table < np.array(limits)).all()
    assert all(article.text[t.start : t.end] == t.text for t in c.tokens)
    assert c.counts.shape == (n + 1, 4)
    assert not c.counts[0].any()
    assert set(np.diff(c.counts, axis=0).ravel().tolist()) <= {0, 1}
    assert [i for i, t in enumerate(c.tokens) if t.text == "\n"] == np.flatnonzero(
        c.sentence < 0
    ).tolist()


@settings(deadline=None)
@given(articles)
def test_memory_of_other_articles_changes_nothing(article: Article) -> None:
    used = alphabet()
    columns(Article.of("قال الوزير: «لن نعود» وأكد أن الماء باق"), used)
    one, other = columns(article, used), columns(article, alphabet())
    assert (one.words == other.words).all()
    assert (one.small == other.small).all()
    assert (one.lexicon == other.lexicon).all()


def test_a_heading_that_names_its_source_is_read_as_a_title_is() -> None:
    text = "قال سعيد\nالوزير: عاد الماء\nعودة الماء إلى كل الحي: قال"
    lines = Article.of(text, title="عنوان").paragraphs
    changed = tuple(
        Paragraph(p.start, p.end, "heading" if n > 1 else p.kind) for n, p in enumerate(lines)
    )
    article = Article(text=f"عنوان\n{text}", title="عنوان", paragraphs=changed)
    c = columns(article, alphabet())
    place = c.small[:, NAMES.index("place")] // 2
    assert set(place[c.paragraph == 2][:-1].tolist()) == {1}
    assert c.tokens[(c.paragraph == 2).argmax()].text == "الوزير"
