"""A server on loopback that answers byte by byte as told."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Upstream:
    """What stands on the other side; every call takes the next answer, the last one repeats."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        """Request lines, without the HTTP version."""
        self.headers: list[str] = []
        """Header blocks as they came."""
        self.url = ""
        self._answers: deque[Answer] = deque()
        self._readers: list[asyncio.StreamReader] = []
        self._serving: set[asyncio.Task[None]] = set()

    def answers(self, *answers: Answer) -> None:
        """Set what the coming calls get."""
        self._answers = deque(answers)

    def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Begin to answer on a new connection."""
        serving = asyncio.create_task(self.serve(reader, writer))
        self._serving.add(serving)
        serving.add_done_callback(self._serving.discard)

    async def leave(self) -> None:
        """Close every connection, answered or not."""
        serving = tuple(self._serving)
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the one request of a connection, then close it."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            line, _, headers = head.partition("\r\n")
            self.calls.append(line.rsplit(" ", 1)[0])
            self.headers.append(headers)
            self._readers.append(reader)
            await (self._answers.popleft() if len(self._answers) > 1 else self._answers[0])(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the door may leave at any moment; that is what is tested
        finally:
            writer.close()

    @staticmethod
    def says(
        body: bytes = b"{}",
        *,
        status: int = 200,
        kind: str = "application/json",
        headers: Mapping[str, str] | None = None,
        length: int | None = None,
    ) -> Answer:
        """An ordinary answer; `length` lies about the body's."""
        lines = {"Content-Type": kind, "Content-Length": str(len(body) if length is None else length)}
        lines |= headers or {}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())

        async def answer(writer: asyncio.StreamWriter) -> None:
            writer.write(f"HTTP/1.1 {status} Said\r\n{head}Connection: close\r\n\r\n".encode() + body)

        return answer

    @staticmethod
    def drips(*, every_s: float) -> Answer:
        """A good answer that comes one byte at a time and takes for ever."""

        async def answer(writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(every_s)

        return answer

    @staticmethod
    def drips_after(head: bytes, gone: asyncio.Event | None = None) -> Answer:
        """A good answer that begins well and never ends; `gone` is set once nobody listens any more."""

        async def answer(writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + head)
            try:
                while True:
                    await writer.drain()
                    await asyncio.sleep(0.01)
                    writer.write(b" ")
            except ConnectionError:
                if gone is not None:
                    gone.set()
                raise

        return answer

    def stalls_after(self, head: bytes, gone: asyncio.Event) -> Answer:
        """A good answer that begins well and falls silent; `gone` is set once nobody listens any more."""

        async def answer(writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + head)
            await writer.drain()
            await self._readers[-1].read()
            gone.set()

        return answer

    @staticmethod
    def hangs_up() -> Answer:
        """A connection closed before any answer."""

        async def answer(writer: asyncio.StreamWriter) -> None:
            writer.close()

        return answer


@asynccontextmanager
async def running_upstream() -> AsyncGenerator[Upstream]:
    """Run one."""
    upstream = Upstream()
    server = await asyncio.start_server(upstream.connected, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    upstream.url = f"http://{host}:{port}"
    async with server:
        try:
            yield upstream
        finally:
            await upstream.leave()
