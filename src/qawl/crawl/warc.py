"""WARC files (gzip, zstd or plain) → pages, by FastWARC; what is damaged is told, and the rest goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, BinaryIO

from qawl.crawl.page import Failure, Page, failed, page_document

#: What a record of a WARC file begins with, packed or not: where to go on after a damaged one.
_BEGINNINGS = (b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"WARC/1.")
_STRIDE = 1 << 20


def pages(file: BinaryIO, name: str, largest: int) -> Iterator[tuple[Any, int]]:
    """The pages of an open WARC file and where each stands in it (bytes); a page's id is ``name``@place.

    What cannot be read comes as a failed document, once for each damaged stretch. A page of more than
    ``largest`` bytes comes cut, so that the next stage sees that it is too large.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    kinds = WarcRecordType.response | WarcRecordType.resource
    start: int | None = 0
    told = False
    while start is not None:
        place, came = start, False  # whether the record at that place came whole
        file.seek(start)
        try:
            for record in ArchiveIterator(
                file, record_types=kinds, parse_http=True, auto_decode="all", strict_mode=False
            ):
                place, came = record.stream_pos, False
                document = _page(record, f"{name}@{place}", largest)
                told = False
                yield document, place
                came = True
            return
        except Exception as error:
            # FastWARC raises OSError for what is no gzip or no WARC, others for headers cut short
            if not told:
                told = True
                ident = f"{name}@{place}" + (" and after" if came else "")
                document = page_document(ident, Page(b""), None, None)
                yield failed(document, Failure("pages", "damaged", _said(error))), place
            start = _beginning(file, place + 1)


def _page(record: Any, ident: str, largest: int) -> Any:
    http = record.http_headers
    if http is not None:
        kind, charset, status = record.http_content_type, record.http_charset, http.status_code
    else:
        kind, charset, status = record.headers.get("Content-Type"), None, 200
    data = record.reader.read(largest + 1)
    page = Page(data, charset, (kind or "").partition(";")[0].strip().lower(), status or 0)
    return page_document(ident, page, record.headers.get("WARC-Target-URI"), _date(record))


def _date(record: Any) -> dt.datetime | None:
    date: dt.datetime | None = record.record_date
    if date is None:
        return None
    return date.astimezone(dt.UTC) if date.tzinfo else date.replace(tzinfo=dt.UTC)


def _said(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"the archive is damaged here ({error})"
    return f"the archive's record cannot be read ({type(error).__name__})"


def _beginning(file: BinaryIO, start: int) -> int | None:
    """Where the next record seems to begin, from ``start`` on; None at the file's end."""
    file.seek(start)
    window = b""
    while block := file.read(_STRIDE):
        window += block
        places = [p for p in (window.find(mark) for mark in _BEGINNINGS) if p >= 0]
        if places:
            return start + min(places)
        keep = max(map(len, _BEGINNINGS)) - 1
        start += max(0, len(window) - keep)
        window = window[-keep:]
    return None
