"""Files, folders and standard input → Articles.

What a file is, its name says (.txt, .html, .mhtml, .jsonl, .json …, each also .gz) or, failing
that, its first bytes. What cannot be read is reported and the rest goes on.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from qawl.errors import InputError
from qawl.model import Article
from qawl.sources import jsonl, text
from qawl.sources.decode import declared_in, decode, refuse_binary
from qawl.sources.jsonl import OnError
from qawl.sources.mhtml import is_mhtml

_Stream = Any  # io.BufferedReader, which is generic in the type stubs but not at run time
#: Where a source gives the bytes of a page that it read.
OnPage = Callable[[bytes], None]
Kind = Literal["html", "jsonl", "json", "text"]

_SUFFIXES: dict[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mhtml": "html",
    ".mht": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
}
#: One page or text up to this many bytes, unpacked: far above any article, below a machine's memory.
MAX_BYTES = 1 << 28
#: One line of JSONL up to this many bytes.
MAX_LINE = 1 << 26
_PEEK = 1 << 16

_TAG = re.compile(
    r"\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*"
    r"<(?:!doctype\s+html|html|head|body|meta|title|article|main|section|header|div|p|h1|script|link)"
    r"\b[^>]*>",
    re.IGNORECASE | re.DOTALL,
)
_CLOSING = re.compile(r"</(?:p|div|html|head|title|body|article|section|span|a|h[1-6])\s*>", re.I)


def sniff(content: str) -> Literal["html", "jsonl", "text"]:
    """Whether ``content`` is a page, lines of JSON or plain text, by its first 65,536 characters."""
    head = content[:_PEEK].lstrip("\ufeff \t\r\n")
    if head[:1] == "{":
        line = head.split("\n", 1)[0]
        if re.match(r'\{\s*"', line) or line.strip() == "{":
            return "jsonl"
    if is_mhtml(head[:8192].encode("utf-8", "replace")):
        return "html"
    if _TAG.match(head) or len(_CLOSING.findall(head)) >= 2:
        return "html"
    return "text"


def article_from(content: str | bytes, **fields: Any) -> Article:
    """The one article that ``content`` holds: a page, a line of JSON or plain text.

    ``fields`` (id, title, outlet, author, date, address …) are Article's and override what the
    content says. Raises InputError where there is none, or several, or the bytes are no text.
    """
    page = content
    if isinstance(content, bytes):
        content = decode(content, declared_in(content))[0]
    if not content.strip("\ufeff\x00 \t\r\n"):
        raise InputError("the input is empty; give an article's text or page")
    kind = sniff(content)
    if kind == "html":
        from qawl.sources.html import article as page_article

        return page_article(content if isinstance(page, bytes) else page, **fields)
    if kind == "text":
        return text.article(content, **fields)
    found = list(_json_articles(content, ""))
    if len(found) != 1:
        raise InputError(
            f"the input holds {len(found)} articles; read several with qawl.sources.articles"
        )
    article = found[0]
    if "title" in fields:
        body = article.text[len(article.title) + 1 :] if article.title else article.text
        renamed = Article.of(body, title=fields.pop("title") or "")
        article = replace(
            article, text=renamed.text, title=renamed.title, paragraphs=renamed.paragraphs
        )
    return replace(article, **fields)


def articles(
    paths: Iterable[str | os.PathLike[str]],
    *,
    on_error: OnError | None = None,
    on_page: OnPage | None = None,
) -> Iterator[Article]:
    """The articles of files and folders, one at a time, in order; "-" is standard input.

    A folder gives its files of known suffixes, sorted, with those of its folders. An article's id is
    its JSON's, else the name of its file (in a folder: the path within it). What cannot be read is
    reported to ``on_error`` (name, line or None, message) and the rest goes on; without
    ``on_error`` it raises InputError. ``on_page`` gets the bytes of each page just before its article.
    """
    for given in paths:
        name = os.fspath(given)
        try:
            if name == "-":
                yield from _read(
                    cast(BinaryIO, sys.stdin.buffer), "-", "-", None, on_error, on_page
                )
                continue
            path = Path(name)
            if path.is_dir():
                inside = _inside(path)
                if not inside:
                    known = ", ".join(_SUFFIXES)
                    raise InputError(f"the folder holds no article files ({known}; also .gz)")
                for file in inside:
                    yield from _file(file, file.relative_to(path).as_posix(), on_error, on_page)
            else:
                yield from _file(path, path.name, on_error, on_page)
        except InputError as error:
            _report(on_error, name, None, error)


def _inside(folder: Path) -> list[Path]:
    """The article files in a folder and below; hidden ones and links to folders left out."""
    found = []
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        found += [Path(where, f) for f in sorted(files) if _kind(f) and not f.startswith(".")]
    return sorted(found)


def _kind(name: str) -> Kind | None:
    return _SUFFIXES.get(Path(name.lower().removesuffix(".gz")).suffix)


def _file(
    path: Path, ident: str, on_error: OnError | None, on_page: OnPage | None
) -> Iterator[Article]:
    name = str(path)
    try:
        with path.open("rb") as raw:
            if raw.peek(2)[:2] == b"\x1f\x8b":
                with gzip.open(raw) as unpacked:
                    file = cast(BinaryIO, unpacked)
                    yield from _read(file, name, ident, _kind(name), on_error, on_page)
            else:
                yield from _read(raw, name, ident, _kind(name), on_error, on_page)
    except InputError as error:
        _report(on_error, name, None, error)
    except FileNotFoundError:
        _report(on_error, name, None, InputError("there is no such file; check the name"))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        _report(
            on_error, name, None,
            InputError(f"its gzip data is damaged or cut short ({error}); fetch the file again"),
        )  # fmt: skip
    except OSError as error:
        reason = error.strerror or str(error)
        _report(on_error, name, None, InputError(f"it cannot be read: {reason}"))


def _report(on_error: OnError | None, name: str, line: int | None, error: InputError) -> None:
    if on_error is None:
        raise type(error)(f"{name}: {error}") from error
    on_error(name, line, str(error))


def _read(
    file: BinaryIO,
    name: str,
    ident: str,
    kind: Kind | None,
    on_error: OnError | None,
    on_page: OnPage | None,
) -> Iterator[Article]:
    """The articles of one open file of a kind, or of the kind that its first bytes show."""
    stream: _Stream = io.BufferedReader(cast(io.RawIOBase, file), _PEEK)
    try:
        yield from _stream(stream, name, ident, kind, on_error, on_page)
    finally:
        with suppress(ValueError):
            stream.detach()  # the file is its opener's to close (standard input is no one's)


def _stream(
    stream: _Stream,
    name: str,
    ident: str,
    kind: Kind | None,
    on_error: OnError | None,
    on_page: OnPage | None,
) -> Iterator[Article]:
    head = stream.peek(_PEEK)[:_PEEK]
    refuse_binary(head)
    if kind is None or kind == "json":
        start, _ = decode(head, declared_in(head))
        if kind is None:
            kind = sniff(start)
        if kind == "json":
            kind = "jsonl" if _is_lines(start) else "json"
    if kind == "jsonl":
        yield from jsonl.articles(_lines(stream, head), name=ident, on_error=_named(on_error, name))
        return
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise InputError(
            f"it is larger than {MAX_BYTES >> 20} MiB, no single article; split it or give JSONL"
        )
    if kind == "html":
        from qawl.sources.html import article as page_article

        article = page_article(data, id=ident)
        if on_page is not None:
            on_page(data)
        yield article
        return
    content, _ = decode(data, declared_in(data))
    if kind == "json":
        yield from _json_articles(content, ident)
    else:
        yield text.article(content, id=ident)


def _named(on_error: OnError | None, name: str) -> OnError | None:
    """``on_error`` under the file's own path (the articles' ids are under its short name)."""
    if on_error is None:
        return None
    return lambda _, line, message: on_error(name, line, message)


def _is_lines(start: str) -> bool:
    """Whether a .json file is in fact one object a line."""
    start = start.lstrip("\ufeff \t\r\n")
    line, newline, _ = start.partition("\n")
    try:
        return bool(newline) and isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _json_articles(content: str, ident: str) -> Iterator[Article]:
    """The articles of one JSON document: an object or a list of them; failing that, of its lines."""
    try:
        document = json.loads(content.removeprefix("\ufeff"))
    except RecursionError:
        raise InputError("its JSON is nested too deep to be an article") from None
    except json.JSONDecodeError as error:
        lines = content.split("\n")
        if sum(1 for line in lines if line.strip()) < 2:
            raise InputError(f"it is not JSON ({error}); mend it") from error
        yield from jsonl.articles(lines, name=ident)
        return
    except ValueError as error:  # a number of more digits than Python takes
        raise InputError(f"its JSON cannot be read ({error}); mend it") from error
    if not isinstance(document, list):
        yield jsonl.article_of(document, default_id=ident)
        return
    for i, record in enumerate(document, 1):
        yield jsonl.article_of(record, default_id=f"{ident}:{i}")


def _lines(stream: _Stream, head: bytes) -> Iterator[str | bytes]:
    """The lines of a JSONL stream, each bounded, in UTF-16 too."""
    encoding = (
        decode(head)[1] if b"\x00" in head[:64] or head[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
    )
    if encoding.startswith("utf-16"):
        lines = io.TextIOWrapper(stream, encoding, errors="replace", newline="\n")
        try:
            yield from lines
        finally:
            lines.detach()
        return
    while line := stream.readline(MAX_LINE):
        if len(line) == MAX_LINE and not line.endswith(b"\n"):
            while (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                pass
            line = b'"a line of more than 64 MiB"'  # reported as no object, under its number
        yield line
