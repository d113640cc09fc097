"""A statement as a citation, ready to be copied: as Arabic and English papers write it, and for Wikipedia.

Each has whose words they are, in which outlet they stood and when, and the address of their place; what is not
known is left out. Months and words are those of the pages (data/texts.tsv).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from qawl.formats.csv_table import JOIN
from qawl.formats.iri import web_address
from qawl.model import Article, Statement
from qawl.web.texts import Texts

#: The styles, in the order in which a page shows them, with the language and direction of each.
STYLES = {
    "arabic": ("ar", "rtl"),
    "chicago": ("en", "ltr"),
    "apa": ("en", "ltr"),
    "wiki_ar": ("ar", "rtl"),
    "wiki_en": ("en", "ltr"),
}
#: Isolates, so that a name or quotation keeps its own direction inside the other language (Unicode UAX 9).
FSI, PDI = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Cited:
    """What a citation tells. ``quoted`` is whether the words are the source's own."""

    words: str
    who: str
    quoted: bool
    title: str
    outlet: str
    author: str
    date: dt.date | None
    address: str
    place: str
    accessed: dt.date


def cited(
    article: Article, statement: Statement, who: str | None, place: str, accessed: dt.date
) -> Cited:
    """The parts of a citation; ``place`` is the statement's address on this server."""
    date = article.date.date() if isinstance(article.date, dt.datetime) else article.date
    return Cited(
        _line(JOIN.join(part.text for part in statement.content)),
        _line(who or ""),
        statement.form == "direct",
        _line(article.title),
        _line(article.outlet or ""),
        _line(article.author or ""),
        date,
        web_address(article) or "",
        place,
        accessed,
    )


def citation(given: Cited, style: str, texts: Texts) -> str:
    """The citation in one of ``STYLES``; ``texts`` are those of the style's language."""
    return {
        "arabic": _arabic,
        "chicago": _chicago,
        "apa": _apa,
        "wiki_ar": _wiki_ar,
        "wiki_en": _wiki_en,
    }[style](given, texts)


def _arabic(c: Cited, t: Texts) -> str:
    said = f"«{_isolated(c.words)}»" if c.quoted else _isolated(c.words)
    who = f"{_isolated(c.who)}: " if c.who else ""
    parts = [
        _isolated(c.author),
        f"«{_isolated(c.title)}»" if c.title else "",
        _isolated(c.outlet),
        t.day(c.date) if c.date else t("cite.undated"),
        _isolated(c.address),
    ]
    stood = "، ".join(p for p in parts if p)
    seen = t("cite.accessed", day=t.day(c.accessed))
    return f"{who}{said}. {t('cite.stood_in')} {stood}. {t('cite.place')} {_isolated(c.place)} ({seen})."


def _chicago(c: Cited, t: Texts) -> str:
    said = f"“{_isolated(c.words)}”" if c.quoted else f"{_isolated(c.words)} (reported speech)"
    who = f"{_isolated(c.who)}, " if c.who else ""
    parts = [
        _isolated(c.author),
        f"“{_isolated(c.title)}”" if c.title else "",
        _isolated(c.outlet),
        f"{t(f'month.{c.date.month}')} {c.date.day}, {c.date.year}" if c.date else "n.d.",
        c.address,
    ]
    stood = ", ".join(p for p in parts if p)
    return f"{who}{said}, in {stood}; statement at {c.place}, accessed {t.day(c.accessed)}."


def _apa(c: Cited, t: Texts) -> str:
    day = f"{c.date.year}, {t(f'month.{c.date.month}')} {c.date.day}" if c.date else "n.d."
    head = _isolated(c.author or c.outlet or c.title)
    outlet = f" {_isolated(c.outlet)}." if c.outlet and c.author else ""
    title = f" {_isolated(c.title)}." if c.title and (c.author or c.outlet) else ""
    said = f"“{_isolated(c.words)}”" if c.quoted else _isolated(c.words)
    who = f"{_isolated(c.who)}: " if c.who else ""
    address = c.address or c.place
    note = f" [{who}{said}]"
    kept = f" Statement kept at {c.place}" if address != c.place else ""
    return f"{head} ({day}).{title}{note}.{outlet} {address}{kept}"


def _wiki_ar(c: Cited, t: Texts) -> str:
    fields = (
        ("مسار", c.address or c.place),
        ("عنوان", c.title),
        ("مؤلف", c.author),
        ("صحيفة", c.outlet),
        ("تاريخ", c.date.isoformat() if c.date else ""),
        ("تاريخ الوصول", c.accessed.isoformat()),
        ("لغة", "ar"),
        ("اقتباس", f"{c.who}: {c.words}" if c.who else c.words),
    )
    return "{{استشهاد بخبر" + "".join(_fields(fields)) + "}}"


def _wiki_en(c: Cited, t: Texts) -> str:
    fields = (
        ("url", c.address or c.place),
        ("script-title", f"ar:{c.title}" if c.title else ""),
        ("author", c.author),
        ("newspaper", c.outlet),
        ("date", c.date.isoformat() if c.date else ""),
        ("access-date", c.accessed.isoformat()),
        ("language", "ar"),
        ("script-quote", f"ar:{c.who}: {c.words}" if c.who else f"ar:{c.words}"),
    )
    return "{{cite news" + "".join(_fields(fields)) + "}}"


def _fields(fields: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for name, value in fields:
        if value:
            # what would end the field, open a template or a link, or begin markup
            safe = value.replace("{{", "{ {").replace("}}", "} }").replace("|", "{{!}}")
            safe = safe.replace("[[", "[ [").replace("]]", "] ]").replace("<", "&lt;")
            yield f" |{name}={safe}"


def _isolated(value: str) -> str:
    return f"{FSI}{value}{PDI}" if value else ""


def _line(value: str) -> str:
    return " ".join(value.split())
