"""A connection to a checked address that ends at a deadline (httpcore's network backend)."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import httpcore

from qawl.sources.web.guard import Target

#: (IP address, port, seconds) → a connected socket.
Dial = Callable[[str, int, float], socket.socket]


def dial(ip: str, port: int, timeout: float) -> socket.socket:
    """A TCP connection to ``ip``."""
    connected = socket.create_connection((ip, port), timeout)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connected


@cache
def certificates() -> ssl.SSLContext:
    """Checks certificates by the list of Mozilla (certifi)."""
    return httpcore.default_ssl_context()


class Backend(httpcore.NetworkBackend):
    """Connects to the IP addresses of a target, whatever name httpcore asks for."""

    def __init__(self, target: Target, connect: float, deadline: float, dial: Dial) -> None:
        self._target = target
        self._connect = connect
        self._deadline = deadline
        self._dial = dial

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connects to the first address that answers; raises ConnectError or ConnectTimeout."""
        end = min(time.monotonic() + self._connect, self._deadline)
        failed: OSError = TimeoutError("timed out")
        for k, ip in enumerate(self._target.ips):
            left = end - time.monotonic()
            if left <= 0:
                break
            share = left / (len(self._target.ips) - k)  # one dead address must not eat all the time
            try:
                connected = self._dial(ip, self._target.port, share)
            except OSError as error:
                failed = error
            else:
                return Stream(_Plain(connected), self._deadline, end)
        kind = (
            httpcore.ConnectTimeout if isinstance(failed, TimeoutError) else httpcore.ConnectError
        )
        raise kind(str(failed)) from failed


class Stream(httpcore.NetworkStream):
    """A stream of which nothing lasts beyond the deadline (seconds of ``time.monotonic``)."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float, shaken: float) -> None:
        self._inner = inner
        self._deadline = deadline
        self._shaken = shaken

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Up to ``max_bytes``; raises ReadTimeout at the deadline."""
        return self._inner.read(max_bytes, self._left(self._deadline, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Writes all of it; raises WriteTimeout at the deadline."""
        self._inner.write(buffer, self._left(self._deadline, httpcore.WriteTimeout))

    def close(self) -> None:
        """Closes the connection."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Begins TLS for the host's name, within the time of connecting."""
        left = self._left(self._shaken, httpcore.ConnectTimeout)
        inner = self._inner.start_tls(ssl_context, server_hostname, left)
        return Stream(inner, self._deadline, self._shaken)

    def get_extra_info(self, info: str) -> Any:
        """What the stream beneath knows."""
        return self._inner.get_extra_info(info)

    def _left(self, end: float, late: type[Exception]) -> float:
        left = end - time.monotonic()
        if left <= 0:
            raise late("timed out")
        return left


class _Plain(httpcore.NetworkStream):
    """A socket as httpcore wants it."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            self._socket.settimeout(timeout)
            return self._socket.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self._socket.settimeout(timeout)
            self._socket.sendall(buffer)
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            self._socket.settimeout(timeout)
            return _Plain(ssl_context.wrap_socket(self._socket, server_hostname=server_hostname))
        except TimeoutError as error:
            self.close()
            raise httpcore.ConnectTimeout(str(error)) from error
        except (OSError, ValueError) as error:
            self.close()
            raise httpcore.ConnectError(str(error)) from error

    def get_extra_info(self, info: str) -> Any:
        return self._socket if info == "socket" else None
