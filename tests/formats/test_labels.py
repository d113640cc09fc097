import csv
from importlib.resources import files

import pytest

from qawl.formats.labels import Labels, plural
from qawl.model import ACTS, FORMS


def rows():
    text = files("qawl.formats").joinpath("data", "labels.tsv").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_the_table_is_sound():
    table = rows()
    keys = [row["key"] for row in table]
    assert len(set(keys)) == len(keys)
    for row in table:
        assert row["en"].strip() == row["en"] != ""
        assert row["ar"].strip() == row["ar"] != ""
        assert row["en"].isascii() or row["key"] == "legend"
        assert not any("a" <= c.lower() <= "z" for c in row["ar"].replace("{", "\0").split("\0")[0])


def test_every_form_act_and_stage_has_a_label_in_both_languages():
    keys = {row["key"] for row in rows()}
    stages = ("cue", "content", "speaker", "who", "form", "act")
    wanted = {f"form.{f}" for f in FORMS} | {f"act.{a}" for a in ACTS}
    assert wanted | {f"stage.{s}" for s in stages} <= keys
    categories = ("zero", "one", "two", "few", "many", "other")
    assert {f"{k}.{c}" for k in ("statements", "sources", "articles") for c in categories} <= keys


@pytest.mark.parametrize(
    ("n", "en", "ar"),
    [
        (0, "no statements", "لا أقوال"),
        (1, "1 statement", "قول واحد"),
        (2, "2 statements", "قولان"),
        (3, "3 statements", "3 أقوال"),
        (10, "10 statements", "10 أقوال"),
        (13, "13 statements", "13 قولًا"),
        (100, "100 statements", "100 قول"),
        (103, "103 statements", "103 أقوال"),
        (111, "111 statements", "111 قولًا"),
    ],
)
def test_numbers_agree_with_what_they_count(n, en, ar):
    assert Labels("en").count("statements", n) == en
    assert Labels("ar").count("statements", n) == ar


def test_the_plural_of_a_hundred_and_one_is_other_in_arabic():
    assert (plural("ar", 101), plural("ar", 102)) == ("other", "other")
