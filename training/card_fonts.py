"""Makes the two fonts that share images are drawn with (``qawl.web.cards``): web/static/fonts/card-*.ttf.

The pages load Noto Naskh Arabic in parts, one with the Arabic letters and one with the Latin ones; a drawn
picture needs both in one file. This puts them together and leaves out what only screens use.

    pip install fonttools brotli
    python training/card_fonts.py

The fonts stay under the SIL Open Font License (web/static/fonts/noto-naskh-arabic.LICENSE), which
reserves no name.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parents[1] / "src/qawl/web/static/fonts"
#: Tables without which letters are drawn and joined just the same.
UNUSED = ("STAT", "gasp", "DSIG", "meta")


def main() -> None:
    """Makes both weights and says how large they are."""
    for weight, name in ((400, "regular"), (700, "bold")):
        with tempfile.TemporaryDirectory() as folder:
            parts = []
            for script in ("arabic", "latin"):
                font = TTFont(FONTS / f"noto-naskh-arabic-{script}-{weight}-normal.woff2")
                for table in UNUSED:
                    if table in font:
                        del font[table]
                font.flavor = None
                parts.append(f"{folder}/{script}.ttf")
                font.save(parts[-1])
            merged = Merger().merge(parts)
        out = FONTS / f"card-{name}.ttf"
        merged["head"].created = merged["head"].modified = 0  # the same file every time
        merged.recalcTimestamp = False
        merged.save(out)
        print(f"{out.name}: {out.stat().st_size:,} bytes, {len(merged.getBestCmap())} characters")


if __name__ == "__main__":
    main()
