import contextlib
import csv
import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from click.testing import CliRunner

from qawl.cli import cli
from qawl.errors import ModelError
from qawl.formats import FORMATS
from qawl.model import Decision, Span, Statement

TITLE = "الوزيرة: المدارس تفتح الأحد"
BODY = (
    "قالت وزيرة التربية سلمى الكتبي: «نفتح المدارس يوم الأحد».\n"
    "وأضافت أن الكتب ستصل إلى كل المحافظات قبل نهاية الشهر.\n"
)


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "مدارس.txt"
    path.write_text(BODY, "utf-8")
    return path


@pytest.fixture
def jsonl(tmp_path):
    """Ten articles, one of them of silence, in a file with a broken line and a half one."""
    path = tmp_path / "many.jsonl"
    lines = [
        json.dumps({"id": f"n{n}", "title": TITLE, "text": BODY})
        if n != 4
        else json.dumps({"id": "n4", "title": "هدوء في الميناء", "text": "هدوء تام."})
        for n in range(10)
    ]
    lines.insert(3, '{"id": "broken", "text": ')
    lines.insert(7, '{"id": "no text"}')
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


class Marker:
    """A reader that marks what stands between guillemets, surely, and the rest, less surely."""

    version = "marker 1"

    def __init__(self, *, min_confidence=0.0):
        self.least = min_confidence

    def read(self, article):
        text = article.text
        if "«" not in text:
            return replace(article, notes=("nothing between marks",), reader=self.version)
        quote = Span.of(text, text.index("«") + 1, text.index("»"))
        name = Span.of(text, text.index("سلمى"), text.index("سلمى") + len("سلمى الكتبي"))
        sure = Statement(
            (quote,), None, name, name.text, "direct", "commit", False, 0.9, name,
            (Decision("content", "marks"),),
        )  # fmt: skip
        rest = Span.of(text, text.index("الكتب "), text.index("قبل نهاية"))
        less = Statement((rest,), None, None, name.text, "indirect", "predict", False, 0.4, name)
        found = [s for s in (sure, less) if s.confidence >= self.least]
        return article.with_statements(found, self.version)


@pytest.fixture
def marked(monkeypatch):
    """Runs the command in this process with the reader above."""
    import qawl.reader

    monkeypatch.setattr(qawl.reader, "Reader", Marker)

    def run(*arguments, input=None):
        return CliRunner().invoke(cli, ["read", *arguments], input=input)

    return run


def test_jsonl_gives_one_line_an_article_in_order_and_names_the_broken_lines(qawl, jsonl):
    done = qawl("read", "--format", "jsonl", "many.jsonl")
    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [line["id"] for line in lines] == [f"n{n}" for n in range(10)]
    assert lines[4]["statements"] == []
    assert done.returncode == 1
    errors = done.stderr.decode()
    assert "many.jsonl:4" in errors
    assert "many.jsonl:8" in errors
    assert "2 of 12 could not be read" in errors
    assert "Traceback" not in errors


def test_every_span_of_the_output_is_a_substring(qawl, text):
    done = qawl("read", "--format", "json", text.name)
    [article] = json.loads(done.stdout)["articles"]
    assert article["text"] == BODY
    for statement in article["statements"]:
        for span in [*statement["content"], statement["cue"], statement["speaker"]]:
            if span:
                assert BODY[span["start"] : span["end"]] == span["text"]
    assert done.returncode == 0
    assert done.stderr == b""


def test_standard_input_is_read_named_or_not(qawl, text):
    named = qawl("read", "--format", "jsonl", "-", input=BODY.encode())
    unnamed = qawl("read", "--format", "jsonl", input=BODY.encode())
    assert named.stdout == unnamed.stdout
    assert named.returncode == unnamed.returncode == 0
    assert len(named.stdout.splitlines()) == 1


def test_a_folder_is_read_whole(qawl, tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / "news" / name).mkdir(parents=True)
        (tmp_path / "news" / name / "x.txt").write_text(BODY, "utf-8")
    done = qawl("read", "--format", "jsonl", "news")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 3


def test_what_cannot_be_read_is_said_and_the_rest_goes_on(qawl, text, tmp_path):
    (tmp_path / "empty.txt").write_bytes(b"")
    done = qawl("read", "--format", "jsonl", "missing.txt", "empty.txt", text.name)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    errors = done.stderr.decode()
    assert "missing.txt" in errors
    assert "empty.txt" in errors
    assert "2 of 3 could not be read" in errors


def test_an_article_without_arabic_is_said_and_is_no_error(qawl, tmp_path):
    (tmp_path / "english.txt").write_text("The minister said: no.\n")
    done = qawl("read", "--format", "jsonl", "english.txt")
    assert done.returncode == 0
    assert json.loads(done.stdout)["statements"] == []
    assert "english.txt" in done.stderr.decode()
    assert "Arabic" in done.stderr.decode()


