"""The report of a crawl: what became of every page, and where the time went."""

from __future__ import annotations

from collections import Counter
from typing import Any

from datatrove.io import DataFolder

from qawl.crawl.files import read_json, write_json

NAME = "report.json"
#: Which of datatrove's figures is which stage's: (run, step) → the stage.
_STAGES = {
    ("extract", "Pages"): "pages",
    ("extract", "Arabic"): "keep",
    ("extract", "Articles"): "extract",
    ("extract", "Tables"): "write",
    ("extract", "Signatures"): "repeats",
    ("choose", "Choice"): "repeats",
    ("read", "Statements"): "read",
    ("read", "Tables"): "write",
}


def gather(folder: DataFolder) -> dict[str, Any]:
    """The report so far, from the figures of the tasks that are done.

    ``pages`` = passed over + failed + repeats + ``articles``, in every finished crawl. ``seconds`` are of CPU,
    by stage; ``memory`` is the most that the process which parses or reads needed, in MB.
    """
    passed: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    repeats: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    pages = articles = statements = 0
    memory = 0.0
    for run in ("extract", "choose", "read"):
        for name in folder.list_files(f"work/{run}/stats"):
            for step in read_json(folder, name) or ():
                title = step["name"].rpartition(": ")[2]
                took = step["time_stats"]
                if place := _STAGES.get((run, title)):
                    seconds[place] += took["total"] if isinstance(took, dict) else took
                for label, figure in step["stats"].items():
                    count = figure["total"] if isinstance(figure, dict) else figure
                    kind, _, why = label.partition(": ")
                    if kind == "passed over":
                        passed[why] += count
                    elif kind == "failed":
                        failed[why] += count
                        pages += count if title == "Pages" else 0
                    elif (title, label) == ("Pages", "pages"):
                        pages += count
                    elif title == "Repeats":
                        repeats[label] += count
                    elif (title, label) == ("Statements", "statements"):
                        statements += count
                    elif (run, title, label) == ("read", "Tables", "written"):
                        articles += count
                    elif label == "memory":
                        memory = max(memory, float(count))
    return {
        "pages": int(pages),
        "passed_over": _whole(passed),
        "failed": _whole(failed),
        "repeats": _whole(repeats),
        "articles": int(articles),
        "statements": int(statements),
        "seconds": {key: round(value, 2) for key, value in sorted(seconds.items())},
        "memory": round(memory),
    }


def _whole(counts: Counter[str]) -> dict[str, int]:
    return {key: int(count) for key, count in sorted(counts.items())}


def save(folder: DataFolder, known: dict[str, Any]) -> None:
    """Writes the report into the output's folder."""
    write_json(folder, NAME, {**known, **gather(folder)})


def text(report: dict[str, Any]) -> str:
    """The report in lines for people."""
    lines = [f"{report['pages']:,} pages: {report['articles']:,} read as articles, "
             f"with {report['statements']:,} statements"]  # fmt: skip
    for name, what in (
        ("passed_over", "passed over"),
        ("repeats", "repeats dropped"),
        ("failed", "failed"),
    ):
        counts = report[name]
        if counts:
            each = ", ".join(
                f"{why} {count:,}" for why, count in sorted(counts.items(), key=lambda c: -c[1])
            )
            lines.append(f"  {sum(counts.values()):,} {what}: {each}")
    took = report["seconds"]
    whole = sum(took.values())
    if whole:
        each = ", ".join(
            f"{stage} {took[stage]:,.0f} ({took[stage] / whole:.0%})"
            for stage in ("pages", "keep", "extract", "repeats", "read", "write")
            if stage in took
        )
        lines.append(f"  seconds of CPU: {each}")
    return "\n".join(lines)
