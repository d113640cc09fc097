"""The figures are those of the shared measure, and follow from the statements by hand."""

import json
from pathlib import Path

import evaluation_sample as sample
import pytest

from qawl.evaluation import judge_all, measure, read_gold, read_predicted
from qawl.evaluation.measures import Figures, Rate, Share
from qawl.evaluation.report import as_json

#: What the shared measure (score.py) printed for ``sample.noisy(seed)``, under its own names.
EXPECTED = json.loads((Path(__file__).parent / "expected_figures.json").read_text("utf-8"))

#: Its names and ours, where they differ by more than an underscore.
OURS = {
    "speaker": "who",
    "joint f1 interval": "intervals.joint",
    "speaker implicit": "who_by_mention.hidden.share",
}


def write(path: Path, rows: list[sample.Row]) -> Path:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")
    return path


def figures(folder: Path, predicted: list[sample.Row]) -> Figures:
    gold = read_gold(write(folder / "gold.jsonl", sample.rows()))
    found = read_predicted(write(folder / "predicted.jsonl", predicted), gold)
    return measure(judge_all(gold, found))


@pytest.mark.parametrize("case", EXPECTED)
def test_same_figures_as_the_shared_measure(tmp_path: Path, case: str) -> None:
    if case == "nothing":
        predicted: list[sample.Row] = []
    elif case == "gold":
        predicted = sample.rows()
    else:
        predicted = sample.noisy(int(case))
    report = as_json(figures(tmp_path, predicted))
    for name, figure in EXPECTED[case].items():
        ours: object = report
        for key in OURS.get(name, name.replace(" ", "_")).split("."):
            ours = ours[key]  # type: ignore[index]
        assert ours == figure, name


def test_gold_against_itself_is_perfect(tmp_path: Path) -> None:
    perfect = figures(tmp_path, sample.rows())
    assert perfect.total.strict == Rate(10, 10, 10, 10)
    assert perfect.total.strict.f1 == 1.0
    assert perfect.acts.macro_f1 == 1.0
    assert perfect.letters.f1 == 1.0
    assert perfect.calibration.error == 0.0
    assert perfect.articles_missing == 0


def test_nothing_predicted_is_zero_and_missing(tmp_path: Path) -> None:
    empty = figures(tmp_path, [])
    assert empty.articles_missing == 4
    assert empty.total.found == Rate(0, 0, 0, 10)
    assert (empty.total.found.precision, empty.total.joint.f1, empty.acts.macro_f1) == (0, 0, 0)


def changed(article: str, number: int, **fields: object) -> list[sample.Row]:
    """The gold rows as predictions, with fields of one statement changed."""
    rows = sample.rows()
    row = next(r for r in rows if r["id"] == article)
    row["statements"][number] |= fields
    return rows


def test_who_is_counted_by_kind_of_mention(tmp_path: Path) -> None:
    counted = figures(tmp_path, changed("t-1", 2, who="رامي العبد الله"))
    # Named: سلمى الحداد, the spokesman, رامي, يونس, بن عمار, نقابة, نادر. Roles: الوزيرة, مدير.
    assert counted.who_by_mention == {
        "named": Share(7, 7),
        "role": Share(2, 2),
        "hidden": Share(0, 1),
    }
    assert counted.total.joint == Rate(9, 10, 9, 10)
    assert counted.total.exact == Rate(10, 10, 10, 10)


def test_a_role_left_unresolved_is_wrong(tmp_path: Path) -> None:
    counted = figures(tmp_path, changed("t-2", 0, who="مدير المرصد"))
    assert counted.who_by_mention["role"] == Share(1, 2)


def test_a_source_by_its_speaker_span_where_who_is_empty(tmp_path: Path) -> None:
    assert figures(tmp_path, changed("t-2", 1, who=None)).total.who == Share(10, 10)
    assert figures(tmp_path, changed("t-1", 2, who=None)).total.who == Share(9, 10)


def test_a_denial_read_as_an_assertion_is_a_flip(tmp_path: Path) -> None:
    counted = figures(tmp_path, changed("t-1", 3, act="inform"))
    assert counted.flips.denials == Share(1, 2)
    assert counted.flips.assertions == Share(0, 2)
    assert counted.acts.confusion["deny"]["inform"] == 1
    assert counted.acts.confusion["deny"]["deny"] == 1
    assert counted.acts.by_act["inform"] == Rate(1, 2, 1, 1)
    reverse = figures(tmp_path, changed("t-4", 0, act="deny"))
    assert reverse.flips.assertions == Share(1, 2)
    assert "support" in reverse.acts.by_act
    assert reverse.acts.by_act["support"].f1 == 0.0


def test_cue_and_speaker_spans_overlap_or_are_exact(tmp_path: Path) -> None:
    row = next(r for r in sample.rows() if r["id"] == "t-1")
    gold = row["statements"][4]
    start, end = gold["speaker"]["start"], gold["speaker"]["end"]
    shorter = sample.span(sample.full_text(row), start + 7, end)
    counted = figures(tmp_path, changed("t-1", 4, speaker=shorter, cue=None))
    assert counted.speaker_spans == Rate(9, 9, 9, 9)
    assert counted.speaker_spans_exact == Rate(8, 9, 8, 9)
    assert counted.cue == Share(9, 10)
    assert counted.cue_spans == Rate(9, 9, 9, 10)
    assert counted.total.whole == Rate(9, 10, 9, 10)
    assert counted.total.strict == Rate(9, 10, 9, 10)
    invented = sample.span(sample.full_text(row), start, end)
    more = figures(tmp_path, changed("t-1", 2, speaker=invented))
    assert more.speaker_spans == Rate(9, 10, 9, 9)


def test_by_outlet_form_and_act(tmp_path: Path) -> None:
    counted = figures(tmp_path, changed("t-2", 2, form="mixed", act="deny"))
    assert set(counted.by_outlet) == {"وكالة المدى", "الضفة اليوم"}
    assert counted.by_outlet["وكالة المدى"].found == Rate(7, 7, 7, 7)
    assert counted.by_outlet["الضفة اليوم"].strict == Rate(2, 3, 2, 3)
    assert counted.by_form["direct"].found == Rate(1, 1, 2, 2)
    assert counted.by_form["mixed"].found == Rate(2, 2, 1, 1)
    assert counted.by_act["deny"].found == Rate(3, 3, 2, 2)
    assert counted.form == Share(9, 10)


def test_confidence_is_measured_against_joint(tmp_path: Path) -> None:
    rows = changed("t-1", 2, who=None, confidence=0.35)
    counted = figures(tmp_path, rows).calibration
    assert [(b.low, b.count, b.right) for b in counted.bins] == [(0.3, 1, 0.0), (0.9, 9, 1.0)]
    assert counted.error == pytest.approx(0.035)


def test_no_article_is_refused() -> None:
    with pytest.raises(ValueError, match="no articles"):
        measure([])
