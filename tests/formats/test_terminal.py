import io
import re
from dataclasses import replace

import pytest
from format_strategies import articles as any_article
from hypothesis import given
from hypothesis import strategies as st

from qawl.formats import terminal
from qawl.formats.terminal import PDI, RLI, View, wrapped
from qawl.model import Article, Span, Statement


class Terminal(io.BytesIO):
    def isatty(self):
        return True


@pytest.fixture
def on_terminal(monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "70")


def shown(articles, out=None, **view):
    out = out or io.BytesIO()
    terminal.write(articles, out, View(**view))
    return out.getvalue().decode("utf-8")


def test_an_article_is_headed_and_its_statements_are_grouped_by_source(levant):
    text = shown([levant], width=80)
    lines = text.splitlines()
    assert lines[0] == "الحاصباني: الجسر قبل الشتاء"
    assert lines[1] == "صحيفة المرفأ · 2019-11-25 · ريما أبو شقرا"
    assert lines[3] == "نبيل الحاصباني — 3 statements"
    assert lines[4] == "  1. indirect · commit · cue «:» · as «الحاصباني»"
    assert lines[5].strip() == "الجسر قبل الشتاء"
    assert text.index("بلدية تل الزهر — 1 statement") > text.index("الكلفة تجاوزت")
    assert "  4. indirect · deny · cue «نفت» · nested" in lines
    assert lines[-1] == "4 statements by 2 sources"


def test_what_stands_beside_a_content_is_told_under_it(gulf):
    lines = shown([gulf], width=120).splitlines()
    assert "  1. indirect · accuse · cue «أبلغ» · as «الوكيل راشد المري» · checkable" in lines
    at = next(k for k, line in enumerate(lines) if line.strip().endswith("ستبدأ العمل"))
    assert lines[at + 1 : at + 4] == [
        "     to: أعضاء الغرفة · where: في لقاء مفتوح · when: 2024-06-02 · about: توسعة الميناء ·",
        "     relayed by: وكالة الساحل ← الغرفة",
        "",
    ]
    arabic = shown([gulf], width=120, lang="ar")
    assert "قابل للتحقق" in arabic
    assert "نقلا عن: وكالة الساحل ← الغرفة" in arabic


def test_no_detail_is_torn_that_fits_a_line(gulf):
    lines = shown([gulf], width=40).splitlines()
    assert "     where: في لقاء مفتوح ·" in lines
    assert "     about: توسعة الميناء ·" in lines


def test_on_a_terminal_each_piece_of_arabic_keeps_its_side(gulf, on_terminal):
    text = re.sub(r"\x1b\[[0-9;]*m", "", shown([gulf], Terminal()))
    assert f"to: {RLI}أعضاء الغرفة{PDI} · where: {RLI}في لقاء مفتوح{PDI}" in text


def test_parts_of_a_cut_quotation_are_told_apart(levant):
    lines = [line.strip() for line in shown([levant], width=80).splitlines()]
    at = lines.index("سنعيد فتح الجسر")
    assert lines[at : at + 3] == ["سنعيد فتح الجسر", "[…]", "قبل حلول الشتاء"]


def test_several_articles_are_summed_up(articles):
    text = shown(articles)
    assert "no statements" in text
    assert text.splitlines()[-1] == "6 statements by 3 sources in 3 articles"


def test_labels_in_arabic(levant):
    text = shown([levant], lang="ar")
    assert "نبيل الحاصباني — 3 أقوال" in text
    assert "مباشر · تعهّد · اللفظ «قال»" in text
    assert text.splitlines()[-1] == "4 أقوال من مصدرين"


def test_arabic_labels_read_from_the_right_margin_of_a_terminal(levant, on_terminal):
    text = re.sub(r"\x1b\[[0-9;]*m", "", shown([levant], Terminal(), lang="ar"))
    [line] = [line for line in text.splitlines() if "اللفظ" in line and "ضمن" in line]
    assert line.lstrip(" ").startswith(f"{RLI}  4. غير مباشر")
    assert len(re.sub("[\u2067\u2069\u0651]", "", line)) == 70


