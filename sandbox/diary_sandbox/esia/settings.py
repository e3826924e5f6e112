"""What the control door may change in ЕСИА's behaviour."""

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from diary_sandbox.state import SandboxState

COLLECTIONS = frozenset(("ctts", "docs", "addrs", "kids", "vhls", "orgs", "roles"))


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Settings:
    """The behaviour in force; the defaults are those of a healthy service."""

    window_s: int | None = Field(default=300, ge=1)
    """How far `timestamp` may lie from the clock; the real span is not known. None: any."""
    no_level: bool = False
    """Tokens tell no account level, as before 2023."""
    links_only: bool = False
    """Collections hold links even when asked to embed."""
    forbidden: frozenset[str] = frozenset()
    """Collections that answer 403 whatever was granted: `kids`, `ctts`."""
    html_errors: bool = False
    """The token endpoint fails with pages."""


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class OrderedRefusal:
    """A refusal to be given instead of an answer."""

    code: str = Field(pattern=r"^\d{6}$")
    """Of the table: `007008`."""
    step: str = Field(default="authorize", pattern="^(authorize|token)$")
    count: int = Field(default=1, ge=1)


def settings(state: SandboxState) -> Settings:
    """Return the settings in force."""
    return state.store.bucket("esia.settings", Settings).get("now", Settings())


def set_settings(state: SandboxState, new: Settings) -> None:
    """Put settings in force."""
    state.store.bucket("esia.settings", Settings)["now"] = new


def order_refusal(state: SandboxState, order: OrderedRefusal) -> None:
    """Have a step refused; a later order for the same step replaces it."""
    state.store.bucket("esia.refusals", OrderedRefusal)[order.step] = order


def ordered_refusal(state: SandboxState, step: str) -> str | None:
    """Return the number a step must be refused with, and count the order down."""
    orders = state.store.bucket("esia.refusals", OrderedRefusal)
    order = orders.pop(step, None)
    if order is None:
        return None
    if order.count > 1:
        orders[step] = OrderedRefusal(order.code, order.step, order.count - 1)
    return order.code
