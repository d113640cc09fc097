"""A statement as a picture to share, 1200 × 630: its words, whose they are, outlet, day and address.

The words are broken into lines once, by the widths that the bundled font (training/card_fonts.py) gives
them; the SVG keeps them as text, the PNG is drawn by Pillow, whose raqm joins the letters and puts
right-to-left text in order.
"""

from __future__ import annotations

import base64
import io
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from qawl.errors import QawlError

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_FONTS = Path(__file__).parent / "static" / "fonts"
#: The size of the picture that sites show for a link (Open Graph), and its margin, in pixels.
WIDTH, HEIGHT, MARGIN = 1200, 630, 72
#: Sizes of the words' letters that are tried, and the height that lines of them may fill.
SIZES, ROOM = (64, 56, 48, 42, 36), 318
#: A line's height by its letters' size: Naskh's marks reach far above and below.
LEADING = 1.62
#: Code points of a statement's words that are looked at, and of a name.
LONGEST, NAME = 900, 80
PAPER, INK, SOFT, ACCENT = "#fbfaf7", "#1d2327", "#565d63", "#14505c"
#: What an SVG of a card may do when it is opened by itself: show its fonts.
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; font-src data:"

Measure = Callable[[str, int, bool], float]
"""The width of a text in pixels, at a size, bold or not."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows. ``quoted`` puts the words in quotation marks; ``label`` says what they are
    (in the source's own words, or as reported); ``link`` is where the statement stands, ``brand`` the name
    of the site in the picture's language."""

    words: str
    who: str
    outlet: str
    day: str
    link: str
    label: str
    quoted: bool
    brand: str


@dataclass(frozen=True, slots=True)
class Text:
    """A line of a card: ``x`` is its beginning (the right end of one that runs right to left), ``y`` its
    baseline."""

    text: str
    x: float
    y: float
    size: int
    bold: bool
    colour: str
    rtl: bool


