"""Pages saved by a browser as one file."""

from __future__ import annotations

from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from qawl.errors import InputError
from qawl.sources import article_from, articles, sniff
from qawl.sources.mhtml import is_mhtml

SAID = "قالت وزيرة المياه، نهى الشاذلي، إن المنسوب مطمئن تماما، مؤكدة أن الصيانة انتهت قبل موعدها."
PAGE = f"<html><head><title>وزيرة المياه تطمئن</title></head><body><h1>وزيرة المياه تطمئن</h1><p>{SAID}</p></body></html>"


def saved(charset: str = "utf-8", page: str | None = PAGE) -> bytes:
    message = MIMEMultipart("related")
    message["From"] = "<Saved by Blink>"
    message.add_header("Snapshot-Content-Location", "https://wadi.example/n/44")
    if page is not None:
        part = MIMEText(page, "html", charset)
        part.add_header("Content-Location", "https://wadi.example/n/44")
        message.attach(part)
    message.attach(MIMEImage(b"\x89PNG\r\n", "png"))
    return message.as_bytes()


@pytest.mark.parametrize("charset", ["utf-8", "windows-1256"])
def test_a_saved_page_is_read_with_its_address(charset: str, tmp_path: Path) -> None:
    path = tmp_path / "saved.mhtml"
    path.write_bytes(saved(charset))
    (found,) = articles([path])
    assert found.text == f"وزيرة المياه تطمئن\n{SAID}"
    assert found.address == "https://wadi.example/n/44"
    assert article_from(path.read_bytes()).text == found.text
    assert article_from(path.read_text("ascii")).text == found.text


def test_it_is_told_from_text() -> None:
    assert is_mhtml(saved())
    assert sniff(saved().decode("ascii")) == "html"
    assert not is_mhtml("Subject: قال الوزير".encode())


def test_one_without_a_page_says_what_to_do() -> None:
    with pytest.raises(InputError, match="save it again"):
        article_from(saved(page=None))


def test_the_note_of_a_browser_is_the_address() -> None:
    note = "<!-- saved from url=(0025)https://wadi.example/n/45 -->\n"
    assert article_from("<!DOCTYPE html>\n" + note + PAGE).address == "https://wadi.example/n/45"
