"""The files that pages load: named with a hash of what is in them, so that a browser keeps them for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse, Response

from qawl.web.security import YEAR

_FOLDER = Path(__file__).parent / "static"
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
router = APIRouter(include_in_schema=False)


@cache
def address_of(name: str) -> str:
    """The address of a file of ``static/``."""
    data = (_FOLDER / name).read_bytes()
    return f"/static/{hashlib.sha256(data).hexdigest()[:12]}/{name}"


@router.get("/static/{version}/{name:path}")
def file(version: str, name: str) -> Response:
    """A file of ``static/``; one of an older version is answered with what there is, not to be kept."""
    path = (_FOLDER / name).resolve()
    if path.suffix not in _KINDS or not path.is_relative_to(_FOLDER) or not path.is_file():
        raise HTTPException(404)
    current = address_of(name) == f"/static/{version}/{name}"
    kept = f"public, max-age={YEAR}, immutable" if current else "no-cache"
    headers = {"cache-control": kept}
    return FileResponse(path, media_type=_KINDS[path.suffix], headers=headers)


@router.get("/favicon.ico")
def icon() -> Response:
    """The icon, for browsers that ask there."""
    return FileResponse(_FOLDER / "icon.svg", media_type="image/svg+xml")
