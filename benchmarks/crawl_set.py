"""Makes a set of WARC files like those of a news crawl, for measuring `qawl crawl`.

    python benchmarks/crawl_set.py ../shared FOLDER [--pages 50000] [--files 24]

The articles are read from the folder of shared data (text/*.jsonl.gz, html/*.html) and wrapped in the pages
of ``pages.py``; nothing of them is kept in the project. Of 100 records, as ``SHARES`` says: Arabic pages in
UTF-8 and windows-1256, articles again in another theme (exactly, shortened or with another title), pages in
other languages (some in the Arabic script), broken HTML, damaged gzip, what is no page at all. The
same arguments give the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from articles import read
from pages import REALISTIC, THEMES, PageArticle, make_page

#: Records in a hundred. A news crawl of the world has far fewer in Arabic (some 3 in 100) and more in other
#: languages, which cost the crawl next to nothing: this set asks more of it.
SHARES = {
    "arabic": 46,
    "windows-1256": 6,
    "exact repeat": 3,
    "near repeat": 6,
    "other language": 30,
    "broken": 3,
    "real page": 1,
    "damaged": 1,
    "no page": 4,
}
#: Sentences of other languages, written for this script; a page has some dozens of them.
LANGUAGES = {
    "en": (
        "The harbour council said on Monday that the new ferry would begin in spring.",
        "Farmers in the valley expect a better harvest after two dry years.",
        "The library will stay open until late during the examinations.",
        "Engineers are looking into why the bridge was closed for a second night.",
    ),
    "fr": (
        "Le conseil du port a annoncé lundi que le nouveau bac partirait au printemps.",
        "Les agriculteurs de la vallée attendent une meilleure récolte cette année.",
        "La bibliothèque restera ouverte tard pendant les examens.",
    ),
    "ru": (
        "Совет порта сообщил в понедельник, что новый паром начнёт ходить весной.",
        "Земледельцы долины ждут лучшего урожая после двух сухих лет.",
    ),
    "fa": (
        "شورای بندر روز دوشنبه گفت که کشتی تازه از بهار کار خود را آغاز می‌کند.",
        "کشاورزان دره پس از دو سال خشک چشم به راه برداشت بهتری هستند.",
        "پل تازه پس از چهار ماه تعمیر به روی گذرندگان گشوده شد.",
    ),
    "ur": (
        "بندرگاہ کی کونسل نے پیر کے روز کہا کہ نئی کشتی بہار میں چلنا شروع کرے گی۔",
        "وادی کے کسان دو خشک برسوں کے بعد اچھی فصل کی امید رکھتے ہیں۔",
    ),
    "ckb": (
        "ئەنجوومەنی بەندەر ڕۆژی دووشەممە ڕایگەیاند کە کەشتییە نوێیەکە لە بەهار دەست پێدەکات.",
        "جووتیارانی دۆڵەکە چاوەڕێی بەروبوومێکی باشترن لەم ساڵەدا.",
    ),
}
_ARABIC = re.compile("[\u0621-\u064a]+")
THEME_NAMES = (*REALISTIC, *REALISTIC, "bare")


def record(
    number: int, body: bytes, kind: str = "text/html; charset=utf-8", status: int = 200
) -> bytes:
    """A WARC response record, not packed."""
    http = f"HTTP/1.1 {status} OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    content = http.encode() + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>\r\n"
        f"WARC-Date: 2024-05-{number % 28 + 1:02d}T{number % 24:02d}:00:00Z\r\n"
        f"WARC-Target-URI: https://site{number % 97}.example/news/{number}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def articles(folder: Path) -> Iterator[PageArticle]:
    """The articles of the shared texts, one of each collection in turn."""
    paths = sorted((folder / "text").glob("*.jsonl.gz"))
    if not paths:
        raise SystemExit(f"{folder}: there is no text/*.jsonl.gz; give the folder of shared data")
    streams = [map(PageArticle.from_json, read(path)) for path in paths]
    for turn in itertools.zip_longest(*streams):
        yield from (article for article in turn if article and article.title)


def again(article: PageArticle, rng: random.Random) -> PageArticle:
    """The article as another outlet prints it: under another title, or without its last paragraph."""
    changed = replace(article, title=f"{article.title} - بالتفاصيل", outlet="وكالة المرفأ")
    if len(article.paragraphs) > 6 and rng.random() < 0.5:
        changed = replace(changed, paragraphs=article.paragraphs[:-1])
    return changed


def other_language(rng: random.Random, number: int) -> bytes:
    """A page in another language, with the same chrome in that language."""
    lang = rng.choice(list(LANGUAGES))
    lines = rng.choices(LANGUAGES[lang], k=24)
    paragraphs = tuple(" ".join(lines[k : k + 4]) for k in range(0, 24, 4))
    article = PageArticle(lines[0], paragraphs, outlet=lang, author=lang)
    vocabulary = " ".join(LANGUAGES[lang]).split()
    page = make_page(
        replace(article, title="@1@", paragraphs=("@2@",)), rng.choice(THEME_NAMES), number
    )
    page = _ARABIC.sub(lambda _: rng.choice(vocabulary), page)
    page = page.replace('lang="ar"', f'lang="{lang}"').replace("@1@", lines[0])
    return page.replace("@2@", "</p><p>".join(paragraphs)).encode()


def broken(page: str, rng: random.Random) -> bytes:
    """A page as careless templates and lost connections leave it."""
    what = rng.randrange(4)
    if what == 0:
        return page[: len(page) * 2 // 3].encode()
    if what == 1:
        return page.replace("</p>", "").replace("</div>", "").encode()
    if what == 2:
        return page.replace('"', "", 40).encode() + b"<div>" * 300
    return page.encode().replace(b"<body", b"\x00<body\xff", 1)


def records(
    folder: Path, count: int, shares: dict[str, int], seed: int = 0
) -> Iterator[tuple[str, bytes, bool]]:
    """(what it is, the record, whether it is to be damaged), ``count`` of them."""
    rng = random.Random(seed)
    stream = itertools.cycle(articles(folder))
    past: list[PageArticle] = []
    real = [path.read_bytes() for path in sorted((folder / "html").glob("*.html"))]
    for number in range(count):
        what = rng.choices(list(shares), list(shares.values()))[0]
        theme = rng.choice(THEME_NAMES)
        if what == "no page":
            kind, status = rng.choice(
                (("image/png", 200), ("application/pdf", 200), ("text/html", 404))
            )
            yield what, record(number, rng.randbytes(3000), kind, status), False
        elif what == "other language":
            yield what, record(number, other_language(rng, number)), False
        elif what == "real page" and real:
            yield what, record(number, rng.choice(real), "text/html"), False
        else:
            repeat = "repeat" in what and past
            article = rng.choice(past) if repeat else next(stream)
            if not repeat and rng.random() < 0.1:
                past.append(article)
            if what == "near repeat":
                article = again(article, rng)
            page = make_page(article, theme, number)
            body = page.encode()
            kind = "text/html; charset=utf-8"
            if what == "windows-1256":
                page = page.replace('charset="utf-8"', 'charset="windows-1256"')
                body, kind = page.encode("windows-1256", "xmlcharrefreplace"), "text/html"
            elif what == "broken":
                body = broken(page, rng)
            yield what, record(number, body, kind), what == "damaged"


def packed(data: bytes, zstd: bool) -> bytes:
    """A record as a member of its own."""
    if zstd:
        import pyarrow as pa

        return bytes(pa.compress(data, codec="zstd", asbytes=True))
    return gzip.compress(data, 6, mtime=0)


def write(folder: Path, out: Path, pages: int, files: int, shares: dict[str, int]) -> Counter[str]:
    """Writes the set, every fourth file in zstd; returns how many records of each sort it has."""
    out.mkdir(parents=True, exist_ok=True)
    counts: Counter[str] = Counter()
    rng = random.Random(1)
    each = -(-pages // files)
    stream = enumerate(records(folder, pages, shares))
    for number in range(files):
        zstd = number % 4 == 3
        path = out / f"NEWS-2024-{number:05d}.warc.{'zst' if zstd else 'gz'}"
        with path.open("wb") as file:
            _fill(file, itertools.islice(stream, each), zstd, rng, counts)
    return counts


def _fill(
    file: BinaryIO,
    stream: Iterator[tuple[int, tuple[str, bytes, bool]]],
    zstd: bool,
    rng: random.Random,
    counts: Counter[str],
) -> None:
    info = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nWARC-Date: 2024-05-01T00:00:00Z\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
    file.write(packed(info, zstd))
    for _, (what, data, damaged) in stream:
        member = bytearray(packed(data, zstd))
        if damaged:
            place = rng.randrange(20, len(member) - 20)
            member[place : place + 8] = bytes(8)
        counts[what] += 1
        file.write(member)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, help="the folder of shared data")
    parser.add_argument("out", type=Path, help="where the WARC files go")
    parser.add_argument("--pages", type=int, default=50_000)
    parser.add_argument("--files", type=int, default=24)
    parser.add_argument("--arabic", action="store_true", help="nothing but whole Arabic pages")
    args = parser.parse_args()
    assert sum(SHARES.values()) == 100
    assert set(THEME_NAMES) <= set(THEMES)
    counts = write(
        args.folder, args.out, args.pages, args.files, {"arabic": 100} if args.arabic else SHARES
    )
    size = sum(path.stat().st_size for path in args.out.iterdir()) / 1e6
    print(json.dumps(dict(sorted(counts.items()))), f"{size:,.0f} MB in {args.files} files")


if __name__ == "__main__":
    main()