@pytest.mark.parametrize("form", [name for name, form in FORMATS.items() if form.file])
def test_every_format_is_written_to_a_file_whole(qawl, text, tmp_path, form):
    done = qawl("read", "--format", form, "--output", "out", text.name)
    assert (done.returncode, done.stderr, done.stdout) == (0, b"", b"")
    assert (tmp_path / "out").stat().st_size > 0
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["out", text.name])
    if not FORMATS[form].binary:
        piped = qawl("read", "--format", form, text.name)
        assert piped.stdout == (tmp_path / "out").read_bytes()


def test_brat_and_parquet_write_folders(qawl, text, tmp_path):
    assert qawl("read", "--format", "brat", "-o", "brat", text.name).returncode == 0
    assert len(list((tmp_path / "brat").iterdir())) == 3
    assert qawl("read", "--format", "parquet", "-o", "tables/", text.name).returncode == 0
    assert sorted(p.name for p in (tmp_path / "tables").iterdir()) == [
        "articles.parquet",
        "statements.parquet",
    ]
    again = qawl("read", "--format", "brat", "-o", "brat", text.name)
    assert again.returncode == 2
    assert b"empty folder" in again.stderr


def test_when_nothing_could_be_read_the_old_output_stays(qawl, tmp_path):
    (tmp_path / "out.jsonl").write_text("dear work")
    done = qawl("read", "--format", "jsonl", "-o", "out.jsonl", "missing.html")
    assert done.returncode == 1
    assert (tmp_path / "out.jsonl").read_text() == "dear work"
    assert [p.name for p in tmp_path.iterdir()] == ["out.jsonl"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--format", "word", "a.txt"], "'word'"),
        (["--format", "brat", "a.txt"], "--output FOLDER"),
        (["--format", "csv", "--context", "a.txt"], "--format text"),
        (["--title", "عنوان", "a.txt", "b.txt"], "single text"),
        (["--outlet", "صحيفة", "."], "single text"),
        (["--date", "25/11/2019", "a.txt"], "2019-11-25"),
        (["--min-confidence", "2", "a.txt"], "0<=x<=1"),
        (["--output", ".", "a.txt"], "is a folder"),
        (["--output", "no/such/out", "a.txt"], "make the folder"),
    ],
)
def test_wrong_usage_is_status_2_and_says_what_to_do(qawl, tmp_path, arguments, says):
    (tmp_path / "a.txt").write_text(BODY, "utf-8")
    done = qawl("read", *arguments)
    assert done.returncode == 2
    assert says in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_what_the_user_says_of_a_text_goes_before_what_it_says(qawl, text):
    done = qawl(
        "read", "--format", "json", "--title", f" {TITLE}\n", "--date", "2019-11-25T01:00+03:00",
        "--outlet", "وكالة الساحل", text.name,
    )  # fmt: skip
    [article] = json.loads(done.stdout)["articles"]
    assert article["text"] == f"{TITLE}\n{BODY}"
    assert article["title"] == TITLE
    assert article["date"] == "2019-11-24T22:00:00+00:00"
    assert article["outlet"] == "وكالة الساحل"
    first, second, *_ = article["paragraphs"]
    assert (first["kind"], first["end"]) == ("title", len(TITLE))
    assert article["text"][second["start"] : second["end"]] == BODY.splitlines()[0]


def test_a_title_is_put_before_a_text_and_takes_no_line_of_it(qawl, tmp_path):
    (tmp_path / "a.txt").write_text(f"سطر قصير بلا نقطة\n{BODY}", "utf-8")
    done = qawl("read", "--format", "json", "--title", TITLE, "a.txt")
    [article] = json.loads(done.stdout)["articles"]
    assert article["text"] == f"{TITLE}\nسطر قصير بلا نقطة\n{BODY}"


@pytest.mark.parametrize("name", ["missing.txt", "picture.png", "empty.txt", "cut.gz"])
def test_a_title_for_what_cannot_be_read_is_no_help(qawl, tmp_path, name):
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "cut.gz").write_bytes(b"\x1f\x8b\x08\x00")
    done = qawl("read", "--title", TITLE, name)
    assert done.returncode == 1
    assert done.stderr.decode().startswith(f"qawl: {name}: ")
    assert b"Traceback" not in done.stderr


def test_a_title_for_many_articles_is_refused_and_writes_nothing(qawl, jsonl, tmp_path):
    done = qawl("read", "--format", "json", "--title", "عنوان", "-o", "out", "many.jsonl")
    assert done.returncode == 1
    assert "many.jsonl: " in done.stderr.decode()
    assert not (tmp_path / "out").exists()


def test_the_terminal_view_counts_and_explains(marked, text):
    done = marked("--explain", str(text))
    assert done.exit_code == 0
    assert "سلمى الكتبي — 2 statements" in done.output
    assert "content: marks" in done.output
    assert done.output.rstrip().endswith("2 statements by 1 source")
    assert "قولان من مصدر واحد" in marked("--lang", "ar", str(text)).output
    assert "⟦نفتح المدارس يوم الأحد⟧" in marked("--context", str(text)).output


