"""The words of the pages in both languages (data/texts.tsv), and numbers and days as people write them."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

from qawl.arabic.lexicon import rows
from qawl.errors import ModelError

LANGUAGES = ("ar", "en")
#: Isolates that keep a text's direction apart from what stands around it (U+2068, U+2069).
FSI, PDI = "\u2068", "\u2069"


@cache
def _texts() -> dict[str, dict[str, str]]:
    path = Path(__file__).parent / "data" / "texts.tsv"
    out: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for row in rows(path):
        for language in LANGUAGES:
            out[language][row["key"]] = row[language]
    return out


class Texts:
    """The words of one language: ``texts("search.title")``, with ``{places}`` filled by name."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self.direction = "rtl" if self.language == "ar" else "ltr"
        self.other = "en" if self.language == "ar" else "ar"
        self._texts = _texts()[self.language]

    def __call__(self, key: str, **values: object) -> str:
        """The text of ``key``; raises ModelError where the data have none."""
        try:
            text = self._texts[key]
        except KeyError as error:
            raise ModelError(f"web/data/texts.tsv has no text {key!r}") from error
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """Whether there is a text of that key."""
        return key in self._texts

    def or_as_it_is(self, prefix: str, value: str) -> str:
        """The text of ``prefix.value``; the value itself where there is none."""
        return self._texts.get(f"{prefix}.{value}", value)

    def number(self, value: float) -> str:
        """A number with its thousands apart."""
        return f"{value:,}"

    def share(self, value: float) -> str:
        """A share of one, in hundredths."""
        return f"{round(value * 100)}%" if self.language == "en" else f"{round(value * 100)}\u200f٪"

    def day(self, moment: dt.date | dt.datetime | None) -> str:
        """A day: 26 تشرين الثاني/نوفمبر 2026, 26 November 2026."""
        if moment is None:
            return ""
        return f"{moment.day} {self(f'month.{moment.month}')} {moment.year}"

    def moment(self, moment: dt.datetime | None) -> str:
        """A day and a time in UTC; only the day at midnight, which mostly stands for no time."""
        if moment is None:
            return ""
        if (moment.hour, moment.minute) == (0, 0):
            return self.day(moment)
        return f"{self.day(moment)} {moment:%H:%M} UTC"
