"""Packs what the steps on a GPU read into one small file, for a machine that has nothing else.

python training/pack.py ../shared work/packed.tar.xz
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import lzma
import tarfile
from pathlib import Path

TEXTS = ("ant_multisource", "ant_jawharafm")
FILES = (
    "gold/train.jsonl",
    "gold/dev.jsonl",  # to be left out of the unlabelled text
    "score.py",
    "ner/ANERcorp_CSabty/ANERcorp_train_corrected",
    "ner/ANERcorp_CSabty/ANERcorp_test_corrected.txt",
)


def texts(path: Path) -> bytes:
    """The articles of a file, with nothing but their texts."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = map(json.loads, lines)
        keys = ("id", "title", "text")
        kept = [json.dumps({k: r.get(k) for k in keys}, ensure_ascii=False) for r in rows]
    return ("\n".join(kept) + "\n").encode("utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    with lzma.open(args.out, "wb", preset=9) as file, tarfile.open(fileobj=file, mode="w") as tar:

        def add(name: str, data: bytes) -> None:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))

        for name in TEXTS:
            add(f"shared/text/{name}.jsonl", texts(args.shared / f"text/{name}.jsonl.gz"))
        for name in FILES:
            add(f"shared/{name}", (args.shared / name).read_bytes())
    print(f"{args.out}: {args.out.stat().st_size / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()
