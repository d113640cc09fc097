"""How well the record tells who is who across articles.

    python benchmarks/identities.py FOLDER [--reader] [--errors]

FOLDER holds gold/train.jsonl, gold/dev.jsonl, gold/identity.jsonl and gold/identity_apart.jsonl. All
articles are taken in by the order of their dates, each source linked as ``qawl add`` does, into a record in
memory. Then the rows of identity.jsonl are looked at: B³ over the rows (Bagga and Baldwin, 1998), and how
many of the pairs of identity_apart.jsonl are two sources. With --reader the statements are those of
``qawl.read``, and a row's source is that of the ``who`` nearest to the gold's.
"""

from __future__ import annotations

import argparse
import datetime as dt
import email.utils
import json
import time
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import qawl
from qawl.evaluation.gold import read_gold
from qawl.evaluation.names import similarity
from qawl.model import Article
from qawl.record.identities import Link, Mention, Remembered, link, mentions_of

Row = tuple[str, str]


def dated(folder: Path) -> list[Article]:
    """The gold articles of train and dev with their dates, in the order of these; undated ones first."""
    articles = [
        a for name in ("train", "dev") for a in read_gold(folder / "gold" / f"{name}.jsonl")
    ]
    dates: dict[str, dt.datetime | None] = {}
    for name in ("train", "dev"):
        for line in (folder / "gold" / f"{name}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            dates[row["id"]] = date_of(row.get("date"))
    articles = [replace(article, date=dates[article.id]) for article in articles]
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    return sorted(articles, key=lambda article: dates[article.id] or never)


def date_of(written: str | None) -> dt.datetime | None:
    """The moment that a feed's or a page's date tells, in UTC; None where it tells no day."""
    if not written:
        return None
    for read in (dt.datetime.fromisoformat, email.utils.parsedate_to_datetime):
        try:
            moment = read(written)
        except ValueError:
            continue
        return moment.replace(tzinfo=moment.tzinfo or dt.UTC).astimezone(dt.UTC)
    return None


def b_cubed(gold: dict[Row, str], found: dict[Row, object]) -> tuple[float, float, float]:
    """Precision, recall and F1 of B³ over the rows."""
    precision = recall = 0.0
    for row in gold:
        mine = {other for other in gold if found[other] == found[row]}
        true = {other for other in gold if gold[other] == gold[row]}
        precision += len(mine & true) / len(mine)
        recall += len(mine & true) / len(true)
    p, r = precision / len(gold), recall / len(gold)
    return p, r, 2 * p * r / (p + r)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where gold/ is")
    parser.add_argument(
        "--reader", action="store_true", help="statements of qawl.read instead of gold's"
    )
    parser.add_argument(
        "--errors", action="store_true", help="show the rows that fall wrong, and why"
    )
    parser.add_argument("--links", help="write every link to this file, to be looked through")
    given = parser.parse_args()
    if not (given.folder / "gold" / "identity.jsonl").exists():
        parser.error(f"{given.folder}/gold/identity.jsonl is missing")
    gold_dir = given.folder / "gold"
    entities = [json.loads(line) for line in (gold_dir / "identity.jsonl").open(encoding="utf-8")]
    pairs = [
        json.loads(line) for line in (gold_dir / "identity_apart.jsonl").open(encoding="utf-8")
    ]
    rows = {(a, w) for e in entities for a, w in e["rows"]}
    rows |= {tuple(pair[side]) for pair in pairs for side in "ab"}

    articles = dated(given.folder)
    if given.reader:
        articles = [qawl.read(replace(article, statements=())) for article in articles]
    record = Remembered()
    linked: dict[str, list[tuple[Mention, Link, int]]] = {}
    spent = 0.0
    for article in articles:
        began = time.process_time()
        linked[article.id] = []
        for mention in mentions_of(article):
            found_link = link(mention, record)
            source = record.keep(mention, found_link.source_id)
            linked[article.id].append((mention, found_link, source))
        spent += time.process_time() - began

    found: dict[Row, object] = {}
    why: dict[Row, str] = {}
    for ident, who in rows:
        near = max(
            linked[ident],
            key=lambda one: (one[0].name == who, similarity(one[0].name, who)),
            default=None,
        )
        if near is None or (near[0].name != who and similarity(near[0].name, who) == 0):
            found[ident, who], why[ident, who] = object(), "not read"
            continue
        mention, how, source = near
        found[ident, who] = source
        why[ident, who] = (
            f"#{source} {mention.name} {mention.kind} key={mention.key} state={mention.state} "
            f"{how.reason} {how.confidence:.2f} roles={[role.key for role in mention.roles]}"
        )

    gold = {(a, w): e["entity"] for e in entities for a, w in e["rows"]}
    p, r, f = b_cubed(gold, found)
    read = {row: entity for row, entity in gold.items() if why[row] != "not read"}
    apart = [pair for pair in pairs if found[tuple(pair["a"])] != found[tuple(pair["b"])]]
    print(
        f"statements: {'reader' if given.reader else 'gold'}; rows {len(gold)}, entities {len(entities)}"
    )
    print(f"B³ precision {p:.3f} recall {r:.3f} F1 {f:.3f}")
    if len(read) < len(gold):
        some = b_cubed(read, found)
        print(f"B³ over the {len(read)} rows whose source was read: F1 {some[2]:.3f}")
    print(f"kept apart {len(apart)}/{len(pairs)}")
    everything = [one for some in linked.values() for one in some]
    print(f"mentions {len(everything)}, sources {len({source for _, _, source in everything})}")
    print(
        f"{1000 * spent / len(articles):.2f} ms an article, {sum(len(a.statements) for a in articles) / len(articles):.1f} statements"
    )
    print(
        "new and linked, by reason:",
        dict(Counter(how.reason for _, how, _ in everything).most_common()),
    )
    if given.links:
        by_source: dict[int, list[str]] = defaultdict(list)
        for ident, some in linked.items():
            for mention, how, source in some:
                by_source[source].append(
                    f"  {ident} {mention.name} | {mention.kind} {mention.key} | {mention.state} | {mention.outlet} "
                    f"| {how.reason} {how.confidence:.2f} | {[role.key for role in mention.roles]}"
                )
        Path(given.links).write_text(
            "\n".join(f"#{s} {len(lines)}\n" + "\n".join(lines) for s, lines in by_source.items()),
            "utf-8",
        )
    if given.errors:
        for e in entities:
            if len({found[a, w] for a, w in e["rows"]}) > 1:
                print("SPLIT", e["entity"])
                for a, w in e["rows"]:
                    print("   ", a, w, "|", why[a, w])
        groups = defaultdict(set)
        for row, entity in gold.items():
            groups[found[row]].add(entity)
        for some in groups.values():
            if len(some) > 1:
                print("MERGED", some)
        for pair in pairs:
            if pair not in apart:
                for side in "ab":
                    print("NOT APART", pair[side], why[tuple(pair[side])])


if __name__ == "__main__":
    main()
