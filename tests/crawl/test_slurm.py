"""Slurm: the scripts that are submitted, in their order; run as Slurm would, they make the same tables."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from crawl_samples import page, record, warc

#: Stands for Slurm's sbatch: keeps each script, and runs its array at once, one task after the other.
SBATCH = """#!{python}
import os, pathlib, re, subprocess, sys
kept = pathlib.Path({kept!r})
number = len(list(kept.glob("*.sh"))) + 1
script = pathlib.Path(sys.argv[-1]).read_text()
(kept / f"{{number:02}}.sh").write_text(script + "\\n# " + " ".join(sys.argv[1:-1]))
last = re.search(r"--array=0-(\\d+)", script)
for task in range(int(last[1]) + 1):
    environment = dict(os.environ, SLURM_ARRAY_TASK_ID=str(task), SLURM_NODELIST="node1")
    subprocess.run(["bash", sys.argv[-1]], env=environment, check=True, capture_output=True)
print("Submitted batch job", number)
"""


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the stand-in keeps the scripts."""
    kept, programs = tmp_path / "kept", tmp_path / "programs"
    kept.mkdir()
    programs.mkdir()
    run = 'while [ "${1#-}" != "$1" ]; do if [ "$1" = -n ]; then shift; fi; shift; done; exec "$@"'
    for name, text in (
        ("sbatch", SBATCH.format(python=sys.executable, kept=str(kept))),
        ("srun", f"#!/bin/bash\n{run}\n"),
        ("scontrol", "#!/bin/bash\necho node1\n"),
        ("squeue", f'#!/bin/bash\ncat "{kept}/queue" 2>/dev/null\n'),
    ):
        path = programs / name
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    folders = [str(programs), str(Path(sys.executable).parent), os.environ["PATH"]]
    monkeypatch.setenv("PATH", os.pathsep.join(folders))
    return kept


def test_the_stages_are_submitted_one_after_the_other(cluster: Path, tmp_path: Path) -> None:
    warc(tmp_path / "in" / "a.warc.gz", [record(n, page(n)) for n in range(3)])
    config = tmp_path / "slurm.toml"
    config.write_text(
        'executor = "slurm"\nworkers = 8\nrepeats = "none"\n'
        '[slurm]\npartition = "news"\ntime = "02:00:00"\nmem_per_cpu_gb = 2\n'
    )
    command = [
        sys.executable,
        "-m",
        "qawl.cli",
        "crawl",
        str(tmp_path / "in"),
        str(tmp_path / "out"),
    ]
    command += ["--config", str(config)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    scripts = [path.read_text() for path in sorted(cluster.glob("*.sh"))]
    jobs = [re.search(r"--job-name=(\S+)", script) for script in scripts]
    stages = [
        job[1]
        for job, script in zip(jobs, scripts, strict=True)
        if job and "launch_pickled" in script
    ]
    assert stages == ["qawl-extract", "qawl-choose", "qawl-read", "qawl-finish"]
    for script in scripts:
        assert "#SBATCH --partition=news" in script
        assert "#SBATCH --time=02:00:00" in script
    after = [re.search(r"--dependency=afterok:(\d+)", script) for script in scripts]
    assert sum(found is not None for found in after) >= 3
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert (report["pages"], report["articles"]) == (3, 3)
    again = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert again.stdout.startswith("3 pages: 3 read as articles")


def test_what_is_still_queued_is_not_submitted_again(cluster: Path, tmp_path: Path) -> None:
    (tmp_path / "programs" / "sbatch").write_text("#!/bin/bash\necho Submitted batch job 7\n")
    warc(tmp_path / "in" / "a.warc.gz", [record(0, page(0))])
    config = tmp_path / "slurm.toml"
    config.write_text('repeats = "none"\n[slurm]\npartition = "news"\ntime = "1:00:00"\n')
    command = [
        sys.executable,
        "-m",
        "qawl.cli",
        "crawl",
        str(tmp_path / "in"),
        str(tmp_path / "out"),
    ]
    command += ["--config", str(config), "--executor", "slurm"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert done.returncode == 0
    assert "submitted to Slurm" in done.stderr
    (cluster / "queue").write_text("7_[0-3]\n")
    again = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert again.returncode == 1
    assert "still wait or run (7_[0-3])" in again.stderr
    (cluster / "queue").unlink()
    (tmp_path / "programs" / "sbatch").write_text("#!/bin/bash\nexit 1\n")
    refused = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert refused.returncode == 1
    assert "sbatch refused" in refused.stderr
