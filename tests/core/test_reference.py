"""The pages made from the code are up to date, and the code has something to say on them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from diary_core import errors
from diary_core.ability_page import every_ability
from diary_core.errors import DiaryError
from diary_core.hookspecs import PROJECT
from diary_core.reference import hooks, hooks_page, main, pages, problems_page

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_page_is_up_to_date(name: str) -> None:
    """After a change of an error or a hook: `make docs`."""
    assert (DOCS / name).read_text("utf-8") == pages()[name]


def test_every_error_is_on_the_page() -> None:
    """Each code has its own heading, once, and its sentences in both languages stand below it."""
    page = problems_page()
    told = re.findall(r"^### (\w+)$", page, re.MULTILINE)
    kinds = [
        thing for thing in vars(errors).values() if isinstance(thing, type) and issubclass(thing, DiaryError)
    ]
    coded = {kind.code: kind for kind in kinds if hasattr(kind, "code")}
    assert sorted(told) == sorted(coded)
    silent = [
        code
        for code, kind in coded.items()
        for sentence in (kind.title.ru, kind.title.en, kind.remedy.ru, kind.remedy.en)
        if sentence not in page
    ]
    assert silent == []


def test_every_hook_is_on_the_page() -> None:
    """Each hook that pluggy would call, with its arguments and what it is for."""
    page = hooks_page()
    assert re.findall(r"^## (\w+)$", page, re.MULTILINE) == list(hooks())
    unmarked = [name for name, hook in hooks().items() if not hasattr(hook, f"{PROJECT}_spec")]
    assert unmarked == []
    assert [name for name, hook in hooks().items() if len((hook.__doc__ or "").splitlines()) < 3] == []
    assert "def register_providers() -> Iterable[Provider]: ..." in page


def test_the_pages_are_written_where_they_are_told(tmp_path: Path) -> None:
    """As `make docs` does."""
    main(tmp_path)
    assert {page.name: page.read_text("utf-8") for page in tmp_path.iterdir()} == pages()


def test_every_ability_is_on_the_page() -> None:
    """Also one that no system has; what a diary inherits stands there with the code it comes from."""
    page = pages()["abilities.md"]
    told = re.findall(r"^\| `(\w+)` \| ", page.partition("\n## ")[0], re.MULTILINE)
    assert told == [ability.__name__ for ability in every_ability()]
    assert re.findall(r"^## (\w+):", page, re.MULTILINE) == ["dnevnik_ru", "mrko"]
    assert "| `ReadsDays` | `days` | `diary_mrko.reads.days` |" in page
    assert "`MrkoLegacyDiary` by `mrko` |" in page
