"""The second stage: which pages are Arabic, by their bytes alone, before anything is parsed.

Counting bytes costs some 0.1 ms for a page of 100 kB, parsing it 5 to 20 ms, and of a general news crawl
two or three pages in a hundred are Arabic.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

from datatrove.pipeline.base import PipelineStep

from qawl.arabic.letters import arabic_letters
from qawl.crawl.page import ARTICLE, FAILURE, PAGE, Failure, Page, failed
from qawl.crawl.settings import Settings

#: Letters of the Arabic script from which on a page is judged by its script alone: an article of two
#: sentences; a menu with a link to an Arabic edition has a dozen.
ENOUGH = 200
#: With fewer, a page is kept only if it says that it is Arabic.
SOME = 40
#: The share of letters that Arabic does not write (ک گ چ ی پ ژ ٹ ڈ ے ە ێ …) among those of the script. In
#: Arabic pages names and foreign words reach 1 in 100; Persian, Urdu and Kurdish have 10 to 30.
FOREIGN = 0.05
#: The share of "ال" in the letters of a page in a single-byte encoding: 4 to 6 in 100 in Arabic,
#: and by chance 0.02 in Cyrillic or Greek pages.
ARTICLES = 0.01

_TYPES = frozenset(("", "text/html", "application/xhtml+xml", "text/plain", "multipart/related"))
_LANG = re.compile(
    rb"""<html\b[^>]{0,500}?\blang\s*=\s*["']?\s*([A-Za-z]{2,3})"""
    rb"""|<meta[^>]{0,200}?content-language["'][^>]{0,100}?content\s*=\s*["']?\s*([A-Za-z]{2,3})"""
    rb"""|\bproperty=["']og:locale["']\s+content=["']([A-Za-z]{2,3})""",
    re.IGNORECASE,
)
_ENTITY = re.compile(rb"&#(?:1[56]\d\d|[xX]06[0-9a-fA-F]{2});")
_HIGH = bytes(range(0x80))
_LEADS = bytes(b for b in range(256) if not 0xC0 <= b <= 0xFF)


class KeepArabic(PipelineStep):
    """Lets pages pass that are Arabic, and articles whose letters mostly are.

    A page of another kind, of another language, or larger than ``settings.largest_page`` is passed over
    and counted by its reason.
    """

    type = "🔻 - FILTER"
    name = "Arabic"

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self.settings = settings or Settings()

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """The documents that are kept, and those that failed before."""
        for document in data:
            if FAILURE in document.metadata:
                yield document
                continue
            began = time.process_time()
            page = document.metadata.get(PAGE)
            if page is not None:
                why = passed_over(page, self.settings.largest_page)
            elif ARTICLE in document.metadata or document.text:
                why = "" if mostly_arabic(document.text) else "not Arabic"
            else:
                why = "empty"
            self.stats.time_stats.update(time.process_time() - began)
            if not why:
                self.stat_update("kept")
                yield document
            elif why == "too large":
                limit = f"it has more than {self.settings.largest_page:,} bytes"
                self.stat_update(f"failed: {why}")
                yield failed(document, Failure("keep", why, limit))
            else:
                self.stat_update(f"passed over: {why}")


def passed_over(page: Page, largest: int) -> str:
    """Why a page is not kept, in a word or two; empty where it is."""
    if page.kind not in _TYPES:
        return "no web page"
    if not 200 <= page.status < 300:
        return "no answer of the site"
    if not page.data.strip():
        return "empty"
    if len(page.data) > largest:
        return "too large"
    return "" if is_arabic(page.data) else "not Arabic"


def is_arabic(data: bytes) -> bool:
    """Whether a page's bytes are Arabic, by their script and by what the page says of itself.

    Knows UTF-8, windows-1256, ISO-8859-6, UTF-16 and letters written as entities.
    """
    ours, foreign = letters(data)
    if ours + foreign < SOME:
        return False
    if foreign > 2 * FOREIGN * (ours + foreign):
        return False
    says = language(data)
    if foreign > FOREIGN * (ours + foreign) or ours < ENOUGH:
        return says == "ar"
    return True


def language(data: bytes) -> str:
    """The language that a page names in its first 16 kB: two or three letters, small; or empty."""
    found = _LANG.search(data, 0, 1 << 14)
    if found is None:
        return ""
    said = (found[1] or found[2] or found[3]).decode("ascii").lower()
    return "ar" if said in ("ar", "ara", "arb") else said


def letters(data: bytes) -> tuple[int, int]:
    """How many letters of Arabic a page has, and how many of the script that Arabic does not write.

    In UTF-8 the first byte of a letter tells: D8 and D9 begin those of Arabic, DA and DB the others.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:200].count(b"\x00") > 50:
        return data.count(b"\x06"), 0
    high = data.translate(None, _HIGH)
    if len(high) < SOME:
        entities = len(_ENTITY.findall(data)) if data.count(b"&#") >= SOME else 0
        return entities, 0
    leads = len(high.translate(None, _LEADS))
    if 2 * leads <= 1.1 * len(high):  # UTF-8: each first byte has one after it, or more
        return high.count(b"\xd8") + high.count(b"\xd9"), high.count(b"\xda") + high.count(b"\xdb")
    article = max(data.count(b"\xc7\xe1"), data.count(b"\xc7\xe4"))  # ال in the two encodings
    return (len(high), 0) if article >= ARTICLES * len(high) else (0, 0)


def mostly_arabic(text: str) -> bool:
    """Whether at least half of a text's letters are of the Arabic script, in its first 20,000 characters."""
    head = text[:20_000]
    ours = arabic_letters(head)
    if 2 * ours >= len(head):  # so it is with Arabic news, and no other letter has to be counted
        return ours > 0
    return 0 < sum(map(str.isalpha, head)) <= 2 * ours
