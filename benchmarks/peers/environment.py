"""The peers' own virtual environment, `.venv-bench`: what they depend on stays out of ours."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

FOLDER = Path(".venv-bench")
LOCK = Path("benchmarks/peers.lock")


class NoPeers(Exception):
    """They could not be fetched: no network, or no package index."""


def python(*, fetch: bool) -> Path:
    """Return the interpreter of an environment that holds exactly what the lock names.

    Args:
        fetch: Whether to make it where there is none yet.

    Raises:
        NoPeers: There is none, and it could not be made.
    """
    interpreter, stamp = FOLDER / "bin" / "python", FOLDER / ".lock"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return interpreter
    if not fetch:
        raise NoPeers("the peers have not been fetched yet")
    try:
        _run(Path(sys.executable), "-m", "venv", "--clear", str(FOLDER))
        quiet = ("--quiet", "--disable-pip-version-check")
        _run(interpreter, "-m", "pip", "install", *quiet, "--require-hashes", "--requirement", str(LOCK))
    except subprocess.CalledProcessError as error:
        raise NoPeers(f"the peers could not be fetched: {error}") from error
    stamp.write_text(wanted, encoding="utf-8")
    return interpreter


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True)  # noqa: S603  our own interpreter, our own lock
