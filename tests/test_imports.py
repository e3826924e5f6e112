"""Imports run one way, the tool that holds this does hold it, and packages export what they say."""

from __future__ import annotations

import importlib
import pkgutil
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.more import quick_first

ROOT = Path(__file__).parent.parent
HOUSES = {
    "diary_core": "core",
    "diary_mrko": "plugins/mrko",
    "diary_dnevnik_ru": "plugins/dnevnik_ru",
    "diary_gosuslugi": "plugins/gosuslugi",
    "diary_example": "plugins/example",
    "diary_sandbox": "sandbox",
    "diary_api": "api",
}
WRONG = [
    ("diary_core", "diary_api"),
    ("diary_mrko", "diary_dnevnik_ru"),
    ("diary_dnevnik_ru", "diary_api"),
    ("diary_api", "diary_mrko"),
    ("diary_sandbox", "diary_core"),
    ("diary_core", "diary_mrko"),
    ("diary_core", "diary_sandbox"),
    ("diary_example", "diary_gosuslugi"),
    ("diary_gosuslugi", "diary_sandbox"),
    ("diary_api", "diary_sandbox"),
    ("diary_sandbox", "diary_mrko"),
]
"""One against each contract, and then others."""
_LINTER = """
import sys
sys.path.insert(0, ".")
from importlinter.cli import lint_imports_command
lint_imports_command()
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the sources with the settings of import-linter, to plant things in."""
    copied = tmp_path_factory.mktemp("workspace")
    shutil.copy(ROOT / "pyproject.toml", copied)
    for package, folder in HOUSES.items():
        shutil.copytree(
            ROOT / folder / package, copied / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return copied


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the linter upon the packages of a folder, which stand before the installed ones."""
    command = [sys.executable, "-c", _LINTER, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_contracts_hold(copy: Path) -> None:
    """Core knows nobody; plugins know core; the API knows core; the sandbox knows nobody."""
    linted = _lint(copy)
    assert linted.returncode == 0, linted.stdout
    assert "0 broken" in linted.stdout


@pytest.mark.parametrize(("importer", "imported"), quick_first(WRONG, quick=5))
def test_a_planted_wrong_import_is_caught(copy: Path, importer: str, imported: str) -> None:
    """Each direction that is forbidden, and the linter names the file."""
    planted = copy / importer / "planted.py"
    planted.write_text(f"import {imported}\n", "utf-8")
    try:
        linted = _lint(copy)
    finally:
        planted.unlink()
    assert linted.returncode == 1, linted.stdout
    assert f"{importer}.planted -> {imported}" in linted.stdout


def _packages() -> Iterator[ModuleType]:
    for house in HOUSES:
        package = importlib.import_module(house)
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{house}."):
            if found.ispkg:
                yield importlib.import_module(found.name)


PACKAGES = list(_packages())


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_a_package_exports_what_it_says(package: ModuleType) -> None:
    """Every name in `__all__` is there, once, and public; what the package itself defines is in it.

    What it imports and neither uses nor exports is found by ruff.
    """
    said: list[str] = getattr(package, "__all__", [])
    assert [name for name in said if not hasattr(package, name) or name.startswith("_")] == []
    assert len(set(said)) == len(said)
    defined = {
        name
        for name, thing in vars(package).items()
        if not name.startswith("_") and getattr(thing, "__module__", None) == package.__name__
    }
    assert sorted(defined - set(said)) == []
