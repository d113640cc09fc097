"""Measures the reader on held-out articles and on the project's own, and writes the tables in the docs.

    python benchmarks/accuracy.py ../shared

The held-out articles are gold/dev.jsonl of the folder: nothing was learned from them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from articles import PROJECT
from noise import NOISES, noisy, on_clean
from run import replaced

from qawl.evaluation import Figures, judge_all, marker_baseline, measure, read_gold
from qawl.evaluation.judge import JudgedArticle
from qawl.evaluation.mistakes import mistakes
from qawl.model import Article, Statement
from qawl.reader import Reader

DOCS = PROJECT / "docs" / "accuracy.md"
#: Outlets with fewer gold statements than this say too little to stand in the table.
FEWEST = 10


def main() -> None:
    """Reads, measures and replaces the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, help="shared data with gold/dev.jsonl")
    parser.add_argument("--print", action="store_true", help="print only; leave the docs alone")
    args = parser.parse_args()
    held_out = read_gold(args.folder / "gold" / "dev.jsonl")
    own = read_gold(PROJECT / "tests" / "gold")
    reader = Reader()
    dev = judged(held_out, [reader.read(bare(a)) for a in held_out])
    project = judged(own, [reader.read(bare(a)) for a in own])
    figures = measure(dev)
    marks = [
        measure(judged(held_out, [marked(a, clauses) for a in held_out]))
        for clauses in (False, True)
    ]
    tables = {
        "figures": table_of_figures(figures, measure(project), reader.version),
        "forms": table_of_forms(figures),
        "mentions": table_of_mentions(figures),
        "acts": table_of_acts(figures),
        "outlets": table_of_outlets(figures),
        "calibration": table_of_calibration(figures),
        "confident": table_of_confident(dev),
        "baseline": table_of_baseline(figures, *marks),
        "noise": table_of_noise(reader, held_out, figures),
        "mistakes": table_of_mistakes(dev),
    }
    for name, lines in tables.items():
        print(f"\n[{name}]\n" + "\n".join(lines))
    if not args.print:
        DOCS.write_text(replaced(DOCS.read_text(encoding="utf-8"), tables), encoding="utf-8")


def bare(article: Article) -> Article:
    """The article without its gold statements."""
    return article.with_statements((), "")


def marked(article: Article, clauses: bool) -> Article:
    """The article as the baseline reads it."""
    return article.with_statements(tuple(marker_baseline.read(article, clauses=clauses)), "marks")


def judged(gold: Sequence[Article], read: Sequence[Article]) -> list[JudgedArticle]:
    """The gold articles beside what was read in them."""
    return judge_all(gold, {a.id: a.statements for a in read})


def table_of_figures(dev: Figures, own: Figures, version: str) -> list[str]:
    lines = [
        f"{version}; {dev.articles} held-out articles with {dev.total.found.gold} statements, and "
        f"{own.articles} of the project's own with {own.total.found.gold}.",
        "",
        "| | held out | 95 % interval | precision | recall | own articles |",
        "|---|---|---|---|---|---|",
    ]
    for name in ("found", "exact", "joint", "whole"):
        rate, interval = getattr(dev.total, name), dev.intervals[name]
        lines.append(
            f"| {name} F1 | **{rate.f1:.3f}** | {interval.low:.3f}–{interval.high:.3f} | "
            f"{rate.precision:.3f} | {rate.recall:.3f} | {getattr(own.total, name).f1:.3f} |"
        )
    rows = [
        ("strict F1", dev.total.strict.f1, own.total.strict.f1),
        ("who, of the found", dev.total.who.value, own.total.who.value),
        ("cue, of the found", dev.cue.value, own.cue.value),
        ("speaker span F1", dev.speaker_spans.f1, own.speaker_spans.f1),
        ("form, of the found", dev.form.value, own.form.value),
        ("act, of the found", dev.acts.right.value, own.acts.right.value),
        ("act, macro F1", dev.acts.macro_f1, own.acts.macro_f1),
        ("denials read as assertions", dev.flips.denials.value, own.flips.denials.value),
        ("assertions read as denials", dev.flips.assertions.value, own.flips.assertions.value),
        ("expected calibration error", dev.calibration.error, own.calibration.error),
    ]
    lines += [f"| {name} | {a:.3f} | | | | {b:.3f} |" for name, a, b in rows]
    return lines


def table_of_forms(figures: Figures) -> list[str]:
    lines = ["| form | gold | found F1 | exact F1 | joint F1 | who |", "|---|---|---|---|---|---|"]
    return lines + [
        f"| {form} | {g.found.gold} | {g.found.f1:.3f} | {g.exact.f1:.3f} | {g.joint.f1:.3f} | "
        f"{g.who.value:.3f} |"
        for form, g in figures.by_form.items()
    ]