def plain(text: str, longest: int) -> str:
    """A text on one line, without characters that are not seen (controls, bidi overrides and the like) and
    with few marks on a letter; what is longer than ``longest`` code points is cut with …."""
    out: list[str] = []
    marks = 0
    for c in text[: 4 * longest]:
        kind = unicodedata.category(c)
        if kind in ("Cc", "Zl", "Zp") or c.isspace():
            c, kind = " ", "Zs"
        if (
            kind in ("Cf", "Cs", "Co", "Cn") and c != "\u200c"
        ):  # joiners part letters in Persian names
            continue
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if marks <= 3:
            out.append(c)
    line = " ".join("".join(out).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def is_rtl(text: str) -> bool:
    """Whether a text runs right to left, by its first letter that has a direction (Unicode UAX 9, P2)."""
    for c in text:
        kind = unicodedata.bidirectional(c)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return True


def wrap(words: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Lines of words, none wider than ``width``; a word that is wider is cut."""
    space = measure(" ")
    lines: list[str] = []
    line, filled = "", 0.0
    for word in words.split():
        for piece in _pieces(word, width, measure):
            wide = measure(piece)
            if line and filled + space + wide <= width:
                line, filled = f"{line} {piece}", filled + space + wide
            else:
                if line:
                    lines.append(line)
                line, filled = piece, wide
    return [*lines, line] if line else lines


def _pieces(word: str, width: float, measure: Callable[[str], float]) -> list[str]:
    out = []
    while len(word) > 1 and measure(word) > width:
        least, most = 1, len(word) - 1
        while least < most:  # the longest beginning that has room
            middle = (least + most + 1) // 2
            if measure(word[:middle]) <= width:
                least = middle
            else:
                most = middle - 1
        out.append(word[:least])
        word = word[least:]
    return [*out, word]


def layout(card: Card, measure: Measure) -> list[Text]:
    """The lines of a card: the words as large as there is room, cut with … where there is none."""
    words = plain(card.words, LONGEST)
    rtl = is_rtl(words)
    left, right = ("«", "»") if rtl else ("“", "”")
    if card.quoted:
        words = f"{left}{words}{right}"
    room = WIDTH - 2 * MARGIN
    for size in SIZES:
        lines = wrap(words, room, lambda text, size=size: measure(text, size, False))  # type: ignore[misc]
        if len(lines) * size * LEADING <= ROOM:
            break
    most = int(ROOM // (size * LEADING))
    if len(lines) > most:
        end = "…" + (right if card.quoted else "")
        last = lines[most - 1]
        while last and measure(last + end, size, False) > room:
            last = last.rpartition(" ")[0] if " " in last else last[:-1]
        lines = [*lines[: most - 1], last.rstrip("،؛,;. ") + end]
    begin = WIDTH - MARGIN if rtl else MARGIN
    out = []
    step = size * LEADING
    y = MARGIN + 54 + (ROOM - len(lines) * step) / 2 + size * 1.05
    for line in lines:
        out.append(Text(line, begin, round(y, 1), size, False, INK, rtl))
        y += step
    brand_rtl = is_rtl(card.brand)
    edge: float = WIDTH - MARGIN if rtl else MARGIN
    other = MARGIN if rtl else WIDTH - MARGIN
    label = plain(card.label, NAME)
    out.append(_line(label, edge, MARGIN + 24, 28, False, ACCENT, measure, rtl))
    out.append(_line(card.brand, other, MARGIN + 24, 34, True, ACCENT, measure, not rtl, brand_rtl))
    who = _fitting(plain(card.who, NAME), room, 40, True, measure)
    out.append(_line(who, edge, HEIGHT - 116, 40, True, INK, measure, rtl))
    link = _fitting(plain(card.link, 200), room * 0.5, 24, False, measure)
    out.append(_line(link, other, HEIGHT - 62, 24, False, SOFT, measure, not rtl, False))
    # apart, since a day beside a name of the other direction would take its order
    outlet = _fitting(plain(card.outlet, NAME), room * 0.24, 28, False, measure)
    day = plain(card.day, NAME)
    for text in (outlet, "·", day) if outlet and day else (outlet or day,):
        direction = brand_rtl if text == day else None
        out.append(_line(text, edge, HEIGHT - 62, 28, False, SOFT, measure, rtl, direction))
        edge += (-1 if rtl else 1) * (measure(text, 28, False) + 12)
    return [text for text in out if text.text]


def _fitting(text: str, room: float, size: int, bold: bool, measure: Measure) -> str:
    if measure(text, size, bold) <= room:
        return text
    while text and measure(text + "…", size, bold) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def _line(
    text: str,
    x: float,
    y: float,
    size: int,
    bold: bool,
    colour: str,
    measure: Measure,
    ends_right: bool,
    rtl: bool | None = None,
) -> Text:
    """A line that touches the right edge at ``x`` if it ``ends_right``, else the left."""
    rtl = is_rtl(text) if rtl is None else rtl
    if ends_right != rtl:  # its beginning is at its other end
        wide = measure(text, size, bold)
        x = x - wide if ends_right else x + wide
    return Text(text, round(x, 1), y, size, bold, colour, rtl)


@cache
def _faces() -> str:
    """The pages' own fonts, in the picture itself: one that is shown in a page may load nothing."""
    out = []
    ranges = {
        "arabic": "U+0600-06FF,U+0750-077F,U+0870-08FF,U+200C-200E,U+2010-2011,U+FB50-FDFF,U+FE70-FEFF",
        "latin": "U+0000-00FF,U+2000-200B,U+2012-206F,U+20AC",
    }
    for weight in (400, 700):
        for script, covered in ranges.items():
            data = (_FONTS / f"noto-naskh-arabic-{script}-{weight}-normal.woff2").read_bytes()
            packed = base64.b64encode(data).decode()
            out.append(
                f"@font-face{{font-family:'Qawl Card';font-weight:{weight};unicode-range:{covered};"
                f"src:url(data:font/woff2;base64,{packed}) format('woff2')}}"
            )
    return "".join(out)


@lru_cache(maxsize=64)
def svg(card: Card) -> str:
    """The card as SVG, its text as text."""
    lines = layout(card, width_of)
    texts = "".join(
        f'<text x="{t.x:g}" y="{t.y:g}" direction="{"rtl" if t.rtl else "ltr"}" font-size="{t.size}" '
        f'font-weight="{700 if t.bold else 400}" fill="{t.colour}">{escape(t.text)}</text>'
        for t in lines
    )
    name = escape(plain(f"{card.who}: {card.words}" if card.who else card.words, LONGEST))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img"><title>{name}</title><style>{_faces()}'
        "text{font-family:'Qawl Card','Noto Naskh Arabic','Amiri','Traditional Arabic',serif;"
        "unicode-bidi:isolate;text-anchor:start}</style>"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>'
        f'<rect width="{WIDTH}" height="12" fill="{ACCENT}"/>'
        f'<rect x="{MARGIN}" y="{RULE}" width="{WIDTH - 2 * MARGIN}" height="2" fill="#d9d6cd"/>'
        f"{texts}</svg>"
    )


#: Where the line above the speaker's name is drawn.
RULE = HEIGHT - 176


@cache
def _font(size: int, bold: bool) -> FreeTypeFont:
    from PIL import ImageFont, features

    if not features.check("raqm"):
        raise QawlError(
            "share images need Pillow with raqm, which joins Arabic letters: install Pillow's wheel "
            "(pip install --force-reinstall pillow)"
        )
    path = _FONTS / f"card-{'bold' if bold else 'regular'}.ttf"
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.RAQM)


def width_of(text: str, size: int, bold: bool) -> float:
    """The width of a text in the bundled font, in pixels."""
    return float(_font(size, bold).getlength(text)) if text else 0.0


@lru_cache(maxsize=64)
def png(card: Card) -> bytes:
    """The card as PNG."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, WIDTH, 12), fill=ACCENT)
    draw.rectangle((MARGIN, RULE, WIDTH - MARGIN, RULE + 1), fill="#d9d6cd")
    for t in layout(card, width_of):
        draw.text(
            (t.x, t.y),
            t.text,
            font=_font(t.size, t.bold),
            fill=t.colour,
            anchor="rs" if t.rtl else "ls",
            direction="rtl" if t.rtl else "ltr",
        )
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=False, compress_level=6)
    return out.getvalue()
