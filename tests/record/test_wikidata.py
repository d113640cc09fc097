"""Wikidata ids from a person's file: read, matched, given, shown and taken back."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import qawl
from qawl.cli import cli
from qawl.errors import InputError
from qawl.model import Article
from qawl.record import corrections, who, wikidata
from qawl.record.rereading import restored
from qawl.record.store import Record
from qawl.record.wikidata import match, read

TEXTS = [
    "قالت وزيرة البيئة التونسية منى الزواري إن المحمية ستتوسع.",
    "قال مايك هوارد إن السفينة غرقت.\nوقال مايك هاورد إن الطاقم بخير.",
    "أعلنت منظمة أطباء بلا حدود أن العيادة أغلقت.",
    "قال وزير الأشغال اللبناني علي فرحات إن الميناء مفتوح.",
    "قال المدرب المغربي علي فرحات إن الفريق جاهز.",
    "قال مصدر أمني إن الطريق مغلق.",
]


@pytest.fixture
def kept(record: Record) -> Record:
    for day, text in enumerate(TEXTS, 1):
        date = dt.datetime(2024, 2, day, tzinfo=dt.UTC)
        record.add(qawl.read(Article.of(text, outlet=f"صحيفة {day}", date=date)))
    return record


def table(tmp_path: Path, text: str, name: str = "ids.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode())
    return path


def matched(record: Record, path: Path) -> tuple[dict[str, str], dict[str, str], int]:
    entities, wrong = read(path)
    assert wrong == []
    with record.reading() as connection:
        found = match(connection, entities)
    return (
        {entity.id: name for entity, _, name in found.decided},
        {entity.id: why for entity, why in found.undecided},
        found.absent,
    )


def test_a_file_is_read_in_the_forms_that_people_have(tmp_path: Path) -> None:
    rows = [("name", "id", "state"), ("منى الزواري", "Q11", "TN"), ("الزواري، منى", "Q11", "")]
    for name, mark in (("a.tsv", "\t"), ("b.csv", ";"), ("c.tsv", "\t")):
        text = "\r\n".join(mark.join(row) for row in rows)
        (entity,), wrong = read(table(tmp_path, "\ufeff" + text, name))
        assert (entity.id, entity.names, entity.state, entity.line) == (
            "Q11", ["منى الزواري", "الزواري، منى"], "تونس", 2,
        )  # fmt: skip
        assert wrong == []
    service = (
        "item,itemLabel,itemDescription\n"
        'http://www.wikidata.org/entity/Q12,"مايك\nهوارد",بحار\nhttp://www.wikidata.org/entity/Q13,x,\n'
    )
    first, second = read(table(tmp_path, service))[0]
    assert (first.id, first.names, first.roles) == ("Q12", ["مايك هوارد"], ["بحار"])
    assert (second.line, second.roles) == (4, [])


def test_bad_rows_are_told_and_the_rest_is_used(tmp_path: Path) -> None:
    text = (
        "name,id,kind,state\n"
        "سعاد,12,person,\n"
        ",Q1,person,\n"
        '"سعاد\nالعلي",Q2,ship,\n'
        "سعاد العلي,Q3,person,أطلنطس\n"
        "\n"
        "سعاد العلي,Q4,person,لبنان\n"
        "س. العلي,Q4,body,\n"
        "قصير\n"
    )
    entities, wrong = read(table(tmp_path, text))
    assert [e.id for e in entities] == ["Q4"]
    assert [line for line, _ in wrong] == [2, 3, 4, 6, 9, 10]
    told = " | ".join(why for _, why in wrong)
    for part in ("no id of Wikidata", "Q1 has no name", "'ship' is no kind", "no state is called", "another kind in line 8"):  # fmt: skip
        assert part in told


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "first line must name"), (b"a,b\n1,2\n", "first line must name"), (b"\xff\xfe\xfa", "not UTF-8")],
)  # fmt: skip
def test_what_is_no_table_is_refused(tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    with pytest.raises(InputError, match=why):
        read(path)
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "none.csv")


def test_names_are_matched_as_an_article_would_have_them(kept: Record, tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "name,id,kind,state\n"
        "منى الزواري,Q11,person,تونس\n"
        "مايك هاوارد,Q12,,\n"  # another spelling
        "أطباء بلا حدود,Q13,body,\n"
        "عائشة بنجلون,Q14,,\n"  # nobody
        "مصدر أمني,Q15,,\n",  # whoever that is
    )
    decided, undecided, absent = matched(kept, path)
    assert set(decided) == {"Q11", "Q12", "Q13"}
    assert decided["Q11"] == "منى الزواري"
    assert (undecided, absent) == ({}, 2)


def test_another_state_or_kind_does_not_fit(kept: Record, tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "name,id,kind,state\nمنى الزواري,Q11,person,مصر\nأطباء بلا حدود,Q13,person,\n",
    )
    assert matched(kept, path) == ({}, {}, 2)


def test_namesakes_are_undecided_until_something_tells_them_apart(
    kept: Record, tmp_path: Path
) -> None:
    rows = "name,id,role,state\nعلي فرحات,Q21,{},{}\n"
    _, undecided, _ = matched(kept, table(tmp_path, rows.format("", "")))
    assert "it may be #" in undecided["Q21"]
    assert "merge them" in undecided["Q21"]
    for role, state in (("", "لبنان"), ("وزير الأشغال اللبناني", "")):
        decided, undecided, _ = matched(kept, table(tmp_path, rows.format(role, state)))
        assert (set(decided), undecided) == ({"Q21"}, {})
    two = "name,id\nمنى الزواري,Q11\nمنى الزواري,Q19\n"
    decided, undecided, _ = matched(kept, table(tmp_path, two))
    assert decided == {}
    assert "may be Q19 منى الزواري, too" in undecided["Q11"]
    apart = "name,id,state\nمنى الزواري,Q11,تونس\nمنى الزواري,Q19,لبنان\n"
    decided, undecided, _ = matched(kept, table(tmp_path, apart))
    assert (set(decided), undecided) == ({"Q11"}, {})


def test_a_name_as_written_goes_before_its_forms(kept: Record, tmp_path: Path) -> None:
    forms = [f"منى {father} الزواري,Q{n}" for n, father in enumerate(["سالم", "رضا", "حسن", "كريم", "فؤاد", "زياد", "نبيل"], 20)]  # fmt: skip
    path = table(tmp_path, "\n".join(["name,id", *forms, "منى الزواري,Q11"]))
    decided, undecided, absent = matched(kept, path)
    assert (set(decided), undecided, absent) == ({"Q11"}, {}, 7)
    path = table(tmp_path, "\n".join(["name,id", *forms]))
    decided, undecided, _ = matched(kept, path)
    assert decided == {}
    assert undecided["Q20"].endswith("or 1 others, too")


def run(where: str, *arguments: str) -> Result:
    return CliRunner().invoke(cli, [arguments[0], "--db", where, *arguments[1:]])


def test_ids_are_given_shown_exported_and_taken_back(where: str, tmp_path: Path) -> None:
    with Record(where) as record:
        for day, text in enumerate(TEXTS, 1):
            date = dt.datetime(2024, 2, day, tzinfo=dt.UTC)
            record.add(qawl.read(Article.of(text, date=date, outlet="الواحة")))
    path = table(tmp_path, "name,id\nمنى الزواري,Q11\nمن,x\nمنى م. الزواري,Q11\n")
    done = run(where, "fix", "wikidata", str(path))
    assert done.exit_code == 0, done.output
    assert "منى الزواري is Q11" in done.stdout
    assert "1 sources got their id" in done.stdout
    assert f"{path}:3: 'x' is no id of Wikidata" in done.stderr
    assert "1 had it" in run(where, "fix", "wikidata", str(path)).stdout
    for asked in ("منى الزواري", "Q11"):
        assert "http://www.wikidata.org/entity/Q11" in run(where, "who", asked).output
    graph = json.loads(run(where, "export", "--format", "jsonld", "-").stdout)["@graph"]
    known = [q["spokenByCharacter"] for a in graph for q in a.get("hasPart", [])]
    assert {"@type": "Person", "name": "منى الزواري", "sameAs": "http://www.wikidata.org/entity/Q11"} in known  # fmt: skip
    other = table(tmp_path, "name,id\nمنى الزواري,Q77\n", "other.csv")
    assert "has Q11; undo that correction first" in run(where, "fix", "wikidata", str(other)).stderr
    assert "wikidata" in run(where, "fix", "list").output
    assert run(where, "fix", "undo", "1").exit_code == 0
    assert "wikidata" not in run(where, "who", "منى الزواري").output
    assert "is Q77" in run(where, "fix", "wikidata", "منى الزواري", "Q77").output
    assert "is no id" in str(run(where, "fix", "wikidata", "منى الزواري", "77").exception)
    assert run(where, "fix", "wikidata", "a", "b", "c").exit_code == 2


def ident_of(record: Record, number: int) -> Any:
    with record.reading() as connection:
        return who.person(connection, number).wikidata


def test_an_id_goes_with_its_source_when_that_is_merged(kept: Record) -> None:
    with kept.reading() as connection:
        one, other = (who.one(connection, n).source.id for n in ("منى الزواري", "مايك هوارد"))
    with kept.writing() as connection:
        first = corrections.identify(connection, one, "Q11", "ليلى")
        merged = corrections.merge(connection, one, other, "ليلى")
    assert ident_of(kept, other) == "Q11"
    with kept.writing() as connection:
        corrections.undo(connection, merged, restored(qawl.read))
    assert (ident_of(kept, one), ident_of(kept, other)) == ("Q11", None)
    with kept.writing() as connection:
        corrections.merge(connection, one, other, "ليلى")
        corrections.undo(connection, first, restored(qawl.read))
    assert ident_of(kept, other) is None
    with pytest.raises(InputError, match="was merged into"), kept.writing() as connection:
        corrections.identify(connection, one, "Q11", "ليلى")
    with pytest.raises(InputError, match="no id of Wikidata"):
        wikidata.checked("Q0")
