"""What every server of the sandbox shares: the world, the clock, the faults and a store."""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import TypeVar, cast

from diary_sandbox.clock import Clock
from diary_sandbox.edits import Edit, Edited
from diary_sandbox.faults import FaultRegistry
from diary_sandbox.world import World

T = TypeVar("T")

_DIFFERENT_CALLS = 10_000
_ALPHABET = string.ascii_letters + string.digits


class Store:
    """Tokens, codes and other things the servers must remember between requests.

    Diary data are never kept here: they belong to the world.
    """

    def __init__(self, seed: int) -> None:
        """Start empty; the same seed gives the same secrets in the same order."""
        self._seed = seed
        self._buckets: dict[str, dict[str, object]] = {}
        self._random = Random(f"store {seed}")

    def bucket(self, name: str, kind: type[T]) -> dict[str, T]:
        """Return the live dictionary of one kind of thing, made on first use.

        Args:
            name: `<package>.<thing>`: `mesh.tokens`, `dnevnik.codes`.
            kind: Type of the values; the same on every call for a name.
        """
        del kind  # only binds T
        return cast("dict[str, T]", self._buckets.setdefault(name, {}))  # a name has one kind

    def secret(self, length: int = 32, alphabet: str = _ALPHABET) -> str:
        """Return a fresh random text for a token, a code or a session."""
        return "".join(self._random.choices(alphabet, k=length))

    def counts(self) -> dict[str, int]:
        """Return how many things each bucket holds."""
        return {name: len(bucket) for name, bucket in sorted(self._buckets.items())}

    def clear(self) -> None:
        """Forget everything; dictionaries given out before are emptied too."""
        for bucket in self._buckets.values():
            bucket.clear()
        self._random = Random(f"store {self._seed}")


@dataclass(slots=True)
class SandboxState:
    """Everything a server needs. One object per running sandbox, shared by all its hosts."""

    world: World
    clock: Clock
    faults: FaultRegistry
    store: Store
    hosts: dict[str, str] = field(default_factory=dict[str, str])
    """`https://school.mos.ru` → `http://127.0.0.1:8702`; complete once every port is bound."""
    requests: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    """Per emulated host, how often each `METHOD /path` was asked for."""

    keys: Store = field(default_factory=lambda: Store(0))
    """Signing keys; like the ports they survive a reset, so that what was told of them holds."""

    edits: list[tuple[datetime, Edit]] = field(default_factory=list[tuple[datetime, Edit]])
    """Every edit made through the control door, with the world's time of it."""

    def edit(self, edit: Edit) -> Edited:
        """Make an edit and remember it.

        Raises:
            EditRefused: The school would not do that.
            KeyError: It speaks of something the town has not.
        """
        edited = edit.apply(self.world)
        self.edits.append((self.clock.now(), edit))
        return edited

    def count_request(self, host: str, call: str) -> None:
        """Count one call of an emulated host; beyond many different ones all others count as one."""
        calls = self.requests.setdefault(host, {})
        if call not in calls and len(calls) >= _DIFFERENT_CALLS:
            call = "other"
        calls[call] = calls.get(call, 0) + 1

    def reset(self) -> None:
        """Bring everything back to the start: clock, edits, faults, tokens, counters."""
        self.clock.reset()
        self.world.forget_edits()
        self.edits.clear()
        self.faults.clear()
        self.store.clear()
        self.requests.clear()

    def url(self, host: str) -> str:
        """Return where an emulated host listens, without a trailing slash.

        Args:
            host: Name with or without `https://`.

        Raises:
            KeyError: The sandbox does not emulate it.
        """
        return self.hosts[f"https://{host.removeprefix('https://')}"]
