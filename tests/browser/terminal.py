"""A program in a terminal of its own: what it prints is read, and lines are typed into it."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx2

PATIENCE_S: Final = 90


@dataclass
class Terminal:
    """A running program."""

    process: asyncio.subprocess.Process
    door: int
    """Our end of the terminal."""
    printed: bytes = b""

    @property
    def shown(self) -> str:
        """What was printed so far, without colours and moves of the cursor."""
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.printed.decode(errors="replace"))

    async def until(self, wanted: str) -> None:
        """Wait for a piece of text to be printed."""
        async with asyncio.timeout(PATIENCE_S):
            while wanted not in self.shown:  # noqa: ASYNC110  a terminal has no event for it
                await asyncio.sleep(0.05)

    def type(self, line: str) -> None:
        """Type a line."""
        os.write(self.door, f"{line}\n".encode())

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.write(self.door, b"\x03")

    async def ended(self) -> int:
        """Wait for the end, and return the status."""
        async with asyncio.timeout(PATIENCE_S):
            return await self.process.wait()

    def read(self) -> None:
        """Take what was printed."""
        try:
            self.printed += os.read(self.door, 65536)
        except OSError:  # the program is gone
            asyncio.get_running_loop().remove_reader(self.door)


@asynccontextmanager
async def in_a_terminal(*command: str, **environment: str) -> AsyncGenerator[Terminal]:
    """Run a program in a terminal 130 characters wide; it is ended with the block."""
    ours, theirs = os.openpty()
    try:
        process = await asyncio.create_subprocess_exec(
            *(
                "setsid",
                "--ctty",
                "--wait",
            ),  # so that a password is asked for here, and not where the tests run
            *("env", "--default-signal=INT"),  # tests that run in the background are deaf to Ctrl-C
            *command,
            env={**os.environ, "COLUMNS": "130", "NO_COLOR": "1", **environment},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
    finally:
        os.close(theirs)
    terminal = Terminal(process, ours)
    asyncio.get_running_loop().add_reader(ours, terminal.read)
    try:
        yield terminal
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
        asyncio.get_running_loop().remove_reader(ours)
        os.close(ours)


@asynccontextmanager
async def linking(
    url: str, parent: httpx2.AsyncClient, region: str | None, *options: str, **environment: str
) -> AsyncGenerator[Terminal]:
    """Run `diary link` through Gosuslugi, as a parent who has signed in."""
    told = {
        "DIARY_URL": url,
        "DIARY_TOKEN": parent.headers["Authorization"].removeprefix("Bearer "),
        **environment,
    }
    link = (sys.executable, "-m", "diary_api", "link", region or "", "gosuslugi", *options)
    async with in_a_terminal(*link, **told) as terminal:
        yield terminal
