"""The details of a statement: names in their places, and rules that hold of any text."""

from __future__ import annotations

from dataclasses import replace

from details_sample import exact_and_apart, told
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_sample import alphabet, arrays, header, press

from qawl.model import Article
from qawl.reader.network import Network
from qawl.reader.paragraphs import mark
from qawl.reader.reader import Reader, moved


def test_names_in_the_content_keep_their_kind_and_place() -> None:
    made = told(
        "{قال} <الوزير سامر الحلبي> إن ⟦قرية تل الورد ستزور بنك المشرق برفقة ليلى عودة⟧.",
        names=[
            ("سامر الحلبي", "person"),
            ("تل الورد", "place"),
            ("بنك المشرق", "body"),
            ("ليلى عودة", "person"),
        ],
    )
    assert [(n.kind, n.span.text) for n in made.names] == [
        ("place", "تل الورد"),
        ("body", "بنك المشرق"),
        ("person", "ليلى عودة"),
    ]


def test_a_clitic_is_no_part_of_a_name() -> None:
    made = told(
        "{قال} <الوزير> إن ⟦الوفد اجتمع بسامر الحلبي أمس⟧.", names=[("سامر الحلبي", "person")]
    )
    assert [n.span.text for n in made.names] == ["سامر الحلبي"]


def test_a_name_in_the_gap_between_two_parts_is_not_in_the_content() -> None:
    made = told(
        "«⟦لن نبيع أرض تل الورد⟧»، {قال} <سعيد قاسم>، «⟦فهي كل ما نملك⟧».",
        names=[("تل الورد", "place"), ("سعيد قاسم", "person")],
    )
    assert [n.span.text for n in made.names] == ["تل الورد"]


def test_half_a_name_is_none() -> None:
    made = told(
        "{قال} <الوزير> إن ⟦أبو والهيئة الدولية غادرا القرية⟧.",
        names=[("أبو", "person"), ("الدولية", "body")],
    )
    assert made.names == ()


def test_a_detail_too_long_is_narration() -> None:
    long = " ".join(["والناس"] * 40)
    assert told(f"{{قال}} <الوزير> خلال لقاء {long} إن ⟦المطار سيفتح⟧.").setting is None


def test_moving_a_statement_moves_all_that_stands_beside_it() -> None:
    made = told(
        "وعن الموسم، {قال} <المدرب> للصحفيين في ختام التدريب يوم 9 ماي 2023 إن ⟦تل الورد جاهزة⟧.",
        names=[("تل الورد", "place")],
    )
    assert all((made.about, made.addressee, made.setting, made.said_span, made.names))
    [again] = moved([made], 7)
    for field in ("about", "addressee", "setting", "said_span"):
        before, after = getattr(made, field), getattr(again, field)
        assert (after.start, after.end, after.text) == (
            before.start + 7,
            before.end + 7,
            before.text,
        )
    assert again.names[0].span.start == made.names[0].span.start + 7
    assert again.said == made.said


#: Words that open details between words of a page.
_OPENERS = [
    "وعن", "حول", "بشأن", "للصحفيين", "في بيان", "في مؤتمر", "خلال", "عبر", "لوكالة", "أمس",
    "يوم 5 مارس 2020", "وفق ما ذكرت وكالة", "وفقا لـ", "مخاطبا", "ردا على سؤال", "من جهته", "،", "إن",
    "(", ")", "«", "»", "-", "برئاسة", "الذي", "أبلغ", "طلب من", "دعا", "\n",
]  # fmt: skip
crowded = st.lists(st.sampled_from(_OPENERS) | press, max_size=14).map(" ".join)


@settings(max_examples=60)
@given(crowded, st.integers(0, 20))
def test_whatever_the_text_details_are_exact_and_stand_apart(text: str, seed: int) -> None:
    reader = Reader()
    reader._network = Network(header(), arrays(seed, cue=1.0), alphabet(), {})
    article = reader.read(mark(Article.of(text)))
    for s in article.statements:
        shown = [x for x in (s.about, s.addressee, s.setting, s.said_span) if x]
        for span in shown:
            assert article.text[span.start : span.end] == span.text != ""
            assert span.text == span.text.strip()
            for part in s.content:
                assert span.end <= part.start or part.end <= span.start
        exact_and_apart(article.text, replace(s, cue=None, speaker=None, via=()))
