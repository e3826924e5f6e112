"""The page for a parent's first script is true: the script on it runs, as it stands, against the demo."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest
from tests.cli.test_commands import free_ports

PAGE = (Path(__file__).parents[2] / "docs" / "first-script.md").read_text("utf-8")
SCRIPT = re.compile(r"```sh\n# file: \S+\n(?P<text>.*?)```", re.DOTALL)


@pytest.mark.skipif(not (which("bash") and which("curl")), reason="the script needs bash and curl")
def test_the_script_links_a_family_and_reads(tmp_path: Path) -> None:
    """It ends well, says `active` and 304, and every file it leaves holds a diary's answer."""
    script = SCRIPT.search(PAGE)
    assert script is not None
    ports = free_ports(10)
    places = ["--port", str(ports + 9), "--sandbox-port", str(ports)]
    with subprocess.Popen(
        [sys.executable, "-m", "diary_api", "demo", *places], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as demo:
        try:
            assert demo.stdout is not None
            assert any("Ctrl-C" in line for line in demo.stdout)
            run = subprocess.run(
                ["bash", "-c", script["text"]],
                cwd=tmp_path,
                env={**os.environ, "GATEWAY": f"http://127.0.0.1:{ports + 9}"},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        finally:
            demo.terminate()
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["active", "304"]
    for name in ("week", "marks", "homework", "terms", "school"):
        answer = json.loads((tmp_path / f"{name}.json").read_text("utf-8"))
        assert answer["source"]["provider"] == "dnevnik_ru"
        assert answer["items"]
