"""The page of the API's documents, made from its OpenAPI description, with nothing loaded from elsewhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from qawl.web.site import render, site_of, texts_of
from qawl.web.texts import Texts


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as the page shows it; ``title`` is in the visitor's language."""

    id: str
    method: str
    path: str
    title: str
    spec: dict[str, Any]


def page(request: Request, api: dict[str, Any], root: str) -> HTMLResponse:
    """The page of ``api``, an OpenAPI description of paths under ``root``."""
    address = site_of(request).settings.address or str(request.base_url).rstrip("/")
    return render(
        request,
        "api_docs.html",
        api=api,
        root=root,
        base=address.removesuffix("/api"),
        operations=_operations(api, root, texts_of(request)),
        written=written,
    )


def _operations(api: dict[str, Any], root: str, t: Texts) -> list[Operation]:
    out = []
    for path, item in api["paths"].items():
        words = path.removeprefix(root).strip("/").replace("{", "").replace("}", "")
        for method, spec in item.items():
            key = f"api.op.{words.replace('/', '.')}"
            if t.has(f"{key}.{method}"):
                key = f"{key}.{method}"
            title = t(key) if t.has(key) else spec["summary"]
            ident = f"{method}-{words.replace('/', '-')}"
            out.append(Operation(ident, method.upper(), path, title, spec))
    return out


def written(value: object) -> str:
    """A value as JSON for people."""
    return json.dumps(value, ensure_ascii=False, indent=2)
