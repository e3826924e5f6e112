"""A diary far away: what the sandbox says, remembered, and said again after exactly so long.

Generating answers costs the sandbox milliseconds of its one core, which would be measured instead of us.
So this stands in front of one of its hosts: the first time a question is passed on, and from then on
answered from memory, byte for byte, after the delay. It counts the calls and notes when each came and went.

Whose token a question carries makes no difference, so that copies of a family can share its answers.
Its own door is `/_far`: `GET` tells the calls since the last `DELETE`, and `POST /_far/<ms>` sets the delay.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import sys
import time
from typing import cast
from urllib.parse import urlsplit

import uvloop
from typing_extensions import override

DOOR = "/_far"
_DROPPED = frozenset({"connection", "date", "server", "transfer-encoding", "content-length", "keep-alive"})


class FarDiary:
    """What is remembered, and what was asked.

    Args:
        behind: Base address of the sandbox's host.
    """

    def __init__(self, behind: str) -> None:
        parts = urlsplit(behind)
        self._behind = (parts.hostname or "", parts.port or 80)
        self._known: dict[tuple[bytes, bytes], bytes] = {}
        self.delay_s = 0.0
        self.calls: list[tuple[float, float, str]] = []
        """When each came, when its answer left, and its request line; seconds of the machine's own clock."""

    async def answer(self, head: bytes, body: bytes) -> bytes:
        """Return the answer to a question, from memory where it is known."""
        line = head.partition(b"\r\n")[0]
        key = (line, body)
        if key not in self._known:
            self._known[key] = await asyncio.to_thread(self._pass_on, head, body)
        return self._known[key]

    def _pass_on(self, head: bytes, body: bytes) -> bytes:
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = dict(line.split(": ", 1) for line in lines if ": " in line)
        headers = {name: value for name, value in headers.items() if name.lower() not in _DROPPED}
        connection = http.client.HTTPConnection(*self._behind, timeout=30)
        connection.request(method, target, body or None, {**headers, "Accept-Encoding": "identity"})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in _DROPPED]
        return _message(answer.status, content, kept)

    def door(self, line: str) -> bytes:
        """Answer at its own door."""
        method, target, _ = line.split(" ", 2)
        told = json.dumps({"calls": self.calls}).encode()
        if method == "DELETE":
            self.calls = []
        elif method == "POST":
            self.delay_s = float(target.removeprefix(f"{DOOR}/")) / 1000
        return _message(200, told, [("Content-Type", "application/json")])


class _Visitor(asyncio.Protocol):
    """One connection to it."""

    def __init__(self, diary: FarDiary) -> None:
        self._diary = diary
        self._buffer = b""
        self._tasks: set[asyncio.Task[None]] = set()
        self._transport: asyncio.Transport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own class is none, only like one

    @override
    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            whole = end + 4 + _length(head)
            if len(self._buffer) < whole:
                return
            body, self._buffer = self._buffer[end + 4 : whole], self._buffer[whole:]
            task = asyncio.ensure_future(self._respond(time.monotonic(), head, body))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _respond(self, came: float, head: bytes, body: bytes) -> None:
        line = head.partition(b"\r\n")[0].decode("latin-1")
        if line.split(" ")[1].startswith(DOOR):
            self._write(self._diary.door(line))
            return
        answer = await self._diary.answer(head, body)
        await asyncio.sleep(came + self._diary.delay_s - time.monotonic())
        self._write(answer)
        self._diary.calls.append((came, time.monotonic(), line))

    def _write(self, answer: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(answer)


def _length(head: bytes) -> int:
    lowered = head.lower() + b"\r\n"
    begun = lowered.find(b"\r\ncontent-length:")
    if begun < 0:
        return 0
    begun += len(b"\r\ncontent-length:")
    return int(lowered[begun : lowered.index(b"\r\n", begun)])


def _message(status: int, content: bytes, headers: list[tuple[str, str]]) -> bytes:
    lines = [f"HTTP/1.1 {status} .", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, f"Content-Length: {len(content)}", "", ""]).encode("latin-1") + content


async def _serve(port: int, behind: str) -> None:
    diary = FarDiary(behind)
    server = await asyncio.get_running_loop().create_server(
        lambda: _Visitor(diary), "127.0.0.1", port, backlog=4096
    )
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1]), sys.argv[2]))
