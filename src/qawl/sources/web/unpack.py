"""The body of an answer, unpacked as it comes and never beyond a limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from qawl.sources.web.errors import FetchError

#: Names of the encodings that are unpacked (RFC 9110, 8.4.1).
GZIP, DEFLATE = ("gzip", "x-gzip"), ("deflate",)


def body(chunks: Iterable[bytes], encoding: str, limit: int, *, cut: bool = False) -> bytes:
    """The bytes of an answer whose Content-Encoding is ``encoding``.

    Raises FetchError where they are more than ``limit`` (with ``cut``, the first ``limit`` are given
    instead), damaged, or end too soon. No more than ``limit`` bytes and a chunk are ever held.
    """
    names = [n.strip().lower() for n in encoding.split(",")]
    names = [n for n in names if n not in ("", "identity")]
    if len(names) > 1 or any(n not in (*GZIP, *DEFLATE) for n in names):
        raise FetchError(f"its answer is encoded as {encoding[:60]!r}, which was not asked for")
    limited = _limited(chunks, limit, cut)
    pieces = _unpacked(limited, limit, gzipped=names[0] in GZIP) if names else limited
    whole = bytearray()
    for piece in pieces:
        whole += piece
        if len(whole) > limit:
            if not cut:
                raise _too_large(limit)
            return bytes(whole[:limit])
    return bytes(whole)


def gunzipped(data: bytes, limit: int) -> bytes:
    """The content of a gzip file; raises FetchError where it is larger than ``limit`` or damaged."""
    return body((data,), "gzip", limit)


def _limited(chunks: Iterable[bytes], limit: int, cut: bool) -> Iterator[bytes]:
    """The chunks, unless what is sent is more than what may be held."""
    sent = 0
    for chunk in chunks:
        sent += len(chunk)
        if sent > limit and not cut:
            raise _too_large(limit)
        yield chunk


def _unpacked(chunks: Iterable[bytes], limit: int, *, gzipped: bool) -> Iterator[bytes]:
    """The content of a gzip stream (of several members) or of a zlib or raw deflate stream."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16) if gzipped else None
    begun = False
    for chunk in chunks:
        data = chunk
        while data:
            if unpacker is None:  # deflate: servers send it with and without zlib's head
                wrapped = data[0] & 0x0F == 8 and data[0] >> 4 <= 7
                unpacker = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
            if unpacker.eof:
                if not gzipped or not data.strip(b"\x00"):
                    break  # what stands after the end
                unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
            begun = True
            try:
                piece = unpacker.decompress(data, limit + 1)
            except zlib.error as error:
                raise FetchError(f"its compressed answer is damaged ({error})") from error
            yield piece
            data = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    if begun and unpacker is not None and not unpacker.eof:
        raise FetchError("its compressed answer ends too soon")


def _too_large(limit: int) -> FetchError:
    return FetchError(f"its answer is larger than {limit / 1_000_000:g} MB")
