"""Dates in the habits of the Arab press, found in a text with their exact places.

Months of the Levant, Egypt and the Gulf, Tunisia and Algeria, Morocco, and the Hijri calendar, alone
or twinned (آذار/مارس; ١٠ رمضان ١٤٤٦هـ الموافق ١٠ مارس ٢٠٢٥); numeric dates day first; ISO 8601 and RFC
2822 as metadata has them; and dates relative to the article's (أمس الأحد، قبل يومين). The names are
data (data/months.tsv, weekdays.tsv, date_words.tsv). Hijri dates are converted by hijridate
(the Umm al-Qura calendar, 1343-1500 AH).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from qawl.arabic.date_grammar import Calendar, grammar
from qawl.arabic.letters import fold, fold_map

Precision = Literal["minute", "hour", "day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which the text gives a part: a month, a year, a day without its year."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        """As in ISO 8601: 2025, 2025-03, --03-10."""
        year = f"{self.year:04}" if self.year is not None else "-"
        return "-".join([year, *(f"{p:02}" for p in (self.month, self.day) if p is not None)])


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text: ``text == source[start:end]`` (code points).

    ``value`` is Gregorian: a ``date``, a ``datetime`` (UTC if the text gives a zone, else naive) or
    a ``PartialDate``; ``precision`` says how much of it the text says (a week's value is a day of
    that week). ``calendar`` is the one it is written in; gregorian where both are given.
    ``relative``: it was reckoned from the article's date.
    """

    start: int
    end: int
    text: str
    value: dt.date | dt.datetime | PartialDate
    precision: Precision
    calendar: Calendar = "gregorian"
    relative: bool = False


def find_dates(text: str, *, published: dt.date | dt.datetime | None = None) -> list[FoundDate]:
    """The dates in ``text``, in order, none overlapping another.

    ``published`` is the article's date, from which relative dates (أمس، الأحد الماضي) and years
    left out are reckoned; without it relative dates are not given and a day without its year is a
    ``PartialDate``. Linear in the length of ``text``.
    """
    folded = fold(text)
    if len(folded) == len(text):  # folding only replaces or removes, so nothing has moved
        places: list[int] | range = range(len(text))
    else:
        folded, places = fold_map(text)
    found: list[FoundDate] = []
    for match in _matches(folded, published):
        if found and (joined := _joined(found[-1], match, folded)):
            found[-1] = joined
        else:
            found.append(match)
    spans = ((f, places[f.start], _with_marks(text, places[f.end - 1] + 1)) for f in found)
    return [replace(f, start=s, end=e, text=text[s:e]) for f, s, e in spans]


def _with_marks(text: str, end: int) -> int:
    """``end`` moved over the harakat and tatweel of the last letter, which folding removed."""
    while end < len(text) and (text[end] == "ـ" or "\u064b" <= text[end] <= "\u0652"):
        end += 1
    return end


def parse_date(
    text: str | int | float, *, published: dt.date | dt.datetime | None = None
) -> dt.date | dt.datetime | None:
    """The one date that a piece of metadata or a dateline says, to the day or the minute; None if
    it says none.

    Also Unix times (seconds or milliseconds, as a number or its digits). A ``datetime`` is UTC if
    the text gives a zone, else naive.
    """
    line = str(text).strip()[:400]
    if re.fullmatch(r"\d{9,10}(\.\d+)?|\d{13}", fold(line)):
        seconds = float(fold(line))
        seconds = seconds / 1000 if seconds > 1e11 else seconds
        return dt.datetime.fromtimestamp(int(seconds), dt.UTC)
    dates = [f for f in find_dates(line, published=published) if f.precision in _FULL]
    full = [f for f in dates if not isinstance(f.value, PartialDate)]
    best = next((f for f in full if not f.relative), full[0] if full else None)
    if best is None:
        return _bare(fold(line))
    value = best.value
    assert not isinstance(value, PartialDate)
    if best.precision == "day" and (clock := grammar().clock.search(fold(line[: best.start]))):
        return _timed(value, clock)[0]
    return value


