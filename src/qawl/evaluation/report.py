"""The figures as JSON and as a table to read."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from qawl.evaluation.judge import MENTIONS
from qawl.evaluation.measures import Figures, Group, Rate, Share
from qawl.evaluation.mistakes import Mistake
from qawl.model import ACTS

By = Literal["outlet", "form", "act"]

#: Decimal places of every figure in JSON; the table shows three.
PLACES = 4


def as_json(figures: Figures, by: By | None = None) -> dict[str, Any]:
    """The figures as one JSON object, rounded to four places; ``by`` adds the groups' figures."""
    total = figures.total
    out: dict[str, Any] = {
        "articles": figures.articles,
        "articles_missing": figures.articles_missing,
        "gold": total.found.gold,
        "predicted": total.found.predicted,
        **{level: _rate(getattr(total, level)) for level in _LEVELS},
        "intervals": {
            level: [_round(bounds.low), _round(bounds.high)]
            for level, bounds in figures.intervals.items()
        },
        "found_by_form": {f: _rate(g.found) for f, g in figures.by_form.items()},
        "joint_recall_by_form": {f: _round(g.joint.recall) for f, g in figures.by_form.items()},
        "overlap_of_pairs": _round(figures.overlap),
        "content_letters": _rate(figures.letters),
        "form": _round(figures.form.value),
        "cue": _round(figures.cue.value),
        "cue_exact": _round(figures.cue_exact.value),
        "cue_spans": _rate(figures.cue_spans),
        "cue_spans_exact": _rate(figures.cue_spans_exact),
        "speaker_spans": _rate(figures.speaker_spans),
        "speaker_spans_exact": _rate(figures.speaker_spans_exact),
        "who": _round(total.who.value),
        "who_by_mention": {m: _share(s) for m, s in figures.who_by_mention.items()},
        "act": _round(figures.acts.right.value),
        "act_macro_f1": _round(figures.acts.macro_f1),
        "act_by_act": {a: _rate(r) for a, r in figures.acts.by_act.items()},
        "act_confusion": {g: dict(row) for g, row in figures.acts.confusion.items()},
        "polarity_flips": {
            "denials_as_assertions": _share(figures.flips.denials),
            "assertions_as_denials": _share(figures.flips.assertions),
        },
        "calibration": {
            "error": _round(figures.calibration.error),
            "bins": [
                {k: v if k == "count" else _round(v) for k, v in dataclasses.asdict(b).items()}
                for b in figures.calibration.bins
            ],
        },
    }
    if by:
        out[f"by_{by}"] = {
            name: {
                "gold": group.found.gold,
                "predicted": group.found.predicted,
                **{level: _rate(getattr(group, level)) for level in _LEVELS},
                "who": _round(group.who.value),
            }
            for name, group in groups(figures, by).items()
        }
    return out


def groups(figures: Figures, by: By) -> Mapping[str, Group]:
    """The groups of the figures by outlet, form or act."""
    chosen: dict[By, Mapping[Any, Group]] = {
        "outlet": figures.by_outlet,
        "form": figures.by_form,
        "act": figures.by_act,
    }
    return chosen[by]


_LEVELS = ("found", "exact", "joint", "whole", "strict")


def _round(value: float) -> float:
    return round(value, PLACES)


def _rate(rate: Rate) -> dict[str, float]:
    return {
        "precision": _round(rate.precision),
        "recall": _round(rate.recall),
        "f1": _round(rate.f1),
    }


def _share(share: Share) -> dict[str, float]:
    return {"right": share.right, "of": share.of, "share": _round(share.value)}