def test_min_confidence_leaves_out_the_less_sure(marked, text):
    for least, left in (("0.4", 2), ("0.5", 1), ("0.95", 0)):
        done = marked("--format", "jsonl", "--min-confidence", least, str(text))
        assert len(json.loads(done.stdout)["statements"]) == left


def test_csv_reads_back_with_the_csv_module(marked, text):
    done = marked("--format", "csv", str(text))
    rows = list(csv.DictReader(io.StringIO(done.stdout_bytes.decode("utf-8-sig"), newline="")))
    assert [row["act"] for row in rows] == ["commit", "predict"]
    for row in rows:
        assert BODY[int(row["content_starts"]) : int(row["content_ends"])] == row["content"]


def test_notes_are_told_on_standard_error(marked, tmp_path):
    (tmp_path / "quiet.txt").write_text("هدوء تام في المدينة.", "utf-8")
    done = marked("--format", "jsonl", str(tmp_path / "quiet.txt"))
    assert done.exit_code == 0
    assert "nothing between marks" in done.stderr
    assert "nothing between marks" not in done.stdout


def test_a_fault_of_the_reader_costs_one_article_only(marked, jsonl, monkeypatch):
    read = Marker.read

    def faulty(self, article):
        if article.id == "n2":
            raise ZeroDivisionError("oh")
        return read(self, article)

    monkeypatch.setattr(Marker, "read", faulty)
    done = marked("--format", "jsonl", str(jsonl))
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == 9
    assert "n2: could not be read (ZeroDivisionError: oh)" in done.stderr
    assert "3 of 12 could not be read" in done.stderr


def test_a_reader_of_the_output_may_leave_early(command, environment, tmp_path):
    line = json.dumps({"id": "x", "title": TITLE, "text": BODY * 20})
    (tmp_path / "many.jsonl").write_text((line + "\n") * 300, "utf-8")
    with (
        (tmp_path / "errors").open("wb") as errors,
        subprocess.Popen(
            [*command, "read", "--format", "json", "many.jsonl"],
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=tmp_path,
            env=environment,
        ) as process,
    ):
        assert process.stdout is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.wait(60) == 128 + signal.SIGPIPE
    assert (tmp_path / "errors").read_bytes() == b""


def test_without_its_model_it_stops_at_once(marked, jsonl, monkeypatch):
    def damaged(self, article):
        raise ModelError("the model is damaged: install qawl again")

    monkeypatch.setattr(Marker, "read", damaged)
    done = marked(str(jsonl))
    assert isinstance(done.exception, ModelError)
    assert "could not be read" not in done.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle_it_leaves_nothing_behind(command, environment, tmp_path, number):
    with subprocess.Popen(
        [*command, "read", "--format", "jsonl", "--output", "out.jsonl", "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment,
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(BODY.encode())
        process.stdin.flush()
        deadline = time.monotonic() + 30
        while not list(tmp_path.glob(".out.jsonl.*")) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(number)
        # Python dies of a SIGINT that comes in an exec (a dataclass is made by one), though it was
        # caught; a shell sees 130 in either case
        same = {128 + number, -signal.SIGINT} if number == signal.SIGINT else {128 + number}
        assert process.wait(60) in same
        assert b"Traceback" not in process.stderr.read()
    assert list(tmp_path.iterdir()) == []


def test_on_a_terminal_it_shows_progress_and_leaves_the_output_alone(
    command, environment, jsonl, tmp_path
):
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [*command, "read", "--format", "jsonl", "-o", "out.jsonl", "many.jsonl", "many.jsonl"],
        stdin=subprocess.DEVNULL,
        stderr=follower,
        cwd=tmp_path,
        env=environment | {"TERM": "xterm"},
    ) as process:
        os.close(follower)
        seen = b""
        with contextlib.suppress(OSError):  # EIO: the other side is closed
            while more := os.read(leader, 65_536):
                seen += more
        assert process.wait(60) == 1, seen.decode("utf-8", "replace")
    os.close(leader)
    assert len((tmp_path / "out.jsonl").read_bytes().splitlines()) == 20
    assert b"articles, " in seen
    assert b"many.jsonl:4" in seen


def test_nothing_given_at_a_terminal_is_usage(command, environment, tmp_path):
    leader, follower = pty.openpty()
    done = subprocess.run(
        [*command, "read"],
        stdin=follower,
        capture_output=True,
        cwd=tmp_path,
        env=environment,
        timeout=60,
        check=False,
    )
    os.close(follower)
    os.close(leader)
    assert done.returncode == 2
    assert b"Give a FILE" in done.stderr


def test_without_pyarrow_parquet_says_what_to_install(qawl, text, command, environment, tmp_path):
    script = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from qawl.cli import main\n"
        f"sys.argv = ['qawl', 'read', '--format', 'parquet', '-o', 'x', {text.name!r}]\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        cwd=tmp_path,
        env=environment,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert b"pip install 'qawl[parquet]'" in done.stderr
    assert b"Traceback" not in done.stderr
    assert not (tmp_path / "x").exists()