_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_CLITICS = "وفبل"
_FULL = ("day", "hour", "minute")


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a pattern's handler needs: the match, its place, the folded text, the article's date."""

    match: re.Match[str]
    start: int
    end: int
    folded: str
    base: dt.date | dt.datetime | None

    def __getitem__(self, name: str) -> str | None:
        return self.match[name] if name in self.match.re.groupindex else None

    def found(
        self,
        value: dt.date | dt.datetime | PartialDate,
        precision: Precision,
        calendar: Calendar = "gregorian",
        relative: bool = False,
    ) -> FoundDate:
        end = self.end
        if precision == "day" and isinstance(value, dt.date):
            clock = grammar().clock.match(self.folded, end)
            if clock and (timed := _timed(value, clock))[1]:
                value, precision, end = timed[0], "minute", clock.end()
        return FoundDate(self.start, end, "", value, precision, calendar, relative)


def _matches(folded: str, base: dt.date | dt.datetime | None) -> Iterator[FoundDate]:
    """The dates, with offsets into ``folded``, in order: at each place the longest one."""
    opened_by = grammar().opened_by
    end = 0
    for token in _TOKEN.finditer(folded):
        start = token.start()
        if start < end:
            continue
        word = token[0]
        shapes = opened_by.get("1" if word[0].isdigit() else word)
        if shapes is None and word[0] in _CLITICS:  # the clitic is outside the span
            shapes = opened_by.get(word[1:])
            start += 1
        if shapes is None:
            continue
        best: FoundDate | None = None
        for shape, pattern in shapes:
            match = pattern.match(folded, start)
            if match is None:
                continue
            try:
                found = _HANDLERS[shape](_Seen(match, start, match.end(), folded, base))
            except (ValueError, OverflowError):  # no such day: 31 February, 1600 AH
                continue
            if found and (best is None or found.end > best.end):
                best = found
        if best:
            end = best.end
            yield best


def _joined(first: FoundDate, second: FoundDate, folded: str) -> FoundDate | None:
    """A Hijri date and its Gregorian twin, in either order, as one date."""
    if first.calendar == second.calendar or second.start - first.end > 40:
        return None
    gregorian = first if first.calendar == "gregorian" else second
    if isinstance(gregorian.value, PartialDate) or gregorian.relative:
        return None
    if not grammar().twin.fullmatch(folded, first.end, second.start):
        return None
    return replace(gregorian, start=first.start, end=second.end)


def _day_month(seen: _Seen) -> FoundDate | None:
    """10 مارس 2025 · ٢٥ تشرين الثاني · الأول من آذار/مارس · March 10, 2025."""
    words = grammar()
    number, calendar = words.months[_spaced(seen["m"])]
    if seen["m2"]:
        second, other = words.months[_spaced(seen["m2"])]
        if (second, other) != (number, calendar):
            return None
    ordinal = seen["ord"]
    day = int(words.words["ordinal"][_spaced(ordinal)] if ordinal else seen["d"] or 0)
    year = int(seen["y"]) if seen["y"] else None
    if not 1 <= day <= 31 or (year is None and _spaced(seen["m"]) in words.with_year):
        return None
    if year is not None:
        return seen.found(_gregorian(year, number, day, calendar), "day", calendar)
    which = _which(seen)
    base = _date(seen.base)
    if base is None:
        if calendar == "hijri":
            return None
        return seen.found(PartialDate(None, number, day), "day", calendar)
    return seen.found(_nearest(base, number, day, calendar, which), "day", calendar, True)


def _month(seen: _Seen) -> FoundDate | None:
    """مارس 2025 · آذار/مارس الماضي. A Hijri month alone has no one Gregorian month: its first day's."""
    number, calendar = grammar().months[_spaced(seen["m"])]
    if seen["y"]:
        year = int(seen["y"])
        if calendar == "hijri" or seen["era"] in ("ه", "هجري", "هجريه"):
            first = _gregorian(year, number, 1, "hijri")
            return seen.found(PartialDate(first.year, first.month), "month", "hijri")
        return seen.found(PartialDate(year, number), "month") if 1000 <= year <= 2200 else None
    base, which = _date(seen.base), _which(seen)
    if base is None or calendar == "hijri" or which is None:
        return None
    year = base.year
    if which < 0 and number >= base.month:
        year -= 1
    elif which > 0 and number <= base.month:
        year += 1
    return seen.found(PartialDate(year, number), "month", relative=True)


