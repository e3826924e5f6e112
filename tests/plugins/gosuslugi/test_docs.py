"""The operator's page tells the truth."""

from __future__ import annotations

import re
from pathlib import Path

from diary_core.errors import Misconfigured
from diary_gosuslugi.options import Options
from diary_gosuslugi.parse import SCOPES
from diary_gosuslugi.refusals import CODES

PAGE = (Path(__file__).parents[3] / "docs" / "gosuslugi.md").read_text("utf-8")


def test_every_option_is_listed() -> None:
    """In the order of the code, and no other."""
    table = PAGE.partition("| option |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(Options.model_fields)


def test_every_scope_is_listed() -> None:
    """What each fact asks for."""
    table = PAGE.partition("| fact |")[2].partition("\n\n")[0]
    asked = [re.findall(r"`(\w+)`", line) for line in table.splitlines()[2:]]
    assert asked == [list(scopes) for scopes in SCOPES.values()]


def test_the_named_codes_are_the_operators_to_mend() -> None:
    """Each code of the last table is one that ends in `misconfigured`."""
    table = PAGE.partition("| the log says |")[2]
    named = re.findall(r"ESIA-(\d{6})", table)
    assert named
    assert [code for code in named if CODES[code].error is not Misconfigured] == []
