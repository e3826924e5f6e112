"""Meals: balances, orders and transactions. Money is in kopecks."""

from collections.abc import Iterable, Sequence
from datetime import date

from diary_sandbox.mesh.wire import times
from diary_sandbox.mesh.wire.variety import vary
from diary_sandbox.world import Child, MealDish, MealEntry, MealKind, World

_UINT32 = 1 << 32
_DELIVERED = 3
_COMPLEX_KINDS = {MealKind.BREAKFAST: 0, MealKind.LUNCH: 2}
_COMPLEX_NAMES = {MealKind.BREAKFAST: "Завтрак", MealKind.LUNCH: "Обед"}


def balances(world: World, children: Iterable[Child]) -> list[dict[str, object]]:
    """Return `GET /api/food/meals/v3/clients/balance`; children without an account are left out."""
    found: list[dict[str, object]] = []
    for child in children:
        account = world.meal_account(child.id)
        if account is None:
            continue
        found.append(
            {
                "clientId": {"staffId": None, "personId": child.person.uuid},
                "contractId": account.card,
                "balance": money(child, account.balance),
                "expenseConstraints": {
                    "expenseDayLimit": account.day_limit,
                    "balanceThreshold": account.alert_below,
                },
            }
        )
    return found


def money(child: Child, kopecks: int) -> int:
    """Return an amount; debts of some children come as unsigned 32-bit numbers."""
    return vary(child, "money", kopecks, kopecks % _UINT32)


def orders(world: World, child: Child, since: date, until: date, page: slice) -> dict[str, object]:
    """Return `GET /api/food/meals/v3/orders`: what was taken, the latest first."""
    taken = [e for e in world.meal_entries(child.id, since, until) if e.kind is not MealKind.TOP_UP][::-1]
    shown = taken[page]
    return {
        "hasNext": page.stop < len(taken),
        "orders": [_order(world, child, entry) for entry in shown],
    }


def transactions(world: World, child: Child, since: date, until: date, page: slice) -> dict[str, object]:
    """Return `GET /api/food/meals/v3/transactions`: every movement of money, the latest first."""
    moved = world.meal_entries(child.id, since, until)[::-1]
    zone = world.school(child.school_id).zone
    return {
        "hasNext": page.stop < len(moved),
        "transactions": [
            {
                "sum": money(child, entry.amount),
                "prevBalance": money(child, entry.balance_before),
                "createdAt": times.naive(entry.at, zone),
                "origin": "ISPP",
                "type": 0 if entry.kind is MealKind.TOP_UP else 1,
                "orderId": None if entry.kind is MealKind.TOP_UP else entry.id,
            }
            for entry in moved[page]
        ],
    }


def day_balance(world: World, child: Child, until: date, limit: int) -> dict[str, object]:
    """Return `GET fm/day-balance-info/v2`: days with movements back from a day, the latest first."""
    days = list(_by_day(world, child, until).items())[::-1]
    return {
        "days": [
            {
                "date": on.isoformat(),
                "expense": expense(entries),
                "transactions": [
                    {
                        "type": "replenishment" if entry.kind is MealKind.TOP_UP else entry.kind.value,
                        "sum": entry.amount,
                        "items": [{"complex_info": _complex(entry), "dishes": _dishes(entry)}],
                    }
                    for entry in entries
                ],
            }
            for on, entries in days[:limit]
        ],
        "has_next_page": len(days) > limit,
    }


def old_day_balance(world: World, child: Child, until: date, limit: int) -> dict[str, object]:
    """Return `GET fm/day_balance_info`, the form of before 2025; camel and snake case mix in it."""
    account = world.meal_account(child.id)
    zone = world.school(child.school_id).zone
    days = list(_by_day(world, child, until).items())[::-1]
    return {
        "balance": account.balance if account else 0,
        "hasNextPage": len(days) > limit,
        "days": [
            {
                "date": on.isoformat(),
                "expense": expense(entries),
                "transactions": [
                    {
                        "type": entry.kind.value,
                        "time": f"{entry.at.astimezone(zone):%H:%M}",
                        "amount": entry.amount,
                        "items": [
                            {"count": dish.amount, "title": dish.title, "price": dish.price, "consist": []}
                            for dish in entry.dishes
                        ],
                    }
                    for entry in entries
                ],
            }
            for on, entries in days[:limit]
        ],
    }


def expense(entries: Sequence[MealEntry]) -> int:
    """Return what a day cost."""
    return -sum(entry.amount for entry in entries if entry.amount < 0)


def _by_day(world: World, child: Child, until: date) -> dict[date, list[MealEntry]]:
    zone = world.school(child.school_id).zone
    days: dict[date, list[MealEntry]] = {}
    for entry in world.meal_entries(child.id, world.year.since, until):
        days.setdefault(entry.at.astimezone(zone).date(), []).append(entry)
    return days


def _order(world: World, child: Child, entry: MealEntry) -> dict[str, object]:
    at = times.naive(entry.at, world.school(child.school_id).zone)
    price = -entry.amount
    complex_meal = entry.kind in _COMPLEX_KINDS
    return {
        "orderId": entry.id,
        "createdAt": at,
        "status": _DELIVERED,
        "orderType": 1 if complex_meal else 2,
        "deliveryWay": 0,
        "price": price,
        "discount": 0,
        "totalPrice": price,
        "onDate": at[:10],
        "deliveredAt": at,
        "items": [{"dish": None, "complex": _complex(entry)}]
        if complex_meal
        else [{"dish": _dish(dish), "complex": None} for dish in entry.dishes],
    }


def _dish(dish: MealDish) -> dict[str, object]:
    return {"id": dish.id, "name": dish.title, "price": dish.price, "amount": dish.amount}


def _complex(entry: MealEntry) -> dict[str, object] | None:
    if entry.kind not in _COMPLEX_KINDS:
        return None
    return {
        "kind": _COMPLEX_KINDS[entry.kind],
        "name": _COMPLEX_NAMES[entry.kind],
        "paymentType": 1 if entry.amount else 0,
        "price": -entry.amount,
        "items": _dishes(entry),
    }


def _dishes(entry: MealEntry) -> list[dict[str, object]]:
    return [{"title": dish.title, "amount": dish.amount, "price": dish.price} for dish in entry.dishes]