def table_of_mentions(figures: Figures) -> list[str]:
    lines = ["| the source is … | right | of |", "|---|---|---|"]
    return lines + [
        f"| {kind} | {share.value:.3f} | {share.of} |"
        for kind, share in figures.who_by_mention.items()
    ]


def table_of_acts(figures: Figures) -> list[str]:
    acts = list(figures.acts.confusion)
    lines = [
        "| gold ↓ read as → | " + " | ".join(acts) + " | F1 |",
        "|---" * (len(acts) + 2) + "|",
    ]
    for act in acts:
        row = figures.acts.confusion[act]
        rate = figures.acts.by_act.get(act)
        f1 = f"{rate.f1:.2f}" if rate else "–"
        lines.append(f"| {act} | " + " | ".join(str(row.get(a, 0)) for a in acts) + f" | {f1} |")
    return lines


def table_of_outlets(figures: Figures) -> list[str]:
    lines = ["| outlet | gold | found F1 | joint F1 | who |", "|---|---|---|---|---|"]
    many = [(o, g) for o, g in figures.by_outlet.items() if g.found.gold >= FEWEST]
    many.sort(key=lambda row: -row[1].found.gold)
    return lines + [
        f"| {outlet} | {g.found.gold} | {g.found.f1:.3f} | {g.joint.f1:.3f} | {g.who.value:.3f} |"
        for outlet, g in many
    ]


def table_of_calibration(figures: Figures) -> list[str]:
    lines = ["| confidence | statements | mean confidence | right |", "|---|---|---|---|"]
    return lines + [
        f"| {b.low:.1f}–{b.high:.1f} | {b.count} | {b.confidence:.3f} | {b.right:.3f} |"
        for b in figures.calibration.bins
    ]


def table_of_confident(dev: Sequence[JudgedArticle]) -> list[str]:
    """What is kept, and how right it is, from a least confidence on."""
    rows = [
        (s.confidence, answered and pair_right)
        for article in dev
        for s, answered, pair_right in answers(article)
    ]
    gold = sum(len(article.gold) for article in dev)
    lines = ["| --min-confidence | kept | joint precision | joint recall |", "|---|---|---|---|"]
    for least in (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95):
        kept = [right for confidence, right in rows if confidence >= least]
        if kept:
            lines.append(
                f"| {least} | {len(kept)} | {sum(kept) / len(kept):.3f} | {sum(kept) / gold:.3f} |"
            )
    return lines


def answers(article: JudgedArticle) -> Iterator[tuple[Statement, bool, bool]]:
    """(predicted statement, whether it answers a gold one, whether its source is right)."""
    for pair in article.pairs:
        yield pair.predicted, True, pair.who_right
    for statement in article.extra:
        yield statement, False, False


def table_of_baseline(qawl: Figures, marks: Figures, clauses: Figures) -> list[str]:
    lines = ["| | found F1 | direct found F1 | joint F1 | who |", "|---|---|---|---|---|"]
    for name, f in (
        ("quotation marks + a marker", marks),
        ("the same + verb with أنّ", clauses),
        ("Qawl", qawl),
    ):
        lines.append(
            f"| {name} | {f.total.found.f1:.3f} | {f.by_form['direct'].found.f1:.3f} | "
            f"{f.total.joint.f1:.3f} | {f.total.who.value:.3f} |"
        )
    return lines


def table_of_noise(reader: Reader, held_out: Sequence[Article], clean: Figures) -> list[str]:
    """What is left of the figures where the articles are written carelessly."""
    rows = [("as they stand", clean)]
    for name, noise in NOISES.items():
        read = []
        for article in held_out:
            made, places = noisy(article, noise)
            statements = reader.read(made).statements
            read.append(
                article.with_statements(tuple(on_clean(statements, article.text, places)), "")
            )
        rows.append((name, measure(judged(held_out, read))))
    lines = ["| the articles | found F1 | joint F1 | who |", "|---|---|---|---|"]
    return lines + [
        f"| {name} | {f.total.found.f1:.3f} | {f.total.joint.f1:.3f} | {f.total.who.value:.3f} |"
        for name, f in rows
    ]


def table_of_mistakes(dev: Sequence[JudgedArticle]) -> list[str]:
    counts: dict[tuple[str, str], int] = {}
    for mistake in mistakes(dev):
        counts[mistake.kind, mistake.form] = counts.get((mistake.kind, mistake.form), 0) + 1
    kinds = list(dict.fromkeys(kind for kind, _ in counts))
    forms = ("direct", "mixed", "indirect")
    lines = ["| mistake | " + " | ".join(forms) + " |", "|---|---|---|---|"]
    return lines + [
        f"| {kind} | " + " | ".join(str(counts.get((kind, form), 0)) for form in forms) + " |"
        for kind in kinds
    ]


if __name__ == "__main__":
    main()
