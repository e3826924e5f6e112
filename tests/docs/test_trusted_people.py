"""The page on trusted people is true: its script runs as it stands, and its rights are those there are."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from shutil import which

import anyio.to_thread
import pytest
from tests.api.running import MovableClock, on_a_socket, running, settings_for
from tests.api.tiny import TinyTown, tiny_plugins

from diary_api.clock import system_clock
from diary_api.grants.rights import Right
from diary_api.grants.service import OPEN_MOST
from diary_api.identities.codes import MOST_TRIES
from diary_api.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "trusted-people.md").read_text("utf-8")
SCRIPT = re.compile(r"```sh\n# file: \S+\n(?P<text>.*?)```", re.DOTALL)


def test_the_rights_are_those_there_are() -> None:
    """Each right has its line, in the order a parent is asked."""
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == list(Right)


def test_the_figures_are_those_of_the_code() -> None:
    """Tries, days and numbers on the page are what the gateway goes by."""
    settings = Settings()
    assert (settings.invitation_lifetime.days, MOST_TRIES, OPEN_MOST) == (3, 5, 20)
    assert (settings.retention.grants.days, settings.grant_lifetime_max.days) == (400, 366)


@pytest.mark.anyio
@pytest.mark.skipif(not (which("bash") and which("curl")), reason="the script needs bash and curl")
async def test_the_script_invites_reads_and_revokes(tmp_path: Path) -> None:
    """It ends well, is refused exactly where the page says, and the parent sees both readings."""
    clock = MovableClock(system_clock())
    async with running(settings_for(tmp_path), tiny_plugins(TinyTown(clock)), clock) as gate:
        parent = (await gate.family()).parent
        person = await gate.parent("nina@example.org")
        keys = [one.headers["Authorization"].removeprefix("Bearer ") for one in (parent, person)]
        script = SCRIPT.search(PAGE)
        assert script is not None
        async with on_a_socket(gate) as url:
            run = await anyio.to_thread.run_sync(
                lambda: subprocess.run(
                    ["bash", "-c", script["text"]],
                    cwd=tmp_path,
                    env={**os.environ, "GATEWAY": url, "PARENT": keys[0], "PERSON": keys[1]},
                    capture_output=True,
                    text=True,
                    timeout=60,
                    check=False,
                )
            )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["right_missing", "child_unknown"]
    uses = json.loads((tmp_path / "uses.json").read_text("utf-8"))["items"]
    assert sorted((use["kind"], use["outcome"]) for use in uses) == [
        ("days", "ok"),
        ("marks", "right_missing"),
    ]
    assert json.loads((tmp_path / "week.json").read_text("utf-8"))["items"]
