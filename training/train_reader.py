"""Trains the reader's network on gold articles, on marked ones and on what a teacher reads.

python training/train_reader.py ../shared work/vectors.npz work/reader.pt [--fold K/N] [--device cuda]
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from torch import nn

import packing
from alphabet import alphabet_of
from gold import example, scorer, split
from losses import gold_losses, scores, soft_losses, total
from network import Encoder, Network, encoder_of, expanded, network_of, shrunk
from qawl.reader.lexicon_columns import SIZES
from silver import stored
from store import Store
from transformer import quick
from watch import watch


def arguments() -> argparse.Namespace:
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
    parser.add_argument("--part", type=float, default=1.0, help="of the articles learned from")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--words", type=int, default=30000)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--width", type=int, default=144)
    parser.add_argument("--hidden", type=int, default=96)
    parser.add_argument(
        "--context", type=int, default=0, help="width of a sentence's summary; 0: one layer only"
    )
    parser.add_argument("--upper", choices=("lstm", "quasi"), default="quasi", help="second layer")
    parser.add_argument("--lower", choices=("lstm", "quasi"), default="lstm", help="first layer")
    parser.add_argument("--third", action="store_true", help="a third layer, like the second")
    parser.add_argument(
        "--from", dest="begin", help="a trained reader to go on from, or a packed one (.npz)"
    )
    parser.add_argument("--afresh", choices=("lower", "upper"), help="that layer of it aside")
    parser.add_argument("--encoder", help="what pretrain.py or masked.py made")
    parser.add_argument("--cue-weight", type=float, default=20.0)
    parser.add_argument("--marks", type=Path, help="more gold (marks.py)")
    parser.add_argument(
        "--first", type=int, default=0, help="the first article of it to learn from"
    )
    parser.add_argument("--most", type=int, help="the first of it not to learn from")
    parser.add_argument(
        "--silver", type=Path, help="unlabelled articles as a teacher read them (silver.py)"
    )
    parser.add_argument("--beside", type=int, default=12, help="of these a step, beside gold")
    parser.add_argument("--drop", type=float, default=0.2)
    parser.add_argument(
        "--average", type=float, default=0.995, help="of the weights; 0: the last ones"
    )
    parser.add_argument("--per", type=int, default=6, help="articles a step")
    parser.add_argument(
        "--learners", type=int, default=1,
        help="processes that share each round's articles, on a CPU, and meet in the mean of their weights",
    )  # fmt: skip
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    return parser.parse_args()


def begin(args, vectors, words, ends, begins):
    """The network as training begins, and what its file says of it beside its weights."""
    alphabet = {"words": words, "endings": ends, "beginnings": begins, "sizes": SIZES}
    stored = torch.load(args.encoder, weights_only=False) if args.encoder else {}
    if stored.get("kind") == "transformer":
        saved = {**alphabet, "kind": "transformer", "shape": stored["shape"]}
        encoder = encoder_of(saved)
        encoder.load_state_dict(expanded(stored["encoder"]))
        return Network(encoder), saved
    saved = {
        **alphabet, "width": args.width, "hidden": args.hidden, "context": args.context,
        "upper": args.upper, "lower": args.lower, "third": args.third,
    }  # fmt: skip
    net = Network(
        Encoder(
            vectors, len(ends), len(begins), SIZES, width=args.width, hidden=args.hidden,
            drop=args.drop, context=args.context, upper=args.upper, lower=args.lower,
            third=args.third,
        )
    )  # fmt: skip
    if args.begin:
        begun = network_of(args.begin)[0]
        net.act = begun.act  # train_act.py's, where it has been learned: it goes on with the rest
        aside = f"encoder.{args.afresh}."
        old = {k: v for k, v in begun.state_dict().items() if not k.startswith(aside)}
        missing = net.load_state_dict(old, strict=False)
        fresh = (aside, "encoder.third.")
        assert all(k.startswith(fresh) for k in missing.missing_keys), missing
    if stored:
        state = expanded(stored["encoder"])
        old = state["project.weight"]
        new = net.encoder.project.weight.data
        new[:, : old.shape[1]] = old
        new[:, old.shape[1] :] *= 0.3
        state["project.weight"] = new
        missing = net.encoder.load_state_dict(state, strict=False)
        fresh = ("lexicon", "sum.", "sentences.", "upper.")
        assert all(k.startswith(fresh) for k in missing.missing_keys), missing
    return net, saved


def groups_of(net, lr):
    """Weights with their rates: those that know the language already learn more slowly."""
    known = [net.encoder.word.weight]
    if hasattr(net.encoder, "layers"):
        known = list(net.encoder.parameters())
    ids = {id(p) for p in known}
    rest = [p for p in net.parameters() if id(p) not in ids]
    return [{"params": known, "lr": lr * 0.25}, {"params": rest, "lr": lr}], [lr * 0.25, lr]


def shuffled(store: Store, per: int, generator):
    """Numbers of articles of one round, ``per`` a step, those of a step of like length."""
    order = generator.permutation(store.count)
    parts = [order[k : k + 16 * per] for k in range(0, len(order), 16 * per)]
    parts = [p[np.argsort(store.rows[p], kind="stable")] for p in parts]
    steps = [p[k : k + per] for p in parts for k in range(0, len(p), per)]
    generator.shuffle(steps)
    return steps


def forever(store: Store, per: int, generator):
    while True:
        yield from shuffled(store, per, generator)


class Learners:
    """Processes that learn side by side and meet now and then in the mean of their weights (local SGD; Stich 2019)."""

    #: Steps from one meeting to the next.
    EVERY = 20

    def __init__(self, net, count: int) -> None:
        self.count, self.number = count, 0
        weights = sum(p.numel() for p in net.parameters()) if count > 1 else 0
        self._all = torch.zeros(count, weights).share_memory_()
        self._barrier = multiprocessing.get_context("fork").Barrier(count, timeout=900)

    def begin(self, learn) -> None:
        """Runs ``learn`` in each of them, this process among them."""
        others = []
        for number in range(1, self.count):
            self.number = number
            others.append(multiprocessing.get_context("fork").Process(target=learn, daemon=True))
            others[-1].start()
        self.number = 0
        learn()
        for other in others:
            other.join()

    def meet(self, net) -> None:
        """Gives ``net`` the mean of all learners' weights."""
        if self.count == 1:
            return
        self._all[self.number] = nn.utils.parameters_to_vector(net.parameters()).detach()
        self._barrier.wait()
        mean = self._all.mean(0)
        self._barrier.wait()
        nn.utils.vector_to_parameters(mean, net.parameters())


