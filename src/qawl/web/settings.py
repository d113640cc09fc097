"""What a server is told when it starts; its workers read it from the environment."""

from __future__ import annotations

import ipaddress
import json
import os
import secrets
from dataclasses import asdict, dataclass, field

#: The environment variable by which ``qawl serve`` tells its workers.
VARIABLE = "QAWL_SERVE"


@dataclass(frozen=True, slots=True)
class Settings:
    """``db`` is the record's file or URL; ``hosts`` are the names under which the server may be asked for
    (any where it is empty); ``sign_in`` whether changing something needs it; ``secure`` whether it is
    reached by https, so that cookies are only sent so; ``secret`` signs what forms send back.

    ``upload`` is the size of a request's body at most, in bytes; ``rate`` the requests that one client may
    make in a minute where they cost (reading, writing, the API); ``origins`` the sites whose scripts may ask
    the API; ``private`` whether addresses of private networks may be fetched; ``counts`` the file in which
    the workers count what clients do (limits.py), "" where there is one.
    """

    db: str | None = None
    hosts: tuple[str, ...] = ()
    sign_in: bool = True
    secure: bool = False
    secret: str = field(default_factory=lambda: secrets.token_hex(32))
    upload: int = 4_000_000
    rate: int = 240
    origins: tuple[str, ...] = ()
    private: bool = False
    counts: str = ""
    address: str = ""  # how the server is reached from outside: https://qawl.example.org

    def to_environment(self) -> None:
        """Hands the settings to the workers that this process starts."""
        os.environ[VARIABLE] = json.dumps(asdict(self))

    @classmethod
    def from_environment(cls) -> Settings:
        """The settings that ``qawl serve`` gave; its defaults where it gave none."""
        given = json.loads(os.environ.get(VARIABLE, "{}"))
        for name in ("hosts", "origins"):
            if name in given:
                given[name] = tuple(given[name])
        return cls(**given)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that listens on ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
