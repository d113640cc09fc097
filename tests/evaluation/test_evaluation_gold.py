"""Gold and predictions are read, and what does not fit is named by file, line and statement."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import evaluation_sample as sample
import pytest

from qawl.errors import InputError
from qawl.evaluation.gold import read_gold, read_predicted


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), "utf-8")
    return path


def test_reads_articles_with_their_statements(tmp_path: Path) -> None:
    first, second, empty, _ = read_gold(write(tmp_path / "g.jsonl", *sample.rows()))
    assert (first.id, first.outlet) == ("t-1", "وكالة المدى")
    assert first.text.startswith("وزيرة النقل: لا تأخير في مشروع الجسر\nقالت")
    assert second.text.startswith("توقع")
    assert [p.text for p in second.statements[2].content] == [
        "لا نريد أن نفقد أحدا",
        "والبحر لا يرحم",
    ]
    assert empty.statements == ()
    for statement in first.statements + second.statements:
        for span in statement.content:
            assert span.text


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2026-04-15", dt.date(2026, 4, 15)),
        ("2026-04-15T07:30:00+02:00", dt.datetime(2026, 4, 15, 5, 30, tzinfo=dt.UTC)),
        ("15 نيسان 2026", dt.date(2026, 4, 15)),
        ("Wed, 15 Apr 2026 07:30:00 +0200", dt.datetime(2026, 4, 15, 5, 30, tzinfo=dt.UTC)),
        ("قبل العيد", None),
        (None, None),
    ],
)
def test_the_date_of_an_article_is_kept(tmp_path: Path, written: str, date: object) -> None:
    row = sample.rows()[0] | {"date": written}
    (article,) = read_gold(write(tmp_path / "g.jsonl", row))
    assert (article.date, article.date_text) == (date, written)


def test_a_folder_is_all_its_files_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    one, two, *_ = sample.rows()
    write(tmp_path / "b.jsonl", one)
    (tmp_path / "a.jsonl").write_text("\ufeff\n" + json.dumps(two) + "\n\n", "utf-8")
    (tmp_path / "floors.json").write_text("{}", "utf-8")
    assert [a.id for a in read_gold(tmp_path)] == ["t-2", "t-1"]


def set_in(row: dict[str, Any], path: tuple[Any, ...], value: object) -> None:
    target: Any = row
    for key in path[:-1]:
        target = target[key]
    if value is KeyError:
        del target[path[-1]]
    else:
        target[path[-1]] = value


S = ("statements", 1)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("id",), KeyError, 'no "id"'),
        (("date",), ["2026"], '"date" is'),
        (("id",), 7, 'no "id"'),
        (("text",), KeyError, 'no "text"'),
        (("title",), 3, '"title" is 3'),
        (("statements",), KeyError, 'no "statements"'),
        (("statements",), {}, 'no "statements"'),
        (S, "x", "statement 2: not a JSON object"),
        ((*S, "content"), KeyError, 'statement 2: no "content"'),
        ((*S, "content"), [], 'statement 2: "content" must be'),
        ((*S, "content", 0), [1, 2], 'statement 2: "content" must be a span'),
        ((*S, "content", 0, "start"), "44", "whole numbers"),
        ((*S, "content", 0, "start"), True, "whole numbers"),
        ((*S, "content", 0, "start"), 45, "holds"),
        ((*S, "content", 0, "start"), -3, "is not a span"),
        ((*S, "content", 0, "end"), 10_000, "is not a span"),
        ((*S, "cue"), KeyError, 'statement 2: no "cue"'),
        ((*S, "cue", "text"), "أكدت", "not 'أكدت'"),
        ((*S, "speaker"), KeyError, 'statement 2: no "speaker"'),
        ((*S, "speaker", "end"), 44, "holds"),
        ((*S, "who"), KeyError, 'statement 2: no "who"'),
        ((*S, "who"), None, '"who" is empty'),
        ((*S, "form"), "spoken", "\"form\" is 'spoken', not one of direct, mixed, indirect"),
        ((*S, "form"), KeyError, 'statement 2: no "form"'),
        ((*S, "act"), "say", "\"act\" is 'say', not one of inform"),
        ((*S, "act"), ["inform"], "not one of"),
        ((*S, "nested"), "no", "not true or false"),
        ((*S, "confidence"), "high", "not a number"),
        ((*S, "confidence"), 1.5, "from 0 to 1"),
        ((*S, "confidence"), float("nan"), "from 0 to 1"),
    ],
)
def test_bad_gold_is_named(tmp_path: Path, path: tuple[Any, ...], value: object, says: str) -> None:
    good, bad, *_ = sample.rows()
    good, bad = bad, good
    set_in(bad, path, value)
    file = write(tmp_path / "g.jsonl", good, bad)
    with pytest.raises(InputError) as error:
        read_gold(file)
    assert f"{file}, line 2: " in str(error.value)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b'{"id": "a"', "line 1: not JSON"),
        (b"[]", "line 1: not a JSON object"),
        (b"null", "line 1: not a JSON object"),
        ("{'قال'}".encode("cp1256"), "line 1: not UTF-8"),
        (b"[" * 200_000, "line 1: JSON nested too deep"),
        (b"", "holds no article"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, raw: bytes, says: str) -> None:
    file = tmp_path / "g.jsonl"
    file.write_bytes(raw)
    with pytest.raises(InputError, match=says):
        read_gold(file)


def test_missing_files_and_folders_without_gold(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_gold(tmp_path / "none.jsonl")
    with pytest.raises(InputError, match=r"no \.jsonl file"):
        read_gold(tmp_path)


def test_an_id_may_stand_once(tmp_path: Path) -> None:
    one = sample.rows()[0]
    file = write(tmp_path / "g.jsonl", one, one)
    with pytest.raises(InputError, match=r"line 2: the id .t-1. stands at .*line 1 too"):
        read_gold(file)


def test_predictions_may_lack_what_gold_must_have(tmp_path: Path) -> None:
    gold = read_gold(write(tmp_path / "g.jsonl", *sample.rows()))
    span = sample.span(gold[0].text, 0, 11)
    bare = {"content": [span], "form": "direct", "act": "inform"}
    elsewhere = {"id": "unknown", "statements": "never looked at"}
    file = write(tmp_path / "p.jsonl", {"id": "t-1", "statements": [bare]}, elsewhere)
    found = read_predicted(file, gold)
    assert list(found) == ["t-1"]
    (statement,) = found["t-1"]
    assert (statement.cue, statement.who, statement.confidence) == (None, None, 1.0)


def test_predicted_offsets_must_fit_the_gold_text(tmp_path: Path) -> None:
    gold = read_gold(write(tmp_path / "g.jsonl", *sample.rows()))
    wrong = {"start": 1, "end": 6, "text": "وزيرة"}
    row = {
        "id": "t-1",
        "statements": [{"content": [wrong], "form": "direct", "act": "inform"}],
    }
    with pytest.raises(InputError, match=r"line 1: statement 1: \"content\" 1:6 holds"):
        read_predicted(write(tmp_path / "p.jsonl", row), gold)
