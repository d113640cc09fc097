"""The samples that ``make demo`` reads: what must come out of them, through the program itself."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SAMPLES = Path(__file__).resolve().parent.parent / "samples"

#: Words of a statement (a part of its content), who said it and in which form; from every sample.
EXPECTED = [
    # harbour.html
    ("علّقنا الإضراب ولم نلغه", "محمود السنكري", "direct"),
    ("المتأخرات تعود إلى شهر آب الماضي", "محمود السنكري", "indirect"),
    ("بصرف المتأخرات على دفعتين", "فادي الحاج", "indirect"),
    ("سببه معاملة ضائعة بين وزارتين", "فادي الحاج", "mixed"),
    ("إهانة لثلاثمئة عائلة", "وليد كرم", "mixed"),
    # desalination.txt
    ("وصلنا إلى التشغيل الكامل قبل موعده بشهرين", "يوسف الراشد", "direct"),
    ("المحطة تعمل بتقنية التناضح العكسي", "يوسف الراشد", "indirect"),
    ("الهيئة بالتأخر في صيانة المحطات القديمة", "مشاري الغانمي", "indirect"),
    # ten_articles.jsonl
    ("أسعار الدقيق والسكر لن تعرف أي زيادة", "يونس بنجلون", "indirect"),
    ("القارب كان يغرق حين وصلنا", "صالح المنقوش", "direct"),
    ("منسوب المياه بدأ في التراجع", "معز بن رمضان", "indirect"),
    ("عدنا إلى بيوتنا فلم نجد السقف", "علي قاسم", "direct"),
    ("لن تسمح بهدم مبنى تاريخى واحد", "طارق شاهين", "mixed"),
    ("400 أسرة عادت منذ مطلع مارس", "هائل الشميري", "indirect"),
    ("العقد ليس ورقة، العقد كرامة", "رانيا العبادي", "direct"),
]

#: Chrome and the reporter's own words: in no statement.
NOT_SAID = [
    "إضراب المرفأ يدخل أسبوعه الثاني",
    "لا عتمة شاملة هذا الشتاء",
    "رسو سفن الخردة",
    "السيولة متوافرة",
    "إن المرفأ لا يموت",
    "جميع الحقوق محفوظة",
    "المرفأ استأنف العمل بالحاويات",
    "استهلاك الفرد من المياه",
    "يستجوب وزير الكهرباء",
    "زر الذهاب إلى الأعلى",
]


def qawl(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qawl.cli", "read", *arguments, str(SAMPLES)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def shown() -> subprocess.CompletedProcess[str]:
    return qawl()


@pytest.fixture(scope="module")
def statements() -> list[dict[str, Any]]:
    run = qawl("--format", "jsonl")
    assert run.returncode == 0, run.stderr
    return [s for line in run.stdout.splitlines() for s in json.loads(line)["statements"]]


def test_all_samples_are_read(shown: subprocess.CompletedProcess[str]) -> None:
    assert (shown.returncode, shown.stderr) == (0, "")
    for title in ("عمال مرفأ طرابلس يعلّقون إضرابهم", "محطة «نداء البحر» تدخل الخدمة", "بوصلة عمّان"):
        assert title in shown.stdout
    for line in (SAMPLES / "ten_articles.jsonl").read_text(encoding="utf-8").splitlines():
        assert json.loads(line)["title"][:20] in shown.stdout


def test_page_head_is_shown(shown: subprocess.CompletedProcess[str]) -> None:
    assert "المنارة اليوم" in shown.stdout
    assert "2023-11-26" in shown.stdout
    assert "هلا مسعد" in shown.stdout


@pytest.mark.parametrize(("words", "who", "form"), EXPECTED)
def test_speaker_and_words_are_shown(
    shown: subprocess.CompletedProcess[str], words: str, who: str, form: str
) -> None:
    page = re.sub(r"\s+", " ", shown.stdout)
    assert words in page
    assert who in page


@pytest.mark.parametrize(("words", "who", "form"), EXPECTED)
def test_words_go_to_their_speaker(
    statements: list[dict[str, Any]], words: str, who: str, form: str
) -> None:
    holding = [s for s in statements if any(words in part["text"] for part in s["content"])]
    assert [(s["who"], s["form"]) for s in holding] == [(who, form)]


@pytest.mark.parametrize("words", NOT_SAID)
def test_chrome_and_narration_are_not_statements(
    statements: list[dict[str, Any]], words: str
) -> None:
    assert statements
    assert not [s for s in statements if any(words in part["text"] for part in s["content"])]
