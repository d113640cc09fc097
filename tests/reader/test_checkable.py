"""What somebody could verify: claims of fact, and no opinion, wish, question, promise or prayer."""

from __future__ import annotations

import pytest
from details_sample import told

from qawl.model import ACTS, Act


@pytest.mark.parametrize(
    ("marked", "act"),
    [
        ("{قال} <الوزير> إن ⟦المخزون انخفض بنسبة 12 في المئة⟧.", "inform"),
        ("{أعلنت} <الشرطة> ⟦مقتل ثلاثة أشخاص في حادث⟧.", "inform"),
        ("⟦تراجعت الصادرات بمقدار الربع⟧، {بحسب} <الغرفة>.", "inform"),
        ("{ووفقا} <للمندوبية>، ⟦ارتفعت البطالة إلى 13 بالمائة⟧.", "inform"),
        ("<المدينة>{:} ⟦القبض على عصابة لتهريب الآثار⟧", "inform"),
        ("{نفى} <النادي> ⟦وجود خلاف مع المدرب⟧.", "deny"),
        ("{نفت} <الوزارة> ⟦أي علاقة بالحادث⟧.", "deny"),
        ("{نفى} <المتحدث> أن ⟦الجسر قد أغلق⟧.", "deny"),
        ("{اتهم} <النائب> ⟦الشركة بتهريب الوقود⟧.", "accuse"),
    ],
)
def test_claims_of_fact_can_be_checked(marked: str, act: Act) -> None:
    assert told(marked, act=act).checkable


@pytest.mark.parametrize(
    ("marked", "act"),
    [
        ("{قال} <المدرب> إن ⟦الفريق يستحق الفوز اليوم⟧.", "inform"),
        ("{قال} <الوزير> إننا ⟦نأمل عودة السياح قريبا⟧.", "inform"),
        ("{أكد} <اللاعب> أنه ⟦يتمنى البقاء في النادي⟧.", "inform"),
        ("{قال} <المدير> إن ⟦المصنع سيعمل بداية الشهر⟧.", "inform"),
        ("{أضاف} أن ⟦تلك الجماعات ستواجه تحقيقات⟧.", "inform"),
        ("{أكد} أن ⟦السعر سيرتفع في الصيف⟧.", "inform"),
        ("{قالت} <رئيسة المجلس>: «⟦الحديقة للناس، ولن تغلق⟧»", "inform"),
        ("{قال} <السائق>: «⟦هل نسيتم شارعنا كله؟⟧»", "inform"),
        ("{قال} <الشيخ>: ⟦الحمد لله على السلامة⟧", "inform"),
        ("{قال} <الله> تعالى: «⟦والعصر إن الإنسان لفي خسر⟧».", "inform"),
        ("{أكد} <الوزير> ⟦أهمية الحوار الوطني⟧.", "inform"),
        ("{قال} <المدرب>: «⟦لن أغير أسلوبي أبدا⟧».", "deny"),
        ("{رفضت} <الحكومة> ⟦مشاركة الحزب في الحوار⟧.", "deny"),
        ("{انتقد} <النائب> ⟦بطء الإدارة في الرد⟧.", "accuse"),
        ("{قال} <الشاهد> إنه ⟦هناك⟧.", "inform"),
    ],
)
def test_what_cannot_be_checked(marked: str, act: Act) -> None:
    assert not told(marked, act=act).checkable


@pytest.mark.parametrize("act", sorted(set(ACTS) - {"inform", "deny", "accuse"}))
def test_other_acts_are_no_claims(act: Act) -> None:
    assert not told("{قال} <الوزير> إن ⟦المخزون انخفض بنسبة النصف⟧.", act=act).checkable


@pytest.mark.parametrize("word", ["سيارة", "سياسات", "سنوات", "ستون", "سيناء", "سيول", "سياراتهم"])
def test_words_that_only_look_like_a_future(word: str) -> None:
    assert told(f"{{قال}} <الشاهد> إن ⟦{word} وصلت إلى القرية⟧.").checkable
