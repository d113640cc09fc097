"""The network run with numpy: its layers against the textbook's, its file, and what is wrong with one."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reader_sample import FOLDED, arrays, columns_of, header, model_bytes, model_file, network

from qawl.errors import ModelError
from qawl.reader import Reader
from qawl.reader.columns import Columns
from qawl.reader.network import FORMAT, ROWS, Floats, Network, sigmoid, softmax
from qawl.reader.reader import RULES

LINES = "قال الوزير إن الماء عاد. أكد سعيد!\n\nوأضاف\n" + "بحسب مصدر أمني، " * 30


def quasi(
    a: dict[str, Floats], name: str, x: Floats, spans: list[tuple[int, int]], gates: int = 3
) -> Floats:
    """A bidirectional quasi-recurrent layer, row by row (Bradbury et al. 2017), its gates in straight lines: with
    fo-pooling where there are three, with f-pooling where there are two."""
    w, b = a[f"{name}.gates.weight"], a[f"{name}.gates.bias"]
    near = a.get(f"{name}.before.weight")
    size = len(b) // (2 * gates)
    out = np.zeros((len(x), 2 * size))
    for side in (0, 1):
        rows = slice(side * gates * size, (side + 1) * gates * size)
        for first, end in spans:
            cell, before = np.zeros(size), np.zeros(x.shape[1])
            for t in range(first, end) if not side else range(end - 1, first - 1, -1):
                seen = w[rows] @ x[t] + b[rows]
                if near is not None:
                    seen += a[f"{name}.seen.weight"][rows] @ np.split(near, 2)[side] @ before
                before = x[t]
                f, *o, z = np.split(seen, gates)
                f = np.clip(0.5 + f / 4, 0, 1)
                cell = f * cell + (1 - f) * np.clip(z, -1, 1)
                opened = np.clip(0.5 + o[0] / 4, 0, 1) if o else 1.0
                out[t, side * size : (side + 1) * size] = opened * cell
    return out


def textbook(net: Network, c: Columns) -> Floats:
    """The encoder, sentence by sentence and token by token."""
    a = net.arrays
    x = np.concatenate(
        [a["encoder.word.weight"][c.words[:, k]] for k in (0, 1)]
        + [a["encoder.ending.weight"][c.words[:, 2]], a["encoder.beginning.weight"][c.words[:, 3]]]
        + [a[f"encoder.small.{k}.weight"][c.small[:, k]] for k in range(c.small.shape[1])]
        + [a[f"encoder.lexicon.{k}.weight"][c.lexicon[:, k]] for k in range(c.lexicon.shape[1])],
        axis=1,
    )
    x = np.maximum(x @ a["encoder.project.weight"].T + a["encoder.project.bias"], 0)
    y = quasi(a, "encoder.lower", x, c.spans)
    for part, gates in (("encoder", 3), ("encoder.third", 2)):
        sums = np.array([[*y[i:j].mean(axis=0), *y[i:j].max(axis=0)] for i, j in c.spans])
        about = np.maximum(sums @ a[f"{part}.sum.weight"].T + a[f"{part}.sum.bias"], 0)
        around = quasi(a, f"{part}.sentences", about, [(0, len(c.spans))])
        whole = np.zeros((len(x), y.shape[1] + around.shape[1]))
        for k, (i, j) in enumerate(c.spans):
            whole[i:j] = np.concatenate([y[i:j], np.tile(around[k], (j - i, 1))], axis=1)
        y = y + quasi(a, f"{part}.upper", whole, c.spans, gates)
    return np.concatenate([x, y], axis=1)


@pytest.mark.parametrize("rows", [1, 50, ROWS])
@pytest.mark.parametrize("text", [LINES, "قال", "قال سعيد. " * 131, "قال سعيد " * 150])
def test_the_encoder_is_the_textbooks(
    text: str, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qawl.reader.network.ROWS", rows)
    net = network(2)
    c = columns_of(text)
    assert np.abs(net.encode(c) - textbook(net, c)).max() < 1e-4


def test_sentences_know_of_those_around_them() -> None:
    net = network(2)
    first = "قال الوزير إن الماء عاد.\n"
    alone = net.encode(columns_of(first))
    among = net.encode(columns_of(first + "وأكد سعيد أن رئيس الحكومة بخير. لن نعود.\n" * 90))
    own = net.arrays["encoder.project.weight"].shape[0]
    assert np.abs(among[: len(alone), :own] - alone[:, :own]).max() < 1e-5  # the words themselves
    assert np.abs(among[: len(alone), own:] - alone[:, own:]).max() > 1e-3


@given(st.lists(st.lists(st.floats(-80, 80, width=32), min_size=3, max_size=3), min_size=1))
def test_softmax_and_sigmoid(rows: list[list[float]]) -> None:
    x = np.array(rows, dtype=np.float32)
    assert np.allclose(softmax(x.copy()).sum(axis=1), 1, atol=1e-5)
    best = np.take_along_axis(softmax(x.copy()), x.argmax(axis=1)[:, None], axis=1)[:, 0]
    assert np.allclose(best, softmax(x.copy()).max(axis=1))
    s = sigmoid(x.copy())
    assert ((s >= 0) & (s <= 1)).all()
    assert np.allclose(s + sigmoid(-x), 1, atol=1e-5)


def test_a_file_is_loaded_as_it_was_saved(tmp_path: Path) -> None:
    net = Network.load(model_file(tmp_path))
    assert net.version == "random"
    saved = arrays(0)
    assert set(net.arrays) >= set(saved)
    assert all(a.dtype == np.float32 for a in net.arrays.values())
    for name, array in saved.items():
        coarse = 0.05 if name == "encoder.word.weight" else 0.01  # one byte, two bytes a number
        assert np.abs(net.arrays[name] - array).max() < coarse, name
    assert net.alphabet.words == {w: k for k, w in enumerate(FOLDED, start=1)}


def test_a_reader_reads_with_a_file_of_ones_own(tmp_path: Path) -> None:
    reader = Reader(model_file(tmp_path))
    assert reader.version == f"qawl-reader random.{RULES}"
    assert reader.network is reader.network


def message(path: Path) -> str:
    with pytest.raises(ModelError) as caught:
        Network.load(path)
    assert "Traceback" not in str(caught.value)
    return str(caught.value)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    said = message(tmp_path / "none.npz")
    assert "none.npz" in said
    assert "install qawl again" in said
    assert "training/README.md" in said
    assert "install qawl again" in message(tmp_path)  # a folder


WHOLE = model_bytes()


def npy() -> bytes:
    out = BytesIO()
    np.save(out, np.zeros(3))
    return out.getvalue()


def npz(**stored: object) -> bytes:
    out = BytesIO()
    np.savez_compressed(out, **stored)  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"not a model",
        b"\x93NUMPY",
        b"\x80\x04.",  # a pickle
        WHOLE[:100],
        WHOLE[: len(WHOLE) // 2],
        WHOLE[:-30],
        WHOLE[:200] + bytes(300) + WHOLE[500:],
        npy(),
        npz(),
        npz(header=np.zeros(3)),
        npz(header=np.array([{"format": 1}], dtype=object)),
        model_bytes({"header": None}),
        model_bytes({"header": np.frombuffer(b"{", dtype=np.uint8)}),
        model_bytes({"header": np.frombuffer(b"\xff\xfe", dtype=np.uint8)}),
        model_bytes(head=[1]),
        model_bytes(head={"format": 1}),
        model_bytes({"encoder.upper.gates.weight": np.zeros((2, 2))}),
        model_bytes({"words": None}),
        model_bytes({"endings": np.frombuffer(b"\xff", dtype=np.uint8)}),
        model_bytes({"encoder.third.upper.gates.weight": None}),
        model_bytes({"encoder.lower.gates.weight": np.zeros((2, 2))}),
        model_bytes({"encoder.lower.gates.bias": None}),
        model_bytes({"encoder.word.weight": None}),
        model_bytes({"encoder.word.weight": np.zeros((3, 8))}),
        model_bytes({"encoder.lexicon.0.weight": np.zeros((2, 12))}),
        model_bytes({"who.F.7.weight": np.zeros((2, 10))}),
        model_bytes({"start.F.0.weight": None}),
    ],
    ids=lambda data: f"{len(data)} bytes",
)
def test_a_damaged_file_says_what_to_do(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "reader.npz"
    path.write_bytes(data)
    said = message(path)
    assert "install" in said
    assert "mode" in said


def test_damage_anywhere_in_the_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "reader.npz"
    for place in range(0, len(WHOLE), len(WHOLE) // 60):
        damaged = bytearray(WHOLE)
        damaged[place] ^= 0xFF
        path.write_bytes(damaged)
        try:
            net = Network.load(path)
        except ModelError:
            continue
        # a byte of the archive that nothing depends on (a time, a flag): all is as it was
        assert set(net.arrays) == set(Network.load(model_file(tmp_path)).arrays)


def test_another_format_says_which(tmp_path: Path) -> None:
    path = tmp_path / "reader.npz"
    path.write_bytes(model_bytes(head=header(format=99)))
    said = message(path)
    assert "format 99" in said
    assert f"reads {FORMAT}" in said


def test_reading_without_a_model_says_what_to_do(tmp_path: Path) -> None:
    from qawl.model import Article

    reader = Reader(tmp_path / "none.npz")
    for _ in range(2):  # the first failure leaves nothing half loaded
        with pytest.raises(ModelError, match="install qawl again"):
            reader.read(Article.of("قال الوزير إن الماء عاد."))
