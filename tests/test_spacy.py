"""The spaCy component: exact statements on any tokenization, and docs that travel."""

import datetime as dt
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

spacy = pytest.importorskip("spacy")

from spacy.language import Language  # noqa: E402
from spacy.tokens import Doc, DocBin  # noqa: E402

import qawl.spacy as component  # noqa: E402
from qawl.errors import QawlError  # noqa: E402
from qawl.evaluation import marker_baseline  # noqa: E402
from qawl.model import Article, Decision, Name, Span, Statement  # noqa: E402
from qawl.reader.reader import Reader  # noqa: E402

TEXT = (
    "محافظ الساحل: لا نقص في الوقود\n"
    'قال المحافظ وسام الراوي: "المحطات تعمل كالمعتاد".\n'
    "وأضافت نقابة السائقين أن الطوابير اختفت منذ الصباح. «عادت الحياة»، تؤكد النقابة."
)


class StandIn(Reader):
    """A small reader that surely finds statements in ``TEXT``, a cut one with all fields too."""

    version = "stand-in 1"

    def read(self, article: Article) -> Article:
        statements = marker_baseline.read(article, clauses=True)
        text = article.text
        if len(text) > 40:
            cut = Statement(
                content=(Span.of(text, 14, 16), Span.of(text, 21, 30)),
                cue=Span.of(text, 12, 13),
                speaker=Span.of(text, 0, 12),
                who="وسام الراوي",
                form="indirect",
                act="deny",
                nested=True,
                confidence=0.25,
                who_span=Span.of(text, 43, 54),
                decisions=(Decision("act", "rule", None, "a title"), Decision("who", "m", 0.5)),
                about=Span.of(text, 21, 30),
                addressee=Span.of(text, 0, 5),
                setting=Span.of(text, 31, 36),
                said=dt.date(2019, 11, 25),
                said_span=Span.of(text, 31, 34),
                via=("صحيفة الساحل",),
                names=(Name(Span.of(text, 21, 30), "place"),),
                checkable=True,
            )
            at_an_hour = replace(cut, said=dt.datetime(2019, 11, 25, 14, 30))
            statements[:0] = [cut, at_an_hour]
        return article.with_statements(statements, self.version)


@pytest.fixture
def nlp(monkeypatch: pytest.MonkeyPatch) -> Language:
    monkeypatch.setattr(component, "_reader", StandIn)
    made = spacy.blank("ar")
    made.add_pipe("qawl")
    return made


def expected(text: str = TEXT) -> tuple[Statement, ...]:
    return StandIn().read(Article.of(text)).statements


def test_the_package_does_not_hide_spacy() -> None:
    assert component.__name__ == "qawl.spacy"
    assert spacy.__name__ == "spacy"
    assert component.Language is spacy.language.Language


