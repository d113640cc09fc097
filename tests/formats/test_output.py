import os

import pytest

from qawl.formats.output import OutputError, atomic_file, atomic_folder


def test_a_file_appears_whole_with_the_usual_rights(tmp_path):
    target = tmp_path / "out.jsonl"
    with atomic_file(target) as out:
        out.write(b"half")
        assert not target.exists()
        out.write(b" whole")
    assert target.read_bytes() == b"half whole"
    mask = os.umask(0)
    os.umask(mask)
    assert target.stat().st_mode & 0o777 == 0o666 & ~mask
    assert list(tmp_path.iterdir()) == [target]


def test_after_an_error_what_stood_there_is_untouched(tmp_path):
    target = tmp_path / "out.jsonl"
    target.write_text("before")

    def interrupted():
        with atomic_file(target) as out:
            out.write(b"after")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_is_written_through_and_rights_are_kept(tmp_path):
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("before")
    real.chmod(0o640)
    link.symlink_to(real)
    with atomic_file(link) as out:
        out.write(b"after")
    assert link.is_symlink()
    assert (real.read_text(), real.stat().st_mode & 0o777) == ("after", 0o640)


def test_a_device_is_written_directly():
    from pathlib import Path

    with atomic_file(Path(os.devnull)) as out:
        out.write(b"gone")


def test_a_folder_for_a_file_or_a_missing_folder_is_said(tmp_path):
    with pytest.raises(OutputError, match="is a folder"), atomic_file(tmp_path):
        pass
    with pytest.raises(OutputError, match="make the folder"), atomic_file(tmp_path / "no" / "x"):
        pass


def test_a_folder_appears_whole_also_in_the_place_of_an_empty_one(tmp_path):
    for target in (tmp_path / "new", tmp_path / "empty"):
        if target.name == "empty":
            target.mkdir()
        with atomic_folder(target) as part:
            (part / "a.txt").write_text("a")
            assert not (target / "a.txt").exists()
        assert (target / "a.txt").read_text() == "a"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["empty", "new"]


def test_a_folder_with_something_in_it_is_never_written_over(tmp_path):
    (tmp_path / "mine.ann").write_text("T1")
    with pytest.raises(OutputError, match="empty folder"), atomic_folder(tmp_path):
        pass


def test_after_an_error_there_is_no_folder(tmp_path):
    def failing():
        with atomic_folder(tmp_path / "new") as part:
            (part / "a.txt").write_text("a")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert list(tmp_path.iterdir()) == []
