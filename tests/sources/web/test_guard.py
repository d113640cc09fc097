from __future__ import annotations

import socket
import time
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qawl.sources.web.errors import FetchError, Refused
from qawl.sources.web.guard import Guard, public, tidy


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.8",
        "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1",
        "240.0.0.1", "255.255.255.255", "192.88.99.1",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::7f00:1",
        "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "ff0e::1",
        "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "2001:0:4136:e378::", "64:ff9b::7f00:1",
        "64:ff9b:1::1", "100::1", "not an ip", "",
    ],
)  # fmt: skip
def test_hosts_of_no_public_network(ip: str) -> None:
    assert not public(ip)


@pytest.mark.parametrize(
    "ip",
    ["8.8.8.8", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1", "::ffff:8.8.8.8"],
)
def test_public_hosts(ip: str) -> None:
    assert public(ip)


@given(st.ip_addresses(v=4))
def test_an_ipv4_host_is_as_public_in_ipv6_clothes(ip: IPv4Address) -> None:
    assert public(f"::ffff:{ip}") == public(str(ip))


@given(st.ip_addresses())
def test_nothing_private_is_public(ip: IPv4Address | IPv6Address) -> None:
    if public(str(ip)):
        assert not any((ip.is_private, ip.is_loopback, ip.is_link_local, ip.is_multicast))


@pytest.mark.parametrize(
    ("given", "tidied"),
    [
        ("HTTPS://Daffa.Example:443/a?b=c#d", "https://daffa.example/a?b=c"),
        ("http://daffa.example:80", "http://daffa.example/"),
        ("http://daffa.example:8080/x", "http://daffa.example:8080/x"),
        (" https://daffa.example/أخبار/1 ", "https://daffa.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/1"),
        ("https://daffa.example/a%20b c", "https://daffa.example/a%20b%20c"),
        ("https://daffa.example/?utm_source=rss&id=5&utm_medium=x", "https://daffa.example/?id=5"),
        ("https://موقع.example/", "https://xn--4gbrim.example/"),
        ("https://daffa.example./x", "https://daffa.example/x"),
        ("https://[2606:4700::1]/", "https://[2606:4700::1]/"),
    ],
)  # fmt: skip
def test_addresses_are_tidied(given: str, tidied: str) -> None:
    assert tidy(given) == tidied
    assert tidy(tidied) == tidied


@pytest.mark.parametrize(
    "address",
    [
        "ftp://daffa.example/x", "file:///etc/passwd", "javascript:alert(1)", "daffa.example/x", "",
        "https:///x", "https://user@daffa.example/", "https://user:secret@daffa.example/",
        "https://daffa.example:99999/", "https://daffa.example:x/", "https://a b.example/",
        "http://good.example\\@127.0.0.1/", "https://[::1/", "gopher://x.example/", "https://e\x00.example/",
        "https://x.example/" + "a" * 9000,
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(Refused) as error:
        tidy(address)
    assert "secret" not in str(error.value)


@given(st.text(max_size=60))
def test_any_text_is_tidied_or_refused(text: str) -> None:
    for address in (text, "https://x.example/" + text, "https://" + text):
        try:
            tidied = tidy(address)
        except Refused:
            continue
        assert tidied.isascii()
        assert " " not in tidied
        assert tidy(tidied) == tidied


def test_one_private_answer_among_public_ones_is_enough_to_refuse() -> None:
    guard = Guard(resolve=lambda host, port: ["93.184.216.34", "10.0.0.8"])
    with pytest.raises(Refused, match="no public host"):
        guard.check("https://daffa.example/")


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "[::1]"]
)
def test_loopback_under_any_name_is_refused(host: str) -> None:
    with pytest.raises((Refused, FetchError)):
        Guard().check(f"http://{host}/")
    with pytest.raises((Refused, FetchError)):
        Guard().check(f"http://{host}:8080/")


def test_ports_of_other_services_are_refused_unless_private() -> None:
    guard = Guard(resolve=lambda host, port: ["93.184.216.34"])
    for port in (22, 25, 3306, 5432, 6379, 11211):
        with pytest.raises(Refused, match="port"):
            guard.check(f"http://daffa.example:{port}/")
    for port in (80, 443, 8080, 8443):
        assert guard.check(f"http://daffa.example:{port}/").port == port
    private = Guard(private=True, resolve=lambda host, port: ["10.0.0.8"])
    assert private.check("http://daffa.example:5000/x?y").ips == ("10.0.0.8",)
    assert private.check("http://daffa.example:5000/x?y").path == "/x?y"


def test_a_name_that_does_not_resolve_is_an_error_that_may_pass() -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    for resolve in (nowhere, lambda host, port: []):
        with pytest.raises(FetchError, match="not found") as error:
            Guard(resolve=resolve).check("https://daffa.example/")
        assert error.value.unreachable
        assert not isinstance(error.value, Refused)


def test_a_resolver_that_hangs_is_not_waited_for() -> None:
    def slow(host: str, port: int) -> list[str]:
        time.sleep(2)
        return ["93.184.216.34"]

    with pytest.raises(FetchError, match="not resolved"):
        Guard(resolve=slow).check("https://daffa.example/", 0.05)
