"""Extraction of an Arabic article from its page: Qawl's, trafilatura alone, and resiliparse.

    python benchmarks/extractors.py ../shared [--articles 150]        (needs: pip install resiliparse)

Quality is that of the words of the body, since pages of ``pages.py`` are made from articles that are known:
precision (what was extracted belongs to the article), recall (what the article has was extracted), and how
many of the article's paragraphs came whole as a line. The real pages with a known text (html/*.txt) are
told apart. Times are CPU, in turns over the same pages.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from articles import load
from pages import REALISTIC, PageArticle, make_page

from qawl.crawl.repeats import words

Extract = Callable[[bytes], str]


def qawl_extract(page: bytes) -> str:
    """Qawl's extraction, without the title."""
    from qawl.sources.html import article

    found = article(page)
    return found.text[len(found.title) + 1 :] if found.title else found.text


def trafilatura_extract(page: bytes) -> str:
    """trafilatura as one calls it."""
    from trafilatura import extract

    return extract(page, include_comments=False) or ""


def resiliparse_extract(page: bytes) -> str:
    """resiliparse's main content."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse_from_bytes(page, "utf-8")
    return str(extract_plain_text(tree, main_content=True, links=False, alt_texts=False))


EXTRACTORS: dict[str, Extract] = {
    "qawl": qawl_extract,
    "trafilatura": trafilatura_extract,
    "resiliparse": resiliparse_extract,
}


def scores(found: str, body: list[str]) -> tuple[int, int, int, int]:
    """(words that are right, words found, words of the body, paragraphs that came whole)."""
    mine, true = Counter(words(found)), Counter(words(" ".join(body)))
    lines = {" ".join(words(line)) for line in found.split("\n")}
    right = sum((mine & true).values())
    return right, mine.total(), true.total(), sum(" ".join(words(p)) in lines for p in body)


def compare(pages: list[tuple[bytes, list[str]]]) -> None:
    """Prints a row for each extractor."""
    print("| extractor | ms/page | precision | recall | paragraphs whole |")
    print("|---|---|---|---|---|")
    sums = {name: [0, 0, 0, 0] for name in EXTRACTORS}
    took = dict.fromkeys(EXTRACTORS, 0.0)
    for name in EXTRACTORS:
        EXTRACTORS[name](pages[0][0])
    for page, body in pages:
        for name, extract in EXTRACTORS.items():
            began = time.process_time()
            found = extract(page)
            took[name] += time.process_time() - began
            sums[name] = [a + b for a, b in zip(sums[name], scores(found, body), strict=True)]
    paragraphs = sum(len(body) for _, body in pages)
    for name, (right, mine, true, whole) in sums.items():
        print(
            f"| {name} | {took[name] / len(pages) * 1000:.2f} | {right / max(mine, 1):.3f} "
            f"| {right / true:.3f} | {whole / paragraphs:.3f} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=150)
    args = parser.parse_args()
    corpus = load(args.folder, args.articles)
    made = []
    for number, row in enumerate(corpus.rows):
        article = PageArticle.from_json(dict(row))
        page = make_page(article, REALISTIC[number % len(REALISTIC)], number)
        made.append((page.encode(), list(article.paragraphs)))
    print(f"{len(made)} pages made from articles ({corpus.what})")
    compare(made)
    for path in sorted((args.folder / "html").glob("*.txt")):
        lines = [line.strip() for line in path.read_text("utf-8").split("\n") if line.strip()]
        print(f"\n{path.stem}, a real page")
        compare([(path.with_suffix(".html").read_bytes(), lines)])


if __name__ == "__main__":
    main()
