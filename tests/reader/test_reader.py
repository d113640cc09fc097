"""The reader as a whole, on a small network that finds statements anywhere: windows, threads, streams."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_sample import articles, columns_of, model_file, network, texts, well_formed

from qawl.model import Article, Span, Statement
from qawl.reader import Reader
from qawl.reader import reader as module
from qawl.reader.reader import RULES, WINDOW, moved, windows

TEXT = (
    "الوزير: لن نعود\n"
    "قال الوزير سعيد قاسم إن الماء عاد، وأضاف: «رئيس الحكومة كريم». بحسب مصدر أمني.\n"
    "«لن نعود إلى وزارة الصحة»، قالت ليلى من بيان الحكومة.\nاقرأ أيضا: خبر آخر\nوأكد فيصل أن الماء على.\n"
)


class Small(Reader):
    """A reader whose network is a small one of random weights."""

    def __init__(self, seed: int = 5, *, cue: float = 2.0, min_confidence: float = 0.0) -> None:
        super().__init__(min_confidence=min_confidence)
        self._network = network(seed, cue=cue)


@pytest.fixture(scope="module")
def small() -> Small:
    return Small()


@settings(deadline=None, max_examples=150)
@given(articles, st.integers(0, 30))
def test_any_text_is_read_and_every_span_is_exact(article: Article, seed: int) -> None:
    reader = Small(seed)
    read = reader.read(article)
    assert read.text == article.text
    assert read.title == article.title
    assert read.reader == f"qawl-reader random.{RULES}"
    well_formed(read)
    assert Small(seed).read(article) == read, "the same again"
    assert reader.read(read).statements == read.statements, "reading what was read changes nothing"


def test_it_finds_something_at_all(small: Small) -> None:
    article = small.read(Article.of(TEXT))
    assert len(article.statements) > 10
    two = (s for seed in range(12) for s in Small(seed).read(article).statements if s.content[1:])
    assert any(two), "contents in two parts are among what the tests see"
    chrome = next(p for p in article.paragraphs if p.kind == "chrome")
    assert not any(s.cue and chrome.start <= s.cue.start < chrome.end for s in article.statements)


@pytest.mark.parametrize("text", ["", " \n ", "no Arabic", "123", "«»", "\u200f", "\x00" * 50])
def test_without_arabic_there_is_nothing_to_find(small: Small, text: str) -> None:
    read = small.read(Article.of(text))
    assert read.statements == ()
    assert read.reader == f"qawl-reader random.{RULES}"


def test_what_was_found_before_is_replaced(small: Small) -> None:
    old = Statement((Span.of(TEXT, 0, 3),), None, None, None, "direct", "inform")
    read = small.read(Article.of(TEXT).with_statements([old], "another reader"))
    assert old not in read.statements
    assert read.statements == small.read(Article.of(TEXT)).statements


def test_the_network_is_loaded_once_and_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[object] = []
    load = module.Network.load

    def counted(path: Path | None = None) -> object:
        loads.append(path)
        return load(path)

    monkeypatch.setattr(module.Network, "load", counted)
    path = model_file(tmp_path)
    reader = Reader(path)
    assert loads == []
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(reader.read, [Article.of(TEXT)] * 16))
    assert loads == [path]
    assert all(r == read[0] for r in read)


# --- long articles ---


@settings(deadline=None)
@given(
    st.lists(texts, max_size=8).map("\n".join), st.sampled_from(["", "عنوان"]), st.integers(4, 80)
)
def test_windows_are_the_text_cut(text: str, title: str, size: int) -> None:
    article = Article.of(text, title=title)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "WINDOW", size)
        parts = list(windows(article))
    assert "".join(part.text for part, _ in parts) == article.text
    place = 0
    lines = []
    for part, start in parts:
        assert start == place
        assert 0 < len(part.text) <= size
        place += len(part.text)
        assert part.title == (article.title if start == 0 else "")
        for p in part.paragraphs:
            assert 0 <= p.start < p.end <= len(part.text)
            lines.append((p.start + start, p.end + start, p.kind))
    # pieces of a line that was cut, put together again
    joined: list[tuple[int, int, str]] = []
    for a, b, kind in lines:
        if joined and joined[-1][1] == a and article.text[a - 1] != "\n":
            joined[-1] = (joined[-1][0], b, kind)
        else:
            joined.append((a, b, kind))
    assert joined == [(p.start, p.end, p.kind) for p in article.paragraphs]


def test_windows_are_cut_between_lines_else_between_words() -> None:
    lines = Article.of(("قال الوزير إن الماء عاد.\n") * 6_000)
    parts = list(windows(lines))
    assert len(parts) > 2
    assert all(part.text.endswith("\n") for part, _ in parts)
    one = Article.of("كلمة " * 30_000)
    assert all(part.text.endswith(" ") for part, _ in windows(one))
    solid = Article.of("ا" * (2 * WINDOW + 1))
    assert [len(part.text) for part, _ in windows(solid)] == [WINDOW, WINDOW, 1]


spans = st.none() | st.integers(0, 50).map(lambda a: Span(a, a + 2, "قل"))


@given(st.lists(st.tuples(spans, spans, spans)), st.integers(0, 10**6))
def test_moving_moves_every_span(made: list[tuple[Span | None, ...]], by: int) -> None:
    content = (Span(3, 5, "قل"), Span(8, 10, "قل"))
    before = [
        Statement(content, cue, speaker, "قل", "mixed", "deny", True, 0.5, who, ())
        for cue, speaker, who in made
    ]
    after = list(moved(before, by))
    for one, other in zip(before, after, strict=True):
        for a, b in zip(
            (*one.content, one.cue, one.speaker, one.who_span),
            (*other.content, other.cue, other.speaker, other.who_span),
            strict=True,
        ):
            assert (a is None) == (b is None)
            if a is not None and b is not None:
                assert (a.start + by, a.end + by, a.text) == (b.start, b.end, b.text)
        assert (one.form, one.act, one.nested, one.confidence, one.who) == (
            other.form, other.act, other.nested, other.confidence, other.who,
        )  # fmt: skip
    assert list(moved(moved(before, by), -by)) == before


def test_a_long_article_is_exact_everywhere(monkeypatch: pytest.MonkeyPatch, small: Small) -> None:
    monkeypatch.setattr(module, "WINDOW", 300)
    article = Article.of(TEXT * 12, title="الوزير: لن نعود")
    read = small.read(article)
    well_formed(read)
    thirds = {s.start * 3 // len(article.text) for s in read.statements}
    assert thirds == {0, 1, 2}, "statements are found all along"
    monkeypatch.setattr(module, "WINDOW", 10**6)
    well_formed(small.read(article))


@settings(deadline=None, max_examples=40)
@given(articles, st.integers(5, 60), st.integers(0, 9))
def test_any_text_in_any_windows_is_exact(article: Article, size: int, seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "WINDOW", size)
        well_formed(Small(seed).read(article))


def test_the_work_on_a_long_text_grows_with_its_length(
    monkeypatch: pytest.MonkeyPatch, small: Small
) -> None:
    """Every window is at most WINDOW long, and the tokens encoded are those of the text."""
    seen: list[int] = []
    encode = module.Network.encode

    def counted(self: object, c: object) -> object:
        seen.append(len(c.sentence))  # type: ignore[attr-defined]
        return encode(self, c)  # type: ignore[arg-type]

    monkeypatch.setattr(module.Network, "encode", counted)
    monkeypatch.setattr(module, "WINDOW", 2_000)
    monkeypatch.setattr(module, "TOGETHER", 2_000)
    totals = []
    for times in (20, 40, 80):
        seen.clear()
        text = TEXT * times
        small.read(Article.of(text))
        assert max(seen) < 2_000
        assert sum(seen) == len(columns_of(text).tokens)
        totals.append(sum(seen))
    assert totals[1] == 2 * totals[0]
    assert totals[2] == 4 * totals[0]


# --- one reader for all ---


def test_eight_threads_read_as_one(small: Small) -> None:
    rng = np.random.default_rng(0)
    lines = TEXT.split("\n")
    batch = [
        Article.of("\n".join(rng.permutation(lines).tolist()) * int(rng.integers(1, 5)), id=str(k))
        for k in range(60)
    ]
    alone = [Small().read(a) for a in batch]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(small.read, batch)) == alone
        assert list(pool.map(small.read, batch)) == alone


def told(given: list[int]) -> Iterator[Article]:
    """Ten articles, each noted in ``given`` when it is asked for."""
    for k in range(10):
        given.append(k)
        yield Article.of(TEXT, id=str(k))


def test_pipe_is_lazy_and_keeps_the_order(small: Small) -> None:
    given: list[int] = []
    out = small.pipe(told(given))
    assert given == []
    assert next(out).id == "0"
    assert given == [0]
    assert [next(out).id, next(out).id] == ["1", "2"]
    assert given == [0, 1, 2]
    rest = list(out)
    assert [a.id for a in rest] == [str(k) for k in range(3, 10)]
    assert all(a.statements == small.read(Article.of(TEXT)).statements for a in rest)
    assert list(small.pipe([])) == []


@settings(deadline=None, max_examples=40)
@given(st.lists(articles, max_size=6), st.integers(0, 400), st.integers(0, 9))
def test_articles_read_together_are_read_as_alone(
    given: list[Article], together: int, seed: int
) -> None:
    """What is found, where, by whom; chances may differ by what adding in another order rounds off."""
    reader = Small(seed)
    given = [*given, Article.of(TEXT, title="الوزير: لن نعود"), *given]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "TOGETHER", together)
        read = reader.read_together(given)
    assert [a.id for a in read] == [a.id for a in given]
    for one, other in zip(read, map(reader.read, given), strict=True):
        assert one.text == other.text
        assert [(s.content, s.cue, s.speaker, s.who, s.form, s.act) for s in one.statements] == [
            (s.content, s.cue, s.speaker, s.who, s.form, s.act) for s in other.statements
        ]
        for s, t in zip(one.statements, other.statements, strict=True):
            assert s.confidence == pytest.approx(t.confidence, abs=2e-4)


def test_pipe_reads_as_many_as_it_is_told_at_a_time(small: Small) -> None:
    given: list[int] = []
    out = small.pipe(told(given), batch_size=4)
    assert given == []
    assert next(out).id == "0"
    assert given == [0, 1, 2, 3]
    assert [a.id for a in out] == [str(k) for k in range(1, 10)]
    with pytest.raises(ValueError, match="1 or more"):
        next(small.pipe(told(given), batch_size=0))


def test_the_least_confidence_leaves_out_the_rest() -> None:
    every = Small().read(Article.of(TEXT)).statements
    chances = sorted({s.confidence for s in every})
    assert len(chances) > 3
    for least in (0.0, chances[0], chances[len(chances) // 2], chances[-1], 1.0):
        kept = Small(min_confidence=least).read(Article.of(TEXT)).statements
        assert kept == tuple(s for s in every if s.confidence >= least)
    assert Small(min_confidence=1.1).read(Article.of(TEXT)).statements == ()
