"""Every page is found, and no link leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
LINK = re.compile(r"\]\((?P<path>[^)#:]+)(?:#[^)]*)?\)")
NAMED = re.compile(r"`(?P<path>(?:docs|core|plugins|sandbox|api|tests)/[\w./-]+)`")


def links_of(page: Path) -> set[Path]:
    """Return the files a page links to; addresses of the web are none."""
    return {(page.parent / link["path"]).resolve() for link in LINK.finditer(page.read_text("utf-8"))}


def test_the_index_lists_every_page() -> None:
    """Whatever stands in `docs/` is linked from its first page."""
    linked = links_of(DOCS / "README.md")
    assert [page for page in DOCS.rglob("*.md") if page not in linked and page.name != "README.md"] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_named_files_are_there(page: Path) -> None:
    """A page links to, and names, only what the tree holds."""
    text = page.read_text("utf-8")
    named = {ROOT / match["path"] for match in NAMED.finditer(text)}
    assert [str(file) for file in links_of(page) | named if not file.exists()] == []
