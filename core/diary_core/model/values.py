"""What every model shares: frozen models and the four kinds of nothing.

A field that may be missing for a reason is typed `Maybe[...]`. Then

- a value is a value;
- `None` or `()` means we asked and there is none;
- `NotLoaded` means nobody has asked yet, another call will;
- `Unavailable` means the diary cannot, may not, or failed to tell, and says which.

Nothing else may stand for nothing: no zero, no empty string, no sentinel.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, TypeVar, Union

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A frozen value; unknown fields are refused, so a typo never passes silently."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


GenericT = TypeVar("GenericT", bound=BaseModel)


def documented_once(generic: type[GenericT]) -> type[GenericT]:
    """Read the docstrings of a generic model's fields here, and not again for each of its parameters.

    Such a class has no source of its own, and pydantic would look for one in every module there is:
    a third of the time it took to start a process.
    """
    generic.model_config["use_attribute_docstrings"] = False
    return generic


class Reason(StrEnum):
    """Why something is unavailable."""

    UNSUPPORTED = "unsupported"
    """The diary system has no such thing."""
    NOT_PERMITTED = "not_permitted"
    """The system has it, this account may not see it."""
    DISABLED_BY_SCHOOL = "disabled_by_school"
    """The school has switched it off."""
    UPSTREAM_ERROR = "upstream_error"
    """It was asked for and the diary failed."""
    NEEDS_ACTION = "needs_action"
    """The parent must do something first, such as signing in again."""


class NotLoaded(Model):
    """Nobody has asked for this yet; a more detailed call does."""

    state: Literal["not_loaded"] = "not_loaded"


class Unavailable(Model):
    """The value cannot be had, and why."""

    state: Literal["unavailable"] = "unavailable"
    reason: Reason


T = TypeVar("T")

Maybe = Union[T, NotLoaded, Unavailable]  # noqa: UP007  a generic alias needs Union on Python 3.11

NOT_LOADED = NotLoaded()
UNSUPPORTED = Unavailable(reason=Reason.UNSUPPORTED)


def known(value: Maybe[T]) -> T | None:
    """Return the value, or None for either kind of gap; for code that does not care which."""
    return None if isinstance(value, NotLoaded | Unavailable) else value
