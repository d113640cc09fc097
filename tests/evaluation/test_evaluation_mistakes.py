"""Every mistake is listed with its place."""

import json
from pathlib import Path

import evaluation_sample as sample

from qawl.evaluation import judge_all, read_gold
from qawl.evaluation.mistakes import Mistake, mistakes
from qawl.evaluation.report import mistakes_as_json, mistakes_as_text
from qawl.model import Span, Statement


def found(tmp_path: Path, change: dict[str, object]) -> list[Mistake]:
    """The mistakes where the second article's first statement has ``change`` as a prediction, its
    second is missing and a new one is invented."""
    file = tmp_path / "g.jsonl"
    file.write_text("\n".join(json.dumps(r) for r in sample.rows()), "utf-8")
    gold = read_gold(file)
    predicted = {a.id: list(a.statements) for a in gold}
    first, _, third = predicted["t-2"]
    fields = {f: getattr(first, f) for f in ("content", "cue", "speaker", "who", "form", "act")}
    invented = Statement(
        (Span.of(gold[1].text, 5, 16),), None, None, "مدير المرصد", "direct", "inform"
    )
    predicted["t-2"] = [Statement(**{**fields, **change}), third, invented]  # type: ignore[arg-type]
    return list(mistakes(judge_all(gold, predicted)))


def test_missed_and_extra(tmp_path: Path) -> None:
    missed, extra = found(tmp_path, {})
    assert (missed.kind, missed.article, missed.text) == ("missed", "t-2", "البقاء في الموانئ")
    assert (missed.cue, missed.form, missed.predicted) == ("دعا", "indirect", "")
    assert (extra.kind, extra.start, extra.end, extra.cue) == ("extra", 5, 16, "")


def test_wrong_speaker_bounds_and_act_of_one_pair(tmp_path: Path) -> None:
    text = sample.full_text(sample.rows()[1])
    start = text.index("أن تشتد")
    longer = (Span.of(text, start, start + len("أن تشتد الرياح مساء الغد.")),)
    assert len(found(tmp_path, {"content": longer})) == 2, "an opening أن is no wrong bound"
    shorter = (Span.of(text, start + 3, start + len("أن تشتد الرياح مساء")),)
    listed = found(tmp_path, {"content": shorter, "who": "مدير المرصد", "act": "inform"})
    kinds = [(m.kind, m.gold, m.predicted) for m in listed[2:]]
    assert kinds == [
        ("wrong speaker", "يونس بن عمار", "مدير المرصد"),
        ("wrong bounds", "تشتد الرياح مساء الغد", "تشتد الرياح مساء"),
        ("wrong act", "predict", "inform"),
    ]


def test_shown_as_text_and_json(tmp_path: Path) -> None:
    listed = found(tmp_path, {"who": None, "speaker": None})
    shown = mistakes_as_text(listed)
    assert "missed  t-2 73:90  indirect  دعا\n    gold  البقاء في الموانئ" in shown
    assert "    gold  يونس بن عمار\n    given nobody" in shown
    assert json.loads(json.dumps(mistakes_as_json(listed)))[0]["start"] == 73
