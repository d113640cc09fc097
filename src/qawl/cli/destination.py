"""Where a command's articles go: a file or a folder in one of the formats, or standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from qawl.cli.report import NothingRead, Report
from qawl.formats import FORMATS, file_exporter, folder_exporter
from qawl.formats.output import atomic_file, atomic_folder
from qawl.model import Article


def export(
    stream: Iterator[Article], form: str, output: str | None, report: Report, view: dict[str, Any]
) -> None:
    """Writes the stream in the format ``form`` to ``output`` (a file or a folder), else to standard
    output; ``view`` is what the terminal's exporter takes besides. Raises OutputError."""
    if output is None:
        file_exporter(form).write(stream, _stdout(), **view)
        _stdout().flush()
        return
    path = Path(output)
    to_folder = not FORMATS[form].file or (
        FORMATS[form].folder and (path.is_dir() or output.endswith(("/", os.sep)))
    )
    try:
        if not to_folder:
            with atomic_file(path) as out:
                file_exporter(form).write(report.something(stream), out, **view)
        elif FORMATS[form].file:
            path.mkdir(exist_ok=True)
            folder_exporter(form).write_folder(report.something(stream), path)
        else:
            with atomic_folder(path) as folder:
                folder_exporter(form).write_folder(report.something(stream), folder)
    except NothingRead:
        pass


def _stdout() -> BinaryIO:
    return sys.stdout.buffer
