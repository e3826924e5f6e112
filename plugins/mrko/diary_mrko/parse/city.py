"""Turnstile passes, and what moved on the canteen account. Kopecks become roubles here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, Literal
from zoneinfo import ZoneInfo

from diary_core.content_key import content_ids
from diary_core.model import (
    MealAccount,
    MealEntry,
    Reason,
    Unavailable,
    Visit,
)
from diary_core.text import clean_or_none
from diary_mrko.parse.moments import local
from diary_mrko.wire.city import Balance, Order, OrderItem, Pass, PassDay, Transaction

_Kind = Literal["top_up", "order", "refund", "transfer", "cancel", "other"]
_KINDS: Final[Mapping[int, _Kind]] = {0: "top_up", 1: "order", 2: "cancel", 3: "transfer", 4: "refund"}
_GIVES: Final = frozenset({"top_up", "refund"})
_TAKES: Final = frozenset({"order"})
_MISSING: Final = Unavailable(reason=Reason.UPSTREAM_ERROR)


def visits(days: Iterable[PassDay], since: date, until: date, zone: ZoneInfo) -> tuple[Visit, ...]:
    """Return the passes of a span, oldest first; one of which neither end was seen is none."""
    found = [
        _visit(day.date, item, zone)
        for day in days
        for item in day.visits
        if since <= day.date <= until and (item.came or item.left)
    ]
    return tuple(sorted(found, key=lambda visit: (visit.date, str(visit.entered or visit.left))))


def _visit(on: date, item: Pass, zone: ZoneInfo) -> Visit:
    """Return one pass; an end that lies before its beginning was not seen on this day."""
    left = None if item.came and item.left and item.left < item.came else item.left
    place = clean_or_none(item.address) or clean_or_none(item.short_name)
    return Visit(date=on, entered=item.came, left=left, zone=zone.key, place=place)


def meal_account(balances: Iterable[Balance], person_id: str) -> MealAccount | None:
    """Return the account of one child; None when it has none."""
    for balance in balances:
        if balance.client.person_id == person_id:
            limit = balance.limits.day_limit if balance.limits else None
            return MealAccount(
                id=balance.contract_id,
                balance=_roubles(balance.balance),
                day_limit=None if limit is None else _roubles(limit),
            )
    return None


def meal_entries(
    transactions: Sequence[Transaction],
    orders: Sequence[Order] | Unavailable,
    since: date,
    until: date,
    zone: ZoneInfo,
) -> tuple[MealEntry, ...]:
    """Return the movements of a span, oldest first.

    An order takes and a top-up gives, whichever sign the sum has; others are as signed.
    The diary gives a movement no id, so it is known by its moment, kind and order.

    Args:
        transactions: As they came, the latest first.
        orders: What was ordered, or why it is not there.
        since: First day, inclusive.
        until: Last day, inclusive.
        zone: The school's.

    Raises:
        RegionChanged: A movement lies outside the calendar.
    """
    ordered = transactions[::-1]
    moments = [local(one.created_at, zone) for one in ordered]
    ids = content_ids(
        (moment.isoformat(), str(one.type), one.order_id or "")
        for moment, one in zip(moments, ordered, strict=True)
    )
    dishes = orders if isinstance(orders, Unavailable) else _dishes(orders)
    found = [
        (moment, _entry(entry_id, moment.date(), one, dishes))
        for entry_id, moment, one in zip(ids, moments, ordered, strict=True)
        if since <= moment.date() <= until
    ]
    return tuple(entry for _, entry in sorted(found, key=lambda each: each[0]))


def _entry(
    entry_id: str, on: date, one: Transaction, dishes: Mapping[str, tuple[str, ...]] | Unavailable
) -> MealEntry:
    kind: _Kind = _KINDS.get(-1 if one.type is None else one.type, "other")
    amount = abs(one.amount) if kind in _GIVES else -abs(one.amount) if kind in _TAKES else one.amount
    told: tuple[str, ...] | Unavailable = ()
    if one.order_id is not None:
        told = dishes if isinstance(dishes, Unavailable) else dishes.get(one.order_id, _MISSING)
    return MealEntry(id=entry_id, date=on, amount=_roubles(amount), kind=kind, dishes=told)


def _dishes(orders: Iterable[Order]) -> Mapping[str, tuple[str, ...]]:
    return {order.order_id: tuple(_named(order.items)) for order in orders}


def _named(items: Iterable[OrderItem]) -> Iterable[str]:
    """Yield the dishes of an order; a set meal that does not say what it is made of is called by its name."""
    for item in items:
        single = [item.dish.name or item.dish.title] if item.dish else []
        meal = [dish.title or dish.name for dish in item.complex.items] if item.complex else []
        if item.complex and not any(meal):
            meal = [item.complex.name]
        yield from (name for told in (*single, *meal) if (name := clean_or_none(told)))


def _roubles(kopecks: int) -> Decimal:
    return Decimal(kopecks) / 100
