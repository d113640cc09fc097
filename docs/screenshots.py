"""Pictures of the pages for the README, over the samples: docs/pictures/*.png.

    python docs/screenshots.py [--all FOLDER]

Needs Playwright and a Chromium (`chromium` on the path, or QAWL_CHROMIUM). ``--all`` instead draws every page of
tests/browser, light and dark, wide and narrow, in both languages, into a folder to be looked at.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from sample_record import fill  # noqa: E402
from test_pages import PAGES  # noqa: E402

from conftest import serving  # noqa: E402

#: name: path, language, colours, width, height
PICTURES = {
    "search": ("/?q=إضراب", "ar", "light", 1100, 760),
    "article": ("/articles/2", "ar", "light", 1100, 820),
    "person": ("/sources/{person}", "en", "dark", 1100, 760),
}
#: Colours of a picture: a page of text needs no more, and a quarter of the bytes.
COLOURS = 64


def smaller(path: Path) -> None:
    """Keeps a picture in few colours."""
    from PIL import Image

    with Image.open(path) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def shot(browser: Any, url: str, path: Path, language: str, scheme: str, width: int, height: int,
         whole: bool) -> None:  # fmt: skip
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        reduced_motion="reduce",
        locale="ar" if language == "ar" else "en-GB",
    )
    page = context.new_page()
    page.goto(url)
    page.evaluate("() => document.fonts.ready")
    if not whole:
        page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    page.screenshot(path=str(path), full_page=whole)
    context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--all", type=Path, metavar="FOLDER")
    args = parser.parse_args()
    from playwright.sync_api import sync_playwright

    program = os.environ.get("QAWL_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        where = Path(folder) / "record.db"
        for server in serving(where, fill(where), Path(folder) / "log"):
            if args.all:
                args.all.mkdir(parents=True, exist_ok=True)
                for name, path in PAGES.items():
                    for language, scheme, width in (("ar", "light", 1280), ("en", "dark", 390),
                                                    ("ar", "dark", 390), ("en", "light", 1280)):  # fmt: skip
                        file = (
                            args.all / f"{name.replace(' ', '-')}_{language}_{scheme}_{width}.png"
                        )
                        shot(browser, server.url(path, language), file, language, scheme, width, 900, True)  # fmt: skip
            else:
                made = ROOT / "docs" / "pictures"
                made.mkdir(exist_ok=True)
                for name, (path, language, scheme, width, height) in PICTURES.items():
                    file = made / f"{name}.png"
                    shot(browser, server.url(path, language), file, language, scheme, width, height, False)  # fmt: skip
                    smaller(file)
                    print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1024:.0f} KB")
        browser.close()


if __name__ == "__main__":
    main()
