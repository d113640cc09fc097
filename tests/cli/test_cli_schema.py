import json

import pytest
from jsonschema import Draft202012Validator


@pytest.mark.parametrize(
    ("arguments", "title"),
    [
        ([], "A JSON document of Qawl"),
        (["json"], "A JSON document of Qawl"),
        (["jsonl"], "A line of Qawl's JSONL"),
    ],
)
def test_it_prints_a_sound_schema(qawl, arguments, title):
    done = qawl("schema", *arguments)
    assert done.returncode == 0
    schema = json.loads(done.stdout)
    Draft202012Validator.check_schema(schema)
    assert schema["title"] == title


def test_of_another_form_there_is_none(qawl):
    done = qawl("schema", "brat")
    assert done.returncode == 2
    assert b"'brat'" in done.stderr
