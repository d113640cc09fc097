"""One bounded GET: limits on size, time, redirects and kind; no cookies, no passwords, no proxies."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from qawl import __version__
from qawl.errors import MissingExtraError
from qawl.sources.web.errors import FetchError, Refused
from qawl.sources.web.guard import Guard, Target, tidy
from qawl.sources.web.unpack import body

if TYPE_CHECKING:
    import ssl

    import httpcore

    from qawl.sources.web.connect import Dial

#: Media types of pages, and of feeds and sitemaps; many feeds are served as a page or as plain text.
PAGES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml")
LISTINGS = (
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml",
    "text/xml", "application/x-rss+xml", "text/html", "text/plain", "application/octet-stream",
    "binary/octet-stream", "application/gzip", "application/x-gzip",
)  # fmt: skip
#: A server that asks for more patience than this is asked again after a day all the same.
LONGEST_WAIT = 86_400.0
_REDIRECTS = (301, 302, 303, 307, 308)
_MEANING = {
    401: "a password is asked for",
    403: "the server forbids it",
    404: "there is no such page",
    410: "the page is gone",
    429: "the server asks to come less often",
    500: "the server has a fault",
    502: "the server has a fault",
    503: "the server is busy",
    504: "the server is slow",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost: bytes (unpacked), seconds, redirects."""

    size: int = 10_000_000
    connect: float = 10.0
    whole: float = 60.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address gave: ``status`` is 200, or 304 where it has not changed.

    ``address`` is the one that answered after redirects; ``headers`` are by small names.
    """

    address: str
    status: int
    body: bytes
    fetched: dt.datetime
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The media type, without its parameters, in small letters; empty where none is told."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The encoding that the server names, if any."""
        from email.message import Message

        message = Message()
        message["content-type"] = self.headers.get("content-type", "")
        named = message.get_param("charset")
        return named if isinstance(named, str) and named.isascii() else None

    @property
    def etag(self) -> str | None:
        """The mark of this version, for asking again."""
        return _short(self.headers.get("etag"))

    @property
    def modified(self) -> str | None:
        """The Last-Modified header as sent."""
        return _short(self.headers.get("last-modified"))


def _short(value: str | None) -> str | None:
    return value if value and len(value) <= 500 else None


def now() -> dt.datetime:
    """The time, UTC."""
    return dt.datetime.now(dt.UTC)


def agent(contact: str | None = None) -> str:
    """The User-Agent header; ``contact`` is an address at which an outlet reaches who runs it."""
    return f"Qawl/{__version__}" + (f" (+{contact})" if contact else "")