def test_statements_and_article_of_a_doc(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert len(expected()) == 5
    assert doc._.statements == expected()
    article = doc._.qawl_article
    assert (article.text, article.reader) == (TEXT, "stand-in 1")
    assert article.statements == doc._.statements
    assert [p.kind for p in article.paragraphs] == ["text"] * 3
    for statement in doc._.statements:
        assert all(doc.text[s.start : s.end] == s.text for s in statement.content)


def test_the_reader_itself_reads_the_text() -> None:
    made = spacy.blank("ar")
    made.add_pipe("qawl")
    article = made(TEXT)._.qawl_article
    assert article.statements == Reader().read(Article.of(TEXT)).statements
    assert article.reader == Reader().version


def test_the_first_line_is_the_title_where_asked(nlp: Language) -> None:
    nlp.remove_pipe("qawl")
    nlp.add_pipe("qawl", config={"titled": True})
    article = nlp(TEXT)._.qawl_article
    assert article.title == "محافظ الساحل: لا نقص في الوقود"
    assert [p.kind for p in article.paragraphs] == ["title", "text", "text"]


def test_span_groups_by_statement(nlp: Language) -> None:
    doc = nlp(TEXT)
    content = doc.spans["qawl:content"]
    assert [(s.id_, s.label_) for s in content][:5] == [
        ("0", "deny"),
        ("0", "deny"),
        ("1", "deny"),
        ("1", "deny"),
        ("2", "inform"),
    ]
    assert "المحطات تعمل كالمعتاد" in content[4].text
    cues = {s.id_: s for s in doc.spans["qawl:cue"]}
    assert cues["2"].text == "قال"
    (first, *_) = doc.spans["qawl:speaker"]
    assert (first.label_, first.kb_id_) == ("speaker", "وسام الراوي")


def tokens_of(nlp: Language, width: int) -> Doc:
    """``TEXT`` in tokens of ``width`` characters, whatever they cut."""
    words = [TEXT[i : i + width] for i in range(0, len(TEXT), width)]
    doc = Doc(nlp.vocab, words=words, spaces=[False] * len(words))
    assert doc.text == TEXT
    return doc


@pytest.mark.parametrize("width", [1, 2, 5, 17, 1000])
@pytest.mark.parametrize("alignment", ["expand", "contract", "strict"])
def test_any_tokenization(nlp: Language, width: int, alignment: str) -> None:
    nlp.remove_pipe("qawl")
    nlp.add_pipe("qawl", config={"alignment": alignment})
    doc = nlp(tokens_of(nlp, width))
    assert doc._.statements == expected()
    parts = [(str(n), part) for n, s in enumerate(expected()) for part in s.content]
    spans = list(doc.spans["qawl:content"])
    if alignment == "expand":
        assert [s.id_ for s in spans] == [n for n, _ in parts]
    for span in spans:
        own = [part for number, part in parts if number == span.id_]
        if alignment == "expand":
            assert any(span.start_char <= p.start and p.end <= span.end_char for p in own)
        elif alignment == "contract":
            assert any(p.start <= span.start_char and span.end_char <= p.end for p in own)
        else:
            assert any((p.start, p.end) == (span.start_char, span.end_char) for p in own)
    if width == 1:
        assert len(spans) == len(parts)


def test_after_merging_tokens(nlp: Language) -> None:
    doc = nlp(TEXT)
    with doc.retokenize() as retokenizer:
        retokenizer.merge(doc[0:4])
    assert doc._.statements == expected()


@pytest.mark.parametrize("text", ["", "   \n ", "no Arabic here", "\u0000\u200f"])
def test_texts_without_statements(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc._.statements == ()
    assert len(doc.spans["qawl:content"]) == 0


def test_a_doc_that_was_not_read(nlp: Language) -> None:
    doc = nlp.make_doc(TEXT)
    assert doc._.statements == ()
    assert doc._.qawl_article is None


def test_docs_travel(nlp: Language) -> None:
    doc = nlp(TEXT)
    copy = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert copy._.qawl_article == doc._.qawl_article
    assert [s.text for s in copy.spans["qawl:content"]] == [
        s.text for s in doc.spans["qawl:content"]
    ]
    (kept,) = DocBin(docs=[doc], store_user_data=True).get_docs(nlp.vocab)
    assert kept._.statements == expected()


def test_streams_in_order(nlp: Language) -> None:
    texts = [TEXT, "", "قال سعيد: «نعم»."]
    docs = list(nlp.pipe(texts))
    assert [d.text for d in docs] == texts
    assert [d._.statements for d in docs] == [expected(t) for t in texts]


def test_the_pipeline_is_saved_and_loaded(nlp: Language, tmp_path: Path) -> None:
    nlp.remove_pipe("qawl")
    nlp.add_pipe("qawl", config={"alignment": "contract"})
    nlp.to_disk(tmp_path / "model")
    loaded = spacy.load(tmp_path / "model")
    assert loaded.get_pipe("qawl").alignment == "contract"
    assert loaded(TEXT)._.statements == expected()
    again = spacy.blank("ar")
    again.add_pipe("qawl")
    again.from_bytes(nlp.to_bytes())
    assert again(TEXT)._.statements == expected()


def test_an_unknown_alignment_says_what_to_set() -> None:
    with pytest.raises(QawlError, match="expand, contract, strict"):
        component.QawlComponent("outside")  # type: ignore[arg-type]


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_the_entry_point_is_enough() -> None:
    done = run(
        "import spacy\nnlp = spacy.blank('ar')\nnlp.add_pipe('qawl')\n"
        "print(nlp.pipe_names, nlp('')._.statements)"
    )
    assert done.stdout.strip() == "['qawl'] ()", done.stderr


def test_without_spacy_the_error_says_what_to_install() -> None:
    done = run("import sys\nsys.modules['spacy'] = None\nimport qawl\nimport qawl.spacy")
    assert done.returncode == 1
    assert "MissingExtraError: qawl.spacy needs an optional package" in done.stderr
    assert "pip install 'qawl[spacy]'" in done.stderr
