"""Trains the reader's network on gold articles, on marked ones and on what a teacher reads.

python training/train_reader.py ../shared work/vectors.npz work/reader.pt [--fold K/N] [--device cuda]
"""

from __future__ import annotations

import argparse
import math
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
from gold import example, load, scorer, split
from losses import gold_losses, scores, soft_losses, total
from network import Encoder, Network, encoder_of, network_of, shrunk
from pieces import Pieced, bert_of
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
    parser.add_argument("--hidden", type=int, default=112)
    parser.add_argument("--context", type=int, default=64, help="width of a sentence's summary")
    parser.add_argument(
        "--from",
        dest="begin",
        help="a trained reader to go on from, or a packed one (.npz): what of it has the same shape",
    )
    parser.add_argument("--pieces", help="a teacher that reads pieces too: what pieces.py made")
    parser.add_argument(
        "--adapted",
        type=Path,
        help="what masked.py made of it; waited for, since it takes long and so does packing the articles",
    )
    parser.add_argument("--cue-weight", type=float, default=20.0)
    parser.add_argument("--marks", type=Path, help="more gold (marks.py)")
    parser.add_argument(
        "--first", type=int, default=0, help="the first article of it to learn from"
    )
    parser.add_argument("--most", type=int, help="the first of it not to learn from")
    parser.add_argument(
        "--written", type=Path, help="articles of training/written, as compile.py compiles them"
    )
    parser.add_argument(
        "--silver", type=Path, help="unlabelled articles as a teacher read them (silver.py)"
    )
    parser.add_argument("--beside", type=int, default=12, help="of these a step, beside gold")
    parser.add_argument(
        "--drop",
        type=float,
        default=0.25,
        help="chance at most that a unit is left out while learning",
    )
    parser.add_argument(
        "--average", type=float, default=0.995, help="of the weights; 0: the last ones"
    )
    parser.add_argument("--per", type=int, default=6, help="articles a step")
    parser.add_argument(
        "--minutes", type=float, default=1e9, help="of learning at most: rates fall by the clock"
    )
    parser.add_argument(
        "--gold-times",
        type=int,
        default=1,
        help="that a round has gold/train, what was written and ANERcorp",
    )
    parser.add_argument(
        "--watch", type=int, help="marked articles behind --most to watch, in the place of a fold"
    )
    parser.add_argument(
        "--learners", type=int, default=1,
        help="processes that share each round's articles, on a CPU, and meet in the mean of their weights",
    )  # fmt: skip
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    return parser.parse_args()


def begin(args, vectors, words, ends, begins, pieces):
    """The network as training begins, and what its file says of it beside its weights."""
    alphabet = {"words": words, "endings": ends, "beginnings": begins, "sizes": SIZES}
    if pieces:
        saved = {**alphabet, "kind": "pieces", **{k: pieces[k] for k in ("pieces", "scores")}}
        encoder = encoder_of(saved)
        encoder.bert = bert_of(pieces)
        encoder.word.weight.data.copy_(torch.from_numpy(vectors))
        return Network(encoder), saved
    saved = {
        **alphabet, "width": args.width, "hidden": args.hidden, "context": args.context,
    }  # fmt: skip
    net = Network(
        Encoder(
            vectors, len(ends), len(begins), SIZES, width=args.width, hidden=args.hidden,
            context=args.context,
        )
    )  # fmt: skip
    if args.begin:
        old, new = network_of(args.begin)[0].state_dict(), net.state_dict()
        fits = {k: v for k, v in old.items() if k in new and new[k].shape == v.shape}
        net.load_state_dict(fits, strict=False)
        print(f"begins with {len(fits)} of {len(new)} tables of {args.begin}", flush=True)
    for module in net.modules():
        if isinstance(module, nn.Dropout):
            module.p = min(module.p, args.drop)
    return net, saved


def groups_of(net, lr):
    """Weights with their rates: those that know the language already learn more slowly."""
    known, slower = [net.encoder.word.weight], 0.25
    if isinstance(net.encoder, Pieced):
        known, slower = list(net.encoder.bert.parameters()), 0.1
    ids = {id(p) for p in known}
    rest = [p for p in net.parameters() if id(p) not in ids]
    return [{"params": known, "lr": lr * slower}, {"params": rest, "lr": lr}]


def rate(done: float) -> float:
    """Of the highest, after a share of all learning: up in a tenth of it, then down to nothing (Smith and Topin
    2019)."""
    if done < 0.1:
        return 0.04 + 0.96 * 0.5 * (1 - math.cos(math.pi * done / 0.1))
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (done - 0.1) / 0.9)))


def shuffled(store: Store, per: int, generator, pool=None):
    """Numbers of articles of one round (those of ``pool``), ``per`` a step, those of a step of like length."""
    order = generator.permutation(store.count if pool is None else pool)
    parts = [order[k : k + 16 * per] for k in range(0, len(order), 16 * per)]
    parts = [p[np.argsort(store.rows[p], kind="stable")] for p in parts]
    steps = [p[k : k + per] for p in parts for k in range(0, len(p), per)]
    generator.shuffle(steps)
    return steps


def forever(store: Store, per: int, generator):
    while True:
        yield from shuffled(store, per, generator)


