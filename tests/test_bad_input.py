"""Bad input from end to end: through ``qawl read`` in a process of its own, and ``qawl.read``.

Nothing ends in a traceback; a message says what is wrong and what to do; nothing else is lost.
"""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import sys
import unicodedata
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import qawl
from qawl.arabic.letters import fold
from qawl.errors import EncodingError, InputError, QawlError
from qawl.model import Article
from qawl.reader import reader as module

GOOD = "قال وزير الأشغال عماد الصباغ إن الجسر سيفتح قبل نهاية الشهر."
SAID = "الجسر سيفتح قبل نهاية الشهر"

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """``run("a.txt", input=b"…")`` is ``qawl read a.txt`` in the test's folder."""
    unwanted = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM")
    environment = {k: v for k, v in os.environ.items() if k not in unwanted} | {"PYTHONUTF8": "1"}

    def read(*arguments: str, input: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run(
            [sys.executable, "-m", "qawl.cli", "read", *arguments],
            input=input,
            capture_output=True,
            cwd=tmp_path,
            env=environment,
            timeout=240,
            check=False,
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode("utf-8", "replace")
        assert b"fault of Qawl" not in done.stderr, done.stderr.decode("utf-8", "replace")
        return done

    return read


def articles(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    """The articles that ``--format json`` wrote."""
    found: list[dict[str, Any]] = json.loads(done.stdout.decode("utf-8"))["articles"]
    return found


def exact(article: Article) -> None:
    for s in article.statements:
        for span in (*s.content, s.cue, s.speaker, s.who_span):
            if span is not None:
                assert article.text[span.start : span.end] == span.text != ""
        assert all(part.text.strip() for part in s.content)


def exact_record(record: dict[str, Any]) -> None:
    for s in record["statements"]:
        for span in [*s["content"], s["cue"], s["speaker"]]:
            if span is not None:
                assert record["text"][span["start"] : span["end"]] == span["text"] != ""


# --- files that are no article ---


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    pixels = zlib.compress(b"\x00\xff\xff\xff" * 4)
    head = struct.pack(">IIBBBBB", 1, 4, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
NOISE = bytes((k * 7919 + k * k * 31) % 256 for k in range(5000))

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + NOISE + b"\xff\xd9"

NO_ARTICLE = {
    "empty": (b"", "empty"),
    "blank": (b" \n\t\n ", "empty"),
    "a-mark-alone": (b"\xef\xbb\xbf", "empty"),
    "pdf": (PDF, "PDF"),
    "png": (png(), "PNG"),
    "jpeg": (JPEG, "JPEG"),
    "noise": (NOISE, "binary"),
    "nuls": (b"\x00" * 4000, "binary"),
}


@pytest.mark.parametrize("suffix", ["txt", "html", "unknown", "jsonl"])
def test_what_is_no_article_is_named_and_the_rest_is_read(
    run: Run, tmp_path: Path, suffix: str
) -> None:
    bad = {
        f"{name}.{suffix}": expected
        for name, (data, expected) in NO_ARTICLE.items()
        if suffix != "jsonl" or expected != "empty"  # no line, no article: nothing is wrong with it
    }
    for name in bad:
        (tmp_path / name).write_bytes(NO_ARTICLE[name.partition(".")[0]][0])
    (tmp_path / "good.txt").write_text(GOOD, "utf-8")
    names = [*bad]
    names.insert(len(names) // 2, "good.txt")  # bad ones before and behind it
    done = run("--format", "json", *names)
    assert done.returncode == 1
    *said, last = done.stderr.decode("utf-8").splitlines()
    assert last == f"qawl: {len(bad)} of {len(bad) + 1} could not be read"
    for line, (name, expected) in zip(said, bad.items(), strict=True):
        assert line.startswith(f"qawl: {name}: ")
        assert re.search(f"{expected}.*; ", line, re.IGNORECASE), "what it is; what to do"
    (record,) = articles(done)
    assert [s["content"][0]["text"] for s in record["statements"]] == [SAID]


@pytest.mark.parametrize("name", NO_ARTICLE)
def test_from_python_it_is_an_input_error_that_says_what(name: str) -> None:
    data, what = NO_ARTICLE[name]
    with pytest.raises(InputError, match=what) as caught:
        qawl.read(data)
    assert ";" in str(caught.value), "what it is; what to do"


def test_noise_is_an_encoding_error() -> None:
    with pytest.raises(EncodingError):
        qawl.read(NOISE)


def test_a_file_that_is_not_there_a_folder_without_articles(run: Run, tmp_path: Path) -> None:
    (tmp_path / "void").mkdir()
    (tmp_path / "good.txt").write_text(GOOD, "utf-8")
    done = run("--format", "json", "nowhere.txt", "void", "good.txt")
    said = done.stderr.decode("utf-8")
    assert done.returncode == 1
    assert "nowhere.txt: there is no such file" in said
    assert "void: the folder holds no article files" in said
    assert "2 of 3 could not be read" in said
    assert len(articles(done)) == 1


def test_nothing_on_standard_input(run: Run) -> None:
    done = run(input=b"")
    assert done.returncode == 1
    assert b"empty" in done.stderr
    assert run(input=PDF).returncode == 1
    assert articles(run("--format", "json", input=GOOD.encode()))[0]["statements"]


# --- JSONL ---


def test_a_broken_line_is_named_by_its_number_and_the_rest_goes_on(
    run: Run, tmp_path: Path
) -> None:
    good = json.dumps({"text": GOOD, "id": "x"}, ensure_ascii=False)
    rows = [
        good,
        '{"text": "قال',  # 2: cut
        "",
        "[1, 2]",  # 4: no object
        '{"title": "بلا نص"}',  # 5: no text
        good.replace('"x"', '"y"'),
        '{"text": 5}',  # 7
        "\x00\x01",  # 8
        '{"text": ""}',  # 9
        '{"text": ' + "[" * 100_000,  # 10: too deep
        good.replace('"x"', '"z"'),
    ]
    data = "\n".join(rows).encode() + b'\n{"text": "\xff\xfe\xff"'
    (tmp_path / "a.jsonl").write_bytes(data)
    done = run("--format", "json", "a.jsonl")
    said = done.stderr.decode("utf-8")
    assert done.returncode == 1
    for number in (2, 4, 5, 7, 8, 9, 10, 12):
        assert f"a.jsonl:{number}: " in said, number
    for number in (1, 3, 6, 11):
        assert f"a.jsonl:{number}: " not in said
    assert [r["id"] for r in articles(done)] == ["x", "y", "z"]
    assert all(r["statements"] for r in articles(done))
    assert "8 of 11 could not be read" in said


def test_every_line_broken_writes_no_output(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{\n}\nnull\n", "utf-8")
    done = run("--format", "csv", "-o", "out.csv", "a.jsonl")
    assert done.returncode == 1
    assert not (tmp_path / "out.csv").exists()


# --- text in other languages and scripts ---


LANGUAGES = {
    "english": (
        "The minister said the bridge would open next month.\nNothing else happened.",
        "no Arabic",
    ),
    "digits": ("12345 67890 …", "no Arabic"),
    "hebrew": ("וזיר התחבורה אמר כי הגשר ייפתח.", "no Arabic"),
    "persian": (
        "وزیر راه گفت که این پل تا پایان ماه گشوده می‌شود و کارگران از پیش آماده‌اند. او گفت که چنین پروژه‌ای بزرگ است.",
        "another language",
    ),
    "urdu": (
        "وزیر نے کہا کہ پل اگلے مہینے کھول دیا جائے گا۔ انہوں نے کہا کہ کام مکمل ہو چکا ہے۔",
        "another language",
    ),
}


@pytest.mark.parametrize("name", LANGUAGES)
def test_another_language_is_said(name: str) -> None:
    text, note = LANGUAGES[name]
    article = qawl.read(text)
    exact(article)
    assert any(note in n for n in article.notes)
    if note == "no Arabic":
        assert article.statements == ()


def test_another_language_is_said_by_the_program(run: Run, tmp_path: Path) -> None:
    for name, (text, _) in LANGUAGES.items():
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    done = run("--format", "json", *(f"{name}.txt" for name in LANGUAGES))
    assert done.returncode == 0
    said = done.stderr.decode("utf-8").splitlines()
    for name, (_, note) in LANGUAGES.items():
        assert any(f"{name}.txt" in line and note in line for line in said), name
    for record, (text, note) in zip(articles(done), LANGUAGES.values(), strict=True):
        assert record["text"] == text
        assert note != "no Arabic" or record["statements"] == []
        exact_record(record)


def test_arabic_and_english_in_one_text() -> None:
    text = (
        "قال المتحدث باسم شركة NileTech سامح فوزي إن تطبيق “Rahhal 2.0” سيصل إلى App Store في يونيو.\n"
        "The company was founded in 2012 (see: www.example.org).\n"
        'وأضاف: "We are ready، نحن جاهزون".'
    )
    article = qawl.read(text)
    exact(article)
    contents = [s.content[0].text for s in article.statements]
    assert any("App Store" in c for c in contents)
    assert any("نحن جاهزون" in c for c in contents)
    assert not any("founded" in c for c in contents)


# --- characters ---

BARE = "قال وزير الأشغال عماد الصباغ إن الجسر سيفتح بعد 15 يوما."
ODD = {
    "direction marks": BARE.replace(" ", " \u200f"),
    "left-to-right marks": BARE.replace(" ", "\u200e "),
    "embedding": "\u202b" + BARE + "\u202c",
    "isolates": "\u2067" + BARE + "\u2069",
    "non-joiners": BARE.replace("الجسر", "ال\u200cجسر").replace("وزير", "وز\u200cير"),
    "hard spaces": BARE.replace(" ", "\u00a0"),
    "thin spaces": BARE.replace(" ", "\u2009"),
    "tabs": BARE.replace(" ", "\t"),
    "tatweel": BARE.replace("قال", "قـــال").replace("الجسر", "الجســـر"),
    "diacritics": "قَالَ وَزِيرُ الأَشْغَالِ عِمَاد الصَّبَّاغ إِنَّ الجِسْرَ سَيُفْتَحُ بَعْدَ 15 يَوْمًا.",
    "Arabic digits": BARE.replace("15", "١٥"),
    "Persian digits": BARE.replace("15", "۱۵"),
    "Persian keyboard": BARE.replace("ي", "ی"),
    "a mark at the beginning": "\ufeff" + BARE,
    "carriage returns": "عنوان\r\n" + BARE + "\r\n",
    "soft hyphens": BARE.replace("الأشغال", "الأ\u00adشغال"),
    "presentation forms": BARE.replace("قال", "\ufed7\ufe8e\ufedd"),
}


def folded(text: str) -> str:
    return " ".join(fold(unicodedata.normalize("NFKC", text)).split())


@pytest.mark.parametrize("name", ODD)
def test_odd_characters_change_no_answer(name: str) -> None:
    text = ODD[name]
    article = qawl.read(text)
    exact(article)
    assert article.text == text.removeprefix("\ufeff").replace("\r\n", "\n")
    (s,) = article.statements
    (plain,) = qawl.read(BARE).statements
    assert plain.who == "عماد الصباغ"
    for one, other in (
        (s.content[0], plain.content[0]),
        (s.cue, plain.cue),
        (s.speaker, plain.speaker),
        (s.who_span, plain.who_span),
    ):
        assert one is not None
        assert other is not None
        assert folded(one.text) == folded(other.text)
        assert one.text[0].isalpha()
        assert not one.text[-1].isspace()


def test_odd_characters_through_the_program(run: Run, tmp_path: Path) -> None:
    for k, text in enumerate(ODD.values()):
        (tmp_path / f"{k:02}.txt").write_bytes(text.encode("utf-8"))
    done = run("--format", "json", *(f"{k:02}.txt" for k in range(len(ODD))))
    assert (done.returncode, done.stderr) == (0, b"")
    for record, text in zip(articles(done), ODD.values(), strict=True):
        assert record["text"] == text.removeprefix("\ufeff").replace("\r\n", "\n")
        assert len(record["statements"]) == 1
        exact_record(record)


def test_nuls_are_kept_and_told(run: Run, tmp_path: Path) -> None:
    text = BARE.replace("الجسر", "الجسر\x00") + "\n\x00\n"
    article = qawl.read(text)
    exact(article)
    assert article.text == text
    assert any("NUL" in n for n in article.notes)
    (tmp_path / "a.txt").write_bytes(text.encode())
    done = run("--format", "json", "a.txt")
    assert done.returncode == 0
    assert b"NUL" in done.stderr
    assert articles(done)[0]["text"] == text


def test_half_characters_from_python() -> None:
    for text in ("قال الوزير \ud83d إن الجسر مفتوح.", "\ud83d\n\udc00"):
        try:
            article = qawl.read(text)
        except QawlError:
            continue
        exact(article)


# --- size ---


class Counted:
    """How many tokens and cues each window had while something was read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tokens: list[int] = []
        self.pairs = 0
        encode, point = module.Network.encode, module.Network.point

        def encoded(network: Any, c: Any) -> Any:
            self.tokens.append(len(c.tokens))
            return encode(network, c)

        def pointed(network: Any, name: str, places: Any, anchors: Any, features: Any) -> Any:
            self.pairs += len(places)
            return point(network, name, places, anchors, features)

        monkeypatch.setattr(module.Network, "encode", encoded)
        monkeypatch.setattr(module.Network, "point", pointed)

    def work(self, text: str) -> tuple[int, int]:
        """Tokens encoded and pairs scored in reading ``text``."""
        self.tokens.clear()
        self.pairs = 0
        exact(qawl.read(text))
        return sum(self.tokens), self.pairs


@pytest.mark.parametrize(
    "piece",
    [
        GOOD + " ",
        GOOD + "\n",
        "قال الوزير: «سنعود غدا. ",
        "«ا ",
        "قال ",
        "وأكد سامر الحلو أن الماء عاد، ",
        "كلمة ",
        "قال:\n",
    ],
)
def test_the_work_grows_with_the_length_alone(monkeypatch: pytest.MonkeyPatch, piece: str) -> None:
    counted = Counted(monkeypatch)
    monkeypatch.setattr(module, "WINDOW", 6_000)  # as many windows as a book has, in less time
    some = 12_000 // len(piece)
    tokens, pairs = counted.work(piece * some)
    more_tokens, more_pairs = counted.work(piece * some * 4)
    assert max(counted.tokens) <= 6_000
    assert more_tokens == 4 * tokens
    assert more_pairs <= 4.5 * pairs + 2_000


def test_ten_thousand_quotations_never_closed(run: Run) -> None:
    text = "قال سعيد: «نعم. " * 10_000
    done = run("--format", "json", input=text.encode())
    assert done.returncode == 0
    (record,) = articles(done)
    assert record["text"] == text
    assert record["statements"]
    exact_record(record)


def test_ten_thousand_marks_alone(run: Run) -> None:
    for mark in ("«", '"', "“ "):
        text = f"قال الوزير {mark * 10_000} إن الجسر مفتوح."
        done = run("--format", "json", input=text.encode())
        assert done.returncode == 0
        exact_record(articles(done)[0])


def test_one_paragraph_of_two_hundred_thousand_words(run: Run) -> None:
    said = "وأكد سامر الحلو أن المحطة ستعمل غدا، في حين هطلت الأمطار على الساحل والجبل والسهل معا، "
    text = said * (200_000 // len(said.split()) + 1)
    assert len(text.split()) >= 200_000
    assert "\n" not in text
    done = run("--format", "json", input=text.encode())
    assert done.returncode == 0
    (record,) = articles(done)
    assert record["text"] == text
    exact_record(record)
    starts = [s["content"][0]["start"] for s in record["statements"]]
    assert len(starts) > 1_000
    assert starts[-1] > 0.99 * len(text), "it was read to its end"


def test_a_page_of_a_hundred_megabytes(run: Run) -> None:
    """Pictures and scripts kept in a saved page, between thousands of paragraphs."""
    picture = f"<img alt='' src='data:image/jpeg;base64,{'A' * 500_000}'>\n"
    script = f"<script>var x = [{'1,' * 250_000}];</script>\n"
    pieces = ["<!doctype html><html lang=ar><title>الجسور تفتح</title><body><article>\n"]
    for k in range(5_200):
        pieces.append(
            f"<p>قال وزير الأشغال عماد الصباغ إن الجسر رقم {k} سيفتح قبل نهاية الشهر.</p>\n"
            "<div class='share'><a href='#'>شارك</a><b>!</b><script>var y;</script></div>\n"
        )
        if k % 52 == 0:
            pieces += [picture, script]
    page = "".join(pieces).encode()
    assert len(page) > 100_000_000
    done = run("--format", "json", input=page)
    assert (done.returncode, done.stderr.decode("utf-8")) == (0, "")
    (record,) = articles(done)
    exact_record(record)
    assert len(record["statements"]) > 2_600
    assert "رقم 5199" in record["statements"][-1]["content"][0]["text"]
    assert len(record["text"]) < 500_000, "neither pictures nor scripts"


def test_what_is_larger_than_any_article_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qawl.sources import files

    monkeypatch.setattr(files, "MAX_BYTES", 1 << 20)
    (tmp_path / "a.txt").write_text(GOOD * 20_000, "utf-8")
    (tmp_path / "b.html").write_text(f"<p>{GOOD}</p>" * 20_000, "utf-8")
    (tmp_path / "c.txt").write_text(GOOD, "utf-8")
    said: list[str] = []
    read = [*files.articles([tmp_path], on_error=lambda name, _, message: said.append(message))]
    assert [a.id for a in read] == ["c.txt"]
    assert said == ["it is larger than 1 MiB, no single article; split it or give JSONL"] * 2


def test_one_word_of_a_million_letters() -> None:
    for text in (
        "ا" * 1_000_000,
        "قال الوزير إن " + "و" * 300_000 + " عاد.",
        "1" * 200_000 + " قال",
    ):
        exact(qawl.read(text))


def test_ten_thousand_names_in_one_text() -> None:
    text = "".join(f"قال سعيد قاسم{k} إن الماء عاد. " for k in range(10_000))
    article = qawl.read(text[:120_000])
    exact(article)
    assert len(article.statements) > 1_000
