"""The tutorial is true: what it shows, put into a folder of its own, is found and keeps the contract."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest
from tests.more import quick_first

TUTORIAL = Path(__file__).parents[2] / "docs" / "plugin-tutorial.md"
BLOCK = re.compile(r"```\w+\n# file: (?P<path>\S+)\n(?P<text>.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the tutorial's files and install them beside nothing else of ours."""
    source = tmp_path_factory.mktemp("sosnovka")
    for block in BLOCK.finditer(TUTORIAL.read_text("utf-8")):
        file = source / block["path"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block["text"], "utf-8")
    target = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    has_pip = subprocess.run([*pip[:3], "--version"], capture_output=True, check=False).returncode == 0
    subprocess.run([*(pip if has_pip else uv), "--target", str(target), str(source)], check=True)
    (target / "test_contract.py").write_text((source / "tests/test_contract.py").read_text("utf-8"), "utf-8")
    return target


def _python(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": str(site)},
        cwd=site,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_plugin_keeps_the_contract(installed: Path) -> None:
    """The tutorial's own contract test passes against the tutorial's own code."""
    run = _python(installed, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_contract.py")
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    quick_first(
        [
            ("for on in dates", "for on in dates[1:]", "datetime.date(2026, 9, 14)"),
            ("date=item.day,\n        slot", "date=date(2026, 9, 1),\n        slot", "stands on another day"),
            ("if filler(text)", "if not text", "homework 2-homework is a filler"),
        ]
    ),
    ids=["a day too few", "a lesson astray", "a dash for homework"],
)
def test_a_broken_plugin_is_told_what_is_wrong(
    right: str, wrong: str, told: str, installed: Path, tmp_path: Path
) -> None:
    """An author reads in the failure which item breaks which rule, not only that one does."""
    site = tmp_path / "site"
    copytree(installed, site)
    parse = site / "diary_sosnovka/parse.py"
    text = parse.read_text("utf-8")
    assert text.count(right) == 1
    parse.write_text(text.replace(right, wrong), "utf-8")
    run = _python(site, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_contract.py")
    assert run.returncode == 1
    assert told in run.stdout


def test_the_plugin_is_found_without_an_edit_of_ours(installed: Path) -> None:
    """The gateway's loader finds it by its entry point, beside our own plugins."""
    ask = "from diary_core.plugins import installed, load; print(*load(installed()).providers)"
    run = _python(installed, "-c", ask)
    assert "sosnovka" in run.stdout.split(), run.stderr
