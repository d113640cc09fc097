"""Writes ``src/qawl/arabic/data/given_names_ner.tsv``: words of person names in two annotated corpora.

One command, from the repository root, with the folder that holds ``NewsFANE`` and ``ANERcorp_CSabty``::

    python training/lexicon/names.py FOLDER

Counts how often a word begins a person name and how often it follows in one; words that
``given_names.tsv`` has are left out, and so are words seen once.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "src"))
from qawl.arabic.letters import fold  # noqa: E402

DATA = ROOT / "src/qawl/arabic/data"
HEADER = """\
# Words of person names counted in NewsFANE Gold (F. Alotaibi and M. Lee, CC BY-SA 3.0) and ANERcorp
# (Y. Benajiba, as corrected by C. Sabty et al., CC BY-SA 4.0): this file alone is under CC BY-SA 4.0.
# Written by training/lexicon/names.py: do not edit; names that it lacks go into given_names.tsv.
# Columns: form; class: given (mostly the first word of a name), family (mostly a later one); count.
form\tclass\tcount
"""
#: The person classes of NewsFANE and of ANERcorp.
PERSON = {
    "Politician",
    "Athlete",
    "Artist",
    "Other_PER",
    "Religious_PER",
    "Scientist",
    "Businessperson",
    "PERS",
}
_WORD = re.compile(r"[ء-غف-ي]{2,}")


def tagged(path: Path) -> Iterator[tuple[str, str]]:
    """The words of a file of ``word tag`` lines and their tags."""
    for line in path.read_text("utf-8-sig").splitlines():
        parts = line.split()
        if len(parts) == 2:
            yield parts[0], parts[1]


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    files = [
        folder / "NewsFANE/NewsFANE_clean.txt",
        folder / "ANERcorp_CSabty/ANERcorp_train_corrected",
        folder / "ANERcorp_CSabty/ANERcorp_test_corrected.txt",
    ]
    missing = [str(file) for file in files if not file.is_file()]
    if missing:
        sys.exit(f"not found: {', '.join(missing)}; give the folder that holds both corpora")
    # ANERcorp shares text with NewsFANE, so a word counts as often as the corpus that has it more.
    first: Counter[str] = Counter()
    later: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for group in (files[:1], files[1:]):
        counts: tuple[Counter[str], Counter[str], Counter[str]] = (Counter(), Counter(), Counter())
        for file in group:
            for word, tag in tagged(file):
                if not _WORD.fullmatch(word):
                    continue
                place, _, kind = tag.partition("-")
                counts[2 if kind not in PERSON else 0 if place == "B" else 1][word] += 1
        first, later, other = first | counts[0], later | counts[1], other | counts[2]
    known: set[str] = set()
    for name in ("given_names.tsv", "stopwords.tsv", "titles.tsv"):
        for line in (DATA / name).read_text("utf-8").splitlines():
            known.add(fold(line.split("\t")[0]))
    rows: dict[str, tuple[str, str, int]] = {}
    for word in sorted(set(first) | set(later), key=lambda w: (-first[w] - later[w], w)):
        count = first[word] + later[word]
        key = fold(word)
        if key[0] in "ولب" and (key[1:] in known or key[1:] in rows):  # ومحمد, لمحمد
            continue
        if count < 2 or other[word] > count or key in known or key in rows:
            continue
        rows[key] = (word, "given" if first[word] >= later[word] else "family", count)
    text = HEADER + "".join(f"{word}\t{kind}\t{count}\n" for word, kind, count in rows.values())
    (DATA / "given_names_ner.tsv").write_text(text, "utf-8")
    print(f"{len(rows)} words, {len(text.encode()):,} bytes")


if __name__ == "__main__":
    main()
