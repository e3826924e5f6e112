"""The page about the sandbox names what there is, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from diary_api.cli.demo.families import OPTIONS
from diary_sandbox import edits
from diary_sandbox.faults import FaultKind
from diary_sandbox.world.personas import FAMILIES, personas

_PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")


def named(since: str, until: str) -> set[str]:
    """Return the words in backticks between two words of the page."""
    part = _PAGE[_PAGE.index(since) : _PAGE.index(until, _PAGE.index(since))]
    return set(re.findall(r"`([a-z_]+)`", part))


def test_every_persona_is_on_the_page() -> None:
    """Each persona stands in the table with all its logins and passwords."""
    rows = {row.split("`")[1]: row for row in _PAGE.splitlines() if row.startswith("| `")}
    everyone = personas(len(FAMILIES))
    assert {persona.key for persona in everyone} <= set(rows)
    missing = [
        word
        for persona in everyone
        for word in (
            *(word for login in persona.logins for word in (login.username, login.password)),
            *(word for account in persona.mrko for word in (account.login, account.password)),
        )
        if f"`{word}`" not in rows[persona.key]
    ]
    assert missing == []


def test_every_edit_and_fault_is_on_the_page() -> None:
    """The lists of edits and faults are whole."""
    union, *_ = get_args(edits.Edit)
    kinds = {edit.__dataclass_fields__["kind"].default for edit in get_args(union)}
    assert named("Edits:", "An edit is made") == kinds
    assert named("Faults that break", "Faults the servers") == {
        kind for kind in FaultKind if kind.on_the_wire
    }
    assert named("Faults the servers", "Each may name") == {
        kind for kind in FaultKind if not kind.on_the_wire
    }


def test_a_gateway_of_ones_own_is_pointed_at_the_town_as_the_demo_is() -> None:
    """The options the page tells to export are those the demo sets."""
    assert dict(re.findall(r"^export (DIARY_OPTIONS__\w+)=(\S+)$", _PAGE, re.MULTILINE)) == OPTIONS