def _numeric(seen: _Seen) -> FoundDate | None:
    """10/3/2025 (day first) · 2025-03-10 · 1446/9/10 (Hijri by its year or its هـ)."""
    year, month, day = (int(seen[k] or 0) for k in ("y", "mn", "d"))
    hijri = 1300 <= year <= 1500 and seen["era"] not in ("م", "ميلادي", "ميلاديه")
    if month > 12 >= day and not hijri:  # an English habit
        month, day = day, month
    calendar: Calendar = "hijri" if hijri else "gregorian"
    if calendar == "gregorian" and not 1000 <= year <= 2200:
        return None
    return seen.found(_gregorian(year, month, day, calendar), "day", calendar)


def _year(seen: _Seen) -> FoundDate | None:
    """عام 2019 · سنة 1446هـ."""
    year = int(seen["y"] or 0)
    if seen["era"] in ("ه", "هجري", "هجريه"):
        return seen.found(PartialDate(_gregorian(year, 1, 1, "hijri").year), "year", "hijri")
    return seen.found(PartialDate(year), "year") if 1000 <= year <= 2200 else None


def _relative_day(seen: _Seen) -> FoundDate | None:
    """أمس · اليوم الخميس · مساء أمس الأحد · غدا."""
    words, base = grammar(), _date(seen.base)
    if base is None:
        return None
    shift = int(words.words["day"][_spaced(seen["rel"])])
    value = base + dt.timedelta(shift)
    if seen["w"]:  # the weekday decides: an article of just after midnight still says أمس
        value += dt.timedelta((words.weekdays[_spaced(seen["w"])] - value.weekday() + 3) % 7 - 3)
    elif shift == 0 and seen.match.start("rel") == seen.start and _unlike(seen):
        return None
    return seen.found(value, "day", relative=True)


def _weekday(seen: _Seen) -> FoundDate | None:
    """الأحد · مساء الجمعة · الأحد الماضي · الاثنين المقبل: in news the last one, today included."""
    words, base = grammar(), _date(seen.base)
    if base is None or words.unlike.search(seen.folded, max(0, seen.start - 12), seen.start):
        return None
    ahead = (words.weekdays[_spaced(seen["w"])] - base.weekday()) % 7
    which = _which(seen)
    if which is not None and which > 0:
        days = ahead or 7
    else:
        days = ahead - 7 if ahead or which == -1 else 0
    return seen.found(base + dt.timedelta(days), "day", relative=True)


