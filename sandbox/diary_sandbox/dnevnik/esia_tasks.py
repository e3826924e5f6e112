"""Sign-ins through Gosuslugi in flight: who came back from there and waits for a token."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from diary_sandbox.state import SandboxState

TASK_LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class EsiaTask:
    """One return from Gosuslugi."""

    id: str
    """A UUID, as the return page's address carries it."""
    region: int
    """This system's number of the region."""
    parent_ids: tuple[int, ...]
    """Accounts tied to that state identity; empty: none is linked."""
    expires_at: datetime


class EsiaTasks:
    """The tasks, kept in the store."""

    def __init__(self, state: SandboxState) -> None:
        self._state = state
        self._tasks = state.store.bucket("dnevnik.esia_tasks", EsiaTask)

    def begin(self, region: int, parent_ids: tuple[int, ...]) -> EsiaTask:
        """Remember a return from Gosuslugi."""
        task_id = str(UUID(self._state.store.secret(32, "0123456789abcdef"), version=4))
        task = EsiaTask(task_id, region, parent_ids, self._state.clock.now() + TASK_LIFE)
        self._tasks[task.id] = task
        return task

    def find(self, task_id: str, region: int) -> EsiaTask | None:
        """Return a living task of a region, or None."""
        task = self._tasks.get(task_id.lower())
        alive = task is not None and task.expires_at > self._state.clock.now() and task.region == region
        return task if alive else None

    def finish(self, task: EsiaTask) -> None:
        """Forget a task: it is exchanged once."""
        self._tasks.pop(task.id, None)
