"""What is timed: Qawl, and what a user would run on the same articles instead or before.

    python benchmarks/contestants.py NAME ARTICLES.jsonl     peak memory of one, in this process

Each contestant is made by a function that loads it and returns what reads a stream of articles.
"""

from __future__ import annotations

import json
import re
import sys
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pages

Task = Callable[[Iterable["Prepared"]], object]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article in every shape that a contestant takes; made before any clock runs."""

    title: str
    body: str
    small: bytes
    page: bytes

    @classmethod
    def of(cls, row: dict[str, str], number: int) -> Prepared:
        """The article with its small page and a realistic page, the themes in turn."""
        article = pages.PageArticle.from_json(dict(row))
        theme = pages.REALISTIC[number % len(pages.REALISTIC)]
        return cls(
            title=row["title"],
            body=row["text"],
            small=pages.make_page(article, "bare", number).encode(),
            page=pages.make_page(article, theme, number).encode(),
        )


def _done(results: Iterable[object]) -> None:
    """Runs a stream to its end and keeps nothing."""
    deque(results, maxlen=0)


def _each(read: Callable[[Prepared], object]) -> Task:
    """What reads one article after another."""
    return lambda articles: _done(map(read, articles))


def qawl_reader(at_a_time: int = 1) -> Task:
    """The reader on the articles' texts."""
    from qawl.model import Article
    from qawl.reader.reader import Reader

    reader = Reader()
    return lambda articles: _done(
        reader.pipe((Article.of(a.body, title=a.title) for a in articles), batch_size=at_a_time)
    )


def qawl_four() -> Task:
    """The reader on four texts at a time, as a crawl reads."""
    return qawl_reader(4)


def _trafilatura(page: Callable[[Prepared], bytes]) -> Task:
    try:
        from trafilatura import bare_extraction
    except ImportError as error:
        raise SystemExit(f"trafilatura cannot be imported ({error}); run make test once") from None
    # With metadata and without comments, as a user who wants the article asks for it.
    return _each(lambda a: bare_extraction(page(a), include_comments=False, with_metadata=True))


def trafilatura_pages() -> Task:
    """trafilatura on a realistic page of the article."""
    return _trafilatura(lambda a: a.page)


def trafilatura_small() -> Task:
    """trafilatura on a page with hardly any chrome."""
    return _trafilatura(lambda a: a.small)


#: Quotations, and the commonest verbs and phrases with an أنّ clause: what a first script does.
_SCAN = re.compile(
    r"«[^»]*»|“[^”]*”|\"[^\"]*\"|\b[وف]?(?:قال|أكد|أضاف|أوضح|ذكر|أعلن|أشار|صرح|نفى|اعتبر)(?:ت|وا)?\b"
    r"(?:[^.\n]{0,80}?\b[أإ]ن(?:ه|ها|هم)?\b[^.\n]*)?|\b(?:بحسب|وفقا|نقلا عن)\b[^.\n،]*"
)


def regex_scan() -> Task:
    """One pass of a regular expression over the text."""
    return _each(lambda a: [match.span() for match in _SCAN.finditer(a.body)])


def spacy_tokens() -> Task:
    """spaCy's blank Arabic tokenizer on the text."""
    import spacy

    nlp = spacy.blank("ar")
    return _each(lambda a: nlp.make_doc(a.body))


#: What the others are compared with.
QAWL, FOUR = "Qawl reader", "Qawl reader, four at a time"
#: By name.
CONTESTANTS: dict[str, Callable[[], Task]] = {
    QAWL: qawl_reader,
    FOUR: qawl_four,
    "trafilatura, realistic pages": trafilatura_pages,
    "trafilatura, small pages": trafilatura_small,
    "spaCy blank Arabic tokenizer": spacy_tokens,
    "regex scan": regex_scan,
}


def peak_megabytes() -> float:
    """The largest resident size of this process so far, in 10^6 bytes (Linux).

    From /proc, since ru_maxrss of a new process starts at the size of the one that started it.
    """
    with open("/proc/self/status", encoding="ascii", errors="replace") as lines:
        kibibytes = next(line.split()[1] for line in lines if line.startswith("VmHWM"))
    return int(kibibytes) * 1024 / 1e6


def main() -> None:
    """Prints the peak memory after reading the articles, as one number."""
    name, path = sys.argv[1:]
    task = CONTESTANTS[name]()
    with open(path, encoding="utf-8") as lines:
        task(Prepared.of(json.loads(line), number) for number, line in enumerate(lines))
    print(peak_megabytes())


if __name__ == "__main__":
    main()