def main() -> None:
    args = arguments()
    torch.manual_seed(args.seed)
    random.seed(args.seed)
    torch.set_num_threads(args.threads)
    quick()
    t0 = time.time()
    score = scorer(args.shared)
    alphabet, words, vectors, ends, begins = alphabet_of(args.vectors, args.words)
    gold, marked = packing.rows_of(args.shared, args.marks, args.most, args.first)
    train, test = split(gold, args.fold)
    train = train[: round(len(train) * args.part)] + marked[: round(len(marked) * args.part)]
    tests = [example(r, alphabet) for r in test]
    net, saved = begin(args, vectors, words, ends, begins)
    net.to(args.device)
    store = Store(packing.gold(train, alphabet, args.shared), args.device)
    watched = Store(packing.gold(test, alphabet, args.shared), args.device) if test else None
    tagged = packing.tagged(args.shared, alphabet)
    held_names = Store(tagged[::10], args.device)
    names = Store([t for k, t in enumerate(tagged) if k % 10], args.device)
    silver = stored(args.silver, alphabet, args.shared, args.device) if args.silver else None
    print(
        f"{store.count} articles to learn, {silver.count if silver else 0} of a teacher, {len(test)} to watch;",
        f"{sum(p.numel() for p in net.parameters()):,} weights, {time.time() - t0:.0f} s",
        flush=True,
    )
    learners = Learners(net, args.learners)

    def told(epoch: int, average) -> str:
        """Keeps the weights, and says what they are worth."""
        last = {k: v.detach().clone() for k, v in net.state_dict().items()}
        if average is not None and args.average:
            net.load_state_dict(average)
        state = net.state_dict()
        saved["state"] = (
            shrunk(state)
            if "kind" in saved
            else {k: v.detach().cpu().half() for k, v in state.items()}
        )
        torch.save(saved, args.out)
        line = ""
        if watched and (epoch == args.epochs - 1 or epoch % 3 == 2):
            line = " | " + watch(net, tests, watched, held_names, score)
        net.load_state_dict(last)
        return line

    learners.begin(lambda: learn(args, net, store, names, silver, learners, told))


def learn(args, net, store: Store, names: Store, silver: Store | None, learners: Learners, told):
    """All rounds, in one of the learners; the first of them tells."""
    torch.manual_seed(args.seed + learners.number)
    generator = np.random.default_rng(args.seed)  # the same order for all: each takes its share
    own = np.random.default_rng(args.seed + learners.number)
    groups, rates = groups_of(net, args.lr)
    opt = torch.optim.AdamW(groups, lr=args.lr, weight_decay=0.01, fused=True)
    steps = args.epochs * (-(-store.count // args.per) // learners.count)
    sched = torch.optim.lr_scheduler.OneCycleLR(opt, rates, total_steps=steps + 1, pct_start=0.1)
    more_names = forever(names, 3, own)
    unlabelled = forever(silver, args.beside, own) if silver else None
    done, average = 0, None
    for epoch in range(args.epochs):
        t0 = time.time()
        sums: Counter = Counter()
        net.train()
        order = shuffled(store, args.per, generator)
        order = order[: len(order) // learners.count * learners.count]
        for ids in order[learners.number :: learners.count]:
            b = store.batch(ids)
            ls = gold_losses(b, scores(net, b, net.encoder(b)))
            ls.pop("names")
            b = names.batch(next(more_names))
            h = net.encoder(b)
            ls |= {"names": gold_losses(b, {k: getattr(net, n)(h) for k, n in _NAMES})["names"]}
            loss = total(ls, args.cue_weight)
            if unlabelled:
                b = silver.batch(next(unlabelled))
                more = soft_losses(b, scores(net, b, net.encoder(b)))
                loss = loss + total(more, args.cue_weight)
                ls |= {f"silver {k}": v for k, v in more.items()}
            opt.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            opt.step()
            sched.step()
            done += 1
            if done % learners.EVERY == 0 or done == steps:
                learners.meet(net)
            if done > steps * 0.4:
                # an average of the weights over the last steps reads better than the last ones
                # (Polyak averaging; Izmailov et al. 2018)
                state = net.state_dict()
                if average is None:
                    average = {k: v.detach().clone() for k, v in state.items()}
                else:
                    torch._foreach_lerp_(
                        list(average.values()), list(state.values()), 1 - args.average
                    )
            for k, v in ls.items():
                sums[k] += v.detach()
        if learners.number:
            continue
        line = " ".join(
            f"{k} {float(v) / len(order) * learners.count:.3f}" for k, v in sums.items()
        )
        if epoch >= args.epochs // 2:
            line += told(epoch, average)
        print(f"{epoch} {time.time() - t0:.0f}s {line}", flush=True)


#: What ``gold_losses`` wants of articles without statements, and the heads that give it.
_NAMES = (("cue", "cue"), ("edge", "edge"), ("names", "ner"))


if __name__ == "__main__":
    main()