def test_a_pipe_gets_neither_colour_nor_marks(articles):
    text = shown(articles, context=True, explain=True)
    assert "\x1b" not in text
    assert RLI not in text
    assert PDI not in text


def test_a_terminal_gets_colour_isolates_and_lines_that_end_at_the_margin(levant, on_terminal):
    text = shown([levant], Terminal())
    assert "\x1b[" in text
    assert text.count(RLI) == text.count(PDI) > 0
    [line] = [line for line in text.splitlines() if "12,5 مليون" in line]
    bare = re.sub(r"\x1b\[[0-9;]*m", "", line)
    assert bare.startswith("     ")
    assert len(bare.replace(RLI, "").replace(PDI, "")) == 70


def test_marks_can_be_had_or_not_by_wish(levant, on_terminal):
    assert RLI in shown([levant], marks=True)
    assert RLI not in shown([levant], Terminal(), marks=False)


def test_context_shows_the_paragraph_with_its_parts_in_brackets(levant):
    text = shown([levant], context=True, width=100)
    assert "⟦what was said⟧ {reporting word} <source>" in text
    lines = [line.strip() for line in text.splitlines()]
    assert "«⟦سنعيد فتح الجسر⟧»، {قال} <المهندس نبيل الحاصباني>، «⟦قبل حلول الشتاء⟧»." in lines
    assert "و{أضاف} أن ⟦الكلفة تجاوزت 12,5 مليون ليرة (نحو 40%)⟧." in lines


def test_context_on_a_terminal_uses_colour_and_no_brackets(levant, on_terminal):
    text = shown([levant], Terminal(), context=True)
    assert "⟦" not in text
    assert "\x1b[1;32m" in text
    assert "\x1b[4;33m" in text


def test_no_color_on_a_terminal_means_brackets(levant, on_terminal, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert "⟦" in shown([levant], Terminal(), context=True)


def test_long_lines_of_labels_are_cut_between_words_too(levant):
    long = " ".join(["الناطق"] * 40)
    statement = replace(levant.statements[0], who=long)
    text = shown([replace(levant, statements=(statement,))], width=60)
    assert max(map(len, text.splitlines())) <= 60
    assert text.count("الناطق") == 40


def test_explain_shows_what_decided_and_how_sure(levant):
    text = shown([levant], explain=True)
    assert "confidence 0.98" in text
    assert "     cue: lexicon — قال takes أنّ or a quotation" in text
    assert "     act: model-1 0.91" in text


def test_an_unnamed_source_and_a_missing_title_are_said(maghreb):
    text = shown([maghreb])
    assert text.startswith("untitled\n2020-01-03\n")
    assert "source not named — 1 statement" in text
    assert text.splitlines()[-1] == "2 statements by 1 source"


def test_hostile_text_cannot_move_the_cursor_or_turn_the_line(maghreb):
    text = "قال \x1b[2Jأحمد\u202e مرحبا\x07 \u2066بكم"
    statement = Statement(
        (Span.of(text, 4, len(text)),), None, None, "\x1b]0;x\x07س\u202e", "direct", "inform"
    )
    article = Article(
        text=text, title="\x1b[31mعنوان", outlet="\u202eصحيفة", statements=(statement,)
    )
    for view in ({}, {"context": True}):
        seen = shown([article], **view)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", seen)
        assert "مرحبا" in seen


@given(st.text(alphabet="ابتثلا \n\t\u064b😀a", max_size=200), st.integers(1, 30))
def test_lines_are_cut_between_words_and_nothing_is_lost(text, width):
    lines = [text[start:end] for start, end in wrapped(text, width)]
    assert [word for line in lines for word in line.split()] == text.split()
    from rich.cells import cell_len

    for line in lines:
        assert cell_len(line) <= width or len(line.split()) == 1


@given(any_article())
def test_any_article_can_be_shown(article):
    text = shown([replace(article, title="")], context=True, explain=True)
    assert f"{len(article.statements)} statement" in text or "no statements" in text
