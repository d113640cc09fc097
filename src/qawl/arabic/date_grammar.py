"""The shapes of dates in Arabic text, as patterns over folded text, made from the data files.

Names and words are data (data/months.tsv, weekdays.tsv, date_words.tsv); ``dates`` reckons what the
patterns find.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from typing import Literal

from qawl.arabic.letters import fold

Calendar = Literal["gregorian", "hijri"]


@lru_cache(maxsize=1)
def _rows(name: str) -> list[list[str]]:
    """The rows of a data file of this package, comments left out."""
    lines = resources.files("qawl.arabic").joinpath("data", name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def _any(words: Iterable[str]) -> str:
    """An alternation of words, longest first, any white space between their parts."""
    ordered = sorted(set(words), key=lambda w: (-len(w), w))
    return "(?:" + "|".join(re.escape(w).replace("\\ ", _S + "+") for w in ordered) + ")"


_S = "[ \\t\\xa0\u202f]"


class Grammar:
    """The patterns, made once from the data files."""

    def __init__(self) -> None:
        self.months: dict[str, tuple[int, Calendar]] = {}
        self.with_year: set[str] = set()
        for name, number, calendar, needs, _ in _rows("months.tsv"):
            key = fold(name)
            self.months[key] = (int(number), "hijri" if calendar == "hijri" else "gregorian")
            if needs == "year":
                self.with_year.add(key)
        self.weekdays = {fold(name): int(number) for name, number, _ in _rows("weekdays.tsv")}
        self.words: dict[str, dict[str, str]] = {}
        for kind, word, value in _rows("date_words.tsv"):
            self.words.setdefault(kind, {})[fold(word)] = value
        say = {kind: _any(words) for kind, words in self.words.items()}
        month, week = _any(self.months), _any(self.weekdays)
        twin = f"(?P<m>{month})(?!\\w)(?:{_S}*[/(\\-–]{_S}*(?P<m2>{month})(?!\\w)(?:{_S}*\\))?)?"
        era = f"(?:{_S}*(?P<era>هجري[هة]?|ميلادي[هة]?|ه|م)(?!\\w)\\.?)?"
        year = (
            f"(?:{_S}*[،,]?{_S}*(?:(?:من{_S}+)?(?:ل?لعام|(?:ال)?عام|(?:ال)?سنه){_S}+)?"
            f"(?P<y>\\d{{4}})(?!\\d){era})"
        )
        which = f"(?:{_S}+(?P<which>{say['which']})(?!\\w))"
        named = f"(?:(?:يوم{_S}+)?{week}(?!\\w){_S}*[،,.(]?{_S}*(?:ال?موافق{_S}+)?)?"
        day = r"(?<![\d.,/:\-])(?P<d>\d{1,2})(?!\d)"
        parts = f"(?:{say['part']}{_S}+){{0,3}}"
        sep = f"(?P<sep>{_S}?[/.-]{_S}?)"
        self.clock = re.compile(
            f"(?:{_S}|[،,|–—T-]|(?:في|تمام|عند|علي|حوالي|at|à)(?!\\w)|(?P<hour>الساعه(?!\\w))){{0,8}}"
            f"(?<![\\d:.])(?P<h>\\d{{1,2}})(?::(?P<mi>\\d{{2}})(?::(?P<s>\\d{{2}})(?:\\.\\d+)?)?"
            f"|(?(hour)\\.(?P<mi2>\\d{{2}})|(?!)))(?!\\d)"
            f"(?:{_S}*(?P<ap>{say['clock']})(?!\\w))?"
            f"(?:{_S}*\\(?(?:(?:GMT|UTC)?(?P<z>[+-]\\d\\d:?\\d\\d)(?!\\d)|(?P<utc>{say['utc']})(?!\\w)))?"
        )
        self.twin = re.compile(
            f"(?:[(،,/=–-]|ال?موافق(?:ه)?(?!\\w)|المصادف(?!\\w)|ل|يوم|{week}|{_S}){{0,9}}"
        )
        self.after = re.compile(f"{_S}+{say['after']}(?!\\w)")
        self.unlike = re.compile(f"(?<!\\w){say['unlike']}{_S}+$")
        tail = f"{twin}(?:{year}|{which})?"
        n_of = f"(?P<n>\\d{{1,4}}|{say['number']}){_S}+(?P<u>{say['unit']})"
        weekdays, parts_, months = self.weekdays, self.words["part"], self.months
        shapes: list[tuple[str, Iterable[str], str]] = [
            # its shape, the words that may open it (1: a digit), the date
            (
                "day of month",
                ("1", *weekdays, "يوم"),
                f"{named}{day}{_S}*(?:من{_S}+)?(?:شهر{_S}+)?{tail}",
            ),
            (
                "day of month",
                (*self.words["ordinal"], *weekdays, "يوم"),
                f"{named}(?P<ord>{say['ordinal']}){_S}+من{_S}+(?:شهر{_S}+)?{tail}",
            ),
            (
                "day of month",
                (*months, *weekdays),
                f"{named}(?P<m>{month}){_S}+{day}{_S}*[،,]?{_S}*(?P<y>\\d{{4}})(?!\\d)",
            ),
            ("month", months, f"{twin}(?:{year}|{which})"),
            (
                "numeric",
                ("1", *weekdays, "يوم"),
                f"{named}(?<![\\d./:-])(?P<d>\\d{{1,2}}){sep}(?P<mn>\\d{{1,2}})(?P=sep)"
                f"(?P<y>\\d{{4}})(?![\\d/]){era}",
            ),
            (
                "numeric",
                ("1", *weekdays, "يوم"),
                f"{named}(?<![\\d./:-])(?P<y>\\d{{4}}){sep}(?P<mn>\\d{{1,2}})(?P=sep)"
                f"(?P<d>\\d{{1,2}})(?![\\d/]){era}",
            ),
            (
                "year",
                ("عام", "العام", "سنه", "السنه"),
                f"(?:ال)?(?:عام|سنه){_S}+(?P<y>\\d{{4}})(?!\\d){era}",
            ),
            (
                "relative day",
                (*parts_, *self.words["day"]),
                f"{parts}(?P<rel>{say['day']})(?!\\w)"
                f"(?:{_S}*[(،]?{_S}*(?:يوم{_S}+)?(?P<w>{week})(?!\\w)\\)?)?",
            ),
            ("weekday", (*parts_, *weekdays), f"{parts}(?P<w>{week})(?!\\w){which}?"),
            (
                "ago",
                ("قبل", "منذ"),
                f"(?:قبل|منذ){_S}+(?:(?:نحو|حوالي){_S}+)?"
                f"(?:{n_of}|(?P<two>{say['two']})|(?P<one>{say['one']}))(?!\\w)",
            ),
            ("period", self.words["period"], f"(?P<p>{say['period']}){which}"),
            ("period", ("هذا", "هذه"), f"هذ[اه]{_S}+(?P<p>{say['period']})(?!\\w)"),
        ]
        #: The shapes to try at a word of the text, by the word; at a run of digits, under "1".
        self.opened_by: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
        for name, openers, pattern in shapes:
            compiled = re.compile(pattern)
            for word in dict.fromkeys(opener.split()[0] for opener in openers):
                self.opened_by.setdefault(word, []).append((name, compiled))


@lru_cache(maxsize=1)
def grammar() -> Grammar:
    """The patterns, compiled at the first call."""
    return Grammar()
