"""Articles with their statements, written for these tests; persons and bodies are invented.

``rows()`` gives them as gold JSONL rows; ``noisy`` spoils the statements with a seeded generator
(``random()`` only, whose sequence Python guarantees).
"""

from __future__ import annotations

import random
from typing import Any

from qawl.model import ACTS, FORMS

Row = dict[str, Any]

ARTICLES: list[Row] = [
    {
        "id": "t-1",
        "source": "وكالة المدى",
        "title": "وزيرة النقل: لا تأخير في مشروع الجسر",
        "text": 'قالت وزيرة النقل سلمى الحداد إن العمل في جسر الوادي "يسير كما خطط له".\n'
        "وأضافت: «سنفتتح الجسر قبل نهاية العام».\n"
        "ونفى المتحدث باسم الوزارة وجود خلاف مع الشركة المنفذة.\n"
        "واتهم النائب رامي العبد الله الوزارة بإخفاء الكلفة الحقيقية، بحسب صحيفة المرفأ.",
        "statements": [
            ("لا تأخير في مشروع الجسر", ":", "وزيرة النقل", "سلمى الحداد", "indirect", "deny"),
            (
                'العمل في جسر الوادي "يسير كما خطط له"',
                "قالت",
                "وزيرة النقل سلمى الحداد",
                "سلمى الحداد",
                "mixed",
                "inform",
            ),
            ("سنفتتح الجسر قبل نهاية العام", "أضافت", None, "سلمى الحداد", "direct", "commit"),
            (
                "وجود خلاف مع الشركة المنفذة",
                "نفى",
                "المتحدث باسم الوزارة",
                "المتحدث باسم الوزارة",
                "indirect",
                "deny",
            ),
            (
                "الوزارة بإخفاء الكلفة الحقيقية",
                "اتهم",
                "النائب رامي العبد الله",
                "رامي العبد الله",
                "indirect",
                "accuse",
            ),
        ],
    },
    {
        "id": "t-2",
        "source": "الضفة اليوم",
        "title": "",
        "text": "توقع مدير المرصد أن تشتد الرياح مساء الغد.\n"
        "ودعا يونس بن عمار البحارة إلى البقاء في الموانئ.\n"
        "«لا نريد أن نفقد أحدا»، يقول بن عمار، «والبحر لا يرحم».",
        "statements": [
            (
                "تشتد الرياح مساء الغد",
                "توقع",
                "مدير المرصد",
                "يونس بن عمار",
                "indirect",
                "predict",
            ),
            (
                "البقاء في الموانئ",
                "دعا",
                "يونس بن عمار",
                "يونس بن عمار",
                "indirect",
                "request",
            ),
            (
                ("لا نريد أن نفقد أحدا", "والبحر لا يرحم"),
                "يقول",
                "بن عمار",
                "يونس بن عمار",
                "direct",
                "opine",
            ),
        ],
    },
    {
        "id": "t-3",
        "title": "اختتام معرض الزهور",
        "text": "أغلق المعرض أبوابه أمس بعد أسبوع من العروض.",
        "statements": [],
    },
    {
        "id": "t-4",
        "source": "وكالة المدى",
        "title": "رحيل الموسيقي كرم الصايغ",
        "text": "أشادت نقابة الموسيقيين بمسيرة الراحل.\nوحذر شقيقه نادر من ضياع أرشيفه.",
        "statements": [
            (
                "بمسيرة الراحل",
                "أشادت",
                "نقابة الموسيقيين",
                "نقابة الموسيقيين",
                "indirect",
                "support",
            ),
            ("ضياع أرشيفه", "حذر", "شقيقه نادر", "نادر", "indirect", "warn"),
        ],
    },
]


def full_text(row: Row) -> str:
    """What the offsets count in."""
    return f"{row['title']}\n{row['text']}" if row.get("title") else str(row["text"])


def span(text: str, start: int, end: int) -> Row:
    return {"start": start, "end": end, "text": text[start:end]}


def _find(text: str, words: str, near: int = 0) -> Row:
    start = text.rfind(words, 0, near) if near else text.find(words)
    start = start if start >= 0 else text.index(words)
    return span(text, start, start + len(words))


def rows() -> list[Row]:
    """The articles as rows of a gold file."""
    made = []
    for article in ARTICLES:
        text = full_text(article)
        statements = []
        for content, cue, speaker, who, form, act in article["statements"]:
            parts = content if isinstance(content, tuple) else (content,)
            spans = [_find(text, part) for part in parts]
            place = spans[-1]["start"]
            statements.append(
                {
                    "content": spans,
                    "cue": _find(text, cue, place),
                    "speaker": _find(text, speaker, place) if speaker else None,
                    "who": who,
                    "form": form,
                    "act": act,
                    "nested": False,
                }
            )
        made.append({**article, "statements": statements})
    return made


def noisy(seed: int) -> list[Row]:
    """Predictions: the gold with statements dropped, doubled, moved, renamed and invented."""
    rng = random.Random(seed)

    def below(n: int) -> int:
        return int(rng.random() * n)

    def shifted(text: str, old: Row, most: int) -> Row:
        start = min(max(old["start"] + below(2 * most + 1) - most, 0), len(text) - 1)
        end = min(max(old["end"] + below(2 * most + 1) - most, start + 1), len(text))
        return span(text, start, end)

    predicted = []
    for row in rows():
        text = full_text(row)
        if rng.random() < 0.1:
            continue
        names = [s["who"] for s in row["statements"]]
        made: list[Row] = []
        for gold in row["statements"]:
            if rng.random() < 0.1:
                continue
            s = dict(gold)
            if rng.random() < 0.6:
                s["content"] = [shifted(text, part, 6) for part in gold["content"]]
            chance = rng.random()
            if chance < 0.2:
                s["who"] = names[below(len(names))]
            elif chance < 0.4:
                s["who"] = gold["who"].split()[-1]
            elif chance < 0.5:
                s["who"] = None
            if rng.random() < 0.3:
                s["cue"] = shifted(text, gold["cue"], 4) if rng.random() < 0.5 else None
            if rng.random() < 0.3:
                s["speaker"] = None
            if rng.random() < 0.3:
                s["form"] = FORMS[below(3)]
            if rng.random() < 0.4:
                s["act"] = ACTS[below(9)]
            s["confidence"] = round(rng.random(), 3)
            made.append(s)
        if rng.random() < 0.5:
            start = below(len(text) - 12)
            invented = {"content": [span(text, start, start + 12)], "cue": None, "speaker": None}
            made.insert(0, {**invented, "who": None, "form": FORMS[below(3)], "act": "inform"})
        predicted.append({"id": row["id"], "statements": made})
    return predicted
