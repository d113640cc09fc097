"""Makes of readers that began alike and learned apart the one with the mean of their weights (Wortsman et al. 2022).

python training/mean.py work/mean.pt work/one.pt work/other.pt
"""

from __future__ import annotations

import argparse

import torch


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("out")
    p.add_argument("readers", nargs="+")
    args = p.parse_args()
    saved, *others = (torch.load(path, weights_only=False) for path in args.readers)
    for name, weights in saved["state"].items():
        every = [weights, *(other["state"][name] for other in others)]
        saved["state"][name] = torch.stack([w.float() for w in every]).mean(0).half()
    torch.save(saved, args.out)


if __name__ == "__main__":
    main()
