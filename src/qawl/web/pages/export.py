"""What a search finds, as a file in every format: written while it is sent, so that memory does not grow.

A format's exporter writes to a file; here that file is a queue that the answer is sent from, filled by a
thread of its own. A folder of files (brat) is packed first and sent as one.
"""

from __future__ import annotations

import io
import queue
import tempfile
import threading
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import IO, Annotated, Any, BinaryIO, cast

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response, StreamingResponse

from qawl.formats import FORMATS, file_exporter, folder_exporter
from qawl.model import Article
from qawl.record.search import numbers
from qawl.record.takeaway import found
from qawl.web.asking import Asked, Asking
from qawl.web.pages.try_it import check_rate
from qawl.web.site import AnySite, AnyTexts, Site

router = APIRouter()
#: Statements of a file at most, the newest: some 20 MB of JSON, and a few seconds of one core.
MOST = 10_000
#: Exports that one worker writes at once: each holds a connection while its client takes it.
AT_ONCE = 3
#: Requests that one counts for.
COST = 10.0
#: Seconds that a client may take nothing, and bytes of a part that is sent.
PATIENCE, PART = 30.0, 64_000
_KINDS = {
    "text": ("txt", "text/plain; charset=utf-8"),
    "jsonl": ("jsonl", "application/jsonl"),
    "json": ("json", "application/json"),
    "csv": ("csv", "text/csv; charset=utf-8; header=present"),
    "parquet": ("parquet", "application/vnd.apache.parquet"),
    "web-annotation": ("annotations.jsonld", "application/ld+json"),
    "jsonld": ("jsonld", "application/ld+json"),
    "claimreview": ("claimreview.jsonld", "application/ld+json"),
    "ris": ("ris", "application/x-research-info-systems; charset=utf-8"),
    "bibtex": ("bib", "application/x-bibtex; charset=utf-8"),
    "brat": ("brat.zip", "application/zip"),
}
_running = threading.BoundedSemaphore(AT_ONCE)


@router.get("/export/{format_}")
def export(
    request: Request,
    site: AnySite,
    t: AnyTexts,
    format_: str,
    asking: Annotated[Asking, Depends()],
) -> Response:
    """The statements of a search with their articles, the newest 10,000; the file's name and the header
    ``x-qawl-note`` say so where there are more."""
    if format_ not in FORMATS:
        raise HTTPException(404, t("export.some", known=", ".join(FORMATS)))
    check_rate(request, site, COST)
    with site.records.reading() as connection:
        asked = asking.understood(connection)
        several = numbers(connection, asked.words, asked.filters, MOST + 1)
    more = len(several) > MOST
    if not _running.acquire(blocking=False):
        raise HTTPException(503, headers={"retry-after": "10"})
    writing = Writing(site, format_, asked, several[MOST - 1] if more else None)
    try:
        parts = writing.parts()
        first = next(parts, b"")  # what goes wrong at once is answered as an error
    except BaseException:
        writing.stop()
        raise
    ending, kind = _KINDS[format_]
    name = f"qawl-newest-{MOST}.{ending}" if more else f"qawl.{ending}"
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "private, no-store",
        "x-robots-tag": "noindex",
    }
    if more:
        headers["x-qawl-note"] = (
            f"only the newest {MOST} statements: narrow the search, or use qawl export"
        )

    def body() -> Iterator[bytes]:
        try:
            yield first
            yield from parts
        finally:
            writing.stop()

    return StreamingResponse(body(), media_type=kind, headers=headers)


class Left(Exception):
    """Nobody takes what is written."""


class Writing:
    """An export that a thread writes while ``parts`` are taken. ``least`` is the number of the last statement
    that is written, None for all. Its thread holds one of ``AT_ONCE`` places."""

    def __init__(self, site: Site, form: str, asked: Asked, least: int | None) -> None:
        self._site, self._form, self._asked, self._least = site, form, asked, least
        self._queue: queue.Queue[bytes | BaseException | None] = queue.Queue(maxsize=8)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._write, name=f"export {form}", daemon=True)
        self._thread.start()

    def parts(self) -> Iterator[bytes]:
        """What is written, as it is; raises what went wrong."""
        while (part := self._queue.get()) is not None:
            if isinstance(part, BaseException):
                raise part
            yield part

    def stop(self) -> None:
        """Ends the writing, wherever it is."""
        self._stopped.set()
        with suppress(queue.Empty):
            while True:
                self._queue.get_nowait()

    def put(self, part: bytes | BaseException | None) -> None:
        """Hands a part over; raises Left where nobody takes it."""
        waited = 0.0
        while not self._stopped.is_set() and waited < PATIENCE:
            try:
                self._queue.put(part, timeout=0.5)
            except queue.Full:
                waited += 0.5
            else:
                return
        raise Left

    def _write(self) -> None:
        try:
            with (
                self._site.records.record() as record,
                closing(found(record, self._asked.words, self._asked.filters)) as stream,
            ):
                # a table is joined and counted by its ids, which a record's numbers are
                numbered = self._form == "parquet"
                articles = (one.numbered() if numbered else one.article for one in stream)
                self._export(_least(articles, self._least))
            self.put(None)
        except Left:
            pass
        except BaseException as error:
            with suppress(Left):
                self.put(error)
        finally:
            _running.release()

    def _export(self, articles: Iterable[Article]) -> None:
        if FORMATS[self._form].file:
            out = Part(self)
            file_exporter(self._form).write(articles, cast(BinaryIO, out))
            out.hand_over()
            return
        with tempfile.TemporaryDirectory(prefix="qawl-export-") as name, _spool() as packed:
            folder = Path(name)
            folder_exporter(self._form).write_folder(articles, folder)
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                for file in sorted(folder.rglob("*")):
                    archive.write(file, file.relative_to(folder))
            packed.seek(0)
            while part := packed.read(PART):
                self.put(part)


def _spool() -> IO[bytes]:
    return tempfile.TemporaryFile(prefix="qawl-export-")


def _least(articles: Iterable[Article], least: int | None) -> Iterator[Article]:
    """The articles with their statements of a number from ``least`` on, as far as they have any."""
    for article in articles:
        if least is not None:
            kept = [s for s in article.statements if s.entry and s.entry.number >= least]
            if not kept:
                return
            article = article.with_statements(kept)
        yield article


class Part(io.RawIOBase):
    """A file that hands over what is written to it, in parts."""

    def __init__(self, writing: Writing) -> None:
        super().__init__()
        self._writing = writing
        self._waiting = bytearray()
        self._written = 0

    def write(self, data: Any) -> int:
        """Takes bytes."""
        self._waiting += data
        size = memoryview(data).nbytes
        self._written += size
        if len(self._waiting) >= PART:
            self.hand_over()
        return size

    def hand_over(self) -> None:
        """Hands over what waits."""
        part = bytes(self._waiting)
        self._waiting.clear()
        if part:
            self._writing.put(part)

    def tell(self) -> int:
        """How much was written."""
        return self._written

    def writable(self) -> bool:
        """It is."""
        return True
