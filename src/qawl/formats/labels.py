"""The words of the terminal view, from ``data/labels.tsv``: English or Arabic, with plurals."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from qawl.errors import ModelError

Lang = Literal["en", "ar"]
LANGS: tuple[Lang, ...] = get_args(Lang)


class Labels:
    """The labels of one language, by key."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self._words = _table()[lang]

    def __call__(self, key: str) -> str:
        """The label of ``key``; the last part of the key itself where there is none."""
        return self._words.get(key, key.rpartition(".")[2])

    def count(self, key: str, n: int) -> str:
        """``n`` of a counted thing, in the grammar of the language."""
        return self._words[f"{key}.{plural(self.lang, n)}"].replace("{n}", str(n))


def plural(lang: Lang, n: int) -> str:
    """The plural category of ``n`` (Unicode CLDR 45, Language Plural Rules, cardinals).

    English has no "zero"; it is kept apart here too, since "no statements" reads better.
    """
    if n == 0:
        return "zero"
    if n == 1:
        return "one"
    if lang == "en":
        return "other"
    if n == 2:
        return "two"
    rest = n % 100
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"


@cache
def _table() -> dict[str, dict[str, str]]:
    text = files("qawl.formats").joinpath("data", "labels.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    if rows[:1] != [["key", *LANGS]] or any(len(row) != 3 for row in rows):
        raise ModelError("formats/data/labels.tsv is damaged: install qawl again")
    return {lang: {row[0]: row[column] for row in rows[1:]} for column, lang in enumerate(LANGS, 1)}
