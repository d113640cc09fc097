"""The page maker and the table writer of benchmarks/ (which is not part of a source release)."""

import gzip
import json
import math
import sys
from html import unescape
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
if not BENCHMARKS.is_dir():
    pytest.skip("benchmarks/ is not here", allow_module_level=True)
sys.path.append(str(BENCHMARKS))

import articles as corpus  # noqa: E402
import measuring  # noqa: E402
import pages  # noqa: E402
import run  # noqa: E402

ARTICLE = pages.PageArticle(
    title="رئيس البلدية: «الحديقة» تفتح <غدا> & مجانا",
    paragraphs=(
        "قال رئيس بلدية الضفة ماهر الكيلاني إن الحديقة العامة ستفتح أبوابها غدا أمام الزوار مجانا.",
        "وأضاف خلال جولة مع الصحفيين: «زرعنا ثلاثة آلاف شجرة، وكلها من مشاتل المدينة».",
        "وشككت جمعية أصدقاء البيئة في الأرقام، وطالبت بنشر عقود الري كاملة على موقع البلدية.",
        "وترد البلدية بأن العقود متاحة لمن يطلبها من سكان المدينة، وأن الري يعتمد على مياه معالجة.",
    ),
)


@pytest.mark.parametrize("theme", pages.THEMES)
def test_a_page_holds_its_article_escaped(theme: str) -> None:
    page = pages.make_page(ARTICLE, theme, 3)
    assert "رئيس البلدية: «الحديقة» تفتح &lt;غدا&gt; &amp; مجانا</h1>" in page
    for paragraph in ARTICLE.paragraphs:
        assert paragraph in unescape(page)
    assert page == pages.make_page(ARTICLE, theme, 3)
    assert page != pages.make_page(ARTICLE, theme, 4)


@pytest.mark.parametrize("theme", pages.REALISTIC)
def test_realistic_pages_are_as_large_as_real_ones(theme: str) -> None:
    assert 30_000 < len(pages.make_page(ARTICLE, theme).encode()) < 120_000


@pytest.mark.parametrize("theme", pages.THEMES)
def test_trafilatura_finds_the_article_in_them(theme: str) -> None:
    trafilatura = pytest.importorskip("trafilatura")
    text = trafilatura.extract(pages.make_page(ARTICLE, theme), include_comments=False)
    for paragraph in ARTICLE.paragraphs:
        assert paragraph in text


def test_only_the_tables_that_were_made_are_replaced() -> None:
    page = "# T\n<!-- a:begin -->old<!-- a:end -->\nkept\n<!-- b:begin -->old<!-- b:end -->\n"
    new = run.replaced(page, {"a": ["| x |"]})
    assert "kept\n<!-- b:begin -->old<!-- b:end -->" in new
    assert "<!-- a:begin -->\n\n| x |\n\n<!-- a:end -->" in new
    assert run.replaced(new, {"a": ["| x |"]}) == new
    with pytest.raises(SystemExit, match="memory:begin"):
        run.replaced(page, {"memory": []})


def test_the_docs_hold_every_mark_and_its_table() -> None:
    page = run.DOCS.read_text("utf-8")
    tables = {name: ["x"] for name in ("reading", "starting", "growth", "memory")}
    assert run.replaced(page, tables)
    for name in tables:
        table = page.split(f"<!-- {name}:begin -->")[1].split(f"<!-- {name}:end -->")[0]
        assert table.count("\n|") > 2, name


def test_a_table_can_be_printed_and_then_written() -> None:
    table = run.growth_table([measuring.Growth("a paragraph", ((1, 1.0), (2, 2.0), (4, 4.0)))])
    assert list(table) == list(table)
    assert table[-1] == "| a paragraph | 1 → 1.0 · 2 → 2.0 · 4 → 4.0 | 1.00 |"


def test_the_exponent_tells_linear_from_quadratic() -> None:
    lengths = [1, 2, 4, 8, 16]
    linear = measuring.Growth("", tuple((n, 3.0 * n) for n in lengths))
    quadratic = measuring.Growth("", tuple((n, 0.1 * n * n) for n in lengths))
    assert linear.exponent == pytest.approx(1)
    assert quadratic.exponent == pytest.approx(2)
    assert measuring.Growth("", ((1, 1.0), (2, 4.0)), stopped=True).exponent == pytest.approx(2)
    assert math.isnan(measuring.Growth("", ((1, 1.0),)).exponent)


def test_a_folder_without_articles_is_said(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"neither gold/train\.jsonl nor"):
        corpus.load(tmp_path, 5)
    with pytest.raises(SystemExit, match="neither"):
        corpus.load(tmp_path / "none", 5)


def test_articles_come_from_gold_and_texts(tmp_path: Path) -> None:
    rows = [{"title": "ع", "text": f"{n} " + "نص " * 200} for n in range(30)]
    lines = "\n".join(json.dumps(row) for row in [*rows, {"title": "قصير", "text": "قصير"}])
    (tmp_path / "gold").mkdir()
    (tmp_path / "text").mkdir()
    (tmp_path / "gold" / "train.jsonl").write_text(lines, "utf-8")
    with gzip.open(tmp_path / "text" / "a.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(lines)
    chosen = corpus.load(tmp_path, 12)
    assert len(chosen.rows) == 12
    assert chosen == corpus.load(tmp_path, 12)
    assert chosen.what == "train.jsonl, a.jsonl.gz"
    assert all(row["title"] == "ع" for row in chosen.rows)
