import io
import re

from format_strategies import articles as any_article
from hypothesis import given

from qawl.formats import bibtex, ris


def written(module, *articles):
    out = io.BytesIO()
    module.write(articles, out)
    return out.getvalue().decode("utf-8")


def test_ris_cites_the_article_and_quotes_the_statement(spokesman):
    first = written(ris, spokesman).split("\r\n\r\n")[0].split("\r\n")
    assert first[0] == "TY  - NEWS"
    assert "TI  - الطاقة: المحطة تعمل" in first
    assert "T2  - نهار الجبل" in first
    assert "DA  - 2024/05/02/" in first
    assert "UR  - https://nahar.example/7" in first
    assert any(line.startswith("N1  - سامر الحلو: «المحطة تنتج 40 ميغاواط»") for line in first)
    assert first[-1] == "ER  - "


def test_biblatex_cites_the_article_and_quotes_the_statement(spokesman):
    text = written(bibtex, spokesman)
    assert "journaltitle = {نهار الجبل}" in text
    assert "date = {2024-05-02}" in text
    assert "note = {سامر الحلو: «المحطة تنتج 40 ميغاواط» (char=" in text
    keys = re.findall(r"@article\{([^,]+),", text)
    assert len(keys) == len(set(keys)) == len(spokesman.statements)
    assert written(bibtex, spokesman) == text


@given(any_article())
def test_no_text_breaks_out_of_its_field(article):
    lines = written(ris, article).split("\r\n")
    assert all(not line or re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)
    assert lines.count("TY  - NEWS") == lines.count("ER  - ") == len(article.statements)
    text = re.sub(
        r"\\(?:textbackslash|textasciitilde|textasciicircum)\{\}|\\[{}%&#$_]",
        "",
        written(bibtex, article),
    )
    depth = 0
    for ch in text:
        depth += (ch == "{") - (ch == "}")
        assert depth >= 0
    assert depth == 0
