from __future__ import annotations

import re
from pathlib import Path

import pytest

from qawl.errors import InputError
from qawl.sources.web.outlets import Outlet, Outlets, parse, read

GOOD = """\
# ما نتابعه
contact = "https://desk.example/about"
delay = 8

[[outlet]]
name = "صحيفة الضفة"
country = "الأردن"
feeds = ["https://daffa.example/rss", "https://daffa.example/أخبار/rss"]
sitemaps = [
  "https://daffa.example/news.xml",
]
delay = 2.5
days = 3
include = ["*/news/*"]
exclude = ["*/video/*", "*/رياضة/*"]

[[outlet]]
name = "Port News"
feeds = ["https://port.example/feed"]
"""


def test_a_good_file(tmp_path: Path) -> None:
    path = tmp_path / "outlets.toml"
    for data in (
        GOOD.encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.replace("\n", "\r\n").encode(),
    ):
        path.write_bytes(data)
        assert read(path) == Outlets(
            (
                Outlet(
                    "صحيفة الضفة",
                    "الأردن",
                    ("https://daffa.example/rss", "https://daffa.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/rss"),
                    ("https://daffa.example/news.xml",),
                    2.5,
                    3,
                    ("*/news/*",),
                    ("*/video/*", "*/رياضة/*"),
                ),
                Outlet("Port News", feeds=("https://port.example/feed",)),
            ),
            "https://desk.example/about",
            8,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "state"),
    [("JO", "الأردن"), ("المملكة المغربية", "المغرب"), ("السعوديّة", "السعودية"), (" تونس ", "تونس"), ("", None)],
)  # fmt: skip
def test_a_country_has_one_name(written: str, state: str | None) -> None:
    (first, _) = parse(GOOD.replace("الأردن", written)).outlets
    assert first.country == state


def test_patterns_choose_addresses() -> None:
    outlet = Outlet("x", include=("*/news/*", "*/أخبار/*"), exclude=("*/news/video/*", "*?print=1"))
    assert outlet.wants("https://x.example/news/1")
    assert outlet.wants("https://x.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/1")
    assert not outlet.wants("https://x.example/opinion/1")
    assert not outlet.wants("https://x.example/news/video/1")
    assert not outlet.wants("https://x.example/news/1?print=1")
    assert Outlet("x").wants("https://x.example/anything")
    assert not Outlet("x", exclude=("*/رياضة/*",)).wants(
        "https://x.example/%D8%B1%D9%8A%D8%A7%D8%B6%D8%A9/1"
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('name = "Port News"', "name = Port News", 18, "not TOML.*quotation marks"),
        ('name = "Port News"', "", 17, "has no name; write name"),
        ('name = "Port News"', "name = 7", 18, "name must be a text in quotation marks"),
        ('name = "Port News"', 'name = "صحيفة الضفة"', 18, "outlet of line 5 has the same name"),
        ('feeds = ["https://port.example/feed"]', "", 17, "Port News has no feed; write feeds"),
        ('["https://port.example/feed"]', '"https://port.example/feed"', 19, 'feeds must be a list.*\\["…"\\]'),
        ("https://port.example/feed", "port.example/feed", 19, "no web address.*write https://"),
        ("https://port.example/feed", "https://u:p@port.example/feed", 19, "name or password"),
        ("https://port.example/feed", "https://daffa.example/rss", 19, "stands in line 8, too"),
        ('  "https://daffa.example/news.xml"', '  "ftp://daffa.example/news.xml"', 10, "no web address"),
        ("delay = 2.5", 'delay = "2s"', 12, "delay must be a number of seconds"),
        ("days = 3", "days = -1", 13, "days must be a number of days"),
        ("days = 3", "days = true", 13, "days must be a number of days"),
        ("exclude", "exlude", 15, "'exlude' is not known; known are name"),
        ('include = ["*/news/*"]', "include = [1]", 14, "include must be a list of texts"),
        ('country = "الأردن"', "country = []", 7, "country must be a text"),
        ('"الأردن"', '"جمهورية الرمال"', 7, 'no state is called .*write country = "الأردن"'),
        ('contact = "https://desk.example/about"', 'contact = "me"', 2, "contact must be an address"),
        ("delay = 8", "deley = 8", 3, "'deley' is not known; known are contact"),
    ],
)  # fmt: skip
def test_errors_say_the_line_and_what_to_write(old: str, new: str, line: int, message: str) -> None:
    assert GOOD.count(old) == 1 or old in ("exclude",)
    with pytest.raises(InputError) as error:
        parse(GOOD.replace(old, new), "o.toml")
    first = str(error.value).splitlines()[0]
    assert first.startswith(f"o.toml:{line}: ")
    assert re.search(message, first)


def test_all_errors_are_told_at_once_in_order() -> None:
    wrong = GOOD.replace("delay = 2.5", "delay = '2'").replace("https://port", "port")
    with pytest.raises(InputError) as error:
        parse(wrong, "o.toml")
    assert [m.split(": ")[0] for m in str(error.value).splitlines()] == ["o.toml:12", "o.toml:19"]


@pytest.mark.parametrize("text", ["", "# nothing", 'outlet = "x"', "[outlet]\nname = 'x'"])
def test_a_file_without_outlets_shows_one(text: str) -> None:
    with pytest.raises(InputError, match=r"lists no outlet; write\s+\[\[outlet\]\]"):
        parse(text)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "no.toml")
    (tmp_path / "old.toml").write_bytes('# ok\n[[outlet]]\nname = "صحيفة"'.encode("windows-1256"))
    with pytest.raises(InputError, match=r"old\.toml:3: it is not UTF-8"):
        read(tmp_path / "old.toml")


def test_the_file_of_the_documents_is_good() -> None:
    page = Path(__file__).parents[3] / "docs" / "follow.md"
    (shown,) = re.findall(r"```toml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    outlets = parse(shown)
    assert [o.name for o in outlets.outlets] == ["صحيفة الضفة", "وكالة المرفأ"]
    keys = re.findall(r"^\| `(\w+)`", page.read_text("utf-8"), re.MULTILINE)
    known = [
        "contact",
        "delay",
        "name",
        "country",
        "feeds",
        "sitemaps",
        "days",
        "include",
        "exclude",
    ]
    assert sorted(keys) == sorted(known)
