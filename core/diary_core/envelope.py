"""Objects that only hold what a plugin reads, when a diary may leave out any part of it.

A model whose every field may be missing takes any object for an empty one, also that of another API.
"""

from __future__ import annotations

from functools import cache

from pydantic import AliasChoices, BaseModel, model_validator


class Envelope(BaseModel):
    """An object that may lack any of its fields, and may have others besides, but not only others."""

    @model_validator(mode="before")
    @classmethod
    def _is_no_other(cls, value: object) -> object:
        if isinstance(value, dict) and value and names_of(cls).isdisjoint(value):  # pyright: ignore[reportUnknownArgumentType]  JSON
            raise ValueError("an object with none of the fields")
        return value  # pyright: ignore[reportUnknownVariableType]  validated next


@cache
def names_of(model: type[BaseModel]) -> frozenset[str]:
    """Return the names under which the fields of a model may be sent."""
    names = set[str]()
    for name, field in model.model_fields.items():
        match field.validation_alias:
            case None:
                names.add(name)
            case AliasChoices(choices=choices):
                names.update(map(str, choices))
            case alias:
                names.add(str(alias))
    return frozenset(names)
