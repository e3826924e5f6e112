"""What only Moscow's own server has: turnstiles and the canteen. Money is in kopecks."""

from __future__ import annotations

from pydantic import Field

from diary_core.envelope import Envelope
from diary_mrko.wire.values import Day, Flag, Id, Kopecks, Listed, MaybeClock, MaybeText, Wire, WireMoment


class Pass(Wire):
    """A stay in a house of the school; a pass that was not seen is «-»."""

    came: MaybeClock = Field(default=None, alias="in")
    left: MaybeClock = Field(default=None, alias="out")
    short_name: MaybeText = Field(default=None, alias="organizationShortName")
    address: MaybeText = Field(default=None, alias="organizationAddress")


class PassDay(Wire):
    """A day with passes: an item of `pass/entrances/v1/visit_durations`."""

    date: Day
    visits: Listed[Pass] = ()


class SpendingLimits(Wire):
    """What the family allows a day."""

    day_limit: Kopecks | None = Field(default=None, alias="expenseDayLimit")


class Client(Wire):
    """Whose account it is."""

    person_id: MaybeText = Field(default=None, alias="personId")


class Balance(Wire):
    """An item of `food/meals/v3/clients/balance`."""

    client: Client = Field(alias="clientId")
    contract_id: Id = Field(alias="contractId")
    balance: Kopecks
    limits: SpendingLimits | None = Field(default=None, alias="expenseConstraints")


class Dish(Wire):
    """A dish of an order, alone or as a part of a set meal."""

    name: MaybeText = None
    title: MaybeText = None


class SetMeal(Wire):
    """A breakfast, a lunch and the like, of several dishes."""

    name: MaybeText = None
    items: Listed[Dish] = ()


class OrderItem(Wire):
    """One thing of an order: a dish, or a set meal."""

    dish: Dish | None = None
    complex: SetMeal | None = None


class Order(Wire):
    """An item of `food/meals/v3/orders`."""

    order_id: Id = Field(alias="orderId")
    items: Listed[OrderItem] = ()


class Orders(Wire, Envelope):
    """A page of orders, the latest first."""

    has_next: Flag = Field(default=False, alias="hasNext")
    orders: Listed[Order] = ()


class Transaction(Wire):
    """An item of `food/meals/v3/transactions`; it has no id of its own."""

    amount: Kopecks = Field(alias="sum")
    created_at: WireMoment = Field(alias="createdAt")
    type: int | None = None
    order_id: Id | None = Field(default=None, alias="orderId")


class Transactions(Wire, Envelope):
    """A page of movements, the latest first."""

    has_next: Flag = Field(default=False, alias="hasNext")
    transactions: Listed[Transaction] = ()
