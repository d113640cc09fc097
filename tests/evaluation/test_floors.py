"""The reader stays above its floors on the project's own gold; the mechanism itself can fail.

To see the figures beside the floors: ``python -m qawl.evaluation.floors tests/gold``.
"""

import json
from pathlib import Path

import evaluation_sample as sample
import pytest

from qawl.errors import InputError
from qawl.evaluation import floors, read_gold

GOLD = Path(__file__).parents[1] / "gold"


def test_the_floors_name_every_pinned_figure() -> None:
    assert floors.read_floors(GOLD).keys() == floors.PINNED.keys()


def test_the_reader_is_above_its_floors() -> None:
    if not list(GOLD.glob("*.jsonl")):
        pytest.skip("tests/gold holds no gold yet")
    fallen = floors.below(floors.figures_on(GOLD), floors.read_floors(GOLD))
    assert not fallen, "; ".join(
        f"{name} is {now:.3f}, its floor {floor:.3f}" for name, (now, floor) in fallen.items()
    )


def folder(path: Path, floor: float) -> Path:
    rows = "\n".join(json.dumps(row) for row in sample.rows())
    (path / "g.jsonl").write_text(rows, "utf-8")
    every = dict.fromkeys(floors.PINNED, floor)
    (path / floors.FILE).write_text(json.dumps(every), "utf-8")
    return path


def test_a_figure_below_its_floor_is_named() -> None:
    figures = {"found": 0.5, "joint": 0.7}
    assert floors.below(figures, {"found": 0.5, "joint": 0.71}) == {"joint": (0.7, 0.71)}


def test_floors_rise_and_never_sink() -> None:
    lifted = floors.raised({"found": 0.876, "joint": 0.5}, {"found": 0.6, "joint": 0.55})
    assert lifted == {"found": 0.86, "joint": 0.55}


def test_the_reader_never_sees_the_gold(tmp_path: Path) -> None:
    seen = []

    class Spy(floors.Reader):
        def read(self, article):  # type: ignore[no-untyped-def]
            seen.append(article)
            return article.with_statements((), "spy")

    articles = read_gold(folder(tmp_path, 0.0))
    found = floors.read_articles(articles, Spy())
    assert [a.id for a in seen] == ["t-1", "t-2", "t-3", "t-4"]
    assert all(a.statements == () for a in seen)
    assert found == {"t-1": (), "t-2": (), "t-3": (), "t-4": ()}


def test_the_command_fails_below_a_floor_and_raises(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = dict.fromkeys(floors.PINNED, 0.9)
    monkeypatch.setattr(floors, "figures_on", lambda folder: figures)
    low, high = tmp_path / "low", tmp_path / "high"
    for made, floor in ((low, 0.4), (high, 0.95)):
        made.mkdir()
        folder(made, floor)
    assert floors.main([str(high)]) == 1
    assert "-0.050" in capsys.readouterr().out
    assert floors.main([str(low), "--raise"]) == 0
    assert set(floors.read_floors(low).values()) == {0.89}


def test_the_command_reads_with_the_reader(tmp_path: Path) -> None:
    figures = floors.figures_on(folder(tmp_path, 0.0))
    assert figures.keys() == floors.PINNED.keys()
    assert all(0.0 <= figure <= 1.0 for figure in figures.values())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"found": 1}'])
def test_a_bad_file_of_floors_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        floors.read_floors(tmp_path)
    (tmp_path / floors.FILE).write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"floors\.json"):
        floors.read_floors(tmp_path)


def test_a_floor_above_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the floor of found is 1\.5"):
        floors.read_floors(folder(tmp_path, 1.5))
