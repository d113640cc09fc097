"""Decoding: every encoding the Arabic web has used, declared or not, and the files that are no text."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qawl.errors import EncodingError, InputError
from qawl.sources.decode import declared_in, decode

TITLES = [
    "وزير الصحة: لا إصابات جديدة في الجنوب",
    "رئيس البلدية يؤكد استمرار أعمال الصيانة في سوق الخضار",
    "الدار البيضاء تستعد لاستقبال المعرض الدولي للكتاب",
    "انطلاق مؤتمر المياه في عمّان بمشاركة 14 دولة",
    "النفط يرتفع مع تراجع المخزونات",
    "الجزائر: حملة تلقيح واسعة قبل الدخول المدرسي",
    "قوات الأمن تعلن توقيف ثلاثة مطلوبين شمالي الموصل",
    "مهرجان قرطاج يفتتح دورته بعرض فلكلوري",
]
BODY = (
    "قالت وزيرة التربية، سلمى الحداد، إن الامتحانات ستجرى في موعدها، مؤكدة أن «لا تأجيل هذا العام».\n"
    "وأضافت في مؤتمر صحفي أن الوزارة جهزت ألف مركز؛ فهل تكفي؟ وأشارت إلى أن النتائج ستعلن مطلع الشهر."
)
ENCODINGS = ["utf-8", "utf-16-le", "utf-16-be", "windows-1256", "iso-8859-6"]


def encodable(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", TITLES)
def test_a_single_title_is_read_in_every_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "declared", [None, "utf-8", "windows-1256", "iso-8859-1", "iso-8859-6", "klingon", "base64", ""]
)
def test_a_wrong_declaration_is_survived(encoding: str, declared: str | None) -> None:
    body = BODY if encoding != "iso-8859-6" else BODY.replace("«", '"').replace("»", '"')
    assert decode(body.encode(encoding), declared)[0] == body


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-32", "utf-32-le"),
    ],
)
def test_a_byte_order_mark_decides_and_is_dropped(encoding: str, name: str) -> None:
    assert decode(BODY.encode(encoding), "windows-1256") == (BODY, name)


def test_big_endian_with_its_mark() -> None:
    assert decode(b"\xfe\xff" + BODY.encode("utf-16-be")) == (BODY, "utf-16-be")


def test_a_french_page_of_the_maghreb_stays_french() -> None:
    text = "L'accès à l'école a été rétabli, a déclaré le maire à la presse."
    assert decode(text.encode("windows-1256"))[0] == text
    assert decode(text.encode("iso-8859-1"), "iso-8859-1")[0] == text


def test_arabic_with_french_words_in_windows_1256() -> None:
    text = "أعلنت شركة Société électrique du Littoral عن قطع الماء، حسب بلاغ لها"
    assert decode(text.encode("windows-1256")) == (text, "windows-1256")


def test_newlines_and_nuls_are_kept() -> None:
    text = "العنوان\r\nقال\x00 الوزير\r"
    assert decode(text.encode("utf-8"))[0] == text


def test_a_few_wrong_bytes_do_not_cost_the_text() -> None:
    data = BODY.encode("utf-8")
    cut = data[:60] + b"\xd9" + data[60:]
    text, encoding = decode(cut)
    assert encoding == "utf-8"
    assert text.replace("\ufffd", "") == BODY


def test_a_cut_last_character_is_survived() -> None:
    assert decode(BODY.encode("utf-8")[:-2])[0].startswith(BODY[:-3])
    assert decode(BODY.encode("utf-16-le")[:-1])[0].startswith(BODY[:-1])


def _docx() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as z:
        z.writestr("[Content_Types].xml", "<Types/>")
        z.writestr("word/document.xml", "<w/>")
    return file.getvalue()


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as z:
        z.writestr("a.txt", "نص")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
        (b"GIF89a\x01\x00", "GIF"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "RIFF"),
        (_docx(), "Word"),
        (_zip(), "ZIP"),
        (gzip.compress(b"x", mtime=0), "gzip"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Word"),
    ],
)
def test_what_is_no_text_is_named_with_what_to_do(data: bytes, what: str) -> None:
    with pytest.raises(InputError, match=rf"{what}.*not text; \w+"):
        decode(data)


def test_noise_is_an_encoding_error() -> None:
    with pytest.raises(EncodingError, match="UTF-8"):
        decode(bytes(range(1, 32)) * 40)
    with pytest.raises(EncodingError):
        decode(b"\x00" * 500)


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(0x80, 0x100)),
        b"\xff\xfd\xfc\xfa\xf1\xf7",
        hashlib.sha512(b"noise").digest() * 3,
        "Министр сообщил, что работа продолжается".encode("koi8-r"),
        "部长表示工作将继续进行".encode("gb18030"),
        "قال الوزير إن العمل جار".encode("windows-1256") + b"\x01\x02",
    ],
)
def test_a_guess_that_makes_no_text_is_an_encoding_error(data: bytes) -> None:
    with pytest.raises(EncodingError, match="cannot be told"):
        decode(data)


def test_a_declared_encoding_of_another_script_is_believed() -> None:
    text = "Министр сообщил, что работа продолжается"
    assert decode(text.encode("koi8-r"), "koi8-r")[0] == text


def test_odd_signs_in_a_latin_text_are_no_noise() -> None:
    text = "Der Präsident erklärte: Größe über 40° — für ‰ und ¶ gilt §7 des öffentlichen Rechts"
    assert decode(text.encode("cp1252"))[0].startswith("Der Pr")


def test_nothing_is_nothing() -> None:
    assert decode(b"") == ("", "utf-8")


@pytest.mark.parametrize(
    ("page", "name"),
    [
        (b'<html><meta charset="windows-1256">', "windows-1256"),
        (b"<META http-equiv=Content-Type content='text/html; charset=UTF-8'>", "UTF-8"),
        (b"<?xml version='1.0' encoding='iso-8859-6'?>", "iso-8859-6"),
        (b"<p>charset</p>", None),
        (b"", None),
    ],
)
def test_the_declared_encoding_is_found(page: bytes, name: str | None) -> None:
    assert declared_in(page) == name


ARABIC = st.text(st.characters(min_codepoint=0x621, max_codepoint=0x652), min_size=3, max_size=60)
WORDS = st.lists(st.sampled_from([w for t in [*TITLES, BODY] for w in t.split()]), min_size=8)


@settings(deadline=None)
@given(ARABIC, st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-16"]))
def test_unicode_encodings_round_trip(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding))[0] == text


@settings(max_examples=60, deadline=None)
@given(WORDS, st.sampled_from(["windows-1256", "iso-8859-6"]))
def test_single_byte_encodings_round_trip_on_words(words: list[str], encoding: str) -> None:
    text = " ".join(w for w in words if encodable(w, encoding)) + " وقالت الوزارة إن الأمل قائم"
    assert decode(text.encode(encoding))[0] == text


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from([None, "utf-8", "utf-7", "cp1252", "rot13"]))
def test_any_bytes_are_text_or_a_named_error(data: bytes, declared: str | None) -> None:
    try:
        text, encoding = decode(data, declared)
    except InputError:
        return
    assert isinstance(text, str)
    assert encoding