def as_table(figures: Figures, by: By | None = None) -> str:
    """The figures as plain text, a figure a line, at most 100 columns wide."""
    total = figures.total
    missing = f" ({figures.articles_missing} without a prediction)"
    lines = [
        f"{figures.articles} articles{missing if figures.articles_missing else ''}, "
        f"{total.found.gold} gold statements, {total.found.predicted} predicted",
        "",
        f"{'':<16}{'precision':>10}{'recall':>10}{'F1':>10}   95 % interval of F1",
    ]
    for level in _LEVELS:
        bounds = figures.intervals.get(level)
        tail = f"   {bounds.low:.3f}-{bounds.high:.3f}" if bounds else ""
        lines.append(_row(level, getattr(total, level)) + tail)
    lines += [_row(f"found, {form}", group.found) for form, group in figures.by_form.items()]
    lines.append(_row("letters", figures.letters))
    lines += ["", "of the statements found"]
    lines += [
        _row("cue overlaps", figures.cue_spans),
        _row("cue exact", figures.cue_spans_exact),
        _row("speaker overlaps", figures.speaker_spans),
        _row("speaker exact", figures.speaker_spans_exact),
        "",
        _line("who", total.who),
    ]
    lines += [_line(f"who, {m}", figures.who_by_mention[m]) for m in MENTIONS]
    lines += [
        _line("form", figures.form),
        _line("act", figures.acts.right) + f"   macro F1 {figures.acts.macro_f1:.3f}",
        _line("denied → asserted", figures.flips.denials),
        _line("asserted → denied", figures.flips.assertions),
        f"{'calibration error':<18}{figures.calibration.error:>8.3f}",
    ]
    if by:
        lines += ["", *_by_table(groups(figures, by), by)]
        if by == "act":
            lines += ["", *_confusion(figures)]
    if figures.calibration.bins:
        lines += ["", *_reliability(figures)]
    return "\n".join(lines)


def _row(name: str, rate: Rate) -> str:
    return f"{name:<16}{rate.precision:>10.3f}{rate.recall:>10.3f}{rate.f1:>10.3f}"


def _line(name: str, share: Share) -> str:
    return f"{name:<18}{share.value:>8.3f}   {share.right} of {share.of}"


def _by_table(named: Mapping[str, Group], by: By) -> Iterable[str]:
    """One line a group; its name stands last, since an Arabic one would shift the columns."""
    yield f"{'gold':>6}{'given':>7}{'found':>8}{'exact':>8}{'joint':>8}{'whole':>8}{'who':>8}   {by}"
    for name, group in sorted(named.items(), key=lambda item: -item[1].found.gold):
        rates = (group.found, group.exact, group.joint, group.whole)
        figures = "".join(f"{rate.f1:>8.3f}" for rate in rates)
        counts = f"{group.found.gold:>6}{group.found.predicted:>7}"
        yield f"{counts}{figures}{group.who.value:>8.3f}   {name}"


def _confusion(figures: Figures) -> Iterable[str]:
    yield "gold ↓ predicted →" + "".join(f"{act:>9}" for act in ACTS)
    for gold, row in figures.acts.confusion.items():
        yield f"{gold:<18}" + "".join(f"{row[act] or '.':>9}" for act in ACTS)


def _reliability(figures: Figures) -> Iterable[str]:
    yield "confidence      statements   mean confidence   right"
    for b in figures.calibration.bins:
        bounds = f"{b.low:.1f}-{b.high:.1f}"
        yield f"{bounds:<16}{b.count:>10}{b.confidence:>18.3f}{b.right:>8.3f}"


def mistakes_as_json(listed: Sequence[Mistake]) -> list[dict[str, Any]]:
    """The mistakes as JSON objects."""
    return [dataclasses.asdict(mistake) for mistake in listed]


def mistakes_as_text(listed: Sequence[Mistake], width: int = 90) -> str:
    """The mistakes, each with its kind, article and offsets, then what was meant and given."""
    blocks = []
    for m in listed:
        head = f"{m.kind}  {m.article} {m.start}:{m.end}  {m.form}  {m.cue or '-'}"
        body = (
            [f"    {m.text[:width]}"] if m.kind not in ("missed", "extra", "wrong bounds") else []
        )
        body += [f"    gold  {m.gold[:width]}"] if m.gold else []
        body += [f"    given {m.predicted[:width]}"] if m.predicted else []
        if m.kind == "wrong speaker" and not m.predicted:
            body.append("    given nobody")
        blocks.append("\n".join([head, *body]))
    return "\n".join(blocks)
