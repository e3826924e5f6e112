"""What went wrong when a diary was last asked, by question; the processes tell one another."""

from __future__ import annotations

from diary_api.problems import PROBLEMS
from diary_api.shared import Bus
from diary_core.errors import RegionDown, TryLater

_TOPIC = "trouble"
_MOST = 10_000


class Troubles:
    """The last trouble of each question, until it is answered."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._last: dict[str, tuple[int, str]] = {}
        """By question, the turn it was told at and the code."""
        self._turn = 0
        bus.hear(_TOPIC, self._heard)

    @property
    def turn(self) -> int:
        """Return the present turn, for `check`."""
        return self._turn

    def last(self, question_id: str) -> str | None:
        """Return the code of a question's last trouble, None when it was answered since."""
        return self._last.get(question_id, (0, None))[1]

    def check(self, question_id: str, since: int) -> None:
        """Raise the trouble that some process has told of a question since a turn.

        Raises:
            TryLater: What it was.
        """
        turn, code = self._last.get(question_id, (0, ""))
        if turn > since:
            known = PROBLEMS.get(code, RegionDown)
            raise known("as another process was told") if issubclass(known, TryLater) else RegionDown

    async def tell(self, question_id: str, error: TryLater) -> None:
        """Tell everybody of one."""
        await self._bus.tell(_TOPIC, f"{question_id} {error.code}")

    def over(self, question_id: str) -> None:
        """Forget it: the question was answered."""
        self._last.pop(question_id, None)

    def _heard(self, message: str) -> None:
        question_id, _, code = message.partition(" ")
        if len(self._last) >= _MOST:
            self._last.clear()
        self._turn += 1
        self._last[question_id] = (self._turn, code)
