"""The published JSON Schemas (draft 2020-12) of Qawl's own forms."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

#: The schema's file by the name of the format that it describes.
SCHEMAS: dict[str, str] = {"json": "qawl.schema.json", "jsonl": "qawl-line.schema.json"}


def schema_text(name: str = "json") -> str:
    """The schema of the format ``name`` ("json" or "jsonl") as it ships; ``KeyError`` if none."""
    return files("qawl.formats").joinpath("data", SCHEMAS[name]).read_text("utf-8")


def schema(name: str = "json") -> dict[str, Any]:
    """The schema of the format ``name`` as an object."""
    loaded: dict[str, Any] = json.loads(schema_text(name))
    return loaded
