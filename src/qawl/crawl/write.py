"""The last stage: articles and statements as Parquet, one file of each a task; and what failed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from datatrove.io import DataFolder
from datatrove.pipeline.base import PipelineStep

from qawl.crawl.files import folder_of, whole, write_rows
from qawl.crawl.page import ARTICLE, FAILURE, FETCHED

#: Rows of a row group: a statement with its decisions has about 8 kB in Python, so some 16 MB wait.
ROWS = 2000


class WriteTables(PipelineStep):
    """Writes ``articles/RANK.parquet`` and ``statements/RANK.parquet`` into a folder (a path or an fsspec
    address), each whole or not at all, in the schema of ``qawl export --format parquet``; and what failed
    to ``failed/``. Documents need ``metadata["article"]`` (``ReadStatements(plain=False)``)."""

    type = "💽 - WRITER"
    name = "Tables"

    def __init__(
        self,
        folder: str | DataFolder,
        *,
        under: str = "",
        stage: str = "read",
        through: bool = False,
    ) -> None:
        super().__init__()
        self.folder = folder_of(folder) if isinstance(folder, str) else folder
        self.under = under
        self.stage = stage
        self.through = through

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """Writes the documents; gives on only what ``through`` asks for."""
        from qawl.formats.parquet import Tables

        failures: list[dict[str, Any]] = []
        with ExitStack() as stack:
            files = [
                stack.enter_context(whole(self.folder, f"{self.under}{table}/{rank:05d}.parquet"))
                for table in ("articles", "statements")
            ]
            tables = stack.enter_context(Tables(files[0], files[1], rows=ROWS))
            for document in data:
                began = time.process_time()
                if FAILURE in document.metadata:
                    failures.append(_failure_row(document))
                else:
                    article = document.metadata[ARTICLE]
                    known = {"fetched": document.metadata.get(FETCHED), "name": article.id}
                    if document.id != article.id:  # another article had its id
                        article = replace(article, id=document.id)
                    tables.add(article, known)
                    self.stat_update("written")
                self.stats.time_stats.update(time.process_time() - began)
                if self.through and FAILURE not in document.metadata:
                    yield document
            began = time.process_time()
        self.stats.time_stats.update(time.process_time() - began)
        write_rows(
            self.folder, f"failed/{self.stage}-{rank:05d}.parquet", failures, failure_schema()
        )


def _failure_row(document: Any) -> dict[str, Any]:
    failure = document.metadata[FAILURE]
    return {
        "article_id": document.id,
        "address": document.metadata.get("address"),
        "stage": failure.stage,
        "why": failure.why,
        "detail": failure.detail,
    }


def failure_schema() -> Any:
    """The columns of what failed (a ``pyarrow.Schema``)."""
    import pyarrow as pa

    return pa.schema(
        [
            pa.field("article_id", pa.string(), nullable=False),
            pa.field("address", pa.string()),
            pa.field("stage", pa.string(), nullable=False),
            pa.field("why", pa.string(), nullable=False),
            pa.field("detail", pa.string()),
        ]
    )
