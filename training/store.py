"""Articles as flat tensors on one device, and batches of them as the network learns from them.

Every article keeps one row more than it has tokens, so that "behind the last token" is a row too and
articles laid end to end never touch.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field

import numpy as np
import torch

from qawl.reader import pairs as P

#: Heads that point, whose chances a teacher gives.
POINTERS = ("start", "end", "speaker", "speaker_end", "source")
#: Pieces that the teacher sees side by side, at most.
STRETCH = 448
#: Columns of a target, in this order.
TARGET = ("cue", "last", "start", "end", "speaker", "speaker_end", "form", "bare")


@dataclass
class Packed:
    """One article's columns and targets as arrays, small enough to send between processes."""

    words: np.ndarray
    small: np.ndarray
    lexicon: np.ndarray
    place: np.ndarray  # (n + 1) × 11: sentence, paragraph, mark, counts, before, closing
    spans: np.ndarray
    targets: np.ndarray  # a row a statement, as TARGET
    form: np.ndarray  # what the punctuation says of each one's form
    sources: list[list[int]]
    #: of each statement: candidates' places, features, which are right (choices.py); None: not known
    choices: list[tuple[np.ndarray, np.ndarray, np.ndarray] | None]
    names: np.ndarray | None = None  # labels of names, a token each
    learns_cues: bool = True
    soft: dict | None = None  # a teacher's chances (silver.py)
    #: pieces of its words, and how many each token has (pieces.py)
    pieces: tuple[np.ndarray, np.ndarray] | None = None


def pack(ex, *, names=None, learns_cues=True, soft=None, spelling=None) -> Packed:
    c = ex.columns
    n = len(c.tokens)
    place = np.zeros((n + 1, 10), np.int32)
    place[:, 0] = -1
    place[:n, 0], place[:n, 1], place[:n, 2] = c.sentence, c.paragraph, c.mark
    place[:, 3:7] = c.counts
    place[:n, 7:10] = c.before
    closing = np.full((n + 1, 1), -2, np.int32)
    closing[:n, 0] = c.closing
    targets = [
        (
            t.cue, t.cue_last, t.start, max(t.start, t.end), t.speaker, max(t.speaker_end, t.speaker),
            t.form, t.bare,
        )
        for t in ex.targets
    ]  # fmt: skip
    form = [P.form_features(c, t.cue, t.start, max(t.end, t.start)) for t in ex.targets]
    choices = ex.choices or [None] * len(ex.targets)
    return Packed(
        _more(c.words, np.int16),
        _more(c.small, np.int8),
        _more(c.lexicon, np.int16),
        np.hstack([place, closing]),
        np.array(c.spans, np.int32).reshape(-1, 2),
        np.array(targets, np.int32).reshape(-1, len(TARGET)),
        np.array(form, np.float32).reshape(-1, P.FORM_WIDTH),
        [t.sources for t in ex.targets],
        [x and (x.places.astype(np.int32), x.features.astype(np.int16), x.right) for x in choices],
        names,
        learns_cues,
        soft,
        spelling and spelling.of(c.tokens),
    )


def _more(rows, kind):
    return np.vstack([rows, np.zeros((1, rows.shape[1]))]).astype(kind)


def ranges(starts, counts):
    """The numbers of several ranges, one after another."""
    before = np.cumsum(counts) - counts
    return np.arange(counts.sum()) + np.repeat(starts - before, counts)


@dataclass
class Grid:
    """Stretches of rows, side by side: sentences of tokens, articles of sentences."""

    places: torch.Tensor  # stretches × steps: the rows
    mask: torch.Tensor  # what of them is no padding
    #: where the grid, laid flat, is no padding; which rows stand there
    within: tuple[torch.Tensor, torch.Tensor]
    lengths: torch.Tensor  # on the CPU

    def moved(self, x, steps):
        """Rows in the place of those that stand ``steps`` (1 or -1) behind them in their stretch; zeros at its end."""
        here, there = self.places[:, 1:][self.mask[:, 1:]], self.places[:, :-1][self.mask[:, 1:]]
        if steps < 0:
            here, there = there, here
        return torch.zeros_like(x).index_copy(0, here, x.index_select(0, there))


