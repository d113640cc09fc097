"""A page saved by a browser as one file (MHTML, RFC 2557) → its HTML and address."""

from __future__ import annotations

import re

from qawl.errors import InputError

_OPENS = re.compile(rb"\s*(?:From:|MIME-Version:|Content-Type:|Subject:|Snapshot-)", re.IGNORECASE)
_RELATED = re.compile(rb"content-type:\s*multipart/related", re.IGNORECASE)
_HEAD = 8192


def is_mhtml(data: bytes) -> bool:
    """Whether ``data`` opens as an MHTML file."""
    return bool(_OPENS.match(data[:64]) and _RELATED.search(data, 0, _HEAD))


def page_of(data: bytes) -> tuple[bytes, str | None, str | None]:
    """The first HTML part of an MHTML file, the encoding that its header declares, and its address.

    Raises InputError where there is none.
    """
    from email import message_from_bytes

    for part in message_from_bytes(data).walk():
        if part.get_content_type() != "text/html":
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload.strip():
            location = str(part.get("Content-Location", "")).strip()
            address = location if location.startswith(("http://", "https://")) else None
            return payload, part.get_content_charset(), address
    raise InputError("the saved page (MHTML) has no HTML in it; save it again as a web page")
