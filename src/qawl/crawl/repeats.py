"""The fourth stage: repeats, exact and near, by datatrove's MinHash; of each group the fullest text stays.

Three steps, each a run over all shards: signatures (with the extraction), pairs that share a bucket
(datatrove's ``MinhashDedupBuckets``), and the choice. The choice depends on the texts and on the plan's
order alone: not on workers, nor on when a shard was finished.

Near is meant strictly. Wire copy that an outlet has shortened or retitled is a repeat, but an article that
grew by a paragraph with a new statement should be read: 9 buckets of 13 hashes catch a Jaccard similarity of
0.95 in 99.8 % and of 0.7 in 8 % (datatrove's own 14 of 8 would catch the latter in 56 %). Numbers count as
they are, since two daily price reports differ in nothing else.
"""

from __future__ import annotations

import re
import resource
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from unicodedata import normalize

import numpy as np
from datatrove.io import DataFolder
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.dedup.minhash import (
    MinhashConfig,
    MinhashDedupBuckets,
    MinhashDedupSignature,
)
from datatrove.utils.binaryio import read_tuples_from_file
from datatrove.utils.hashing import HashConfig
from datatrove.utils.stats import TimingStats
from datatrove.utils.word_tokenizers import WordTokenizer

from qawl.arabic.letters import fold
from qawl.crawl.files import read_rows, write_rows
from qawl.crawl.page import ARTICLE, FAILURE
from qawl.crawl.settings import Repeats

#: Shingles of a text that are hashed, so that no text needs more than 20 MB here; an article has 400.
_MOST = 20_000
_WORDS = 5
_WORD = re.compile(r"[^\W_]+")
_FORMS = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")  # letters in their printed forms
_STEP = np.uint64(0x9E3779B97F4A7C15)  # odd, from the golden ratio (Knuth, TAOCP 3, 6.4)


def config_of(repeats: Repeats) -> MinhashConfig:
    """How MinHash is set for near repeats; for exact ones, the whole text is one shingle."""
    sha1 = HashConfig(
        precision=64, hash_fc="sha1"
    )  # needs no package; not what hashes the words here
    if repeats == "exact":
        return MinhashConfig(num_buckets=1, hashes_per_bucket=1, hash_config=sha1)
    return MinhashConfig(n_grams=_WORDS, num_buckets=9, hashes_per_bucket=13, hash_config=sha1)


class _NoWords(WordTokenizer):
    """Stands where datatrove would load a tokenizer; the words are Qawl's."""

    def word_tokenize(self, text: str) -> list[str]:
        return words(text)

    def sent_tokenize(self, text: str) -> list[str]:
        return [text]

    def span_tokenize(self, text: str) -> list[tuple[int, int]]:
        return [(0, len(text))]


class Signatures(MinhashDedupSignature):
    """datatrove's MinHash signatures, of shingles of folded Arabic words."""

    name = "Signatures"

    def __init__(self, folder: DataFolder, repeats: Repeats) -> None:
        super().__init__(folder, config_of(repeats), language=_NoWords())
        self.exact = repeats == "exact"
        self._seconds = 0.0

    def get_shingles(self, text: str) -> Any:
        """The shingles of a text as numbers, (N, 1)."""
        began = time.process_time()
        made = shingles(text, exact=self.exact)
        self._seconds += time.process_time() - began
        return made

    def get_signature(self, shingles: Any) -> Any:
        """The hashes of a text's shingles, in buckets."""
        began = time.process_time()
        made = super().get_signature(shingles)
        self._seconds += time.process_time() - began
        return made

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> None:
        """Writes the signatures; its time is its own, without that of the stages before it."""
        super().run(data, rank, world_size)
        self.stats.time_stats = TimingStats()
        self.stats.time_stats.update(self._seconds)


class Pairs(MinhashDedupBuckets):
    """datatrove's comparison of signatures, which has a file of every shard open at once."""

    name = "Pairs"

    def run(self, data: Any = None, rank: int = 0, world_size: int = 1) -> None:
        """Writes the pairs of a bucket, with as many files open as the system gives."""
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 1 << 16), hard))
        super().run(data, rank, world_size)


def words(text: str) -> list[str]:
    """The words and numbers of a text in one spelling, without marks."""
    if _FORMS.search(text):
        text = normalize("NFKC", text)
    return _WORD.findall(fold(text))


