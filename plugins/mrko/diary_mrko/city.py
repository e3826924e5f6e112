"""What only Moscow's own server has: turnstiles and the canteen.

Source: `docs/sources.md`, МЭШ; each call stands in `tests/plugins/mrko/cassettes`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from pydantic import TypeAdapter

from diary_mrko.gateway import NodeGateway
from diary_mrko.wire.city import Balance, Orders, PassDay, Transactions
from diary_mrko.wire.values import Listed, Wire

PASS_DAYS_AT_ONCE: Final = 7
"""Days in one call for passes; more are refused."""
MEALS_AT_ONCE: Final = 1000
"""Orders or movements in one page; more are refused."""
_MEALS_API: Final = "/api/food/meals/v3"


class _PassDays(Wire):
    payload: Listed[PassDay]


_PASSES: Final = TypeAdapter(_PassDays)
_BALANCES: Final[TypeAdapter[tuple[Balance, ...]]] = TypeAdapter(Listed[Balance])
_ORDERS: Final = TypeAdapter(Orders)
_TRANSACTIONS: Final = TypeAdapter(Transactions)


class CityServices:
    """Turnstiles and meals on behalf of one signed-in adult.

    Every call may raise what `diary_core.http.read` raises.

    Args:
        gateway: With the bearer's header as the only carrier of the token.
    """

    def __init__(self, gateway: NodeGateway) -> None:
        self._get = gateway.get

    async def passes(self, person_id: str, since: date, until: date) -> Sequence[PassDay]:
        """Return the days of a span with passes, at most `PASS_DAYS_AT_ONCE` long."""
        params = {"personId": person_id, "from": since.isoformat(), "to": until.isoformat()}
        return (await self._get("/api/pass/entrances/v1/visit_durations", params, _PASSES)).payload

    async def balances(self, person_id: str) -> Sequence[Balance]:
        """Return the canteen account of a child; none when there is none."""
        params = {"clientIds": _json([{"personId": person_id}])}
        return await self._get(f"{_MEALS_API}/clients/balance", params, _BALANCES)

    async def orders(self, person_id: str, since: date, until: date, *, offset: int) -> Orders:
        """Return a page of what was ordered in a span."""
        return await self._get(f"{_MEALS_API}/orders", _page(person_id, since, until, offset), _ORDERS)

    async def transactions(self, person_id: str, since: date, until: date, *, offset: int) -> Transactions:
        """Return a page of the movements of a span."""
        params = _page(person_id, since, until, offset)
        return await self._get(f"{_MEALS_API}/transactions", params, _TRANSACTIONS)


def _page(person_id: str, since: date, until: date, offset: int) -> Mapping[str, str]:
    return {
        "clientId": _json({"personId": person_id}),
        "from": since.isoformat(),
        "to": until.isoformat(),
        "limit": str(MEALS_AT_ONCE),
        "offset": str(offset),
    }


def _json(value: object) -> str:
    """Write a parameter that is JSON inside the query."""
    return json.dumps(value, separators=(",", ":"))