@dataclass
class Batch:
    words: torch.Tensor
    small: torch.Tensor
    lexicon: torch.Tensor
    place: torch.Tensor
    valid: torch.Tensor  # tokens that stand in a sentence
    first: torch.Tensor  # of each row, its article's first
    last: torch.Tensor  # and last token
    sentences: Grid  # of tokens
    order: Grid  # articles of sentences
    articles: Grid  # of tokens
    cue_labels: torch.Tensor
    learns_cues: torch.Tensor
    names: torch.Tensor  # -1: not known
    target: dict[str, torch.Tensor]  # as TARGET, places counted over the batch, -1 kept
    has_speaker: torch.Tensor  # which targets have one (indices)
    form: torch.Tensor
    good: torch.Tensor  # targets × window: places at which the source is mentioned
    with_source: torch.Tensor
    who: dict[str, torch.Tensor] = field(default_factory=dict)
    soft: dict = field(default_factory=dict)  # a teacher's chances
    #: pieces, stretches of them, and whose token's each is; how many a token has
    pieces: tuple[torch.Tensor, Grid, torch.Tensor, torch.Tensor] | None = None

    @property
    def count(self):
        return len(self.form)


class Store:
    def __init__(self, articles: list[Packed], device="cpu"):
        self.device = device
        self.count = len(articles)

        def flat(get, kind):
            return torch.from_numpy(np.concatenate([get(a) for a in articles]).astype(kind)).to(
                device
            )

        self.rows = np.array([len(a.words) for a in articles])
        self.base = np.cumsum(self.rows) - self.rows
        self.words, self.small = flat(lambda a: a.words, np.int16), flat(lambda a: a.small, np.int8)
        self.lexicon = flat(lambda a: a.lexicon, np.int16)
        self.place = flat(lambda a: a.place, np.int32)
        self.spans = np.concatenate([a.spans for a in articles])
        self.span_count = np.array([len(a.spans) for a in articles])
        self.span_base = np.cumsum(self.span_count) - self.span_count
        self.targets = np.concatenate([a.targets for a in articles])
        self.target_count = np.array([len(a.targets) for a in articles])
        self.spoken = np.cumsum(self.targets[:, 4] >= 0) - 1  # numbers those that have a speaker
        self.target_base = np.cumsum(self.target_count) - self.target_count
        self.form = flat(lambda a: a.form, np.float32)
        sources = [s for a in articles for s in a.sources]
        self.source_count = np.array([len(s) for s in sources], np.int64)
        self.source_base = np.cumsum(self.source_count) - self.source_count
        self.sources = np.array([p for s in sources for p in s], np.int64)
        choices = [c for a in articles for c in a.choices]
        self.choice_count = np.array([len(c[0]) if c else 0 for c in choices], np.int64)
        self.choice_base = np.cumsum(self.choice_count) - self.choice_count
        known = [c for c in choices if c]
        self.choice_places = (
            np.concatenate([c[0] for c in known]) if known else np.zeros(0, np.int32)
        )
        self.choice_right = np.concatenate([c[2] for c in known]) if known else np.zeros(0, bool)
        features = np.concatenate([c[1] for c in known]) if known else np.zeros((0, 1), np.int16)
        self.choice_features = torch.from_numpy(features).to(device)
        labels = np.zeros(self.rows.sum(), np.int8)
        names = np.full(self.rows.sum(), -1, np.int8)
        for a, b in zip(articles, self.base, strict=True):
            for t in a.targets:
                later = labels[b + t[0] + 1 : b + t[1] + 1]
                later[later == 0] = 2
            for t in a.targets:
                labels[b + t[0]] = 3 if t[TARGET.index("bare")] else 1
            if a.names is not None:
                names[b : b + len(a.names)] = a.names
        self.cue_labels, self.names = (
            torch.from_numpy(labels).to(device),
            torch.from_numpy(names).to(device),
        )
        self.learns_cues = np.array([a.learns_cues for a in articles])
        self.soft = {}
        if articles and articles[0].soft is not None:
            self.soft = self._softened(articles)
        self.pieces = None
        if articles and articles[0].pieces is not None:
            self.pieces = flat(lambda a: a.pieces[0], np.int32)
            self.pieces_a_row = np.concatenate([np.append(a.pieces[1], 0) for a in articles])
            self.piece_count = np.array([len(a.pieces[0]) for a in articles])
            self.piece_base = np.cumsum(self.piece_count) - self.piece_count

    def to(self, device) -> Store:
        """The same articles on another device."""
        out = copy(self)
        out.device = device
        for name, value in vars(self).items():
            if isinstance(value, torch.Tensor):
                setattr(out, name, value.to(device))
        out.soft = {
            k: tuple(x.to(device) for x in v) if isinstance(v, tuple) else v.to(device)
            for k, v in self.soft.items()
        }
        return out

    def _softened(self, articles):
        """A teacher's chances of all articles, head by head."""
        out = {}
        cue = np.zeros((self.rows.sum(), 4), np.float16)
        cue[:, 0] = 1
        for a, b in zip(articles, self.base, strict=True):
            at, chances = a.soft["cue"]
            cue[b + at] = chances
        out["cue"] = torch.from_numpy(cue).to(self.device)
        for name in POINTERS:
            index, chance = (np.concatenate([a.soft[name][k] for a in articles]) for k in (0, 1))
            out[name] = (
                torch.from_numpy(index.astype(np.int16)).to(self.device),
                torch.from_numpy(chance.astype(np.float16)).to(self.device),
            )
        for name in ("form", "who"):
            chance = np.concatenate([a.soft[name] for a in articles])
            out[name] = torch.from_numpy(chance.astype(np.float16)).to(self.device)
        return out

    def batch(self, ids) -> Batch:
        ids = np.asarray(ids)
        rows = self.rows[ids]
        offset = np.cumsum(rows) - rows

        many = int(rows.sum())

        def put(x):
            x = np.ascontiguousarray(x)
            return torch.from_numpy(x).to(self.device, non_blocking=True)

        src = put(ranges(self.base[ids], rows))
        place = self.place[src].long()
        closing = place[:, 10]
        shift = put(np.repeat(offset, rows))
        place[:, 10] = torch.where(closing >= 0, closing + shift, closing)
        names = self.names[src].long()
        valid = place[:, 0] >= 0
        # sentences
        counts = self.span_count[ids]
        spans = self.spans[ranges(self.span_base[ids], counts)] + np.repeat(offset, counts)[:, None]
        sentences = self._grid(put, spans[:, 0], spans[:, 1] - spans[:, 0], many)
        some = counts > 0
        order = self._grid(put, (np.cumsum(counts) - counts)[some], counts[some], len(spans))
        articles = self._grid(put, offset, rows - 1, many, 64)
        # targets
        tc = self.target_count[ids]
        which = ranges(self.target_base[ids], tc)
        table = self.targets[which].astype(np.int64)
        by = np.repeat(offset, tc)
        for k in range(6):
            table[:, k] = np.where(table[:, k] >= 0, table[:, k] + by, -1)
        target = dict(zip(TARGET, put(table.T), strict=True))
        width = P.BEFORE + P.AFTER + 1
        good = np.zeros((len(which), width), bool)
        sc = self.source_count[which]
        at = self.sources[ranges(self.source_base[which], sc)] + np.repeat(by, sc)
        w = at - np.repeat(table[:, 0], sc) + P.BEFORE
        inside = (w >= 0) & (w < width)
        good[np.repeat(np.arange(len(which)), sc)[inside], w[inside]] = True
        # candidates of who is meant
        who = {}
        known = np.flatnonzero(self.choice_count[which])
        if len(known):
            cc = self.choice_count[which[known]]
            most = int(cc.max())
            mask = np.arange(most)[None] < cc[:, None]
            index = np.where(
                mask, self.choice_base[which[known]][:, None] + np.arange(most)[None], 0
            )
            who = {
                "which": put(known),
                "mask": put(mask),
                "places": put(
                    np.where(mask, self.choice_places[index] + by[known][:, None], 0).astype(
                        np.int64
                    )
                ),
                "features": self.choice_features[put(index)].long(),
                "right": put(self.choice_right[index] & mask),
            }
        soft = {}
        if self.soft:
            soft["cue"] = self.soft["cue"][src].float()
            some_rows = put(which)
            with_speaker = put(self.spoken[which[table[:, 4] >= 0]])
            for name in POINTERS:
                at = with_speaker if name == "speaker_end" else some_rows
                index, chance = self.soft[name]
                soft[name] = index[at].long(), chance[at].float()
            soft["form"] = self.soft["form"][some_rows].float()
            if who:
                chance = self.soft["who"][put(which[known])].float()
                soft["who"] = chance[:, : who["mask"].shape[1]]
        return Batch(
            self.words[src].long(), self.small[src].long(), self.lexicon[src].long(), place, valid,
            shift, shift + put(np.repeat(rows, rows)) - 2,
            sentences, order, articles,
            self.cue_labels[src].long(), valid & put(np.repeat(self.learns_cues[ids], rows)), names,
            target, put(np.flatnonzero(table[:, 4] >= 0)), self.form[put(which)], put(good),
            put(np.flatnonzero(good.any(1))), who, soft, self._pieces(put, ids, rows),
        )  # fmt: skip

    def _pieces(self, put, ids, rows):
        """The pieces of a batch's tokens, in stretches that the teacher sees side by side: each article's in as
        few as may be, of like length."""
        if self.pieces is None:
            return None
        many = self.piece_count[ids]
        counts = put(self.pieces_a_row[ranges(self.base[ids], rows)].astype(np.int64))
        parts = -(-many // STRETCH)
        whose = np.repeat(np.arange(len(ids)), parts)
        number = ranges(np.zeros(len(ids), np.int64), parts)
        step = -(-many // np.maximum(parts, 1))[whose]
        starts = (np.cumsum(many) - many)[whose] + number * step
        lengths = np.minimum(step, many[whose] - number * step)
        numbers = self.pieces[put(ranges(self.piece_base[ids], many))].long()
        owner = torch.repeat_interleave(torch.arange(len(counts), device=self.device), counts)
        return numbers, self._grid(put, starts, lengths, len(numbers), 64), owner, counts

    @staticmethod
    def _grid(put, starts, lengths, many, step=1):
        """Several stretches among ``many`` rows, padded to a multiple of ``step`` (padding looks at the rows behind,
        a different one each)."""
        longest = max(1, int(lengths.max(initial=1)))
        steps = np.arange(-(-longest // step) * step)
        mask = steps[None] < lengths[:, None]
        grid = np.minimum(starts[:, None] + steps[None], many - 1)
        within = put(np.flatnonzero(mask)), put(grid[mask])
        return Grid(put(grid), put(mask), within, torch.from_numpy(lengths))


def put_back(rows, values, within):
    """What a padded grid holds (… × size), as ``rows`` rows; zeros where none stands."""
    places, numbers = within
    out = torch.zeros(rows, values.shape[-1], device=values.device, dtype=values.dtype)
    return out.index_copy(0, numbers, values.flatten(0, -2).index_select(0, places))


_EDGES = torch.from_numpy(P._EDGES)
_COUNTED, _STEPS = (torch.from_numpy(x) for x in (P._COUNTED, P._STEPS))
_RELATION = torch.from_numpy(P._RELATION)


def window(b: Batch, i, before, after):
    """Places around each of ``i`` (n × w), and which of them are its article's."""
    j = i[:, None] + torch.arange(-before, after + 1, device=i.device)
    first, last = b.first[i][:, None], b.last[i][:, None]
    return torch.minimum(torch.maximum(j, first), last), (j >= first) & (j <= last)


class Pairs:
    """``qawl.reader.pairs`` over a batch of articles at once."""

    def __init__(self, b: Batch, is_cue):
        self.b = b
        self.is_cue = is_cue.long()
        self.cues_before = torch.cumsum(self.is_cue, 0) - self.is_cue
        d = is_cue.device
        self.edges, self.counted, self.steps, self.relation = (
            x.to(d) for x in (_EDGES, _COUNTED, _STEPS, _RELATION)
        )

    def pair(self, i, j):
        p = self.b.place
        low, high = torch.minimum(i, j), torch.maximum(i, j)
        ahead = (j > i).long()
        distance = torch.bucketize(j - i, self.edges)
        sentences = (p[:, 0][j] - p[:, 0][i]).clamp(-2, 2) + 2
        where = sentences * 2 + (p[:, 1][j] == p[:, 1][i])
        counts = p[:, 3:7]
        between = torch.minimum(counts[high] - counts[low], self.counted) * self.steps
        before = p[:, 7:10][j]
        sides = before[..., 1:] + 2 * ahead[..., None]
        cues = (self.cues_before[high] - self.cues_before[low] - (j >= i).long()).clamp(0, 2)
        behind = torch.minimum(j + 1, self.b.last[j])
        cues = cues * 4 + self.is_cue[j] * 2 + self.is_cue[behind]
        return [
            distance, where, between[..., 0] + ahead, between[..., 1] + before[..., 0],
            between[..., 2] + sides[..., 0], between[..., 3] + sides[..., 1], cues,
        ]  # fmt: skip

    def span(self, s, e):
        p = self.b.place
        after = torch.minimum(e + 1, self.b.last[e])
        closing = p[:, 10][s]
        beyond = (after - closing).clamp(-1, 2)
        relation = torch.where(closing < 0, closing + 2, self.relation[beyond])
        distance = torch.bucketize(e - s, self.edges)
        marks = (p[:, 4][after] - p[:, 4][s]).clamp(max=3) * 4 + p[:, 2][after]
        sentence = p[:, 0][e]
        sentences = (sentence - p[:, 0][s]).clamp(max=3) * 2 + (p[:, 1][e] == p[:, 1][s])
        last = (p[:, 0][after] != sentence).long()
        cues = (self.cues_before[after] - self.cues_before[s]).clamp(0, 4) * 2 + last
        return [distance, relation.expand_as(distance), marks, sentences.clamp(min=0), cues]
