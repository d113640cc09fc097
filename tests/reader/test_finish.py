"""Drafts that clash are settled, and spans are made exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_sample import alphabet, arrays, columns_of, header, network, press

from qawl.model import Article
from qawl.reader import finish
from qawl.reader.confidence import confidence, features
from qawl.reader.draft import Draft
from qawl.reader.finish import clitic, conjoined, glued, inner_spans, settle, statements
from qawl.reader.mentions import gather
from qawl.reader.network import Network
from qawl.reader.who import Context, Said

NET = network(0)
for _word in ("والدته", "دان", "ودان"):  # known to the press, in this order
    NET.alphabet.words[_word] = len(NET.alphabet.words) + 1


def draft(
    cue: int, start: int, end: int, speaker: tuple[int, int] | None = None, **fields: object
) -> Draft:
    made = Draft(cue, cue, bare=False, cue_probability=0.9, start=start, end=end, speaker=speaker)
    made.content_probability = made.speaker_probability = made.who_probability = 0.9
    made.act_probability = 0.9
    for name, value in fields.items():
        setattr(made, name, value)
    return made


spans = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda p: (min(p), max(p)))


@given(st.lists(spans, max_size=12))
def test_inner_spans_are_those_within_a_longer_one(found: list[tuple[int, int]]) -> None:
    expected = {s for s in found if any(o[0] <= s[0] and s[1] <= o[1] and o != s for o in found)}
    assert inner_spans(found) == expected


def settled(text: str, *drafts: Draft) -> list[str]:
    c = columns_of(text)
    return [text[c.tokens[d.start].start : c.tokens[d.end].end] for d in settle(c, list(drafts))]


def test_a_draft_without_a_content_is_dropped() -> None:
    assert settled("قال سعيد", draft(0, -1, -1), draft(0, 1, 0)) == []


def test_marks_at_the_edges_are_no_content() -> None:
    assert settled("قال : ، عاد الماء ... .", draft(0, 1, 6)) == ["عاد الماء"]
    assert settled("قال عاد الماء؟", draft(0, 1, 3)) == ["عاد الماء؟"]
    assert settled("قال ،", draft(0, 1, 1)) in ([], ["،"])


def test_a_content_does_not_begin_or_end_with_a_line_break() -> None:
    assert settled("قال :\nعاد الماء .\n.", draft(0, 1, 7)) == ["عاد الماء"]


def test_two_cues_of_one_content_are_one_statement() -> None:
    text = "وأضاف سعيد قائلا : عاد الماء"
    c = columns_of(text)
    first, second = draft(0, 4, 5), draft(2, 4, 5, (1, 1), cue_probability=0.95)
    (kept,) = settle(c, [first, second])
    assert kept is first
    assert kept.speaker == (1, 1), "the speaker of the second is not lost"
    assert kept.cue_probability == 0.95
    (kept,) = settle(c, [draft(0, 4, 5, (1, 1)), draft(2, 4, 5)])
    assert kept.speaker == (1, 1)


def test_cues_on_both_sides_of_a_content_stay_two() -> None:
    text = "قال سعيد عاد الماء ، قالت ليلى"
    assert settled(text, draft(0, 2, 3), draft(5, 2, 3)) == ["عاد الماء"] * 2


def test_a_content_round_its_cue_is_cut_in_two() -> None:
    text = "«عاد الماء»، قال الوزير سعيد، «ولن يغيب»"
    c = columns_of(text)
    (kept,) = settle(c, [draft(5, 1, 11, (6, 7))])
    assert kept.gap is not None
    first, last = kept.gap
    assert text[c.tokens[first].start : c.tokens[last].end] == "»، قال الوزير سعيد، «"
    assert settle(c, [draft(5, 1, 10, bare=True)])[0].gap is None
    assert settle(c, [draft(5, 9, 10)])[0].gap is None


def test_a_gap_that_would_leave_nothing_is_none() -> None:
    c = columns_of("سعيد قال عاد")
    assert settle(c, [draft(1, 0, 2, (0, 0))])[0].gap is None


@pytest.mark.parametrize(
    ("word", "is_one"),
    [
        ("والوزير", True), ("للوزير", False), ("وقال", True), ("ولن", False),
        ("فيصل", False), ("كريم", False), ("وزير", False), ("وزاره", False), ("وصف", False),
        ("", False), ("و", False), ("قال", False), ("ورييس", True), ("والدته", False), ("فندق", False),
    ],
)  # fmt: skip
def test_clitics_and_first_letters(word: str, is_one: bool) -> None:
    assert clitic(word, NET) is is_one


@pytest.mark.parametrize(
    ("word", "is_one"),
    [
        ("وقال", True), ("واضاف", True), ("فقال", True), ("وصف", False), ("وعد", False),
        ("قال", False), ("", False), ("وزير", False), ("فندق", False), ("ودان", True),
        ("بالوزير", False),
    ],
)  # fmt: skip
def test_a_conjunction_and_a_letter(word: str, is_one: bool) -> None:
    assert conjoined(word, NET) is is_one


def made(text: str, *drafts: Draft) -> list[tuple[list[str], str | None, str | None, str | None]]:
    """(contents, cue, speaker, who) of the statements of drafts."""
    article = Article.of(text)
    c = columns_of(text)
    kept = settle(c, list(drafts))
    groups, own = gather(c, [d.speaker for d in kept], [])
    for d, g in zip(kept, own, strict=True):
        d.group = g
    context = Context(c, groups, own, [Said(d.cue, d.speaker, d.start, d.end) for d in kept])
    found = statements(article, c, kept, context, NET)
    for s in found:
        for span in (*s.content, s.cue, s.speaker, s.who_span):
            assert span is None or article.text[span.start : span.end] == span.text
    return [
        (
            [p.text for p in s.content],
            s.cue and s.cue.text,
            s.speaker and s.speaker.text,
            s.who,
        )
        for s in found
    ]


def test_the_conjunction_is_no_part_of_the_cue() -> None:
    assert made("وقال سعيد إن الماء عاد", draft(0, 3, 4, (1, 1))) == [
        (["الماء عاد"], "قال", "سعيد", "سعيد")
    ]
    assert made("وصف سعيد الماء", draft(0, 2, 2, (1, 1)))[0][1] == "وصف"


def test_a_preposition_glued_to_the_speaker_is_the_cues() -> None:
    ((_, cue, speaker, _),) = made("وفقا لرئيس الحكومة عاد الماء", draft(0, 3, 4, (1, 2)))
    assert (cue, speaker) == ("وفقا ل", "رئيس الحكومة")


@pytest.mark.parametrize(
    ("speaker", "who"),
    [
        ('شبكة "', "شبكة"),
        ('" شبكة الخبر', "شبكة الخبر"),
        ("شبكة الخبر )", "شبكة الخبر"),
        ('شبكة " الخبر "', 'شبكة " الخبر "'),
        ("شبكة الخبر ( حكومية )", "شبكة الخبر ( حكومية )"),
        ("نحو 40 %", "نحو 40 %"),
    ],
)
def test_a_source_has_no_mark_at_its_edge_that_pairs_with_none(speaker: str, who: str) -> None:
    size = len(speaker.split())
    text = f"قالت {speaker} إن الماء عاد"
    ((_, _, _, shown),) = made(text, draft(0, size + 2, size + 3, (1, size)))
    assert shown == who


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("وفقا لبيث", True), ("وفقًا لبيث", True), ("قال لبيث", False), ("وفقا للبيث", False)],
)
def test_a_word_that_asks_for_a_preposition_has_it(text: str, is_one: bool) -> None:
    assert glued(columns_of(text), 1, network()) == is_one


def known(*words: str) -> Network:
    net = network(0)
    for word in words:
        net.alphabet.words[word] = len(net.alphabet.words) + 1
    return net


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("قال برامبل", False),  # the verb's subject: no preposition stands before it
        ("وأضاف فلورا", False),
        ("سؤال برامبل", True),
        ("المحامية برامبل", False),  # nor behind a title
        ("سؤال كلايف", False),  # ك is not written before a name
        ("، وبيطريون", True),
        ("قال ويتفيلد", False),
    ],
)
def test_the_subject_of_a_verb_begins_with_its_own_letter(text: str, is_one: bool) -> None:
    assert glued(columns_of(text), 1, known("رامبل", "لورا", "لايف")) == is_one


def test_a_pronoun_behind_the_verb_is_no_speaker() -> None:
    text = "قال لي سعيد إن الماء عاد"
    c = columns_of(text)
    (kept,) = settle(c, [draft(0, 4, 5, (1, 2))])
    assert kept.speaker == (2, 2)
    (kept,) = settle(c, [draft(0, 4, 5, (1, 1))])
    assert kept.speaker is None


def test_a_conjunction_before_the_speaker_is_left_out() -> None:
    ((_, cue, speaker, _),) = made("والوزير قال إن الماء عاد", draft(1, 3, 4, (0, 0)))
    assert (cue, speaker) == ("قال", "الوزير")


@pytest.mark.parametrize("mark", ["\u200f", "\u202b", "\u200b"])
def test_direction_marks_before_a_word_do_not_stand_for_its_letter(mark: str) -> None:
    text = f"{mark}وقال {mark}والوزير إن الماء عاد"
    assert made(text, draft(0, 3, 4, (1, 1)))[0][1:3] == ("قال", "الوزير")


def test_direction_marks_at_the_edges_are_no_words() -> None:
    text = "\u202bقال \u200fسعيد\u200f إن \u200fالماء\u200f عاد\u200e\u202c"
    assert made(text, draft(0, 3, 4, (1, 1))) == [(["الماء\u200f عاد"], "قال", "سعيد", "سعيد")]


def test_harakat_and_tatweel_go_with_their_letter() -> None:
    text = "وَقال لـرئيس الحكومة إن الماء عاد"
    assert made(text, draft(0, 4, 5, (1, 2)))[0][1:3] == ("قال لـ", "رئيس الحكومة")


def test_the_reporters_conjunction_is_no_word_of_the_source() -> None:
    text = "والماء عاد ، قال سعيد"
    assert made(text, draft(3, 0, 1, (4, 4)))[0][0] == ["الماء عاد"]
    assert made("«والماء عاد»، قال سعيد", draft(5, 1, 2, (6, 6)))[0][0] == ["والماء عاد"]
    assert made("قال سعيد والماء عاد", draft(0, 2, 3, (1, 1)))[0][0] == ["والماء عاد"]


def test_two_parts_and_nothing_of_the_cue_in_them() -> None:
    text = "«عاد الماء»، قال الوزير سعيد، «ولن يغيب»"
    (found,) = made(text, draft(5, 1, 11, (6, 7)))
    assert found == (["عاد الماء", "ولن يغيب"], "قال", "الوزير سعيد", "الوزير سعيد")


def test_statements_stand_in_the_order_of_their_contents_and_know_what_holds_them() -> None:
    text = "قال سعيد إن كريم أكد عودة الماء . قالت ليلى نعم"
    c = columns_of(text)
    drafts = [draft(8, 10, 10, (9, 9)), draft(4, 5, 6, (3, 3)), draft(0, 3, 6, (1, 1))]
    kept = settle(c, drafts)
    groups, own = gather(c, [d.speaker for d in kept], [])
    context = Context(c, groups, own, [Said(d.cue, d.speaker, d.start, d.end) for d in kept])
    found = statements(Article.of(text), c, kept, context, NET)
    assert [(s.content[0].text, s.nested) for s in found] == [
        ("كريم أكد عودة الماء", False),
        ("عودة الماء", True),
        ("نعم", False),
    ]


def test_what_decided_is_told() -> None:
    text = "«عاد الماء»، قال الوزير، «ولن يغيب»"
    c = columns_of(text)
    kept = settle(c, [draft(5, 1, 9)])
    context = Context(c, [], [-1], [Said(5, None, 1, 9)])
    (found,) = statements(Article.of(text), c, kept, context, NET)
    notes = {d.stage: d.note for d in found.decisions}
    assert notes["content"] == "two parts round the cue"
    assert notes["speaker"] == "hidden in the verb"
    assert {d.by for d in found.decisions} == {"model random"}
    assert found.who is None


chance = st.floats(0, 1)


@given(chance, chance, chance, chance, st.sampled_from([None, "weights"]))
def test_confidence_is_a_chance_and_grows_with_each_stages(
    a: float, b: float, c: float, d: float, calibrated: str | None
) -> None:
    c_ = columns_of("قال سعيد")
    weights = {
        "bias": -0.5,
        "weights": [0.4, 0.3, 0.2, 0.3] + [0.0] * (len(features(c_, draft(0, 1, 1))) - 4),
    }
    net = Network(header(calibration=weights if calibrated else None), arrays(0), alphabet(), {})

    def of(*chances: float) -> float:
        made = draft(0, 1, 1)
        made.cue_probability, made.content_probability = chances[:2]
        made.speaker_probability, made.who_probability = chances[2:]
        return confidence(c_, made, net)

    assert 0 <= of(a, b, c, d) <= 1
    assert of(a, b, c, d) <= of(max(a, 0.9), max(b, 0.9), max(c, 0.9), max(d, 0.9)) + 1e-9


def test_the_shipped_model_weighs_every_feature() -> None:
    fitted = Network.load().header["calibration"]
    c = columns_of("قال سعيد")
    assert len(fitted["weights"]) == len(features(c, draft(0, 1, 1)))


@settings(deadline=None)
@given(press, st.data())
def test_any_drafts_become_exact_spans(text: str, data: st.DataObject) -> None:
    c = columns_of(text)
    words = [k for k, t in enumerate(c.tokens) if t.text != "\n"]
    if not words:
        return
    token = st.sampled_from(words)

    def line_span(first: int, size: int) -> tuple[int, int]:
        last = first
        while last - first < size and last + 1 < len(c.tokens) and c.tokens[last + 1].text != "\n":
            last += 1
        return first, last

    span = st.tuples(token, st.integers(0, 4)).map(lambda p: line_span(*p))
    content = st.tuples(token, token).map(lambda p: (min(p), max(p)))
    drafts = [
        draft(cue, *content, speaker, bare=bare)
        for cue, content, speaker, bare in data.draw(
            st.lists(st.tuples(token, content, st.none() | span, st.booleans()), max_size=6)
        )
    ]
    for parts, cue, speaker, who in made(text, *drafts):
        assert all(part.strip() for part in parts)
        assert all(part == part.strip("\n ") for part in parts)
        assert all(part for part in (cue, speaker, who) if part is not None)


def test_work_of_inner_spans_and_settling_is_linear() -> None:
    c = columns_of("قال سعيد " * 2000)
    drafts = [draft(k, k, min(k + 5, 3999)) for k in range(4000)]
    assert len(settle(c, drafts)) == 4000
    assert len(inner_spans([(d.start, d.end) for d in drafts])) == len(
        {(d.start, d.end) for d in drafts if d.start > 3994}
    )
    assert finish.inner_spans([]) == set()
    assert np.isfinite(confidence(c, drafts[0], NET))
