"""What the reader's tests share: texts of any kind, a small network of random weights that finds
statements everywhere, and what must hold of every article read."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from qawl.arabic.letters import fold
from qawl.model import ACTS, FORMS, Article, Span, Statement
from qawl.reader import act_network, pairs, who
from qawl.reader.columns import SMALL, Alphabet, Columns, columns
from qawl.reader.lexicon_columns import SIZES as LEXICON
from qawl.reader.network import FORMAT, Network

#: The vocabulary of the small network, in order of frequency.
WORDS = [
    "في", "من", "على", "أن", "إن", "قال", "الوزير", "الذي", "أكد", "لن", "الماء", "أضاف", "قائلا",
    "بحسب", "رئيس", "الحكومة", "سعيد", "قاسم", "عودة", "قالت", "ليلى", "وزارة", "الصحة", "مصدر",
    "أمني", "وصف", "وقال", "كريم", "فيصل", "بيان",
]  # fmt: skip

FOLDED = list(dict.fromkeys(map(fold, WORDS)))

#: Words, marks and white space of every kind that pages hold, for texts that nobody wrote.
PIECES = [
    *WORDS, "وأضاف", "وأكد", "للحكومة", "والوزير", "قَالَ", "قـــال", "مشيرًا", "إلى", "وفقاً لـ", "لوكالة",
    "د.", "أ.", "2024", "٣٫٥", "١٢:٣٠", "CNN", "l'État", "naïve", "@qawl", "#خبر", "%", "$", "پاک", "کرد",
    "«", "»", "“", "”", '"', "''", "'", "(", ")", "[", "]", ":", "،", ",", "؛", ".", "..", "…", "!",
    "؟", "-", "–", "—", "/", "ـ", "\u200f", "\u200e", "\u200c", "\u200b", "\u00a0", "\u202b", "\u2066",
    "\ufeff", "\u064e", "\u0000", "\ufffd", "😀", "\U0001f1f8\U0001f1fe", "\t", "\r", "\u2028", "\x85",
    "\n", "\n\n", "\n«", "»\n", ".\n", "قال:", "س:", "ج:", "قال: «", "»، وأضاف:", "اقرأ أيضا: خبر آخر",
]  # fmt: skip

_glue = st.sampled_from([" ", "", " ", " ", "\n"])


@st.composite
def _press(draw: st.DrawFn) -> str:
    pieces = draw(st.lists(st.tuples(st.sampled_from(PIECES), _glue), max_size=60))
    return "".join(piece + glue for piece, glue in pieces)


#: A text of a page's words and marks in any order.
press = _press()
#: The same, or any characters at all.
texts = st.one_of(press, st.text(max_size=120))
articles = st.builds(
    lambda text, title: Article.of(text, title=title),
    texts,
    st.sampled_from(["", "", "الوزير: لن نعود", "عنوان «قصير»"]),
)


def arrays(
    seed: int,
    *,
    hidden: int = 6,
    width: int = 12,
    cue: float = 0.0,
) -> dict[str, Any]:
    """Random weights in the layout of the model file; ``cue`` moves how often a cue is seen."""
    rng = np.random.default_rng(seed)
    size, vector, inner, narrow = width + 2 * hidden, 8, 10, 7
    made: dict[str, Any] = {}

    def layer(name: str, outputs: int, inputs: int, bias: bool = True) -> None:
        made[name + ".weight"] = rng.normal(0, 1.2 / np.sqrt(inputs), (outputs, inputs))
        if bias:
            made[name + ".bias"] = rng.normal(0, 0.5, outputs)

    def table(name: str, rows: int, columns: int) -> None:
        made[name + ".weight"] = rng.normal(0, 1, (rows, columns))

    table("encoder.word", len(FOLDED) + 1, vector)
    table("encoder.ending", 3, 16)
    table("encoder.beginning", 3, 16)
    for k, rows in enumerate(SMALL.values()):
        table(f"encoder.small.{k}", rows, 8)
    for k, rows in enumerate(LEXICON):
        table(f"encoder.lexicon.{k}", rows, 12)
    layer("encoder.project", width, 2 * vector + 32 + 8 * len(SMALL) + 12 * len(LEXICON))

    layer("encoder.lower.gates", 6 * hidden, width)
    layer("encoder.lower.before", 2 * 5, width, bias=False)
    layer("encoder.lower.seen", 6 * hidden, 5, bias=False)
    for part, gates in (("encoder", 3), ("encoder.third", 2)):
        layer(f"{part}.sum", 4, 4 * hidden)
        layer(f"{part}.sentences.gates", 12, 4)
        layer(f"{part}.upper.gates", 2 * gates * hidden, 2 * hidden + 4)
    layer("cue.0", 10, size)
    layer("cue.3", 4, 10)
    made["cue.3.bias"] += [1.0 - cue, cue, 0.0, cue - 0.5]
    layer("ner", 9, size)
    layer("edge", 4, size)
    for name, features, anchors in (
        ("start", pairs.SIZES, 1),
        ("end", pairs.SIZES + pairs.SPAN_SIZES, 2),
        ("speaker", pairs.SIZES, 1),
        ("speaker_end", pairs.SIZES + pairs.SPAN_SIZES, 2),
        ("source", pairs.SIZES, 1),
    ):
        for k in range(anchors):
            layer(f"{name}.A.{k}", inner, size, bias=k == 0)
        layer(f"{name}.B", inner, size, bias=False)
        for k, rows in enumerate(features):
            table(f"{name}.F.{k}", rows, inner)
        layer(f"{name}.v", 1, inner)
    layer("speaker.null", 1, size)
    for name, rows, numbers in (
        ("word", len(FOLDED) + 1, vector),
        ("stem", len(FOLDED) + 1, vector),
        ("ending", 3, 4),
        ("beginning", 3, 3),
        ("role", act_network.ROLES, narrow),
        *((f"small.{k}", n, 2) for k, n in enumerate(SMALL.values())),
        *((f"lexicon.{k}", n, 3) for k, n in enumerate(LEXICON)),
    ):
        table(f"acts.{name}", rows, numbers)
    layer("acts.project", narrow, 2 * vector + 4 + 3 + 2 * len(SMALL) + 3 * len(LEXICON))
    for name, inputs in (("lower", narrow), ("upper", inner)):
        made[f"acts.{name}.weight"] = rng.normal(0, 0.5 / np.sqrt(inputs), (inner, inputs, 3))
        made[f"acts.{name}.bias"] = rng.normal(0, 0.5, inner)
    layer("acts.key", 1, inner, bias=False)
    layer("acts.query", inner, inner)
    layer("acts.first", 12, 4 * inner)
    layer("acts.last", len(ACTS), 12)
    table("act_words", 2, len(ACTS))
    made["act_words.bias"] = rng.normal(0, 0.3, len(ACTS))
    made["act_chain"] = rng.uniform(0.3, 3, (len(ACTS), len(ACTS)))
    layer("form.0", 10, 2 * size + pairs.FORM_WIDTH)
    layer("form.2", len(FORMS), 10)
    for letter in "ABC":
        layer(f"who.{letter}", inner, size, bias=letter == "A")
    layer("who.S", inner, 1, bias=False)
    for k, rows in enumerate(who.SIZES):
        table(f"who.F.{k}", rows, inner)
    layer("who.hidden", 6, inner)
    layer("who.all", 6, inner, bias=False)
    layer("who.v", 1, 6)
    return {name: array.astype(np.float32) for name, array in made.items()}


def header(**changes: object) -> dict[str, object]:
    """The header of a small model file."""
    return {"format": FORMAT, "version": "random", **changes}


def network(seed: int = 0, *, cue: float = 0.0) -> Network:
    """A network that finds something in any text, all of it nonsense, and the same every time."""
    return Network(header(), arrays(seed, cue=cue), alphabet(), ACT_WORDS)


#: Features of the linear model of acts.
ACT_WORDS = {f"c={FOLDED[0]}": 0, f"w={FOLDED[1]}": 1}


def alphabet() -> Alphabet:
    """Spellings of ``WORDS``, two endings and two beginnings."""
    return Alphabet(FOLDED, ["ير", "ال"], ["الو", "وق"])


def model_bytes(stored: dict[str, Any] | None = None, head: object = None) -> bytes:
    """A model file of random weights; ``stored`` are arrays to put in or, where None, leave out."""
    raw: dict[str, Any] = {name: a.astype(np.float16) for name, a in arrays(0).items()}
    words = raw["encoder.word.weight"].astype(np.float32)
    scale = np.abs(words).max(axis=1, keepdims=True) / 127 + 1e-9
    raw["encoder.word.weight"] = np.round(words / scale).astype(np.int8)
    raw["encoder.word.weight|scale"] = scale.astype(np.float16)
    spellings = alphabet()
    for name in ("words", "endings", "beginnings"):
        raw[name] = _raw("\n".join(getattr(spellings, name)))
    raw["act_words"] = _raw("\n".join(ACT_WORDS))
    raw["header"] = _raw(json.dumps(header() if head is None else head))
    raw |= stored or {}
    out = BytesIO()
    np.savez_compressed(out, **{name: a for name, a in raw.items() if a is not None})
    return out.getvalue()


def _raw(text: str) -> Any:
    return np.frombuffer(text.encode("utf-8"), dtype=np.uint8)


def model_file(folder: Path) -> Path:
    """A whole model file of random weights."""
    path = folder / "reader.npz"
    path.write_bytes(model_bytes())
    return path


def columns_of(text: str, title: str = "") -> Columns:
    """The columns of a text in the small vocabulary, its lines marked as the reader marks them."""
    from qawl.reader.paragraphs import mark

    return columns(mark(Article.of(text, title=title)), alphabet())


def well_formed(article: Article) -> None:
    """What holds of every article read, whatever its text is."""
    text = article.text

    def exact(span: Span) -> None:
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text

    previous = (-1, 0)
    for s in article.statements:
        assert isinstance(s, Statement)
        assert s.content
        for part in s.content:
            exact(part)
            assert part.text == part.text.strip(" \n"), "white space at a content's edge"
        assert all(a.end <= b.start for a, b in zip(s.content, s.content[1:], strict=False))
        for span in (s.cue, s.speaker, s.who_span):
            if span is not None:
                exact(span)
                assert "\n" not in span.text
        assert (s.who is None) == (s.who_span is None)
        assert s.who_span is None or s.who == s.who_span.text
        assert s.form in FORMS
        assert s.act in ACTS
        assert 0.0 <= s.confidence <= 1.0
        assert {d.stage for d in s.decisions} == {"cue", "content", "speaker", "who", "form", "act"}
        assert all(
            d.by and (d.probability is None or 0 <= d.probability <= 1.0001) for d in s.decisions
        )
        place = (s.start, -s.end)
        assert place >= previous, "statements stand in the order of their contents"
        previous = place
    for s in article.statements:
        around = [
            o
            for o in article.statements
            if o is not s and o.start <= s.start + 1 and s.end <= o.end
        ]
        if s.nested:
            assert around, "a nested statement has one around it"
