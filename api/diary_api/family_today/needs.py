"""What waits for a parent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from diary_api.connections.states import State
from diary_api.family_today.schemas import ChildToday, Need
from diary_api.storage.tables import ConnectionRow


def needs_of(children: Sequence[ChildToday], connections: Iterable[ConnectionRow]) -> tuple[Need, ...]:
    """Return what waits for a parent: links to sign in to again, then what each child asks for."""
    waiting = {row.id: row for row in connections if row.state == State.REAUTH_REQUIRED}
    sign_ins = [Need(child_id=None, connection_id=key, kind="sign_in", count=1) for key in waiting]
    return (*sign_ins, *(need for child in children for need in _of_child(child)))


def _of_child(child: ChildToday) -> Iterator[Need]:
    counts = {
        "debt": len(child.debts.items),
        "explain": len(child.to_explain.items),
        "sign_week": len(child.to_sign.items),
        "meeting": len(child.meetings.items),
    }
    for kind, count in counts.items():
        if count:
            yield Need.model_validate(
                {
                    "child_id": child.child_id,
                    "connection_id": child.connection_id,
                    "kind": kind,
                    "count": count,
                }
            )