@lru_cache(maxsize=1 << 16)
def _number(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def shingles(text: str, *, exact: bool = False) -> Any:
    """Each five words in a row as a 64-bit number, (N, 1); all words as one where there are fewer, or
    where only exact repeats are meant."""
    found = words(text)
    if exact or len(found) < _WORDS:
        return np.array([[_number(" ".join(found))]], dtype=np.uint64)
    numbers = np.fromiter(map(_number, found[: _MOST + _WORDS - 1]), dtype=np.uint64)
    count = len(numbers) - _WORDS + 1
    made = np.zeros(count, dtype=np.uint64)
    for k in range(_WORDS):
        made = (made ^ numbers[k : k + count]) * _STEP
        made ^= made >> np.uint64(29)
    return made.reshape(-1, 1)


class WriteIndex(PipelineStep):
    """Writes, beside a shard's extracted articles, what the choice needs of each: id, hash, length."""

    type = "💽 - WRITER"
    name = "Index"

    def __init__(self, folder: DataFolder) -> None:
        super().__init__()
        self.folder = folder

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """Gives the documents on and writes the index at their end."""
        rows: list[dict[str, Any]] = []
        for document in data:
            if FAILURE not in document.metadata:
                text = document.metadata[ARTICLE].text
                digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
                rows.append({"article_id": document.id, "hash": digest, "length": len(text)})
            yield document
        write_rows(self.folder, _index(rank), rows, _index_schema())


def _index(rank: int) -> str:
    return f"work/index/{rank:05d}.parquet"


def _index_schema() -> Any:
    import pyarrow as pa

    return pa.schema([("article_id", pa.string()), ("hash", pa.binary()), ("length", pa.int64())])


class ChooseOfRepeats(PipelineStep):
    """Reads the pairs that share a bucket and writes, for each shard, which articles are dropped and which
    one stays in their place; and new ids where two articles have the same. One task."""

    type = "🫂 - DEDUP"
    name = "Choice"

    def __init__(self, folder: DataFolder, shards: int) -> None:
        super().__init__()
        self.folder = folder
        self.shards = shards

    def run(self, data: Any = None, rank: int = 0, world_size: int = 1) -> None:
        """Writes ``work/choice/``."""
        began = time.process_time()
        index = [read_rows(self.folder, _index(shard)) for shard in range(self.shards)]
        ids = _ids(index)
        choice: list[list[dict[str, Any]]] = [[] for _ in index]
        for group in self._groups():
            best = min(group, key=lambda d: (-index[d[0]][d[1]]["length"], d))
            seen: set[bytes] = {index[best[0]][best[1]]["hash"]}
            for shard, place in sorted(group - {best}):
                digest = index[shard][place]["hash"]
                row = {"place": place, "kept": ids[best[0]][best[1]], "exact": digest in seen}
                choice[shard].append(row)
                seen.add(digest)
                self.stat_update("exact" if row["exact"] else "near")
        for shard, rows in enumerate(choice):
            for place, row in enumerate(index[shard]):
                if ids[shard][place] != row["article_id"]:
                    rows.append({"place": place, "renamed": ids[shard][place]})
            write_rows(self.folder, _choice(shard), rows, _choice_schema())
        self.stats.time_stats.update(time.process_time() - began)

    def _groups(self) -> list[set[tuple[int, int]]]:
        """The groups of repeats, each article as (shard, place in it)."""
        parents: dict[tuple[int, int], tuple[int, int]] = {}

        def root(x: tuple[int, int]) -> tuple[int, int]:
            top = x
            while parents.setdefault(top, top) != top:
                top = parents[top]
            while parents[x] != top:
                parents[x], x = top, parents[x]
            return top

        for name in self.folder.list_files("work/dups", glob_pattern="*.dups"):
            with self.folder.open(name, "rb") as file:
                for a, b, c, d in read_tuples_from_file(file, "4I", lines_to_buffer=1000):
                    first, second = sorted((root((a, b)), root((c, d))))
                    parents[second] = first
        groups: dict[tuple[int, int], set[tuple[int, int]]] = {}
        for x in parents:
            groups.setdefault(root(x), set()).add(x)
        return [groups[top] for top in sorted(groups)]


def _ids(index: list[list[dict[str, Any]]]) -> list[list[str]]:
    """The id of each article: its own, with ~2, ~3 … from the second of the same on."""
    taken: set[str] = set()
    made: list[list[str]] = []
    for rows in index:
        mine = []
        for row in rows:
            ident, n = row["article_id"], 1
            while ident in taken:
                n += 1
                ident = f"{row['article_id']}~{n}"
            taken.add(ident)
            mine.append(ident)
        made.append(mine)
    return made


def _choice(rank: int) -> str:
    return f"work/choice/{rank:05d}.parquet"


def _choice_schema() -> Any:
    import pyarrow as pa

    return pa.schema(
        [
            ("place", pa.int64()),
            ("kept", pa.string()),
            ("exact", pa.bool_()),
            ("renamed", pa.string()),
        ]
    )


class DropRepeats(PipelineStep):
    """Drops the articles of a shard that repeat another, and writes them to ``repeats/``: who published
    what again is kept, only not read twice."""

    type = "🫂 - DEDUP"
    name = "Repeats"

    def __init__(self, folder: DataFolder) -> None:
        super().__init__()
        self.folder = folder

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """The documents that stay."""
        choice: dict[int, dict[str, Any]] = {}
        for row in read_rows(self.folder, _choice(rank)):
            choice.setdefault(row["place"], {}).update(
                {k: v for k, v in row.items() if v is not None}
            )
        dropped: list[dict[str, Any]] = []
        for place, document in enumerate(data):
            said = choice.get(place, {})
            if "renamed" in said:
                document.id = said["renamed"]
            if "kept" in said:
                dropped.append(_repeat_row(document, said))
                self.stat_update("exact" if said["exact"] else "near")
            else:
                yield document
        write_rows(self.folder, f"repeats/{rank:05d}.parquet", dropped, repeat_schema())


def _repeat_row(document: Any, said: dict[str, Any]) -> dict[str, Any]:
    article = document.metadata[ARTICLE]
    return {
        "article_id": document.id,
        "repeats": said["kept"],
        "exact": said["exact"],
        "title": article.title,
        "outlet": article.outlet,
        "published": article.date.isoformat() if article.date else None,
        "address": article.address,
        "canonical": article.canonical,
    }


def repeat_schema() -> Any:
    """The columns of what was dropped as a repeat (a ``pyarrow.Schema``)."""
    import pyarrow as pa

    return pa.schema(
        [
            pa.field("article_id", pa.string(), nullable=False),
            pa.field("repeats", pa.string(), nullable=False),
            pa.field("exact", pa.bool_(), nullable=False),
            pa.field("title", pa.string(), nullable=False),
            pa.field("outlet", pa.string()),
            pa.field("published", pa.string()),
            pa.field("address", pa.string()),
            pa.field("canonical", pa.string()),
        ]
    )
