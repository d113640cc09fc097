"""The floors of accuracy: figures on the project's own gold set below which the tests fail.

    python -m qawl.evaluation.floors tests/gold            prints figure, floor and room
    python -m qawl.evaluation.floors tests/gold --raise    raises floors to the present figures

``floors.json`` beside the gold holds one number a figure, 0 to 1. A floor is raised to just under
what is reached (``MARGIN``), never lowered by the command.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from qawl.errors import InputError, QawlError
from qawl.evaluation.gold import read_gold
from qawl.evaluation.judge import judge_all
from qawl.evaluation.measures import Figures, measure
from qawl.model import Article, Statement
from qawl.reader.reader import Reader

FILE = "floors.json"

#: Under the figure reached, so that a change of a statement or two is no alarm: on some 300 gold
#: statements one more or less moves F1 by 0.003.
MARGIN = 0.01

#: The figures that have a floor, and where they stand.
PINNED: dict[str, Callable[[Figures], float]] = {
    "found": lambda f: f.total.found.f1,
    "found direct": lambda f: f.by_form["direct"].found.f1,
    "found mixed": lambda f: f.by_form["mixed"].found.f1,
    "found indirect": lambda f: f.by_form["indirect"].found.f1,
    "exact": lambda f: f.total.exact.f1,
    "joint": lambda f: f.total.joint.f1,
    "whole": lambda f: f.total.whole.f1,
    "cue": lambda f: f.cue.value,
    "who": lambda f: f.total.who.value,
    "who hidden": lambda f: f.who_by_mention["hidden"].value,
    "form": lambda f: f.form.value,
    "act": lambda f: f.acts.right.value,
    "act macro f1": lambda f: f.acts.macro_f1,
}


def read_articles(
    articles: Iterable[Article], reader: Reader | None = None
) -> dict[str, tuple[Statement, ...]]:
    """What the reader finds in each article, by id; the statements they hold are taken out first."""
    bare = (article.with_statements(()) for article in articles)
    return {article.id: article.statements for article in (reader or Reader()).pipe(bare)}


def figures_on(folder: Path) -> dict[str, float]:
    """The pinned figures of the reader on the gold files (``*.jsonl``) of a folder.

    Raises ``InputError`` where there is no gold or it does not fit.
    """
    articles = read_gold(folder)
    figures = measure(judge_all(articles, read_articles(articles)))
    return {name: figure(figures) for name, figure in PINNED.items()}


def read_floors(folder: Path) -> dict[str, float]:
    """The floors of a folder, one for every pinned figure.

    Raises ``InputError`` for a file that is missing, is not JSON, lacks a figure, names an unknown
    one or holds anything but numbers from 0 to 1.
    """
    path = folder / FILE
    try:
        floors = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise InputError(f"{path}: not JSON ({error})") from None
    if not isinstance(floors, dict) or floors.keys() != PINNED.keys():
        raise InputError(f"{path}: must hold a floor for each of {', '.join(PINNED)}, and no other")
    for name, floor in floors.items():
        if isinstance(floor, bool) or not isinstance(floor, int | float) or not 0 <= floor <= 1:
            raise InputError(f"{path}: the floor of {name} is {floor!r}, not a number from 0 to 1")
    return floors


def below(figures: dict[str, float], floors: dict[str, float]) -> dict[str, tuple[float, float]]:
    """The figures that are under their floor: name → (figure, floor)."""
    return {n: (figures[n], floor) for n, floor in floors.items() if figures[n] < floor}


def raised(figures: dict[str, float], floors: dict[str, float]) -> dict[str, float]:
    """The floors lifted to ``MARGIN`` under the figures (two places, down), where that is higher."""
    return {
        n: max(floor, math.floor((figures[n] - MARGIN) * 100 + 1e-9) / 100)
        for n, floor in floors.items()
    }


def main(arguments: list[str] | None = None) -> int:
    """Prints the figures beside the floors; returns 1 where one is below, or the gold is bad."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, help=f"the gold folder, with {FILE}")
    parser.add_argument("--raise", dest="lift", action="store_true", help="write higher floors")
    args = parser.parse_args(arguments)
    try:
        figures, floors = figures_on(args.folder), read_floors(args.folder)
    except QawlError as error:
        print(error, file=sys.stderr)
        return 1
    if args.lift:
        floors = raised(figures, floors)
        text = json.dumps(floors, indent=2, ensure_ascii=False) + "\n"
        (args.folder / FILE).write_text(text, encoding="utf-8")
    print(f"{'figure':<16}{'now':>8}{'floor':>8}{'room':>8}")
    for name, floor in floors.items():
        room = figures[name] - floor
        print(f"{name:<16}{figures[name]:>8.3f}{floor:>8.2f}{room:>+8.3f}")
    return 1 if below(figures, floors) else 0


if __name__ == "__main__":
    sys.exit(main())
