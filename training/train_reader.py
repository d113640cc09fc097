"""Trains the reader's network on gold articles.

python training/train_reader.py ../shared work/vectors.npz work/reader.pt [--fold K/N] [--part 1/4]
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from torch import nn

import ner
from alphabet import alphabet_of
from batches import batch_of
from choices import prepare
from gold import example, load, scorer, silver, split
from losses import losses, ner_loss
from marks import marked
from network import Network
from qawl.model import ACTS, FORMS
from qawl.reader.lexicon_columns import SIZES
from watch import watch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("vectors")
    parser.add_argument("out")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument(
        "--fold",
        default="0/8",
        help="K/N: leave out the K-th of N parts and measure on it; 'all' trains on all",
    )
    parser.add_argument(
        "--part", type=float, default=1.0, help="share of the articles learned from"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--words", type=int, default=30000)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--width", type=int, default=144)
    parser.add_argument("--hidden", type=int, default=96)
    parser.add_argument(
        "--context", type=int, default=0, help="width of a sentence's summary; 0: one layer only"
    )
    parser.add_argument("--upper", choices=("lstm", "quasi"), default="quasi", help="second layer")
    parser.add_argument(
        "--from", dest="begin", help="a trained reader to go on from, its second layer aside"
    )
    parser.add_argument("--encoder", help="what training/pretrain.py made")
    parser.add_argument("--cue-weight", type=float, default=20.0)
    parser.add_argument("--marks", type=Path, help="more gold (marks.py)")
    parser.add_argument("--most", type=int, help="articles of it at most, the first")
    parser.add_argument("--silver", type=Path, nargs="+", default=[], help="what silver.py made")
    parser.add_argument("--silver-weight", type=float, default=1.0)
    parser.add_argument("--beside", type=int, default=8, help="silver articles a step, beside gold")
    parser.add_argument("--drop", type=float, default=0.2)
    parser.add_argument(
        "--average", type=float, default=0.995, help="of the weights; 0: the last ones"
    )
    parser.add_argument("--order", type=int, default=1, help="seed of the order of the articles")
    parser.add_argument("--per", type=int, default=6, help="articles a step")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    random.seed(args.seed)
    np.random.seed(args.seed)
    torch.set_num_threads(args.threads)
    score = scorer(args.shared)
    rows = load(args.shared / "gold/train.jsonl")
    sizes = SIZES
    alphabet, words, vectors, ends, begins = alphabet_of(args.vectors, args.words)
    examples = [example(r, alphabet) for r in rows]
    train, test = split(examples, args.fold)
    train = train[: round(len(train) * args.part)]
    if args.marks:
        more = [example(r, alphabet) for r in marked(args.shared, args.marks, last=args.most)]
        print(len(more), "more articles marked by hand", flush=True)
        train += more[: round(len(more) * args.part)]
    net = Network(
        vectors,
        len(ends),
        len(begins),
        sizes,
        len(ACTS),
        len(FORMS),
        width=args.width,
        hidden=args.hidden,
        drop=args.drop,
        context=args.context,
        upper=args.upper,
    )
    if args.begin:
        old = torch.load(args.begin, weights_only=False)["state"]
        old = {k: v for k, v in old.items() if not k.startswith("encoder.upper.")}
        missing = net.load_state_dict(old, strict=False)
        assert all(k.startswith("encoder.upper.") for k in missing.missing_keys), missing
    if args.encoder:
        state = torch.load(args.encoder, weights_only=False)["encoder"]
        old = state["project.weight"]
        new = net.encoder.project.weight.data
        new[:, : old.shape[1]] = old
        new[:, old.shape[1] :] *= 0.3
        state["project.weight"] = new
        missing = net.encoder.load_state_dict(state, strict=False)
        fresh = ("lexicon", "sum.", "sentences.", "upper.")
        assert all(k.startswith(fresh) for k in missing.missing_keys), missing
    emb = list(net.encoder.word.parameters())
    rest = [p for p in net.parameters() if p is not emb[0]]
    opt = torch.optim.AdamW(
        [{"params": emb, "lr": args.lr * 0.25}, {"params": rest}], lr=args.lr, weight_decay=0.01
    )
    per = args.per
    steps = args.epochs * (len(train) // per + 1)
    sched = torch.optim.lr_scheduler.OneCycleLR(
        opt, [args.lr * 0.25, args.lr], total_steps=steps, pct_start=0.1
    )
    tagged = ner.load(args.shared / "ner/ANERcorp_CSabty", alphabet)
    held_ner = tagged[::10]
    tagged = [t for k, t in enumerate(tagged) if k % 10]
    print(
        len(train),
        "articles to learn,",
        len(test),
        "to watch;",
        sum(p.numel() for p in rest),
        "weights beside the vectors",
        flush=True,
    )
    saved = {
        "words": words,
        "endings": ends,
        "beginnings": begins,
        "sizes": sizes,
        "width": args.width,
        "hidden": args.hidden,
        "context": args.context,
        "upper": args.upper,
    }
    pool = [ex for file in args.silver for ex in silver(file, alphabet)]
    if pool:
        print(len(pool), "articles that teachers read", flush=True)
    done, average = 0, None
    # the round by which names are known well enough to choose sources among them
    named = 1 if args.begin else 2
    random.seed(args.order)
    for epoch in range(args.epochs):
        t0 = time.time()
        sums = Counter()
        if epoch == named:
            net.eval()
            with torch.no_grad():
                for ex in train:
                    labels = net.ner(net.encoder(batch_of([ex]))).argmax(1).tolist()
                    ex.choices = prepare(ex, labels, score)
                for ex in pool:
                    ex.choices = prepare(ex, ex.names.tolist(), score)
            net.train()
        random.shuffle(train)
        for b in range(0, len(train), per):
            ls = losses(net, train[b : b + per])
            # losses a token are small beside losses a statement; the cue is what all else hangs on
            loss = args.cue_weight * ls["cue"] + sum(
                v * (0.5 if k in ("act",) else 0.3 if k == "form" else 1.0)
                for k, v in ls.items()
                if k != "cue"
            )
            ls["ner"] = ner_loss(net, random.sample(tagged, 3))
            loss = loss + 4 * ls["ner"]
            if pool:
                more = losses(
                    net, [pool[(done * args.beside + k) % len(pool)] for k in range(args.beside)]
                )
                loss = loss + args.silver_weight * (
                    args.cue_weight * more["cue"]
                    + sum(
                        v * {"form": 0.3, "names": 4.0}.get(k, 1.0)
                        for k, v in more.items()
                        if k != "cue"
                    )
                )
                ls |= {f"silver {k}": more[k] for k in ("cue", "who", "names") if k in more}
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            opt.step()
            sched.step()
            done += 1
            if done > steps * 0.4:
                # an average of the weights over the last steps reads better than the last ones
                # (Polyak averaging; Izmailov et al. 2018)
                if average is None:
                    average = {k: v.detach().clone() for k, v in net.state_dict().items()}
                else:
                    for k, v in net.state_dict().items():
                        average[k].lerp_(v, 1 - args.average)
            for k, v in ls.items():
                sums[k] += float(v.detach())
        line = " ".join(f"{k} {v / (len(train) / per):.3f}" for k, v in sums.items())
        if epoch % 3 == 2 or epoch == args.epochs - 1:
            last = {k: v.detach().clone() for k, v in net.state_dict().items()}
            if average is not None and args.average:
                net.load_state_dict(average)
            saved["state"] = {k: v.clone() for k, v in net.state_dict().items()}
            torch.save(saved, args.out)
            if test:
                line += " | " + watch(net, test, held_ner, score)
            net.load_state_dict(last)
        print(f"{epoch} {time.time() - t0:.0f}s {line}", flush=True)


if __name__ == "__main__":
    main()