class Fetcher:
    """Fetches addresses that the guard lets pass."""

    def __init__(
        self,
        guard: Guard | None = None,
        *,
        contact: str | None = None,
        limits: Limits | None = None,
        now: Callable[[], dt.datetime] = now,
        dial: Dial | None = None,
        certificates: ssl.SSLContext | None = None,
        during: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """``during`` is entered while the network is waited for, so that a signal may end it there.
        ``dial`` opens the connections and ``certificates`` checks who answers: for tests.

        Raises MissingExtraError without httpcore.
        """
        try:
            from qawl.sources.web import connect
        except ModuleNotFoundError as error:
            raise MissingExtraError("fetching from the web", "record") from error
        self.guard = guard or Guard()
        self.limits = limits or Limits()
        self.now = now
        self._agent = agent(contact)
        self._dial = dial or connect.dial
        self._certificates = certificates
        self._during = during

    def get(
        self,
        address: str,
        *,
        kinds: tuple[str, ...] = PAGES,
        etag: str | None = None,
        modified: str | None = None,
        size: int | None = None,
        cut: bool = False,
        before: Callable[[str], None] = lambda _: None,
    ) -> Answer:
        """What ``address`` gives, redirects followed; ``before`` is called with each address first.

        ``size`` is a limit of its own in bytes; with ``cut``, what is beyond it is left out. Raises
        Refused for an address that may not be fetched, FetchError where it gives nothing.
        """
        address = tidy(address)
        seen = [address]
        while True:
            before(address)
            asked = {"If-None-Match": etag, "If-Modified-Since": modified}
            with self._during():
                answer = self._once(address, kinds, asked, size or self.limits.size, cut)
            if answer.status not in _REDIRECTS:
                return answer
            to = answer.headers.get("location", "").strip()
            if not to:
                raise FetchError(
                    f"it leads elsewhere without saying where (status {answer.status})",
                    status=answer.status,
                )
            try:
                to = tidy(to.encode("latin-1").decode("utf-8", "replace"), address)
            except Refused as error:
                raise Refused(f"it leads to an address that is not fetched: {error}") from error
            if to in seen:
                raise FetchError(f"its redirects go in a circle ({to})", status=answer.status)
            if len(seen) > self.limits.redirects:
                raise FetchError(
                    f"it leads elsewhere more than {self.limits.redirects} times",
                    status=answer.status,
                )
            seen.append(to)
            address = to

    def _once(
        self,
        address: str,
        kinds: tuple[str, ...],
        asked: Mapping[str, str | None],
        size: int,
        cut: bool,
    ) -> Answer:
        import httpcore

        deadline = time.monotonic() + self.limits.whole
        target = self.guard.check(address, self.limits.connect)
        conditional = any(asked.values())
        with _explained(target.host), self._connection(target, deadline) as connection:
            request = httpcore.Request(
                "GET",
                httpcore.URL(
                    scheme=target.scheme, host=target.host, port=target.port, target=target.path
                ),
                headers=self._headers(target, kinds, asked),
            )
            response = connection.handle_request(request)
            try:
                headers = _headers(response.headers)
                answer = Answer(address, response.status, b"", self.now(), headers)
                if answer.status in _REDIRECTS or (answer.status == 304 and conditional):
                    return answer
                if answer.status != 200:
                    raise self._failed(answer)
                if answer.kind and answer.kind not in kinds:
                    raise FetchError(
                        f"it is {answer.kind[:60]}, not what was asked for", status=200
                    )
                chunks = response.iter_stream()
                whole = body(chunks, headers.get("content-encoding", ""), size, cut=cut)
                return Answer(address, 200, whole, answer.fetched, headers)
            finally:
                response.close()

    @contextmanager
    def _connection(self, target: Target, deadline: float) -> Iterator[httpcore.HTTPConnection]:
        import httpcore

        from qawl.sources.web import connect

        made = httpcore.HTTPConnection(
            httpcore.Origin(target.scheme.encode(), target.host.encode(), target.port),
            ssl_context=self._certificates or connect.certificates(),
            network_backend=connect.Backend(target, self.limits.connect, deadline, self._dial),
        )
        try:
            yield made
        finally:
            made.close()

    def _headers(
        self, target: Target, kinds: tuple[str, ...], asked: Mapping[str, str | None]
    ) -> list[tuple[bytes, bytes]]:
        host = target.origin.partition("://")[2]
        sent = {
            "Host": host,
            "User-Agent": self._agent,
            "Accept": ", ".join(kinds[:5]) + ", */*;q=0.1",
            "Accept-Language": "ar, *;q=0.5",
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
            **{name: value for name, value in asked.items() if value},
        }
        return [(n.encode("ascii"), v.encode("latin-1", "replace")) for n, v in sent.items()]

    def _failed(self, answer: Answer) -> FetchError:
        meaning = _MEANING.get(answer.status, "the server refuses it")
        wait = waited(answer.headers.get("retry-after"), self.now())
        return FetchError(
            f"{meaning} (status {answer.status})", status=answer.status, retry_after=wait
        )


def waited(header: str | None, moment: dt.datetime) -> float | None:
    """How many seconds a Retry-After header (seconds or a date; RFC 9110, 10.2.3) asks to wait from
    ``moment``, a day at most; None where it says nothing that can be understood."""
    if not header:
        return None
    value = header.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST_WAIT)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    date = date if date.tzinfo else date.replace(tzinfo=dt.UTC)
    return min(max((date - moment).total_seconds(), 0.0), LONGEST_WAIT)


def _headers(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers by small names; of several of one name the first."""
    found: dict[str, str] = {}
    for name, value in raw:
        found.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
    return found


@contextmanager
def _explained(host: str) -> Iterator[None]:
    """Says in plain words what went wrong on the network."""
    import ssl

    import httpcore

    try:
        yield
    except httpcore.TimeoutException as error:
        raise FetchError(f"{host} takes too long to answer", unreachable=True) from error
    except httpcore.ConnectError as error:
        cause = error.__cause__
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = f"its certificate is not valid: {cause.verify_message}"
        else:
            why = getattr(cause, "strerror", None) or str(error)
        raise FetchError(f"{host} cannot be reached ({why})", unreachable=True) from error
    except httpcore.NetworkError as error:
        raise FetchError(f"{host} broke the connection off ({error})", unreachable=True) from error
    except httpcore.ProtocolError as error:
        if "disconnected" in str(error):  # before the first byte
            raise FetchError(f"{host} broke the connection off", unreachable=True) from error
        raise FetchError(f"the answer of {host} is broken ({error})") from error
