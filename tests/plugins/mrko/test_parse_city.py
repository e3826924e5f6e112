"""Turnstiles and the canteen: what Moscow's wire says, in days, wall times and roubles."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest
from pydantic import ValidationError

from diary_core.model import MealAccount, MealEntry, Unavailable, Visit
from diary_mrko.parse.city import meal_account, meal_entries, visits
from diary_mrko.wire.city import Balance, Order, PassDay, Transaction

from .bodies import FAILED, MONDAY, MOSCOW, SUNDAY, Json, payload, read, rows, sample

ARTYOM = "00000000-0000-4000-8000-000000000011"
VARVARA = "00000000-0000-4000-8000-000000000012"
TOP_UP: Json = {"sum": 50000, "createdAt": "2026-09-14T07:30:00", "type": 0, "orderId": None}
LUNCH: Json = {"sum": -12000, "createdAt": "2026-09-14T12:40:00", "type": 1, "orderId": 66001}
ORDER: Json = {"orderId": 66001, "items": [{"dish": {"id": 5, "name": "Сырники"}, "complex": None}]}


def _entries(*moved: Json, orders: tuple[Json, ...] | Unavailable = (ORDER,)) -> tuple[MealEntry, ...]:
    ordered = orders if isinstance(orders, Unavailable) else rows(Order, list(orders))
    return meal_entries(rows(Transaction, list(moved)), ordered, MONDAY, SUNDAY, MOSCOW)


def _passes(*passes: Json, on: str = "2026-09-14") -> tuple[Visit, ...]:
    return visits(rows(PassDay, [{"date": on, "visits": list(passes)}]), MONDAY, SUNDAY, MOSCOW)


def test_the_sample_of_passes() -> None:
    """A whole stay, and one whose end was not seen."""
    place = "г. Москва, Учебная ул., д. 1"
    assert visits(rows(PassDay, payload("visit_durations")), MONDAY, SUNDAY, MOSCOW) == (
        Visit(
            date=date(2026, 9, 14), entered=time(8, 7), left=time(14, 33), zone="Europe/Moscow", place=place
        ),
        Visit(date=date(2026, 9, 15), entered=time(8, 11), left=None, zone="Europe/Moscow", place=place),
    )


def test_a_pass_seen_from_one_side_only() -> None:
    """«-» is a pass that was not seen; seen from neither side it is none, and a day outside is dropped."""
    (out,) = _passes({"in": "-", "out": "14:33"}, {"in": "-", "out": "-"}, {})
    assert (out.entered, out.left, out.place) == (None, time(14, 33), None)
    assert _passes({"in": "08:00", "out": "-"}, on="2026-09-21") == ()


def test_passes_of_a_day_stand_in_order_and_never_end_before_they_begin() -> None:
    """By entering; an exit earlier than the entry belongs to another stay."""
    first, second = _passes({"in": "13:00", "out": "09:00"}, {"in": "08:00", "out": "12:00"})
    assert (first.entered, second.entered, second.left) == (time(8), time(13), None)


def test_the_sample_of_balances() -> None:
    """Each child has its own account; the debt is a debt, and a limit may be none."""
    balances = rows(Balance, sample("meals_balance"))
    assert meal_account(balances, ARTYOM) == MealAccount(
        id="10990011", balance=Decimal("452.50"), day_limit=Decimal(300)
    )
    assert meal_account(balances, VARVARA) == MealAccount(id="10990012", balance=Decimal(-80), day_limit=None)
    assert meal_account(balances, "00000000-0000-4000-8000-000000000013") is None


@pytest.mark.parametrize(
    ("written", "kopecks"),
    [
        (4294959296, -8000),
        (4294967295, -1),
        (2**31, -(2**31)),
        (2**31 - 1, 2**31 - 1),
        (-8000, -8000),
        (0, 0),
    ],
)
def test_an_unsigned_debt_gets_its_sign_back(written: int, kopecks: int) -> None:
    """Negative money may come as a 32-bit number without a sign."""
    body = {"clientId": {"personId": ARTYOM}, "contractId": 1, "balance": written}
    assert read(Balance, body).balance == kopecks


@pytest.mark.parametrize("written", [True, "12,5", None, 10**13, 1.5])
def test_what_is_no_money_is_refused(written: object) -> None:
    """A truth value, a fraction of a kopeck, nothing, or more than a town owns."""
    with pytest.raises(ValidationError):
        read(Balance, {"clientId": {"personId": ARTYOM}, "contractId": 1, "balance": written})


def test_movements_in_roubles_with_their_dishes() -> None:
    """Oldest first, though the latest comes first; what was eaten stands with the order."""
    top_up, lunch = _entries(LUNCH, TOP_UP)
    assert (top_up.date, top_up.amount, top_up.kind, top_up.dishes) == (MONDAY, Decimal(500), "top_up", ())
    assert (lunch.date, lunch.amount, lunch.kind, lunch.dishes) == (
        MONDAY,
        Decimal(-120),
        "order",
        ("Сырники",),
    )


@pytest.mark.parametrize(
    ("code", "written", "kind", "roubles"),
    [
        (0, 500, "top_up", 5),
        (1, 500, "order", -5),
        (1, 4294966796, "order", -5),
        (2, 500, "cancel", 5),
        (3, -500, "transfer", -5),
        (4, 500, "refund", 5),
        (9, 500, "other", 5),
        (None, 500, "other", 5),
    ],
)
def test_kinds_of_movement(code: int | None, written: int, kind: str, roubles: int) -> None:
    """An order takes and a top-up gives whichever sign the sum has; an unknown kind is told as such."""
    (entry,) = _entries({**LUNCH, "type": code, "sum": written})
    assert (entry.kind, entry.amount) == (kind, Decimal(roubles))


DISHES: list[tuple[list[Json] | None, tuple[str, ...]]] = [
    ([{"dish": {"name": "Сырники"}}, {"dish": {"title": "Чай"}}], ("Сырники", "Чай")),
    ([{"complex": {"name": "Обед", "items": [{"title": "Щи"}, {"name": "Компот"}]}}], ("Щи", "Компот")),
    ([{"complex": {"name": "Обед", "items": []}}], ("Обед",)),
    ([{"complex": {"items": None}}, {"dish": None}], ()),
    (None, ()),
]


@pytest.mark.parametrize(("items", "dishes"), DISHES)
def test_dishes_of_an_order(items: list[Json] | None, dishes: tuple[str, ...]) -> None:
    """Single dishes by name, a set meal by what it is made of, else by its own name."""
    (entry,) = _entries(LUNCH, orders=({"orderId": 66001, "items": items},))
    assert entry.dishes == dishes


def test_an_order_that_did_not_come_is_a_gap() -> None:
    """No order of that number, or no orders at all: why the dishes are missing is said."""
    (lost,) = _entries(LUNCH, orders=())
    (failed,) = _entries(LUNCH, orders=FAILED)
    assert (lost.dishes, failed.dishes) == (FAILED, FAILED)


def test_movements_keep_their_ids_when_others_join_them() -> None:
    """The diary gives none: a movement is known by its moment, kind and order; a twin gets an ordinal."""
    alone = _entries(TOP_UP)[0].id
    assert [entry.id for entry in _entries(LUNCH, TOP_UP) if entry.kind == "top_up"] == [alone]
    first, second = _entries(TOP_UP, TOP_UP)
    assert first.id == alone != second.id
