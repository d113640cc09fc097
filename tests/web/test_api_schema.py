"""The API keeps to its own description: schemathesis asks what the description allows, and what it does not."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from web_samples import HOST

from qawl.record import editors
from qawl.record.store import Record
from qawl.web.app import create
from qawl.web.settings import Settings

#: What is asked of each operation in each mode: the same in each run.
EXAMPLES = 15


def description(where: str) -> Any:
    """The description of a server that asks for a token before something is changed."""
    app = create(Settings(db=where, sign_in=True, hosts=(HOST, "localhost"), rate=1_000_000))
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)


def unknown(*_: Any, **__: Any) -> Any:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


OPERATIONS = [found.ok().label for found in description("nowhere").get_all_operations()]


@pytest.fixture(scope="module")
def operations(filled_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The operations of a server with a filled record, and a token that opens it."""
    where = tmp_path_factory.mktemp("schema") / "record.db"
    shutil.copyfile(filled_file, where)
    found = [result.ok() for result in description(str(where)).get_all_operations()]
    with Record(str(where)) as record, record.writing() as connection:
        editors.add(connection, "نادية", "خمس كلمات طويلة لا تنسى")
        token = editors.new_token(connection, "نادية")
    return {"token": token} | {operation.label: operation for operation in found}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_as_described(
    operations: dict[str, Any], label: str, mode: GenerationMode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", unknown)  # no test leaves the machine

    # what has the right form may still not be: the 31st of February, an address without a page
    excluded = [positive_data_acceptance]
    if label == "POST /api/v1/read":  # a page is any text, so that nothing else can be sent as one
        excluded.append(negative_data_rejection)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operations[label].as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(
            headers={"Authorization": f"Bearer {operations['token']}"},
            excluded_checks=excluded,
        )

    ask()
