"""Which addresses may be fetched: http and https, ordinary ports, hosts of the public internet.

A host's name is resolved once, every answer is checked, and the connection goes to a checked answer
(``connect``): a name that resolves to another host a moment later changes nothing. Each redirect is
checked the same way.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urljoin, urlsplit, urlunsplit

from qawl.sources.web.errors import FetchError, Refused

#: (host, port) → the IP addresses that it resolves to.
Resolve = Callable[[str, int], Iterable[str]]

#: Ports of web servers; others belong to mail, databases and the like.
PORTS = frozenset((80, 443, 8080, 8443))
_DEFAULT = {"http": 80, "https": 443}
#: Addresses are this long at most: browsers and servers take no longer ones.
_LONGEST = 8192
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|[0-9a-f:.]{2,45}")
#: Global unicast (RFC 4291, 2.4): all other addresses of IPv6 are tunnels or not public.
_GLOBAL = ipaddress.IPv6Network("2000::/3")
#: Ranges that ``is_global`` lets pass in some versions of Python, by IANA's registries of special
#: addresses: protocol assignments, relays of 6to4, Teredo and its like, 6to4, documentation.
_SPECIAL = tuple(
    ipaddress.ip_network(n)
    for n in (
        "192.0.0.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.175.48.0/24",
        "2001::/23",
        "2002::/16",
        "3fff::/20",
    )
)


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address: where to connect, and what to ask for."""

    scheme: str
    host: str
    port: int
    path: str
    ips: tuple[str, ...]

    @property
    def origin(self) -> str:
        """Scheme, host and port, as an address begins."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        default = self.port == _DEFAULT[self.scheme]
        return f"{self.scheme}://{shown}" + ("" if default else f":{self.port}")


def tidy(address: str, base: str = "") -> str:
    """An address as it is asked for: absolute, its host in small ASCII letters, its path escaped,
    without a fragment, a default port or the parameters of campaigns (utm_…).

    Raises Refused for what is no web address, or one with a name and password in it.
    """
    given = address.strip()
    try:
        parts = urlsplit(urljoin(base, given) if base else given)
        host, port = parts.hostname or "", parts.port
        scheme = parts.scheme.lower()
        if scheme not in _DEFAULT or not host:
            raise ValueError("no http or https address")
        if not host.isascii():
            host = host.encode("idna").decode("ascii")
        host = host.rstrip(".").lower()
    except (ValueError, UnicodeError) as error:
        raise Refused(f"{_shown(given)} is no web address ({error}); write https://…") from error
    if parts.username is not None or parts.password is not None:
        raise Refused(f"the address of {host} has a name or password in it; write it without")
    if len(given) > _LONGEST or not _HOST.fullmatch(host):
        raise Refused(f"{_shown(given)} is no web address; write https://…")
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port in (None, _DEFAULT[scheme]) else f"{shown}:{port}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = quote(_without_campaign(parts.query), safe="/%:@!$&'()*+,;=~?[]")
    return urlunsplit((scheme, netloc, path, query, ""))


def _without_campaign(query: str) -> str:
    if "utm_" not in query.lower() or not parse_qsl(query):
        return query
    return "&".join(p for p in query.split("&") if not p.lower().startswith("utm_"))


def _shown(address: str) -> str:
    return repr(address if len(address) <= 100 else address[:99] + "…")


def public(ip: str) -> bool:
    """Whether ``ip`` is a host of the public internet."""
    try:
        found: Any = ipaddress.ip_address(ip)
    except ValueError:
        return False
    if found.version == 6 and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if any(found.version == n.version and found in n for n in _SPECIAL):
        return False
    if found.version == 6 and found not in _GLOBAL:
        return False
    return bool(
        found.is_global
        and not found.is_multicast
        and not found.is_reserved
        and not found.is_unspecified
    )


def system(host: str, port: int) -> list[str]:
    """The IP addresses of ``host`` by the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets public addresses pass; all with ``private``, on any port.

    ``resolve`` gives the IP addresses of a host.
    """

    private: bool = False
    resolve: Resolve = field(default=system)

    def check(self, address: str, timeout: float = 10.0) -> Target:
        """Where to connect for a tidied ``address``; the name is resolved within ``timeout`` seconds.

        Raises Refused for what may not be fetched, FetchError where the name does not resolve.
        """
        parts = urlsplit(tidy(address))
        host = parts.hostname or ""
        port = parts.port or _DEFAULT[parts.scheme]
        if not self.private and port not in PORTS:
            raise Refused(
                f"port {port} of {host} is none of web servers; --private allows any port"
            )
        ips = tuple(_within(timeout, self.resolve, host, port))
        if not ips:
            raise FetchError(f"the host {host} is not found", unreachable=True)
        if not self.private and (wrong := [ip for ip in ips if not public(ip)]):
            raise Refused(
                f"{host} is no public host ({wrong[0]}); --private allows hosts of one's own network"
            )
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Target(parts.scheme, host, port, path, ips)


def _within(timeout: float, resolve: Resolve, host: str, port: int) -> list[str]:
    """What ``resolve`` gives, or FetchError: the system's resolver knows no time limit of its own."""
    found: list[str] = []
    failed: list[OSError | UnicodeError] = []

    def ask() -> None:
        try:
            found.extend(resolve(host, port))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(timeout)
    if asking.is_alive():
        raise FetchError(f"the name of {host} is not resolved in {timeout:g} s", unreachable=True)
    if failed:
        why = getattr(failed[0], "strerror", None) or failed[0]
        raise FetchError(f"the host {host} is not found ({why})", unreachable=True)
    return found
