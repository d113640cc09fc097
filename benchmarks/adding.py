"""What keeping articles costs beside reading them, and whether memory stays flat.

    python benchmarks/adding.py ../shared [--articles 10000] [--db FILE|postgresql://…]

Reads articles of text/ant_multisource and adds each to a new record; the CPU of both is taken apart, in
turns, so that what the machine does meanwhile falls on both alike.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import tempfile
import time
from itertools import islice
from pathlib import Path

from measuring import _resident

from qawl.reader import Reader
from qawl.record.store import Record
from qawl.sources.jsonl import articles

#: Articles between two lines of the table.
STEP = 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--db")
    args = parser.parse_args()
    gc.set_threshold(50_000, 20, 20)  # as the command line does
    reader = Reader()
    with (
        gzip.open(
            args.folder / "text" / "ant_multisource.jsonl.gz", "rt", encoding="utf-8"
        ) as lines,
        tempfile.TemporaryDirectory() as folder,
        Record(args.db or f"{folder}/r.db") as record,
    ):
        print("| articles | reading, ms | adding, ms | ratio | memory, MB |\n|---|---|---|---|---|")
        reading = adding = whole_reading = whole_adding = 0.0
        for count, article in enumerate(islice(articles(lines), args.articles), 1):
            began = time.process_time()
            done = reader.read(article)
            between = time.process_time()
            record.add(done)
            adding += time.process_time() - between
            reading += between - began
            if count % STEP == 0:
                print(
                    f"| {count:,} | {reading / STEP * 1000:.2f} | {adding / STEP * 1000:.2f} | "
                    f"{adding / reading:.2f} | {_resident():.0f} |",
                    flush=True,
                )
                whole_reading, whole_adding = whole_reading + reading, whole_adding + adding
                reading = adding = 0.0
        print(f"all: adding is {whole_adding / whole_reading:.2f} of reading; {record.counts()}")


if __name__ == "__main__":
    main()
