import re
from dataclasses import replace
from itertools import pairwise

import pytest
from format_strategies import articles as any_article
from hypothesis import given
from hypothesis import strategies as st

from qawl.formats import brat
from qawl.model import Article, Span, Statement


def bounds(line):
    """Name, type, (start, end) pairs and words of a T line, as brat reads it."""
    name, data, words = line.split("\t", 2)
    kind, places = data.split(" ", 1)
    return name, kind, [tuple(map(int, p.split(" "))) for p in places.split(";")], words


def written(articles, folder):
    brat.write_folder(articles, folder)
    return {path.name: path.read_bytes().decode("utf-8") for path in folder.iterdir()}


def test_an_article_is_two_files_and_the_folder_declares_its_types(articles, tmp_path):
    files = written(articles, tmp_path)
    assert sorted(files) == [
        "00001-levant-1.ann",
        "00001-levant-1.txt",
        "00002-maghreb_2.ann",
        "00002-maghreb_2.txt",
        "00003-silent-3.ann",
        "00003-silent-3.txt",
        "annotation.conf",
    ]
    assert files["00001-levant-1.txt"] == articles[0].text
    assert files["00003-silent-3.ann"] == ""
    declared = set(re.findall(r"^(\w+)", files["annotation.conf"], re.MULTILINE))
    for line in files["00001-levant-1.ann"].splitlines():
        used = line.split("\t")[1].split(" ")[0]
        assert used in declared | {"AnnotatorNotes"}


def test_parts_are_one_discontinuous_annotation_tied_to_cue_and_speaker(levant):
    lines = list(brat.standoff(levant))
    text = levant.text
    start = text.index("سنعيد")
    later = text.index("قبل حلول")
    content = f"{start} {start + 15};{later} {later + 15}"
    [line] = [line for line in lines if f"Content {content}" in line]
    assert line.endswith("\tسنعيد فتح الجسر قبل حلول الشتاء")
    name = line.split("\t")[0]
    assert [line for line in lines if f"Arg1:{name} " in line] != []
    assert f"Act {name} commit" in "\n".join(lines)
    assert sum("HasSpeaker" in line for line in lines) == 3
    assert sum("Nested" in line for line in lines) == 1


def test_what_stands_beside_a_content_is_tied_to_it_and_names_are_marked(gulf, tmp_path):
    lines = list(brat.standoff(gulf))
    told = {
        line.split("\t")[1].split(" ")[0]: line.split("\t")[2]
        for line in lines
        if line.startswith("T")
    }
    assert told["About"] == "توسعة الميناء"
    assert told["Addressee"] == "أعضاء الغرفة"
    assert told["Setting"] == "في لقاء مفتوح"
    assert told["Said"] == "أمس الأحد"
    assert (told["Person"], told["Place"], told["Body"]) == ("سالم الغيث", "الخور", "شركة الدانة")
    for kind in ("About", "Addressee", "Setting", "Said"):
        assert sum(f"\tHas{kind} Arg1:T1 " in line for line in lines) == 1
    assert sum("\tBody " in line for line in lines) == 2
    assert any(line.endswith("\tCheckable T1") for line in lines)
    assert lines[-1].endswith(
        "\twho: راشد المري; via: وكالة الساحل, الغرفة; said: 2024-06-02; confidence: 0.800"
    )
    declared = set(
        re.findall(r"^(\w+)", written([gulf], tmp_path)["annotation.conf"], re.MULTILINE)
    )
    assert {line.split("\t")[1].split(" ")[0] for line in lines} <= declared | {"AnnotatorNotes"}


def test_a_name_in_nested_contents_is_marked_once(gulf):
    [statement] = gulf.statements
    both = replace(gulf, statements=(statement, replace(statement, nested=True)))
    assert sum("\tPerson " in line for line in brat.standoff(both)) == 1


def test_a_source_is_marked_once_and_tied_to_all_it_says(levant):
    lines = list(brat.standoff(levant))
    assert sum("\tWho " in line for line in lines) == 2
    assert sum("\tHasWho " in line for line in lines) == 4


def test_a_span_over_a_line_break_is_cut_there(maghreb):
    [content, _] = [line for line in brat.standoff(maghreb) if "\tContent " in line]
    _, _, places, words = bounds(content)
    assert [maghreb.text[a:b] for a, b in places] == [
        "=مجموع الغرامات",
        "سيرتفع في الدار البيضاء.",
        "-ولن نتراجع\tأبدا",
    ]
    assert words == "=مجموع الغرامات سيرتفع في الدار البيضاء. -ولن نتراجع\tأبدا"


@given(any_article())
def test_brat_would_accept_every_line(article):
    lines = list(brat.standoff(article))
    names = [line.split("\t")[0] for line in lines]
    assert len(set(names)) == len(names)
    for line in lines:
        assert len(line.splitlines()) == 1
        if line.startswith("T"):
            _, _, places, words = bounds(line)
            assert all(start < end for start, end in places)
            assert all(a[1] <= b[0] for a, b in pairwise(places))
            assert words == " ".join(article.text[start:end] for start, end in places)


@given(any_article())
def test_the_fragments_hold_all_of_a_content_but_its_line_breaks(article):
    for statement in article.statements:
        kept = "".join(
            article.text[a:b] for a, b in brat.fragments(article.text, statement.content)
        )
        whole = "".join(part.text for part in statement.content)
        assert kept == "".join(whole.splitlines())


@given(st.text())
def test_names_are_safe(identity):
    name = brat.file_name(7, identity)
    assert name.startswith("00007")
    assert re.fullmatch(r"[\w-]+", name)
    assert len(name.encode()) <= 6 + brat.NAME_BYTES


@pytest.mark.parametrize("identity", ["../../etc/passwd", "CON", ".", "", "ق" * 500, "a\0b"])
def test_hostile_ids_stay_in_the_folder(identity, tmp_path):
    inside = tmp_path / "out"
    inside.mkdir()
    brat.write_folder([Article(text="نص", id=identity)] * 2, inside)
    assert len(list(inside.iterdir())) == 5
    assert list(tmp_path.iterdir()) == [inside]


def test_offsets_are_code_points_also_behind_astral_characters():
    text = "😀 قال: نعم"
    statement = Statement((Span.of(text, 7, 10),), None, None, "س\tص", "direct", "inform")
    first, *rest = brat.standoff(Article(text=text, statements=(statement,)))
    assert first == "T1\tContent 7 10\tنعم"
    assert rest[-1].endswith("who: س ص; confidence: 1.000")