class Learners:
    """Processes that learn side by side and meet now and then in the mean of their weights (local SGD; Stich 2019),
    and by the clock of the first of them."""

    #: Steps from one meeting to the next.
    EVERY = 20

    def __init__(self, net, count: int, minutes: float) -> None:
        self.count, self.number, self._seconds = count, 0, minutes * 60
        weights = sum(p.numel() for p in net.parameters()) if count > 1 else 0
        self._all = torch.zeros(count, weights).share_memory_()
        self._gone = torch.zeros(1).share_memory_()
        self._barrier = multiprocessing.get_context("fork").Barrier(count, timeout=900)
        self._began = 0.0

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

    @property
    def gone(self) -> float:
        """The share of its time that had gone when they last met."""
        return float(self._gone)

    def meet(self, net) -> None:
        """Gives ``net`` the mean of all learners' weights."""
        self._began = self._began or time.time()
        if self.count > 1:
            self._all[self.number] = nn.utils.parameters_to_vector(net.parameters()).detach().cpu()
            self._barrier.wait()
            mean = self._all.mean(0)
        if (
            self.number == 0
        ):  # while all are here: who saw it sooner would leave, and not come to this meeting
            self._gone[0] = (time.time() - self._began) / self._seconds
        if self.count == 1:
            return
        self._barrier.wait()
        nn.utils.vector_to_parameters(mean.to(next(net.parameters()).device), net.parameters())


def main() -> None:
    args = arguments()
    torch.manual_seed(args.seed)
    random.seed(args.seed)
    torch.set_num_threads(args.threads)
    quick()
    t0 = time.time()
    score = scorer(args.shared)
    pieces = torch.load(args.pieces, weights_only=False) if args.pieces else None
    alphabet, words, vectors, ends, begins = alphabet_of(args.vectors, args.words)
    gold, marked = packing.rows_of(args.shared, args.marks, args.most, args.first)
    train, test = split(gold, args.fold)
    if args.watch:
        test = packing.rows_of(args.shared, args.marks, args.most + args.watch, args.most)[1]
    train = train[: round(len(train) * args.part)]
    train += load(args.written) if args.written else []
    own = len(train)
    train += marked[: round(len(marked) * args.part)]
    tests = [example(r, alphabet) for r in test]
    # nothing touches a GPU before the learners have parted
    store = Store(packing.gold(train, alphabet, args.shared, pieces))
    watched = Store(packing.gold(test, alphabet, args.shared, pieces)) if test else None
    tagged = packing.tagged(args.shared, alphabet, pieces)
    held_names = Store(tagged[::10])
    names = Store([t for k, t in enumerate(tagged) if k % 10])
    silver = stored(args.silver, alphabet, args.shared) if args.silver else None
    while args.adapted and not args.adapted.exists():
        time.sleep(1)
    if args.adapted:
        pieces = torch.load(args.adapted, weights_only=False)
    net, saved = begin(args, vectors, words, ends, begins, pieces)
    rare = [k for k, r in enumerate(train) if k < own or str(r["id"]).startswith("aner-")]
    pool = np.concatenate([np.arange(store.count), *[rare] * (args.gold_times - 1)]).astype(int)
    print(
        f"{store.count} articles to learn, {silver.count if silver else 0} of a teacher, {len(test)} to watch;",
        f"{sum(p.numel() for p in net.parameters()):,} weights, {time.time() - t0:.0f} s",
        flush=True,
    )
    learners = Learners(net, args.learners, args.minutes)

    def told(average, watching: bool) -> str:
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
        if watched and watching:
            shown = (x.to(args.device) for x in (watched, held_names))
            line = " | " + watch(net, tests, *shown, score)
        net.load_state_dict(last)
        return line

    learners.begin(lambda: learn(args, net, (store, names, silver), pool, learners, told))


def learn(args, net, stores, pool, learners: Learners, told):
    """All rounds, in one of the learners; the first of them tells."""
    torch.manual_seed(args.seed + learners.number)
    generator = np.random.default_rng(args.seed)  # the same order for all: each takes its share
    own = np.random.default_rng(args.seed + learners.number)
    net.to(args.device)
    store, names, silver = (x and x.to(args.device) for x in stores)
    groups = groups_of(net, args.lr)
    rates = [g["lr"] for g in groups]
    opt = torch.optim.AdamW(groups, lr=args.lr, weight_decay=0.01, fused=True)
    a_round = -(-len(pool) // args.per) // learners.count
    steps = args.epochs * a_round
    more_names = forever(names, 3, own)
    unlabelled = forever(silver, args.beside, own) if silver else None
    done, average, sums = 0, None, Counter()
    order: list = []
    net.train()
    t0 = time.time()
    learners.meet(net)
    while done < steps and learners.gone < 1:
        if not order:
            order = shuffled(store, args.per, generator, pool)
            order = order[: len(order) // learners.count * learners.count]
            order = order[learners.number :: learners.count]
        b = store.batch(order.pop())
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
        gone = max(done / steps, learners.gone)
        for group, highest in zip(opt.param_groups, rates, strict=True):
            group["lr"] = highest * rate(gone)
        opt.step()
        done += 1
        if done % learners.EVERY == 0 or done == steps:
            learners.meet(net)
        if gone > 0.4:
            # an average of the weights over the last steps reads better than the last ones
            # (Polyak averaging; Izmailov et al. 2018)
            state = net.state_dict()
            if average is None:
                average = {k: v.detach().clone() for k, v in state.items()}
            else:
                torch._foreach_lerp_(list(average.values()), list(state.values()), 1 - args.average)
        for k, v in ls.items():
            sums[k] += v.detach()
        last = done == steps or learners.gone >= 1
        if learners.number == 0 and (last or done % a_round == 0):
            many = done % a_round or a_round
            line = " ".join(f"{k} {float(v) / many:.3f}" for k, v in sums.items())
            took, sums = time.time() - t0, Counter()
            number = -(-done // a_round)
            if last or number > args.epochs // 2:
                line += told(average, last or number % 3 == 0)
            print(f"{number} {took:.0f}s {line}", flush=True)
            t0 = time.time()


#: What ``gold_losses`` wants of articles without statements, and the heads that give it.
_NAMES = (("cue", "cue"), ("edge", "edge"), ("names", "ner"))


if __name__ == "__main__":
    main()
