"""The first stage: the files of a shard → documents, each a page or an article."""

from __future__ import annotations

import datetime as dt
import io
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, cast

from datatrove.io import DataFolder
from datatrove.pipeline.base import PipelineStep
from fsspec.core import url_to_fs

from qawl.crawl import warc
from qawl.crawl.page import Failure, Page, article_document, failed, page_document
from qawl.crawl.plan import File, find, load, shards
from qawl.crawl.progress import Beat
from qawl.crawl.settings import Settings
from qawl.errors import InputError

#: One line of JSONL, or one page in a file of its own, up to this many bytes more than a page may have:
#: what is larger still is told, not loaded.
_LINE = 1 << 26


class ReadPages(PipelineStep):
    """Reads pages from WARC files, HTML files, JSONL and Parquet at any fsspec path.

    ``source``: a folder, a file or a pattern. A task reads the shards rank, rank + tasks … of it, or of the
    plan that the folder ``planned`` has. Documents
    have the page in ``metadata["page"]``, or, where the file has articles, the article's text. ``failures``:
    whether what cannot be read goes on as a document with ``metadata["failure"]``.
    """

    type = "📖 - READER"
    name = "Pages"

    def __init__(
        self,
        source: str,
        *,
        settings: Settings | None = None,
        storage: Mapping[str, Any] | None = None,
        planned: DataFolder | None = None,
        failures: bool = False,
        beat: Beat | None = None,
    ) -> None:
        super().__init__()
        self.source = source
        self.settings = settings or Settings()
        self.storage = dict(storage or {})
        self.planned = planned
        self.failures = failures
        self.beat = beat

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """The documents of this task's shards."""
        if data:
            yield from data
        kept = load(self.planned) if self.planned is not None else None
        made = kept.shards if kept else shards(find(self.source, self.storage), self.settings)
        mine = [file for shard in made[rank::world_size] for file in shard]
        whole, before = sum(file.size for file in mine), 0
        pages = 0
        for file in mine:
            stream = self._file(file)
            while True:
                began = time.process_time()
                found = next(stream, None)
                self.stats.time_stats.update(time.process_time() - began)
                if found is None:
                    break
                document, place = found
                pages += 1
                if self.beat:
                    self.beat.tell(rank, pages, before + place, whole, file.name)
                if failure := document.metadata.get("failure"):
                    self.stat_update(f"failed: {failure.why}")
                    if self.failures:
                        yield document
                else:
                    self.stat_update("pages")
                    yield document
            before += file.size
        if self.beat:
            self.beat.tell(rank, pages, whole, whole, "", at_once=True)

    def _file(self, file: File) -> Iterator[tuple[Any, int]]:
        """The documents of a file and how far in it each stands (bytes)."""
        read = {"warc": self._warc, "html": self._html, "jsonl": self._jsonl, "parquet": _parquet}
        try:
            fs, path = url_to_fs(file.path, **self.storage)
            with fs.open(path, "rb") as opened:
                yield from read[file.kind](cast(BinaryIO, opened), file)
        except Exception as error:
            said = getattr(error, "strerror", None) or str(error) or type(error).__name__
            document = page_document(file.name, Page(b""), None, None)
            yield (
                failed(document, Failure("pages", "damaged", f"the file cannot be read: {said}")),
                0,
            )

    def _warc(self, opened: BinaryIO, file: File) -> Iterator[tuple[Any, int]]:
        return warc.pages(opened, file.name, self.settings.largest_page)

    def _html(self, opened: BinaryIO, file: File) -> Iterator[tuple[Any, int]]:
        data = _unpacked(opened).read(self.settings.largest_page + 1)
        yield page_document(file.name, Page(data), None, None), file.size

    def _jsonl(self, opened: BinaryIO, file: File) -> Iterator[tuple[Any, int]]:
        lines = _unpacked(opened)
        number = 0
        while line := lines.readline(_LINE):
            number += 1
            if line.strip():
                yield _from_line(line, f"{file.name}:{number}"), opened.tell()


def _unpacked(opened: BinaryIO) -> Any:
    """The file's own bytes, unpacked where it is gzip or zstd."""
    head = opened.read(4)
    opened.seek(0)
    if head[:2] == b"\x1f\x8b":
        import gzip

        return io.BufferedReader(cast(io.RawIOBase, gzip.GzipFile(fileobj=opened)))
    if head == b"\x28\xb5\x2f\xfd":
        import pyarrow as pa

        stream = pa.CompressedInputStream(pa.PythonFile(opened, "r"), "zstd")
        return io.BufferedReader(cast(io.RawIOBase, _Raw(stream)))
    # fsspec's own files have no readline with a limit
    return io.BufferedReader(cast(io.RawIOBase, opened))


class _Raw(io.RawIOBase):
    """A stream of pyarrow's as one of Python's, so that it has lines."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _from_line(line: bytes, ident: str) -> Any:
    try:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(f"the line is not JSON ({type(error).__name__})") from error
        return _from_record(record, ident)
    except InputError as error:
        document = page_document(ident, Page(b""), None, None)
        return failed(document, Failure("pages", "damaged", str(error)))


def _from_record(record: Any, ident: str) -> Any:
    """The document of one record: a page where it has "html", else an article."""
    from qawl.sources import jsonl

    html = record.get("html") if isinstance(record, Mapping) else None
    if isinstance(html, str | bytes) and html:
        address = record.get("address") or record.get("url")
        data = html if isinstance(html, bytes) else html.encode("utf-8", "replace")
        page = Page(data, None if isinstance(html, bytes) else "utf-8")
        return page_document(str(record.get("id") or ident), page, address, None)
    return article_document(jsonl.article_of(record, default_id=ident))


def _parquet(opened: BinaryIO, file: File) -> Iterator[tuple[Any, int]]:
    from pyarrow import parquet

    from qawl.sources.tables import article_from_row, is_ours

    table = parquet.ParquetFile(opened)
    ours = is_ours(table.schema_arrow, "articles")
    rows = max(1, table.metadata.num_rows)
    number = 0
    for batch in table.iter_batches(batch_size=200):
        for row in batch.to_pylist():
            number += 1
            ident = f"{file.name}:{number}"
            fetched: dt.datetime | None = None
            try:
                if ours:
                    fetched = row.get("fetched")
                    document = article_document(article_from_row(row, ()), fetched)
                else:
                    document = _from_record(row, ident)
            except InputError as error:
                document = page_document(ident, Page(b""), None, None)
                document = failed(document, Failure("pages", "damaged", str(error)))
            yield document, file.size * number // rows


class ReadExtracted(PipelineStep):
    """Reads the articles that the extraction of a crawl wrote for a shard."""

    type = "📖 - READER"
    name = "Extracted"

    def __init__(self, folder: DataFolder, under: str, beat: Beat | None = None) -> None:
        super().__init__()
        self.folder = folder
        self.under = under
        self.beat = beat

    def run(self, data: Any = None, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """The shard's articles, in order."""
        from pyarrow import parquet

        from qawl.sources.tables import article_from_row

        name = f"{self.under}articles/{rank:05d}.parquet"
        with self.folder.open(name, "rb") as opened:
            table = parquet.ParquetFile(opened)
            whole, done = table.metadata.num_rows, 0
            for batch in table.iter_batches(batch_size=100):
                for row in batch.to_pylist():
                    done += 1
                    if self.beat:
                        self.beat.tell(rank, done, done, whole, "")
                    yield article_document(article_from_row(row, ()), row["fetched"])
        if self.beat:
            self.beat.tell(rank, done, whole, whole, "", at_once=True)
