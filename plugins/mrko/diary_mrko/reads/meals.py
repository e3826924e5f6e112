"""The canteen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Final, TypeVar

from typing_extensions import override

from diary_core.abilities import ReadsMeals
from diary_core.errors import RegionChanged
from diary_core.model import Answer, MealAccount, MealEntry, Missing, Unavailable
from diary_core.side_calls import attempt, together
from diary_mrko.city import MEALS_AT_ONCE
from diary_mrko.client import MrkoClient
from diary_mrko.ids import ChildRef
from diary_mrko.parse.city import meal_account, meal_entries
from diary_mrko.session import Session
from diary_mrko.wire.city import Balance, Order, Transaction

RowT = TypeVar("RowT")

_MOST_PAGES: Final = 10
"""Of a span: ten thousand movements are more than a school year has meals."""


class Meals(Session, ReadsMeals):
    """Balance and movements of the canteen account, as Moscow's schools keep it."""

    @override
    async def meal_account(self, enrolment_id: str) -> Answer[MealAccount]:
        """Return the balance; empty when the child has no canteen account."""
        balances, person_id = await self.read(enrolment_id, _read_balance)
        account = meal_account(balances, person_id)
        return self.answered([] if account is None else [account])

    @override
    async def meal_entries(self, enrolment_id: str, since: date, until: date) -> Answer[MealEntry]:
        """Return the movements of a span; without dishes when the orders failed to come."""
        moved, ordered = await self.read(
            enrolment_id, lambda client, child: _read_movements(client, child, since, until)
        )
        failed = [Missing(what="dishes", reason=ordered.reason)] if isinstance(ordered, Unavailable) else []
        return self.answered(meal_entries(moved, ordered, since, until, self.zone), partial=failed)


async def _read_balance(client: MrkoClient, child: ChildRef) -> tuple[Sequence[Balance], str]:
    person_id = child.registered()
    return await client.city.balances(person_id), person_id


async def _read_movements(
    client: MrkoClient, child: ChildRef, since: date, until: date
) -> tuple[Sequence[Transaction], Sequence[Order] | Unavailable]:
    person_id, city = child.registered(), client.city

    async def transactions(offset: int) -> tuple[Sequence[Transaction], bool]:
        page = await city.transactions(person_id, since, until, offset=offset)
        return page.transactions, page.has_next

    async def orders(offset: int) -> tuple[Sequence[Order], bool]:
        page = await city.orders(person_id, since, until, offset=offset)
        return page.orders, page.has_next

    async with together() as tasks:
        moved = tasks.create_task(_every_page(transactions))
        ordered = tasks.create_task(attempt(_every_page(orders)))
    return moved.result(), ordered.result()


async def _every_page(page: Callable[[int], Awaitable[tuple[Sequence[RowT], bool]]]) -> Sequence[RowT]:
    """Return the rows of every page.

    Raises:
        RegionChanged: The pages do not end.
    """
    rows: list[RowT] = []
    for number in range(_MOST_PAGES):
        found, more = await page(number * MEALS_AT_ONCE)
        rows += found
        if not more:
            return rows
    raise RegionChanged("the pages of the canteen do not end", field="hasNext")
