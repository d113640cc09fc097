"""What Qawl writes: one exporter a file.

An exporter is a module with ``write(articles, out)``: it takes a stream of read articles and an
open binary file, writes as it goes, and holds no more than a few articles at a time. One that makes
more than one file has ``write_folder(articles, folder)`` beside it or instead. ``FORMATS`` names
them all; ``exporter`` loads one when it is needed, so that an optional package is imported only by
who asks for its format.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from qawl.model import Article


class FileExporter(Protocol):
    """A module that writes one file. Text is UTF-8."""

    def write(self, articles: Iterable[Article], out: BinaryIO) -> None:
        """Writes every article of the stream to ``out``, in order, and leaves ``out`` open."""


class FolderExporter(Protocol):
    """A module that writes a folder of files."""

    def write_folder(self, articles: Iterable[Article], folder: Path) -> None:
        """Writes every article of the stream to files in ``folder``, which exists."""


@dataclass(frozen=True, slots=True)
class Format:
    """What there is to know of a format before its module is loaded."""

    name: str
    module: str
    help: str
    file: bool = True
    folder: bool = False
    binary: bool = False


#: Every format by the name that ``qawl read --format`` takes.
FORMATS: dict[str, Format] = {
    f.name: f
    for f in (
        Format("text", "terminal", "for people: statements grouped by source"),
        Format("jsonl", "jsonl", "the interchange form, one article a line"),
        Format("json", "json_document", "one document with everything Qawl knows"),
        Format("csv", "csv_table", "one statement a row, for spreadsheets"),
        Format(
            "parquet",
            "parquet",
            "one statement a row, for DuckDB, pandas, Spark",
            folder=True,
            binary=True,
        ),
        Format("web-annotation", "web_annotation", "W3C Web Annotation"),
        Format("jsonld", "jsonld", "schema.org NewsArticle and Quotation"),
        Format("claimreview", "claimreview", "ClaimReview drafts of what could be verified"),
        Format("ris", "ris", "citations for reference managers"),
        Format("bibtex", "bibtex", "citations for BibLaTeX"),
        Format("brat", "brat", "brat standoff, a folder of .txt and .ann", file=False, folder=True),
    )
}


def file_exporter(name: str) -> FileExporter:
    """The exporter of the format ``name`` that writes one file; ``KeyError`` if there is none."""
    chosen = FORMATS[name]
    if not chosen.file:
        raise KeyError(name)
    return cast(FileExporter, import_module(f"qawl.formats.{chosen.module}"))


def folder_exporter(name: str) -> FolderExporter:
    """The exporter of the format ``name`` that writes a folder; ``KeyError`` if there is none."""
    chosen = FORMATS[name]
    if not chosen.folder:
        raise KeyError(name)
    return cast(FolderExporter, import_module(f"qawl.formats.{chosen.module}"))
