"""What the layer does with answers that no route of ours gives, before any route comes to give them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from starlette.types import Message, Receive, Scope, Send

from diary_api.hot.answers import HotAnswers, Lasting
from diary_api.hot.layer import HotLayer, mark_lasting

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 9, 16, 9, tzinfo=UTC)
LASTING = Lasting(NOW + timedelta(days=1), frozenset({"part"}))


@dataclass
class Behind:
    """An application, the layer in front of it, and how many are in it at once."""

    headers: list[tuple[bytes, bytes]]
    hears: bool = True
    inside: int = 0
    most: int = 0
    hot: HotAnswers = field(init=False)
    layer: HotLayer = field(init=False)

    def __post_init__(self) -> None:
        self.hot = HotAnswers(1_000_000, timedelta(minutes=5), lambda: NOW, lambda: self.hears)
        self.layer = HotLayer(self._answer)

    async def ask(self, *headers: tuple[bytes, bytes]) -> list[Message]:
        """Ask as one caller; return what was sent."""
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            return {"type": "http.request"}

        metrics = SimpleNamespace(hot_hits=SimpleNamespace(inc=lambda: None))
        gateway = SimpleNamespace(hot=self.hot, metrics=metrics)
        scope = {
            "type": "http",
            "method": "GET",
            "raw_path": b"/week",
            "query_string": b"",
            "headers": [(b"authorization", b"Bearer key"), *headers],
            "app": SimpleNamespace(state=SimpleNamespace(gateway=gateway)),
        }
        await self.layer(scope, receive, send)
        return sent

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        self.inside += 1
        self.most = max(self.most, self.inside)
        await asyncio.sleep(0.02)
        self.inside -= 1
        mark_lasting(scope, LASTING)
        await send({"type": "http.response.start", "status": 200, "headers": self.headers})
        await send({"type": "http.response.body", "body": b"said"})


@pytest.mark.parametrize("known", [b"*", b"", b'"other", '])
async def test_what_has_no_tag_is_never_unchanged(known: bytes) -> None:
    """It comes whole, whatever its asker claims to know."""
    behind = Behind([(b"etag", b'"one"')])
    await behind.ask()
    behind.hot.drop_everything()
    behind.headers = []
    start, body = await behind.ask((b"if-none-match", known))
    assert (start["status"], body["body"]) == (200, b"said")


async def test_a_crowd_is_not_answered_one_by_one_while_nothing_is_kept() -> None:
    """Nothing is while the news of other processes is lost: soon they all go on side by side."""
    behind = Behind([(b"etag", b'"one"')])
    await behind.ask()
    behind.hears = False
    answers = await asyncio.gather(*(behind.ask() for _ in range(50)))
    assert [start["status"] for start, _ in answers] == [200] * 50
    assert behind.most > 1
