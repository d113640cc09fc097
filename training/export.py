"""Packs the trained parts into the one file that qawl ships.

python training/export.py work/reader.pt work/acts.pt work/act_words.npz src/qawl/reader/data/reader.npz --version 1

The network of acts is train_act_network.py's and the linear model of them train_act_words.py's; either may be that of a
packed reader.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from qawl.reader.network import FORMAT

#: Tables of words, whose rows are kept as a byte a weight and a scale a row; all else is kept as half floats.
BYTES = ("encoder.word.weight", "acts.word.weight", "acts.stem.weight")


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("reader")
    p.add_argument("acts")
    p.add_argument("act_words")
    p.add_argument("out", type=Path)
    p.add_argument("--version", default="dev")
    p.add_argument("--calibration", type=Path)
    args = p.parse_args()
    saved = torch.load(args.reader, weights_only=False)
    arrays: dict[str, np.ndarray] = {}
    state = {k: w for k, w in saved["state"].items() if not k.startswith("act.")}
    if args.acts.endswith(".npz"):
        arrays |= {k: w for k, w in np.load(args.acts).items() if k.startswith("acts.")}
    else:
        state |= torch.load(args.acts)
    for name, tensor in state.items():
        w = tensor.float().numpy()
        if name in BYTES:
            scale = np.abs(w).max(axis=1, keepdims=True) / 127 + 1e-9
            arrays[name] = np.round(w / scale).astype(np.int8)
            arrays[name + "|scale"] = scale.astype(np.float16)
        else:
            arrays[name] = w.astype(np.float16)

    def raw(text):
        return np.frombuffer(text.encode("utf-8"), dtype=np.uint8)

    for key in ("words", "endings", "beginnings"):
        arrays[key] = raw("\n".join(saved[key]))
    linear = np.load(args.act_words)
    if "act_words" in linear:
        kept = ("act_words", "act_words.weight", "act_words.bias", "act_chain")
        arrays |= {name: linear[name] for name in kept}
    else:
        arrays["act_words"] = raw("\n".join(linear["words"]))
        arrays["act_words.weight"] = linear["weights"].astype(np.float16)
        arrays["act_words.bias"] = linear["bias"]
        arrays["act_chain"] = linear["chain"].astype(np.float32)
    header = {
        "format": FORMAT,
        "version": args.version,
        "hidden": saved["hidden"],
        "width": saved["width"],
    }
    if args.calibration:
        header["calibration"] = json.loads(args.calibration.read_text())
    arrays["header"] = raw(json.dumps(header))
    np.savez_compressed(args.out, **arrays)
    print(args.out, f"{args.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
