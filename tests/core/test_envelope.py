"""An object of another API is not taken for an empty answer."""

from __future__ import annotations

import pytest
from pydantic import AliasChoices, Field, ValidationError

from diary_core.envelope import Envelope


class Box(Envelope):
    works: tuple[int, ...] = ()
    log: tuple[int, ...] = Field(default=(), alias="logEntries")
    twin: int | None = Field(default=None, validation_alias=AliasChoices("id", "id_str"))


@pytest.mark.parametrize(
    "sent", ['{"works": [1], "a": 2}', '{"logEntries": [1]}', '{"id_str": 1, "b": 1}', "{}"]
)
def test_what_has_any_of_the_fields_or_nothing_is_one(sent: str) -> None:
    """Others besides are let through unseen."""
    Box.model_validate_json(sent)


@pytest.mark.parametrize("sent", ['{"a": [1]}', '{"log": [1]}', '{"twin": 1}', "[]", "null"])
def test_what_has_others_alone_is_none(sent: str) -> None:
    """Neither is what is no object; the names are those of the wire."""
    with pytest.raises(ValidationError):
        Box.model_validate_json(sent)
