"""Repeats: found whatever the spelling, chosen whatever the order; what only looks alike is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from crawl_samples import ARTICLES
from datatrove.pipeline.dedup.minhash import MinhashDedupBuckets
from hypothesis import given
from hypothesis import strategies as st

from qawl.crawl.files import folder_of, read_rows
from qawl.crawl.page import article_document
from qawl.crawl.repeats import (
    ChooseOfRepeats,
    DropRepeats,
    Signatures,
    WriteIndex,
    config_of,
    shingles,
    words,
)
from qawl.model import Article

LONG = " ".join(a["text"].replace("\n", " ") for a in ARTICLES)


def article(ident: str, text: str) -> Article:
    return Article.of(text, id=ident)


def dropped(
    tmp_path: Path, given_shards: list[list[Article]], repeats: Any = "near"
) -> dict[str, str]:
    """What is dropped of the shards' articles, with what stays in its place."""
    folder = folder_of(str(tmp_path))
    for rank, shard in enumerate(given_shards):
        stream = WriteIndex(folder).run(map(article_document, shard), rank)
        Signatures(folder_of(f"{tmp_path}/signatures"), repeats).run(stream, rank)
    config = config_of(repeats)
    for rank in range(config.num_buckets):
        MinhashDedupBuckets(f"{tmp_path}/signatures", f"{tmp_path}/work/dups", config=config).run(
            None, rank, config.num_buckets
        )
    ChooseOfRepeats(folder, len(given_shards)).run()
    kept = []
    for rank, shard in enumerate(given_shards):
        kept += [d.id for d in DropRepeats(folder).run(map(article_document, shard), rank)]
    rows = [
        r
        for rank in range(len(given_shards))
        for r in read_rows(folder, f"repeats/{rank:05d}.parquet")
    ]
    assert len(kept) + len(rows) == sum(map(len, given_shards))
    assert len(set(kept)) == len(kept)
    return {row["article_id"]: row["repeats"] for row in rows}


def test_the_fullest_of_near_repeats_stays(tmp_path: Path) -> None:
    shards = [
        [article("short", LONG), article("other", ARTICLES[0]["text"])],
        [article("full", LONG + " وأضاف أن العمل سيبدأ غدا.")],
        [article("same", LONG.replace("ة", "ه").replace("أ", "ا"))],
    ]
    assert dropped(tmp_path, shards) == {"short": "full", "same": "full"}


def test_of_equals_the_first_stays_and_short_texts_count(tmp_path: Path) -> None:
    shards = [[article("b", "أمطار غدا")], [article("a", "أمطار غدا"), article("c", "")]]
    assert dropped(tmp_path, shards) == {"a": "b"}


def test_reports_that_differ_in_their_numbers_are_two(tmp_path: Path) -> None:
    text = "بلغ سعر الكيلو من {} في سوق المدينة {} قروش، وقال التاجر سليم إن السعر عادل. "
    goods = ("القمح", "الشعير", "السكر", "الأرز", "العدس", "الملح")
    one, two = (
        "".join(text.format(good, 10 * k + n) for k, good in enumerate(goods)) for n in (1, 2)
    )
    assert dropped(tmp_path, [[article("monday", one), article("tuesday", two)]]) == {}


def test_only_exact_ones_where_only_those_are_meant(tmp_path: Path) -> None:
    shards = [
        [article("a", LONG), article("b", LONG + " وأضاف أن العمل سيبدأ غدا.")],
        [article("c", LONG)],
        [],
    ]
    assert dropped(tmp_path, shards, "exact") == {"c": "a"}


def test_an_id_that_two_articles_have_is_made_two(tmp_path: Path) -> None:
    shards = [[article("1", ARTICLES[0]["text"])], [article("1", ARTICLES[1]["text"])]]
    assert dropped(tmp_path, shards) == {}


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_the_choice_knows_no_order_of_finishing(tmp_path: Path, order: list[int]) -> None:
    folder = folder_of(str(tmp_path))
    shards = [
        [article(f"{s}{k}", ARTICLES[k]["text"] + " وقال" * (s == 1)) for k in range(4)]
        for s in range(3)
    ]
    for rank in order:
        stream = WriteIndex(folder).run(map(article_document, shards[rank]), rank)
        Signatures(folder_of(f"{tmp_path}/signatures"), "near").run(stream, rank)
    for rank in range(9):
        MinhashDedupBuckets(
            f"{tmp_path}/signatures", f"{tmp_path}/work/dups", config=config_of("near")
        ).run(None, rank, 9)
    ChooseOfRepeats(folder, 3).run()
    kept = [
        d.id for r in range(3) for d in DropRepeats(folder).run(map(article_document, shards[r]), r)
    ]
    assert kept == ["10", "11", "12", "13"]


@given(st.text(max_size=300))
def test_shingles_of_any_text_are_the_same_again_and_never_none(text: str) -> None:
    first = shingles(text)
    assert first.shape == (max(1, len(words(text)) - 4), 1)
    assert (first == shingles(text)).all()


def test_a_text_without_end_has_bounded_shingles() -> None:
    assert len(shingles("قال الوزير " * 100_000)) == 20_000
