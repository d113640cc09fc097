"""Trains the reader's network on gold articles.

python training/train_reader.py ../shared work/vectors.npz work/reader.pt [--epochs 20] [--fold K/N]
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
from torch.nn import functional as F

from choices import prepare
from gold import example, load, scorer, silver, split
from network import Network, act_input
from qawl.model import ACTS, FORMS
from qawl.reader import pairs as P
from qawl.reader.columns import Alphabet
from qawl.reader.lexicon_columns import SIZES


def alphabet_of(vectors_file, max_words):
    data = np.load(vectors_file)
    words = list(data["words"][:max_words])
    vectors = data["vectors"][: len(words)]
    endings, beginnings = Counter(), Counter()
    for word, count in zip(words, data["counts"][: len(words)], strict=True):
        endings[word[-3:]] += int(count)
        endings[word[-2:]] += int(count)
        beginnings[word[:3]] += int(count)
        beginnings[word[:2]] += int(count)
    ends = [e for e, _ in endings.most_common(1500)]
    begins = [e for e, _ in beginnings.most_common(1000)]
    alphabet = Alphabet(words, ends, begins)
    return (
        alphabet,
        words,
        np.concatenate([np.zeros((1, vectors.shape[1]), np.float32), vectors]),
        ends,
        begins,
    )


def batch_of(examples):
    """Flattens the tokens of several articles; sentences padded for the LSTM."""
    words, small, lexicon, spans, offsets = [], [], [], [], []
    n = 0
    art_len = []
    for ex in examples:
        c = ex.columns
        offsets.append(n)
        words.append(c.words)
        small.append(c.small)
        lexicon.append(c.lexicon)
        spans += [(a + n, b + n) for a, b in c.spans]
        n += len(c.tokens)
        art_len.append(len(c.tokens))
    longest = max(b - a for a, b in spans)
    grid = np.zeros((len(spans), longest), np.int64)
    mask = np.zeros_like(grid, bool)
    for k, (a, b) in enumerate(spans):
        grid[k, : b - a] = np.arange(a, b)
        mask[k, : b - a] = True
    ag = np.zeros((len(examples), max(art_len)), np.int64)
    am = np.zeros_like(ag, bool)
    for k, (o, size) in enumerate(zip(offsets, art_len, strict=True)):
        ag[k, :size] = np.arange(o, o + size)
        am[k, :size] = True

    def t(x):
        return torch.from_numpy(np.ascontiguousarray(x)).long()

    return {
        "words": t(np.concatenate(words)),
        "small": t(np.concatenate(small)),
        "lexicon": t(np.concatenate(lexicon)),
        "grid": torch.from_numpy(grid),
        "grid_mask": torch.from_numpy(mask),
        "lengths": torch.from_numpy(mask.sum(1)),
        "art_grid": torch.from_numpy(ag),
        "art_mask": torch.from_numpy(am),
        "offsets": offsets,
    }


def cue_labels(ex):
    y = np.zeros(len(ex.columns.tokens), np.int64)
    for t in ex.targets:
        for k in range(t.cue + 1, t.cue_last + 1):
            if not y[k]:
                y[k] = 2
    for t in ex.targets:
        y[t.cue] = 3 if t.bare else 1
    return y


def windows(n, i, before, after):
    j = i[:, None] + np.arange(-before, after + 1)[None, :]
    ok = (j >= 0) & (j < n)
    return np.clip(j, 0, n - 1), ok


def tensors(feats):
    return [torch.from_numpy(np.ascontiguousarray(f)).long() for f in feats]


def cue_state(labels):
    flags = np.concatenate([labels == 1, [False]]).astype(np.int64)
    running = np.concatenate([[0], np.cumsum(flags)])
    return running, flags


def who_scores(net, h, c, running, flags, t, choice, offset=0):
    """The network's scores of one statement's candidate sources."""
    j = choice.places[None, :]
    cue = torch.tensor([t.cue + offset])
    feats = tensors(P.pair(c, running, flags, np.array([[t.cue]]), j))
    source = net.source(h, [cue], torch.from_numpy(j + offset), feats)[0]
    speaker = h[(t.speaker if t.speaker >= 0 else t.cue) + offset][None]
    return net.who(
        h[cue], h[torch.from_numpy(choice.places + offset)], speaker,
        torch.from_numpy(choice.features).long(), source,
    )  # fmt: skip


def pointer_loss(score, ok, target, null=None):
    score = score.masked_fill(~torch.from_numpy(ok), -1e4)
    if null is not None:
        score = torch.cat([score, null], dim=1)
    keep = target >= 0
    if not keep.any():
        return score.sum() * 0
    return F.cross_entropy(score[keep], target[keep])


def losses(net, examples, cue_weight=1.0):
    batch = batch_of(examples)
    h = net.encoder(batch)
    labels = np.concatenate([cue_labels(ex) for ex in examples])
    logits = net.cue(h)
    valid = torch.from_numpy(np.concatenate([ex.columns.sentence >= 0 for ex in examples]))
    aim = np.eye(4, dtype=np.float32)[labels]
    for ex, o in zip(examples, batch["offsets"], strict=True):
        if ex.chances is not None:  # a teacher's doubt is learned with its answer
            aim[o : o + len(ex.chances)] = ex.chances
    out = {"cue": F.cross_entropy(logits[valid], torch.from_numpy(aim)[valid])}
    edges = np.zeros((len(labels), 4), np.float32)
    for ex, o in zip(examples, batch["offsets"], strict=True):
        for t in ex.targets:
            edges[t.start + o, 0] = 1
            edges[t.end + o, 1] = 1
            if t.speaker >= 0:
                edges[t.speaker + o, 2] = 1
                edges[t.speaker_end + o, 3] = 1
    out["edge"] = (
        F.binary_cross_entropy_with_logits(net.edge(h)[valid], torch.from_numpy(edges)[valid]) * 4
    )
    guess = logits.argmax(1).numpy()
    cum = torch.cat([torch.zeros(1, h.shape[1]), h.cumsum(0)])
    S, E, PE, AI, AY, FI, FY, NB, SO, WH = [], [], [], [], [], [], [], [], [], []
    for ex, o in zip(examples, batch["offsets"], strict=True):
        T = ex.targets
        if not T:
            continue
        c = ex.columns
        n = len(c.tokens)
        running, flags = cue_state(guess[o : o + n])
        i = np.array([t.cue for t in T])
        s = np.array([t.start for t in T])
        e = np.array([t.end for t in T])
        ps = np.array([t.speaker for t in T])
        pe = np.array([t.speaker_end for t in T])
        io = torch.from_numpy(i + o)
        j, ok = windows(n, i, P.BEFORE, P.AFTER)
        feats = P.pair(c, running, flags, i[:, None], j)
        score = net.start(h, [io], torch.from_numpy(j + o), tensors(feats))
        tgt = s - i + P.BEFORE
        tgt = np.where((tgt >= 0) & (tgt < j.shape[1]), tgt, -1)
        S.append((score, ok, tgt))
        score = net.speaker(h, [io], torch.from_numpy(j + o), tensors(feats))
        tgt = np.where(ps >= 0, ps - i + P.BEFORE, j.shape[1])
        tgt = np.where((tgt >= 0) & (tgt <= j.shape[1]), tgt, -1)
        NB.append((score, ok, tgt, net.speaker.null(h[io])))
        good = np.zeros(j.shape, bool)
        for k, t in enumerate(T):
            for m in t.sources:
                w = m - t.cue + P.BEFORE
                if 0 <= w < j.shape[1]:
                    good[k, w] = True
        score = net.source(h, [io], torch.from_numpy(j + o), tensors(feats))
        SO.append((score, ok, good))
        for t, choice in zip(T, ex.choices or [], strict=False):
            if choice is not None:
                WH.append((who_scores(net, h, c, running, flags, t, choice, o), choice.right))
        j, ok = windows(n, s, 0, P.REACH)
        feats = P.pair(c, running, flags, i[:, None], j) + P.span(c, running, s[:, None], j)
        score = net.end(h, [io, torch.from_numpy(s + o)], torch.from_numpy(j + o), tensors(feats))
        tgt = np.where(e - s < j.shape[1], e - s, -1)
        E.append((score, ok, tgt))
        has = ps >= 0
        if has.any():
            ii, p, q = i[has], ps[has], pe[has]
            j, ok = windows(n, p, 0, 40)
            feats = P.pair(c, running, flags, ii[:, None], j) + P.span(c, running, p[:, None], j)
            score = net.speaker_end(
                h,
                [torch.from_numpy(ii + o), torch.from_numpy(p + o)],
                torch.from_numpy(j + o),
                tensors(feats),
            )
            tgt = np.where(q - p < j.shape[1], q - p, -1)
            PE.append((score, ok, tgt))
        so, eo = torch.from_numpy(s + o), torch.from_numpy(np.maximum(e, s) + o)
        AI.append(act_input(h, cum, io, so, eo))
        AY += [t.act for t in T]
        FI.append(
            torch.cat(
                [
                    h[io],
                    h[so],
                    torch.tensor(
                        [P.form_features(c, t.cue, t.start, max(t.end, t.start)) for t in T]
                    ),
                ],
                1,
            )
        )
        FY += [t.form for t in T]

    def cat(items, null=False):
        return pointer_loss(
            torch.cat([x[0] for x in items]),
            np.concatenate([x[1] for x in items]),
            torch.from_numpy(np.concatenate([x[2] for x in items])),
            torch.cat([x[3] for x in items]) if null else None,
        )

    if S:
        out["start"] = cat(S)
        out["end"] = cat(E)
        out["speaker"] = cat(NB, True)
        if PE:
            out["speaker_end"] = cat(PE)
        score = torch.cat([x[0] for x in SO]).masked_fill(
            ~torch.from_numpy(np.concatenate([x[1] for x in SO])), -1e4
        )
        good = torch.from_numpy(np.concatenate([x[2] for x in SO]))
        has = good.any(1)
        if WH:
            out["who"] = torch.stack(
                [-torch.logsumexp(torch.log_softmax(z, 0)[torch.from_numpy(y)], 0) for z, y in WH]
            ).mean()
        if has.any():
            logp = torch.log_softmax(score[has], 1)
            out["source"] = -torch.logsumexp(logp.masked_fill(~good[has], -1e4), 1).mean()
        known = torch.tensor(AY) >= 0
        if known.any():
            out["act"] = F.cross_entropy(net.act(torch.cat(AI))[known], torch.tensor(AY)[known])
        out["form"] = F.cross_entropy(net.form(torch.cat(FI)), torch.tensor(FY))
    return out


def spans_of(labels):
    """{(first, last, kind)} of BIO labels, an I without its B begins one too."""
    out, k, n = set(), 0, len(labels)
    while k < n:
        if labels[k]:
            kind = (labels[k] + 1) // 2
            b = k
            k += 1
            while k < n and labels[k] == 2 * kind:
                k += 1
            out.add((b, k - 1, int(kind)))
        else:
            k += 1
    return out


def ner_loss(net, tagged):
    h = net.encoder(batch_of(tagged))
    labels = torch.from_numpy(np.concatenate([t.labels for t in tagged]))
    valid = torch.from_numpy(np.concatenate([t.columns.sentence >= 0 for t in tagged]))
    return F.cross_entropy(net.ner(h)[valid], labels[valid])


@torch.no_grad()
def decode(net, ex, threshold=0.5):
    """Predicted statements of one article, for watching the training."""
    batch = batch_of([ex])
    h = net.encoder(batch)
    prob = torch.softmax(net.cue(h), 1).numpy()
    c = ex.columns
    n = len(c.tokens)
    guess = prob.argmax(1)
    running, flags = cue_state(guess)
    score_cue = prob[:, 1] + prob[:, 3]
    i = np.where((score_cue > threshold) & (c.sentence >= 0))[0]
    if not len(i):
        return []
    cum = torch.cat([torch.zeros(1, h.shape[1]), h.cumsum(0)])
    io = torch.from_numpy(i)
    j, ok = windows(n, i, P.BEFORE, P.AFTER)
    feats = tensors(P.pair(c, running, flags, i[:, None], j))
    ss = net.start(h, [io], torch.from_numpy(j), feats).masked_fill(~torch.from_numpy(ok), -1e4)
    sp = net.speaker(h, [io], torch.from_numpy(j), feats).masked_fill(~torch.from_numpy(ok), -1e4)
    sp = torch.cat([sp, net.speaker.null(h[io])], 1)
    ls = torch.log_softmax(ss, 1)
    best = [(-1e9, 0, 0)] * len(i)
    top = ls.topk(3, 1)
    for b in range(3):
        s = i - P.BEFORE + top.indices[:, b].numpy()
        s = np.clip(s, 0, n - 1)
        je, oke = windows(n, s, 0, P.REACH)
        fe = P.pair(c, running, flags, i[:, None], je) + P.span(c, running, s[:, None], je)
        se = net.end(h, [io, torch.from_numpy(s)], torch.from_numpy(je), tensors(fe)).masked_fill(
            ~torch.from_numpy(oke), -1e4
        )
        le, ie = torch.log_softmax(se, 1).max(1)
        for k in range(len(i)):
            total = float(top.values[k, b] + le[k])
            if total > best[k][0]:
                best[k] = (total, int(s[k]), int(s[k] + ie[k]))
    pick = sp.argmax(1).numpy()
    p = np.where(pick == j.shape[1], -1, i - P.BEFORE + pick)
    q = p.copy()
    has = np.where(p >= 0)[0]
    if len(has):
        je, oke = windows(n, p[has], 0, 40)
        fe = P.pair(c, running, flags, i[has][:, None], je) + P.span(
            c, running, p[has][:, None], je
        )
        se = net.speaker_end(
            h, [io[has], torch.from_numpy(p[has])], torch.from_numpy(je), tensors(fe)
        ).masked_fill(~torch.from_numpy(oke), -1e4)
        q[has] = p[has] + se.argmax(1).numpy()
    s = np.array([b[1] for b in best])
    e = np.array([b[2] for b in best])
    act = net.act(act_input(h, cum, io, torch.from_numpy(s), torch.from_numpy(e))).argmax(1).numpy()
    form = (
        net.form(
            torch.cat(
                [
                    h[io],
                    h[torch.from_numpy(s)],
                    torch.tensor(
                        [
                            P.form_features(c, int(a), int(b), int(d))
                            for a, b, d in zip(i, s, e, strict=True)
                        ]
                    ),
                ],
                1,
            )
        )
        .argmax(1)
        .numpy()
    )
    text = ex.article.text
    tk = c.tokens
    out = []
    for k in range(len(i)):

        def span(a, b):
            return {
                "start": tk[a].start,
                "end": tk[b].end,
                "text": text[tk[a].start : tk[b].end],
            }

        spk = span(p[k], q[k]) if p[k] >= 0 else None
        out.append(
            {
                "content": [span(s[k], e[k])],
                "cue": None if prob[i[k], 3] > prob[i[k], 1] else span(i[k], i[k]),
                "speaker": spk,
                "who": None,
                "form": FORMS[form[k]],
                "act": ACTS[act[k]],
                "nested": False,
                "confidence": float(score_cue[i[k]]),
            }
        )
    # who, simply: the speaker, or the statement before it
    last = None
    for st in out:
        if st["speaker"]:
            last = st["speaker"]["text"]
        st["who"] = last
    return out


def measure(net, examples, score, threshold=0.5):
    net.eval()
    gold = [ex.row for ex in examples]
    pred = [{"id": ex.row["id"], "statements": decode(net, ex, threshold)} for ex in examples]
    res, _ = score.score(gold, pred)
    net.train()
    return res, pred


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("vectors")
    parser.add_argument("out")
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument(
        "--fold",
        default="0/8",
        help="K/N: leave out the K-th of N parts and measure on it; 'all' trains on all",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", default="lstm")
    parser.add_argument("--words", type=int, default=30000)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--width", type=int, default=144)
    parser.add_argument("--hidden", type=int, default=96)
    parser.add_argument("--encoder", help="what training/pretrain.py made")
    parser.add_argument("--cue-weight", type=float, default=20.0)
    parser.add_argument("--silver", type=Path, help="what training/silver.py made")
    parser.add_argument("--silver-weight", type=float, default=1.0)
    parser.add_argument("--beside", type=int, default=8, help="silver articles a step, beside gold")
    parser.add_argument("--drop", type=float, default=0.2)
    parser.add_argument(
        "--average", type=float, default=0.995, help="of the weights; 0: the last ones"
    )
    parser.add_argument("--order", type=int, default=1, help="seed of the order of the articles")
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
    net = Network(
        vectors,
        len(ends),
        len(begins),
        sizes,
        len(ACTS),
        len(FORMS),
        kind=args.kind,
        width=args.width,
        hidden=args.hidden,
        drop=args.drop,
    )
    if args.encoder:
        state = torch.load(args.encoder, weights_only=False)["encoder"]
        old = state["project.weight"]
        new = net.encoder.project.weight.data
        new[:, : old.shape[1]] = old
        new[:, old.shape[1] :] *= 0.3
        state["project.weight"] = new
        missing = net.encoder.load_state_dict(state, strict=False)
        assert all(k.startswith("lexicon") for k in missing.missing_keys), missing
    emb = list(net.encoder.word.parameters())
    rest = [p for p in net.parameters() if p is not emb[0]]
    opt = torch.optim.AdamW(
        [{"params": emb, "lr": args.lr * 0.25}, {"params": rest}], lr=args.lr, weight_decay=0.01
    )
    per = 6
    steps = args.epochs * (len(train) // per + 1)
    sched = torch.optim.lr_scheduler.OneCycleLR(
        opt, [args.lr * 0.25, args.lr], total_steps=steps, pct_start=0.1
    )
    import ner

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
        "kind": args.kind,
        "width": args.width,
        "hidden": args.hidden,
    }
    pool = silver(args.silver, alphabet) if args.silver else []
    if pool:
        print(len(pool), "articles that teachers read", flush=True)
    done, average = 0, None
    random.seed(args.order)
    for epoch in range(args.epochs):
        t0 = time.time()
        sums = Counter()
        if epoch == 2:  # the names are known well enough by now to choose sources among them
            net.eval()
            with torch.no_grad():
                for ex in train:
                    labels = net.ner(net.encoder(batch_of([ex]))).argmax(1).tolist()
                    ex.choices = prepare(ex, labels, score)
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
                    + sum(v * (0.3 if k == "form" else 1.0) for k, v in more.items() if k != "cue")
                )
                ls["silver"] = more["cue"]
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


def watch(net, test, held_ner, score):
    """A line of figures on the articles left out."""
    res, _ = measure(net, test, score)
    shown = [
        f"{k} {res[k]['f1'] if isinstance(res[k], dict) else res[k]:.3f}"
        for k in ("found", "exact", "joint", "whole", "cue", "form", "speaker", "act")
    ]
    shown += [
        f"P {res['found']['precision']:.3f} R {res['found']['recall']:.3f}",
        f"direct {res['found by form']['direct']['f1']:.3f}",
    ]
    net.eval()
    hits = predicted = there = 0
    with torch.no_grad():
        for t in held_ner:
            found = spans_of(net.ner(net.encoder(batch_of([t]))).argmax(1).numpy())
            gold = spans_of(t.labels)
            hits, predicted, there = (
                hits + len(found & gold),
                predicted + len(found),
                there + len(gold),
            )
    net.train()
    return " ".join([*shown, f"names {2 * hits / max(predicted + there, 1):.3f}"])


if __name__ == "__main__":
    main()