def _ago(seen: _Seen) -> FoundDate | None:
    """قبل يومين · منذ 3 ساعات · قبل أسبوع; not قبل يومين من الاقتراع, which is before something else."""
    words, base = grammar(), seen.base
    if base is None or words.after.match(seen.folded, seen.end):
        return None
    if seen["two"]:
        number, unit = 2, words.words["two"][seen["two"] or ""]
    elif seen["one"]:
        number, unit = 1, words.words["one"][seen["one"] or ""]
    else:
        said = seen["n"] or ""
        number = int(said) if said.isdigit() else int(words.words["number"][said])
        unit = words.words["unit"][seen["u"] or ""]
    day = _date(base)
    assert day is not None
    if unit in ("minute", "hour"):
        if not isinstance(base, dt.datetime):
            return seen.found(day, "day", relative=True) if number < 24 else None
        step = dt.timedelta(hours=number) if unit == "hour" else dt.timedelta(minutes=number)
        precision: Precision = "hour" if unit == "hour" else "minute"
        return FoundDate(seen.start, seen.end, "", base - step, precision, relative=True)
    if unit in ("day", "week"):
        value = day - dt.timedelta(number * (7 if unit == "week" else 1))
        return seen.found(value, "day" if unit == "day" else "week", relative=True)
    if unit == "month":
        months = day.year * 12 + day.month - 1 - number
        return seen.found(PartialDate(months // 12, months % 12 + 1), "month", relative=True)
    return seen.found(PartialDate(day.year - number), "year", relative=True)


def _period(seen: _Seen) -> FoundDate | None:
    """الأسبوع الماضي · الشهر المقبل · العام الجاري · هذا الأسبوع."""
    base = _date(seen.base)
    if base is None:
        return None
    which = _which(seen) or 0
    unit = grammar().words["period"][_spaced(seen["p"])]
    if unit == "week":
        return seen.found(base + dt.timedelta(7 * which), "week", relative=True)
    if unit == "month":
        months = base.year * 12 + base.month - 1 + which
        return seen.found(PartialDate(months // 12, months % 12 + 1), "month", relative=True)
    return seen.found(PartialDate(base.year + which), "year", relative=True)


def _unlike(seen: _Seen) -> bool:
    """Whether the words around اليوم say that it is "the day", not "today"."""
    words = grammar()
    before = words.unlike.search(seen.folded, max(0, seen.start - 12), seen.start)
    return bool(before or words.after.match(seen.folded, seen.end))


def _which(seen: _Seen) -> int | None:
    word = seen["which"]
    return int(grammar().words["which"][word]) if word else None


def _spaced(word: str | None) -> str:
    """A matched word with single spaces, as the data has it."""
    return " ".join((word or "").split())


def _date(base: dt.date | dt.datetime | None) -> dt.date | None:
    return base.date() if isinstance(base, dt.datetime) else base


def _gregorian(year: int, month: int, day: int, calendar: Calendar) -> dt.date:
    """The Gregorian day; ValueError or OverflowError where there is none."""
    if calendar == "gregorian":
        return dt.date(year, month, day)
    from hijridate import Hijri

    return dt.date(*Hijri(year, month, day).to_gregorian().datetuple())


def _nearest(base: dt.date, month: int, day: int, calendar: Calendar, which: int | None) -> dt.date:
    """The day of that name nearest to ``base``; the last or next one where ``which`` says so."""
    year = base.year
    if calendar == "hijri":
        from hijridate import Gregorian

        year = Gregorian(base.year, base.month, base.day).to_hijri().year
    days = []
    for candidate in (year - 1, year, year + 1):
        with suppress(ValueError, OverflowError):
            days.append(_gregorian(candidate, month, day, calendar))
    if which:
        days = [d for d in days if (d < base if which < 0 else d > base)]
    return min(days, key=lambda d: abs(d - base))


def _timed(value: dt.date, clock: re.Match[str]) -> tuple[dt.date | dt.datetime, bool]:
    """``value`` with the time that ``clock`` matched, and whether there is such a time."""
    if isinstance(value, dt.datetime):
        return value, False
    hour, minute, second = (
        int(clock["h"]), int(clock["mi"] or clock["mi2"] or 0), int(clock["s"] or 0)
    )  # fmt: skip
    half = grammar().words["clock"].get(clock["ap"] or "")
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59 or second > 60:
        return value, False
    time = dt.datetime(value.year, value.month, value.day, hour, minute, min(second, 59))
    if clock["utc"]:
        return time.replace(tzinfo=dt.UTC), True
    if zone := clock["z"]:
        shift = dt.timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        if shift >= dt.timedelta(hours=24):
            return time, True
        shift = -shift if zone[0] == "-" else shift
        return time.replace(tzinfo=dt.timezone(shift)).astimezone(dt.UTC), True
    return time, True


def _bare(folded: str) -> dt.date | None:
    """10/3/25 and 20250310: only where the whole line is the date."""
    if m := re.fullmatch(r"((?:19|20)\d\d)(\d\d)(\d\d)", folded):
        with suppress(ValueError):
            return dt.date(int(m[1]), int(m[2]), int(m[3]))
    if m := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2})", folded):
        with suppress(ValueError):
            return dt.date(2000 + int(m[3]), int(m[2]), int(m[1]))
    return None


_HANDLERS: dict[str, Callable[[_Seen], FoundDate | None]] = {
    "day of month": _day_month,
    "month": _month,
    "numeric": _numeric,
    "year": _year,
    "relative day": _relative_day,
    "weekday": _weekday,
    "ago": _ago,
    "period": _period,
}
