"""What can go wrong on the way to an address, by what to do about it."""

from __future__ import annotations

import datetime as dt

from qawl.errors import QawlError


class FetchError(QawlError):
    """An address did not give what it was asked for; it may later.

    ``status`` is the server's answer, None where there was none. ``retry_after`` is how many seconds
    the server asks to wait, None where it does not say. ``unreachable``: the host gave no answer.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        unreachable: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after
        self.unreachable = unreachable


class Refused(FetchError):
    """Qawl does not fetch this address: it is not public, or its robots.txt does not allow it."""


class Later(FetchError):
    """The address was not asked, since its host must be left alone until ``until`` (UTC)."""

    def __init__(self, message: str, until: dt.datetime) -> None:
        super().__init__(message)
        self.until = until
